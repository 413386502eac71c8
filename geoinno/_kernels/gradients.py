"""Conjugate gradients for the effects of columns: the systems of one step, each until it is solved."""

from __future__ import annotations

from typing import Any

import numpy as np

from geoinno._kernels.compiling import compiled
from geoinno._kernels.layouts import add_products, not_zero
from geoinno._kernels.threads import run_parts, thread_count

# Steps without one that halves what is left, after which rounding alone moves.
_PATIENCE = 25
_GAIN = 0.5
_MANY = 250_000  # pairs, from which on threads save more than they take to meet
_UNHEARD = 2**29  # products between two looks for an interrupt: half a second


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
def _active(length, goal, idle):
    """Whether each system has neither reached its goal nor stopped gaining."""
    return (length > goal) & (idle <= _PATIENCE)


@compiled(error_model="numpy", nogil=True)
def _begin(system, scale, work):
    """Take what the first values explain from what is left, of those that are not zero, and look ahead."""
    values, rest, way, ahead, length, best = work
    guessed = not_zero(values)
    if np.any(guessed):
        _times(system, values, guessed, ahead)
    for k in range(len(values)):
        if guessed[k]:
            rest[k] -= ahead[k]
        way[k] = rest[k] * scale
        length[k] = best[k] = _scaled_size(rest[k], scale)


@compiled(error_model="numpy", nogil=True)
def _descend(part, bounds, system, goal, scale, work, span):
    """Take some steps of the systems of a part in place, from the first to the last of a span.

    Each system ends by itself: which others are of the part makes no difference.
    """
    low, high = bounds[part], bounds[part + 1]
    values, rest, way, ahead = work[0][low:high], work[1][low:high], work[2][low:high], work[3][low:high]
    length, best, idle, goal = work[4][low:high], work[5][low:high], work[6][low:high], goal[low:high]
    if span[0] == 0:
        _begin(system, scale, (values, rest, way, ahead, length, best))
    for _ in range(span[0], span[1]):
        active = _active(length, goal, idle)
        if not np.any(active):
            break
        _step(system, (values, rest, way, ahead), scale, length, active)
        for k in range(length.size):
            idle[k] = 0 if length[k] < _GAIN * best[k] else idle[k] + 1
            best[k] = min(best[k], length[k])


def conjugate_gradients(system: Any, aim: Any, guess: Any, goal: Any, limits: Any) -> Any:
    """Return solutions of S x = aim, what they leave of the aim, and whether all have reached their goal.

    ``system`` is layout, weights, one over the row sums, and the column sums. A goal is the size of what may
    be left, in squares times the scale. ``limits`` are this scale, one over the column sums, and the most
    steps. A system that has reached its goal, or has stopped gaining, rests while others go on. Threads share
    the systems; those of one thread read the weights together. Between some steps an interrupt is heard.
    """
    scale, most = limits
    count, pairs = len(aim), system[1].size
    length, best, idle = np.empty(count), np.empty(count), np.zeros(count, np.int64)
    work = (guess.copy(), aim.copy(), np.empty_like(aim), np.zeros_like(aim), length, best, idle)
    parts = min(thread_count(), count) if pairs > _MANY else 1
    bounds, some = np.arange(parts + 1) * count // parts, max(1, _UNHEARD // (pairs * count))
    for first in range(0, most, some):
        span = (first, min(first + some, most))
        run_parts(_descend, parts, bounds, system, goal, scale, work, span)
        if not _active(length, goal, idle).any():
            break
    return work[0], work[1], bool((length <= goal).all())
