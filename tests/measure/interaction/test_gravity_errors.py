"""Standard errors of gravity: exact leverages, clusters that are few, and intervals that cover."""

from __future__ import annotations

import warnings

import numpy as np
import pandas as pd
import pytest

import geoinno as gi

Options = gi.measure.GravityOptions


def drawn(count, *, seed, slope=-1.0, border=-1.0, exponential=False, shape=2.0):
    """Return overdispersed flows between places on a plane, their costs and countries."""
    place = np.random.default_rng(count)
    random = np.random.default_rng([count, seed])
    ids = pd.Index([f"r{k:02d}" for k in range(count)])
    x, y = place.uniform(0, 900, (2, count))
    size = place.normal(0, 1, count)
    km = np.hypot(x[:, None] - x, y[:, None] - y) + 10
    np.fill_diagonal(km, 0)
    country = pd.Series(np.where(x < np.median(x), "A", "B"), ids)
    here, there = np.nonzero(km)
    foreign = country.to_numpy()[here] != country.to_numpy()[there]
    cost = km[here, there] / np.median(km[here, there])
    mean = np.exp(
        size[here] + size[there] + slope * (cost if exponential else np.log(cost)) + border * foreign
    )
    value = random.poisson(200 * mean / mean.mean() * random.gamma(shape, 1 / shape, len(mean)))
    flows = pd.DataFrame({"origin": ids[here], "destination": ids[there], "value": value.astype(float)})
    return flows, pd.DataFrame(km, ids, ids), country


def dummies(flows, costs, country, constraint):
    """Return the full matrix of terms: cost, border, and a dummy for each region with an effect."""
    ids = costs.index
    at = [ids.get_indexer(flows[end]) for end in ("origin", "destination")]
    land = country.to_numpy()
    columns = [np.log(costs.to_numpy()[tuple(at)]), (land[at[0]] != land[at[1]]).astype(float)]
    if constraint in ("both", "origin"):
        columns += list(np.eye(len(ids))[at[0]].T)
    if constraint in ("both", "destination"):
        columns += list(np.eye(len(ids))[at[1]].T[constraint == "both" :])
    if constraint == "none":
        columns += [np.ones(len(flows))]
    return np.column_stack(columns)


@pytest.mark.oracle
@pytest.mark.parametrize("constraint", ["both", "origin", "destination", "none"])
def test_hc3_is_that_of_the_leverages_of_statsmodels(constraint):
    """MacKinnon and White (1985) with the hat matrix of a generalised linear model on all dummies."""
    statsmodels = pytest.importorskip("statsmodels.api")
    flows, costs, country = drawn(12, seed=1)
    fit = gi.measure.gravity(flows, costs, border=country, constraint=constraint)
    assert fit.errors == "hc3"
    terms = dummies(flows, costs, country, constraint)
    model = statsmodels.GLM(flows["value"], terms, family=statsmodels.families.Poisson()).fit(tol=1e-12)
    leverage = model.get_influence(observed=False).hat_matrix_diag
    mean = model.mu
    bread = np.linalg.inv((terms * mean[:, None]).T @ terms)
    scores = terms * ((flows["value"].to_numpy() - mean) / (1 - leverage))[:, None]
    expected = np.sqrt(np.diagonal(bread @ scores.T @ scores @ bread))[:2]
    np.testing.assert_allclose(fit.coefficients["se"].to_numpy()[:2], expected, rtol=1e-6)
    np.testing.assert_allclose(fit.coefficients["estimate"].to_numpy()[:2], model.params[:2], rtol=1e-7)


def test_a_pair_that_its_regions_effect_fits_exactly_adds_nothing_to_hc3():
    # The algebra of dummies: the only flow of a region has leverage 1, and leaves the estimates alone.
    flows, costs, country = drawn(12, seed=3)
    alone = flows[(flows["origin"] != "r03") | (flows["destination"] == "r05")]
    fit = gi.measure.gravity(alone, costs, border=country)
    without = gi.measure.gravity(alone[alone["origin"] != "r03"], costs, border=country)
    pd.testing.assert_frame_equal(fit.coefficients, without.coefficients, rtol=1e-6)


def test_many_regions_get_robust_errors_and_the_result_says_so(monkeypatch):
    from geoinno.measure.interaction import _errors

    flows, costs, _ = drawn(12, seed=2)
    monkeypatch.setattr(_errors, "_MOST_FOR_LEVERAGES", 11)
    fit = gi.measure.gravity(flows, costs)
    robust = gi.measure.gravity(flows, costs, options=Options(errors="robust"))
    assert fit.errors == "robust"
    assert "hc3 errors are for up to 11 regions" in str(fit)
    pd.testing.assert_frame_equal(fit.coefficients, robust.coefficients)


def test_one_cluster_is_refused_and_few_warn():
    flows, costs, _ = drawn(12, seed=4)
    star = flows[flows["origin"] == "r00"]
    with pytest.raises(gi.OptionError, match="needs two clusters or more"):
        gi.measure.gravity(star, costs, constraint="none", options=Options(errors="origin"))
    few = flows[flows["origin"].isin(["r00", "r01", "r02", "r03"])]
    with pytest.warns(gi.errors.DataWarning, match=r"4 clusters.*wild cluster bootstrap.*placebo"):
        gi.measure.gravity(few, costs, options=Options(errors="origin"))


def test_two_way_variances_that_are_not_positive_give_way_to_the_larger_one_way():
    found = 0
    for seed in range(40):
        flows, costs, country = drawn(10, seed=seed, shape=0.5)
        fits = {
            errors: gi.measure.gravity(flows, costs, border=country, options=Options(errors=errors))
            for errors in ("two-way", "origin", "destination")
        }
        two_way = fits["two-way"]
        assert (two_way.coefficients["se"] > 0).all()
        assert np.isfinite(two_way.coefficients["z"]).all()
        if two_way.note:
            found += 1
            one_way = np.maximum(fits["origin"].coefficients["se"], fits["destination"].coefficients["se"])
            assert np.isclose(two_way.coefficients["se"], one_way).any()
            assert "larger one-way variance" in str(two_way)
            assert (np.linalg.eigvalsh(two_way.covariance) > 0).all()
    assert found > 0


@pytest.mark.slow
@pytest.mark.parametrize("count", [9, 16, 30])
def test_intervals_of_hc3_cover_overdispersed_flows(count):
    inside = []
    for seed in range(150):
        flows, costs, country = drawn(count, seed=seed)
        fit = gi.measure.gravity(flows, costs, border=country)
        width = gi.measure.border_effect(fit).factor
        inside.append(
            [
                fit.coefficients.low["cost"] < -1 < fit.coefficients.high["cost"],
                fit.coefficients.low["border"] < -1 < fit.coefficients.high["border"],
                width.low < np.e < width.high,
            ]
        )
    covered = np.mean(inside, axis=0)
    # Three standard errors of 150 draws below the least that is promised.
    assert (covered >= 0.90 - 3 * np.sqrt(0.9 * 0.1 / 150)).all()
    assert covered.mean() >= 0.93 - 3 * np.sqrt(0.93 * 0.07 / 450)


@pytest.mark.slow
def test_half_distances_cover_too():
    inside = []
    for seed in range(60):
        flows, costs, _ = drawn(14, seed=seed, exponential=True, slope=-2, border=0)
        truth = np.log(2) / 2 * np.median(costs.to_numpy()[costs.to_numpy() > 0])
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            row = gi.measure.decay_fit(
                flows, costs, families=("exponential",), options=Options(folds=2)
            ).table.iloc[0]
        inside.append(row["half_low"] < truth < row["half_high"])
    assert np.mean(inside) >= 0.90 - 3 * np.sqrt(0.9 * 0.1 / 60)
