"""The search for the best set of links: exact by branch and bound, or greedy with exchange and a bound.

The gain of a set is monotone, but links are complements: two bridges on one way may be worth nothing alone.
Gains are therefore not submodular, and greedy search alone has no guarantee.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterable

    from geoinno._types import Floats, Ints
    from geoinno.weigh import Decay

# Up to so many links the search is exact: 4,096 sets.
MOST_EXACT = 12
# What a gain may exceed a bound by through rounding.
_SLACK = 1e-12


class State(NamedTuple):
    """Costs with some links open, and what all potential has gained by them."""

    costs: Floats
    gain: float


@dataclass(frozen=True, slots=True)
class LinkSpec:
    """The links that may be built: their ends, what a way over each costs, their prices, and the budget."""

    first: Ints
    second: Ints
    length: Floats
    price: Floats
    budget: float

    def spent(self, links: Iterable[int]) -> float:
        """Return what links cost to build."""
        return float(sum(self.price[link] for link in links))


@dataclass(frozen=True, slots=True)
class Network:
    """Costs without any new link, what each pair weighs in the objective, and the links.

    The objective is the sum over pairs of ``weight`` times the decay of cost; costs within regions are zero.
    """

    costs: Floats
    weight: Floats
    decay: Decay
    links: LinkSpec

    def start(self) -> State:
        """Return the state without any new link."""
        return State(self.costs, 0.0)

    def opened(self, state: State, link: int) -> State:
        """Return the state with one more link: a way may now lead over it, in either direction."""
        a, b, cost = self.links.first[link], self.links.second[link], state.costs
        over = np.minimum(cost[:, [a]] + cost[b], cost[:, [b]] + cost[a]) + self.links.length[link]
        better = over < cost
        np.fill_diagonal(better, val=False)
        if not better.any():
            return state
        weights = self.decay(over[better]) - self.decay(cost[better])
        gain = float(self.weight[better] @ weights)
        return State(np.where(better, over, cost), state.gain + gain)

    def with_links(self, links: Iterable[int], state: State | None = None) -> State:
        """Return the state with several links open."""
        state = self.start() if state is None else state
        for link in links:
            state = self.opened(state, link)
        return state


def additive_bounds(network: Network) -> Floats:
    """Return numbers u such that no set of links gains more than the sum of its u.

    A way that is better with a set leads over one of its links, e. It then costs no less than the way over e
    that all links allow; so what a pair gains is at most the largest, hence the sum, of these gains over the
    set.
    """
    every = network.with_links(range(len(network.links.length))).costs.copy()
    np.fill_diagonal(every, 0.0)
    limits = np.empty(len(network.links.length))
    for link in range(len(limits)):
        a, b = network.links.first[link], network.links.second[link]
        over = np.minimum(every[:, [a]] + every[b], every[:, [b]] + every[a]) + network.links.length[link]
        better = over < network.costs
        np.fill_diagonal(better, val=False)
        weights = network.decay(over[better]) - network.decay(network.costs[better])
        limits[link] = network.weight[better] @ weights
    return limits


def knapsack(limits: Floats, price: Floats, budget: float) -> float:
    """Return the most that a budget buys where a link may be bought in part (Dantzig 1957)."""
    total, left = 0.0, budget
    for link in np.argsort(-limits / price, kind="stable"):
        share = min(1.0, left / price[link])
        total, left = total + share * limits[link], left - share * price[link]
        if left <= 0:
            break
    return float(total)


@dataclass(frozen=True, slots=True)
class Found:
    """The links to build, what they gain, a gain that no set exceeds, and what each link is worth.

    ``alone`` is what a link gains by itself, ``within`` what the chosen set loses without it (missing for
    others).
    """

    chosen: tuple[int, ...]
    gain: float
    bound: float
    alone: Floats
    within: Floats


def search(network: Network) -> Found:
    """Return the best set for potential: exact for few links, greedy with a bound for many."""
    count = len(network.links.length)
    chosen = exact(network) if count <= MOST_EXACT else greedy(network)
    gain = network.with_links(chosen).gain
    limit = gain if count <= MOST_EXACT else max(bound(network), gain)
    within = np.full(count, np.nan)
    for link in chosen:
        within[link] = gain - network.with_links([k for k in chosen if k != link]).gain
    alone = np.array([network.with_links([link]).gain for link in range(count)])
    return Found(chosen, gain, limit, alone, within)


def bound(network: Network) -> float:
    """Return a gain that no set within the budget exceeds."""
    everything = network.with_links(range(len(network.links.length))).gain
    return min(everything, knapsack(additive_bounds(network), network.links.price, network.links.budget))


def exact(network: Network) -> tuple[int, ...]:
    """Return the best set within the budget, by branch and bound, depth first.

    At each node a link is taken or left. A branch is cut where neither all of its remaining links at once,
    nor the additive bounds of what the rest of the budget buys, could beat the best set found.
    """
    limits = additive_bounds(network)
    order = np.argsort(-limits / network.links.price, kind="stable")
    best = greedy(network)
    most = network.with_links(best).gain
    stack: list[tuple[int, tuple[int, ...], State]] = [(0, (), network.start())]
    while stack:
        depth, taken, state = stack.pop()
        if state.gain > most + _SLACK * abs(most):
            best, most = taken, state.gain
        left = network.links.budget - network.links.spent(taken)
        rest = [int(link) for link in order[depth:] if network.links.price[link] <= left]
        cheap = limits[list(taken)].sum() + knapsack(limits[rest], network.links.price[rest], left)
        if not rest or min(cheap, network.with_links(rest, state).gain) <= most * (1 + _SLACK):
            continue
        follow = int(np.flatnonzero(order == rest[0])[0]) + 1
        stack += [
            (follow, taken, state),
            (follow, (*taken, rest[0]), network.opened(state, rest[0])),
        ]
    return tuple(sorted(best))


def greedy(network: Network) -> tuple[int, ...]:
    """Return a set that no exchange of one or two of its links improves.

    Links are added alone or in pairs, by gain for the price, since two may be worth much that alone are worth
    little; then each link, and each pair, is taken out and the budget filled again.
    """
    chosen = _filled(network, ())
    most = network.with_links(chosen).gain
    improved = True
    while improved:
        improved = False
        for out in (*combinations(chosen, 1), *combinations(chosen, 2)):
            kept = tuple(link for link in chosen if link not in out)
            tried = _filled(network, kept, without=out)
            gain = network.with_links(tried).gain
            if gain > most * (1 + _SLACK):
                chosen, most, improved = tried, gain, True
                break
    return tuple(sorted(chosen))


def _filled(network: Network, chosen: tuple[int, ...], without: tuple[int, ...] = ()) -> tuple[int, ...]:
    """Return links with more added, alone or in pairs, for as long as the budget lasts and they gain."""
    state = network.with_links(chosen)
    while True:
        left = network.links.budget - network.links.spent(chosen)
        free = [
            k for k in range(len(network.links.length)) if k not in chosen and network.links.price[k] <= left
        ]
        groups = [group for size in (1, 2) for group in combinations(free, size)]
        # What was taken out may come back, but not all of it at once: that would be the set of before.
        groups = [group for group in groups if not without or not set(without) <= set(group)]
        groups = [group for group in groups if network.links.spent(group) <= left]
        gains = [network.with_links(group, state).gain - state.gain for group in groups]
        rates = [gain / network.links.spent(group) for gain, group in zip(gains, groups, strict=True)]
        if not rates or max(rates) <= 0:
            return chosen
        group = groups[int(np.argmax(rates))]
        chosen, state = (*chosen, *group), network.with_links(group, state)
