"""The shortest pairs of regions that join the parts of a map which links leave apart.

They are a minimum spanning tree of the parts. The shortest way across any cut of the map is an edge of
the Delaunay triangulation of its points (its diametral cap is empty), and on a sphere that triangulation
is the convex hull, so that n log n candidates are enough.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import shapely
from scipy import sparse
from scipy.sparse import csgraph
from scipy.spatial import ConvexHull

from geoinno.weigh._places import kilometres, lonlat

if TYPE_CHECKING:
    from geopandas import GeoDataFrame
    from numpy.typing import NDArray

    from geoinno._types import Floats, Ints


# Distances that differ by less than a millimetre are equal: the rest is rounding.
_DECIMALS = 6
_LEAST_STEP_KM, _MOST_STEPS = 1.0, 50_000
_DEGREE_KM = 111.2
# Points close to the centre keep the hull from being flat. No cap that belongs to a shortest way
# reaches down to them, unless the way spans nearly half the globe.
_INSIDE = 0.1 * np.vstack([np.eye(3), -np.eye(3)])


def parts(count: int, first: Ints, second: Ints) -> Ints:
    """Return the number of the connected part in which each of ``count`` regions lies."""
    links = sparse.coo_array((np.ones(len(first), bool), (first, second)), shape=(count, count))
    return csgraph.connected_components(links, directed=False)[1].astype(np.int64)


def bridges(regions: GeoDataFrame, first: Ints, second: Ints) -> tuple[Ints, Ints, Floats]:
    """Return the pairs of regions that join the parts which the links ``first`` to ``second`` leave apart.

    Positions of both ends and the km between their boundaries, shortest first; as many as there are
    parts, less one. Where distances are equal, the ids that come first in the alphabet are joined.
    """
    part = parts(len(regions), first, second)
    if part.max() == 0:
        return np.zeros(0, np.int64), np.zeros(0, np.int64), np.zeros(0)
    a, b, km = _ways(regions, part)
    kept = _joining(part[a], part[b], int(part.max()) + 1)
    return a[kept], b[kept], km[kept]


def nearest_parts(regions: GeoDataFrame, first: Ints, second: Ints) -> tuple[Ints, Ints, Floats]:
    """Return for each region without a link its shortest way to another: both ends and the km."""
    part = parts(len(regions), first, second)
    alone = np.flatnonzero(np.bincount(part)[part] == 1)
    if part.max() == 0 or not len(alone):
        return np.zeros(0, np.int64), np.zeros(0, np.int64), np.zeros(0)
    a, b, km = _ways(regions, part)
    # The ways come shortest first, so that the first one found from an island is its shortest.
    ends = np.column_stack([a, b]).ravel()
    region, place = np.unique(ends, return_index=True)
    kept = np.unique(place[np.isin(region, alone)] // 2)
    return a[kept], b[kept], km[kept]


def _ways(regions: GeoDataFrame, part: Ints) -> tuple[Ints, Ints, Floats]:
    """Return ways between different parts, shortest first, the shortest across every cut among them."""
    rank = np.argsort(np.argsort(regions.index.to_numpy(str), kind="stable"))
    lon, lat, owner = _boundary_points(regions, part)
    order = np.lexsort((rank[owner], lat, lon))
    lon, lat, owner = lon[order], lat[order], owner[order]
    a, b = _candidates(lon, lat, part[owner])
    km = np.round(kilometres((lon[a], lat[a]), (lon[b], lat[b])), _DECIMALS)
    a, b = owner[a], owner[b]
    a, b = np.where(rank[a] < rank[b], a, b), np.where(rank[a] < rank[b], b, a)
    order = np.lexsort((rank[b], rank[a], km))
    return a[order], b[order], km[order]


def _boundary_points(regions: GeoDataFrame, part: Ints) -> tuple[Floats, Floats, Ints]:
    """Return points along the outlines of the parts (degrees), and the region that each belongs to."""
    shapes = regions.geometry.to_numpy()
    areal = shapely.get_dimensions(shapes) == 2  # noqa: PLR2004
    shapes = np.where(areal, shapely.boundary(shapes), shapes)
    pieces, region = shapely.get_parts(shapes, return_index=True)
    xy, piece = shapely.get_coordinates(pieces, return_index=True)
    lon, lat = lonlat(xy[:, 0], xy[:, 1], regions.crs)
    owner = region[piece].astype(np.int64)
    start = np.flatnonzero(piece[1:] == piece[:-1])
    single = np.flatnonzero(np.bincount(piece)[piece] == 1)
    start = start[_outer(lon + 1j * lat, start, part[owner])]
    along = _steps(lon, lat, start)
    return (
        np.concatenate([lon[single], along[0]]),
        np.concatenate([lat[single], along[1]]),
        np.concatenate([owner[single], owner[along[2]]]),
    )


def _outer(vertices: NDArray[np.complex128], start: Ints, part: Ints) -> NDArray[np.bool_]:
    """Return which edges lie on the outline of their part: those that no two of its regions share."""
    _, vertex = np.unique(vertices, return_inverse=True)
    low, high = np.sort([vertex[start], vertex[start + 1]], axis=0)
    _, edge = np.unique(low * len(vertices) + high, return_inverse=True)
    _, same, count = np.unique(edge * len(vertices) + part[start], return_inverse=True, return_counts=True)
    return np.asarray(count[same] == 1)


def _steps(lon: Floats, lat: Floats, start: Ints) -> tuple[Floats, Floats, Ints]:
    """Return the vertices of edges and points between them, and the vertex at which each edge starts.

    The step is a kilometre, or longer on maps with outlines of more than 50,000 km.
    """
    along = lon[start + 1] - lon[start]
    along -= 360 * np.round(along / 360)
    up = lat[start + 1] - lat[start]
    length = _DEGREE_KM * np.hypot(along * np.cos(np.radians(lat[start])), up)
    step = max(_LEAST_STEP_KM, float(length.sum()) / _MOST_STEPS)
    count = np.maximum(np.ceil(length / step).astype(np.int64), 1)
    edge = np.repeat(np.arange(len(start)), count)
    share = (np.arange(len(edge)) - np.repeat(np.cumsum(count) - count, count)) / count[edge]
    here = start[edge]
    # The last vertex of a line is the first of no edge.
    return (
        np.concatenate([lon[here] + share * along[edge], lon[start + 1]]),
        np.concatenate([lat[here] + share * up[edge], lat[start + 1]]),
        np.concatenate([here, start]),
    )


def _candidates(lon: Floats, lat: Floats, part: Ints) -> tuple[Ints, Ints]:
    """Return pairs of points of different parts among which the shortest ways are.

    Points come sorted by place: those at one place are next to each other.
    """
    again = np.append(False, (lon[1:] == lon[:-1]) & (lat[1:] == lat[:-1]))
    met = np.flatnonzero(again)
    one = np.flatnonzero(~again)
    phi, lam = np.radians(lat[one]), np.radians(lon[one])
    xyz = np.column_stack([np.cos(phi) * np.cos(lam), np.cos(phi) * np.sin(lam), np.sin(phi)])
    corners = ConvexHull(np.vstack([xyz, _INSIDE])).simplices
    # Each side of a triangle comes twice, which does no harm.
    ends = np.vstack([corners[:, [0, 1]], corners[:, [1, 2]], corners[:, [0, 2]]])
    ends = ends[(ends < len(one)).all(axis=1)]
    a = np.concatenate([met - 1, one[ends[:, 0]]])
    b = np.concatenate([met, one[ends[:, 1]]])
    apart = part[a] != part[b]
    return a[apart], b[apart]


def _joining(one: Ints, two: Ints, count: int) -> Ints:
    """Return which pairs of parts, from the first on, join what was apart until then (Kruskal)."""
    root = list(range(count))
    kept = []
    for k, (a, b) in enumerate(zip(one.tolist(), two.tolist(), strict=True)):
        x, y = _find(root, a), _find(root, b)
        if x != y:
            root[x] = y
            kept.append(k)
    return np.asarray(kept, np.int64)


def _find(root: list[int], a: int) -> int:
    """Return the root of ``a``, halving the way there."""
    while root[a] != a:
        root[a] = root[root[a]]
        a = root[a]
    return a
