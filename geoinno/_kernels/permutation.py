"""Permutation on plain arrays: how often drawn values reach what was observed.

In a conditional permutation each site holds its own value while its neighbours are drawn from all
others without replacement. One table of draws serves every site with the same number of
neighbours. A row of the table holds one place more than there are neighbours; where the site
itself was drawn, the spare takes its place, which makes the row an exact draw from the others.
Counts are of draws at or above the observed value, and at or below it; ties count on both sides.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
    Indices = NDArray[np.intp]

_CELLS = 2_000_000
_TIE = 1e-11


class Counts(NamedTuple):
    """Draws at or above, and at or below, what was observed."""

    above: Indices
    below: Indices


@dataclass(frozen=True, slots=True)
class Rows:
    """Sites with equally many neighbours: their places, and weights (sites x neighbours)."""

    sites: Indices
    weights: Floats

    @property
    def neighbours(self) -> int:
        """How many neighbours each site has."""
        return self.weights.shape[1]

    def equal(self) -> bool:
        """Tell whether each site weighs its neighbours alike, and all sites in the same way."""
        return bool(np.allclose(self.weights, self.weights.flat[0], rtol=1e-12, atol=0))

    def part(self, block: slice) -> Rows:
        """Return some of the sites."""
        return Rows(self.sites[block], self.weights[block])


def rows_by_degree(indptr: Indices, data: Floats) -> Iterator[Rows]:
    """Yield the rows of a sparse matrix, grouped by their number of entries."""
    degree = np.diff(indptr)
    for k in np.unique(degree[degree > 0]):
        sites = np.flatnonzero(degree == k)
        yield Rows(sites, data[indptr[sites][:, None] + np.arange(k)])


def draws(n: int, size: int, *, count: int, seed: int) -> Indices:
    """Return ``count`` rows of ``size`` different places out of ``n``."""
    rng = np.random.default_rng([seed, size])
    if size * size > n:
        return np.concatenate([_shuffled(rng.random((step, n)), size) for step in _steps(count, _CELLS // n)])
    table = rng.integers(n, size=(count, size))
    while len(twice := np.flatnonzero((np.diff(np.sort(table, axis=1), axis=1) == 0).any(axis=1))):
        table[twice] = rng.integers(n, size=(len(twice), size))
    return table


def lag_counts(values: Floats, observed: Floats, rows: Rows, *, table: Indices) -> Counts:
    """Count draws for the weighted sum of the neighbours' values."""
    band = _TIE * (np.abs(observed) + np.abs(rows.weights).sum(axis=1) * np.abs(values).max())
    if rows.equal():
        return _equal_lag_counts(values, (observed, band), rows, table=table)
    return _blocked(rows, lambda part: drawn_sums(values, part, table), (observed, band), count=len(table))


def square_counts(values: Floats, observed: Floats, rows: Rows, *, table: Indices) -> Counts:
    """Count draws for the weighted sum of squared differences to the neighbours."""
    total = rows.weights.sum(axis=1)
    band = _TIE * (np.abs(observed) + total * (values**2).max())

    def drawn(part: Rows) -> Floats:
        own = values[part.sites]
        sums, squares = drawn_sums(values, part, table), drawn_sums(values**2, part, table)
        return own**2 * part.weights.sum(axis=1) - 2 * own * sums + squares

    return _blocked(rows, drawn, (observed, band), count=len(table))


def drawn_sums(values: Floats, rows: Rows, table: Indices) -> Floats:
    """Return the weighted sums (draws x sites) of drawn neighbours."""
    k = rows.neighbours
    drawn, spare = values[table[:, :k]], values[table[:, k]]
    sums = drawn @ rows.weights.T
    place = np.full(len(values), -1)
    place[rows.sites] = np.arange(len(rows.sites))
    site = place[table[:, :k]]
    row, column = np.nonzero(site >= 0)
    hit = site[row, column]
    sums[row, hit] += rows.weights[hit, column] * (spare[row] - values[rows.sites[hit]])
    return sums


def permuted_products(values: Floats, weigh: Callable[[Floats], Floats], *, count: int, seed: int) -> Floats:
    """Return x'Wx for each of ``count`` permutations of the values over all places.

    ``weigh`` returns Wx for a matrix of columns x.
    """
    rng = np.random.default_rng(seed)
    products = []
    for step in _steps(count, _CELLS // len(values)):
        drawn = rng.permuted(np.tile(values, (step, 1)), axis=1).T
        products.append((drawn * weigh(drawn)).sum(axis=0))
    return np.concatenate(products)


def counted(drawn: Floats, observed: float, scale: float) -> Counts:
    """Count draws of one number; differences below rounding error are ties."""
    band = _TIE * scale
    return Counts(np.asarray((drawn >= observed - band).sum()), np.asarray((drawn <= observed + band).sum()))


def _equal_lag_counts(values: Floats, target: tuple[Floats, Floats], rows: Rows, *, table: Indices) -> Counts:
    """Count by search in one sorted list of sums; draws that hold the site itself are put right."""
    k, weight = rows.neighbours, rows.weights.flat[0]
    observed, band = target
    sums = values[table[:, :k]].sum(axis=1) * weight
    ordered = np.sort(sums)
    above = len(sums) - np.searchsorted(ordered, observed - band, side="left")
    below = np.searchsorted(ordered, observed + band, side="right")
    place = np.full(len(values), -1)
    place[rows.sites] = np.arange(len(rows.sites))
    site = place[table[:, :k]]
    row, column = np.nonzero(site >= 0)
    hit = site[row, column]
    old = sums[row]
    new = old + weight * (values[table[row, k]] - values[rows.sites[hit]])
    low, high = observed[hit] - band[hit], observed[hit] + band[hit]
    n = len(rows.sites)
    above = above + _change(hit, (new >= low) - (old >= low).astype(float), n)
    below = below + _change(hit, (new <= high) - (old <= high).astype(float), n)
    return Counts(above, below)


def _shuffled(keys: Floats, size: int) -> Indices:
    """Return the places of the smallest keys of each row, in the order of the keys."""
    first = keys.argpartition(size - 1, axis=1)[:, :size]
    order = np.take_along_axis(keys, first, axis=1).argsort(axis=1)
    return np.take_along_axis(first, order, axis=1)


def _change(site: Indices, change: Floats, n: int) -> Indices:
    """Return how the counts of sites change."""
    return np.bincount(site, weights=change, minlength=n).astype(np.intp)


def _blocked(
    rows: Rows, drawn: Callable[[Rows], Floats], target: tuple[Floats, Floats], *, count: int
) -> Counts:
    """Count over blocks of sites that fit the cache."""
    observed, band = target
    above, below = np.empty(len(rows.sites), np.intp), np.empty(len(rows.sites), np.intp)
    step = max(1, _CELLS // count)
    for start in range(0, len(rows.sites), step):
        block = slice(start, start + step)
        sums = drawn(rows.part(block))
        above[block] = (sums >= observed[block] - band[block]).sum(axis=0)
        below[block] = (sums <= observed[block] + band[block]).sum(axis=0)
    return Counts(above, below)


def _steps(count: int, most: int) -> list[int]:
    """Return the sizes of blocks that make up a count; they do not depend on the machine."""
    whole, rest = divmod(count, max(1, most))
    return [max(1, most)] * whole + ([rest] if rest else [])
