"""Regions: sound ids, a coordinate reference system, and shapes that are there and valid."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import shapely

from geoinno._contract.ids import named, no_regions, region_ids
from geoinno._kernels.threads import run_parts
from geoinno.errors import CrsError, RegionError

if TYPE_CHECKING:
    from geopandas import GeoDataFrame
    from pyproj import CRS

    from geoinno._types import Bools, Shapes

# Thirty times round the globe, in metres or feet.
_FARTHEST = 1e9
_LONGEST_NAME = 80
AREAL = (shapely.GeometryType.POLYGON, shapely.GeometryType.MULTIPOLYGON)
# Shapes that a thread looks at in one go.
_PART = 10_000
# The equatorial radius, and how far that of any ellipsoid or sphere in use for the Earth is from it.
_EARTH_M, _FLAT = 6_378_137.0, 0.01


def identified(regions: GeoDataFrame) -> GeoDataFrame:
    """Return ``regions`` if ids are sound and a CRS is set that the coordinates can be in."""
    _plausible(referenced(regions))
    return regions


def referenced(regions: GeoDataFrame) -> GeoDataFrame:
    """Return ``regions`` if ids are sound and a CRS of the Earth is set."""
    if not isinstance(regions, pd.DataFrame) or not hasattr(regions, "crs"):
        raise no_regions(regions)
    region_ids(regions.index)
    if regions.crs is None:
        message = "The regions have no CRS. State it: regions.set_crs(4326) for degrees."
        raise CrsError(message)
    crs: Any = regions.crs
    if not (crs.is_geographic or crs.is_projected):
        message = (
            f"The CRS {crs_name(crs)} is a local or engineering one, without a place on the globe, so "
            "that distances and areas cannot be known. Set the CRS in which the coordinates were drawn: "
            "regions.set_crs(3035, allow_override=True), or crs=3035 where the file is read."
        )
        raise CrsError(message)
    if abs(crs.ellipsoid.semi_major_metre / _EARTH_M - 1) > _FLAT:
        message = (
            f"The CRS {crs_name(crs)} is of another body than the Earth, on which distances are measured. "
            "Set the CRS in which the coordinates were drawn: regions.set_crs(4326, allow_override=True)."
        )
        raise CrsError(message)
    return regions


def crs_name(crs: CRS) -> str:
    """Return what a CRS is called, in a few words: its code, or else its name."""
    authority = crs.to_authority()
    return ":".join(authority) if authority else str(crs.name)[:_LONGEST_NAME]


def sound_regions(regions: GeoDataFrame) -> GeoDataFrame:
    """Return ``regions`` if ids are sound, a CRS is set and no geometry is empty."""
    identified(regions)
    empty = regions.index[regions.geometry.isna() | regions.geometry.is_empty]
    if len(empty):
        message = f"Empty geometry in {named(empty)}. Drop these regions, or repair their shapes."
        raise RegionError(message)
    return regions


def _plausible(regions: GeoDataFrame) -> None:
    """Raise where coordinates are not numbers, lie beyond any map, or are metres declared as degrees."""
    low_x, low_y, high_x, high_y = regions.total_bounds
    if not beyond((low_x, low_y, high_x, high_y), regions.crs):
        return
    if max(-low_x, high_x, -low_y, high_y) > _FARTHEST:
        unit = "degrees" if regions.crs.is_geographic else "units"
        message = (
            f"Coordinates run to x {low_x:g}..{high_x:g}, y {low_y:g}..{high_y:g} {unit}, beyond any map: "
            "they are damaged. Repair or drop the regions that have them."
        )
        raise RegionError(message)
    message = (
        f"The CRS {crs_name(regions.crs)} is in degrees, but coordinates run to "
        f"x {low_x:g}..{high_x:g}, y {low_y:g}..{high_y:g}. "
        "Set the CRS in which the coordinates were drawn: regions.set_crs(3035, allow_override=True), or "
        "crs=3035 where the file is read."
    )
    raise CrsError(message)


def beyond(extent: tuple[float, float, float, float], crs: CRS) -> bool:
    """Whether coordinates (left, bottom, right, top) lie beyond any map, or beyond what degrees can be."""
    left, bottom, right, top = extent
    if max(-left, right, -bottom, top) > _FARTHEST:
        return True
    return bool(crs.is_geographic and (left < -360 or right > 540 or bottom < -90.001 or top > 90.001))  # noqa: PLR2004


def finite(regions: GeoDataFrame) -> GeoDataFrame:
    """Return ``regions`` if every coordinate is a finite number."""
    xy, owner = shapely.get_coordinates(regions.geometry.to_numpy(), return_index=True)
    odd = regions.index[np.unique(owner[~np.isfinite(xy).all(axis=1)])]
    if len(odd):
        message = f"Coordinates are missing or infinite in {named(odd)}. Repair or drop these regions."
        raise RegionError(message)
    return regions


def polygons(regions: GeoDataFrame) -> GeoDataFrame:
    """Return sound ``regions`` whose geometries are all valid polygons."""
    areal(regions)
    refuse_invalid(regions, valid(regions.geometry.to_numpy()))
    return regions


def areal(regions: GeoDataFrame) -> GeoDataFrame:
    """Return sound ``regions`` whose geometries are all polygons, valid or not."""
    sound_regions(regions)
    other = regions.index[~np.isin(shapely.get_type_id(regions.geometry.to_numpy()), AREAL)]
    if len(other):
        message = (
            f"Regions must be polygons; other geometry in {named(other)}. Drop these, or read the regions "
            "from a file of areas: gi.read.regions(path, id=...)."
        )
        raise RegionError(message)
    return regions


def refuse_invalid(regions: GeoDataFrame, sound: Bools) -> None:
    """Raise where a shape is not sound."""
    invalid = regions.index[~sound]
    if len(invalid):
        message = (
            f"Invalid geometry (such as self-intersection) in {named(invalid)}. "
            "Repair it: regions = gi.read.repaired(regions)."
        )
        raise RegionError(message)


def valid(shapes: Shapes) -> Bools:
    """Return which shapes are valid, looked at by all processors: of all checks, this one takes longest."""
    sound = np.empty(len(shapes), dtype=bool)

    def look(part: int) -> None:
        some = slice(part * _PART, (part + 1) * _PART)
        sound[some] = shapely.is_valid(shapes[some])

    run_parts(look, -(-len(shapes) // _PART))
    return sound
