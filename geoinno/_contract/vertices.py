"""Outlines of regions: the vertices of valid polygons, read once for the checks and the matching."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import shapely

from geoinno._contract.geometry import areal, refuse_invalid, valid

if TYPE_CHECKING:
    from geopandas import GeoDataFrame

    from geoinno._types import Bools, Floats, Ints, Shapes

_POLYGON = int(shapely.GeometryType.POLYGON)
# Vertices from which on compiled loops are worth the time in which they are loaded.
MANY = 300_000


class Outlines(NamedTuple):
    """All vertices in one table, the region of each in order, and the rows that end a ring."""

    xy: Floats
    owner: Ints
    last: Ints


def outlines(regions: GeoDataFrame) -> Outlines:
    """Return the outlines of sound ``regions`` whose geometries are all valid polygons."""
    shapes = areal(regions).geometry.to_numpy()
    single = (shapely.get_type_id(shapes) == _POLYGON) & (shapely.get_num_interior_rings(shapes) == 0)
    read = _read(shapes, single)
    refuse_invalid(regions, _sound(shapes, read, single) if len(read.xy) >= MANY else valid(shapes))
    return read


def _read(shapes: Shapes, single: Bools) -> Outlines:
    """Return the outlines of shapes, some of which are known to be a ``single`` ring."""
    xy, owner = shapely.get_coordinates(shapes, return_index=True)
    end = np.flatnonzero(np.append(owner[1:] != owner[:-1], True)) + 1
    region = np.flatnonzero(~single)
    parts, several = shapely.get_parts(shapes[region], return_index=True)
    rings, part = shapely.get_rings(parts, return_index=True)
    of_region, ended = region[several[part]], np.cumsum(shapely.get_num_coordinates(rings))
    # The last ring of a region ends where the region ends, those before it as much earlier as they are long.
    after = ended[np.searchsorted(of_region, of_region, side="right") - 1] - ended
    last = np.concatenate([end[single], end[of_region] - after]) - 1
    return Outlines(xy, owner, np.sort(last))


def _sound(shapes: Shapes, read: Outlines, single: Bools) -> Bools:
    """Return which shapes are valid: single rings by their signs where these are certain, others exactly."""
    from geoinno._kernels.outlines import simple

    sound = single.copy()
    begin = np.append(0, read.last[:-1] + 1)
    ring = single[read.owner[read.last]]
    sound[single] = simple(read.xy, begin[ring], read.last[ring])
    sound[~sound] = valid(shapes[~sound])
    return sound
