"""Units: how they stand after numbers and in legends, and what counts in millions already."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING

from geoinno._language import percent_mark, translated

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pandas as pd

MILLION = 1e6
_NO_BREAK = "\u00a0"
_WORDS: Mapping[float, str] = MappingProxyType(
    {1e3: "thousand", 1e6: "million", 1e9: "billion", 1e12: "trillion"}
)
# The size that a unit has by its first or last word: "million euros", "EUR bn", "тыс. чел.".
_SIZES: Mapping[str, float] = MappingProxyType(
    {
        **dict.fromkeys(("thousand", "thousands", "тыс", "тысяч", "тысячи"), 1e3),
        **dict.fromkeys(("million", "millions", "mln", "mn", "mio", "млн", "миллионов"), 1e6),
        **dict.fromkeys(("billion", "billions", "bn", "mrd", "млрд", "миллиардов"), 1e9),
        **dict.fromkeys(("trillion", "trillions", "tn", "трлн", "триллионов"), 1e12),
    }
)


def units_of(given: Mapping[str, str], value: str) -> dict[str, str]:
    """Return units by column; that of the flows, whose column may be called otherwise, under ``value``."""
    return {**given, **({"value": given[value]} if value in given else {})}


def is_scaled(unit: str) -> bool:
    """Return whether a unit is a multiple, so that no "million" may stand before it."""
    return bool(_place(unit)) or unit[:1].isdigit()


def after_number(unit: str, lang: str) -> str:
    """Return a unit with what parts it from the number before it."""
    if not unit:
        return ""
    if unit.startswith("%"):
        return percent_mark(lang) + unit[1:]
    times = f"{_NO_BREAK}\u00d7" if unit[0].isdigit() else ""
    return f"{times}{_NO_BREAK}{unit}"


def of_difference(unit: str, lang: str) -> str:
    """Return the unit of a difference of two values: between per cents, it is percentage points."""
    return translated("percentage points", lang) if unit == "%" else unit


def headed(text: str, unit: str) -> str:
    """Return the title of a legend or of a column with its unit."""
    return f"{text}, {unit}" if unit else text


def for_map(values: pd.Series, unit: str, lang: str) -> tuple[pd.Series, str]:
    """Return values with a unit under which no legend needs the word "million" for them a second time."""
    return in_millions(values, unit, lang) if is_scaled(unit) else (values, unit)


def in_millions(values: pd.Series, unit: str, lang: str) -> tuple[pd.Series, str]:
    """Return values that reach millions in millions, with the unit that this gives; others as they are."""
    larger = _larger(unit, lang)
    if not larger or not values.max() >= MILLION:
        return values, unit
    return values / MILLION, larger


def _larger(unit: str, lang: str) -> str:
    """Return a unit a million times as large; nothing where there is no word for it."""
    if not unit:
        return translated("millions", lang)
    place = _place(unit)
    if not place:
        return f"{translated('million', lang)} {unit}"
    words = unit.split()
    at, size = place
    if size * MILLION not in _WORDS:
        return ""
    words[at] = translated(_WORDS[size * MILLION], lang)
    return " ".join(word for word in words if word != "of")


def _place(unit: str) -> tuple[int, float] | tuple[()]:
    """Return where the word for the size of a unit stands, first or last, and that size."""
    words = unit.casefold().split()
    for at in (0, -1) if words else ():
        size = _SIZES.get(words[at].rstrip("."))
        if size:
            return at, size
    return ()
