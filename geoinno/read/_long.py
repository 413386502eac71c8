"""Long tables: several rows for each key, which differ by year or indicator, and what to do about them."""

from __future__ import annotations

from itertools import combinations
from typing import TYPE_CHECKING

import pandas as pd

if TYPE_CHECKING:
    from collections.abc import Sequence

_MOST_VALUES = 500
_FIRST_YEAR, _LAST_YEAR = 1500, 2200
_MOST_COLUMNS = 20


def advice(rows: pd.DataFrame, keys: Sequence[str], *, pivot: bool) -> str:
    """Return which columns tell the rows of each key apart and how to choose, empty where none do."""
    candidates = [name for name in rows.columns if name not in keys and _labels(rows[name])][:_MOST_COLUMNS]
    sets = [*combinations(candidates, 1), *combinations(candidates, 2)]
    found = next((chosen for chosen in sets if not rows.duplicated([*keys, *chosen]).any()), None)
    if found is None:
        return ""
    held = " and ".join(f"{name!r} ({_range(rows[name])})" for name in found)
    where = " and ".join(_condition(name, rows[name].iloc[-1]) for name in found)
    either = f'Choose with where="{where}"'
    return f" The table is long: its rows differ in {held}. {either}{_other_way(rows, found, pivot=pivot)}."


def _labels(column: pd.Series) -> bool:
    """Return whether a column holds labels or years, not measurements."""
    several = 1 < column.nunique() <= _MOST_VALUES and not column.isna().any()
    return several and (not pd.api.types.is_numeric_dtype(column) or _years(column))


def _years(column: pd.Series) -> bool:
    """Return whether a column holds years."""
    numbers = pd.to_numeric(column, errors="coerce")
    return bool(numbers.between(_FIRST_YEAR, _LAST_YEAR).all() and (numbers % 1 == 0).all())


def _range(column: pd.Series) -> str:
    """Return in words what values a column has."""
    values = sorted(column.unique())
    span = f"{values[0]} to {values[-1]}, " if _years(column) else f"such as {values[0]!r:.60}, "
    return f"{span}{len(values):,} values"


def _condition(name: str, value: object) -> str:
    """Return the condition that chooses a value."""
    column = name if name.isidentifier() else f"`{name}`"
    return f"{column} == {value}" if _years(pd.Series([value])) else f"{column} == {str(value)!r}"


def _other_way(rows: pd.DataFrame, found: Sequence[str], *, pivot: bool) -> str:
    """Return the other way out: a panel for years, a wide table for indicators."""
    if not pivot:
        return ""
    year = next((name for name in found if _years(rows[name])), None)
    if year is not None:
        return f", or read all years with gi.read.panel(..., year={year!r})"
    return f", or make a column of each: pd.read_csv(...).pivot(index=..., columns={found[0]!r}, values=...)"
