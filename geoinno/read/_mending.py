"""Repairs of a map, each with an entry in the log: what was done to which region, and how much it moved."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import shapely

from geoinno import _contract
from geoinno.errors import RegionError
from geoinno.read import _closing, _coverage

if TYPE_CHECKING:
    from geopandas import GeoDataFrame
    from numpy.typing import NDArray
    from pyproj import CRS

    Shapes = NDArray[np.object_]
    Log = list[dict[str, Any]]


def mended(regions: GeoDataFrame, *, max_gap_m: float, snap_m: float) -> tuple[Shapes, Log]:
    """Return the shapes of ``regions`` valid, fitted to each other and without narrow gaps, and the log."""
    drawn, index, crs = regions.geometry.to_numpy(), regions.index, regions.crs
    mixed = shapely.get_type_id(drawn) == shapely.GeometryType.GEOMETRYCOLLECTION
    sound = _coverage.valid(np.where(mixed, _coverage.polygonal(drawn), drawn))
    _none_lost(sound, index, what="enclose no area")
    log = _entries(drawn, sound, index=index, crs=crs, repair="made valid")
    fitted = _fitted(sound, snap=_coverage.in_units(snap_m, crs))
    _none_lost(fitted, index, what="lie wholly on other regions; dissolve or drop one of the two")
    log += _entries(sound, fitted, index=index, crs=crs, repair="fitted to neighbours")
    found = _contract.strips(fitted, crs, max_gap_m=max_gap_m, snap_m=snap_m)
    if not found:
        filled, holes = _filled(fitted, index, crs=crs, max_gap_m=max_gap_m)
        return filled, log + holes
    closed, moved = _closing.closed(fitted, found, index=index, crs=crs)
    # The ends of a strip lie on edges of the other side, which takes a vertex there.
    matched = _fitted(closed, snap=_coverage.in_units(snap_m, crs))
    filled, holes = _filled(matched, index, crs=crs, max_gap_m=max_gap_m)
    final = _closing.contracted(filled, fitted, found=found, crs=crs)
    return final, log + moved + _entries(
        closed, matched, index=index, crs=crs, repair="fitted to neighbours"
    ) + holes


def _filled(shapes: Shapes, index: pd.Index, *, crs: CRS, max_gap_m: float) -> tuple[Shapes, Log]:
    """Return the shapes with narrow gaps filled, and the log."""
    filled, log = shapes.copy(), []
    narrow = _coverage.gaps(shapes, index, crs=crs, snap_m=0.0)
    narrow = narrow[narrow["width_m"] <= max_gap_m]
    for gap, neighbours, km2 in zip(narrow.geometry, narrow["neighbours"], narrow["km2"], strict=True):
        near = index.get_indexer(pd.Index(neighbours))
        common = shapely.intersection(shapely.boundary(filled[near]), shapely.boundary(gap))
        host = int(near[np.argmax(_coverage.line_km(common, crs))])
        filled[host] = shapely.union(filled[host], gap)
        log.append({"region": index[host], "repair": "gap filled", "km2": float(km2)})
    return filled, log


def _fitted(shapes: Shapes, *, snap: float) -> Shapes:
    """Return valid polygons that overlap nowhere and meet vertex by vertex; untouched ones as they were."""
    if not _coverage.mismatched(shapes).any():
        return shapes.copy()
    # What two regions claim goes to the smaller, so that a town inside its county is not swallowed.
    clean = shapely.coverage_clean(shapes, snapping_distance=snap, gap_width=0.0, merge_strategy="min_area")
    same = shapely.equals_identical(shapely.normalize(clean), shapely.normalize(shapes))
    return np.where(same, shapes, clean)


def _none_lost(shapes: Shapes, index: pd.Index, *, what: str) -> None:
    """Raise where a repair would leave nothing of a region."""
    lost = index[shapely.is_empty(shapes)]
    if len(lost):
        message = f"Beyond repair: {_contract.named(lost)} {what}."
        raise RegionError(message)


def _entries(before: Shapes, after: Shapes, *, index: pd.Index, crs: CRS, repair: str) -> Log:
    """Return the log of the regions whose shape is not what it was, with the km2 that moved."""
    changed = np.flatnonzero(~shapely.equals_identical(before, after))
    old, new = before[changed], after[changed]
    if shapely.is_valid(old).all():
        moved, _ = _coverage.sizes(_coverage.polygonal(shapely.symmetric_difference(old, new)), crs)
    else:
        # What an invalid shape covers is not defined: its area is that of its rings, loops cancelling.
        moved = np.abs(_coverage.sizes(new, crs)[0] - _coverage.sizes(old, crs)[0])
    return [
        {"region": index[place], "repair": repair, "km2": float(km2)}
        for place, km2 in zip(changed.tolist(), moved, strict=True)
    ]
