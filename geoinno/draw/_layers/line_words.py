"""The words of lines: the sharpest borders by the names on both sides, and the arrows of displacement."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pandas as pd

from geoinno.draw._layers.phrases import Phrase, joined

if TYPE_CHECKING:
    from collections.abc import Iterable

    from geoinno._types import Bools
    from geoinno.draw._layers.layer import Layer

_MOST_LISTED = 2
_MOST_NAMED = 3
MOVED = "moved, km"


def arrows_in_words(moved: pd.Series) -> Phrase:
    """Return how many arrows there are and how far the longest reaches, in one sentence."""
    return Phrase("{n:arrow|arrows}, the longest {km:.0f} km.", n=len(moved), km=float(moved.max()))


def with_arrows(layer: Layer, drawn: Bools) -> Layer:
    """Return a layer of arrows with those alone that stay on the map, and a note that names the others."""
    if drawn.all():
        return layer
    shapes, (legend, *others) = layer.shapes[drawn], layer.legends
    names = [str(name) for name in layer.tips.loc[~drawn, ""]]
    rest, first = len(names) - _MOST_NAMED, ", ".join(names[:_MOST_NAMED])
    left_out = Phrase(
        "{n:arrow that leaves its inset is|arrows that leave their insets are} not drawn: {names}.",
        n=len(names),
        names=Phrase("{first} and {more} more", first=first, more=rest) if rest > 0 else first,
    )
    keys = tuple(replace(key, count=int((shapes["fill"] == key.fill).sum())) for key in legend.keys)
    note = joined([part for part in (legend.note, left_out) if part])
    return replace(
        layer,
        shapes=shapes,
        tips=layer.tips[drawn],
        legends=(replace(legend, keys=keys, note=note), *others),
        described=arrows_in_words(layer.table.loc[shapes.index, MOVED]) if len(shapes) else "",
    )


def sharpest_in_words(first: pd.Series, second: pd.Series, level: pd.Series) -> Phrase:
    """Return the sharpest borders in one sentence."""
    top = level.sort_values(ascending=False, kind="stable").head(_MOST_LISTED)
    ends = zip(first.loc[top.index], second.loc[top.index], top, strict=True)
    borders = tuple(
        Phrase("{first} to {second} ({value})", first=str(a), second=str(b), value=float(v))
        for a, b, v in ends
    )
    return Phrase("sharpest {borders}.", borders=borders)


def with_names(layer: Layer, fills: Iterable[Layer]) -> Layer:
    """Return lines described by the names of the regions on both sides, where a layer of fills has them."""
    heading = layer.legends[0].title if layer.legends else ""
    columns = map(str, layer.table)
    column = next((name for name in columns if layer.glossary.get(name, name) == heading), None)
    if layer.kind != "lines" or layer.straight or column is None:
        return layer
    level = layer.table[column].reindex(layer.shapes.index).dropna()
    ends = layer.shapes.loc[level.index, ["first", "second"]]
    every = pd.concat([ends["first"], ends["second"]])
    known = (fill.tips[""] for fill in fills if every.isin(fill.tips.index).all())
    called = next(known, None)
    if called is None or level.empty:
        return layer
    first, second = (ends[side].map(called) for side in ends)
    return replace(layer, described=sharpest_in_words(first, second, level))
