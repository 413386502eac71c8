"""The large cities of the world under all their names."""

from __future__ import annotations

import geopandas as gpd
import pandas as pd

from geoinno.read import _shipped


def cities() -> gpd.GeoDataFrame:
    """Return the large cities and the capitals of the world, with what they are called elsewhere.

    The search on web maps finds regions by them: "Munich" or "Monaco di Baviera" finds Oberbayern.

    Returns
    -------
    GeoDataFrame
        Points in EPSG:4326, the most populous first: cities of 100,000 people and more, and every
        capital. ``name``; ``country`` (ISO 3166-1 alpha-3); ``population``; ``capital`` (true or false);
        ``other_names``: further names in small Latin letters, separated by blanks, as few as a search that
        forgives a slip or two needs. GeoNames, geonames.org (CC BY 4.0).

    Examples
    --------
    >>> import geoinno as gi
    >>> known = gi.read.cities().set_index(["country", "name"])
    >>> "wien" in known.loc[("AUT", "Vienna"), "other_names"]
    True
    """
    # A city may be called Nan.
    table = pd.read_csv(_shipped.folder() / "codes" / "cities.csv", keep_default_na=False)
    points = gpd.points_from_xy(table.pop("lon"), table.pop("lat"), crs=4326)
    return gpd.GeoDataFrame(table, geometry=points)
