"""Balancing of flows to their margins: loops over pairs that stand in the order of their rows.

A layout is ``starts, runs, pairs, columns``: row i has the pairs ``starts[i]`` to ``starts[i + 1]``. Where
the table is nearly full, its pairs form long runs of neighbouring columns: row i has the runs ``runs[i]`` to
``runs[i + 1]``, run r the pairs from ``pairs[r]`` to ``pairs[r + 1]``, in the columns from ``columns[r]`` on,
and the compiler uses vector instructions over each. Where runs are short, there are none (size 0), and
``columns`` holds the column of each pair.
All is done in one thread: a pass takes a millisecond for a million pairs, less than threads take to meet.
"""

from __future__ import annotations

import math

import numpy as np

from geoinno._kernels.compiling import compiled
from geoinno._kernels.exponentials import exponentials, logarithms

_HIGHEST = 708.0
_LEAST = 1e-300  # still a normal number


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
def _product(first, second):
    """Return the sum of the products of two."""
    total = 0.0
    for k in range(first.size):
        total += first[k] * second[k]
    return total


@compiled(error_model="numpy", nogil=True)
def _taken(i, layout, by_column, into):
    """Write the values of the columns of row i into ``into``, pair by pair."""
    starts, runs, pairs, columns = layout
    if runs.size == 0:
        for e in range(starts[i], starts[i + 1]):
            into[e] = by_column[columns[e]]
        return
    for r in range(runs[i], runs[i + 1]):
        ahead = columns[r] - pairs[r]
        for e in range(pairs[r], pairs[r + 1]):
            into[e] = by_column[ahead + e]


@compiled(error_model="numpy", nogil=True, fastmath={"contract", "reassoc", "nsz"})
def row_product(i, layout, weight, by_column):
    """Return the product of row i of the weights with values by column."""
    starts, runs, pairs, columns = layout
    total = 0.0
    if runs.size == 0:
        for e in range(starts[i], starts[i + 1]):
            total += weight[e] * by_column[columns[e]]
        return total
    for r in range(runs[i], runs[i + 1]):
        ahead = columns[r] - pairs[r]
        for e in range(pairs[r], pairs[r + 1]):
            total += weight[e] * by_column[ahead + e]
    return total


@compiled(error_model="numpy", nogil=True, fastmath={"contract"})
def spread_row(i, layout, weight, factor, into):
    """Add row i of the weights, times a factor, to sums by column; ``weight`` begins with the row."""
    starts, runs, pairs, columns = layout
    first = starts[i]
    if runs.size == 0:
        for e in range(starts[i], starts[i + 1]):
            into[columns[e]] += weight[e - first] * factor
        return
    for r in range(runs[i], runs[i + 1]):
        ahead = columns[r] - pairs[r]
        for e in range(pairs[r], pairs[r + 1]):
            into[ahead + e] += weight[e - first] * factor


@compiled(error_model="numpy", nogil=True)
def _no_sums(layout, count, columns):
    """Return zeros for the sums by row and by column, and for the products of the terms."""
    rows = layout[0].size - 1
    by_row, by_column = np.zeros((count, rows)), np.zeros((count, columns))
    return np.zeros(rows), np.zeros(columns), by_row, by_column, np.zeros((count, count))


@compiled(error_model="numpy", nogil=True)
def _add_row(i, layout, terms, mean, sums, room):
    """Add row i of the means, and its products with the terms, to the sums."""
    total, into, by_row, by_column, gram = sums
    low, high = layout[0][i], layout[0][i + 1]
    row, weighted = mean[low:high], room[: high - low]
    total[i] = _total(row)
    spread_row(i, layout, row, 1.0, into)
    for k in range(terms.shape[0]):
        for e in range(weighted.size):
            weighted[e] = row[e] * terms[k, low + e]
        by_row[k, i] = _total(weighted)
        spread_row(i, layout, weighted, 1.0, by_column[k])
        for other in range(k + 1):
            gram[k, other] += _product(weighted, terms[other, low:high])
            gram[other, k] = gram[k, other]


@compiled(error_model="numpy", nogil=True)
def weighted_sums(layout, terms, mean, columns):
    """Return sums of the means by row and by column, of the terms weighted by them, and their products."""
    sums, room = _no_sums(layout, terms.shape[0], columns), np.empty(columns)
    for i in range(layout[0].size - 1):
        _add_row(i, layout, terms, mean, sums, room)
    return sums


@compiled(error_model="numpy", nogil=True, fastmath={"contract"})
def _predictors(i, layout, terms, slopes, inward, mean):
    """Write the linear predictors of row i into ``mean``."""
    _taken(i, layout, inward, mean)
    for k in range(slopes.size):
        for e in range(layout[0][i], layout[0][i + 1]):
            mean[e] += slopes[k] * terms[k, e]


@compiled(error_model="numpy", nogil=True)
def balanced(layout, terms, parameters):
    """Return exp(a_i + b_j + slopes terms) by pair, with a_i such that row i sums to its outflow.

    ``parameters`` are slopes, column effects b and outflows; with no outflows (size 0) all a_i are zero.
    After the means: a, and the sums of ``weighted_sums``. Without a_i a mean may overflow; it is infinite.
    """
    slopes, inward, outflow = parameters
    starts = layout[0]
    mean, room = np.empty(terms.shape[1]), np.empty(inward.size)
    outward = np.zeros(starts.size - 1)
    sums = _no_sums(layout, terms.shape[0], inward.size)
    for i in range(starts.size - 1):
        if starts[i] == starts[i + 1]:
            continue
        _predictors(i, layout, terms, slopes, inward, mean)
        row = mean[starts[i] : starts[i + 1]]
        most = _highest(row)
        if not outflow.size and most > _HIGHEST:
            # The bits of an exponential that large would wrap around: no likelihood must come of it.
            row[:] = np.inf
        else:
            if outflow.size:
                row -= most
            exponentials(row, room[: row.size])
            if outflow.size:
                scale = outflow[i] / _total(row)
                outward[i] = math.log(scale) - most
                row *= scale
        _add_row(i, layout, terms, mean, sums, room)
    return mean, outward, sums


@compiled(error_model="numpy", nogil=True)
def working_sums(layout, terms, flow, sizes, centre):
    """Return weights m by pair, and the sums of ``weighted_sums`` with z as a last term.

    m is halfway between the flow and the product of the ``sizes`` of its row and its column; the working
    response z is ln m + (flow - m) / m less the ``centre``. Of products of z with z there are none.
    """
    starts, count = layout[0], terms.shape[0]
    by_row, by_column = sizes
    mean, room = np.empty(flow.size), np.empty((2, by_column.size))
    sums = _no_sums(layout, count + 1, by_column.size)
    for i in range(starts.size - 1):
        low, high = starts[i], starts[i + 1]
        row, some = mean[low:high], flow[low:high]
        z, powers = room[0, : row.size], room[1, : row.size]
        _taken(i, layout, by_column, mean)
        for e in range(row.size):
            row[e] = max((some[e] + by_row[i] * row[e]) / 2, _LEAST)
            z[e] = row[e]
        logarithms(z, powers)
        for e in range(row.size):
            # m z, which needs no division by an m that may be next to nothing.
            z[e] = row[e] * (z[e] - centre) + (some[e] - row[e])
        _add_response(i, layout, terms, z, sums)
        _add_row(i, layout, terms, mean, sums, powers)
    return mean, sums


@compiled(error_model="numpy", nogil=True)
def _add_response(i, layout, terms, weighted, sums):
    """Add row i of a weighted response to the sums, whose last term it is."""
    _, _, by_row, by_column, gram = sums
    low, high = layout[0][i], layout[0][i + 1]
    last = terms.shape[0]
    by_row[last, i] = _total(weighted)
    spread_row(i, layout, weighted, 1.0, by_column[last])
    for k in range(last):
        gram[last, k] += _product(weighted, terms[k, low:high])
        gram[k, last] = gram[last, k]


@compiled(error_model="numpy", nogil=True)
def crossed(layout, weight, per_row, shift, values):
    """Return t = shift - per_row (M values) by row, and M' t by column, where M holds the weights."""
    starts = layout[0]
    by_row, by_column = shift.copy(), np.zeros(values.shape)
    for i in range(starts.size - 1):
        row = weight[starts[i] : starts[i + 1]]
        for k in range(values.shape[0]):
            by_row[k, i] -= per_row[i] * row_product(i, layout, weight, values[k])
            spread_row(i, layout, row, by_row[k, i], by_column[k])
    return by_row, by_column


@compiled(error_model="numpy", nogil=True)
def scores(layout, terms, by_row, by_column, gaps):
    """Return (terms - by_row_i - by_column_j) times the gap of each pair."""
    starts = layout[0]
    answer = np.empty(terms.shape)
    for k in range(terms.shape[0]):
        for i in range(starts.size - 1):
            _taken(i, layout, by_column[k], answer[k])
            for e in range(starts[i], starts[i + 1]):
                answer[k, e] = (terms[k, e] - by_row[k, i] - answer[k, e]) * gaps[e]
    return answer
