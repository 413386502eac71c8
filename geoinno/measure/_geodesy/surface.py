"""Places on a plane about their middle, so that surfaces can be fitted to them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from pyproj import CRS, Transformer

from geoinno.measure._geodesy.ellipsoid import unit_vectors
from geoinno.weigh import places

if TYPE_CHECKING:
    from geopandas import GeoDataFrame
    from numpy.typing import NDArray


def plane(regions: GeoDataFrame) -> NDArray[np.float64]:
    """Return places on an equal-area plane about their middle, in units of its half extent."""
    lonlat = places(regions).to_numpy()
    middle = unit_vectors(*lonlat.T).mean(axis=0)
    lat0 = np.degrees(np.arctan2(middle[2], np.hypot(middle[0], middle[1])))
    lon0 = np.degrees(np.arctan2(middle[1], middle[0]))
    flat = CRS(proj="laea", lat_0=float(lat0), lon_0=float(lon0), ellps="WGS84")
    xy = np.column_stack(Transformer.from_crs(4326, flat, always_xy=True).transform(*lonlat.T))
    return np.asarray(xy / np.abs(xy).max(), np.float64)
