"""Geodesic distances in double precision, from one point to a run of others.

Points are unit vectors of the reduced latitude. Loops have neither a branch nor a call that is left to run
time, so that the compiler turns them into vector instructions.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np
from numpy.polynomial import Chebyshev, Polynomial

from geoinno._kernels.compiling import compiled
from geoinno._kernels.ellipsoid import ANTIPODAL, AXIS_KM, FLATTENING, HALF_MERIDIAN_KM, OPPOSITE
from geoinno._kernels.intrinsics import wide_vectors

if TYPE_CHECKING:
    from collections.abc import Callable

    from geoinno._types import Floats

# Squares of sin(d / 2) up to which the short series of the arc holds: 3,200 km.
CLOSE = 0.0625
_ONE = np.float32(1)
# Added to what is divided by: far below any square of a distance, and a normal number in single precision.
_TINY = 1e-36


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
_ARC_CLOSE = series(arc_ratio, 7, low=1e-15, high=CLOSE)


@compiled(fastmath={"arcp", "afn", "nnan", "ninf", "nsz"}, error_model="numpy", nogil=True)
def inverse_root_single(value):
    """Return one over the square root of a number of single precision, but for its last digit.

    The flags let the compiler take the processor's estimate (12 or 14 bits) and a step of Newton's method.
    """
    return _ONE / math.sqrt(value)


@compiled(fastmath={"contract"}, error_model="numpy", nogil=True)
def inverse_root(value):
    """Return one over the square root of a number from 1e-36 to 1e36, to the last digits.

    Processors take ten times as long for roots and quotients in double precision as for products. So the
    start is single (22 bits at least), and one step of Newton's method of third order triples its digits.
    """
    start = float(inverse_root_single(np.float32(value)))
    rest = 1.0 - value * start * start
    return start + start * rest * (0.5 + 0.375 * rest)


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
        root = inverse_root(square * rest + _TINY)
        inverse, sine = root * root, 2.0 * square * rest * root
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
        root = inverse_root(square * rest + _TINY)
        inverse, sine = root * root, 2.0 * square * rest * root
        ratio = 0.0
        for c in _ARC_CLOSE:
            ratio = ratio * square + c
        u, v = 0.5 * sz * sz * square * inverse, 0.5 * dz * dz * rest * inverse
        p, q = u + v, u - v
        first = 0.25 * FLATTENING * (ratio * p - q)
        km[k] = AXIS_KM * sine * (ratio - first + _second_order(ratio, square, p, q))


@compiled(fastmath={"contract", "reassoc", "nnan", "nsz"}, error_model="numpy", nogil=True)
def box(points, low, high):
    """Return the middle of the box around the points ``low`` to ``high``, and half its edges."""
    wide_vectors()
    x, y, z = points[0][low:high], points[1][low:high], points[2][low:high]
    left, right, front, back, bottom, top = 2.0, -2.0, 2.0, -2.0, 2.0, -2.0
    for k in range(len(x)):
        left, right = min(left, x[k]), max(right, x[k])
        front, back = min(front, y[k]), max(back, y[k])
        bottom, top = min(bottom, z[k]), max(top, z[k])
    middle = (0.5 * (left + right), 0.5 * (front + back), 0.5 * (bottom + top))
    return middle, (0.5 * (right - left), 0.5 * (back - front), 0.5 * (top - bottom))


@compiled(error_model="numpy", nogil=True)
def write_kilometres(points, low, high, here, around, km):
    """Write the geodesic km from ``here`` to the points ``low`` to ``high``, in a box ``around`` them."""
    square = 0.0
    for axis in range(3):
        square += (abs(here[axis] - around[0][axis]) + around[1][axis]) ** 2
    # A hair less than what the series bears: rounding may put a point outside the box.
    if 0.25 * square < CLOSE * (1.0 - 1e-12):
        _close_kilometres(points[0], points[1], points[2], low, high, here, km)
    else:
        kilometres(points[0], points[1], points[2], low, high, here, km)
