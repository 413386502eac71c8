"""Indices of inequality from levels and shares of people, as arrays."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from geoinno._types import Floats

# Where exponentials fall this far below the largest, their mean is better taken directly.
_HALF = 0.5
# No index lies below zero; sums of rounded shares of equal regions do by less than this.
_ROUNDING = 1e-14


def gini(level: Floats, people: Floats) -> float:
    """Return twice the area between the Lorenz curve and the line of equality."""
    order = np.argsort(level, kind="stable")
    share = people[order]
    income = share * level[order] / (share @ level[order])
    lorenz = np.cumsum(income)
    area = float(share @ (lorenz - income / 2))
    return max(0.0, 1 - 2 * area)


def theil(level: Floats, people: Floats, levels: Mapping[str, NDArray[np.intp]]) -> dict[str, float]:
    """Return the total, the part between the widest groups, those between narrower ones, and the rest.

    What groups of one level leave within them is parted by the groups of the next (Akita 2003).
    """
    income = people * level / (people @ level)
    total = _theil(income, people)
    total = 0.0 if total < _ROUNDING else total
    parts = {"total": total, "between": 0.0}
    before, outer = 0.0, ""
    for name, codes in levels.items():
        reached = _theil(*(np.bincount(codes, shares).astype(np.float64) for shares in (income, people)))
        reached = 0.0 if reached < _ROUNDING else min(reached, total)
        parts[f"{name} within {outer}" if outer else "between"] = max(0.0, reached - before)
        before, outer = reached, name
    return parts | {"within": total - before}


def _theil(income: Floats, people: Floats) -> float:
    """Return sum s ln(s / p) over shares of income and of people; a share of zero adds nothing."""
    earns = income > 0
    return float(income[earns] @ np.log(income[earns] / people[earns]))


def variation(level: Floats, people: Floats) -> float:
    """Return the coefficient of variation weighted by people."""
    mean = people @ level
    return float(np.sqrt(people @ (level - mean) ** 2) / mean)


def hoover(level: Floats, people: Floats) -> float:
    """Return half the sum of differences between shares of income and of people."""
    return float(np.abs(people * level / (people @ level) - people).sum() / 2)


def atkinson(level: Floats, people: Floats, *, power: float) -> float:
    """Return one less the equally distributed equivalent over the mean; the power is 1 less the aversion."""
    lived = people > 0
    level, people = level[lived], people[lived]
    mean = float(np.log(people @ level))
    if power <= 0 and level.min() == 0:
        return 1.0
    if power == 0:
        return max(0.0, float(-np.expm1(people @ np.log(level) - mean)))
    with np.errstate(divide="ignore"):  # the power of a level of zero is zero: its logarithm says so
        equal = _log_mean(power * np.log(level), people) / power
    return float(np.clip(-np.expm1(equal - mean), 0, 1))


def _log_mean(logs: Floats, shares: Floats) -> float:
    """Return the logarithm of the weighted mean of exponentials.

    Taken from the largest, nothing overflows; differences from one keep their digits where all are near
    it, as with an aversion close to one.
    """
    top = logs.max()
    below = float(shares @ np.expm1(logs - top))
    if below > -_HALF:
        return float(top + np.log1p(below))
    return float(top + np.log(shares @ np.exp(logs - top)))
