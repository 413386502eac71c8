"""The search for the best set of links: exact by branch and bound, or greedy with exchange and a bound.

The gain of a set is monotone, but links are complements: two bridges on one way may be worth nothing alone.
Gains are therefore not submodular, and greedy search alone has no guarantee.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations
from typing import TYPE_CHECKING, NamedTuple, Protocol

import numpy as np

from geoinno.scale import follow

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from geoinno._types import Floats, Ints
    from geoinno.weigh import Decay

# Up to so many links the search is exact: 4,096 sets.
MOST_EXACT = 12
# What a gain may exceed a bound by through rounding, and by what share gains differ that count as equal.
_SLACK, _TIE = 1e-12, 1e-10


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


class Objective(Protocol):
    """What sets of links gain."""

    @property
    def links(self) -> LinkSpec:
        """The links that may be built."""
        ...

    def gains(self, chosen: tuple[int, ...], groups: Sequence[tuple[int, ...]]) -> Floats:
        """Return what each group of links adds to those chosen."""
        ...


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

    def gains(self, chosen: tuple[int, ...], groups: Sequence[tuple[int, ...]]) -> Floats:
        """Return what each group of links adds to the potential of those chosen."""
        state = self.with_links(chosen)
        return np.array([self.with_links(group, state).gain for group in groups]) - state.gain

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
    others). ``ties`` counts the other sets of the same price that gain as much; None where not all sets were
    compared.
    """

    chosen: tuple[int, ...]
    gain: float
    bound: float
    alone: Floats
    within: Floats
    ties: int | None


def search(network: Network) -> Found:
    """Return the best set for potential: exact for few links, greedy with a bound for many."""
    if len(network.links.length) > MOST_EXACT:
        chosen = greedy(network)
        return found(network, chosen, bound(network))
    chosen, ties = exact(network)
    return found(network, chosen, ties=ties)


def found(
    objective: Objective, chosen: tuple[int, ...], bound: float = 0.0, *, ties: int | None = None
) -> Found:
    """Return a set with what each link is worth, and a bound no lower than its gain."""
    count = len(objective.links.length)
    gain = float(objective.gains((), [chosen])[0])
    within = np.full(count, np.nan)
    rest = [tuple(k for k in chosen if k != link) for link in chosen]
    within[list(chosen)] = gain - objective.gains((), rest)
    alone = objective.gains((), [(link,) for link in range(count)])
    return Found(chosen, gain, max(bound, gain), alone, within, ties)


def bound(network: Network) -> float:
    """Return a gain that no set within the budget exceeds."""
    everything = network.with_links(range(len(network.links.length))).gain
    return min(everything, knapsack(additive_bounds(network), network.links.price, network.links.budget))


def exact(network: Network) -> tuple[tuple[int, ...], int]:
    """Return the best set within the budget, and how many others tie with it, by branch and bound.

    Depth first: at each node a link is taken or left. A branch is cut where either all of its remaining
    links at once, or the additive bounds of what the rest of the budget buys, fall short of the best set
    found; a branch that may tie is followed. Links that never help are left out.
    """
    limits = additive_bounds(network)
    order = np.argsort(-limits / network.links.price, kind="stable")
    order = order[limits[order] > 0]
    start = greedy(network)
    most = network.with_links(start).gain
    sets = {start: most}
    stack: list[tuple[int, tuple[int, ...], State]] = [(0, (), network.start())]
    while stack:
        depth, taken, state = stack.pop()
        most = max(most, state.gain)
        sets[tuple(sorted(taken))] = state.gain
        left = network.links.budget - network.links.spent(taken)
        rest = [int(link) for link in order[depth:] if network.links.price[link] <= left]
        cheap = limits[list(taken)].sum() + knapsack(limits[rest], network.links.price[rest], left)
        if not rest or min(cheap, network.with_links(rest, state).gain) < most * (1 - _TIE):
            continue
        follow = int(np.flatnonzero(order == rest[0])[0]) + 1
        stack += [
            (follow, taken, state),
            (follow, (*taken, rest[0]), network.opened(state, rest[0])),
        ]
    return first_of(sets, most, network.links)


def first_of(
    sets: Mapping[tuple[int, ...], float], most: float, links: LinkSpec
) -> tuple[tuple[int, ...], int]:
    """Return the best set, and how many others of its price gain as much.

    Of sets that gain as much the cheapest is taken, then the one of fewest links, then the first.
    """
    best = [chosen for chosen, gain in sets.items() if gain >= most - _TIE * abs(most)]
    ranked = sorted((float(f"{links.spent(chosen):.12g}"), len(chosen), chosen) for chosen in best)
    return ranked[0][2], sum(rank[:2] == ranked[0][:2] for rank in ranked) - 1


def greedy(objective: Objective) -> tuple[int, ...]:
    """Return a set that no exchange of one or two of its links improves.

    Links are added alone or in pairs, by gain for the price, since two may be worth much that alone are worth
    little; then each link, and each pair, is taken out and the budget filled again.
    """
    chosen = _filled(objective, ())
    most = objective.gains((), [chosen])[0]
    improved = True
    while improved:
        improved = False
        for out in follow([*combinations(chosen, 1), *combinations(chosen, 2)], "Exchange of links"):
            kept = tuple(link for link in chosen if link not in out)
            tried = _filled(objective, kept, without=out)
            gain = objective.gains((), [tried])[0]
            if gain > most * (1 + _TIE):
                chosen, most, improved = tried, gain, True
                break
    return tuple(sorted(chosen))


def _filled(objective: Objective, chosen: tuple[int, ...], without: tuple[int, ...] = ()) -> tuple[int, ...]:
    """Return links with more added, alone or in pairs, for as long as the budget lasts and they gain."""
    links = objective.links
    while True:
        left = links.budget - links.spent(chosen)
        free = [k for k in range(len(links.length)) if k not in chosen and links.price[k] <= left]
        groups = [group for size in (1, 2) for group in combinations(free, size)]
        # What was taken out may come back, but not all of it at once: that would be the set of before.
        groups = [group for group in groups if not without or not set(without) <= set(group)]
        groups = [group for group in groups if links.spent(group) <= left]
        if not groups:
            return chosen
        rates = objective.gains(chosen, groups) / [links.spent(group) for group in groups]
        if rates.max() <= 0:
            return chosen
        # The first of those that gain alike, whatever the last digits say.
        chosen = (*chosen, *groups[int(np.argmax(rates >= rates.max() * (1 - _TIE)))])
