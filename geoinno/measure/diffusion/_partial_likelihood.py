"""Partial likelihood of a proportional hazard, a stratum for each innovation and period.

In a stratum with risk set R and adopters D, d of them, a cell i has the relative hazard w_i = exp(x_i'b).
The l-th of d tied adopters (l = 0 .. d-1) is compared with

    a_l = sum_R w_i - f_l sum_D w_i,    f_l = l / d (Efron 1977) or 0 (Breslow 1974),

and log L = sum_D x_i'b - sum_l ln a_l. Everything below follows from the means of x under the same weights.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from scipy import sparse

from geoinno._contract import named
from geoinno._language.phrases import Phrase
from geoinno.errors import ColumnError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from geoinno._types import Bools, Floats, Ints
    from geoinno.measure.diffusion._terms import Terms

_STEPS = 50
_SETTLED = 1e-11
# A hazard e^25 times another of the same risk set is no estimate: the likelihood has no maximum.
_CERTAIN = 25.0
_SINGULAR = 1e-10


@dataclass(frozen=True, slots=True, eq=False)
class Cells:
    """Regions at risk, stratum by stratum: where they stand in a table of strata by regions, and who adopts.

    ``first`` is the first cell of each stratum. ``rank`` holds the factor f_l of each adoption and ``owner``
    its stratum.
    """

    stratum: Ints
    region: Ints
    adopting: Bools
    first: Ints
    rank: Floats
    owner: Ints

    def sums(self, values: Floats) -> Floats:
        """Return the sum over each stratum."""
        return np.add.reduceat(values, self.first, axis=0)

    def adopter_sums(self, values: Floats) -> Floats:
        """Return the sum over the adopters of each stratum."""
        adopters = values[self.adopting]
        bounds = np.searchsorted(self.stratum[self.adopting], np.arange(len(self.first)))
        return np.add.reduceat(adopters, bounds, axis=0)

    def taken(self, keep: Bools) -> tuple[Cells, Bools]:
        """Return the strata that are to be kept, and which cells they are."""
        chosen = np.asarray(keep[self.stratum])
        events = keep[self.owner]
        number = np.cumsum(keep) - 1
        stratum = number[self.stratum[chosen]]
        first = np.flatnonzero(np.diff(stratum, prepend=-1))
        part = Cells(
            stratum,
            self.region[chosen],
            self.adopting[chosen],
            first,
            self.rank[events],
            number[self.owner[events]],
        )
        return part, chosen


def cells(adopting: Bools, at_risk: Bools, *, ties: str) -> tuple[Cells, Bools]:
    """Return the cells of strata in which some adopt, and which strata they are.

    Where all at risk adopt nothing is learnt, but Efron's approximation lets such strata count; so do
    survival in R and statsmodels, and so they stay.
    """
    events = adopting & at_risk
    informative = np.asarray(events.any(axis=1), np.bool_)
    stratum, region = np.nonzero(at_risk[informative])
    counts = events[informative].sum(axis=1)
    owner = np.repeat(np.arange(len(counts)), counts)
    place = np.arange(len(owner)) - np.repeat(np.cumsum(counts) - counts, counts)
    rank = place / counts[owner] if ties == "efron" else np.zeros(len(owner))
    first = np.searchsorted(stratum, np.arange(len(counts)))
    return Cells(stratum, region, events[informative][stratum, region], first, rank, owner), informative


@dataclass(frozen=True, slots=True, eq=False)
class Expected:
    """Relative hazards at one value of the coefficients.

    ``expected`` is the number of adoptions that each cell should have, ``risk`` the a_l of each adoption.
    """

    hazard: Floats
    expected: Floats
    risk: Floats


def expected(case: Cells, score: Floats) -> Expected:
    """Return relative hazards, the risk that each adoption is compared with, and expected adoptions."""
    # Only differences within a stratum count: the largest score is taken off, so that nothing overflows.
    peak = np.maximum.reduceat(score, case.first)
    hazard = np.exp(score - peak[case.stratum])
    total, adopters = case.sums(hazard), case.adopter_sums(hazard)
    risk = total[case.owner] - case.rank * adopters[case.owner]
    share = np.bincount(case.owner, 1 / risk, len(case.first))
    less = np.bincount(case.owner, case.rank / risk, len(case.first))
    rate = share[case.stratum] - np.where(case.adopting, less[case.stratum], 0.0)
    return Expected(hazard, hazard * rate, risk)


def log_likelihoods(case: Cells, score: Floats) -> Floats:
    """Return the log partial likelihood of each stratum."""
    peak = np.maximum.reduceat(score, case.first)
    lifted = score - peak[case.stratum]
    hazard = np.exp(lifted)
    total, adopters = case.sums(hazard), case.adopter_sums(hazard)
    risk = total[case.owner] - case.rank * adopters[case.owner]
    found: Floats = case.adopter_sums(lifted) - np.bincount(case.owner, np.log(risk), len(case.first))
    return found


def log_likelihood(case: Cells, score: Floats) -> float:
    """Return the log partial likelihood."""
    return float(log_likelihoods(case, score).sum())


def means(case: Cells, terms: Terms, state: Expected) -> Floats:
    """Return the mean of the terms that each adoption is compared with (adoptions x terms)."""
    adopting, strata = state.hazard * case.adopting, len(case.first)
    weighted = terms.columns * state.hazard[:, None]
    total, adopters = case.sums(weighted), case.adopter_sums(weighted)
    own = (terms.by_stratum(case.stratum, weight, strata=strata) for weight in (state.hazard, adopting))
    total, adopters = (np.hstack(pair) for pair in zip((total, adopters), own, strict=True))
    found: Floats = (total[case.owner] - case.rank[:, None] * adopters[case.owner]) / state.risk[:, None]
    return found


def gradient_and_information(case: Cells, terms: Terms, state: Expected) -> tuple[Floats, Floats]:
    """Return the gradient of the log partial likelihood, and the information."""
    gradient = terms.products((case.adopting - state.expected)[:, None])[0]
    compared = means(case, terms, state)
    return gradient, terms.squares(state.expected) - compared.T @ compared


@dataclass(frozen=True, slots=True, eq=False)
class Fitted:
    """Coefficients at the maximum, their information, and the log likelihood there."""

    slopes: Floats
    information: Floats
    log_likelihood: float


def fit(case: Cells, terms: Terms, *, names: Sequence[str]) -> Fitted:
    """Return the maximum of the partial likelihood by Newton's method; it is concave in b."""
    slopes, value = np.zeros(terms.width), log_likelihood(case, np.zeros(len(case.region)))
    for _ in range(_STEPS):
        gradient, information = gradient_and_information(case, terms, expected(case, terms.score(slopes)))
        step = _solved(information, gradient, names)
        length, value = _climbed(case, (terms.score(slopes), terms.score(step)), value)
        slopes = slopes + length * step
        _refuse_divergence(case, terms.score(slopes), names)
        if float(np.abs(step).max() * length) <= _SETTLED * max(1.0, float(np.abs(slopes).max())):
            break
    _, information = gradient_and_information(case, terms, expected(case, terms.score(slopes)))
    return Fitted(slopes, information, value)


def _climbed(case: Cells, line: tuple[Floats, Floats], value: float) -> tuple[float, float]:
    """Return how much of a step does not go downhill, and the log likelihood there.

    ``line`` holds the scores at its start and their change over the whole step.
    """
    length = 1.0
    while True:
        found = log_likelihood(case, line[0] + length * line[1])
        if found >= value - 1e-9 * abs(value) or length < _SINGULAR:
            return length, found
        length /= 2


def _solved(information: Floats, gradient: Floats, names: Sequence[str]) -> Floats:
    """Return the Newton step, or raise where the data do not tell the terms apart."""
    size = np.sqrt(np.maximum(np.diagonal(information), 0.0))
    flat = [name for name, s in zip(names, size, strict=True) if s <= _SINGULAR * max(1.0, size.max())]
    if flat:
        message = Phrase(
            "{terms} has the same value for all regions of every risk set, so its effect cannot "
            "be estimated. Leave it out, or give more regions or innovations.",
            terms=named(flat),
        )
        raise ColumnError(message)
    scaled = information / np.outer(size, size)
    if np.linalg.eigvalsh(scaled)[0] <= _SINGULAR:
        message = Phrase(
            "The effects of {terms} cannot be told apart: one follows from the others. Leave one out.",
            terms=named(names),
        )
        raise ColumnError(message)
    return np.asarray(np.linalg.solve(scaled, gradient / size) / size)


def _refuse_divergence(case: Cells, score: Floats, names: Sequence[str]) -> None:
    """Raise where a coefficient grows without bound: adopters always have the highest exposure."""
    gap = np.maximum.reduceat(score, case.first) - np.minimum.reduceat(score, case.first)
    if float(gap.max()) > _CERTAIN:
        message = Phrase(
            "The coefficients of {terms} grow without bound: in every risk set those that adopt "
            "have the highest (or the lowest) exposure. Give more innovations or periods, or "
            "fewer terms.",
            terms=named(names),
        )
        raise ColumnError(message)


def clustered(case: Cells, terms: Terms, fitted: Fitted) -> Floats:
    """Return the covariance of the coefficients, errors clustered by region (Lin and Wei 1989).

    A cell contributes e_i (x_i - mean of m_l) - sum_l w_i (1 - f_l e_i) / a_l (x_i - m_l) to the gradient,
    m_l being what the l-th adoption is compared with; the covariance is scaled by G / (G - 1) for G regions.
    """
    state = expected(case, terms.score(fitted.slopes))
    compared = means(case, terms, state)
    counts = np.bincount(case.owner, minlength=len(case.first))[:, None]
    middle = case_sums(case, compared) / counts
    over_risk = case_sums(case, compared / state.risk[:, None])
    ranked = case_sums(case, compared * (case.rank / state.risk)[:, None])
    sums = _own_sums(case, terms, case.adopting - state.expected)
    adopting = case.adopting.astype(np.float64)
    groups = int(case.region.max()) + 1
    for weight, mean in ((-adopting, middle), (state.hazard, over_risk), (-state.hazard * adopting, ranked)):
        sums += sparse.csr_array((weight, (case.region, case.stratum)), (groups, len(mean))) @ mean
    count = len(np.unique(case.region))
    bread = np.linalg.inv(fitted.information)
    covariance: Floats = bread @ (sums.T @ sums) @ bread * count / (count - 1)
    return covariance


def _own_sums(case: Cells, terms: Terms, gap: Floats) -> Floats:
    """Return the sum of each term times a gap over the cells of each region (regions by terms)."""
    groups = int(case.region.max()) + 1
    own = np.zeros((groups, terms.units + 1))
    np.add.at(own, (case.region, terms.unit), gap)
    columns = [np.bincount(case.region, column * gap, groups) for column in terms.columns.T]
    return np.column_stack([*columns, own[:, : terms.units]])


def case_sums(case: Cells, values: Floats) -> Floats:
    """Return the sum over the adoptions of each stratum."""
    starts = np.searchsorted(case.owner, np.arange(len(case.first)))
    return np.add.reduceat(values, starts, axis=0)
