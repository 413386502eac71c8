"""Fills: regions coloured by class."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from geoinno._contract import aligned, polygons
from geoinno.draw import palette
from geoinno.draw._layers import classed as _fills
from geoinno.draw._layers.layer import Key, Layer, Legend
from geoinno.draw._layers.names import (
    bare_shapes,
    labelled,
    lead_columns,
    placed,
    values_in_words,
)
from geoinno.draw._layers.words import CLUSTER_WORDS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from geopandas import GeoDataFrame

    from geoinno.classify.breaks import Scheme


def choropleth(
    regions: GeoDataFrame,
    values: pd.Series | str,
    *,
    scheme: Scheme | Sequence[float] = "quantiles",
    count: int = 5,
    midpoint: float | None = None,
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
        If values are not numeric or all missing, or more than seven classes are requested.

    Examples
    --------
    >>> import geoinno as gi
    >>> place = gi.read.sample("central_asia")
    >>> layer = gi.draw.choropleth(place.regions, place.regions["primacy"], legend="Primacy")
    >>> len(layer.legends[0].keys)
    5
    """
    return _fills.classed(
        regions,
        values,
        scheme=scheme,
        count=count,
        midpoint=midpoint,
        uncertain=uncertain,
        title=title,
        legend=legend,
    )


def cluster_map(
    regions: GeoDataFrame,
    clusters: pd.Series | pd.DataFrame | str,
    *,
    max_q: float = 0.05,
    title: str = "",
    legend: str = "",
) -> Layer:
    """Fill regions by the kind of local cluster they belong to.

    Parameters
    ----------
    regions
        Polygons indexed by region id.
    clusters
        Labels by region id from `geoinno.classify.clusters`, the name of such a column, or the table of a
        local statistic (`geoinno.measure.local_moran`, `local_getis_ord`), whose numbers then stand in the
        tooltip.
    max_q
        With a table: regions count as clusters up to this q-value.
    title
        What the layer shows, for the view switch.
    legend
        Title of the legend.

    Returns
    -------
    Layer
        The legend shows all classes, even empty ones, so that colours never shift.

    Raises
    ------
    AlignmentError
        If clusters and regions cover different regions.
    ColumnError
        If a label is not one of the known kinds.

    Examples
    --------
    >>> import geoinno as gi
    >>> place = gi.read.sample("central_asia")
    >>> near = gi.weigh.contiguity(place.regions)
    >>> local = gi.measure.local_moran(place.regions["city_population"], near, permutations=999)
    >>> [key.label for key in gi.draw.cluster_map(place.regions, local).legends[0].keys][0]
    'high among high'
    """
    polygons(regions)
    table, labels = _statistics(regions, clusters, max_q)
    words = labelled(labels, tuple(CLUSTER_WORDS))
    kinds = _kinds(words, labels)
    codes = words.map({kind: i for i, kind in enumerate(kinds)}).fillna(len(kinds)).astype(int)
    tips = lead_columns(regions).assign(Cluster=[CLUSTER_WORDS.get(w, "no data") for w in words])
    heading = legend or title or "Local clusters"
    return Layer(
        kind="fills",
        name=title or heading,
        shapes=bare_shapes(regions).assign(code=codes, dotted=False),
        legends=(Legend(heading, (*_cluster_keys(kinds, words), *_fills.missing_key(words))),),
        tips=tips if table is None else tips.join(_cells(table)),
        table=lead_columns(regions).rename(columns={"": "region"}).assign(cluster=words),
        described=_counts_in_words(kinds, words),
    )


def _statistics(
    regions: GeoDataFrame, clusters: pd.Series | pd.DataFrame | str, max_q: float
) -> tuple[pd.DataFrame | None, pd.Series]:
    """Return the table of a local statistic, where one was given, and the labels, both by region."""
    if not isinstance(clusters, pd.DataFrame):
        return None, placed(clusters, regions, what="clusters")
    from geoinno.classify import clusters as labels_of

    table = aligned(clusters, regions.index, what="clusters", against="regions")
    return table, labels_of(table, max_q=max_q)


def _cells(table: pd.DataFrame) -> pd.DataFrame:
    """Return what the tooltip says of a local statistic."""
    columns = [name for name in ("statistic", "lag", "p", "q") if name in table]
    return pd.DataFrame({name: values_in_words(table[name]) for name in columns}, index=table.index)


def _kinds(words: pd.Series, labels: pd.Series) -> list[str]:
    """Return the kinds of cluster the legend lists, in a fixed order, empty ones included."""
    given = list(labels.cat.categories) if isinstance(labels.dtype, pd.CategoricalDtype) else []
    spots = {"hot", "cold"} & {*given, *words.dropna()}
    wanted = ("hot", "cold") if spots else ("HH", "LL", "HL", "LH")
    alone = ("isolate",) if (words == "isolate").any() else ()
    return [*wanted, "not significant", *alone]


def _cluster_keys(kinds: list[str], words: pd.Series) -> list[Key]:
    """Return one key for each kind of cluster."""
    return [
        Key(
            CLUSTER_WORDS[k],
            palette.CLUSTERS[k],
            "open" if k == "isolate" else "",
            count=int((words == k).sum()),
        )
        for k in kinds
    ]


def _counts_in_words(kinds: list[str], words: pd.Series) -> str:
    """Return how many regions there are of each kind."""
    return ", ".join(f"{int((words == k).sum())} {CLUSTER_WORDS[k]}" for k in kinds) + "."
