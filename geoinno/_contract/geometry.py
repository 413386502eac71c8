"""Regions: sound ids, a coordinate reference system, and shapes that are there and valid."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from geoinno._contract.ids import named, region_ids
from geoinno.errors import CrsError, RegionError

if TYPE_CHECKING:
    from geopandas import GeoDataFrame


def identified(regions: GeoDataFrame) -> GeoDataFrame:
    """Return ``regions`` if ids are sound and a CRS is set that the coordinates can be in."""
    if not isinstance(regions, pd.DataFrame) or not hasattr(regions, "crs"):
        message = f"regions must be a GeoDataFrame; {type(regions).__name__} was given."
        raise RegionError(message)
    region_ids(regions.index)
    if regions.crs is None:
        message = "The regions have no CRS. State it: regions.set_crs(4326) for degrees."
        raise CrsError(message)
    _plausible_degrees(regions)
    return regions


def sound_regions(regions: GeoDataFrame) -> GeoDataFrame:
    """Return ``regions`` if ids are sound, a CRS is set and no geometry is empty."""
    identified(regions)
    empty = regions.index[regions.geometry.isna() | regions.geometry.is_empty]
    if len(empty):
        message = f"Empty geometry in {named(empty)}. Drop these regions or mend their shapes."
        raise RegionError(message)
    return regions


def _plausible_degrees(regions: GeoDataFrame) -> None:
    """Raise where metres or kilometres are declared as degrees."""
    low_x, low_y, high_x, high_y = regions.total_bounds
    beyond = low_x < -360 or high_x > 540 or low_y < -90.001 or high_y > 90.001  # noqa: PLR2004
    if beyond and regions.crs.is_geographic:
        message = (
            f"The CRS {regions.crs.to_string()} is in degrees, but coordinates run to "
            f"x {low_x:g}..{high_x:g}, y {low_y:g}..{high_y:g}. "
            "Set the CRS in which the coordinates were drawn: regions.set_crs(..., allow_override=True)."
        )
        raise CrsError(message)


def polygons(regions: GeoDataFrame) -> GeoDataFrame:
    """Return sound ``regions`` whose geometries are all valid polygons."""
    sound_regions(regions)
    other = regions.index[~regions.geometry.geom_type.isin(["Polygon", "MultiPolygon"])]
    if len(other):
        message = f"Regions must be polygons; other geometry in {named(other)}."
        raise RegionError(message)
    invalid = regions.index[~regions.geometry.is_valid]
    if len(invalid):
        message = (
            f"Invalid geometry (such as self-intersection) in {named(invalid)}. "
            "Mend it: regions = gi.read.repaired(regions)."
        )
        raise RegionError(message)
    return regions
