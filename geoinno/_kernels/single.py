"""Sums of decayed mass in single precision: four times the pairs in the time, where rounding allows it.

The same steps as in the double-precision loops, with points reckoned from the middle of the targets so
that differences keep their digits. Distances and sums are within ``ROUNDED`` of themselves where a pair
is not closer than an eighth of its distance from the middle, and not close to the antipode.
"""

from __future__ import annotations

import math

import numpy as np

from geoinno._kernels.compiling import compiled
from geoinno._kernels.decays import LOGISTIC, OFFSET, POWER, ROOT, SMOOTH
from geoinno._kernels.ellipsoid import AXIS_KM, FLATTENING
from geoinno._kernels.geodesics import CLOSE, arc_ratio, series
from geoinno._kernels.intrinsics import bits, single, wide_vectors

_F = np.float32
_ZERO, _QUARTER, _HALF, _ONE, _TWO, _FOUR = (_F(c) for c in (0, 0.25, 0.5, 1, 2, 4))
_PI_QUARTER, _AXIS = _F(math.pi / 4), _F(AXIS_KM)
_QUARTER_FLAT, _SQUARED_FLAT = _F(FLATTENING / 4), _F(FLATTENING**2 / 64)
_OPPOSITE, _TINY = _F(1 - 1e-6), _F(1e-30)
_ARC = tuple(map(_F, series(lambda t: arc_ratio((t + 1) / 4), 9)))
_ARC_CLOSE = tuple(map(_F, series(arc_ratio, 3, low=1e-12, high=CLOSE)))
_EXP = tuple(map(_F, series(lambda t: np.exp(t * math.log(2) / 2), 5)))
_ATANH = tuple(_F(1 / (2 * k + 1)) for k in range(4, -1, -1))
_MAGIC, _LN2, _PER_LN2, _LOWEST = _F(1.5 * 2**23), _F(math.log(2)), _F(1 / math.log(2)), _F(-87)
_PER_HALF = _F(2)
_ROOT_HALF_BITS, _BIAS, _FRACTION = 0x3F3504F3, 127, 23


@compiled(fastmath={"contract"}, error_model="numpy", nogil=True)
def _flattened(ratio, square, u, v):
    """Return the arc over its sine on the ellipsoid, to the second order in the flattening."""
    p, q = u + v, u - v
    d4, e2 = _FOUR * ratio * ratio, _TWO - _FOUR * square
    second = p * (d4 * e2 + (ratio - _HALF * (d4 * e2 - e2)) * p) - q * (_TWO * d4 + e2 * q) + d4 * p * q
    return ratio - _QUARTER_FLAT * (ratio * p - q) + _SQUARED_FLAT * second


@compiled(fastmath={"contract"}, error_model="numpy", nogil=True)
def _kilometres(held, count, here, km):
    """Write the km from ``here`` to each point held."""
    wide_vectors()
    x, y, z, heights = held[0, :count], held[1, :count], held[2, :count], held[3, :count]
    for k in range(count):
        dx, dy, dz, sz = x[k] - here[0], y[k] - here[1], z[k] - here[2], heights[k] + here[3]
        square = min(_QUARTER * (dx * dx + dy * dy + dz * dz), _OPPOSITE)
        rest = _ONE - square
        inverse = _ONE / (square * rest + _TINY)
        sine = _TWO * math.sqrt(square * rest)
        t = _FOUR * min(square, rest) - _ONE
        near = _ZERO
        for c in _ARC:
            near = near * t + c
        ratio = near if square <= _HALF else _PI_QUARTER * sine * inverse - near
        u, v = _HALF * sz * sz * square * inverse, _HALF * dz * dz * rest * inverse
        km[k] = _AXIS * sine * _flattened(ratio, square, u, v)


@compiled(fastmath={"contract"}, error_model="numpy", nogil=True)
def _close_kilometres(held, count, here, km):
    """Write the km from ``here`` to each point held, where none is farther than ``CLOSE``."""
    wide_vectors()
    x, y, z, heights = held[0, :count], held[1, :count], held[2, :count], held[3, :count]
    for k in range(count):
        dx, dy, dz, sz = x[k] - here[0], y[k] - here[1], z[k] - here[2], heights[k] + here[3]
        square = _QUARTER * (dx * dx + dy * dy + dz * dz)
        rest = _ONE - square
        inverse = _ONE / (square * rest + _TINY)
        sine = _TWO * math.sqrt(square * rest)
        ratio = _ZERO
        for c in _ARC_CLOSE:
            ratio = ratio * square + c
        u, v = _HALF * sz * sz * square * inverse, _HALF * dz * dz * rest * inverse
        km[k] = _AXIS * sine * _flattened(ratio, square, u, v)


@compiled(fastmath={"contract"}, error_model="numpy", nogil=True)
def _exp(x):
    """Return the exponential; beyond exp(-87) and exp(87) it stays where it is."""
    x = min(max(x, _LOWEST), -_LOWEST)
    shifted = x * _PER_LN2 + _MAGIC
    t = (x * _PER_LN2 - (shifted - _MAGIC)) * _PER_HALF
    poly = _ZERO
    for c in _EXP:
        poly = poly * t + c
    return poly * single((bits(shifted) + _BIAS) << _FRACTION)


@compiled(fastmath={"contract"}, error_model="numpy", nogil=True)
def _log(value):
    """Return the logarithm of a positive number."""
    exponent = (bits(value) - _ROOT_HALF_BITS) >> _FRACTION
    fraction = single(bits(value) - (exponent << _FRACTION))
    s = (fraction - _ONE) / (fraction + _ONE)
    poly = _ZERO
    for c in _ATANH:
        poly = poly * (s * s) + c
    return _F(exponent) * _LN2 + _TWO * s * poly


@compiled(fastmath={"contract", "reassoc"}, error_model="numpy", nogil=True)
def _smooth(km, mass, p, q):
    """Return the sum of mass times exp(-d (p + q d))."""
    wide_vectors()
    total = _ZERO
    for k in range(len(km)):
        total += mass[k] * _exp(-km[k] * (p + q * km[k]))
    return total


@compiled(fastmath={"contract", "reassoc"}, error_model="numpy", nogil=True)
def _root(km, mass, p):
    """Return the sum of mass times exp(-p sqrt(d))."""
    wide_vectors()
    total = _ZERO
    for k in range(len(km)):
        total += mass[k] * _exp(-p * math.sqrt(km[k]))
    return total


@compiled(fastmath={"contract", "reassoc"}, error_model="numpy", nogil=True)
def _logistic(km, mass, p, q):
    """Return the sum of mass times 1 / (1 + exp(p (d - q)))."""
    wide_vectors()
    total = _ZERO
    for k in range(len(km)):
        total += mass[k] / (_ONE + _exp(p * (km[k] - q)))
    return total


@compiled(fastmath={"contract", "reassoc"}, error_model="numpy", nogil=True)
def _power(km, mass, p, q):
    """Return the sum of mass times d^-p exp(-q d)."""
    wide_vectors()
    total = _ZERO
    for k in range(len(km)):
        total += mass[k] * _exp(-p * _log(max(km[k], _TINY)) - q * km[k])
    return total


@compiled(fastmath={"contract", "reassoc"}, error_model="numpy", nogil=True)
def _offset(km, mass, p, per_unit):
    """Return the sum of mass times (1 + d / q)^-p."""
    wide_vectors()
    total = _ZERO
    for k in range(len(km)):
        total += mass[k] * _exp(-p * _log(_ONE + km[k] * per_unit))
    return total


@compiled(fastmath={"contract", "reassoc"}, error_model="numpy", nogil=True)
def _lognormal(km, mass, p, per_unit):
    """Return the sum of mass times exp(-p ln(d / q)^2)."""
    wide_vectors()
    total = _ZERO
    for k in range(len(km)):
        log = _log(max(km[k] * per_unit, _TINY))
        total += mass[k] * _exp(-p * log * log)
    return total


@compiled(error_model="numpy", nogil=True)
def _weighted_sum(km, mass, decay):
    """Return the sum of mass times decay at these km, in an order that depends on their number alone."""
    form, p, q = decay[0], _F(decay[1]), _F(decay[2])
    if form == SMOOTH:
        return _smooth(km, mass, p, q)
    if form == ROOT:
        return _root(km, mass, p)
    if form == LOGISTIC:
        return _logistic(km, mass, p, q)
    if form == POWER:
        return _power(km, mass, p, q)
    return _offset(km, mass, p, _ONE / q) if form == OFFSET else _lognormal(km, mass, p, _ONE / q)


@compiled(error_model="numpy", nogil=True)
def single_sum(held, count, close, here, decay, km):
    """Return the sum of mass times decay over points held (x, y, z, height, mass), seen from ``here``."""
    if close:
        _close_kilometres(held, count, here, km)
    else:
        _kilometres(held, count, here, km)
    return np.float64(_weighted_sum(km[:count], held[4, :count], decay))


@compiled(fastmath={"contract", "reassoc"}, error_model="numpy", nogil=True)
def rounded(held, count, centre, sources):
    """Copy sources (x, y, z, mass), reckoned from a centre, and masses as shares of all, which follows it.

    Returned is the square of the greatest chord from the centre.
    """
    x, y, z, mass = held[0], held[1], held[2], held[3]
    share, farthest = 1.0 / centre[3], 0.0
    for k in range(count):
        dx, dy, dz = x[k] - centre[0], y[k] - centre[1], z[k] - centre[2]
        farthest = max(farthest, dx * dx + dy * dy + dz * dz)
        sources[0, k], sources[1, k], sources[2, k] = dx, dy, dz
        sources[3, k], sources[4, k] = z[k], share * mass[k]
    return farthest
