"""Outlines of many regions in one table, and which of them are simple for certain.

A ring is simple if no two of its edges meet but neighbours, and those in their common end alone. Only what
is certain in spite of rounding counts as proven. What is not is left to exact predicates, so that the two
together answer as exact predicates alone.
"""

from __future__ import annotations

import numpy as np

from geoinno._kernels.compiling import compiled
from geoinno._kernels.intrinsics import wide_vectors

# A triangle has four vertices, the first and the last being one. As all pairs of edges are looked at, a sweep
# over the plane is faster where there are many.
_LEAST, _MOST = 3, 512
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
    """Whether consecutive edges of a ring have nothing but one end in common, for certain.

    They have no more if the angle between them is more than a right one, or if they lie on two lines. Both
    are looked at for each corner, without a branch, so that the compiler takes several at a time.
    """
    wide_vectors()
    edges, certain = len(x) - 1, True
    for i in range(edges):
        after = i + 2 if i + 2 <= edges else 1
        ax, ay, cx, cy = x[i] - x[i + 1], y[i] - y[i + 1], x[after] - x[i + 1], y[after] - y[i + 1]
        along, across = ax * cx + ay * cy, ax * cy - ay * cx
        wide = along < -(_ROUNDING * (abs(ax * cx) + abs(ay * cy)) + _UNDERFLOW)
        bent = abs(across) > _ROUNDING * (abs(ax * cy) + abs(ay * cx)) + _UNDERFLOW
        certain &= wide | bent
    return certain


@compiled(nogil=True)
def _boxes(x, y, boxes):
    """Write the box around each edge: left, right, bottom and top."""
    for i in range(len(x) - 1):
        boxes[0, i], boxes[1, i] = min(x[i], x[i + 1]), max(x[i], x[i + 1])
        boxes[2, i], boxes[3, i] = min(y[i], y[i + 1]), max(y[i], y[i + 1])


@compiled(nogil=True)
def _all_apart(x, y, i, low, high):
    """Whether edge i has nothing in common with those from ``low`` to ``high``, for certain."""
    apart = True
    for j in range(low, high):
        apart = apart and _apart(x, y, i, j)
    return apart


@compiled(nogil=True)
def _sides_apart(x, y, boxes):
    """Whether any other two edges of a ring have nothing in common, for certain."""
    wide_vectors()
    edges = len(x) - 1
    left, right, bottom, top = boxes[0], boxes[1], boxes[2], boxes[3]
    for i in range(edges - 2):
        west, east, south, north = left[i], right[i], bottom[i], top[i]
        # The last edge is a neighbour of the first.
        low, high, near = i + 2, edges - (i == 0), 0
        # Counted without a branch, so that the compiler takes several boxes at a time.
        for j in range(low, high):
            near += (left[j] <= east) & (right[j] >= west) & (bottom[j] <= north) & (top[j] >= south)
        if near and not _all_apart(x, y, i, low, high):
            return False
    return True


@compiled(nogil=True)
def _simple(x, y, boxes):
    """Whether vertices, of which the first and the last are one place, are a simple ring for certain.

    Then no place comes twice, so that the outline of a polygon that is one such ring has no hole.
    """
    if not _LEAST < len(x) <= _MOST or x[0] != x[-1] or y[0] != y[-1] or not _corners_turn(x, y):
        return False
    _boxes(x, y, boxes)
    return _sides_apart(x, y, boxes)


@compiled(nogil=True)
def write_outlines(piece, begin, single, region, outlines):
    """Write vertices of regions from ``region`` on into one table; return their extent.

    ``piece`` has the vertices, which ``begin`` for each region at a row of the table. ``single`` says
    which regions may be one ring, and is left so where they are one for certain. ``outlines`` are
    the columns of the table: places, regions, and whether a ring ends.
    """
    xy, owner, ended = outlines
    start, most = begin[region], _MOST + 1
    x, y, boxes = np.empty(most), np.empty(most), np.empty((4, most))
    left, bottom, right, top = np.inf, np.inf, -np.inf, -np.inf
    row = start
    while row < start + len(piece):
        end = begin[region + 1]
        for r in range(row, end):
            a, b = piece[r - start, 0], piece[r - start, 1]
            xy[r, 0], xy[r, 1], owner[r], ended[r] = a, b, region, False
            left, right, bottom, top = min(left, a), max(right, a), min(bottom, b), max(top, b)
            place = min(r - row, _MOST)
            x[place], y[place] = a, b
        ended[end - 1] = True
        size = end - row
        single[region] = single[region] and size <= _MOST and _simple(x[:size], y[:size], boxes)
        row, region = end, region + 1
    return left, bottom, right, top


@compiled(nogil=True)
def _end_rings(begun, end, xy, ended):
    """Mark where each ring of one region ends; return whether this is clear."""
    first, clear = begun, True
    for r in range(begun + 1, end):
        clear = clear and not (xy[r, 0] == xy[r - 1, 0] and xy[r, 1] == xy[r - 1, 1])
        if r > first and xy[r, 0] == xy[first, 0] and xy[r, 1] == xy[first, 1]:
            ended[r], first = True, r + 1
    if not clear:
        ended[begun : end - 1] = False
    return clear


@compiled(nogil=True)
def end_rings(regions, begin, xy, ended):
    """Mark where each ring of these valid regions ends; return for which this is clear.

    A ring ends where its first place comes again, unless a place comes twice in a row. Then it is not
    clear, and nothing is marked but the end of the region.
    """
    clear = np.empty(len(regions), np.bool_)
    for k in range(len(regions)):
        clear[k] = _end_rings(begin[regions[k]], begin[regions[k] + 1], xy, ended)
    return clear
