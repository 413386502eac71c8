"""Border segments between neighbouring regions, and the exposure of each region to a border."""

from __future__ import annotations

from typing import TYPE_CHECKING

import geopandas as gpd
import numpy as np
import pandas as pd
from pyproj import Geod

from geoinno import _contract
from geoinno.measure._geodesy import near_lines
from geoinno.weigh import places, shared_borders

if TYPE_CHECKING:
    from geopandas import GeoDataFrame
    from numpy.typing import NDArray

_WGS84 = Geod(ellps="WGS84")


def segments(
    regions: GeoDataFrame,
    *,
    country: pd.Series | str = "country",
    bloc: pd.Series | str | None = None,
    snap_m: float = 0.01,
) -> GeoDataFrame:
    """Split the boundaries of regions into segments, one for each pair of neighbours.

    A long segment means that two regions have a long boundary in common. The segments between two
    countries add up to the length of their border.

    Parameters
    ----------
    regions
        Polygons in any CRS.
    country
        Country of each region, or the name of a column of ``regions``.
    bloc
        Integration bloc of each region (any word; each region outside of blocs has one of its own, such
        as its country), or the name of a column. Foreign segments are then ``within`` a bloc or ``outside``.
    snap_m
        Vertices and edges up to so many metres apart meet: slivers and gaps of that width do not
        hide a border. 0.01 m mends rounding; 100 m and more mends boundaries drawn twice.

    Returns
    -------
    GeoDataFrame
        ``first``, ``second`` (ids, in alphabetical order), ``first_country``, ``second_country``,
        ``length_km`` (geodesic), ``kind`` (domestic or foreign), ``bloc`` (where blocs are given: domestic,
        within, outside), ``distance_km`` (geodesic, between the representative points of both regions)
        and the line, in the CRS of the regions. Indexed by ``first|second``, sorted.

    Raises
    ------
    RegionError
        If a region is not a valid polygon.
    ColumnError
        If a country or bloc is missing.

    Warns
    -----
    DataWarning
        Where two countries come within 100 m of each other and share no edge: their border is not in the
        result.

    Notes
    -----
    An island has no segment; an enclave has one, its whole boundary. Common points alone are none.

    References
    ----------
    Karney, C. F. F. (2013). Algorithms for geodesics. Journal of Geodesy 87, 43-55.
    doi:10.1007/s00190-012-0578-z

    Examples
    --------
    >>> import geoinno as gi
    >>> place = gi.read.sample("central_asia")
    >>> gi.measure.segments(place.regions)["kind"].value_counts().to_dict()
    {'domestic': 70, 'foreign': 42}
    """
    land = _contract.country_series(country, regions)
    union = None if bloc is None else _contract.country_series(bloc, regions)
    shared = shared_borders(regions, snap_m=snap_m)
    first, second = (regions.index.get_indexer(shared[side]) for side in ("first", "second"))
    _contract.warn_of_strips(regions, land, first=first, second=second)
    ids = regions.index.to_numpy(object)
    turned = ids[first] > ids[second]
    first, second = np.where(turned, second, first), np.where(turned, first, second)
    foreign = land.to_numpy()[first] != land.to_numpy()[second]
    columns = {
        "first": ids[first],
        "second": ids[second],
        "first_country": land.to_numpy()[first],
        "second_country": land.to_numpy()[second],
        "length_km": shared["length_km"].to_numpy(),
        "kind": np.where(foreign, "foreign", "domestic"),
        "distance_km": _apart(regions, first, second),
    }
    if union is not None:
        same = union.to_numpy()[first] == union.to_numpy()[second]
        columns["bloc"] = np.select([~foreign, same], ["domestic", "within"], "outside")
    index = pd.Index([f"{a}|{b}" for a, b in zip(ids[first], ids[second], strict=True)], name="segment")
    table = gpd.GeoDataFrame(columns, geometry=shared.geometry.to_numpy(), crs=regions.crs, index=index)
    return table.sort_values(["first", "second"])


def _apart(regions: GeoDataFrame, first: NDArray[np.intp], second: NDArray[np.intp]) -> NDArray[np.float64]:
    """Return the geodesic km between the places of two lists of regions."""
    at = places(regions).to_numpy()
    metres = _WGS84.inv(*at[first].T, *at[second].T)[2] if len(first) else np.empty(0)
    return np.asarray(metres, np.float64) / 1000


def exposure(
    regions: GeoDataFrame, *, country: pd.Series | str = "country", snap_m: float = 0.01
) -> pd.DataFrame:
    """Measure how much each region is exposed to the border of its country.

    A region with a high foreign share is surrounded from abroad; one at a great distance from the border
    lies deep inland.

    Parameters
    ----------
    regions
        Polygons in any CRS.
    country
        Country of each region, or the name of a column of ``regions``.
    snap_m
        As for `segments`.

    Returns
    -------
    DataFrame
        ``on_border``; ``foreign_km`` of common border with other countries, and ``foreign_share``
        of the region's perimeter, coasts included (0..1); ``neighbours_abroad``; ``country_abroad``: the
        country behind the longest stretch (missing inland); ``distance_to_border_km``: geodesic, from
        the region's representative point to the nearest point of its country's land border
        (missing where the country has none). Indexed like ``regions``.

    References
    ----------
    Brakman, S., Garretsen, H., van Marrewijk, C. and Oumer, A. (2012). The border population effects of
    EU integration. Journal of Regional Science 52(1), 40-59. doi:10.1111/j.1467-9787.2011.00736.x

    Examples
    --------
    >>> import geoinno as gi
    >>> place = gi.read.sample("central_asia")
    >>> int(gi.measure.exposure(place.regions)["on_border"].sum())
    32
    """
    land = _contract.country_series(country, regions)
    found = segments(regions, country=land, snap_m=snap_m)
    foreign = found[found["kind"] == "foreign"]
    sides = pd.concat([_seen_from(foreign, "first", "second"), _seen_from(foreign, "second", "first")])
    km = sides.groupby("region")["length_km"].sum().reindex(regions.index, fill_value=0.0)
    shapes = regions.geometry.to_crs(4326).to_numpy()
    across = sides.groupby(["region", "abroad"])["length_km"].sum().sort_values(kind="stable")
    longest = across.reset_index().drop_duplicates("region", keep="last").set_index("region")["abroad"]
    counts = sides["region"].value_counts().reindex(regions.index, fill_value=0)
    return pd.DataFrame(
        {
            "on_border": counts > 0,
            "foreign_km": km,
            "foreign_share": np.minimum(km / near_lines.perimeters(shapes), 1.0),
            "neighbours_abroad": counts,
            "country_abroad": longest.reindex(regions.index),
            "distance_to_border_km": _inland(regions, land, foreign),
        },
        index=regions.index,
    )


def _seen_from(foreign: pd.DataFrame, here: str, there: str) -> pd.DataFrame:
    """Return foreign segments as seen from one of their sides."""
    columns = {"region": foreign[here], "abroad": foreign[f"{there}_country"]}
    return pd.DataFrame({**columns, "length_km": foreign["length_km"]})


def _inland(regions: GeoDataFrame, land: pd.Series, foreign: GeoDataFrame) -> pd.Series:
    """Return how far each region is from the land border of its own country."""
    at = places(regions)
    lines = foreign.geometry.to_crs(4326)
    km = pd.Series(np.nan, index=regions.index)
    for nation, members in land.groupby(land):
        edge = lines[(foreign["first_country"] == nation) | (foreign["second_country"] == nation)]
        if len(edge):
            here = at.loc[members.index].to_numpy()
            km[members.index] = near_lines.line_kilometres(here[:, 0], here[:, 1], edge.to_numpy())
    return km
