"""Where a Series stands beside regions, the name of a column does too, and an array is refused in words."""

from __future__ import annotations

import inspect
from types import SimpleNamespace

import geopandas
import numpy as np
import pandas as pd
import pytest
import shapely

import geoinno as gi
from geoinno import draw, measure

DECAY = gi.weigh.exponential(100)
# How to ask each function with an indicator, given as a Series or by name. A new function enters here.
ASKED = {
    "measure.noise_placebo": lambda p, v: measure.noise_placebo(lambda s: s.max(), v, p.regions, draws=19),
    "measure.correlogram": lambda p, v: measure.correlogram(v, p.regions, edges_km=[0, 60, 120]),
    "measure.detrended": lambda p, v: measure.detrended(v, p.regions),
    "measure.discontinuity": lambda p, v: measure.discontinuity(
        v if isinstance(v, str) else p.fine["income"] if isinstance(v, pd.Series) else np.ones(72),
        p.fine,
        side=p.fine["side"],
        bandwidth_km=200,
    ),
    "measure.springboard": lambda p, v: measure.springboard(v, p.regions, decay=DECAY, border_factor=0.3),
    "measure.borrowed_size": lambda p, v: measure.borrowed_size(v, p.size, p.regions, decay=DECAY),
    "measure.break_points": lambda p, v: measure.break_points(v, p.regions, p.income > 40),
    "measure.growth_poles": lambda p, v: measure.growth_poles(v, p.weights, regions=p.regions),
    "measure.zoning_check": lambda p, v: measure.zoning_check(v, p.weights, regions=p.regions, draws=3),
    "measure.diffusion_speed": lambda p, v: (
        measure.diffusion_speed(p.front["income"] if isinstance(v, pd.Series) else v, p.front).table
    ),
    "measure.opening_study": lambda p, v: (
        measure.opening_study(
            panel_of(p.regions), v, opened=2002, regions=p.regions, edges_km=[15], draws=19
        ).table
    ),
    "measure.prominence": lambda p, v: measure.prominence(v, p.regions),
    "measure.latent_potential": lambda p, v: measure.latent_potential(
        v, p.regions, decay=DECAY, country="country", border_factor=0.3
    ),
    "measure.market_potential": lambda p, v: measure.market_potential(v, p.regions, decay=DECAY),
    "draw.choropleth": lambda p, v: draw.choropleth(p.regions, v).table,
    "draw.bivariate": lambda p, v: draw.bivariate(p.regions, v, v).table,
    "draw.categories": lambda p, v: draw.categories(p.regions, v).table,
    "draw.pole_points": lambda p, v: draw.pole_points(p.income > 40, p.regions, v).table,
}
# What takes regions, but no indicator beside them.
WITHOUT = {
    "draw.rank_dots",
    "draw.goal_dots",
    "measure.beta_convergence", "measure.complements", "measure.border_audit", "measure.exposure",
    "measure.segments", "measure.intramax",
    "draw.roles", "draw.cluster_map", "draw.flow_lines", "draw.over_time",
    "draw.over_scenarios", "draw.displacements",
    "draw.club_map", "draw.mobility_map", "draw.option_map", "draw.link_lines",
    "draw.border_lines",  # regions are what the borders part
    "draw.moran_scatter",  # regions give names alone
}  # fmt: skip


def floors():
    """Yield the public functions of measure and draw that take regions."""
    for floor in (measure, draw):
        for name, thing in vars(floor).items():
            if inspect.isfunction(thing) and "regions" in inspect.signature(thing).parameters:
                yield f"{floor.__name__.rpartition('.')[2]}.{name}"


@pytest.fixture(scope="module")
def place(lattice):
    random = np.random.default_rng(7)
    income = pd.Series(random.lognormal(3, 1, len(lattice)).round(3), lattice.index, name="income")
    order = lattice.sample(frac=1, random_state=3).index
    regions = lattice.assign(income=income)
    size = pd.Series(random.lognormal(3, 1, len(lattice)), lattice.index, name="size")
    return SimpleNamespace(
        regions=regions,
        fine=halves(lattice, random),
        front=regions.assign(income=gi.weigh.places(regions)["lon"]),
        income=income[order],
        size=size,
        weights=gi.weigh.contiguity(regions),
    )


def panel_of(regions):
    """Return four years of a growing outcome."""
    rank = regions["income"].rank()
    years = {year: rank * (year - 1999) + rank % 3 * (year % 2) for year in range(2000, 2004)}
    return pd.concat(years, names=["year"]).swaplevel().rename_axis(["region", "year"])


def halves(lattice, random):
    """Return the regions cut in two, with an income and the side of a border on which each lies."""
    west, south, east, north = lattice.bounds.to_numpy().T
    middle = (south + north) / 2
    boxes = [*shapely.box(west, south, east, middle), *shapely.box(west, middle, east, north)]
    fine = geopandas.GeoDataFrame(
        geometry=boxes, index=[*lattice.index + "s", *lattice.index + "n"], crs=4326
    )
    return fine.assign(side=np.tile(west, 2) >= 1.5, income=random.lognormal(3, 1, len(fine)))


def plain(answer):
    """Return an answer as a table that can be compared by id."""
    table = answer if isinstance(answer, pd.DataFrame | pd.Series) else pd.Series([str(answer)])
    table = pd.DataFrame(table).drop(columns="geometry", errors="ignore")
    return table.sort_index() if table.index.is_unique else table


def test_every_function_beside_regions_is_asked():
    assert set(floors()) - set(ASKED) - WITHOUT == set()


@pytest.mark.parametrize("name", ASKED)
def test_the_name_of_a_column_will_do(name, place):
    pd.testing.assert_frame_equal(
        plain(ASKED[name](place, "income")), plain(ASKED[name](place, place.income))
    )


@pytest.mark.parametrize("name", ASKED)
def test_an_array_is_refused_in_words(name, place):
    with pytest.raises(gi.GeoinnoError, match=r"ndarray was given.*regions.index"):
        ASKED[name](place, place.income.to_numpy())


@pytest.mark.parametrize("name", ASKED)
def test_a_column_that_is_not_there_is_named(name, place):
    with pytest.raises(gi.ColumnError, match="no column 'incomes'"):
        ASKED[name](place, "incomes")
