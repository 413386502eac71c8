"""Scores of regions and activities from a table of presence that hangs together."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from geoinno._kernels.threads import single_blas_thread
from geoinno._language.phrases import Phrase
from geoinno.errors import ColumnError

if TYPE_CHECKING:
    from geoinno._types import Floats

_ROUNDING = 1e-9
_STEPS = 1000
_SETTLED = 1e-10
_NO_CORRELATION = 1e-6
_LEAST = 1e-290  # fitness may fall towards zero without end; its reciprocal must stay finite


class Scores(NamedTuple):
    """Scores of regions and activities, and the greatest relative change of the last step."""

    regions: Floats
    activities: Floats
    change: float = 0.0


def scored(has: Floats, *, method: str, steps: int) -> Scores:
    """Return the scores by one of the methods."""
    if method == "fitness":
        return fitness(has)
    return eigenvector(has) if method == "eigenvector" else reflections(has, steps=steps)


def signed(scores: Scores, diversity: Floats, *, method: str) -> tuple[Scores, float]:
    """Return scores with the sign by which complexity rises with diversity, and their correlation."""
    correlation = _correlation(scores.regions, diversity)
    if method == "fitness":  # a sum of positive terms has its sign
        return scores, correlation
    if not abs(correlation) > _NO_CORRELATION:
        message = Phrase(
            "Complexity has no correlation with diversity, so its sign cannot be chosen: which "
            "end is the complex one is not known. Use method='fitness', or finer activities."
        )
        raise ColumnError(message)
    sign = np.sign(correlation)
    return scores._replace(regions=sign * scores.regions, activities=sign * scores.activities), abs(
        correlation
    )


def _correlation(x: Floats, y: Floats) -> float:
    """Return the correlation of two lists; missing where one is constant."""
    x, y = x - x.mean(), y - y.mean()
    size = float(np.sqrt((x @ x) * (y @ y)))
    return float(x @ y) / size if size > 0 else float("nan")


def eigenvector(has: Floats) -> Scores:
    """Return the second eigenvectors of M_ij = sum_p M_ip M_jp / (k_i k_p), and its twin of activities.

    Both matrices are similar to A A' and A' A with A = D^-1/2 M U^-1/2 (D diversity, U ubiquity), so one
    singular value decomposition gives both vectors to full precision, real, and with one sign between
    them: regions score high that have activities which score high. The first pair is constant.
    """
    root_d, root_u = np.sqrt(has.sum(axis=1)), np.sqrt(has.sum(axis=0))
    with single_blas_thread():
        left, size, right = np.linalg.svd(has / root_d[:, None] / root_u, full_matrices=False)
    eigenvalue = np.append(size, 0.0)[1:3] ** 2
    if eigenvalue[0] - eigenvalue[1] <= _ROUNDING:
        reason = (
            Phrase("no region differs from another in its activities")
            if eigenvalue[0] <= _ROUNDING
            else Phrase("its second and third eigenvalues are equal, so any mixture of two orders would do")
        )
        message = Phrase(
            "The presence table has no order of complexity: {reason}. Use finer activities.", reason=reason
        )
        raise ColumnError(message)
    return Scores(_standardised(left[:, 1] / root_d), _standardised(right[1] / root_u))


def reflections(has: Floats, *, steps: int) -> Scores:
    """Return the reflections k_i,n of regions (n = ``steps``) and k_p,n-1 of activities.

    Reflections converge to a constant, and what tells regions apart shrinks by an eigenvalue at each step:
    after 20 steps few digits are left. The constant is an eigenvector, so it may be taken out at each step
    (the mean weighted by diversity is its part) and the rest be scaled up, without changing the z-scores.
    """
    diversity, ubiquity = has.sum(axis=1), has.sum(axis=0)
    regions, activities = diversity, ubiquity
    for _ in range(steps // 2):
        deviation = regions - diversity @ regions / diversity.sum()
        size = np.abs(deviation).max()
        if size <= _ROUNDING * np.abs(regions).max():
            message = (
                "Reflections start from diversity, which is the same in every region or has nothing to do "
                "with what the regions do: they order nothing. Use method='eigenvector'."
            )
            raise ColumnError(message)
        activities = has.T @ (deviation / size) / ubiquity
        regions = has @ activities / diversity
    return Scores(_standardised(regions), _standardised(activities))


def fitness(has: Floats) -> Scores:
    """Return fitness F_i = sum_p M_ip Q_p and complexity Q_p = 1 / sum_i (M_ip / F_i), each of mean 1."""
    regions, activities = np.ones(has.shape[0]), np.ones(has.shape[1])
    change = np.inf
    for _ in range(_STEPS):
        before = regions
        regions = np.maximum(_of_mean_one(has @ activities), _LEAST)
        activities = _of_mean_one(1 / (has.T @ (1 / regions)))
        change = float(np.max(np.abs(regions - before) / regions))
        if change <= _SETTLED:
            break
    return Scores(regions, activities, change)


def _of_mean_one(values: Floats) -> Floats:
    """Return values over their mean."""
    scaled: Floats = values / values.mean()
    return scaled


def _standardised(values: Floats) -> Floats:
    """Return z-scores with the standard deviation of the population."""
    deviation: Floats = values - values.mean()
    return deviation / np.sqrt(np.mean(deviation**2))
