"""Stretches of border of a scene, along the very edges of the regions that are drawn."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import shapely

from geoinno.draw._layers.words import DASH

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pandas as pd
    from numpy.typing import NDArray

    from geoinno.draw._layers.layer import Layer

    Shapes = NDArray[np.object_]

_LINES = (int(shapely.GeometryType.LINESTRING), int(shapely.GeometryType.LINEARRING))


@dataclass(frozen=True, slots=True, eq=False)
class Strokes:
    """The lines of one layer in metres, a line (of one or more parts) for each of its shapes."""

    layer: Layer
    lines: Shapes
    tips: pd.DataFrame


def drawn_strokes(
    layer: Layer, metres: Shapes, sets: Sequence[pd.Series], *, beneath: Sequence[Layer]
) -> Strokes:
    """Return a layer of lines as it is drawn.

    Where both regions of a line are drawn, the line is what their simplified outlines share, so
    that it never leaves them; else it is the line itself (``metres``).
    """
    ends = layer.shapes[["first", "second"]]
    known = [s for s in sets if ends["first"].isin(s.index).all() and ends["second"].isin(s.index).all()]
    if not known:
        return Strokes(layer, metres, layer.tips)
    first, second = (shapely.boundary(known[0][ends[side]].to_numpy()) for side in ("first", "second"))
    shared = np.array([_line(shape) for shape in shapely.intersection(first, second)], dtype=object)
    return Strokes(layer, np.where(shapely.is_empty(shared), metres, shared), _named(layer, beneath))


def _named(layer: Layer, fills: Sequence[Layer]) -> pd.DataFrame:
    """Return the tooltips with what the regions on both sides are called, and what they hold."""
    ends = [layer.shapes[side] for side in ("first", "second")]
    below = next((f.tips for f in fills if all(end.isin(f.tips.index).all() for end in ends)), None)
    if below is None or layer.tips.empty:
        return layer.tips
    called = [below[""].loc[end].to_numpy() for end in ends]
    tips = layer.tips.assign(**{"": [f"{a} {DASH} {b}" for a, b in zip(*called, strict=True)]})
    told = next((column for column in below.columns if column not in {"", "country", *tips.columns}), None)
    if told is not None:
        held = [below[told].loc[end].to_numpy() for end in ends]
        tips[told] = [f"{a}; {b}" for a, b in zip(*held, strict=True)]
    return tips


def _line(shape: shapely.Geometry) -> shapely.Geometry:
    """Return the lines of a shape alone, merged; points where outlines touch are dropped."""
    parts = shapely.get_parts(shape)
    lines = parts[np.isin(shapely.get_type_id(parts), _LINES)]
    return shapely.line_merge(shapely.multilinestrings(lines))
