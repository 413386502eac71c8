"""Cities: where the largest city of each region lies, if the regions say so."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from geoinno._contract.ids import named
from geoinno._contract.values import numbers
from geoinno._language.phrases import Phrase
from geoinno.errors import ColumnError

if TYPE_CHECKING:
    import pandas as pd
    from geopandas import GeoDataFrame

_LIMITS = {"city_lon": 180, "city_lat": 90}


def city_degrees(regions: GeoDataFrame) -> pd.DataFrame:
    """Return columns ``city_lon`` and ``city_lat``, in degrees; both are missing where there is no city."""
    absent = [column for column in _LIMITS if column not in regions.columns]
    if absent:
        message = Phrase(
            "The regions have no column {columns}. Give the longitude and latitude of each "
            "region's city in degrees WGS84 as city_lon and city_lat, or drop both to use a "
            "point inside it.",
            columns=" and ".join(absent),
        )
        raise ColumnError(message)
    cities = regions[list(_LIMITS)].apply(numbers, missing=True, what="cities")
    halves = cities.index[cities["city_lon"].isna() != cities["city_lat"].isna()]
    if len(halves):
        message = Phrase(
            "Only one of city_lon and city_lat is known in {regions}. Give both or neither.",
            regions=named(halves),
        )
        raise ColumnError(message)
    for column, limit in _LIMITS.items():
        beyond = cities.index[cities[column].abs() > limit]
        if len(beyond):
            message = Phrase(
                "Column {column} lies beyond {limit} degrees in {regions}. Cities are placed by "
                "degrees WGS84, whatever the CRS of the regions.",
                column=repr(column),
                limit=str(limit),
                regions=named(beyond),
            )
            raise ColumnError(message)
    return cities


def pole_place(regions: GeoDataFrame) -> Literal["city", "region"]:
    """Return where poles lie: in their cities if the regions have a column for these."""
    return "city" if any(column in regions.columns for column in _LIMITS) else "region"
