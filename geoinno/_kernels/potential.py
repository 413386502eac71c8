"""Sums of masses weighted by a decay of geodesic distance, over all pairs: each pair is weighed once.

What i is to j, j is to i: one distance and one weight serve both sums. Pairs are taken by blocks, a run of
places against another or against itself; a block has sums of its own, which are added up in the order of the
blocks, so that the answer is the same to the last bit whoever runs them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from geoinno._kernels.compiling import compiled
from geoinno._kernels.decays import weigh
from geoinno._kernels.geodesics import box, write_kilometres
from geoinno._kernels.intrinsics import wide_vectors

if TYPE_CHECKING:
    from geoinno._types import Floats, Ints

# Points that are reckoned at once: what is held of them fits into the nearest memory of the processor.
BUFFER = 256


@compiled(fastmath={"contract", "reassoc"}, error_model="numpy", nogil=True)
def _dot(weights, mass, low, high):
    """Return the sum from ``low`` to ``high`` of mass times weight, of which the first is that of ``low``."""
    wide_vectors()
    mass, total = mass[low:high], 0.0
    for k in range(len(mass)):
        total += weights[k] * mass[k]
    return total


@compiled(fastmath={"contract"}, error_model="numpy", nogil=True)
def _add(weights, mass, sums, low, high):
    """Add to the sums from ``low`` to ``high`` a mass times their weights."""
    wide_vectors()
    sums = sums[low:high]
    for k in range(len(sums)):
        sums[k] += mass * weights[k]


@compiled(error_model="numpy", nogil=True)
def range_sum(points, low, high, here, around, decay, km):
    """Return the sum of mass times decay over points in a box ``around`` them, seen from ``here``."""
    total = 0.0
    for first in range(low, high, BUFFER):
        last = min(first + BUFFER, high)
        write_kilometres(points, first, last, here, around, km)
        weigh(km[: last - first], decay)
        total += _dot(km, points[3], first, last)
    return total


@compiled(error_model="numpy", nogil=True)
def _strip(points, rows, columns, strip, countries, decay, own, other):
    """Add up the pairs of a run of places (rows) and a strip of later ones (of the columns).

    The sums are those of the rows and of the columns: at home in the first row, and abroad.
    """
    x, y, z, mass = points
    weights, around, (start, end) = np.empty(BUFFER), box(points, strip[0], strip[1]), strip
    for i in range(rows[0], min(rows[1], end - 1)):
        write_kilometres(points, start, end, (x[i], y[i], z[i]), around, weights)
        weigh(weights[: end - start], decay)
        low = max(start, i + 1)
        first, last = min(max(countries[0][i], low), end), min(max(countries[1][i], low), end)
        for a, b, side in ((low, first, 1), (first, last, 0), (last, end, 1)):
            if a < b:
                own[side, i - rows[0]] += _dot(weights[a - start :], mass, a, b)
                _add(weights[a - start :], mass[i], other[side], a - columns[0], b - columns[0])


def pair_sums(
    points: tuple[Floats, ...],
    rows: tuple[int, int],
    columns: tuple[int, int],
    *,
    countries: tuple[Ints, Ints],
    decay: tuple[float, ...],
) -> tuple[Floats, Floats]:
    """Return the sums of a run of places over others, and theirs over it: at home (first row) and abroad.

    The runs are one and the same, or the second lies behind the first. ``countries`` are where the country
    of each place begins and ends.
    """
    own = np.zeros((2, rows[1] - rows[0]))
    other = own if rows == columns else np.zeros((2, columns[1] - columns[0]))
    for start in range(*columns, BUFFER):
        strip = (start, min(start + BUFFER, columns[1]))
        _strip(points, rows, columns, strip, countries, decay, own, other)
    return own, other
