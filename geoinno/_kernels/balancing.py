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
_ROWS = 8  # rows that stay in the cache of a processor between two loops over them


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


@compiled(error_model="numpy", nogil=True, fastmath={"contract", "reassoc", "nsz"})
def _listed_product(low, high, columns, weight, by_column):
    """Return the product of the weights of listed pairs with values by column."""
    total = 0.0
    for e in range(low, high):
        total += weight[e] * by_column[columns[e]]
    return total


@compiled(error_model="numpy", nogil=True, fastmath={"contract", "reassoc", "nsz"})
def _run_product(low, high, pairs, columns, weight, by_column):
    """Return the product of the weights of runs of pairs with values by column."""
    total = 0.0
    for r in range(low, high):
        ahead = columns[r] - pairs[r]
        for e in range(pairs[r], pairs[r + 1]):
            total += weight[e] * by_column[ahead + e]
    return total


@compiled(error_model="numpy", nogil=True, fastmath={"contract"})
def _listed_spread(low, high, columns, weight, factor, into):
    """Add the weights of listed pairs, times a factor, to sums by column; ``weight`` begins with the row."""
    for e in range(low, high):
        into[columns[e]] += weight[e - low] * factor


@compiled(error_model="numpy", nogil=True, fastmath={"contract"})
def _run_spread(low, high, pairs, columns, weight, factor, into):
    """Add the weights of runs of pairs, times a factor, to sums by column; ``weight`` begins with the row."""
    for r in range(low, high):
        column, here = columns[r], pairs[r] - pairs[low]
        for e in range(pairs[r + 1] - pairs[r]):
            into[column + e] += weight[here + e] * factor


@compiled(error_model="numpy", nogil=True)
def _listed_taken(low, high, columns, by_column, into):
    """Write the values of the columns of listed pairs into ``into``."""
    for e in range(low, high):
        into[e] = by_column[columns[e]]


@compiled(error_model="numpy", nogil=True)
def _run_taken(low, high, pairs, columns, by_column, into):
    """Write the values of the columns of runs of pairs into ``into``."""
    for r in range(low, high):
        column = columns[r]
        for e in range(pairs[r + 1] - pairs[r]):
            into[pairs[r] + e] = by_column[column + e]


@compiled(error_model="numpy", nogil=True)
def _taken(i, starts, runs, pairs, columns, by_column, into):
    """Write the values of the columns of row i into ``into``, pair by pair."""
    if runs.size == 0:
        _listed_taken(starts[i], starts[i + 1], columns, by_column, into)
    else:
        _run_taken(runs[i], runs[i + 1], pairs, columns, by_column, into)


@compiled(error_model="numpy", nogil=True)
def _spread(i, starts, runs, pairs, columns, weight, into):
    """Add row i of the weights to sums by column; ``weight`` begins with the row."""
    if runs.size == 0:
        _listed_spread(starts[i], starts[i + 1], columns, weight, 1.0, into)
    else:
        _run_spread(runs[i], runs[i + 1], pairs, columns, weight, 1.0, into)


@compiled(error_model="numpy", nogil=True)
def add_products(layout, weight, per_row, values, active, shift, into):
    """Add M' (shift - per_row (M values)) to ``into``; ``shift`` becomes what stands in the brackets.

    All are several vectors, of which the active take part.
    """
    starts, runs, pairs, columns = layout
    listed = runs.size == 0
    for i in range(starts.size - 1):
        low, high = starts[i], starts[i + 1]
        row = weight[low:high]
        for k in range(values.shape[0]):
            if not active[k]:
                continue
            if listed:
                shift[k, i] -= per_row[i] * _listed_product(low, high, columns, weight, values[k])
                _listed_spread(low, high, columns, row, shift[k, i], into[k])
            else:
                shift[k, i] -= per_row[i] * _run_product(
                    runs[i], runs[i + 1], pairs, columns, weight, values[k]
                )
                _run_spread(runs[i], runs[i + 1], pairs, columns, row, shift[k, i], into[k])


@compiled(error_model="numpy", nogil=True)
def _no_sums(layout, count, columns):
    """Return zeros for the sums by row and by column, and for the products of the terms."""
    rows = layout[0].size - 1
    by_row, by_column = np.zeros((count, rows)), np.zeros((count, columns))
    return np.zeros(rows), np.zeros(columns), by_row, by_column, np.zeros((count, count))


@compiled(error_model="numpy", nogil=True)
def _add_rows(first, last, layout, terms, mean, sums, room):
    """Add the means of these rows, and their products with the terms, to the sums."""
    starts, runs, pairs, columns = layout
    total, into, by_row, by_column, gram = sums
    for i in range(first, last):
        low, high = starts[i], starts[i + 1]
        row, weighted = mean[low:high], room[: high - low]
        total[i] = _total(row)
        _spread(i, starts, runs, pairs, columns, row, into)
        for k in range(terms.shape[0]):
            for e in range(weighted.size):
                weighted[e] = row[e] * terms[k, low + e]
            by_row[k, i] = _total(weighted)
            _spread(i, starts, runs, pairs, columns, weighted, by_column[k])
            for other in range(k + 1):
                gram[k, other] += _product(weighted, terms[other, low:high])
                gram[other, k] = gram[k, other]


@compiled(error_model="numpy", nogil=True)
def weighted_sums(layout, terms, mean, columns):
    """Return sums of the means by row and by column, of the terms weighted by them, and their products."""
    sums = _no_sums(layout, terms.shape[0], columns)
    _add_rows(0, layout[0].size - 1, layout, terms, mean, sums, np.empty(columns))
    return sums


@compiled(error_model="numpy", nogil=True, fastmath={"contract"})
def _predict(first, last, layout, terms, slopes, inward, mean):
    """Write the linear predictors of these rows into ``mean``."""
    starts, runs, pairs, columns = layout
    for i in range(first, last):
        _taken(i, starts, runs, pairs, columns, inward, mean)
    for k in range(slopes.size):
        for e in range(starts[first], starts[last]):
            mean[e] += slopes[k] * terms[k, e]


@compiled(error_model="numpy", nogil=True)
def _scaled_exponentials(row, outflow, room):
    """Replace a row of predictors by exponentials that sum to the outflow, and return ln of their scale.

    A negative outflow stands for none.
    """
    most = _highest(row)
    if outflow < 0:
        # The bits of an exponential too large would wrap around: no likelihood must come of it.
        if most > _HIGHEST:
            row[:] = np.inf
        else:
            exponentials(row, room)
        return 0.0
    row -= most
    exponentials(row, room)
    scale = outflow / _total(row)
    row *= scale
    return math.log(scale) - most


@compiled(error_model="numpy", nogil=True)
def balanced(layout, terms, parameters):
    """Return exp(a_i + b_j + slopes terms) by pair, with a_i such that row i sums to its outflow.

    ``parameters`` are slopes, column effects b and outflows; with no outflows (size 0) all a_i are zero.
    After the means: a, and the sums of ``weighted_sums``. Without a_i a mean may overflow; it is infinite.
    """
    slopes, inward, outflow = parameters
    starts = layout[0]
    rows = starts.size - 1
    mean, room, outward = np.empty(terms.shape[1]), np.empty(inward.size), np.zeros(rows)
    sums = _no_sums(layout, terms.shape[0], inward.size)
    for first in range(0, rows, _ROWS):
        last = min(first + _ROWS, rows)
        _predict(first, last, layout, terms, slopes, inward, mean)
        for i in range(first, last):
            if starts[i] < starts[i + 1]:
                row, total = mean[starts[i] : starts[i + 1]], outflow[i] if outflow.size else -1.0
                outward[i] = _scaled_exponentials(row, total, room[: row.size])
        _add_rows(first, last, layout, terms, mean, sums, room)
    return mean, outward, sums


@compiled(error_model="numpy", nogil=True, fastmath={"contract", "reassoc", "nsz"})
def _respond(row, flow, size, z, room):
    """Replace sizes of columns by the weights m of a row, and write m times the working response into z."""
    for e in range(row.size):
        row[e] = max((flow[e] + size * row[e]) / 2, _LEAST)
        z[e] = row[e]
    logarithms(z, room)
    for e in range(row.size):
        # m (ln m + (flow - m) / m), which needs no division by an m that may be next to nothing.
        z[e] = row[e] * z[e] + (flow[e] - row[e])


@compiled(error_model="numpy", nogil=True)
def working_sums(layout, terms, flow, sizes):
    """Return weights m by pair, and the sums of ``weighted_sums`` with z as a last term.

    m is halfway between the flow and the product of the ``sizes`` of its row and its column; z is the working
    response ln m + (flow - m) / m. Of products of z with z there are none.
    """
    starts, runs, pairs, columns = layout
    rows, count = starts.size - 1, terms.shape[0]
    mean, response, room = np.empty(flow.size), np.empty(sizes[1].size), np.empty(sizes[1].size)
    sums = _no_sums(layout, count + 1, sizes[1].size)
    _, _, by_row, by_column, gram = sums
    for i in range(rows):
        low, high = starts[i], starts[i + 1]
        _taken(i, starts, runs, pairs, columns, sizes[1], mean)
        z = response[: high - low]
        _respond(mean[low:high], flow[low:high], sizes[0][i], z, room[: high - low])
        by_row[count, i] = _total(z)
        _spread(i, starts, runs, pairs, columns, z, by_column[count])
        for k in range(count):
            gram[count, k] += _product(z, terms[k, low:high])
            gram[k, count] = gram[count, k]
    _add_rows(0, rows, layout, terms, mean, sums, room)
    return mean, sums


@compiled(error_model="numpy", nogil=True)
def crossed(layout, weight, per_row, shift, values):
    """Return t = shift - per_row (M values) by row, and M' t by column, where M holds the weights."""
    by_row, by_column = shift.copy(), np.zeros(values.shape)
    add_products(layout, weight, per_row, values, np.ones(len(values), np.bool_), by_row, by_column)
    return by_row, by_column


@compiled(error_model="numpy", nogil=True)
def scores(layout, terms, by_row, by_column, gaps):
    """Return (terms - by_row_i - by_column_j) times the gap of each pair."""
    starts, runs, pairs, columns = layout
    answer = np.empty(terms.shape)
    for k in range(terms.shape[0]):
        for i in range(starts.size - 1):
            _taken(i, starts, runs, pairs, columns, by_column[k], answer[k])
            for e in range(starts[i], starts[i + 1]):
                answer[k, e] = (terms[k, e] - by_row[k, i] - answer[k, e]) * gaps[e]
    return answer
