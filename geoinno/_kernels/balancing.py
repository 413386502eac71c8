"""Balancing of flows to their margins: loops over pairs that stand in the order of their rows.

A layout tells pairs by runs of neighbouring columns: row i has the runs ``runs[i]`` to ``runs[i + 1]``,
run r the pairs ``pairs[r]`` to ``pairs[r + 1]``, in the columns from ``columns[r]`` on. A full table has one
or two runs a row, over which the compiler uses vector instructions; a sparse one has runs of one pair.
All is done in one thread: a pass takes a millisecond for a million pairs, less than threads take to meet.
"""

from __future__ import annotations

import math

import numpy as np

from geoinno._kernels.compiling import compiled

_LN2_HIGH, _LN2_LOW = 0.693145751953125, 1.42860682030941723212e-6
_LN2 = math.log(2)
# Adding this number rounds to a whole one, and leaves it in the lowest bits.
_MAGIC = 1.5 * 2.0**52
_LOWEST, _HIGHEST = -708.0, 708.0
_SERIES = tuple(1 / math.factorial(k) for k in range(13, -1, -1))


@compiled(error_model="numpy", nogil=True, fastmath={"contract"})
def _exponentials(values, powers):
    """Replace values of at most 708 by their exponentials; ``powers`` is room to work in."""
    bits = powers.view(np.int64)
    for k in range(values.size):
        x = max(values[k], _LOWEST)
        shifted = x * (1 / _LN2) + _MAGIC
        whole = shifted - _MAGIC
        rest = (x - whole * _LN2_HIGH) - whole * _LN2_LOW
        series = 0.0
        for coefficient in _SERIES:
            series = series * rest + coefficient
        values[k] = series
        powers[k] = shifted
    for k in range(values.size):
        bits[k] = (bits[k] + 1023) << 52
    for k in range(values.size):
        values[k] *= powers[k]


@compiled(error_model="numpy", nogil=True)
def _highest(values):
    """Return the largest of the values: of four at a time, as the compiler makes no vectors of this loop."""
    even = values.size // 4 * 4
    a = b = c = d = values[0]
    for k in range(0, even, 4):
        a, b = max(a, values[k]), max(b, values[k + 1])
        c, d = max(c, values[k + 2]), max(d, values[k + 3])
    for k in range(even, values.size):
        a = max(a, values[k])
    return max(a, b, c, d)


@compiled(error_model="numpy", nogil=True, fastmath={"contract", "reassoc", "nsz"})
def _total(values):
    """Return the sum of the values."""
    total = 0.0
    for k in range(values.size):
        total += values[k]
    return total


@compiled(error_model="numpy", nogil=True, fastmath={"contract", "reassoc", "nsz"})
def _product(first, second, third):
    """Return the sum of the products of three."""
    total = 0.0
    for k in range(first.size):
        total += first[k] * second[k] * third[k]
    return total


@compiled(error_model="numpy", nogil=True, fastmath={"contract"})
def _predictors(i, layout, terms, slopes, inward, mean):
    """Write the linear predictors of row i into ``mean``."""
    runs, pairs, columns = layout
    for r in range(runs[i], runs[i + 1]):
        ahead = columns[r] - pairs[r]
        for e in range(pairs[r], pairs[r + 1]):
            mean[e] = inward[ahead + e]
    for k in range(slopes.size):
        for e in range(pairs[runs[i]], pairs[runs[i + 1]]):
            mean[e] += slopes[k] * terms[k, e]


@compiled(error_model="numpy", nogil=True, fastmath={"contract"})
def _column_moments(i, layout, terms, mean, into, by_column):
    """Add the means of row i, and their products with the terms, to the sums by column."""
    runs, pairs, columns = layout
    for r in range(runs[i], runs[i + 1]):
        ahead = columns[r] - pairs[r]
        for e in range(pairs[r], pairs[r + 1]):
            into[ahead + e] += mean[e]
        for k in range(terms.shape[0]):
            for e in range(pairs[r], pairs[r + 1]):
                by_column[k, ahead + e] += mean[e] * terms[k, e]


@compiled(error_model="numpy", nogil=True)
def _no_sums(layout, count, columns):
    """Return zeros for the sums by row and by column, and for the products of the terms."""
    rows = layout[0].size - 1
    by_row, by_column = np.zeros((count, rows)), np.zeros((count, columns))
    return np.zeros(rows), np.zeros(columns), by_row, by_column, np.zeros((count, count))


@compiled(error_model="numpy", nogil=True)
def _add_row(i, layout, terms, mean, sums):
    """Add row i of the means, and its products with the terms, to the sums."""
    total, into, by_row, by_column, gram = sums
    low, high = layout[1][layout[0][i]], layout[1][layout[0][i + 1]]
    row, ones = mean[low:high], np.ones(high - low)
    total[i] = _total(row)
    _column_moments(i, layout, terms, mean, into, by_column)
    for k in range(terms.shape[0]):
        by_row[k, i] = _product(row, terms[k, low:high], ones)
        for other in range(k + 1):
            gram[k, other] += _product(row, terms[k, low:high], terms[other, low:high])
            gram[other, k] = gram[k, other]


@compiled(error_model="numpy", nogil=True)
def weighted_sums(layout, terms, mean, columns):
    """Return sums of the means by row and by column, of the terms weighted by them, and their products."""
    sums = _no_sums(layout, terms.shape[0], columns)
    for i in range(layout[0].size - 1):
        if layout[0][i] < layout[0][i + 1]:
            _add_row(i, layout, terms, mean, sums)
    return sums


@compiled(error_model="numpy", nogil=True)
def balanced(layout, terms, parameters):
    """Return exp(a_i + b_j + slopes terms) by pair, with a_i such that row i sums to its outflow.

    ``parameters`` are slopes, column effects b and outflows; with no outflows (size 0) all a_i are zero.
    After the means: a, and the sums of ``weighted_sums``. Without a_i a mean may overflow; it is infinite.
    """
    slopes, inward, outflow = parameters
    runs, pairs, _ = layout
    mean, powers = np.empty(terms.shape[1]), np.empty(inward.size)
    outward = np.zeros(runs.size - 1)
    sums = _no_sums(layout, terms.shape[0], inward.size)
    for i in range(runs.size - 1):
        low, high = pairs[runs[i]], pairs[runs[i + 1]]
        if low == high:
            continue
        _predictors(i, layout, terms, slopes, inward, mean)
        row = mean[low:high]
        most = _highest(row)
        if not outflow.size and most > _HIGHEST:
            # The bits of an exponential that large would wrap around: no likelihood must come of it.
            row[:] = np.inf
        else:
            if outflow.size:
                row -= most
            _exponentials(row, powers[: row.size])
            if outflow.size:
                scale = outflow[i] / _total(row)
                outward[i] = math.log(scale) - most
                row *= scale
        _add_row(i, layout, terms, mean, sums)
    return mean, outward, sums


@compiled(error_model="numpy", nogil=True, fastmath={"contract", "reassoc", "nsz"})
def _row_product(i, layout, mean, values):
    """Return the product of row i of the means with values by column."""
    runs, pairs, columns = layout
    total = 0.0
    for r in range(runs[i], runs[i + 1]):
        ahead = columns[r] - pairs[r]
        for e in range(pairs[r], pairs[r + 1]):
            total += mean[e] * values[ahead + e]
    return total


@compiled(error_model="numpy", nogil=True, fastmath={"contract"})
def crossed(layout, mean, per_row, shift, values):
    """Return t = shift - per_row (M values) by row, and M' t by column, where M holds the means."""
    runs, pairs, columns = layout
    by_row, by_column = shift.copy(), np.zeros(values.shape)
    for i in range(runs.size - 1):
        for k in range(values.shape[0]):
            by_row[k, i] -= per_row[i] * _row_product(i, layout, mean, values[k])
            for r in range(runs[i], runs[i + 1]):
                ahead = columns[r] - pairs[r]
                for e in range(pairs[r], pairs[r + 1]):
                    by_column[k, ahead + e] += mean[e] * by_row[k, i]
    return by_row, by_column


@compiled(error_model="numpy", nogil=True)
def scores(layout, terms, by_row, by_column, gaps):
    """Return (terms - by_row_i - by_column_j) times the gap of each pair."""
    runs, pairs, columns = layout
    answer = np.empty(terms.shape)
    for i in range(runs.size - 1):
        for r in range(runs[i], runs[i + 1]):
            ahead = columns[r] - pairs[r]
            for k in range(terms.shape[0]):
                for e in range(pairs[r], pairs[r + 1]):
                    answer[k, e] = (terms[k, e] - by_row[k, i] - by_column[k, ahead + e]) * gaps[e]
    return answer
