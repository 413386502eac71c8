"""Whether clubs hold: over samples of regions, and over maps on which clubs are shuffled."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from scipy.optimize import linear_sum_assignment

from geoinno import _contract
from geoinno.measure._inference.lags import weight_matrix
from geoinno.measure._inference.permutations import counted
from geoinno.measure._inference.significance import two_sided
from geoinno.measure.disparities import _clustering
from geoinno.scale import follow

if TYPE_CHECKING:
    from libpysal.graph import Graph

    from geoinno._types import Ints
    from geoinno.measure.disparities._clustering import Settings


def probabilities(
    paths: pd.DataFrame, found: list[Ints], settings: Settings, *, draws: int, rng: np.random.Generator
) -> pd.DataFrame:
    """Return how often each region is in the counterpart of each club, over samples that it is in."""
    count = len(paths)
    known = _clustering.membership(found, count)
    times = np.zeros((count, len(found) + 1))
    for _ in follow(range(draws), "Sample of regions"):
        rows = np.unique(rng.integers(count, size=count))
        drawn = _clustering.clubs(paths.to_numpy()[rows], settings)
        label = _clustering.membership(drawn, len(rows))
        times[rows, _matched(label, known[rows], len(found)) + 1] += 1
    total = times.sum(axis=1, keepdims=True)
    shares = np.divide(times, total, out=np.full_like(times, np.nan), where=total > 0)
    return pd.DataFrame(shares, paths.index, pd.RangeIndex(len(found) + 1, name="club"))


def _matched(label: Ints, known: Ints, clubs: int) -> Ints:
    """Return the known club that each region's drawn club stands for; -1 for none."""
    names, drawn = np.unique(label[label >= 0], return_inverse=True)
    overlap = np.zeros((len(names), clubs))
    both = known[label >= 0] >= 0
    np.add.at(overlap, (drawn[both], known[label >= 0][both]), 1)
    stands_for = np.full(label.max(initial=-1) + 2, -1)
    rows, columns = linear_sum_assignment(overlap, maximize=True)
    stands_for[names[rows]] = np.where(overlap[rows, columns] > 0, columns, -1)
    return stands_for[label]


def places(
    labels: pd.Series, weights: Graph | None, *, permutations: int, rng: np.random.Generator
) -> tuple[float, float, float]:
    """Return the share of pairs of neighbours in one club, that of relabelled maps, and p."""
    if weights is None:
        return np.nan, np.nan, np.nan
    ids = _contract.weight_ids(weights)
    _contract.aligned(labels, ids, what="panel", against="weights")
    order = ids.get_indexer(labels.index)
    linked = weight_matrix(weights, "none")[order][:, order]
    first, second = np.unique(np.sort(np.vstack(linked.nonzero()), axis=0), axis=1)
    near = np.unique([first, second])
    place = np.searchsorted(near, [first, second])
    club = labels.to_numpy()[near]
    observed = _together(club, place)
    if len(np.unique(club)) == 1:
        return observed, observed, np.nan
    maps = follow(range(permutations), "Relabelled map")
    drawn = np.array([_together(rng.permutation(club), place) for _ in maps])
    p = two_sided(counted(drawn, observed, 1.0), permutations)
    return observed, float(drawn.mean()), float(p)


def _together(club: Ints, place: Ints) -> float:
    """Return the share of pairs whose two regions are in one club."""
    first, second = club[place]
    return float(((first == second) & (first >= 0)).mean())
