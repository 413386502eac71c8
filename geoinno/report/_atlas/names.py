"""What an atlas calls its regions and its quantities."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

if TYPE_CHECKING:
    from geopandas import GeoDataFrame


def names(regions: GeoDataFrame) -> pd.Series:
    """Return what to call each region."""
    if "name" not in regions.columns:
        return pd.Series(regions.index.astype(str), index=regions.index)
    return regions["name"].where(regions["name"].notna(), regions.index.to_series()).astype(str)


def label(values: pd.Series) -> str:
    """Return what to call a quantity in a sentence."""
    return str(values.name).replace("_", " ")


def capital(text: str) -> str:
    """Return a text with a capital first letter; the others stay, as in "GDP per km2"."""
    return text[:1].upper() + text[1:]
