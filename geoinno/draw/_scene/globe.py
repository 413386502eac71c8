"""The globe under a map: shapes in degrees turned to face its centre, and cut where the map ends."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import shapely

if TYPE_CHECKING:
    from collections.abc import Callable

    from geoinno._types import Bools, Floats, Shapes

# Projections answer a point on the very edge of the map on either side: ten metres decide.
_EDGE_DEGREES = 1e-4
# Files cut at the 180th meridian write it as 180, 179.9999 or -179.9999.
_SEAM_DEGREES = 1e-3
_TURNS = (-360.0, 0.0, 360.0)
_AREAL = (int(shapely.GeometryType.POLYGON), int(shapely.GeometryType.MULTIPOLYGON))


def facing(shapes: Shapes, lon0: float) -> Shapes:
    """Return shapes with longitudes within 180 degrees of a centre.

    What crosses the meridian opposite to the centre is cut there; what a file cuts at the 180th meridian
    is joined again, unless the map itself ends there. Untouched shapes are returned as they are.
    """
    bounds = shapely.bounds(shapes)
    west, east = lon0 - 180 + _EDGE_DEGREES, lon0 + 180 - _EDGE_DEGREES
    outside = (bounds[:, 0] < west) | (bounds[:, 2] > east)
    if not outside.any():
        return shapes
    answer = np.array(shapes, dtype=object)
    turn, whole = _whole_turn(bounds, west, east)
    answer[whole] = _shifted(answer[whole], turn[whole])
    cut = outside & ~whole
    answer[cut] = [_turned(shape, west, east) for shape in answer[cut]]
    return answer


def _whole_turn(bounds: Floats, west: float, east: float) -> tuple[Floats, Bools]:
    """Return the turn that takes each shape between two meridians, and for which it does so whole.

    What lies on the 180th meridian of its file is not among them: it may have to be joined again.
    """
    low, high = bounds[:, 0], bounds[:, 2]
    turn = np.where(low >= east, -360.0, np.where(high <= west, 360.0, 0.0))
    inside = (low + turn >= west) & (high + turn <= east)
    off_seam = np.maximum(np.abs(low), np.abs(high)) < 180 - _SEAM_DEGREES
    return turn, (turn != 0) & inside & off_seam


def _shifted(shapes: Shapes, turn: Floats) -> Shapes:
    """Return shapes moved east by so many degrees each."""
    degrees = np.repeat(turn, shapely.get_num_coordinates(shapes))
    moved: Shapes = shapely.transform(shapes, lambda xy: xy + np.column_stack([degrees, 0 * degrees]))
    return moved


def _turned(shape: shapely.Geometry, west: float, east: float) -> shapely.Geometry:
    """Return one shape between two meridians, from wherever on the circle its parts lie."""
    whole = shapely.transform(shape, _on_seam)
    pieces = [
        shapely.transform(shapely.clip_by_rect(whole, west + turn, -90, east + turn, 90), turned_back(turn))
        for turn in _TURNS
    ]
    kept = [part for part in shapely.get_parts(pieces) if not part.is_empty]
    if shape.geom_type.endswith("Polygon"):
        kept = [part for part in kept if shapely.get_type_id(part) in _AREAL]
    # A shape that lies on the very edge alone is left to the projection.
    return shapely.union_all(shapely.make_valid(kept)) if kept else shape


def _on_seam(xy: Floats) -> Floats:
    """Return coordinates with those beside the 180th meridian put upon it."""
    lon = xy[:, 0]
    seam = np.abs(np.abs(lon) - 180) < _SEAM_DEGREES
    return np.column_stack([np.where(seam, np.sign(lon) * 180, lon), xy[:, 1]])


def turned_back(turn: float) -> Callable[[Floats], Floats]:
    """Return a function that turns longitudes back by whole circles."""
    return lambda xy: xy - np.array([turn, 0.0])


def over_the_edge(ends: Floats, lon0: float) -> tuple[Floats, Bools]:
    """Return lines between two places (n x 2 x 2, degrees) the short way round the globe.

    Longitudes may pass 180. The second answer says which of the lines then cross the edge of a map around a
    centre, so that they leave it on one side and come back on the other.
    """
    lon = ends[:, :, 0]
    way = (lon[:, 1] - lon[:, 0] + 180) % 360 - 180
    short = ends.copy()
    short[:, 1, 0] = lon[:, 0] + way
    turns = np.floor((short[:, :, 0] - lon0 + 180) / 360)
    return short, turns[:, 0] != turns[:, 1]


def clearest_middle(bounds: Floats, wanted: float) -> float:
    """Return the centre of a world map whose edge cuts least land, the nearest to the wanted one.

    ``bounds`` are those of all parts in degrees. An edge at the 180th meridian also cuts what a file has
    cut there already.
    """
    edges = np.arange(-180.0, 180.0)
    west, south, east, north = (side[:, None] for side in bounds.T)
    cuts = (west < edges) & (edges < east)
    cuts |= (edges == edges[0]) & ((west <= -180 + _SEAM_DEGREES) | (east >= 180 - _SEAM_DEGREES))
    height = (cuts * (north - south)).sum(axis=0)
    centres = edges + 180
    away = np.abs((centres - wanted + 180) % 360 - 180)
    best = int(np.lexsort([away, np.round(height, 6)])[0])
    return float((centres[best] + 180) % 360 - 180)
