"""Numbers that R's spdep and sf found on real maps, made by the scripts in tests/truth."""

from __future__ import annotations

import json
import math
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
from libpysal import examples
from libpysal.graph import Graph

import geoinno as gi

TRUTH = Path(__file__).parent / "truth"
MAPS = {
    name: json.loads((TRUTH / f"{name}.json").read_text())
    for name in ("columbus", "nc", "central_asia", "north_america", "austria")
}
CHANCE = json.loads((TRUTH / "permutation.json").read_text())
LIBPYSAL = {"columbus": ("columbus/columbus.shp", "POLYID"), "nc": ("sids2/sids2.shp", "FIPS")}

# Both sides work in double precision; R wrote 15 digits, and variances lose a few by cancellation.
RELATIVE = 1e-9
# Standard errors of the difference of two Monte-Carlo p-values; among the 800 compared here, one
# differs by more in one of 180 choices of seeds.
ERRORS = 4.5
PERMUTATIONS = 49_999
STANDARDISE = {"W": "row", "B": "none"}


def cases(part="moran"):
    """Return the cases of all maps in which R was asked for a part."""
    return pytest.mark.parametrize(
        ("name", "case"),
        [
            pytest.param(name, case, id=f"{name}-{case['graph']}-{case['style']}-{case['variable']}")
            for name, told in MAPS.items()
            for case in told["cases"]
            if part in case
        ],
    )


def close(ours, theirs):
    return np.testing.assert_allclose(ours, theirs, rtol=RELATIVE, atol=0)


def graph(name, which):
    """Return the weights that R used, isolates included."""
    told = MAPS[name]["graphs"][which]
    links = [
        (focal, neighbour, weight)
        for focal, neighbours in told["neighbours"].items()
        for neighbour, weight in zip(
            neighbours or [focal],
            told.get("weights", {}).get(focal) or [float(bool(neighbours))] * max(1, len(neighbours)),
            strict=True,
        )
    ]
    return Graph.from_arrays(*map(np.array, zip(*links, strict=True)))


def series(name, variable):
    return pd.Series(MAPS[name]["values"][variable], index=MAPS[name]["ids"], name=variable)


def kinds(name):
    return pd.Series(MAPS[name]["kinds"], index=MAPS[name]["ids"], name="kind")


def linked(name, which):
    """Return the regions that have neighbours."""
    return [region for region, near in MAPS[name]["graphs"][which]["neighbours"].items() if near]


def as_given(name, case):
    """Return the weights for a statistic that takes them as they are."""
    given = graph(name, case["graph"])
    return given.transform("r") if case["style"] == "W" else given


@pytest.mark.oracle
@cases()
def test_moran_is_that_of_spdep(name, case):
    values, weights = series(name, case["variable"]), graph(name, case["graph"])
    ours = gi.measure.moran(values, weights, standardise=STANDARDISE[case["style"]], permutations=9)
    close([ours.statistic, ours.expected, ours.variance, ours.z], list(case["moran"].values())[:-1])
    close(ours.p_normal, case["moran"]["p"])
    assert ours.n == len(linked(name, case["graph"]))


@pytest.mark.oracle
@cases()
def test_geary_is_that_of_spdep(name, case):
    values, weights, theirs = series(name, case["variable"]), graph(name, case["graph"]), case["geary"]
    ours = gi.measure.geary(values, weights, standardise=STANDARDISE[case["style"]], permutations=9)
    close([ours.statistic, ours.expected, ours.variance, ours.z], list(theirs.values())[:-1])
    close(ours.p_normal, theirs["p"])


@pytest.mark.oracle
@cases()
def test_general_g_is_that_of_spdep(name, case):
    ours = gi.measure.getis_ord(series(name, case["variable"]), as_given(name, case), permutations=9)
    theirs = case["getis_ord"]
    close([ours.statistic, ours.expected, ours.variance, ours.z], list(theirs.values())[:-1])
    close(ours.p_normal, theirs["p"])


@pytest.mark.oracle
@cases("joins")
def test_join_counts_are_those_of_spdep(name, case):
    ours = gi.measure.join_counts(kinds(name), as_given(name, case), permutations=9).table
    theirs = pd.DataFrame(case["joins"]).T
    close(ours[theirs.columns].loc[theirs.index].astype(float), theirs)


@pytest.mark.oracle
@pytest.mark.filterwarnings("ignore:With 9 permutations")
@cases("local")
def test_local_statistics_are_those_of_spdep(name, case):
    values, theirs, near = series(name, case["variable"]), case["local"], linked(name, case["graph"])
    weights, style = graph(name, case["graph"]), STANDARDISE[case["style"]]
    moran = gi.measure.local_moran(values, weights, standardise=style, permutations=9)
    geary = gi.measure.local_geary(values, weights, standardise=style, permutations=9)
    hot = gi.measure.local_getis_ord(values, as_given(name, case), star=False, permutations=9)
    close(moran.loc[near, "statistic"], theirs["moran"])
    assert moran.loc[near, "quadrant"].to_list() == theirs["quadrant"]
    close(geary.loc[near, "statistic"], theirs["geary"])
    close(hot.loc[near, "statistic"], theirs["getis_ord"])
    if "getis_ord_star" in theirs:
        star = gi.measure.local_getis_ord(values, as_given(name, case), permutations=9)
        close(star.loc[near, "statistic"], theirs["getis_ord_star"])
    assert moran.drop(index=near)["statistic"].isna().all()


def assert_equal_within_chance(ours, theirs):
    ours, theirs = np.asarray(ours), np.asarray(theirs)
    tail = (ours + theirs) / 4
    spread = 2 * np.sqrt(tail * (1 - tail) * (1 / PERMUTATIONS + 1 / CHANCE["nsim"]))
    resolution = 2 / PERMUTATIONS
    assert (np.abs(ours - theirs) <= ERRORS * spread + resolution).all()


@pytest.mark.oracle
@pytest.mark.parametrize("name", CHANCE["maps"])
def test_p_values_over_the_whole_map_are_those_of_spdep(name):
    told = CHANCE["maps"][name]
    values, weights, theirs = series(name, told["variable"]), graph(name, told["graph"]), told["whole_map"]
    joins = gi.measure.join_counts(kinds(name), weights, permutations=PERMUTATIONS).table["p"]
    assert_equal_within_chance(
        [
            gi.measure.moran(values, weights, permutations=PERMUTATIONS).p,
            gi.measure.geary(values, weights, permutations=PERMUTATIONS).p,
            *joins[["BB", "WW"]],
        ],
        [theirs["moran"], theirs["geary"], theirs["joins"]["BB"], theirs["joins"]["WW"]],
    )


@pytest.mark.oracle
@pytest.mark.parametrize("name", CHANCE["maps"])
@pytest.mark.parametrize("statistic", ["moran", "getis_ord", "geary"])
def test_conditional_p_values_are_those_of_r(name, statistic):
    told = CHANCE["maps"][name]
    values, weights = series(name, told["variable"]), graph(name, told["graph"])
    measure = getattr(gi.measure, f"local_{statistic}")
    ours = measure(values, weights, permutations=PERMUTATIONS).loc[linked(name, told["graph"]), "p"]
    assert_equal_within_chance(ours, told["local"][statistic])


def links(weights):
    """Return each link of a symmetric graph once."""
    adjacency = weights.adjacency[weights.adjacency != 0]
    return {frozenset(pair) for pair in adjacency.index}


def shapes(name):
    """Return the polygons that R looked at; those of libpysal come from the same sources."""
    if name not in LIBPYSAL:
        return gi.read.sample(name).regions
    file, key = LIBPYSAL[name]
    table = gpd.read_file(Path(examples.__file__).parent / file)
    # Neither names its reference system; who touches whom does not depend on it.
    return table.set_index(table[key].astype(int).astype(str).to_numpy()).set_crs(4326)


@pytest.mark.oracle
@pytest.mark.parametrize("name", MAPS)
@pytest.mark.parametrize("rule", ["queen", "rook"])
def test_neighbours_are_those_of_spdep(name, rule):
    assert links(gi.weigh.contiguity(shapes(name), rule=rule)) == links(graph(name, rule))


@pytest.mark.oracle
@pytest.mark.parametrize("name", ["central_asia", "north_america"])
def test_borders_are_as_long_as_in_sf(name):
    theirs = pd.read_csv(TRUTH / f"borders_{name}.csv").set_index(["first", "second"])["ellipsoid_km"]
    ours = gi.weigh.border_lengths(gi.read.sample(name).regions).adjacency
    assert math.isclose(ours.sum(), 2 * theirs.sum(), rel_tol=RELATIVE)
    close(ours.loc[theirs.index], theirs)
