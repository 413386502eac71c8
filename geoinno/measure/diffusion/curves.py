"""Growth curves: how fast an innovation grows, and how far, by a logistic, Gompertz or Bass curve."""

from __future__ import annotations

import warnings
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, get_args

import numpy as np
import pandas as pd
from scipy import stats

from geoinno._contract import named, option
from geoinno._display import Displayed
from geoinno._types import LEVEL
from geoinno.errors import ColumnError, DataWarning
from geoinno.measure._inference.estimates import Interval
from geoinno.measure.diffusion import _growth_fits as fits

if TYPE_CHECKING:
    from geoinno._types import Floats

Model = Literal["logistic", "gompertz", "bass"]
_FEWEST = 6


@dataclass(frozen=True, slots=True, eq=False)
class GrowthCurve(Displayed):
    """A curve of growth. ``parameters``: estimate, low and high; ``fitted``: cumulative adopters by period.

    ``inflection`` is the period in which growth is fastest; ``complete`` says whether the data reach it.
    """

    model: str
    parameters: pd.DataFrame
    inflection: Interval
    fitted: pd.Series
    complete: bool
    deviation: float

    displayed_tables = ("parameters",)

    def __str__(self) -> str:
        """Return the result in words."""
        ceiling, low, high = (_plain(value) for value in self.parameters.iloc[0])
        middle, *ends = (f"{value:.1f}" for value in self.inflection)
        rest = "; ".join(
            f"{name} = {row['estimate']:.3g} ({row['low']:.3g} to {row['high']:.3g})"
            for name, row in self.parameters.drop(self.parameters.index[0]).iterrows()
            if name != "a"  # depends on where periods are counted from
        )
        short = (
            "" if self.complete else " The data end before growth is fastest, so the ceiling is uncertain."
        )
        return (
            f"By a {_NAMES[self.model]} curve, adopters rise to a ceiling of {ceiling} (95% interval {low} "
            f"to {high}) and grow fastest in period "
            f"{middle} ({' to '.join(ends)}); {rest}.{short}"
        )


def _plain(value: float) -> str:
    """Return a number without an exponent where it is a count."""
    return f"{value:,.0f}" if abs(value) >= _COUNTED else f"{value:.3g}"


_COUNTED = 100
_NAMES = {"logistic": "logistic", "gompertz": "Gompertz", "bass": "Bass"}


def growth_curve(adopters: pd.Series, *, model: Model = "logistic") -> GrowthCurve:
    """Fit a curve of growth to the cumulative number (or share) of adopters by period.

    With t the period and Y the cumulative adopters,

        logistic: Y = K / (1 + exp(a - b t)),    Gompertz: Y = K exp(-exp(a - b t)),
        Bass: Y = m (1 - exp(-(p + q) s)) / (1 + (q / p) exp(-(p + q) s)),

    s being the time since one step before the first period. K and m are ceilings, b a rate; p is the
    coefficient of innovation, adoption from outside, q that of imitation. A high q over p says that
    adopters follow adopters.

    Parameters
    ----------
    adopters
        Cumulative adopters, indexed by period (numbers, such as years); they never fall. Start where the
        innovation does: what was adopted up to the first period counts as one step.
    model
        ``logistic``, ``gompertz`` or ``bass``.

    Returns
    -------
    GrowthCurve
        ``parameters`` (rows K, a, b, or m, p, q; columns estimate, low, high), ``inflection`` and ``fitted``.

    Raises
    ------
    ColumnError
        If there are fewer than six periods, adopters fall or are missing, the ceiling is not identified, or
        it lies below what was reached.

    Warns
    -----
    DataWarning
        If the data end before growth is fastest: the ceiling then rests on the form of the curve.

    Notes
    -----
    Curves are fitted by least squares to the adopters of each step, not to their sum, whose errors carry over
    from period to period (Srinivasan and Mason 1986). Intervals are 95%, from the curvature at the best fit
    and Student's t; those of K, b, m, p and q on the log scale.

    References
    ----------
    Griliches, Z. (1957). Hybrid corn: an exploration in the economics of technological change. Econometrica
    25(4), 501-522. doi:10.2307/1905380
    Bass, F. M. (1969). A new product growth for model consumer durables. Management Science 15(5), 215-227.
    doi:10.1287/mnsc.15.5.215
    Srinivasan, V. and Mason, C. H. (1986). Nonlinear least squares estimation of new product diffusion
    models. Marketing Science 5(2), 169-178. doi:10.1287/mksc.5.2.169

    Examples
    --------
    >>> import geoinno as gi
    >>> laws = gi.read.sample("policies").adoptions
    >>> when = laws.loc[laws["innovation"] == "graduated_licence", "period"]
    >>> curve = gi.measure.growth_curve(when.value_counts().sort_index().cumsum())
    >>> round(curve.inflection.estimate, 1)
    1999.0
    """
    option(model, get_args(Model), name="model")
    placed = _sound(adopters)
    case = fits.Case(model, placed.index.to_numpy(np.float64), placed.to_numpy())
    theta, jacobian, rest = fits.fit(case)
    free = len(placed) - len(theta)
    _refuse_unidentified(case, theta, jacobian)
    deviation = float(np.sqrt(rest @ rest / free))
    covariance = np.asarray(np.linalg.inv(jacobian.T @ jacobian) * deviation**2, np.float64)
    reach = float(stats.t.ppf((1 + LEVEL) / 2, free))
    inflection = _interval(case, theta, covariance, reach=reach)
    complete = inflection.estimate <= case.period[-1]
    if not complete:
        message = (
            f"The data end in period {case.period[-1]:g}, before growth is fastest "
            f"({inflection.estimate:.1f}): the ceiling is extrapolated. Give later periods."
        )
        warnings.warn(message, DataWarning, stacklevel=2)
    fitted = pd.Series(fits.level(case, theta, case.period), placed.index, name="fitted")
    parameters = _parameters(case, theta, covariance, reach=reach)
    _refuse_misfit(case, parameters.iloc[0])
    return GrowthCurve(model, parameters, inflection, fitted.reindex(adopters.index), complete, deviation)


def _sound(adopters: pd.Series) -> pd.Series:
    """Return cumulative adopters in the order of their periods, if they are what they should be."""
    if not isinstance(adopters, pd.Series) or not pd.api.types.is_numeric_dtype(adopters.index.dtype):
        message = (
            "adopters must be a Series of cumulative adopters indexed by period, numbers such as years: "
            "counts.sort_index().cumsum()."
        )
        raise ColumnError(message)
    if pd.api.types.is_bool_dtype(adopters) or not pd.api.types.is_numeric_dtype(adopters):
        message = f"Column {adopters.name!r} must be numeric; its type is {adopters.dtype}."
        raise ColumnError(message)
    placed = adopters.astype("float64").sort_index()
    if placed.index.has_duplicates or not np.isfinite(placed.to_numpy()).all():
        bad = placed.index[placed.index.duplicated() | ~np.isfinite(placed.to_numpy())]
        message = f"Adopters are missing, infinite or given twice in the periods {named(bad.unique())}."
        raise ColumnError(message)
    falls = placed.index[placed.diff() < 0]
    if len(falls) or (placed < 0).any():
        message = (
            f"Cumulative adopters fall in the periods {named(falls)}: give sums over periods, .cumsum()."
        )
        raise ColumnError(message)
    if len(placed) < _FEWEST or placed.diff().gt(0).sum() < _FEWEST // 2:
        message = (
            f"A curve of three parameters needs at least {_FEWEST} periods and {_FEWEST // 2} in which "
            f"adopters grow; there are {len(placed)} periods. Periods without new adopters count too."
        )
        raise ColumnError(message)
    return placed


def _refuse_unidentified(case: fits.Case, theta: Floats, jacobian: Floats) -> None:
    """Raise where the ceiling lies beyond all that was seen, or parameters cannot be told apart."""
    scale = np.linalg.norm(jacobian, axis=0)
    flat = scale.min() <= 0 or np.linalg.cond(jacobian / scale) > fits.SINGULAR
    if flat or np.exp(theta[0]) > fits.FAR * case.total[-1]:
        message = (
            f"Adopters grow as if without a ceiling to period {case.period[-1]:g}, or in too few steps: the "
            f"{_NAMES[case.model]} curve is not identified. Give later periods, or another model."
        )
        raise ColumnError(message)


def _refuse_misfit(case: fits.Case, ceiling: pd.Series) -> None:
    """Raise where the whole interval of the ceiling lies below what was reached."""
    if ceiling["high"] < case.total[-1]:
        message = (
            f"The {_NAMES[case.model]} curve has a ceiling of {_plain(ceiling['estimate'])}, below the "
            f"{_plain(case.total[-1])} that was reached: adopters do not grow in one such wave. Try another "
            "model."
        )
        raise ColumnError(message)


def _parameters(case: fits.Case, theta: Floats, covariance: Floats, *, reach: float) -> pd.DataFrame:
    """Return the parameters of the textbook with their intervals."""
    spread = reach * np.sqrt(np.diagonal(covariance))
    logs = pd.DataFrame({"estimate": theta, "low": theta - spread, "high": theta + spread})
    if case.model == "bass":
        return logs.apply(np.exp).set_axis(pd.Index(["m", "p", "q"], name="parameter"))
    ceiling, rate = np.exp(logs.iloc[0]), np.exp(logs.iloc[1])
    value, slope = fits.shift(theta)
    around = reach * float(np.sqrt(slope @ covariance @ slope))
    shift = pd.Series({"estimate": value, "low": value - around, "high": value + around})
    return pd.DataFrame({"K": ceiling, "a": shift, "b": rate}).T.rename_axis("parameter")


def _interval(case: fits.Case, theta: Floats, covariance: Floats, *, reach: float) -> Interval:
    """Return the period of fastest growth, by the delta method."""
    value, slope = fits.inflection(case, theta)
    spread = reach * float(np.sqrt(slope @ covariance @ slope))
    return Interval(value, value - spread, value + spread)
