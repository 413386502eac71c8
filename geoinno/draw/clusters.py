"""Clusters: regions filled by the kind of local cluster they belong to."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from geoinno._contract import aligned, polygons, positive
from geoinno.draw import palette
from geoinno.draw._layers.classed import missing_key
from geoinno.draw._layers.layer import Key, Layer, Legend
from geoinno.draw._layers.names import (
    aliases,
    bare_shapes,
    counted,
    labelled,
    lead_columns,
    placed,
    values_in_words,
)
from geoinno.draw._layers.phrases import Phrase
from geoinno.draw._layers.words import CLUSTER_WORDS
from geoinno.errors import OptionError

if TYPE_CHECKING:
    from geopandas import GeoDataFrame

_FAMILIES = (("HH", "LL", "HL", "LH"), ("hot", "cold"), ("alike", "unlike"))
_PALE = " alone"


def cluster_map(
    regions: GeoDataFrame,
    clusters: pd.Series | pd.DataFrame | str,
    *,
    max_q: float = 0.05,
    max_p: float = 0.05,
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
        With a table: regions count as clusters up to this q-value, which allows for the test of every
        region.
    max_p
        With a table: regions above ``max_q``, but up to this p-value, are drawn in a paler colour:
        significant by themselves, not among all. With 0 there is no such level.
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
    OptionError
        If ``max_q`` or ``max_p`` lies outside 0 to 1.

    References
    ----------
    Anselin, L. (1995). Local indicators of spatial association: LISA. Geographical Analysis 27(2), 93-115.
    doi:10.1111/j.1538-4632.1995.tb00338.x

    Caldas de Castro, M. and Singer, B. H. (2006). Controlling the false discovery rate. Geographical Analysis
    38(2), 180-208. doi:10.1111/j.0016-7363.2006.00682.x

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
    if positive(max_p, name="max_p", zero=True) > 1:
        message = f"max_p must lie between 0 and 1; {max_p!r} was given."
        raise OptionError(message)
    table, words = _statistics(regions, clusters, max_q=max_q, max_p=max_p)
    levels = _levels(words, paler=table is not None and max_p > 0)
    codes = words.map({kind: i for i, kind in enumerate(levels)}).fillna(len(levels)).astype(int)
    label = {kind: _label(kind, max_p) for kind in levels}
    tips = lead_columns(regions).assign(Cluster=[label.get(w, "no data") for w in words])
    heading = legend or title or Phrase("Local clusters")
    keys = [_key(kind, label[kind], int((words == kind).sum())) for kind in levels]
    note = _note(words, max_q=max_q, max_p=max_p) if any(kind.endswith(_PALE) for kind in levels) else ""
    return Layer(
        kind="fills",
        name=title or heading,
        aliases=aliases(regions),
        shapes=bare_shapes(regions).assign(code=codes, dotted=False),
        legends=(Legend(heading, (*keys, *missing_key(words)), note),),
        tips=tips if table is None else tips.join(_cells(table)),
        table=lead_columns(regions).rename(columns={"": "region"}).assign(cluster=words.map(label)),
        described=counted([(key.label, key.count or 0) for key in keys]),
    )


def _statistics(
    regions: GeoDataFrame, clusters: pd.Series | pd.DataFrame | str, *, max_q: float, max_p: float
) -> tuple[pd.DataFrame | None, pd.Series]:
    """Return the table of a local statistic, where one was given, and the kind of each region."""
    if not isinstance(clusters, pd.DataFrame):
        return None, labelled(placed(clusters, regions, what="clusters"), tuple(CLUSTER_WORDS))
    from geoinno.classify import clusters as labels_of

    table = aligned(clusters, regions.index, what="clusters", against="regions")
    words = labels_of(table, max_q=max_q).astype("object")
    if "p" not in table.columns:
        return table, words
    # Whatever its q-value: labels at a level of one say on which side every region lies.
    sides = labels_of(table.assign(q=table["q"].where(table["q"].isna(), 0.0)), max_q=max_q).astype("object")
    pale = (words == "not significant") & (table["p"] <= max_p)
    return table, words.where(~pale, sides + _PALE)


def _cells(table: pd.DataFrame) -> pd.DataFrame:
    """Return what the tooltip says of a local statistic."""
    columns = [name for name in ("statistic", "lag", "p", "q") if name in table]
    return pd.DataFrame({name: values_in_words(table[name]) for name in columns}, index=table.index)


def _levels(words: pd.Series, *, paler: bool) -> list[str]:
    """Return the kinds of cluster that the legend lists, in a fixed order, empty ones included."""
    known = {str(word).removesuffix(_PALE) for word in words.dropna()}
    kinds = next((family for family in _FAMILIES if known & set(family)), _FAMILIES[0])
    pale = [kind + _PALE for kind in kinds] if paler else []
    alone = ("isolate",) if (words == "isolate").any() else ()
    return [*kinds, *pale, "not significant", *alone]


def _label(kind: str, max_p: float) -> str:
    """Return what a kind of cluster is called; the paler level says by which value it is significant."""
    plain = Phrase(CLUSTER_WORDS[kind.removesuffix(_PALE)])
    if not kind.endswith(_PALE):
        return plain
    return Phrase("{kind}, p\u00a0\u2264\u00a0{level} alone", kind=plain, level=float(max_p))


def _key(kind: str, label: str, count: int) -> Key:
    """Return the key of one kind of cluster."""
    plain = kind.removesuffix(_PALE)
    tone = palette.CLUSTERS_PALE[plain] if kind.endswith(_PALE) else palette.CLUSTERS[plain]
    return Key(label, tone, "open" if kind == "isolate" else "", count=count)


def _note(words: pd.Series, *, max_q: float, max_p: float) -> str:
    """Return what the two levels mean, and how many regions would reach the paler one by chance."""
    tested = int((words.notna() & (words != "isolate")).sum())
    return Phrase(
        "Strong colours: q\u00a0\u2264\u00a0{max_q}, adjusted because every region is tested. Pale colours: "
        "p\u00a0\u2264\u00a0{max_p} alone, which about {chance} of {tested:region|regions} would reach by "
        "chance.",
        max_q=float(max_q),
        max_p=float(max_p),
        chance=round(max_p * tested),
        tested=tested,
    )
