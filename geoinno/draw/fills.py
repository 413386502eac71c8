"""Fills: regions coloured by class."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from geoinno._contract import aligned, numbers, polygons
from geoinno.draw import palette
from geoinno.draw._layer import Key, Layer, Legend
from geoinno.draw._named import (
    bare_shapes,
    extremes_in_words,
    labelled,
    lead_columns,
    ranks_in_words,
    values_in_words,
)
from geoinno.draw._words import DASH, limits_in_words
from geoinno.errors import ColumnError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from geopandas import GeoDataFrame

    from geoinno.classify.breaks import Scheme

    Limits = tuple[float, ...]

_MOST_CLASSES = 7
_WIDE = 0.75
_LARGE = 100
_CLUSTER_WORDS = {
    "HH": "high among high",
    "LL": "low among low",
    "HL": "high among low",
    "LH": "low among high",
    "hot": "hot spot",
    "cold": "cold spot",
    "not significant": "not significant",
    "isolate": "no neighbour",
}


def choropleth(
    regions: GeoDataFrame,
    values: pd.Series,
    *,
    scheme: Scheme | Sequence[float] = "quantiles",
    count: int = 5,
    midpoint: float | None = None,
    uncertain: pd.Series | pd.DataFrame | None = None,
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
        Numbers by region id. Missing ones are hatched.
    scheme
        A scheme of `geoinno.classify.classes`, or the class limits themselves, from the lowest
        value to the highest.
    count
        Number of classes, at most 7.
    midpoint
        A meaningful middle (0, 1, a mean): a class limit in place of the nearest (of a given scheme,
        beside the others), from which colours diverge.
    uncertain
        Booleans by region id, or columns ``low`` and ``high`` of a 95% interval: dotted where it is
        wider than three quarters of the estimate.
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
        If values and regions speak of different regions.
    ColumnError
        If values are not numeric or all missing, or more than seven classes are asked.

    Examples
    --------
    >>> import geoinno as gi
    >>> place = gi.read.sample("central_asia")
    >>> layer = gi.draw.choropleth(place.regions, place.regions["primacy"], legend="Primacy")
    >>> len(layer.legends[0].keys)
    5
    """
    polygons(regions)
    placed = numbers(aligned(values, regions.index, what="regions"), missing=True)
    limits = _parted(_limits(placed, scheme, count), midpoint, kept=not isinstance(scheme, str))
    colours, muted = _coloured(limits, midpoint)
    heading = legend or title or str(values.name or "value")
    codes = _codes(placed, limits)
    dotted = _dotted(uncertain, placed)
    lead = lead_columns(regions)
    keys = (*_class_keys(limits, colours, codes), *_missing_key(placed), *_dotted_key(dotted))
    return Layer(
        kind="fills",
        name=title or heading,
        shapes=bare_shapes(regions).assign(code=codes, dotted=dotted),
        legends=(Legend(heading, keys),),
        tips=lead.assign(**{heading: values_in_words(placed)}).assign(Rank=ranks_in_words(placed)),
        table=lead.rename(columns={"": "region"}).assign(**{heading: placed}),
        muted=muted,
        described=extremes_in_words(regions, placed),
        concerns=_concerns(placed, heading, fewer=isinstance(scheme, str) and len(limits) - 1 < count),
    )


def cluster_map(
    regions: GeoDataFrame,
    clusters: pd.Series | pd.DataFrame,
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
        Labels by region id from `geoinno.classify.clusters`, or the table of a local statistic
        (`geoinno.measure.local_moran`, `local_getis_ord`), whose numbers then stand in the tooltip.
    max_q
        With a table: regions count as clusters up to this q-value.
    title
        What the layer shows, for the view switch.
    legend
        Title of the legend.

    Returns
    -------
    Layer
        All classes are in the legend, also the empty ones, so that colours never shift.

    Raises
    ------
    AlignmentError
        If clusters and regions speak of different regions.
    ColumnError
        If a label is none of the known kinds.

    Examples
    --------
    >>> import geoinno as gi
    >>> place = gi.read.sample("central_asia")
    >>> near = gi.weigh.contiguity(place.regions)
    >>> local = gi.measure.local_moran(place.regions["city_population"], near, permutations=999)
    >>> [key.label for key in gi.draw.cluster_map(place.regions, local).legends[0].keys][0]
    'high among high'
    """
    from geoinno.classify import clusters as clusters_of

    polygons(regions)
    placed = aligned(clusters, regions.index, what="regions")
    labels = clusters_of(placed, max_q=max_q) if isinstance(placed, pd.DataFrame) else placed
    words = labelled(labels, tuple(_CLUSTER_WORDS))
    kinds = _kinds(words, labels)
    codes = words.map({kind: i for i, kind in enumerate(kinds)}).fillna(len(kinds)).astype(int)
    tips = lead_columns(regions).assign(Cluster=[_CLUSTER_WORDS.get(w, "no data") for w in words])
    if isinstance(placed, pd.DataFrame):
        told = [c for c in ("statistic", "lag", "p", "q") if c in placed]
        tips[told] = pd.DataFrame({c: values_in_words(placed[c]) for c in told}, index=tips.index)
    heading = legend or title or "Local clusters"
    return Layer(
        kind="fills",
        name=title or heading,
        shapes=bare_shapes(regions).assign(code=codes, dotted=False),
        legends=(Legend(heading, (*_cluster_keys(kinds, words), *_missing_key(words))),),
        tips=tips,
        table=lead_columns(regions).rename(columns={"": "region"}).assign(cluster=words),
        described=_counts_in_words(kinds, words),
    )


def _limits(values: pd.Series, scheme: Scheme | Sequence[float], count: int) -> Limits:
    """Return class limits, from the scheme or as given."""
    from geoinno.classify import limits

    if count > _MOST_CLASSES:
        message = f"A choropleth shows at most {_MOST_CLASSES} classes; {count} were asked."
        raise ColumnError(message)
    return tuple(limits(values, scheme=scheme, count=count))


def _parted(limits: Limits, midpoint: float | None, *, kept: bool) -> Limits:
    """Return limits with the midpoint among them, in place of the nearest unless all are kept."""
    if midpoint is None or not limits[0] < midpoint < limits[-1]:
        return limits
    nearest = sorted(limits[1:-1], key=lambda limit: abs(limit - midpoint))[: 0 if kept else 1]
    return tuple(sorted({*limits} - {*nearest} | {midpoint}))


def _coloured(limits: Limits, midpoint: float | None) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return colours low to high, and the lighter colours for the ground of flows."""
    number_of = len(limits) - 1
    if midpoint is None:
        sequential, muted = palette.SEQUENTIAL, palette.SEQUENTIAL_MUTED
        return palette.ramp(sequential, number_of), palette.ramp(muted, number_of)
    below = sum(v < midpoint for v in limits[:-1])
    colours = palette.two_sided(below, number_of - below, neutral=False)
    return colours, colours


def _codes(values: pd.Series, limits: Limits) -> pd.Series:
    """Return the position of each region's class in the legend, the highest class first."""
    known = values.to_numpy()
    number_of = len(limits) - 1
    inner = np.searchsorted(np.asarray(limits[1:-1]), known, side="left")
    return pd.Series(np.where(np.isnan(known), number_of, number_of - 1 - inner), index=values.index)


def _class_keys(limits: Limits, colours: tuple[str, ...], codes: pd.Series) -> list[Key]:
    """Return one key for each class, the highest first."""
    words = limits_in_words(limits)
    spans = [f"{a} {DASH} {b}" for a, b in pairwise(words)]
    rows = zip(reversed(spans), reversed(colours), strict=True)
    return [Key(label, fill, count=int((codes == i).sum())) for i, (label, fill) in enumerate(rows)]


def _missing_key(values: pd.Series) -> list[Key]:
    """Return the hatched key, where a value is missing."""
    absent = int(values.isna().sum())
    return [Key("no data", palette.NO_DATA, "hatch", count=absent)] if absent else []


def _dotted_key(dotted: pd.Series) -> list[Key]:
    """Return the dotted key, where an estimate is uncertain."""
    return [Key("wide interval", palette.NO_DATA, "dots", count=int(dotted.sum()))] if dotted.any() else []


def _dotted(uncertain: pd.Series | pd.DataFrame | None, values: pd.Series) -> pd.Series:
    """Return where the estimate is too uncertain to be read off a colour."""
    if uncertain is None:
        return pd.Series(data=False, index=values.index)
    placed = aligned(uncertain, values.index, what="regions")
    if isinstance(placed, pd.Series):
        return placed.fillna(value=False).astype(bool) & values.notna()
    width = numbers(placed["high"], missing=True) - numbers(placed["low"], missing=True)
    return (width > _WIDE * values.abs()) & values.notna()


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
            _CLUSTER_WORDS[k],
            palette.CLUSTERS[k],
            "open" if k == "isolate" else "",
            count=int((words == k).sum()),
        )
        for k in kinds
    ]


def _counts_in_words(kinds: list[str], words: pd.Series) -> str:
    """Return how many regions there are of each kind."""
    return ", ".join(f"{int((words == k).sum())} {_CLUSTER_WORDS[k]}" for k in kinds) + "."


def _concerns(values: pd.Series, heading: str, *, fewer: bool) -> tuple[str, ...]:
    """Return what a careful reader should know of a choropleth."""
    concerns = []
    known = values.dropna()
    if (known == known.round()).all() and (known >= 0).all() and known.max() > _LARGE:
        concerns.append(
            f"{heading!r} looks like a count, and large regions draw the eye: divide by area or people."
        )
    if fewer:
        concerns.append(f"{heading!r} has fewer classes than asked: tied values are not split.")
    return tuple(concerns)
