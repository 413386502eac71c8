"""Alt texts and legends of maps, held against the tables behind them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import numpy as np

from geoinno.draw.web import number, numeral

if TYPE_CHECKING:
    from collections.abc import Iterator

    import pandas as pd

    from geoinno.draw import Layer, Sheet

# How many of the largest values a description names.
_NAMED = 2
_BRACKETS = re.compile(r"\([^()]*\)")
# A number as a map writes it: thousands parted by a narrow blank, a decimal mark, the word for its size.
_NUMBER = re.compile(r"\u2212?\d+(?:\u202f\d{3})*(?:[.,]\d+)?(?:\u202f[^\W\d_][\w. ]*?(?=\)|$))?")


def objections(sheet: Sheet) -> list[str]:
    """Return what the tables of a map say against its alt text and its legends; nothing if both are true."""
    return [words for layer in sheet.layers for words in _of_layer(sheet, layer)]


def _of_layer(sheet: Sheet, layer: Layer) -> Iterator[str]:
    """Yield what the table of a layer says against its words."""
    if layer.described and layer.described not in sheet.alt:
        yield f"The alt text of {sheet.title!r} lacks {layer.described!r}."
    values = {numeral(number(float(v)), sheet.lang) for v in _numbers(layer.table)}
    counts = {str(n) for n in [*_counts(layer.table), *_unnamed(layer)]}
    words = _without_names(sheet, layer)
    named = (text for bracket in _BRACKETS.findall(words) for text in _NUMBER.findall(bracket))
    for text in (text for text in named if text not in values | counts):
        yield f"{layer.described!r} says {text}, which is not in the table of {layer.name!r}."
    for text in re.findall(r"\d+", _BRACKETS.sub("", words)):
        if text not in counts:
            yield f"{layer.described!r} counts {text}, the table of {layer.name!r} does not."
    lacking = (extreme for extreme in _extremes(sheet, layer) if extreme not in layer.described)
    yield from (f"{layer.described!r} lacks {e!r}, an extreme of {layer.name!r}." for e in lacking)
    yield from _of_classes(layer) if layer.limits else _of_kinds(layer)


def _extremes(sheet: Sheet, layer: Layer) -> Iterator[str]:
    """Yield the largest values of a layer, and the lowest of fills, as its description must have them."""
    numbers = layer.table.select_dtypes("number")
    if numbers.empty or not (layer.limits or (layer.kind != "fills" and _BRACKETS.search(layer.described))):
        return
    values = numbers.iloc[:, -1 if layer.limits else 0].dropna().sort_values(ascending=False, kind="stable")
    ends = [*range(min(_NAMED, len(values))), *([-1] if layer.limits and len(values) else [])]
    # Borders are called by the regions on both sides, which other layers name; arrows by where they lead.
    called = "" if layer.kind == "lines" else "to" if "to" in layer.table else layer.table.columns[0]
    for end in ends:
        name = f"{layer.table[called].iloc[layer.table.index.get_loc(values.index[end])]} " if called else ""
        yield f"{name}({numeral(number(float(values.iloc[end])), sheet.lang)})"


def _of_classes(layer: Layer) -> Iterator[str]:
    """Yield which classes of a legend hold another number of regions than the table."""
    values = layer.table[layer.table.select_dtypes("number").columns[-1]].dropna().to_numpy(float)
    place = np.searchsorted(np.asarray(layer.limits[1:-1]), values, side="left")
    expected = np.bincount(place, minlength=len(layer.limits) - 1)[::-1]
    for key, count in zip(layer.legends[0].keys, expected, strict=False):
        if key.count != count:
            yield f"The class {key.label} of {layer.name!r} counts {key.count}, the table {count}."


def _of_kinds(layer: Layer) -> Iterator[str]:
    """Yield which kinds of region a legend, or the description, counts otherwise than the table."""
    keys = [key for key in layer.legends[0].keys if not key.pattern] if layer.kind == "fills" else []
    labels = [key.label for key in keys]
    for name in layer.table.select_dtypes(exclude="number"):
        cells = [layer.glossary.get(cell, cell) for cell in layer.table[name]]
        if not set(cells) & set(labels):
            continue
        for key in keys:
            count = cells.count(key.label)
            if key.count != count or (count and f"{key.label} ({count}" not in layer.described):
                yield f"{layer.name!r} does not count {count} of {key.label}, as its table does."


def _numbers(table: pd.DataFrame) -> Iterator[float]:
    """Yield the numbers of a table."""
    for column in table.select_dtypes("number"):
        yield from table[column].dropna()


def _counts(table: pd.DataFrame) -> Iterator[int]:
    """Yield how many rows are of each label, and how many lack a value."""
    for column in table.select_dtypes(exclude="number"):
        yield from table[column].value_counts()
    for column in table:
        yield int(table[column].isna().sum())


def _unnamed(layer: Layer) -> Iterator[int]:
    """Yield how many links between regions are not named, of those that a description names some of."""
    if layer.straight and "link" in layer.table:
        yield sum(str(link) not in layer.described for link in layer.table["link"])


def _without_names(sheet: Sheet, layer: Layer) -> str:
    """Return a description without the names of regions and classes, which may hold numbers.

    Borders are described by the names of the regions on both sides, which stand in other layers.
    """
    labels = (key.label for legend in layer.legends for key in legend.keys)
    names = {label for label in labels if not _NUMBER.fullmatch(label)}
    for one in sheet.layers:
        for table in (one.table, one.tips):
            for column in table.select_dtypes(exclude="number"):
                names |= {str(cell) for cell in table[column].dropna() if not _NUMBER.fullmatch(str(cell))}
    words = layer.described
    for name in sorted(names - {""}, key=len, reverse=True):
        words = words.replace(name, "")
    return words
