"""How close expected flows are to those observed: sums over pairs in one pass."""

from __future__ import annotations

import math

import numpy as np

from geoinno._kernels.compiling import compiled
from geoinno._kernels.exponentials import logarithms

_BLOCK = 1024  # numbers whose rooms stay in the first cache of a processor
# Stirling's series holds to rounding from here on; below, ln y! = ln (y + 8)! - ln (y + 1)...(y + 8).
_STIRLING, _SHIFT = 16.0, 8
_HALF_LN_2_PI = 0.5 * math.log(2 * math.pi)
# In powers of 1 / y^2, over y (Abramowitz and Stegun 1964, 6.1.41).
_SERIES = (-691 / 360360, 1 / 1188, -1 / 1680, 1 / 1260, -1 / 360, 1 / 12)


@compiled(error_model="numpy", nogil=True)
def _above_zero(flow, into):
    """Write the flows above zero into ``into``, and return how many there are."""
    count = 0
    for e in range(flow.size):
        into[count] = flow[e]
        count += flow[e] > 0
    return count


@compiled(error_model="numpy", nogil=True, fastmath={"contract", "reassoc", "nsz"})
def _entropies(y, logs):
    """Return the sum of y ln y - y; ``logs`` is room to work in."""
    for k in range(y.size):
        logs[k] = y[k]
    logarithms(logs)
    total = 0.0
    for k in range(y.size):
        total += y[k] * logs[k] - y[k]
    return total


@compiled(error_model="numpy", nogil=True, fastmath={"contract", "reassoc", "nsz"})
def _log_factorials(y, logs, room):
    """Return the sum of ln y!; ``logs`` and ``room`` are room to work in."""
    for k in range(y.size):
        small = min(y[k], _STIRLING)
        product = 1.0
        for step in range(1, _SHIFT + 1):
            product *= small + step
        below = y[k] < _STIRLING
        room[k] = product if below else 1.0
        logs[k] = y[k] + _SHIFT if below else y[k]
        y[k] = logs[k]
    logarithms(room)
    logarithms(logs)
    total = 0.0
    for k in range(y.size):
        inverse, series = 1 / y[k], 0.0
        for coefficient in _SERIES:
            series = series * (inverse * inverse) + coefficient
        total += (y[k] + 0.5) * logs[k] - y[k] + _HALF_LN_2_PI + series * inverse - room[k]
    return total


@compiled(error_model="numpy", nogil=True)
def closeness(flow, mean):
    """Return the sums of min(flow, mean), and over flows y above zero those of y ln y - y and of ln y!."""
    common = saturated = factorials = 0.0
    y, logs, room = np.empty(_BLOCK), np.empty(_BLOCK), np.empty(_BLOCK)
    for first in range(0, flow.size, _BLOCK):
        some, expected = flow[first : first + _BLOCK], mean[first : first + _BLOCK]
        for e in range(some.size):
            common += min(some[e], expected[e])
        count = _above_zero(some, y)
        saturated += _entropies(y[:count], logs[:count])
        factorials += _log_factorials(y[:count], logs[:count], room[:count])
    return common, saturated, factorials
