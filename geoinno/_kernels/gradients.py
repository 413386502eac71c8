"""Conjugate gradients for the effects of columns: the systems of one step, each until it is solved."""

from __future__ import annotations

import numpy as np

from geoinno._kernels.balancing import add_products
from geoinno._kernels.compiling import compiled

# Steps without one that halves what is left, after which rounding alone moves.
_PATIENCE = 25
_GAIN = 0.5


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
def conjugate_gradients(system, aim, guess, goal, most):
    """Return solutions of S x = aim, what they leave of the aim, and whether all have reached their goal.

    ``system`` is layout, weights, one over the row sums, and the column sums, whose inverse scales. A goal
    is the scaled size of what may be left. A system that has reached it rests while others go on; all end
    after ``most`` steps, or where none gains any more.
    """
    layout, weight, per_row, columns = system
    scale = np.zeros(columns.size)
    for j in range(columns.size):
        if columns[j] > 0:
            scale[j] = 1 / columns[j]
    values, rest, ahead = guess.copy(), aim.copy(), np.empty(aim.shape)
    count = aim.shape[0]
    active = np.array([np.any(guess[k] != 0) for k in range(count)])
    _times(system, values, active, ahead)
    length = np.empty(count)
    for k in range(count):
        if active[k]:
            rest[k] -= ahead[k]
        length[k] = _scaled_size(rest[k], scale)
    way, best, idle = rest * scale, length.copy(), 0
    active = length > goal
    for _ in range(most):
        if idle > _PATIENCE or not np.any(active):
            break
        _times(system, way, active, ahead)
        idle += 1
        for k in range(count):
            if active[k]:
                length[k] = _advance(values[k], rest[k], way[k], ahead[k], scale, length[k])
                active[k] = length[k] > goal[k]
                if active[k] and length[k] < _GAIN * best[k]:
                    idle = 0
                best[k] = min(best[k], length[k])
    return values, rest, not np.any(active)
