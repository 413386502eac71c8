"""Columns of numbers among columns of text, read under the decimal sign that is certain, or left alone."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import chain
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from geoinno import _contract
from geoinno.read._cells import ABSENT
from geoinno.read._columns import Column, column
from geoinno.read._layout import DECIMALS

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

_LISTED = 5


@dataclass(frozen=True, slots=True, eq=False)
class Reading:
    """A table read: its columns, and why some that look like numbers are kept as text."""

    table: pd.DataFrame
    objections: dict[str, str]


def read(table: pd.DataFrame, *, point: str | None, fallback: str | None) -> Reading:
    """Return ``table`` with its columns of numbers as numbers, their flags beside them.

    ``point`` is the decimal sign that the options settle. ``fallback`` is the sign of the file's format
    where nothing in it is evidence: a comma-separated file without quotes can only have decimal dots.
    """
    plain = {name: _plain(table[name], fallback=point or fallback) for name in table.columns}
    apart = {name: column(table[name]) for name, numbers in plain.items() if numbers is None}
    numeric = {name: c for name, c in apart.items() if c.numeric}
    evidence = _evidence(plain.values(), numeric.values(), fallback=fallback)
    points = {n: point or _point(c, of_file=evidence, fallback=fallback) for n, c in numeric.items()}
    decisions = {n: _Decision.of(table[n], c, point=points[n]) for n, c in numeric.items()}
    parts = _parts(table, plain, apart=apart, decisions=decisions)
    return _reading(table, parts, decisions)


@dataclass(frozen=True, slots=True, eq=False)
class _Decision:
    """How a column of numbers is read: under which decimal sign, or why not."""

    numbers: Column
    point: str
    objection: str

    @classmethod
    def of(cls, values: pd.Series, numbers: Column, *, point: str) -> _Decision:
        """Return the decision on a column under a decimal sign."""
        return cls(numbers, point, _objection(values, numbers, point=point))

    def columns(self, values: pd.Series) -> list[pd.Series]:
        """Return the column as numbers with its flags, or as it is where there is an objection."""
        return [values] if self.objection else _converted(values, self.numbers, self.point)


def _evidence(
    plain: Iterable[pd.Series | None], numeric: Iterable[Column], *, fallback: str | None
) -> frozenset[str]:
    """Return the decimal signs that the columns of a file are certain of."""
    signs = frozenset(chain.from_iterable(c.evidence for c in numeric))
    dotted = fallback == "." and any(c is not None and c.dtype.kind == "f" for c in plain)
    return signs | {"."} if dotted else signs


def _parts(
    table: pd.DataFrame,
    plain: Mapping[str, pd.Series | None],
    *,
    apart: Mapping[str, Column],
    decisions: Mapping[str, _Decision],
) -> list[pd.Series]:
    """Return the columns of the table as they are read, flags after the numbers that they belong to."""
    parts: list[pd.Series] = []
    for name in table.columns:
        if (numbers := plain[name]) is not None:
            parts.append(numbers)
        elif name in decisions:
            parts += decisions[name].columns(table[name])
        else:
            parts.append(_words(table[name], apart[name]))
    return parts


def _reading(table: pd.DataFrame, parts: list[pd.Series], decisions: Mapping[str, _Decision]) -> Reading:
    """Return the parts as one table, with the codes for missing values and the objections."""
    result = pd.concat(_distinct(parts), axis=1) if parts else table.copy()
    converted = [d.numbers for d in decisions.values() if not d.objection]
    result.attrs["missing"] = {c.name: c.absences for c in converted if c.absences}
    return Reading(result, {name: d.objection for name, d in decisions.items() if d.objection})


def _plain(values: pd.Series, *, fallback: str | None) -> pd.Series | None:
    """Return a column that needs no thought as numbers, nothing where it does: the fast way."""
    if not (pd.api.types.is_string_dtype(values) or values.dtype == object):
        return values
    if not all(isinstance(v, str) for v in values.head(50)) or values.dtype == object:
        return None
    separators = r"[^0-9-]" if fallback != "." else r"[^0-9.eE+-]"
    if values.str.contains(separators).any() or values.str.match(r"0[0-9]|\s*$").any():
        return None
    try:
        return pd.to_numeric(values)
    except ValueError:
        return None


def _point(numbers: Column, *, of_file: frozenset[str], fallback: str | None) -> str:
    """Return the decimal sign of a column, empty where it cannot be known."""
    if not any(c.evidence for c in numbers.cells):
        return "."
    for certain in (numbers.evidence, of_file):
        if len(certain) == 1:
            return next(iter(certain))
    dotted = all("." in text for text in numbers.ambiguous)
    return (fallback or "") if dotted and not numbers.evidence else ""


def _converted(values: pd.Series, numbers: Column, point: str) -> list[pd.Series]:
    """Return a column as numbers, and its flags where it has any."""
    result = pd.Series(numbers.numbers(point).to_numpy(), index=values.index, name=values.name)
    if not any(c.flag for c in numbers.cells):
        return [result]
    flags = np.array([c.flag or None for c in numbers.cells], dtype=object)[numbers.kinds[numbers.codes]]
    return [result, pd.Series(flags, index=values.index, name=f"{values.name}_flag", dtype=object)]


def _objection(values: pd.Series, numbers: Column, *, point: str) -> str:
    """Return why a column cannot be read as numbers, empty where it can."""
    name = values.name
    if not point:
        return f"Column {name!r} {_undecided(numbers)}"
    bad = numbers.bad(point)
    if bad:
        return f"Column {name!r} is kept as text: {_unreadable(values, bad)} {_remedy(point)}"
    if len({c.percent for c in numbers.cells if c.body}) > 1:
        mixed = numbers.contents([bool(c.body) for c in numbers.cells])
        return (
            f"Column {name!r} mixes numbers with and without a per cent sign: {_contract.named(mixed)}. "
            "It is kept as text. Write them all the same way."
        )
    lost = numbers.inexact(point)
    if lost:
        return (
            f"Column {name!r} is kept as text: {_contract.named(lost)} cannot be kept exactly as numbers, "
            "which have 15 digits and reach 1e308. Codes are text; round other numbers in the file."
        )
    return ""


def _undecided(numbers: Column) -> str:
    """Return why the decimal sign of a column cannot be known."""
    kept = "It is kept as text."
    if numbers.evidence:
        return (
            f"writes decimals both with a dot and with a comma: {_contract.named(_separated(numbers))}. "
            f"{kept} Say which is the decimal sign: decimal='.' or decimal=','; or correct the cells."
        )
    sign = "." if "." in numbers.ambiguous[0] else ","
    return (
        f"can be read in two ways: {_contract.named(numbers.ambiguous)}. {kept} Say "
        f"whether the sign groups thousands, thousands={sign!r}, or begins decimals, decimal={sign!r}."
    )


def _separated(numbers: Column) -> list[str]:
    """Return one cell for each decimal sign that the column is certain of."""
    firsts = [
        next(str(c.text) for c in numbers.cells if c.evidence == {sign}) for sign in sorted(numbers.evidence)
    ]
    return firsts + [
        t for t in numbers.contents([len(c.evidence) == 1 for c in numbers.cells]) if t not in firsts
    ]


def _remedy(point: str) -> str:
    """Return what can be done about cells that are not numbers."""
    other = DECIMALS[1 - DECIMALS.index(point)]
    return f"Correct the cells, or say how numbers are written, such as decimal={other!r}."


def _unreadable(values: pd.Series, rows: Sequence[int]) -> str:
    """Return the first of the cells that are not numbers, with their rows."""
    cells = [f"{values.iloc[row]!r:.60} in row {row + 1} of the table" for row in rows[:_LISTED]]
    more = ", ..." if len(rows) > _LISTED else ""
    are = "is not a number" if len(rows) == 1 else "are not numbers"
    return f"{len(rows):,} of {len(values):,} cells {are}: {', '.join(cells)}{more}."


def _words(values: pd.Series, apart: Column) -> pd.Series:
    """Return a column of words, what stands for no value missing; true and false become so."""
    absent = values.isin(ABSENT)
    if not absent.any() and values.isin(["True", "False", "TRUE", "FALSE", "true", "false"]).all():
        return values.str.lower() == "true"
    if all(isinstance(c.text, bool | np.bool_) for c in apart.cells):
        return values.astype(bool)
    return values.mask(absent)


def _distinct(parts: list[pd.Series]) -> list[pd.Series]:
    """Return the columns, those of flags under names that no column of the file has."""
    names: list[str] = []
    for part in parts:
        name = str(part.name)
        names.append(f"{name}_in_cells" if name in names else name)
    return [part.rename(name) for part, name in zip(parts, names, strict=True)]
