"""Crowds of points and the four stand-ins of each: same mass, same centre, same spread."""

from __future__ import annotations

import math

import numpy as np
from numba import njit, prange

STAND_INS = 4
# The widest crowd (radians) whose stand-ins are spread; wider ones stand at the centre.
WIDEST = 0.2


@njit(cache=True, error_model="numpy", nogil=True)
def angle(a, b):
    """Return the angle between two unit vectors."""
    square = 0.25 * ((a[0] - b[0]) ** 2 + (a[1] - b[1]) ** 2 + (a[2] - b[2]) ** 2)
    return 2.0 * math.asin(math.sqrt(min(square, 1.0)))


@njit(cache=True, error_model="numpy", nogil=True)
def _unit(x, y, z):
    """Return the vector at length one, or the pole where it has no direction."""
    length = math.sqrt(x * x + y * y + z * z)
    if length < 1e-9:
        return 0.0, 0.0, 1.0
    return x / length, y / length, z / length


@njit(cache=True, error_model="numpy", nogil=True)
def _tangents(c):
    """Return two unit vectors that span the tangent plane at ``c``."""
    if abs(c[2]) < 0.7:
        first = _unit(-c[1], c[0], 0.0)
    else:
        first = _unit(0.0, -c[2], c[1])
    x = c[1] * first[2] - c[2] * first[1]
    y = c[2] * first[0] - c[0] * first[2]
    z = c[0] * first[1] - c[1] * first[0]
    return first, (x, y, z)


@njit(cache=True, error_model="numpy", nogil=True)
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


@njit(cache=True, error_model="numpy", nogil=True)
def _spread(points, low, high, c):
    """Return mean and covariance of a run of points in the tangent plane at ``c``, and its radius."""
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
    return (mu, mv), covariance, 2.0 * math.asin(min(0.5 * math.sqrt(widest), 1.0))


@njit(cache=True, error_model="numpy", nogil=True)
def _axes(covariance):
    """Return the half-axes, sqrt(2) standard deviations long, of a covariance in the plane."""
    uu, uv, vv = covariance
    middle, half = 0.5 * (uu + vv), math.hypot(0.5 * (uu - vv), uv)
    turn = 0.5 * math.atan2(2.0 * uv, uu - vv)
    long = math.sqrt(2.0 * max(middle + half, 0.0))
    short = math.sqrt(2.0 * max(middle - half, 0.0))
    return (long * math.cos(turn), long * math.sin(turn)), (-short * math.sin(turn), short * math.cos(turn))


@njit(cache=True, error_model="numpy", nogil=True)
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


@njit(cache=True, error_model="numpy", nogil=True)
def _stand_ins(c, mean, axes, proxies):
    """Write the four points mean +- half-axis, lifted to the sphere; return how far they are from ``c``."""
    e, g = _tangents(c)
    farthest = 0.0
    for k in range(STAND_INS):
        axis, sign = axes[k // 2], 1.0 - 2.0 * (k % 2)
        u, v = mean[0] + sign * axis[0], mean[1] + sign * axis[1]
        up = math.sqrt(max(1.0 - u * u - v * v, 0.0))
        for i in range(3):
            proxies[k, i] = u * e[i] + v * g[i] + up * c[i]
        farthest = max(farthest, math.asin(min(math.sqrt(u * u + v * v), 1.0)))
    return farthest


@njit(cache=True, error_model="numpy", nogil=True)
def _summary(points, low, high, crowd, proxies):
    """Write mass, centre, radius, third moment (with that of the stand-ins) and stand-ins of one node."""
    mass, c = _centre(points, low, high)
    crowd[0], crowd[1], crowd[2], crowd[3], crowd[4] = mass, c[0], c[1], c[2], math.pi
    if mass == 0.0:
        return
    mean, covariance, radius = _spread(points, low, high, c)
    axes = _axes(covariance)
    if radius > WIDEST:  # never replaced by the third-order rule: the centre will do
        mean, axes = (0.0, 0.0), ((0.0, 0.0), (0.0, 0.0))
    reach = _stand_ins(c, mean, axes, proxies)
    own = 0.5 * (math.hypot(axes[0][0], axes[0][1]) ** 3 + math.hypot(axes[1][0], axes[1][1]) ** 3)
    crowd[4] = max(radius, reach)
    crowd[5] = _third_moment(points, low, high, c, mean) + own


@njit(cache=True, parallel=True, error_model="numpy", nogil=True)
def summaries(points, start, end):
    """Return what is known of each node (a run of points) and its stand-ins.

    The columns are mass, centre (x, y, z), radius (radians) and the mean cubed distance from the
    centre, of the points and of the stand-ins together.
    """
    crowds = np.zeros((len(start), 6))
    proxies = np.zeros((len(start), STAND_INS, 3))
    for node in prange(len(start)):
        _summary(points, start[node], end[node], crowds[node], proxies[node])
    return crowds, proxies
