"""Outlines of regions: the vertices of valid polygons, read once for the checks and the matching."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import shapely

from geoinno._contract.geometry import AREAL, areal, beyond, referenced, refuse_invalid, valid
from geoinno._kernels.threads import run_parts

if TYPE_CHECKING:
    from geopandas import GeoDataFrame

    from geoinno._types import Bools, Floats, Ints, Shapes

_POLYGON = int(shapely.GeometryType.POLYGON)
# Vertices from which on compiled loops are worth the time in which they are loaded.
MANY = 300_000
# Shapes that a thread looks at in one go: some milliseconds, so that while one reads, which is for one thread
# at a time, others can check what is read.
_PART = 4096


@dataclass(frozen=True, slots=True)
class Outlines:
    """All vertices in one table: the region of each, in order, and whether a ring ends with it.

    The vertices of each region ``begin`` at a row; ``extent`` is left, bottom, right and top of the map.
    """

    xy: Floats
    owner: Ints
    ended: Bools
    begin: Ints
    extent: tuple[float, float, float, float]


def outlines(regions: GeoDataFrame) -> Outlines:
    """Return the outlines of sound ``regions`` whose geometries are all valid polygons."""
    shapes = referenced(regions).geometry.to_numpy()
    kind, begin = _looked_at(shapes)
    if begin[-1] < MANY:
        shapes = areal(regions).geometry.to_numpy()
        refuse_invalid(regions, valid(shapes))
        return _read(shapes, kind, begin)
    read, single = _read_many(shapes, kind, begin)
    if not (np.isin(kind, AREAL).all() and np.diff(begin).all()) or beyond(read.extent, regions.crs):
        areal(regions)  # which says what is wrong, and knows an outline from what lies about
    rest = np.flatnonzero(~single)
    sound = single.copy()
    sound[rest] = valid(shapes[rest])
    refuse_invalid(regions, sound)
    _end_many(read, shapes, rest)
    return read


def _looked_at(shapes: Shapes) -> tuple[Ints, Ints]:
    """Return the kind of each shape, and where its vertices will begin in a table of all."""
    kind, begin = np.empty(len(shapes), np.int64), np.zeros(len(shapes) + 1, np.int64)

    def look(part: int) -> None:
        some = slice(part * _PART, (part + 1) * _PART)
        kind[some] = shapely.get_type_id(shapes[some])
        begin[1:][some] = shapely.get_num_coordinates(shapes[some])

    run_parts(look, -(-len(shapes) // _PART))
    return kind, np.cumsum(begin)


def _read(shapes: Shapes, kind: Ints, begin: Ints) -> Outlines:
    """Return the outlines of polygons."""
    xy, owner = shapely.get_coordinates(shapes, return_index=True)
    ended = np.zeros(len(xy), dtype=bool)
    ended[begin[1:] - 1] = True
    read = Outlines(xy, owner, ended, begin, (*xy.min(axis=0), *xy.max(axis=0)))
    several = (kind != _POLYGON) | (shapely.get_num_interior_rings(shapes) > 0)
    _end(read, shapes, np.flatnonzero(several))
    return read


def _end(read: Outlines, shapes: Shapes, several: Ints) -> None:
    """Mark where each ring ends of the shapes that have several."""
    parts, shape = shapely.get_parts(shapes[several], return_index=True)
    rings, part = shapely.get_rings(parts, return_index=True)
    of_region, length = several[shape[part]], shapely.get_num_coordinates(rings)
    # What is before a ring: the vertices of the rings before it, less those of earlier regions among them.
    after = np.cumsum(length)
    start = (after - length)[np.searchsorted(of_region, of_region)]
    read.ended[read.begin[of_region] + after - start - 1] = True


def _read_many(shapes: Shapes, kind: Ints, begin: Ints) -> tuple[Outlines, Bools]:
    """Return the outlines of many shapes, and which of them are a single ring, and valid, for certain."""
    from geoinno._kernels.outlines import write_outlines

    xy, owner, ended = np.empty((begin[-1], 2)), np.empty(begin[-1], np.int32), np.empty(begin[-1], np.bool_)
    single = kind == _POLYGON
    extents = np.empty((-(-len(shapes) // _PART), 4))

    def read(part: int) -> None:
        piece = shapely.get_coordinates(shapes[part * _PART : (part + 1) * _PART])
        extents[part] = write_outlines(piece, begin, single, part * _PART, (xy, owner, ended))

    run_parts(read, len(extents))
    extent = (*extents[:, :2].min(axis=0), *extents[:, 2:].max(axis=0))
    return Outlines(xy, owner, ended, begin, extent), single


def _end_many(read: Outlines, shapes: Shapes, rest: Ints) -> None:
    """Mark where each ring ends of valid shapes that may have several."""
    from geoinno._kernels.outlines import end_rings

    unclear = rest[~end_rings(rest, read.begin, read.xy, read.ended)]
    _end(read, shapes, unclear)
