"""Equilibria of structural gravity: prices at which what every region sells is what it produces.

A table of trade X (origins by destinations, own trade on the diagonal) with margins Y (sales) and E
(spending) responds to a change of trade costs, of which B is the factor on flows. With prices w,

    X'_ij = X_ij B_ij w_i^-theta / F_j  E'_j / E_j,    F_j = sum_k X_kj B_kj w_k^-theta / E_j,

and w is such that every row of X' sums to what the region produces. Written in changes, so that the table
itself is the equilibrium of no change to the last bit (Dekle, Eaton & Kortum 2008). Three closures:

- conditional: production Y and spending E stay as they are, and X' is the biproportional fit of X B;
- full, additive deficits: production is Y w, spending E + Y (w - 1);
- full, multiplicative deficits: production is Y w, spending E w (Anderson & Yotov 2016). Flows sum to
  spending, which no longer adds up to production: where wages rise in deficit countries, the world spends a
  little more than it earns, and every region sells so much more than it produces.

World production stays as it is: that is the numeraire. One set of equations serves all three and many changes
at once (the first axis), since a coalition or a draw is one change among hundreds.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from scipy import linalg

from geoinno._kernels.threads import single_blas_thread
from geoinno._language.phrases import Phrase
from geoinno.errors import FlowError
from geoinno.simulate import _market_clearing
from geoinno.simulate._market_clearing import Closure
from geoinno.simulate._market_clearing import common_buyers as common_buyers  # noqa: PLC0414 - for solvers
from geoinno.simulate._market_clearing import margins as margins  # noqa: PLC0414 - for those who solve

if TYPE_CHECKING:
    from geoinno._types import Floats, Ints
    from geoinno.simulate._market_clearing import System

# A residual is the log of sales over production: at the first, an equilibrium; at the second, as good as
# sums of thousands of numbers get, so that no further step is taken.
_TOLERANCE, _EXACT = 1e-11, 1e-15
_MOST_STEPS, _MOST_HALVINGS = 100, 40
# Numbers in a table of all changes of a block: three such tables stay in the cache of a processor.
_BLOCK = 1 << 17


@dataclass(frozen=True, slots=True)
class Solution:
    """Equilibria, one for each change: flows, log prices, the index of consumer prices, and spending.

    ``prices`` and ``costs`` of consumption are relative to those of before, as is ``spending``.
    """

    flows: Floats  # (changes, n, n)
    prices: Floats  # (changes, n)
    living: Floats  # (changes, n), the consumer price index
    spending: Floats  # (changes, n)


def conditional(trade: Floats) -> Closure:
    """Return the closure with given production and spending."""
    production, _ = margins(trade)
    return Closure(0.0, np.zeros_like(production), production)


def full(trade: Floats, deficits: str) -> Closure:
    """Return the closure of full equilibrium with additive or multiplicative deficits."""
    production, spending = margins(trade)
    weights = production if deficits == "additive" else spending
    return Closure(1.0, weights, weights)


def solve(
    trade: Floats,
    change: Floats,
    closure: Closure,
    *,
    elasticity: float | Floats,
    buyers: Floats | None = None,
) -> Solution:
    """Return the equilibria after changes of log flows (one table, or one for each change on the first axis).

    Where one table is solved in several closures, they share the ``buyers`` of `common_buyers`.

    Raises
    ------
    FlowError
        If there is none, as where a region spends far less than it produces and its deficit is fixed.
    """
    tables = change.reshape(-1, *trade.shape)
    slope = np.broadcast_to(np.asarray(elasticity, np.float64), len(tables))
    size = max(1, _BLOCK // trade.size)
    with np.errstate(invalid="ignore", divide="ignore", over="ignore"), single_blas_thread():
        shared = common_buyers(trade) if buyers is None else buyers
        centre = _centre(trade, tables, slope, closure=closure, buyers=shared)
        parts = [
            _solve_block(
                _market_clearing.system_of(trade, tables[a : a + size], slope[a : a + size], closure=closure),
                centre,
            )
            for a in range(0, len(tables), size)
        ]
    return Solution(*(np.concatenate(columns) for columns in zip(*parts, strict=True)))


class _Centre(NamedTuple):
    """Log prices from which all changes start, and the factors of the Jacobian there."""

    log_prices: Floats
    factors: tuple[Floats, Ints]


def _centre(
    trade: Floats, tables: Floats, elasticity: Floats, *, closure: Closure, buyers: Floats
) -> _Centre:
    """Return where nothing has changed, or for many changes the equilibrium of their mean."""
    origin = np.zeros(len(trade))
    factors = _factored(
        _market_clearing.jacobian_before(trade, closure, elasticity=float(elasticity[0]), buyers=buyers)
    )
    if not np.diagonal(factors[0]).all():
        message = Phrase(
            "The wages of some regions are not identified: trade leaves more than one level of "
            "prices open. Keep regions that trade with each other."
        )
        raise FlowError(message)
    first = _Centre(origin, factors)
    if len(tables) == 1:
        return first
    mean = np.array([elasticity.mean()])
    system = _market_clearing.system_of(trade, tables.mean(axis=0)[None], mean, closure=closure)
    log_prices, gap = _settle(system, first)
    if not gap[0] <= _TOLERANCE:
        return first
    return _Centre(log_prices[0], _factored(_market_clearing.jacobian(system, log_prices)[0]))


def _factored(jacobian: Floats) -> tuple[Floats, Ints]:
    """Return the triangular factors of the Jacobian of one change, a third of the work of its inverse."""
    factors, order, _ = linalg.lapack.dgetrf(jacobian)
    return factors, order


def _settle(system: System, centre: _Centre) -> tuple[Floats, Floats]:
    """Return log prices and the largest residuals: after shared steps, then Newton's where needed."""
    log_prices, gap = _chord(system, centre)
    for i in np.flatnonzero(~(gap <= _TOLERANCE)):
        # Where the centre leaves a region nothing to spend, a change starts from before.
        start = log_prices[i] if np.isfinite(gap[i]) else np.zeros(len(system.trade))
        log_prices[i], gap[i] = _newton(system.only(np.array([i])), start)
    return log_prices, gap


def _solve_block(system: System, centre: _Centre) -> tuple[Floats, Floats, Floats, Floats]:
    """Return flows, prices, consumer prices and spending of the equilibria of one block."""
    log_prices, gap = _settle(system, centre)
    if not (gap <= _TOLERANCE).all():
        message = Phrase(
            "No equilibrium was found: with fixed deficits, a region that produces far more than "
            "it spends may have nothing left to spend once its wage falls. Take "
            "deficits='multiplicative', or a smaller change."
        )
        raise FlowError(message)
    state = _market_clearing.state_of(system, log_prices)
    living = state.index ** (-1 / system.elasticity[:, None])
    return state.flows, np.exp(log_prices), living, state.spending / system.spending


def _chord(system: System, centre: _Centre) -> tuple[Floats, Floats]:
    """Return log prices after steps with one Jacobian for all, each change for as long as it gains."""
    # What does not change starts from where it is, and so stays there to the last bit.
    moves = (system.changed != system.trade).any(axis=(1, 2))
    log_prices = np.where(moves[:, None], centre.log_prices, 0.0)
    residual = _market_clearing.residuals(system, log_prices)
    gap = _market_clearing.largest(residual)
    active = np.flatnonzero(gap > _EXACT)
    for _ in range(_MOST_STEPS):
        if not len(active):
            break
        steps = linalg.lapack.dgetrs(*centre.factors, residual[active].T)[0].T
        tried = log_prices[active] - steps
        found = _market_clearing.residuals(system.only(active), tried)
        better = _market_clearing.largest(found) < gap[active] / 2
        active, tried, found = active[better], tried[better], found[better]
        log_prices[active], residual[active], gap[active] = tried, found, _market_clearing.largest(found)
        active = active[gap[active] > _EXACT]
    return log_prices, gap


def _newton(system: System, start: Floats) -> tuple[Floats, float]:
    """Return log prices by Newton's method for one change; a step that does not gain is halved.

    Goods are gross substitutes, so the Jacobian is never singular and no residual can be stuck above zero.
    """
    log_prices, residual = start[None], _market_clearing.residuals(system, start[None])
    for _ in range(_MOST_STEPS):
        step = np.linalg.solve(_market_clearing.jacobian(system, log_prices)[0], residual[0])
        tried = _shortened(system, log_prices, step, gap=float(_market_clearing.largest(residual)[0]))
        if tried is None:
            break
        log_prices, residual = tried
    return log_prices[0], float(_market_clearing.largest(residual)[0])


def _shortened(
    system: System, log_prices: Floats, step: Floats, *, gap: float
) -> tuple[Floats, Floats] | None:
    """Return the log prices after the longest of the halved steps that gains, and their residuals."""
    for halving in range(_MOST_HALVINGS):
        tried = log_prices - step * 0.5**halving
        residual = _market_clearing.residuals(system, tried)
        if _market_clearing.largest(residual)[0] < gap:
            return tried, residual
        if gap <= _TOLERANCE:
            return None
    return None
