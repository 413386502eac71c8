"""Mobility: chains of classes as figures, and who rose or fell as a map."""

from __future__ import annotations

from dataclasses import replace
from types import MappingProxyType
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from geoinno._contract import aligned, polygons, result
from geoinno.draw._layers.categorised import categorised
from geoinno.draw._layers.phrases import Phrase

if TYPE_CHECKING:
    from collections.abc import Mapping

    from geopandas import GeoDataFrame
    from matplotlib.figure import Figure

    from geoinno.draw._layers.layer import Layer
    from geoinno.measure import Markov, SpatialMarkov

_CHANGES: Mapping[str, str] = MappingProxyType(
    {
        Phrase("rose by two classes or more"): "#542788",
        Phrase("rose by one class"): "#998ec3",
        Phrase("same class"): "#f2f2f2",
        Phrase("fell by one class"): "#f1a340",
        Phrase("fell by two classes or more"): "#b35806",
    }
)


def transition_matrix(chain: Markov | SpatialMarkov, *, title: str = "", width_mm: float = 110) -> Figure:
    """Draw the probabilities of a chain as a matrix, with the distribution that they lead to.

    A dark diagonal says that regions stay in their class. A chain by the class of neighbours has a matrix for
    each of these.

    Parameters
    ----------
    chain
        From `geoinno.measure.markov` or `geoinno.measure.spatial_markov`.
    title
        Above the plot.
    width_mm
        Width in print.

    Returns
    -------
    Figure
        Of matplotlib; ``figure.savefig(path)`` writes it. Classes without transitions are hatched; there are
        no bars where there is no single steady state.

    Raises
    ------
    ColumnError
        If the result is not a chain.

    References
    ----------
    Quah, D. (1993). Empirical cross-section dynamics in economic growth. European Economic Review 37(2/3),
    426-434. doi:10.1016/0014-2921(93)90031-5
    Rey, S. J. (2001). Spatial empirics for economic growth and convergence. Geographical Analysis 33(3),
    195-214. doi:10.1111/j.1538-4632.2001.tb00444.x

    Examples
    --------
    >>> import geoinno as gi
    >>> states = gi.read.sample("north_america").panel["income"].filter(like="USA")
    >>> len(gi.draw.transition_matrix(gi.measure.markov(states)).axes)
    2
    """
    from geoinno.draw._print.matrix import matrix_figure
    from geoinno.measure import Markov, SpatialMarkov

    result(chain, (Markov, SpatialMarkov), name="chain", source="gi.measure.markov or spatial_markov")
    table, counts = chain.probabilities, chain.counts
    if isinstance(table.index, pd.MultiIndex):
        lags = table.index.unique(0)
        parts = {f"neighbours in class {lag}": (table.loc[lag], counts.loc[lag]) for lag in lags}
        return matrix_figure(parts, None, title=title, width_mm=width_mm)
    steady = getattr(chain, "steady", None)
    known = steady if isinstance(steady, pd.Series) and steady.notna().all() else None
    return matrix_figure({"": (table, counts)}, known, title=title, width_mm=width_mm)


def mobility_map(regions: GeoDataFrame, chain: Markov, *, title: str = "", legend: str = "") -> Layer:
    """Fill regions by whether they rose or fell between classes from the first year to the last.

    Parameters
    ----------
    regions
        Polygons indexed by region id.
    chain
        From `geoinno.measure.markov`, of the same regions.
    title
        What the layer shows.
    legend
        Title of the legend.

    Returns
    -------
    Layer
        The legend shows all kinds of change, even empty ones; tooltips name the classes.

    Raises
    ------
    ColumnError
        If the chain has no classes of regions.
    AlignmentError
        If chain and regions cover different regions.

    Examples
    --------
    >>> import geoinno as gi
    >>> place = gi.read.sample("north_america")
    >>> states = place.panel["income"].filter(like="USA")
    >>> land = place.regions.loc[states.index.unique("region")]
    >>> [key.count for key in gi.draw.mobility_map(land, gi.measure.markov(states)).legends[0].keys]
    [2, 14, 18, 10, 4]
    """
    from geoinno.measure import Markov

    result(chain, Markov, name="chain", source="gi.measure.markov")
    placed = aligned(chain.classes, polygons(regions).index, what="classes", against="regions")
    first, last = placed.iloc[:, 0], placed.iloc[:, -1]
    kinds = list(_CHANGES)
    words = [kinds[2 - step] for step in np.clip((last - first).to_numpy(), -2, 2)]
    labels = pd.Series(pd.Categorical(words, kinds), placed.index)
    start, end = placed.columns[[0, -1]]
    heading = legend or Phrase("Change of class, {start} to {end}", start=str(start), end=str(end))
    layer = categorised(regions, labels.rename(heading), colours=_CHANGES, words=(title, heading))
    for year, column in ((start, first), (end, last)):
        layer.tips[f"class in {year}"] = column.astype(str)
        layer.table[f"class in {year}"] = column
    headings = (Phrase("class in {year}", year=str(year)) for year in (start, end))
    return replace(layer, glossary={str(heading): heading for heading in headings})
