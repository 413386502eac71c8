"""Two indicators over neighbours: esda called directly, brute force, order, isolates and the generator."""

from __future__ import annotations

import itertools

import numpy as np
import pandas as pd
import pytest
from libpysal.graph import Graph

import geoinno as gi
from geoinno import measure as m


@pytest.fixture(scope="module")
def near(lattice):
    return gi.weigh.contiguity(lattice)


@pytest.fixture(scope="module")
def pair(lattice):
    random = np.random.default_rng(4)
    x = pd.Series(random.normal(size=36), lattice.index, name="x")
    return x, (0.5 * x + pd.Series(random.normal(size=36), lattice.index)).rename("y")


MEASURES = {
    "bivariate_moran": lambda x, y, w: m.bivariate_moran(x, y, w, permutations=199),
    "bivariate_local_moran": lambda x, y, w: m.bivariate_local_moran(x, y, w, permutations=999),
    "lee": lambda x, y, w: m.lee(x, y, w, permutations=199),
    "losh": lambda x, _, w: m.losh(x, w),
}


def same(one, other):
    if isinstance(one, pd.DataFrame):
        pd.testing.assert_frame_equal(one, other)
    else:
        assert one == other


@pytest.mark.oracle
def test_the_statistics_are_those_of_esda(pair, near):
    import esda

    x, y = pair
    whole = m.bivariate_moran(x, y, near)
    theirs = esda.Moran_BV(x.to_numpy(), y.to_numpy(), near, transformation="r", permutations=999)
    assert whole.statistic == pytest.approx(theirs.I, rel=1e-9)
    assert whole.variance == pytest.approx(theirs.VI_sim, rel=0.25)
    local = m.bivariate_local_moran(x, y, near, permutations=999)
    theirs = esda.Moran_Local_BV(x.to_numpy(), y.to_numpy(), near, transformation="r", permutations=0)
    np.testing.assert_allclose(local["statistic"], theirs.Is, rtol=1e-9)
    assert local["quadrant"].map({"HH": 1, "LH": 2, "LL": 3, "HL": 4}).tolist() == theirs.q.tolist()
    matrix = near.transform("r").sparse
    theirs = esda.Spatial_Pearson(matrix, permutations=0).fit(x.to_numpy()[:, None], y.to_numpy()[:, None])
    assert m.lee(x, y, near).statistic == pytest.approx(theirs.association_[0, 1], rel=1e-9)
    theirs = esda.losh.LOSH(near, inference="chi-square").fit(x.to_numpy())
    ours = m.losh(x, near)
    np.testing.assert_allclose(ours["statistic"], theirs.Hi, rtol=1e-9)
    np.testing.assert_allclose(ours["variance"], theirs.VarHi, rtol=1e-9)
    np.testing.assert_allclose(ours["p_chi_square"], theirs.pval, rtol=1e-6, atol=1e-12)


def test_two_sided_p_values_are_those_of_all_permutations():
    ids = list("abcdef")
    chain = Graph.from_arrays(list("abbccddeef"), list("bacbdcedfe"), [1] * 10)
    x = pd.Series([3.0, 1, 4, 1.5, 9, 2.6], ids)
    y = pd.Series([2.0, 7, 1, 8, 2.5, 8.5], ids)
    w = chain.transform("r").sparse.toarray()
    z, v = (np.asarray((s - s.mean()) / s.std(ddof=0)) for s in (x, y))
    order = [list(p) for p in itertools.permutations(range(6))]
    moran = np.array([z @ w @ v[p] for p in order]) / 6
    smooth = w.T @ w
    lees = np.array([z[p] @ smooth @ v[p] for p in order]) / smooth.sum()
    for found, draws in (
        (m.bivariate_moran(x, y, chain, permutations=9999), moran),
        (m.lee(x, y, chain, permutations=9999), lees),
    ):
        assert found.statistic == pytest.approx(draws[0])
        assert found.expected == pytest.approx(draws.mean(), abs=0.02)
        assert found.variance == pytest.approx(draws.var(), rel=0.05)
        tails = np.mean(draws >= draws[0] - 1e-9), np.mean(draws <= draws[0] + 1e-9)
        assert found.p == pytest.approx(min(1, 2 * min(tails)), abs=0.03)
    # A region keeps its x; its two neighbours' y are any two of the other five, in any order.
    local = m.bivariate_local_moran(x, y, chain, permutations=99_999)
    sums = [z[1] * (i + j) / 2 for i, j in itertools.permutations(np.delete(v, 1), 2)]
    observed = z[1] * (v[0] + v[2]) / 2
    tails = np.mean(np.array(sums) >= observed - 1e-9), np.mean(np.array(sums) <= observed + 1e-9)
    assert local.loc["b", "p"] == pytest.approx(min(1, 2 * min(tails)), abs=0.01)


@pytest.mark.parametrize("name", MEASURES)
def test_rows_and_weights_in_another_order_give_the_same_answer(name, pair, near, lattice):
    x, y = pair
    turned = gi.weigh.contiguity(lattice.sample(frac=1, random_state=6))
    mixed = MEASURES[name](x, y.sample(frac=1, random_state=2), turned)
    same(mixed, MEASURES[name](x, y, near))


@pytest.mark.parametrize("name", MEASURES)
def test_a_lone_island_leaves_everything(name, pair, lattice):
    x, y = (values.where(values.index != "00", 400.0) for values in pair)
    parted = lattice.set_geometry(lattice.geometry.where(lattice.index != "00", lattice.translate(50, 0)))
    rest = lattice.index.drop("00")
    found = MEASURES[name](x, y, gi.weigh.contiguity(parted))
    without = MEASURES[name](x[rest], y[rest], gi.weigh.contiguity(lattice.loc[rest]))
    if isinstance(found, pd.DataFrame):
        assert found.loc["00"].isna().all()
        pd.testing.assert_frame_equal(found.loc[rest], without)
    else:
        assert (found.statistic, found.p, found.n, found.isolates) == (without.statistic, without.p, 35, 1)


@pytest.mark.parametrize("name", MEASURES)
def test_the_generator_of_the_caller_is_left_alone(name, pair, near):
    np.random.seed(5)  # noqa: NPY002 - the generator that esda draws from
    expected = np.random.random(3)  # noqa: NPY002
    np.random.seed(5)  # noqa: NPY002
    first = MEASURES[name](*pair, near)
    assert np.random.random(3).tolist() == expected.tolist()  # noqa: NPY002
    same(MEASURES[name](*pair, near), first)


@pytest.mark.parametrize("name", MEASURES)
def test_unsound_values_are_refused(name, pair, near):
    x, y = pair
    with pytest.raises(gi.ColumnError, match="no value in '03'"):
        MEASURES[name](x.where(x.index != "03"), y, near)
    with pytest.raises(gi.AlignmentError, match="'zz'"):
        MEASURES[name](x.rename({"00": "zz"}), y, near)
    with pytest.raises(gi.ColumnError, match="same value"):
        MEASURES[name](0 * x, y, near)


def test_directed_weights_without_a_way_back_have_no_losh():
    ids = list("abcde")
    graph = Graph.from_arrays(list("aabcde"), list("ebabae"), [1, 1, 1, 1, 1, 0])
    with pytest.raises(gi.AlignmentError, match="only neighbours of others: 'e'"):
        m.losh(pd.Series([1.0, 4, 2, 8, 5], ids), graph)


def test_words_say_what_was_found(lattice, near):
    east = pd.Series([float(i[1]) for i in lattice.index], lattice.index)
    assert "high in one indicator lie beside regions high" in str(m.bivariate_moran(east, east, near))
    assert "are low in the other" in str(m.lee(east, -east, near))
    assert isinstance(m.bivariate_moran(east, east, near), m.Moran)


def test_a_ragged_half_of_the_map_is_uneven(lattice, near):
    west = np.array([int(i[1]) < 3 for i in lattice.index])
    values = np.random.default_rng(2).normal(size=36) * np.where(west, 5.0, 0.1)
    found = m.losh(pd.Series(values, lattice.index), near)
    assert (found.loc[[i for i in lattice.index if int(i[1]) < 2], "evenness"] == "uneven").mean() > 0.8
    assert (found.loc[[i for i in lattice.index if int(i[1]) > 3], "evenness"] == "even").all()
