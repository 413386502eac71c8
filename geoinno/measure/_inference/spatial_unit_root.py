"""Spatial unit roots: whether a variable drifts over the map as a random walk drifts over time."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from scipy import linalg, optimize

from geoinno._kernels.threads import single_blas_thread

if TYPE_CHECKING:
    from collections.abc import Callable

    from geoinno._types import Floats

#: The number of weighted averages over the map that the tests look at (Mueller and Watson 2024).
AVERAGES = 15
_DRAWS = 5_000
# The tests are the best ones against alternatives that they find this often.
_POWER, _LEVEL = 0.5, 0.05
# Mean correlations that count as weak: the one to beat, and those over which the p-value is the largest.
_WEAK = 0.001
# Beyond these logarithms of rates nothing changes any more.
_FAR = 30.0
# Pairs whose distances stand for all, evenly spaced by rank.
_PAIRS = 250_000
_WEAK_GRID = np.linspace(0.0001, 0.03, 30)


class UnitRoot(NamedTuple):
    """Two likelihood ratios and their p-values: that there is a unit root, and that dependence is weak."""

    lr_unit_root: float
    p_unit_root: float
    lr_weak: float
    p_weak: float


def unit_root(y: Floats, design: Floats, km: Floats, *, seed: int) -> UnitRoot:
    """Test what a design (a constant among its columns) leaves of ``y`` for a spatial unit root.

    Under a unit root, y is Levy's Brownian motion over the map, whose covariances are minus half of the
    distances once the constant is out. The data enter by their averages with the weights of the
    largest principal components of such a process (Mueller and Watson 2024, sections 3 and 4).
    """
    distance = km / km.max()
    draws = np.random.default_rng(seed).standard_normal((AVERAGES, _DRAWS))
    with single_blas_thread():
        components = principal_components(distance, design)
        averages = components.T @ y
        walk = components.T @ (-distance / 2) @ components
        alternatives = Alternatives(components, distance)
        strong = _unit_root(averages, walk, alternatives, squares=draws**2)
        weak = _weak(averages, walk, alternatives, draws=draws)
    return UnitRoot(*strong, *weak)


def principal_components(distance: Floats, design: Floats) -> Floats:
    """Return the largest principal components of Brownian motion once the design is out."""
    basis = np.linalg.qr(design)[0]
    walk = -distance / 2
    walk = walk - basis @ (basis.T @ walk)
    walk = walk - (walk @ basis) @ basis.T
    n = len(walk)
    return np.asarray(linalg.eigh(walk, subset_by_index=[n - AVERAGES, n - 1])[1])


def ratio(averages: Floats, null: Floats, alternative: Floats) -> float:
    """Return the likelihood ratio of the averages, their scale left open."""
    return float(
        (averages @ np.linalg.solve(null, averages)) / (averages @ np.linalg.solve(alternative, averages))
    )


@dataclass(frozen=True, slots=True, eq=False)
class Alternatives:
    """Covariances of the averages where correlations fall exponentially with distance."""

    components: Floats
    distance: Floats

    def at_rate(self, rate: float) -> Floats:
        """Return the covariance at a rate."""
        return self.components.T @ np.exp(-rate * self.distance) @ self.components

    def at_mean(self, mean: float) -> Floats:
        """Return the covariance at the rate that gives correlations this mean over all pairs."""
        pairs = np.sort(self.distance[np.triu_indices(len(self.distance), 1)])
        pairs = pairs[:: max(1, len(pairs) // _PAIRS)]
        point = _root(lambda log_rate: mean - float(np.exp(-np.exp(log_rate) * pairs).mean()))
        return self.at_rate(np.exp(point))


def _unit_root(
    averages: Floats, walk: Floats, alternatives: Alternatives, *, squares: Floats
) -> tuple[float, float]:
    """Return the ratio against an alternative that is found half of the time, and its p-value."""
    log_rate = _root(lambda point: _power(walk, alternatives.at_rate(np.exp(point)), squares) - _POWER)
    mixed = alternatives.at_rate(np.exp(log_rate))
    observed = ratio(averages, walk, mixed)
    drawn = squares.sum(axis=0) / (_relative(walk, mixed) @ squares)
    return observed, float((drawn > observed).mean())


def _weak(
    averages: Floats, walk: Floats, alternatives: Alternatives, *, draws: Floats
) -> tuple[float, float]:
    """Return the ratio of weak dependence to its sum with a unit root, and its largest p-value."""
    weak = alternatives.at_mean(_WEAK)
    share = _root(lambda point: _power(weak, weak + np.exp(point) * walk, draws**2) - _POWER)
    both = weak + np.exp(share) * walk
    observed = ratio(averages, weak, both)
    # In the axes common to both forms, each is a sum of squares, one of them weighted.
    weight, axes = linalg.eigh(both, weak)
    largest = 0.0
    for mean in _WEAK_GRID:
        squares = (axes.T @ np.linalg.cholesky(alternatives.at_mean(mean)) @ draws) ** 2
        exceeds = squares.sum(axis=0) / ((1 / weight) @ squares) > observed
        largest = max(largest, float(exceeds.mean()))
    return observed, largest


def _relative(null: Floats, alternative: Floats) -> Floats:
    """Return the variances under the null over those under the alternative, in their common axes."""
    return np.asarray(linalg.eigh(null, alternative, eigvals_only=True))


def _power(null: Floats, alternative: Floats, squares: Floats) -> float:
    """Return how often a test at 5% finds the alternative, from squared standard normal draws.

    In the axes common to both, the ratio is a weighted sum of squares over one without weights.
    """
    weight = _relative(null, alternative)
    total = squares.sum(axis=0)
    critical = np.quantile(total / (weight @ squares), 1 - _LEVEL)
    return float(((1 / weight) @ squares / total > critical).mean())


def _root(rising: Callable[[float], float]) -> float:
    """Return where a rising function of a logarithm crosses zero."""
    low, high = -3.0, 3.0
    while rising(low) > 0 and low > -_FAR:
        low -= 3.0
    while rising(high) < 0 and high < _FAR:
        high += 3.0
    return float(optimize.bisect(rising, low, high, xtol=1e-3))
