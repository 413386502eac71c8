"""Checked values and weights for measures of inequality."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from geoinno import _contract
from geoinno.errors import ColumnError

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from geoinno._types import Floats


# Where exponentials fall this far below the largest, their mean is better taken directly.
_HALF = 0.5


def weighted(values: pd.Series, population: pd.Series | None) -> tuple[Floats, Floats]:
    """Return values of the order of 1, and the population shares of regions (equal unless given).

    The measures of this wing are the same at any scale, so values are first scaled so that sums and
    squares neither overflow nor underflow.
    """
    level = _contract.not_negative(_contract.numbers(values))
    if level.max() <= 0:
        message = f"Column {values.name!r} is zero everywhere, so there are no shares to compare."
        raise ColumnError(message)
    relative = _scaled(level)
    if population is None:
        return relative, np.full(len(level), 1 / len(level))
    people = _contract.not_negative(
        _contract.numbers(population, ids=level.index, what="population", against="values")
    )
    if people.max() <= 0:
        message = f"Column {population.name!r} is zero everywhere, so no region has a weight."
        raise ColumnError(message)
    share = _scaled(people)
    share /= share.sum()
    if share @ relative <= 0:
        message = (
            f"Column {values.name!r} is above zero only where nobody lives, in "
            f"{_contract.named(level.index[level > 0])}, so people have nothing to share out. Check the "
            f"column {population.name!r}."
        )
        raise ColumnError(message)
    return relative, share


def _scaled(values: pd.Series) -> Floats:
    """Return ``values`` times a power of two (which rounds nothing) that brings the largest below 1."""
    return np.ldexp(values.to_numpy(), -int(np.frexp(values.max())[1]))


def theil_part(income: Floats, people: Floats) -> float:
    """Return sum s ln(s / p) over shares of income and of people; a share of zero adds nothing."""
    earns = income > 0
    return float(income[earns] @ np.log(income[earns] / people[earns]))


def grouped(shares: Floats, codes: NDArray[np.intp]) -> Floats:
    """Return shares summed by group."""
    sums: Floats = np.bincount(codes, shares).astype(np.float64)
    return sums


def log_mean(logs: Floats, shares: Floats) -> float:
    """Return the logarithm of the weighted mean of exponentials.

    Taken from the largest, nothing overflows; differences from one keep their digits where all are near
    it, as with an aversion close to one.
    """
    top = logs.max()
    below = float(shares @ np.expm1(logs - top))
    if below > -_HALF:
        return float(top + np.log1p(below))
    return float(top + np.log(shares @ np.exp(logs - top)))


def sound_activity(activity: pd.DataFrame, *, what: str = "activity") -> pd.DataFrame:
    """Return a table of regions by activities as floats, if every cell is zero or more."""
    if not isinstance(activity, pd.DataFrame):
        message = f"{what} must be a table of regions by activities; {type(activity).__name__} was given."
        raise ColumnError(message)
    if not activity.columns.is_unique or not len(activity.columns):
        message = f"The {what} must have columns, each activity once; they are {list(activity.columns)}."
        raise ColumnError(message)
    columns = [_contract.not_negative(_contract.numbers(activity[name], what=what)) for name in activity]
    table = pd.concat(columns, axis=1)
    if table.to_numpy().max() <= 0:
        message = f"The {what} is zero in every region: there is nothing to concentrate."
        raise ColumnError(message)
    return table
