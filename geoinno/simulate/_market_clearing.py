"""What clears the markets of a trade table: the equations of an equilibrium, and their derivatives."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from geoinno._types import Floats, Ints


@dataclass(frozen=True, slots=True)
class Closure:
    """How production and spending respond to prices: Y' = Y w^income, E' = E + response (w - 1)."""

    income: float
    response: Floats
    level: Floats  # the weights of the prices whose mean stays as it is


@dataclass(frozen=True, slots=True)
class System:
    """Trade after a change of costs at the prices of before, ``changed`` = X B, one table for each change.

    ``elasticity`` is a number for each change; ``production`` and ``spending`` are the margins of X.
    """

    trade: Floats  # (n, n)
    changed: Floats  # (changes, n, n)
    elasticity: Floats  # (changes,)
    production: Floats  # (n,)
    spending: Floats  # (n,)
    closure: Closure
    sent: Floats  # (changes, n), the sums of X B by origin
    sent_more: Floats  # (changes, n), those of X B - X
    spent_more: Floats  # (changes, n), those by destination

    def only(self, which: Ints) -> System:
        """Return the system with some of the changes."""
        if len(which) == len(self.changed):
            return self
        each = ("changed", "elasticity", "sent", "sent_more", "spent_more")
        return replace(self, **{name: getattr(self, name)[which] for name in each})


def margins(trade: Floats) -> tuple[Floats, Floats]:
    """Return what each region sells and what each spends."""
    return trade.sum(axis=1), trade.sum(axis=0)


def system_of(trade: Floats, change: Floats, elasticity: Floats, *, closure: Closure) -> System:
    """Return the equations for some changes."""
    changed = trade * np.exp(change)
    more = changed - trade
    sums = changed.sum(axis=2), more.sum(axis=2), more.sum(axis=1)
    return System(trade, changed, elasticity, *margins(trade), closure, *sums)


@dataclass(frozen=True, slots=True)
class State:
    """What log prices imply: flows and their sums, one for each change."""

    flows: Floats
    shares: Floats  # X B w^-theta / (F E), what each destination spends on each origin
    sales: Floats
    index: Floats  # F, the consumer price index to the power -theta
    spending: Floats


def state_of(system: System, log_prices: Floats) -> State:
    """Return what log prices imply; only differences are summed, so that no change stays none exactly."""
    slope, closure = system.elasticity[:, None], system.closure
    weighted = system.changed * np.exp(-slope * log_prices)[:, :, None]
    index = 1 + (weighted - system.trade).sum(axis=1) / system.spending
    spending = system.spending + closure.response * np.expm1(log_prices)
    flows = weighted * (spending / (system.spending * index))[:, None, :]
    growth = (flows - system.trade).sum(axis=2) / system.production
    shares = weighted / (system.spending * index)[:, None, :]
    return State(flows, shares, system.production * (1 + growth), index, spending)


def residuals(system: System, log_prices: Floats) -> Floats:
    """Return the log of sales over production from two products with the table, which is not written anew.

    With f = w^-theta and g = E' / (E F), rows sum to f_i (X B (g - 1))_i + (f_i - 1) (X B 1)_i + (X B - X) 1.
    """
    fall, closure = np.expm1(-system.elasticity[:, None] * log_prices), system.closure
    spent = np.matmul(fall[:, None, :], system.changed)[:, 0] + system.spent_more
    rise = np.expm1(log_prices)
    spending = system.spending + closure.response * rise
    growth = (closure.response * rise - spent) / (system.spending + spent)
    sold = np.matmul(system.changed, growth[:, :, None])[:, :, 0]
    more = (1 + fall) * sold + fall * system.sent + system.sent_more
    level = np.log1p(rise @ closure.level / closure.level.sum())
    residual = np.log1p(more / system.production) - closure.income * log_prices - level[:, None]
    residual[(spending <= 0).any(axis=1)] = np.nan
    return residual


def jacobian(system: System, log_prices: Floats) -> Floats:
    """Return the derivatives of the residuals by log prices.

    Without the last term it is singular: by Walras's law one market clears where all others do.
    """
    state, closure = state_of(system, log_prices), system.closure
    prices, slope = np.exp(log_prices), system.elasticity[:, None, None]
    sold = state.flows / state.sales[:, :, None]
    matrix: Floats = slope * (sold @ state.shares.transpose(0, 2, 1))
    matrix += sold * (closure.response * prices / state.spending)[:, None, :]
    own = np.arange(len(system.trade))
    matrix[:, own, own] -= slope[:, :, 0] + closure.income
    mean = closure.level * prices
    matrix -= (mean / mean.sum(axis=1, keepdims=True))[:, None, :]
    return matrix


def common_buyers(trade: Floats) -> Floats:
    """Return X diag(1 / E) X': how much two regions sell to the same buyers, as far as these depend on it.

    It is the same for every closure. As the product of a table with its own transpose it is symmetric, and
    BLAS (syrk) works out half of it.
    """
    scaled = trade / np.sqrt(trade.sum(axis=0))
    product: Floats = scaled @ scaled.T
    return product


def jacobian_before(trade: Floats, closure: Closure, *, elasticity: float, buyers: Floats) -> Floats:
    """Return the derivatives of the residuals where nothing has changed, with ``buyers`` of `common_buyers`.

    What `jacobian` returns at prices of one, without writing the table anew: flows are X, shares X / E.
    """
    production, spending = margins(trade)
    matrix: Floats = buyers * (elasticity / production)[:, None]
    if closure.response.any():
        matrix += trade * (closure.response / spending) / production[:, None]
    matrix[np.diag_indices(len(trade))] -= elasticity + closure.income
    matrix -= closure.level / closure.level.sum()
    return matrix


def largest(residual: Floats) -> Floats:
    """Return the largest residual of each change; infinite where there is none."""
    gap: Floats = np.abs(residual).max(axis=1)
    return np.where(np.isnan(gap), np.inf, gap)
