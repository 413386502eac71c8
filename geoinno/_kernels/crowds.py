"""Crowds of points, each in a disc of the sphere, and masses at the nodes of the disc that stand in for it.

The masses at the nodes have the same moments as the points up to the fourth order, in the tangent plane at
the centre of the disc; some are negative. So any function that is a polynomial of degree four in the disc
sums to the same over both.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from geoinno._kernels.compiling import compiled
from geoinno._kernels.disc import COEFFICIENTS, DISC, NODES, ORDER
from geoinno._kernels.ellipsoid import WIDEST
from geoinno._kernels.potential import BUFFER
from geoinno._kernels.threads import run_parts

if TYPE_CHECKING:
    from geoinno._types import Floats, Ints


# The narrowest disc (chord): 6 mm.
NARROWEST = 1e-9
# Columns of crowds: mass, centre, radius (chord), and the greatest mass of a point.
MASS, CENTRE, RADIUS, HEAVIEST = 0, 1, 4, 5
_NODES = 16


@compiled(error_model="numpy", nogil=True)
def _unit(x, y, z):
    """Return the vector at length one, or the pole where it has no direction."""
    length = math.sqrt(x * x + y * y + z * z)
    if length < 1e-9:
        return 0.0, 0.0, 1.0
    return x / length, y / length, z / length


@compiled(error_model="numpy", nogil=True)
def tangents(c):
    """Return two unit vectors that span the tangent plane at ``c``."""
    first = _unit(-c[1], c[0], 0.0) if abs(c[2]) < 0.7 else _unit(0.0, -c[2], c[1])
    x = c[1] * first[2] - c[2] * first[1]
    y = c[2] * first[0] - c[0] * first[2]
    z = c[0] * first[1] - c[1] * first[0]
    return first, (x, y, z)


@compiled(fastmath={"contract", "reassoc"}, error_model="numpy", nogil=True)
def _masses(points, low, high):
    """Return the sum and the greatest of the masses of a run of points, and the direction of its middle."""
    x, y, z, mass = points
    total, heaviest, cx, cy, cz = 0.0, 0.0, 0.0, 0.0, 0.0
    for k in range(low, high):
        total, heaviest = total + mass[k], max(heaviest, mass[k])
        cx, cy, cz = cx + x[k], cy + y[k], cz + z[k]
    return total, heaviest, _unit(cx, cy, cz)


@compiled(fastmath={"contract"}, error_model="numpy", nogil=True)
def _centred(points, low, high, c):
    """Return the centre of the box of a run of points in the tangent plane at ``c``, on the sphere."""
    x, y, z, _ = points
    e, g = tangents(c)
    left, right, bottom, top = math.inf, -math.inf, math.inf, -math.inf
    for k in range(low, high):
        u = x[k] * e[0] + y[k] * e[1] + z[k] * e[2]
        v = x[k] * g[0] + y[k] * g[1] + z[k] * g[2]
        left, right, bottom, top = min(left, u), max(right, u), min(bottom, v), max(top, v)
    u, v = 0.5 * (left + right), 0.5 * (bottom + top)
    up = math.sqrt(max(1.0 - u * u - v * v, 0.0))
    return _unit(
        u * e[0] + v * g[0] + up * c[0], u * e[1] + v * g[1] + up * c[1], u * e[2] + v * g[2] + up * c[2]
    )


@compiled(fastmath={"contract"}, error_model="numpy", nogil=True)
def _radius(points, low, high, c):
    """Return the greatest chord from ``c`` to a run of points."""
    x, y, z, _ = points
    widest = 0.0
    for k in range(low, high):
        dx, dy, dz = x[k] - c[0], y[k] - c[1], z[k] - c[2]
        widest = max(widest, dx * dx + dy * dy + dz * dz)
    return max(math.sqrt(widest), NARROWEST)


@compiled(fastmath={"contract", "reassoc"}, error_model="numpy", nogil=True)
def _sum_and_raise(terms, factor):
    """Return the sum of the terms, and multiply each by its factor."""
    total = 0.0
    for k in range(len(terms)):
        total += terms[k]
        terms[k] = terms[k] * factor[k]
    return total


@compiled(fastmath={"contract", "reassoc"}, error_model="numpy", nogil=True)
def _add_moments(points, low, high, disc, moments, rows):
    """Add the moments of a run of at most a buffer of points, as seen from a centre, in radii."""
    x, y, z, mass = points
    c, radius = disc
    e, g = tangents(c)
    count = high - low
    u, v, terms, outer = rows[0, :count], rows[1, :count], rows[2, :count], rows[3, :count]
    for k in range(count):
        dx, dy, dz = x[low + k] - c[0], y[low + k] - c[1], z[low + k] - c[2]
        u[k] = (dx * e[0] + dy * e[1] + dz * e[2]) / radius
        v[k] = (dx * g[0] + dy * g[1] + dz * g[2]) / radius
        outer[k] = mass[low + k]
    a = 0
    for i in range(ORDER):
        terms[:] = outer
        for _ in range(ORDER - i):
            moments[a] += _sum_and_raise(terms, v)
            a += 1
        _sum_and_raise(outer, u)


@compiled(error_model="numpy", nogil=True)
def _stand_in(disc, moments, proxies):
    """Write the nodes of a disc, lifted to the sphere, and the masses there that have these moments."""
    c, radius = disc
    e, g = tangents(c)
    for k in range(NODES):
        u, v = radius * DISC[k, 0], radius * DISC[k, 1]
        up = math.sqrt(max(1.0 - u * u - v * v, 0.0))
        for i in range(3):
            proxies[i, k] = u * e[i] + v * g[i] + up * c[i]
        mass = 0.0
        for a in range(NODES):
            mass += moments[a] * COEFFICIENTS[a, k]
        proxies[3, k] = mass


@compiled(error_model="numpy", nogil=True)
def _summary(points, low, high, crowd, proxies):
    """Write what is known of one node, and what stands in for it where there are more points than nodes."""
    mass, heaviest, middle = _masses(points, low, high)
    c = _centred(points, low, high, middle) if _radius(points, low, high, middle) <= 1.0 else middle
    radius = _radius(points, low, high, c)
    crowd[MASS], crowd[RADIUS], crowd[HEAVIEST] = mass, radius, heaviest
    crowd[CENTRE], crowd[CENTRE + 1], crowd[CENTRE + 2] = c
    if high - low <= NODES or radius > WIDEST:
        return
    moments, rows = np.zeros(NODES), np.empty((4, BUFFER))
    for first in range(low, high, BUFFER):
        _add_moments(points, first, min(first + BUFFER, high), (c, radius), moments, rows)
    _stand_in((c, radius), moments, proxies)


@compiled(error_model="numpy", nogil=True)
def _summaries(part, points, nodes, crowds, proxies):
    """Write what is known of a part of the nodes."""
    for node in range(part * _NODES, min((part + 1) * _NODES, len(nodes))):
        _summary(points, nodes[node, 0], nodes[node, 1], crowds[node], proxies[node])


def summaries(points: tuple[Floats, ...], nodes: Ints) -> tuple[Floats, Floats]:
    """Return what is known of each node (a run of points), and what stands in for it: x, y, z, mass.

    The columns are mass, centre (x, y, z), greatest chord from the centre, and the greatest mass of a point.
    """
    crowds = np.zeros((len(nodes), 6))
    proxies = np.zeros((len(nodes), 4, NODES))
    run_parts(_summaries, -(-len(nodes) // _NODES), points, nodes, crowds, proxies)
    return crowds, proxies
