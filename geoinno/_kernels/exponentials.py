"""Exponentials and logarithms of whole rows of numbers, written so that the compiler makes vectors of them.

The functions of the C library are called number by number; these loops take a nanosecond each.
"""

from __future__ import annotations

import math

import numpy as np

from geoinno._kernels.compiling import compiled

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
def exponentials(values, powers):
    """Replace values of at most 708 by their exponentials; ``powers`` is room to work in."""
    bits = powers.view(np.int64)
    for k in range(values.size):
        x = max(values[k], _LOWEST)
        shifted = x * (1 / _LN2) + _MAGIC
        whole = shifted - _MAGIC
        rest = (x - whole * _LN2_HIGH) - whole * _LN2_LOW
        series = 0.0
        for coefficient in _SERIES:
            series = series * rest + coefficient
        values[k] = series
        powers[k] = shifted
    for k in range(values.size):
        bits[k] = (bits[k] + 1023) << 52
    for k in range(values.size):
        values[k] *= powers[k]


@compiled(error_model="numpy", nogil=True, fastmath={"contract"})
def logarithms(values, powers):
    """Replace normal values above zero by their logarithms; ``powers`` is room to work in.

    The bits of a number less those of the root of a half have the power of two in front of the mantissa.
    """
    bits, mantissas = powers.view(np.int64), values.view(np.int64)
    for k in range(values.size):
        above = mantissas[k] - _ROOT_HALF_BITS
        bits[k] = above >> 52
        mantissas[k] = (above & _MANTISSA) + _ROOT_HALF_BITS
    for k in range(values.size):
        powers[k] = np.float64(bits[k])
    for k in range(values.size):
        s = (values[k] - 1) / (values[k] + 1)
        series = 0.0
        for coefficient in _ARTANH:
            series = series * (s * s) + coefficient
        values[k] = powers[k] * _LN2_HIGH + (powers[k] * _LN2_LOW + s * series)
