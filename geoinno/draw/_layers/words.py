"""Numbers and furniture words as a reader meets them on a map."""

from __future__ import annotations

import math
from itertools import pairwise
from types import MappingProxyType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

THIN = "\u2009"
MINUS = "\u2212"
DASH = "\u2013"
ELLIPSIS = "\u2026"
_MOST_DECIMALS = 6
_DIGITS = 4
_PATIENCE = 12

WORDS: Mapping[str, Mapping[str, str]] = MappingProxyType(
    {
        "en": MappingProxyType(
            {
                "source": "Source",
                "unstated": "not stated",
                "boundaries": "Land: Natural Earth",
                "graticule": "Graticule",
                "tiles": "Tiles",
                "projection": "Projection",
                "insets": "Insets, equal-area, with their scale in multiples of the map's",
                "no data": "no data",
                "uncertain": "wide interval",
                "show": "Show",
                "find": "Find a region",
                "table": "The numbers behind the map",
                "highest": "highest",
                "lowest": "lowest",
                "regions": "regions",
                "rank": "Rank",
                "of": "of",
                "closure": "Each class includes its upper limit.",
            }
        ),
        "ru": MappingProxyType(
            {
                "source": "Источник",
                "unstated": "не указан",
                "boundaries": "Суша: Natural Earth",
                "graticule": "Градусная сетка",
                "tiles": "Тайлы",
                "projection": "Проекция",
                "insets": "Врезки, равновеликие; масштаб относительно карты",
                "no data": "нет данных",
                "uncertain": "широкий интервал",
                "show": "Показать",
                "find": "Найти регион",
                "table": "Числа на карте",
                "highest": "наибольшие",
                "lowest": "наименьшие",
                "regions": "регионы",
                "rank": "Место",
                "of": "из",
                "closure": "Верхняя граница входит в класс.",
            }
        ),
    }
)


def number(value: float, digits: int = _DIGITS) -> str:
    r"""Return a number with thin spaces between thousands and a few significant digits.

    Examples
    --------
    >>> number(1234567.0)
    '1\u2009235\u2009000'
    >>> number(-0.03914159)
    '\u22120.03914'
    """
    if not math.isfinite(value):
        return DASH
    if value == 0:
        return "0"
    decimals = digits - 1 - math.floor(math.log10(abs(value)))
    return fixed(round(value, decimals), max(0, min(decimals, _MOST_DECIMALS)), trim=True)


def fixed(value: float, decimals: int, *, trim: bool = False) -> str:
    """Return a number with a given number of decimals."""
    text = f"{abs(value):,.{decimals}f}"
    if trim and "." in text:
        text = text.rstrip("0").rstrip(".")
    sign = MINUS if value < 0 and text.strip("0.,") else ""
    return sign + text.replace(",", THIN)


def limits_in_words(limits: Sequence[float]) -> list[str]:
    r"""Return class limits rounded as far as the classes stay distinct.

    Examples
    --------
    >>> limits_in_words([1.5234, 10.41, 20.33, 100.0])
    ['1.5', '10.4', '20.3', '100.0']
    >>> limits_in_words([51_234.0, 460_321.0, 12_345_678.0])
    ['50\u2009000', '460\u2009000', '12\u2009350\u2009000']
    """
    gaps = [b - a for a, b in pairwise(limits) if b > a]
    least = min(gaps, default=abs(limits[0]) or 1.0)
    start = math.ceil(-math.log10(least)) + 1
    tries = ([_short(v, decimals) for v in limits] for decimals in range(start, start + _PATIENCE))
    return next((words for words in tries if len(set(words)) == len(set(limits))), [repr(v) for v in limits])


def _short(value: float, decimals: int) -> str:
    """Return a rounded number; of large ones a few significant digits are enough."""
    if value:
        decimals = min(decimals, max(_DIGITS - 1 - math.floor(math.log10(abs(value))), decimals - _DIGITS))
    return fixed(round(value, decimals), max(0, decimals))
