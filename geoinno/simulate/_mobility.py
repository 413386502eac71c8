"""Spatial equilibrium with residents who move and commute, in changes (Monte, Redding & Rossi-Hansberg 2018).

With hats for changes, theta the trade and eps the commuting elasticity, and alpha one less the housing share,

    commuters    C'_ni = c C_ni K_ni (P_n^alpha Q_n^(1 - alpha))^-eps w_i^eps,    (their equation 9 in
    changes) workers      L'_i = sum_n C'_ni,    residents R'_n = sum_i C'_ni,    their number in all as
    before, prices       P_n = F_n^(-1 / theta),  F_n = sum_i X_in / E_n  B_in L_i w_i^-theta,    (8, more
    workers make more goods) rents        Q_n = income of residents, since land is fixed and takes a constant
    share,    (5) goods        Y_i L_i w_i = sum_n X_in B_in L_i w_i^-theta / F_n  E'_n / E_n.    (7)

Two unknowns for each region, the wage and the cost of living there, P^alpha Q^(1 - alpha), determine all
else.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from geoinno._kernels.threads import single_blas_thread
from geoinno.errors import FlowError

if TYPE_CHECKING:
    from geoinno._types import Floats

_TOLERANCE, _EXACT = 1e-11, 1e-14
_MOST_STEPS = 3_000
# How many steps Anderson's acceleration looks back, and the share of a plain step that it starts from.
_MEMORY, _DAMPING = 8, 0.5


@dataclass(frozen=True, slots=True)
class Place:
    """What is observed, and what changes: trade and commuting before and at the prices of before."""

    trade: Floats  # origins by destinations
    changed_trade: Floats
    commuting: Floats  # residences by workplaces
    changed_commuting: Floats
    wages: Floats
    housing: float
    elasticity: float
    commuting_elasticity: float

    @property
    def earned(self) -> Floats:
        """What a worker at each place earns, scaled so that all earn what all regions produce."""
        workers = self.commuting.sum(axis=0)
        scaled: Floats = self.wages * (self.trade.sum() / (self.wages @ workers))
        return scaled


@dataclass(frozen=True, slots=True)
class State:
    """What wages and costs of living imply. All but ``commuting`` are relative to before."""

    commuting: Floats
    workers: Floats
    residents: Floats
    income: Floats  # of residents from work; rents move with it
    prices: Floats
    utility: float
    log_wages: Floats
    residual: Floats  # of wages, then of costs of living


def solve(place: Place) -> State:
    """Return the equilibrium of movement.

    Raises
    ------
    FlowError
        If none is found.
    """
    with np.errstate(invalid="ignore", divide="ignore", over="ignore"), single_blas_thread():
        state = _iterate(place, np.zeros(2 * len(place.wages)))
    if not np.abs(state.residual).max() <= _TOLERANCE:
        message = (
            "No spatial equilibrium was found. Agglomeration may be stronger than what housing and tastes "
            "disperse: take a larger housing share, smaller elasticities, or a smaller change."
        )
        raise FlowError(message)
    return state


def _iterate(place: Place, unknown: Floats) -> State:
    """Return the state after damped steps with Anderson's acceleration (Walker & Ni 2011)."""
    state = implied(place, unknown)
    tried, gaps = [unknown], [state.residual]
    best = state
    for _ in range(_MOST_STEPS):
        gap = np.abs(state.residual).max()
        if not gap < np.inf:
            break
        best = state if gap < np.abs(best.residual).max() else best
        if gap <= _EXACT or (gap <= _TOLERANCE and gap > np.abs(best.residual).max()):
            break
        unknown = _accelerated(tried, gaps)
        state = implied(place, unknown)
        tried, gaps = [*tried[-_MEMORY:], unknown], [*gaps[-_MEMORY:], state.residual]
    return best


def _accelerated(tried: list[Floats], gaps: list[Floats]) -> Floats:
    """Return the next unknowns: a step from the mix of the last ones whose residuals cancel best."""
    plain: Floats = tried[-1] + _DAMPING * gaps[-1]
    if len(tried) == 1:
        return plain
    moves, changes = np.diff(tried, axis=0).T, np.diff(gaps, axis=0).T
    mix, *_ = np.linalg.lstsq(changes, gaps[-1], rcond=1e-12)
    return plain - (moves + _DAMPING * changes) @ mix


def implied(place: Place, unknown: Floats) -> State:
    """Return what log wages and log costs of living imply; only differences are summed, as for trade."""
    log_wages, log_living = np.split(unknown, 2)
    eps, theta, share = place.commuting_elasticity, place.elasticity, place.housing
    before = place.commuting.sum()
    pulled = place.changed_commuting * np.exp(eps * (log_wages - log_living[:, None]))
    attraction = 1 + (pulled - place.commuting).sum() / before
    moved = pulled / attraction
    workers = 1 + (moved - place.commuting).sum(axis=0) / place.commuting.sum(axis=0)
    residents = 1 + (moved - place.commuting).sum(axis=1) / place.commuting.sum(axis=1)
    earned = place.commuting * place.earned
    paid = moved * (place.earned * np.exp(log_wages)) - earned
    income = 1 + paid.sum(axis=1) / earned.sum(axis=1)
    growth, prices = _markets(place, log_wages, workers, paid=paid.sum(axis=1))
    level = np.log1p(np.expm1(log_wages + np.log(workers)) @ place.trade.sum(axis=1) / place.trade.sum())
    living = (1 - share) * np.log(prices) + share * np.log(income)
    # A wage that is too high by a per cent lowers sales by about theta per cent.
    residual = np.concatenate([(growth - log_wages) / (1 + theta) - level, living - log_living])
    return State(
        moved, workers, residents, income, prices, float(attraction ** (1 / eps)), log_wages, residual
    )


def _markets(place: Place, log_wages: Floats, workers: Floats, *, paid: Floats) -> tuple[Floats, Floats]:
    """Return the growth of log sales per worker of each region, and consumer prices.

    Spending is what residents earn at work, what else is produced where they live, and a fixed deficit.
    """
    theta, trade = place.elasticity, place.trade
    production, spending = trade.sum(axis=1), trade.sum(axis=0)
    labour = place.earned * place.commuting.sum(axis=0)
    other = (production - labour) * np.expm1(log_wages + np.log(workers))
    weighted = place.changed_trade * (workers * np.exp(-theta * log_wages))[:, None]
    index = 1 + (weighted - trade).sum(axis=0) / spending
    flows = weighted * (1 + (paid + other) / spending) / index
    sales = np.log1p((flows - trade).sum(axis=1) / production)
    return sales - np.log(workers), index ** (-1 / theta)
