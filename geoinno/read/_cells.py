"""Cells as offices write them: decimal commas, grouped thousands, flags, and codes for missing values."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from geoinno.read._layout import DECIMALS

if TYPE_CHECKING:
    from collections.abc import Sequence

# What stands for "no value" in any column; never in a key, where "NA" is Namibia.
ABSENT = ("", "NA", "N/A", "n/a", "#N/A", "<NA>", "NaN", "nan", "NULL", "null", "None")
# What stands for "no value" beside numbers; in a column of words these may be words.
_CODES = frozenset(
    {*ABSENT, ":", "..", "...", ".", "-", "--", "\u2013", "\u2014", "c", "x", "z"}
    | {"#DIV/0!", "#REF!", "#VALUE!", "#NAME?", "#NUM!", "#NULL!"}
)
_INVISIBLE = dict.fromkeys(map(ord, "\u200b\u200c\u200d\u2060\ufeff"))
# Digits of Arabic, Persian and wide East Asian writing stand for those of ASCII.
_DIGITS = {start + digit: str(digit) for start in (0x0660, 0x06F0, 0xFF10) for digit in range(10)}
_PLAIN = (
    _DIGITS
    | _INVISIBLE
    | dict.fromkeys(map(ord, "\u00a0\u202f\u2009\u2007"), " ")
    | {0x2019: "'", 0x2212: "-"}
)
# A number with what stands before and after it. The flags are Eurostat's; an "e" with digits is an exponent.
_CELL = re.compile(
    r"(?P<limit>[<>\u2264\u2265])?\s*(?P<sign>[+-]?)(?P<body>(?:[0-9][0-9.,' ]*|[.,][0-9]+))"
    r"(?P<exponent>[eE][+-]?[0-9]+)?\s*(?P<percent>[%\u2030])?\s*"
    r"(?P<flag>\(?[bcdefinprsuz]{1,3}\)?|\*{1,3}|[\u2020\u2021\u00b9\u00b2\u00b3])?"
)
_MISSING_WITH_FLAG = re.compile(r":\s*\(?([bcdefinprsuz]{1,3})\)?")
_GRAMMAR = {
    point: re.compile(
        rf"(?:[1-9][0-9]{{0,2}}(?:(?P<by>[ '{other}])[0-9]{{3}}(?:(?P=by)[0-9]{{3}})*)|[0-9]*)"
        rf"(?:{re.escape(point)}[0-9]*)?"
    )
    for point, other in zip(DECIMALS, reversed(DECIMALS), strict=True)
}
_INFINITE = "inf"
# Cells that differ in digits alone are taken apart alike, unless they are bounds ("<5" is kept as it is)
# or one of the two begins with a zero (007 is a code).
_SAME_DIGIT = dict.fromkeys(map(ord, "012345678"), "9")
_LEADING_ZERO = re.compile(r"[^0-9]*0")
_LIMITS = "<>\u2264\u2265"


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell, taken apart.

    ``body`` are the digits with their separators; it is empty where there is no number. ``points`` are the
    decimal signs under which the body can be read: both where 1.234 may be either, none where it is text.
    ``spans`` are the places of the body and of its exponent in the plain text.
    """

    text: object
    body: str = ""
    sign: str = ""
    exponent: str = ""
    percent: str = ""
    flag: str = ""
    missing: bool = False
    points: frozenset[str] = frozenset(DECIMALS)
    spans: tuple[int, int, int, int] = (0, 0, 0, 0)

    @property
    def evidence(self) -> frozenset[str]:
        """Return the decimal signs that the cell is evidence for; none where it has no separator."""
        separated = isinstance(self.text, str) and any(sign in self.body for sign in DECIMALS)
        return self.points if separated else frozenset()

    def values(self, texts: Sequence[str], point: str) -> list[str | None]:
        """Return numbers as Python writes them, of plain texts that differ from this cell in digits alone."""
        if self.missing or point not in self.points:
            return [None] * len(texts)
        if not isinstance(self.text, str) or self.body == _INFINITE:
            return [self.sign + self.body] * len(texts)
        start, end, power, last = self.spans
        kept = dict.fromkeys(map(ord, f"., '{''.join(DECIMALS)}")) | {ord(point): "."}
        return [f"{self.sign}{text[start:end].translate(kept)}{text[power:last]}" for text in texts]


def plain_text(content: str) -> str:
    """Return a text with ordinary blanks, apostrophes and minus signs, and nothing invisible."""
    return content.strip() if content.isascii() else content.translate(_PLAIN).strip()


def pattern(text: str) -> str:
    """Return what texts have in common that are taken apart alike: all but which digits they hold."""
    if text[:1] in _LIMITS:
        return text
    alike = text.translate(_SAME_DIGIT)
    return f"0{alike}" if _LEADING_ZERO.match(text) else alike


def cell(content: object) -> Cell:
    """Return a cell taken apart."""
    if content is None or content is pd.NaT or (isinstance(content, float) and np.isnan(content)):
        return Cell("", missing=True)
    if isinstance(content, int | float | np.number) and not isinstance(content, bool):
        return _native(content)
    if not isinstance(content, str):
        return Cell(content, points=frozenset())
    return _parsed(content, plain_text(content))


def _native(number: float | np.number) -> Cell:
    """Return a number that the file stores as one."""
    plain = repr(int(number)) if isinstance(number, int | np.integer) else repr(float(number))
    return Cell(number, body=plain.lstrip("-"), sign="-" * plain.startswith("-"))


def _parsed(content: str, text: str) -> Cell:
    """Return text taken apart."""
    flagged = _MISSING_WITH_FLAG.fullmatch(text)
    if text in _CODES or flagged:
        return Cell(content, missing=True, flag=flagged[1] if flagged else "")
    if text.lower().lstrip("+-") in ("inf", "infinity"):
        return Cell(content, body=_INFINITE, sign=text[0] if text[0] in "+-" else "")
    return _number(content, text)


def _number(content: str, text: str) -> Cell:
    """Return text taken apart as a number with what stands before and after it, if it is one."""
    found = _CELL.fullmatch(text)
    if found is None:
        return Cell(content, points=frozenset())
    if found["limit"]:
        # "<5" is a bound, not a value: five would be invented.
        return Cell(content, missing=True, flag=text)
    body = found["body"].strip()
    points = frozenset(p for p, grammar in _GRAMMAR.items() if grammar.fullmatch(body))
    sign, exponent, percent, flag = (found[part] or "" for part in ("sign", "exponent", "percent", "flag"))
    spans = (*found.span("body"), *(found.span("exponent") if exponent else (0, 0)))
    return Cell(content, body, sign, exponent, percent, flag, points=points, spans=spans)
