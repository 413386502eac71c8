"""Panels: the values of regions over years, however the table is laid out."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from geoinno import _contract
from geoinno._language.phrases import Phrase
from geoinno.errors import ColumnError

if TYPE_CHECKING:
    from numpy.typing import NDArray

_LEVELS = 2
_LEAST = 2


def balanced(panel: pd.Series | pd.DataFrame, *, positive: str = "") -> pd.DataFrame:
    """Return values with regions in rows and years, ascending, in columns; every cell is known.

    ``positive`` says what to do about zero and negative values; they are accepted where it is empty.
    """
    wide = _wide(panel)
    _contract.region_ids(wide.index, what="panel")
    table = wide.astype(float)
    _refuse(
        table,
        np.isinf(table.to_numpy()),
        what=Phrase("is infinite for"),
        remedy=Phrase("Correct these values."),
    )
    remedy = Phrase("Keep the regions that have one in every year: panel.unstack().dropna().stack().")
    _refuse(table, table.isna().to_numpy(), what=Phrase("is without a value for"), remedy=remedy)
    if positive:
        _refuse(table, table.to_numpy() <= 0, what=Phrase("is zero or negative for"), remedy=positive)
    return table


def several(table: pd.DataFrame) -> None:
    """Raise unless a panel has two regions and two years, and regions differ in some year."""
    if min(table.shape) < _LEAST:
        message = Phrase(
            "The panel needs at least two regions and two years; it has {regions} and {years}.",
            regions=str(table.shape[0]),
            years=str(table.shape[1]),
        )
        raise ColumnError(message)
    if (np.ptp(table.to_numpy(), axis=0) == 0).all():
        message = Phrase(
            "All {n:,} regions have the same value in every year: there is nothing to compare.", n=len(table)
        )
        raise ColumnError(message)


def step(table: pd.DataFrame) -> float:
    """Return the years between columns, which must be the same throughout."""
    several(table)
    if not pd.api.types.is_numeric_dtype(table.columns):
        message = Phrase(
            "The years of the panel must be numbers; their type is {kind}.", kind=str(table.columns.dtype)
        )
        raise ColumnError(message)
    years = table.columns.to_numpy(float)
    gaps = np.diff(years)
    if not np.allclose(gaps, gaps[0]):
        odd = int(np.flatnonzero(~np.isclose(gaps, gaps[0]))[0])
        message = Phrase(
            "Years must be equally far apart, or changes cannot be compared: {first} is followed "
            "by {second}, but {third} by {fourth}. Select such years.",
            first=str(table.columns[0]),
            second=str(table.columns[1]),
            third=str(table.columns[odd]),
            fourth=str(table.columns[odd + 1]),
        )
        raise ColumnError(message)
    return float(gaps[0])


def _wide(panel: pd.Series | pd.DataFrame) -> pd.DataFrame:
    """Return the one column of values of a panel, years in columns."""
    series = _column(panel)
    if not isinstance(series.index, pd.MultiIndex) or series.index.nlevels != _LEVELS:
        message = Phrase(
            "The panel must have the index (region, year), or the columns region and year beside its values. "
            "See gi.read.panel."
        )
        raise ColumnError(message)
    if pd.api.types.is_bool_dtype(series) or not pd.api.types.is_numeric_dtype(series):
        message = Phrase(
            "Column {column} of the panel must be numeric; its type is {kind}.",
            column=repr(series.name),
            kind=str(series.dtype),
        )
        raise ColumnError(message)
    twice = series.index[series.index.duplicated()].unique()
    if len(twice):
        message = Phrase(
            "The panel has more than one value for {cells}. Keep one for each.", cells=_contract.named(twice)
        )
        raise ColumnError(message)
    if series.empty:
        message = Phrase("The panel is empty: there is no value to work on.")
        raise ColumnError(message)
    table = series.unstack()  # noqa: PD010 -- a pivot would drop missing rows in silence
    table.columns = table.columns.infer_objects()
    return table.sort_index(axis=1)


def _column(panel: pd.Series | pd.DataFrame) -> pd.Series:
    """Return the values of a panel, indexed by region and year."""
    if isinstance(panel, pd.Series):
        return panel
    if not isinstance(panel, pd.DataFrame):
        message = Phrase(
            "The panel must be a Series or a DataFrame by region and year; {kind} was given.",
            kind=type(panel).__name__,
        )
        raise ColumnError(message)
    tidy = panel.set_index(["region", "year"]) if {"region", "year"} <= {*panel.columns} else panel
    if tidy.shape[1] != 1:
        message = Phrase(
            "The panel must hold one column of values; it has {columns}. Name one: panel['income'].",
            columns=_contract.named(tidy.columns),
        )
        raise ColumnError(message)
    return tidy.iloc[:, 0]


def _refuse(table: pd.DataFrame, bad: NDArray[np.bool_], *, what: str, remedy: str) -> None:
    """Raise for the cells that are bad, by region and year."""
    rows, columns = np.nonzero(bad)
    if len(rows):
        places = zip(table.index[rows].tolist(), table.columns[columns].tolist(), strict=True)
        cells = [f"{region} in {year}" for region, year in places]
        message = Phrase(
            "The panel {what} {cells}. {remedy}", what=what, cells=_contract.named(cells), remedy=remedy
        )
        raise ColumnError(message)
