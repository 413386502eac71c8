"""Regions coloured by class of a number: limits, colours, keys and words."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from geoinno._contract import aligned, finite_number, named, numbers, polygons, whole
from geoinno.draw import palette
from geoinno.draw._layers.class_words import class_words, own_words
from geoinno.draw._layers.diverging import two_sided
from geoinno.draw._layers.headings import Heading, heading_of
from geoinno.draw._layers.layer import Key, Layer, Legend
from geoinno.draw._layers.names import (
    aliases,
    bare_shapes,
    extremes_in_words,
    flags,
    lead_columns,
    ranks_in_words,
    values_in_words,
)
from geoinno.draw._layers.phrases import Phrase
from geoinno.errors import ColumnError, OptionError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from geopandas import GeoDataFrame

    from geoinno.classify.breaks import Scheme
    from geoinno.draw._layers.diverging import Midpoint
    from geoinno.draw._layers.notation import Numerals

    Limits = tuple[float, ...]

_MOST_CLASSES = 7
_WIDE = 0.75
_LARGE = 100


@dataclass(frozen=True, slots=True)
class Classes:
    """How numbers become classes and colours; see `geoinno.draw.choropleth`."""

    scheme: Scheme | Sequence[float]
    count: int
    midpoint: Midpoint | None = None
    palette: str | Sequence[str] = palette.DEFAULT
    # The values of all maps that share these classes, where ``scheme`` holds the limits found from them.
    pooled: pd.Series | None = None
    # Whether the limits that they share are the reader's own.
    own: bool = False


def classed(
    regions: GeoDataFrame,
    values: pd.Series | str,
    *,
    classes: Classes,
    uncertain: pd.Series | pd.DataFrame | str | None = None,
    title: str = "",
    legend: str = "",
) -> Layer:
    """Return the layer of a choropleth; see `geoinno.draw.choropleth`."""
    polygons(regions)
    placed = numbers(values, regions=regions, missing=True)
    scheme, count, midpoint = classes.scheme, classes.count, classes.midpoint
    limits = _parted(_found(placed, classes), midpoint, kept=not isinstance(scheme, str))
    colours, muted = _coloured(limits, classes)
    heading = heading_of(legend or title, placed.name, Phrase("value"))
    codes = _codes(placed, limits)
    dotted = _dotted(uncertain, regions, placed)
    lead = lead_columns(regions)
    words = _class_words(limits, placed, classes)
    keys = (*_class_keys(words.words, colours, codes), *missing_key(placed), *_dotted_key(dotted))
    return Layer(
        kind="fills",
        name=title or heading.words,
        aliases=aliases(regions),
        limits=limits,
        shapes=bare_shapes(regions).assign(code=codes, dotted=dotted),
        legends=(Legend(heading.words, keys, factor=words.factor),),
        tips=_tips(lead, placed, heading),
        table=lead.rename(columns={"": "region"}).assign(**{heading.column: placed}),
        glossary=heading.glossary,
        muted=muted,
        described=extremes_in_words(regions, placed),
        concerns=_concerns(placed, heading.words, fewer=isinstance(scheme, str) and len(limits) - 1 < count),
    )


def _tips(lead: pd.DataFrame, values: pd.Series, heading: Heading) -> pd.DataFrame:
    """Return the lines of the tooltips: the value and its place among all."""
    lines = {heading.column: values_in_words(values), "Rank": ranks_in_words(values)}
    return lead.assign(**lines)


def missing_key(values: pd.Series) -> list[Key]:
    """Return the hatched key, where a value is missing."""
    absent = int(values.isna().sum())
    return [Key(Phrase("no data"), palette.NO_DATA, "hatch", count=absent)] if absent else []


def _found(values: pd.Series, classes: Classes) -> Limits:
    """Return class limits: those that all maps share, or those of this one."""
    if classes.pooled is None or isinstance(classes.scheme, str):
        return class_limits(values, classes.scheme, classes.count)
    return tuple(classes.scheme)


def class_limits(values: pd.Series, scheme: Scheme | Sequence[float], count: int) -> Limits:
    """Return class limits, from the scheme or as given; one value twice, where there is no other."""
    from geoinno.classify import limits

    if whole(count, name="count") > _MOST_CLASSES:
        message = f"A choropleth shows at most {_MOST_CLASSES} classes; {count} were requested."
        raise OptionError(message)
    known = values.dropna().unique()
    if isinstance(scheme, str) and len(known) == 1:
        # One value, as of a single region, is a class of its own.
        return (float(known[0]), float(known[0]))
    return tuple(limits(values, scheme=scheme, count=count))


def _parted(limits: Limits, midpoint: Midpoint | None, *, kept: bool) -> Limits:
    """Return limits with the midpoint among them, in place of the nearest unless all are kept.

    A pair bounds one class of its own, within which no other limit is left.
    """
    if isinstance(midpoint, tuple):
        low, high = midpoint
        inner = {v for v in midpoint if limits[0] < v < limits[-1]}
        outer = {v for v in limits[1:-1] if not low <= v <= high}
        return tuple(sorted({limits[0], *inner, *outer, limits[-1]}))
    if midpoint is None or not limits[0] < finite_number(midpoint, name="midpoint") < limits[-1]:
        return limits
    nearest = sorted(limits[1:-1], key=lambda limit: abs(limit - midpoint))[: 0 if kept else 1]
    return tuple(sorted({*limits} - {*nearest} | {midpoint}))


def _coloured(limits: Limits, classes: Classes) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return colours low to high, and the lighter colours for the ground of flows."""
    number_of, midpoint = len(limits) - 1, classes.midpoint
    if midpoint is None:
        tones = palette.sequential(classes.palette)
        return palette.ramp(tones, number_of), palette.ramp(palette.muted(tones), number_of)
    colours = two_sided(limits, midpoint, palette.diverging(classes.palette))
    return colours, colours


def _codes(values: pd.Series, limits: Limits) -> pd.Series:
    """Return the position of each region's class in the legend, the highest class first."""
    known = values.to_numpy()
    number_of = len(limits) - 1
    inner = np.searchsorted(np.asarray(limits[1:-1]), known, side="left")
    return pd.Series(np.where(np.isnan(known), number_of, number_of - 1 - inner), index=values.index)


def _class_words(limits: Limits, values: pd.Series, classes: Classes) -> Numerals:
    """Return the words of each class, the lowest first: a user's own limits are kept as they are."""
    found = (values if classes.pooled is None else classes.pooled).dropna()
    if classes.own or (classes.pooled is None and not isinstance(classes.scheme, str)):
        return own_words(limits, found.to_numpy())
    codes = len(limits) - 2 - _codes(found, limits).to_numpy()
    return class_words(limits, found.to_numpy(), codes, counted=classes.midpoint is None)


def _class_keys(words: Sequence[str], colours: tuple[str, ...], codes: pd.Series) -> list[Key]:
    """Return one key for each class, the highest first."""
    rows = zip(reversed(words), reversed(colours), strict=True)
    return [Key(label, fill, count=int((codes == i).sum())) for i, (label, fill) in enumerate(rows)]


def _dotted_key(dotted: pd.Series) -> list[Key]:
    """Return the dotted key, where an estimate is uncertain."""
    if not dotted.any():
        return []
    return [Key(Phrase("wide interval"), palette.NO_DATA, "dots", count=int(dotted.sum()))]


def _dotted(
    uncertain: pd.Series | pd.DataFrame | str | None, regions: GeoDataFrame, values: pd.Series
) -> pd.Series:
    """Return where the estimate is too uncertain for its class to be trusted."""
    if uncertain is None:
        return pd.Series(data=False, index=values.index)
    if not isinstance(uncertain, pd.DataFrame):
        return flags(uncertain, regions, what="uncertain") & values.notna()
    absent = [side for side in ("low", "high") if side not in uncertain.columns]
    if absent:
        message = f"The table of intervals has no column {named(absent)}; it needs low and high."
        raise ColumnError(message)
    interval = aligned(uncertain, values.index, what="intervals", against="regions")
    width = numbers(interval["high"], missing=True) - numbers(interval["low"], missing=True)
    return (width > _WIDE * values.abs()) & values.notna()


def _concerns(values: pd.Series, heading: str, *, fewer: bool) -> tuple[str, ...]:
    """Return what a careful reader should know of a choropleth."""
    concerns = []
    known = values.dropna()
    if (known == known.round()).all() and (known >= 0).all() and known.max() > _LARGE:
        concerns.append(
            f"{heading!r} looks like a count, which makes large regions stand out: divide it by "
            "area or population."
        )
    if fewer:
        concerns.append(f"{heading!r} has fewer classes than requested: tied values are not split.")
    return tuple(concerns)
