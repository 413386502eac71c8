"""Weights of distances in double precision: a loop for each form of decay, in the place of the distances."""

from __future__ import annotations

import math

import numpy as np

from geoinno._kernels.compiling import compiled
from geoinno._kernels.geodesics import inverse_root, series
from geoinno._kernels.intrinsics import bits, double, wide_vectors

# A decay is a form, two numbers (see `weigh`), and the km at which the weight is highest.
SMOOTH, POWER, LOGNORMAL, ROOT, LOGISTIC, OFFSET = range(6)
_ROOT_HALF_BITS, _BIAS, _FRACTION = 0x3FE6A09E667F3BCD, 1023, 52
_MAGIC = 1.5 * 2.0**52
_LOWEST = -708.0
_LN2, _PER_LN2 = math.log(2.0), 1.0 / math.log(2.0)
_LN2_HIGH, _LN2_LOW = 0.693145751953125, 1.42860682030941723212e-6
_ONE = np.float32(1)
# exp on |r| <= ln(2) / 2, in t = 2 r / ln(2); atanh(s) / s in s^2 for s from roots of two.
_EXP = series(lambda t: np.exp(t * math.log(2) / 2), 10)
_ATANH = series(lambda u: np.arctanh(np.sqrt(u)) / np.sqrt(u), 7, low=1e-15, high=0.0295)


@compiled(fastmath={"contract"}, error_model="numpy", nogil=True)
def _inverse(value):
    """Return one over a number from 1e-36 to 1e36: a start in single precision, and a step of third order."""
    start = float(_ONE / np.float32(value))
    rest = 1.0 - value * start
    return start + start * rest * (1.0 + rest)


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
    s = (fraction - 1.0) * _inverse(fraction + 1.0)
    poly = 0.0
    for c in _ATANH:
        poly = poly * (s * s) + c
    return float(exponent) * _LN2 + 2.0 * s * poly


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
        km[k] = _exp(-p * km[k] * inverse_root(km[k] + 1e-30))


@compiled(fastmath={"contract"}, error_model="numpy", nogil=True)
def _logistic(km, p, q):
    """Weigh by 1 / (1 + exp(p (d - q)))."""
    wide_vectors()
    for k in range(len(km)):
        km[k] = 1.0 / (1.0 + _exp(p * (km[k] - q)))


@compiled(fastmath={"contract"}, error_model="numpy", nogil=True)
def _power(km, p, q):
    """Weigh by d^-p exp(-q d)."""
    wide_vectors()
    for k in range(len(km)):
        km[k] = _exp(-p * _log(max(km[k], 1e-300)) - q * km[k])


@compiled(fastmath={"contract"}, error_model="numpy", nogil=True)
def _offset(km, p, per_unit):
    """Weigh by (1 + d / q)^-p, given 1 / q."""
    wide_vectors()
    for k in range(len(km)):
        km[k] = _exp(-p * _log(1.0 + km[k] * per_unit))


@compiled(fastmath={"contract"}, error_model="numpy", nogil=True)
def _lognormal(km, p, per_unit):
    """Weigh by exp(-p ln(d / q)^2), given 1 / q."""
    wide_vectors()
    for k in range(len(km)):
        log = _log(max(km[k] * per_unit, 1e-300))
        km[k] = _exp(-p * log * log)


@compiled(error_model="numpy", nogil=True)
def weigh(km, decay):
    """Write the weights of these km in their place."""
    form, p, q, _ = decay
    if form == SMOOTH:
        _smooth(km, p, q)
    elif form == ROOT:
        _root(km, p)
    elif form == LOGISTIC:
        _logistic(km, p, q)
    elif form == POWER:
        _power(km, p, q)
    elif form == OFFSET:
        _offset(km, p, 1.0 / q)
    else:
        _lognormal(km, p, 1.0 / q)
