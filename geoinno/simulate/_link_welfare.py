"""The best links for welfare: sets within the budget in full equilibrium, and a gain that none exceeds."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np
from scipy import optimize

from geoinno.simulate import _coalitions, _equilibrium, _link_search

if TYPE_CHECKING:
    from collections.abc import Sequence

    from geoinno._types import Floats
    from geoinno.simulate._link_search import Found, LinkSpec, Network

ELASTICITY = 4.0
_BLOCK, _MOST_SETS = 64, 1 << _link_search.MOST_EXACT


@dataclass(frozen=True, slots=True)
class Welfare:
    """What sets of links gain: the sum over regions of production times (welfare - 1)."""

    network: Network
    trade: Floats
    known: dict[frozenset[int], float] = field(default_factory=dict)

    @property
    def links(self) -> LinkSpec:
        """The links that may be built."""
        return self.network.links

    def gains(self, chosen: tuple[int, ...], groups: Sequence[tuple[int, ...]]) -> Floats:
        """Return what each group of links adds to those chosen; no set is solved twice."""
        base = frozenset(chosen)
        sets = [base.union(group) for group in groups]
        new = sorted({base, *sets} - self.known.keys(), key=sorted)
        for first in range(0, len(new), _BLOCK):
            part = new[first : first + _BLOCK]
            self.known.update(zip(part, self._solved(part), strict=True))
        return np.array([self.known[one] for one in sets]) - self.known[base]

    def _solved(self, sets: Sequence[frozenset[int]]) -> list[float]:
        """Return the value of each set in full equilibrium."""
        changes = np.array([np.log(self.factors(sorted(links))) for links in sets])
        closure, (production, _) = (
            _equilibrium.full(self.trade, "additive"),
            _equilibrium.margins(self.trade),
        )
        solution = _equilibrium.solve(self.trade, changes, closure, elasticity=ELASTICITY)
        worth: list[float] = ((_coalitions.welfare(solution, "additive") - 1) @ production).tolist()
        return worth

    def factors(self, links: Sequence[int]) -> Floats:
        """Return what links do to flows at given prices, as factors: the decay of new costs over the old."""
        costs, network = self.network.with_links(links).costs, self.network
        return np.exp(_log_weights(network, costs) - _log_weights(network, network.costs))


def search(network: Network, trade: Floats) -> Found:
    """Return the set of links that raises welfare most, the value of a set as that of a coalition."""
    welfare = Welfare(network, trade)
    sets = _affordable(network.links)
    if sets is None:
        chosen = _link_search.greedy(welfare)
        return _link_search.found(welfare, chosen, bound(welfare))
    # A link may harm those whom trade leaves, so that no branch can be cut: every set is solved.
    values = dict(zip(sets, welfare.gains((), sets).tolist(), strict=True))
    chosen, ties = _link_search.first_of(values, max(values.values()), network.links)
    return _link_search.found(welfare, chosen, ties=ties)


def _affordable(links: LinkSpec) -> list[tuple[int, ...]] | None:
    """Return all sets within the budget, or None where they are more than those of twelve links."""
    sets: list[tuple[int, ...]] = [()]
    for chosen in sets:
        start = chosen[-1] + 1 if chosen else 0
        left = links.budget - links.spent(chosen)
        sets += [(*chosen, k) for k in range(start, len(links.length)) if links.price[k] <= left]
        if len(sets) > _MOST_SETS:
            return None
    return sets


def bound(welfare: Welfare) -> float:
    """Return a gain that no set within the budget exceeds, by the duality of a planner's problem.

    Whatever markets do with a set S is feasible for a planner who maximises sum_j Y_j u_j, u_j the
    utility of region j (1 before). By weak duality her optimum is at most sum_i Y_i p_i for any prices p of
    goods at which no utility costs less than it is worth, E_j P_j(p) >= Y_j. In m = p^-theta that is linear:

        sum_i pi_ij B_ij(S) m_i <= (E_j / Y_j)^theta  for all j.

    *All links*: prices for B of all links serve every set. *Link by link*: let m0 be prices for no link, and
    1 + b_ij(e) bound B_ij by ways over the link e. With cuts eta such that for all j

        sum_i pi_ij (1 + b_ij(e)) m0_i eta_ei >= sum_i pi_ij b_ij(e) m0_i,

    m = m0 (1 - sum_e eta_e) serves S. The bound is convex in the cuts, hence below its chords, which add up
    over links, so that a knapsack bounds all sets.
    """
    trade, links = welfare.trade, welfare.links
    production, spending = _equilibrium.margins(trade)
    worth = (spending / production) ** ELASTICITY
    base, every = trade / spending, tuple(range(len(links.length)))
    together = _dual(base * welfare.factors(every), worth, production)
    power, start = _prices(base, worth, production), _dual(base, worth, production)
    rises = _rises(welfare.network)
    value = production * power ** (-1 / ELASTICITY)
    cuts = np.array([_cut(base * power[:, None], rise, value) for rise in rises])
    most = np.array([_link_search.knapsack(cut, links.price, links.budget) for cut in cuts.T])
    if (most >= 1).any():
        return float(together)
    chord = np.divide((1 - most) ** (-1 / ELASTICITY) - 1, most, out=np.zeros_like(most), where=most > 0)
    limits = cuts @ (value * chord)
    return float(min(together, start + _link_search.knapsack(limits, links.price, links.budget)))


def _prices(shares: Floats, worth: Floats, production: Floats) -> Floats:
    """Return m = p^-theta at which no utility costs less than it is worth, and goods are worth little.

    Minimises sum_i Y_i m_i^(-1 / theta) under ``shares.T @ m <= worth`` by its dual, a concave function of
    multipliers above zero. Whatever the multipliers, prices are scaled until they serve, so that the bound
    holds where the optimum was not quite reached.
    """
    scale = production.sum()

    def of_multipliers(multipliers: Floats) -> Floats:
        cost = np.maximum(shares @ multipliers, np.finfo(float).tiny)
        power: Floats = (ELASTICITY * cost * scale / production) ** (-ELASTICITY / (1 + ELASTICITY))
        return power

    def dual(multipliers: Floats) -> tuple[float, Floats]:
        power, cost = of_multipliers(multipliers), shares @ multipliers
        value = production @ power ** (-1 / ELASTICITY) / scale + cost @ power - multipliers @ worth
        return -float(value), worth - shares.T @ power

    start = worth ** (1 / ELASTICITY) * production / (ELASTICITY * scale)
    best = optimize.minimize(dual, start, jac=True, method="L-BFGS-B", bounds=[(0, None)] * len(worth))
    power = of_multipliers(best.x)
    return power * (worth / (shares.T @ power)).min()


def _dual(shares: Floats, worth: Floats, production: Floats) -> float:
    """Return what a planner gains at most: the value of goods at these prices, less that of before."""
    power = _prices(shares, worth, production)
    return float(production @ (power ** (-1 / ELASTICITY) - 1))


def _cut(base: Floats, rise: Floats, value: Floats) -> Floats:
    """Return the cuts of m that make up for a link and lower the value of goods least: a linear programme."""
    need = (base * rise).sum(axis=0)
    if not need.any():
        return np.zeros_like(value)
    matrix = (base * (1 + rise)).T
    cut = np.maximum(optimize.linprog(value / value.sum(), -matrix, -need, bounds=(0, None)).x, 0.0)
    # The solver meets its constraints to some digits, the bound all of them.
    short = np.divide(need, matrix @ cut, out=np.zeros_like(need), where=need > 0).max()
    return np.asarray(cut * max(1.0, short))


def _rises(network: Network) -> list[Floats]:
    """Return b_ij(e): by what share a way over the link e, others open too, raises the decay of a pair."""
    every = network.with_links(range(len(network.links.length))).costs.copy()
    np.fill_diagonal(every, 0.0)
    base = _log_weights(network, network.costs)
    tables = []
    for a, b, length in zip(network.links.first, network.links.second, network.links.length, strict=True):
        over = np.minimum(every[:, [a]] + every[b], every[:, [b]] + every[a]) + length
        ways = np.minimum(over, network.costs)
        tables.append(np.expm1(_log_weights(network, ways) - base))
    return tables


def _log_weights(network: Network, costs: Floats) -> Floats:
    """Return the logarithm of the decay of costs, zero within regions."""
    safe = costs + np.eye(len(costs))
    weights: Floats = network.decay.log(safe)
    np.fill_diagonal(weights, 0.0)
    return weights
