"""Where regions meet: vertices and edges that two boundaries have in common, found without geometry calls.

Identical vertices get one number, an edge is the ordered pair of its vertices, and equal edges
of two regions are their border. What matches nothing (coasts, T-junctions, slivers) goes to a second
pass, in which loose vertices that all but coincide are welded and loose edges are split at the
loose vertices that lie on them; then the pieces are matched again.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
import shapely
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components
from scipy.spatial import cKDTree

from geoinno import _contract
from geoinno._kernels.threads import run_parts
from geoinno.weigh import _matching
from geoinno.weigh._matching import Corners, Edges, Matched, Shared, distinct
from geoinno.weigh._places import kilometres, lonlat

if TYPE_CHECKING:
    from geopandas import GeoDataFrame
    from numpy.typing import NDArray
    from pyproj import CRS

    from geoinno._contract.vertices import Outlines
    from geoinno._types import Floats, Ints
    from geoinno.weigh._matching import Pairs


_METRES_PER_DEGREE = 111_320.0
# Edges that a thread measures in one go.
_PART = 16_384


@dataclass(frozen=True, slots=True)
class Joints:
    """Vertices that are one with others though not in the same place: each by the number it goes by.

    ``vertex`` has all numbers of such places in order, ``number`` what each goes by, and ``hits`` the
    regions on whose edges they lie.
    """

    vertex: Ints
    number: Ints
    hits: Edges

    def touching(self, corners: Corners, regions: int) -> Pairs:
        """Return the pairs of regions that meet there."""
        is_joint = np.zeros(len(corners.places), dtype=bool)
        is_joint[self.vertex] = True
        row = np.flatnonzero(is_joint[corners.number])
        number = self.number[np.searchsorted(self.vertex, corners.number[row])]
        return _matching.touching(
            np.concatenate([number, self.hits.low]),
            np.concatenate([corners.outlines.owner[row], self.hits.owner]),
            regions=regions,
        )


@dataclass(frozen=True, slots=True)
class Meeting:
    """Where boundaries meet: in vertices, and along edges, whole ones and pieces of those that were split."""

    count: int
    crs: CRS
    corners: Corners
    joints: Joints
    whole: Matched
    pieces: Matched

    def touching(self) -> Pairs:
        """Return the pairs of regions that share a vertex or more, in order."""
        pairs = self.corners.touching()
        if not len(self.joints.vertex):
            return pairs
        return _matching.all_pairs(pairs, self.joints.touching(self.corners, self.count), regions=self.count)

    def borders(self) -> Borders:
        """Return the edges that regions share."""
        shared = _matching.together(self.whole.shared(), self.pieces.shared(), regions=self.count)
        return Borders(shared, self.corners, self.crs)


@dataclass(frozen=True, slots=True)
class Borders:
    """Edges that pairs of regions share."""

    shared: Shared
    corners: Corners
    crs: CRS

    @property
    def pairs(self) -> Pairs:
        """The pairs of regions that share an edge, in order."""
        return self.shared.first, self.shared.second

    def km(self) -> Floats:
        """Return the geodesic km of the border of each pair."""
        count = len(self.shared.first)
        km = np.bincount(self.shared.pair, weights=self._edge_km(), minlength=count)
        return np.asarray(km, np.float64)

    def lines(self) -> NDArray[np.object_]:
        """Return the border of each pair as lines, an edge each, in the regions' own coordinates."""
        order = np.argsort(self.shared.pair, kind="stable")
        low, high = self.shared.low[order], self.shared.high[order]
        lines = _lines(self.corners.places, low, high, globe=self.crs.is_geographic)
        joined: NDArray[np.object_] = shapely.multilinestrings(lines, indices=self.shared.pair[order])
        return joined

    def _edge_km(self) -> Floats:
        """Return the geodesic km of each shared edge; processors share the work."""
        low, high, (lon, lat) = self.shared.low, self.shared.high, self._degrees()
        km = np.empty(len(low))

        def measure(part: int) -> None:
            some = slice(part * _PART, (part + 1) * _PART)
            start, end = low[some], high[some]
            km[some] = kilometres((lon[start], lat[start]), (lon[end], lat[end]))

        run_parts(measure, -(-len(low) // _PART))
        return km

    def _degrees(self) -> tuple[Floats, Floats]:
        """Return longitude and latitude of each place, in degrees WGS84."""
        x, y = self.corners.places.T
        if self.crs.equals(4326, ignore_axis_order=True):
            return x, y
        # Rows that repeat a place are not looked up by any edge.
        row = self.corners.distinct()
        lon, lat = np.empty(len(x)), np.empty(len(x))
        lon[row], lat[row] = lonlat(x[row], y[row], self.crs)
        return lon, lat


def meeting(regions: GeoDataFrame, *, snap_m: float) -> Meeting:
    """Return where the boundaries of sound polygons meet; ``snap_m`` is the tolerance in metres."""
    outlines, size = _contract.outlines(regions), len(regions)
    globe = regions.crs.is_geographic
    corners = _matching.corners(_on_the_globe(outlines) if globe else outlines)
    whole = corners.matched()
    snap = _in_units(snap_m, regions.crs)
    joints, loose = _noded(whole.alone(), corners.places, snap, globe=globe)
    pieces = _matching.matched(loose, vertices=len(corners.places), regions=size)
    return Meeting(size, regions.crs, corners, joints, whole, pieces)


def _in_units(metres: float, crs: CRS) -> float:
    """Return ``metres`` in the units of the coordinates."""
    if crs.is_geographic:
        return metres / _METRES_PER_DEGREE
    return metres / float(crs.axis_info[0].unit_conversion_factor)


def _on_the_globe(outlines: Outlines) -> Outlines:
    """Return the outlines with one longitude for each meridian: 180 also for -180, and 0 at the poles."""
    left, bottom, right, top = outlines.extent
    if left > -180 and right <= 180 and max(-bottom, top) < 90:  # noqa: PLR2004
        return outlines
    x, y = outlines.xy.T
    x = np.where((x <= -180) | (x > 180), x - 360 * np.ceil((x - 180) / 360), x)  # noqa: PLR2004
    return replace(outlines, xy=np.column_stack([np.where(np.abs(y) == 90, 0.0, x), y]))  # noqa: PLR2004


def _noded(edges: Edges, places: Floats, snap: float, *, globe: bool) -> tuple[Joints, Edges]:
    """Return where vertices are welded or lie on edges, and the edges split there."""
    loose = distinct(np.concatenate([edges.low, edges.high]))
    weld = _weld(places[loose], loose, snap)
    ends = (weld[np.searchsorted(loose, side)] for side in (edges.low, edges.high))
    edges = _matching.edges(*ends, owner=edges.owner)
    kept = distinct(weld)
    lines = _lines(places, edges.low, edges.high, globe=globe)
    nearby = shapely.STRtree(lines).query(shapely.points(places[kept]), "dwithin", snap)
    vertex, edge = kept[nearby[0]], nearby[1]
    inside = (vertex != edges.low[edge]) & (vertex != edges.high[edge])
    vertex, edge = vertex[inside], edge[inside]
    along = shapely.line_locate_point(lines[edge], shapely.points(places[vertex]))
    hits = Edges(vertex, vertex, edges.owner[edge])
    # A place is a joint if it was hit, or if it goes by one number with another.
    joint = np.isin(weld, np.concatenate([vertex, weld[weld != loose]]))
    return Joints(loose[joint], weld[joint], hits), _split(edges, edge, vertex, along=along)


def _weld(xy: Floats, vertex: Ints, snap: float) -> Ints:
    """Return for each vertex at ``xy`` the number it goes by: those within ``snap`` go by one."""
    close = cKDTree(xy).query_pairs(snap, output_type="ndarray") if len(vertex) else vertex
    if not len(close):
        return vertex
    links = coo_array((np.ones(len(close)), close.T), shape=(len(vertex), len(vertex)))
    _, cluster = connected_components(links, directed=False)
    _, chosen = np.unique(cluster, return_index=True)
    return vertex[chosen[cluster]]


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
    pieces = _matching.edges(stops[same], stops[same + 1], owner=edges.owner[chain[same]])
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
