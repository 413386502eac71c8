"""Sums over the points of many nodes at once: held side by side, so that loops are long."""

from __future__ import annotations

import math

import numpy as np

from geoinno._kernels.compiling import compiled
from geoinno._kernels.disc import NODES
from geoinno._kernels.geodesics import CLOSE, box
from geoinno._kernels.lists import END, START
from geoinno._kernels.potential import BUFFER, range_sum
from geoinno._kernels.single import add_single, rounded

# Points held at once. Weights in a table of targets by sources, and numbers in a vector, in double and in
# single precision.
HELD = 4 * BUFFER
TABLE, VECTOR, _VECTOR_SINGLE = 8 * HELD, 8, 16
# The chord of the greatest distance for which the short series of the arc holds.
_CLOSE = 2.0 * math.sqrt(CLOSE)


@compiled(error_model="numpy", nogil=True)
def padded(held, count, vector):
    """Fill up what is held with points without mass to whole vectors; return how many are held then.

    What is left over of a loop over vectors costs as much as many of them.
    """
    end = -(-count // vector) * vector
    for k in range(count, end):
        held[0, k], held[1, k], held[2, k], held[3, k] = held[0, 0], held[1, 0], held[2, 0], 0.0
    return end


@compiled(error_model="numpy", nogil=True)
def _flush(targets, held, count, decay, km):
    """Add what the sources held contribute to each target."""
    x, y, z, sums = targets
    sources, count = (held[0], held[1], held[2], held[3]), padded(held, count, VECTOR)
    around = box(sources, 0, count)
    for i in range(len(x)):
        sums[i] += range_sum(sources, 0, count, (x[i], y[i], z[i]), around, decay, km)


@compiled(error_model="numpy", nogil=True)
def _flush_single(targets, centre, buffers, count, decay):
    """Add what the sources held contribute to each target, in single precision.

    All are reckoned from the centre of the targets; masses as shares of all mass, which follows the centre.
    """
    x, y, z, sums = targets
    held, single, seen, table = buffers
    count, widest = padded(held, count, _VECTOR_SINGLE), 0.0
    farthest = rounded(held, count, centre, single)
    for i in range(len(x)):
        dx, dy, dz = x[i] - centre[0], y[i] - centre[1], z[i] - centre[2]
        seen[0, i], seen[1, i], seen[2, i], seen[3, i] = dx, dy, dz, z[i]
        widest = max(widest, dx * dx + dy * dy + dz * dz)
    close = math.sqrt(farthest) + math.sqrt(widest) <= _CLOSE
    add_single(single, count, close, seen, centre[3], decay, table, sums)


@compiled(error_model="numpy", nogil=True)
def _sources(points, tree, node, held, count):
    """Hold the points of a node, or what stands in for them where they are many; return how many are held."""
    (x, y, z, mass), nodes, proxies = points, tree[0], tree[2]
    low, high = nodes[node, START], nodes[node, END]
    if high - low > NODES:
        for axis in range(4):
            for k in range(NODES):
                held[axis, count + k] = proxies[node, axis, k]
        return count + NODES
    for k in range(low, high):
        i = count + k - low
        held[0, i], held[1, i], held[2, i], held[3, i] = x[k], y[k], z[k], mass[k]
    return count + high - low


@compiled(error_model="numpy", nogil=True)
def add(points, tree, listed, targets, decay, buffers):
    """Add what the nodes listed contribute to each target."""
    held, km, count = buffers[0], np.empty(BUFFER), 0
    for node in listed:
        if count > HELD - NODES:
            _flush(targets, held, count, decay, km)
            count = 0
        count = _sources(points, tree, node, held, count)
    if count > 0:
        _flush(targets, held, count, decay, km)


@compiled(error_model="numpy", nogil=True)
def add_in_single(points, tree, listed, targets, centre, decay, buffers):
    """Add what the nodes listed contribute to each target, in single precision."""
    held, count = buffers[0], 0
    for node in listed:
        if count > HELD - NODES:
            _flush_single(targets, centre, buffers, count, decay)
            count = 0
        count = _sources(points, tree, node, held, count)
    if count > 0:
        _flush_single(targets, centre, buffers, count, decay)
