"""The effect along a border: at points of the line, with a band that holds them all at once."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import shapely
from pyproj import Geod

from geoinno._types import LEVEL
from geoinno.measure._geodesy.ellipsoid import kilometres, unit_vectors
from geoinno.measure.borders import _local_linear

if TYPE_CHECKING:
    import geopandas as gpd

    from geoinno._types import Bools, Floats
    from geoinno.measure.borders._local_linear import Side


_WGS84 = Geod(ellps="WGS84")
_POINTS, _DRAWS = 20, 5000


@dataclass(frozen=True, slots=True)
class Units:
    """What the units are: degrees, value, and whether they lie on the second side."""

    lonlat: Floats
    y: Floats
    second: Bools


def points(line: gpd.GeoSeries) -> Floats:
    """Return the longitude and latitude of points at equal spaces along a line."""
    joined = shapely.line_merge(shapely.union_all(line.to_crs(4326).to_numpy()))
    # In an order and a direction that do not depend on the rows of any table.
    pieces = shapely.get_parts(shapely.normalize(joined))
    ends = np.cumsum([_WGS84.geometry_length(piece) for piece in pieces])
    wanted = (np.arange(_POINTS) + 0.5) / _POINTS * ends[-1]
    which = np.minimum(np.searchsorted(ends, wanted), len(pieces) - 1)
    starts = np.append(0.0, ends)[which]
    share = (wanted - starts) / (ends[which] - starts)
    at = shapely.line_interpolate_point(pieces[which], share, normalized=True)
    return np.column_stack([shapely.get_x(at), shapely.get_y(at)])


def along(units: Units, at: Floats, width: float, *, least: int, seed: int) -> pd.DataFrame:
    """Return the jump at each point of the line, from the units around it, with a uniform band.

    The distance to the point, signed by side, is the running variable (Cattaneo, Titiunik and Yu 2025).
    Where fewer than ``least`` units of a side lie within the bandwidth, it widens until they do.
    """
    km = kilometres(unit_vectors(*at.T), unit_vectors(*units.lonlat.T))
    signed = np.where(units.second, km, -km)
    widths = np.array([_width(x, units.second, width, least=least) for x in signed])
    table = pd.DataFrame(at, columns=["lon", "lat"]).assign(bandwidth_km=widths)
    known = [k for k, x in enumerate(signed) if _identified(x, units.second, widths[k])]
    jumps = np.full((len(at), 3), np.nan)
    if known:
        jumps[known] = _jumps(signed[known], units, widths[known], seed=seed)
    table[["estimate", "low", "high"]] = jumps
    return table


def _jumps(signed: Floats, units: Units, widths: Floats, *, seed: int) -> Floats:
    """Return the local linear jump at each point, and the ends of the bias-corrected band."""
    lines, parabolas = (
        [
            _local_linear.sides(x, width, degree=degree, above=units.second)
            for x, width in zip(signed, widths, strict=True)
        ]
        for degree in (1, 2)
    )
    estimates, robust = (
        np.array([_local_linear.jumps(fit, units.y)[0] for fit in fits]) for fits in (lines, parabolas)
    )
    spread = _covariance(parabolas, units.y)
    reach = _quantile(spread, seed) * np.sqrt(np.diag(spread))
    return np.column_stack([estimates, robust - reach, robust + reach])


def _width(x: Floats, second: Bools, width: float, *, least: int) -> float:
    """Return the bandwidth within which both sides hold enough units."""
    nearest = [np.sort(np.abs(x[side])) for side in (~second, second)]
    # A unit at the very edge of the bandwidth has no weight.
    return max(width, *(float(n[least - 1]) * (1 + 1e-9) for n in nearest))


def _identified(x: Floats, second: Bools, width: float) -> bool:
    """Return whether both sides identify the robust fit."""
    return not any(_local_linear.weakness(np.abs(x[s]), width, degree=2) for s in (~second, second))


def _covariance(fits: list[tuple[Side, Side]], y: Floats) -> Floats:
    """Return the covariance of the jumps at all points: near points share most of their units."""
    shares = np.zeros((len(fits), len(y)))
    for row, fit in zip(shares, fits, strict=True):
        for side in fit:
            row[side.inside] = side.influences(y)
    return np.asarray(shares @ shares.T)


def _quantile(spread: Floats, seed: int) -> float:
    """Return how many standard errors hold the largest deviation of all points, by simulation."""
    se = np.sqrt(np.diag(spread))
    scale = np.where(se > 0, se, 1.0)
    values, vectors = np.linalg.eigh(spread / np.outer(scale, scale))
    draws = np.random.default_rng(seed).standard_normal((_DRAWS, len(se)))
    fields = draws * np.sqrt(np.maximum(values, 0)) @ vectors.T
    return float(np.quantile(np.abs(fields).max(axis=1), LEVEL))
