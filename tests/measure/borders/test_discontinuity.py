"""Threshold: rdrobust's numbers, planted jumps, and refusals with the number needed."""

from __future__ import annotations

import json
from pathlib import Path

import geopandas
import numpy as np
import pandas as pd
import pytest
from shapely.geometry import LineString, box

import geoinno as gi
from geoinno.measure.borders import _local_linear

TRUTH = json.loads((Path(__file__).parents[2] / "truth" / "discontinuity.json").read_text())


@pytest.mark.parametrize("case", TRUTH["cases"], ids=lambda case: str(case["width"]))
def test_jumps_are_those_of_rdrobust(case):
    # rdrobust 2.1.1 with h = b, triangular kernel and HC3 errors: tests/truth/discontinuity.py.
    x, y = np.array(TRUTH["x"]), np.array(TRUTH["y"])
    line = _local_linear.jump(x, y, case["width"], degree=1)
    robust = _local_linear.jump(x, y, case["width"], degree=2)
    np.testing.assert_allclose(line, case["Conventional"][:2], rtol=1e-9)
    np.testing.assert_allclose(robust, case["Robust"][:2], rtol=1e-9)


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


def test_too_few_units_are_refused_with_the_number_needed():
    values, points, east, border = towns(jump=0, seed=1)
    with pytest.raises(gi.errors.RegionError, match=r"at least 20 .* bandwidth_km=\d+ would hold them"):
        gi.measure.discontinuity(values, points, side=east, border=border, bandwidth_km=2)
    few = points.head(30)
    with pytest.raises(gi.errors.RegionError, match=r"in all.*smaller units are needed"):
        gi.measure.discontinuity(values[few.index], few, side=east[few.index], border=border)
    with pytest.raises(gi.errors.RegionError, match="give the line as border="):
        gi.measure.discontinuity(values, points, side=east)
    with pytest.raises(gi.errors.ColumnError, match="one of two words"):
        gi.measure.discontinuity(
            values, points, side=east.astype(object).where(east.index != "t0"), border=border
        )
