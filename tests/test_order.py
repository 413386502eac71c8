"""Rows in another order: the same answers, and the index of the answer is the index of the question."""

from __future__ import annotations

import dataclasses
import inspect
from types import SimpleNamespace

import geopandas
import numpy as np
import pandas as pd
import pytest
import shapely

import geoinno as gi
from geoinno import measure as m

# How to ask each measure about a place. A new measure enters one of the two tables.
BY_REGION = {
    "q_values": lambda p: m.q_values(p.income.rank(pct=True)),
    "local_moran": lambda p: m.local_moran(p.income, p.weights, permutations=199),
    "local_getis_ord": lambda p: m.local_getis_ord(p.income, p.weights, permutations=199),
    "local_geary": lambda p: m.local_geary(p.income, p.weights, permutations=199),
    "bivariate_local_moran": lambda p: m.bivariate_local_moran(
        p.income, p.income.rank() % 7, p.weights, permutations=999
    ),
    "losh": lambda p: m.losh(p.income, p.weights, permutations=999),
    "market_potential": lambda p: m.market_potential(
        p.income, p.regions, decay=gi.weigh.exponential(100), country=p.country
    ),
    "latent_potential": lambda p: m.latent_potential(
        p.income, p.regions, decay=gi.weigh.exponential(100), country=p.country, border_factor=0.3
    ),
    "springboard": lambda p: m.springboard(
        p.income, p.regions, decay=gi.weigh.exponential(100), country=p.country, border_factor=0.3
    ),
    "prominence": lambda p: m.prominence(p.income, p.regions),
    "growth_poles": lambda p: m.growth_poles(
        p.income, p.weights, regions=p.regions, options=m.PoleOptions(permutations=999)
    ),
    "zoning_check": lambda p: m.zoning_check(p.income, p.weights, regions=p.regions, draws=9),
    "pull": lambda p: m.pull(p.income, p.costs, p.income > 40, decay=gi.weigh.exponential(100)),
    "pull_draws": lambda p: m.pull_draws(
        p.income, p.costs, p.income > 40, decay=gi.weigh.exponential(100), draws=3
    ).xs(2, level="draw"),
    "pole_shares": lambda p: m.pole_shares(
        p.income, p.costs, p.income > 40, decay=gi.weigh.exponential(100)
    ).sort_index(axis=1),
    "detrended": lambda p: m.detrended(p.income, p.regions),
    "diffusion_speed": lambda p: m.diffusion_speed(p.costs.loc["00"] + p.income.rank() % 5, p.regions).table,
    "location_quotient": lambda p: m.location_quotient(activity(p)),
    "krugman": lambda p: m.krugman(activity(p)),
    "hachman": lambda p: m.hachman(activity(p)),
    "shift_share": lambda p: m.shift_share(activity(p), activity(p).sort_index() ** 2),
    "benefit_of_doubt": lambda p: m.benefit_of_doubt(activity(p) + 1, weights=p.weights, sample=5, draws=3),
    "goal_split": lambda p: m.goal_split(
        activity(p)["a1"].sum(), m.attainable(activity(p)["a1"], *split_activity(p)), outcome="a1"
    ),
    "presence": lambda p: m.presence(activity(p)),
    "relatedness_density": lambda p: m.relatedness_density(*product_space(p)),
}
OF_THE_MAP = {
    "opening_study": lambda p: m.opening_study(
        years(p), p.costs.loc["00"], opened=2002, regions=p.regions, edges_km=[90], draws=19
    ),
    "growth_curve": lambda p: m.growth_curve(p.adoptions["period"].value_counts().sort_index().cumsum()),
    "diffusion_hazard": lambda p: without_process(
        m.diffusion_hazard(
            p.adoptions,
            p.weights,
            size=p.income,
            country=p.country,
            permutations=19,
            options=m.HazardOptions(window=5),
        )
    ),
    "rank_intervals": lambda p: m.rank_intervals(activity(p), draws=20, options=m.RankOptions(sobol=8)),
    "best_practice": lambda p: m.best_practice(activity(p), bounds=(0.05, 0.5)).slacks.round(6),
    "attainable": lambda p: m.attainable(activity(p)[["a1"]] * 1.5, *split_activity(p)).table,
    "composite_index": lambda p: m.composite_index(
        activity(p),
        structure={"old": ["a0", "a1"], "new": {"near": ["a2", "a3"], "far": [f"a{k}" for k in range(4, 9)]}},
        weights="entropy",
        direction={"a5": -1},
        options=m.IndexOptions(treat="winsorise"),
    ),
    "moran": lambda p: m.moran(p.income, p.weights, permutations=199),
    "geary": lambda p: m.geary(p.income, p.weights, permutations=199),
    "getis_ord": lambda p: m.getis_ord(p.income, p.weights, permutations=199),
    "join_counts": lambda p: m.join_counts(p.income > p.income.median(), p.weights, permutations=199),
    "correlogram": lambda p: m.correlogram(p.income, p.regions, edges_km=[0, 60, 120, 180], permutations=199),
    "gravity": lambda p: m.gravity(p.flows, p.costs, border=p.country),
    "bivariate_moran": lambda p: m.bivariate_moran(
        p.income, p.income.rank() % 7, p.weights, permutations=199
    ),
    "lee": lambda p: m.lee(p.income, p.income.rank() % 7, p.weights, permutations=199),
    "noise_placebo": lambda p: m.noise_placebo(
        lambda values: values.corr(p.income.rank()), p.income, p.regions, draws=99
    ),
    "gini": lambda p: m.gini(p.income),
    "theil": lambda p: m.theil(p.income, groups=p.country),
    "inequality_intervals": lambda p: m.inequality_intervals(p.income, groups=p.country, draws=99),
    "williamson": lambda p: m.williamson(p.income, population=p.income),
    "atkinson": lambda p: m.atkinson(p.income, population=p.income.rank()),
    "hoover": lambda p: m.hoover(p.income, population=p.income.rank()),
    "spatial_gini": lambda p: m.spatial_gini(p.income, p.weights, permutations=199),
    "locational_gini": lambda p: m.locational_gini(activities(p)),
    "ellison_glaeser": lambda p: m.ellison_glaeser(activities(p), activities(p).apply(np.ceil), draws=99),
    "beta_convergence": lambda p: m.beta_convergence(
        p.income, 50 + p.income.rank() % 7, years=10, weights=p.weights, regions=p.regions, model="lag"
    ),
    "sigma_convergence": lambda p: m.sigma_convergence(years(p)),
    "markov": lambda p: m.markov(years(p)),
    "spatial_markov": lambda p: m.spatial_markov(years(p), p.weights, classes=3),
    "lisa_transitions": lambda p: m.lisa_transitions(years(p), p.weights),
    "rank_mobility": lambda p: m.rank_mobility(years(p), weights=p.weights, permutations=99),
    "convergence_clubs": lambda p: m.convergence_clubs(long_paths(p), weights=p.weights, draws=9),
    "herfindahl": lambda p: m.herfindahl(p.income),
    "primacy": lambda p: m.primacy(p.income),
    "rank_size": lambda p: m.rank_size(p.income),
    "polycentricity": lambda p: m.polycentricity(p.flows),
    "dominant_flows": lambda p: m.dominant_flows(p.flows),
    "intramax": lambda p: m.intramax(p.flows, regions=5),
    "break_points": lambda p: m.break_points(p.income, p.regions, p.income > 40)["km"].round(6),
    "borrowed_size": lambda p: (
        m.borrowed_size(p.income, p.income.rank(), p.regions, decay=gi.weigh.exponential(100)).coefficients
    ),
    "cross_border_moran": lambda p: m.cross_border_moran(p.income, p.weights, p.country, permutations=999),
    "segments": lambda p: m.segments(p.regions, country=p.country).drop(columns="geometry"),
    "exposure": lambda p: m.exposure(p.regions, country=p.country),
    "contrast": lambda p: m.contrast(p.income, p.segments),
    "boundary_membership": lambda p: m.boundary_membership(m.contrast(p.income, p.segments), rule="fuzzy"),
    "boundary_overlap": lambda p: m.boundary_overlap(p.income, p.segments, permutations=99).table["value"],
    "dissimilarity": lambda p: m.dissimilarity(p.income, p.segments, permutations=99).adjusted_ratio,
    "border_effect": lambda p: m.border_effect(m.gravity(p.flows, p.costs, border=p.country)).width,
    "border_shape": lambda p: m.border_shape(
        m.gravity(p.flows, p.costs, border=p.country, options=m.GravityOptions(kink=True))
    ),
    "border_placebo": lambda p: m.border_placebo(p.flows, p.costs, border=p.country, permutations=9),
    "border_audit": lambda p: m.border_audit(p.own_flows, p.regions, country=p.country).round(4),
    "bloc_pairs": lambda p: m.bloc_pairs(p.country, p.country.replace({"B": "A"})).sort_index(axis=1),
    "permeability": lambda p: m.permeability(p.flows, p.costs, p.segments, permutations=99),
    "discontinuity": lambda p: m.discontinuity(
        p.fine["level"], p.fine, side=p.fine["side"], bandwidth_km=200
    ),
    "decay_fit": lambda p: m.decay_fit(p.flows, p.costs),
    "balances": lambda p: m.balances(p.flows),
    "relative_acceptance": lambda p: m.relative_acceptance(p.flows),
    "balanced_flows": lambda p: m.balanced_flows(
        p.income, p.income, p.costs, decay=gi.weigh.exponential(100)
    ),
    "proximity": lambda p: m.proximity(m.presence(activity(p))),
    "complexity": lambda p: m.complexity(m.presence(activity(p))),
    "entry_model": lambda p: m.entry_model(
        product_space(p)[0],
        product_space(p)[0].sort_index().set_axis([f"a{(k + 1) % 9}" for k in range(9)], axis=1),
        m.relatedness_density(*product_space(p)),
    ),
    "complements": lambda p: m.complements(
        *product_space(p), p.regions, decay=gi.weigh.exponential(100), country=p.country
    ).set_index(["region", "activity"]),
    "outlook": lambda p: m.outlook(*product_space(p), m.complexity(m.presence(activity(p)))),
}


def without_process(hazard):
    """Return the parts of a hazard that callers read."""
    return tuple(getattr(hazard, f.name) for f in dataclasses.fields(hazard) if f.name != "process")


def adoptions_of(regions):
    """Return the periods in which regions took up twelve innovations."""
    random = np.random.default_rng(11)
    rows = [
        (region, f"i{k}", int(random.integers(8) + k % 3))
        for k in range(12)
        for region in regions.index
        if random.random() < 0.6
    ]
    return pd.DataFrame(rows, columns=["region", "innovation", "period"])


def activity(place):
    """Return amounts of nine activities in the regions, in the order of their incomes."""
    return pd.DataFrame({f"a{k}": place.income * (k + 3) % (k + 5) for k in range(9)})


def split_activity(place):
    """Return outcomes and resources."""
    table = activity(place)
    return table[["a1", "a3"]], table[["a2"]]


def product_space(place):
    """Return the presence of activities and their proximity."""
    present = m.presence(activity(place))
    return present, m.proximity(present)


MEASURES = {name for name, thing in vars(m).items() if inspect.isfunction(thing) and name[0] != "_"}


def activities(place):
    """Return three activities of each region."""
    income = place.income
    return pd.DataFrame({"mines": income**2, "farms": 1 / income, "shops": income.rank()})


def years(place):
    """Return a panel of four years, in which regions grow at their own pace."""
    rank = place.income.rank() % 5
    table = pd.DataFrame({year: place.income * (1 + rank) ** (year - 2000) for year in range(2000, 2004)})
    tidy = table.rename_axis("region").reset_index()
    return tidy.melt("region", var_name="year").set_index(["region", "year"])["value"]


def long_paths(place):
    """Return paths over twelve years in which gaps of five kinds close at paces of three kinds."""
    rank = place.income.rank()
    table = pd.DataFrame({t: 9 + (rank % 5) * t ** (-0.2 * (rank % 3)) for t in range(1, 13)})
    tidy = table.rename_axis("region").reset_index()
    return tidy.melt("region", var_name="year").set_index(["region", "year"])["value"]


def halves(lattice):
    """Return the regions cut in two, with a level that jumps between two of their columns."""
    west, south, east, north = lattice.bounds.to_numpy().T
    middle = (south + north) / 2
    lower, upper = shapely.box(west, south, east, middle), shapely.box(west, middle, east, north)
    ids = [*lattice.index + "s", *lattice.index + "n"]
    fine = geopandas.GeoDataFrame(geometry=[*lower, *upper], index=ids, crs=lattice.crs)
    side = np.tile(west, 2) >= 1.5
    return fine.assign(side=side, level=np.sin(np.arange(len(ids))) + side)


@pytest.fixture(scope="module")
def place(lattice):
    random = np.random.default_rng(7)
    income = pd.Series(random.lognormal(3, 1, len(lattice)), lattice.index, name="income")
    costs = gi.weigh.distances(lattice)
    pairs = costs.rename_axis("origin").reset_index().melt("origin", var_name="destination", value_name="km")
    pairs = pairs[pairs["origin"] != pairs["destination"]]
    expected = 1e4 * pairs["km"].to_numpy() ** -1.2
    flows = pairs[["origin", "destination"]].assign(value=random.poisson(expected).astype(float))
    own = pd.DataFrame({"origin": lattice.index, "destination": lattice.index, "value": 5e4})
    return SimpleNamespace(
        regions=lattice,
        income=income,
        country=lattice["country"],
        weights=gi.weigh.contiguity(lattice),
        costs=costs,
        flows=flows,
        own_flows=pd.concat([flows, own]),
        segments=m.segments(lattice),
        fine=halves(lattice),
        adoptions=adoptions_of(lattice),
    )


@pytest.fixture(scope="module")
def shuffled(place):
    """Return the same place with every table in one other order, and the weights built in it."""
    order = place.income.sample(frac=1, random_state=1).index
    return SimpleNamespace(
        regions=place.regions.loc[order],
        income=place.income[order],
        country=place.country[order],
        weights=gi.weigh.contiguity(place.regions.loc[order]),
        costs=place.costs.loc[order, order[::-1]],
        flows=place.flows.sample(frac=1, random_state=2),
        own_flows=place.own_flows.sample(frac=1, random_state=2),
        segments=place.segments.sample(frac=1, random_state=3),
        fine=place.fine.sample(frac=1, random_state=4),
        adoptions=place.adoptions.sample(frac=1, random_state=5),
    )


@pytest.fixture(scope="module")
def mixed(place, shuffled):
    """Return the same place with the values alone in another order."""
    return SimpleNamespace(**{**vars(place), "income": shuffled.income})


def inside(answer):
    """Return what an answer is made of, or nothing if it is one thing."""
    if dataclasses.is_dataclass(answer):
        return [getattr(answer, field.name) for field in dataclasses.fields(answer)]
    if isinstance(answer, dict):
        return [*sorted(answer), *(answer[key] for key in sorted(answer))]
    return list(answer) if isinstance(answer, tuple) else []


def parts(answer):
    """Yield the tables and numbers of an answer, rows in the order of their ids."""
    if isinstance(answer, pd.DataFrame) and {"origin", "destination"} <= set(answer.columns):
        yield answer.set_index(["origin", "destination"]).sort_index()
    elif isinstance(answer, pd.Series | pd.DataFrame):
        yield answer.sort_index()
    elif inside(answer):
        for part in inside(answer):
            yield from parts(part)
    else:
        yield answer


def assert_same(answer, other):
    for ours, theirs in zip(parts(answer), parts(other), strict=True):
        if isinstance(ours, pd.DataFrame):
            pd.testing.assert_frame_equal(ours, theirs, rtol=1e-9)
        elif isinstance(ours, pd.Series):
            pd.testing.assert_series_equal(ours, theirs, rtol=1e-9)
        elif isinstance(ours, float):
            assert theirs == pytest.approx(ours, rel=1e-9, nan_ok=True)
        else:
            assert ours == theirs


def test_every_measure_is_asked():
    assert MEASURES - set(BY_REGION) - set(OF_THE_MAP) == set()


@pytest.mark.parametrize("name", sorted(MEASURES & set(BY_REGION)))
def test_the_index_of_the_answer_is_the_index_of_the_question(name, place, shuffled):
    for asked in (place, shuffled):
        assert list(BY_REGION[name](asked).index) == list(asked.income.index)


@pytest.mark.parametrize("name", sorted(MEASURES & {*BY_REGION, *OF_THE_MAP}))
def test_rows_in_another_order_give_the_same_answer(name, place, shuffled, mixed):
    ask = {**BY_REGION, **OF_THE_MAP}[name]
    answer = ask(place)
    assert_same(answer, ask(shuffled))
    assert_same(answer, ask(mixed))
