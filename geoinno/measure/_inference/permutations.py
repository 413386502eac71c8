"""Permutations of values over regions: how often chance reaches what was observed.

In a conditional permutation each site holds its own value while its neighbours are drawn from all
others without replacement. One table of draws serves every site: a site with k neighbours reads
the first k places of each row, and where it finds itself among them, place k + 1 stands in, which
makes the row an exact draw from the others. Counts are of draws at or above the observed value,
and at or below it; ties count on both sides.
"""

from __future__ import annotations

from contextlib import closing
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
from scipy import sparse

from geoinno.scale import PLAIN as PLAIN_ENGINE
from geoinno.scale import follow, parted, run_blocks

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from geoinno._types import Bools, Floats
    from geoinno.scale import Block, Engine

    Ints = NDArray[np.intp]

# Numbers held at a time; blocks of draws follow from it alone, whatever the machine.
_CELLS = 2_000_000
# Up to here, products of NumPy take less time than loading the compiled loops.
PLAIN = 50_000_000
# Differences below this share of the largest number are rounding.
TIE = 1e-11
_EQUAL = 1e-12


class Counts(NamedTuple):
    """Draws at or above, and at or below, what was observed."""

    above: Ints
    below: Ints


@dataclass(frozen=True, slots=True)
class Observed:
    """Values of all sites, the weights of their neighbours, and the range that ties with each sum.

    ``bounds`` (2 x sites) are what counts as at or above, and as at or below, the observed sum. With
    ``squares`` sums are of squared differences to the own value.
    """

    values: Floats
    matrix: sparse.csr_array
    bounds: Floats
    squares: bool = False

    @property
    def degree(self) -> Ints:
        """How many neighbours each site has."""
        return np.diff(self.matrix.indptr)

    @property
    def size(self) -> int:
        """How many places a draw needs: those of the most neighbours, and one to stand in."""
        return int(self.degree.max()) + 1

    @property
    def unit(self) -> Floats:
        """The first weight of each site; one where it has no neighbour."""
        first = np.ones(len(self.values))
        linked = self.degree > 0
        first[linked] = self.matrix.data[self.matrix.indptr[:-1][linked]]
        return first

    def groups(self) -> dict[int, Ints]:
        """Return the sites by their number of neighbours, in the order of their bounds."""
        order = np.lexsort((self.bounds[0] / self.unit, self.degree))
        counts, starts = np.unique(self.degree[order], return_index=True)
        parts = zip(counts.tolist(), np.split(order, starts[1:]), strict=True)
        return {k: sites for k, sites in parts if k > 0}

    def alike(self) -> bool:
        """Tell whether sums are of values, and each site weighs its neighbours alike."""
        same = np.isclose(self.matrix.data, np.repeat(self.unit, self.degree), rtol=_EQUAL, atol=0)
        return not self.squares and bool(same.all()) and self.unit.min() > 0


@dataclass(frozen=True, slots=True)
class Draws:
    """How many permutations, from which seed, and who runs them."""

    count: int
    seed: int
    engine: Engine = PLAIN_ENGINE


def conditional_counts(observed: Observed, draws: Draws) -> Counts:
    """Count conditional permutations whose sum reaches the observed one, at each site."""
    found = np.zeros((2, len(observed.values)), np.intp)
    blocks = parted(draws.count, block_rows(len(observed.values), observed.size))
    if draws.engine.plain:
        groups = observed.groups()
        for block in follow(blocks, "Block of permutations"):
            found += _counted_block(observed, groups, block, seed=draws.seed)
    else:
        # Each block adds whole numbers: any order gives the same sum.
        inputs = (*_flat(observed), draws.seed)
        with closing(run_blocks(_count_block, blocks, inputs, engine=draws.engine)) as parts:
            for (part,) in parts:
                found += part
    return Counts(found[0], found[1])


def block_rows(n: int, size: int) -> int:
    """Return how many rows of ``size`` places out of ``n`` make up a block, whatever the machine."""
    return max(1, _CELLS // min(n, 2 * size))


def drawn_places(n: int, size: int, *, block: Block, seed: int) -> Ints:
    """Return a block of rows of ``size`` different places out of ``n``; each block has its own seed."""
    rng = np.random.default_rng([seed, block[0] // block_rows(n, size)])
    shape = (block[1] - block[0], size)
    return _shuffled(rng, n, shape=shape) if 2 * size > n else _redrawn(rng, n, shape=shape)


def _flat(observed: Observed) -> tuple[object, ...]:
    """Return what is observed as arrays and plain values."""
    matrix = observed.matrix
    return observed.values, matrix.data, matrix.indices, matrix.indptr, observed.bounds, observed.squares


def _count_block(block: Block, *inputs: Any) -> tuple[Ints]:  # noqa: ANN401 - the flat inputs of a block
    """Count the permutations of a block from flat inputs."""
    values, data, indices, indptr, bounds, squares, seed = inputs
    matrix = sparse.csr_array((data, indices, indptr), shape=(len(values), len(values)))
    observed = Observed(values, matrix, bounds, squares)
    return (_counted_block(observed, observed.groups(), block, seed=seed),)


def _counted_block(observed: Observed, groups: dict[int, Ints], block: Block, *, seed: int) -> Ints:
    """Count the permutations from the first to the last of a block."""
    counted = _by_search if observed.alike() else _by_sums
    return counted(
        observed, groups, drawn_places(len(observed.values), observed.size, block=block, seed=seed)
    )


def permuted_products(
    values: Floats, matrix: sparse.csr_array, draws: Draws, *, margins: Floats | None = None
) -> tuple[Floats, Floats]:
    """Return x'Wx for permutations x of the values over all places, and the margins' weights of x squared."""
    blocks = parted(draws.count, max(1, _CELLS // len(values)))
    inputs = (values, matrix.data, matrix.indices, matrix.indptr, margins, draws.seed)
    if draws.engine.plain:
        parts = [_block_products(block, *inputs) for block in follow(blocks, "Block of permutations")]
    else:
        with closing(run_blocks(_block_products, blocks, inputs, engine=draws.engine)) as answers:
            parts = [(products, squares) for products, squares in answers]
    products, squares = (np.concatenate(part) for part in zip(*parts, strict=True))
    return products, squares


def _block_products(block: Block, *inputs: Any) -> tuple[Floats, Floats]:  # noqa: ANN401 - flat inputs again
    """Return both sums for the permutations from the first to the last of a block, which has its own seed."""
    values, data, indices, indptr, margins, seed = inputs
    matrix = sparse.csr_array((data, indices, indptr), shape=(len(values), len(values)))
    number = block[0] // max(1, _CELLS // len(values))
    rng = np.random.default_rng([seed, number] if number else seed)
    drawn = rng.permuted(np.tile(values, (block[1] - block[0], 1)), axis=1).T
    squares = np.empty(0) if margins is None else margins @ drawn**2
    return (drawn * (matrix @ drawn)).sum(axis=0), squares


def counted(drawn: Floats, observed: float, scale: float, *, tie: float = TIE) -> Counts:
    """Count draws of one number; differences below the share ``tie`` of ``scale`` are rounding."""
    band = tie * scale
    return Counts(np.asarray((drawn >= observed - band).sum()), np.asarray((drawn <= observed + band).sum()))


def _shuffled(rng: np.random.Generator, n: int, *, shape: tuple[int, int]) -> Ints:
    """Return the first places of shuffles of all."""
    return rng.random((shape[0], n)).argsort(axis=1)[:, : shape[1]]


def _redrawn(rng: np.random.Generator, n: int, *, shape: tuple[int, int]) -> Ints:
    """Return places drawn until no row holds one twice.

    Which draws are repeated depends on who equals whom, never on who they are: so every row of
    different places is equally likely.
    """
    table = rng.integers(n, size=shape)
    ordered = np.sort(table, axis=1)
    rows = np.flatnonzero((ordered[:, 1:] == ordered[:, :-1]).any(axis=1))
    while len(rows):
        order = table[rows].argsort(axis=1, kind="stable")
        ordered = np.take_along_axis(table[rows], order, axis=1)
        row, column = np.nonzero(ordered[:, 1:] == ordered[:, :-1])
        table[rows[row], order[row, column + 1]] = rng.integers(n, size=len(row))
        rows = rows[np.unique(row)]
    return table


def _by_search(observed: Observed, groups: dict[int, Ints], table: Ints) -> Ints:
    """Count where neighbours weigh alike: one sorted list of sums serves all sites of a degree."""
    values, degree, bounds = observed.values, observed.degree, observed.bounds / observed.unit
    sums = np.cumsum(values[table], axis=1)
    found = np.zeros((2, len(values)), np.intp)
    for k, sites in groups.items():
        ordered = np.sort(sums[:, k - 1])
        found[0, sites] = len(table) - np.searchsorted(ordered, bounds[0, sites], side="left")
        found[1, sites] = np.searchsorted(ordered, bounds[1, sites], side="right")
    row, column = np.nonzero(np.arange(table.shape[1]) < degree[table])
    site = table[row, column]
    old = sums[row, degree[site] - 1]
    new = old + values[table[row, degree[site]]] - values[site]
    low, high = bounds[0, site], bounds[1, site]
    found[0] += _change(site, new >= low, old >= low, sites=len(values))
    found[1] += _change(site, new <= high, old <= high, sites=len(values))
    return found


def _change(site: Ints, now: Bools, before: Bools, *, sites: int) -> Ints:
    """Return how the counts of sites change."""
    up, down = site[now & ~before], site[before & ~now]
    return np.bincount(up, minlength=sites) - np.bincount(down, minlength=sites)


def _by_sums(observed: Observed, groups: dict[int, Ints], table: Ints) -> Ints:
    """Count where each site weighs its neighbours in its own way."""
    matrix, place = observed.matrix, np.empty(len(observed.values), np.intp)
    counted = plain_counts
    if len(table) * matrix.nnz > PLAIN:
        from geoinno._kernels.permutation import counts as counted
    found = np.zeros((2, len(place)), np.intp)
    for k, sites in groups.items():
        place[:] = -1
        place[sites] = np.arange(len(sites))
        hit = place[table[:, :k]]
        row, column = np.nonzero(hit >= 0)
        found[:, sites] = counted(
            observed.values[table[:, : k + 1].T],
            np.column_stack([row, column, hit[row, column]]),
            weights=matrix.data[matrix.indptr[sites][:, None] + np.arange(k)],
            own=observed.values[sites],
            bounds=observed.bounds[:, sites],
            squares=observed.squares,
        )
    return found


def plain_counts(
    drawn: Floats, hits: Ints, *, weights: Floats, own: Floats, bounds: Floats, squares: bool
) -> Ints:
    """Count as `geoinno._kernels.permutation.counts`, by products of matrices over blocks of sites."""
    found = np.empty((2, len(weights)), np.intp)
    step = max(1, _CELLS // drawn.shape[1])
    order = np.argsort(hits[:, 2], kind="stable")
    row, column, hit = hits[order].T
    for start in range(0, len(weights), step):
        part = slice(start, min(start + step, len(weights)))
        inside = slice(*np.searchsorted(hit, [part.start, part.stop]))
        sums = _plain_sums(drawn, weights[part], own[part], squares=squares)
        site = hit[inside]
        old, new = drawn[column[inside], row[inside]], drawn[-1, row[inside]]
        if squares:
            old, new = (old - own[site]) ** 2, (new - own[site]) ** 2
        sums[site - start, row[inside]] += weights[site, column[inside]] * (new - old)
        found[0, part] = (sums >= bounds[0, part, None]).sum(axis=1)
        found[1, part] = (sums <= bounds[1, part, None]).sum(axis=1)
    return found


def _plain_sums(drawn: Floats, weights: Floats, own: Floats, *, squares: bool) -> Floats:
    """Return weighted sums (sites x draws) before any site is put right."""
    sums = weights @ drawn[:-1]
    if not squares:
        return sums
    return (own**2 * weights.sum(axis=1))[:, None] - 2 * own[:, None] * sums + weights @ drawn[:-1] ** 2
