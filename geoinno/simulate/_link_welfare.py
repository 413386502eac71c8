"""The best links for welfare: every set within the budget in full equilibrium."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from geoinno.simulate import _coalitions, _equilibrium
from geoinno.simulate._link_search import Found

if TYPE_CHECKING:
    from geoinno._types import Bools, Floats
    from geoinno.simulate._link_search import Network

_ELASTICITY = 4.0
_BLOCK = 64


def search(network: Network, trade: Floats) -> Found:
    """Return the set of links that raises welfare most, the value of a set as that of a coalition."""
    count, links = len(network.links.length), network.links
    sets = _coalitions.every(count)
    # One link by itself, and the whole without one, are reported beside the sets that the budget buys.
    affordable = sets @ links.price <= links.budget
    needed = affordable | (sets.sum(axis=1) == 1)
    values = np.full(len(sets), -np.inf)
    values[needed] = _values(network, trade, sets[needed])
    number = int(np.argmax(np.where(affordable, values, -np.inf)))
    chosen = tuple(int(link) for link in np.flatnonzero(sets[number]))
    bits = 1 << np.arange(count)
    within = np.full(count, np.nan)
    for link in chosen:
        within[link] = values[number] - values[number - bits[link]]
    gain = float(values[number])
    return Found(chosen, gain, gain, values[bits], within)


def _values(network: Network, trade: Floats, sets: Bools) -> Floats:
    """Return the sum over regions of production times (welfare - 1) for each set of links."""
    closure, (production, _) = _equilibrium.full(trade, "additive"), _equilibrium.margins(trade)
    base = _log_weights(network, network.costs)
    values = []
    for first in range(0, len(sets), _BLOCK):
        change = np.array(
            [
                _log_weights(network, network.with_links(np.flatnonzero(row)).costs) - base
                for row in sets[first : first + _BLOCK]
            ]
        )
        solution = _equilibrium.solve(trade, change, closure, elasticity=_ELASTICITY)
        values.append((_coalitions.welfare(solution, "additive") - 1) @ production)
    return np.concatenate(values)


def _log_weights(network: Network, costs: Floats) -> Floats:
    """Return the logarithm of the decay of costs, zero within regions."""
    safe = costs + np.eye(len(costs))
    weights: Floats = network.decay.log(safe)
    np.fill_diagonal(weights, 0.0)
    return weights
