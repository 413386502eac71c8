"""The words that geoinno itself puts into legends, tooltips and tables, in the language of the sheet."""

from __future__ import annotations

import re
from dataclasses import replace
from types import MappingProxyType
from typing import TYPE_CHECKING

import pandas as pd

from geoinno.draw._layers.words import THIN, WORDS

if TYPE_CHECKING:
    from collections.abc import Mapping

    from geoinno.draw._layers.layer import Layer, Legend

_SCALES: Mapping[str, Mapping[str, str]] = MappingProxyType(
    {"ru": MappingProxyType({"trillion": "трлн", "billion": "млрд", "million": "млн"})}
)
# A scale follows the number that it belongs to after a narrow blank, so that no word of the reader's is taken
# for one. A rank is a whole cell.
_SCALE = re.compile(rf"(?<=\d{THIN})(?:trillion|billion|million)\b")
_RANK = re.compile(r"(?<=\d) of (?=\d+$)")


def text(words: str, lang: str) -> str:
    """Return a text with the scales of its numbers in a language."""
    scales = _SCALES.get(lang)
    return words if scales is None else _SCALE.sub(lambda found: scales[found[0]], words)


def layer(drawn: Layer, lang: str) -> Layer:
    """Return a layer with legends, tooltips and description in a language."""
    if lang not in _SCALES:
        return drawn
    ranks = {name: WORDS[lang]["rank"] for name in drawn.tips.columns if name == WORDS["en"]["rank"]}
    tips = drawn.tips.rename(columns=ranks)
    return replace(
        drawn,
        legends=tuple(_legend(legend, lang) for legend in drawn.legends),
        tips=tips.apply(lambda cells: _cells(cells, lang)),
        described=text(drawn.described, lang),
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
    return WORDS[lang]["no data"] if words == missing else text(words, lang)
