"""Sums of masses weighted by a decay of geodesic distance: loops over pairs, eight at a time.

Points are unit vectors of the reduced latitude. Distances are written to a short buffer, and their weights
summed from there: two loops without a branch or a call, so that the compiler turns each into vector
instructions.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np
from numpy.polynomial import Chebyshev, Polynomial

from geoinno._kernels.compiling import compiled
from geoinno._kernels.ellipsoid import ANTIPODAL, AXIS_KM, FLATTENING, HALF_MERIDIAN_KM, OPPOSITE
from geoinno._kernels.intrinsics import bits, double, wide_vectors
from geoinno._kernels.threads import run_parts

if TYPE_CHECKING:
    from collections.abc import Callable

    from geoinno._types import Floats, Ints

# A decay is a form, two numbers (see `weighted_sum`), and the km at which the weight is highest.
SMOOTH, POWER, LOGNORMAL, ROOT, LOGISTIC, OFFSET = range(6)
BUFFER = 256
# Few enough that an interrupt is heard within a second at a million points.
POINTS = 64
_ROOT_HALF_BITS, _BIAS, _FRACTION = 0x3FE6A09E667F3BCD, 1023, 52
_MAGIC = 1.5 * 2.0**52
_LOWEST = -708.0
_LN2, _PER_LN2 = math.log(2.0), 1.0 / math.log(2.0)
_LN2_HIGH, _LN2_LOW = 0.693145751953125, 1.42860682030941723212e-6
# Squares of sin(d / 2) up to which the short series of the arc holds: 3,200 km.
CLOSE = 0.0625


def arc_ratio(square: Floats) -> Floats:
    """Return d / sin d for the arc d with sin^2(d / 2) = ``square``."""
    return np.arcsin(np.sqrt(square)) / np.sqrt(square * (1 - square))


def series(
    function: Callable[[Floats], Floats], degree: int, *, low: float = -1, high: float = 1
) -> tuple[float, ...]:
    """Return the polynomial close to a function from ``low`` to ``high``, highest power first."""
    found = Chebyshev.interpolate(function, degree, [low, high]).convert(kind=Polynomial)
    return tuple(float(c) for c in found.coef[::-1])


# d / sin d on 0 <= sin^2(d/2) <= 1/2, as a polynomial in t = 4 sin^2(d/2) - 1, and for close places in the
# square itself; even and odd powers make two short loops, which the compiler unrolls.
_ARC = series(lambda t: arc_ratio((t + 1) / 4), 20)
_ARC_EVEN, _ARC_ODD = _ARC[::2], _ARC[1::2]
_ARC_CLOSE = series(arc_ratio, 8, low=1e-15, high=CLOSE)
# exp on |r| <= ln(2) / 2, in t = 2 r / ln(2); atanh(s) / s in s^2 on |s| <= 0.172, as a Taylor series.
_EXP = series(lambda t: np.exp(t * math.log(2) / 2), 11)
_ATANH = tuple(1 / (2 * k + 1) for k in range(10, -1, -1))


@compiled(fastmath={"contract"}, error_model="numpy", nogil=True)
def _second_order(ratio, square, p, q):
    """Return the term of Thomas's formula of the second order in the flattening."""
    d4, e2 = 4.0 * ratio * ratio, 2.0 - 4.0 * square
    second = p * (d4 * e2 + (ratio - 0.5 * (d4 * e2 - e2)) * p) - q * (2.0 * d4 + e2 * q) + d4 * p * q
    return second * (FLATTENING * FLATTENING / 64.0)


@compiled(fastmath={"contract"}, error_model="numpy", nogil=True)
def kilometres(x, y, z, low, high, here, km):
    """Write the geodesic km from ``here`` to the points ``low`` to ``high`` (Thomas 1970, second order)."""
    wide_vectors()
    x, y, z = x[low:high], y[low:high], z[low:high]
    for k in range(len(x)):
        dx, dy, dz = x[k] - here[0], y[k] - here[1], z[k] - here[2]
        sz = z[k] + here[2]
        square = min(0.25 * (dx * dx + dy * dy + dz * dz), OPPOSITE)
        rest = 1.0 - square
        inverse = 1.0 / (square * rest + 1e-300)
        sine = 2.0 * math.sqrt(square * rest)
        t = 4.0 * min(square, rest) - 1.0
        even, odd = 0.0, 0.0
        for c in _ARC_EVEN:
            even = even * (t * t) + c
        for c in _ARC_ODD:
            odd = odd * (t * t) + c
        near = even + t * odd
        ratio = near if square <= 0.5 else 0.25 * math.pi * sine * inverse - near
        u, v = 0.5 * sz * sz * square * inverse, 0.5 * dz * dz * rest * inverse
        p, q = u + v, u - v
        second = _second_order(ratio, square, p, q) if rest > ANTIPODAL else 0.0
        first = 0.25 * FLATTENING * (ratio * p - q)
        km[k] = min(AXIS_KM * sine * (ratio - first + second), HALF_MERIDIAN_KM)


@compiled(fastmath={"contract"}, error_model="numpy", nogil=True)
def _close_kilometres(x, y, z, low, high, here, km):
    """Write the geodesic km from ``here`` to points none of which is farther than ``CLOSE``."""
    wide_vectors()
    x, y, z = x[low:high], y[low:high], z[low:high]
    for k in range(len(x)):
        dx, dy, dz = x[k] - here[0], y[k] - here[1], z[k] - here[2]
        sz = z[k] + here[2]
        square = 0.25 * (dx * dx + dy * dy + dz * dz)
        rest = 1.0 - square
        inverse = 1.0 / (square * rest + 1e-300)
        sine = 2.0 * math.sqrt(square * rest)
        ratio = 0.0
        for c in _ARC_CLOSE:
            ratio = ratio * square + c
        u, v = 0.5 * sz * sz * square * inverse, 0.5 * dz * dz * rest * inverse
        p, q = u + v, u - v
        first = 0.25 * FLATTENING * (ratio * p - q)
        km[k] = AXIS_KM * sine * (ratio - first + _second_order(ratio, square, p, q))


@compiled(fastmath={"contract", "reassoc"}, error_model="numpy", nogil=True)
def _farthest(x, y, z, low, high, here):
    """Return the greatest square of sin(d / 2) from ``here`` to the points ``low`` to ``high``."""
    wide_vectors()
    widest = 0.0
    for k in range(low, high):
        dx, dy, dz = x[k] - here[0], y[k] - here[1], z[k] - here[2]
        widest = max(widest, dx * dx + dy * dy + dz * dz)
    return 0.25 * widest


@compiled(fastmath={"contract"}, error_model="numpy", nogil=True)
def _exp(value):
    """Return the exponential; below exp(-708) it is zero, and beyond exp(708) it stays there."""
    x = min(max(value, _LOWEST), -_LOWEST)
    shifted = x * _PER_LN2 + _MAGIC
    n = shifted - _MAGIC
    t = ((x - n * _LN2_HIGH) - n * _LN2_LOW) * (2.0 * _PER_LN2)
    poly = 0.0
    for c in _EXP:
        poly = poly * t + c
    poly = poly if value > _LOWEST else 0.0
    return poly * double((bits(shifted) + _BIAS) << _FRACTION)


@compiled(fastmath={"contract"}, error_model="numpy", nogil=True)
def _log(value):
    """Return the logarithm of a positive number."""
    exponent = (bits(value) - _ROOT_HALF_BITS) >> _FRACTION
    fraction = double(bits(value) - (exponent << _FRACTION))
    s = (fraction - 1.0) / (fraction + 1.0)
    poly = 0.0
    for c in _ATANH:
        poly = poly * (s * s) + c
    return float(exponent) * _LN2 + 2.0 * s * poly


@compiled(fastmath={"contract", "reassoc"}, error_model="numpy", nogil=True)
def _smooth(km, mass, p, q):
    """Return the sum of mass times exp(-d (p + q d))."""
    wide_vectors()
    total = 0.0
    for k in range(len(km)):
        total += mass[k] * _exp(-km[k] * (p + q * km[k]))
    return total


@compiled(fastmath={"contract", "reassoc"}, error_model="numpy", nogil=True)
def _root(km, mass, p):
    """Return the sum of mass times exp(-p sqrt(d))."""
    wide_vectors()
    total = 0.0
    for k in range(len(km)):
        total += mass[k] * _exp(-p * math.sqrt(km[k]))
    return total


@compiled(fastmath={"contract", "reassoc"}, error_model="numpy", nogil=True)
def _logistic(km, mass, p, q):
    """Return the sum of mass times 1 / (1 + exp(p (d - q)))."""
    wide_vectors()
    total = 0.0
    for k in range(len(km)):
        total += mass[k] / (1.0 + _exp(p * (km[k] - q)))
    return total


@compiled(fastmath={"contract", "reassoc"}, error_model="numpy", nogil=True)
def _power(km, mass, p, q):
    """Return the sum of mass times d^-p exp(-q d)."""
    wide_vectors()
    total = 0.0
    for k in range(len(km)):
        total += mass[k] * _exp(-p * _log(max(km[k], 1e-300)) - q * km[k])
    return total


@compiled(fastmath={"contract", "reassoc"}, error_model="numpy", nogil=True)
def _offset(km, mass, p, q):
    """Return the sum of mass times (1 + d / q)^-p."""
    wide_vectors()
    total = 0.0
    for k in range(len(km)):
        total += mass[k] * _exp(-p * _log(1.0 + km[k] / q))
    return total


@compiled(fastmath={"contract", "reassoc"}, error_model="numpy", nogil=True)
def _lognormal(km, mass, p, q):
    """Return the sum of mass times exp(-p ln(d / q)^2)."""
    wide_vectors()
    total = 0.0
    for k in range(len(km)):
        log = _log(max(km[k] / q, 1e-300))
        total += mass[k] * _exp(-p * log * log)
    return total


@compiled(error_model="numpy", nogil=True)
def weighted_sum(km, mass, decay):
    """Return the sum of mass times decay at these km, in an order that depends on their number alone."""
    form, p, q, _ = decay
    if form == SMOOTH:
        return _smooth(km, mass, p, q)
    if form == ROOT:
        return _root(km, mass, p)
    if form == LOGISTIC:
        return _logistic(km, mass, p, q)
    if form == POWER:
        return _power(km, mass, p, q)
    return _offset(km, mass, p, q) if form == OFFSET else _lognormal(km, mass, p, q)


@compiled(error_model="numpy", nogil=True)
def range_sum(points, low, high, here, decay, km):
    """Return the sum of mass times decay over the points ``low`` to ``high``, seen from ``here``."""
    x, y, z, mass = points
    total = 0.0
    for first in range(low, high, BUFFER):
        last = min(first + BUFFER, high)
        if _farthest(x, y, z, first, last, here) <= CLOSE:
            _close_kilometres(x, y, z, first, last, here, km)
        else:
            kilometres(x, y, z, first, last, here, km)
        total += weighted_sum(km[: last - first], mass[first:last], decay)
    return total


@compiled(error_model="numpy", nogil=True)
def _exact_part(part, points, first, last, decay, domestic, foreign):
    """Write the sums of a part of the points."""
    x, y, z, _ = points
    n, km = len(x), np.empty(BUFFER)
    for i in range(part * POINTS, min((part + 1) * POINTS, n)):
        here = (x[i], y[i], z[i])
        at_home = range_sum(points, first[i], i, here, decay, km)
        at_home += range_sum(points, i + 1, last[i], here, decay, km)
        abroad = range_sum(points, 0, first[i], here, decay, km)
        abroad += range_sum(points, last[i], n, here, decay, km)
        domestic[i], foreign[i] = at_home, abroad


def exact_sums(
    points: tuple[Floats, ...], first: Ints, last: Ints, decay: tuple[float, ...]
) -> tuple[Floats, Floats]:
    """Return for each point the sums over the others from ``first`` to ``last``, and over the rest."""
    domestic, foreign = np.empty(len(points[0])), np.empty(len(points[0]))
    parts = -(-len(points[0]) // POINTS)
    run_parts(_exact_part, parts, points, first, last, decay, domestic, foreign)
    return domestic, foreign


def exact_block(
    block: tuple[int, int], points: tuple[Floats, ...], first: Ints, last: Ints, *, decay: tuple[float, ...]
) -> tuple[Floats, Floats]:
    """Return the same sums for the points of a block of parts, in one thread."""
    domestic, foreign = np.empty(len(points[0])), np.empty(len(points[0]))
    for part in range(*block):
        _exact_part(part, points, first, last, decay, domestic, foreign)
    rows = slice(block[0] * POINTS, block[1] * POINTS)
    return domestic[rows], foreign[rows]
