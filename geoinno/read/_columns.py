"""Columns of text taken apart: which kinds of cell they hold, and the numbers in them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import chain
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from geoinno.read._cells import ABSENT, Cell, cell, pattern, plain_text
from geoinno.read._layout import DECIMALS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from geoinno._types import Ints

_CODE_OF_DIGITS = re.compile(r"0[0-9]+")
# A column of nothing but these has no values; one of nothing but "c" may be one of letters.
_EMPTY = frozenset({*ABSENT, ":", "..", "..."})
# A column in which at least half of the cells are numbers is one of numbers, and the others are in question.
_MOSTLY = 0.5
# Whole numbers of so many digits are exact as floats.
_DIGITS = 15


@dataclass(frozen=True, slots=True, eq=False)
class Column:
    """A column taken apart: one cell for all that differ in digits alone, and which one stands in each row.

    ``texts`` are the different contents of the column, ``kinds`` the cell of each, ``codes`` the content of
    each row.
    """

    name: str
    cells: tuple[Cell, ...]
    texts: tuple[object, ...]
    kinds: Ints
    codes: Ints

    @property
    def rows(self) -> Ints:
        """Return in how many rows each kind of cell stands."""
        return np.bincount(self.kinds[self.codes], minlength=len(self.cells))

    @property
    def share(self) -> float:
        """Return the share of rows with a number, among those that are not missing."""
        filled = sum(n for n, c in zip(self.rows, self.cells, strict=True) if not c.missing)
        held = sum(n for n, c in zip(self.rows, self.cells, strict=True) if c.body and c.points)
        return float(held / filled) if filled else 0.0

    @property
    def numeric(self) -> bool:
        """Return whether this is a column of numbers, some of which may be in question, or missing all."""
        empty = all(c.missing and str(c.text).strip() in _EMPTY for c in self.cells)
        return empty or (self.share >= _MOSTLY and not self.codes_of_digits)

    @property
    def evidence(self) -> frozenset[str]:
        """Return the decimal signs that cells of the column are certain of."""
        return frozenset(chain.from_iterable(c.evidence for c in self.cells if len(c.evidence) == 1))

    @property
    def ambiguous(self) -> list[str]:
        """Return the contents that a dot or comma before three digits leaves open."""
        return self.contents([len(c.evidence) > 1 for c in self.cells])

    @property
    def absences(self) -> dict[str, int]:
        """Return how often each code for a missing value stands in the column."""
        codes = [
            (str(c.text).strip(), int(n)) for n, c in zip(self.rows, self.cells, strict=True) if c.missing
        ]
        return {code: sum(n for other, n in codes if other == code) for code, _ in codes if code}

    @property
    def codes_of_digits(self) -> bool:
        """Return whether digits with leading zeros make the column one of codes."""
        return any(isinstance(c.text, str) and _CODE_OF_DIGITS.fullmatch(c.text) for c in self.cells)

    def contents(self, wanted: Sequence[bool]) -> list[str]:
        """Return the different contents of some kinds of cell, in the order of the column."""
        return [str(text) for text, kind in zip(self.texts, self.kinds, strict=True) if wanted[kind]]

    def bad(self, point: str) -> list[int]:
        """Return the rows whose cells are not numbers under a decimal sign."""
        wrong = [not c.missing and (not c.body or point not in c.points) for c in self.cells]
        return np.flatnonzero(np.array(wrong, dtype=bool)[self.kinds[self.codes]]).tolist()

    def inexact(self, point: str) -> list[str]:
        """Return the contents that no number holds exactly: whole ones of many digits, and too large ones."""
        long = [len(c.body) > _DIGITS or bool(c.exponent) for c in self.cells]
        if not any(long):
            return []
        values = self.numbers(point)
        if values.dtype == "int64":
            return []
        first = np.full(len(self.texts), 0)
        first[self.codes[::-1]] = np.arange(len(self.codes))[::-1]
        held = zip(self.texts, self.kinds, values.iloc[first], strict=True)
        return [
            str(text) for text, kind, value in held if long[kind] and _is_lost(self.cells[kind], text, value)
        ]

    def numbers(self, point: str) -> pd.Series:
        """Return the number of each row under a decimal sign, missing where there is none."""
        written = np.full(len(self.texts), None, dtype=object)
        order = np.argsort(self.kinds, kind="stable")
        ends = np.cumsum(np.bincount(self.kinds, minlength=len(self.cells)))
        for alike, places in zip(self.cells, np.split(order, ends[:-1]), strict=True):
            plains = [plain_text(str(self.texts[place])) for place in places.tolist()]
            written[places] = alike.values(plains, point)
        texts = pd.Series(written, dtype=object)
        return pd.Series(pd.to_numeric(texts.where(texts.notna(), np.nan)).to_numpy()[self.codes])


def _is_lost(kind: Cell, text: object, value: float) -> bool:
    """Return whether a number is not what its text says: rounded though it is whole, or infinite."""
    digits = re.sub(r"[^0-9]", "", str(text))
    whole = not kind.exponent and all(sign not in kind.body for sign in DECIMALS)
    return bool(np.isinf(float(value))) if not whole else abs(int(float(value))) != int(digits)


def column(values: pd.Series) -> Column:
    """Return a column of text, or of text and numbers, taken apart."""
    listed = values.tolist()
    codes, first = _numbered([_key(v) for v in listed])
    texts = tuple(listed[row] for row in first.tolist())
    kinds, example = _numbered([_kind(text) for text in texts])
    cells = tuple(cell(texts[place]) for place in example.tolist())
    return Column(str(values.name), cells, texts, kinds, codes)


def _key(content: object) -> object:
    """Return what tells contents apart: their type and text, as the number 1 and the text "1" are two."""
    if isinstance(content, str):
        return content
    return (type(content).__name__, content) if isinstance(content, int | float) else (repr(content),)


def _kind(content: object) -> object:
    """Return what contents have in common that are taken apart alike."""
    return pattern(plain_text(content)) if isinstance(content, str) else _key(content)


def _numbered(keys: list[Any]) -> tuple[Ints, Ints]:
    """Return the number of each key, equal for equal keys, and the place at which each number comes first."""
    codes, different = pd.factorize(pd.Series(keys, dtype=object))
    first = np.full(len(different), -1)
    first[codes[::-1]] = np.arange(len(codes))[::-1]
    return codes, first
