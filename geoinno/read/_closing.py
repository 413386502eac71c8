"""Close open strips between regions: one side grows, and no region gains a neighbour at a mere corner."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import shapely

from geoinno.read import _coverage

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pandas as pd
    from numpy.typing import NDArray
    from pyproj import CRS

    from geoinno._contract.strips import Strip

    Shapes = NDArray[np.object_]
    Log = list[dict[str, Any]]

_HAIR_M = 1e-4
_LINE = 1


def closed(shapes: Shapes, found: Sequence[Strip], *, index: pd.Index, crs: CRS) -> tuple[Shapes, Log]:
    """Return the shapes grown over the strips ``found`` open between them, and the log.

    The larger of two regions grows, which changes it least; it takes over the other's boundary vertex
    by vertex.
    """
    grown, log = shapes.copy(), []
    for strip in found:
        first, second = strip.first, strip.second
        host, other = (first, second) if shapes[first].area >= shapes[second].area else (second, first)
        # A little wider than the strip, so that nothing stays open beside the lines of either region.
        ground = shapely.buffer(strip.ground, _coverage.in_units(_HAIR_M, crs), join_style="mitre")
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
    known = {(strip.first, strip.second) for strip in found}
    known |= set(zip(*(side.tolist() for side in _coverage.touching(before, crs, snap_m=0.0)), strict=True))
    first, second = _coverage.touching(shapes, crs, snap_m=0.0)
    new = np.array(
        [pair not in known for pair in zip(first.tolist(), second.tolist(), strict=True)], dtype=bool
    )
    edges = shapely.get_parts(shapely.intersection(shapes[first[new]], shapes[second[new]]))
    edges = edges[shapely.get_type_id(edges) == _LINE]
    edges = edges[_coverage.line_km(edges, crs) * 1000 < max(strip.gap_m for strip in found)]
    if not len(edges):
        return shapes
    old = {tuple(xy) for xy in shapely.get_coordinates(before).tolist()}
    target: dict[tuple[float, ...], tuple[float, ...]] = {}
    for edge in edges:
        spots = [tuple(xy) for xy in shapely.get_coordinates(edge).tolist()]
        kept = next((xy for xy in spots if xy in old), spots[0])
        target |= dict.fromkeys(spots, kept)
    touched = shapely.STRtree(shapes).query(edges, predicate="intersects")[1]
    result = shapes.copy()
    for place in np.unique(touched).tolist():
        result[place] = _moved(shapes[place], target)
    sound = shapely.is_valid(result).all() and not _coverage.mismatched(result).any()
    return result if sound else shapes


def _moved(shape: shapely.Geometry, target: dict[tuple[float, ...], tuple[float, ...]]) -> shapely.Geometry:
    """Return a shape with some of its vertices moved, and no vertex twice in a row."""
    moved = shapely.transform(
        shape, lambda xy: np.array([target.get(tuple(spot), tuple(spot)) for spot in xy.tolist()])
    )
    return shapely.remove_repeated_points(moved)
