"""The words that geoinno itself puts into legends, tooltips and tables, in the language of the sheet."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

import pandas as pd

from geoinno._language import ENGLISH, translated
from geoinno.draw._layers.phrases import SCALE_WORDS, Phrase, in_language, numeral
from geoinno.draw._layers.words import WORDS

if TYPE_CHECKING:
    from collections.abc import Mapping

    from geoinno.draw._layers.layer import Layer, Legend, Square

# The headings of columns, and the cells, that are the same on many maps.
COLUMNS = (
    *("country", "region", "border", "borders off the map", "pole", "link", "kind", "length, km", "Rank"),
    *("Cluster", "cluster", "Class", "statistic", "lag", "agreement", "moved, km", "both pull equally"),
    *("from", "to", "value", "flow", "opposite direction", "share of the origin's outflow"),
    *("inflow", "outflow", "net", "support", "supports", "activity", "partner", "priority"),
)
CELLS = ("no data", "unknown", "domestic", "foreign")
# Columns of names: whatever they hold is not geoinno's to translate.
_NAMES = ("", "country", "region", "activity", "partner", "from", "to", "border", "pole")
_NUMBER_CELL = re.compile(r'(?<=<td class="gi-number">)[^<]*')
# A rank is a whole cell.
_RANK = re.compile(r"(?<=\d) of (?=\d+$)")


def layer(drawn: Layer, lang: str) -> Layer:
    """Return a layer with legends, tooltips and description in a language."""
    if lang == ENGLISH:
        return replace(drawn, tips=drawn.tips.rename(columns=drawn.glossary)) if drawn.glossary else drawn
    own = {name: in_language(words, lang) for name, words in drawn.glossary.items()}
    words = _glossary(drawn, lang) | own
    tips = drawn.tips.apply(lambda cells: _cells(cells, words, lang))
    return replace(
        drawn,
        name=in_language(drawn.name, lang),
        legends=tuple(_legend(legend, lang) for legend in drawn.legends),
        tips=tips.rename(columns=words),
        described=in_language(drawn.described, lang),
        glossary=words,
    )


def table(html: str, lang: str) -> str:
    """Return a table in HTML with its numbers as a language writes them."""
    return _NUMBER_CELL.sub(lambda found: numeral(found[0], lang), html)


def tips(cells: pd.DataFrame, lang: str) -> pd.DataFrame:
    """Return tooltips that are written when the scene is known, with their headings, in a language."""
    if lang == ENGLISH:
        return cells
    words = {text: translated(text, lang) for text in (*COLUMNS, *CELLS)}
    return cells.apply(lambda column: _cells(column, words, lang)).rename(columns=words)


def scales(lang: str) -> list[str]:
    """Return the words for millions, billions and trillions in a language."""
    return [translated(word, lang) for word in reversed(SCALE_WORDS)]


def columns(numbers: pd.DataFrame, words: Mapping[str, str]) -> pd.DataFrame:
    """Return a table with its headings, and the cells of labels, in the words of a glossary."""
    written = numbers.copy()
    for name in numbers.select_dtypes(exclude="number").columns.difference([*_NAMES], sort=False):
        written[name] = [words.get(cell, cell) for cell in numbers[name]]
    return written.rename(columns=words)


def _glossary(drawn: Layer, lang: str) -> dict[str, str]:
    """Return what stands in the columns and cells of a layer, in a language.

    A heading that is the title of a legend is the user's own, unless the legend is geoinno's.
    """
    own = {str(text) for legend in drawn.legends for text in _texts(legend) if not isinstance(text, Phrase)}
    known = {text: translated(text, lang) for text in (*COLUMNS, *CELLS) if text not in own}
    phrases = (text for legend in drawn.legends for text in _texts(legend) if isinstance(text, Phrase))
    return known | {str(text): text.written(lang) for text in phrases}


def _texts(legend: Legend) -> list[str]:
    """Return the title and the labels of a legend."""
    return [legend.title, *(key.label for key in legend.keys)]


def _legend(legend: Legend, lang: str) -> Legend:
    """Return a legend in a language."""
    keys = tuple(replace(key, label=_words(key.label, lang)) for key in legend.keys)
    title, note = in_language(legend.title, lang), in_language(legend.note, lang)
    return replace(legend, title=title, keys=keys, note=note, square=_square(legend.square, lang))


def _square(square: Square | None, lang: str) -> Square | None:
    """Return a square legend whose limits have the marks of a language."""
    if square is None:
        return None
    across, up = (
        tuple(numeral(limit, lang) for limit in limits) for limits in (square.across_limits, square.up_limits)
    )
    return replace(square, across_limits=across, up_limits=up)


def _words(cell: str, lang: str) -> str:
    """Return a label or cell in a language: a phrase, a number, or what the user wrote."""
    return cell.written(lang) if isinstance(cell, Phrase) else numeral(cell, lang)


def _cells(cells: pd.Series, words: Mapping[str, str], lang: str) -> pd.Series:
    """Return the cells of a tooltip in a language."""
    if cells.name in {"", "country"}:
        return cells
    written = [None if pd.isna(cell) else _cell(cell, words, lang) for cell in cells]
    if cells.name == "Rank":
        of_all = f" {WORDS[lang]['of']} "
        written = [w if w is None else _RANK.sub(of_all, w) for w in written]
    return pd.Series(written, index=cells.index, name=cells.name, dtype="object")


def _cell(cell: object, words: Mapping[str, str], lang: str) -> str:
    """Return a cell of a tooltip in a language."""
    if isinstance(cell, Phrase):
        return cell.written(lang)
    text = str(cell)
    return words[text] if text in words else numeral(text, lang)
