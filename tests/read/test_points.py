"""Points in regions: each counted once, none lost in silence."""

from __future__ import annotations

import warnings

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from shapely.geometry import MultiPoint, Point, Polygon, box

import geoinno as gi

REGIONS = gpd.GeoDataFrame(
    index=["b", "a", "c"], geometry=[box(0, 0, 1, 1), box(1, 0, 2, 1), box(5, 5, 6, 6)], crs=4326
)
FIRMS = gpd.GeoDataFrame(
    {"staff": [10, 20, 60], "name": ["x", "y", "z"]},
    geometry=[Point(0.5, 0.5), Point(1.5, 0.5), Point(1.7, 0.5)],
    crs=4326,
)


def test_points_are_counted_summed_and_averaged_in_the_order_of_the_regions():
    count = gi.read.located(FIRMS, REGIONS)
    assert count.to_dict() == {"b": 1, "a": 2, "c": 0}
    assert list(count.index) == list(REGIONS.index)
    assert count.dtype == "int64"
    assert gi.read.located(FIRMS, REGIONS, value="staff", how="sum").to_dict() == {"b": 10, "a": 80, "c": 0}
    mean = gi.read.located(FIRMS, REGIONS, value="staff", how="mean")
    assert mean.name == "staff"
    pd.testing.assert_series_equal(mean, pd.Series([10, 40, np.nan], index=["b", "a", "c"], name="staff"))


def test_a_point_on_a_common_border_is_in_the_first_region_alone():
    border = gpd.GeoDataFrame(geometry=[Point(1, 0.5), Point(1, 1)], crs=4326)
    assert gi.read.located(border, REGIONS).to_dict() == {"b": 2, "a": 0, "c": 0}
    assert gi.read.located(border, REGIONS.iloc[::-1]).to_dict() == {"c": 0, "a": 2, "b": 0}


def test_points_in_no_region_are_named():
    outside = gpd.GeoDataFrame(geometry=[Point(0.5, 0.5), Point(9, 9)], index=["in", "out"], crs=4326)
    with pytest.warns(gi.DataWarning, match=r"'out' \(1 in all\)") as told:
        assert gi.read.located(outside, REGIONS).sum() == 1
    assert told[0].filename == __file__


def test_no_points_at_all_are_nought_everywhere():
    none = FIRMS.iloc[:0]
    assert gi.read.located(none, REGIONS).to_list() == [0, 0, 0]
    assert gi.read.located(none, REGIONS, value="staff", how="mean").isna().all()


def test_points_in_another_crs_are_refused_with_the_remedy():
    with pytest.raises(gi.CrsError, match=r"points\.to_crs\(regions\.crs\)"):
        gi.read.located(FIRMS.to_crs(3035), REGIONS)
    with pytest.raises(gi.CrsError, match="no CRS"):
        gi.read.located(FIRMS.set_crs(None, allow_override=True), REGIONS)


@pytest.mark.parametrize(
    ("options", "error", "words"),
    [
        ({"how": "sum"}, gi.OptionError, "sum and mean need one"),
        ({"value": "staff"}, gi.OptionError, "count takes no value"),
        ({"value": "size", "how": "sum"}, gi.ColumnError, "no column 'size'"),
        ({"value": "name", "how": "sum"}, gi.ColumnError, "must be numeric"),
        ({"how": "median"}, gi.OptionError, "'count', 'sum', 'mean'"),
    ],
)
def test_a_question_that_makes_no_sense_is_refused(options, error, words):
    with pytest.raises(error, match=words):
        gi.read.located(FIRMS, REGIONS, **options)


def test_a_missing_value_is_refused_by_point():
    with pytest.raises(gi.ColumnError, match=r"1 \(1 in all\)"):
        gi.read.located(FIRMS.assign(staff=[1, None, 2]), REGIONS, value="staff", how="sum")


@pytest.mark.parametrize("shape", [None, Point(), MultiPoint([(0, 0), (1, 1)]), box(0, 0, 1, 1)])
def test_what_is_no_point_is_refused(shape):
    with pytest.raises(gi.RegionError, match=r"1 in all"):
        gi.read.located(gpd.GeoDataFrame(geometry=[Point(0.5, 0.5), shape], crs=4326), REGIONS)


def test_a_table_without_geometry_is_refused():
    with pytest.raises(gi.RegionError, match="GeoDataFrame"):
        gi.read.located(pd.DataFrame({"x": [1]}), REGIONS)


def test_self_intersecting_regions_are_refused():
    bow = REGIONS.set_geometry([*REGIONS.geometry[:2], Polygon([(5, 5), (6, 6), (6, 5), (5, 6)])], crs=4326)
    with pytest.raises(gi.RegionError, match=r"gi\.read\.repaired"):
        gi.read.located(FIRMS, bow)


places = st.lists(st.tuples(st.integers(-2, 14), st.integers(-2, 14)), min_size=1, max_size=40)


@given(places)
def test_counts_sum_to_the_points_inside(places):
    points = gpd.GeoDataFrame(geometry=[Point(x / 2, y / 2) for x, y in places], crs=4326)
    inside = sum(REGIONS.intersects(point).any() for point in points.geometry)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", gi.DataWarning)
        assert gi.read.located(points, REGIONS).sum() == inside
