"""Convergence: whether poor regions catch up with rich ones, and how fast."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, get_args

import numpy as np
import pandas as pd
from scipy import stats

from geoinno import _contract
from geoinno._language.phrases import Phrase
from geoinno.errors import ColumnError, OptionError
from geoinno.measure._inference.estimates import Interval, around
from geoinno.measure.disparities import _growth, _panel
from geoinno.measure.disparities._convergence_results import Beta, Sigma

if TYPE_CHECKING:
    from geopandas import GeoDataFrame
    from libpysal.graph import Graph
    from numpy.typing import NDArray

Model = Literal["ols", "lag", "error"]
# The t test of paired variances has n - 2 degrees of freedom.
_LEAST = 4


def beta_convergence(
    start: pd.Series,
    end: pd.Series,
    *,
    years: float,
    controls: pd.DataFrame | None = None,
    weights: Graph | None = None,
    regions: GeoDataFrame | None = None,
    model: Model = "ols",
    seed: int = 0,
) -> Beta:
    """Measure whether regions that start poor grow faster, and how fast a gap closes.

    ln(y_T / y_0) / T = a + B ln y_0 + c X + e over T years. Below zero, B says that the poor grow faster. The
    speed -ln(1 + B T) / T is the share of a gap that closes in a year, and ln 2 / speed the half-life.

    Parameters
    ----------
    start, end
        Levels such as income per head, above zero, at the start and the end, by region id. Not logs.
    years
        Years between the two.
    controls
        Columns by region id that regions may differ by: convergence is then conditional on them.
    weights
        Neighbours, needed by spatial models; rows are made to sum to one.
    regions
        The same regions, in any CRS, for ``p_noise`` and ``unit_root``.
    model
        Least squares with HC3 errors, or a spatial ``lag`` of growth or a spatial ``error`` by maximum
        likelihood (with spreg: ``geoinno[econ]``).
    seed
        Of the maps of noise, and of the draws behind the intervals of impacts.

    Returns
    -------
    Beta
        ``slope``, ``speed`` and ``half_life``, each an `Interval` (estimate, low, high); ``coefficients``;
        ``impacts`` (rows direct, indirect, total) of the start in a spatial lag, each with the speed that it
        means; ``p_noise``; ``unit_root`` (rows growth, start, residuals): ``p_unit_root`` and ``p_weak`` of
        the hypotheses of a spatial unit root and of weak dependence, with their likelihood ratios.

    Raises
    ------
    ColumnError
        If a level is missing, zero or negative, columns say the same, or regions are too few.
    AlignmentError
        If tables cover different regions, or a region has no neighbour in a spatial model.

    Notes
    -----
    The error of the speed is se(B) / (1 + B T). Speed is missing where 1 + B T is not above zero: the
    poor have then overtaken the rich. The half-life is missing where the speed is not above zero, and has no
    upper bound where the interval of the speed reaches zero.

    ``p_noise`` is the two-sided share of 499 maps of noise, as smooth as the residuals of least squares, on
    which the slope of least squares has a t value as far from zero, whatever the model. Intervals of least
    squares hold only if residuals are independent; where they are not, judge by ``p_noise``.

    With a spatial unit root, values drift over the map as a random walk drifts over time, and two maps that
    have nothing to do with each other seem related. Where residuals may have one (``p_unit_root`` above .05)
    and are not weakly dependent (``p_weak`` at or below .05), the words warn. The tests look at 15 averages
    over the map: they need at least 30 regions more than terms, and stop at 2,000 (then ``unit_root`` is
    None).

    References
    ----------
    Barro, R. J. and Sala-i-Martin, X. (1992). Convergence. Journal of Political Economy 100(2), 223-251.
    doi:10.1086/261816
    LeSage, J. P. and Pace, R. K. (2009). Introduction to Spatial Econometrics. Boca Raton: CRC Press.
    Mueller, U. K. and Watson, M. W. (2024). Spatial unit roots and spurious regression. Econometrica 92(5),
    1661-1695. doi:10.3982/ECTA21654
    Rey, S. J. and Montouri, B. D. (1999). US regional income convergence: a spatial econometric perspective.
    Regional Studies 33(2), 143-156. doi:10.1080/00343409950122945

    Examples
    --------
    >>> import geoinno as gi
    >>> states = gi.read.sample("north_america").panel["income"].unstack().filter(like="USA", axis=0)
    >>> found = gi.measure.beta_convergence(states[1929], states[2009], years=80)
    >>> print(f"{100 * found.speed.estimate:.2f}")
    1.65
    """
    _contract.option(model, get_args(Model), name="model")
    if model != "ols" and weights is None:
        message = f"model={model!r} needs weights, such as gi.weigh.contiguity(regions)."
        raise OptionError(message)
    span = _contract.positive(years, name="years")
    case = _growth.case(start, end, years=span, controls=controls)
    if weights is not None:
        _contract.weight_ids(weights)
    matrix = None if weights is None or model == "ols" else _growth.neighbours(weights, case)
    estimate = _growth.fit(case, matrix, model=model)
    impacts = _growth.impacts(estimate, case, matrix, seed=seed) if model == "lag" else None
    p_noise = np.nan if regions is None else _growth.p_noise(case, regions, seed=seed)
    roots = None if regions is None else _growth.unit_root(case, regions, seed=seed)
    value, se = (float(estimate.coefficients[column].loc["start"]) for column in ("estimate", "se"))
    speed = _speed(value, se, years=span)
    return Beta(
        around(value, se),
        speed,
        _half_life(speed),
        estimate.coefficients,
        impacts,
        p_noise,
        roots,
        model,
        controls is not None,
        span,
        len(case.growth),
    )


def _speed(slope: float, se: float, *, years: float) -> Interval:
    """Return the speed with its interval by the delta method; missing where it is not defined."""
    speed = _growth.speed(slope, years)
    if np.isnan(speed):
        return Interval(np.nan, np.nan, np.nan)
    return around(speed, se / (1 + slope * years))


def _half_life(speed: Interval) -> Interval:
    """Return the years in which half of a gap closes; without an upper bound where it may never close."""
    if not speed.estimate > 0:
        return Interval(np.nan, np.nan, np.nan)
    half = float(np.log(2))
    high = half / speed.low if speed.low > 0 else np.inf
    return Interval(half / speed.estimate, half / speed.high, high)


def sigma_convergence(panel: pd.Series | pd.DataFrame) -> Sigma:
    """Measure whether regions become more alike over the years, and test the first against the last.

    The spread of a year is the standard deviation of logs. The tests know that both years have the same
    regions: with variances s and covariance c, Pitman and Morgan's
    t = (s_1 - s_T) sqrt(n - 2) / (2 sqrt(s_1 s_T - c^2)), and Carree and Klomp's
    (n - 2.5) ln(1 + (s_1 - s_T)^2 / (4 (s_1 s_T - c^2))), chi-squared with one degree of freedom.

    Parameters
    ----------
    panel
        Levels above zero (not logs) by region and year: a Series or one column with this index, or a table
        with the columns region, year and one more. Every region needs a value in every year.

    Returns
    -------
    Sigma
        ``table`` by year: ``sd`` of logs and ``cv``, the coefficient of variation (both with n - 1);
        ``p_pitman_morgan`` and ``p_carree_klomp`` (two-sided), missing for fewer than four regions, one
        year, or where the years differ by a constant factor.

    Raises
    ------
    ColumnError
        If a cell is missing, zero or negative; the message names region and year.

    Notes
    -----
    An F test takes the years as independent: with a correlation of .95 it never rejects.

    References
    ----------
    Carree, M. and Klomp, L. (1997). Testing the convergence hypothesis: a comment. Review of Economics and
    Statistics 79(4), 683-686. doi:10.1162/003465397557114
    Pitman, E. J. G. (1939). A note on normal correlation. Biometrika 31(1/2), 9-12.
    doi:10.1093/biomet/31.1-2.9

    Examples
    --------
    >>> import geoinno as gi
    >>> states = gi.read.sample("north_america").panel["income"].filter(like="USA")
    >>> found = gi.measure.sigma_convergence(states)
    >>> found.table["sd"].loc[[1929, 2009]].round(2).tolist()
    [0.37, 0.14]
    """
    wide = _panel.balanced(panel, positive=Phrase("Logarithms are compared: pass levels above zero."))
    if len(wide) == 1:
        message = Phrase(
            "The panel has one region, {region}: there is no spread to measure.", region=repr(wide.index[0])
        )
        raise ColumnError(message)
    # Levels over the largest, so that no square overflows.
    logs, shares = wide.apply(np.log), wide / wide.to_numpy().max()
    table = pd.DataFrame({"sd": logs.std(), "cv": shares.std() / shares.mean()}).rename_axis("year")
    t, chi2 = _paired(logs.to_numpy()[:, [0, -1]])
    p_t = float(2 * stats.t.sf(abs(t), len(logs) - 2)) if len(logs) >= _LEAST else np.nan
    return Sigma(table, t, p_t, chi2, float(stats.chi2.sf(chi2, 1)), len(logs))


def _paired(ends: NDArray[np.float64]) -> tuple[float, float]:
    """Return the statistics of Pitman and Morgan, and of Carree and Klomp.

    The difference of variances is the covariance of sum and difference: where one of the two is constant but
    for rounding, nothing is left to compare it with.
    """
    n = len(ends)
    (before, both), (_, after) = np.cov(ends.T)
    rest = before * after - both**2
    if n < _LEAST or rest <= np.finfo(float).eps * n * before * after:
        return np.nan, np.nan
    ratio = (before - after) / (2 * np.sqrt(rest))
    return float(ratio * np.sqrt(n - 2)), float((n - 2.5) * np.log1p(ratio**2))
