"""Arrows over the edge of a world map as lines of two parts, for programs that do not know where it ends."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import shapely

from geoinno.draw._scene.globe import over_the_edge

if TYPE_CHECKING:
    from collections.abc import Sequence

    from geoinno._types import Floats, Shapes
    from geoinno.draw._layers.layer import Layer
    from geoinno.draw._scene.flows import Drawn
    from geoinno.draw._scene.scene import Scene

# On the edge itself a projection may answer on either side.
_INSIDE = 1e-4


def parted(layers: Sequence[Layer], scene: Scene) -> tuple[Layer, ...]:
    """Return layers with flows in two parts where they leave the map and come back on its other side."""
    drawn = iter(scene.flows)
    flows = [next(drawn) if layer.kind in {"flows", "points"} else None for layer in layers]
    return tuple(
        layer if one is None or not one.wraps.over.any() else _parted(layer, one, scene)
        for layer, one in zip(layers, flows, strict=True)
    )


def _parted(layer: Layer, drawn: Drawn, scene: Scene) -> Layer:
    """Return a layer of flows with two parts where an arrow runs over the edge, in degrees."""
    over = np.flatnonzero(drawn.wraps.over)
    nodes = shapely.get_coordinates(drawn.places.geometry.to_numpy())
    ends = nodes[np.column_stack([drawn.start[over], drawn.end[over]])]
    plane = scene.projection
    lat = plane.inverse(drawn.wraps.enter[over])[:, 1]
    straight = ends[:, 0, 1] + drawn.wraps.share[over] * (ends[:, 1, 1] - ends[:, 0, 1])
    lines: Shapes = layer.shapes.geometry.to_numpy().copy()
    lines[over] = _two_parts(ends, np.where(np.isfinite(lat), lat, straight), plane.scene["lon0"])
    return replace(layer, shapes=layer.shapes.set_geometry(lines, crs=4326))


def _two_parts(ends: Floats, lat: Floats, lon0: float) -> Shapes:
    """Return lines from a place to the edge at a latitude, and from the other edge on to another place.

    Each part is in longitudes without a jump. Its middle is within 180 degrees: QGIS does not draw what
    lies far beyond.
    """
    short, _ = over_the_edge(ends, lon0)
    start, end = short[:, 0], short[:, 1]
    side = np.sign(end[:, 0] - start[:, 0])
    edge = lon0 + side * 180 + 360 * np.floor((start[:, 0] - lon0 + 180) / 360)
    leave = np.column_stack([edge - side * _INSIDE, lat])
    enter = np.column_stack([edge + side * _INSIDE, lat])
    parts = np.stack([np.stack([start, leave], axis=1), np.stack([enter, end], axis=1)], axis=1)
    parts[..., 0] -= 360 * np.round(parts[..., 0].mean(axis=2, keepdims=True) / 360)
    lines: Shapes = shapely.multilinestrings(shapely.linestrings(parts))
    return lines
