"""Stretches of border of a scene, along the very edges of the regions that are drawn."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import shapely

from geoinno.draw._layers.line_words import with_arrows
from geoinno.draw._layers.words import DASH
from geoinno.draw._scene.extent import DENSIFY_DEGREES
from geoinno.draw._scene.globe import over_the_edge

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    import geopandas as gpd

    from geoinno._types import Shapes
    from geoinno.draw._layers.layer import Layer
    from geoinno.draw._scene.insets import Plane

# What of a line's course nobody sees, in pixels.
_LINE_PX = 0.15
_NOTHING: Shapes = np.array([], dtype=object)
_LINES = (int(shapely.GeometryType.LINESTRING), int(shapely.GeometryType.LINEARRING))


@dataclass(frozen=True, slots=True, eq=False)
class Strokes:
    """The lines of one layer in metres, a line (of one or more parts) for each of its shapes."""

    layer: Layer
    lines: Shapes
    tips: pd.DataFrame


def drawn_strokes(
    layers: Sequence[Layer],
    degrees: Sequence[gpd.GeoDataFrame],
    plane: Plane,
    *,
    sites: list[pd.Series],
    unit: float,
) -> tuple[Strokes, ...]:
    """Return the layers of lines as they are drawn; ``sites`` are the sets of drawn regions by id."""
    beneath = [layer for layer in layers if layer.kind == "fills"]
    return tuple(
        _strokes(layer, _in_plane(layer, own, plane, unit=unit), sites, beneath=beneath)
        for layer, own in zip(layers, degrees, strict=True)
        if layer.kind == "lines"
    )


def drawn_edges(layers: Sequence[Layer], plane: Plane, unit: float) -> Shapes:
    """Return the borders that have no line of their own, as single lines in metres."""
    edges = [layer.edges.to_crs(4326).geometry.to_numpy() for layer in layers if layer.edges is not None]
    shapes = np.concatenate([*edges, _NOTHING])
    return shapely.get_parts(shapely.simplify(plane.projected(shapes), _LINE_PX * unit))


def _in_plane(layer: Layer, degrees: gpd.GeoDataFrame, plane: Plane, *, unit: float) -> Shapes:
    """Return lines as they lie on the map; straight ones join their ends, which may lie in insets."""
    shapes = degrees.geometry.to_numpy()
    if layer.whole:
        return plane.anchored(shapes)
    if not layer.straight:
        # The ends of a line stay, so that borders still meet.
        return shapely.simplify(plane.projected(shapes), _LINE_PX * unit)
    ends = shapely.get_coordinates(shapes).reshape(len(shapes), 2, 2)
    lines: Shapes = shapely.linestrings(plane.forward(ends.reshape(-1, 2)).reshape(ends.shape))
    short, over = over_the_edge(ends, plane.main.scene["lon0"])
    if over.any():
        lines[over] = plane.projected(shapely.segmentize(shapely.linestrings(short[over]), DENSIFY_DEGREES))
    return lines


def _strokes(layer: Layer, metres: Shapes, sets: Sequence[pd.Series], *, beneath: Sequence[Layer]) -> Strokes:
    """Return one layer of lines as it is drawn.

    Where both regions of a line are drawn, the line is what their simplified outlines share, so
    that it never leaves them; else it is the line itself (``metres``).
    """
    if layer.whole:
        stays = ~shapely.is_empty(metres)
        drawn = with_arrows(layer, stays)
        return Strokes(drawn, metres[stays], drawn.tips)
    ends = layer.shapes[["first", "second"]]
    known = [s for s in sets if ends["first"].isin(s.index).all() and ends["second"].isin(s.index).all()]
    if not known:
        return Strokes(layer, metres, layer.tips)
    first, second = (shapely.boundary(known[0][ends[side]].to_numpy()) for side in ("first", "second"))
    shared = np.array([_line(shape) for shape in shapely.intersection(first, second)], dtype=object)
    return Strokes(layer, np.where(shapely.is_empty(shared), metres, shared), _named(layer, beneath))


def _named(layer: Layer, fills: Sequence[Layer]) -> pd.DataFrame:
    """Return the tooltips with the names of the regions on both sides, and their values."""
    below = _covering(layer, fills)
    if below is None or layer.tips.empty:
        return layer.tips
    tips = layer.tips.assign(**{"": [f"{a} {DASH} {b}" for a, b in _sides(layer, below[""])]})
    value = next((column for column in below.columns if column not in {"", "country", *tips.columns}), None)
    if value is not None:
        tips[value] = [f"{a}; {b}" for a, b in _sides(layer, below[value])]
    return tips


def _covering(layer: Layer, fills: Sequence[Layer]) -> pd.DataFrame | None:
    """Return the tooltips of the first layer of fills that has both sides of every line."""
    ends = pd.concat([layer.shapes["first"], layer.shapes["second"]])
    return next((fill.tips for fill in fills if ends.isin(fill.tips.index).all()), None)


def _sides(layer: Layer, cells: pd.Series) -> Iterator[tuple[str, str]]:
    """Return what the cells hold for the first and the second side of each line."""
    return zip(cells.loc[layer.shapes["first"]], cells.loc[layer.shapes["second"]], strict=True)


def _line(shape: shapely.Geometry) -> shapely.Geometry:
    """Return the lines of a shape alone, merged; points where outlines touch are dropped."""
    parts = shapely.get_parts(shape)
    lines = parts[np.isin(shapely.get_type_id(parts), _LINES)]
    return shapely.line_merge(shapely.multilinestrings(lines))
