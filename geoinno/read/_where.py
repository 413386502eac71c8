"""Rows of a file chosen by conditions, before its cells are taken for numbers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from geoinno import _contract
from geoinno.errors import ColumnError
from geoinno.read import _ids, _numbers

if TYPE_CHECKING:
    from pathlib import Path

    import pandas as pd


def chosen(table: pd.DataFrame, where: str, *, file: Path, point: str | None) -> pd.DataFrame:
    """Return the rows that meet the conditions; there is at least one."""
    columns = {}
    for name in _contract.columns_in(where):
        column = _ids.column(table, name, file=file)
        columns[name] = column if _contract.compares_text(where, name) else _numeric(column, point)
    kept = _contract.fulfilled(where, columns)
    if not kept.any():
        held = [f"column {name!r} holds {_contract.named(table[name].drop_duplicates())}" for name in columns]
        message = f"No row of {file.name} meets {where!r}: {'; '.join(held)}."
        raise ColumnError(message)
    return table[kept].reset_index(drop=True)


def _numeric(column: pd.Series, point: str | None) -> pd.Series:
    """Return a column of text as numbers, as far as it holds any."""
    return _numbers.read(column.to_frame(), point=point, fallback=".").table.iloc[:, 0]
