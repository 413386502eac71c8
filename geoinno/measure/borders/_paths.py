"""Shortest ways over a network of neighbours, and what passes each region's stretch of border."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from scipy.sparse import csgraph

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from scipy import sparse

    from geoinno._types import Floats
    from geoinno.weigh import Decay

    Ints = NDArray[np.intp]


def border_betweenness(network: sparse.csr_array, mass: Floats, country: Ints, *, decay: Decay) -> Floats:
    """Return for each region the share of cross-border pairs whose shortest way crosses a border at it.

    Pairs weigh M_a M_b f(length of the way). A way that enters and leaves a region across borders counts
    once there.
    """
    km, before = csgraph.dijkstra(network, directed=False, return_predecessors=True)
    count = len(mass)
    reached = np.isfinite(km) & (country[:, None] != country)
    weight = np.zeros((count, count))
    pairs = mass[:, None] * mass
    weight[reached] = decay(km[reached]) * pairs[reached]
    total = weight.sum()
    passing = _passing(weight, km, before, country=country)
    return passing / total if total > 0 else passing


def _passing(weight: Floats, km: Floats, before: Ints, *, country: Ints) -> Floats:
    """Return what crosses a border at each region, summed over the shortest ways from every origin.

    Regions are taken from the farthest to the nearest, all origins at once: each hands what passes
    through it to the one before it, and what crosses a border counts at both ends.
    """
    count = len(country)
    origins = np.arange(count)
    through, left = weight.copy(), np.zeros((count, count))  # left: goes on from here across a border
    credit = np.zeros(count)
    for node in np.argsort(-np.where(np.isfinite(km), km, -1.0), axis=1, kind="stable").T:
        last = before[origins, node]
        on = last >= 0
        here, root, behind = node[on], origins[on], last[on]
        crosses = country[here] != country[behind]
        passing = through[root, here]
        # Who comes in across a border has crossed one here, wherever the way goes on to.
        np.add.at(credit, here, np.where(crosses, passing, left[root, here]))
        through[root, behind] += passing
        left[root, behind] += np.where(crosses, passing, 0.0)
    np.add.at(credit, origins, left[origins, origins])
    return credit
