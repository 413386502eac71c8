"""Sums of decayed mass in single precision: three times the pairs in the time, where rounding allows it.

The same steps as in the double-precision loops, with points told from the middle of the targets so
that differences keep their digits, and the geodesic to the first order in the flattening. Distances
are within ``ROUNDED`` of themselves where a pair is not closer than half its distance from the middle,
and not close to the antipode.
"""

from __future__ import annotations

import math

import numpy as np
from numpy.polynomial import Chebyshev, Polynomial

from geoinno._kernels.compiling import compiled
from geoinno._kernels.ellipsoid import AXIS_KM, FLATTENING
from geoinno._kernels.potential import BUFFER, LOGISTIC, LOGNORMAL, OFFSET, POWER, ROOT, SMOOTH, arc_ratio

_F = np.float32
_ZERO, _QUARTER, _HALF, _ONE, _TWO, _FOUR = (_F(c) for c in (0, 0.25, 0.5, 1, 2, 4))
_PI_QUARTER, _AXIS, _QUARTER_FLAT = _F(math.pi / 4), _F(AXIS_KM), _F(FLATTENING / 4)
_OPPOSITE, _TINY = _F(1 - 1e-6), _F(1e-30)
_SERIES = Chebyshev.interpolate(lambda t: arc_ratio((t + 1) / 4), 9).convert(kind=Polynomial)
_ARC = tuple(_F(c) for c in _SERIES.coef[::-1])
_EXP = tuple(_F(1 / math.factorial(k)) for k in range(6, -1, -1))
_ATANH = tuple(_F(1 / (2 * k + 1)) for k in range(4, -1, -1))
_MAGIC, _LN2, _PER_LN2, _LOWEST = _F(1.5 * 2**23), _F(math.log(2)), _F(1 / math.log(2)), _F(-87)
_LN2_HIGH, _LN2_LOW = _F(0.693359375), _F(math.log(2) - 0.693359375)
_ROOT_HALF_BITS = np.int32(0x3F3504F3)
_BIAS, _FRACTION = np.int32(127), np.int32(23)


@compiled(fastmath={"contract"}, error_model="numpy", nogil=True)
def _kilometres(x, y, z, heights, here, km):
    """Write the km from ``here`` to each point; ``heights`` are z told from the equator."""
    for k in range(len(x)):
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
        km[k] = _AXIS * sine * (ratio - _QUARTER_FLAT * (ratio * (u + v) - (u - v)))


@compiled(fastmath={"contract"}, error_model="numpy", nogil=True)
def _logarithms(values, bits, exponents):
    """Replace positive ``values``, whose bits are ``bits``, by their logarithms."""
    for k in range(len(values)):
        exponent = (bits[k] - _ROOT_HALF_BITS) >> _FRACTION
        exponents[k] = _F(exponent)
        bits[k] = bits[k] - (exponent << _FRACTION)
    for k in range(len(values)):
        s = (values[k] - _ONE) / (values[k] + _ONE)
        poly = _ZERO
        for c in _ATANH:
            poly = poly * (s * s) + c
        values[k] = exponents[k] * _LN2 + _TWO * s * poly


@compiled(fastmath={"contract"}, error_model="numpy", nogil=True)
def _exponentials(values, powers, bits):
    """Replace values by their exponentials; below exp(-87) is zero."""
    for k in range(len(values)):
        x = min(max(values[k], _LOWEST), -_LOWEST)
        shifted = x * _PER_LN2 + _MAGIC
        n = shifted - _MAGIC
        r = (x - n * _LN2_HIGH) - n * _LN2_LOW
        poly = _ZERO
        for c in _EXP:
            poly = poly * r + c
        values[k] = poly if values[k] > _LOWEST else _ZERO
        powers[k] = shifted
    for k in range(len(values)):
        bits[k] = (bits[k] + _BIAS) << _FRACTION
    for k in range(len(values)):
        values[k] = values[k] * powers[k]


@compiled(fastmath={"contract"}, error_model="numpy", nogil=True)
def _logged(km, spare, exponents, decay):
    """Replace km by the exponent of a decay of the logarithm of distance."""
    form, p, q = decay[0], _F(decay[1]), _F(decay[2])
    offset = _ONE if form == OFFSET else _ZERO
    unit = _ONE if form == POWER else _ONE / q
    rate = q if form == POWER else _ZERO
    for k in range(len(km)):
        spare[k] = km[k]
        km[k] = max(offset + km[k] * unit, _TINY)
    _logarithms(km, km.view(np.int32), exponents)
    if form == LOGNORMAL:
        for k in range(len(km)):
            km[k] = -p * km[k] * km[k]
    else:
        for k in range(len(km)):
            km[k] = -p * km[k] - rate * spare[k]


@compiled(fastmath={"contract"}, error_model="numpy", nogil=True)
def _exponents(km, spare, exponents, decay):
    """Replace km by the exponent of the decay: the weight is exp of it (logistic: 1 / (1 + exp))."""
    form, p, q = decay[0], _F(decay[1]), _F(decay[2])
    if form in (POWER, LOGNORMAL, OFFSET):
        _logged(km, spare, exponents, decay)
        return
    for k in range(len(km)):
        if form == SMOOTH:
            km[k] = -km[k] * (p + q * km[k])
        elif form == ROOT:
            km[k] = -p * math.sqrt(km[k])
        else:
            km[k] = p * (km[k] - q)


@compiled(fastmath={"contract", "reassoc"}, error_model="numpy", nogil=True)
def _product(values, mass, logistic):
    """Return the sum of the products, in an order that depends on their number alone."""
    total = _ZERO
    if logistic:
        for k in range(len(values)):
            total += mass[k] / (_ONE + values[k])
    else:
        for k in range(len(values)):
            total += mass[k] * values[k]
    return np.float64(total)


@compiled(error_model="numpy", nogil=True)
def single_sum(held, count, here, decay, rows):
    """Return the sum of mass times decay over points held (x, y, z, height, mass), seen from ``here``."""
    total = 0.0
    for low in range(0, count, BUFFER):
        high = min(low + BUFFER, count)
        km, spare, other = rows[0, : high - low], rows[1, : high - low], rows[2, : high - low]
        _kilometres(held[0, low:high], held[1, low:high], held[2, low:high], held[3, low:high], here, km)
        _exponents(km, spare, other, decay)
        _exponentials(km, spare, spare.view(np.int32))
        total += _product(km, held[4, low:high], decay[0] == LOGISTIC)
    return total
