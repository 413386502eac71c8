"""Classes, quadrants and orders of regions, year by year, and what neighbours do at the same time."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from scipy import sparse, stats

from geoinno import _contract
from geoinno.errors import OptionError
from geoinno.measure._inference.lags import weight_matrix
from geoinno.measure._inference.permutations import counted
from geoinno.measure._inference.significance import two_sided
from geoinno.measure.disparities._spatial_regressions import row_standardised
from geoinno.scale import follow

if TYPE_CHECKING:
    from libpysal.graph import Graph

    from geoinno._types import Floats, Ints

    Pairs = tuple[Ints, Ints]


QUADRANTS = ("HH", "LL", "LH", "HL")
# Differences from a mean or a cut below this share of the largest are rounding.
_ROUNDING = 1e-12


def classified(table: pd.DataFrame, classes: int, *, pooled: bool) -> Ints:
    """Return classes from 0: the values up to each quantile, as maps are classed."""
    _contract.whole(classes, name="classes", least=2)
    if classes > len(table):
        message = f"classes must be at most the number of regions, {len(table)}; {classes} was given."
        raise OptionError(message)
    # Means of neighbours that are equal may differ by rounding, and a quantile lie between them.
    values = table.to_numpy() - _ROUNDING * np.abs(table.to_numpy()).max()
    cuts = table.to_numpy()
    shares = np.arange(1, classes) / classes
    if pooled:
        return np.searchsorted(np.quantile(cuts, shares), values).astype(np.int64)
    columns = [np.searchsorted(np.quantile(c, shares), v) for c, v in zip(cuts.T, values.T, strict=True)]
    return np.column_stack(columns).astype(np.int64)


def lagged(table: pd.DataFrame, weights: Graph) -> pd.DataFrame:
    """Return the mean of neighbours of each region in each year."""
    ids = _contract.weight_ids(weights)
    _contract.aligned(table, ids, what="panel", against="weights")
    matrix = row_standardised(weights, table.index)
    return pd.DataFrame(matrix @ table.to_numpy(), table.index, table.columns)


def conditional_counts(own: Ints, around: Ints, classes: int) -> Floats:
    """Return counts of moves by the class of neighbours at the start of the move."""
    origin, end, context = own[:, :-1].ravel(), own[:, 1:].ravel(), around[:, :-1].ravel()
    cells = (context * classes + origin) * classes + end
    return np.bincount(cells, minlength=classes**3).reshape(classes, classes, classes).astype(float)


def quadrants(deviations: pd.DataFrame, lags: pd.DataFrame) -> Ints:
    """Return the quadrant of each region and year, by its place in ``QUADRANTS``; on the mean is low."""
    band = _ROUNDING * deviations.abs().max().to_numpy()
    own, around = deviations.to_numpy() > band, lags.to_numpy() > band
    return np.select([own & around, ~own & ~around, ~own & around], [0, 1, 2], 3).astype(np.int64)


def tau(before: pd.Series, after: pd.Series) -> float:
    """Return Kendall's tau-b; missing where all are equal in one of the years."""
    return float(stats.kendalltau(before, after).statistic)


def neighbour_tau(table: pd.DataFrame, weights: Graph, *, permutations: int, seed: int) -> pd.DataFrame:
    """Return tau among neighbours and among others, and p from regions shuffled over the map."""
    ids = _contract.weight_ids(weights)
    _contract.aligned(table, ids, what="panel", against="weights")
    order = ids.get_indexer(table.index)
    linked = weight_matrix(weights, "none")[order][:, order]
    either = sparse.triu((linked != 0) + (linked != 0).T, 1).tocoo()
    pairs: Pairs = either.coords
    rng = np.random.default_rng(seed)
    shuffles = rng.permuted(np.tile(np.arange(len(table)), (permutations, 1)), axis=1)
    others = len(table) * (len(table) - 1) / 2 - len(pairs[0])
    rows = {}
    for year, years in zip(table.columns[1:], pairwise(table.to_numpy().T), strict=True):
        near = float(_alike(years, pairs).mean())
        far = (_concordance(*years) - near * len(pairs[0])) / others if others else np.nan
        drawn = np.array(
            [
                _alike((years[0][order], years[1][order]), pairs).mean()
                for order in follow(shuffles, "Permutation")
            ]
        )
        rows[year] = [near, float(far), float(two_sided(counted(drawn, near, 1.0), permutations))]
    return pd.DataFrame(rows, index=["near", "far", "p_near"]).T.rename_axis("year")


def _alike(years: tuple[Floats, Floats], pairs: Pairs) -> Floats:
    """Return 1 for each pair that keeps its order from one year to the next, -1 if it turns, 0 for a tie."""
    first, second = pairs
    before, after = (np.sign(values[first] - values[second]) for values in years)
    return np.asarray(before * after)


def _concordance(before: Floats, after: Floats) -> int:
    """Return how many more of all pairs keep their order than turn it, from Kendall's tau-b.

    tau-b is that number over the root of the pairs that are no ties in one year and those in the other, so
    that no table of all pairs is needed.
    """
    count = len(before) * (len(before) - 1) // 2
    ties = [(n * (n - 1) // 2).sum() for n in (np.unique(v, return_counts=True)[1] for v in (before, after))]
    if count in ties:
        return 0
    apart = np.sqrt(float(count - ties[0]) * float(count - ties[1]))
    return round(float(stats.kendalltau(before, after).statistic) * apart)
