"""Crowds of points and the three stand-ins of each: same mass, same centre, same spread."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from geoinno._kernels.compiling import compiled
from geoinno._kernels.threads import run_parts

if TYPE_CHECKING:
    from geoinno._types import Floats, Ints


STAND_INS = 3
_THIRD_OF_TURN = 2.0 * math.pi / STAND_INS
# The widest crowd (chord) whose stand-ins are spread; wider ones stand at the centre.
WIDEST = 0.2
_NODES = 16


@compiled(error_model="numpy", nogil=True)
def _unit(x, y, z):
    """Return the vector at length one, or the pole where it has no direction."""
    length = math.sqrt(x * x + y * y + z * z)
    if length < 1e-9:
        return 0.0, 0.0, 1.0
    return x / length, y / length, z / length


@compiled(error_model="numpy", nogil=True)
def _tangents(c):
    """Return two unit vectors that span the tangent plane at ``c``."""
    first = _unit(-c[1], c[0], 0.0) if abs(c[2]) < 0.7 else _unit(0.0, -c[2], c[1])
    x = c[1] * first[2] - c[2] * first[1]
    y = c[2] * first[0] - c[0] * first[2]
    z = c[0] * first[1] - c[1] * first[0]
    return first, (x, y, z)


@compiled(error_model="numpy", nogil=True)
def _centre(points, low, high):
    """Return the mass of a run of points and the direction of its centre (of mass, if it has any)."""
    x, y, z, mass = points
    total = mass[low:high].sum()
    cx, cy, cz = 0.0, 0.0, 0.0
    for k in range(low, high):
        share = mass[k] / total if total > 0.0 else 1.0 / (high - low)
        cx += share * x[k]
        cy += share * y[k]
        cz += share * z[k]
    return total, _unit(cx, cy, cz)


@compiled(error_model="numpy", nogil=True)
def _spread(points, low, high, c):
    """Return mean and covariance of a run of points in the tangent plane at ``c``, and its greatest chord."""
    x, y, z, mass = points
    e, g = _tangents(c)
    total, mu, mv, uu, uv, vv, widest = 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0
    for k in range(low, high):
        u = x[k] * e[0] + y[k] * e[1] + z[k] * e[2]
        v = x[k] * g[0] + y[k] * g[1] + z[k] * g[2]
        m = mass[k]
        total, mu, mv = total + m, mu + m * u, mv + m * v
        uu, uv, vv = uu + m * u * u, uv + m * u * v, vv + m * v * v
        widest = max(widest, (x[k] - c[0]) ** 2 + (y[k] - c[1]) ** 2 + (z[k] - c[2]) ** 2)
    mu, mv = mu / total, mv / total
    covariance = (uu / total - mu * mu, uv / total - mu * mv, vv / total - mv * mv)
    return (mu, mv), covariance, math.sqrt(widest)


@compiled(error_model="numpy", nogil=True)
def _axes(covariance):
    """Return the half-axes, sqrt(2) standard deviations long, of a covariance in the plane."""
    uu, uv, vv = covariance
    middle, half = 0.5 * (uu + vv), math.hypot(0.5 * (uu - vv), uv)
    turn = 0.5 * math.atan2(2.0 * uv, uu - vv)
    long = math.sqrt(2.0 * max(middle + half, 0.0))
    short = math.sqrt(2.0 * max(middle - half, 0.0))
    return (long * math.cos(turn), long * math.sin(turn)), (-short * math.sin(turn), short * math.cos(turn))


@compiled(error_model="numpy", nogil=True)
def _third_moment(points, low, high, c, mean):
    """Return the mean cubed distance of a run of points from its mean in the tangent plane."""
    x, y, z, mass = points
    e, g = _tangents(c)
    total, cubes = 0.0, 0.0
    for k in range(low, high):
        u = x[k] * e[0] + y[k] * e[1] + z[k] * e[2] - mean[0]
        v = x[k] * g[0] + y[k] * g[1] + z[k] * g[2] - mean[1]
        square = u * u + v * v
        total += mass[k]
        cubes += mass[k] * square * math.sqrt(square)
    return cubes / total


@compiled(error_model="numpy", nogil=True)
def _stand_ins(c, mean, axes, proxies):
    """Write three points a third of a turn apart on the ellipse of the half-axes, lifted to the sphere.

    Their covariance is half the square of each half-axis. Returned are the greatest chord from the
    centre ``c`` and the mean cubed distance from the mean.
    """
    e, g = _tangents(c)
    farthest, cubes = 0.0, 0.0
    for k in range(STAND_INS):
        along, aside = math.cos(k * _THIRD_OF_TURN), math.sin(k * _THIRD_OF_TURN)
        u, v = axes[0][0] * along + axes[1][0] * aside, axes[0][1] * along + axes[1][1] * aside
        cubes += math.hypot(u, v) ** 3 / STAND_INS
        u, v = mean[0] + u, mean[1] + v
        up = math.sqrt(max(1.0 - u * u - v * v, 0.0))
        for i in range(3):
            proxies[k, i] = u * e[i] + v * g[i] + up * c[i]
        farthest = max(farthest, math.sqrt(u * u + v * v + (1.0 - up) ** 2))
    return farthest, cubes


@compiled(error_model="numpy", nogil=True)
def _summary(points, low, high, crowd, proxies):
    """Write mass, centre, radius, third moment (with that of the stand-ins) and stand-ins of one node."""
    mass, c = _centre(points, low, high)
    crowd[0], crowd[1], crowd[2], crowd[3], crowd[4] = mass, c[0], c[1], c[2], 2.0
    if mass == 0.0:
        return
    mean, covariance, radius = _spread(points, low, high, c)
    axes = _axes(covariance)
    if radius > WIDEST:  # never replaced for their small spread: the centre will do
        mean, axes = (0.0, 0.0), ((0.0, 0.0), (0.0, 0.0))
    reach, cubes = _stand_ins(c, mean, axes, proxies)
    crowd[4] = max(radius, reach)
    crowd[5] = _third_moment(points, low, high, c, mean) + cubes if radius <= WIDEST else math.inf


@compiled(error_model="numpy", nogil=True)
def _summaries(part, points, nodes, crowds, proxies):
    """Write what is known of a part of the nodes."""
    for node in range(part * _NODES, min((part + 1) * _NODES, len(nodes))):
        _summary(points, nodes[node, 0], nodes[node, 1], crowds[node], proxies[node])


def summaries(points: tuple[Floats, ...], nodes: Ints) -> tuple[Floats, Floats]:
    """Return what is known of each node (a run of points) and its stand-ins.

    The columns are mass, centre (x, y, z), greatest chord from the centre, and the mean cubed distance
    from the mean, of points and stand-ins together (infinite for wide crowds).
    """
    crowds = np.zeros((len(nodes), 6))
    proxies = np.zeros((len(nodes), STAND_INS, 3))
    run_parts(_summaries, -(-len(nodes) // _NODES), points, nodes, crowds, proxies)
    return crowds, proxies
