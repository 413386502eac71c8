"""Sums of decayed masses by a tree: far crowds stand in as three points each, where the error allows it.

A node of the tree is a run of points. For a group of targets, nodes are taken as crowds, as points, or
opened, so that no crowd adds more than a tolerance to the error. What the crowds taken may add up to is
held against the least that the sum can be at any target of the group: where it is more than the
accuracy allows, the group is done again with less tolerance.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import numpy as np

from geoinno._kernels.compiling import compiled
from geoinno._kernels.crowds import STAND_INS
from geoinno._kernels.ellipsoid import CHORD_BINS, CHORD_BITS, FIRST_OCTAVE, WINDOWS
from geoinno._kernels.potential import BUFFER, range_sum, scratch_rows
from geoinno._kernels.single import single_sum
from geoinno._kernels.threads import run_parts

if TYPE_CHECKING:
    from geoinno._types import Floats, Ints


_HELD = 8 * BUFFER
_FRACTION_BITS = 52 - CHORD_BITS
_FIRST_STEP = (1023 + FIRST_OCTAVE) << CHORD_BITS
_STACK = 256
# What becomes of a node: the first three are listed, each in a list of its own.
_CROWD, _ROUNDED, _POINTS, _PASS, _OPEN = range(5)
# Rows of the tables of bounds; from the last on, one for each window.
_MOST, _AT_START, _AT_END, _ROUNDING, _THIRD = range(5)
# The share of what is allowed that rounding to single precision may take, and the least share of all
# mass that a crowd so rounded may have.
_ROUNDED_SHARE, _LIGHTEST = 0.2, 1e-9
# Groups that go through one pair of hands, each with the tolerance that suited the one before.
HAND = 64
# The error aimed at, of what is allowed, and how it grows with the tolerance (the 3/5-th power).
_AIM = 0.8
_ANY = 1e300
_GROWTH = 5.0 / 3.0


@compiled(error_model="numpy", nogil=True)
def _bin(chord, memo, bits):
    """Return the step of the tables in which a chord lies: exponent and first bits of its fraction."""
    memo[0] = chord
    return min((bits[0] >> _FRACTION_BITS) - _FIRST_STEP, CHORD_BINS - 1)


@compiled(error_model="numpy", nogil=True)
def _opened(nodes, crowds, node, group, abroad):
    """Return what the countries of a node decide: pass it by, open it, or neither (a crowd)."""
    own, first, last = nodes[group, 3], nodes[node, 3], nodes[node, 4]
    inside = first <= own <= last
    if node == group or crowds[node, 0] == 0.0 or (not abroad and not inside):
        return _PASS
    if inside and first < last:
        return _OPEN
    if inside and abroad:
        return _PASS
    return _OPEN if nodes[node, 0] <= nodes[group, 0] < nodes[node, 1] else _CROWD


@compiled(error_model="numpy", nogil=True)
def _judged(cubes, near, far, tables, memo, bits):
    """Return bounds of the error and of the weight of a crowd between two chords, for each unit of mass.

    The third answer is the bound of what rounding takes, relative to the weight.
    """
    if near <= 0.0:
        return math.inf, min(tables[_AT_START, 0], tables[_AT_END, _bin(far, memo, bits)]), math.inf
    close, away = _bin(near, memo, bits), _bin(far, memo, bits)
    if close < 0:
        return math.inf, 0.0, math.inf
    bottom = min(tables[_AT_START, close], tables[_AT_END, away])
    error, rounding = tables[_MOST, close] - bottom, math.inf
    if cubes < math.inf and far <= WINDOWS[-1] * near:
        w = 0
        while far > WINDOWS[w] * near:
            w += 1
        error, rounding = min(error, tables[_THIRD + w, close] * cubes), tables[_ROUNDING, close]
    return error, bottom, rounding


@compiled(error_model="numpy", nogil=True)
def _verdict(nodes, crowds, node, here, limits, tables, memo, bits):
    """Return what becomes of a node that may be a crowd, and bounds of its error and of its sum."""
    dx, dy, dz = crowds[node, 1] - here[0], crowds[node, 2] - here[1], crowds[node, 3] - here[2]
    apart, both, mass = math.sqrt(dx * dx + dy * dy + dz * dz), crowds[node, 4] + here[3], crowds[node, 0]
    near, far = apart - both, min(apart + both, 2.0)
    error, least, rounding = _judged(crowds[node, 5], near, far, tables, memo, bits)
    if error * mass > limits[0] or nodes[node, 1] - nodes[node, 0] <= STAND_INS:
        return _OPEN if nodes[node, 2] >= 0 else _POINTS, 0.0, least * mass
    apart_enough = 2.0 * near >= apart + crowds[node, 4] and mass >= _LIGHTEST * crowds[0, 0]
    return _ROUNDED if apart_enough and rounding <= limits[1] else _CROWD, error * mass, least * mass


@compiled(error_model="numpy", nogil=True)
def _taken(nodes, crowds, group, abroad, here, limits, tables, lists):
    """List the crowds and leaves to sum over; return their numbers, and bounds of error and sum."""
    stack, memo, counts = np.zeros(_STACK, np.int64), np.zeros(1), np.zeros(3, np.int64)
    bits = memo.view(np.int64)
    depth, error, least = 1, 0.0, 0.0
    while depth > 0:
        depth -= 1
        node = stack[depth]
        verdict, wrong, sure = _opened(nodes, crowds, node, group, abroad), 0.0, 0.0
        if verdict == _CROWD:
            verdict, wrong, sure = _verdict(nodes, crowds, node, here, limits, tables, memo, bits)
        if verdict == _OPEN:
            stack[depth], stack[depth + 1] = nodes[node, 2], nodes[node, 2] + 1
            depth += 2
        elif verdict != _PASS:
            lists[verdict, counts[verdict]] = node
            counts[verdict] += 1
            error, least = error + wrong, least + sure
    return counts, error, least


@compiled(error_model="numpy", nogil=True)
def _flush(points, targets, held, decay, sums):
    """Add what the points held contribute to each target of the group."""
    x, y, z, _ = points
    coordinates, count = held
    rows = scratch_rows()
    sources = (coordinates[0], coordinates[1], coordinates[2], coordinates[3])
    for i in range(targets[0], targets[1]):
        sums[i] += range_sum(sources, 0, count, (x[i], y[i], z[i]), decay, rows)


@compiled(error_model="numpy", nogil=True)
def _add_crowds(points, crowds, proxies, taken, targets, decay, sums):
    """Add the stand-ins of the crowds taken to each target of the group."""
    held, count = np.empty((4, _HELD)), 0
    for node in taken:
        for k in range(STAND_INS):
            for i in range(3):
                held[i, count + k] = proxies[node, k, i]
            held[3, count + k] = crowds[node, 0] / STAND_INS
        count += STAND_INS
        if count > _HELD - STAND_INS:
            _flush(points, targets, (held, count), decay, sums)
            count = 0
    _flush(points, targets, (held, count), decay, sums)


@compiled(error_model="numpy", nogil=True)
def _flush_rounded(points, targets, centre, held, count, decay, sums):
    """Add what the points held in single precision contribute to each target of the group."""
    x, y, z, _ = points
    rows = np.empty((3, BUFFER), np.float32)
    for i in range(targets[0], targets[1]):
        aside = (np.float32(x[i] - centre[0]), np.float32(y[i] - centre[1]))
        here = (*aside, np.float32(z[i] - centre[2]), np.float32(z[i]))
        sums[i] += centre[3] * single_sum(held, count, here, decay, rows)


@compiled(error_model="numpy", nogil=True)
def _add_rounded(points, crowds, proxies, taken, targets, centre, decay, sums):
    """Add the stand-ins of far crowds to each target of the group, told from its centre and rounded.

    ``centre`` is followed by all mass, of which masses are told as shares.
    """
    held, count = np.empty((5, _HELD), np.float32), 0
    for node in taken:
        for k in range(STAND_INS):
            for i in range(3):
                held[i, count + k] = proxies[node, k, i] - centre[i]
            held[3, count + k] = proxies[node, k, 2]
            held[4, count + k] = crowds[node, 0] / (STAND_INS * centre[3])
        count += STAND_INS
        if count > _HELD - STAND_INS:
            _flush_rounded(points, targets, centre, held, count, decay, sums)
            count = 0
    _flush_rounded(points, targets, centre, held, count, decay, sums)


@compiled(error_model="numpy", nogil=True)
def _add_leaves(points, nodes, taken, targets, decay, sums):
    """Add the points of the leaves taken to each target of the group."""
    held, count = np.empty((4, _HELD)), 0
    for node in taken:
        low, high = nodes[node, 0], nodes[node, 1]
        for k in range(low, high):
            for i in range(4):
                held[i, count + k - low] = points[i][k]
        count += high - low
        if count > _HELD - BUFFER:
            _flush(points, targets, (held, count), decay, sums)
            count = 0
    _flush(points, targets, (held, count), decay, sums)


@compiled(error_model="numpy", nogil=True)
def _tuned(tolerance, error, allowed):
    """Return the tolerance that should bring the error close to what is allowed."""
    if error == 0.0:
        return 8.0 * tolerance if tolerance > 0.0 else _ANY
    return tolerance * min(max((_AIM * allowed / error) ** _GROWTH, 1e-3), 8.0)


@compiled(error_model="numpy", nogil=True)
def _radius(points, low, high, here):
    """Return the greatest chord from ``here`` to a run of points."""
    widest = 0.0
    for i in range(low, high):
        dx, dy, dz = points[0][i] - here[0], points[1][i] - here[1], points[2][i] - here[2]
        widest = max(widest, dx * dx + dy * dy + dz * dz)
    return math.sqrt(widest)


@compiled(error_model="numpy", nogil=True)
def _outside(points, tree, group, abroad, rule, lists, sums):
    """Add to each point of the group the sum over one side, but for the group; return the next tolerance."""
    nodes, crowds, proxies, tables = tree
    accuracy, tolerance, decay = rule
    rounded = _ROUNDED_SHARE * accuracy
    accuracy -= rounded
    targets = (nodes[group, 0], nodes[group, 1])
    centre = (crowds[group, 1], crowds[group, 2], crowds[group, 3])
    here = (*centre, _radius(points, targets[0], targets[1], centre))
    while True:
        limits = (tolerance, rounded)
        counts, error, least = _taken(nodes, crowds, group, abroad, here, limits, tables, lists)
        if error <= accuracy * least:
            break
        # No crowd may take more than all that is allowed; where the sum may be zero, nothing is.
        tolerance = min(0.7 * _tuned(tolerance, error, accuracy * least), accuracy * least)
    crowd, far, near = lists[0, : counts[0]], lists[1, : counts[1]], lists[2, : counts[2]]
    _add_crowds(points, crowds, proxies, crowd, targets, decay, sums)
    _add_rounded(points, crowds, proxies, far, targets, (*centre, crowds[0, 0]), decay, sums)
    _add_leaves(points, nodes, near, targets, decay, sums)
    return _tuned(tolerance, error, accuracy * least)


@compiled(error_model="numpy", nogil=True)
def _inside(points, low, high, decay, sums):
    """Add to each point of the group the sum over the others of the group."""
    x, y, z, _ = points
    rows = scratch_rows()
    for i in range(low, high):
        here = (x[i], y[i], z[i])
        sums[i] += range_sum(points, low, i, here, decay, rows)
        sums[i] += range_sum(points, i + 1, high, here, decay, rows)


@compiled(error_model="numpy", nogil=True)
def _hand(part, points, tree, every, accuracy, decay, domestic, foreign):
    """Sum for a hand of the groups, one after the other."""
    groups = every[part * HAND : (part + 1) * HAND]
    nodes = tree[0]
    lists = np.empty((3, len(nodes)), np.int64)
    home, world = _ANY, _ANY
    for group in groups:
        _inside(points, nodes[group, 0], nodes[group, 1], decay, domestic)
        home = _outside(points, tree, group, False, (accuracy, home, decay), lists, domestic)
        world = _outside(points, tree, group, True, (accuracy, world, decay), lists, foreign)


def tree_sums(
    points: tuple[Floats, ...], tree: tuple[Any, ...], groups: Ints, accuracy: float, decay: tuple[float, ...]
) -> tuple[Floats, Floats]:
    """Return for each point the sums over the other points of its country, and over all abroad.

    ``tree`` are nodes (start, end, first child or -1 for a leaf of at most a buffer, first and last
    country), crowds, stand-ins, and the tables of bounds of the decay; ``groups`` are nodes, each
    within one country, that together hold every point.
    """
    count = len(points[0])
    domestic, foreign = np.zeros(count), np.zeros(count)
    run_parts(_hand, -(-len(groups) // HAND), points, tree, groups, accuracy, decay, domestic, foreign)
    return domestic, foreign


def tree_block(
    block: tuple[int, int],
    points: tuple[Floats, ...],
    tree: tuple[Any, ...],
    groups: Ints,
    *,
    accuracy: float,
    decay: tuple[float, ...],
) -> tuple[Floats, Floats]:
    """Return the same sums for the points of a block of hands, in one thread.

    Groups stand in the order of their points, so those of a block are one run.
    """
    domestic, foreign = np.zeros(len(points[0])), np.zeros(len(points[0]))
    for part in range(*block):
        _hand(part, points, tree, groups, accuracy, decay, domestic, foreign)
    first, last = groups[block[0] * HAND], groups[min(block[1] * HAND, len(groups)) - 1]
    rows = slice(tree[0][first, 0], tree[0][last, 1])
    return domestic[rows], foreign[rows]
