"""How large regions are: geodesic areas on the WGS84 ellipsoid, ring by ring."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import shapely

from geoinno.weigh._places import WGS84, lonlat

if TYPE_CHECKING:
    from geopandas import GeoDataFrame
    from numpy.typing import NDArray


def square_kilometres(regions: GeoDataFrame) -> NDArray[np.float64]:
    """Return the geodesic area of each of the sound polygons; holes do not count."""
    parts, owner = shapely.get_parts(regions.geometry.to_numpy(), return_index=True)
    rings, part = shapely.get_rings(parts, return_index=True)
    x, y = shapely.get_coordinates(rings).T
    lon, lat = lonlat(x, y, regions.crs)
    ends = np.cumsum(shapely.get_num_coordinates(rings))[:-1]
    split = zip(np.split(lon, ends), np.split(lat, ends), strict=True)
    area = np.array([abs(WGS84.polygon_area_perimeter(*ring)[0]) for ring in split]) / 1e6
    # The first ring of a part is its outline, the others are holes.
    sign = np.where(np.diff(part, prepend=-1) > 0, 1.0, -1.0)
    return np.bincount(owner[part], weights=sign * area, minlength=len(regions)).astype(np.float64)
