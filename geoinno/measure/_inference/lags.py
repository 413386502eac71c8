"""Values and weights put together: aligned, standardised once, isolates left out."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, get_args

import numpy as np
from scipy import sparse

from geoinno._contract import numbers, option, varied, weight_ids
from geoinno._language.phrases import Phrase
from geoinno.errors import AlignmentError
from geoinno.measure._inference.permutations import TIE

if TYPE_CHECKING:
    import pandas as pd
    from libpysal.graph import Graph

    from geoinno._types import Bools, Floats

Standardise = Literal["row", "none"]
_ROUNDING = 8 * float(np.finfo(float).eps)


@dataclass(frozen=True, slots=True, eq=False)
class Links:
    """Values in the order of the weights, and the weights as a sparse matrix without self-links."""

    values: pd.Series
    matrix: sparse.csr_array

    @property
    def ids(self) -> pd.Index:
        """The ids of the regions."""
        return self.values.index

    @property
    def x(self) -> Floats:
        """The values alone."""
        return self.values.to_numpy()

    def joined(self) -> Joined:
        """Return the regions that have a link, in the order of their ids.

        A region without any says nothing about likeness between neighbours, and would still move the
        mean, the moments and the shuffles: one outlying island can make any map look clustered.
        Permutations run in the order of ids, so that no result depends on the order of rows.
        """
        partners = np.bincount(self.matrix.indices, minlength=len(self.values))
        linked = (np.diff(self.matrix.indptr) > 0) | (partners > 0)
        order = np.flatnonzero(linked)
        if not self.ids.is_monotonic_increasing:
            order = order[self.ids[order].argsort()]
        placed = varied(self.values.iloc[order], among="every region with neighbours")
        unit = float(placed.abs().max())
        # Usually every region is linked and in order: a copy of a million would be most of the memory.
        as_it_is = np.array_equal(order, np.arange(len(self.values)))
        matrix = self.matrix if as_it_is else self.matrix[order][:, order]
        if not matrix.has_sorted_indices:
            matrix = matrix.sorted_indices()
        return Joined(placed.index, placed.to_numpy() / unit, unit, matrix, len(self.values) - len(order))


@dataclass(frozen=True, slots=True, eq=False)
class Joined:
    """Values and weights of the regions that have a link, in the order of their ids.

    ``x`` holds the values over ``unit``, the largest of them without its sign, so that no square overflows or
    vanishes; ``isolates`` counts the regions left out.
    """

    ids: pd.Index
    x: Floats
    unit: float
    matrix: sparse.csr_array
    isolates: int

    @property
    def connected(self) -> Bools:
        """Which regions have neighbours of their own; where weights are directed, some are but neighbours."""
        return np.diff(self.matrix.indptr) > 0

    @property
    def n(self) -> int:
        """How many regions have a link."""
        return len(self.x)

    @property
    def deviations(self) -> Floats:
        """The values less their mean; what only rounding keeps from the mean lies on it."""
        z = self.x - self.x.mean()
        return np.where(np.abs(z) <= self.tie * np.abs(z).max(), 0.0, z)

    @property
    def tie(self) -> float:
        """The share of the largest deviation below which a difference is but rounding."""
        return TIE + _ROUNDING / float(np.ptp(self.x))

    @property
    def margins(self) -> Floats:
        """The sum of each region's weights."""
        return np.asarray(self.matrix.sum(axis=1)).ravel()


def links(values: pd.Series, weights: Graph, *, standardise: Standardise) -> Links:
    """Return values and weights put together; they must speak of the same regions."""
    option(standardise, get_args(Standardise), name="standardise")
    ids = weight_ids(weights)
    placed = varied(numbers(values, ids=ids, against="weights"))
    return Links(placed, weight_matrix(weights, standardise))


def joined(values: pd.Series, weights: Graph, *, standardise: Standardise = "none") -> Joined:
    """Return values and weights of the regions that have a link."""
    return links(values, weights, standardise=standardise).joined()


def weight_matrix(weights: Graph, standardise: Standardise) -> sparse.csr_array:
    """Return weights as a sparse matrix in their own order, rows summing to one if standardised."""
    matrix = sparse.csr_array(weights.sparse, dtype=np.float64)
    matrix.setdiag(0.0)
    matrix.eliminate_zeros()
    matrix.sort_indices()
    if matrix.nnz == 0:
        message = Phrase("No region has a neighbour in these weights: there is nothing to compare.")
        raise AlignmentError(message)
    if standardise == "row":
        total = np.asarray(matrix.sum(axis=1)).ravel()
        matrix.data = matrix.data / np.repeat(total, np.diff(matrix.indptr))
    return matrix
