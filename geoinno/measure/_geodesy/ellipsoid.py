"""Points on the reduced sphere, and geodesic kilometres between them by a closed formula.

The formula is Thomas's (1970), of second order in the flattening. Against the exact geodesic it is
within 1e-8 up to 12,000 km, 3e-6 up to 19,000 km and 1e-3 in the last 400 km before the antipode.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from geoinno._kernels.ellipsoid import ANTIPODAL, AXIS_KM, FLATTENING, HALF_MERIDIAN_KM, OPPOSITE

if TYPE_CHECKING:
    from geoinno._types import Floats


def unit_vectors(lon: Floats, lat: Floats) -> Floats:
    """Return x, y, z of points in degrees, on the sphere of the reduced latitude."""
    reduced, lam = np.arctan((1 - FLATTENING) * np.tan(np.radians(lat))), np.radians(lon)
    return np.column_stack(
        [np.cos(reduced) * np.cos(lam), np.cos(reduced) * np.sin(lam), np.sin(reduced)],
    )


def kilometres(here: Floats, there: Floats) -> Floats:
    """Return the geodesic km from each point of ``here`` (rows) to each of ``there`` (columns)."""
    return paired_kilometres(here[:, None, :], there[None, :, :])


def paired_kilometres(here: Floats, there: Floats) -> Floats:
    """Return the geodesic km between points whose arrays broadcast (x, y, z on the last axis)."""
    apart = [(here[..., axis] - there[..., axis]) ** 2 for axis in range(3)]
    square = np.minimum(0.25 * (apart[0] + apart[1] + apart[2]), OPPOSITE)
    rest = 1 - square
    sine, cosine = 2 * np.sqrt(square * rest), 1 - 2 * square
    with np.errstate(invalid="ignore", divide="ignore"):
        ratio = np.where(square > 0, 2 * np.arcsin(np.sqrt(square)) / sine, 1.0)
        v = np.where(square > 0, 0.5 * apart[2] / square, 0.0)
    u = 0.5 * (here[..., 2] + there[..., 2]) ** 2 / rest
    p, q = u + v, u - v
    d4, e2 = 4 * ratio**2, 2 * cosine
    first = 0.25 * FLATTENING * (ratio * p - q)
    second = p * (d4 * e2 + (ratio - 0.5 * (d4 * e2 - e2)) * p) - q * (2 * d4 + e2 * q) + d4 * p * q
    second = np.where(rest > ANTIPODAL, FLATTENING**2 / 64 * second, 0.0)
    km: Floats = np.minimum(AXIS_KM * sine * (ratio - first + second), HALF_MERIDIAN_KM)
    return km
