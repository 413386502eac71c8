from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from geoinno._kernels.numbering import numbered, numbered_edges


# The numbers are those of pandas.factorize, an independent hash table.
@pytest.mark.parametrize(
    ("count", "most"), [(0, 1), (1, 1), (63, 5), (65, 10**6), (20_000, 3), (20_000, 150)]
)
@pytest.mark.parametrize("threads", [1, 3])
def test_pairs_are_numbered_as_they_first_appear(count, most, threads, monkeypatch):
    monkeypatch.setenv("GEOINNO_THREADS", str(threads))
    # Squares of coordinates in steps of 1/8: most bits of these doubles are zero.
    pairs = np.random.default_rng(count).integers(0, most, (count, 2)) / 8
    number, rows = numbered(pairs.view(np.uint64))
    expected, uniques = pd.factorize(pairs.view(np.complex128).ravel())
    np.testing.assert_array_equal(number, expected)
    np.testing.assert_array_equal(pairs[rows].view(np.complex128).ravel(), uniques)


def test_pairs_that_differ_in_one_bit_are_different():
    pairs = np.uint64(1) << np.arange(64, dtype=np.uint64)
    table = np.vstack([np.column_stack([pairs, 0 * pairs]), np.column_stack([0 * pairs, pairs])])
    number, _ = numbered(np.vstack([table, table]))
    np.testing.assert_array_equal(number, np.tile(np.arange(128), 2))


@pytest.mark.parametrize("count", [0, 1, 5_000])
def test_edges_are_numbered_as_they_first_appear(count):
    # All edges from one vertex, and edges from anywhere to anywhere.
    ends = np.sort(np.random.default_rng(0).integers(0, 90, (count, 2)), axis=1)
    ends[: count // 2, 0] = 0
    number, rows = numbered_edges(ends[:, 0].copy(), ends[:, 1].copy(), 90)
    expected, uniques = pd.factorize(ends[:, 0] * 90 + ends[:, 1])
    np.testing.assert_array_equal(number, expected)
    np.testing.assert_array_equal(ends[rows] @ [90, 1], uniques)
