"""Where regions meet: vertices and edges that two boundaries have in common, found without geometry calls.

Identical vertices get one number, an edge is the ordered pair of its vertices, and equal edges
of two regions are their border. What matches nothing (coasts, T-junctions, slivers) goes to a second
pass, in which loose vertices that all but coincide are welded and loose edges are split at the
loose vertices that lie on them; then the pieces are matched again.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import shapely
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components
from scipy.spatial import cKDTree

from geoinno import _contract
from geoinno.weigh import _matching
from geoinno.weigh._matching import Edges, distinct
from geoinno.weigh._places import kilometres, lonlat

if TYPE_CHECKING:
    from geopandas import GeoDataFrame
    from numpy.typing import NDArray
    from pyproj import CRS

    from geoinno._types import Floats, Ints


_METRES_PER_DEGREE = 111_320.0


@dataclass(frozen=True, slots=True)
class Meeting:
    """Where boundaries meet: by region and vertex, and by pair of regions and edge."""

    count: int
    crs: CRS
    vertices: Floats
    corner: Ints
    corner_owner: Ints
    low: Ints
    high: Ints
    first: Ints
    second: Ints

    def touching(self) -> tuple[Ints, Ints]:
        """Return the pairs of regions that share a vertex or more."""
        return _matching.touching(
            self.corner, self.corner_owner, vertices=len(self.vertices), regions=self.count
        )

    def bordering(self) -> tuple[Ints, Ints, Ints]:
        """Return the pairs of regions that share an edge, and for each edge the number of its pair."""
        pairs, pair = np.unique(self.first * self.count + self.second, return_inverse=True)
        return pairs // self.count, pairs % self.count, pair

    def edge_km(self) -> Floats:
        """Return the geodesic km of each shared edge."""
        lon, lat = lonlat(self.vertices[:, 0], self.vertices[:, 1], self.crs)
        return kilometres((lon[self.low], lat[self.low]), (lon[self.high], lat[self.high]))

    def edge_lines(self) -> NDArray[np.object_]:
        """Return each shared edge as a line in the regions' own coordinates."""
        return _lines(self.vertices, self.low, self.high, globe=self.crs.is_geographic)


def meeting(regions: GeoDataFrame, *, snap_m: float) -> Meeting:
    """Return where the boundaries of sound polygons meet; ``snap_m`` is the tolerance in metres."""
    xy, owner, last = _contract.outlines(regions)
    globe, size = regions.crs.is_geographic, len(regions)
    corner, places = _matching.vertices(_on_the_globe(xy) if globe else xy)
    del xy  # of a million regions, these are a hundred megabytes that are no longer needed
    outline = _matching.edges(corner[:-1], corner[1:], owner[:-1], ended=last[:-1])
    alone, whole = _matching.matched(outline, vertices=len(places), regions=size)
    loose = Edges(*(column[alone] for column in outline))
    weld, hit, loose = _noded(loose, places, _in_units(snap_m, regions.crs), globe=globe)
    _, pieces = _matching.matched(loose, vertices=len(places), regions=size)
    return Meeting(
        size,
        regions.crs,
        places,
        np.concatenate([weld[corner], hit.low]),
        np.concatenate([owner, hit.owner]),
        *(np.concatenate(both) for both in zip(whole, pieces, strict=True)),
    )


def _in_units(metres: float, crs: CRS) -> float:
    """Return ``metres`` in the units of the coordinates."""
    if crs.is_geographic:
        return metres / _METRES_PER_DEGREE
    return metres / float(crs.axis_info[0].unit_conversion_factor)


def _on_the_globe(xy: Floats) -> Floats:
    """Return the vertices with one longitude for each meridian: 180 also for -180, and 0 at the poles."""
    x, y = xy.T
    if x.min() > -180 and x.max() <= 180 and np.abs(y).max() < 90:  # noqa: PLR2004
        return xy
    x = np.where((x <= -180) | (x > 180), x - 360 * np.ceil((x - 180) / 360), x)  # noqa: PLR2004
    return np.column_stack([np.where(np.abs(y) == 90, 0.0, x), y])  # noqa: PLR2004


def _noded(edges: Edges, vertices: Floats, snap: float, *, globe: bool) -> tuple[Ints, Edges, Edges]:
    """Return vertices welded, vertices on the edges they hit, and the edges split at these."""
    loose = distinct(np.concatenate([edges.low, edges.high]))
    weld = _weld(loose, vertices, snap)
    edges = _matching.edges(weld[edges.low], weld[edges.high], edges.owner)
    loose = distinct(weld[loose])
    lines = _lines(vertices, edges.low, edges.high, globe=globe)
    nearby = shapely.STRtree(lines).query(shapely.points(vertices[loose]), "dwithin", snap)
    vertex, edge = loose[nearby[0]], nearby[1]
    inside = (vertex != edges.low[edge]) & (vertex != edges.high[edge])
    vertex, edge = vertex[inside], edge[inside]
    along = shapely.line_locate_point(lines[edge], shapely.points(vertices[vertex]))
    hit = Edges(vertex, vertex, edges.owner[edge])
    return weld, hit, _split(edges, edge, vertex, along=along)


def _weld(loose: Ints, vertices: Floats, snap: float) -> Ints:
    """Return for each vertex the number it goes by: loose ones within ``snap`` go by one."""
    weld = np.arange(len(vertices))
    close = cKDTree(vertices[loose]).query_pairs(snap, output_type="ndarray") if len(loose) else loose
    if len(close):
        links = coo_array((np.ones(len(close)), close.T), shape=(len(loose), len(loose)))
        _, cluster = connected_components(links, directed=False)
        _, chosen = np.unique(cluster, return_index=True)
        weld[loose] = loose[chosen[cluster]]
    return weld


def _split(edges: Edges, edge: Ints, vertex: Ints, *, along: Floats) -> Edges:
    """Return ``edges`` with each hit one cut at the vertices on it, in their order along it."""
    whole = np.ones(len(edges.owner), dtype=bool)
    whole[edge] = False
    cut = np.flatnonzero(~whole)
    chain = np.concatenate([cut, edge, cut])
    stops = np.concatenate([edges.low[cut], vertex, edges.high[cut]])
    order = np.lexsort((np.concatenate([np.full(len(cut), -1.0), along, np.full(len(cut), np.inf)]), chain))
    chain, stops = chain[order], stops[order]
    same = np.flatnonzero(chain[1:] == chain[:-1])
    pieces = _matching.edges(stops[same], stops[same + 1], edges.owner[chain[same]])
    kept = (column[whole] for column in edges)
    return Edges(*(np.concatenate(both) for both in zip(kept, pieces, strict=True)))


def _lines(vertices: Floats, low: Ints, high: Ints, *, globe: bool) -> NDArray[np.object_]:
    """Return edges as lines; on the globe the short way round, with the middle in -180..180."""
    ends = np.stack([vertices[low], vertices[high]], axis=1)
    if globe:
        x, y = ends[..., 0], ends[..., 1]
        pole = np.abs(y) == 90  # noqa: PLR2004
        x[pole] = x[:, ::-1][pole]
        x[:, 1] -= 360 * np.round((x[:, 1] - x[:, 0]) / 360)
        x -= 360 * np.ceil((x.mean(axis=1, keepdims=True) - 180) / 360)
    lines: NDArray[np.object_] = shapely.linestrings(ends)
    return lines
