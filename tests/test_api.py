"""The public doors: names, signatures and docstrings as the house lays them down."""

from __future__ import annotations

import ast
import dataclasses
import inspect
import pkgutil
import re
from importlib import import_module

import pytest

import geoinno

FLOORS = ("read", "weigh", "measure", "classify", "simulate", "draw", "report")
# What callers may rely on: names, order, kind, and defaults. Options may be added, not renamed;
# `...` stands for a default that is the room's own affair.
PROMISED = """
read.regions(path, *, id, country=None, name=None, layer=None, crs=None, encoding=None, where=None)
read.table(path, *, id, decimal=None, thousands=None, encoding=None, sheet=None, skip=0, where=None)
read.recoded(table, *, from_, to)
read.nuts(level, year, *, scale="10m", countries=None)
read.eurostat(dataset, *, filters=...)
read.worldbank(indicator)
read.panel(path, *, id, year)
read.flows(path, *, origin, destination, value)
read.join(regions, indicators, *, unmatched="raise")
read.topology(regions)
read.repaired(regions)
read.located(points, regions, *, value=None, how="count")
read.sample(name)
read.samples()
read.cities()
weigh.contiguity(regions, *, rule="queen", islands="isolate", links=())
weigh.border_lengths(regions)
weigh.nearest(regions, *, count)
weigh.within(regions, *, max_km, decay=None)
weigh.domestic(weights, country)
weigh.cross_border(weights, country)
weigh.distances(regions)
weigh.internal_distances(regions, *, rule="disc")
weigh.exponential(half_km)
weigh.power(exponent)
weigh.gaussian(half_km)
weigh.bridges(weights, regions)
weigh.tanner(exponent, rate)
weigh.lognormal(rate)
weigh.logistic(middle_km, steepness)
weigh.offset_power(half_km, exponent)
weigh.travel_minutes(regions, *, speed_kmh, detour=1.2, border_minutes=0.0)
measure.moran(values, weights, *, permutations=999, seed=0)
measure.geary(values, weights, *, permutations=999, seed=0)
measure.getis_ord(values, weights, *, permutations=999, seed=0)
measure.local_moran(values, weights, *, permutations=9999, seed=0)
measure.local_getis_ord(values, weights, *, star=True, permutations=9999, seed=0)
measure.local_geary(values, weights, *, permutations=9999, seed=0)
measure.cross_border_moran(values, weights, country, *, permutations=9999, seed=0)
measure.correlogram(values, regions, *, edges_km, permutations=999, seed=0)
measure.bivariate_moran(x, y, weights, *, permutations=999, seed=0)
measure.bivariate_local_moran(x, y, weights, *, permutations=9999, seed=0)
measure.lee(x, y, weights, *, permutations=999, seed=0)
measure.losh(values, weights, *, permutations=999, seed=0)
measure.noise_placebo(statistic, values, regions, *, draws=499, seed=0)
measure.gravity(flows, costs, *, decay="power", constraint="both", border=None, \
origin_mass=None, destination_mass=None)
measure.decay_fit(flows, costs, *, families=...)
measure.market_potential(mass, regions, *, decay, country=None, border_factor=1.0, accuracy=None)
measure.segments(regions, *, country="country")
measure.exposure(regions, *, country="country")
measure.contrast(values, segments)
measure.dissimilarity(values, segments, *, permutations=999, seed=0)
measure.border_effect(fit, *, sigma=5.0)
measure.permeability(flows, costs, segments, *, permutations=999, seed=0)
measure.discontinuity(values, regions, *, side, bandwidth_km=None)
measure.prominence(mass, regions, *, reach_km=None, weights=None)
measure.growth_poles(mass, weights, *, regions, growth=None)
measure.zoning_check(mass, weights, *, regions, draws=99, share=0.5, seed=0)
measure.dominant_flows(flows)
measure.intramax(flows, *, regions=None, share=None)
measure.pull(mass, costs, poles, *, decay)
measure.pull_draws(mass, costs, poles, *, decay, draws=200, noise=0.1, seed=0)
measure.gini(values, *, population=None)
measure.theil(values, *, population=None, groups=None)
measure.williamson(values, *, population)
measure.atkinson(values, *, aversion=0.5, population=None)
measure.hoover(values, *, population=None)
measure.spatial_gini(values, weights, *, permutations=999, seed=0)
measure.locational_gini(activity)
measure.ellison_glaeser(activity, plants)
measure.beta_convergence(start, end, *, years, controls=None, weights=None, regions=None, model="ols")
measure.sigma_convergence(panel)
measure.markov(panel, *, classes=5, pooled=False)
measure.spatial_markov(panel, weights, *, classes=5)
measure.lisa_transitions(panel, weights)
measure.rank_mobility(panel, *, weights=None)
measure.convergence_clubs(panel, *, weights=None)
measure.balances(flows)
measure.opening_study(panel, distance_km, *, opened)
measure.growth_curve(adopters, *, model="logistic")
measure.diffusion_speed(adoption, regions)
measure.diffusion_hazard(adoptions, weights, *, size=None, country=None, ties="efron", \
permutations=199, seed=0)
measure.location_quotient(activity)
measure.krugman(activity, *, against="others")
measure.hachman(activity)
measure.shift_share(start, end)
measure.presence(activity, *, cut=1.0)
measure.proximity(presence)
measure.relatedness_density(presence, proximity)
measure.complexity(presence, *, method="eigenvector")
measure.outlook(presence, proximity, complexity)
measure.entry_model(start, end, density)
measure.complements(presence, proximity, regions, *, decay, country=None, border_factor=1.0)
measure.composite_index(indicators, *, structure=None, weights=None, normalise="minmax", \
aggregate="arithmetic", direction=None)
measure.benefit_of_doubt(indicators, *, bounds=None)
measure.attainable(goals, outcomes, resources, *, growth=0.0, kinds=None, weights=None)
measure.goal_split(total, goals, *, outcome)
measure.best_practice(indicators, *, bounds=None)
measure.rank_intervals(indicators, *, structure=None, draws=1000, seed=0)
classify.classes(values, *, scheme="quantiles", count=5)
classify.clusters(local, *, max_q=0.05)
classify.space_types(pull, poles, *, draws=None)
simulate.spread(hazard, *, periods, draws=500, seed=0)
simulate.compression(mass, regions, *, decay, costs=None, speed_gain=0.0, border_minutes_saved=0.0)
simulate.time_space(costs, regions)
simulate.best_links(mass, regions, links, *, budget, decay)
simulate.opening(trade, change, *, elasticity=4.0, deficits="additive")
simulate.accession(trade, members, *, joining, effect, elasticity=4.0)
simulate.relocation(trade, commuting, wages, *, change, commuting_change=None, housing=0.4, \
elasticity=4.0, commuting_elasticity=3.3, move=True)
draw.choropleth(regions, values, *, scheme=..., title="", legend="", uncertain=None)
draw.roles(regions, types)
draw.flow_lines(flows, regions)
draw.border_lines(segments, values)
draw.pole_points(poles, regions, mass)
draw.link_lines(regions, weights)
draw.sheet(*layers, title="", subtitle="", source=None, alt=None, crs="auto")
report.embed(sheet, *, mode="iframe", caption="", height="auto")
report.offline(map)
report.page(title, *blocks)
report.to_gis(path, *layers)
"""
# The plan gives these and their rooms one name; the function is what callers meet on the floor.
NAMED_AS_ITS_ROOM = {"atlas", "bivariate", "categories", "embed", "samples"}


def doors():
    """Yield the name on the floor and the function, for every public function there is."""
    for floor in FLOORS:
        for name, thing in vars(import_module(f"geoinno.{floor}")).items():
            if inspect.isfunction(thing) and not name.startswith("_"):
                yield f"{floor}.{name}", thing


def result_classes():
    """Yield every public dataclass of the house."""
    for found in pkgutil.walk_packages(geoinno.__path__, "geoinno."):
        if "_kernels" in found.name:
            continue
        for name, thing in vars(import_module(found.name)).items():
            own = inspect.isclass(thing) and thing.__module__ == found.name
            if own and dataclasses.is_dataclass(thing) and not name.startswith("_"):
                yield f"{found.name}.{name}", thing


def promises():
    """Yield the name on the floor and the promised arguments."""
    for line in PROMISED.split("\n")[1:-1]:
        name, _, arguments = line.partition("(")
        yield name, ast.parse(f"def f({arguments}: ...").body[0].args


DOORS = dict(doors())
CLASSES = dict(result_classes())
PROMISES = dict(promises())
every_door = pytest.mark.parametrize("door", DOORS)


def parameters(door, *kinds):
    return [p for p in inspect.signature(DOORS[door]).parameters.values() if not kinds or p.kind in kinds]


def sections(door):
    """Return the numpydoc sections of a docstring by their title."""
    text = inspect.getdoc(DOORS[door]) or ""
    parts = re.split(r"^(\S.*)\n-{3,}$", text, flags=re.MULTILINE)
    return dict(zip(parts[1::2], parts[2::2], strict=True))


def test_every_floor_has_doors():
    assert {door.partition(".")[0] for door in DOORS} == set(FLOORS)


@every_door
def test_options_are_keyword_only(door):
    with_default = [p for p in parameters(door) if p.default is not p.empty]
    assert [p.name for p in with_default if p.kind is not p.KEYWORD_ONLY] == []


@every_door
def test_at_most_three_positional_parameters(door):
    kinds = (inspect.Parameter.POSITIONAL_ONLY, inspect.Parameter.POSITIONAL_OR_KEYWORD)
    assert len(parameters(door, *kinds)) <= 3


@every_door
def test_a_door_is_fully_annotated(door):
    assert [p.name for p in parameters(door) if p.annotation is p.empty] == []
    assert inspect.signature(DOORS[door]).return_annotation is not inspect.Signature.empty


@every_door
def test_a_function_is_a_noun(door):
    assert not door.partition(".")[2].startswith(("get_", "compute_", "calculate_", "make_"))


@every_door
def test_a_file_directly_on_a_floor_hides_no_function(door):
    """``gi.draw.lines`` must not be a module on one day and a function on the next."""
    floor, _, name = door.partition(".")
    on_the_floor = {found.name for found in pkgutil.iter_modules(import_module(f"geoinno.{floor}").__path__)}
    assert name not in on_the_floor - NAMED_AS_ITS_ROOM


def test_every_promise_has_a_door():
    assert set(PROMISES) - set(DOORS) == set()


@pytest.mark.parametrize("door", PROMISES)
def test_a_signature_is_as_promised(door):
    promised = PROMISES[door]
    signature = inspect.signature(DOORS[door]).parameters
    assert [a.arg for a in promised.args] == [
        p.name for p in parameters(door, inspect.Parameter.POSITIONAL_OR_KEYWORD)
    ]
    if promised.vararg:
        assert signature[promised.vararg.arg].kind is inspect.Parameter.VAR_POSITIONAL
    for option, default in zip(promised.kwonlyargs, promised.kw_defaults, strict=True):
        given = signature[option.arg]
        assert given.kind is inspect.Parameter.KEYWORD_ONLY
        expected = inspect.Parameter.empty if default is None else ast.literal_eval(default)
        assert expected is ... or given.default == expected, option.arg


@pytest.mark.parametrize("door", PROMISES)
def test_what_was_added_to_a_promised_signature_is_optional(door):
    promised = {a.arg for a in (*PROMISES[door].args, *PROMISES[door].kwonlyargs)}
    added = [p for p in parameters(door, inspect.Parameter.KEYWORD_ONLY) if p.name not in promised]
    assert [p.name for p in added if p.default is p.empty] == []


@every_door
def test_a_docstring_has_its_sections(door):
    wanted = {"Returns", "Examples"}
    wanted |= {"Parameters"} if parameters(door) else set()
    wanted |= {"References"} if door.startswith("measure.") else set()
    assert wanted - set(sections(door)) == set()


@every_door
def test_every_parameter_is_explained_and_no_other(door):
    listed = re.findall(r"^(\S.*)$", sections(door).get("Parameters", ""), flags=re.MULTILINE)
    explained = {name.strip(" *") for line in listed for name in line.split(",")}
    assert explained == {p.name for p in parameters(door)}


@every_door
def test_every_example_runs_and_is_short(door):
    lines = [line for line in sections(door).get("Examples", "").splitlines() if line.startswith(">>> ")]
    assert 1 <= len(lines) <= 6


@every_door
def test_the_first_line_is_one_sentence(door):
    first = (inspect.getdoc(DOORS[door]) or "").split("\n\n")[0]
    assert first.endswith(".")
    assert first[0].isupper()


@pytest.mark.parametrize("name", CLASSES)
def test_a_result_is_frozen_and_slotted(name):
    assert CLASSES[name].__dataclass_params__.frozen
    assert "__slots__" in vars(CLASSES[name])


@pytest.mark.parametrize("name", [n for n, c in vars(geoinno.measure).items() if isinstance(c, type)])
def test_a_measured_result_speaks_in_words(name):
    assert name.endswith("Options") or vars(geoinno.measure)[name].__str__ is not object.__str__


def test_every_result_shows_itself_in_a_notebook():
    """Results inherit geoinno._display.Displayed; maps and atlases bring what they show themselves."""
    things = [thing for floor in FLOORS for thing in vars(import_module(f"geoinno.{floor}")).values()]
    public = {thing for thing in things if inspect.isclass(thing)}
    silent = [
        name
        for name, thing in result_classes()
        if thing in public and thing.__str__ is not object.__str__ and not hasattr(thing, "_repr_mimebundle_")
    ]
    assert silent == []
