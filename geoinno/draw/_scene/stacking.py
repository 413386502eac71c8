"""Regions that lie on each other, and the order in which they are drawn, so that none hides a smaller one."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import shapely

from geoinno._contract import named
from geoinno.read import topology

if TYPE_CHECKING:
    from geopandas import GeoDataFrame

    from geoinno._types import Ints, Shapes


def stacked(fills: Shapes, unit: float) -> Ints:
    """Return the places of regions that overlap others by more than a speck, the largest first.

    They are drawn in this order after the other regions, in print and on the web alike.
    """
    odd, place = _suspects(fills)
    shapes = shapely.make_valid(fills)
    common = shapely.area(shapely.intersection(shapes[odd], shapes[place]))
    seen = common > (unit / 2) ** 2
    places = np.unique(np.concatenate([odd[seen], place[seen]]))
    return places[np.argsort(-shapely.area(fills[places]), kind="stable")]


def _suspects(shapes: Shapes) -> tuple[Ints, Ints]:
    """Return the pairs of shapes that may overlap, by their places.

    What meets its neighbours edge by edge overlaps none of them, so that few are left to be compared. Of a
    region inside another GEOS names the inner one alone.
    """
    odd = np.flatnonzero(
        ~shapely.is_valid(shapes) | ~shapely.is_empty(shapely.coverage_invalid_edges(shapes))
    )
    one, other = shapely.STRtree(shapes).query(shapes[odd], predicate="intersects")
    apart = odd[one] != other
    return odd[one][apart], other[apart]


def overlapping(regions: GeoDataFrame) -> str:
    """Return in words which regions cover the same ground; nothing where none do."""
    suspects = np.unique(np.concatenate(_suspects(regions.geometry.to_numpy())))
    if not len(suspects):
        return ""
    found = topology(regions.iloc[suspects]).overlaps
    if found.empty:
        return ""
    pairs = named(found[["first", "second"]].itertuples(index=False, name=None))
    return (
        f"Regions overlap, {found['km2'].sum():.3g} km2: {pairs}. The smaller lies on top; "
        "gi.read.repaired(regions) gives each place to one region."
    )
