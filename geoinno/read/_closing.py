"""Close open strips between regions: one side grows, and no region gains a neighbour at a mere corner."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import shapely

from geoinno import _contract
from geoinno.read import _coverage

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pandas as pd
    from numpy.typing import NDArray
    from pyproj import CRS

    from geoinno._contract.strips import Strip

    Shapes = NDArray[np.object_]
    Log = list[dict[str, Any]]
    Vertices = dict[tuple[float, ...], tuple[float, ...]]

_HAIR_M = 1e-4
_LINE = 1


def closed(shapes: Shapes, found: Sequence[Strip], *, index: pd.Index, crs: CRS) -> tuple[Shapes, Log]:
    """Return the shapes grown over the strips ``found`` open between them, and the log.

    The larger of two regions grows, which changes it least; it takes over the other's boundary vertex
    by vertex.
    """
    grown, log = shapes.copy(), []
    globe = _contract.globe(shapes, crs)
    for strip in found:
        first, second = strip.first, strip.second
        host, other = (first, second) if shapes[first].area >= shapes[second].area else (second, first)
        # A little wider than the strip, so that nothing stays open beside the lines of either region.
        ground = shapely.buffer(strip.ground, _coverage.in_units(_HAIR_M, crs), join_style="mitre")
        ground = ground if globe is None else shapely.intersection(ground, globe)
        near = shapely.STRtree(grown).query(ground, predicate="intersects")
        rest = shapely.difference(ground, shapely.union_all(grown[near[near != host]]))
        whole = _coverage.polygonal(np.array([shapely.union(grown[host], rest)]))
        gained, _ = _coverage.sizes(_coverage.polygonal(shapely.difference(whole, grown[host])), crs)
        grown[host] = whole[0]
        entry = {"region": index[host], "repair": "strip closed", "km2": float(gained[0])}
        log.append({**entry, "towards": index[other], "gap_m": strip.gap_m})
    return grown, log


def contracted(shapes: Shapes, before: Shapes, *, found: Sequence[Strip], crs: CRS) -> Shapes:
    """Return the closed ``shapes`` without the shortest of the borders that closing brought about.

    Where four corners look at each other across a strip, two regions that face each other only across
    the corner may come to share an edge shorter than the strip was wide. That edge becomes a point.
    """
    known = {(strip.first, strip.second) for strip in found} | _neighbours(before, crs)
    edges = _shared_edges(shapes, _neighbours(shapes, crs) - known)
    edges = edges[_coverage.line_km(edges, crs) * 1000 < max(strip.gap_m for strip in found)]
    if not len(edges):
        return shapes
    target = _contractions(edges, before)
    touched = shapely.STRtree(shapes).query(edges, predicate="intersects")[1]
    result = shapes.copy()
    for place in np.unique(touched).tolist():
        result[place] = _moved(shapes[place], target)
    sound = shapely.is_valid(result).all() and not _coverage.mismatched(result).any()
    return result if sound else shapes


def _neighbours(shapes: Shapes, crs: CRS) -> set[tuple[int, int]]:
    """Return the pairs of regions that touch."""
    first, second = _coverage.touching(shapes, crs, snap_m=0.0)
    return set(zip(first.tolist(), second.tolist(), strict=True))


def _shared_edges(shapes: Shapes, pairs: set[tuple[int, int]]) -> Shapes:
    """Return the lines that pairs of regions share."""
    first, second = np.array(sorted(pairs), dtype=np.intp).reshape(-1, 2).T
    edges = shapely.get_parts(shapely.intersection(shapes[first], shapes[second]))
    return edges[shapely.get_type_id(edges) == _LINE]


def _contractions(edges: Shapes, before: Shapes) -> Vertices:
    """Return the vertex that each vertex of the edges moves to: on each edge one, of old if there is one."""
    old = {tuple(xy) for xy in shapely.get_coordinates(before).tolist()}
    target: Vertices = {}
    for edge in edges:
        vertices = [tuple(xy) for xy in shapely.get_coordinates(edge).tolist()]
        kept = next((xy for xy in vertices if xy in old), vertices[0])
        target |= dict.fromkeys(vertices, kept)
    return target


def _moved(shape: shapely.Geometry, target: Vertices) -> shapely.Geometry:
    """Return a shape with some of its vertices moved, and no vertex twice in a row."""
    moved = shapely.transform(
        shape, lambda xy: np.array([target.get(tuple(spot), tuple(spot)) for spot in xy.tolist()])
    )
    return shapely.remove_repeated_points(moved)
