from __future__ import annotations

from itertools import combinations

import numpy as np
import pytest

from geoinno._kernels.lookup import strictly_ordered
from geoinno._kernels.numbering import linked
from geoinno._kernels.sharing import bordering, linked_edges, mirrored, touching


def outlines(seed, places, regions):
    """Return rings through places drawn at random, some again in other regions, either way round."""
    rng = np.random.default_rng(seed)
    walks, region = [], []
    for i in range(regions):
        for _ in range(rng.integers(1, 3)):
            walk = rng.integers(places, size=rng.integers(3, 9))
            if walks and rng.random() < 0.7:
                walk = walks[rng.integers(len(walks))][:-1][:: rng.choice([-1, 1])]
            walks.append(np.append(walk, walk[0]))
            region.append(i)
    size = np.array([len(walk) for walk in walks])
    ended = np.zeros(size.sum(), bool)
    ended[np.cumsum(size) - 1] = True
    owner = np.repeat(region, size).astype(np.int32)
    return np.concatenate(walks), owner, ended, np.searchsorted(owner, np.arange(regions + 1))


LAYOUTS = [(0, 1, 2), (1, 6, 9), (2, 40, 30), (3, 4_000, 900), (4, 12, 120)]


# Brute force, as the definitions read: sets of holders, and all their pairs.
@pytest.mark.parametrize("layout", LAYOUTS)
@pytest.mark.parametrize("threads", [1, 2])
def test_regions_touch_that_hold_a_place_together(layout, threads, monkeypatch):
    monkeypatch.setenv("GEOINNO_THREADS", str(threads))
    place, owner, _, begin = outlines(*layout)
    _, before = linked(np.column_stack([place, 0 * place]).astype(float))
    holders: dict[int, set[int]] = {}
    for k, i in zip(place.tolist(), owner.tolist(), strict=True):
        holders.setdefault(k, set()).add(i)
    expected = sorted({pair for held in holders.values() for pair in combinations(sorted(held), 2)})
    assert list(zip(*(side.tolist() for side in touching(begin, before, owner)), strict=True)) == expected


@pytest.mark.parametrize("layout", LAYOUTS)
@pytest.mark.parametrize("threads", [1, 2])
def test_regions_border_that_hold_an_edge_together(layout, threads, monkeypatch):
    monkeypatch.setenv("GEOINNO_THREADS", str(threads))
    place, owner, ended, begin = outlines(*layout)
    first, before = linked(np.column_stack([place, 0 * place]).astype(float))
    edges = linked_edges(first, before, ended)
    rows = [r for r in range(len(place)) if not ended[r] and place[r] != place[r + 1]]
    holders: dict[tuple[int, int], list[int]] = {}
    for r in rows:
        holders.setdefault(tuple(sorted(place[r : r + 2].tolist())), []).append(r)
    earlier, later = np.full(len(place), -1), np.full(len(place), -1)
    for equal in holders.values():
        earlier[equal[1:]], later[equal[:-1]] = equal[:-1], equal[1:]
    np.testing.assert_array_equal(edges[0], earlier)
    np.testing.assert_array_equal(edges[1], later)
    # Of each pair of regions, edges that no third region holds between the two come first.
    expected = []
    for equal in holders.values():
        held = sorted(set(owner[equal].tolist()))
        expected += [(held[i], held[j], j - i, equal[0]) for i, j in combinations(range(len(held)), 2)]
    pairs_first, pairs_second, row, pair = bordering(begin, owner, edges)
    found = list(zip(pairs_first[pair].tolist(), pairs_second[pair].tolist(), row.tolist(), strict=True))
    assert found == [(i, j, edge) for i, j, _, edge in sorted(expected)]
    assert sorted(set(pair.tolist())) == list(range(len(pairs_first)))
    assert strictly_ordered(pairs_first, pairs_second)


@pytest.mark.parametrize("dtype", [np.int64, np.float64])
def test_pairs_are_linked_both_ways_and_those_without_to_themselves(dtype):
    rng = np.random.default_rng(5)
    table = np.triu(rng.random((40, 40)) < 0.1, 1)
    table[[7, 11, 39]], table[:, [7, 11, 39]] = False, False
    first, second = np.nonzero(table)
    weight = np.arange(1, len(first) + 1).astype(dtype)
    focal, neighbor, weights = mirrored(first, second, weight, 40)
    dense = np.zeros((40, 40), dtype)
    dense[first, second] = dense[second, first] = weight
    linked_to = (dense > 0) | np.diag(dense.sum(axis=1) == 0)
    np.testing.assert_array_equal([focal, neighbor], np.nonzero(linked_to))
    np.testing.assert_array_equal(weights, dense[linked_to])
    assert weights.dtype == dtype
