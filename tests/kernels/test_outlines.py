from __future__ import annotations

import numpy as np
import pytest
import shapely

from geoinno._kernels.outlines import simple

RNG = np.random.default_rng(7)


def any_place(corners):
    return RNG.random((corners, 2))


def grid(corners):
    """Corners on a small grid: repeated ones, edges along each other, corners on edges."""
    return RNG.integers(0, 5, (corners, 2)).astype(float)


def thin(corners):
    """Corners on a line but for the last bits."""
    along = RNG.random(corners)
    return np.column_stack([along, 0.3 * along + RNG.integers(-2, 3, corners) * 2.0**-54])


def star(corners):
    turn, far = np.sort(2 * np.pi * RNG.random(corners)), RNG.uniform(0.5, 1, corners)
    return np.column_stack([far * np.cos(turn), far * np.sin(turn)])


def certain(corners):
    """Return which closed rings count as simple for certain, and which GEOS finds valid."""
    rings = [np.vstack([ring, ring[:1]]) for ring in corners]
    end = np.cumsum([len(ring) for ring in rings]) - 1
    found = simple(np.vstack(rings), np.append(0, end[:-1] + 1), end)
    return found, shapely.is_valid([shapely.Polygon(ring) for ring in rings])


@pytest.mark.parametrize("kind", [any_place, grid, thin, star])
def test_rings_that_are_simple_for_certain_are_valid(kind):
    found, valid = certain([kind(RNG.integers(3, 13)) for _ in range(3_000)])
    assert not (found & ~valid).any()
    assert not valid.all()
    # A ring whose corners lie anywhere is decided by signs that rounding cannot turn.
    if kind is any_place:
        np.testing.assert_array_equal(found, valid)


def test_what_is_not_a_ring_for_certain_is_left_to_exact_predicates():
    square = np.array([(0.0, 0.0), (4.0, 0.0), (4.0, 4.0), (0.0, 4.0)])
    bow = square[[0, 2, 1, 3]]
    spike = np.insert(square, 2, [(4.0, 2.0), (6.0, 2.0), (4.0, 2.0)], axis=0)
    repeated = np.repeat(square, 2, axis=0)
    circle = np.column_stack([np.cos(np.arange(99) / 16), np.sin(np.arange(99) / 16)])
    found, valid = certain([square, bow, spike, repeated, circle])
    assert found.tolist() == [True, False, False, False, False]
    assert valid.tolist() == [True, False, False, True, True]


def test_a_vertex_in_the_middle_of_a_straight_side_is_no_obstacle():
    corners = np.array([(0.0, 0.0), (1.0, 0.0), (3.0, 0.0), (3.0, 3.0), (0.0, 3.0), (0.0, 1.0)])
    assert certain([corners])[0].all()


@pytest.mark.parametrize("value", [np.nan, np.inf])
def test_a_ring_with_a_corner_nowhere_is_not_simple(value):
    ring = np.array([(0.0, 0.0), (4.0, 0.0), (value, 4.0), (0.0, 4.0), (0.0, 0.0)])
    assert not simple(ring, np.array([0]), np.array([4])).any()
