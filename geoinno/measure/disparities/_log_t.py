"""The log t regression of Phillips and Sul (2007), for many groups of paths at a time."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from geoinno._types import Bools, Floats

# Below this t, the hypothesis that a group converges is rejected (one-sided, 5%).
CRITICAL = -1.65
# Paths that differ by a smaller share of their mean in some year differ by rounding alone.
_ROUNDING = 1e-13
# Below this angle the kernel is taken from its series, where sine and cosine cancel.
_SMALL = 1e-3


@dataclass(frozen=True, slots=True)
class LogT:
    """Slopes on log t, their standard errors and t values, one for each group."""

    b: Floats
    se: Floats

    @property
    def t(self) -> Floats:
        """The t values; missing where a regression is not identified."""
        with np.errstate(divide="ignore", invalid="ignore"):  # an exact fit has no error to divide by
            return self.b / self.se

    def converges(self) -> Bools:
        """Return whether each group converges; one without a t value does not."""
        return np.asarray(np.nan_to_num(self.t, nan=-np.inf) > CRITICAL)


def of_group(paths: Floats, discarded: int) -> LogT:
    """Return the regression of one group of paths (regions x years)."""
    deviations = paths - paths.mean(axis=0)
    dispersion = (deviations**2).mean(axis=0) / paths.mean(axis=0) ** 2
    return _regressed(dispersion[None], discarded)


def of_leading(paths: Floats, discarded: int, *, least: int = 2) -> LogT:
    """Return the regressions of the first ``least`` paths, of one more, and so on to all."""
    size = np.arange(least, len(paths) + 1)[:, None]
    deviations = paths - paths[0]  # around one of them, so that squares lose no digits
    share = np.cumsum(deviations, axis=0)[least - 1 :] / size
    squares = np.cumsum(deviations**2, axis=0)[least - 1 :] / size
    return _regressed((squares - share**2) / (paths[0] + share) ** 2, discarded)


def of_pairs(paths: Floats, discarded: int) -> LogT:
    """Return the regressions of each path and the next one."""
    mean, half = (paths[:-1] + paths[1:]) / 2, (paths[1:] - paths[:-1]) / 2
    return _regressed((half / mean) ** 2, discarded)


def of_joined(core: Floats, others: Floats, discarded: int) -> LogT:
    """Return the regressions of a core and one of the others, for each of these."""
    centre, size = core.mean(axis=0), len(core) + 1
    within = ((core - centre) ** 2).sum(axis=0)
    deviations = others - centre
    share = deviations / size
    squares = (within + deviations**2) / size
    return _regressed((squares - share**2) / (centre + share) ** 2, discarded)


def _regressed(dispersion: Floats, discarded: int) -> LogT:
    """Return the fits of log(H_1 / H_t) - 2 log log t on log t, for t after the discarded years.

    A group whose paths meet in a year has no dispersion then, and no regression.
    """
    years = dispersion.shape[1]
    log_t = np.log(np.arange(discarded + 1, years + 1))
    known = np.where(dispersion > _ROUNDING**2, dispersion, np.nan)
    y = np.log(known[:, :1] / known[:, discarded:]) - 2 * np.log(log_t)
    x = log_t - log_t.mean()
    b = y @ x / (x @ x)
    rest = y - y.mean(axis=1, keepdims=True) - b[:, None] * x
    variance = _long_run(rest)
    # The quadratic spectral kernel keeps the variance above zero, but for the residual that is left out.
    return LogT(b, np.sqrt(np.where(variance >= 0, variance, np.nan) / (x @ x)))


def _long_run(rest: Floats) -> Floats:
    """Return the long-run variance of residuals (Andrews 1991), as the authors' program computes it.

    The bandwidth is that of a first-order autoregression; autocovariances leave out the last residual, and
    all are divided by n - 1. Published t values are those of this program.
    """
    n = rest.shape[1]
    with np.errstate(divide="ignore", invalid="ignore"):  # residuals of zero have no autocorrelation
        rho = (rest[:, 1:] * rest[:, :-1]).sum(axis=1) / (rest[:, :-1] ** 2).sum(axis=1)
        bandwidth = 1.3221 * (4 * rho**2 / (1 - rho) ** 4 * n) ** 0.2
    kept = rest[:, :-1]
    total = (rest**2).sum(axis=1)
    for lag in range(1, n - 1):
        total = total + 2 * _kernel(lag, bandwidth) * (kept[:, lag:] * kept[:, :-lag]).sum(axis=1)
    return total / (n - 1)


def _kernel(lag: int, bandwidth: Floats) -> Floats:
    """Return the quadratic spectral kernel at a lag; without a bandwidth it is zero."""
    with np.errstate(divide="ignore", invalid="ignore"):
        angle = 1.2 * np.pi * lag / bandwidth
        exact = 3 / angle**2 * (np.sin(angle) / angle - np.cos(angle))
    near = np.where(angle < _SMALL, 1 - angle**2 / 10, exact)
    return np.nan_to_num(near, nan=0.0)
