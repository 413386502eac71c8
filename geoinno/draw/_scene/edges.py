"""Arrows, lines and regions over the edge of a world map in parts, for programs that do not know the edge."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import shapely

from geoinno.draw._scene.globe import facing, over_the_edge, turned_back

if TYPE_CHECKING:
    from collections.abc import Sequence

    from geoinno._types import Floats, Shapes
    from geoinno.draw._layers.layer import Layer
    from geoinno.draw._scene.flows import Drawn
    from geoinno.draw._scene.scene import Scene

# On the edge itself a projection may answer on either side.
_INSIDE = 1e-4
_FAR = 1e3


def parted(layers: Sequence[Layer], scene: Scene) -> tuple[Layer, ...]:
    """Return layers with flows in two parts where they leave the map and come back on its other side.

    Regions and lines are cut where the edge of a map of the world runs through them: they would be drawn as
    bands across it.
    """
    drawn = iter(scene.flows)
    flows = [next(drawn) if layer.kind in {"flows", "points"} else None for layer in layers]
    world = scene.projection.scene.get("type") == "eqearth"
    whole = tuple(_cut(layer, scene) if world else layer for layer in layers)
    return tuple(
        layer if one is None or not one.wraps.over.any() else _parted(layer, one, scene)
        for layer, one in zip(whole, flows, strict=True)
    )


def _cut(layer: Layer, scene: Scene) -> Layer:
    """Return regions and lines in degrees with what lies across the edge of the map cut there."""
    if layer.kind not in {"fills", "lines"} or layer.whole or not layer.shapes.crs.is_geographic:
        return layer
    return _cut_regions(layer, scene) if layer.kind == "fills" else _cut_lines(layer, scene)


def _cut_lines(layer: Layer, scene: Scene) -> Layer:
    """Return lines with those over the edge in two parts; links go the short way around the globe."""
    lon0 = scene.projection.scene["lon0"]
    lines: Shapes = layer.shapes.geometry.to_numpy().copy()
    if layer.straight:
        short, over = over_the_edge(shapely.get_coordinates(lines).reshape(len(lines), 2, 2), lon0)
        lines[over] = shapely.linestrings(short[over])
    else:
        edge = lon0 % 360 - 180
        west, _, east, _ = shapely.bounds(lines).T
        over = (west < edge - _INSIDE) & (east > edge + _INSIDE)
    if not over.any():
        return layer
    lines[over] = [_near(line) for line in facing(lines[over], lon0)]
    return replace(layer, shapes=layer.shapes.set_geometry(lines, crs=layer.shapes.crs))


def _near(line: shapely.Geometry) -> shapely.Geometry:
    """Return a line each of whose parts has its middle within 180 degrees."""
    parts = shapely.get_parts(line)
    turns = [360.0 * round(part.centroid.x / 360) for part in parts]
    turned = [shapely.transform(part, turned_back(turn)) for part, turn in zip(parts, turns, strict=True)]
    return shapely.multilinestrings(turned)


def _cut_regions(layer: Layer, scene: Scene) -> Layer:
    """Return regions with the parts that lie across the edge of the map cut there."""
    shapes: Shapes = layer.shapes.geometry.to_numpy()
    edge = scene.projection.scene["lon0"] % 360 - 180
    parts, owner = shapely.get_parts(shapes, return_index=True)
    west, _, east, _ = shapely.bounds(parts).T
    across = (west < edge - _INSIDE) & (east > edge + _INSIDE)
    if not across.any():
        return layer
    sides = ((-_FAR, edge - _INSIDE), (edge + _INSIDE, _FAR))
    halves = [shapely.clip_by_rect(parts[across], low, -_FAR, high, _FAR) for low, high in sides]
    pieces = np.concatenate([parts[~across], *halves])
    place = np.concatenate([owner[~across], owner[across], owner[across]])
    answer = shapes.copy()
    for i in np.unique(owner[across]):
        own = pieces[place == i]
        answer[i] = shapely.multipolygons(shapely.get_parts(own[~shapely.is_empty(own)]))
    return replace(layer, shapes=layer.shapes.set_geometry(answer, crs=layer.shapes.crs))


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
