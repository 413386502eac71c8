"""Gravity on data of all kinds: starts far away, holes, sizes, rectangles, and costs of zero."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

import geoinno as gi

Options = gi.measure.GravityOptions


@pytest.fixture(scope="module")
def migration(austria):
    """Austrian migration with the distances it came with (Dennett 2012)."""
    costs = austria.flows.pivot_table(index="origin", columns="destination", values="distance_km").fillna(0)
    return austria.flows, costs


def masses(flows):
    return {f"{end}_mass": flows.groupby(end)["value"].sum() for end in ("origin", "destination")}


def test_unconstrained_exponential_gravity_has_the_estimates_of_a_plain_regression(migration):
    flows, costs = migration
    fit = gi.measure.gravity(flows, costs, decay="exponential", constraint="none", **masses(flows))
    # statsmodels 0.14.6: GLM(value, [1, distance_km, ln origin sums, ln destination sums], Poisson()).fit().
    expected = {
        "cost": -0.006229,
        "origin_mass": 0.869316,
        "destination_mass": 0.891445,
        "constant": -8.018228,
    }
    np.testing.assert_allclose(fit.coefficients["estimate"], list(expected.values()), rtol=1e-4)


def test_published_totals_as_masses_give_the_estimate_that_spint_prints(austria, migration):
    flows, costs = migration
    # spint 1.0.7, tests/test_gravity.py (Dennett 2012): its o_var and d_var by region, and the estimate that
    # its test of the unconstrained exponential model prints.
    published = {
        "Burgenland": (4320, 5452),
        "Niederösterreich": (21478, 27169),
        "Wien": (30500, 28710),
        "Kärnten": (5012, 4354),
        "Steiermark": (8811, 9069),
        "Oberösterreich": (11349, 8577),
        "Salzburg": (6021, 4963),
        "Tirol": (4477, 3923),
        "Vorarlberg": (2275, 2026),
    }
    names = austria.regions.loc[costs.index, "name"]
    origins, destinations = (names.map({n: float(p[k]) for n, p in published.items()}) for k in (0, 1))
    fit = gi.measure.gravity(
        flows,
        costs,
        decay="exponential",
        constraint="none",
        origin_mass=origins,
        destination_mass=destinations,
    )
    assert fit.coefficients.loc["cost", "estimate"] == pytest.approx(-0.00620545, abs=5e-9)


def test_commuting_with_unknown_pairs_has_the_slopes_of_pyfixest(strangers):
    geopandas = pytest.importorskip("geopandas")
    folder = strangers / "grand_est_commuting"
    table = pd.read_csv(folder / "flows_commuters_2011.csv", dtype={"i": str, "j": str})
    flows = table.rename(columns={"i": "origin", "j": "destination", "fij": "value"})
    costs = gi.weigh.distances(geopandas.read_file(folder / "urban_areas.gpkg").set_index("ID"))
    # pyfixest 0.60.0: fepois("value ~ cost | origin + destination"), cost ln km and km.
    for decay, slope in (("power", -3.233644), ("exponential", -0.061815)):
        fit = gi.measure.gravity(flows, costs, decay=decay)
        assert fit.n == 3191
        assert fit.coefficients.loc["cost", "estimate"] == pytest.approx(slope, abs=1e-6)


@pytest.mark.parametrize("size", [1e-9, 1.0, 1e12])
@pytest.mark.parametrize("share", [0.15, 0.6, 1.0])
@pytest.mark.parametrize("constraint", ["both", "origin", "destination", "none"])
def test_flows_without_noise_give_back_their_decay(share, size, constraint):
    # Closed form: a model that made the flows fits them without a residual, whatever pairs are known.
    random = np.random.default_rng(7)
    ids = pd.Index([f"r{k:02d}" for k in range(30)])
    x, y = random.uniform(0, 900, (2, 30))
    km = np.hypot(x[:, None] - x, y[:, None] - y) + 1
    known = (random.random(km.shape) < share) & ~np.eye(30, dtype=bool)
    known[np.arange(30), (np.arange(30) + 1) % 30] = True
    here, there = np.nonzero(known)
    spread = {"both": (4, 4), "origin": (4, 0), "destination": (0, 4), "none": (0, 0)}[constraint]
    effects = [random.normal(0, s, 30) for s in spread]
    value = size * np.exp(effects[0][here] + effects[1][there]) * km[here, there] ** -1.7
    flows = pd.DataFrame({"origin": ids[here], "destination": ids[there], "value": value})
    fit = gi.measure.gravity(flows, pd.DataFrame(km, ids, ids), constraint=constraint)
    assert fit.coefficients.loc["cost", "estimate"] == pytest.approx(-1.7, abs=1e-6)
    np.testing.assert_allclose(fit.fitted["expected"], value, rtol=1e-4)


def test_a_rectangle_of_costs_will_do_where_origins_and_destinations_differ():
    random = np.random.default_rng(3)
    homes, works = pd.Index([f"h{k}" for k in range(8)]), pd.Index([f"w{k}" for k in range(40)])
    costs = pd.DataFrame(random.uniform(2, 80, (8, 40)), homes, works)
    here, there = np.nonzero(costs.to_numpy())
    value = (
        100 * random.uniform(1, 9, 8)[here] * random.uniform(1, 9, 40)[there] / costs.to_numpy()[here, there]
    )
    flows = pd.DataFrame({"origin": homes[here], "destination": works[there], "value": value})
    fit = gi.measure.gravity(flows, costs)
    assert fit.coefficients.loc["cost", "estimate"] == pytest.approx(-1, abs=1e-7)
    assert list(fit.origin_effects.index) == list(homes)
    assert list(fit.destination_effects.index) == list(works)
    back = flows.rename(columns={"origin": "destination", "destination": "origin"})
    assert gi.measure.gravity(back, costs.T).coefficients.loc["cost", "estimate"] == pytest.approx(
        -1, abs=1e-7
    )
    with pytest.raises(gi.FlowError, match="not in the regions: 'h7'"):
        gi.measure.gravity(flows, costs.iloc[:7])
    lost = pd.concat([flows, pd.DataFrame({"origin": ["w0"], "destination": ["w1"], "value": [1.0]})])
    with pytest.raises(gi.ColumnError, match="no rows for the origins 'w0'"):
        gi.measure.gravity(lost, costs)


def test_a_cost_of_zero_is_refused_only_where_the_decay_is_infinite():
    random = np.random.default_rng(5)
    ids = pd.Index(list("abcdefgh"))
    km = random.uniform(10, 90, (8, 8))
    np.fill_diagonal(km, 0)
    size = random.uniform(1, 9, 8)
    here, there = np.nonzero(np.ones((8, 8)))
    value = 1000 * size[here] * size[there] * np.exp(-0.03 * km[here, there])
    flows = pd.DataFrame({"origin": ids[here], "destination": ids[there], "value": value})
    costs, keep = pd.DataFrame(km, ids, ids), Options(own="keep")
    fit = gi.measure.gravity(flows, costs, decay="exponential", options=keep)
    assert fit.n == 64
    assert fit.coefficients.loc["cost", "estimate"] == pytest.approx(-0.03, abs=1e-8)
    best = gi.measure.decay_fit(flows, costs, families=("exponential", "gaussian"), options=keep).best
    assert best.half == pytest.approx(np.log(2) / 0.03, rel=1e-6)
    with pytest.raises(
        gi.FlowError, match=r"cost is zero .* needed for 'power', is infinite. Drop these pairs"
    ):
        gi.measure.gravity(flows, costs, options=keep)
    with pytest.raises(
        gi.FlowError, match=r"cost is zero .* needed for 'power', 'tanner', 'lognormal', is infinite"
    ):
        gi.measure.decay_fit(flows, costs, options=keep)


def test_percentages_of_an_exponential_fit_compound():
    ids = pd.Index(list("abcde"))
    random = np.random.default_rng(1)
    costs = pd.DataFrame(random.uniform(0.5, 4, (5, 5)), ids, ids)
    here, there = np.nonzero(~np.eye(5, dtype=bool))
    value = 500 * np.exp(-1.66 * costs.to_numpy()[here, there])
    flows = pd.DataFrame({"origin": ids[here], "destination": ids[there], "value": value})
    # 100 (e^-1.66 - 1) = -81.0.
    assert "one unit higher goes with 81% less flow" in str(
        gi.measure.gravity(flows, costs, decay="exponential")
    )


def test_lognormal_decay_does_not_depend_on_the_unit_of_cost(migration):
    flows, costs = migration
    in_km = gi.measure.decay_fit(flows, costs, families=("lognormal", "power")).table.set_index("family")
    in_m = gi.measure.decay_fit(flows, 1000 * costs, families=("lognormal", "power")).table.set_index(
        "family"
    )
    for column in ("aic", "deviance", "cpc"):
        np.testing.assert_allclose(in_m[column], in_km[column], rtol=1e-6)
    assert gi.weigh.lognormal(0.3, scale_km=20)(40.0) == gi.weigh.lognormal(0.3)(2.0)
    # The mean in a disc by quadrature: 2 / R^2 int f(r) r dr.
    r = np.linspace(0, 50, 200_001)[1:]
    decay = gi.weigh.lognormal(0.3, scale_km=20)
    assert decay.at_home(50.0) == pytest.approx(2 / 50**2 * np.trapezoid(decay(r) * r, r), rel=1e-6)
