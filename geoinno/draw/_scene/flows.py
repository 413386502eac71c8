"""Flows of a scene: nodes, bends and labels worked out once, for both renderers."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import shapely

from geoinno.draw._layers.flow_words import flow_legends, node_tips, widths
from geoinno.draw._layers.phrases import Phrase
from geoinno.draw._layers.words import ELLIPSIS
from geoinno.draw._scene.arrow import LEAST_FREE
from geoinno.draw._scene.routing import Net, bends

if TYPE_CHECKING:
    from collections.abc import Sequence

    from geopandas import GeoDataFrame
    from numpy.typing import NDArray

    from geoinno._types import Floats
    from geoinno.draw._layers.layer import Layer
    from geoinno.draw._scene.insets import Plane

RIM = 3.0
# The printed map is narrower than the reference: what has room there has room on the web too.
_PRINTED = 0.86
# Two places so near each other are one.
_ALIKE_METRES = 10.0
_MOST_LETTERS = 48


@dataclass(frozen=True, slots=True, eq=False)
class Drawn:
    """Arrows and nodes of one layer in metres, with bends; widths and radii in reference pixels.

    ``named`` are the nodes that have a label, the important first: where it goes, the renderer knows.
    """

    layer: Layer
    places: GeoDataFrame
    nodes: Floats
    start: NDArray[np.intp]
    end: NDArray[np.intp]
    bends: Floats
    named: tuple[int, ...]

    @property
    def arrows(self) -> GeoDataFrame:
        """The arrows, with their widths and fills; none among points."""
        shapes = self.layer.shapes
        return shapes if self.layer.kind == "flows" else shapes.head(0).assign(width=0.0, fill="")

    @property
    def tips(self) -> tuple[pd.DataFrame, pd.DataFrame]:
        """The tooltips of arrows, and of nodes."""
        if self.layer.kind == "flows":
            return self.layer.tips, node_tips(self.places)
        return self.layer.tips.head(0), self.layer.tips


def drawn_flows(layer: Layer, plane: Plane, *, unit: float) -> Drawn:
    """Return a layer of flows or points as it is drawn: only arrows that have room, scaled to the largest."""
    places = layer.nodes
    if places is None:
        message = "A layer of flows or points carries its nodes."
        raise TypeError(message)
    metres = plane.forward(shapely.get_coordinates(places.geometry.to_numpy()))
    pixels, radii = metres / unit, places["radius"].to_numpy()
    if layer.kind == "flows":
        layer = _with_room(layer, places, pixels)
        arrows: pd.DataFrame = layer.shapes
    else:
        arrows = pd.DataFrame(columns=["origin", "destination", "width"])
    start, end = _ends(arrows, places)
    net = Net(pixels, radii, start, end, arrows["width"].to_numpy(np.float64))
    named = [i for i in np.argsort(-places["gross"].to_numpy(), kind="stable") if places["label"].iloc[i]]
    short = places.assign(label=places["label"].map(_short))
    return Drawn(layer, short, metres, start, end, bends(net), tuple(map(int, named)))


def without_twins(layers: Sequence[Drawn]) -> tuple[Drawn, ...]:
    """Return layers in which no place is named that a layer before names: poles may have flows too."""
    seen: set[tuple[str, float, float]] = set()
    answer = []
    for drawn in layers:
        names, metres = drawn.places["label"].tolist(), (drawn.nodes / _ALIKE_METRES).round().tolist()
        place = [(str(name), float(x), float(y)) for name, (x, y) in zip(names, metres, strict=True)]
        answer.append(replace(drawn, named=tuple(i for i in drawn.named if place[i] not in seen)))
        seen.update(place[i] for i in drawn.named)
    return tuple(answer)


def _short(name: str) -> str:
    """Return a name as far as a map has room for it; tooltips and tables have it all."""
    return name if len(name) <= _MOST_LETTERS else name[: _MOST_LETTERS - 1].rstrip() + ELLIPSIS


def _ends(arrows: pd.DataFrame, places: GeoDataFrame) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """Return the places where arrows start and end, by position."""
    start, end = (places.index.get_indexer(pd.Index(arrows[side])) for side in ("origin", "destination"))
    return start, end


def _with_room(layer: Layer, places: GeoDataFrame, pixels: Floats) -> Layer:
    """Return flows without the arrows for which there is no room between two nodes, counted in the legend."""
    start, end = _ends(layer.shapes, places)
    radii = places["radius"].to_numpy()
    free = _PRINTED * np.hypot(*(pixels[end] - pixels[start]).T) - radii[start] - radii[end] - 2 * RIM
    room = free >= LEAST_FREE
    if layer.totals is None or room.all():
        return layer
    seen = layer.shapes[room].copy()
    if len(seen):
        seen["width"] = widths(seen["value"].to_numpy(np.float64), layer.totals.scale)
    names = places["name"].to_numpy()
    close = [
        Phrase("{first} and {second}", first=str(names[a]), second=str(names[b]))
        for a, b in zip(start[~room], end[~room], strict=True)
    ]
    legends = flow_legends(seen, places, layer.totals, close=close)
    return replace(layer, shapes=seen, tips=layer.tips[room], legends=legends)
