"""Outlines proven simple: no two edges of a ring meet but neighbours, and those in their common end alone.

Only what is certain in spite of rounding counts as proven. What is not is left to exact predicates, so
that the two together answer as exact predicates alone.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from geoinno._kernels.compiling import compiled
from geoinno._kernels.threads import run_parts

if TYPE_CHECKING:
    from geoinno._types import Bools, Floats, Ints

# A triangle has four vertices, the first and the last being one. As all pairs of edges are looked at, a sweep
# over the plane is faster where there are many.
_LEAST, _MOST = 3, 64
# Rings that a thread looks at in one go.
_PART = 8192
# The rounding of a sum of two products of differences, relative to the sum of their absolute values, is at
# most 4.4e-16 (Shewchuk 1997, Discrete & Computational Geometry 18, stage A); the rest covers underflow.
_ROUNDING, _UNDERFLOW = 1e-15, 1e-280


@compiled(inline="always")
def _sign(one, other):
    """Return the sign of ``one - other``, two products of differences, or 0 where rounding may decide it."""
    difference = one - other
    least = _ROUNDING * (abs(one) + abs(other)) + _UNDERFLOW
    return (difference > least) - (difference < -least)


@compiled(inline="always")
def _side(x, y, a, b, c):
    """Return on which side of the line from vertex a to vertex b vertex c lies for certain, else 0."""
    return _sign((x[b] - x[a]) * (y[c] - y[a]), (y[b] - y[a]) * (x[c] - x[a]))


@compiled(inline="always")
def _turns(x, y, a, b, c):
    """Whether the edges from a to b and from b to c have nothing but b in common, for certain.

    They have no more if they lie on two lines, or if the angle between them is more than a right one.
    """
    backward = _sign((x[a] - x[b]) * (x[c] - x[b]), -(y[a] - y[b]) * (y[c] - y[b]))
    return backward < 0 or _side(x, y, a, b, c) != 0


@compiled(inline="always")
def _apart(x, y, i, j):
    """Whether the edges from vertices i and j to the next have nothing in common, for certain."""
    if max(x[i], x[i + 1]) < min(x[j], x[j + 1]) or max(x[j], x[j + 1]) < min(x[i], x[i + 1]):
        return True
    if max(y[i], y[i + 1]) < min(y[j], y[j + 1]) or max(y[j], y[j + 1]) < min(y[i], y[i + 1]):
        return True
    if _side(x, y, i, i + 1, j) * _side(x, y, i, i + 1, j + 1) > 0:
        return True
    return _side(x, y, j, j + 1, i) * _side(x, y, j, j + 1, i + 1) > 0


@compiled(nogil=True)
def _corners_turn(x, y):
    """Whether consecutive edges of a ring have nothing but one end in common, for certain."""
    edges = len(x) - 1
    certain = _turns(x, y, edges - 1, 0, 1)
    for i in range(edges - 1):
        certain = certain and _turns(x, y, i, i + 1, i + 2)
    return certain


@compiled(nogil=True)
def _sides_apart(x, y):
    """Whether any other two edges of a ring have nothing in common, for certain."""
    edges = len(x) - 1
    for i in range(edges - 2):
        # The last edge is a neighbour of the first.
        for j in range(i + 2, edges - (i == 0)):
            if not _apart(x, y, i, j):
                return False
    return True


@compiled(nogil=True)
def _some_simple(part, xy, begin, end, sound):
    """Write which rings of a part are simple for certain."""
    for ring in range(part * _PART, min((part + 1) * _PART, len(begin))):
        vertices = xy[begin[ring] : end[ring] + 1]
        x, y = vertices[:, 0], vertices[:, 1]
        sound[ring] = _LEAST < len(x) <= _MOST and _corners_turn(x, y) and _sides_apart(x, y)


def simple(xy: Floats, begin: Ints, end: Ints) -> Bools:
    """Return which rings, each from one vertex to another that is the same place, are simple for certain."""
    sound = np.empty(len(begin), np.bool_)
    run_parts(_some_simple, -(-len(begin) // _PART), xy, begin, end, sound)
    return sound
