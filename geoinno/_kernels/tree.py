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
from geoinno._kernels.geodesics import CLOSE, box
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
from geoinno._kernels.single import add_single, rounded

if TYPE_CHECKING:
    from geoinno._types import Floats, Ints


_HELD = 4 * BUFFER
# Weights in a table of targets by sources, and numbers in a vector, in double and in single precision.
_TABLE, _VECTOR, _VECTOR_SINGLE = 8 * _HELD, 8, 16
# The chord of the greatest distance for which the short series of the arc holds.
_CLOSE = 2.0 * math.sqrt(CLOSE)
# Groups in a part, and points in the smallest nodes of targets at most.
HAND, _FEW = 4, 32
# Levels of a group: halves of halves.
_LEVELS = 12
# The share of what is allowed that rounding to single precision may take, that of the points in it, and how
# squares of budgets grow by level.
_ROUNDED_SHARE, _AT_POINTS_SHARE, _STEP = 0.2, 0.2, 2.0 ** (5.0 / 6.0)


@compiled(error_model="numpy", nogil=True)
def _padded(held, count, vector):
    """Fill up what is held with points without mass to whole vectors; return how many are held then.

    What is left over of a loop over vectors costs as much as many of them.
    """
    end = -(-count // vector) * vector
    for k in range(count, end):
        held[0, k], held[1, k], held[2, k], held[3, k] = held[0, 0], held[1, 0], held[2, 0], 0.0
    return end


@compiled(error_model="numpy", nogil=True)
def _flush(targets, held, count, decay, km):
    """Add what the sources held contribute to each target."""
    x, y, z, sums = targets
    sources, count = (held[0], held[1], held[2], held[3]), _padded(held, count, _VECTOR)
    around = box(sources, 0, count)
    for i in range(len(x)):
        sums[i] += range_sum(sources, 0, count, (x[i], y[i], z[i]), around, decay, km)


@compiled(error_model="numpy", nogil=True)
def _flush_single(targets, centre, buffers, count, decay):
    """Add what the sources held contribute to each target, in single precision.

    All are reckoned from the centre of the targets; masses as shares of all mass, which follows the centre.
    """
    x, y, z, sums = targets
    held, single, seen, table = buffers
    count, widest = _padded(held, count, _VECTOR_SINGLE), 0.0
    farthest = rounded(held, count, centre, single)
    for i in range(len(x)):
        dx, dy, dz = x[i] - centre[0], y[i] - centre[1], z[i] - centre[2]
        seen[0, i], seen[1, i], seen[2, i], seen[3, i] = dx, dy, dz, z[i]
        widest = max(widest, dx * dx + dy * dy + dz * dz)
    close = math.sqrt(farthest) + math.sqrt(widest) <= _CLOSE
    add_single(single, count, close, seen, centre[3], decay, table, sums)


@compiled(error_model="numpy", nogil=True)
def _sources(points, tree, node, held, count):
    """Hold the points of a node, or what stands in for them where they are many; return how many are held."""
    (x, y, z, mass), nodes, proxies = points, tree[0], tree[2]
    low, high = nodes[node, START], nodes[node, END]
    if high - low > NODES:
        for axis in range(4):
            for k in range(NODES):
                held[axis, count + k] = proxies[node, axis, k]
        return count + NODES
    for k in range(low, high):
        i = count + k - low
        held[0, i], held[1, i], held[2, i], held[3, i] = x[k], y[k], z[k], mass[k]
    return count + high - low


@compiled(error_model="numpy", nogil=True)
def _add(points, tree, listed, targets, decay, buffers):
    """Add what the nodes listed contribute to each target."""
    held, km, count = buffers[0], np.empty(BUFFER), 0
    for node in listed:
        if count > _HELD - NODES:
            _flush(targets, held, count, decay, km)
            count = 0
        count = _sources(points, tree, node, held, count)
    if count > 0:
        _flush(targets, held, count, decay, km)


@compiled(error_model="numpy", nogil=True)
def _add_single(points, tree, listed, targets, centre, decay, buffers):
    """Add what the nodes listed contribute to each target, in single precision."""
    held, count = buffers[0], 0
    for node in listed:
        if count > _HELD - NODES:
            _flush_single(targets, centre, buffers, count, decay)
            count = 0
        count = _sources(points, tree, node, held, count)
    if count > 0:
        _flush_single(targets, centre, buffers, count, decay)


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
        sums[k] += total


@compiled(error_model="numpy", nogil=True)
def _inside(points, low, high, decay, held, sums):
    """Add to each point of the group the sum over the others of the group."""
    for axis in range(4):
        held[axis, : high - low] = points[axis][low:high]
    count = _padded(held, high - low, _VECTOR)
    sources, km = (held[0], held[1], held[2], held[3]), np.empty(BUFFER)
    around = box(sources, 0, count)
    for i in range(high - low):
        mass, held[3, i] = held[3, i], 0.0
        here = (held[0, i], held[1, i], held[2, i])
        sums[low + i] += range_sum(sources, 0, count, here, around, decay, km)
        held[3, i] = mass


@compiled(error_model="numpy", nogil=True)
def _sum_lists(points, tree, target, lists, counts, decay, sums, buffers):
    """Add to each point of the target what is listed for the nodes of its disc, and for its points."""
    nodes, crowds, proxies = tree[0], tree[1], tree[2]
    low, high = nodes[target, START], nodes[target, END]
    c = (crowds[target, CENTRE], crowds[target, CENTRE + 1], crowds[target, CENTRE + 2])
    centre = (*c, crowds[0, MASS])
    k = counts
    if k[AT_NODES] + k[AT_NODES + SINGLE] > 0:
        values, disc = np.zeros(NODES), proxies[target]
        targets = (disc[0], disc[1], disc[2], values)
        _add(points, tree, lists[AT_NODES, : k[AT_NODES]], targets, decay, buffers)
        far = lists[AT_NODES + SINGLE, : k[AT_NODES + SINGLE]]
        _add_single(points, tree, far, targets, centre, decay, buffers)
        _add_field(points, low, high, (c, crowds[target, RADIUS]), values, sums)
    if k[AT_POINTS] + k[AT_POINTS + SINGLE] > 0:
        x, y, z, _ = points
        targets = (x[low:high], y[low:high], z[low:high], sums[low:high])
        _add(points, tree, lists[AT_POINTS, : k[AT_POINTS]], targets, decay, buffers)
        far = lists[AT_POINTS + SINGLE, : k[AT_POINTS + SINGLE]]
        _add_single(points, tree, far, targets, centre, decay, buffers)


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
    """Add to the points of a target what it can take of those pending; return the state of the rest.

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
        span, known, spent = _visit(points, tree, target, abroad, rule, state, work, sums)
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
    for group in groups:
        _group(points, tree, group, False, rule, work, borrowed(domestic))
        _group(points, tree, group, True, rule, work, borrowed(foreign))


@compiled(error_model="numpy", nogil=True)
def _hand(part, points, tree, every, accuracy, decay, domestic, foreign):
    """Sum for a hand of the groups, one after the other."""
    count = len(tree[0])
    pending, bounds = np.empty(_LEVELS * count + 1, np.int32), np.empty((3, count))
    lists = (pending, bounds, np.empty((LISTS, count), np.int32), np.empty(256, np.int64), np.zeros(1))
    held, single = np.empty((4, _HELD)), np.empty((5, _HELD), np.float32)
    buffers = (held, single, np.empty((4, _FEW), np.float32), np.empty(_TABLE, np.float32))
    groups = every[part * HAND : (part + 1) * HAND]
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
    domestic, foreign = np.zeros(len(points[0])), np.zeros(len(points[0]))
    for part in range(*block):
        _hand(part, points, tree, groups, accuracy, decay, domestic, foreign)
    first, last = groups[block[0] * HAND], groups[min(block[1] * HAND, len(groups)) - 1]
    rows = slice(tree[0][first, 0], tree[0][last, 1])
    return domestic[rows], foreign[rows]
