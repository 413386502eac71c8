"""Compiled counts of draws equal the plain ones, and both equal a loop that anybody can read."""

from __future__ import annotations

from math import comb

import numpy as np
import pytest
from scipy import sparse

from geoinno._kernels.permutation import counts
from geoinno.measure._inference import permutations as _permutations
from geoinno.measure._inference.permutations import (
    Draws,
    Observed,
    block_rows,
    conditional_counts,
    drawn_places,
    plain_counts,
)
from geoinno.scale import parted


def linked(sites=60, *, equal, seed=0):
    """Return a matrix in which sites have none to nine neighbours."""
    rng = np.random.default_rng(seed)
    matrix = np.zeros((sites, sites))
    for i in range(1, sites):
        others = rng.choice(np.delete(np.arange(sites), i), rng.integers(1, 10), replace=False)
        matrix[i, others] = 1 if equal else rng.random(len(others)) + 0.1
    return sparse.csr_array(matrix)


def observed(*, equal=False, squares=False, integers=False):
    rng, matrix = np.random.default_rng(1), linked(equal=equal)
    values = rng.integers(0, 4, 60).astype(float) if integers else rng.normal(size=60)
    sums = matrix @ values
    if squares:
        sums = values**2 * matrix.sum(axis=1) - 2 * values * sums + matrix @ values**2
    return Observed(values, matrix, np.stack([sums - 1e-9, sums + 1e-9]), squares)


def draws(n, size, *, count, seed):
    blocks = parted(count, block_rows(n, size))
    return [drawn_places(n, size, block=block, seed=seed) for block in blocks]


def slowly(seen, count, seed):
    """Return the counts by a loop over sites and draws."""
    found = np.zeros((2, len(seen.values)), int)
    dense = seen.matrix.toarray()
    for table in draws(len(seen.values), int(seen.degree.max()) + 1, count=count, seed=seed):
        for row in table:
            for i, k in enumerate(seen.degree):
                if k == 0:
                    continue
                drawn = [row[k] if place == i else place for place in row[:k]]
                terms = (seen.values[drawn] - seen.values[i]) ** 2 if seen.squares else seen.values[drawn]
                total = (dense[i][dense[i] > 0] * terms).sum()
                found[:, i] += total >= seen.bounds[0, i], total <= seen.bounds[1, i]
    return found


@pytest.mark.parametrize("integers", [False, True])
@pytest.mark.parametrize(("equal", "squares"), [(True, False), (False, False), (True, True), (False, True)])
def test_counts_are_those_of_a_plain_loop(equal, squares, integers, monkeypatch):
    seen = observed(equal=equal, squares=squares, integers=integers)
    expected = slowly(seen, 150, 3)
    for plain in (_permutations.PLAIN, 0):
        monkeypatch.setattr(_permutations, "PLAIN", plain)
        np.testing.assert_array_equal(conditional_counts(seen, Draws(150, 3)), expected)


def many(draws_count=3000, sites=300, neighbours=5):
    rng = np.random.default_rng(2)
    hits = np.column_stack([rng.choice(draws_count, 50, replace=False), rng.integers(neighbours, size=50)])
    return (
        rng.normal(size=(neighbours + 1, draws_count)),
        np.column_stack([hits, rng.integers(sites, size=50)]),
    ), {
        "weights": rng.random((sites, neighbours)),
        "own": rng.normal(size=sites),
        "bounds": np.sort(rng.normal(size=(2, sites)), axis=0),
    }


@pytest.mark.parametrize("squares", [False, True])
def test_the_compiled_loop_equals_its_plain_twin(squares):
    (drawn, hits), sites = many()
    for i, (row, column, site) in enumerate(hits):
        sites["own"][site] = drawn[column, row] if i == 0 else sites["own"][site]
    compiled = counts(drawn, hits, **sites, squares=squares)
    np.testing.assert_array_equal(compiled, plain_counts(drawn, hits, **sites, squares=squares))


def test_threads_do_not_change_the_counts(monkeypatch):
    (drawn, hits), sites = many()
    found = []
    for threads in ("1", "3"):
        monkeypatch.setenv("GEOINNO_THREADS", threads)
        found.append(counts(drawn, hits, **sites, squares=False))
    np.testing.assert_array_equal(*found)


@pytest.mark.parametrize(("n", "size"), [(9, 3), (5, 5), (40, 2)])
def test_draws_are_of_different_places_and_all_alike_likely(n, size):
    table = np.concatenate(list(draws(n, size, count=20_000, seed=0)))
    assert table.shape == (20_000, size)
    ordered = np.sort(table, axis=1)
    assert (np.diff(ordered, axis=1) > 0).all()
    for column in table.T:
        frequency = np.bincount(column, minlength=n)
        assert np.abs(frequency - 20_000 / n).max() < 5 * np.sqrt(20_000 / n)
    subsets = np.unique(ordered, axis=0, return_counts=True)[1]
    assert len(subsets) == comb(n, size)
    assert np.abs(subsets - subsets.mean()).max() < 5 * np.sqrt(subsets.mean()) + 1e-9


def test_blocks_of_draws_add_up(monkeypatch):
    monkeypatch.setattr(_permutations, "_CELLS", 500)
    blocks = list(draws(200, 4, count=130, seed=0))
    assert sum(map(len, blocks)) == 130
    assert len(blocks) > 1
    assert not np.array_equal(blocks[0], blocks[1])


def test_an_even_bound_counts_all_of_them():
    seen = Observed(np.ones(60), linked(equal=False), np.stack([np.full(60, -np.inf), np.full(60, np.inf)]))
    found = conditional_counts(seen, Draws(70, 0))
    np.testing.assert_array_equal(found.above[seen.degree > 0], 70)
    np.testing.assert_array_equal(found.below[seen.degree > 0], 70)


def test_blocks_of_sites_count_as_one_block_does(monkeypatch):
    rng = np.random.default_rng(4)
    drawn, weights = rng.normal(size=(4, 30)), rng.random((25, 3))
    own, bounds = rng.normal(size=25), np.sort(rng.normal(size=(2, 25)), axis=0)
    hits = np.column_stack([rng.integers(0, 30, 40), rng.integers(0, 3, 40), rng.integers(0, 25, 40)])
    hits = hits[np.unique(hits[:, [0, 2]], axis=0, return_index=True)[1]]
    for squares in (False, True):
        options = {"weights": weights, "own": own, "bounds": bounds, "squares": squares}
        whole = plain_counts(drawn, hits, **options)
        with monkeypatch.context() as patch:
            patch.setattr(_permutations, "_CELLS", 4 * drawn.shape[1])
            np.testing.assert_array_equal(plain_counts(drawn, hits, **options), whole)
