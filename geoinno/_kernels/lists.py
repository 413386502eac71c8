"""Interaction lists: for the points of a node of the tree, which nodes are summed in which way.

A pair of nodes is judged by bounds for each unit of mass: of the weight, and of what is lost where the
sources are replaced by masses at the nodes of their disc, and the sum over the targets is interpolated
from those of theirs. The latter is for the worst point of a disc and the worst direction, and errors of
many pairs have both signs: they add up by their squares, and no pair may take more than half of what is
allowed. What is passed over as too far to matter is missed by the sum, always with one sign, and is counted
so much higher that the squares hold for it too. All that may be lost is held against the least that the sum
can be at any target, as far as is known: the accuracy times that is the budget. Pairs are accepted from the
least loss upward until a share of the budget is spent, and what is left of it goes on to the halves of the
target, where the sum is better known.
"""

from __future__ import annotations

import math

import numpy as np

from geoinno._kernels.compiling import compiled
from geoinno._kernels.crowds import CENTRE, HEAVIEST, MASS, RADIUS
from geoinno._kernels.disc import LEBESGUE, NODES
from geoinno._kernels.ellipsoid import (
    ANTIPODAL_RADII,
    CHORD_BINS,
    CHORD_BITS,
    FARTHEST,
    FARTHEST_ANTIPODAL,
    FARTHEST_ROUNDED,
    FIRST_OCTAVE,
    RADII,
    WIDEST,
)

_FRACTION_BITS = 52 - CHORD_BITS
_FIRST_STEP = (1023 + FIRST_OCTAVE) << CHORD_BITS
_STACK = 256
# Columns of nodes.
START, END, CHILD, FIRST, LAST = range(5)
# Rows of the tables of bounds; from the last on, one for each radius.
_MOST, _AT_START, _AT_END, _BLURRED, _ERRORS = range(5)
# What the countries of a node decide.
_PASS, _OPEN, _CROWD = range(3)
# Lists: sums at the nodes of the disc or at the points of the targets, each in double and single precision.
AT_NODES, AT_POINTS, SINGLE = 0, 2, 1
LISTS = 4
# Two functions between the same bounds, interpolated on both sides, differ by so much of the range.
_RANGE = 0.5 * (1.0 + LEBESGUE * LEBESGUE)
# The greatest share of a budget for one pair.
_GREATEST = 0.5
# Pairs passed over are all missed, so their losses add up as they are. Counted so many times, the root of the
# sum of their squares is more than their sum, for up to the square of so many pairs (Cauchy and Schwarz).
_PASSED = 32.0
# Budgets below are none: squares of shares would have no digits left.
_LEAST_BUDGET = 1e-290
# Rows of what is known of nodes that are pending.
_LEAST, _LOSS, _BLUR = range(3)
_HALVINGS = 60
# How far apart two points must be for single precision, in distances of the source from the middle of the
# targets, from which both are reckoned; and from where on differences of coordinates lose no digits.
_APART, _APART_WHOLE = 1.0 / 64.0, 0.125


@compiled(error_model="numpy", nogil=True)
def _bin(chord, memo, bits):
    """Return the column of the tables for a chord: exponent and first bits of its fraction."""
    memo[0] = max(chord, 0.0)
    return min(max((bits[0] >> _FRACTION_BITS) - _FIRST_STEP + 1, 0), CHORD_BINS)


@compiled(error_model="numpy", nogil=True)
def side(nodes, crowds, node, target, abroad):
    """Return what the countries of a node decide: pass it by, open it, or neither (a crowd)."""
    own, first, last = nodes[target, FIRST], nodes[node, FIRST], nodes[node, LAST]
    inside = first <= own <= last
    if crowds[node, MASS] == 0.0 or (not abroad and not inside):
        return _PASS
    if inside and first < last:
        return _OPEN
    return _PASS if inside and abroad else _CROWD


@compiled(error_model="numpy", nogil=True)
def _steepness(tables, chord, radius, far, memo, bits):
    """Return the bound of the error of interpolation in a disc, from a chord on, for each unit of mass."""
    if far > FARTHEST_ANTIPODAL or radius > WIDEST:
        return math.inf
    row, size = _ERRORS, radius / chord
    if far <= FARTHEST:
        for limit in RADII:
            row += size > limit
        if size > RADII[-1]:
            return math.inf
    else:
        if radius > ANTIPODAL_RADII[-1]:
            return math.inf
        row += len(RADII) + (radius > ANTIPODAL_RADII[0])
    squared = radius * radius
    return tables[row, _bin(chord, memo, bits)] * squared * squared * radius


@compiled(error_model="numpy", nogil=True)
def _overlap(nodes, node, target):
    """Return whether a node has points of the target."""
    return nodes[node, START] < nodes[target, END] and nodes[target, START] < nodes[node, END]


@compiled(error_model="numpy", nogil=True)
def judged(nodes, crowds, node, target, at_points, tables, memo, bits):
    """Return bounds of the least weight, of the loss if passed over, of the error, and of rounding."""
    dx = crowds[node, CENTRE] - crowds[target, CENTRE]
    dy = crowds[node, CENTRE + 1] - crowds[target, CENTRE + 1]
    dz = crowds[node, CENTRE + 2] - crowds[target, CENTRE + 2]
    apart, own, other = math.sqrt(dx * dx + dy * dy + dz * dz), crowds[target, RADIUS], crowds[node, RADIUS]
    near, far = apart - own - other, min(apart + own + other, 2.0)
    close = _bin(near, memo, bits)
    most, least = tables[_MOST, close], min(tables[_AT_START, close], tables[_AT_END, _bin(far, memo, bits)])
    blurred = tables[_BLURRED, close]
    if far > FARTHEST_ROUNDED or near < _APART * (apart + other):
        blurred = math.inf
    else:
        blurred *= max(1.0, _APART_WHOLE * (apart + other) / near)
    few = nodes[node, END] - nodes[node, START] <= NODES
    # Noise is no polynomial: interpolation may enlarge it, on both sides.
    blurred *= (1.0 if at_points else LEBESGUE) * (1.0 if few else LEBESGUE)
    if at_points and few:
        return least, _PASSED * most, 0.0, blurred
    error = _RANGE * (most - least) if own <= WIDEST and other <= WIDEST else math.inf
    if near > 0.0:
        wrong = 0.0 if at_points else _steepness(tables, near + own, own, far, memo, bits)
        if not few:
            wrong += _steepness(tables, near + other, other, far, memo, bits)
        error = min(error, wrong)
    return least, _PASSED * most, error, blurred


@compiled(error_model="numpy", nogil=True)
def _opened(nodes, stack, depth, node):
    """Put the children of a node on the stack; return its depth."""
    stack[depth], stack[depth + 1] = nodes[node, CHILD], nodes[node, CHILD] + 1
    return depth + 2


@compiled(error_model="numpy", nogil=True)
def _noted(tree, node, target, accuracy, slot, bounds, walk):
    """Write what is known of a node in its slot; return whether to pass it by, to open it, or neither.

    Opened are those wider than the target, unless their error is small against themselves.
    """
    nodes, crowds, tables = tree[0], tree[1], tree[3]
    low, most, error, blurred = judged(nodes, crowds, node, target, False, tables, walk[1], walk[2])
    mass, own = crowds[node, MASS], 0.0
    if _overlap(nodes, node, target):
        most, error, own = math.inf, math.inf, min(crowds[target, HEAVIEST], mass)
    wide = crowds[node, RADIUS] > crowds[target, RADIUS] and min(error, most) > 0.5 * accuracy * low
    if wide and nodes[node, CHILD] >= 0:
        return _OPEN
    bounds[_LEAST, slot] = (mass - own) * low if low < math.inf else 0.0
    bounds[_LOSS, slot] = mass * min(most, error)
    bounds[_BLUR, slot] = mass * blurred if error < most else -1.0
    return _CROWD if most > 0.0 else _PASS


@compiled(error_model="numpy", nogil=True)
def refined(tree, target, abroad, accuracy, pending, span, bounds, walk):
    """List, behind those pending, nodes no wider than the target; return their end, and the least sum.

    Wider ones stay where their error is small against themselves. ``bounds`` gets what is known of each:
    the least that it adds, what may be lost (passed over, if that is as good), and what rounding may take.
    """
    stack, end, least = walk[0], span[1], 0.0
    for k in range(span[0], span[1]):
        stack[0], depth = pending[k], 1
        while depth > 0:
            depth -= 1
            node = stack[depth]
            verdict = side(tree[0], tree[1], node, target, abroad)
            if verdict == _CROWD:
                verdict = _noted(tree, node, target, accuracy, end - span[1], bounds, walk)
            if verdict == _OPEN:
                depth = _opened(tree[0], stack, depth, node)
            elif verdict == _CROWD:
                least += bounds[_LEAST, end - span[1]]
                pending[end], end = node, end + 1
    return end, least


@compiled(error_model="numpy", nogil=True)
def left_of(budget, spent):
    """Return what is left of a budget: what is spent at random adds up by its squares."""
    return budget * math.sqrt(max(1.0 - (spent / budget) ** 2, 0.0)) if budget > _LEAST_BUDGET else 0.0


@compiled(error_model="numpy", nogil=True)
def _tolerance(values, budget, memo, bits):
    """Return the greatest tolerance, a budget over a power of 2, within which values are within the budget.

    They add up by their squares.
    """
    if budget <= _LEAST_BUDGET:
        return 0.0
    sums, unit = np.zeros(_HALVINGS + 1), 1.0 / budget
    memo[0] = budget
    whole = bits[0] >> 52
    for value in values:
        memo[0] = max(value, 0.0)
        halvings = whole - (bits[0] >> 52)
        if halvings > 0:
            share = value * unit
            sums[min(halvings, _HALVINGS)] += share * share
    total, halvings = 0.0, _HALVINGS
    while halvings > 0 and total + sums[halvings] <= 1.0:
        total += sums[halvings]
        halvings -= 1
    memo[0] = budget
    bits[0] = (whole - halvings) << 52
    return memo[0]


@compiled(error_model="numpy", nogil=True)
def accepted(span, budget, pending, bounds, listed, walk):
    """List what may be summed at the nodes of the disc, in the first row, and keep the rest pending.

    Returned are how many are listed, the end of the rest, and of what is done the least sum and the loss.
    """
    count, end, least, loss = 0, span[0], 0.0, 0.0
    unit = 1.0 / budget if budget > _LEAST_BUDGET else 0.0
    most = _tolerance(bounds[_LOSS, : span[1] - span[0]], budget, walk[1], walk[2])
    most = min(most, _GREATEST * budget)
    for k in range(span[0], span[1]):
        slot = k - span[0]
        if bounds[_LOSS, slot] > 0.0 and bounds[_LOSS, slot] >= most:
            pending[end], end = pending[k], end + 1
            continue
        share = bounds[_LOSS, slot] * unit
        least, loss = least + bounds[_LEAST, slot], loss + share * share
        if bounds[_BLUR, slot] >= 0.0:
            listed[AT_NODES, count], bounds[_BLUR, count] = pending[k], bounds[_BLUR, slot]
            count += 1
    return count, end, least, budget * math.sqrt(loss)


@compiled(error_model="numpy", nogil=True)
def _judged_at_points(tree, node, target, tolerance, walk):
    """Return whether to pass a node by, to open it, or neither, and what may be lost, and by rounding."""
    nodes, crowds, tables = tree[0], tree[1], tree[3]
    if _overlap(nodes, node, target):
        # Within the target points are summed one by one, without themselves.
        within = nodes[target, START] <= nodes[node, START] and nodes[node, END] <= nodes[target, END]
        return _PASS if within else _OPEN, 0.0, 0.0
    mass = crowds[node, MASS]
    _, most, error, blurred = judged(nodes, crowds, node, target, True, tables, walk[1], walk[2])
    loss = mass * min(most, error) if mass > 0.0 else 0.0
    if loss > tolerance:
        return _OPEN, 0.0, 0.0
    return _CROWD if error < most and mass > 0.0 else _PASS, loss, mass * blurred


@compiled(error_model="numpy", nogil=True)
def at_points(tree, target, span, budget, pending, bounds, listed, walk):
    """List what is summed at each point of the target: crowds where the budget allows it, or points."""
    stack, count, left = walk[0], 0, budget
    tolerance = left * min(1.0 / math.sqrt(max(span[1] - span[0], 1)), _GREATEST)
    for k in range(span[0], span[1]):
        stack[0], depth = pending[k], 1
        while depth > 0:
            depth -= 1
            node = stack[depth]
            verdict, loss, blur = _judged_at_points(tree, node, target, min(tolerance, left), walk)
            left = left_of(left, loss) if loss > 0.0 else left
            if verdict == _OPEN:
                depth = _opened(tree[0], stack, depth, node)
            elif verdict == _CROWD:
                listed[AT_POINTS, count], bounds[_BLUR, count] = node, blur
                count += 1
    return count


@compiled(error_model="numpy", nogil=True)
def part_rounded(listed, count, row, bounds, budget, walk):
    """Move to the next row what rounding takes little of, up to the budget; return how many are in each."""
    most = _tolerance(bounds[_BLUR, :count], budget, walk[1], walk[2])
    kept, moved = 0, 0
    for k in range(count):
        node = listed[row, k]
        if bounds[_BLUR, k] < most:
            listed[row + SINGLE, moved] = node
            moved += 1
        else:
            listed[row, kept] = node
            kept += 1
    return kept, moved
