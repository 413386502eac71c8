"""How a language writes what an atlas says: its sentences, its plurals, its numbers and its lists."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

from geoinno._language import ENGLISH, decimal_mark, percent_mark, plural_form, translated
from geoinno._types import ALPHA
from geoinno.draw.web import number
from geoinno.report._atlas.units import MILLION, after_number, is_scaled

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

_THIN = "\u202f"
_NO_BREAK = "\u00a0"
_LEAST_P = 0.001
_SMALL_PERCENT = 9.5
_WHOLE = 1000
_TENS = 10
_HUNDREDS = 100
_PAIR = 2


@dataclass(frozen=True, slots=True)
class Language:
    """A language by its code: its texts, the plural that a count takes, its numbers and its lists."""

    code: str = ENGLISH

    def translate(self, text: str) -> str:
        """Return a text of the store in this language."""
        return translated(text, self.code)

    def form(self, value: float, form: str, unit: str = "") -> str:
        """Return a number as it stands in a sentence.

        ``form``: ``count``, ``year``, ``share`` (of one, in per cent), ``tenths`` or ``percent`` (with
        one decimal or two), ``ratio``, ``fine`` (a
        statistic), ``p``, ``whole`` (a sum), or ``number`` in a few digits.
        """
        written = self.digits(value, form, unit)
        return written + after_number(unit, self.code) if math.isfinite(value) else written

    def digits(self, value: float, form: str, unit: str = "") -> str:
        """Return a number as it stands before its unit, or in a column whose heading has the unit."""
        if not math.isfinite(value):
            return "\u2013"
        # No "million" of "million euros".
        full = form in _WORDED and abs(value) >= MILLION and is_scaled(unit)
        text = f"{float(f'{value:.3e}'):,.0f}" if full else _FORMS[form](value)
        return self._localised(text.replace("-", "\u2212"))

    def _localised(self, text: str) -> str:
        """Return a number with the marks, and the word for its size, of this language."""
        if self.code == ENGLISH:
            return text
        digits, space, scale = text.partition(" ") if text[-1:].isalpha() else (text, "", "")
        marked = digits.replace(",", _THIN).replace(".", decimal_mark(self.code))
        marked = marked.replace("%", percent_mark(self.code)).replace(" ", _NO_BREAK)
        return f"{marked}{_THIN if space else ''}{self.translate(scale)}"

    def noun(self, count: float, forms: str, *, decimals: bool = False) -> str:
        """Return the form of a noun that follows a count, out of ``one|other``.

        A number with decimals takes the second form: the plural in English, even after 1.00, and in Russian
        the genitive singular, which also follows 2, 3 and 4.
        """
        kinds = forms.split("|")
        place = 1 if decimals else plural_form(round(count), self.code)
        return kinds[min(place, len(kinds) - 1)]

    def forms(self, text: str) -> str:
        """Return the forms of what follows a count, out of ``{n:one|other}``."""
        return self.translate(text).removeprefix("{n:").removesuffix("}")

    def alone(self, text: str) -> str:
        """Return what would follow a count of one, without the count."""
        return self.noun(1, self.forms(text))

    def joined(self, parts: Sequence[str], *, clauses: bool = False) -> list[str]:
        """Return what stands before each part of a list: commas, and the word for "and" before the last.

        Semicolons part more than two of which one has a comma or an "and" of its own, as Northern and
        Western has; two of these, and English clauses, have a comma before the "and".
        """
        word = f" {self.translate('and')} "
        double = not clauses and any(word in part for part in parts)
        commas = any(", " in part for part in parts)
        apart = (commas or double) and len(parts) > _PAIR
        comma = "; " if apart else ", "
        english = self.code == ENGLISH and (clauses or commas)
        stop = comma.rstrip() if apart or double or english else ""
        last = f"{stop}{word}"
        return ["", *[comma] * (len(parts) - 2), *[last] * (len(parts) > 1)]


def _percent(value: float) -> str:
    """Return a share in per cent: whole, or with two digits where it is small."""
    percent = 100 * value
    return f"{percent:.0f}%" if abs(percent) >= _SMALL_PERCENT or not percent else f"{percent:.2g}%"


def _rounded(value: float) -> str:
    """Return a number with two decimals, or with fewer where it is large."""
    size = abs(value)
    digits = 2 if size < _TENS else 1 if size < _HUNDREDS else 0
    return f"{value:,.{digits}f}"


def _p(value: float) -> str:
    """Return a p-value with its sign of equality, or the bound that it lies under."""
    if value < _LEAST_P:
        return f"< {_LEAST_P:g}"
    # On which side of the level it lies must be seen.
    hidden = value != ALPHA and float(f"{value:.2g}") == ALPHA
    return f"= {value:.3g}" if hidden else f"= {value:.2g}"


# Forms that write millions in words.
_WORDED = frozenset({"whole", "number"})
_FORMS: dict[str, Callable[[float], str]] = {
    "count": lambda value: f"{value:,.0f}",
    "year": lambda value: f"{value:.0f}",
    # A sum to the unit, unless it is so small that digits behind the point matter, or counts in millions.
    "whole": lambda value: f"{value:,.0f}" if _WHOLE <= abs(value) < MILLION else _commas(number(value)),
    "share": _percent,
    "fine": lambda value: f"{value:,.3f}",
    "ratio": _rounded,
    # Parts of a whole, which must add up as they are written.
    "tenths": lambda value: f"{100 * value:.1f}%",
    "percent": lambda value: f"{_rounded(100 * value)}%",
    "p": _p,
    # The words of maps part thousands by thin spaces; sentences by commas.
    "number": lambda value: _commas(number(value)),
}


def _commas(text: str) -> str:
    """Return a number with its thousands parted by commas."""
    head, space, tail = text.rpartition(_THIN)
    return f"{head.replace(_THIN, ',')}{' ' if tail[:1].isalpha() else ','}{tail}" if space else text
