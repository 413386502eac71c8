"""Exponentials and logarithms of whole rows of numbers, written so that the compiler makes vectors of them.

The functions of the C library are called number by number; these loops take half a nanosecond each.
"""

from __future__ import annotations

import math

import numpy as np

from geoinno._kernels.compiling import compiled
from geoinno._kernels.intrinsics import bits, double, wide_vectors

_LN2_HIGH, _LN2_LOW = 0.693145751953125, 1.42860682030941723212e-6
_LN2 = math.log(2)
# Adding this number rounds to a whole one, and leaves it in the lowest bits.
_MAGIC = 1.5 * 2.0**52
_LOWEST = -708.0
_SERIES = tuple(1 / math.factorial(k) for k in range(13, -1, -1))
# ln m = 2 artanh s with s = (m - 1) / (m + 1): at most 0.172 for m between the roots of 1/2 and 2.
_ARTANH = tuple(2 / (2 * k + 1) for k in range(10, -1, -1))
_MANTISSA, _ROOT_HALF_BITS = (1 << 52) - 1, 0x3FE6A09E667F3BCD


@compiled(error_model="numpy", nogil=True, fastmath={"contract"})
def exponentials(values):
    """Replace values of at most 708 by their exponentials."""
    wide_vectors()
    for k in range(values.size):
        x = max(values[k], _LOWEST)
        shifted = x * (1 / _LN2) + _MAGIC
        whole = shifted - _MAGIC
        rest = (x - whole * _LN2_HIGH) - whole * _LN2_LOW
        series = 0.0
        for coefficient in _SERIES:
            series = series * rest + coefficient
        values[k] = series * double((bits(shifted) + 1023) << 52)


@compiled(error_model="numpy", nogil=True, fastmath={"contract"})
def logarithms(values):
    """Replace normal values above zero by their logarithms.

    The bits of a number less those of the root of a half have the power of two in front of the mantissa.
    """
    wide_vectors()
    for k in range(values.size):
        above = bits(values[k]) - _ROOT_HALF_BITS
        mantissa, power = double((above & _MANTISSA) + _ROOT_HALF_BITS), np.float64(above >> 52)
        s = (mantissa - 1) / (mantissa + 1)
        series = 0.0
        for coefficient in _ARTANH:
            series = series * (s * s) + coefficient
        values[k] = power * _LN2_HIGH + (power * _LN2_LOW + s * series)
