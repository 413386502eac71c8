"""Values and weights put together: aligned, standardised once, isolates told apart."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, get_args

import numpy as np
from scipy import sparse

from geoinno._contract import numbers, option, varied, weight_ids
from geoinno.errors import AlignmentError
from geoinno.measure._inference.permutations import TIE

if TYPE_CHECKING:
    import pandas as pd
    from libpysal.graph import Graph
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

Standardise = Literal["row", "none"]
_ROUNDING = 8 * float(np.finfo(float).eps)


@dataclass(frozen=True, slots=True, eq=False)
class Links:
    """Values in the order of the weights, and the weights as a sparse matrix without self-links."""

    ids: pd.Index
    x: Floats
    matrix: sparse.csr_array

    @property
    def connected(self) -> NDArray[np.bool_]:
        """Which regions have neighbours."""
        return np.diff(self.matrix.indptr) > 0

    @property
    def n(self) -> int:
        """How many regions have neighbours."""
        return int(self.connected.sum())

    @property
    def deviations(self) -> Floats:
        """The values less their mean; what only rounding keeps from the mean lies on it."""
        z = self.x - self.x.mean()
        return np.where(np.abs(z) <= self.tie * np.abs(z).max(), 0.0, z)

    @property
    def tie(self) -> float:
        """The share of the largest deviation below which a difference is but rounding."""
        return TIE + _ROUNDING * float(np.abs(self.x).max() / np.ptp(self.x))

    @property
    def margins(self) -> Floats:
        """The sum of each region's weights."""
        return np.asarray(self.matrix.sum(axis=1)).ravel()

    def joined(self) -> Links:
        """Return the regions with neighbours alone."""
        kept = np.flatnonzero(self.connected)
        return Links(self.ids[kept], self.x[kept], self.matrix[kept][:, kept])


def links(values: pd.Series, weights: Graph, *, standardise: Standardise) -> Links:
    """Return values and weights put together; they must speak of the same regions."""
    option(standardise, get_args(Standardise), name="standardise")
    ids = weight_ids(weights)
    placed = varied(numbers(values, ids=ids, against="weights"))
    return Links(ids, placed.to_numpy(), weight_matrix(weights, standardise))


def weight_matrix(weights: Graph, standardise: Standardise) -> sparse.csr_array:
    """Return weights as a sparse matrix in their own order, rows summing to one if standardised."""
    matrix = sparse.csr_array(weights.sparse, dtype=np.float64)
    matrix.setdiag(0.0)
    matrix.eliminate_zeros()
    matrix.sort_indices()
    if matrix.nnz == 0:
        message = "No region has a neighbour in these weights: there is nothing to compare."
        raise AlignmentError(message)
    if standardise == "row":
        total = np.asarray(matrix.sum(axis=1)).ravel()
        matrix.data = matrix.data / np.repeat(total, np.diff(matrix.indptr))
    return matrix
