"""Sums of decayed masses by a tree on both sides: crowds of sources, and fields over groups of targets.

A node of the tree is a run of points. Going down from a group of targets, what is far enough from a node is
summed at the fifteen nodes of its disc, and the polynomial through them gives its part of the sum at each
point; what is not is left to the halves of the node, and in the smallest summed point by point. So each pair
of places far from each other costs a small part of a pair (Greengard and Rokhlin 1987; that the sums need
nothing but the decay itself, Fong and Darve 2009).
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import numpy as np

from geoinno._kernels.compiling import compiled
from geoinno._kernels.crowds import CENTRE, MASS, RADIUS, tangents
from geoinno._kernels.disc import COEFFICIENTS, DEGREE, NODES, ORDER
from geoinno._kernels.ellipsoid import LEAST_ROUNDED
from geoinno._kernels.geodesics import box
from geoinno._kernels.intrinsics import borrowed
from geoinno._kernels.lists import (
    AT_NODES,
    AT_POINTS,
    CHILD,
    END,
    LISTS,
    SINGLE,
    START,
    accepted,
    at_points,
    left_of,
    part_rounded,
    refined,
)
from geoinno._kernels.potential import BUFFER, range_sum
from geoinno._kernels.sources import HELD, TABLE, VECTOR, add, add_in_single, padded

if TYPE_CHECKING:
    from geoinno._types import Floats, Ints


# Groups in a part, and points in the smallest nodes of targets at most.
HAND, _FEW = 4, 32
# Levels of a group: halves of halves.
_LEVELS = 12
# The share of what is allowed that rounding to single precision may take, that of the points in it, and how
# squares of budgets grow by level.
_ROUNDED_SHARE, _AT_POINTS_SHARE, _STEP = 0.2, 0.2, 2.0 ** (5.0 / 6.0)


@compiled(fastmath={"contract"}, error_model="numpy", nogil=True)
def _add_field(points, low, high, disc, values, sums):
    """Add to each point of a disc the polynomial that has these values at the nodes of the disc."""
    x, y, z, _ = points
    c, radius = disc
    e, g = tangents(c)
    coefficients = np.zeros(NODES)
    for a in range(NODES):
        for k in range(NODES):
            coefficients[a] += COEFFICIENTS[a, k] * values[k]
    for k in range(low, high):
        dx, dy, dz = x[k] - c[0], y[k] - c[1], z[k] - c[2]
        u = (dx * e[0] + dy * e[1] + dz * e[2]) / radius
        v = (dx * g[0] + dy * g[1] + dz * g[2]) / radius
        total, a = 0.0, NODES
        for i in range(DEGREE, -1, -1):
            inner = 0.0
            for _ in range(ORDER - i):
                a -= 1
                inner = inner * v + coefficients[a]
            total = total * u + inner
        sums[k - low] += total


@compiled(error_model="numpy", nogil=True)
def _inside(points, low, high, decay, held, sums):
    """Add to each point of a target the sum over the others of the target."""
    for axis in range(4):
        held[axis, : high - low] = points[axis][low:high]
    count = padded(held, high - low, VECTOR)
    sources, km = (held[0], held[1], held[2], held[3]), np.empty(BUFFER)
    around = box(sources, 0, count)
    for i in range(high - low):
        mass, held[3, i] = held[3, i], 0.0
        here = (held[0, i], held[1, i], held[2, i])
        sums[i] += range_sum(sources, 0, count, here, around, decay, km)
        held[3, i] = mass


@compiled(error_model="numpy", nogil=True)
def _sum_lists(points, tree, target, lists, counts, decay, sums, buffers):
    """Add to the sum of each point of the target what is listed for the nodes of its disc, and its points."""
    nodes, crowds, proxies = tree[0], tree[1], tree[2]
    low, high = nodes[target, START], nodes[target, END]
    c = (crowds[target, CENTRE], crowds[target, CENTRE + 1], crowds[target, CENTRE + 2])
    centre = (*c, crowds[0, MASS])
    k = counts
    if k[AT_NODES] + k[AT_NODES + SINGLE] > 0:
        values, disc = np.zeros(NODES), proxies[target]
        targets = (disc[0], disc[1], disc[2], values)
        add(points, tree, lists[AT_NODES, : k[AT_NODES]], targets, decay, buffers)
        far = lists[AT_NODES + SINGLE, : k[AT_NODES + SINGLE]]
        add_in_single(points, tree, far, targets, centre, decay, buffers)
        _add_field(points, low, high, (c, crowds[target, RADIUS]), values, sums)
    if k[AT_POINTS] + k[AT_POINTS + SINGLE] > 0:
        x, y, z, _ = points
        targets = (x[low:high], y[low:high], z[low:high], sums)
        add(points, tree, lists[AT_POINTS, : k[AT_POINTS]], targets, decay, buffers)
        far = lists[AT_POINTS + SINGLE, : k[AT_POINTS + SINGLE]]
        add_in_single(points, tree, far, targets, centre, decay, buffers)


@compiled(error_model="numpy", nogil=True)
def _share(count):
    """Return the share of the square of a budget that is spent on a node of so many targets.

    Each level down has twice the nodes. Losses fall with the fifth power of the distance, so lists shrink
    with the 2/5-th power of the budget, and the least is summed where each level has 2^(5/6) times the
    square of the budget of the one above.
    """
    return (_STEP - 1.0) / (_STEP * max(count / _FEW, 1.0) ** (5.0 / 6.0) * _STEP - 1.0)


@compiled(error_model="numpy", nogil=True)
def _visit(points, tree, target, abroad, rule, state, work, sums):
    """Add to the sums of a target what it can take of those pending; return the state of the rest.

    The state is the span of those pending, and of what is done the least sum and the loss.
    """
    nodes = tree[0]
    pending, bounds, listed, walk, buffers = work
    accuracy, decay = rule
    span, known, spent = state
    counts, size = np.zeros(LISTS, np.int64), nodes[target, END] - nodes[target, START]
    end, least = refined(tree, target, abroad, accuracy, pending, span, bounds, walk)
    span, sure = (span[1], end), known + least
    rounded = _ROUNDED_SHARE * accuracy * sure if sure >= LEAST_ROUNDED * tree[1][0, MASS] else 0.0
    budget = (1.0 - _ROUNDED_SHARE) * accuracy * sure
    if size > NODES:
        share = math.sqrt(_share(size))
        allowed = share * left_of(budget, spent)
        count, end, least, loss = accepted(span, allowed, pending, bounds, listed, walk)
        known, spent, span = known + least, math.hypot(spent, loss), (span[0], end)
        counts[:2] = part_rounded(listed, count, AT_NODES, bounds, share * rounded, walk)
    if size <= _FEW:
        count = at_points(tree, target, span, left_of(budget, spent), pending, bounds, listed, walk)
        rounded *= math.sqrt(_AT_POINTS_SHARE)
        counts[2:] = part_rounded(listed, count, AT_POINTS, bounds, rounded, walk)
        if not abroad:
            _inside(points, nodes[target, START], nodes[target, END], decay, buffers[0], sums)
        span = (span[0], span[0])
    _sum_lists(points, tree, target, listed, counts, decay, sums, buffers)
    return span, known, spent


@compiled(error_model="numpy", nogil=True)
def _group(points, tree, group, abroad, rule, work, sums):
    """Add to each point of a group the sum over one side."""
    nodes, pending = tree[0], work[0]
    targets, spans = np.empty(2 * _LEVELS, np.int64), np.empty((2 * _LEVELS, 2), np.int64)
    sure = np.empty((2 * _LEVELS, 2))
    pending[0], targets[0], spans[0], sure[0], depth = 0, group, (0, 1), (0.0, 0.0), 1
    while depth > 0:
        depth -= 1
        target, state = targets[depth], ((spans[depth, 0], spans[depth, 1]), sure[depth, 0], sure[depth, 1])
        own = sums[nodes[target, START] - nodes[group, START] : nodes[target, END] - nodes[group, START]]
        span, known, spent = _visit(points, tree, target, abroad, rule, state, work, own)
        if span[0] < span[1]:
            for half in range(2):
                targets[depth], spans[depth], sure[depth] = nodes[target, CHILD] + half, span, (known, spent)
                depth += 1


@compiled(error_model="numpy", nogil=True)
def _groups(groups, points, tree, rule, rooms, domestic, foreign):
    """Sum for some groups, one after the other; the caller holds on to all arrays."""
    x, y, z, mass = points
    nodes, crowds, proxies, tables = tree
    pending, bounds, listed, stack, memo = rooms[0]
    held, single, seen, table = rooms[1]
    points = (borrowed(x), borrowed(y), borrowed(z), borrowed(mass))
    tree = (borrowed(nodes), borrowed(crowds), borrowed(proxies), borrowed(tables))
    walk = (borrowed(stack), borrowed(memo), borrowed(memo.view(np.int64)))
    buffers = (borrowed(held), borrowed(single), borrowed(seen), borrowed(table))
    work = (borrowed(pending), borrowed(bounds), borrowed(listed), walk, buffers)
    domestic, foreign, first = borrowed(domestic), borrowed(foreign), nodes[groups[0], START]
    for group in groups:
        low, high = nodes[group, START] - first, nodes[group, END] - first
        _group(points, tree, group, False, rule, work, domestic[low:high])
        _group(points, tree, group, True, rule, work, foreign[low:high])


@compiled(error_model="numpy", nogil=True)
def _hand(groups, points, tree, accuracy, decay, domestic, foreign):
    """Write the sums for the points of a hand of groups, in rooms of its own."""
    count = len(tree[0])
    pending, bounds = np.empty(_LEVELS * count + 1, np.int32), np.empty((3, count))
    lists = (pending, bounds, np.empty((LISTS, count), np.int32), np.empty(256, np.int64), np.zeros(1))
    held, single = np.empty((4, HELD)), np.empty((5, HELD), np.float32)
    buffers = (held, single, np.empty((4, _FEW), np.float32), np.empty(TABLE, np.float32))
    _groups(groups, points, tree, (accuracy, decay), (lists, buffers), domestic, foreign)


def tree_block(
    block: tuple[int, int],
    points: tuple[Floats, ...],
    tree: tuple[Any, ...],
    groups: Ints,
    *,
    accuracy: float,
    decay: tuple[float, ...],
) -> tuple[Floats, Floats]:
    """Return for each point of a block of hands the sums over the others of its country, and over all abroad.

    ``tree`` are nodes (start, end, first child or -1 for a leaf, first and last country), crowds, what
    stands in for them, the tables of bounds of the decay; ``groups`` are nodes, each within one country, that
    together hold every point, in the order of their points, so that those of a block are one run.
    """
    starts, ends = tree[0][groups, START], tree[0][groups, END]
    last = min(block[1] * HAND, len(groups)) - 1
    first = starts[block[0] * HAND]
    sums = np.zeros((2, ends[last] - first))
    for low in range(block[0] * HAND, last + 1, HAND):
        high = min(low + HAND, last + 1)
        domestic, foreign = sums[:, starts[low] - first : ends[high - 1] - first]
        _hand(groups[low:high], points, tree, accuracy, decay, domestic, foreign)
    return sums[0], sums[1]
