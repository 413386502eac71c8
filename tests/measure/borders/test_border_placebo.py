"""Border placebo: random borders beside the true one, and distances at home by four rules."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

import geoinno as gi

Options = gi.measure.GravityOptions


def planted(*, seed, jump, count=30, decay=lambda km: km**-0.9):
    """Return flows of a known border between four countries, drawn as independent counts."""
    random = np.random.default_rng(seed)
    ids = pd.Index([f"r{k:02d}" for k in range(count)])
    x, y = random.uniform(0, 1000, (2, count))
    km = np.hypot(x[:, None] - x, y[:, None] - y) + 5
    country = pd.Series(np.array(list("ABCD"))[(x > 500) * 2 + (y > 500)], ids)
    foreign = country.to_numpy()[:, None] != country.to_numpy()
    size = np.exp(random.normal(0, 0.7, (2, count)))
    expected = 2000 * size[0][:, None] * size[1] * decay(km) * np.exp(jump * foreign)
    here, there = np.nonzero(~np.eye(count, dtype=bool))
    value = random.poisson(expected[here, there]).astype(float)
    np.fill_diagonal(km, 0)
    flows = pd.DataFrame({"origin": ids[here], "destination": ids[there], "value": value})
    return flows, pd.DataFrame(km, ids, ids), country


def test_placebo_borders_know_a_border_from_none():
    flows, km, country = planted(seed=4, jump=-1.2)
    true = gi.measure.border_placebo(flows, km, border=country, permutations=39)
    assert true.p == pytest.approx(2 / 40)
    assert "stands out from those of 39 random partitions" in str(true)
    flows, km, country = planted(seed=8, jump=0.0)
    none = gi.measure.border_placebo(flows, km, border=country, permutations=39)
    assert none.p > 0.05
    assert "does not stand out from" in str(none)


def test_the_decay_is_that_of_the_fit():
    flows, km, country = planted(seed=4, jump=-1.2, decay=lambda km: np.exp(-km / 200))
    found = gi.measure.border_placebo(flows, km, border=country, decay="exponential", permutations=3)
    fit = gi.measure.gravity(flows, km, border=country, decay="exponential")
    assert found.estimate == pytest.approx(fit.coefficients.loc["border", "estimate"])
    assert found.z == pytest.approx(fit.coefficients.loc["border", "z"])


def test_rows_in_another_order_have_the_same_draws():
    flows, km, country = planted(seed=4, jump=-0.3)
    once = gi.measure.border_placebo(flows, km, border=country, permutations=9)
    order = km.index[::-1]
    again = gi.measure.border_placebo(flows.iloc[::-1], km.loc[order], border=country[order], permutations=9)
    pd.testing.assert_series_equal(once.draws, again.draws, rtol=1e-6)
    assert once.p == again.p


def test_too_few_regions_for_the_countries_are_refused():
    flows, km, _ = planted(seed=4, jump=-0.3, count=5)
    lands = pd.Series(list("AABCD"), km.index)
    with pytest.raises(gi.errors.FlowError, match="cannot be divided into 4 placebo countries"):
        gi.measure.border_placebo(flows, km, border=lands, permutations=9)


def test_the_audit_refits_under_four_rules(north_america):
    states = north_america.regions[north_america.regions["country"] == "USA"]
    side = (gi.weigh.places(states)["lon"] > -100).map({True: "east", False: "west"})
    audit = gi.measure.border_audit(north_america.flows, states, country=side)
    km = gi.weigh.distances(states)
    for rule in ("disc", "keeble"):
        home = km.to_numpy(copy=True)
        np.fill_diagonal(home, gi.weigh.internal_distances(states, rule=rule))
        costs = pd.DataFrame(home, km.index, km.columns)
        fit = gi.measure.gravity(north_america.flows, costs, border=side, options=Options(own="keep"))
        assert audit.loc[rule, "border"] == pytest.approx(fit.coefficients.loc["border", "estimate"])
    away = north_america.flows[north_america.flows["origin"] != north_america.flows["destination"]]
    with pytest.raises(gi.errors.FlowError, match="no pair of a region with itself"):
        gi.measure.border_audit(away, states, country=side)
