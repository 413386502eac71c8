"""Prominence: profiles worked out by hand, widest paths by brute force, and capitals that everyone knows."""

from __future__ import annotations

import geopandas
import numpy as np
import pandas as pd
import pytest
from shapely.geometry import box

import geoinno as gi


def strip(*masses, ids=None):
    """Return a row of squares of half a degree on the 50th parallel, and their masses."""
    ids = [f"r{i:02}" for i in range(len(masses))] if ids is None else ids
    cells = [box(i / 2, 50, i / 2 + 0.5, 50.5) for i in range(len(ids))]
    return geopandas.GeoDataFrame({"mass": masses}, index=ids, geometry=cells, crs=4326)


def widest(height, links):
    """Return the greatest height that one can keep between each two regions (Floyd and Warshall)."""
    table = np.where(links > 0, np.minimum.outer(height, height), -np.inf)
    np.fill_diagonal(table, height)
    for k in range(len(height)):
        table = np.maximum(table, np.minimum(table[:, [k]], table[[k]]))
    return table


def test_a_profile_of_masses_alone():
    # At a reach of 100 m nothing comes from the neighbours: the surface is that of the masses.
    regions = strip(1.0, 8, 2, 5, 4, 6, 3, 1)
    found = gi.measure.prominence("mass", regions, reach_km=0.1)
    expected = [0, np.inf, 0, np.log(5 / 4), 0, np.log(6 / 2), 0, 0]
    np.testing.assert_allclose(found["prominence"], expected, rtol=1e-3)
    assert found["yields_to"].dropna().to_dict() == {"r03": "r05", "r05": "r01"}
    assert found["catchment"].to_list() == ["r01", "r01", "r01", "r03", "r05", "r05", "r05", "r05"]
    assert found.attrs["reach_km"] == 0.1


def test_potential_is_market_potential(lattice):
    mass = pd.Series(np.random.default_rng(3).lognormal(3, 1, 36), lattice.index)
    found = gi.measure.prominence(mass, lattice, reach_km=40)
    whole = gi.measure.market_potential(mass, lattice, decay=gi.weigh.exponential(40))["total"]
    np.testing.assert_allclose(found["potential"], whole, rtol=1e-9)


@pytest.mark.parametrize("seed", range(5))
def test_prominence_is_what_the_widest_path_says(lattice, seed):
    mass = pd.Series(np.random.default_rng(seed).lognormal(3, 1.5, 36), lattice.index)
    found = gi.measure.prominence(mass, lattice, reach_km=15)
    height = np.log(found["potential"].to_numpy())
    table = widest(height, gi.weigh.contiguity(lattice).sparse.toarray())
    for i, region in enumerate(lattice.index):
        higher = height > height[i]
        expected = height[i] - table[i, higher].max() if higher.any() else np.inf
        assert found.loc[region, "prominence"] == pytest.approx(expected, abs=1e-9)


def test_equal_neighbours_are_one_plateau_whatever_the_order():
    regions = strip(1.0, 6, 6, 1, 6, 1)
    found = gi.measure.prominence("mass", regions, reach_km=0.1)
    # The plateau r01, r02 and the equal summit r04: the id that comes first is the higher.
    assert found.index[found["prominence"] > 0].to_list() == ["r01", "r04"]
    assert np.isinf(found.loc["r01", "prominence"])
    assert found.loc["r04", "yields_to"] == "r01"
    assert found["catchment"].to_list() == ["r01", "r01", "r01", "r01", "r04", "r04"]
    for seed in range(5):
        other = regions.sample(frac=1, random_state=seed)
        again = gi.measure.prominence("mass", other, reach_km=0.1)
        assert again.index.equals(other.index)
        pd.testing.assert_frame_equal(again.sort_index(), found, check_exact=True)


def test_a_symmetric_map_has_symmetric_ties():
    # Sums in different order differ in their last digits: the two halves are still equal.
    side = [3.0, 1, 7, 2, 5]
    found = gi.measure.prominence("mass", strip(*side, *side[::-1]), reach_km=10)
    assert found["prominence"].gt(0).sum() == 3
    assert found.loc["r07", "yields_to"] == "r02"


def test_islands_are_bridged_by_the_shortest_pair():
    # Two summits on land, and an island off the low place between them: it does not raise the pass.
    regions = strip(9.0, 1, 5, 1)
    regions.loc["island"] = {"mass": 1.5, "geometry": box(0.6, 50.7, 0.9, 50.9)}
    found = gi.measure.prominence("mass", regions, reach_km=0.1)
    assert found.loc["island", "yields_to"] == "r00"
    density = found["potential"]
    assert found.loc["island", "prominence"] == pytest.approx(np.log(density["island"] / density["r01"]))
    assert found.loc["r02", "prominence"] == pytest.approx(np.log(density["r02"] / density["r01"]))


def test_given_weights_are_bridged_too(lattice):
    mass = pd.Series(np.arange(1.0, 37), lattice.index)
    near = gi.weigh.domestic(gi.weigh.contiguity(lattice), lattice["country"])
    found = gi.measure.prominence(mass, lattice, reach_km=1, weights=near)
    assert np.isinf(found["prominence"]).sum() == 1


def test_points_need_weights_and_a_reach(lattice):
    points = lattice.set_geometry(lattice.geometry.to_crs(3035).centroid.to_crs(4326))
    mass = pd.Series(np.arange(1.0, 37), lattice.index)
    near = gi.weigh.nearest(points, count=4)
    assert np.isinf(gi.measure.prominence(mass, points, reach_km=30, weights=near)["prominence"]).sum() == 1
    with pytest.raises(gi.errors.OptionError, match="Give one, such as reach_km=30"):
        gi.measure.prominence(mass, points, weights=near)
    with pytest.raises(gi.errors.RegionError, match="must be polygons"):
        gi.measure.prominence(mass, points, reach_km=30)


def test_the_default_reach_is_half_the_radius_of_the_median_region(lattice):
    mass = pd.Series(np.arange(1.0, 37), lattice.index)
    attributes = gi.measure.prominence(mass, lattice).attrs
    radius = gi.weigh.internal_distances(lattice).median()
    assert attributes["reach_km"] == pytest.approx(radius / 2)
    assert "half the radius of the median of the 36 regions" in attributes["reach"]


def test_one_region_is_the_highest():
    found = gi.measure.prominence("mass", strip(3.0))
    assert np.isinf(found["prominence"]).all()
    assert found["catchment"].to_list() == ["r00"]


@pytest.mark.parametrize(
    ("change", "words"),
    [(np.nan, "has no value in 'r01'"), (-1, "is negative in 'r01'"), (np.inf, "is infinite in 'r01'")],
)
def test_unsound_masses_are_refused(change, words):
    with pytest.raises(gi.errors.ColumnError, match=words):
        gi.measure.prominence("mass", strip(1.0, change, 2))


def test_no_mass_at_all_and_other_regions_are_refused(lattice):
    with pytest.raises(gi.errors.ColumnError, match="zero in every region"):
        gi.measure.prominence("mass", strip(0.0, 0, 0))
    mass = pd.Series(1.0, lattice.index)
    with pytest.raises(gi.errors.AlignmentError):
        gi.measure.prominence(mass.iloc[1:], lattice)
    with pytest.raises(gi.errors.AlignmentError):
        gi.measure.prominence(mass, lattice, weights=gi.weigh.contiguity(lattice.iloc[1:]))
    with pytest.raises(gi.errors.OptionError, match="reach_km must be a finite number above zero"):
        gi.measure.prominence(mass, lattice, reach_km=0)


def test_zero_masses_far_away_need_no_potential():
    # Half lost every 0.01 km leaves nothing at 30 km but underflow: regions of 0 are no summits.
    found = gi.measure.prominence("mass", strip(5.0, 0, 0, 3, 0), reach_km=0.01)
    assert (found["prominence"] > 0).to_list() == [True, False, False, True, False]
    assert np.isinf(found["prominence"].iloc[[0, 3]]).all()


def test_the_poles_of_europe_stand_out(strangers):
    regions = gi.read.regions(
        strangers / "eu_nuts2" / "regions_2016.geojson", id="NUTS_ID", country="CNTR_CODE"
    )
    overseas = regions.index.str.startswith("FRY") | regions.index.isin(["ES70", "PT20", "PT30"])
    regions = regions[~overseas & regions["region_gdp"].notna()]
    found = gi.measure.prominence("region_gdp", regions, reach_km=30)
    # The widest path from Madrid to any higher summit, as worked out apart from this library.
    assert found.loc["ES30", "prominence"] == pytest.approx(1.56, abs=0.005)
    assert np.isinf(found.loc["UKI3", "prominence"])
    height = np.log(found["potential"].to_numpy())
    near = gi.weigh.contiguity(regions)
    links = near.sparse.toarray()
    for a, b in gi.weigh.bridges(near, regions)[["first", "second"]].to_numpy():
        i, j = regions.index.get_indexer([a, b])
        links[i, j] = links[j, i] = 1
    table = widest(height, links)
    for i in np.flatnonzero(found["prominence"].between(0.01, 10)):
        expected = height[i] - table[i, height > height[i]].max()
        assert found["prominence"].iloc[i] == pytest.approx(expected, abs=1e-9)


@pytest.mark.slow
def test_a_large_map_needs_no_table_of_pairs():
    random = np.random.default_rng(1)
    count = 30_000
    lat = np.degrees(np.arcsin(random.uniform(np.sin(np.radians(35)), np.sin(np.radians(60)), count)))
    places = geopandas.GeoDataFrame(
        {"mass": random.lognormal(3, 1, count)},
        geometry=geopandas.points_from_xy(random.uniform(-10, 40, count), lat),
        index=[f"p{i:06}" for i in range(count)],
        crs=4326,
    )
    near = gi.weigh.nearest(places, count=6)
    found = gi.measure.prominence("mass", places, reach_km=10, weights=near)
    assert np.isinf(found["prominence"]).sum() == 1
    assert found["catchment"].isin(found.index[found["prominence"] > 0]).all()
    assert (found["potential"] >= places["mass"]).all()
