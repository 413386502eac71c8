"""Concentration by closed forms and published examples."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

import geoinno as gi


def series(values):
    return pd.Series(values, index=[f"r{i}" for i in range(len(values))], dtype=float)


def test_herfindahl_and_primacy_by_hand():
    assert gi.measure.herfindahl(series([1, 1, 2])) == pytest.approx(0.375)
    assert gi.measure.primacy(series([1, 1, 2])) == 0.5
    assert gi.measure.herfindahl(series([1e308, 1e308, 2e300])) == pytest.approx(0.5)


def test_zipf_is_recovered():
    # Sizes 1 / (rank - 1/2) make the corrected regression exact.
    exact = series(1 / (np.arange(1, 101) - 0.5))
    found = gi.measure.rank_size(exact)
    assert found.slope == pytest.approx(-1)
    # Gabaix and Ibragimov (2011): the standard error is the slope times sqrt(2 / n).
    assert found.se == pytest.approx(np.sqrt(2 / 100))
    assert gi.measure.rank_size(exact, top=10).n == 10
    with pytest.raises(gi.errors.ColumnError, match="3 places"):
        gi.measure.rank_size(series([1, 0, 0]))


def test_the_rank_size_slope_is_steep_where_sizes_are_alike():
    alike = series(np.linspace(100, 120, 20))
    few = series(np.exp(-np.arange(20.0)))
    steep, flat = gi.measure.rank_size(alike), gi.measure.rank_size(few)
    assert steep.slope < -10
    assert -1 < flat.slope < 0
    assert "more means that sizes are more alike" in str(steep)
    with pytest.raises(gi.errors.ColumnError, match="not all of the same mass"):
        gi.measure.rank_size(series([1, 1 + 1e-15, 1, 1]))


def test_rank_size_is_the_regression_of_statsmodels():
    # statsmodels 0.15.0: OLS(log(rank - 0.5), add_constant(log(size))).fit().params[1] on these sizes.
    found = gi.measure.rank_size(series([8, 4.2, 2.5, 2.1, 1.4, 1]))
    assert found.slope == pytest.approx(-1.1520251737683735, rel=1e-9)


@pytest.fixture
def jobs():
    rng = np.random.default_rng(11)
    return pd.DataFrame(rng.poisson(40, (12, 3)) + 1.0, [f"r{i}" for i in range(12)], ["a", "b", "c"])


def test_locational_gini_is_twice_the_area_to_the_diagonal(jobs):
    # Trapezia under the Lorenz curve, regions in the order of their location quotients (Kim 1995).
    everything = jobs.sum(axis=1) / jobs.to_numpy().sum()
    for name, column in jobs.items():
        own = column / column.sum()
        order = (own / everything).sort_values().index
        x, y = (np.concatenate([[0], np.cumsum(s[order])]) for s in (everything, own))
        expected = 1 - 2 * np.trapezoid(y, x)
        assert gi.measure.locational_gini(jobs)[name] == pytest.approx(expected, abs=1e-12)


def test_locational_gini_at_its_edges(jobs):
    assert gi.measure.locational_gini(jobs[["a"]])["a"] == pytest.approx(0, abs=1e-15)
    none = gi.measure.locational_gini(jobs.assign(none=0))
    assert np.isnan(none["none"])
    assert none.drop("none").to_list() == pytest.approx(gi.measure.locational_gini(jobs).to_list())
    with pytest.raises(gi.errors.ColumnError, match="'a' is negative in 'r0'"):
        gi.measure.locational_gini(jobs - 500)
    with pytest.raises(gi.errors.ColumnError, match="zero in every region"):
        gi.measure.locational_gini(jobs * 0)
    with pytest.raises(gi.errors.ColumnError, match="table of regions by activities; Series was given"):
        gi.measure.locational_gini(jobs["a"])


def test_ellison_glaeser_by_its_formula(jobs):
    plants = (jobs / 5).apply(np.ceil)
    found = gi.measure.ellison_glaeser(jobs, plants)
    x = jobs.sum(axis=1) / jobs.to_numpy().sum()
    for name in jobs:
        own = jobs[name] / jobs[name].sum()
        herfindahl = ((own / plants[name]) ** 2 * plants[name]).sum()
        raw, spread = ((own - x) ** 2).sum(), 1 - (x**2).sum()
        expected = (raw - spread * herfindahl) / (spread * (1 - herfindahl))
        assert found.loc[name, "gamma"] == pytest.approx(expected, rel=1e-12)
        assert found.loc[name, "plants"] == plants[name].sum()
    single = pd.DataFrame(
        [(a, jobs.loc[r, a] / n) for a in jobs for r, n in plants[a].items() for _ in range(int(n))],
        columns=["activity", "size"],
    )
    pd.testing.assert_frame_equal(gi.measure.ellison_glaeser(jobs, single), found)


@pytest.mark.slow
def test_plants_that_choose_by_chance_have_no_gamma():
    rng = np.random.default_rng(2)
    share, gammas, p = rng.dirichlet(np.full(15, 3.0)), [], []
    for seed in range(400):
        sizes = rng.lognormal(0, 1, 40)
        place = rng.choice(15, 40, p=share)
        chance = np.bincount(place, sizes, 15)
        table = pd.DataFrame({"chance": chance, "rest": 1e6 * share}, [f"r{i}" for i in range(15)])
        plants = pd.DataFrame({"activity": ["chance"] * 40 + ["rest"] * 2, "size": [*sizes, 1, 1]})
        row = gi.measure.ellison_glaeser(table, plants, draws=199, seed=seed).loc["chance"]
        gammas.append(row["gamma"])
        p.append(row["p"])
    # Ellison and Glaeser (1997): gamma has mean zero without spillovers and natural advantages.
    assert abs(np.mean(gammas)) < 3 * np.std(gammas) / 20
    assert 0.03 <= np.mean(np.array(p) <= 0.05) <= 0.07


def test_ellison_glaeser_at_its_edges():
    one = pd.DataFrame({"a": [9.0, 0.0], "b": [5.0, 5.0]}, index=["x", "y"])
    plants = pd.DataFrame({"a": [1, 0], "b": [1, 1]}, index=["x", "y"])
    found = gi.measure.ellison_glaeser(one, plants)
    assert found.loc["a", ["gamma", "p", "q"]].isna().all()
    assert found.loc["b", ["gamma", "p", "q"]].notna().all()
    with pytest.raises(gi.errors.ColumnError, match=r"only there; not so in \('y', 'b'\)"):
        gi.measure.ellison_glaeser(one, plants.replace({"b": {1: 0}}).assign(b=[1, 0]))
    with pytest.raises(gi.errors.ColumnError, match="whole numbers"):
        gi.measure.ellison_glaeser(one, plants + plants / 2)
    with pytest.raises(gi.errors.ColumnError, match="All activity lies in one region"):
        gi.measure.ellison_glaeser(one.loc[["x"]], plants.loc[["x"]])
    with pytest.raises(gi.errors.AlignmentError, match="in the activity but not in the plants: 'y'"):
        gi.measure.ellison_glaeser(one, plants.loc[["x"]])
    with pytest.raises(gi.errors.ColumnError, match="no plant of 'b'"):
        gi.measure.ellison_glaeser(one, pd.DataFrame({"activity": ["a"], "size": [9.0]}))
