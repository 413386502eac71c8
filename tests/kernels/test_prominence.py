"""Compiled merging of rising areas against the widest paths between all pairs, and plain ascent."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import sparse

from geoinno._kernels import prominence


def planar(count, seed):
    """Return a connected sparse matrix of links: a ring with chords between near numbers."""
    random = np.random.default_rng(seed)
    first = np.concatenate([np.arange(count), random.integers(0, count, count)])
    second = np.concatenate([(np.arange(count) + 1) % count, random.integers(0, count, count)])
    matrix = sparse.coo_array((np.ones(len(first)), (first, second)), shape=(count, count)).tocsr()
    matrix = ((matrix + matrix.T) > 0).astype(float).tocsr()
    matrix.setdiag(0)
    matrix.eliminate_zeros()
    matrix.sort_indices()
    return matrix


def compiled(level, links):
    return prominence.summits(level, links.indptr.astype(np.int64), links.indices.astype(np.int64))


def widest(height, links):
    """Return the greatest height that one can keep between each two regions (Floyd and Warshall)."""
    table = np.where(links.toarray() > 0, np.minimum.outer(height, height), -np.inf)
    np.fill_diagonal(table, height)
    for k in range(len(height)):
        table = np.maximum(table, np.minimum(table[:, [k]], table[[k]]))
    return table


@pytest.mark.parametrize("seed", range(10))
def test_passes_lie_on_the_widest_path_to_any_higher_region(seed):
    links = planar(80, seed)
    level = np.random.default_rng(seed).permutation(80)
    height = -level.astype(float)
    pass_at, yields_to, rises_to = compiled(level, links)
    neighbours = [links.indices[a:b] for a, b in zip(links.indptr[:-1], links.indptr[1:], strict=True)]
    top = np.array([height[i] > height[near].max() for i, near in enumerate(neighbours)])
    assert ((pass_at >= 0) == top).all()
    table = widest(height, links)
    for i in np.flatnonzero(top):
        if height[i] == height.max():
            assert pass_at[i] == i
            assert yields_to[i] == -1
        else:
            assert height[pass_at[i]] == table[i, height > height[i]].max()
            assert height[yields_to[i]] > height[i]
            assert table[i, yields_to[i]] == height[pass_at[i]]
    for i, near in enumerate(neighbours):
        steepest = near[height[near].argmax()]
        assert rises_to[i] == (i if top[i] else rises_to[steepest])


@pytest.mark.parametrize("seed", range(10))
def test_equal_neighbours_are_one_region(seed):
    # Contracting each plateau to one region and then merging gives the same passes.
    links = planar(60, seed)
    level = np.random.default_rng(seed).integers(0, 12, 60)
    same = sparse.coo_array(links)
    equal = level[same.coords[0]] == level[same.coords[1]]
    inside = sparse.coo_array(
        (np.ones(equal.sum()), (same.coords[0][equal], same.coords[1][equal])), shape=links.shape
    )
    _, plateau = sparse.csgraph.connected_components(inside)
    first = np.array([np.flatnonzero(plateau == k)[0] for k in range(plateau.max() + 1)])
    member = sparse.coo_array((np.ones(60), (plateau, np.arange(60)))).tocsr()
    small = (member @ links @ member.T).tocsr()
    small.setdiag(0)
    small.eliminate_zeros()
    small.sort_indices()
    # Among equal heights the plateau that holds the first region is higher.
    order = np.lexsort((first, level[first]))
    alone = np.empty(len(first), np.int64)
    alone[order] = np.arange(len(first))
    pass_at, yields_to, _ = compiled(level, links)
    expected_pass, expected_yields, _ = compiled(alone, small)
    for k, i in enumerate(first):
        assert (pass_at[i] >= 0) == (expected_pass[k] >= 0)
        if pass_at[i] >= 0:
            assert level[pass_at[i]] == level[first[expected_pass[k]]]
            assert yields_to[i] == (-1 if expected_yields[k] < 0 else first[expected_yields[k]])
    others = np.setdiff1d(np.arange(60), first)
    assert (pass_at[others] == -1).all()
