"""Geometry as text: what goes in comes out, on the grid."""

from __future__ import annotations

import itertools

import numpy as np
import shapely
from hypothesis import given
from hypothesis import strategies as st

from geoinno.draw._web.encode import ALPHABET, encoded


def numbers_of(text):
    """Yield the whole numbers that the letters spell."""
    value = shift = 0
    for letter in text:
        digit = ALPHABET.index(letter)
        value |= (digit & 31) << shift
        shift += 5
        if not digit & 32:
            yield value
            value = shift = 0


def decoded(text):
    """The browser's decoder, in Python."""
    numbers, pen = numbers_of(text), [0, 0]

    def vertex():
        for axis in (0, 1):
            step = next(numbers)
            pen[axis] += (step >> 1) ^ -(step & 1)
        return tuple(pen)

    def ring():
        return [vertex() for _ in range(next(numbers))]

    return [[[ring() for _ in range(next(numbers))] for _ in range(parts)] for parts in numbers]


corners = st.lists(
    st.tuples(st.integers(-(10**6), 10**6), st.integers(-(10**6), 10**6)), min_size=3, max_size=9, unique=True
)


@given(corners)
def test_a_ring_survives(points):
    ring = shapely.Polygon(points)
    grid = [tuple(map(int, xy)) for xy in shapely.get_coordinates(ring)]
    kept = [grid[0], *(b for a, b in itertools.pairwise(grid) if a != b)]
    assert decoded(encoded(np.array([ring]), corner=(0, 0), quantum=1)) == [[[kept]]]


def test_parts_holes_and_lines_survive():
    holed = shapely.box(0, 0, 9, 9) - shapely.box(3, 3, 6, 6)
    shapes = np.array(
        [shapely.MultiPolygon([holed, shapely.box(20, 0, 21, 1)]), shapely.LineString([(1, 1), (2, 2)])]
    )
    read = decoded(encoded(shapes, corner=(1, 1), quantum=0.5))
    assert [[len(rings) for rings in shape] for shape in read] == [[2, 1], [1]]
    assert read[1] == [[[(0, 0), (2, 2)]]]


def test_nothing_is_no_text():
    assert encoded(np.array([], dtype=object), corner=(0, 0), quantum=1) == ""
