"""Whole-map statistics: what they are, what they refuse, and how often they cry wolf."""

from __future__ import annotations

import dataclasses

import esda
import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from libpysal.graph import Graph

import geoinno as gi


@pytest.fixture(scope="module")
def near(lattice):
    return gi.weigh.contiguity(lattice)


@pytest.fixture(scope="module")
def values(lattice):
    return pd.Series(np.random.default_rng(1).normal(size=len(lattice)), index=lattice.index, name="v")


GLOBAL = [gi.measure.moran, gi.measure.geary, gi.measure.getis_ord]


def patterned(index):
    """Return values in closed form, which R makes as well: (7 * (0:35)) %% 11 + (0:35) / 10."""
    place = np.arange(len(index))
    return pd.Series(7 * place % 11 + place / 10, index=index, name="v")


# R 4.2 with spdep 1.2-7 on cell2nb(6, 6, type="queen"), x as in `patterned`, two-sided: statistic,
# expectation, variance, z and p of moran.test(x, W), geary.test(x, W), globalG.test(x, B).
OF_R = {
    "moran": (
        -0.0919665220555571,
        -0.0285714285714286,
        0.00824036627023764,
        -0.69836487623203,
        0.484949036265916,
    ),
    "geary": (1.06704827931683, 1, 0.00836161933473142, -0.733233739637015, 0.463415880322508),
    "getis_ord": (
        0.179179461106427,
        0.174603174603175,
        9.00657756410447e-05,
        0.482206776598512,
        0.629659063353291,
    ),
}
# The same on the map without the first region, which is what is left where it is cut off.
OF_R_WITHOUT_THE_FIRST = {
    "moran": (
        -0.08170235693008826,
        -0.02941176470588235,
        0.00842999765575829,
        -0.56952111946683015,
        0.56900254247712323,
    ),
    "geary": (
        1.08622696850432310,
        1,
        0.00845685683888036,
        -0.93764540233398841,
        0.34842667056417176,
    ),
    "getis_ord": (
        0.179179461106427,
        0.179831932773109,
        8.06070463106601e-05,
        -0.0726733455469697,
        0.942066059620548,
    ),
}
PARTS = ("statistic", "expected", "variance", "z", "p_normal")


@pytest.mark.parametrize("name", OF_R)
def test_whole_map_statistics_are_those_of_spdep(name, lattice, near):
    ours = getattr(gi.measure, name)(patterned(lattice.index), near)
    assert [getattr(ours, part) for part in PARTS] == pytest.approx(OF_R[name], rel=1e-9)


@pytest.fixture(scope="module")
def parted(lattice):
    """Return the weights of the lattice with its first region far out at sea."""
    alone = lattice.geometry.where(lattice.index != "00", lattice.translate(50, 0))
    return gi.weigh.contiguity(lattice.set_geometry(alone))


@pytest.mark.parametrize("name", OF_R_WITHOUT_THE_FIRST)
def test_a_region_without_neighbours_leaves_everything(name, lattice, parted):
    ours = getattr(gi.measure, name)(patterned(lattice.index), parted)
    assert [getattr(ours, part) for part in PARTS] == pytest.approx(OF_R_WITHOUT_THE_FIRST[name], rel=1e-9)
    assert (ours.n, ours.isolates) == (35, 1)


@pytest.mark.parametrize("statistic", GLOBAL)
@pytest.mark.parametrize("outlier", [40.0, 4e6])
def test_a_lone_island_decides_nothing(statistic, outlier, lattice, parted):
    """One isolate at 40 beside 35 regions at 10 +- 1: the answer is that of the 35."""
    values = pd.Series(10.0 + (7 * np.arange(36) % 11 > 4) * 2 - 1, index=lattice.index)
    alone = statistic(values.where(values.index != "00", outlier), parted)
    rest = lattice.index.drop("00")
    without = statistic(values[rest], gi.weigh.contiguity(lattice.loc[rest]))
    assert dataclasses.replace(alone, isolates=0) == without


def test_where_all_are_neighbours_shuffles_change_nothing():
    ids = list("abcdefg")
    pairs = [(i, j) for i in ids for j in ids if i != j]
    everyone = Graph.from_arrays(*zip(*pairs, strict=True), np.ones(len(pairs)))
    values = pd.Series([1.0, 2, 4, 8, 16, 32, 65], index=ids)
    for statistic in GLOBAL:
        found = statistic(values, everyone, permutations=99)
        assert found.statistic == pytest.approx(found.expected)
        assert np.isnan([found.z, found.p_normal]).all()
        assert found.p == 1.0


@pytest.mark.parametrize("factor", [1e200, 1e-200, 1e307])
@pytest.mark.parametrize("statistic", GLOBAL)
def test_huge_and_tiny_values_give_the_same_answer(statistic, factor, values, near):
    positive = (values - values.min()) / np.ptp(values) + 0.1
    here, there = statistic(positive, near), statistic(factor * positive, near)
    assert there.z == pytest.approx(here.z, rel=1e-9)
    assert there.p == here.p


@pytest.mark.parametrize("statistic", GLOBAL)
def test_a_spread_of_rounding_alone_is_refused(statistic, values, near):
    with pytest.raises(gi.ColumnError, match="by rounding alone"):
        statistic(1e9 + 1e-7 * values, near)
    assert statistic(1e9 + values - values.min(), near).p > 0


def test_variation_among_isolates_alone_is_refused(lattice, parted):
    single = pd.Series((lattice.index == "00").astype(float), index=lattice.index)
    with pytest.raises(gi.ColumnError, match=r"same value in every region with neighbours \(35 in all\)"):
        gi.measure.geary(single, parted)


def test_mass_in_one_region_has_no_general_g_and_no_p(lattice, near):
    single = pd.Series((lattice.index == "14").astype(float), index=lattice.index)
    found = gi.measure.getis_ord(single, near)
    assert np.isnan([found.statistic, found.z, found.p_normal, found.p]).all()
    assert "not defined" in str(found)


@pytest.mark.parametrize("statistic", GLOBAL)
def test_the_order_of_the_weights_does_not_matter(statistic, values, lattice, near):
    positive = values - values.min() + 1
    turned = gi.weigh.contiguity(lattice[::-1])
    assert list(turned.unique_ids) != list(near.unique_ids)
    assert statistic(positive, turned) == statistic(positive, near)


def test_whole_map_results_share_their_fields(values, near):
    fields = [tuple(f.name for f in dataclasses.fields(s(values - values.min(), near))) for s in GLOBAL]
    assert len(set(fields)) == 1


def test_join_counts_are_those_of_spdep(lattice, near):
    values = patterned(lattice.index)
    table = gi.measure.join_counts(values > values.median(), near).table
    # spdep 1.2-7: joincount.multi(factor(x > median(x)), B): Joincount, Expected, Variance, z-value.
    theirs = {
        "BB": (24, 26.7142857142857, 13.2170686456400, -0.74660),
        "BW": (63, 56.5714285714286, 23.1539888682746, 1.33598),
        "WW": (23, 26.7142857142857, 13.2170686456400, -1.02166),
    }
    for pair, expected in theirs.items():
        ours = table.loc[pair, ["count", "expected", "variance"]].tolist()
        assert ours == pytest.approx(expected[:3], rel=1e-9)
        assert table.loc[pair, "z"] == pytest.approx(expected[3], abs=1e-5)


def test_expected_joins_add_up_though_a_region_is_alone(lattice):
    alone = lattice.set_geometry(lattice.geometry.where(lattice.index != "00", lattice.translate(50, 0)))
    near = gi.weigh.contiguity(alone)
    table = gi.measure.join_counts(pd.Series(np.arange(36) < 14, index=lattice.index), near).table
    assert table["expected"].sum() == pytest.approx(table["count"].sum())
    assert table["count"].sum() == pytest.approx(near.sparse.sum() / 2)


def test_a_disconnected_map_has_one_answer(values, lattice):
    parted = gi.weigh.domestic(gi.weigh.contiguity(lattice), lattice["country"])
    assert parted.n_components == 3
    assert gi.measure.moran(values, parted).n == 36


def test_no_links_at_all_are_refused(lattice, values):
    far = lattice.set_geometry([g.buffer(-0.1) for g in lattice.geometry])
    with pytest.raises(gi.AlignmentError, match="No region has a neighbour"):
        gi.measure.moran(values, gi.weigh.contiguity(far))


def test_other_words_than_row_and_none_are_refused(values, near):
    with pytest.raises(gi.OptionError, match="standardise"):
        gi.measure.moran(values, near, standardise="R")


@pytest.mark.oracle
@pytest.mark.parametrize("sample", ["central_asia", "north_america"])
def test_global_statistics_are_those_of_esda(sample):
    regions = gi.read.sample(sample).regions
    near = gi.weigh.contiguity(regions)
    connected = regions.loc[[r for r in regions.index if r not in set(near.isolates)], "primacy"]
    near = gi.weigh.contiguity(regions.loc[connected.index])
    # esda 2.9 (its classes standardise rows unless told otherwise).
    theirs = esda.Moran(connected.to_numpy(), near, transformation="r", permutations=0)
    ours = gi.measure.moran(connected, near)
    assert np.allclose(
        [ours.statistic, ours.variance, ours.p_normal], [theirs.I, theirs.VI_rand, theirs.p_rand]
    )
    theirs = esda.Geary(connected.to_numpy(), near, transformation="r", permutations=0)
    ours = gi.measure.geary(connected, near)
    assert np.allclose([ours.statistic, ours.variance, -ours.z], [theirs.C, theirs.VC_rand, theirs.z_rand])
    theirs = esda.G(connected.to_numpy(), near, permutations=0)
    ours = gi.measure.getis_ord(connected, near)
    assert np.isclose(ours.statistic, theirs.G)


@pytest.mark.oracle
@pytest.mark.filterwarnings("ignore:The inplace keyword")
def test_join_counts_are_those_of_esda(lattice, near):
    kinds = pd.Series(np.random.default_rng(3).random(len(lattice)) < 0.4, index=lattice.index)
    theirs = esda.Join_Counts(kinds.astype(int).to_numpy(), near, permutations=0)
    table = gi.measure.join_counts(kinds, near).table
    assert table["count"].to_list() == [theirs.bb, theirs.bw, theirs.ww]


def test_joins_have_the_moments_of_their_permutations(lattice, near):
    kinds = pd.Series(np.arange(36) < 14, index=lattice.index)
    table = gi.measure.join_counts(kinds, near).table
    rng, matrix = np.random.default_rng(0), near.sparse.toarray()
    drawn = rng.permuted(np.tile(kinds.to_numpy(float), (20_000, 1)), axis=1)
    same = np.einsum("pi,ij,pj->p", drawn, matrix, drawn) / 2
    other = np.einsum("pi,ij,pj->p", 1 - drawn, matrix, 1 - drawn) / 2
    mixed = matrix.sum() / 2 - same - other
    for pair, counts in (("BB", same), ("BW", mixed), ("WW", other)):
        assert np.isclose(table.loc[pair, "expected"], counts.mean(), rtol=0.01)
        assert np.isclose(table.loc[pair, "variance"], counts.var(), rtol=0.05)


@pytest.mark.parametrize("statistic", GLOBAL)
def test_rows_in_another_order_give_the_same_answer(statistic, values, near):
    positive = values - values.min() + 1
    assert statistic(positive.sample(frac=1, random_state=0), near) == statistic(positive, near)


@pytest.mark.parametrize("statistic", GLOBAL)
def test_unsound_values_are_refused(statistic, values, near, lattice):
    with pytest.raises(gi.ColumnError, match=r"no value in '03'"):
        statistic(values.where(values.index != "03"), near)
    with pytest.raises(gi.ColumnError, match="same value"):
        statistic(values * 0, near)
    with pytest.raises(gi.AlignmentError, match="'zz'"):
        statistic(values.rename({"00": "zz"}), near)
    with pytest.raises(gi.ColumnError, match="numeric"):
        statistic(lattice["name"], near)
    with pytest.raises(gi.ColumnError, match="Series"):
        statistic(values.to_numpy(), near)
    with pytest.raises(gi.AlignmentError, match="Graph"):
        statistic(values, near.sparse)


def test_one_region_is_too_few():
    alone = Graph.from_arrays(["a"], ["a"], [0])
    with pytest.raises(gi.ColumnError, match="same value"):
        gi.measure.moran(pd.Series([1.0], index=["a"]), alone)


def test_negative_values_have_no_general_g(values, near):
    with pytest.raises(gi.ColumnError, match="negative"):
        gi.measure.getis_ord(values, near)


def test_three_kinds_are_no_joins(lattice, near):
    with pytest.raises(gi.ColumnError, match="two kinds"):
        gi.measure.join_counts(lattice["country"], near)


def test_regions_without_neighbours_are_told_apart(values, lattice):
    alone = lattice.copy()
    alone.geometry = alone.geometry.where(alone.index != "00", alone.geometry.translate(50, 0))
    result = gi.measure.moran(values, gi.weigh.contiguity(alone))
    assert (result.n, result.isolates) == (35, 1)
    assert "1 without neighbours" in str(result)


@given(st.floats(0.01, 1e6), st.floats(-1e3, 1e3))
def test_units_do_not_matter(factor, shift):
    regions = gi.read.sample("central_asia").regions
    near = gi.weigh.contiguity(regions)
    one = gi.measure.moran(regions["primacy"], near)
    two = gi.measure.moran(regions["primacy"] * factor + shift, near)
    assert np.isclose(one.statistic, two.statistic, atol=1e-7)
    assert one.p == two.p


def test_a_checkerboard_repels_and_a_gradient_attracts(lattice):
    rook = gi.weigh.contiguity(lattice, rule="rook")
    board = pd.Series([float((int(i[0]) + int(i[1])) % 2) for i in lattice.index], index=lattice.index)
    slope = pd.Series([float(i[1]) for i in lattice.index], index=lattice.index)
    assert gi.measure.moran(board, rook).statistic == pytest.approx(-1)
    assert "unlike" in str(gi.measure.moran(board, rook))
    assert "are alike" in str(gi.measure.moran(slope, rook))
    assert gi.measure.geary(slope, rook).z > 0


@pytest.mark.slow
@pytest.mark.parametrize("statistic", GLOBAL)
def test_independent_values_are_called_significant_as_often_as_announced(statistic, lattice, near):
    rng = np.random.default_rng(7)
    draws = rng.gamma(3, size=(2000, len(lattice)))
    p = [
        statistic(pd.Series(x, index=lattice.index), near, permutations=199, seed=s).p
        for s, x in enumerate(draws)
    ]
    assert 0.04 <= np.mean(np.array(p) <= 0.05) <= 0.06
