"""Readings of a border coefficient: factors, tariffs and widths with their intervals."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from scipy import stats

from geoinno._contract import result
from geoinno._types import LEVEL
from geoinno.errors import ColumnError
from geoinno.measure._inference.estimates import Interval, around
from geoinno.measure.interaction.gravity import Gravity

if TYPE_CHECKING:
    from geoinno._types import Floats


def model(fit: Gravity) -> Gravity:
    """Return a fit, if it is one of a gravity model."""
    return result(fit, Gravity, name="fit", source="gi.measure.gravity")


def term(fit: Gravity, name: str) -> Interval:
    """Return a coefficient of a fit with its interval."""
    if name not in model(fit).coefficients.index:
        message = (
            f"The fit has no term {name!r}; its terms are {', '.join(map(repr, fit.coefficients.index))}. "
            "Fit it with gi.measure.gravity(flows, costs, border=country)."
        )
        raise ColumnError(message)
    estimate, low, high = fit.coefficients.loc[[name], ["estimate", "low", "high"]].to_numpy()[0]
    return Interval(float(estimate), float(low), float(high))


def combined(fit: Gravity, weights: dict[str, float]) -> tuple[float, float]:
    """Return a weighted sum of coefficients and its standard error."""
    names, factor = list(weights), np.array(list(weights.values()))
    value = float(factor @ fit.coefficients.loc[names, "estimate"].to_numpy())
    spread = fit.covariance.loc[names, names].to_numpy()
    return value, float(np.sqrt(factor @ spread @ factor))


def relative_width(fit: Gravity, name: str) -> Interval:
    """Return the ratio of a border's coefficient to that of cost, with Fieller's interval.

    The interval holds each ratio r that d - r b = 0 does not contradict (Fieller 1954). Where the slope of
    cost is not significant, the ratio has no bound on one side, or on either.
    """
    border, cost = term(fit, name).estimate, term(fit, "cost").estimate
    if cost >= 0:
        message = f"Flows do not fall with cost (coefficient {cost:.3g}), so the border has no width."
        raise ColumnError(message)
    spread = fit.covariance.loc[[name, "cost"], [name, "cost"]].to_numpy()
    return fieller(np.array([border, cost]), spread)


def fieller(means: Floats, spread: Floats) -> Interval:
    """Return the ratio of the first of two normal means to the second, with Fieller's 95% interval.

    Its ends are the roots of a r^2 - 2 h r + c = 0. Where the second mean is not significant (a <= 0),
    all ratios but those between the roots are left: the ray that holds the estimate is returned.
    """
    z2 = float(stats.norm.ppf((1 + LEVEL) / 2)) ** 2
    ratio = float(means[0] / means[1])
    a, c = (float(means[i] ** 2 - z2 * spread[i, i]) for i in (1, 0))
    h = float(means[0] * means[1] - z2 * spread[0, 1])
    inside = h**2 - a * c
    if inside < 0:
        return Interval(ratio, -np.inf, np.inf)
    low, high = sorted((h + sign * np.sqrt(inside)) / a for sign in (-1, 1))
    if a > 0:
        return Interval(ratio, low, high)
    return Interval(ratio, high, np.inf) if ratio >= high else Interval(ratio, -np.inf, low)


def tests(rows: dict[str, tuple[float, float]]) -> pd.DataFrame:
    """Return estimates with standard errors as a table of coefficients."""
    table = pd.DataFrame(rows, index=["estimate", "se"]).T
    z = table["estimate"] / table["se"]
    ends = [around(*row) for row in rows.values()]
    p = 2 * stats.norm.sf(np.abs(z))
    bounds = {"low": [e.low for e in ends], "high": [e.high for e in ends]}
    return table.assign(z=z, p=p, **bounds).rename_axis("term")
