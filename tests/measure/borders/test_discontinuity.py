"""Discontinuity: numbers of rdrobust and rd2d, planted jumps, and refusals with a bandwidth that would do."""

from __future__ import annotations

import json
import re
from pathlib import Path

import geopandas
import numpy as np
import pandas as pd
import pytest
from pyproj import Geod
from shapely.geometry import LineString, box

import geoinno as gi
from geoinno.measure.borders import _border_points, _local_linear

GEOD = Geod(ellps="WGS84")
TRUTH = json.loads((Path(__file__).parents[2] / "truth" / "discontinuity.json").read_text())


@pytest.mark.parametrize("case", TRUTH["cases"], ids=lambda case: str(case["width"]))
def test_jumps_are_those_of_rdrobust(case):
    # rdrobust 2.1.1 with h = b, triangular kernel and HC3 errors: tests/truth/discontinuity.py.
    x, y = np.array(TRUTH["x"]), np.array(TRUTH["y"])
    line = _local_linear.jump(x, y, case["width"], degree=1)
    robust = _local_linear.jump(x, y, case["width"], degree=2)
    np.testing.assert_allclose(line, case["Conventional"][:2], rtol=1e-9)
    np.testing.assert_allclose(robust, case["Robust"][:2], rtol=1e-9)


@pytest.mark.parametrize("case", TRUTH["kinks"], ids=lambda case: str(case["width"]))
def test_kinks_are_those_of_rdrobust(case):
    # rdrobust 2.1.1 with deriv = 1, p = 2, q = 3: tests/truth/discontinuity.py.
    x, y = np.array(TRUTH["x"]), np.array(TRUTH["y"])
    for degree, name in ((2, "Conventional"), (3, "Robust")):
        found = _local_linear.jumps(_local_linear.sides(x, case["width"], degree=degree, order=1), y)
        np.testing.assert_allclose(found, case[name][:2], rtol=1e-7)


def test_the_effect_along_the_border_is_that_of_rd2d():
    # rd2d 1.0.0 on distances to five points, its band from 20,000 draws: tests/truth/discontinuity.py.
    truth = TRUTH["along"]
    places, points = np.array(truth["units"]), np.array(truth["points"])
    second = places[:, 0] >= 0
    away = np.hypot(places[:, 0], places[:, 1] - points[:, None])
    units = _border_points.Units(places, np.array(truth["y"]), second)
    widths = np.full(5, truth["width"])
    found = _border_points._jumps(np.where(second, away, -away), units, widths, seed=0)
    np.testing.assert_allclose(found[:, 0], truth["estimate"], rtol=1e-9)
    np.testing.assert_allclose(found[:, 1:].mean(axis=1), truth["robust"], rtol=1e-9)
    np.testing.assert_allclose(
        found[:, 1:], np.column_stack([truth["cb.lower"], truth["cb.upper"]]), atol=0.03
    )


def towns(*, jump, seed, count=600):
    """Return points about the meridian of 15 degrees, with a smooth surface and a jump at it."""
    random = np.random.default_rng(seed)
    lon, lat = random.uniform(13.5, 16.5, count), random.uniform(47, 49, count)
    points = geopandas.GeoDataFrame(
        geometry=geopandas.points_from_xy(lon, lat), index=[f"t{i}" for i in range(count)], crs=4326
    )
    east = pd.Series(lon > 15, index=points.index)
    surface = np.sin(lon) + 0.3 * lat + jump * east.to_numpy() + random.normal(0, 0.4, count)
    border = geopandas.GeoSeries([LineString([(15, 46), (15, 50)])], crs=4326)
    return pd.Series(surface, index=points.index), points, east, border


def test_a_planted_jump_is_found_and_placebos_are_not():
    values, points, east, border = towns(jump=1.0, seed=2)
    found = gi.measure.discontinuity(values, points, side=east, border=border)
    assert found.low < 1 < found.high
    assert found.p < 1e-3
    assert found.sides == ("False", "True")
    assert found.placebo["p"].dropna().gt(0.01).all()
    assert "robust 95% interval" in str(found)


@pytest.mark.slow
def test_planted_jumps_lie_in_their_intervals():
    inside, wrong = [], []
    for seed in range(200):
        values, points, east, border = towns(jump=0.5, seed=seed, count=400)
        found = gi.measure.discontinuity(values, points, side=east, border=border)
        inside.append(found.low < 0.5 < found.high)
        none = gi.measure.discontinuity(values - 0.5 * east, points, side=east, border=border)
        wrong.append(none.p <= 0.05)
    assert 0.92 <= np.mean(inside) <= 0.98, np.mean(inside)
    assert 0.02 <= np.mean(wrong) <= 0.08, np.mean(wrong)


def test_the_border_of_polygons_is_where_they_meet():
    cells = geopandas.GeoDataFrame(
        geometry=[box(c / 10, 47 + r / 10, (c + 1) / 10, 47.1 + r / 10) for r in range(8) for c in range(10)],
        index=[f"{r}{c}" for r in range(8) for c in range(10)],
        crs=4326,
    )
    side = pd.Series(["west" if int(i[1]) < 5 else "east" for i in cells.index], index=cells.index)
    x = pd.Series([float(i[1]) for i in cells.index], index=cells.index)
    values = x / 3 - 2.0 * (side == "east")
    found = gi.measure.discontinuity(values, cells, side=side, bandwidth_km=45)
    assert found.sides == ("east", "west")
    # A straight line with a jump of -2 towards the east is fitted without error; side west lies above.
    assert found.estimate == pytest.approx(2, abs=1e-3)
    assert gi.measure.discontinuity(values, cells, side=side, bandwidth_km=45, donut_km=5).counts[0] < 40


def board(columns, *, rows=12):
    """Return a lattice, and which half of it is the east."""
    cells = geopandas.GeoDataFrame(
        geometry=[
            box(c / 10, 47 + r / 10, (c + 1) / 10, 47.1 + r / 10) for r in range(rows) for c in range(columns)
        ],
        index=[f"{r}-{c}" for r in range(rows) for c in range(columns)],
        crs=4326,
    )
    return cells, pd.Series([int(i.split("-")[1]) >= columns // 2 for i in cells.index], cells.index)


@pytest.mark.parametrize(("columns", "width"), [(2, 9), (4, 17), (4, 30), (6, 17)])
def test_two_distances_a_side_do_not_identify_a_jump(columns, width):
    # Meridians converge: each column has distances that differ by some metres, so that a parabola can be
    # drawn through two columns. On values of 100 +- 1 it once jumped by 576.
    cells, east = board(columns)
    values = pd.Series(100 + np.random.default_rng(1).normal(size=len(cells)), cells.index)
    remedy = "bandwidth_km=.* would do" if columns == 6 else "smaller units are needed"
    with pytest.raises(gi.errors.RegionError, match=f"not identified.*{remedy}"):
        gi.measure.discontinuity(values, cells, side=east, bandwidth_km=width)


def test_the_bandwidth_that_would_do_does():
    cells, east = board(6)
    values = pd.Series(100 + np.random.default_rng(1).normal(size=len(cells)), cells.index)
    with pytest.raises(gi.errors.RegionError) as refusal:
        gi.measure.discontinuity(values, cells, side=east, bandwidth_km=9)
    width = float(re.search(r"bandwidth_km=(\d+)", str(refusal.value))[1])
    found = gi.measure.discontinuity(values, cells, side=east, bandwidth_km=width)
    assert abs(found.estimate) < 5
    assert found.low < 0 < found.high
    assert "No placebo border has enough units" in str(found)


def test_units_on_the_line_are_on_the_side_that_side_says():
    values, points, _, border = towns(jump=1.0, seed=2)
    # Thirty towns on the meridian itself, all of the west.
    on_line = geopandas.GeoSeries(
        geopandas.points_from_xy(np.full(30, 15.0), np.linspace(47, 49, 30)), crs=4326
    )
    points = geopandas.GeoDataFrame(geometry=[*points.geometry[30:], *on_line], index=points.index, crs=4326)
    west = ~points.geometry.x.gt(15)
    counts = gi.measure.discontinuity(values, points, side=~west, border=border, bandwidth_km=60).counts
    km = points.geometry.map(lambda p: abs(GEOD.inv(p.x, p.y, 15, p.y)[2]) / 1000)
    # The shortest way to a meridian is within some metres of that along the parallel, here.
    expected = [((km < 60) & side).sum() for side in (west, ~west)]
    assert np.abs(np.subtract(counts, expected)).max() <= 1
    swapped = gi.measure.discontinuity(values, points, side=west, border=border, bandwidth_km=60)
    assert swapped.counts == counts[::-1]


def test_a_fall_is_said_in_words():
    values, points, east, _ = towns(jump=-1.0, seed=2)
    border = geopandas.GeoSeries([LineString([(15, 47), (15, 49)])], crs=4326)
    found = gi.measure.discontinuity(values, points, side=east, border=border, bandwidth_km=60)
    assert found.estimate < 0
    assert f"is {-found.estimate:.4g} lower on side 'True' than on side 'False'" in str(found)
    assert f"interval {-found.high:.4g} to {-found.low:.4g}" in str(found)
    along = found.along
    assert len(along) == 20
    known = along.dropna()
    assert len(known) > 15
    assert (known["low"] < -1).mean() > 0.9
    assert (known["high"] > -1).mean() > 0.9
    np.testing.assert_allclose(along["lon"], 15, atol=1e-9)


def test_a_kink_is_a_change_of_slope():
    values, points, east, border = towns(jump=0.0, seed=2, count=1500)
    km = points.geometry.map(lambda p: GEOD.inv(15, p.y, p.x, p.y)[2] / 1000)
    bent = values + 0.05 * km.where(east, 0.0)
    found = gi.measure.discontinuity(bent, points, side=east, border=border, bandwidth_km=100, kink=True)
    assert found.low < 0.05 < found.high
    assert found.p < 0.01
    assert found.along.empty
    assert "slope of the indicator per km" in str(found)


def test_without_residuals_there_is_no_p():
    cells, east = board(8)
    found = gi.measure.discontinuity(2.0 * east, cells, side=east, bandwidth_km=35)
    assert found.estimate == pytest.approx(2)
    assert np.isnan([found.p, found.p_noise]).all()


@pytest.mark.slow
def test_smooth_noise_is_judged_by_its_placebo():
    # 60 maps of noise with a range of a quarter of the map: standard error .03 at a share of .05.
    _, points, east, border = towns(jump=0, seed=1, count=160)
    km = gi.weigh.distances(points).to_numpy()
    reach = np.linalg.cholesky(np.exp(-3 * km / (km.max() / 4)) + 1e-6 * np.eye(len(km)))
    random = np.random.default_rng(0)
    p = []
    for _ in range(60):
        noise = pd.Series(reach @ random.normal(size=len(km)), points.index)
        found = gi.measure.discontinuity(noise, points, side=east, border=border, bandwidth_km=100)
        p.append(found.p_noise)
    assert np.mean(np.array(p) <= 0.05) <= 0.12, np.mean(np.array(p) <= 0.05)


def test_too_few_units_are_refused_with_the_number_needed():
    values, points, east, border = towns(jump=0, seed=1)
    with pytest.raises(gi.errors.RegionError, match=r"at least 20 .* bandwidth_km=\d+ would do"):
        gi.measure.discontinuity(values, points, side=east, border=border, bandwidth_km=2)
    few = points.head(30)
    with pytest.raises(gi.errors.RegionError, match=r"in all.*smaller units are needed"):
        gi.measure.discontinuity(values[few.index], few, side=east[few.index], border=border)
    with pytest.raises(gi.errors.RegionError, match="Pass the line as border="):
        gi.measure.discontinuity(values, points, side=east)
    with pytest.raises(gi.errors.ColumnError, match="one of two words"):
        gi.measure.discontinuity(
            values, points, side=east.astype(object).where(east.index != "t0"), border=border
        )
