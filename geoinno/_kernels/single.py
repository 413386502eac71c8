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
from geoinno._kernels.geodesics import CLOSE, arc_ratio, inverse_root_single, series
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
def _kilometres(held, count, targets, span, km):
    """Write the km from each target of a span (a column) to each point held, one target after the other."""
    wide_vectors()
    x, y, z, heights = held[0, :count], held[1, :count], held[2, :count], held[3, :count]
    for i in range(span[0], span[1]):
        row = km[(i - span[0]) * count : (i - span[0] + 1) * count]
        hx, hy, hz, height = targets[0, i], targets[1, i], targets[2, i], targets[3, i]
        for k in range(count):
            dx, dy, dz, sz = x[k] - hx, y[k] - hy, z[k] - hz, heights[k] + height
            square = min(_QUARTER * (dx * dx + dy * dy + dz * dz), _OPPOSITE)
            rest = _ONE - square
            root = inverse_root_single(square * rest + _TINY)
            inverse, sine = root * root, _TWO * square * rest * root
            t = _FOUR * min(square, rest) - _ONE
            near = _ZERO
            for c in _ARC:
                near = near * t + c
            ratio = near if square <= _HALF else _PI_QUARTER * sine * inverse - near
            u, v = _HALF * sz * sz * square * inverse, _HALF * dz * dz * rest * inverse
            row[k] = _AXIS * sine * _flattened(ratio, square, u, v)


@compiled(fastmath={"contract"}, error_model="numpy", nogil=True)
def _close_kilometres(held, count, targets, span, km):
    """Write the km from each target of a span to each point held, where none is farther than ``CLOSE``."""
    wide_vectors()
    x, y, z, heights = held[0, :count], held[1, :count], held[2, :count], held[3, :count]
    for i in range(span[0], span[1]):
        row = km[(i - span[0]) * count : (i - span[0] + 1) * count]
        hx, hy, hz, height = targets[0, i], targets[1, i], targets[2, i], targets[3, i]
        for k in range(count):
            dx, dy, dz, sz = x[k] - hx, y[k] - hy, z[k] - hz, heights[k] + height
            square = _QUARTER * (dx * dx + dy * dy + dz * dz)
            rest = _ONE - square
            root = inverse_root_single(square * rest + _TINY)
            inverse, sine = root * root, _TWO * square * rest * root
            ratio = _ZERO
            for c in _ARC_CLOSE:
                ratio = ratio * square + c
            u, v = _HALF * sz * sz * square * inverse, _HALF * dz * dz * rest * inverse
            row[k] = _AXIS * sine * _flattened(ratio, square, u, v)


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


@compiled(fastmath={"contract", "arcp", "nnan", "ninf", "nsz"}, error_model="numpy", nogil=True)
def _log(value):
    """Return the logarithm of a positive number."""
    exponent = (bits(value) - _ROOT_HALF_BITS) >> _FRACTION
    fraction = single(bits(value) - (exponent << _FRACTION))
    s = (fraction - _ONE) / (fraction + _ONE)
    poly = _ZERO
    for c in _ATANH:
        poly = poly * (s * s) + c
    return _F(exponent) * _LN2 + _TWO * s * poly


@compiled(fastmath={"contract"}, error_model="numpy", nogil=True)
def _smooth(km, p, q):
    """Weigh by exp(-d (p + q d))."""
    wide_vectors()
    for k in range(len(km)):
        km[k] = _exp(-km[k] * (p + q * km[k]))


@compiled(fastmath={"contract"}, error_model="numpy", nogil=True)
def _root(km, p):
    """Weigh by exp(-p sqrt(d))."""
    wide_vectors()
    for k in range(len(km)):
        km[k] = _exp(-p * math.sqrt(km[k]))


@compiled(fastmath={"contract"}, error_model="numpy", nogil=True)
def _logistic(km, p, q):
    """Weigh by 1 / (1 + exp(p (d - q)))."""
    wide_vectors()
    for k in range(len(km)):
        km[k] = _ONE / (_ONE + _exp(p * (km[k] - q)))


@compiled(fastmath={"contract"}, error_model="numpy", nogil=True)
def _power(km, p, q):
    """Weigh by d^-p exp(-q d)."""
    wide_vectors()
    for k in range(len(km)):
        km[k] = _exp(-p * _log(max(km[k], _TINY)) - q * km[k])


@compiled(fastmath={"contract"}, error_model="numpy", nogil=True)
def _offset(km, p, per_unit):
    """Weigh by (1 + d / q)^-p, given 1 / q."""
    wide_vectors()
    for k in range(len(km)):
        km[k] = _exp(-p * _log(_ONE + km[k] * per_unit))


@compiled(fastmath={"contract"}, error_model="numpy", nogil=True)
def _lognormal(km, p, per_unit):
    """Weigh by exp(-p ln(d / q)^2), given 1 / q."""
    wide_vectors()
    for k in range(len(km)):
        log = _log(max(km[k] * per_unit, _TINY))
        km[k] = _exp(-p * log * log)


@compiled(error_model="numpy", nogil=True)
def _weigh(km, decay):
    """Write the weights of these km in their place."""
    form, p, q = decay[0], _F(decay[1]), _F(decay[2])
    if form == SMOOTH:
        _smooth(km, p, q)
    elif form == ROOT:
        _root(km, p)
    elif form == LOGISTIC:
        _logistic(km, p, q)
    elif form == POWER:
        _power(km, p, q)
    elif form == OFFSET:
        _offset(km, p, _ONE / q)
    else:
        _lognormal(km, p, _ONE / q)


@compiled(fastmath={"contract", "reassoc"}, error_model="numpy", nogil=True)
def _add_rows(weights, mass, factor, span, sums):
    """Add to the sum of each target of a span its row of weights times mass, and a factor."""
    wide_vectors()
    for i in range(span[0], span[1]):
        row = weights[(i - span[0]) * len(mass) : (i - span[0] + 1) * len(mass)]
        total = _ZERO
        for k in range(len(mass)):
            total += row[k] * mass[k]
        sums[i] += factor * np.float64(total)


@compiled(error_model="numpy", nogil=True)
def add_single(held, count, close, targets, factor, decay, table, sums):
    """Add to each target the sum of mass times decay over points held (x, y, z, height, mass), and a factor.

    As many targets at once as the table has room for: calls cost more than the short loops that they run.
    """
    step, mass = len(table) // count, held[4, :count]
    for first in range(0, len(sums), step):
        span = (first, min(first + step, len(sums)))
        if close:
            _close_kilometres(held, count, targets, span, table)
        else:
            _kilometres(held, count, targets, span, table)
        _weigh(table[: (span[1] - first) * count], decay)
        _add_rows(table, mass, factor, span, sums)


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
