from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from geoinno._kernels.numbering import linked


def by_factorize(xy):
    """Return the first row of each place and the last one before each row, by an independent hash table."""
    number, _ = pd.factorize(np.ascontiguousarray(xy).view(np.complex128).ravel())
    rows = pd.Series(np.arange(len(xy)))
    places = rows.groupby(number)
    return places.transform("first"), places.shift(fill_value=-1)


@pytest.mark.parametrize("most", [1, 5, 40, 10**6])
@pytest.mark.parametrize("count", [1, 63, 65, 20_000])
@pytest.mark.parametrize("threads", [1, 3])
def test_equal_places_are_linked(count, most, threads, monkeypatch):
    monkeypatch.setenv("GEOINNO_THREADS", str(threads))
    # Coordinates in steps of 1/8: most bits of these doubles are zero.
    xy = np.random.default_rng(count).integers(-most, most, (count, 2)) / 8
    for found, expected in zip(linked(xy), by_factorize(xy), strict=True):
        np.testing.assert_array_equal(found, expected)


@pytest.mark.parametrize("threads", [1, 2, 5])
def test_vertices_along_a_boundary_that_comes_again_are_linked(threads, monkeypatch):
    monkeypatch.setenv("GEOINNO_THREADS", str(threads))
    line = np.random.default_rng(1).random((300, 2))
    # The same way and back, parts of it, every other vertex, and a vertex twice in a row.
    walks = [line, line[::-1], line[50:90], line[200:120:-1], line[::2], np.repeat(line[:9], 2, axis=0)]
    for found, expected in zip(linked(np.vstack(walks)), by_factorize(np.vstack(walks)), strict=True):
        np.testing.assert_array_equal(found, expected)


def test_both_zeros_are_one_place():
    xy = np.array([(0.0, 1.0), (-0.0, 1.0), (0.0, -1.0), (1.0, 0.0), (1.0, -0.0)])
    first, before = linked(xy)
    assert first.tolist() == [0, 0, 2, 3, 3]
    assert before.tolist() == [-1, 0, -1, -1, 3]


def test_places_that_differ_in_one_bit_are_different():
    # Below the exponent of NaN, which is no place.
    bits = np.uint64(1) << np.arange(62, dtype=np.uint64)
    places = np.vstack([np.column_stack([bits, 0 * bits]), np.column_stack([0 * bits, bits])]).view(float)
    first, before = linked(np.vstack([places, places]))
    np.testing.assert_array_equal(first, np.tile(np.arange(124), 2))
    np.testing.assert_array_equal(before, np.append(np.full(124, -1), np.arange(124)))
