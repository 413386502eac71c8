"""Flows of a scene: nodes, bends and labels worked out once, for both renderers."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import shapely

from geoinno.draw._layers.flow_words import flow_legends, node_tips, widths
from geoinno.draw._layers.phrases import Phrase
from geoinno.draw._layers.words import cut_short
from geoinno.draw._scene.arrow import LEAST_FREE, Leg
from geoinno.draw._scene.routing import Net, bends
from geoinno.draw._scene.wrapping import BEND, Ends, Wraps, wraps

if TYPE_CHECKING:
    from collections.abc import Sequence

    from geopandas import GeoDataFrame
    from numpy.typing import NDArray

    from geoinno._types import Bools, Floats
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
    ``wraps`` says which arrows leave the map on one side and come back on the other.
    """

    layer: Layer
    places: GeoDataFrame
    nodes: Floats
    start: NDArray[np.intp]
    end: NDArray[np.intp]
    bends: Floats
    wraps: Wraps
    named: tuple[int, ...]

    @property
    def arrows(self) -> GeoDataFrame:
        """The arrows, with their widths and fills; none among points."""
        shapes = self.layer.shapes
        return shapes if self.layer.kind == "flows" else shapes.head(0).assign(width=0.0, fill="")

    def legs(self, i: int) -> tuple[Leg, ...]:
        """Return the parts in which an arrow is drawn: two where it runs over the edge of the map."""
        start, end = int(self.start[i]), int(self.end[i])
        rims = self.places["radius"].to_numpy()[[start, end]] + RIM
        a, b, bend = self.nodes[start], self.nodes[end], float(self.bends[i])
        if not self.wraps.over[i]:
            return (Leg(a, b, bend, (rims[0], rims[1])),)
        share, leave, enter = float(self.wraps.share[i]), self.wraps.leave[i], self.wraps.enter[i]
        return (
            Leg(a, leave, bend * share, (rims[0], 0.0), taper=(0.0, share), head=False),
            Leg(enter, b, bend * (1 - share), (0.0, rims[1]), taper=(share, 1.0)),
        )

    @property
    def tips(self) -> tuple[pd.DataFrame, pd.DataFrame]:
        """The tooltips of arrows, and of nodes."""
        if self.layer.kind == "flows":
            return self.layer.tips, node_tips(self.places).rename(columns=self.layer.glossary)
        return self.layer.tips.head(0), self.layer.tips


def drawn_flows(layer: Layer, plane: Plane, *, unit: float) -> Drawn:
    """Return a layer of flows or points as it is drawn: only arrows that have room, scaled to the largest."""
    places = layer.nodes
    if places is None:
        message = "A layer of flows or points carries its nodes."
        raise TypeError(message)
    degrees = shapely.get_coordinates(places.geometry.to_numpy())
    metres, radii = plane.forward(degrees), places["radius"].to_numpy()
    sides = _sides(layer, places)
    thick = (layer.shapes["width"] if len(sides) else pd.Series(dtype=float)).to_numpy(np.float64)
    ends = Ends(degrees[sides], metres[sides], radii[sides] * unit, thick * unit)
    over = wraps(ends, plane, unit=unit)
    room = _room(ends, over, unit)
    if layer.totals is not None and (over.over.any() or not room.all()):
        layer = _with_room(layer, places, sides, room=room, over=bool(over.over.any()))
        sides, over, thick = sides[room], over.of(room), layer.shapes["width"].to_numpy(np.float64)
    start, end = sides[:, 0], sides[:, 1]
    net = Net(metres / unit, radii, start, end, widths=thick)
    named = [i for i in np.argsort(-places["gross"].to_numpy(), kind="stable") if places["label"].iloc[i]]
    short = places.assign(label=places["label"].map(_short))
    return Drawn(layer, short, metres, start, end, _bends(net, over, unit), over, tuple(map(int, named)))


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
    return cut_short(name, _MOST_LETTERS)


def _sides(layer: Layer, places: GeoDataFrame) -> NDArray[np.intp]:
    """Return the places (n x 2) where arrows start and end, by position; there are none among points."""
    if layer.kind != "flows":
        return np.empty((0, 2), dtype=np.intp)
    ends = [places.index.get_indexer(pd.Index(layer.shapes[side])) for side in ("origin", "destination")]
    return np.stack(ends, axis=1)


def _room(ends: Ends, over: Wraps, unit: float) -> Bools:
    """Tell for which arrows there is room between two nodes; over the edge there always is."""
    free = (_PRINTED * ends.length - ends.rims.sum(axis=1)) / unit - 2 * RIM
    return (free >= LEAST_FREE) | over.over


def _bends(net: Net, over: Wraps, unit: float) -> Floats:
    """Return the bend of each arrow; those over the edge keep theirs, and the others avoid both parts."""
    far, near = np.flatnonzero(over.over), np.flatnonzero(~over.over)
    count, share = len(net.nodes), over.share[far]
    edge = count + np.arange(2 * len(far), dtype=np.intp).reshape(2, -1)
    parts = Net(
        np.vstack([net.nodes, over.leave[far] / unit, over.enter[far] / unit]),
        np.append(net.radii, np.zeros(edge.size)),
        np.concatenate([net.start[near], net.start[far], edge[1]]),
        np.concatenate([net.end[near], edge[0], net.end[far]]),
        widths=np.concatenate([net.widths[near], net.widths[far], net.widths[far]]),
        fixed=np.concatenate([np.full(len(near), np.nan), BEND * share, BEND * (1 - share)]),
    )
    answer = np.full(len(net.start), BEND)
    answer[near] = bends(parts)[: len(near)]
    return answer


def _with_room(
    layer: Layer, places: GeoDataFrame, sides: NDArray[np.intp], *, room: Bools, over: bool
) -> Layer:
    """Return flows without the arrows for which there is no room between two nodes, counted in the legend.

    The legend also says so where arrows run ``over`` the edge of the map.
    """
    if layer.totals is None:
        return layer
    start, end = sides.T
    seen = layer.shapes[room].copy()
    if len(seen):
        seen["width"] = widths(seen["value"].to_numpy(np.float64), layer.totals.scale, layer.totals.mode)
    names = places["name"].to_numpy()
    close = [
        Phrase("{first} and {second}", first=str(names[a]), second=str(names[b]))
        for a, b in zip(start[~room], end[~room], strict=True)
    ]
    legends = flow_legends(seen, places, layer.totals, close=close, over=over)
    return replace(layer, shapes=seen, tips=layer.tips[room], legends=legends)
