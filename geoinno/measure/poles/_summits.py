"""Summits of a surface of potential: how far each stands out, and the one that it yields to."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

if TYPE_CHECKING:
    from geoinno._types import Bools, Floats, Ints
    from geoinno.measure.poles._terrain import Terrain


# Potentials that differ by less are equal: sums in another order differ in their last digits.
_TIE = 1e-11


@dataclass(frozen=True, slots=True, eq=False)
class Summits:
    """By region: ``prominence`` (0 where there is no summit, infinite at the highest), ``yields_to``.

    ``yields_to`` is the summit to which a summit yields (-1 for other regions and for the highest), and
    ``rises_to`` the summit reached from each region by always going to the highest neighbour.
    """

    prominence: Floats
    yields_to: Ints
    rises_to: Ints

    def lead(self, chosen: Bools) -> Ints:
        """Return for each region the chosen summit that it rises to, if over others that yield to it.

        -1 where that way ends at a summit that is not chosen.
        """
        here = np.arange(len(chosen))
        step = np.where(chosen | (self.yields_to < 0), here, self.yields_to)
        while True:
            further = step[step]
            if np.array_equal(further, step):
                break
            step = further
        ends = step[self.rises_to]
        return np.where(chosen[ends], ends, -1)


def summits(potential: Floats, land: Terrain) -> Summits:
    """Return the summits of one surface.

    A summit's prominence is ln(P_summit / P_pass): how far one must go down from it on the best way to
    any higher one.
    """
    from geoinno._kernels import prominence as kernel

    links = land.links
    start, neighbours = links.indptr.astype(np.int64), links.indices.astype(np.int64)
    pass_at, yields_to, rises_to = kernel.summits(_ranks(potential), start, neighbours)
    found = pass_at >= 0
    low = potential[pass_at[found]]
    with np.errstate(divide="ignore"):  # no way down is as far as one over places without potential
        prominence = np.zeros(len(potential))
        prominence[found] = np.log(potential[found]) - np.log(low)
    prominence[found & (yields_to < 0)] = np.inf
    return Summits(prominence, yields_to, rises_to)


def _ranks(potential: Floats) -> Ints:
    """Return the ranks of heights, 0 for the highest, equal where only rounding parts them."""
    order = np.argsort(-potential, kind="stable")
    height = potential[order]
    lower = height[:-1] - height[1:] > _TIE * height[:-1]
    rank = np.empty(len(potential), np.int64)
    rank[order] = np.concatenate([[0], np.cumsum(lower)])
    return rank


def major(found: Summits, potential: Floats, *, least: float) -> Bools:
    """Return which summits have at least this prominence.

    The highest has nothing above it to be measured against. It counts wherever another summit does, and
    else if it stands out from the median region as much, so that a flat map has no summit.
    """
    chosen = found.prominence >= least
    middle = np.median(potential)
    if chosen.sum() == 1 and middle > 0 and np.log(potential.max() / middle) < least:
        chosen[:] = False
    return np.asarray(chosen)


def region_names(positions: Ints, ids: pd.Index) -> pd.Series:
    """Return the ids at these positions, missing where a position is -1."""
    names = pd.Series(ids[positions], index=ids, dtype="object")
    return names.where(positions >= 0)
