"""Balancing of flows to their margins: loops over pairs that stand in the order of their rows.

A layout tells pairs by runs of neighbouring columns: row i has the runs ``runs[i]`` to ``runs[i + 1]``,
run r the pairs ``pairs[r]`` to ``pairs[r + 1]``, in the columns from ``columns[r]`` on. A full table has one
or two runs a row, over which the compiler uses vector instructions; a sparse one has runs of one pair.
Rows are cut into a fixed number of chunks, so that sums are the same to the last bit on any number of
threads; small tables are not worth waking threads for.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np
from numba import njit, prange

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
    Unsigned = NDArray[np.uint64]
    Layout = tuple[Unsigned, Unsigned, Unsigned]

CHUNKS = 16
WORTH_THREADS = 100_000


@njit(cache=True, error_model="numpy", nogil=True, fastmath={"contract", "reassoc", "nsz", "nnan"})
def _predictors(i, layout, terms, slopes, inward, mean):
    """Write the linear predictors of row i into ``mean``; return its pairs and its maximum."""
    runs, pairs, columns = layout
    low, high = pairs[runs[i]], pairs[runs[i + 1]]
    for r in range(runs[i], runs[i + 1]):
        ahead = columns[r] - pairs[r]
        for e in range(pairs[r], pairs[r + 1]):
            mean[e] = inward[ahead + e]
    for k in range(slopes.size):
        for e in range(low, high):
            mean[e] += slopes[k] * terms[k, e]
    most = mean[low]
    for e in range(low, high):
        most = max(most, mean[e])
    return low, high, most


@njit(cache=True, error_model="numpy", nogil=True, fastmath={"contract", "reassoc", "nsz"})
def _product(first, second):
    """Return the inner product."""
    total = 0.0
    for e in range(first.size):
        total += first[e] * second[e]
    return total


@njit(cache=True, error_model="numpy", nogil=True, fastmath={"contract", "reassoc", "nsz"})
def _products(first, second, third):
    """Return the sum of the products of three."""
    total = 0.0
    for e in range(first.size):
        total += first[e] * second[e] * third[e]
    return total


@njit(cache=True, error_model="numpy", nogil=True, fastmath={"contract", "reassoc", "nsz"})
def _column_moments(i, layout, terms, mean, sums):
    """Add the means of row i, and their products with the terms, to the sums by column."""
    runs, pairs, columns = layout
    into, by_column = sums
    for r in range(runs[i], runs[i + 1]):
        ahead = columns[r] - pairs[r]
        for e in range(pairs[r], pairs[r + 1]):
            into[ahead + e] += mean[e]
        for k in range(terms.shape[0]):
            for e in range(pairs[r], pairs[r + 1]):
                by_column[k, ahead + e] += mean[e] * terms[k, e]


@njit(cache=True, error_model="numpy", nogil=True)
def _row_moments(i, terms, mean, by_row, gram):
    """Add the products of the means of row i with the terms to the sums by row and by term."""
    for k in range(terms.shape[0]):
        by_row[k, i] = _product(mean, terms[k])
        for other in range(k + 1):
            gram[k, other] += _products(mean, terms[k], terms[other])


@njit(cache=True, error_model="numpy", nogil=True)
def _balance(chunk, layout, terms, parameters, state, sums):
    """Balance the rows of one chunk, and add up what they hold."""
    slopes, inward, outflow = parameters
    mean, outward = state
    rows = outward.size
    for i in range(rows * chunk // CHUNKS, rows * (chunk + 1) // CHUNKS):
        if layout[0][i] == layout[0][i + 1]:
            continue
        low, high, most = _predictors(i, layout, terms, slopes, inward, mean)
        shift = most if outflow.size else 0.0
        total = 0.0
        for e in range(low, high):
            mean[e] = math.exp(mean[e] - shift)
            total += mean[e]
        if outflow.size:
            outward[i] = math.log(outflow[i] / total) - most
            for e in range(low, high):
                mean[e] *= outflow[i] / total
        into, by_row, by_column, gram = sums
        _column_moments(i, layout, terms, mean, (into, by_column))
        _row_moments(i, terms[:, low:high], mean[low:high], by_row, gram)


@njit(cache=True, parallel=True, error_model="numpy", nogil=True)
def _balance_on_threads(layout, terms, parameters, state, sums):
    into, by_row, by_column, gram = sums
    for chunk in prange(CHUNKS):
        own = (into[chunk], by_row, by_column[chunk], gram[chunk])
        _balance(chunk, layout, terms, parameters, state, own)


@njit(cache=True, error_model="numpy", nogil=True)
def _balance_in_turn(layout, terms, parameters, state, sums):
    into, by_row, by_column, gram = sums
    for chunk in range(CHUNKS):
        own = (into[chunk], by_row, by_column[chunk], gram[chunk])
        _balance(chunk, layout, terms, parameters, state, own)


def balanced(
    layout: Layout, terms: Floats, parameters: tuple[Floats, Floats, Floats]
) -> tuple[Floats, Floats, Floats, Floats, Floats, Floats]:
    """Return exp(a_i + b_j + slopes terms) by pair, with a_i such that row i sums to its outflow.

    ``parameters`` are slopes, column effects b and outflows; with no outflows (size 0) all a_i are zero.
    After the means: a, the sums by column, the sums of the terms weighted by the means by row and by
    column, and the lower triangle of their weighted products.
    """
    count, pairs = terms.shape
    rows, columns = layout[0].size - 1, parameters[1].size
    state = (np.empty(pairs), np.zeros(rows))
    into, by_column = np.zeros((CHUNKS, columns)), np.zeros((CHUNKS, count, columns))
    by_row, gram = np.zeros((count, rows)), np.zeros((CHUNKS, count, count))
    run = _balance_on_threads if pairs > WORTH_THREADS else _balance_in_turn
    run(layout, terms, parameters, state, (into, by_row, by_column, gram))
    return *state, into.sum(axis=0), by_row, by_column.sum(axis=0), gram.sum(axis=0)


@njit(cache=True, error_model="numpy", nogil=True, fastmath={"contract", "reassoc", "nsz"})
def _row_product(i, layout, mean, values):
    """Return the product of row i of the means with values by column."""
    runs, pairs, columns = layout
    total = 0.0
    for r in range(runs[i], runs[i + 1]):
        ahead = columns[r] - pairs[r]
        for e in range(pairs[r], pairs[r + 1]):
            total += mean[e] * values[ahead + e]
    return total


@njit(cache=True, error_model="numpy", nogil=True, fastmath={"contract", "reassoc", "nsz"})
def _cross(chunk, layout, mean, per_row, values, sums):
    """Cross the rows of one chunk."""
    runs, pairs, columns = layout
    by_row, by_column = sums
    rows = by_row.shape[1]
    for i in range(rows * chunk // CHUNKS, rows * (chunk + 1) // CHUNKS):
        for k in range(by_row.shape[0]):
            by_row[k, i] -= per_row[i] * _row_product(i, layout, mean, values[k])
            weight = by_row[k, i]
            for r in range(runs[i], runs[i + 1]):
                ahead = columns[r] - pairs[r]
                for e in range(pairs[r], pairs[r + 1]):
                    by_column[k, ahead + e] += mean[e] * weight


@njit(cache=True, parallel=True, error_model="numpy", nogil=True)
def _cross_on_threads(layout, mean, per_row, values, sums):
    for chunk in prange(CHUNKS):
        _cross(chunk, layout, mean, per_row, values, (sums[0], sums[1][chunk]))


@njit(cache=True, error_model="numpy", nogil=True)
def _cross_in_turn(layout, mean, per_row, values, sums):
    for chunk in range(CHUNKS):
        _cross(chunk, layout, mean, per_row, values, (sums[0], sums[1][chunk]))


def crossed(
    layout: Layout, mean: Floats, per_row: Floats, shift: Floats, values: Floats
) -> tuple[Floats, Floats]:
    """Return t = shift - per_row (M values) by row, and M' t by column, where M holds the means."""
    sums = (shift.copy(), np.zeros((CHUNKS, *values.shape)))
    run = _cross_on_threads if mean.size > WORTH_THREADS else _cross_in_turn
    run(layout, mean, per_row, np.ascontiguousarray(values), sums)
    return sums[0], sums[1].sum(axis=0)


@njit(cache=True, error_model="numpy", nogil=True)
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


@njit(cache=True, error_model="numpy", nogil=True)
def _compare(chunk, values, mean, sums):
    """Add up the comparison of one chunk of the pairs."""
    for e in range(values.size * chunk // CHUNKS, values.size * (chunk + 1) // CHUNKS):
        value, expected = values[e], mean[e]
        sums[0] -= 2 * (value - expected)
        sums[1] -= expected
        sums[2] += min(value, expected)
        if value > 0:
            log = math.log(expected)
            sums[0] += 2 * value * (math.log(value) - log)
            sums[1] += value * log - math.lgamma(value + 1)


@njit(cache=True, parallel=True, error_model="numpy", nogil=True)
def _compare_on_threads(values, mean, sums):
    for chunk in prange(CHUNKS):
        _compare(chunk, values, mean, sums[chunk])


@njit(cache=True, error_model="numpy", nogil=True)
def _compare_in_turn(values, mean, sums):
    for chunk in range(CHUNKS):
        _compare(chunk, values, mean, sums[chunk])


def closeness(values: Floats, mean: Floats) -> Floats:
    """Return the Poisson deviance, the log-likelihood, and the sum of the smaller of value and mean."""
    sums = np.zeros((CHUNKS, 3))
    run = _compare_on_threads if values.size > WORTH_THREADS else _compare_in_turn
    run(values, mean, sums)
    return sums.sum(axis=0)
