"""Distance: geodesic kilometres between regions, and within them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

import numpy as np
import pandas as pd

from geoinno import _contract
from geoinno._language.phrases import Phrase
from geoinno.errors import RegionError
from geoinno.weigh import _areas, _places

if TYPE_CHECKING:
    from geopandas import GeoDataFrame

_MOST_REGIONS = 10_000
# Mean distance to the centre, or between two points, of a disc of radius 1 (and Keeble's third).
_SHARE_OF_RADIUS = {
    "disc": 1.0,
    "head-mayer": 2 / 3,
    "keeble": 1 / 3,
    "random-pair": 128 / (45 * np.pi),
}


def places(regions: GeoDataFrame, *, at: Literal["region", "city"] = "region") -> pd.DataFrame:
    """Locate each region by one point: inside it, or in its city.

    For points it is the point itself; for polygons the middle of the widest stretch across their
    widest part (Shapely's ``representative_point``), so that a region cut at the
    antimeridian is not placed half a world away.

    Parameters
    ----------
    regions
        Polygons or points in any CRS.
    at
        ``"region"``, or ``"city"``: the columns ``city_lon`` and ``city_lat`` of ``regions``, in degrees
        WGS84; where both are missing, the point inside the region.

    Returns
    -------
    DataFrame
        ``lon`` (-180 to 180) and ``lat``, degrees WGS84, indexed like ``regions``.

    Raises
    ------
    ColumnError
        If places are to be cities and a column is absent, beyond the degrees of the globe, or known
        where the other is not.

    Examples
    --------
    >>> import geoinno as gi
    >>> regions = gi.read.sample("central_asia").regions
    >>> gi.weigh.places(regions, at="city").loc["TJK-369"].to_list()  # Khujand, in the region of Sughd
    [69.62216, 40.28256]
    """
    lon, lat = _located(regions, at)
    return pd.DataFrame({"lon": lon, "lat": lat}, index=regions.index)


def _located(regions: GeoDataFrame, at: str) -> _places.Places:
    """Return the longitudes and latitudes of points inside the regions, or of their cities."""
    _contract.option(at, ("region", "city"), name="at")
    return _places.cities(regions) if at == "city" else _places.places(regions)


def distances(regions: GeoDataFrame, *, at: Literal["region", "city"] = "region") -> pd.DataFrame:
    """Measure the geodesic distance between all pairs of regions.

    A row of high values belongs to a remote region. Distances run on the WGS84 ellipsoid between
    representative points (``places``), whatever the CRS of the regions.

    Parameters
    ----------
    regions
        Polygons or points in any CRS, up to 10,000 rows.
    at
        ``"region"``: between points inside the regions; ``"city"``: between their cities, from the columns
        ``city_lon`` and ``city_lat``, as for `places`.

    Returns
    -------
    DataFrame
        Square, km: origins in rows, destinations in columns; symmetric, zero diagonal.

    Raises
    ------
    RegionError
        If the table would be too large; work without it then (``within``, ``market_potential``).
    ColumnError
        If distances are to run between cities and these have no sound place (`places`).

    References
    ----------
    Karney, C. F. F. (2013). Algorithms for geodesics. Journal of Geodesy 87, 43-55.
    doi:10.1007/s00190-012-0578-z

    Examples
    --------
    >>> import geoinno as gi
    >>> place = gi.read.sample("central_asia")
    >>> gi.weigh.distances(place.regions).shape
    (48, 48)
    """
    lon, lat = _located(regions, at)
    if len(regions) > _MOST_REGIONS:
        message = Phrase(
            "A table of distances between {n:,} regions is too large (most: {most:,}). Link only "
            "near regions with gi.weigh.within(regions, max_km=...), or use a measure that takes "
            "regions and a decay, such as gi.measure.market_potential.",
            n=len(regions),
            most=_MOST_REGIONS,
        )
        raise RegionError(message)
    km = _places.all_kilometres(lon, lat)
    return pd.DataFrame(km, index=regions.index, columns=regions.index)


def internal_distances(
    regions: GeoDataFrame, *, rule: Literal["disc", "head-mayer", "keeble", "random-pair"] = "disc"
) -> pd.Series[float]:
    """Estimate the mean distance within each region.

    A high value belongs to a large region. Each rule sees the region as a disc of the same area A,
    of radius R = sqrt(A / pi), and takes a share of R for the distance of a trip within it.

    Parameters
    ----------
    regions
        Polygons in any CRS; areas are geodesic.
    rule
        ``"disc"``: R itself; ``"head-mayer"``: 2/3 R = .376 sqrt(A), the mean distance to the centre;
        ``"keeble"``: 1/3 R = .188 sqrt(A); ``"random-pair"``: 128 R / 45 pi = .511 sqrt(A),
        the mean distance between two points of the disc.

    Returns
    -------
    Series
        ``internal_km``, indexed like ``regions``.

    References
    ----------
    Head, K. and Mayer, T. (2000). Non-Europe: the magnitude and causes of market fragmentation in
    the EU. Weltwirtschaftliches Archiv 136, 284-314. doi:10.1007/BF02707689
    Keeble, D., Owens, P. L. and Thompson, C. (1982). Regional accessibility and economic potential
    in the European Community. Regional Studies 16, 419-432. doi:10.1080/09595238200185421

    Examples
    --------
    >>> import geoinno as gi
    >>> place = gi.read.sample("central_asia")
    >>> gi.weigh.internal_distances(place.regions, rule="head-mayer").name
    'internal_km'
    """
    _contract.option(rule, tuple(_SHARE_OF_RADIUS), name="rule")
    radius = np.sqrt(_areas.square_kilometres(_contract.polygons(regions)) / np.pi)
    return pd.Series(_SHARE_OF_RADIUS[rule] * radius, index=regions.index, name="internal_km")
