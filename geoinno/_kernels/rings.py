"""Products of values over pairs, ring of distance by ring: one pass over all pairs for all columns of values.

Rows are dealt out to a fixed number of hands, so that sums are the same to the last bit on any
number of threads.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from geoinno._kernels.compiling import compiled
from geoinno._kernels.geodesics import kilometres
from geoinno._kernels.potential import BUFFER
from geoinno._kernels.threads import run_parts

if TYPE_CHECKING:
    from geoinno._types import Bools, Floats, Ints


_HANDS = 64


@compiled(error_model="numpy", nogil=True)
def _ring(km, edges):
    """Return the ring with edges[k] < km <= edges[k + 1] (the first also holds 0 km from 0), or -1."""
    ring = np.searchsorted(edges, km, side="left") - 1
    if ring < 0:
        return 0 if km == edges[0] == 0.0 else -1
    return ring if ring < len(edges) - 1 else -1


@compiled(fastmath={"contract"}, error_model="numpy", nogil=True)
def _row(xyz, i, edges, values, state):
    """Add the pairs of row i with later rows to the sums; return the greatest distance."""
    x, y, z = xyz
    lag, pairs, partners = state
    km = np.empty(BUFFER)
    farthest = 0.0
    for low in range(i + 1, len(x), BUFFER):
        high = min(low + BUFFER, len(x))
        kilometres(x, y, z, low, high, (x[i], y[i], z[i]), km)
        for j in range(low, high):
            farthest = max(farthest, km[j - low])
            ring = _ring(km[j - low], edges)
            if ring >= 0:
                pairs[ring] += 1
                partners[ring, i] = partners[ring, j] = True
                lag[ring] += values[j]
    return farthest


@compiled(error_model="numpy", nogil=True)
def _hand(hand, xyz, edges, values, products, pairs, partners, farthest):
    """Add the rows of one hand to its own sums."""
    rings, columns = len(edges) - 1, values.shape[1]
    lag = np.empty((rings, columns))
    for i in range(hand, len(values), _HANDS):
        lag[:] = 0.0
        reach = _row(xyz, i, edges, values, (lag, pairs[hand], partners[hand]))
        farthest[hand] = max(farthest[hand], reach)
        for ring in range(rings):
            products[hand, ring] += lag[ring] * values[i]


def ring_products(
    xyz: tuple[Floats, Floats, Floats], edges: Floats, values: Floats
) -> tuple[Floats, Ints, Bools, Floats]:
    """Return for each ring the sums of products over its pairs (one for each column of values).

    With them come the number of pairs, which rows have a partner, and each hand's greatest distance.
    """
    rings, columns, count = len(edges) - 1, values.shape[1], len(values)
    products = np.zeros((_HANDS, rings, columns))
    pairs = np.zeros((_HANDS, rings), np.int64)
    partners = np.zeros((_HANDS, rings, count), np.bool_)
    farthest = np.zeros(_HANDS)
    run_parts(_hand, _HANDS, xyz, edges, values, products, pairs, partners, farthest)
    return products, pairs, partners, farthest
