"""Geodesic distance from places to lines: the nearest piece by straight chords, then the true length."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import shapely
from pyproj import Geod
from scipy.spatial import cKDTree

from geoinno.measure._geodesy.ellipsoid import unit_vectors

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from geoinno._types import Floats


_WGS84 = Geod(ellps="WGS84")
_STEP_DEGREES = 0.02
_TRIED = 6


def line_kilometres(lon: Floats, lat: Floats, lines: NDArray[np.object_]) -> Floats:
    """Return the geodesic km from each place to the nearest of the ``lines`` (both in degrees WGS84).

    A line across the date line goes on beyond 180 degrees.
    """
    start, end = _pieces(lines)
    ends = unit_vectors(*start.T), unit_vectors(*end.T)
    places = unit_vectors(lon, lat)
    tried = min(_TRIED, len(start))
    near = cKDTree((ends[0] + ends[1]) / 2).query(places, k=tried)[1].reshape(len(places), tried)
    a, way = ends[0][near], ends[1][near] - ends[0][near]
    length = np.maximum((way**2).sum(axis=-1), np.finfo(float).tiny)
    along = np.clip(((places[:, None] - a) * way).sum(axis=-1) / length, 0, 1)[..., None]
    foot = start[near] + along * (end[near] - start[near])
    here = np.repeat(lon, tried), np.repeat(lat, tried)
    metres = _WGS84.inv(*here, *foot.reshape(-1, 2).T)[2]
    nearest: Floats = np.asarray(metres).reshape(near.shape).min(axis=1) / 1000
    return nearest


def _pieces(lines: NDArray[np.object_]) -> tuple[Floats, Floats]:
    """Return the two ends of short pieces of the lines."""
    dense = shapely.segmentize(shapely.get_parts(lines), _STEP_DEGREES)
    xy, line = shapely.get_coordinates(dense, return_index=True)
    joined = line[1:] == line[:-1]
    return xy[:-1][joined], xy[1:][joined]


def perimeters(shapes: NDArray[np.object_]) -> Floats:
    """Return the geodesic km around each polygon (degrees WGS84), without the seam of the 180th meridian."""
    parts, owner = shapely.get_parts(shapes, return_index=True)
    rings, part = shapely.get_rings(parts, return_index=True)
    xy, ring = shapely.get_coordinates(rings, return_index=True)
    edge = ring[1:] == ring[:-1]
    start, end, region = xy[:-1][edge], xy[1:][edge], owner[part[ring[1:][edge]]]
    seam = (np.abs(start[:, 0]) >= 180) & (np.abs(end[:, 0]) >= 180)  # noqa: PLR2004 - the meridian itself
    metres = np.where(seam, 0.0, _WGS84.inv(*start.T, *end.T)[2])
    return np.bincount(region, metres, len(shapes)) / 1000
