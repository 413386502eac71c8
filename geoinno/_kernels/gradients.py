"""Conjugate gradients for the effects of columns: the systems of one step, each until it is solved."""

from __future__ import annotations

from typing import Any

import numpy as np

from geoinno._kernels.compiling import compiled
from geoinno._kernels.layouts import add_products
from geoinno._kernels.threads import run_parts, thread_count

# Steps without one that halves what is left, after which rounding alone moves.
_PATIENCE = 25
_GAIN = 0.5
_MANY = 20_000  # pairs, from which on threads save more than they take to meet


@compiled(error_model="numpy", nogil=True)
def _times(system, values, active, into):
    """Write S = diag(c) - M' diag(1/r) M times the active of several vectors into ``into``."""
    layout, weight, per_row, columns = system
    for k in range(values.shape[0]):
        if active[k]:
            for j in range(columns.size):
                into[k, j] = columns[j] * values[k, j]
    add_products(layout, weight, per_row, values, active, np.zeros((len(values), per_row.size)), into)


@compiled(error_model="numpy", nogil=True, fastmath={"contract", "reassoc", "nsz"})
def _scaled_size(values, scale):
    """Return the sum of the squares of values, scaled."""
    total = 0.0
    for j in range(values.size):
        total += values[j] * values[j] * scale[j]
    return total


@compiled(error_model="numpy", nogil=True, fastmath={"contract", "reassoc", "nsz"})
def _advance(values, rest, way, ahead, scale, length):
    """Take the step of one system in place, and return the new length of what is left."""
    along = 0.0
    for j in range(way.size):
        along += way[j] * ahead[j]
    stride = length / along if along > 0 else 0.0
    for j in range(way.size):
        values[j] += stride * way[j]
        rest[j] -= stride * ahead[j]
    left = _scaled_size(rest, scale)
    turn = left / length if length > 0 else 0.0
    for j in range(way.size):
        way[j] = rest[j] * scale[j] + turn * way[j]
    return left


@compiled(error_model="numpy", nogil=True)
def _step(system, work, scale, length, active):
    """Take a step of each active system in place: its values, what is left, the way, and the length."""
    values, rest, way, ahead = work
    _times(system, way, active, ahead)
    for k in range(length.size):
        if active[k]:
            length[k] = _advance(values[k], rest[k], way[k], ahead[k], scale, length[k])


@compiled(error_model="numpy", nogil=True)
def _descend(part, bounds, system, aim, goal, limits, answer):
    """Solve the systems of a part in place. Each ends by itself: which others are of the part is all one."""
    scale, most = limits
    low, high = bounds[part], bounds[part + 1]
    values, rest, goal = answer[0][low:high], answer[1][low:high], goal[low:high]
    ahead = np.zeros(values.shape)
    _times(system, values, np.ones(len(goal), np.bool_), ahead)
    rest[:] = aim[low:high] - ahead
    way = rest * scale
    length = np.sum(rest * way, axis=1)
    best, idle = length.copy(), np.zeros(len(goal), np.int64)
    for _ in range(most):
        active = (length > goal) & (idle <= _PATIENCE)
        if not np.any(active):
            break
        _step(system, (values, rest, way, ahead), scale, length, active)
        idle = np.where(length < _GAIN * best, 0, idle + 1)
        best = np.minimum(best, length)
    answer[2][low:high] = length <= goal


def conjugate_gradients(system: Any, aim: Any, guess: Any, goal: Any, limits: Any) -> Any:
    """Return solutions of S x = aim, what they leave of the aim, and whether all have reached their goal.

    ``system`` is layout, weights, one over the row sums, and the column sums. A goal is the size of what may
    be left, in squares times the scale. ``limits`` are this scale, one over the column sums, and the most
    steps. A system that has reached its goal, or has stopped gaining, rests while others go on. Threads share
    the systems; those of one thread read the weights together.
    """
    values, rest, solved = guess.copy(), np.empty_like(aim), np.empty(len(aim), np.bool_)
    parts = min(thread_count(), len(aim)) if system[1].size > _MANY else 1
    bounds = np.arange(parts + 1) * len(aim) // parts
    run_parts(_descend, parts, bounds, system, aim, goal, limits, (values, rest, solved))
    return values, rest, bool(solved.all())
