"""Interaction: gravity against pyfixest and the textbook, planted decays, and what has no estimate."""

from __future__ import annotations

import signal
import subprocess
import sys
import warnings
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest
from scipy import stats

import geoinno as gi
from geoinno.measure.interaction import _loops

Options = gi.measure.GravityOptions
VCOV = {
    "robust": "hetero",
    "origin": {"CRV1": "origin"},
    "destination": {"CRV1": "destination"},
    "pair": {"CRV1": "pair"},
    "two-way": {"CRV1": "origin+destination"},
}
PARTS = {
    "both": "| origin + destination",
    "origin": "+ destination_mass | origin",
    "destination": "+ origin_mass | destination",
    "none": "+ origin_mass + destination_mass",
}


def planted(count, *, seed, draw, slope=-0.9, border=-1.2):
    """Return a place with flows of known decay and border, drawn around their expectation."""
    random = np.random.default_rng(seed)
    ids = pd.Index([f"r{k:03d}" for k in range(count)])
    x, y = random.uniform(0, 900, (2, count))
    km = np.hypot(x[:, None] - x, y[:, None] - y) * random.uniform(0.9, 1.1, (count, count)) + 3
    np.fill_diagonal(km, 0)
    country = pd.Series(np.where(x < 450, "A", "B"), ids)
    here, there = np.nonzero(km)
    foreign = (country.to_numpy()[here] != country.to_numpy()[there]).astype(float)
    effects = random.normal(0, 1, count)[here] + random.normal(0, 1, count)[there] + 6
    expected = np.exp(effects + slope * np.log(km[here, there]) + border * foreign)
    flows = pd.DataFrame({"origin": ids[here], "destination": ids[there], "value": draw(random, expected)})
    mass = pd.Series(random.lognormal(2, 1, count), ids)
    language = pd.DataFrame(random.normal(size=km.shape), ids, ids)
    return SimpleNamespace(
        flows=flows, costs=pd.DataFrame(km, ids, ids), country=country, mass=mass, language=language
    )


def with_zeros(random, expected):
    """Draw dispersed flows, a fifth of them zero."""
    value = expected * random.gamma(1, 1, len(expected))
    value[random.random(len(expected)) < 0.2] = 0
    return value


@pytest.fixture(scope="module")
def place():
    return planted(30, seed=2, draw=with_zeros)


@pytest.fixture(scope="module")
def migration(austria):
    """Austrian migration with the distances it came with (Dennett 2012)."""
    costs = austria.flows.pivot_table(index="origin", columns="destination", values="distance_km")
    return SimpleNamespace(flows=austria.flows, costs=costs)


@pytest.fixture(scope="module")
def flights(north_america):
    flows = north_america.flows
    return SimpleNamespace(
        flows=flows[flows["origin"] != flows["destination"]],
        costs=gi.weigh.distances(north_america.regions),
    )


def tidy(place):
    """Return the pairs as a regression of another package wants them."""
    table = place.flows.copy()
    at = [place.costs.index.get_indexer(table[side]) for side in ("origin", "destination")]
    table["cost"] = np.log(place.costs.to_numpy()[tuple(at)])
    table["km"] = place.costs.to_numpy()[tuple(at)]
    table["pair"] = np.minimum(*at) * 1000 + np.maximum(*at)
    if hasattr(place, "country"):
        codes = pd.factorize(place.country)[0]
        table["border"] = (codes[at[0]] != codes[at[1]]).astype(float)
        table["cost_foreign"] = table["cost"] * table["border"]
        table["language"] = place.language.to_numpy()[tuple(at)]
        for side, end in (("origin_mass", at[0]), ("destination_mass", at[1])):
            table[side] = np.log(place.mass.to_numpy()[end])
    return table


def theirs(formula, table, vcov):
    """Fit by pyfixest, to its last digits."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        import pyfixest

        return pyfixest.fepois(formula, table, vcov=vcov, fixef_tol=1e-12, iwls_tol=1e-12)


def assert_agree(ours, fit):
    names = ours.coefficients.index
    other = [n if n != "constant" else "Intercept" for n in names]
    np.testing.assert_allclose(ours.coefficients["estimate"], fit.coef()[other], rtol=1e-6)
    np.testing.assert_allclose(ours.coefficients["se"], fit.se()[other], rtol=1e-5)
    assert ours.deviance == pytest.approx(float(fit.deviance), rel=1e-8)


@pytest.mark.oracle
@pytest.mark.parametrize("errors", VCOV)
@pytest.mark.parametrize("constraint", PARTS)
def test_estimates_and_errors_are_those_of_pyfixest(place, constraint, errors):
    masses = {
        f"{side}_mass": place.mass
        for side in ("origin", "destination")
        if f"{side}_mass" in PARTS[constraint]
    }
    ours = gi.measure.gravity(
        place.flows,
        place.costs,
        constraint=constraint,
        border=place.country,
        options=Options(covariates={"language": place.language}, errors=errors),
        **masses,
    )
    assert_agree(
        ours, theirs(f"value ~ cost + border + language {PARTS[constraint]}", tidy(place), VCOV[errors])
    )


@pytest.mark.oracle
@pytest.mark.parametrize("errors", ["robust", "origin", "pair", "two-way"])
@pytest.mark.parametrize("name", ["migration", "flights"])
def test_real_flows_give_the_estimates_of_pyfixest(name, errors, request):
    real = request.getfixturevalue(name)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", gi.errors.DataWarning)  # nine clusters are few
        ours = gi.measure.gravity(real.flows, real.costs, options=Options(errors=errors))
    assert_agree(ours, theirs("value ~ cost | origin + destination", tidy(real), VCOV[errors]))


@pytest.mark.oracle
def test_exponential_decay_and_kink_are_those_of_pyfixest(place):
    robust = Options(errors="robust")
    ours = gi.measure.gravity(place.flows, place.costs, decay="exponential", options=robust)
    fit = theirs("value ~ km | origin + destination", tidy(place), "hetero")
    assert ours.coefficients.loc["cost", "se"] == pytest.approx(fit.se()["km"], rel=1e-5)
    assert ours.coefficients.loc["cost", "estimate"] == pytest.approx(fit.coef()["km"], rel=1e-6)
    ours = gi.measure.gravity(
        place.flows, place.costs, border=place.country, options=Options(kink=True, errors="robust")
    )
    assert list(ours.coefficients.index) == ["cost", "cost_foreign", "border"]
    assert_agree(
        ours, theirs("value ~ cost + cost_foreign + border | origin + destination", tidy(place), "hetero")
    )


def test_austrian_migration_has_the_known_elasticity(migration):
    fit = gi.measure.gravity(migration.flows, migration.costs)
    # spint's test of the doubly constrained model on these data: -1.26.
    assert fit.coefficients.loc["cost", "estimate"] == pytest.approx(-1.26, abs=0.005)
    assert fit.n == 72
    assert "72 pairs" in str(fit)
    assert "1.26% less flow" in str(fit)


@pytest.mark.parametrize(
    ("low", "estimate", "high", "words"),
    [
        (-0.5, -0.3, -0.1, "25.9% less flow (95% interval 9.52% to 39.3%)"),
        (-0.5, -0.1, 0.3, "9.52% less flow (95% interval 35% more to 39.3% less)"),
        (-0.3, 0.1, 0.5, "10.5% more flow (95% interval 25.9% less to 64.9% more)"),
    ],
)
def test_intervals_across_zero_name_both_directions(low, estimate, high, words):
    # exp(.1) - 1 is .105, 1 - exp(-.1) is .0952, and so on.
    from geoinno.measure.interaction._answer import slopes_in_words

    rows = pd.DataFrame(
        [[-1.0, -1.0, -1.0], [estimate, low, high]],
        index=["cost", "border"],
        columns=["estimate", "low", "high"],
    )
    assert slopes_in_words(rows, "power").endswith(f"crossing a border goes with {words}")


@pytest.mark.parametrize("constraint", ["both", "origin", "destination"])
def test_constrained_margins_are_those_observed(place, constraint):
    fit = gi.measure.gravity(place.flows, place.costs, constraint=constraint)
    for side in ("origin", "destination"):
        if constraint in ("both", side):
            sums = fit.fitted.groupby(side)[["value", "expected"]].sum()
            np.testing.assert_allclose(sums["expected"], sums["value"], rtol=1e-8)


def test_effects_and_slopes_make_the_fitted_flows(place):
    for constraint in PARTS:
        fit = gi.measure.gravity(place.flows, place.costs, border=place.country, constraint=constraint)
        table = tidy(place)
        log = fit.coefficients["estimate"].get("constant", 0.0)
        log += fit.coefficients["estimate"][["cost", "border"]] @ table[["cost", "border"]].T
        if constraint != "none":
            log += fit.origin_effects[table["origin"]].to_numpy()
            log += fit.destination_effects[table["destination"]].to_numpy()
        np.testing.assert_allclose(np.exp(log), fit.fitted["expected"], rtol=1e-7)


def test_effects_have_one_level_whichever_way_flows_run(place):
    # Of both sides, only sums are identified: transposed, the same effects come out with the sides exchanged,
    # once both are put on one level.
    fit = gi.measure.gravity(place.flows, place.costs)
    turned = place.flows.rename(columns={"origin": "destination", "destination": "origin"})
    back = gi.measure.gravity(turned[["origin", "destination", "value"]], place.costs.T)
    assert fit.destination_effects.mean() == pytest.approx(0, abs=1e-12)
    assert back.destination_effects.mean() == pytest.approx(0, abs=1e-12)
    apart = fit.origin_effects - back.destination_effects.reindex(fit.origin_effects.index)
    np.testing.assert_allclose(apart, fit.origin_effects.mean(), rtol=1e-6)
    one = gi.measure.gravity(place.flows, place.costs, constraint="origin")
    assert (one.destination_effects == 0).all()


def test_fitted_flows_keep_the_rows_of_the_flows(place):
    shuffled = place.flows.sample(frac=1, random_state=3)
    fit = gi.measure.gravity(shuffled, place.costs)
    pd.testing.assert_frame_equal(fit.fitted[["origin", "destination", "value"]], shuffled)
    assert 0 < fit.cpc < 1


def test_own_pairs_are_dropped_or_kept(place):
    ids = place.costs.index
    own = pd.DataFrame({"origin": ids, "destination": ids, "value": 50.0})
    flows = pd.concat([place.flows, own], ignore_index=True)
    dropped = gi.measure.gravity(flows, place.costs)
    pd.testing.assert_frame_equal(
        dropped.coefficients, gi.measure.gravity(place.flows, place.costs).coefficients
    )
    with pytest.raises(
        gi.errors.FlowError,
        match=r"cost is zero .*\('r000', 'r000'\).*30 in all.*Drop these pairs",
    ):
        gi.measure.gravity(flows, place.costs, options=Options(own="keep"))
    costs = place.costs + 20 * np.eye(len(ids))
    assert gi.measure.gravity(flows, costs, options=Options(own="keep")).n == 900


def test_absent_pairs_are_unknown_or_zero(place):
    positive = place.flows[place.flows["value"] > 0]
    assert gi.measure.gravity(positive, place.costs).n == len(positive)
    completed = gi.measure.gravity(positive, place.costs, options=Options(complete=True))
    assert completed.n == 870
    full = gi.measure.gravity(place.flows, place.costs)
    np.testing.assert_allclose(completed.coefficients, full.coefficients, rtol=1e-7, atol=1e-250)


def test_the_likelihood_is_that_of_the_poisson_distribution(place):
    counts = place.flows.assign(value=np.floor(place.flows["value"] * 20))
    fit = gi.measure.gravity(counts, place.costs)
    log = stats.poisson.logpmf(fit.fitted["value"], fit.fitted["expected"])
    assert fit.log_likelihood == pytest.approx(log.sum(), rel=1e-10)


@pytest.mark.slow
@pytest.mark.parametrize("errors", ["robust", "poisson"])
def test_planted_decays_lie_in_their_intervals(errors):
    def poisson(random, expected):
        return random.poisson(30 * expected).astype(float)

    inside = []
    for seed in range(200):
        drawn = planted(20, seed=seed, draw=poisson)
        fit = gi.measure.gravity(
            drawn.flows, drawn.costs, border=drawn.country, options=Options(errors=errors)
        )
        c = fit.coefficients
        inside.append([c.low["cost"] < -0.9 < c.high["cost"], c.low["border"] < -1.2 < c.high["border"]])
    np.testing.assert_allclose(np.mean(inside, axis=0), 0.95, atol=0.03)


# --- what has no estimate


def test_costs_that_are_none_name_their_pairs(place):
    for bad, fault in (
        (np.nan, "no finite cost"),
        (-5.0, "a negative cost"),
        (0.0, "The cost is zero for the pairs"),
    ):
        costs = place.costs.copy()
        costs.loc["r003", "r007"] = bad
        with pytest.raises(gi.errors.FlowError, match=rf"{fault}.*\('r003', 'r007'\) \(1 in all\)"):
            gi.measure.gravity(place.flows, costs)


def test_flows_of_strangers_and_pairs_that_stand_twice_raise(place):
    with pytest.raises(gi.errors.FlowError, match="not in the regions: 'r029'"):
        gi.measure.gravity(place.flows, place.costs.iloc[:29, :29])
    with pytest.raises(gi.errors.FlowError, match="occur twice"):
        gi.measure.gravity(pd.concat([place.flows, place.flows[:1]]), place.costs)
    with pytest.raises(gi.errors.ColumnError, match="square"):
        gi.measure.gravity(place.flows, place.costs.iloc[:20])


def test_regions_without_any_flow_are_named(place):
    silent = place.flows.copy()
    silent.loc[silent["origin"] == "r004", "value"] = 0
    with pytest.raises(gi.errors.FlowError, match=r"without any outflow: 'r004' \(1 in all\)"):
        gi.measure.gravity(silent, place.costs)
    gi.measure.gravity(silent, place.costs, constraint="destination")
    turned = silent.rename(columns={"origin": "destination", "destination": "origin"})
    with pytest.raises(gi.errors.FlowError, match=r"without any inflow: 'r004'"):
        gi.measure.gravity(turned, place.costs.T)
    with pytest.raises(gi.errors.FlowError, match="Every flow is zero"):
        gi.measure.gravity(place.flows.assign(value=0.0), place.costs)


def test_a_border_needs_two_countries(place):
    with pytest.raises(gi.errors.FlowError, match=r"stays within one country \(countries: 'A'"):
        gi.measure.gravity(
            place.flows,
            place.costs,
            border=place.country.map(lambda _: "A"),
        )


def test_collinear_terms_are_named(place):
    twice = Options(covariates={"again": 3 * np.log(place.costs.where(place.costs > 0, 1)) + 5})
    with pytest.raises(gi.errors.FlowError, match="explain in full: 'again'"):
        gi.measure.gravity(place.flows, place.costs, options=twice)
    by_origin = pd.DataFrame(
        np.tile(place.mass.to_numpy()[:, None], 30), place.costs.index, place.costs.columns
    )
    with pytest.raises(gi.errors.FlowError, match="explain in full: 'size'"):
        gi.measure.gravity(place.flows, place.costs, options=Options(covariates={"size": by_origin}))
    flat = place.costs * 0 + 7.0
    with pytest.raises(gi.errors.FlowError, match="same value for every pair: 'cost'"):
        gi.measure.gravity(place.flows, flat)
    with pytest.raises(gi.errors.ColumnError, match="origin_mass has no effect of its own"):
        gi.measure.gravity(place.flows, place.costs, origin_mass=place.mass)


def test_a_border_that_nothing_crosses_has_no_estimate(place):
    table = tidy(place)
    closed = place.flows.assign(value=place.flows["value"] * (1 - table["border"]))
    with pytest.raises(gi.errors.FlowError, match=r"No estimate exists: the terms 'border'"):
        gi.measure.gravity(closed, place.costs, border=place.country)
    with pytest.raises(gi.errors.FlowError, match=r"No estimate exists: the terms 'border'"):
        gi.measure.gravity(closed, place.costs, border=place.country, constraint="origin")


def test_a_covariate_that_tells_zeros_without_error_has_no_estimate(place):
    zero = place.flows.loc[place.flows["value"] == 0].iloc[:40]
    table = place.costs * 0.0
    for row in zero.itertuples():
        table.loc[row.origin, row.destination] = 1.0
    with pytest.raises(gi.errors.FlowError, match=r"the terms 'cut' .* for the pairs .*40 in all"):
        gi.measure.gravity(place.flows, place.costs, options=Options(covariates={"cut": table}))


def test_zeros_between_groups_that_point_both_ways_do_have_an_estimate():
    # Two groups without any flow between them: effects of regions drift apart, so there is none ...
    ids = list("abcdef")
    random = np.random.default_rng(5)
    costs = pd.DataFrame(random.uniform(10, 90, (6, 6)), ids, ids)
    pairs = [(i, j) for i in ids for j in ids if i != j]
    group = dict(zip(ids, "xxxyyy", strict=True))
    value = [random.uniform(1, 9) * (group[i] == group[j] or (i, j) == ("a", "f")) for i, j in pairs]
    flows = pd.DataFrame(pairs, columns=["origin", "destination"]).assign(value=value)
    # ... but one flow across ties them together again: a slope exists, as in pyfixest.
    fit = gi.measure.gravity(flows, costs)
    table = flows.assign(cost=[np.log(costs.loc[i, j]) for i, j in pairs])
    other = theirs("value ~ cost | origin + destination", table, "hetero")
    assert fit.coefficients.loc["cost", "estimate"] == pytest.approx(other.coef()["cost"], rel=1e-5)


def test_unfit_options_are_refused(place):
    for options, error, message in (
        (Options(errors="clustered"), gi.OptionError, "errors must be one of"),
        (Options(own="maybe"), gi.OptionError, "own must be one of"),
        (Options(covariates={"border": place.language}), gi.ColumnError, "must not be called 'border'"),
        (Options(kink=True), gi.OptionError, "give border"),
    ):
        with pytest.raises(error, match=message):
            gi.measure.gravity(place.flows, place.costs, options=options)
    zero = place.mass.where(place.mass.index != "r000", 0)
    with pytest.raises(
        gi.errors.ColumnError, match="origin_mass must be known and above zero; it is not in 'r000'"
    ):
        gi.measure.gravity(place.flows, place.costs, constraint="none", origin_mass=zero)


# --- decay families


SHAPES = {
    "exponential": gi.weigh.exponential(150),
    "exponential_sqrt": gi.weigh.exponential_sqrt(60),
    "power": gi.weigh.power(1.2),
    "gaussian": gi.weigh.gaussian(250),
    "tanner": gi.weigh.tanner(0.5, 0.004),
    "lognormal": gi.weigh.lognormal(0.12),
    "logistic": gi.weigh.logistic(300, 0.02),
    "offset_power": gi.weigh.offset_power(120, 2.5),
}


@pytest.mark.parametrize("family", SHAPES)
def test_the_family_that_made_the_flows_wins_with_its_parameters(family):
    drawn = planted(30, seed=11, draw=lambda _, expected: expected, slope=0, border=0)
    weight = [
        SHAPES[family](drawn.costs.loc[o, d]) for o, d in drawn.flows[["origin", "destination"]].to_numpy()
    ]
    flows = drawn.flows.assign(value=drawn.flows["value"] * weight * 100)
    fits = gi.measure.decay_fit(flows, drawn.costs, families=tuple({family: 0, "power": 0, "gaussian": 0}))
    assert fits.best.family == family == fits.table["family"].iloc[0]
    for name, value in SHAPES[family].parameters.items():
        assert fits.best.parameters[name] == pytest.approx(value, rel=1e-4)
    assert fits.table["deviance"].iloc[0] == pytest.approx(0, abs=1e-4 * flows["value"].sum())
    assert fits.table["cpc"].iloc[0] == pytest.approx(1, abs=1e-3)


def test_half_distances_have_the_intervals_of_the_slope(place):
    fits = gi.measure.decay_fit(place.flows, place.costs, border=place.country, families=("exponential",))
    fit = gi.measure.gravity(place.flows, place.costs, border=place.country, decay="exponential")
    rate = -fit.coefficients.loc["cost", "estimate"]
    row = fits.table.iloc[0]
    assert row["half"] == pytest.approx(np.log(2) / rate, rel=1e-8)
    # Delta method on the logarithm: se(ln half) = se(rate) / rate.
    reach = 1.959963984540054 * fit.coefficients.loc["cost", "se"] / rate
    assert row["half_low"] == pytest.approx(row["half"] * np.exp(-reach), rel=1e-6)
    assert row["half_high"] == pytest.approx(row["half"] * np.exp(reach), rel=1e-6)
    assert row["aic"] == pytest.approx(2 * (59 + 2) - 2 * fit.log_likelihood, rel=1e-9)
    assert row["deviance"] == pytest.approx(fit.deviance, rel=1e-9)


def test_a_shape_on_its_bound_is_flagged_and_never_the_best(migration):
    fits = gi.measure.decay_fit(migration.flows, migration.costs)
    assert list(fits.table["aic"]) == sorted(fits.table["aic"])
    assert fits.table.set_index("family")["bound"]["tanner"]
    assert fits.best == fits.decays["power"]
    assert "tanner" not in fits.decays
    assert "At a bound of their parameters: 'tanner'" in str(fits)


def test_flows_that_rise_with_cost_have_no_decay():
    rising = planted(15, seed=4, draw=lambda _, expected: expected, slope=0.8)
    with pytest.raises(gi.errors.FlowError, match="do not fall with cost"):
        gi.measure.decay_fit(rising.flows, rising.costs, families=("power", "exponential"))


def test_unfit_families_are_refused(place):
    with pytest.raises(gi.errors.OptionError, match="families must be one of"):
        gi.measure.decay_fit(place.flows, place.costs, families=("linear",))
    with pytest.raises(gi.errors.OptionError, match="families is empty"):
        gi.measure.decay_fit(place.flows, place.costs, families=())


# --- balancing


def test_balanced_flows_are_those_of_the_textbook():
    # Mathew and Krishna Rao (2006), Introduction to Transportation Engineering (NPTEL), ch. 8, example of
    # the doubly constrained model: f = 1 / c^2. The text rounds f to two digits and stops after one round.
    ids = list("123")
    costs = pd.DataFrame([[1, 1.2, 1.8], [1.2, 1, 1.5], [1.8, 1.5, 1]], ids, ids)
    outflows, inflows = pd.Series([98, 106, 122], ids), pd.Series([102, 118, 106], ids)
    trips = gi.measure.balanced_flows(outflows, inflows, costs, decay=gi.weigh.power(2), own="keep")
    table = trips.flows.pivot_table(index="origin", columns="destination", values="value")
    np.testing.assert_allclose(table.iloc[:2], [[48.01, 35.24, 15.157], [32.96, 50.83, 21.40]], rtol=0.02)
    np.testing.assert_allclose(trips.origin_factors, [0.00462, 0.00425, 0.00527], rtol=0.02)
    np.testing.assert_allclose(trips.destination_factors, [1.0397, 0.9562, 1.0188], rtol=0.02)
    np.testing.assert_allclose(table.sum(axis=1), outflows, rtol=1e-10)
    np.testing.assert_allclose(table.sum(axis=0), inflows, rtol=1e-10)
    factors = np.outer(trips.origin_factors * outflows, trips.destination_factors * inflows)
    np.testing.assert_allclose(table, factors / costs**2, rtol=1e-10)


def test_balancing_the_margins_with_the_fitted_decay_gives_the_fitted_flows(place):
    fit = gi.measure.gravity(place.flows, place.costs, decay="exponential")
    half = np.log(2) / -fit.coefficients.loc["cost", "estimate"]
    out, into = (place.flows.groupby(side)["value"].sum() for side in ("origin", "destination"))
    trips = gi.measure.balanced_flows(out, into, place.costs, decay=gi.weigh.exponential(half))
    np.testing.assert_allclose(trips.flows["value"], fit.fitted["expected"], rtol=1e-7)
    assert "870 flows" in str(trips)


def test_margins_that_cannot_be_reached_raise(place):
    out = place.mass
    with pytest.raises(gi.errors.ColumnError, match="the two sums must be equal"):
        gi.measure.balanced_flows(out, out * 2, place.costs, decay=gi.weigh.exponential(100))
    far = place.costs + 1e6 * (place.costs > 0)
    with pytest.raises(gi.errors.FlowError, match="weight zero"):
        gi.measure.balanced_flows(out, out, far, decay=gi.weigh.exponential(1))


def test_loops_are_compiled_once_whatever_type_and_order_flows_have(austria, monkeypatch):
    from geoinno._kernels import balancing, closeness

    monkeypatch.setattr(_loops, "FEW_PAIRS", 0)
    kernels = (
        balancing._sum_part,
        balancing._respond_part,
        balancing._balance_part,
        closeness.closeness,
    )
    costs = gi.weigh.distances(austria.regions[austria.regions["country"] == "AUT"])
    gi.measure.gravity(austria.flows, costs)
    compiled = [len(kernel.signatures) for kernel in kernels]
    as_floats = austria.flows.astype({"value": float})  # pandas lends its own column, not to be written to
    gi.measure.gravity(as_floats, costs)
    gi.measure.gravity(as_floats.sample(frac=1, random_state=1), costs)
    assert [len(kernel.signatures) for kernel in kernels] == compiled


@pytest.mark.parametrize("errors", ["hc3", "robust"])
@pytest.mark.parametrize("constraint", ["both", "origin", "destination", "none"])
def test_small_tables_have_the_estimates_of_the_compiled_loops(place, constraint, errors, monkeypatch):
    flows = place.flows.sample(frac=0.8, random_state=2)
    case = {"constraint": constraint, "border": place.country}
    case["options"] = gi.measure.GravityOptions(errors=errors, kink=True)
    plain = gi.measure.gravity(flows, place.costs, **case)
    monkeypatch.setattr(_loops, "FEW_PAIRS", 0)
    compiled = gi.measure.gravity(flows, place.costs, **case)
    pd.testing.assert_frame_equal(plain.coefficients, compiled.coefficients, rtol=1e-8, atol=1e-12)
    pd.testing.assert_frame_equal(plain.fitted, compiled.fitted, rtol=1e-8)
    pd.testing.assert_series_equal(plain.origin_effects, compiled.origin_effects, rtol=1e-8)
    measures = [(fit.deviance, fit.log_likelihood, fit.cpc) for fit in (plain, compiled)]
    np.testing.assert_allclose(*measures, rtol=1e-10)


def test_a_small_table_is_fitted_without_compiled_loops():
    program = (
        "import sys, geoinno as gi\n"
        "place = gi.read.sample('austria')\n"
        "costs = gi.weigh.distances(place.regions)\n"
        "gi.measure.gravity(place.flows, costs)\n"
        "gi.measure.decay_fit(place.flows, costs, families=('power', 'logistic'))\n"
        "sys.exit('numba' in sys.modules)\n"
    )
    assert subprocess.run([sys.executable, "-c", program], check=False).returncode == 0


def test_steps_of_a_long_fit_are_logged(place, monkeypatch, caplog):
    from geoinno import scale

    monkeypatch.setattr(scale, "_PAUSE_S", 0.0)
    with caplog.at_level("INFO", logger="geoinno"):
        gi.measure.gravity(place.flows, place.costs)
    assert "Newton step 1 of 15 is done." in caplog.text


def test_an_interrupted_fit_leaves_the_next_one_as_it_was():
    program = """
import signal, numpy as np, pandas as pd, geoinno as gi
random = np.random.default_rng(0)
ids = pd.Index([f"r{k}" for k in range(300)])
costs = pd.DataFrame(random.uniform(1, 9, (300, 300)), ids, ids)
here, there = np.nonzero(~np.eye(300, dtype=bool))
value = random.poisson(9 / costs.to_numpy()[here, there]).astype(float)
flows = pd.DataFrame({"origin": ids[here], "destination": ids[there], "value": value})
def fit():
    return gi.measure.gravity(flows, costs, options=gi.measure.GravityOptions(errors="poisson"))
first = fit()
signal.signal(signal.SIGINT, signal.default_int_handler)  # jobs in the background start with it ignored
try:
    print("ready", flush=True)
    while True:
        fit()
except KeyboardInterrupt:
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    pd.testing.assert_frame_equal(fit().coefficients, first.coefficients, check_exact=True)
    print("the same")
"""
    run = subprocess.Popen([sys.executable, "-c", program], stdout=subprocess.PIPE, text=True)
    try:
        assert run.stdout.readline() == "ready\n"
        run.send_signal(signal.SIGINT)
        assert run.communicate(timeout=300)[0] == "the same\n"
    finally:
        run.kill()
        run.wait()
