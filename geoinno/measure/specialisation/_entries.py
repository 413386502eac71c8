"""Entries of regions into activities: a logit, its errors, and how well scores tell entries apart."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from scipy import special, stats

from geoinno._types import LEVEL
from geoinno.errors import ColumnError
from geoinno.measure._inference.estimates import Interval

if TYPE_CHECKING:
    from geoinno._types import Bools, Floats, Ints

_STEPS = 50
_SETTLED = 1e-10
_CERTAIN = 30.0  # a logit of this size is a probability of 1 - 1e-13
_FEWEST = 2


def logit(terms: Floats, entered: Bools) -> Floats:
    """Return the coefficients of a logit by Newton's method; the likelihood is concave."""
    if np.linalg.matrix_rank(terms) < terms.shape[1]:
        message = (
            "Density, or complexity, is the same for all candidates (or one follows from the other), so its "
            "effect cannot be told from the constant. Leave complexity out, or use finer activities."
        )
        raise ColumnError(message)
    slopes = np.zeros(terms.shape[1])
    for _ in range(_STEPS):
        chance = special.expit(terms @ slopes)
        step = np.linalg.solve(
            (terms * (chance * (1 - chance))[:, None]).T @ terms, terms.T @ (entered - chance)
        )
        slopes += step
        _refuse_separation(terms @ slopes, entered)
        if np.abs(terms @ step).max() <= _SETTLED:
            return slopes
    message = "The logit of entry did not settle. Check the tables for activities that all regions enter."
    raise ColumnError(message)


def _refuse_separation(score: Floats, entered: Bools) -> None:
    """Raise where all entries lie above all other candidates: the likelihood has no maximum then."""
    if np.abs(score).max() > _CERTAIN and score[entered].min() >= score[~entered].max():
        message = (
            "Every entry has a higher score than every candidate that was not entered, so the coefficients "
            "grow without bound. Give more regions, activities or years."
        )
        raise ColumnError(message)


def covariance(terms: Floats, entered: Bools, groups: tuple[Ints, Ints], *, slopes: Floats) -> Floats:
    """Return the covariance of a logit's coefficients, clustered by region and by activity.

    Cells of one region, and of one activity, depend on each other: V = V_region + V_activity - V_cell
    (Cameron, Gelbach and Miller 2011). No variance is taken below that by region or by activity alone.
    """
    chance = special.expit(terms @ slopes)
    bread = np.linalg.inv((terms * (chance * (1 - chance))[:, None]).T @ terms)
    influence = (terms * (entered - chance)[:, None]) @ bread
    return two_way(influence, groups)


def two_way(influence: Floats, groups: tuple[Ints, Ints]) -> Floats:
    """Return the covariance of a sum of influences that are clustered in two ways."""
    first, second = (_one_way(influence, group) for group in groups)
    both = first + second - influence.T @ influence
    least = np.maximum(np.diagonal(first), np.diagonal(second))
    np.fill_diagonal(both, np.maximum(np.diagonal(both), least))
    return both


def _one_way(influence: Floats, group: Ints) -> Floats:
    """Return the covariance over groups, with the factor G / (G - 1) for G of them."""
    count = int(group.max()) + 1
    if count < _FEWEST:
        message = "Entries need candidates in at least two regions and two activities to have an error."
        raise ColumnError(message)
    sums = np.column_stack([np.bincount(group, column) for column in influence.T])
    spread: Floats = sums.T @ sums * count / (count - 1)
    return spread


def area(score: Floats, entered: Bools, groups: tuple[Ints, Ints]) -> Interval:
    """Return the area under the curve: the chance that an entry has a higher score than another candidate.

    The influence of a candidate is its own share of pairs won (DeLong et al. 1988), summed within clusters
    (Obuchowski 1997). The interval is normal on the logit scale, so that it stays between 0 and 1; where
    the area is 0 or 1 no pair tells how sure that is, and its bounds are missing.
    """
    yes, no = int(entered.sum()), int((~entered).sum())
    rank = stats.rankdata(score)
    won = np.empty(len(score))
    won[entered] = (rank[entered] - stats.rankdata(score[entered])) / no
    won[~entered] = 1 - (rank[~entered] - stats.rankdata(score[~entered])) / yes
    value = float(won[entered].mean())
    if not 0 < value < 1:
        return Interval(value, np.nan, np.nan)
    influence = (won - value) / np.where(entered, yes, no)
    se = float(np.sqrt(two_way(influence[:, None], groups)[0, 0])) / (value * (1 - value))
    reach = float(stats.norm.ppf((1 + LEVEL) / 2)) * se
    middle = float(special.logit(value))
    return Interval(value, float(special.expit(middle - reach)), float(special.expit(middle + reach)))
