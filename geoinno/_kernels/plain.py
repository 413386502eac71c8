"""Sums over the pairs of a small table in NumPy: what the compiled loops do, without compiling them.

To compile them takes seconds, a small table milliseconds. They are also what the compiled loops are tested
against: arguments and answers are those of `balancing` and `closeness`, with the ends of pairs as layout.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from scipy import special

if TYPE_CHECKING:
    from geoinno._types import Floats, Ints

    Sums = tuple[Floats, Floats, Floats, Floats, Floats]

_LOWEST = -708.0  # whose exponential is still a normal number
_LEAST = 1e-300


@dataclass(frozen=True, slots=True)
class Ends:
    """The row and the column of each pair, and how many rows there are."""

    row: Ints
    column: Ints
    rows: int

    def by_row(self, values: Floats) -> Floats:
        """Return the sums by row of one or several vectors of values."""
        return _summed(self.row, values, self.rows)

    def by_column(self, values: Floats, columns: int) -> Floats:
        """Return the sums by column of one or several vectors of values."""
        return _summed(self.column, values, columns)


def _summed(groups: Ints, values: Floats, count: int) -> Floats:
    """Return the sums of values by group."""
    if values.ndim == 1:
        total: Floats = np.bincount(groups, values, count).astype(np.float64, copy=False)
        return total
    sums = np.empty((len(values), count))
    for k, each in enumerate(values):
        sums[k] = np.bincount(groups, each, count)
    return sums


def weighted_sums(ends: Ends, terms: Floats, mean: Floats, columns: int) -> Sums:
    """Return sums of the means by row and by column, of the terms weighted by them, and their products."""
    weighted = terms * mean
    by_row, by_column = ends.by_row(weighted), ends.by_column(weighted, columns)
    return ends.by_row(mean), ends.by_column(mean, columns), by_row, by_column, weighted @ terms.T


def balanced(
    ends: Ends, terms: Floats, parameters: tuple[Floats, Floats, Floats]
) -> tuple[Floats, Floats, Sums]:
    """Return exp(a_i + b_j + slopes terms) by pair, with a_i such that row i sums to its outflow."""
    slopes, inward, outflow = parameters
    predictor, outward = slopes @ terms + inward[ends.column], np.zeros(ends.rows)
    with np.errstate(over="ignore", divide="ignore"):
        if outflow.size:
            most = np.full(ends.rows, -np.inf)
            np.maximum.at(most, ends.row, predictor)
            predictor -= most[ends.row]
        mean: Floats = np.exp(np.maximum(predictor, _LOWEST))
        if outflow.size:
            some = np.isfinite(most)  # rows with pairs
            scale = np.divide(outflow, ends.by_row(mean), out=np.ones(ends.rows), where=some)
            outward[some] = np.log(scale[some]) - most[some]
            mean *= scale[ends.row]
    return mean, outward, weighted_sums(ends, terms, mean, len(inward))


def working_sums(
    ends: Ends, terms: Floats, flow: Floats, sizes: tuple[Floats, Floats]
) -> tuple[Floats, Sums]:
    """Return weights m by pair, and the sums of ``weighted_sums`` with the working response as a last term.

    It is ln m + (flow - m) / m, where m is halfway between the flow and the product of the ``sizes`` of its
    row and its column.
    """
    mean = np.maximum((flow + sizes[0][ends.row] * sizes[1][ends.column]) / 2, _LEAST)
    count = len(sizes[1])
    rows, columns, by_row, by_column, gram = weighted_sums(ends, terms, mean, count)
    response = mean * np.log(mean) + (flow - mean)
    square = np.zeros((len(terms) + 1, len(terms) + 1))
    square[:-1, :-1], square[-1, :-1], square[:-1, -1] = gram, terms @ response, terms @ response
    by_row = np.vstack([by_row, ends.by_row(response)])
    return mean, (rows, columns, by_row, np.vstack([by_column, ends.by_column(response, count)]), square)


def crossed(
    ends: Ends, weight: Floats, per_row: Floats, shift: Floats, values: Floats
) -> tuple[Floats, Floats]:
    """Return t = shift - per_row (M values) by row, and M' t by column, where M holds the weights."""
    by_row = shift - per_row * ends.by_row(weight * values[:, ends.column])
    return by_row, ends.by_column(weight * by_row[:, ends.row], values.shape[1])


def scores(ends: Ends, terms: Floats, by_row: Floats, by_column: Floats, gaps: Floats) -> Floats:
    """Return (terms - by_row_i - by_column_j) times the gap of each pair."""
    left: Floats = (terms - by_row[:, ends.row] - by_column[:, ends.column]) * gaps
    return left


def closeness(flow: Floats, mean: Floats) -> tuple[float, float, float]:
    """Return the sums of min(flow, mean), and over flows y above zero those of y ln y - y and of ln y!."""
    y = flow[flow > 0]
    saturated, factorials = (y * np.log(y) - y).sum(), special.gammaln(y + 1).sum()
    return float(np.minimum(flow, mean).sum()), float(saturated), float(factorials)
