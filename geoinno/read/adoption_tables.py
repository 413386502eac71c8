"""Adoption tables: which region took up which innovation, and when."""

from __future__ import annotations

from pathlib import Path
from typing import Unpack

import pandas as pd

from geoinno import _contract
from geoinno.errors import ColumnError, OptionError
from geoinno.read import _ids, _tables
from geoinno.read._layout import Layout, TableOptions


def adoptions(
    path: str | Path,
    *,
    region: str,
    innovation: str,
    period: str,
    ended: str | None = None,
    **options: Unpack[TableOptions],
) -> pd.DataFrame:
    r"""Read when regions took up innovations.

    A region without a row for an innovation never took it up.

    Parameters
    ----------
    path
        CSV, TSV, Parquet or Excel, one row for each adoption.
    region, innovation
        Columns of region ids and of innovations; both stay strings, as in ``table``.
    period
        Column of the period of adoption, a number such as a year.
    ended
        Column of the period in which the innovation was given up, empty where it was kept.
    **options
        ``decimal``, ``thousands``, ``encoding``, ``sheet``, ``skip`` and ``where``, as in ``table``.

    Returns
    -------
    DataFrame
        Columns ``region``, ``innovation``, ``period``, and ``ended`` if it was named, in the order of the
        file; ready for `geoinno.measure.diffusion_hazard`.

    Raises
    ------
    ColumnError
        If a column is not there, or a period is missing or no number.
    RegionError
        If an id is missing, or neither text nor a whole number.

    Examples
    --------
    >>> import geoinno as gi, pathlib, tempfile
    >>> path = pathlib.Path(tempfile.mkdtemp()) / "laws.csv"
    >>> _ = path.write_text("state,law,year\n01,belts,1984\n02,belts,1986\n")
    >>> gi.read.adoptions(path, region="state", innovation="law", period="year")["period"].to_list()
    [1984.0, 1986.0]
    """
    columns = {"region": region, "innovation": innovation, "period": period}
    columns |= {} if ended is None else {"ended": ended}
    if len(set(columns.values())) < len(columns):
        message = (
            f"{', '.join(columns)} must be different columns; {_contract.named(columns.values())} were given."
        )
        raise OptionError(message)
    rows = _tables.frame(path, Layout(**options), keys=[region, innovation]).rows
    _ids.present(rows.columns, [*columns.values()], file=Path(path))
    table = rows[list(columns.values())].set_axis(list(columns), axis=1).reset_index(drop=True)
    dates = {name: _periods(table, name, column=columns[name]) for name in [*columns][2:]}
    return table.assign(**dates)


def _periods(table: pd.DataFrame, name: str, *, column: str) -> pd.Series:
    """Return periods as numbers; only that of the end may be missing."""
    numbers = pd.to_numeric(table[name], errors="coerce").astype(float)
    bad = numbers.isna() if name == "period" else numbers.isna() & table[name].notna()
    if bad.any():
        message = (
            f"Column {column!r} must hold a number, such as a year; it does not in the rows of "
            f"{_contract.named(table.loc[bad, 'region'])}. Correct these cells, or drop the rows."
        )
        raise ColumnError(message)
    return numbers
