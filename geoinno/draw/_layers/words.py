"""Numbers and furniture words as a reader meets them on a map."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING

from geoinno._language import LANGUAGES, translated
from geoinno._language.numbers import DASH, MINUS, THIN, fixed, number
from geoinno.draw._layers.notation import Numerals, notation_of_limits, notation_of_values

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
    "values_of_keys",
]

ELLIPSIS = "\u2026"

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


def limits_in_words(limits: Sequence[float], *, own: bool = False) -> Numerals:
    r"""Return class limits rounded to what keeps the classes apart, all with the same number of decimals.

    They have the fewest that bring each limit within a fiftieth of the narrower class beside it; the limits
    that a reader gave are written in full.

    Examples
    --------
    >>> limits_in_words([1.5234, 10.41, 20.33, 100.0]).words
    ('1.5', '10.4', '20.3', '100.0')
    >>> limits_in_words([460_321.0, 1_200_000.0, 12_345_678.0]).words
    ('0.46\u202fmillion', '1.20\u202fmillion', '12.35\u202fmillion')
    >>> small = limits_in_words([1.2e-6, 3.4e-5])
    >>> small.words, small.factor == "\N{MULTIPLICATION SIGN}10\N{SUPERSCRIPT MINUS}\N{SUPERSCRIPT SIX}"
    (('1', '34'), True)
    """
    written = notation_of_limits(limits, own=own)
    return Numerals(tuple(map(written, limits)), written.factor)


def values_of_keys(values: Sequence[float]) -> Numerals:
    r"""Return the numbers beside the symbols of a legend, all with the same number of decimals.

    Examples
    --------
    >>> values_of_keys([5, 1.25, 0.25]).words
    ('5.00', '1.25', '0.25')
    """
    written = notation_of_values(values)
    return Numerals(tuple(map(written, values)), written.factor)
