"""Trend: surfaces taken out, with the residuals of NumPy's own polynomial, and what is too little data."""

from __future__ import annotations

import geopandas
import numpy as np
import pandas as pd
import pytest
from shapely.geometry import box

import geoinno as gi


@pytest.fixture(scope="module")
def board():
    """Return a hundred cells about the 50th parallel."""
    cells = [(r, c) for r in range(10) for c in range(10)]
    return geopandas.GeoDataFrame(
        geometry=[box(c / 2, 47 + r / 2, c / 2 + 0.5, 47.5 + r / 2) for r, c in cells],
        index=[f"{r}{c}" for r, c in cells],
        crs=4326,
    )


def test_a_plane_leaves_nothing(board):
    at = gi.weigh.places(board)
    slope = at["lat"] * 2 + at["lon"]
    # Degrees are not quite a plane on the map: a parabola takes nearly all, a plane most of it.
    assert gi.measure.detrended(slope, board).std() < 0.02 * slope.std()
    assert gi.measure.detrended(slope, board, degree=2).std() < 0.002 * slope.std()


@pytest.mark.parametrize("degree", [1, 2, 3])
def test_residuals_are_those_of_a_polynomial_of_the_places(board, degree):
    # An equal-area projection about the middle of the map, and least squares by numpy.polynomial.
    values = pd.Series(np.random.default_rng(2).normal(size=100), board.index)
    lon, lat = gi.weigh.places(board)["lon"], gi.weigh.places(board)["lat"]
    middle = f"+proj=laea +lat_0={lat.mean()} +lon_0={lon.mean()} +ellps=WGS84 +units=km"
    points = geopandas.GeoSeries(geopandas.points_from_xy(lon, lat), board.index, crs=4326).to_crs(middle)
    every = np.polynomial.polynomial.polyvander2d(points.x / 1e3, points.y / 1e3, [degree, degree])
    powers = np.add.outer(np.arange(degree + 1), np.arange(degree + 1)).ravel()
    shape = every[:, powers <= degree]
    expected = values - shape @ np.linalg.lstsq(shape, values, rcond=None)[0]
    rest = gi.measure.detrended(values, board, degree=degree)
    # The polynomials of all projections about nearly the same middle span nearly the same surfaces.
    np.testing.assert_allclose(rest, expected, atol=0.02)
    assert np.corrcoef(rest, expected)[0, 1] > 0.9999
    assert abs(rest.mean()) < 1e-12


def test_rows_units_and_levels_change_nothing(board):
    values = pd.Series(np.random.default_rng(2).normal(size=100), board.index, name="level")
    once = gi.measure.detrended(values, board)
    assert once.name == "level"
    pd.testing.assert_series_equal(gi.measure.detrended(values[::-1], board), once[::-1])
    pd.testing.assert_series_equal(gi.measure.detrended(values * 1e6 + 5, board), once * 1e6)
    pd.testing.assert_series_equal(gi.measure.detrended(once, board), once)


def test_too_few_regions_or_too_high_a_degree_are_refused(board):
    values = pd.Series(np.arange(100.0), board.index)
    few = board.iloc[:5]
    with pytest.raises(gi.errors.OptionError, match="5 are given"):
        gi.measure.detrended(values[few.index], few)
    with pytest.raises(gi.errors.OptionError, match="at most 4"):
        gi.measure.detrended(values, board, degree=5)
    with pytest.raises(gi.errors.ColumnError, match="'00'"):
        gi.measure.detrended(values.where(values > 0), board)
