"""Bounds of an index of inequality, from its values without each region or in samples of regions."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from scipy import special, stats

from geoinno._types import LEVEL

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from geoinno._types import Floats

# Indices between zero and one; the others have no upper end.
SHARES = ("gini", "hoover", "atkinson")
# Indices are of the order of 1: samples that differ by less are the same but for rounding.
_ROUNDING = 1e-12
# Skewness may at most double the distance of an end from the estimate.
_WIDEST = 0.5


def jackknife(
    estimate: float, without: Floats, *, strata: NDArray[np.intp], effective: float, share: bool
) -> tuple[float, float]:
    """Return the interval from the values without each region, within strata.

    ``effective`` is the share of regions that count, given their people, and ``share`` says that the index
    has an upper end of one.
    """
    top = 1.0 if share else np.inf
    if np.ptp(without) <= _ROUNDING:
        return np.nan, np.nan
    # Where the index may reach an end of its range, no transformation keeps it inside, and bounds are cut.
    least, most = min(estimate, without.min()), max(estimate, without.max())
    curve, back = (special.logit, special.expit) if share else (np.log, np.exp)
    if least <= 0 or most >= top:
        curve = back = np.asarray
    centre = float(curve(estimate))
    gaps, bias = _gaps(curve(without), centre, strata)
    spread = float((gaps**2).sum())
    ends = centre - bias + np.sqrt(spread) * _reach(gaps, spread, effective)
    low, high = np.clip(back(ends), 0, top)
    return float(low), float(high)


def _gaps(without: Floats, centre: float, strata: NDArray[np.intp]) -> tuple[Floats, float]:
    """Return what each region adds, scaled so that squares sum to the variance, and the bias."""
    size = np.bincount(strata)[strata]
    mean = (np.bincount(strata, without) / np.maximum(1, np.bincount(strata)))[strata]
    bias = float(((size - 1) / size * (mean - centre)).sum())
    return (mean - without) * np.sqrt((size - 1) / size), bias


def _reach(gaps: Floats, spread: float, effective: float) -> Floats:
    """Return how many standard errors the two ends lie from the estimate.

    The variance of a variance from n values of excess kurtosis k is k / n + 2 / (n - 1) of its square, which
    is worth 2 / (k / n + 2 / (n - 1)) degrees of freedom (Satterthwaite 1946).
    """
    n = len(gaps)
    kurtosis = n * float((gaps**4).sum()) / spread**2 - 3
    # That of a few values falls short of that of all: corrected as of samples (Joanes and Gill 1998).
    kurtosis = (n - 1) / ((n - 2) * (n - 3)) * ((n + 1) * kurtosis + 6)
    freedom = max(1.0, effective * min(n - 1, 2 / max(kurtosis / n + 2 / (n - 1), 1 / n)))
    t = stats.t.ppf([(1 - LEVEL) / 2, (1 + LEVEL) / 2], freedom)
    acceleration = float((gaps**3).sum()) / (6 * spread**1.5)
    reach: Floats = t / (1 - np.clip(acceleration * t, -_WIDEST, _WIDEST))
    return reach


def accelerated(estimate: float, drawn: Floats, without: Floats) -> tuple[float, float]:
    """Return the BCa interval; from percentiles alone where all draws are on one side of the estimate."""
    if np.ptp(drawn) <= _ROUNDING:
        return np.nan, np.nan
    gaps = without.mean() - without
    size = float((gaps**2).sum())
    skew = float((gaps**3).sum()) / (6 * size**1.5) if size > 0 else 0.0
    share = float((drawn < estimate).mean() + (drawn == estimate).mean() / 2)
    bias = float(stats.norm.ppf(share)) if 0 < share < 1 else 0.0
    z = bias + stats.norm.ppf([(1 - LEVEL) / 2, (1 + LEVEL) / 2])
    low, high = np.quantile(drawn, stats.norm.cdf(bias + z / (1 - skew * z)))
    return float(low), float(high)
