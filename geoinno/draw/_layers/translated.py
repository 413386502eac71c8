"""The words that geoinno itself puts into legends, tooltips and tables, in the language of the sheet."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

import pandas as pd

from geoinno._language import ENGLISH, decimal_mark, translated
from geoinno.draw._layers.words import THIN, WORDS

if TYPE_CHECKING:
    from geoinno.draw._layers.layer import Layer, Legend

_SCALE_WORDS = ("trillion", "billion", "million")
_DECIMAL = re.compile(r"(?<=\d)\.(?=\d)")
# What is no part of a number, once its scale is gone: of a cell with any of it, the marks stay as they are.
_OTHER = re.compile(r"[^\W\d_]")
_BRACKETS = re.compile(r"\([^()]*\)")
_NUMBER_CELL = re.compile(r'(?<=<td class="gi-number">)[^<]*')
# A scale follows the number that it belongs to after a narrow blank, so that no word of the reader's is taken
# for one. A rank is a whole cell.
_SCALE = re.compile(rf"(?<=\d{THIN})(?:trillion|billion|million)\b")
_RANK = re.compile(r"(?<=\d) of (?=\d+$)")


def text(words: str, lang: str) -> str:
    """Return a text with the scales of its numbers in a language."""
    return words if lang == ENGLISH else _SCALE.sub(lambda found: translated(found[0], lang), words)


def decimals(words: str, lang: str) -> str:
    """Return a number, a range or any cell without words of its own with the decimal mark of a language."""
    bare = words
    for scale in _SCALE_WORDS:
        bare = bare.replace(f"{THIN}{scale}", "")
    mark = decimal_mark(lang)
    return words if mark == "." or _OTHER.search(bare) else _DECIMAL.sub(mark, words)


def sentence(words: str, lang: str) -> str:
    """Return a sentence with the numbers in its brackets as a language writes them."""
    return text(_BRACKETS.sub(lambda found: decimals(found[0], lang), words), lang)


def table(html: str, lang: str) -> str:
    """Return a table in HTML with its numbers as a language writes them."""
    return text(_NUMBER_CELL.sub(lambda found: decimals(found[0], lang), html), lang)


def layer(drawn: Layer, lang: str) -> Layer:
    """Return a layer with legends, tooltips and description in a language."""
    if lang == ENGLISH:
        return drawn
    ranks = {name: WORDS[lang]["rank"] for name in drawn.tips.columns if name == WORDS["en"]["rank"]}
    tips = drawn.tips.rename(columns=ranks)
    return replace(
        drawn,
        legends=tuple(_legend(legend, lang) for legend in drawn.legends),
        tips=tips.apply(lambda cells: _cells(cells, lang)),
        described=sentence(drawn.described, lang),
    )


def _legend(legend: Legend, lang: str) -> Legend:
    """Return a legend in a language."""
    keys = tuple(replace(key, label=_cell(key.label, lang)) for key in legend.keys)
    return replace(legend, keys=keys, note=text(legend.note, lang))


def _cells(cells: pd.Series, lang: str) -> pd.Series:
    """Return the cells of a tooltip in a language."""
    rank = cells.name == WORDS[lang]["rank"]
    words = [None if pd.isna(cell) else _cell(str(cell), lang) for cell in cells]
    if rank:
        words = [w if w is None else _RANK.sub(f" {WORDS[lang]['of']} ", w) for w in words]
    return pd.Series(words, index=cells.index, name=cells.name, dtype="object")


def _cell(words: str, lang: str) -> str:
    """Return a cell or label in a language."""
    missing = WORDS["en"]["no data"]
    return WORDS[lang]["no data"] if words == missing else text(decimals(words, lang), lang)
