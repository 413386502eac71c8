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


def weighed(values: pd.Series, population: pd.Series | None) -> tuple[Floats, Floats]:
    """Return values (zero or more) and the population shares of their regions, equal ones unless given."""
    level = _contract.numbers(values)
    _not_negative(level)
    if level.sum() <= 0:
        message = f"Column {values.name!r} is zero everywhere: there is nothing to share out."
        raise ColumnError(message)
    if population is None:
        return level.to_numpy(), np.full(len(level), 1 / len(level))
    people = _contract.numbers(population, ids=level.index, what="population", against="values")
    _not_negative(people)
    if people.sum() <= 0:
        message = f"Column {population.name!r} is zero everywhere: no region has a weight."
        raise ColumnError(message)
    return level.to_numpy(), (people / people.sum()).to_numpy()


def _not_negative(values: pd.Series) -> None:
    """Raise where a value is below zero."""
    negative = values.index[values < 0]
    if len(negative):
        message = (
            f"Column {values.name!r} is negative in {_contract.named(negative)}; it must be zero or more."
        )
        raise ColumnError(message)


def theil_part(income: Floats, people: Floats) -> float:
    """Return sum s ln(s / p) over shares of income and of people; a share of zero adds nothing."""
    earns = income > 0
    return float(income[earns] @ np.log(income[earns] / people[earns]))


def grouped(shares: Floats, codes: NDArray[np.intp]) -> Floats:
    """Return shares summed by group."""
    sums: Floats = np.bincount(codes, shares).astype(np.float64)
    return sums
