"""Poles: those that everyone knows, those that were planted, and none where there are none."""

from __future__ import annotations

from itertools import pairwise

import geopandas
import numpy as np
import pandas as pd
import pytest
from libpysal.graph import Graph
from shapely.geometry import box

import geoinno as gi


def board(side):
    cells = [(r, c) for r in range(side) for c in range(side)]
    return geopandas.GeoDataFrame(
        {"country": ["A" if c < side / 2 else "B" for _, c in cells]},
        geometry=[box(c / 2, 45 + r / 2, c / 2 + 0.5, 45.5 + r / 2) for r, c in cells],
        index=[f"{r:02}{c:02}" for r, c in cells],
        crs=4326,
    )


@pytest.fixture(scope="module")
def grid():
    return board(12)


FEW = gi.measure.PoleOptions(permutations=199, draws=10)
EUROPE = {
    "UKI3": "London", "FR10": "Paris", "ES30": "Madrid", "ES51": "Barcelona", "ITC4": "Milan", "ITI4": "Rome",
    "DE30": "Berlin", "DE60": "Hamburg", "DE21": "Munich", "DE71": "Frankfurt", "AT13": "Vienna",
    "HU11": "Budapest", "PL91": "Warsaw", "CZ01": "Prague", "PT17": "Lisbon", "EL30": "Athens",
    "RO32": "Bucharest", "DK01": "Copenhagen", "SE11": "Stockholm", "FI1B": "Helsinki", "NO01": "Oslo",
    "IE06": "Dublin",
}  # fmt: skip


@pytest.fixture(scope="module")
def europe(strangers):
    regions = gi.read.regions(strangers / "eu_nuts2" / "regions_2016.geojson", id="NUTS_ID")
    overseas = regions.index.str.startswith("FRY") | regions.index.isin(["ES70", "PT20", "PT30"])
    return regions[~overseas & regions["region_gdp"].notna()]


@pytest.fixture(scope="module")
def european_poles(europe):
    options = gi.measure.PoleOptions(reach_km=30, permutations=199, draws=20)
    near = gi.weigh.contiguity(europe)
    return gi.measure.growth_poles("region_gdp", near, regions=europe, options=options)


def found_on(regions, mass, **options):
    near = gi.weigh.contiguity(regions)
    chosen = gi.measure.PoleOptions(permutations=199, **{"draws": 0, **options})
    return gi.measure.growth_poles(mass, near, regions=regions, options=chosen)


@pytest.mark.parametrize(
    ("name", "known"),
    [
        ("central_asia", {"Tashkent City", "Almaty City", "Astana", "Bishkek", "Dushanbe", "Ahal"}),
        ("north_america", {"Distrito Federal", "California", "New York", "Illinois", "Florida"}),
        ("austria", {"Wien", "Budapest", "Prague"}),
    ],
)
def test_defaults_find_the_poles_that_everyone_knows(name, known):
    regions = gi.read.sample(name).regions
    poles = set(regions["name"][found_on(regions, "city_population")["pole"]])
    assert known <= poles
    assert len(poles) < len(regions) / 5


def test_the_poles_of_europe(european_poles):
    poles = set(european_poles.index[european_poles["pole"]])
    assert set(EUROPE) <= poles
    assert poles & {"BE10", "BE21"}  # Brussels and Antwerp are one summit
    assert not poles & {"ES63", "ES64", "MT00", "FI20"}  # Ceuta, Melilla, Malta, Aland
    assert len(poles) < 45


def test_european_reaches_are_those_worked_out_elsewhere(european_poles):
    # Tracked reaches of another implementation of the definition, on steps of 2^(1/4) from 30 km. That one
    # stopped at 960 km (32 times the base); half of the map's extent is 2,239 km, so the last step is 1,920.
    reach = european_poles["reach_km"].rename(index=EUROPE)
    published = {
        "Warsaw": 480,
        "Madrid": 143,
        "London": 120,
        "Paris": 71,
        "Milan": 71,
        "Vienna": 60,
        "Prague": 36,
    }
    for pole, km in published.items():
        assert reach[pole] == pytest.approx(km, rel=0.02)
    assert reach["Helsinki"] == pytest.approx(1920)
    assert european_poles.loc[["BE10", "BE21"], "reach_km"].max() == pytest.approx(1920)
    level = european_poles["level"].rename(index=EUROPE)
    assert level[["London", "Madrid", "Warsaw", "Helsinki"]].eq("macro-regional").all()
    assert level[["Paris", "Milan", "Vienna"]].eq("national").all()
    assert level["Prague"] == "regional"


def test_most_draws_agree_on_most_poles_of_europe(european_poles):
    poles = european_poles[european_poles["pole"]]
    assert poles["agreement"].median() > 0.9
    finite = poles[np.isfinite(poles["prominence"])]
    assert (finite["prominence_low"] <= finite["prominence"]).mean() > 0.9
    assert (finite["prominence_high"] >= finite["prominence"]).mean() > 0.9
    assert european_poles["agreement"].between(0, 1).all()
    assert european_poles.loc[["UKI3", "ES30", "TR10"], "agreement"].eq(1).all()


@pytest.mark.parametrize("seed", range(3))
def test_the_order_of_rows_does_not_matter(central_asia, seed):
    regions = central_asia.regions
    plain = found_on(regions, "city_population", draws=5)
    other = regions.sample(frac=1, random_state=seed)
    again = found_on(other, "city_population", draws=5)
    assert again.index.equals(other.index)
    columns = plain.columns.drop(["score", "hot_spot", "rules"])  # of local regressions and permutations
    pd.testing.assert_frame_equal(again.loc[plain.index, columns], plain[columns], check_exact=True)


def test_every_pole_leads_a_catchment_of_its_own(central_asia):
    found = found_on(central_asia.regions, "city_population")
    poles = found.index[found["pole"]]
    assert set(found["catchment"]) == set(poles)
    assert (found.loc[poles, "catchment"] == poles).all()
    assert sorted(found["rank"].dropna()) == list(range(1, len(poles) + 1))
    assert found.loc[found["rank"] == 1, "yields_to"].isna().all()
    assert found.loc[found["rank"] > 1, "yields_to"].isin(poles).all()
    people = central_asia.regions["city_population"]
    held = people.groupby(found["catchment"]).sum()
    np.testing.assert_allclose(found.loc[poles, "share"], people[poles] / held[poles])
    missing = ["rank", "reach_km", "level", "yields_to", "share"]
    assert found.loc[~found["pole"], missing].isna().all(axis=None)
    assert found["agreement"].isna().all()


def test_rules_describe_and_do_not_decide(central_asia):
    regions = central_asia.regions
    found = found_on(regions, "city_population")
    rules = found[["local_maximum", "dense_cluster", "residual", "hot_spot"]]
    assert (found["rules"] == rules.sum(axis=1)).all()
    other = found_on(regions, "city_population", density_quantile=0.1, least_share=0.0, max_q=1.0)
    assert (other["pole"] == found["pole"]).all()
    assert (other["rules"] > found["rules"]).any()


def test_levels_follow_from_the_reach(central_asia):
    found = found_on(central_asia.regions, "city_population", reach_km=50)
    ratio = found["reach_km"][found["pole"]] / 50
    expected = np.select([ratio >= 3, ratio >= 1.5], ["macro-regional", "national"], "regional")
    assert (found["level"][found["pole"]] == expected).all()
    # Tracked reaches of another implementation of the definition: Almaty 480 km, Astana 400.
    reach = found["reach_km"].rename(central_asia.regions["name"])
    assert reach["Almaty City"] == pytest.approx(480, rel=0.02)
    assert reach["Astana"] == pytest.approx(400, rel=0.02)
    assert reach["Tashkent City"] >= 800


def test_the_reach_is_chosen_from_the_map_and_said_in_words(central_asia, caplog):
    with caplog.at_level("INFO", logger="geoinno"):
        found = found_on(central_asia.regions, "city_population")
    radius = gi.weigh.internal_distances(central_asia.regions).median()
    assert found.attrs["reach_km"] == pytest.approx(radius / 2)
    assert "half the radius of the median of the 48 regions" in found.attrs["reach"]
    assert found.attrs["reach"] in caplog.text


@pytest.mark.parametrize("seed", range(5))
def test_noise_on_a_flat_map_makes_no_pole(grid, seed):
    noise = np.exp(np.random.default_rng(seed).normal(0, 0.01, len(grid)))
    mass = pd.Series(100 * noise, grid.index)
    found = found_on(grid, mass)
    assert not found["pole"].any()
    assert found["catchment"].isna().all()
    with pytest.raises(gi.errors.ColumnError, match="is a pole"):
        gi.measure.pull(mass, gi.weigh.distances(grid), found, decay=gi.weigh.exponential(50))


def strip(masses, apart):
    """Return cells in a row, so many degrees apart, with their masses."""
    return geopandas.GeoDataFrame(
        {"people": masses},
        geometry=[box(apart * i, 0, apart * (i + 1), 0.5) for i in range(len(masses))],
        index=list("abcde")[: len(masses)],
        crs=4326,
    )


@pytest.mark.parametrize("masses", [[5.0, 1, 5], [5.0, 1, 4.999], [4.0, 1, 1, 4]])
def test_far_equals_are_poles_alike(masses):
    # The median of three regions is one of two equal summits, so that the highest exceeds it by nothing.
    found = found_on(strip(masses, 5), "people", reach_km=30)
    assert found.index[found["pole"]].to_list() == ["a", "abcde"[len(masses) - 1]]


def test_the_reach_does_not_depend_on_how_finely_it_is_raised(monkeypatch):
    # An islet (f) between two poles that no links join: at large reaches it rises above the pole that it
    # is linked to (h), which then yields to it. The pole leads on, whichever step this happens in.
    places = {"f": (19.9, 60.2), "c": (22.5, 60.5), "h": (25, 60.3), "n": (25.5, 65), "l": (21, 66.5)}
    places |= {"m": (17, 63.5), "s": (18, 59.3)}
    masses = [0.02, 0.64, 1.37, 0.3, 0.3, 0.5, 3.93]
    regions = geopandas.GeoDataFrame(
        {"people": masses},
        geometry=[box(x - 0.4, y - 0.2, x + 0.4, y + 0.2) for x, y in places.values()],
        index=list(places),
        crs=4326,
    )
    ends = [*pairwise(places), *((b, a) for a, b in pairwise(places))]
    near = Graph.from_arrays(*zip(*ends, strict=True), np.ones(len(ends)))
    options = gi.measure.PoleOptions(reach_km=15, draws=0, permutations=999)
    reach = []
    for steps in (4, 32):
        monkeypatch.setattr("geoinno.measure.poles._terrain.STEPS", steps)
        found = gi.measure.growth_poles("people", near, regions=regions, options=options)
        assert found.index[found["pole"]].to_list() == ["h", "s"]
        reach.append(found.loc[["h", "s"], "reach_km"].to_numpy())
    assert ((reach[1] / reach[0] >= 1) & (reach[1] / reach[0] < 2**0.25)).all(), reach


def test_a_tiny_town_on_the_edge_is_no_pole(grid):
    # The case of Ceuta: small, dense, and nothing near it.
    mass = pd.Series(10.0, grid.index)
    mass["0606"] = 5_000.0
    outpost = geopandas.GeoDataFrame(index=["9999"], geometry=[box(9, 48, 9.02, 48.02)], crs=4326)
    regions = pd.concat([grid, outpost])
    found = found_on(regions, pd.concat([mass, pd.Series({"9999": 10.5})]))
    assert found.index[found["pole"]].to_list() == ["0606"]
    assert found.loc["9999", "prominence"] > np.log(1.1)


def test_a_far_island_changes_no_level(grid):
    mass = pd.Series(np.random.default_rng(7).lognormal(3, 0.3, len(grid)), grid.index)
    mass[["0202", "0809", "0410"]] = [900.0, 500, 250]
    plain = found_on(grid, mass, reach_km=25)
    island = geopandas.GeoDataFrame(index=["9999"], geometry=[box(40, 30, 40.5, 30.5)], crs=4326)
    both = found_on(pd.concat([grid, island]), pd.concat([mass, pd.Series({"9999": 1.0})]), reach_km=25)
    kept = both.loc[plain.index]
    assert plain["pole"].sum() == 3
    assert (kept["pole"] == plain["pole"]).all()
    assert (kept.loc[plain["pole"], "level"] == plain.loc[plain["pole"], "level"]).all()
    assert kept.loc["0202", "prominence"] == plain.loc["0202", "prominence"] == np.inf


def test_equal_neighbours_make_one_pole(grid):
    mass = pd.Series(10.0, grid.index)
    mass[["0505", "0506"]] = 800.0
    found = found_on(grid, mass)
    assert found["pole"].sum() == 1


def test_growing_is_not_fired_by_rounding(grid):
    # 0.07 is not 0.07 times the sum of masses over that sum: the mean differs in its last digits.
    mass = pd.Series(np.random.default_rng(8).lognormal(3, 0.5, len(grid)), grid.index)
    near = gi.weigh.contiguity(grid)
    for rate in (0.07, -0.0333, 1.1):
        growth = pd.Series(rate, grid.index)
        found = gi.measure.growth_poles(mass, near, regions=grid, growth=growth, options=FEW)
        assert not found["growing"].any()


def test_a_map_of_islands_has_poles_too():
    regions = geopandas.GeoDataFrame(
        {"people": [90.0, 10, 60, 10, 10]},
        index=list("abcde"),
        geometry=[box(i, 45, i + 0.5, 45.5) for i in range(5)],
        crs=4326,
    )
    found = found_on(regions, "people")
    assert found.index[found["pole"]].to_list() == ["a", "c"]
    assert not found["hot_spot"].any()


def test_growth_and_speciality_are_rules_where_given(central_asia):
    regions = central_asia.regions
    people = regions["city_population"]
    growth = pd.Series(np.linspace(-1, 1, 48), index=regions.index)
    quotient = pd.DataFrame({"a": growth + 1, "b": 0.5}, index=regions.index)
    found = gi.measure.growth_poles(
        people,
        gi.weigh.contiguity(regions),
        regions=regions,
        growth=growth,
        specialisation=quotient,
        options=FEW,
    )
    mean = np.average(growth, weights=people)
    assert (found["growing"] == (growth > mean)).all()
    assert (found["propulsive"] == (growth > 0)).all()


@pytest.mark.slow
def test_planted_poles_are_found_and_chance_makes_few(grid):
    random = np.random.default_rng(1)
    found, others = [], []
    for _ in range(15):
        mass = pd.Series(random.lognormal(3, 0.4, len(grid)), index=grid.index)
        planted = ["0303", "0808"]
        mass[planted] = mass.median() * 25
        poles = found_on(grid, mass)["pole"]
        found.append(poles[planted].all())
        others.append(poles.drop(planted).mean())
    assert np.mean(found) > 0.95
    assert np.mean(others) < 0.04


def test_unsound_masses_are_refused(grid):
    near = gi.weigh.contiguity(grid)
    mass = pd.Series(1.0, index=grid.index)
    with pytest.raises(gi.errors.ColumnError, match="same value"):
        gi.measure.growth_poles(mass, near, regions=grid)
    mass.iloc[0] = -1
    with pytest.raises(gi.errors.ColumnError, match="negative in '0000'"):
        gi.measure.growth_poles(mass, near, regions=grid)
    mass.iloc[0] = np.nan
    with pytest.raises(gi.errors.ColumnError, match="no value in '0000'"):
        gi.measure.growth_poles(mass, near, regions=grid)
    with pytest.raises(gi.errors.AlignmentError):
        gi.measure.growth_poles(mass.drop("0000"), near, regions=grid)
    with pytest.raises(gi.errors.OptionError, match="draws"):
        gi.measure.PoleOptions(draws=-1)


def test_a_residual_looks_at_the_nearest_regions_of_its_window_and_at_no_others():
    from geoinno.measure.poles import _rules

    rng = np.random.default_rng(5)
    plane, level = rng.uniform(0, 100, (60, 2)), rng.normal(size=60)
    window = 0.4
    nearest = np.argsort(np.hypot(*(plane - plane[0]).T), kind="stable")
    near = int(np.ceil(window * 60))
    before = _rules.residual(level, plane, window=window)[0]
    for rank, seen in ((1, True), (near - 1, True), (near + 1, False), (near + 2, False)):
        changed = level.copy()
        changed[nearest[rank]] += 50.0
        after = _rules.residual(changed, plane, window=window)[0]
        assert (after != pytest.approx(before, rel=1e-9)) == seen
    # The farthest of the window stands at the edge of the kernel, where the tricube weight is zero.
    edge = level.copy()
    edge[nearest[near]] += 50.0
    assert _rules.residual(edge, plane, window=window)[0] == pytest.approx(before, rel=1e-6)
