"""The words of lines along borders: which are the sharpest, by the names of the regions on both sides."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pandas as pd

from geoinno.draw._layers.phrases import Phrase

if TYPE_CHECKING:
    from collections.abc import Iterable

    from geoinno.draw._layers.layer import Layer

_MOST_LISTED = 2


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
