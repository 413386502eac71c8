"""Curves of growth fitted by least squares to the adopters of each step.

Parameters are free numbers: (ln K, ln b, middle) for the logistic and Gompertz curves, the middle being the
period of fastest growth, and (ln m, ln p, ln q) for Bass's.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from scipy import optimize, special

from geoinno.errors import ColumnError

if TYPE_CHECKING:
    from geoinno._types import Floats

#: A ceiling this many times what was reached is not seen in the data.
FAR = 100.0
SINGULAR = 1e7
_CEILINGS = (1.02, 1.3, 3.0, 10.0)
_SHARES = (0.2, 0.5, 0.8)
_INNOVATION, _IMITATION = (0.003, 0.03), (0.2, 0.6)
_LIMIT = 40.0


@dataclass(frozen=True, slots=True, eq=False)
class Case:
    """Cumulative adopters by period, and the curve that they are fitted by."""

    model: str
    period: Floats
    total: Floats

    @property
    def step(self) -> float:
        """The median step between periods."""
        return float(np.median(np.diff(self.period)))

    @property
    def origin(self) -> float:
        """One step before the first period, where Bass's curve is at zero."""
        return float(self.period[0]) - self.step

    @property
    def new(self) -> Floats:
        """The adopters of each step, those up to the first period in one."""
        return np.diff(self.total, prepend=0.0)


def level(case: Case, theta: Floats, period: Floats) -> Floats:
    """Return the cumulative adopters of a curve at some periods."""
    ceiling = np.exp(np.clip(theta[0], -_LIMIT, _LIMIT))
    if case.model == "bass":
        p, q = np.exp(np.clip(theta[1:], -_LIMIT, _LIMIT))
        fallen = np.exp(-(p + q) * (period - case.origin))
        return np.asarray(ceiling * (1 - fallen) / (1 + q / p * fallen))
    ahead = np.exp(np.clip(theta[1], -_LIMIT, _LIMIT)) * (period - theta[2])
    if case.model == "logistic":
        return np.asarray(ceiling * special.expit(ahead))
    return np.asarray(ceiling * np.exp(-np.exp(np.clip(-ahead, None, _LIMIT))))


def fit(case: Case) -> tuple[Floats, Floats, Floats]:
    """Return the parameters of the least squares, their Jacobian and the residuals; several starts."""
    size = float(case.total[-1])

    def residuals(theta: Floats) -> Floats:
        shares = level(case, theta, case.period) / size
        return np.asarray(np.diff(shares, prepend=0.0) - case.new / size)

    digits = {"xtol": 1e-12, "ftol": 1e-12, "gtol": 1e-12}
    found = [
        optimize.least_squares(residuals, start, jac="3-point", x_scale="jac", **digits)
        for start in _starts(case)
    ]
    best = min(found, key=lambda solution: float(solution.cost))
    if not np.isfinite(best.cost):
        message = "No curve of this form fits the adopters. Try another model."
        raise ColumnError(message)
    return np.asarray(best.x), np.asarray(best.jac) * size, np.asarray(best.fun) * size


def _starts(case: Case) -> list[Floats]:
    """Return starting values: ceilings above what was reached, at several speeds and middles."""
    size, span = float(case.total[-1]), float(np.ptp(case.period))
    if case.model == "bass":
        return [
            np.log([ceiling * size, p / case.step, q / case.step])
            for ceiling in _CEILINGS[:3]
            for p in _INNOVATION
            for q in _IMITATION
        ]
    middles = [float(np.interp(share * size, case.total, case.period)) for share in _SHARES]
    middles.append(float(case.period[-1]) + span / 2)
    return [
        np.array([np.log(ceiling * size), np.log(rate / span), middle])
        for ceiling in _CEILINGS
        for rate in (4.0, 12.0)
        for middle in middles
    ]


def shift(theta: Floats) -> tuple[float, Floats]:
    """Return a = b times the middle, and its slope in the parameters."""
    rate = float(np.exp(theta[1]))
    return rate * float(theta[2]), np.array([0.0, rate * theta[2], rate])


def inflection(case: Case, theta: Floats) -> tuple[float, Floats]:
    """Return the period of fastest growth, and its slope in the parameters.

    Bass: ln(q / p) / (p + q) after the origin, which lies before it where p exceeds q.
    """
    if case.model != "bass":
        return float(theta[2]), np.array([0.0, 0.0, 1.0])
    p, q = np.exp(theta[1:])
    after = float(np.log(q / p) / (p + q))
    slope = np.array([0.0, -1.0 - after * p, 1.0 - after * q]) / (p + q)
    return case.origin + after, slope
