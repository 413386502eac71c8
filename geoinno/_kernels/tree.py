"""Sums of decayed masses by a tree: far crowds stand in as four points each, where the error allows it.

A node of the tree is a run of points. Its four stand-ins share its mass, its centre and its spread
(first and second moments), so what they get wrong begins with the third derivative of the decay.
A crowd is replaced only where a bound of that error, or the whole variation of the decay over
its distances, is within its part of the error allowed. All bounds hold for every point of a group
of targets, and the parts add up to the accuracy asked for.
"""

from __future__ import annotations

import math

import numpy as np
from numba import njit, prange

from geoinno._kernels.crowds import STAND_INS, WIDEST, angle
from geoinno._kernels.ellipsoid import AXIS_KM, FLATTENING
from geoinno._kernels.potential import (
    BUFFER,
    LOGISTIC,
    LOGNORMAL,
    POWER,
    ROOT,
    SMOOTH,
    range_sum,
    scratch_rows,
)

_HELD = 8 * BUFFER
_STACK = 256
_PASS, _OPEN, _CROWD, _POINTS = range(4)
# Of the error allowed, this share is split by what crowds contribute, the rest by mass.
_BY_PART = 0.3
# The farthest crowd (radians) for which the third-order bound holds: the antipode is singular.
_FARTHEST = 2.6
# Covers the ellipsoid (second order in 1/298) and lengths in the tangent plane (2% at the widest).
_CAUTION = 1.1


@njit(cache=True, error_model="numpy", nogil=True)
def _weight(km, decay):
    """Return the weight at one distance above zero."""
    form, p, q, _ = decay
    if form == SMOOTH:
        return math.exp(-km * (p + q * km))
    if form == POWER:
        return math.exp(-p * math.log(km) - q * km)
    if form == LOGNORMAL:
        return math.exp(-p * math.log(km) ** 2)
    if form == ROOT:
        return math.exp(-p * math.sqrt(km))
    if form == LOGISTIC:
        return 1.0 / (1.0 + math.exp(min(p * (km - q), 700.0)))
    return math.exp(-p * math.log1p(km / q))


@njit(cache=True, error_model="numpy", nogil=True)
def _slopes(low, high, decay):
    """Return bounds of the first three derivatives of -ln(decay) between two distances above zero."""
    form, p, q, _ = decay
    if form == SMOOTH:
        return p + 2.0 * q * high, 2.0 * q, 0.0
    if form == POWER:
        a = abs(p) / low
        return a + q, a / low, 2.0 * a / low**2
    if form == LOGNORMAL:
        log = max(abs(math.log(low)), abs(math.log(high)))
        return 2.0 * p * log / low, 2.0 * p * (1.0 + log) / low**2, 2.0 * p * (3.0 + 2.0 * log) / low**3
    if form == ROOT:
        a = 0.5 * p / math.sqrt(low)
        return a, 0.5 * a / low, 0.75 * a / low**2
    if form == LOGISTIC:
        return p, 0.25 * p**2, 0.0963 * p**3
    a = p / (q + low)
    return a, a / (q + low), 2.0 * a / (q + low) ** 2


@njit(cache=True, error_model="numpy", nogil=True)
def _kilometre_range(near, far):
    """Return the least and most geodesic km between two angles of the reduced sphere.

    The ellipsoid stretches an arc of that sphere by something between its polar and its equatorial
    axis; the formula for km may miss by a thousandth close to the antipode.
    """
    slack = 1e-3 if far > 3.0 else 1e-7
    return AXIS_KM * (1.0 - FLATTENING) * (1.0 - slack) * near, AXIS_KM * (1.0 + slack) * far


@njit(cache=True, error_model="numpy", nogil=True)
def _third_derivative(near, far, radius, slopes):
    """Return a bound of the third derivative along the sphere, per cubic radian and unit of weight.

    With s the angle, t the cosine between direction and line of sight, and F1, F2, F3 the derivatives
    by s, a geodesic sees F3 t^3 + 3 (F2 / sin s + F1 / sin^2 s) t (1 - t^2), here at its largest over t;
    what is added is the bend of lines that are straight in the tangent plane.
    """
    one, two, three = slopes
    first, second = one * AXIS_KM, (one * one + two) * AXIS_KM**2
    third = (one**3 + 3.0 * one * two + three) * AXIS_KM**3
    inverse = 1.0 / min(math.sin(near), math.sin(far))
    across = second * inverse + first * inverse * inverse
    worst = third
    if third < 2.0 * across:
        worst = 2.0 * across * math.sqrt(across / (3.0 * across - third))
    return worst + 6.0 * radius * (second + first * inverse) + 1.5 * first


@njit(cache=True, error_model="numpy", nogil=True)
def _error(near, far, crowd, decay):
    """Return a bound of the error of stand-ins for each unit of mass, and the least weight."""
    low, high = _kilometre_range(near, far)
    bottom = min(_weight(low, decay), _weight(high, decay))
    top = _weight(min(max(decay[3], low), high), decay)
    error = top - bottom
    radius, cubes = crowd[4], crowd[5]
    if radius <= WIDEST and far <= _FARTHEST:
        third = _third_derivative(near, far, radius, _slopes(low, high, decay))
        error = min(error, _CAUTION * top * third * cubes / 6.0)
    return error, bottom


@njit(cache=True, error_model="numpy", nogil=True)
def _opened(nodes, node, group, abroad):
    """Return what the countries of a node decide: pass it by, open it, or neither (a crowd)."""
    start, end, _, nations, crowds, _ = nodes
    own = nations[group, 0]
    inside = nations[node, 0] <= own <= nations[node, 1]
    if node == group or crowds[node, 0] == 0.0 or (not abroad and not inside):
        return _PASS
    if inside and nations[node, 0] < nations[node, 1]:
        return _OPEN
    if inside and abroad:
        return _PASS
    return _OPEN if start[node] <= start[group] < end[node] else _CROWD


@njit(cache=True, error_model="numpy", nogil=True)
def _view(crowds, node, here, radius):
    """Return the least and greatest angle between the points of a node and those of the group."""
    apart = angle(here, (crowds[node, 1], crowds[node, 2], crowds[node, 3]))
    both = crowds[node, 4] + radius
    return apart - both, min(apart + both, math.pi)


@njit(cache=True, error_model="numpy", nogil=True)
def _least(nodes, group, radius, side):
    """Return a lower bound of the sum at every point of the group, for each unit of mass summed."""
    abroad, decay = side
    child, crowds = nodes[2], nodes[4]
    here = (crowds[group, 1], crowds[group, 2], crowds[group, 3])
    stack = np.zeros(_STACK, np.int64)
    depth, least, mass = 1, 0.0, 0.0
    while depth > 0:
        depth -= 1
        node = stack[depth]
        verdict = _opened(nodes, node, group, abroad)
        near, far = _view(crowds, node, here, radius)
        if verdict == _CROWD and (child[node] < 0 or 6.0 * crowds[node, 4] < near):
            low, high = _kilometre_range(max(near, 1e-12), far)
            least += crowds[node, 0] * min(_weight(low, decay), _weight(high, decay))
            mass += crowds[node, 0]
        elif verdict != _PASS:
            stack[depth], stack[depth + 1] = child[node], child[node] + 1
            depth += 2
    return least / mass if mass > 0.0 else 0.0


@njit(cache=True, error_model="numpy", nogil=True)
def _verdict(nodes, node, group, outlook):
    """Return what becomes of a node: passed by, opened, replaced by stand-ins, or taken point by point."""
    radius, allowed, share, abroad, decay = outlook
    start, end, child, _, crowds, _ = nodes
    verdict = _opened(nodes, node, group, abroad)
    if verdict == _CROWD:
        here = (crowds[group, 1], crowds[group, 2], crowds[group, 3])
        near, far = _view(crowds, node, here, radius)
        if near > 0.0 and end[node] - start[node] > STAND_INS:
            error, bottom = _error(near, far, crowds[node], decay)
            if error <= share * bottom + allowed:
                return _CROWD
        verdict = _OPEN if child[node] >= 0 else _POINTS
    return verdict


@njit(cache=True, error_model="numpy", nogil=True)
def _flush(points, targets, held, count, decay, sums):
    """Add what the points held contribute to each target of the group."""
    x, y, z, _ = points
    rows = scratch_rows()
    sources = (held[0], held[1], held[2], held[3])
    for i in range(targets[0], targets[1]):
        sums[i] += range_sum(sources, 0, count, (x[i], y[i], z[i]), decay, rows)


@njit(cache=True, error_model="numpy", nogil=True)
def _hold(points, nodes, node, held, count):
    """Put the points of a leaf among the points held."""
    low, high = nodes[0][node], nodes[1][node]
    for k in range(low, high):
        for i in range(4):
            held[i, count + k - low] = points[i][k]
    return count + high - low


@njit(cache=True, error_model="numpy", nogil=True)
def _hold_stand_ins(nodes, node, held, count):
    """Put the stand-ins of a crowd among the points held."""
    for k in range(STAND_INS):
        for i in range(3):
            held[i, count + k] = nodes[5][node, k, i]
        held[3, count + k] = nodes[4][node, 0] / STAND_INS
    return count + STAND_INS


@njit(cache=True, error_model="numpy", nogil=True)
def _radius(points, group, nodes):
    """Return the angle from the centre of a group to its farthest point."""
    here = (nodes[4][group, 1], nodes[4][group, 2], nodes[4][group, 3])
    radius = 0.0
    for i in range(nodes[0][group], nodes[1][group]):
        radius = max(radius, angle(here, (points[0][i], points[1][i], points[2][i])))
    return radius


@njit(cache=True, error_model="numpy", nogil=True)
def _outside(points, nodes, group, rule, sums):
    """Add to each point of the group the sum over one side, but for the group itself."""
    accuracy, abroad, decay = rule
    radius = _radius(points, group, nodes)
    allowed = (1.0 - _BY_PART) * accuracy * _least(nodes, group, radius, (abroad, decay))
    outlook = (radius, allowed, _BY_PART * accuracy, abroad, decay)
    targets = (nodes[0][group], nodes[1][group])
    held, count = np.empty((4, _HELD)), 0
    stack, depth = np.zeros(_STACK, np.int64), 1
    while depth > 0:
        depth -= 1
        node = stack[depth]
        verdict = _verdict(nodes, node, group, outlook)
        if verdict == _OPEN:
            stack[depth], stack[depth + 1] = nodes[2][node], nodes[2][node] + 1
            depth += 2
        elif verdict == _CROWD:
            count = _hold_stand_ins(nodes, node, held, count)
        elif verdict == _POINTS:
            count = _hold(points, nodes, node, held, count)
        if count > _HELD - BUFFER:
            _flush(points, targets, held, count, decay, sums)
            count = 0
    _flush(points, targets, held, count, decay, sums)


@njit(cache=True, error_model="numpy", nogil=True)
def _inside(points, low, high, decay, sums):
    """Add to each point of the group the sum over the others of the group."""
    x, y, z, _ = points
    rows = scratch_rows()
    for i in range(low, high):
        here = (x[i], y[i], z[i])
        sums[i] += range_sum(points, low, i, here, decay, rows)
        sums[i] += range_sum(points, i + 1, high, here, decay, rows)


@njit(cache=True, parallel=True, error_model="numpy", nogil=True)
def tree_sums(points, nodes, groups, accuracy, decay):
    """Return for each point the sums over the other points of its country, and over all abroad.

    ``nodes`` are start, end, first child (-1: leaf of at most a buffer), first and last country,
    crowds and stand-ins; ``groups`` are the nodes, each within one country, that share their bounds.
    """
    count = len(points[0])
    domestic, foreign = np.zeros(count), np.zeros(count)
    for k in prange(len(groups)):
        group = groups[k]
        _inside(points, nodes[0][group], nodes[1][group], decay, domestic)
        _outside(points, nodes, group, (accuracy, False, decay), domestic)
        _outside(points, nodes, group, (accuracy, True, decay), foreign)
    return domestic, foreign
