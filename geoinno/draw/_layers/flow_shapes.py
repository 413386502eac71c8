"""Arrows between regions as straight lines with widths and colours, before they are bent for the map."""

from __future__ import annotations

from typing import TYPE_CHECKING

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from geoinno._contract import country_series
from geoinno.draw import palette
from geoinno.draw._layers.flow_words import arrow_ids, widths
from geoinno.draw._layers.names import names

if TYPE_CHECKING:
    from geopandas import GeoDataFrame


def places(regions: GeoDataFrame, drawn: pd.DataFrame) -> pd.DataFrame:
    """Return where each region is (degrees), its name and country."""
    points = regions.geometry.to_crs(4326).representative_point()
    country = pd.Series("", index=regions.index)
    if "country" in regions.columns:
        # Without a country nobody can say whether a flow crosses a border.
        ends = regions.index.isin(pd.concat([drawn["origin"], drawn["destination"]]))
        country = country_series("country", regions[ends]).reindex(regions.index)
    return pd.DataFrame({"x": points.x, "y": points.y, "name": names(regions), "country": country})


def arrows(drawn: pd.DataFrame, where: pd.DataFrame, scale: str, *, mode: str) -> GeoDataFrame:
    """Return the drawn flows as straight lines with width and colour."""
    start, end = where.loc[drawn["origin"]], where.loc[drawn["destination"]]
    ends = np.stack([start[["x", "y"]].to_numpy(), end[["x", "y"]].to_numpy()], axis=1)
    # Across the date line the short way: the end passes 180 degrees.
    ends[:, 1, 0] -= 360 * np.round((ends[:, 1, 0] - ends[:, 0, 0]) / 360)
    lines = shapely.linestrings(ends)
    foreign = start["country"].to_numpy() != end["country"].to_numpy()
    return gpd.GeoDataFrame(
        {
            "origin": drawn["origin"].to_numpy(),
            "destination": drawn["destination"].to_numpy(),
            "value": drawn["value"].to_numpy(),
            "width": widths(drawn["value"].to_numpy("float64"), scale, mode),
            "fill": np.where(foreign, palette.FLOW_CROSS_BORDER, palette.FLOW_DOMESTIC),
        },
        geometry=lines,
        index=arrow_ids(drawn),
        crs=4326,
    )
