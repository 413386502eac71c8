"""Placebo countries: the same map, divided at random into as many countries as there are."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from scipy import sparse
from scipy.sparse import csgraph

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from geoinno._types import Floats

    Ints = NDArray[np.intp]


def by_links(network: sparse.csr_array, count: int, rng: np.random.Generator) -> Ints:
    """Return the nearest of ``count`` random capitals for each region, along the links of neighbours.

    Regions that no capital reaches make up a country of their own (-1).
    """
    capitals = rng.choice(network.shape[0], count, replace=False)
    _, _, source = csgraph.dijkstra(
        network, directed=False, indices=capitals, min_only=True, return_predecessors=True
    )
    return np.where(source < 0, -1, source).astype(np.intp)


def by_costs(costs: Floats, count: int, rng: np.random.Generator) -> Ints:
    """Return the nearest of ``count`` random capitals for each region, by cost."""
    capitals = rng.choice(len(costs), count, replace=False)
    nearest: Ints = np.argmin(costs[:, capitals], axis=1)
    nearest[capitals] = np.arange(count)
    return nearest


def network(first: Ints, second: Ints, km: Floats, *, count: int) -> sparse.csr_array:
    """Return the links of neighbours as a sparse table of km."""
    length = np.maximum(km, 1e-6)  # a link of no length would be none
    return sparse.csr_array((length, (first, second)), shape=(count, count))
