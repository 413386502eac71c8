"""The law of p-values: at 5%, nothing is found in 3-7% of maps of nothing, and what is there is found.

A measure enters the table with its p-values for a map of values. Tests of autocorrelation itself are held to
independent values alone: correlated ones are what they are to find. All others also meet noise whose
range is a quarter of the map. A p-value that rejects less or more often says so, in its docstring and in
the words of its result.
"""

from __future__ import annotations

import inspect
import re
from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import TYPE_CHECKING

import geopandas
import numpy as np
import pandas as pd
import pytest
from shapely.geometry import LineString, box

import geoinno as gi
from geoinno import measure as m

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

SIDE = 9
ALPHA = 0.05
FEW = {"permutations": 199}


EXACT, CAUTIOUS, LIBERAL = "exact", "cautious", "liberal"
LEVELS = {EXACT: (0.03, 0.07), CAUTIOUS: (0.0, 0.07), LIBERAL: (0.03, 1.0)}
EVERYWHERE = (EXACT, EXACT)


@dataclass(frozen=True, slots=True)
class Law:
    """How a measure is called on a map of values, which p-values it gives, and what it is to find.

    ``p_values`` takes a place and values, and returns p-values, or several kinds by name. ``sizes``: of each
    kind, what it says of its size under independent and under correlated noise (None: not held to any).
    ``weak`` kinds need not find the effect. Values are those of cells, of towns, or of pairs of cells.
    """

    p_values: Callable[[SimpleNamespace, pd.Series], object]
    effect: Callable[[SimpleNamespace], object]
    draws: int = 1000
    sizes: Mapping[str, tuple[str | None, str | None]] = field(default_factory=lambda: {"p": (EXACT, None)})
    weak: tuple[str, ...] = ()
    units: str = "cells"


def gradient(place):
    """Return values that rise from west to east, with little noise."""
    return place.column + np.random.default_rng(3).normal(size=len(place.column))


def cluster(place):
    """Return values that are high in one corner."""
    corner = (place.column < 4) & (place.row < 4)
    return 4.0 * corner + np.random.default_rng(3).normal(size=len(corner))


def on_x(place):
    """Return values that follow the covariate."""
    return 2.0 * place.x + place.noise(np.random.default_rng(3).normal(size=len(place.x)))


def uneven(place):
    """Return values that vary more in the west."""
    return np.random.default_rng(3).normal(size=len(place.column)) * np.where(place.column < 4, 8.0, 0.2)


def two_steps(place):
    """Return values that differ between the countries."""
    return 2.0 * (place.column // 3) + np.random.default_rng(3).normal(size=len(place.column))


def slope_t(place, values):
    """Return the t of the slope of values on the covariate, by the textbook."""
    x, y = place.x - place.x.mean(), values.to_numpy() - values.mean()
    slope = x @ y / (x @ x)
    return slope / np.sqrt(((y - slope * x) ** 2).sum() / (len(x) - 2) / (x @ x))


def regression_p(place, values):
    """Return the noise placebo of a regression on a covariate that is as smooth as the noise."""
    terms = pd.DataFrame({"x": place.x}, values.index)
    return m.noise_placebo(lambda y: slope_t(place, y), values, place.regions, regressors=terms, draws=199).p


def jump(place):
    """Return values of towns that jump by one and a half at the border."""
    return 1.5 * place.east + 0.4 * np.random.default_rng(3).normal(size=len(place.east))


def closed(place):
    """Return flows of which a fifth crosses the borders that would cross if they were open."""
    return np.where(place.abroad, np.log(0.2), 0.0) + 0.1 * np.random.default_rng(3).normal(
        size=place.abroad.shape
    )


def one_step(place):
    """Return values that differ between the countries, by much more than within."""
    return 6.0 * (place.column // 3 % 2) + np.random.default_rng(3).normal(size=len(place.column))


def around(place):
    """Return logs of functions that follow the potential around."""
    parts = m.market_potential(place.size, place.regions, decay=gi.weigh.exponential(60), country="country")
    logs = np.log(parts[["domestic", "foreign"]]).sum(axis=1).to_numpy()
    return 2 * logs + 0.2 * np.random.default_rng(3).normal(size=len(logs))


def moran_p(place, values):
    found = m.moran(values, place.near, **FEW)
    return {"p": found.p, "p_normal": found.p_normal}


def dissimilarity_p(place, values):
    found = m.dissimilarity(values, place.segments, **FEW)
    return {"p": found.p, "p_placebo": found.p_placebo, "p_noise": found.p_noise}


def overlap_p(place, values):
    p = m.boundary_overlap(values, place.segments, **FEW).table["p"]
    return {"shared": p["shared"], "km": p.drop("shared")}


def borrowed_p(place, values):
    decay = gi.weigh.exponential(60)
    found = m.borrowed_size(
        np.exp(values), place.size, place.regions, decay=decay, country="country", draws=199
    )
    potential = found.coefficients.loc[["domestic_potential", "foreign_potential"]]
    return {"p": potential["p"], "p_noise": potential["p_noise"], "outliers": found.table["p"]}


def discontinuity_p(place, values):
    found = m.discontinuity(values, place.towns, side=place.east, border=place.meridian)
    return {"p": found.p, "p_noise": found.p_noise}


def convergence_p(place, values):
    start = pd.Series(np.exp(place.x), values.index)
    found = m.beta_convergence(start, start * np.exp(values), years=1, regions=place.regions)
    return {"p": found.coefficients.loc["start", "p"], "p_noise": found.p_noise}


def clubs_p(place, values):
    """Return the test of places of two clubs: the regions with high values, and the others."""
    t = np.arange(1, 13)
    high, gap = (values > values.median()).to_numpy()[:, None], values.rank(pct=True).to_numpy()[:, None]
    paths = np.where(high, 10 + 0.03 * t, 9 + 0.01 * t) + 0.3 * gap * t**-0.5
    panel = pd.DataFrame(paths, values.index, t).rename_axis("region").reset_index()
    tidy = panel.melt("region", var_name="year")
    return m.convergence_clubs(tidy, weights=place.near, draws=0, **FEW).p_contiguity


def flows(place, values):
    """Return flows of the middle cells by size and distance, times what the values say."""
    here, there = place.pairs
    ids = place.middle.index
    value = place.expected * np.exp(0.5 * values.to_numpy())
    return pd.DataFrame({"origin": ids[here], "destination": ids[there], "value": value})


def permeability_p(place, values):
    table = m.permeability(flows(place, values), place.km, place.inner, **FEW)
    return {"group": table.attrs["group"]["p"], "segments": table["p"]}


def placebo_p(place, values):
    land = place.middle["country"]
    return m.border_placebo(flows(place, values), place.km, border=land, permutations=39).p


LAWS = {
    "moran": Law(moran_p, gradient, sizes={"p": (EXACT, None), "p_normal": (EXACT, None)}),
    "geary": Law(lambda o, y: m.geary(y, o.near, **FEW).p, gradient),
    "getis_ord": Law(lambda o, y: m.getis_ord(y - y.min(), o.near, **FEW).p, cluster),
    "join_counts": Law(lambda o, y: m.join_counts(y > 1, o.near, **FEW).table.loc["BW", "p"], cluster),
    "local_moran": Law(lambda o, y: m.local_moran(y, o.near, permutations=999)["p"], cluster, 200),
    "local_getis_ord": Law(lambda o, y: m.local_getis_ord(y, o.near, permutations=999)["p"], cluster, 200),
    "local_geary": Law(lambda o, y: m.local_geary(y, o.near, permutations=999)["p"], gradient, 200),
    "losh": Law(
        lambda o, y: m.losh(y, o.near, permutations=999)[["p", "p_chi_square"]],
        uneven,
        200,
        sizes={"p": (EXACT, None), "p_chi_square": (LIBERAL, None)},
        weak=("p_chi_square",),
    ),
    "bivariate_moran": Law(
        lambda o, y: m.bivariate_moran(pd.Series(o.x, y.index), y, o.near, **FEW).p, on_x, 400
    ),
    "bivariate_local_moran": Law(
        lambda o, y: m.bivariate_local_moran(pd.Series(o.x, y.index), y, o.near, permutations=999)["p"],
        on_x,
        100,
    ),
    "lee": Law(lambda o, y: m.lee(pd.Series(o.white, y.index), y, o.near, **FEW).p, None, 300),
    "cross_border_moran": Law(
        lambda o, y: (
            m.cross_border_moran(y, o.near, o.country, permutations=999)
            .table[["p_domestic", "p_foreign", "p_domestic_within", "p_foreign_within"]]
            .to_numpy()
            .ravel()
        ),
        gradient,
        100,
    ),
    "correlogram": Law(
        lambda o, y: m.correlogram(y, o.regions, edges_km=[0, 60, 120], **FEW)[["p", "p_progressive"]],
        gradient,
        300,
        sizes={"p": (EXACT, None), "p_progressive": (CAUTIOUS, None)},
    ),
    "spatial_gini": Law(lambda o, y: m.spatial_gini(np.exp(y), o.near, **FEW).p, gradient),
    "convergence_clubs": Law(clubs_p, cluster, 600),
    "noise_placebo": Law(regression_p, on_x, 300, sizes={"p": EVERYWHERE}),
    "beta_convergence": Law(convergence_p, on_x, 150, sizes={"p": (EXACT, LIBERAL), "p_noise": EVERYWHERE}),
    "borrowed_size": Law(
        borrowed_p,
        around,
        150,
        sizes={"p": (EXACT, LIBERAL), "p_noise": EVERYWHERE, "outliers": EVERYWHERE},
        weak=("outliers",),
    ),
    "dissimilarity": Law(
        dissimilarity_p,
        one_step,
        200,
        sizes={"p": EVERYWHERE, "p_placebo": (CAUTIOUS, CAUTIOUS), "p_noise": EVERYWHERE},
        weak=("p_placebo",),
    ),
    "boundary_overlap": Law(
        overlap_p, one_step, sizes={"shared": (CAUTIOUS, CAUTIOUS), "km": EVERYWHERE}, weak=("km",)
    ),
    "discontinuity": Law(
        discontinuity_p, jump, 300, sizes={"p": EVERYWHERE, "p_noise": EVERYWHERE}, units="towns"
    ),
    "permeability": Law(
        permeability_p,
        closed,
        300,
        sizes={"group": (EXACT, LIBERAL), "segments": (CAUTIOUS, CAUTIOUS)},
        weak=("segments",),
        units="pairs",
    ),
    "border_placebo": Law(placebo_p, closed, 60, sizes={"p": (CAUTIOUS, CAUTIOUS)}, units="pairs"),
}
"""Measures whose p-values are held to their level."""

ELSEWHERE = {
    "convergence_clubs": "disparities/test_clubs.py",
    "diffusion_hazard": "diffusion/test_hazard.py",
    "opening_study": "borders/test_opening_study.py",
    "ellison_glaeser": "disparities/test_concentration.py",
    "rank_mobility": "disparities/test_mobility.py",
    "sigma_convergence": "disparities/test_convergence.py",
    "spatial_markov": "disparities/test_mobility.py",
    "q_values": "autocorrelation/test_local_statistics.py",
}
"""Measures whose p-values need other data than a map of values, and where these are tested."""


def units(index, lower):
    """Return what values are about: their ids, and what makes independent noise correlated."""
    return SimpleNamespace(index=pd.Index(index), lower=lower)


def correlation(km, side):
    """Return the factor of noise whose correlation is down to .05 at a quarter of the map's side."""
    return np.linalg.cholesky(np.exp(-12 * km / side) + 1e-9 * np.eye(len(km)))


@pytest.fixture(scope="module")
def place():
    cells = [(row, column) for row in range(SIDE) for column in range(SIDE)]
    row, column = np.array(cells).T
    regions = geopandas.GeoDataFrame(
        {"country": ["ABC"[c // 3] for c in column]},
        geometry=[box(c / 2, 47 + r / 3, c / 2 + 0.5, 47 + (r + 1) / 3) for r, c in cells],
        index=[f"r{r}{c}" for r, c in cells],
        crs=4326,
    )
    lower = correlation(gi.weigh.distances(regions).to_numpy(), SIDE * 37.5)
    white = np.random.default_rng(98).normal(size=len(regions))
    return SimpleNamespace(
        regions=regions,
        row=row,
        column=column,
        country=regions["country"],
        near=gi.weigh.contiguity(regions),
        segments=m.segments(regions),
        noise=lambda draws: lower @ draws,
        white=white,
        size=pd.Series(np.exp(white), regions.index),
        x=lower @ np.random.default_rng(99).normal(size=len(regions)),
        cells=units(regions.index, lower),
        **of_towns(),
        **of_pairs(regions[(row > 1) & (row < 6) & (column > 0) & (column < 8)]),
    )


def of_towns(count=160):
    """Return towns on both sides of a meridian."""
    random = np.random.default_rng(97)
    lon, lat = random.uniform(13.5, 16.5, count), random.uniform(47, 49, count)
    towns = geopandas.GeoDataFrame(
        geometry=geopandas.points_from_xy(lon, lat), index=[f"t{i}" for i in range(count)], crs=4326
    )
    lower = correlation(gi.weigh.distances(towns).to_numpy(), 223)
    return {
        "towns": towns,
        "east": pd.Series(lon > 15, towns.index),
        "meridian": geopandas.GeoSeries([LineString([(15, 46), (15, 50)])], crs=4326),
        "town_units": units(towns.index, lower),
    }


def of_pairs(middle):
    """Return pairs of cells in three countries, and the flows expected by size and distance."""
    km = gi.weigh.distances(middle)
    lower = correlation(km.to_numpy(), 4 * 37.5)
    apart = ~np.eye(len(km), dtype=bool)
    size = np.exp(np.random.default_rng(96).normal(0, 0.7, (2, len(km))))
    land = middle["country"].to_numpy()
    pairs = np.nonzero(apart)
    return {
        "middle": middle,
        "km": km,
        "inner": m.segments(middle),
        "pairs": pairs,
        "abroad": land[pairs[0]] != land[pairs[1]],
        "expected": 1e4 * size[0][pairs[0]] * size[1][pairs[1]] * km.to_numpy()[pairs] ** -1.2,
        "pair_units": units(np.arange(apart.sum()), np.kron(lower, lower)[apart.ravel()]),
    }


def found(law, place, maps):
    """Return the share of p-values up to the level, by kind."""
    shares = {kind: [] for kind in law.sizes}
    for y in maps:
        p = law.p_values(place, pd.Series(y, law_units(law, place).index, name="y"))
        for kind, some in (p if isinstance(p, dict | pd.DataFrame) else {"p": p}).items():
            shares[kind].append(np.ravel(np.asarray(some, float)))
    together = {kind: np.concatenate(some) for kind, some in shares.items()}
    return {kind: float(np.mean(p[~np.isnan(p)] <= ALPHA)) for kind, p in together.items()}


def law_units(law, place):
    """Return the units whose values a measure takes."""
    return {"cells": place.cells, "towns": place.town_units, "pairs": place.pair_units}[law.units]


def assert_levels(shares, law, which):
    """Hold each share to its level, and to three standard errors more where draws are few."""
    slack = 0.0 if law.draws >= 1000 else max(3 * np.sqrt(ALPHA * (1 - ALPHA) / law.draws) - 0.02, 0)
    for kind, sizes in law.sizes.items():
        if sizes[which] is not None:
            low, high = LEVELS[sizes[which]]
            assert low - slack <= shares[kind] <= high + slack, (kind, shares)


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore:With")
@pytest.mark.parametrize("name", LAWS)
def test_independent_noise_is_found_as_often_as_announced(name, place):
    law = LAWS[name]
    maps = np.random.default_rng(11).normal(size=(law.draws, len(law_units(law, place).index)))
    assert_levels(found(law, place, maps), law, 0)


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore:With")
@pytest.mark.parametrize(
    "name", [name for name, law in LAWS.items() if any(s[1] for s in law.sizes.values())]
)
def test_correlated_noise_is_found_as_often_as_announced(name, place):
    law = LAWS[name]
    lower = law_units(law, place).lower
    maps = (lower @ np.random.default_rng(12).normal(size=(lower.shape[1], law.draws))).T
    assert_levels(found(law, place, maps), law, 1)


@pytest.mark.filterwarnings("ignore:With")
@pytest.mark.parametrize("name", [name for name, law in LAWS.items() if law.effect])
def test_an_effect_that_is_there_is_found(name, place):
    law = LAWS[name]
    shares = found(law, place, [law.effect(place)])
    assert all(share > 2 * ALPHA for kind, share in shares.items() if kind not in law.weak), shares


def test_every_p_value_is_held_to_its_level(repository):
    named = {
        name
        for name, measure in vars(m).items()
        if inspect.isfunction(measure)
        and re.search(r"``p(_\w+)?``|p-value|two-sided p", inspect.getdoc(measure) or "")
    }
    absent = named - set(LAWS) - set(ELSEWHERE)
    assert not absent, absent
    for file in ELSEWHERE.values():
        assert (repository / "tests" / "measure" / file).is_file(), file
