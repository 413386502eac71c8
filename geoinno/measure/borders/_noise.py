"""Borders on maps of noise: what a difference across borders is where no border has an effect."""

from __future__ import annotations

from typing import TYPE_CHECKING

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from geoinno.measure._inference.noise import noise_p, simulate_noise

if TYPE_CHECKING:
    from geoinno.measure.borders._differences import Case

_DRAWS, _FREE = 499, 10


def p_noise(case: Case, segments: pd.DataFrame, part: float, *, seed: int) -> float:
    """Return the two-sided p-value of the part abroad among maps as smooth as what countries leave.

    The noise is fitted to the residuals of the means of countries, so that an effect of borders does not
    pass for smoothness. Missing without lines, for several indicators, or where too few regions are left.
    """
    linked = np.unique(np.concatenate([case.sides.first, case.sides.second]))
    land = pd.get_dummies(_countries(case, segments)[linked], drop_first=True, dtype=float)
    if not isinstance(segments, gpd.GeoDataFrame) or case.level.shape[1] > 1:
        return float("nan")
    level = pd.Series(case.level[linked, 0], index=case.sides.ids[linked], name="values")
    if len(linked) - land.shape[1] - 1 < _FREE or _explained(level, land):
        return float("nan")
    places = gpd.GeoDataFrame(geometry=_places(case, segments)[linked], index=level.index, crs=4326)
    terms = land.set_axis(level.index).set_axis([f"country {name}" for name in land.columns], axis=1)
    fields = simulate_noise(level, places, regressors=terms, draws=_DRAWS, seed=seed).fields
    drawn = np.empty(_DRAWS)
    for draw, field in enumerate(fields.T):
        whole = np.zeros_like(case.level)
        whole[linked, 0] = field
        drawn[draw] = case.part(whole)
    return noise_p(part, drawn)


def _countries(case: Case, segments: pd.DataFrame) -> pd.Series:
    """Return the country of each region by its position, missing where no segment names it."""
    land = pd.Series(index=range(len(case.sides.ids)), dtype=object)
    land[case.sides.first] = segments["first_country"].to_numpy(object)
    land[case.sides.second] = segments["second_country"].to_numpy(object)
    return land


def _explained(level: pd.Series, land: pd.DataFrame) -> bool:
    """Return whether the means of countries leave nothing but rounding."""
    spread = level.groupby(land.to_numpy() @ np.arange(1, land.shape[1] + 1)).transform("std").fillna(0.0)
    return bool(spread.max() <= 1e-9 * np.ptp(level.to_numpy()))


def _places(case: Case, segments: gpd.GeoDataFrame) -> shapely.GeometryArray:
    """Return a point of each region: the mean of the middles of its segments, on the sphere."""
    lines = segments.geometry.to_crs(4326).to_numpy()
    middle = shapely.line_interpolate_point(lines, 0.5, normalized=True)
    lon, lat = np.radians(shapely.get_x(middle)), np.radians(shapely.get_y(middle))
    xyz = np.column_stack([np.cos(lat) * np.cos(lon), np.cos(lat) * np.sin(lon), np.sin(lat)])
    total = np.zeros((len(case.sides.ids), 3))
    np.add.at(total, case.sides.first, xyz)
    np.add.at(total, case.sides.second, xyz)
    x, y, z = total.T
    return shapely.points(np.degrees(np.arctan2(y, x)), np.degrees(np.arctan2(z, np.hypot(x, y))))
