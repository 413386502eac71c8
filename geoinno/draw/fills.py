"""Fills: regions coloured by class."""

from __future__ import annotations

from typing import TYPE_CHECKING

from geoinno.draw._layers import classed as _fills
from geoinno.draw.palette import DEFAULT

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pandas as pd
    from geopandas import GeoDataFrame

    from geoinno.classify.breaks import Scheme
    from geoinno.draw._layers.layer import Layer


def choropleth(  # noqa: PLR0913 - a map is its classes, its colours and its words
    regions: GeoDataFrame,
    values: pd.Series | str,
    *,
    scheme: Scheme | Sequence[float] = "quantiles",
    count: int = 5,
    midpoint: float | None = None,
    palette: str | Sequence[str] = DEFAULT,
    uncertain: pd.Series | pd.DataFrame | str | None = None,
    title: str = "",
    legend: str = "",
) -> Layer:
    """Fill regions by classes of a rate or an index.

    Parameters
    ----------
    regions
        Polygons indexed by region id; the columns ``name`` and ``country`` serve the tooltip and
        the national borders where they exist.
    values
        Numbers by region id, or the name of a column of the regions. Missing ones are hatched.
    scheme
        A scheme of `geoinno.classify.classes`, or the class limits themselves, from the lowest
        value to the highest.
    count
        Number of classes, at most 7.
    midpoint
        A meaningful middle (0, 1, a mean): a class limit in place of the nearest (of a given scheme,
        beside the others), from which colours diverge.
    palette
        ``yellow-blue``, ``viridis``, ``cividis``, ``magma``, ``greens``, ``oranges``, ``purples`` or
        ``reds``; with ``midpoint`` ``orange-purple``, ``red-blue`` or ``purple-green``. All of them can be
        told apart by colour-blind readers. Or colours of your own from low to high, with a midpoint an odd
        number of them.
    uncertain
        Booleans by region id (or the name of such a column), or a table with the columns ``low`` and
        ``high`` of a 95% interval: dotted where it is wider than three quarters of the estimate.
    title
        What the layer shows, for the view switch; the name of ``values`` unless given.
    legend
        Title of the legend, with the unit.

    Returns
    -------
    Layer
        To be composed with `geoinno.draw.sheet`.

    Raises
    ------
    AlignmentError
        If values and regions cover different regions.
    ColumnError
        If values are not numeric or all missing.
    OptionError
        If more than seven classes are requested, or there is no such palette.

    Examples
    --------
    >>> import geoinno as gi
    >>> place = gi.read.sample("central_asia")
    >>> layer = gi.draw.choropleth(place.regions, place.regions["primacy"], legend="Primacy")
    >>> len(layer.legends[0].keys)
    5
    """
    classes = _fills.Classes(scheme, count, midpoint, palette)
    return _fills.classed(regions, values, classes=classes, uncertain=uncertain, title=title, legend=legend)
