from __future__ import annotations

import numpy as np
import pytest
import shapely

from geoinno._kernels.outlines import end_rings, write_outlines

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


def read(rings, *, some=None):
    """Return what is written of rings, one a region, that may all be single or ``some`` alone."""
    begin = np.append(0, np.cumsum([len(ring) for ring in rings]))
    xy, owner, ended = np.empty((begin[-1], 2)), np.empty(begin[-1], np.int32), np.empty(begin[-1], np.bool_)
    single = np.ones(len(rings), np.bool_) if some is None else some
    extent = write_outlines(np.vstack(rings), begin, single, 0, (xy, owner, ended))
    return single, extent, xy, owner, ended


def certain(corners):
    """Return which closed rings count as simple for certain, and which GEOS finds valid."""
    rings = [np.vstack([ring, ring[:1]]) for ring in corners]
    return read(rings)[0], shapely.is_valid([shapely.Polygon(ring) for ring in rings])


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
    circle = np.column_stack([np.cos(np.arange(900) / 150), np.sin(np.arange(900) / 150)])
    found, valid = certain([square, bow, spike, repeated, circle])
    assert found.tolist() == [True, False, False, False, False]
    assert valid.tolist() == [True, False, False, True, True]


def test_a_vertex_in_the_middle_of_a_straight_side_is_no_obstacle():
    corners = np.array([(0.0, 0.0), (1.0, 0.0), (3.0, 0.0), (3.0, 3.0), (0.0, 3.0), (0.0, 1.0)])
    assert certain([corners])[0].all()


@pytest.mark.parametrize("value", [np.nan, np.inf])
def test_a_ring_with_a_corner_nowhere_is_not_simple(value):
    assert not read([np.array([(0.0, 0.0), (4.0, 0.0), (value, 4.0), (0.0, 4.0), (0.0, 0.0)])])[0].any()


def test_a_shell_with_a_hole_is_no_single_ring():
    shell, hole = shapely.box(0, 0, 4, 4), shapely.box(1, 1, 2, 2)
    assert not read([shapely.get_coordinates(shell - hole)])[0].any()
    # Nor is it one where the hole touches the corner with which the shell begins and ends.
    corner = shapely.Polygon([(0, 0), (4, 0), (4, 4), (0, 4)], [[(0, 0), (2, 3), (3, 2)]])
    assert corner.is_valid
    assert not read([shapely.get_coordinates(corner)])[0].any()


def test_outlines_are_written_as_they_are():
    rings = [star(corners)[[*range(corners), 0]] for corners in (3, 80, 5, 700)]
    single, extent, xy, owner, ended = read(rings, some=np.array([True, True, False, True]))
    assert single.tolist() == [True, True, False, False]
    np.testing.assert_array_equal(xy, np.vstack(rings))
    assert extent == (*xy.min(axis=0), *xy.max(axis=0))
    np.testing.assert_array_equal(owner, np.repeat(range(4), [len(ring) for ring in rings]))
    assert np.flatnonzero(ended).tolist() == [3, 84, 90, 791]


def test_rings_end_where_their_first_place_comes_again():
    several = shapely.MultiPolygon(
        [shapely.box(0, 0, 4, 4) - shapely.box(1, 1, 2, 2), shapely.box(5, 5, 6, 6)]
    )
    doubled = shapely.Polygon([(0, 0), (0, 0), (4, 0), (4, 4)])
    xy, owner = shapely.get_coordinates([several, doubled, shapely.box(0, 0, 1, 1)], return_index=True)
    begin = np.searchsorted(owner, range(4))
    ended = np.isin(np.arange(len(xy)), begin[1:] - 1)
    clear = end_rings(np.arange(3), begin, xy, ended)
    assert clear.tolist() == [True, False, True]
    assert np.flatnonzero(ended).tolist() == [4, 9, 14, 19, 24]
