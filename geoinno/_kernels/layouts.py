"""Loops over the pairs of one row: sums, products with columns, and values taken from columns.

A layout is ``starts, runs, pairs, columns``: row i has the pairs ``starts[i]`` to ``starts[i + 1]``. Where
the table is nearly full, its pairs form long runs of neighbouring columns: row i has the runs ``runs[i]`` to
``runs[i + 1]``, run r the pairs from ``pairs[r]`` to ``pairs[r + 1]``, in the columns from ``columns[r]`` on,
and the compiler uses vector instructions over each. Where runs are short, there are none (size 0), and
``columns`` holds the column of each pair.
"""

from __future__ import annotations

import numpy as np

from geoinno._kernels.compiling import compiled


@compiled(error_model="numpy", nogil=True)
def highest(values):
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
def total_of(values):
    """Return the sum of the values."""
    total = 0.0
    for k in range(values.size):
        total += values[k]
    return total


@compiled(error_model="numpy", nogil=True, fastmath={"contract", "reassoc", "nsz"})
def product_of(first, second):
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
def take(i, layout, by_column, into):
    """Write the values of the columns of row i into ``into``, pair by pair."""
    starts, runs, pairs, columns = layout
    if runs.size == 0:
        _listed_taken(starts[i], starts[i + 1], columns, by_column, into)
    else:
        _run_taken(runs[i], runs[i + 1], pairs, columns, by_column, into)


@compiled(error_model="numpy", nogil=True)
def spread(i, layout, weight, into):
    """Add row i of the weights to sums by column; ``weight`` begins with the row."""
    starts, runs, pairs, columns = layout
    if runs.size == 0:
        _listed_spread(starts[i], starts[i + 1], columns, weight, 1.0, into)
    else:
        _run_spread(runs[i], runs[i + 1], pairs, columns, weight, 1.0, into)


@compiled(error_model="numpy", nogil=True)
def not_zero(values):
    """Return which of several vectors have an entry that is not zero."""
    answer = np.zeros(len(values), np.bool_)
    for k in range(len(values)):
        answer[k] = np.any(values[k] != 0)
    return answer


@compiled(error_model="numpy", nogil=True)
def _add_listed(layout, weight, per_row, values, chosen, shift, into):
    """Add the products of listed pairs."""
    starts, _, _, columns = layout
    active, some = chosen
    for i in range(starts.size - 1):
        low, high = starts[i], starts[i + 1]
        row = weight[low:high]
        for k in range(values.shape[0]):
            if some[k]:
                shift[k, i] -= per_row[i] * _listed_product(low, high, columns, weight, values[k])
            if active[k]:
                _listed_spread(low, high, columns, row, shift[k, i], into[k])


@compiled(error_model="numpy", nogil=True)
def _add_runs(layout, weight, per_row, values, chosen, shift, into):
    """Add the products of runs of pairs."""
    starts, runs, pairs, columns = layout
    active, some = chosen
    for i in range(starts.size - 1):
        low, high = runs[i], runs[i + 1]
        row = weight[starts[i] : starts[i + 1]]
        for k in range(values.shape[0]):
            if some[k]:
                shift[k, i] -= per_row[i] * _run_product(low, high, pairs, columns, weight, values[k])
            if active[k]:
                _run_spread(low, high, pairs, columns, row, shift[k, i], into[k])


@compiled(error_model="numpy", nogil=True)
def add_products(layout, weight, per_row, values, active, shift, into):
    """Add M' (shift - per_row (M values)) to ``into``; ``shift`` becomes what stands in the brackets.

    All are several vectors, of which the active take part. M times zero is left out.
    """
    chosen = (active, active & not_zero(values))
    if layout[1].size == 0:
        _add_listed(layout, weight, per_row, values, chosen, shift, into)
    else:
        _add_runs(layout, weight, per_row, values, chosen, shift, into)
