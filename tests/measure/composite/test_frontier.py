"""Benefit of the doubt beside plain linear programmes, closed forms, and its peers."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from scipy import optimize

import geoinno as gi
from geoinno import measure as m
from geoinno.measure.composite import _programmes


@pytest.fixture(scope="module")
def table():
    cells = np.random.default_rng(0).gamma(2, size=(40, 4)) * [1, 10, 100, 1000]
    return pd.DataFrame(cells, [f"r{i:02d}" for i in range(40)], list("abcd"))


def plain(cells, i, *, low=0.0, high=1.0, reference=None):
    """Solve the programme of one region, written out as it stands in the paper."""
    x, rows, limits = cells[i], [], []
    for j in range(len(cells)) if reference is None else reference:
        rows.append(cells[j])
        limits.append(1.0)
    for k in range(len(x)):
        own = np.where(np.arange(len(x)) == k, x, 0)
        rows += [low * x - own, own - high * x]
        limits += [0.0, 0.0]
    return -optimize.linprog(-x, A_ub=np.array(rows), b_ub=limits, method="highs").fun


@pytest.mark.parametrize("bounds", [None, (0.1, 0.5), (0.0, 0.4)])
def test_scores_are_those_of_plain_programmes(table, bounds):
    low, high = bounds or (0, 1)
    found = m.benefit_of_doubt(table, bounds=bounds)
    assert found.index.equals(table.index)
    cells = (table / table.max()).to_numpy()
    for i in range(0, 40, 3):
        assert found.iloc[i] == pytest.approx(plain(cells, i, low=low, high=high), rel=1e-8)
    assert found.max() == pytest.approx(1)


def test_equal_shares_leave_a_geometric_choice(table):
    # With every share 1/k the weights are 1/(k x_ik) up to a factor: the score is 1 / max_j mean(x_j / x_i).
    found = m.benefit_of_doubt(table, bounds=(0.25, 0.25))
    ratios = table.to_numpy()[None] / table.to_numpy()[:, None]
    np.testing.assert_allclose(found, 1 / ratios.mean(axis=2).max(axis=1), rtol=1e-8)


def test_one_indicator_is_its_share_of_the_best(table):
    np.testing.assert_allclose(m.benefit_of_doubt(table[["b"]]), table["b"] / table["b"].max())
    assert m.benefit_of_doubt(table.head(1)).to_list() == [1.0]


def test_units_do_not_matter_and_bounds_may_differ(table):
    found = m.benefit_of_doubt(table)
    np.testing.assert_allclose(m.benefit_of_doubt(table * [1e6, 1, 1e-6, 3]), found, rtol=1e-8)
    fewer = m.benefit_of_doubt(table, bounds={"a": (0.3, 1.0)})
    assert (fewer <= found + 1e-9).all()
    assert (fewer < found - 1e-6).any()
    np.testing.assert_array_compare(
        lambda a, b: a >= b - 1e-7, m.best_practice(table, bounds={"a": (0.3, 1)}).shares["a"], 0.3
    )


def test_peers_limit_the_score_and_slacks_are_what_they_have_more(table):
    found = m.best_practice(table)
    np.testing.assert_allclose(found.scores, m.benefit_of_doubt(table))
    np.testing.assert_allclose(found.shares.sum(axis=1), 1)
    np.testing.assert_allclose(found.peers.groupby("region")["share"].sum(), 1)
    for region, part in found.peers.groupby("region"):
        mean = part["share"].to_numpy() @ table.loc[part["peer"]].to_numpy()
        np.testing.assert_allclose(found.slacks.loc[region], mean - table.loc[region], atol=1e-8)
        # The mean of the peers has, in every indicator, at least what the region has over its score.
        assert (mean >= table.loc[region] / found.scores[region] * (1 - 1e-8)).all()
        assert (found.scores[part["peer"]] > 1 - 1e-8).all()
    leaders = found.scores.index[found.scores > 1 - 1e-9]
    own = found.peers[found.peers["region"].isin(leaders)]
    assert (own["region"] == own["peer"]).all()
    assert f"{len(leaders)} of 40 regions are on the frontier" in str(found)


def test_order_m_is_the_mean_over_samples(table):
    found = m.benefit_of_doubt(table, sample=8, draws=30, seed=1)
    random = np.random.default_rng(1)
    cells = (table / table.max()).to_numpy()
    drawn = [random.integers(40, size=(40, 8)) for _ in range(30)]
    for i in (0, 7, 39):
        expected = np.mean([plain(cells, i, reference=rows[i]) for rows in drawn])
        assert found.iloc[i] == pytest.approx(expected, rel=1e-7)
    assert (found >= m.benefit_of_doubt(table) - 1e-9).all()
    assert found.max() > 1


def test_neighbours_alone_set_the_limit(lattice):
    cells = np.random.default_rng(2).gamma(2, size=(36, 3))
    table = pd.DataFrame(cells, lattice.index, list("xyz"))
    near = gi.weigh.contiguity(lattice)
    found = m.benefit_of_doubt(table, weights=near)
    scaled = (table / table.max()).to_numpy()
    for region in lattice.index[::5]:
        reference = [*table.index.get_indexer(near[region].index), table.index.get_loc(region)]
        expected = plain(scaled, table.index.get_loc(region), reference=reference)
        assert found[region] == pytest.approx(expected, rel=1e-8)
    smooth = m.benefit_of_doubt(table, weights=near, sample=4, draws=20)
    assert (smooth >= found - 1e-9).all()
    shuffled = m.benefit_of_doubt(table.iloc[::-1], weights=near, sample=4, draws=20)
    pd.testing.assert_series_equal(shuffled[smooth.index], smooth)


def test_many_programmes_at_once_are_solved_as_each_alone(monkeypatch, table):
    found = m.benefit_of_doubt(table)
    monkeypatch.setattr(_programmes, "_CELLS", 1)
    np.testing.assert_allclose(m.benefit_of_doubt(table), found, rtol=1e-9)


def test_dominated_rows_are_those_that_another_betters():
    cells = np.array([[1.0, 1], [2, 0], [0, 2], [1, 1], [0.5, 1]])
    assert _programmes.undominated(cells).tolist() == [0, 1, 2]


def test_what_has_no_score_is_refused_in_words(table, lattice):
    with pytest.raises(gi.errors.ColumnError, match="'a' is negative in 'r00'"):
        m.benefit_of_doubt(table.assign(a=-1.0))
    with pytest.raises(gi.errors.ColumnError, match="zero in every region"):
        m.benefit_of_doubt(table.assign(a=0.0))
    with pytest.raises(gi.errors.ColumnError, match="no value in"):
        m.benefit_of_doubt(table.assign(a=np.nan))
    with pytest.raises(gi.errors.ColumnError, match="is zero in 'r00'"):
        m.benefit_of_doubt(table.assign(a=np.arange(40.0)), sample=5)
    for bounds, words in (((0.5, 0.4), "low <= high"), ((0.3, 1), "sum to 1"), ({"e": (0, 1)}, "not in the")):
        with pytest.raises(gi.errors.OptionError, match=words):
            m.benefit_of_doubt(table, bounds=bounds)
    near = gi.weigh.contiguity(lattice)
    with pytest.raises(gi.errors.AlignmentError):
        m.benefit_of_doubt(table, weights=near)


def test_a_zero_with_a_lower_bound_scores_nothing(table):
    change = table.copy()
    change.loc["r05", "a"] = 0
    found = m.best_practice(change, bounds={"a": (0.1, 1)})
    assert found.scores["r05"] == 0
    assert found.slacks.loc["r05"].isna().all()
    assert "r05" not in found.peers["region"].to_numpy()


@pytest.mark.parametrize("bounds", ["x", 0.3, (0.1, 0.2, 0.3)])
def test_bounds_that_are_no_pairs_are_refused(bounds):
    table = pd.DataFrame({"a": [1.0, 2.0], "b": [2.0, 1.0]}, index=["x", "y"])
    with pytest.raises(gi.OptionError, match="bounds are pairs of shares"):
        gi.measure.benefit_of_doubt(table, bounds=bounds)
