"""Strips: open ground between regions that come near each other without meeting.

Two offices draw a common frontier each in its own way, and what stays open between the two lines runs
out to the edge of the map. It is no hole in the union of the regions, so that a search for holes overlooks
it. A strip is what a disc as wide as the greatest gap cannot enter: the morphological closing of two
regions, less the regions (Serra, J. 1982, Image Analysis and Mathematical Morphology, ch. II).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import pandas as pd
import shapely
from pyproj import Geod, Transformer

from geoinno._contract.seam import frames

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from pyproj import CRS

    from geoinno._contract.seam import Frame
    from geoinno._types import Floats, Ints

    Shapes = NDArray[np.object_]

NARROW_M = 100.0
SNAP_M = 0.01
_WGS84 = Geod(ellps="WGS84")
_POLYGON = 3
# Where regions meet, their boundaries part again at every coast, at an angle: a strip is longer there than
# the rounding of that corner (a few widths of the disc) and more slender than a wedge of three degrees.
_CORNERS = 6.0
_SLENDER = 40.0
# The disc is a little wider than the gaps looked for, so that a gap of just that width is closed too.
_SLACK = 1.05
_CIRCLE = 64
# Metres per unit are never taken as less than this share of their largest value, for the sake of the poles.
_LEAST = 1e-3


class Strip(NamedTuple):
    """Open ground between two regions (by position): mean width, length, and the ground itself."""

    first: int
    second: int
    gap_m: float
    length_km: float
    ground: shapely.Geometry


class _Limits(NamedTuple):
    """Which widths are strips, in metres."""

    max_gap_m: float
    snap_m: float


def strips(
    shapes: Shapes,
    crs: CRS,
    *,
    max_gap_m: float = NARROW_M,
    snap_m: float = SNAP_M,
    pairs: Ints | None = None,
) -> list[Strip]:
    """Return the strips between valid polygons, wider than ``snap_m`` and up to ``max_gap_m``.

    ``pairs`` (rows of two positions) are those looked at; all of them unless given.
    """
    if max_gap_m <= snap_m:
        return []
    scale, limits = Transformer.from_crs(crs, 4326, always_xy=True), _Limits(max_gap_m, snap_m)
    found: dict[tuple[int, int], Strip] = {}
    for frame in frames(shapes, crs):
        for strip in _within(frame, _pairs(frame, scale, limits, wanted=pairs), scale=scale, limits=limits):
            found.setdefault((strip.first, strip.second), strip)
    return list(found.values())


def _pairs(frame: Frame, scale: Transformer, limits: _Limits, *, wanted: Ints | None) -> Ints:
    """Return the pairs of a frame (by position in it) that are to be looked at."""
    close = _close(frame.shapes, _reach(frame.shapes, scale, metres=limits.max_gap_m))
    if wanted is None:
        return close
    named = set(map(tuple, wanted.tolist()))
    kept = [tuple(pair) in named for pair in frame.place[close].tolist()]
    return close[np.array(kept, dtype=bool)]


def _within(frame: Frame, pairs: Ints, *, scale: Transformer, limits: _Limits) -> list[Strip]:
    """Return the strips between pairs of shapes of one frame, by their places on the map."""
    shapes = frame.shapes
    reach = _reach(shapes, scale, metres=limits.max_gap_m)
    edges, owner = _loose_edges(shapes)
    tree = shapely.STRtree(shapes)
    start = np.searchsorted(owner, np.arange(len(shapes) + 1))
    found = []
    for first, second in pairs.tolist():
        loose = [edges[start[i] : start[i + 1]] for i in (first, second)]
        zone = _zone(*loose, reach=float(max(reach[first].max(), reach[second].max())))
        if zone is None:
            continue
        others = shapes[[i for i in tree.query(zone) if i not in (first, second)]]
        plane = _Plane(zone, scale)
        parts = plane.to_metres(_clipped(np.array([shapes[first], shapes[second], *others]), zone))
        ground, gap_m, length_km = _between(parts, limits)
        if length_km > 0:
            found.append(Strip(first, second, gap_m, length_km, plane.from_metres(ground)))
    own = _own(found, slack=float(reach.max()) * limits.snap_m / limits.max_gap_m) if found else []
    place = frame.place.tolist()
    return [
        s._replace(first=place[s.first], second=place[s.second], ground=frame.on_the_map(s.ground))
        for s in own
    ]


def _own(found: list[Strip], *, slack: float) -> list[Strip]:
    """Return the strips less those that are but the end of longer ones, where four corners meet."""
    longest = np.argsort([-strip.length_km for strip in found], kind="stable").tolist()
    rank = {place: order for order, place in enumerate(longest)}
    grounds = np.array([strip.ground for strip in found], dtype=object)
    one, other = shapely.STRtree(grounds).query(grounds, predicate="intersects")
    kept = []
    for place, strip in enumerate(found):
        longer = [int(k) for k in other[one == place] if rank[int(k)] < rank[place]]
        rest = shapely.difference(strip.ground, shapely.buffer(shapely.union_all(grounds[longer]), slack))
        if shapely.area(rest) > shapely.area(strip.ground) / 2:
            kept.append(strip)
    return kept


def near_pairs(shapes: Shapes, crs: CRS) -> list[tuple[int, int]]:
    """Return the pairs of shapes whose bounding boxes come within 100 m, also across the seam."""
    scale = Transformer.from_crs(crs, 4326, always_xy=True)
    found = set()
    for frame in frames(shapes, crs):
        close = _close(frame.shapes, _reach(frame.shapes, scale, metres=NARROW_M))
        found |= set(map(tuple, frame.place[close].tolist()))
    return sorted(found)


class _Plane:
    """Metres around the middle of a zone: an affine change of scale keeps straight edges straight."""

    def __init__(self, zone: shapely.Polygon, scale: Transformer) -> None:
        low_x, low_y, high_x, high_y = zone.bounds
        self.origin = np.array([(low_x + high_x) / 2, (low_y + high_y) / 2])
        self.metres = metres_per_unit(self.origin[None, :], scale)[0]

    def to_metres(self, shapes: Shapes) -> Shapes:
        """Return ``shapes`` in metres from the middle."""
        return shapely.transform(shapes, lambda xy: (xy - self.origin) * self.metres)

    def from_metres(self, shape: shapely.Geometry) -> shapely.Geometry:
        """Return a shape in the coordinates of the map."""
        drawn = shapely.transform(shape, lambda xy: xy / self.metres + self.origin)
        # Rounding may fold a sliver over itself; by its lines alone the rest of it stays whole.
        parts = shapely.get_parts(shapely.get_parts(shapely.make_valid(drawn)))
        return shapely.multipolygons(parts[shapely.get_type_id(parts) == _POLYGON])


def metres_per_unit(xy: Floats, scale: Transformer) -> Floats:
    """Return how many metres one unit of x and one unit of y are on the ground, at each of the places ``xy``.

    Degrees shrink towards the poles, and a projection such as Web Mercator stretches: both are measured.
    """
    degrees = scale.source_crs is not None and scale.source_crs.is_geographic
    step = 1e-4 if degrees else 10.0
    # A step towards the equator never leaves the globe.
    north = np.where(xy[:, 1] > 0, -step, step)
    still = np.zeros(len(xy))
    spots = np.stack([xy, xy + np.array([step, 0.0]), xy + np.column_stack([still, north])])
    lon, lat = scale.transform(spots[..., 0], spots[..., 1])
    across = [_WGS84.inv(lon[0], lat[0], lon[side], lat[side])[2] for side in (1, 2)]
    metres = np.column_stack(across) / step
    usable = np.isfinite(metres) & (metres > 0)
    best = np.where(usable, metres, 0.0).max(axis=1, keepdims=True)
    return np.maximum(np.where(usable, metres, best), np.where(best > 0, best, 1.0) * _LEAST)


def _reach(shapes: Shapes, scale: Transformer, *, metres: float) -> Floats:
    """Return ``metres`` in units of x and y for each shape, where its units are smallest on the ground."""
    low_x, low_y, high_x, high_y = np.nan_to_num(shapely.bounds(shapes)).T
    corners = [(x, y) for x in (low_x, high_x) for y in (low_y, high_y)]
    units = [metres_per_unit(np.column_stack(corner), scale) for corner in corners]
    return metres / np.min(units, axis=0)


def _close(shapes: Shapes, reach: Floats) -> Ints:
    """Return the pairs of shapes whose bounding boxes come within reach of each other."""
    low_x, low_y, high_x, high_y = shapely.bounds(shapes).T
    boxes = shapely.box(low_x - reach[:, 0], low_y - reach[:, 1], high_x + reach[:, 0], high_y + reach[:, 1])
    first, second = np.sort(shapely.STRtree(shapes).query(boxes), axis=0)
    return np.unique(np.column_stack([first, second])[first != second], axis=0)


def _loose_edges(shapes: Shapes) -> tuple[Shapes, Ints]:
    """Return the edges that one shape alone has (coasts, frontiers drawn twice), and whose they are."""
    rings, owner = _rings(shapes)
    xy, ring = shapely.get_coordinates(rings, return_index=True)
    start = np.flatnonzero(ring[1:] == ring[:-1])
    number, _ = pd.factorize(np.ascontiguousarray(xy).view(np.complex128).ravel())
    low, high = np.sort([number[start], number[start + 1]], axis=0)
    edge, _ = pd.factorize(low * (len(xy) + 1) + high)
    alone = start[np.bincount(edge, minlength=1)[edge] == 1]
    lines = shapely.linestrings(np.stack([xy[alone], xy[alone + 1]], axis=1)) if len(alone) else np.array([])
    return lines, owner[ring[alone]]


def _rings(shapes: Shapes) -> tuple[Shapes, Ints]:
    """Return all rings in the order of the shapes, and whose they are."""
    parts, owner = shapely.get_parts(shapes, return_index=True)
    rings, part = shapely.get_rings(parts, return_index=True)
    return rings, owner[part]


def _zone(first: Shapes, second: Shapes, *, reach: float) -> shapely.Polygon | None:
    """Return the box around the edges of two shapes that come within reach of each other, if any do."""
    if not (len(first) and len(second)):
        return None
    there, here = shapely.STRtree(second).query(first, predicate="dwithin", distance=reach)[::-1]
    if not len(here):
        return None
    boxes = [shapely.total_bounds(side) for side in (first[here], second[there])]
    low, high = np.maximum(boxes[0][:2], boxes[1][:2]), np.minimum(boxes[0][2:], boxes[1][2:])
    return shapely.box(*(np.minimum(low, high) - 4 * reach), *(np.maximum(low, high) + 4 * reach))


def _clipped(shapes: Shapes, zone: shapely.Polygon) -> Shapes:
    """Return what lies of ``shapes`` in the zone."""
    return np.where(shapely.contains_properly(zone, shapes), shapes, shapely.intersection(shapes, zone))


def _between(parts: Shapes, limits: _Limits) -> tuple[shapely.Geometry, float, float]:
    """Return the open ground between the first two of ``parts``, its width in m and its length in km."""
    first, second = parts[:2]
    radius = limits.max_gap_m * _SLACK / 2
    both = shapely.union_all(parts[:2])
    closed = shapely.buffer(shapely.buffer(both, radius, quad_segs=_CIRCLE), -radius, quad_segs=_CIRCLE)
    # Near both: a closing also rounds off the bays of one shape alone.
    beside = shapely.intersection(*shapely.buffer(parts[:2], 2 * radius, quad_segs=_CIRCLE))
    ground = shapely.difference(shapely.intersection(closed, beside), shapely.union_all(parts))
    pieces = shapely.get_parts(ground)
    pieces = pieces[shapely.get_type_id(pieces) == _POLYGON]
    width, length = _measured(pieces)
    touching = shapely.dwithin(pieces, first, limits.snap_m) & shapely.dwithin(pieces, second, limits.snap_m)
    kept = touching & (width > limits.snap_m) & (width <= limits.max_gap_m)
    if shapely.dwithin(first, second, limits.snap_m):
        kept &= (length > _SLENDER * width) & (length > _CORNERS * limits.max_gap_m)
    total = float(length[kept].sum())
    if not total:
        return shapely.MultiPolygon(), 0.0, 0.0
    mean = float((width[kept] * length[kept]).sum() / total)
    return _cornered(shapely.multipolygons(pieces[kept]), parts, within=mean / 4), mean, total / 1000


def _cornered(ground: shapely.Geometry, parts: Shapes, *, within: float) -> shapely.Geometry:
    """Return the ground with its ends at the corners of regions near by.

    An end that misses by a hair the corner where two regions meet would give one of them a border of a hair's
    length with the region across.
    """
    xy, owner = shapely.get_coordinates(parts, return_index=True)
    spots = np.unique(np.column_stack([xy, owner]), axis=0)[:, :2]
    places, count = np.unique(spots, axis=0, return_counts=True)
    corners = shapely.points(places[count > 1])
    corners = corners[shapely.dwithin(corners, ground, within)]
    snapped = shapely.snap(ground, shapely.multipoints(corners), within) if len(corners) else ground
    return snapped if shapely.is_valid(snapped) else ground


def _measured(pieces: Shapes) -> tuple[Floats, Floats]:
    """Return the width and the length of the rectangle that has the area and the perimeter of each piece."""
    area, half = shapely.area(pieces), shapely.length(pieces) / 2
    # Width w and length l with w l = area and w + l = half the perimeter; a compact piece counts as a square.
    width = (half - np.sqrt(np.maximum(half**2 - 4 * area, 0.0))) / 2
    return width, half - width
