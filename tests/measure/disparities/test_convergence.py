"""Convergence of the states of the USA by statsmodels and brute force, and by closed forms."""

from __future__ import annotations

import sys

import numpy as np
import pandas as pd
import pytest
from scipy import optimize, stats

import geoinno as gi

ERRORS = gi.errors


@pytest.fixture(scope="module")
def states(north_america):
    """Return incomes of 48 states, 1929 to 2009, and their neighbours and shapes."""
    panel = north_america.panel["income"].filter(like="USA")
    table = panel.reset_index().pivot_table(index="region", columns="year", values="income")
    regions = north_america.regions.loc[table.index]
    return panel, table, regions, gi.weigh.contiguity(regions)


def test_absolute_speed_of_the_states(states):
    _, table, _, _ = states
    found = gi.measure.beta_convergence(table[1929], table[2009], years=80)
    # statsmodels 0.15.0: OLS(ln(y_2009 / y_1929) / 80, [1, ln y_1929]).fit(), params and HC3_se.
    np.testing.assert_allclose(found.coefficients["estimate"], [0.11015497, -0.00915322], rtol=1e-6)
    np.testing.assert_allclose(found.coefficients["se"], [0.00288984, 0.00046262], rtol=1e-5)
    slope, se = found.coefficients.loc["start", ["estimate", "se"]]
    # Barro and Sala-i-Martin (1992): -ln(1 + B T) / T, 1.65% a year as the published data give.
    assert found.speed.estimate == pytest.approx(-np.log(1 + 80 * slope) / 80, rel=1e-12)
    assert f"{found.speed.estimate:.4f}" == "0.0165"
    reach = stats.norm.ppf(0.975) * se / (1 + 80 * slope)
    assert found.speed.low == pytest.approx(found.speed.estimate - reach)
    assert found.half_life.estimate == pytest.approx(np.log(2) / found.speed.estimate)
    assert found.half_life.high == pytest.approx(np.log(2) / found.speed.low)
    assert np.isnan(found.p_noise)
    assert found.impacts is None
    assert "converge (absolute convergence) at 1.65% a year (95% interval 1.31 to 1.99)" in str(found)


@pytest.mark.parametrize("model", ["lag", "error"])
def test_spatial_models_reach_the_highest_likelihood(states, model):
    _, table, _, near = states
    weights = (
        near.transform("r")
        .adjacency.reset_index()
        .pivot_table("weight", "focal", "neighbor")
        .reindex(index=table.index, columns=table.index)
    )
    w, n = weights.fillna(0).to_numpy(), len(table)
    y = np.log(table[2009] / table[1929]).to_numpy() / 80
    x = np.column_stack([np.ones(n), np.log(table[1929])])

    def solved(rho):
        filtered = np.eye(n) - rho * w
        terms = x if model == "lag" else filtered @ x
        slopes = np.linalg.lstsq(terms, filtered @ y, rcond=None)[0]
        rest = filtered @ y - terms @ slopes
        return n / 2 * np.log(rest @ rest / n) - np.linalg.slogdet(filtered)[1], slopes

    best = optimize.minimize_scalar(
        lambda rho: solved(rho)[0], bounds=(-0.99, 0.99), method="bounded", options={"xatol": 1e-11}
    ).x
    found = gi.measure.beta_convergence(table[1929], table[2009], years=80, weights=near, model=model)
    np.testing.assert_allclose(found.coefficients["estimate"], [*solved(best)[1], best], rtol=1e-5)
    if model == "lag":
        spread = np.linalg.inv(np.eye(n) - best * w) * solved(best)[1][1]
        direct, total = np.trace(spread) / n, spread.sum() / n
        impacts = found.impacts["estimate"]
        np.testing.assert_allclose(impacts, [direct, total - direct, total], rtol=1e-5)
        assert (found.impacts["low"] < impacts).all()
        assert (found.impacts["high"] > impacts).all()
        assert found.impacts["speed"].isna().to_dict() == {"direct": False, "indirect": True, "total": False}
        # spreg 1.9.0, ML_Lag(method="full"): its method "ord" says .00906 for the constant.
        np.testing.assert_allclose(found.coefficients["se"], [0.00898862, 0.00074251, 0.09231977], rtol=1e-4)
    else:
        assert found.impacts is None


def planted(speed, years, n=40):
    start = pd.Series(np.exp(np.linspace(1, 4, n)), [f"r{i}" for i in range(n)])
    level = 5 + np.exp(-speed * years) * (np.log(start) - 5)
    return start, np.exp(level)


@pytest.mark.parametrize("speed", [0.02, 0.005, -0.01])
@pytest.mark.parametrize("years", [1, 35])
def test_a_planted_speed_is_recovered(speed, years):
    # y_T = y* + e^(-speed T) (y_0 - y*): some packages put a half-life of 35 years at 834.
    start, end = planted(speed, years)
    found = gi.measure.beta_convergence(start, end, years=years)
    assert found.speed.estimate == pytest.approx(speed, rel=1e-9)
    if speed > 0:
        assert found.half_life.estimate == pytest.approx(np.log(2) / speed, rel=1e-9)
    else:
        assert np.isnan(found.half_life).all()
        assert "There is no absolute convergence" in str(found)


def test_poor_regions_that_overtake_have_no_speed():
    start, _ = planted(0.02, 10)
    found = gi.measure.beta_convergence(start, 100 / start, years=10)
    assert found.slope.estimate < -0.1
    assert np.isnan(found.speed).all()
    assert np.isnan(found.half_life).all()


def test_a_speed_that_may_be_zero_bounds_no_half_life():
    start, end = planted(0.003, 10)
    noise = np.random.default_rng(1).normal(0, 0.3, len(start))
    found = gi.measure.beta_convergence(start, end * np.exp(noise), years=10)
    assert found.speed.low < 0 < found.speed.estimate
    assert found.half_life.high == np.inf
    assert "may converge" in str(found)
    assert "to no bound" in str(found)


def test_convergence_conditional_on_what_differs():
    start, _ = planted(0.02, 10)
    rng = np.random.default_rng(4)
    schools = pd.Series(rng.normal(size=len(start)), start.index) + np.log(start)
    end = np.exp(np.log(start) + 10 * (0.1 - 0.02 * np.log(start) + 0.015 * schools))
    controls = schools.to_frame("schools").sample(frac=1, random_state=1)
    found = gi.measure.beta_convergence(start, end, years=10, controls=controls)
    assert found.slope.estimate == pytest.approx(-0.02, rel=1e-9)
    assert found.coefficients.loc["schools", "estimate"] == pytest.approx(0.015, rel=1e-9)
    assert "conditional convergence" in str(found)


@pytest.mark.slow
def test_the_noise_placebo_holds_its_size_where_intervals_do_not(lattice):
    # Growth and start are smooth and have nothing to do with each other: HC3 finds a slope too often.
    from geoinno.measure._inference.noise import simulate_noise

    rng = np.random.default_rng(6)
    seed = pd.Series(lattice.bounds["minx"] + rng.normal(0, 0.1, 36), lattice.index)
    fields = simulate_noise(seed, lattice, draws=60, seed=1).fields
    p = []
    for k in range(30):
        start = pd.Series(np.exp(fields[:, k]), lattice.index)
        end = start * np.exp(pd.Series(fields[:, 30 + k], lattice.index))
        found = gi.measure.beta_convergence(start, end, years=1, regions=lattice)
        p.append((found.coefficients.loc["start", "p"], found.p_noise))
    plain, placebo = (np.array(p) <= 0.05).mean(axis=0)
    assert plain > 0.2
    assert placebo <= 0.15


def test_unsound_starts_and_ends_are_named(lattice):
    start, end = planted(0.02, 10)
    with pytest.raises(ERRORS.ColumnError, match=r"\(start\) is zero or negative.*'r0' \(1 in all\)"):
        gi.measure.beta_convergence(start.replace(start["r0"], 0.0), end, years=10)
    with pytest.raises(ERRORS.ColumnError, match="no value in 'r3'"):
        gi.measure.beta_convergence(start, end.mask(end.index == "r3"), years=10)
    with pytest.raises(ERRORS.AlignmentError, match="in the start but not in the end: 'r3'"):
        gi.measure.beta_convergence(start, end.drop("r3"), years=10)
    with pytest.raises(ERRORS.ColumnError, match="at least 4 regions; there are 3"):
        gi.measure.beta_convergence(start[:3], end[:3], years=10)
    with pytest.raises(ERRORS.ColumnError, match=r"same value in every region \(1 in all\)"):
        gi.measure.beta_convergence(start[:1], end[:1], years=10)
    with pytest.raises(ERRORS.OptionError, match="years must be"):
        gi.measure.beta_convergence(start, end, years=0)
    twice = pd.DataFrame({"again": 2 * np.log(start)})
    with pytest.raises(ERRORS.ColumnError, match=r"\['again'\] repeat each other"):
        gi.measure.beta_convergence(start, end, years=10, controls=twice)
    alone = pd.DataFrame({"capital": (start.index == "r5").astype(float)}, start.index)
    with pytest.raises(ERRORS.ColumnError, match="singles out 'r5'"):
        gi.measure.beta_convergence(start, end, years=10, controls=alone)
    with pytest.raises(ERRORS.OptionError, match="model='lag' needs weights"):
        gi.measure.beta_convergence(start, end, years=10, model="lag")
    level = pd.Series(np.arange(36) + 1.0, lattice.index)
    islands = gi.weigh.within(lattice, max_km=1)
    with pytest.raises(ERRORS.AlignmentError, match="islands='nearest'"):
        gi.measure.beta_convergence(level, level + 5, years=10, weights=islands, model="error")


def test_what_is_missing_without_spreg_is_named(states, monkeypatch):
    _, table, _, near = states
    monkeypatch.setitem(sys.modules, "spreg", None)
    with pytest.raises(ERRORS.GeoinnoError, match=r"geoinno\[econ\]"):
        gi.measure.beta_convergence(table[1929], table[2009], years=80, weights=near, model="lag")


def test_spread_of_the_states_by_year(states):
    panel, table, _, _ = states
    found = gi.measure.sigma_convergence(panel)
    # pandas: np.log(table).std() and table.std() / table.mean().
    assert found.table.loc[1929].to_list() == pytest.approx([0.3693759209211939, 0.35912749469139094])
    assert found.table.loc[2009, "sd"] == pytest.approx(0.13908381818688018)
    # Pitman (1939): variances are equal where sum and difference are uncorrelated.
    first, last = np.log(table[1929]), np.log(table[2009])
    assert found.p_pitman_morgan == pytest.approx(stats.pearsonr(first + last, first - last).pvalue)
    s1, s2, c = first.var(), last.var(), first.cov(last)
    chi2 = (48 - 2.5) * np.log(1 + (s1 - s2) ** 2 / (4 * (s1 * s2 - c**2)))
    assert found.p_carree_klomp == pytest.approx(stats.chi2.sf(chi2, 1))
    assert "was 0.369 in 1929 and 0.139 in 2009: convergence" in str(found)
    for other in (panel.reset_index(), panel.to_frame(), panel.sample(frac=1, random_state=1)):
        pd.testing.assert_frame_equal(gi.measure.sigma_convergence(other).table, found.table)
    pd.testing.assert_frame_equal(gi.measure.sigma_convergence(1e250 * panel).table, found.table)


def pair(rng, n=60, rho=0.95, ratio=1.0):
    first = rng.normal(size=n)
    last = ratio * (rho * first + np.sqrt(1 - rho**2) * rng.normal(size=n))
    table = pd.DataFrame({0: np.exp(first), 1: np.exp(last)}, [f"r{i}" for i in range(n)])
    return table.rename_axis("region").rename_axis(columns="year").melt(ignore_index=False).reset_index()


@pytest.mark.slow
def test_paired_tests_hold_their_size_and_have_power():
    rng = np.random.default_rng(8)
    same = [gi.measure.sigma_convergence(pair(rng)) for _ in range(300)]
    for name in ("p_pitman_morgan", "p_carree_klomp"):
        assert 0.03 <= np.mean([getattr(s, name) <= 0.05 for s in same]) <= 0.07
    fallen = [gi.measure.sigma_convergence(pair(rng, ratio=0.85)) for _ in range(30)]
    assert np.mean([s.p_pitman_morgan <= 0.05 and s.t > 0 for s in fallen]) > 0.9
    assert "divergence" in str(gi.measure.sigma_convergence(pair(rng, ratio=1.5)))


def test_panels_that_no_spread_can_be_measured_on():
    years = pd.DataFrame({2000: [1.0, 2, 3], 2001: [1.0, 2, 4]}, list("abc"))
    panel = years.rename_axis("region").rename_axis(columns="year").melt(ignore_index=False)
    panel = panel.set_index("year", append=True)["value"]
    few = gi.measure.sigma_convergence(panel)
    assert np.isnan([few.t, few.p_pitman_morgan, few.p_carree_klomp]).all()
    assert few.table["sd"].notna().all()
    assert "cannot be compared" in str(few)
    with pytest.raises(ERRORS.ColumnError, match=r"without a value for 'a in 2001' \(1 in all\)\. Keep"):
        gi.measure.sigma_convergence(panel.drop(("a", 2001)))
    with pytest.raises(ERRORS.ColumnError, match=r"zero or negative.*'a in 2000', 'a in 2001' \(2 in all\)"):
        gi.measure.sigma_convergence(panel - 1)
    with pytest.raises(ERRORS.ColumnError, match="one region, 'a'"):
        gi.measure.sigma_convergence(panel.loc[["a"]])
    with pytest.raises(ERRORS.ColumnError, match="more than one value"):
        gi.measure.sigma_convergence(pd.concat([panel, panel]))
    with pytest.raises(ERRORS.ColumnError, match="one column of values"):
        gi.measure.sigma_convergence(pd.DataFrame({"x": panel, "y": panel}))
    with pytest.raises(ERRORS.ColumnError, match=r"index \(region, year\)"):
        gi.measure.sigma_convergence(pd.Series([1.0, 2], ["a", "b"]))
    with pytest.raises(ERRORS.ColumnError, match="ndarray was given"):
        gi.measure.sigma_convergence(np.ones(3))
    same = gi.measure.sigma_convergence(pair(np.random.default_rng(0), rho=1.0, ratio=0.5))
    assert np.isnan(same.p_pitman_morgan)
