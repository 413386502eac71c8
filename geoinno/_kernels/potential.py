"""Sums of masses weighted by a decay of geodesic distance: loops over pairs, eight at a time.

Points are unit vectors of the reduced latitude. The steps of a pair (chord, geodesic, exponent,
exponential, sum) run one after the other over short buffers, each a loop without a branch or a
call, so that the compiler turns each into vector instructions.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np
from numpy.polynomial import Chebyshev, Polynomial

from geoinno._kernels.compiling import compiled
from geoinno._kernels.ellipsoid import ANTIPODAL, AXIS_KM, FLATTENING, HALF_MERIDIAN_KM, OPPOSITE
from geoinno._kernels.threads import run_parts

if TYPE_CHECKING:
    from geoinno._types import Floats, Ints

# A decay is a form, two numbers (see `_exponents`), and the km at which the weight is highest.
SMOOTH, POWER, LOGNORMAL, ROOT, LOGISTIC, OFFSET = range(6)
BUFFER = 256
# Few enough that an interrupt is heard within a second at a million points.
POINTS = 64
_DEGREE = 22
_ROOT_HALF_BITS = 0x3FE6A09E667F3BCD
_MAGIC = 1.5 * 2.0**52
_LOWEST = -708.0
_LN2 = math.log(2.0)


def arc_ratio(square: Floats) -> Floats:
    """Return d / sin d for the arc d with sin^2(d / 2) = ``square``."""
    return np.arcsin(np.sqrt(square)) / np.sqrt(square * (1 - square))


# d / sin d on 0 <= sin^2(d/2) <= 1/2, as a polynomial in t = 4 sin^2(d/2) - 1; its even and its odd
# powers (highest first) make two short loops, which the compiler unrolls.
_ARC = Chebyshev.interpolate(lambda t: arc_ratio((t + 1) / 4), _DEGREE).convert(kind=Polynomial).coef
ARC_EVEN, ARC_ODD = tuple(_ARC[::2][::-1]), tuple(_ARC[1::2][::-1])
# exp on |r| <= ln(2) / 2 and atanh(s) / s in s^2 on |s| <= 0.172, as Taylor series, highest power first.
EXP = tuple(1 / math.factorial(k) for k in range(13, -1, -1))
ATANH = tuple(1 / (2 * k + 1) for k in range(10, -1, -1))


@compiled(fastmath={"contract"}, error_model="numpy", nogil=True)
def kilometres(x, y, z, low, high, here, km):
    """Write the geodesic km from ``here`` to the points ``low`` to ``high`` (Thomas 1970, second order)."""
    f = FLATTENING
    x, y, z = x[low:high], y[low:high], z[low:high]
    for k in range(len(x)):
        dx, dy, dz = x[k] - here[0], y[k] - here[1], z[k] - here[2]
        sz = z[k] + here[2]
        square = min(0.25 * (dx * dx + dy * dy + dz * dz), OPPOSITE)
        rest = 1.0 - square
        product = square * rest
        inverse = 1.0 / (product + 1e-300)
        sine = 2.0 * math.sqrt(product)
        t = 4.0 * min(square, rest) - 1.0
        even, odd = 0.0, 0.0
        for c in ARC_EVEN:
            even = even * (t * t) + c
        for c in ARC_ODD:
            odd = odd * (t * t) + c
        near = even + t * odd
        ratio = near if square <= 0.5 else 0.25 * math.pi * sine * inverse - near
        u = 0.5 * sz * sz * square * inverse
        v = 0.5 * dz * dz * rest * inverse
        p, q = u + v, u - v
        first = 0.25 * f * (ratio * p - q)
        d4, e2 = 4.0 * ratio * ratio, 2.0 - 4.0 * square
        second = p * (d4 * e2 + (ratio - 0.5 * (d4 * e2 - e2)) * p) - q * (2.0 * d4 + e2 * q) + d4 * p * q
        second = second * (f * f / 64.0) if rest > ANTIPODAL else 0.0
        km[k] = min(AXIS_KM * sine * (ratio - first + second), HALF_MERIDIAN_KM)


@compiled(fastmath={"contract"}, error_model="numpy", nogil=True)
def _logarithms(values, bits, exponents, count):
    """Replace the first ``count`` positive ``values``, whose bits are ``bits``, by their logarithms."""
    for k in range(count):
        exponent = (bits[k] - _ROOT_HALF_BITS) >> 52
        exponents[k] = float(exponent)
        bits[k] = bits[k] - (exponent << 52)
    for k in range(count):
        s = (values[k] - 1.0) / (values[k] + 1.0)
        s2 = s * s
        poly = 0.0
        for c in ATANH:
            poly = poly * s2 + c
        values[k] = exponents[k] * _LN2 + 2.0 * s * poly


@compiled(fastmath={"contract"}, error_model="numpy", nogil=True)
def _exponentials(values, powers, power_bits, count):
    """Replace the first ``count`` values by their exponentials; below exp(-708) is zero."""
    for k in range(count):
        x = min(max(values[k], _LOWEST), -_LOWEST)
        shifted = x * (1.0 / _LN2) + _MAGIC
        n = shifted - _MAGIC
        r = (x - n * 0.693145751953125) - n * 1.42860682030941723212e-6
        poly = 0.0
        for c in EXP:
            poly = poly * r + c
        values[k] = poly if values[k] > _LOWEST else 0.0
        powers[k] = shifted
    for k in range(count):
        power_bits[k] = (power_bits[k] + 1023) << 52
    for k in range(count):
        values[k] = values[k] * powers[k]


@compiled(fastmath={"contract"}, error_model="numpy", nogil=True)
def _logged(km, scratch, count, decay):
    """Replace km by the exponent of a decay of the logarithm of distance."""
    form, p, q, _ = decay
    spare = scratch[0]
    offset = 1.0 if form == OFFSET else 0.0
    unit = 1.0 if form == POWER else q
    rate = q if form == POWER else 0.0
    for k in range(count):
        spare[k] = km[k]
        km[k] = max(offset + km[k] / unit, 1e-300)
    _logarithms(km, km.view(np.int64), scratch[1], count)
    if form == LOGNORMAL:
        for k in range(count):
            km[k] = -p * km[k] * km[k]
    else:
        for k in range(count):
            km[k] = -p * km[k] - rate * spare[k]


@compiled(fastmath={"contract"}, error_model="numpy", nogil=True)
def _exponents(km, scratch, count, decay):
    """Replace km by the exponent of the decay: the weight is exp of it (logistic: 1 / (1 + exp))."""
    form, p, q, _ = decay
    if form in (POWER, LOGNORMAL, OFFSET):
        _logged(km, scratch, count, decay)
        return
    for k in range(count):
        if form == SMOOTH:
            km[k] = -km[k] * (p + q * km[k])
        elif form == ROOT:
            km[k] = -p * math.sqrt(km[k])
        else:
            km[k] = p * (km[k] - q)


@compiled(fastmath={"contract"}, error_model="numpy", nogil=True)
def _weights(values, scratch, count, decay):
    """Replace the first ``count`` km by their weights."""
    _exponents(values, scratch, count, decay)
    powers = scratch[0]
    _exponentials(values, powers, powers.view(np.int64), count)
    if decay[0] == LOGISTIC:
        for k in range(count):
            values[k] = 1.0 / (1.0 + values[k])


@compiled(fastmath={"contract", "reassoc"}, error_model="numpy", nogil=True)
def _product(values, mass, count):
    """Return the sum of the products, in an order that depends on ``count`` alone."""
    total = 0.0
    for k in range(count):
        total += values[k] * mass[k]
    return total


@compiled(error_model="numpy", nogil=True)
def scratch_rows():
    """Return the short buffers in which one thread works."""
    return np.empty((3, BUFFER))


@compiled(error_model="numpy", nogil=True)
def range_sum(points, low, high, here, decay, rows):
    """Return the sum of mass times decay over the points ``low`` to ``high``, seen from ``here``."""
    x, y, z, mass = points
    total = 0.0
    for first in range(low, high, BUFFER):
        last = min(first + BUFFER, high)
        kilometres(x, y, z, first, last, here, rows[0])
        _weights(rows[0], rows[1:], last - first, decay)
        total += _product(rows[0], mass[first:last], last - first)
    return total


@compiled(error_model="numpy", nogil=True)
def _exact_part(part, points, first, last, decay, domestic, foreign):
    """Write the sums of a part of the points."""
    x, y, z, _ = points
    n, rows = len(x), scratch_rows()
    for i in range(part * POINTS, min((part + 1) * POINTS, n)):
        here = (x[i], y[i], z[i])
        at_home = range_sum(points, first[i], i, here, decay, rows)
        at_home += range_sum(points, i + 1, last[i], here, decay, rows)
        abroad = range_sum(points, 0, first[i], here, decay, rows)
        abroad += range_sum(points, last[i], n, here, decay, rows)
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
