"""Numbers and furniture words as a reader meets them on a map."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import pairwise
from types import MappingProxyType
from typing import TYPE_CHECKING

from geoinno._language import LANGUAGES, translated
from geoinno._language.numbers import DASH, MINUS, THIN, fixed, number

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

__all__ = [
    "CLUSTER_WORDS",
    "DASH",
    "ELLIPSIS",
    "FURNITURE",
    "MINUS",
    "THIN",
    "WORDS",
    "cut_short",
    "fixed",
    "limits_in_words",
    "number",
]

ELLIPSIS = "\u2026"
# A class limit may be off by this share of the nearer class, and no more.
_ROUNDING = 0.02
_MOST_DIGITS = 17

CLUSTER_WORDS: Mapping[str, str] = MappingProxyType(
    {
        "HH": "high among high",
        "LL": "low among low",
        "HL": "high among low",
        "LH": "low among high",
        "hot": "hot spot",
        "cold": "cold spot",
        "alike": "alike",
        "unlike": "unlike",
        "not significant": "not significant",
        "isolate": "no neighbour",
    }
)

# The fixed words of maps by what they are for, in English; the catalogues have them in other languages.
FURNITURE: Mapping[str, str] = MappingProxyType(
    {
        "source": "Source",
        "unstated": "not stated",
        "boundaries": "Land and lakes: Natural Earth",
        "graticule": "Graticule",
        "tiles": "Tiles",
        "projection": "Projection",
        "rings": "Rings mark regions too small to be seen",
        "insets": "Insets, equal-area, with their scale in multiples of the map's",
        "no data": "no data",
        "uncertain": "wide interval",
        "show": "Show",
        "find": "Find a region or city",
        "nothing": "Nothing on the map has that name.",
        "region": "Region",
        "all rows": "Show all rows",
        "home": "Show the whole map",
        "screen": "Full screen",
        "dark": "Dark colours",
        "download": "Download the map or its numbers",
        "play": "Play",
        "zoom": "Hold Ctrl to zoom with the wheel, or use two fingers",
        "keys": "Arrow keys lead from region to region, Enter to what lies there; + and \u2212 zoom, "
        "Shift with an arrow key moves the map, Home shows all of it.",
        "table": "The numbers behind the map",
        "highest": "highest",
        "lowest": "lowest",
        "regions": "regions",
        "rank": "Rank",
        "of": "of",
        "closure": "Each class includes its upper limit.",
        "zoomed": "At this zoom the largest {drawn} of {every} arrows are drawn; zoom in for more.",
        "zoom in": "Zoom in",
        "zoom out": "Zoom out",
        "map": "map",
        "km": "km",
        "m": "m",
    }
)


class _Furniture(Mapping[str, Mapping[str, str]]):
    """The fixed words of maps by language."""

    def __getitem__(self, lang: str) -> Mapping[str, str]:
        """Return the words of a language by what they are for."""
        if lang not in LANGUAGES:
            raise KeyError(lang)
        return {key: translated(words, lang) for key, words in FURNITURE.items()}

    def __iter__(self) -> Iterator[str]:
        return iter(LANGUAGES)

    def __len__(self) -> int:
        return len(LANGUAGES)


WORDS = _Furniture()


def cut_short(words: str, letters: int) -> str:
    """Return words in at most so many letters, with an ellipsis where something is left out.

    Examples
    --------
    >>> cut_short("Honolulu, HI", 10), cut_short("Honolulu, HI", 12)
    ('Honolulu…', 'Honolulu, HI')
    """
    if len(words) <= letters:
        return words
    return words[: letters - 1].rstrip(" ,;:/(-\N{EN DASH}") + ELLIPSIS


def limits_in_words(limits: Sequence[float]) -> list[str]:
    r"""Return class limits rounded to what keeps the classes apart.

    Each limit has as many significant digits as bring it within a fiftieth of the narrower class beside it.

    Examples
    --------
    >>> limits_in_words([1.5234, 10.41, 20.33, 100.0])
    ['1.5', '10.4', '20.3', '100']
    >>> limits_in_words([0.018, 3.471])
    ['0.02', '3.5']
    >>> limits_in_words([51_234.0, 460_321.0, 12_345_678.0])
    ['50\u202f000', '460\u202f000', '12.3\u202fmillion']
    """
    widths = _narrower_widths(limits)
    start = [_digits(value, _ROUNDING * width) for value, width in zip(limits, widths, strict=True)]
    for more in range(_MOST_DIGITS):
        words = [number(v, min(d + more, _MOST_DIGITS)) for v, d in zip(limits, start, strict=True)]
        if len(set(words)) == len(set(limits)):
            return words
    return [repr(v) for v in limits]


def _narrower_widths(limits: Sequence[float]) -> list[float]:
    """Return the width of the narrower class beside each limit, empty classes aside."""
    widths = [b - a for a, b in pairwise(limits)]
    sides = zip([0.0, *widths], [*widths, 0.0], strict=True)
    return [min((width for width in pair if width > 0), default=0.0) for pair in sides]


def _digits(value: float, room: float) -> int:
    """Return how many significant digits bring a number within ``room`` of itself."""
    off = (
        digits for digits in range(1, _MOST_DIGITS) if abs(float(f"{value:.{digits - 1}e}") - value) <= room
    )
    return next(off, _MOST_DIGITS)
