"""Categories: regions filled by category."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from geoinno._contract import aligned, column, numbers, polygons
from geoinno.draw import palette
from geoinno.draw._layers.categorised import NO_COLOURS, categorised
from geoinno.draw._layers.names import labelled
from geoinno.draw._layers.phrases import Phrase
from geoinno.errors import ColumnError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from geopandas import GeoDataFrame

    from geoinno.draw._layers.layer import Layer

_FIRM = 0.8


def categories(
    regions: GeoDataFrame,
    labels: pd.Series | str,
    *,
    colours: Mapping[str, str] = NO_COLOURS,
    uncertain: pd.Series | str | None = None,
    title: str = "",
    legend: str = "",
) -> Layer:
    """Fill regions by category.

    Parameters
    ----------
    regions
        Polygons indexed by region id.
    labels
        The category of each region, or the name of a column of the regions; missing ones are hatched. More
        than twelve categories share colours in such a way that neighbouring areas always differ.
    colours
        A colour for each category, as a hex code (``#rrggbb``) or a name of CSS (``teal``); types of
        spaces and of borders have theirs.
    uncertain
        Booleans by region id, or the name of such a column: dotted where true.
    title
        What the layer shows.
    legend
        Title of the legend.

    Returns
    -------
    Layer
        To be composed with `geoinno.draw.sheet`.

    Raises
    ------
    ColumnError
        If there is no label at all, or a category has no colour among ``colours``.
    OptionError
        If one of ``colours`` is no colour.

    Examples
    --------
    >>> import geoinno as gi
    >>> place = gi.read.sample("austria")
    >>> len(gi.draw.categories(place.regions, place.regions["country"]).legends[0].keys)
    9
    """
    return categorised(regions, labels, colours=colours, uncertain=uncertain, words=(title, legend))


def roles(
    regions: GeoDataFrame,
    types: pd.DataFrame | pd.Series | str,
    *,
    firm: float = _FIRM,
    title: str = "",
    legend: str = "",
) -> Layer:
    """Fill regions by their role: growth poles, and the kinds of space between them.

    Parameters
    ----------
    regions
        Polygons indexed by region id.
    types
        The table of `geoinno.classify.space_types` (``type``, ``agreement``), the types alone, or the name
        of a column of the regions that holds them.
    firm
        Below this agreement (0..1) a region is dotted: its type is uncertain.
    title
        What the layer shows.
    legend
        Title of the legend.

    Returns
    -------
    Layer
        The legend shows all types, even empty ones, so that colours never shift.

    Raises
    ------
    ColumnError
        If a type is not one of the known ones.

    Examples
    --------
    >>> import geoinno as gi
    >>> regions = gi.read.sample("central_asia").regions
    >>> pole = regions["city_population"] > 1_000_000
    >>> layer = gi.draw.roles(regions, pole.map({True: "pole", False: "periphery"}))
    >>> layer.legends[0].keys[0].label
    'pole'
    """
    table = _typed(regions, types)
    words = labelled(table["type"], tuple(palette.SPACES))
    heading = legend or title or Phrase("Roles of regions")
    known = pd.Series(pd.Categorical(words, list(palette.SPACES)), index=table.index, name=heading)
    if "agreement" not in table.columns:
        return categorised(regions, known, words=(title, heading))
    share = numbers(table["agreement"], missing=True)
    layer = categorised(regions, known, uncertain=share < firm, words=(title, heading))
    cells = [None if np.isnan(s) else Phrase("{share:.0%} of draws", share=float(s)) for s in share]
    layer.tips["agreement"] = pd.Series(cells, share.index, dtype="object")
    layer.table["agreement"] = share
    return layer


def _typed(regions: GeoDataFrame, types: pd.DataFrame | pd.Series | str) -> pd.DataFrame:
    """Return the types of the regions as a table in their order."""
    table = (
        types if isinstance(types, pd.DataFrame) else column(types, regions, what="types").to_frame("type")
    )
    if "type" not in table.columns:
        message = "types must be a Series of types or a table with a column 'type' (gi.classify.space_types)."
        raise ColumnError(message)
    return aligned(table, polygons(regions).index, what="types", against="regions")
