"""Decay families as predictors of a gravity model: ln f by cost and parameters, and its slopes.

Families that are linear in ln f take one fit; the others are linearised around the parameters of highest
likelihood.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from scipy import special

if TYPE_CHECKING:
    from collections.abc import Callable

    from geoinno._types import Floats

    Bounds = list[tuple[float, float]]

_LN2 = float(np.log(2))


@dataclass(frozen=True, slots=True)
class Family:
    """One family as a predictor: ln f, its slopes by parameter, and the values of the ``Decay`` they make."""

    log: Callable[[Floats, Floats], Floats]
    columns: Callable[[Floats, Floats], list[Floats]]
    values: Callable[[Floats], tuple[float, ...]]
    size: int = 1
    shape: Callable[[Floats, Floats], tuple[Floats, Bounds]] | None = None  # start and bounds, if not linear
    log_cost: bool = False  # whether ln c is a part, which zero cost makes infinite

    @property
    def linear(self) -> bool:
        """Whether ln f is a sum of parameters times functions of cost."""
        return self.shape is None


def _linear(
    *parts: Callable[[Floats], Floats],
    values: Callable[[Floats], tuple[float, ...]],
    log_cost: bool = False,
) -> Family:
    """Return a family whose ln f is a sum of parameters times functions of cost."""

    def columns(cost: Floats, parameters: Floats) -> list[Floats]:
        del parameters
        return [-part(cost) for part in parts]

    def log(cost: Floats, parameters: Floats) -> Floats:
        pieces = zip(parameters, columns(cost, parameters), strict=True)
        total: Floats = sum(size * part for size, part in pieces)
        return total

    return Family(log, columns, values, size=len(parts), log_cost=log_cost)


def _log_squared(cost: Floats) -> Floats:
    return np.log(cost) ** 2


def _lognormal_values(parameters: Floats) -> tuple[float, ...]:
    # -a ln c - g (ln c)^2 = -g (ln c - ln s)^2 + constant, with ln s = -a / 2g: the same in any unit of cost.
    slope, rate = parameters
    with np.errstate(over="ignore", under="ignore", divide="ignore", invalid="ignore"):
        return float(rate), float(np.exp(-slope / (2 * rate)))


def _offset_log(cost: Floats, parameters: Floats) -> Floats:
    exponent, scale = np.exp(parameters)
    return -exponent * np.log1p(cost / scale)


def _offset_columns(cost: Floats, parameters: Floats) -> list[Floats]:
    exponent, scale = np.exp(parameters)
    return [_offset_log(cost, parameters), exponent * cost / (scale + cost)]


def _offset_values(parameters: Floats) -> tuple[float, ...]:
    exponent, scale = np.exp(parameters)
    return float(scale * np.expm1(_LN2 / exponent)), float(exponent)


def _offset_shape(cost: Floats, flow: Floats) -> tuple[Floats, Bounds]:
    low, high = _range(cost)
    start = np.array([_LN2, np.log(np.average(cost, weights=flow))])
    return start, [(-4.0, 4.0), (low, high)]


def _logistic_log(cost: Floats, parameters: Floats) -> Floats:
    middle, steepness = np.exp(parameters)
    return special.log_expit(-steepness * (cost - middle))


def _logistic_columns(cost: Floats, parameters: Floats) -> list[Floats]:
    middle, steepness = np.exp(parameters)
    fallen = special.expit(steepness * (cost - middle))
    return [steepness * middle * fallen, -steepness * (cost - middle) * fallen]


def _logistic_shape(cost: Floats, flow: Floats) -> tuple[Floats, Bounds]:
    low, high = _range(cost)
    middle = np.log(np.average(cost, weights=flow))
    return np.array([middle, _LN2 - middle]), [(low, high), (-high - 3, -low + 3)]


def _range(cost: Floats) -> tuple[float, float]:
    """Return logarithms of costs well below the lowest above zero and well above the highest."""
    return float(np.log(cost[cost > 0].min()) - 3), float(np.log(cost.max()) + 3)


def _same(parameters: Floats) -> tuple[float, ...]:
    return tuple(float(value) for value in parameters)


FAMILIES = {
    "exponential": _linear(np.positive, values=lambda p: (float(_LN2 / p[0]),)),
    "power": _linear(np.log, values=_same, log_cost=True),
    "gaussian": _linear(np.square, values=lambda p: (float(np.sqrt(_LN2 / p[0])),)),
    "tanner": _linear(np.log, np.positive, values=_same, log_cost=True),
    "lognormal": _linear(np.log, _log_squared, values=_lognormal_values, log_cost=True),
    "exponential_sqrt": _linear(np.sqrt, values=lambda p: (float((_LN2 / p[0]) ** 2),)),
    "logistic": Family(
        _logistic_log, _logistic_columns, lambda p: _same(np.exp(p)), size=2, shape=_logistic_shape
    ),
    "offset_power": Family(_offset_log, _offset_columns, _offset_values, size=2, shape=_offset_shape),
}
ALL = tuple(FAMILIES)


def columns(family: Family, cost: Floats, parameters: Floats | None = None) -> dict[str, Floats]:
    """Return the slopes of ln f by parameter, as named terms."""
    parts = family.columns(cost, np.ones(family.size) if parameters is None else parameters)
    return {f"parameter {k + 1}": part for k, part in enumerate(parts)}
