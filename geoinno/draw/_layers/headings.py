"""Headings: what a layer is called where the reader gives no words, from the name of the column it shows."""

from __future__ import annotations

import re
from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING

from geoinno.draw._layers.phrases import Phrase

if TYPE_CHECKING:
    from collections.abc import Mapping

# Names as programs write them: letters, digits and underscores, without a blank.
_CODED = re.compile(r"[^\W\d_]\w*")
_UNITS: Mapping[str, str] = MappingProxyType(
    {"km2": "km²", "m2": "m²", "km3": "km³", "m3": "m³", "co2": "CO₂", "pct": "%", "percent": "%"}
)
# A long heading breaks after a comma or before a parenthesis; a unit alone stays with what it measures.
_CLAUSE = re.compile(r"(?<=,) (?=[^,]{8})|(?<=\S) (?=\([^)]{8})")
# Of these, the last of a name is what it is measured in, unless it is counted "per" one of them.
_MEASURES = frozenset({"km2", "m2", "km3", "m3", "pct", "percent", "km", "eur", "usd", "gbp"})
_ACRONYMS = frozenset(
    {"eu", "eur", "gbp", "gdp", "gni", "gnp", "gva", "hdi", "ict", "oecd", "uk", "us", "usa", "usd"}
)
# What tooltips and tables have besides the values.
_TAKEN = ("region", "country", "Rank")


@dataclass(frozen=True, slots=True)
class Heading:
    """What a layer shows: its words on the map, and the name of its numbers in the table."""

    words: str
    name: str

    @property
    def line(self) -> str:
        """The heading of its line in tooltips."""
        return _own(self.words)

    @property
    def column(self) -> str:
        """The column of its table."""
        return _own(self.name)

    def apart_from(self, other: Heading) -> Heading:
        """Return the heading of a second line that shall not replace the one of another of the same name."""
        if self.name != other.name:
            return self
        return Heading(f"{self.words} (colour)", f"{self.name} (colour)")

    @property
    def glossary(self) -> dict[str, str]:
        """What the column of the table is called on the map, where that is not its name."""
        return {} if self.words == self.name else {self.column: self.line}


def heading_of(given: str, name: object, usual: Phrase) -> Heading:
    """Return the words that are given, else those of a name of a column, else the usual ones."""
    if given or name is None or not str(name):
        return Heading(given or usual, given or usual)
    return Heading(begun(name), str(name))


def in_words(name: object) -> str:
    """Return the name of a column as a reader meets it within a line; what holds a blank is in words already.

    Examples
    --------
    >>> in_words("area_km2")
    'area (km²)'
    >>> in_words("gdp_per_km2")
    'GDP per km²'
    >>> in_words("Share of firms_total")
    'Share of firms_total'
    """
    if not _is_coded(name):
        return name if isinstance(name, str) else str(name)
    tokens = [token for token in str(name).split("_") if token]
    words = [_word(token) for token in tokens]
    if len(tokens) > 1 and tokens[-1].lower() in _MEASURES and tokens[-2].lower() != "per":
        words[-1] = f"({words[-1]})"
    return " ".join(words)


def begun(name: object) -> str:
    """Return the name of a column as a reader meets it where it begins a line."""
    words = in_words(name)
    return words[:1].upper() + words[1:] if _is_coded(name) else words


def clauses(words: str) -> list[str]:
    """Return the parts of a heading or label that had better stay together in a line; a blank joins them.

    Examples
    --------
    >>> clauses("Income, mean of states = 1")
    ['Income,', 'mean of states = 1']
    >>> clauses("Places (area = inflow + outflow)")
    ['Places', '(area = inflow + outflow)']
    >>> clauses("Change of welfare, %")
    ['Change of welfare, %']
    """
    return _CLAUSE.split(words)


def _is_coded(name: object) -> bool:
    """Tell whether a name is written as programs write them."""
    return not isinstance(name, Phrase) and _CODED.fullmatch(str(name)) is not None


def _own(heading: str) -> str:
    """Return the heading of values, apart from those that every tooltip or table has."""
    return f"{heading} (values)" if heading in _TAKEN else heading


def _word(token: str) -> str:
    """Return a part of a name as it is spelt in a text."""
    low = token.lower()
    if low in _UNITS:
        return _UNITS[low]
    return token.upper() if low in _ACRONYMS else token
