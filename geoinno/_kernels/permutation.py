"""Draws that reach what was observed, where each site weighs them in its own way: loops over draws."""

from __future__ import annotations

import numpy as np

from geoinno._kernels.compiling import compiled
from geoinno._kernels.threads import run_parts

# A few hundred draws of a handful of neighbours stay in the first cache while many sites pass.
_DRAWS = 512
_SITES = 64


@compiled(nogil=True)
def _summed(drawn, weights, own, squares, sums):
    """Write the weighted sums of drawn values, or of squared differences to the own value."""
    sums[:] = 0.0
    for j in range(len(weights)):
        weight, column = weights[j], drawn[j]
        if squares:
            for d in range(len(sums)):
                gap = column[d] - own
                sums[d] += weight * gap * gap
        else:
            for d in range(len(sums)):
                sums[d] += weight * column[d]


@compiled(nogil=True)
def _count(part, drawn, weights, own, bounds, squares, counts):
    """Add the draws at or above the lower bound, and at or below the upper one, of a part of the sites."""
    sites, draws = len(weights), drawn.shape[1]
    buffer = np.empty(_DRAWS)
    for first in range(0, draws, _DRAWS):
        some = drawn[:, first : min(first + _DRAWS, draws)]
        sums = buffer[: some.shape[1]]
        for i in range(part * _SITES, min(sites, (part + 1) * _SITES)):
            _summed(some, weights[i], own[i], squares, sums)
            low, high, above, below = bounds[0, i], bounds[1, i], 0, 0
            for d in range(len(sums)):
                above += sums[d] >= low
                below += sums[d] <= high
            counts[0, i] += above
            counts[1, i] += below


@compiled(nogil=True)
def _put_right(drawn, weights, own, bounds, squares, hits, counts):
    """Count draws that hold the site itself as if their spare stood in its place."""
    one, places = np.empty(1), np.empty((weights.shape[1], 1))
    for h in range(len(hits)):
        row, column, i = hits[h]
        places[:, 0] = drawn[:-1, row]
        for sign in (-1, 1):
            _summed(places, weights[i], own[i], squares, one)
            counts[0, i] += sign * (one[0] >= bounds[0, i])
            counts[1, i] += sign * (one[0] <= bounds[1, i])
            places[column, 0] = drawn[-1, row]


def counts(drawn, hits, *, weights, own, bounds, squares):
    """Return how many draws lie at or above, and at or below, the bounds of each site (2 x sites).

    ``drawn`` holds a draw in each column: as many values as there are neighbours, then the spare;
    ``weights`` is sites x neighbours, ``own`` the sites' values. With ``squares``, sums are of squared
    differences to the own value. ``hits`` lists draw, place and site where a draw holds the site itself.
    """
    found = np.zeros((2, len(weights)), np.intp)
    run_parts(_count, -(-len(weights) // _SITES), drawn[:-1], weights, own, bounds, squares, found)
    _put_right(drawn, weights, own, bounds, squares, hits, found)
    return found
