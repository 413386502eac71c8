"""Least squares, in one stage or two, with HC3 errors and a test of each residual."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from scipy import stats

from geoinno.measure._inference.estimates import coefficients

if TYPE_CHECKING:
    import pandas as pd

    from geoinno._types import Floats


class Fit(NamedTuple):
    """Coefficients with HC3 errors, residuals, their p-values as outliers, and the share explained."""

    coefficients: pd.DataFrame
    residuals: Floats
    outlier_p: Floats
    r_squared: float


def fitted(level: pd.Series, terms: pd.DataFrame, instruments: pd.DataFrame) -> Fit:
    """Return the fit of ``level`` on a constant and the terms, instrumented one by one (or by themselves)."""
    y, x, z = level.to_numpy(float), _design(terms), _design(instruments)
    first = z @ np.linalg.lstsq(z, x, rcond=None)[0]
    bread = np.linalg.inv(first.T @ first)
    slopes = bread @ first.T @ y
    rest = y - x @ slopes
    leverage = np.einsum("ij,jk,ik->i", first, bread, first)
    scores = first * (rest / (1 - leverage))[:, None]
    spread = bread @ (scores.T @ scores) @ bread
    free = len(y) - x.shape[1]
    names = ["constant", *map(str, terms.columns)]
    explained = 1 - float(rest @ rest / ((y - y.mean()) @ (y - y.mean())))
    return Fit(coefficients(names, slopes, spread), rest, _outliers(rest, leverage, free), explained)


def _design(terms: pd.DataFrame) -> Floats:
    """Return the terms after a constant."""
    return np.column_stack([np.ones(len(terms)), terms.to_numpy(float)])


def _outliers(rest: Floats, leverage: Floats, free: int) -> Floats:
    """Return two-sided p-values of externally studentised residuals."""
    own = rest**2 / (1 - leverage)
    noise = np.maximum(rest @ rest - own, np.finfo(float).tiny) / (free - 1)
    score = rest / np.sqrt(noise * (1 - leverage))
    return np.asarray(2 * stats.t.sf(np.abs(score), free - 1), np.float64)
