"""Likeness by ring of distance."""

from __future__ import annotations

import geopandas
import numpy as np
import pandas as pd
import pytest
from libpysal.graph import Graph
from pyproj import Geod

import geoinno as gi
from geoinno.errors import AlignmentError, ColumnError, DataWarning

GEOD = Geod(ellps="WGS84")


def points(lon, lat):
    ids = [f"p{i}" for i in range(len(lon))]
    return geopandas.GeoDataFrame(index=ids, geometry=geopandas.points_from_xy(lon, lat), crs=4326)


@pytest.fixture(scope="module")
def cloud():
    rng = np.random.default_rng(3)
    regions = points(rng.uniform(5, 15, 150), rng.uniform(45, 52, 150))
    values = pd.Series(
        np.sin(regions.geometry.x / 2) + rng.normal(0, 0.3, 150), index=regions.index, name="y"
    )
    return values, regions


def pair_km(regions):
    lon, lat = regions.geometry.x.to_numpy(), regions.geometry.y.to_numpy()
    here, there = np.indices((len(lon), len(lon)))
    return GEOD.inv(lon[here], lat[here], lon[there], lat[there])[2] / 1000


@pytest.mark.oracle
@pytest.mark.filterwarnings("ignore")
def test_each_ring_has_the_moran_of_esda(cloud):
    from esda import Moran

    values, regions = cloud
    edges = [0, 100, 200, 400]
    table = gi.measure.correlogram(values, regions, edges_km=edges, permutations=9)
    km = pair_km(regions)
    for low, high, pairs, moran in zip(edges[:-1], edges[1:], table["pairs"], table["moran"], strict=True):
        inside = (km > low) & (km <= high)
        focal, neighbor = np.nonzero(inside)
        ring = Graph.from_arrays(values.index[focal], values.index[neighbor], np.ones(len(focal)))
        assert inside.any(axis=1).all()
        assert pairs == inside.sum() / 2
        expected = Moran(values.to_numpy(), ring.to_W(), permutations=0, transformation="B").I
        assert moran == pytest.approx(expected, rel=1e-10)


def test_rings_do_not_add_up():
    # On a line of alternating values, neighbours are opposites and second neighbours alike; a cumulative
    # correlogram would not swing back to one.
    count = 60
    regions = points(np.arange(count) * 0.1, np.zeros(count))
    values = pd.Series(np.tile([1.0, -1.0], count // 2), index=regions.index)
    step = GEOD.inv(0, 0, 0.1, 0)[2] / 1000
    edges = step * (np.arange(7) + 0.5) - step / 2 * np.array([1, 0, 0, 0, 0, 0, 0])
    table = gi.measure.correlogram(values, regions, edges_km=edges, permutations=99)
    assert table["moran"].to_list() == pytest.approx([-1, 1, -1, 1, -1, 1], rel=1e-12)
    assert table.attrs["range_km"] == 0


def test_regions_without_a_partner_are_not_counted():
    # Three pairs far from each other and one lone place: six of seven places have a partner.
    lon = np.array([0, 0.1, 20, 20.1, 40, 40.1, 60])
    regions = points(lon, np.zeros(7))
    values = pd.Series([3.0, 2.0, -1.0, -2.0, 0.5, 1.0, 4.0], index=regions.index)
    z = (values - values[:6].mean()).to_numpy()[:6]
    with pytest.warns(DataWarning, match="fewer than 30 pairs"):
        table = gi.measure.correlogram(values, regions, edges_km=[0, 50, 100], permutations=9)
    assert table["moran"].iloc[0] == pytest.approx(
        6 / 3 * (z[0] * z[1] + z[2] * z[3] + z[4] * z[5]) / (z @ z)
    )
    assert table["pairs"].to_list() == [3, 0]
    assert table.loc[2, ["moran", "low", "high", "p", "p_progressive"]].isna().all()
    assert np.isnan(table.attrs["range_km"])


@pytest.mark.filterwarnings("ignore:Rings")
def test_a_lone_place_changes_no_ring(cloud):
    values, regions = cloud
    joined = pd.concat([regions, points([40.0], [60.0]).rename(index={"p0": "lone"})])
    edges = {"edges_km": [0, 100, 200], "permutations": 499}
    here = gi.measure.correlogram(values, regions, **edges)
    lone = pd.concat([values, pd.Series([400.0], index=["lone"])])
    there = gi.measure.correlogram(lone, joined, **edges)
    pd.testing.assert_series_equal(there["moran"], here["moran"])
    # Other shuffles: the envelope and p differ by chance alone.
    assert there[["low", "high"]].to_numpy() == pytest.approx(here[["low", "high"]].to_numpy(), abs=0.015)


@pytest.mark.filterwarnings("ignore:Rings")
def test_a_ring_whose_places_are_all_alike_has_no_numbers():
    regions = points([0, 0.1, 20, 20.1, 40], np.zeros(5))
    values = pd.Series([2.0, 2, 2, 2, 9], index=regions.index)
    table = gi.measure.correlogram(values, regions, edges_km=[0, 50, 3000], permutations=9)
    assert table.loc[1, ["moran", "low", "high", "p", "p_progressive"]].isna().all()
    assert table.loc[2, ["moran", "p"]].notna().all()


def test_huge_values_have_the_same_rings(cloud):
    values, regions = cloud
    rings = {"edges_km": [0, 100, 200], "permutations": 99}
    here = gi.measure.correlogram(values, regions, **rings)
    pd.testing.assert_frame_equal(gi.measure.correlogram(1e200 * values, regions, **rings), here)


def test_the_range_is_where_likeness_falls_to_zero(cloud):
    values, regions = cloud
    edges = [0, 75, 150, 225, 300, 375]
    table = gi.measure.correlogram(values, regions, edges_km=edges, permutations=9)
    fall = int(np.flatnonzero(table["moran"] <= 0)[0])
    middle = (table["from_km"] + table["to_km"]) / 2
    before, after = table["moran"].iloc[fall - 1], table["moran"].iloc[fall]
    by_line = np.interp(0, [after, before], [middle.iloc[fall], middle.iloc[fall - 1]])
    assert table.attrs["range_km"] == pytest.approx(by_line)


def test_the_null_holds_the_observed_value_and_likeness_does_not(cloud):
    values, regions = cloud
    table = gi.measure.correlogram(values, regions, edges_km=[0, 100, 200], permutations=999)
    assert table["p"].iloc[0] == pytest.approx(2 / 1000)
    assert table["moran"].iloc[0] > table["high"].iloc[0]
    assert table["p_progressive"].to_list() == pytest.approx(np.minimum(1, table["p"] * [1, 2]).to_list())


@pytest.mark.slow
def test_p_values_of_independent_values_are_even(cloud):
    _, regions = cloud
    rng = np.random.default_rng(0)
    found = [
        gi.measure.correlogram(
            pd.Series(rng.normal(size=150), index=regions.index),
            regions,
            edges_km=[0, 100, 200],
            permutations=199,
            seed=seed,
        )["p"]
        for seed in range(200)
    ]
    share = (np.array(found) <= 0.05).mean()
    # 400 tests: a binomial standard error of 1.1%.
    assert 0.02 <= share <= 0.08


def test_the_order_of_rows_does_not_matter(cloud):
    values, regions = cloud
    rings = {"edges_km": [0, 100, 200], "permutations": 99}
    here = gi.measure.correlogram(values, regions, **rings)
    shuffled = gi.measure.correlogram(values.sample(frac=1, random_state=1), regions, **rings)
    pd.testing.assert_frame_equal(shuffled, here)


def test_scale_and_shift_do_not_matter(cloud):
    values, regions = cloud
    rings = {"edges_km": [0, 100, 200], "permutations": 99}
    here = gi.measure.correlogram(values, regions, **rings)
    pd.testing.assert_frame_equal(gi.measure.correlogram(1000 - 7 * values, regions, **rings), here)


def test_rings_across_the_antimeridian_are_those_elsewhere(cloud):
    values, regions = cloud
    turned = points((regions.geometry.x.to_numpy() + 350) % 360 - 180, regions.geometry.y.to_numpy())
    rings = {"edges_km": [0, 100, 200], "permutations": 9}
    here = gi.measure.correlogram(values, regions, **rings)
    pd.testing.assert_frame_equal(gi.measure.correlogram(values, turned, **rings), here)


def test_rings_at_the_rim_are_told_of(cloud):
    values, regions = cloud
    with pytest.warns(DataWarning, match="beyond half the greatest distance"):
        gi.measure.correlogram(values, regions, edges_km=[0, 600, 900], permutations=9)


@pytest.mark.parametrize("edges", [[0], [0, 100, 100], [100, 0], [-5, 10], [0, np.inf], [[0, 1]], []])
def test_edges_must_rise(cloud, edges):
    with pytest.raises(gi.OptionError, match="edges_km"):
        gi.measure.correlogram(*cloud, edges_km=edges)


def test_values_must_be_sound(cloud):
    values, regions = cloud
    with pytest.raises(ColumnError, match="p3"):
        gi.measure.correlogram(values.mask(values.index == "p3"), regions, edges_km=[0, 100])
    with pytest.raises(ColumnError, match="same value"):
        gi.measure.correlogram(values * 0, regions, edges_km=[0, 100])
    with pytest.raises(AlignmentError, match="p149"):
        gi.measure.correlogram(values.iloc[:-1], regions, edges_km=[0, 100])
