"""Checked tables of regions (rows) by activities (columns)."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from geoinno import _contract
from geoinno._language.phrases import Phrase
from geoinno.errors import AlignmentError, ColumnError

if TYPE_CHECKING:
    from geoinno._types import Floats

# Quotients that differ from a cut by less differ by rounding alone.
ROUNDING = 1e-12


def amounts(table: pd.DataFrame, *, what: str = "activity table") -> pd.DataFrame:
    """Return a table of amounts of zero or more, at least one of them above zero, of the order of 1.

    The measures of this wing depend on shares alone. Amounts are scaled by a power of two, which rounds
    nothing, so that sums neither overflow nor underflow.
    """
    floats = raw_amounts(table, what=what)
    exponent = int(np.frexp(floats.to_numpy().max())[1])
    return pd.DataFrame(np.ldexp(floats.to_numpy(), -exponent), floats.index, floats.columns)


def raw_amounts(table: pd.DataFrame, *, what: str, zero: bool = False) -> pd.DataFrame:
    """Return a table of amounts of zero or more in their own unit; all may be zero with ``zero=True``."""
    floats = _numeric(_sound(table, what=what), what=what)
    _contract.refuse_cells(
        floats, floats.to_numpy() < 0, words="is negative in", remedy="Amounts must be zero or more."
    )
    if not zero and floats.to_numpy().max() == 0:
        message = Phrase("The {what} is zero everywhere, so there is no activity to compare.", what=what)
        raise ColumnError(message)
    return floats


def zero_one(presence: pd.DataFrame, *, what: str = "presence table") -> pd.DataFrame:
    """Return a table of presence (0 or 1, or booleans) as floats."""
    table = _sound(presence, what=what)
    flags = table.columns[[pd.api.types.is_bool_dtype(kind) for kind in table.dtypes]]
    floats = _numeric(table.astype(dict.fromkeys(flags, "float64")), what=what)
    remedy = "Presence is 0 or 1; take it from amounts with gi.measure.presence(activity)."
    _contract.refuse_cells(
        floats, ~np.isin(floats.to_numpy(), (0.0, 1.0)), words="is neither 0 nor 1 in", remedy=remedy
    )
    return floats


def row_shares(proximity: pd.DataFrame, activities: pd.Index) -> Floats:
    """Return phi_pq / sum_q phi_pq, activities in the order given; a row without any proximity is missing."""
    table = _placed(proximity, activities)
    phi = _numeric(table, what="proximity").to_numpy()
    remedy = "Proximities are zero or more, as from gi.measure.proximity."
    _contract.refuse_cells(table, phi < 0, words="is negative in", remedy=remedy)
    totals = phi.sum(axis=1, keepdims=True)
    return np.divide(phi, totals, out=np.full_like(phi, np.nan), where=totals > 0)


def like(table: pd.DataFrame, other: pd.DataFrame, *, what: str, against: str) -> pd.DataFrame:
    """Return ``table`` with regions and activities in the order of ``other``, which must have the same."""
    rows = _contract.aligned(table, other.index, what=what, against=against)
    return rows[_matched(rows.columns, other.columns, what=what, against=against)]


def _matched(given: pd.Index, activities: pd.Index, *, what: str, against: str) -> pd.Index:
    """Return the activities of a table if another has the same."""
    differing = given.symmetric_difference(activities, sort=False)
    if len(differing):
        message = (
            f"The {what} and the {against} have different activities: {_contract.named(differing)} in only "
            "one of them. Build both on the same activities."
        )
        raise AlignmentError(message)
    return activities


def _placed(proximity: pd.DataFrame, activities: pd.Index) -> pd.DataFrame:
    """Return the square table of proximities, rows and columns in the order of the activities."""
    if not isinstance(proximity, pd.DataFrame):
        message = (
            f"proximity must be a square DataFrame, activities by activities; {type(proximity).__name__} "
            "was given. See gi.measure.proximity."
        )
        raise ColumnError(message)
    for axis in (proximity.index, proximity.columns):
        _unique(axis, what="proximity table")
        _matched(axis, activities, what="proximity table", against="presence table")
    return proximity.loc[activities, activities]


def _sound(table: pd.DataFrame, *, what: str) -> pd.DataFrame:
    """Return a DataFrame with sound region ids in its rows and each activity in one column."""
    if not isinstance(table, pd.DataFrame):
        message = (
            f"The {what} must be a DataFrame of regions (rows) by activities (columns); "
            f"{type(table).__name__} was given, so ids cannot be checked. Pass "
            "pd.DataFrame(array, index=regions.index, columns=activities)."
        )
        raise ColumnError(message)
    _contract.region_ids(table.index, what=what)
    if table.shape[1] == 0:
        message = f"The {what} has no column. Give one for each activity."
        raise ColumnError(message)
    _unique(table.columns, what=what)
    return table


def _unique(activities: pd.Index, *, what: str) -> None:
    """Raise where an activity has no name, or one that another has."""
    unsound = activities[activities.isna() | activities.duplicated()]
    if isinstance(activities, pd.MultiIndex) or len(unsound):
        message = (
            f"Each activity of the {what} must have a name of its own; missing or repeated: "
            f"{_contract.named(unsound)}. Sum or rename these columns."
        )
        raise ColumnError(message)


def _numeric(table: pd.DataFrame, *, what: str) -> pd.DataFrame:
    """Return a table of finite numbers as floats."""
    other = [
        name
        for name, kind in table.dtypes.items()
        if pd.api.types.is_bool_dtype(kind) or not pd.api.types.is_numeric_dtype(kind)
    ]
    if other:
        message = Phrase(
            "The {what} must hold numbers; it does not in the columns {columns}.",
            what=Phrase(what),
            columns=_contract.named(other),
        )
        raise ColumnError(message)
    floats = table.astype("float64")
    cells = floats.to_numpy()
    _contract.refuse_cells(floats, np.isinf(cells), words="is infinite in", remedy="Correct these values.")
    remedy = (
        "Where a region has none of an activity the value is 0: fill in 0 if that is what a blank means, "
        "or drop the region or the activity."
    )
    _contract.refuse_cells(floats, np.isnan(cells), words="has no value in", remedy=remedy)
    return floats
