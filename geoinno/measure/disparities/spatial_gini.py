"""Spatial Gini: how much of all inequality lies between neighbours, and how much between others."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from geoinno import _contract
from geoinno._display import Displayed
from geoinno._types import ALPHA
from geoinno.measure._inference.lags import weight_matrix
from geoinno.measure._inference.permutations import counted
from geoinno.measure._inference.significance import two_sided
from geoinno.measure.disparities import _shares
from geoinno.scale import follow

if TYPE_CHECKING:
    import pandas as pd
    from libpysal.graph import Graph
    from numpy.typing import NDArray

    from geoinno._types import Floats


# Differences held at a time.
_CELLS = 2_000_000


@dataclass(frozen=True, slots=True)
class SpatialGini(Displayed):
    """The Gini coefficient, and its parts between neighbours (``near``) and between others (``far``).

    ``expected`` is the mean of ``far`` over permutations, ``p`` two-sided.
    """

    gini: float
    near: float
    far: float
    expected: float
    p: float
    n: int
    permutations: int
    seed: int

    def __str__(self) -> str:
        """Return the result in words."""
        finding = "no more alike or different than regions in any order"
        if self.p <= ALPHA:
            finding = "more alike" if self.far > self.expected else "more different"
            finding += " than regions in any order"
        return (
            f"The Gini coefficient is {self.gini:.3f}, of which {self.near:.3f} lies between neighbours and "
            f"{self.far:.3f} between others, where permutations give {self.expected:.3f}: neighbours are "
            f"{finding} (two-sided p {self.p:.3g}, {self.permutations:,} permutations, {self.n:,} regions)."
        )


def spatial_gini(values: pd.Series, weights: Graph, *, permutations: int = 999, seed: int = 0) -> SpatialGini:
    """Split the Gini coefficient into inequality between neighbours and between regions further apart.

    G = (sum w_ij |x_i - x_j| + sum (1 - w_ij) |x_i - x_j|) / (2 n^2 x), with w 1 for neighbours and 0 for
    others, and the mean x. Where the second part is above what permutations give, neighbours are more alike
    than others: inequality has a geography.

    Parameters
    ----------
    values
        Zero or more, by region id.
    weights
        Of the same regions. Only who is a neighbour counts, not the weight, so that rows that sum to one
        give the same answer.
    permutations, seed
        Shuffles of the values over all regions, and the seed that makes them repeatable.

    Returns
    -------
    SpatialGini
        ``gini``, the sum of ``near`` and ``far``; ``expected`` for ``far``; ``p``.

    Raises
    ------
    ColumnError
        If a value is missing or negative, or all are equal.
    AlignmentError
        If values and weights cover different regions, or nobody has a neighbour.

    Notes
    -----
    A region without neighbours is far from all others. The p-value is two-sided: twice the smaller tail.

    References
    ----------
    Rey, S. J. and Smith, R. J. (2013). A spatial decomposition of the Gini coefficient. Letters in Spatial
    and Resource Sciences 6(2), 55-70. doi:10.1007/s12076-012-0086-z

    Examples
    --------
    >>> import geoinno as gi
    >>> regions = gi.read.sample("central_asia").regions
    >>> near = gi.weigh.contiguity(regions)
    >>> found = gi.measure.spatial_gini(regions["city_population"], near)
    >>> round(found.near / found.gini, 2)
    0.08
    """
    _contract.whole(permutations, name="permutations")
    ids = _contract.weight_ids(weights)
    placed = _contract.varied(_contract.numbers(values, ids=ids, against="weights"))
    level = _shares.weighted(placed, None)[0]
    matrix = weight_matrix(weights, "none")
    # In the order of ids, so that no result depends on the order of rows.
    order = np.argsort(ids.to_numpy(object), kind="stable")
    pairs = np.asarray(matrix[order][:, order].nonzero())
    x, n = level[order], len(level)
    total = 2 * n * level.sum()
    rank = 2 * np.arange(1, n + 1) - n - 1
    gini = float(2 * (rank @ np.sort(x)) / total)
    near = float(np.abs(x[pairs[0]] - x[pairs[1]]).sum() / total)
    drawn = gini - _permuted(x, pairs, permutations=permutations, seed=seed) / total
    p = two_sided(counted(drawn, gini - near, gini), permutations)
    return SpatialGini(gini, near, gini - near, float(drawn.mean()), float(p), n, permutations, seed)


def _permuted(x: Floats, pairs: NDArray[np.int64], *, permutations: int, seed: int) -> Floats:
    """Return the sum of differences between neighbours for each permutation of the values."""
    rng = np.random.default_rng(seed)
    step = max(1, _CELLS // max(len(x), pairs.shape[1]))
    sums = []
    for start in follow(range(0, permutations, step), "Block of permutations"):
        rows = min(step, permutations - start)
        drawn = rng.permuted(np.tile(x, (rows, 1)), axis=1)
        sums.append(np.abs(drawn[:, pairs[0]] - drawn[:, pairs[1]]).sum(axis=1))
    return np.concatenate(sums)
