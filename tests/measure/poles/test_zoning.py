"""Zoning: planted poles stay, poles of chance do not, and zones are contiguous."""

from __future__ import annotations

import geopandas
import numpy as np
import pandas as pd
import pytest
from libpysal.graph import Graph
from scipy.sparse import csgraph
from shapely.geometry import box

import geoinno as gi
from geoinno.measure.poles import _terrain, zoning


@pytest.fixture(scope="module")
def grid():
    cells = [(r, c) for r in range(12) for c in range(12)]
    return geopandas.GeoDataFrame(
        geometry=[box(c / 2, 45 + r / 2, c / 2 + 0.5, 45.5 + r / 2) for r, c in cells],
        index=[f"{r:02}{c:02}" for r, c in cells],
        crs=4326,
    )


@pytest.fixture(scope="module")
def planted(grid):
    mass = pd.Series(np.random.default_rng(3).lognormal(3, 0.3, len(grid)), grid.index)
    mass[["0303", "0808"]] = 60 * mass.median()
    return mass


def test_planted_poles_stay_poles_however_the_map_is_divided(grid, planted):
    near = gi.weigh.contiguity(grid)
    found = gi.measure.zoning_check(planted, near, regions=grid, draws=29)
    assert found.attrs["zones"] == 72
    known = ["0303", "0808"]
    assert found.loc[known, "pole"].all()
    assert (found.loc[known, "in_pole_zone"] > 0.8).all()
    # Noise makes poles on the edge, which seldom stay.
    assert (found.loc[found["pole"], "in_pole_zone"].drop(known) < 0.6).all()
    # Another corner is merged with neither.
    assert found.loc["0011", "in_pole_zone"] < 0.1
    expected = gi.measure.growth_poles(
        planted, near, regions=grid, options=gi.measure.PoleOptions(draws=0, permutations=199)
    )
    assert found["pole"].equals(expected["pole"])


def test_poles_of_chance_depend_on_the_division(grid):
    near = gi.weigh.contiguity(grid)
    chance = pd.Series(np.random.default_rng(5).lognormal(3, 0.6, len(grid)), grid.index)
    found = gi.measure.zoning_check(chance, near, regions=grid, draws=29)
    assert found["pole"].any()
    assert found.loc[found["pole"], "in_pole_zone"].mean() < 0.7


def test_rows_and_seeds(grid, planted):
    near = gi.weigh.contiguity(grid)
    plain = gi.measure.zoning_check(planted, near, regions=grid, draws=9)
    other = grid.sample(frac=1, random_state=1)
    again = gi.measure.zoning_check(
        planted.sample(frac=1, random_state=2), gi.weigh.contiguity(other), regions=other, draws=9
    )
    pd.testing.assert_frame_equal(again.loc[plain.index], plain, check_exact=True)
    seeded = gi.measure.zoning_check(planted, near, regions=grid, draws=9, seed=1)
    assert not seeded.equals(plain)


@pytest.mark.parametrize("zones", [3, 20, 100])
def test_zones_are_contiguous_and_keep_mass_and_area(grid, zones):
    land = _terrain.terrain(grid, None)
    zone = zoning._random_zones(land.links, zones, np.random.default_rng(zones))
    assert len(np.unique(zone)) == zones
    for one in range(zones):
        inside = np.flatnonzero(zone == one)
        assert csgraph.connected_components(land.links[inside][:, inside])[0] == 1
    merged = zoning._merged(land, zone)
    assert (merged.radii**2).sum() == pytest.approx((land.radii**2).sum(), rel=1e-12)
    np.testing.assert_allclose(np.linalg.norm(merged.xyz, axis=1), 1, rtol=1e-12)


def test_islands_are_merged_over_bridges(grid):
    apart = Graph.from_dicts({i: {} for i in grid.index})
    mass = pd.Series(np.arange(144.0), grid.index)
    found = gi.measure.zoning_check(mass, apart, regions=grid, draws=3)
    assert found["in_pole_zone"].between(0, 1).all()


@pytest.mark.parametrize("share", [0.001, 1.0, 2.0])
def test_too_few_or_too_many_zones_are_refused(grid, planted, share):
    with pytest.raises(gi.errors.OptionError, match="144 regions makes"):
        gi.measure.zoning_check(planted, gi.weigh.contiguity(grid), regions=grid, share=share)
