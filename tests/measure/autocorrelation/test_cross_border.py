"""Local Moran in two parts: they add up, and both nulls are those of plain permutations."""

from __future__ import annotations

import itertools

import geopandas
import numpy as np
import pandas as pd
import pytest
from scipy import sparse
from shapely.geometry import box

import geoinno as gi
from geoinno.measure._inference.permutations import Observed
from geoinno.measure.autocorrelation import _cross_border


@pytest.mark.parametrize("name", ["north_america", "central_asia", "austria"])
def test_both_parts_add_up_to_local_moran(name):
    regions = gi.read.sample(name).regions
    near = gi.weigh.contiguity(regions)
    parted = gi.measure.cross_border_moran(regions["primacy"], near, regions["country"])
    whole = gi.measure.local_moran(regions["primacy"], near, permutations=9999)["statistic"]
    table = parted.table
    np.testing.assert_allclose(table["domestic"] + table["foreign"], whole, atol=1e-12)
    np.testing.assert_allclose(table["statistic"], whole, atol=1e-12)
    # The local statistics add up to Moran's I times the weights (n rows of sum 1).
    total = whole.sum() / near.transform("r").sparse.sum()
    assert total == pytest.approx(gi.measure.moran(regions["primacy"], near).statistic, abs=1e-12)
    assert parted.statistic == pytest.approx(total, abs=1e-12)
    assert parted.domestic + parted.foreign == pytest.approx(total, abs=1e-12)


def cells(countries):
    return geopandas.GeoDataFrame(
        {"country": list(countries)},
        geometry=[box(i, 0, i + 1, 1) for i in range(len(countries))],
        index=[f"c{i}" for i in range(len(countries))],
        crs=4326,
    )


def test_p_values_are_those_of_all_permutations():
    place = cells("AAABB")
    values = pd.Series([1.0, 5.0, 2.0, 8.0, 3.5], index=place.index)
    near = gi.weigh.contiguity(place)
    found = gi.measure.cross_border_moran(values, near, place["country"], permutations=40_000).table
    z = (values - values.mean()).to_numpy()

    def exact(draws, observed):
        above, below = (
            np.mean(np.array(draws) >= observed - 1e-9),
            np.mean(np.array(draws) <= observed + 1e-9),
        )
        return min(1, 2 * min(above, below))

    # c2 has one neighbour at home (c1) and one abroad (c3): all values these may take, listed.
    others = np.delete(z, 2)
    assert found.loc["c2", "p_foreign"] == pytest.approx(exact(others, z[3]), abs=0.01)
    assert found.loc["c2", "p_domestic"] == pytest.approx(exact(others, z[1]), abs=0.01)
    assert found.loc["c2", "p_foreign_within"] == pytest.approx(exact(z[3:], z[3]), abs=0.01)
    assert found.loc["c2", "p_domestic_within"] == pytest.approx(exact(z[:2], z[1]), abs=0.01)
    pairs = [sum(pair) for pair in itertools.permutations(z[[0, 2]], 2)]
    assert found.loc["c1", "p_domestic_within"] == pytest.approx(exact(pairs, z[0] + z[2]), abs=0.01)


def test_unusual_countries_work_or_are_missing():
    # One region alone (B), an island state (C), a region whose only neighbour is foreign (B again).
    place = cells("AAAB")
    island = geopandas.GeoDataFrame({"country": ["C"]}, geometry=[box(20, 20, 21, 21)], index=["i"], crs=4326)
    place = pd.concat([place, island])
    values = pd.Series([1.0, 2.0, 6.0, 9.0, 4.0], index=place.index)
    found = gi.measure.cross_border_moran(
        values, gi.weigh.contiguity(place), place["country"], permutations=999
    )
    table = found.table
    assert table.loc["c3", "domestic"] == 0
    assert np.isnan(table.loc["c3", "p_domestic"])
    assert table.loc["c2", "p_foreign_within"] == 1  # a country of one region has but one deal
    assert table.loc["i", ["statistic", "domestic", "foreign"]].isna().all()
    assert table.loc["i", "label"] == "no neighbour"
    assert (found.n, found.isolates) == (4, 1)


def test_a_lone_island_changes_no_other_region():
    place = cells("AAABBBB")
    island = geopandas.GeoDataFrame({"country": ["B"]}, geometry=[box(20, 20, 21, 21)], index=["a"], crs=4326)
    values = pd.Series([1.0, 5.0, 2.0, 8.0, 3.5, 4, 4.2], index=place.index)

    def parted(values, place):
        near = gi.weigh.contiguity(place)
        return gi.measure.cross_border_moran(values, near, place["country"], permutations=999)

    without = parted(values, place)
    found = parted(pd.concat([values, pd.Series([90.0], ["a"])]), pd.concat([place, island]))
    pd.testing.assert_frame_equal(found.table.drop(index="a"), without.table)
    assert found.statistic == without.statistic
    assert found.table.loc["a"].drop("label").isna().all()


def test_a_cluster_that_a_border_cuts_is_labelled_so():
    random = np.random.default_rng(0)
    grid = [(r, c) for r in range(12) for c in range(12)]
    place = geopandas.GeoDataFrame(
        {"country": ["A" if c < 6 else "B" for _, c in grid]},
        geometry=[box(c, r, c + 1, r + 1) for r, c in grid],
        index=[f"{r:02}{c:02}" for r, c in grid],
        crs=4326,
    )
    high = pd.Series([5.0 * (3 <= c < 6 and 3 <= r < 9) for r, c in grid], index=place.index)
    values = high + random.normal(0, 0.5, len(grid))
    found = gi.measure.cross_border_moran(values, gi.weigh.contiguity(place), place["country"])
    labels = found.table["label"]
    assert (labels.loc[["0505", "0605"]] == "high beside low abroad").sum() == 0
    assert set(labels.loc[["0405", "0505", "0605", "0705"]]) == {"high at home, cut at the border"}
    assert labels["0504"] == "high at home"


def test_a_region_on_the_mean_has_a_p_of_one(lattice):
    values = pd.Series(np.tile([1.0, 3.0, 2.0, 2.0], 9), index=lattice.index)
    found = gi.measure.cross_border_moran(
        values, gi.weigh.contiguity(lattice), lattice["country"], permutations=1999
    )
    known = found.table.loc[values == values.mean(), ["p_domestic", "p_foreign"]].to_numpy()
    assert len(known) == 18
    assert set(known[~np.isnan(known)]) == {1.0}


def test_as_many_shuffles_are_counted_as_were_requested(monkeypatch):
    # All values alike tie with every shuffle, in one block of shuffles or in several.
    matrix = sparse.csr_array(np.ones((6, 6)) - np.eye(6))
    seen = Observed(np.ones(6), matrix, np.tile([[4.0], [6.0]], (1, 6)))
    for cells in (2_000_000, 60):
        monkeypatch.setattr(_cross_border, "_CELLS", cells)
        counts = _cross_border._within_abroad(seen, np.array([0, 0, 0, 1, 1, 1]), 99, seed=0)
        assert set(counts.above) == set(counts.below) == {99}
