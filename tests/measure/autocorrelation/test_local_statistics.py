"""Local statistics: agreement with others, honesty of p-values, and order."""

from __future__ import annotations

from itertools import combinations, permutations

import esda
import numpy as np
import pandas as pd
import pytest
from libpysal.graph import Graph

import geoinno as gi
from geoinno.measure._inference.significance import warn_if_coarse


@pytest.fixture(scope="module")
def near(lattice):
    return gi.weigh.contiguity(lattice)


@pytest.fixture(scope="module")
def values(lattice):
    return pd.Series(np.random.default_rng(1).gamma(2, size=len(lattice)), index=lattice.index, name="v")


LOCAL = [gi.measure.local_moran, gi.measure.local_getis_ord, gi.measure.local_geary]


# R 4.2 with spdep 1.2-7 on cell2nb(6, 6, type="queen"), x <- (7 * (0:35)) %% 11 + (0:35) / 10, at regions
# 1, 8, 15, 36: localmoran(x, W)[, 1], localC(x, W), localG(x, B), and localG with include.self(nb).
OF_R = {
    "local_moran": (-0.519635920265404, 0.0762639294524626, -0.312859046700882, -0.0349335072447329),
    "local_geary": (5.21203958374685, 1.24845110159639, 3.33627399551989, 1.34752034479825),
    "local_getis_ord": (-0.641026757053092, -0.943263400971365, -0.103528909862711, 1.60961114271024),
}
OF_R_WITHOUT_STAR = (0.378064335122085, -0.889924289921909, -0.561931382994144, 1.82435058874858)
SHOWN = [0, 7, 14, 35]


@pytest.fixture(scope="module")
def patterned(lattice):
    place = np.arange(len(lattice))
    return pd.Series(7 * place % 11 + place / 10, index=lattice.index, name="v")


@pytest.mark.parametrize("name", OF_R)
def test_local_statistics_are_those_of_spdep(name, patterned, near):
    ours = getattr(gi.measure, name)(patterned, near)["statistic"].iloc[SHOWN]
    assert ours.to_list() == pytest.approx(OF_R[name], rel=1e-9)


def test_local_g_without_the_region_itself_is_that_of_spdep(patterned, near):
    ours = gi.measure.local_getis_ord(patterned, near, star=False)["statistic"].iloc[SHOWN]
    assert ours.to_list() == pytest.approx(OF_R_WITHOUT_STAR, rel=1e-9)


@pytest.mark.parametrize("weighted", [False, True])
@pytest.mark.parametrize("statistic", LOCAL)
def test_ties_and_the_mean_survive_a_far_shift_of_units(statistic, weighted, near, lattice):
    near = gi.weigh.border_lengths(lattice) if weighted else near
    values = pd.Series(np.arange(len(lattice)) % 3.0, index=lattice.index)  # every third lies on the mean
    one, two = (statistic(v, near, permutations=999) for v in (values, values * 0.1 + 1e6))
    assert one["p"].equals(two["p"])
    if "quadrant" in one:
        assert one["quadrant"].equals(two["quadrant"])
        assert (one.loc[values == 1, "p"] == 1).all()


def test_where_draws_cannot_differ_g_and_its_p_are_missing(near, lattice):
    single = pd.Series((np.arange(len(lattice)) == 0).astype(float), index=lattice.index)
    found = gi.measure.local_getis_ord(single, near, star=False, permutations=999)
    assert found.loc["00"].isna().all()
    assert found.drop(index="00").notna().all(axis=None)
    ids = list("abcde")
    pairs = [(i, j) for i in ids for j in ids if i != j]
    everyone = Graph.from_arrays(*zip(*pairs, strict=True), np.ones(len(pairs)))
    found = gi.measure.local_moran(pd.Series([1.0, 2, 4, 8, 16], index=ids), everyone, permutations=999)
    assert (found["p"] == 1).all()


def test_local_geary_tells_alike_from_unlike(lattice):
    rook = gi.weigh.contiguity(lattice, rule="rook")
    board = pd.Series([float((int(i[0]) + int(i[1])) % 2) for i in lattice.index], index=lattice.index)
    slope = pd.Series([float(i[1]) for i in lattice.index], index=lattice.index)
    unlike = gi.measure.local_geary(board, rook, permutations=999)
    assert (unlike["likeness"] == "unlike").all()
    assert (gi.measure.local_geary(slope, rook, permutations=999)["likeness"] == "alike").all()
    assert set(gi.classify.clusters(unlike)) <= {"unlike", "not significant"}


@pytest.mark.oracle
def test_local_moran_is_esdas_up_to_its_divisor(values, near):
    theirs = esda.Moran_Local(values.to_numpy(), near, transformation="r", permutations=0)
    n = len(values)
    # esda divides by n - 1 where the definition (and R's spdep) divides by n.
    assert np.allclose(gi.measure.local_moran(values, near)["statistic"] * (n - 1) / n, theirs.Is)


@pytest.mark.oracle
@pytest.mark.parametrize("star", [True, False])
def test_local_g_is_esdas(values, near, star):
    theirs = esda.G_Local(values.to_numpy(), near, transform="B", permutations=0, star=star)
    assert np.allclose(gi.measure.local_getis_ord(values, near, star=star)["statistic"], theirs.Zs)


@pytest.mark.oracle
@pytest.mark.filterwarnings("ignore:The alternative hypothesis:DeprecationWarning")
def test_conditional_p_values_are_esdas_within_chance(values, near, plain_esda):
    draws = 9999
    theirs = plain_esda.Moran_Local(
        values.to_numpy(), near, transformation="r", permutations=draws, seed=5, n_jobs=1
    )
    # esda's one-sided tail, folded, doubled: the two-sided p of Castro and Singer's convention.
    larger = (theirs.rlisas >= theirs.Is[:, None]).sum(axis=1)
    smaller = (theirs.rlisas <= theirs.Is[:, None]).sum(axis=1)
    expected = np.minimum(1, 2 * (np.minimum(larger, smaller) + 1) / (draws + 1))
    ours = gi.measure.local_moran(values, near, permutations=draws)["p"]
    error = 2 * np.sqrt(2 * expected * (1 - expected / 2) / draws)
    assert (np.abs(ours - expected) <= 4 * error + 4 / draws).all()


def test_the_locals_average_to_the_whole(values, near):
    local = gi.measure.local_moran(values, near)["statistic"]
    assert local.mean() == pytest.approx(gi.measure.moran(values, near).statistic, rel=1e-12)


def test_the_lag_is_the_neighbours_mean(values, near):
    lag = gi.measure.local_moran(values, near)["lag"]
    by_hand = values[near["00"].index].mean()
    assert lag["00"] == pytest.approx(by_hand)


@pytest.mark.parametrize("statistic", LOCAL)
def test_rows_in_another_order_give_the_same_answer(statistic, values, near):
    shuffled = values.sample(frac=1, random_state=3)
    answer = statistic(shuffled, near, permutations=999)
    assert answer.index.equals(shuffled.index)
    pd.testing.assert_frame_equal(answer.loc[values.index], statistic(values, near, permutations=999))


@pytest.mark.parametrize("statistic", LOCAL)
def test_a_lone_island_changes_no_other_region(statistic, values, lattice):
    alone = lattice.set_geometry(lattice.geometry.where(lattice.index != "00", lattice.translate(50, 0)))
    rest = lattice.index.drop("00")
    values = values.where(values.index != "00", 400.0)
    found = statistic(values, gi.weigh.contiguity(alone), permutations=999)
    assert found.loc["00"].isna().all()
    without = statistic(values[rest], gi.weigh.contiguity(lattice.loc[rest]), permutations=999)
    pd.testing.assert_frame_equal(found.loc[rest], without)


@pytest.mark.parametrize("statistic", LOCAL)
def test_the_order_of_the_weights_does_not_matter(statistic, values, near, lattice):
    turned = gi.weigh.contiguity(lattice.sample(frac=1, random_state=6))
    assert list(turned.unique_ids) != list(near.unique_ids)
    here, there = (statistic(values, weights, permutations=999) for weights in (near, turned))
    pd.testing.assert_frame_equal(there, here)


@pytest.mark.parametrize("factor", [1e200, 1e-200])
@pytest.mark.parametrize("statistic", LOCAL)
def test_huge_and_tiny_values_give_the_same_answer(statistic, factor, values, near):
    here, there = (statistic(v, near, permutations=999) for v in (values, factor * values))
    np.testing.assert_allclose(there["statistic"], here["statistic"], rtol=1e-9)
    assert there["p"].equals(here["p"])
    if "lag" in here:
        np.testing.assert_allclose(there["lag"], factor * here["lag"], rtol=1e-9)


@pytest.mark.parametrize("statistic", LOCAL)
def test_the_seed_alone_decides(statistic, values, near):
    one, two, other = (statistic(values, near, permutations=999, seed=s)["p"] for s in (4, 4, 5))
    assert one.equals(two)
    assert not one.equals(other)


@pytest.mark.parametrize("statistic", LOCAL)
def test_a_region_without_neighbours_has_no_answer(statistic):
    ids = list("abcdef")
    chain = Graph.from_arrays(list("abbccddef"), list("bacbdcedf"), [1] * 8 + [0])
    values = pd.Series([1.0, 4, 2, 8, 5, 7], index=ids)
    answer = statistic(values, chain, permutations=999)
    assert answer.loc["f"].isna().all()
    assert answer.drop(index="f")["p"].notna().all()
    assert gi.classify.clusters(answer)["f"] == "isolate"


def test_unequal_weights_agree_with_plain_enumeration():
    # Six regions; every assignment of the other five values to the three neighbours is listed.
    weights = {"b": 0.5, "c": 0.3, "d": 0.2}
    values = pd.Series([3.0, 1.0, 4.0, 1.5, 9.0, 2.6], index=list("abcdef"))
    graph = Graph.from_arrays(
        ["a"] * 3 + list("bcdef"), [*weights, *"abacb"], [*weights.values(), 1, 1, 1, 1, 1]
    )
    z = values - values.mean()
    lags = [
        sum(w * v for w, v in zip(weights.values(), drawn, strict=True))
        for drawn in permutations(z.drop("a"), 3)
    ]
    observed = sum(w * z[i] for i, w in weights.items())
    exact = 2 * min(np.mean(np.array(lags) >= observed - 1e-12), np.mean(np.array(lags) <= observed + 1e-12))
    p = gi.measure.local_moran(values, graph, permutations=99_999)["p"]["a"]
    assert p == pytest.approx(min(1, exact), abs=0.01)


def test_equal_weights_agree_with_plain_enumeration():
    values = pd.Series([3.0, 1.0, 4.0, 1.5, 9.0, 2.6, 5.3], index=list("abcdefg"))
    heads, tails = ["a"] * 3 + list("bcdefg"), ["b", "c", "d", *"aabcde"]
    graph = Graph.from_arrays(heads, tails, [1] * 9)
    z = values - values.mean()
    means = np.array([np.mean(drawn) for drawn in combinations(z.drop("a"), 3)])
    observed = z[["b", "c", "d"]].mean()
    exact = 2 * min(np.mean(means >= observed - 1e-12), np.mean(means <= observed + 1e-12))
    p = gi.measure.local_moran(values, graph, permutations=99_999)["p"]["a"]
    assert p == pytest.approx(min(1, exact), abs=0.01)


def test_ties_survive_a_change_of_units(near, lattice):
    values = pd.Series(
        np.random.default_rng(0).integers(0, 3, len(lattice)).astype(float), index=lattice.index
    )
    one = gi.measure.local_moran(values, near, permutations=999)["p"]
    two = gi.measure.local_moran(values * 0.1 + 7, near, permutations=999)["p"]
    assert one.equals(two)


@pytest.mark.slow
@pytest.mark.parametrize("statistic", LOCAL)
def test_independent_values_are_called_significant_as_often_as_announced(statistic, lattice, near):
    rng = np.random.default_rng(11)
    p = [
        statistic(pd.Series(x, index=lattice.index), near, permutations=1999)["p"]
        for x in rng.normal(size=(300, len(lattice)))
    ]
    assert 0.04 <= np.mean(np.concatenate(p) <= 0.05) <= 0.06


def test_too_few_permutations_warn():
    with pytest.warns(gi.DataWarning, match="permutations"):
        warn_if_coarse(1000, 99)
