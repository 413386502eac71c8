"""Poles: those that everyone knows, those that were planted, and none where there are none."""

from __future__ import annotations

import geopandas
import numpy as np
import pandas as pd
import pytest
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


@pytest.mark.parametrize(
    ("name", "known"),
    [
        ("central_asia", {"Tashkent City", "Almaty City", "Astana", "Bishkek", "Dushanbe"}),
        ("north_america", {"Distrito Federal", "California", "New York", "Illinois"}),
        ("austria", {"Wien", "Budapest", "Prague"}),
    ],
)
def test_defaults_find_the_poles_that_everyone_knows(name, known):
    regions = gi.read.sample(name).regions
    people = regions["city_population"]
    found = gi.measure.growth_poles(people, gi.weigh.contiguity(regions), regions=regions)
    poles = set(regions["name"][found["pole"]])
    assert known <= poles
    assert len(poles) < len(regions) / 5


def test_every_pole_exceeds_its_neighbours_and_says_why(central_asia):
    regions = central_asia.regions
    people, near = regions["city_population"], gi.weigh.contiguity(regions)
    found = gi.measure.growth_poles(people, near, regions=regions)
    for region in found.index[found["pole"]]:
        neighbours = [n for n in near[region].index if n != region]
        assert people[region] > people[neighbours].max()
    rules = found[["local_maximum", "dense_cluster", "residual", "hot_spot"]]
    assert (found["rules"] == rules.sum(axis=1)).all()
    assert sorted(found["rank"].dropna()) == list(range(1, int(found["pole"].sum()) + 1))
    assert found.loc[~found["pole"], ["rank", "level"]].isna().all(axis=None)


def test_levels_nest(central_asia):
    regions = central_asia.regions
    people = regions["city_population"]
    found = gi.measure.growth_poles(people, gi.weigh.contiguity(regions), regions=regions)
    level = found["level"].rename(regions["name"])
    assert level["Tashkent City"] == "macro-regional"
    assert level["Bishkek"] == "national"
    everywhere = gi.measure.growth_poles(
        people,
        gi.weigh.contiguity(regions),
        regions=regions,
        options=gi.measure.PoleOptions(reach_km=20_000),
    )
    assert (everywhere["level"] == "macro-regional").sum() == 1


def test_growth_and_speciality_are_rules_where_given(central_asia):
    regions = central_asia.regions
    people = regions["city_population"]
    growth = pd.Series(np.linspace(-1, 1, 48), index=regions.index)
    quotient = pd.DataFrame({"a": growth + 1, "b": 0.5}, index=regions.index)
    found = gi.measure.growth_poles(
        people, gi.weigh.contiguity(regions), regions=regions, growth=growth, specialisation=quotient
    )
    mean = np.average(growth, weights=people)
    assert (found["growing"] == (growth > mean)).all()
    assert (found["propulsive"] == (growth > 0)).all()


@pytest.mark.slow
def test_planted_poles_are_found(grid):
    random = np.random.default_rng(1)
    near = gi.weigh.contiguity(grid)
    options = gi.measure.PoleOptions(permutations=999)
    found = []
    for _ in range(60):
        mass = pd.Series(random.lognormal(3, 0.4, len(grid)), index=grid.index)
        planted = ["0303", "0808"]
        mass[planted] = mass.median() * 25
        poles = gi.measure.growth_poles(mass, near, regions=grid, options=options)
        found.append(poles.loc[planted, "pole"].all())
    assert np.mean(found) > 0.95


@pytest.mark.slow
def test_chance_makes_few_significant_poles(grid):
    # Noise without any pole: residuals above 1.96 in 2.5% of regions if they were normal (McMillen's
    # one-sided rule); of these only local maxima can be poles. Hot spots at q <= .05 hardly occur.
    random = np.random.default_rng(2)
    near = gi.weigh.contiguity(grid)
    options = gi.measure.PoleOptions(permutations=999, least_share=1.0)
    shares = []
    for _ in range(40):
        mass = pd.Series(random.lognormal(3, 0.5, len(grid)), index=grid.index)
        found = gi.measure.growth_poles(mass, near, regions=grid, options=options)
        shares.append((found["residual"].mean(), found["hot_spot"].mean(), found["pole"].mean()))
    residual, hot, pole = np.mean(shares, axis=0)
    assert 0.015 < residual < 0.04
    assert hot < 0.005
    assert pole < 0.04


def test_unsound_masses_are_refused(grid):
    near = gi.weigh.contiguity(grid)
    mass = pd.Series(1.0, index=grid.index)
    with pytest.raises(gi.errors.ColumnError, match="same value"):
        gi.measure.growth_poles(mass, near, regions=grid)
    mass.iloc[0] = -1
    with pytest.raises(gi.errors.ColumnError, match="negative in '0000'"):
        gi.measure.growth_poles(mass, near, regions=grid)
    with pytest.raises(gi.errors.AlignmentError):
        gi.measure.growth_poles(mass.drop("0000"), near, regions=grid)
