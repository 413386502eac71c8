"""Diffusion hazard: R and statsmodels, planted effects, real policies, and what has no estimate."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from libpysal.graph import Graph

import geoinno as gi
from geoinno.measure import HazardOptions, diffusion_hazard

R_ESTIMATE = [1.2605449530394675, 0.4086328432438261, 0.0909765276021775]
R_SE = [0.3282899856526613, 0.6623217752037992, 0.0769557730946418]
R_ROBUST = [0.3501618129109272, 0.4892255466466011, 0.0806746599620537]
TERMS = ["contagious", "hierarchical", "border", "size"]


def spread_over(regions, effects, *, innovations, seed, rate=0.04, periods=25, own=None):
    """Return adoptions of innovations that spread over a map as the model says, written out cell by cell."""
    rng = np.random.default_rng(seed)
    links = Graph.build_contiguity(regions, rook=False).sparse.toarray()
    weights = links / links.sum(axis=1, keepdims=True)
    size, land = regions["size"].to_numpy(), regions["country"].to_numpy()
    abroad = weights * (land[:, None] != land)
    above = size[None, :] > size[:, None]
    rows = []
    for k in range(innovations):
        has = rng.random(len(size)) < 0.02
        rows += [(regions.index[i], f"i{k}", 0) for i in np.flatnonzero(has)]
        for t in range(1, periods):
            had = has.astype(float)
            x = [weights @ had, above @ had / np.maximum(above.sum(axis=1), 1), abroad @ had, np.log(size)]
            hazard = rate * np.exp(sum(b * term for b, term in zip(effects, x, strict=True)))
            hazard = hazard * (1 if own is None else own)
            new = ~has & (rng.random(len(size)) < 1 - np.exp(-hazard))
            rows += [(regions.index[i], f"i{k}", t) for i in np.flatnonzero(new)]
            has |= new
    return pd.DataFrame(rows, columns=["region", "innovation", "period"])


@pytest.fixture(scope="module")
def country_map(lattice):
    size = np.exp(np.random.default_rng(3).normal(0, 0.7, len(lattice)))
    return lattice.assign(size=size)


@pytest.fixture(scope="module")
def adoptions(country_map):
    return spread_over(country_map, [1.5, 0.8, -0.9, 0.3], innovations=12, seed=5)


@pytest.fixture(scope="module")
def weights(country_map):
    return gi.weigh.contiguity(country_map)


def fit(adoptions, regions, weights, **options):
    given = {"size": regions["size"], "country": regions["country"], "permutations": 19, **options}
    return diffusion_hazard(adoptions, weights, **given)


def long_table(adoptions, regions):
    """Return a row for each region at risk in each period with an adoption, by plain loops."""
    links = Graph.build_contiguity(regions, rook=False)
    size, land = regions["size"], regions["country"]
    rows = []
    for name, spells in adoptions.groupby("innovation"):
        when = spells.set_index("region")["period"]
        for t in sorted(when.unique()):
            had = set(when.index[when < t])
            for i in regions.index:
                if i in had:
                    continue
                near = list(links[i].index)
                larger = size.index[size > size[i]]
                rows.append(
                    {
                        "stratum": f"{name}-{t}",
                        "region": i,
                        "event": int(when.get(i, np.inf) == t),
                        "contagious": np.mean([j in had for j in near]),
                        "hierarchical": np.mean([j in had for j in larger]) if len(larger) else 0.0,
                        "border": np.mean([j in had and land[j] != land[i] for j in near]),
                        "size": np.log(size[i]),
                    }
                )
    return pd.DataFrame(rows)


@pytest.mark.parametrize("ties", ["efron", "breslow"])
def test_estimates_and_errors_are_those_of_statsmodels(adoptions, country_map, weights, ties):
    from statsmodels.duration.hazard_regression import PHReg

    rows = long_table(adoptions, country_map)
    model = PHReg(np.ones(len(rows)), rows[TERMS], status=rows["event"], strata=rows["stratum"], ties=ties)
    theirs = model.fit(disp=0)
    ours = fit(adoptions, country_map, weights, ties=ties)
    assert ours.coefficients["estimate"].to_numpy() == pytest.approx(theirs.params, rel=1e-6)
    assert ours.coefficients["se"].to_numpy() == pytest.approx(theirs.bse, rel=1e-6)


def test_the_model_of_real_laws_is_that_of_r():
    """The rows of `long_table` in R survival 3.5-3, without the two laws that a state gave up again:

    coxph(Surv(rep(1, n), event) ~ contagious + hierarchical + size + strata(stratum), cluster = region)
    """
    place = gi.read.sample("policies")
    kept = place.adoptions[~place.adoptions["innovation"].isin(["seat_belt", "zero_tolerance"])]
    near = gi.weigh.contiguity(place.regions)
    size = place.regions["population_2010"]
    by_model = diffusion_hazard(kept, near, size=size, permutations=19)
    by_region = diffusion_hazard(
        kept, near, size=size, permutations=19, options=HazardOptions(errors="region")
    )
    assert by_model.coefficients["estimate"].to_numpy() == pytest.approx(R_ESTIMATE, rel=1e-6)
    assert by_model.coefficients["se"].to_numpy() == pytest.approx(R_SE, rel=1e-6)
    factor = np.sqrt(48 / 47)  # survival has no small-sample factor
    assert by_region.coefficients["se"].to_numpy() == pytest.approx(np.multiply(R_ROBUST, factor), rel=1e-6)


def real_policies(strangers, states):
    table = pd.read_csv(strangers / "us_policies" / "adoptions.csv")
    table = table.rename(columns={"policy": "innovation", "adopt_year": "period"})
    ids = pd.Series(states.index, index=states["name"])
    table = table.assign(region=table["statenam"].map(ids)).dropna(subset=["region"])
    counts = table.groupby("innovation")["region"].size()
    return table[table["innovation"].map(counts) >= 10][["region", "innovation", "period"]]


def test_neighbours_speed_up_the_policies_of_american_states(strangers):
    """The log hazard ratio of an independent study of the same data is 1.04."""
    states = gi.read.sample("policies").regions
    found = diffusion_hazard(real_policies(strangers, states), gi.weigh.contiguity(states), permutations=19)
    assert found.counts.innovations == 560
    assert found.coefficients.loc["contagious", "estimate"] == pytest.approx(1.04, abs=0.01)
    assert found.p_relabelled["contagious"] == pytest.approx(0.1)  # the smallest that 19 draws can give
    assert found.leaders["lead"].idxmax() == "USA-3521"  # California, as in Walker (1969) and after him
    assert found.forecast.gain.low > 0


@pytest.mark.slow
def test_planted_effects_lie_in_their_intervals(country_map, weights):
    planted = np.array([1.2, 0.9, -0.8, 0.3])
    inside = np.zeros(4)
    for seed in range(40):
        drawn = spread_over(country_map, planted, innovations=15, seed=seed)
        table = fit(drawn, country_map, weights, permutations=1).coefficients
        inside += (table["low"] <= planted) & (planted <= table["high"])
    # 95% of 160 intervals: fewer than 143 would be a chance of one in a thousand.
    assert inside.sum() >= 143
    assert inside.min() >= 33


def test_a_region_that_gives_up_exposes_no_one_and_may_adopt_again():
    """Four regions in a row, by hand; a takes x up at 1, gives it up at 2 and takes it up again at 4.

    With u = exp(b / 2), x has the likelihoods 1 / (2 + u) at 3 (a, b and c at risk, d alone an adopter) and
    1/2 at 4; y has u / (2 + u) at 2 and 1 / (1 + u) at 3. Their product is highest where 2 - u - 2 u^2 = 0.
    """
    near = Graph.from_arrays(list("abbccd"), list("bacbdc"), np.ones(6))
    x = pd.DataFrame({"region": list("adba"), "period": [1, 1, 3, 4], "ended": [2, None, None, None]})
    y = pd.DataFrame({"region": list("abd"), "period": [1, 2, 3]})
    table = pd.concat([x.assign(innovation="x"), y.assign(innovation="y")])
    found = diffusion_hazard(table, near, permutations=1)
    assert found.coefficients.loc["contagious", "estimate"] == pytest.approx(2 * np.log((17**0.5 - 1) / 4))


@pytest.mark.slow
def test_the_tests_hold_their_level_on_relabelled_maps(country_map, weights):
    """Regions differ in their own rates, so that errors of the model reject too often."""
    own = np.exp(np.random.default_rng(1).normal(0, 0.8, len(country_map)))
    drawn = spread_over(country_map, [0, 0, 0, 0], innovations=15, seed=1, own=own)
    rng = np.random.default_rng(2)
    p, normal = [], []
    for _ in range(120):
        order = dict(zip(country_map.index, rng.permutation(country_map.index), strict=True))
        moved = drawn.assign(region=drawn["region"].map(order))
        found = diffusion_hazard(moved, weights, permutations=39)
        p.append(found.p_relabelled["contagious"])
        normal.append(found.coefficients.loc["contagious", "p"])
    assert 0.01 <= np.mean(np.array(p) <= 0.05) <= 0.1
    assert np.mean(np.array(normal) <= 0.05) > np.mean(np.array(p) <= 0.05)


def test_unit_effects_do_not_take_early_adopters_for_sources(country_map, weights):
    own = np.where(country_map["country"] == "A", 4.0, 1.0)
    drawn = spread_over(country_map, [0, 0, 0, 0], innovations=40, seed=9, own=own)
    options = HazardOptions(unit_effects=True)
    without = diffusion_hazard(drawn, weights, permutations=19).coefficients.loc["contagious"]
    found = diffusion_hazard(drawn, weights, permutations=19, options=options)
    assert without["low"] > 0.3
    assert abs(found.coefficients.loc["contagious", "estimate"]) < 0.3
    assert list(found.coefficients.index) == ["contagious"]
    means = found.unit_effects.groupby(country_map["country"]).mean()
    assert means["A"] - means[["B", "C"]].mean() == pytest.approx(np.log(4), abs=0.3)


def test_unit_effects_are_dummies_of_statsmodels(adoptions, country_map, weights):
    from statsmodels.duration.hazard_regression import PHReg

    rows = long_table(adoptions, country_map)
    dummies = pd.get_dummies(rows["region"], dtype=float).iloc[:, 1:]
    terms = pd.concat([rows[["contagious", "hierarchical", "border"]], dummies], axis=1)
    model = PHReg(np.ones(len(rows)), terms, status=rows["event"], strata=rows["stratum"], ties="efron")
    theirs = model.fit(disp=0)
    ours = fit(adoptions, country_map, weights, options=HazardOptions(unit_effects=True)).coefficients
    assert ours["estimate"].to_numpy() == pytest.approx(theirs.params[:3], rel=1e-5)
    assert ours["se"].to_numpy() == pytest.approx(theirs.bse[:3], rel=1e-5)


def test_clustered_errors_with_unit_effects_are_those_of_r():
    """coxph(Surv(rep(1, n), event) ~ contagious + factor(region) + strata(stratum), cluster = region)"""
    place = gi.read.sample("policies")
    kept = place.adoptions[~place.adoptions["innovation"].isin(["seat_belt", "zero_tolerance"])]
    options = HazardOptions(unit_effects=True, errors="region")
    found = diffusion_hazard(kept, gi.weigh.contiguity(place.regions), permutations=1, options=options)
    row = found.coefficients.loc["contagious"]
    assert row["estimate"] == pytest.approx(1.11988529478508569, rel=1e-6)
    assert row["se"] == pytest.approx(0.38973163694141355 * np.sqrt(48 / 47), rel=1e-6)


def test_shares_add_up_and_go_to_what_was_planted(country_map, weights):
    drawn = spread_over(country_map, [2.5, 0, 0, 0], innovations=30, seed=2)
    found = fit(drawn, country_map, weights)
    assert found.shares.sum() == pytest.approx(1)
    assert found.shares.idxmax() == "contagious"
    alone = diffusion_hazard(drawn, weights, permutations=19)
    assert alone.shares["contagious"] == pytest.approx(1)


def test_windows_are_fits_of_their_own_strata(adoptions, country_map, weights):
    from statsmodels.duration.hazard_regression import PHReg

    rows = long_table(adoptions, country_map)
    late = rows[rows["stratum"].str.split("-").str[1].astype(int) >= 10]
    late = late[late["stratum"].str.split("-").str[1].astype(int) < 20]
    model = PHReg(
        np.ones(len(late)), late[["contagious"]], status=late["event"], strata=late["stratum"], ties="efron"
    )
    found = diffusion_hazard(adoptions, weights, permutations=1, options=HazardOptions(window=10))
    assert found.windows.loc[(10, "contagious"), "estimate"] == pytest.approx(model.fit(disp=0).params[0])


def test_leaders_count_adoptions_beside_those_expected():
    """Two regions adopt in turn: the first in both innovations."""
    near = Graph.from_arrays(list("abbc"), list("bacb"), np.ones(4))
    rows = [("a", "x", 1), ("b", "x", 2), ("a", "y", 1), ("c", "y", 2), ("b", "y", 3)]
    table = pd.DataFrame(rows, columns=["region", "innovation", "period"])
    lead = diffusion_hazard(table, near, permutations=1).leaders
    assert lead["adoptions"].to_dict() == {"a": 2, "b": 2, "c": 1}
    assert lead["first"].to_dict() == {"a": 2, "b": 0, "c": 0}
    # a: one of three at risk, twice; b: 1/3 + 1/2, then 1/3 + 1/2 + 1.
    assert lead["expected"]["a"] == pytest.approx(2 / 3)
    assert lead["expected"]["b"] == pytest.approx(1 / 3 + 1 / 2 + 1 / 3 + 1 / 2 + 1)
    assert lead["lead"]["a"] == pytest.approx(3)


def test_next_adopters_are_probabilities_over_those_that_wait(adoptions, country_map, weights):
    found = fit(adoptions, country_map, weights)
    sums = found.next_adopters.groupby("innovation")["probability"].sum()
    assert sums.to_numpy() == pytest.approx(1)
    merged = found.next_adopters.merge(adoptions, on=["region", "innovation"])
    assert merged.empty


def test_forecasts_of_planted_spread_are_calibrated(country_map, weights):
    drawn = spread_over(country_map, [2.0, 0, 0, 0.5], innovations=60, seed=4)
    found = fit(drawn, country_map, weights).forecast
    assert found.gain.low > 0
    assert found.slope.low < 1 < found.slope.high
    assert found.table["predicted"].sum() == pytest.approx(found.table["observed"].sum())
    assert "later adopters" in str(found)


def test_isolates_leave_the_risk_sets(adoptions, weights):
    """An island that adopts everything first would otherwise count as never exposed."""
    grown = pd.concat([weights.adjacency, pd.Series({("island", "island"): 0.0})])
    with_island = Graph(grown.rename_axis(["focal", "neighbor"]).rename("weight"))
    early = pd.DataFrame({"region": "island", "innovation": adoptions["innovation"].unique(), "period": 0})
    alone = diffusion_hazard(adoptions, weights, permutations=19)
    beside = diffusion_hazard(pd.concat([adoptions, early]), with_island, permutations=19)
    pd.testing.assert_frame_equal(alone.coefficients, beside.coefficients)
    assert beside.p_relabelled.equals(alone.p_relabelled)
    assert np.isnan(beside.unit_effects["island"]) or beside.unit_effects["island"] == 0


def test_words_name_ties_errors_and_the_relabelled_maps(adoptions, country_map, weights):
    text = str(fit(adoptions, country_map, weights))
    for words in (
        "ties by Efron",
        "errors of the model",
        "relabelled maps give",
        "Of the deviance explained",
    ):
        assert words in text


@pytest.mark.parametrize(
    ("change", "error", "words"),
    [
        (lambda t: t.rename(columns={"period": "year"}), gi.ColumnError, "no column 'period'"),
        (lambda t: t.iloc[:0], gi.ColumnError, "empty"),
        (lambda t: t.assign(region="nowhere"), gi.AlignmentError, "not in the weights: 'nowhere'"),
        (lambda t: t.assign(period=t["period"].astype(str)), gi.ColumnError, "must be a number"),
        (lambda t: t.assign(period=np.nan), gi.ColumnError, "missing or infinite"),
        (lambda t: t.assign(innovation=None), gi.ColumnError, "'innovation' has no value"),
        (lambda t: pd.concat([t, t.head(1)]), gi.ColumnError, "overlap"),
        (lambda t: t.assign(ended=t["period"]), gi.ColumnError, "no later than they begin"),
        (lambda t: t.assign(period=1), gi.ColumnError, "same value for all regions"),
    ],
)
def test_unsound_adoptions_are_refused(adoptions, weights, change, error, words):
    with pytest.raises(error, match=words):
        diffusion_hazard(change(adoptions), weights)


def test_terms_that_nothing_identifies_are_refused(adoptions, country_map, weights):
    with pytest.raises(gi.ColumnError, match="No two neighbours lie in different countries"):
        diffusion_hazard(adoptions, weights, country=pd.Series("A", country_map.index))
    with pytest.raises(gi.ColumnError, match="must be above zero"):
        diffusion_hazard(adoptions, weights, size=country_map["size"] - 1)
    with pytest.raises(gi.OptionError, match="ties must be one of"):
        diffusion_hazard(adoptions, weights, ties="exact")
    with pytest.raises(gi.OptionError, match="holdout"):
        HazardOptions(holdout=1.0)


def test_adopters_that_are_always_the_most_exposed_have_no_estimate():
    """Down a line of regions, each adopts after its neighbour and no other could be more exposed."""
    names = [f"r{i:02d}" for i in range(8)]
    near = Graph.from_arrays(names[:-1] + names[1:], names[1:] + names[:-1], np.ones(14))
    table = pd.DataFrame({"region": names, "innovation": "x", "period": range(8)})
    with pytest.raises(gi.ColumnError, match="grow without bound"):
        diffusion_hazard(table, near)


def test_a_forecast_of_one_innovation_prints_no_interval_that_is_none(adoptions, weights):
    one = adoptions[adoptions["innovation"] == adoptions["innovation"].iloc[0]]
    found = gi.measure.diffusion_hazard(one, weights, permutations=9)
    assert np.isnan(found.forecast.gain.low)
    assert "no interval, as only one innovation spreads then" in str(found)
    assert "nan" not in str(found)
