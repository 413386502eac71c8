"""Arrival surface: a thin-plate spline of the period of adoption over places, smoothed by likelihood.

T_i = x_i'b + sum_j phi(r_ij) c_j + e_i with phi(r) = r^2 ln r, x holding a constant, the two coordinates and,
where there are borders, a column for each country but one. Given one smoothing parameter everything is linear
in T, so speeds and delays have errors that follow from matrices.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from pyproj import CRS, Geod, Transformer
from scipy import optimize

if TYPE_CHECKING:
    from geoinno._types import Floats

_WGS84 = Geod(ellps="WGS84")
# Gradients are taken over this distance to either side, on the ground.
_STEP_KM = 1.0
_LEAST_FREE = 0.25
_RATIOS = (-14.0, 14.0)  # logs of the ratio of signal to noise between which it is searched for


@dataclass(frozen=True, slots=True, eq=False)
class Layout:
    """Places on an equal-area plane in km about their middle, and their coordinates in degrees."""

    lon: Floats
    lat: Floats
    forward: Transformer

    @property
    def plane(self) -> Floats:
        """The places on the plane, in km."""
        return self.at(self.lon, self.lat)

    def at(self, lon: Floats, lat: Floats) -> Floats:
        """Return points on the plane, in km."""
        return np.column_stack(self.forward.transform(lon, lat)) / 1000

    def moved(self, azimuth: float) -> Floats:
        """Return the places a step away in a direction on the ground, on the plane."""
        count = len(self.lon)
        lon, lat, _ = _WGS84.fwd(self.lon, self.lat, np.full(count, azimuth), np.full(count, _STEP_KM * 1000))
        return self.at(np.asarray(lon), np.asarray(lat))


def layout(lon: Floats, lat: Floats) -> Layout:
    """Return places on a plane about their middle."""
    lam, phi = np.radians(lon), np.radians(lat)
    xyz = np.array([np.cos(phi) * np.cos(lam), np.cos(phi) * np.sin(lam), np.sin(phi)]).mean(axis=1)
    lat0 = np.degrees(np.arctan2(xyz[2], np.hypot(xyz[0], xyz[1])))
    lon0 = np.degrees(np.arctan2(xyz[1], xyz[0]))
    flat = CRS(proj="laea", lat_0=float(lat0), lon_0=float(lon0), ellps="WGS84")
    return Layout(lon, lat, Transformer.from_crs(4326, flat, always_xy=True))


@dataclass(frozen=True, slots=True, eq=False)
class Surface:
    """A fitted surface, and what it is linear in.

    ``east`` and ``north`` turn arrivals into the periods a km eastwards and northwards at each place;
    ``jumps`` into the effects of countries. ``residual`` and ``sd`` are what the surface leaves.
    """

    fitted: Floats
    residual: Floats
    sd: float
    free: float
    east: Floats
    north: Floats
    jumps: Floats


def surface(places: Layout, arrival: Floats, countries: Floats) -> Surface:
    """Return the spline of arrivals; ``countries`` has a column for each country but the first."""
    xy = places.plane
    scale = float(np.abs(xy).max())
    basis = np.column_stack([np.ones(len(xy)), xy / scale, countries])
    kernel = _phi(xy / scale, xy / scale)
    full, _ = np.linalg.qr(basis, mode="complete")
    rest = full[:, basis.shape[1] :]
    weight, vectors = np.linalg.eigh(rest.T @ kernel @ rest)
    weight = np.maximum(weight, 0.0)
    directions = rest @ vectors
    ratio = _ratio(weight, directions.T @ arrival, least=len(arrival) * _LEAST_FREE)
    shrunk = 1 / (1 + ratio * weight)
    # Residuals are e = D (1 + ratio W)^-1 D'T, coefficients of the kernel ratio times those.
    annihilator = (directions * shrunk) @ directions.T
    bend = ratio * annihilator
    trend = np.linalg.pinv(basis) @ (np.eye(len(xy)) - annihilator - kernel @ bend)
    residual = annihilator @ arrival
    free = _free(ratio, weight)

    east, north = (_slope(places, azimuth, trend[1:3], bend=bend, scale=scale) for azimuth in (90.0, 0.0))
    return Surface(
        fitted=arrival - residual,
        residual=residual,
        sd=float(np.sqrt(residual @ residual / free)),
        free=free,
        east=east,
        north=north,
        jumps=trend[3:],
    )


def _slope(places: Layout, azimuth: float, trend: Floats, *, bend: Floats, scale: float) -> Floats:
    """Return the periods a km in a direction on the ground at each place, as a matrix that takes arrivals."""
    here, ahead, behind = (xy / scale for xy in (places.plane, *map(places.moved, (azimuth, azimuth + 180))))
    kernels = _phi(ahead, here) - _phi(behind, here)
    return np.asarray((kernels @ bend + (ahead - behind) @ trend) / (2 * _STEP_KM))


def _phi(here: Floats, there: Floats) -> Floats:
    """Return r^2 ln r between places (rows) and places (columns)."""
    square = ((here[:, None, :] - there[None, :, :]) ** 2).sum(axis=-1)
    return 0.5 * square * np.log(np.where(square > 0, square, 1.0))


def _free(ratio: float, weight: Floats) -> float:
    """Return the degrees of freedom that a surface leaves: n - tr(2 S - S S') of its smoother S."""
    shrunk = 1 / (1 + ratio * weight)
    return float((shrunk**2).sum())


def _ratio(weight: Floats, score: Floats, *, least: float) -> float:
    """Return the ratio of signal to noise of the highest restricted likelihood, some freedom left."""

    def loss(log_ratio: float) -> float:
        spread = 1 + np.exp(log_ratio) * weight
        return float(np.log(spread).sum() + len(score) * np.log((score**2 / spread).sum()))

    # A surface through every arrival leaves no noise to judge by.
    grid = np.array([value for value in np.linspace(*_RATIOS, 29) if _free(np.exp(value), weight) >= least])
    best = grid[int(np.argmin([loss(value) for value in grid]))]
    found = optimize.minimize_scalar(loss, bounds=(best - 1, min(best + 1, grid[-1])), method="bounded")
    return float(np.exp(found.x))
