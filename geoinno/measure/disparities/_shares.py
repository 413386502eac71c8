"""Checked values and weights for measures of inequality."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from geoinno import _contract
from geoinno.errors import ColumnError

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]


def weighted(values: pd.Series, population: pd.Series | None) -> tuple[Floats, Floats]:
    """Return values of the order of 1, and the population shares of regions (equal unless given).

    The measures of this wing are the same at any scale, so values are first scaled so that sums and
    squares neither overflow nor underflow.
    """
    level = _not_negative(_contract.numbers(values))
    if level.max() <= 0:
        message = f"Column {values.name!r} is zero everywhere, so there is nothing to share out."
        raise ColumnError(message)
    relative = _scaled(level)
    if population is None:
        return relative, np.full(len(level), 1 / len(level))
    people = _not_negative(
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


def _not_negative(values: pd.Series) -> pd.Series:
    """Return ``values`` if none is below zero."""
    negative = values.index[values < 0]
    if len(negative):
        message = (
            f"Column {values.name!r} is negative in {_contract.named(negative)}; it must be zero or more."
        )
        raise ColumnError(message)
    return values


def theil_part(income: Floats, people: Floats) -> float:
    """Return sum s ln(s / p) over shares of income and of people; a share of zero adds nothing."""
    earns = income > 0
    return float(income[earns] @ np.log(income[earns] / people[earns]))


def grouped(shares: Floats, codes: NDArray[np.intp]) -> Floats:
    """Return shares summed by group."""
    sums: Floats = np.bincount(codes, shares).astype(np.float64)
    return sums
