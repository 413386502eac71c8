"""Mobility by giddy on the states of the USA, and by chains whose answers are known."""

from __future__ import annotations

import tracemalloc

import numpy as np
import pandas as pd
import pytest
from libpysal.graph import Graph
from libpysal.weights import WSP
from scipy import stats

import geoinno as gi

ERRORS = gi.errors


@pytest.fixture(scope="module")
def place(north_america):
    """Return relative incomes of 48 states 1929 to 2009, and their neighbours."""
    panel = north_america.panel["relative_income"].filter(like="USA")
    return panel, gi.weigh.contiguity(north_america.regions.loc[panel.index.unique("region")])


def panel_of(table):
    """Return a table of regions by years as a tidy panel."""
    named = table.rename_axis("region").reset_index()
    return named.melt("region", var_name="year").set_index(["region", "year"])["value"]


def gaps(values):
    return np.subtract.outer(values.to_numpy(), values.to_numpy())


def wide(panel):
    return panel.reset_index().pivot_table(index="region", columns="year", values=panel.name)


def test_chain_of_the_states_is_that_of_giddy(place):
    found = gi.measure.markov(place[0])
    giddy = pytest.importorskip("giddy.markov")
    mapclassify = pytest.importorskip("mapclassify")
    classes = np.column_stack([mapclassify.Quantiles(c, k=5).yb for c in wide(place[0]).to_numpy().T])
    theirs = giddy.Markov(classes, summary=False)
    np.testing.assert_array_equal(found.counts, theirs.transitions)
    np.testing.assert_allclose(found.probabilities, theirs.p, rtol=1e-12)
    np.testing.assert_allclose(found.steady, theirs.steady_state, rtol=1e-8)
    passage = pytest.importorskip("giddy.ergodic").mfpt(theirs.p)
    np.testing.assert_allclose(found.first_passage, passage, rtol=1e-8)
    shorrocks = pytest.importorskip("giddy.mobility").markov_mobility(theirs.p, measure="P")
    assert found.mobility == pytest.approx(shorrocks, rel=1e-12)


def test_chains_by_neighbours_are_those_of_giddy(place):
    panel, near = place
    found = gi.measure.spatial_markov(panel, near)
    giddy = pytest.importorskip("giddy.markov")
    w = near.transform("r").to_W()
    values = wide(panel).loc[w.id_order].to_numpy()
    theirs = giddy.Spatial_Markov(values, w, fixed=True, k=5, m=5)
    np.testing.assert_array_equal(found.counts, np.vstack(list(theirs.T)))
    used = found.counts.sum(axis=1) > 0
    np.testing.assert_allclose(found.probabilities[used], np.vstack(list(theirs.P))[used], rtol=1e-12)
    test = giddy.Homogeneity_Results(theirs.T)
    assert (found.q, found.df) == (pytest.approx(test.LR, rel=1e-10), test.dof)
    assert found.p == pytest.approx(test.LR_p_value, rel=1e-8)


def test_classes_by_year_keep_equal_neighbours_together(place):
    panel, near = place
    found = gi.measure.spatial_markov(panel, near, pooled=False).counts
    giddy = pytest.importorskip("giddy.markov")
    w = near.transform("r").to_W()
    theirs = giddy.Spatial_Markov(wide(panel).loc[w.id_order].to_numpy(), w, fixed=False, k=5, m=5)
    # In 1973 two states have the same neighbours' mean, on the cut between two classes: rounding parts
    # them in giddy, so that one move of 3,840 is counted in the next class.
    assert np.abs(found - np.vstack(list(theirs.T))).to_numpy().sum() == 2


def test_quadrants_of_the_states_are_those_of_giddy(place):
    panel, near = place
    found = gi.measure.lisa_transitions(panel, near)
    giddy = pytest.importorskip("giddy.markov")
    w = near.transform("r").to_W()
    theirs = giddy.LISA_Markov(wide(panel).loc[w.id_order].to_numpy(), w, permutations=0)
    order = [0, 2, 1, 3]  # giddy has HH, LH, LL, HL
    np.testing.assert_array_equal(found, theirs.transitions[np.ix_(order, order)])
    # Weights that are not standardised change giddy's quadrants, not these.
    pd.testing.assert_frame_equal(gi.measure.lisa_transitions(panel, near.transform("r")), found)


def test_ranks_of_the_states_are_those_of_giddy(place):
    panel, near = place
    found = gi.measure.rank_mobility(panel, weights=near, permutations=99)
    rank = pytest.importorskip("giddy.rank")
    table = wide(panel)
    assert found.tau == pytest.approx(rank.Tau(table[1929], table[2009]).tau, rel=1e-10)
    w = WSP(near.sparse.tocsr()).to_W(silence_warnings=True)
    last = table.loc[near.unique_ids]
    theirs = rank.SpatialTau(last[2008].to_numpy(), last[2009].to_numpy(), w, permutations=0)
    assert found.table.loc[2009, "near"] == pytest.approx(theirs.tau_spatial, rel=1e-10)
    assert found.ranks.loc[table[1929].idxmax(), 1929] == 1
    assert "of pairs of regions have changed their order" in str(found)


def test_a_chain_in_closed_form():
    # Two classes that swap every year: the steady state is one half each, passage takes 1 step, return 2.
    table = pd.DataFrame({y: [1.0, 2.0] if y % 2 else [2.0, 1.0] for y in range(2000, 2007)}, ["a", "b"])
    found = gi.measure.markov(panel_of(table), classes=2)
    np.testing.assert_array_equal(found.counts, [[0, 6], [6, 0]])
    np.testing.assert_allclose(found.steady, [0.5, 0.5])
    np.testing.assert_allclose(found.first_passage, [[2, 1], [1, 2]])
    assert found.mobility == 2
    assert (found.homogeneity_q, found.homogeneity_df) == (0, 0)
    assert np.isnan(found.homogeneity_p)
    assert "cannot be tested" in str(found)
    assert gi.measure.rank_mobility(panel_of(table)).table["tau"].to_list() == [-1] * 6


def test_classes_that_nobody_leaves_have_no_single_steady_state():
    table = pd.DataFrame({y: [1.0, 2.0, 3.0, 4.0] for y in (2000, 2010, 2020)}, list("abcd"))
    found = gi.measure.markov(panel_of(table), classes=2)
    assert found.mobility == 0
    assert found.steady.isna().all()
    assert found.first_passage.isna().all().all()
    assert found.step == 10
    ties = pd.DataFrame({y: [1.0, 1.0, 1.0, 2.0] for y in (2000, 2010, 2020)}, list("abcd"))
    empty = gi.measure.markov(panel_of(ties), classes=3)
    assert empty.probabilities.loc[2].isna().all()
    assert empty.steady.isna().all()
    assert "no region was in one of the classes" in str(empty)
    assert "nan" not in str(empty)


@pytest.mark.parametrize("measure", ["markov", "rank_mobility"])
def test_regions_that_never_differ_have_no_mobility(measure):
    flat = panel_of(pd.DataFrame(5.0, list("abcdefg"), [2000, 2001, 2002]))
    with pytest.raises(ERRORS.ColumnError, match="All 7 regions have the same value in every year"):
        getattr(gi.measure, measure)(flat)


def test_homogeneity_counts_only_cells_that_hold_moves():
    # Anderson and Goodman (1957) by hand: from class 1, 30 of 40 stay first, 20 of 40 then; class 2 never
    # moves. One class with two parts and two ends: one degree of freedom.
    from geoinno.measure.disparities._chains import homogeneity

    parts = np.array([[[30.0, 10], [0, 50]], [[20.0, 20], [0, 50]]])
    q = 2 * (30 * np.log(0.75 / 0.625) + 10 * np.log(0.25 / 0.375) + 20 * np.log(0.5 / 0.625))
    q += 2 * 20 * np.log(0.5 / 0.375)
    found = homogeneity(parts)
    assert (found.q, found.df) == (pytest.approx(q), 1)


@pytest.mark.slow
def test_the_test_of_neighbours_holds_its_size(lattice):
    near, rng = gi.weigh.contiguity(lattice), np.random.default_rng(3)
    p = []
    for _ in range(200):
        table = pd.DataFrame(rng.normal(size=(36, 31)), lattice.index, range(31))
        p.append(gi.measure.spatial_markov(panel_of(table), near, classes=2).p)
    assert 0.015 <= np.mean(np.array(p) <= 0.05) <= 0.09


def test_neighbours_that_move_together_are_found(lattice):
    rng = np.random.default_rng(5)
    first = pd.Series(rng.normal(size=36), lattice.index)
    after = first.where(lattice.bounds["minx"] < 1.4, -first)
    table = pd.DataFrame({2000: first, 2001: after})
    near = gi.weigh.contiguity(lattice)
    found = gi.measure.rank_mobility(panel_of(table), weights=near)
    pairs = np.sign(gaps(first) * gaps(after))
    linked = near.sparse.toarray() > 0
    assert found.table.loc[2001, "near"] == pytest.approx(pairs[linked].mean())
    others = ~linked & ~np.eye(36, dtype=bool)
    assert found.table.loc[2001, "far"] == pytest.approx(pairs[others].mean())
    assert 0 < found.table.loc[2001, "p_near"] <= 1


def test_unsound_panels_are_named(lattice):
    table = pd.DataFrame({y: np.arange(36.0) + y % 7 for y in (2000, 2001, 2002, 2004)}, lattice.index)
    near = gi.weigh.contiguity(lattice)
    panel = panel_of(table)
    with pytest.raises(ERRORS.ColumnError, match="2000 is followed by 2001, but 2002 by 2004"):
        gi.measure.markov(panel)
    even = panel.drop(2004, level="year")
    with pytest.raises(ERRORS.ColumnError, match=r"without a value.*'00 in 2001' \(1 in all\)"):
        gi.measure.spatial_markov(even.drop(("00", 2001)), near)
    with pytest.raises(ERRORS.OptionError, match="at most the number of regions, 36; 40 was given"):
        gi.measure.markov(even, classes=40)
    with pytest.raises(ERRORS.OptionError, match="at least 2"):
        gi.measure.markov(even, classes=1)
    with pytest.raises(ERRORS.ColumnError, match="two regions and two years"):
        gi.measure.markov(even.loc[["00"]])
    with pytest.raises(ERRORS.AlignmentError, match="different regions"):
        gi.measure.lisa_transitions(even.drop("00", level="region"), near)
    with pytest.raises(ERRORS.AlignmentError, match="islands='nearest'"):
        gi.measure.spatial_markov(even, gi.weigh.within(lattice, max_km=1))
    with pytest.raises(ERRORS.ColumnError, match="years of the panel must be numbers"):
        gi.measure.markov(panel_of(table.rename(columns=str)))


@pytest.mark.parametrize("years", [6, 7])
def test_the_halves_of_a_panel_are_compared_with_each_other(years):
    # Each half holds the moves that begin in it: of 7 years the moves 1 to 3 and 4 to 6.
    rng = np.random.default_rng(3)
    states = pd.DataFrame(rng.normal(size=(40, years)).cumsum(axis=1), index=[f"r{i:02}" for i in range(40)])
    found = gi.measure.markov(panel_of(states), classes=3)
    ranks = states.apply(lambda year: pd.qcut(year, 3, labels=False)).to_numpy()
    half = (years + 1) // 2
    q, df = 0.0, 0
    for start in range(3):
        counts = np.zeros((2, 3))
        for year in range(years - 1):
            moved = ranks[ranks[:, year] == start, year + 1]
            counts[int(year >= half - 1)] += np.bincount(moved, minlength=3)
        reached = counts[:, counts.sum(axis=0) > 0]
        test = stats.chi2_contingency(reached, correction=False, lambda_="log-likelihood")
        q, df = q + test.statistic, df + test.dof
    assert found.homogeneity_q == pytest.approx(q)
    assert found.homogeneity_df == df


def test_two_years_are_enough_for_a_chain():
    table = pd.DataFrame({2010: [1.0, 2, 3, 4], 2020: [1.0, 3, 2, 4]}, index=list("abcd"))
    found = gi.measure.markov(panel_of(table), classes=2)
    assert found.step == 10
    assert found.counts.to_numpy().tolist() == [[1, 1], [1, 1]]


def test_orders_of_many_regions_are_compared_without_a_table_of_all_pairs():
    """Against Kendall's tau by its definition, ties included; and memory far below one number a pair."""
    random = np.random.default_rng(5)
    ids = [f"r{i}" for i in range(1_000)]
    panel = pd.DataFrame(random.normal(0, 1, (1_000, 3)).cumsum(axis=1).round(1), ids, [2000, 2001, 2002])
    wide = panel.to_numpy()
    panel = panel.rename_axis("region").reset_index().melt("region", var_name="year", value_name="income")
    ends = ids, [*ids[1:], ids[0]]
    ring = Graph.from_arrays([*ends[0], *ends[1]], [*ends[1], *ends[0]], np.ones(2_000))
    long = panel.set_index(["region", "year"])["income"]
    tracemalloc.start()
    found = gi.measure.rank_mobility(long, weights=ring, permutations=19)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 8 * 1_000**2
    signs = np.sign(wide[:, None] - wide[None, :])
    alike = signs[..., 0] * signs[..., 1]
    here, there = np.arange(1_000), np.append(np.arange(1, 1_000), 0)
    near = alike[here, there]
    assert found.table.loc[2001, "near"] == pytest.approx(near.mean(), abs=1e-14)
    total = alike[np.triu_indices(1_000, 1)].sum() - near.sum()
    assert found.table.loc[2001, "far"] == pytest.approx(total / (1_000 * 999 / 2 - 1_000), abs=1e-14)
