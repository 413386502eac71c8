"""Border effect: readings by their formulas, and planted borders inside their intervals."""

from __future__ import annotations

import warnings
from dataclasses import replace
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest
from scipy import stats

import geoinno as gi
from geoinno.measure.borders import _readings

Options = gi.measure.GravityOptions


def planted(*, seed, count=40, slope=-0.9, jump=-1.2, kink=0.0, dividend=0.0):
    """Return flows of known border in four countries of two blocs, drawn as independent counts."""
    random = np.random.default_rng(seed)
    ids = pd.Index([f"r{k:02d}" for k in range(count)])
    x, y = random.uniform(0, 1000, (2, count))
    km = np.hypot(x[:, None] - x, y[:, None] - y) + 5
    country = pd.Series(np.array(list("ABCD"))[(x > 500) * 2 + (y > 500)], ids)
    bloc = country.map({"A": "union", "B": "union", "C": None, "D": None})
    foreign = country.to_numpy()[:, None] != country.to_numpy()
    same = foreign & (np.isin(country, ["A", "B"])[:, None] & np.isin(country, ["A", "B"]))
    effects = random.normal(0, 0.7, count)[:, None] + random.normal(0, 0.7, count) + 7
    expected = np.exp(effects + (slope + kink * foreign) * np.log(km) + jump * foreign + dividend * same)
    here, there = np.nonzero(~np.eye(count, dtype=bool))
    value = random.poisson(expected[here, there]).astype(float)
    flows = pd.DataFrame({"origin": ids[here], "destination": ids[there], "value": value})
    np.fill_diagonal(km, 0)
    return SimpleNamespace(flows=flows, costs=pd.DataFrame(km, ids, ids), country=country, bloc=bloc)


@pytest.fixture(scope="module")
def place():
    return planted(seed=4, dividend=0.5)


@pytest.fixture(scope="module")
def fit(place):
    return gi.measure.gravity(place.flows, place.costs, border=place.country)


def test_readings_follow_from_the_coefficients(fit):
    d, b = fit.coefficients.loc["border", "estimate"], fit.coefficients.loc["cost", "estimate"]
    read = gi.measure.border_effect(fit, sigma=5, speed_kmh=60)
    assert read.factor.estimate == pytest.approx(np.exp(-d))
    assert read.percent.estimate == pytest.approx(100 * (np.exp(d) - 1))
    assert read.tariff.estimate == pytest.approx(np.exp(d / -4) - 1)
    assert read.width.estimate == pytest.approx(fit.mean_crossing_cost * (np.exp(d / b) - 1))
    assert read.width_minutes.estimate == pytest.approx(read.width.estimate)
    assert read.multiple.estimate == pytest.approx(np.exp(d / b))
    low, high = fit.coefficients.loc["border", ["low", "high"]]
    assert read.factor.low == pytest.approx(np.exp(-high))
    assert read.factor.high == pytest.approx(np.exp(-low))
    for reading in (read.factor, read.percent, read.tariff, read.width):
        assert reading.low < reading.estimate < reading.high
    assert "times those across the border" in str(read)


def test_published_readings_are_reproduced(fit):
    # Anderson and van Wincoop (2003), two-country model: (1 - sigma) ln b = -1.65. By arithmetic e^1.65
    # is 5.2, and with sigma = 5 the border is worth a tariff of e^(1.65 / 4) - 1 = 51%.
    d = -1.65
    table = pd.DataFrame(
        {"estimate": [-1.0, d], "low": [-1.1, -1.8], "high": [-0.9, -1.5]}, ["cost", "border"]
    )
    known = replace(
        fit,
        coefficients=table,
        covariance=pd.DataFrame(np.eye(2) * 0.01, table.index, table.index),
        decay="exponential",
        mean_cost=1.0,
        errors="robust",
    )
    read = gi.measure.border_effect(known, sigma=5)
    assert read.factor.estimate == pytest.approx(5.2, abs=0.02)
    assert read.tariff.estimate == pytest.approx(0.51, abs=0.005)
    assert read.width.estimate == pytest.approx(1.65)


def test_kilometres_are_those_at_the_mean_cost_of_what_crosses(place, fit):
    land, km = place.country, place.costs
    crossing = place.flows[place.flows["origin"].map(land) != place.flows["destination"].map(land)]
    cost = [km.loc[a, b] for a, b in zip(crossing["origin"], crossing["destination"], strict=True)]
    assert fit.mean_crossing_cost == pytest.approx(np.average(cost, weights=crossing["value"]))
    read = gi.measure.border_effect(fit)
    assert read.width.low == pytest.approx(fit.mean_crossing_cost * (read.multiple.low - 1))
    assert str(read).startswith("Crossing the border is like multiplying the cost of the trip by")
    # The multiple is the same in any unit.
    miles = gi.measure.gravity(place.flows, km / 1.609, border=land)
    assert gi.measure.border_effect(miles).multiple.estimate == pytest.approx(read.multiple.estimate)


def test_fieller_holds_what_its_definition_says():
    # By definition: all r with (d - r b)^2 <= z^2 (V_dd - 2 r V_db + r^2 V_bb), looked for on a fine grid.
    spread = np.array([[0.04, 0.01], [0.01, 0.09]])
    grid = np.linspace(-60, 60, 1_200_001)
    for d, b in ((-1.2, -0.9), (-1.2, -0.5), (-0.1, -0.2)):
        holds = (d - grid * b) ** 2 <= stats.norm.ppf(0.975) ** 2 * (0.04 - 0.02 * grid + 0.09 * grid**2)
        found = _readings.fieller(np.array([d, b]), spread)
        inside = (grid >= found.low) & (grid <= found.high)
        assert (holds[inside]).mean() > 0.9999
        assert found.low <= found.estimate <= found.high
    # A slope of -0.9 with an error of 0.3 is significant; those of -0.5 and -0.2 are not.
    assert np.isfinite(_readings.fieller(np.array([-1.2, -0.9]), spread)).all()
    assert _readings.fieller(np.array([-1.2, -0.5]), spread).high == np.inf
    assert _readings.fieller(np.array([-0.1, -0.2]), spread)[1:] == (-np.inf, np.inf)


def test_a_weak_slope_leaves_the_width_without_bound(fit):
    table = pd.DataFrame(
        {"estimate": [-0.3, -1.2], "low": [-0.9, -1.6], "high": [0.3, -0.8]}, ["cost", "border"]
    )
    weak = replace(
        fit,
        coefficients=table,
        covariance=pd.DataFrame(np.diag([0.09, 0.04]), table.index, table.index),
        decay="power",
        mean_crossing_cost=300.0,
        errors="hc3",
    )
    read = gi.measure.border_effect(weak)
    assert read.multiple.high == np.inf
    assert read.width.high == np.inf
    assert "slope of cost is not significant" in str(read)


def test_the_width_has_the_interval_of_the_joint_normal(fit):
    # Drawn from the joint normal of both coefficients: an independent way to the same interval.
    names = ["border", "cost"]
    spread = fit.covariance.loc[names, names].to_numpy()
    middle = fit.coefficients.loc[names, "estimate"].to_numpy()
    drawn = np.random.default_rng(0).multivariate_normal(middle, spread, 200_000)
    width = fit.mean_crossing_cost * np.expm1(drawn[:, 0] / drawn[:, 1])
    read = gi.measure.border_effect(fit).width
    np.testing.assert_allclose([read.low, read.high], np.quantile(width, [0.025, 0.975]), rtol=0.02)


@pytest.mark.oracle
def test_border_bloc_and_kink_are_those_of_pyfixest(place):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        import pyfixest

        table = place.flows.copy()
        at = [place.costs.index.get_indexer(table[end]) for end in ("origin", "destination")]
        land = place.country.to_numpy()
        table["km"] = np.log(place.costs.to_numpy()[at[0], at[1]])
        table["border"] = (land[at[0]] != land[at[1]]).astype(float)
        table["km_abroad"] = table["km"] * table["border"]
        pairs = gi.measure.bloc_pairs(place.country, place.bloc)
        table["bloc"] = pairs.to_numpy()[at[0], at[1]]
        theirs = pyfixest.fepois(
            "value ~ km + km_abroad + border + bloc | origin + destination",
            table,
            vcov="hetero",
            fixef_tol=1e-12,
            iwls_tol=1e-12,
        )
    options = Options(covariates={"bloc": pairs}, kink=True, errors="robust")
    ours = gi.measure.gravity(place.flows, place.costs, border=place.country, options=options)
    names = ["cost", "cost_foreign", "border", "bloc"]
    them = theirs.tidy().loc[["km", "km_abroad", "border", "bloc"]]
    np.testing.assert_allclose(ours.coefficients.loc[names, "estimate"], them["Estimate"], rtol=1e-6)
    np.testing.assert_allclose(ours.coefficients.loc[names, "se"], them["Std. Error"], rtol=1e-5)
    shape = gi.measure.border_shape(ours)
    # Wald of both terms from pyfixest's own covariance.
    spread = theirs._vcov[1:3, 1:3]
    effect = them.loc[["km_abroad", "border"], "Estimate"].to_numpy()
    assert shape.loc["both", "p"] == pytest.approx(stats.chi2.sf(effect @ np.linalg.solve(spread, effect), 2))
    step = np.array([np.log(ours.mean_cost), 1.0])
    assert shape.loc["jump", "estimate"] == pytest.approx(step @ effect, rel=1e-5)
    assert shape.loc["jump", "se"] == pytest.approx(np.sqrt(step @ spread @ step), rel=1e-5)


def test_the_bloc_dividend_is_found(place):
    options = Options(covariates={"bloc": gi.measure.bloc_pairs(place.country, place.bloc)})
    fit = gi.measure.gravity(place.flows, place.costs, border=place.country, options=options)
    read = gi.measure.border_effect(fit, bloc="bloc")
    assert read.dividend.low < np.exp(0.5) < read.dividend.high


@pytest.mark.slow
def test_planted_borders_lie_in_their_intervals():
    # Of 200 draws 95% +- 3% must hold the truth, or a little more: HC3 is cautious where noise is Poisson's.
    inside = []
    for seed in range(200):
        drawn = planted(seed=1000 + seed)
        fit = gi.measure.gravity(drawn.flows, drawn.costs, border=drawn.country)
        factor = gi.measure.border_effect(fit).factor
        width = gi.measure.border_effect(fit).width
        true_width = fit.mean_crossing_cost * np.expm1(-1.2 / -0.9)
        inside.append((factor.low < np.exp(1.2) < factor.high, width.low < true_width < width.high))
    share = np.mean(inside, axis=0)
    assert ((share >= 0.92) & (share <= 0.995)).all(), share


@pytest.mark.slow
def test_no_border_is_seldom_found():
    found = []
    for seed in range(200):
        drawn = planted(seed=3000 + seed, jump=0.0)
        fit = gi.measure.gravity(drawn.flows, drawn.costs, border=drawn.country)
        kinked = gi.measure.gravity(
            drawn.flows, drawn.costs, border=drawn.country, options=Options(kink=True)
        )
        found.append((fit.coefficients.loc["border", "p"], gi.measure.border_shape(kinked).loc["both", "p"]))
    # Cautious, as the docstring of the option says: 2 to 3% at 5% in 200 draws (standard error 1.5%).
    share = (np.array(found) <= 0.05).mean(axis=0)
    assert ((share >= 0.005) & (share <= 0.07)).all(), share


def test_a_kink_is_told_from_a_jump():
    steep = planted(seed=7, jump=0.0, kink=-0.6)
    fit = gi.measure.gravity(steep.flows, steep.costs, border=steep.country, options=Options(kink=True))
    shape = gi.measure.border_shape(fit)
    assert shape.loc["kink", "low"] < -0.6 < shape.loc["kink", "high"]
    assert shape.loc["kink", "p"] < 1e-4


def test_what_cannot_be_read_is_refused(place, fit):
    plain = gi.measure.gravity(place.flows, place.costs)
    with pytest.raises(gi.errors.ColumnError, match="no term 'border'"):
        gi.measure.border_effect(plain)
    with pytest.raises(gi.errors.OptionError, match="sigma must be above 1"):
        gi.measure.border_effect(fit, sigma=1)
    with pytest.raises(gi.errors.ColumnError, match="no term 'bloc'"):
        gi.measure.border_effect(fit, bloc="bloc")
    with pytest.raises(gi.errors.ColumnError, match="no term 'cost_foreign'"):
        gi.measure.border_shape(fit)
    kinked = gi.measure.gravity(place.flows, place.costs, border=place.country, options=Options(kink=True))
    with pytest.raises(gi.errors.ColumnError, match="border_shape"):
        gi.measure.border_effect(kinked)
