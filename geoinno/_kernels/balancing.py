"""Balancing of flows to their margins: loops over pairs that stand in the order of their rows.

Rows are dealt to threads in parts that depend on the pairs alone. Each part has its own sums by column,
which are added in the order of the parts: the same bits for any number of threads. Layouts are explained in
`geoinno._kernels.layouts`.
"""

from __future__ import annotations

import math

import numpy as np

from geoinno._kernels.compiling import compiled
from geoinno._kernels.exponentials import exponentials, logarithms
from geoinno._kernels.layouts import add_products, highest, product_of, spread, take, total_of
from geoinno._kernels.threads import run_parts

_HIGHEST = 708.0
_LEAST = 1e-300  # still a normal number
_ROWS = 8  # rows that stay in the cache of a processor between two loops over them
_PART, _MOST_PARTS = 17, 3  # powers of two: the least pairs of a part, and the most parts


def _parts(starts):
    """Return the first row of each part, and the end: powers of two, so that two threads have as much."""
    rows, pairs = starts.size - 1, int(starts[-1])
    count = 1 << min(max((pairs >> _PART).bit_length() - 1, 0), _MOST_PARTS)
    bounds = np.searchsorted(starts, np.arange(count + 1) * (pairs // count))
    bounds[-1] = rows
    return bounds


def _no_sums(parts, rows, count, columns):
    """Return zeros for the sums by row, and for each part by column and for the products of terms."""
    by_row, by_column = np.zeros((count, rows)), np.zeros((parts, count, columns))
    return np.zeros(rows), np.zeros((parts, columns)), by_row, by_column, np.zeros((parts, count, count))


def _merged(sums):
    """Return the sums of all parts."""
    rows, columns, by_row, by_column, gram = sums
    return rows, _sum(columns), by_row, _sum(by_column), _sum(gram)


def _sum(parts):
    return parts[0] if len(parts) == 1 else parts.sum(axis=0)


@compiled(error_model="numpy", nogil=True)
def _add_rows(first, last, layout, terms, mean, sums, room):
    """Add the means of these rows, and their products with the terms, to the sums."""
    starts, (rows, columns, by_row, by_column, gram) = layout[0], sums
    for i in range(first, last):
        low, high = starts[i], starts[i + 1]
        row, weighted = mean[low:high], room[: high - low]
        rows[i] = total_of(row)
        spread(i, layout, row, columns)
        for k in range(terms.shape[0]):
            for e in range(weighted.size):
                weighted[e] = row[e] * terms[k, low + e]
            by_row[k, i] = total_of(weighted)
            spread(i, layout, weighted, by_column[k])
            for other in range(k + 1):
                gram[k, other] += product_of(weighted, terms[other, low:high])
                gram[other, k] = gram[k, other]


@compiled(error_model="numpy", nogil=True)
def _sum_part(part, bounds, layout, terms, mean, sums):
    """Sum the rows of a part."""
    rows, columns, by_row, by_column, gram = sums
    own = (rows, columns[part], by_row, by_column[part], gram[part])
    _add_rows(bounds[part], bounds[part + 1], layout, terms, mean, own, np.empty(columns.shape[1]))


def weighted_sums(layout, terms, mean, columns):
    """Return sums of the means by row and by column, of the terms weighted by them, and their products."""
    bounds = _parts(layout[0])
    sums = _no_sums(len(bounds) - 1, len(layout[0]) - 1, len(terms), columns)
    run_parts(_sum_part, len(bounds) - 1, bounds, layout, terms, mean, sums)
    return _merged(sums)


@compiled(error_model="numpy", nogil=True, fastmath={"contract"})
def _predict(first, last, layout, terms, slopes, inward, mean):
    """Write the linear predictors of these rows into ``mean``."""
    starts = layout[0]
    for i in range(first, last):
        take(i, layout, inward, mean)
    for k in range(slopes.size):
        for e in range(starts[first], starts[last]):
            mean[e] += slopes[k] * terms[k, e]


@compiled(error_model="numpy", nogil=True)
def _exponentiate(first, last, starts, mean):
    """Replace predictors of these rows by exponentials.

    The bits of one too large would wrap around: no likelihood must come of it.
    """
    for i in range(first, last):
        if starts[i] < starts[i + 1]:
            row = mean[starts[i] : starts[i + 1]]
            if highest(row) > _HIGHEST:
                row[:] = np.inf
            else:
                exponentials(row)


@compiled(error_model="numpy", nogil=True)
def _balance_rows(first, last, starts, outflow, mean, outward):
    """Replace predictors of these rows by exponentials that sum to the outflows; write ln of their scales.

    Exponentials of all the rows at once: vectors of the processor are longer than short rows.
    """
    for i in range(first, last):
        if starts[i] < starts[i + 1]:
            row = mean[starts[i] : starts[i + 1]]
            outward[i] = -highest(row)
            row += outward[i]
    exponentials(mean[starts[first] : starts[last]])
    for i in range(first, last):
        if starts[i] < starts[i + 1]:
            row = mean[starts[i] : starts[i + 1]]
            scale = outflow[i] / total_of(row)
            row *= scale
            outward[i] += math.log(scale)


@compiled(error_model="numpy", nogil=True)
def _balance_part(part, bounds, layout, terms, parameters, mean, outward, sums):
    """Write what is expected in the rows of a part, and sum it while it is in the cache."""
    slopes, inward, outflow = parameters
    rows, columns, by_row, by_column, gram = sums
    own = (rows, columns[part], by_row, by_column[part], gram[part])
    starts, room = layout[0], np.empty(inward.size)
    for first in range(bounds[part], bounds[part + 1], _ROWS):
        last = min(first + _ROWS, bounds[part + 1])
        _predict(first, last, layout, terms, slopes, inward, mean)
        if outflow.size:
            _balance_rows(first, last, starts, outflow, mean, outward)
        else:
            _exponentiate(first, last, starts, mean)
        _add_rows(first, last, layout, terms, mean, own, room)


def balanced(layout, terms, parameters):
    """Return exp(a_i + b_j + slopes terms) by pair, with a_i such that row i sums to its outflow.

    ``parameters`` are slopes, column effects b and outflows; with no outflows (size 0) all a_i are zero.
    After the means: a, and the sums of ``weighted_sums``. Without a_i a mean may overflow; it is infinite.
    """
    bounds, rows = _parts(layout[0]), len(layout[0]) - 1
    mean, outward = np.empty(terms.shape[1]), np.zeros(rows)
    sums = _no_sums(len(bounds) - 1, rows, len(terms), len(parameters[1]))
    run_parts(_balance_part, len(bounds) - 1, bounds, layout, terms, parameters, mean, outward, sums)
    return mean, outward, _merged(sums)


@compiled(error_model="numpy", nogil=True, fastmath={"contract"})
def _respond(mean, flow, z):
    """Replace what sizes make expected by weights m, and write m times the working response into z."""
    for e in range(z.size):
        mean[e] = max((flow[e] + mean[e]) / 2, _LEAST)
        z[e] = mean[e]
    logarithms(z)
    for e in range(z.size):
        # m (ln m + (flow - m) / m), which needs no division by an m that may be next to nothing.
        z[e] = mean[e] * z[e] + (flow[e] - mean[e])


@compiled(error_model="numpy", nogil=True)
def _add_responses(first, last, layout, terms, z, sums):
    """Add the responses of these rows, of which z begins with the first, to the sums of the last term."""
    starts, (_, _, by_row, by_column, gram) = layout[0], sums
    count = terms.shape[0]
    for i in range(first, last):
        low, high = starts[i], starts[i + 1]
        row = z[low - starts[first] : high - starts[first]]
        by_row[count, i] = total_of(row)
        spread(i, layout, row, by_column[count])
        for k in range(count):
            gram[count, k] += product_of(row, terms[k, low:high])
            gram[k, count] = gram[count, k]


@compiled(error_model="numpy", nogil=True)
def _respond_part(part, bounds, layout, terms, flow, sizes, mean, sums):
    """Write the weights of the rows of a part, and sum them and the working response."""
    rows, columns, by_row, by_column, gram = sums
    own = (rows, columns[part], by_row, by_column[part], gram[part])
    starts, size = layout[0], sizes[1].size
    response, room = np.empty(_ROWS * size), np.empty(size)
    for first in range(bounds[part], bounds[part + 1], _ROWS):
        last = min(first + _ROWS, bounds[part + 1])
        low, high = starts[first], starts[last]
        for i in range(first, last):
            take(i, layout, sizes[1], mean)
            mean[starts[i] : starts[i + 1]] *= sizes[0][i]
        z = response[: high - low]
        _respond(mean[low:high], flow[low:high], z)
        _add_responses(first, last, layout, terms, z, own)
        _add_rows(first, last, layout, terms, mean, own, room)


def working_sums(layout, terms, flow, sizes):
    """Return weights m by pair, and the sums of ``weighted_sums`` with z as a last term.

    m is halfway between the flow and the product of the ``sizes`` of its row and its column; z is the working
    response ln m + (flow - m) / m. Of products of z with z there are none.
    """
    bounds, mean = _parts(layout[0]), np.empty(len(flow))
    sums = _no_sums(len(bounds) - 1, len(layout[0]) - 1, len(terms) + 1, len(sizes[1]))
    run_parts(_respond_part, len(bounds) - 1, bounds, layout, terms, flow, sizes, mean, sums)
    return mean, _merged(sums)


@compiled(error_model="numpy", nogil=True)
def crossed(layout, weight, per_row, shift, values):
    """Return t = shift - per_row (M values) by row, and M' t by column, where M holds the weights."""
    by_row, by_column = shift.copy(), np.zeros(values.shape)
    add_products(layout, weight, per_row, values, np.ones(len(values), np.bool_), by_row, by_column)
    return by_row, by_column


@compiled(error_model="numpy", nogil=True)
def scores(layout, terms, by_row, by_column, gaps):
    """Return (terms - by_row_i - by_column_j) times the gap of each pair."""
    starts, answer = layout[0], np.empty(terms.shape)
    for k in range(terms.shape[0]):
        for i in range(starts.size - 1):
            take(i, layout, by_column[k], answer[k])
            for e in range(starts[i], starts[i + 1]):
                answer[k, e] = (terms[k, e] - by_row[k, i] - answer[k, e]) * gaps[e]
    return answer
