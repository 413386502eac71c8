"""Travel: minutes between regions, from speeds and border waits or over a network of links."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

import pandas as pd

from geoinno import _contract
from geoinno.errors import OptionError, RegionError
from geoinno.weigh import _places, _travel

if TYPE_CHECKING:
    from geopandas import GeoDataFrame

_MOST_REGIONS = 10_000


def travel_minutes(
    regions: GeoDataFrame,
    *,
    speed_kmh: float,
    detour: float = 1.2,
    border_minutes: float = 0.0,
    country: str | pd.Series = "country",
) -> pd.DataFrame:
    """Estimate the travel time between all pairs of regions, in minutes.

    A row of high values belongs to a remote region. Minutes = 60 km detour / speed, plus the wait
    where the two countries differ; km are geodesic, between representative points.

    Parameters
    ----------
    regions
        Polygons or points in any CRS, up to 10,000 rows.
    speed_kmh
        Mean speed en route, km/h, above zero.
    detour
        Ratio of the length of the route to the geodesic, 1 or more; roads often take 1.2 to 1.4.
    border_minutes
        Wait at a border, minutes, zero or more; one wait, however many countries lie between.
    country
        Column of ``regions``, or Series by region id; needed where there is a wait.

    Returns
    -------
    DataFrame
        Square, minutes: origins in rows, destinations in columns; zero diagonal.

    Raises
    ------
    ColumnError
        If there is a wait but no country of each region.

    References
    ----------
    Ballou, R. H., Rahardja, H. and Sakai, N. (2002). Selected country circuity factors for road travel
    distance estimation. Transportation Research A 36(9), 843-848. doi:10.1016/S0965-8564(01)00044-1

    Examples
    --------
    >>> import geoinno as gi
    >>> place = gi.read.sample("central_asia")
    >>> gi.weigh.travel_minutes(place.regions, speed_kmh=60, border_minutes=90).shape
    (48, 48)
    """
    _contract.sound_regions(regions)
    speed = _contract.positive(speed_kmh, name="speed_kmh")
    wait = _contract.positive(border_minutes, name="border_minutes", zero=True)
    if _contract.positive(detour, name="detour") < 1:
        message = f"detour must be 1 or more: no route is shorter than the geodesic; {detour!r} was given."
        raise OptionError(message)
    if len(regions) > _MOST_REGIONS:
        message = f"A table of {len(regions):,} regions is too large (most: {_MOST_REGIONS:,})."
        raise RegionError(message)
    minutes = _places.all_kilometres(*_places.places(regions)) * (60 * detour / speed)
    if wait:
        codes, _ = pd.factorize(_contract.country_series(country, regions))
        minutes += wait * (codes[:, None] != codes)
    return pd.DataFrame(minutes, index=regions.index, columns=regions.index)


def network_minutes(
    places: pd.DataFrame | pd.Index,
    links: pd.DataFrame,
    *,
    directed: bool = True,
    unreachable: Literal["raise", "missing"] = "raise",
) -> pd.DataFrame:
    """Find the shortest travel times over a network of links.

    A row of high values belongs to a place that is far from the others on this network. Routes may pass
    through junctions that are not places.

    Parameters
    ----------
    places
        The regions, or their ids, between which travel times are wanted.
    links
        Columns ``origin``, ``destination`` (ids of places or junctions) and ``minutes``, above zero; each
        pair once.
    directed
        Whether a link leads one way only, so that times there and back may differ. If not, every
        link leads both ways.
    unreachable
        ``"raise"`` where no way leads from one place to another, or leave the time ``"missing"``.

    Returns
    -------
    DataFrame
        Square, minutes: origins in rows, destinations in columns; zero diagonal.

    Raises
    ------
    FlowError
        If links are unsound, or places cannot be reached.

    References
    ----------
    Dijkstra, E. W. (1959). A note on two problems in connexion with graphs. Numerische
    Mathematik 1, 269-271. doi:10.1007/BF01386390

    Examples
    --------
    >>> import geoinno as gi, pandas as pd
    >>> links = pd.DataFrame({"origin": ["a", "b"], "destination": ["b", "c"], "minutes": [30, 20]})
    >>> gi.weigh.network_minutes(pd.Index(["a", "c"]), links, directed=False).loc["c", "a"]
    np.float64(50.0)
    """
    ids = _contract.region_ids(places if isinstance(places, pd.Index) else places.index, what="places")
    _contract.option(unreachable, ("raise", "missing"), name="unreachable")
    minutes = _travel.shortest(ids, _travel.sound_links(links), directed=directed)
    if unreachable == "raise":
        _travel.reached(minutes, ids)
    return pd.DataFrame(minutes, index=ids, columns=ids)
