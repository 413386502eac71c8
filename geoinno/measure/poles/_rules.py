"""Older rules by which a region stands out, each a column of booleans, for comparison only."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from scipy.sparse import csgraph
from scipy.spatial import cKDTree

from geoinno import _contract
from geoinno.errors import ColumnError
from geoinno.measure.autocorrelation.local_statistics import local_moran
from geoinno.scale import parted, share_out

if TYPE_CHECKING:
    from libpysal.graph import Graph
    from scipy import sparse

    from geoinno._types import Bools, Floats


_SIGNIFICANT = 1.96
_LEAST_WINDOW, _MOST_WINDOW = 12, 2_000
_TERMS = 3
_BLOCK = 1 << 18
# Growth rates that differ by less, relative to themselves, are equal: the rest is rounding.
_ROUNDING = 1e-9


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


def log_density(density: Floats) -> Floats:
    """Return logarithms; regions without mass count as half the least that has any."""
    least = density[density > 0].min()
    return np.log(np.where(density > 0, density, least / 2))


def residual(level: Floats, plane: Floats, *, window: float) -> Floats:
    """Return how far each region lies above what its surroundings predict, in standard errors.

    Locally weighted regression on the place (tricube weights over the nearest share ``window``, at most
    2,000 regions), the region itself left out; the error is that of predicting a single region.
    """
    count = len(level)
    near = min(count - 1, _MOST_WINDOW, max(_LEAST_WINDOW, int(np.ceil(window * count))))
    scores = np.full(count, np.nan)
    if near <= _TERMS + 1:
        return scores
    task = _Residuals(level, plane, cKDTree(plane), near, scores)
    share_out(task.score, parted(count, max(1, _BLOCK // near)), what="Round of local regressions")
    return scores


@dataclass(frozen=True, slots=True, eq=False)
class _Residuals:
    """Local regressions, whose scores blocks of regions write to their own rows."""

    level: Floats
    plane: Floats
    tree: cKDTree
    near: int
    scores: Floats

    def score(self, block: tuple[int, int]) -> None:
        """Write the scores of some regions."""
        rows = np.arange(*block)
        away, chosen = self.tree.query(self.plane[rows], k=self.near + 1)
        other = chosen != rows[:, None]
        reach = np.where(other, away, 0).max(axis=1, keepdims=True)
        share = np.divide(away, reach * (1 + 1e-9), out=np.zeros_like(away), where=reach > 0)
        weight = other * np.clip(1 - share**3, 0, None) ** 3
        offset = self.plane[chosen] - self.plane[rows][:, None]
        terms = np.concatenate([np.ones((*chosen.shape, 1)), offset], axis=2)
        self.scores[rows] = _scores(self.level[chosen], terms, weight, own=self.level[rows])


def _scores(level: Floats, terms: Floats, weight: Floats, *, own: Floats) -> Floats:
    """Return each own level less the one predicted at its place, over the standard error of predicting it."""
    weighted = terms * weight[..., None]
    bread = np.linalg.pinv(np.einsum("ijk,ijl->ikl", terms, weighted))
    slopes = np.einsum("ikl,ijl,ij->ik", bread, weighted, level, optimize=True)
    rest = level - np.einsum("ijk,ik->ij", terms, slopes)
    total = weight.sum(axis=1)
    free = total**2 / (weight**2).sum(axis=1) - _TERMS
    free = np.where(free > 0, free, np.nan)
    noise = (weight * rest**2).sum(axis=1) / total * (free + _TERMS) / free
    spread = bread @ np.einsum("ijk,ijl->ikl", weighted, weighted) @ bread
    error = np.sqrt(noise * (1 + spread[:, 0, 0]))
    gap = own - slopes[:, 0]
    return np.divide(gap, error, out=np.where(np.isnan(error), np.nan, 0.0), where=error > 0)


def significant(scores: Floats) -> Bools:
    """Return which scores lie above 1.96."""
    return np.nan_to_num(scores, nan=-np.inf) > _SIGNIFICANT


def hot_spot(mass: pd.Series, weights: Graph, *, permutations: int, seed: int, max_q: float) -> pd.Series:
    """Return the regions high among high, or high among low, at this q-value; none without neighbours."""
    if not weights.n_edges:
        return pd.Series(data=False, index=mass.index)
    table = local_moran(mass, weights, permutations=permutations, seed=seed)
    high = table["quadrant"].isin(["HH", "HL"])
    return high & (table["q"] <= max_q)


def growing(rate: pd.Series, mass: pd.Series) -> pd.Series:
    """Return which regions grow faster than all mass together, by more than rounding."""
    return rate - np.average(rate, weights=mass) > _ROUNDING * rate.abs().max()


def propulsive(specialisation: pd.Series | pd.DataFrame, ids: pd.Index) -> Bools:
    """Return which regions have a location quotient above 1 in any of the activities."""
    columns = specialisation.to_frame() if isinstance(specialisation, pd.Series) else specialisation
    if not isinstance(columns, pd.DataFrame) or not columns.shape[1]:
        message = (
            "specialisation must be location quotients: the table that gi.measure.location_quotient returns."
        )
        raise ColumnError(message)
    quotients = [_contract.numbers(columns[c], ids=ids, what="location quotients") for c in columns]
    return np.asarray(pd.concat(quotients, axis=1).gt(1 + _ROUNDING).any(axis=1))
