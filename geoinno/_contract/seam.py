"""The meridian where longitudes start again, and maps in degrees with that meridian in their middle.

What lies on both sides of it (Chukotka and Alaska, two parts of Fiji) is close on the ground and 360 degrees
apart in coordinates, so that plane geometry finds nothing between the two.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import shapely

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from pyproj import CRS

    from geoinno._types import Ints

    Shapes = NDArray[np.object_]

# How far from the meridian parts are still looked at, in degrees.
_BESIDE = 1.0
_WORLD = 360.0
_POLYGON = 3


class Frame(NamedTuple):
    """Shapes in coordinates that are continuous, their places on the map, and the meridian in the middle."""

    shapes: Shapes
    place: Ints
    seam: float | None = None

    def on_the_map(self, ground: shapely.Geometry) -> shapely.Geometry:
        """Return ground in the coordinates of the map: what lies beyond the meridian on its other side."""
        if self.seam is None:
            return ground
        west = shapely.box(self.seam - _WORLD, -90, self.seam, 90)
        east = shapely.box(self.seam, -90, self.seam + _WORLD, 90)
        here, there = shapely.intersection(ground, [west, east])
        back = shapely.transform(there, lambda xy: xy - np.array([_WORLD, 0.0]))
        parts = shapely.get_parts(shapely.get_parts([here, back]))
        return shapely.multipolygons(parts[shapely.get_type_id(parts) == _POLYGON])


def frames(shapes: Shapes, crs: CRS) -> list[Frame]:
    """Return the map as it is, and where it goes round the globe also what lies beside its seam."""
    whole = Frame(shapes, np.arange(len(shapes)))
    low, _, high, _ = shapely.total_bounds(shapes)
    if not crs.is_geographic or not high - low > _WORLD - _BESIDE:
        return [whole]
    parts, owner = shapely.get_parts(shapes, return_index=True)
    west, east = _beside(parts, low, high)
    moved = shapely.transform(parts[west], lambda xy: xy + np.array([_WORLD, 0.0]))
    parts, owner = np.concatenate([parts[east], moved]), np.concatenate([owner[east], owner[west]])
    place = np.unique(owner)
    joined = np.array([shapely.union_all(parts[owner == region]) for region in place], dtype=object)
    return [whole, Frame(joined, place, _seam(low))]


def globe(shapes: Shapes, crs: CRS) -> shapely.Geometry | None:
    """Return the whole globe in the coordinates of a map in degrees, nothing where they exceed it."""
    low, _, high, _ = shapely.total_bounds(shapes)
    seam = _seam(low)
    if not crs.is_geographic or low < seam - _WORLD or high > seam:
        return None
    return shapely.box(seam - _WORLD, -90, seam, 90)


def _seam(low: float) -> float:
    """Return the eastern end of longitudes that run from -180 to 180, or from 0 to 360."""
    return _WORLD / 2 if low < -_BESIDE else _WORLD


def _beside(parts: Shapes, low: float, high: float) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
    """Return which parts lie at the western and which at the eastern end of the map."""
    bounds = shapely.bounds(parts)
    west, east = bounds[:, 0] <= low + _BESIDE, bounds[:, 2] >= high - _BESIDE
    # What goes round the globe, as Antarctica does, stays where it is.
    return west & ~east, east
