"""Rules by which a region stands out as a pole, each a column of booleans."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from scipy.sparse import csgraph

from geoinno.measure.autocorrelation.local_statistics import local_moran

if TYPE_CHECKING:
    import pandas as pd
    from libpysal.graph import Graph
    from numpy.typing import NDArray
    from scipy import sparse

    Bools = NDArray[np.bool_]
    Floats = NDArray[np.float64]

_SIGNIFICANT = 1.96
_LEAST_WINDOW = 12
_TERMS = 3


def local_maximum(mass: Floats, links: sparse.csr_array) -> Bools:
    """Return which regions exceed all their neighbours; an island does if it has any mass."""
    highest = np.zeros(len(mass))
    here, there = links.tocoo().coords
    np.maximum.at(highest, here, mass[there])
    return mass > highest


def dense_cluster(
    mass: Floats, density: Floats, links: sparse.csr_array, *, cut: float, least: float
) -> Bools:
    """Return the regions of contiguous clusters denser than ``cut`` that hold ``least`` mass or more."""
    dense = np.flatnonzero(density > cut)
    chosen = np.zeros(len(mass), bool)
    if len(dense):
        count, cluster = csgraph.connected_components(links[dense][:, dense], directed=False)
        held = np.bincount(cluster, mass[dense], count)
        chosen[dense] = held[cluster] >= least
    return chosen


def residual(level: Floats, plane: Floats, *, window: float) -> Floats:
    """Return how far each region lies above what its surroundings foretell, in standard errors.

    Locally weighted regression on the place (tricube weights over the nearest share ``window``), the region
    itself left out; the error is that of foretelling a single region.
    """
    count = len(level)
    near = min(count - 1, max(_LEAST_WINDOW, int(np.ceil(window * count))))
    scores = np.full(count, np.nan)
    if near <= _TERMS + 1:
        return scores
    for i in range(count):
        away = np.hypot(*(plane - plane[i]).T)
        away[i] = np.inf
        chosen = np.argsort(away, kind="stable")[:near]
        weight = np.clip(1 - (away[chosen] / away[chosen[-1]] / (1 + 1e-9)) ** 3, 0, None) ** 3
        scores[i] = _foretold(level[chosen], plane[chosen] - plane[i], weight, own=level[i])
    return scores


def _foretold(level: Floats, offset: Floats, weight: Floats, *, own: float) -> float:
    """Return the own level less the one foretold, over its standard error."""
    terms = np.column_stack([np.ones(len(level)), offset])
    bread = np.linalg.pinv(terms.T @ (terms * weight[:, None]))
    slopes = bread @ terms.T @ (weight * level)
    rest = level - terms @ slopes
    free = weight.sum() ** 2 / (weight**2).sum() - _TERMS
    if free <= 0:
        return float("nan")
    noise = float(weight @ rest**2 / weight.sum() * (free + _TERMS) / free)
    spread = bread @ (terms.T @ (terms * weight[:, None] ** 2)) @ bread
    error = np.sqrt(noise * (1 + spread[0, 0]))
    return float((own - slopes[0]) / error) if error > 0 else 0.0


def significant(scores: Floats) -> Bools:
    """Return which scores lie above 1.96."""
    return np.nan_to_num(scores, nan=-np.inf) > _SIGNIFICANT


def hot_spot(mass: pd.Series, weights: Graph, *, permutations: int, seed: int, max_q: float) -> Bools:
    """Return the regions high among high, or high among low, at this q-value."""
    table = local_moran(mass, weights, permutations=permutations, seed=seed)
    high = table["quadrant"].isin(["HH", "HL"])
    return (high & (table["q"] <= max_q)).loc[weights.unique_ids].to_numpy()
