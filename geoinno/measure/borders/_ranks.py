"""Ranks of border regions: the benefit of the doubt, and how far ranks move with weights and settings."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from scipy import optimize
from scipy.stats import rankdata

from geoinno.scale import follow

if TYPE_CHECKING:
    from collections.abc import Sequence

    from geoinno._types import Floats


# Each part brings at least this share of a region's score, so that none is ranked by one part alone.
_LEAST_SHARE = 0.1


def benefit_of_doubt(parts: Floats) -> Floats:
    """Return the score of each row under the weights that favour it most, at most 1 for any row.

    max_w sum_k w_k x_ik with sum_k w_k x_jk <= 1 for all j, each part at least a tenth of the score
    (Cherchye et al. 2007): it needs no common weights, and the unit of a part does not matter.
    """
    scale = parts.max(axis=0)
    scaled = parts / np.where(scale > 0, scale, 1.0)
    bound = np.ones(len(scaled))
    scores = np.zeros(len(scaled))
    for row, own in enumerate(follow(scaled, "Region")):
        # Share of part k: w_k x_k >= least sum w x, as least x - e_k x_k <= 0.
        shares = _LEAST_SHARE * own - np.diag(own)
        found = optimize.linprog(-own, np.vstack([scaled, shares]), np.append(bound, np.zeros(len(own))))
        scores[row] = min(-found.fun, 1.0)
    return scores


def ranks(scores: Floats) -> Floats:
    """Return ranks, 1 for the highest; scores that differ by rounding alone tie."""
    return np.asarray(rankdata(-np.round(scores, 9), method="min"), np.float64)


def intervals(cases: Sequence[Floats], *, draws: int, seed: int) -> tuple[Floats, Floats]:
    """Return the 95% interval of each row's rank over random weights of the parts and over the cases."""
    shares = np.random.default_rng(seed).dirichlet(np.ones(cases[0].shape[1]), size=draws)
    drawn = []
    for case, weights in zip(cases, np.array_split(shares, len(cases)), strict=True):
        scale = case.max(axis=0)
        scaled = case / np.where(scale > 0, scale, 1.0)
        drawn += [ranks(scaled @ weight) for weight in follow(weights, "Draw of weights")]
    low, high = np.quantile(np.array(drawn), [0.025, 0.975], axis=0)
    return low, high
