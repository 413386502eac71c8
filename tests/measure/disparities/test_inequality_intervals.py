"""Intervals of inequality by the bootstrap of SciPy, and their coverage on known distributions."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from scipy import special, stats

import geoinno as gi


def lognormal(n, seed, sigma=0.5):
    values = np.exp(sigma * np.random.default_rng(seed).normal(size=n))
    return pd.Series(values, [f"r{i:03d}" for i in range(n)])


def mean_difference(x):
    """Return the Gini coefficient as half the relative mean difference."""
    return np.abs(np.subtract.outer(x, x)).mean() / (2 * x.mean())


def test_intervals_are_those_of_scipy():
    values = lognormal(60, 0)
    found = gi.measure.inequality_intervals(values, method="bootstrap", draws=3_000)
    for name, statistic in {
        "gini": mean_difference,
        "variation": stats.variation,
        "theil": lambda x: float((x / x.mean() * np.log(x / x.mean())).mean()),
    }.items():
        theirs = stats.bootstrap(
            (values.to_numpy(),), statistic, n_resamples=3_000, method="BCa", vectorized=False, rng=1
        ).confidence_interval
        assert found.loc[name, "estimate"] == pytest.approx(statistic(values.to_numpy()))
        width = theirs.high - theirs.low
        # Two bootstraps of 3,000 samples differ by a few hundredths of the width.
        assert found.loc[name, "low"] == pytest.approx(theirs.low, abs=0.08 * width)
        assert found.loc[name, "high"] == pytest.approx(theirs.high, abs=0.08 * width)


def test_parts_within_groups_are_named_as_those_of_theil():
    values = lognormal(40, 1)
    country = pd.Series(np.repeat(list("abcd"), 10), values.index, name="country")
    bloc = country.map({"a": "x", "b": "x", "c": "y", "d": "y"}).rename("bloc")
    found = gi.measure.inequality_intervals(values, groups=[bloc, country], draws=199)
    parts = gi.measure.theil(values, groups=[bloc, country]).drop("total")
    assert list(found.index[-3:]) == ["between", "country within bloc", "within"]
    np.testing.assert_allclose(found.loc[parts.index, "estimate"], parts)
    assert (found["low"] <= found["high"]).all()
    assert (found.loc["within", "low"] <= parts["within"]) & (parts["within"] <= found.loc["within", "high"])


def test_no_interval_where_all_are_equal():
    found = gi.measure.inequality_intervals(pd.Series(3.0, list("abcdef")))
    np.testing.assert_allclose(found["estimate"], 0, atol=1e-12)
    assert found[["low", "high"]].isna().all(axis=None)


@pytest.mark.parametrize(
    ("values", "options", "error", "message"),
    [
        (pd.Series([1.0, 2], ["a", "b"]), {}, gi.errors.ColumnError, "at least 5 regions"),
        (pd.Series([1.0, -2] * 3, list("abcdef")), {}, gi.errors.ColumnError, "negative in 'b'"),
        (pd.Series(0.0, list("abcdef")), {}, gi.errors.ColumnError, "zero everywhere"),
        (pd.Series([1.0, 2] * 3, list("abcdef")), {"draws": 10}, gi.errors.OptionError, "at least 99"),
    ],
)
def test_values_without_an_interval_are_refused(values, options, error, message):
    with pytest.raises(error, match=message):
        gi.measure.inequality_intervals(values, **options)


def test_samples_without_anything_to_share_out_are_left_out():
    values = pd.Series([0.0] * 5 + [4.0], list("abcdef"))
    found = gi.measure.inequality_intervals(values, method="bootstrap")
    assert found.loc["gini", "estimate"] == pytest.approx(5 / 6)
    # Without the only region that has anything, there is nothing to share out: no jackknife.
    assert gi.measure.inequality_intervals(values)[["low", "high"]].isna().all(axis=None)
    assert 0 < found.loc["gini", "low"] <= found.loc["gini", "high"] <= 1


def test_the_jackknife_is_that_of_textbooks():
    """Variance and bias as Efron and Tibshirani (1993, chapters 10 and 11) define them, by brute force."""
    values, people = lognormal(12, 2), lognormal(12, 3, sigma=1.0)
    found = gi.measure.inequality_intervals(values, population=people).loc["gini"]
    logit = [special.logit(gi.measure.gini(values.drop(i), population=people.drop(i))) for i in values.index]
    gaps, n = np.mean(logit) - np.array(logit), 12
    centre = special.logit(gi.measure.gini(values, population=people))
    centre -= (n - 1) * (np.mean(logit) - centre)
    error = np.sqrt((n - 1) / n * (gaps**2).sum())
    acceleration = (gaps**3).sum() / (6 * (gaps**2).sum() ** 1.5)  # Efron (1987), equation 7.3
    excess = stats.kurtosis(gaps, bias=False)
    effective = people.sum() ** 2 / (people**2).sum()  # Kish (1965)
    freedom = max(1, effective / n * min(n - 1, 2 / (excess / n + 2 / (n - 1))))
    for end, tail in (("low", 0.025), ("high", 0.975)):
        t = stats.t.ppf(tail, freedom)
        bound = special.expit(centre + error * t / (1 - np.clip(acceleration * t, -0.5, 0.5)))
        assert found[end] == pytest.approx(bound, rel=1e-9)


def test_parts_that_vanish_without_a_region_keep_within_their_range():
    values = pd.Series([1.0, 1.0, 1.0, 2.0, 1.0, 1.0, 1.0, 1.1], list("abcdefgh"))
    country = pd.Series(list("xxxxyyyy"), values.index, name="country")
    found = gi.measure.inequality_intervals(values, groups=country)
    assert ((found["low"] >= 0) & (found["low"] <= found["high"])).all()


def test_an_unknown_method_is_refused():
    with pytest.raises(gi.errors.OptionError, match="method must be one of"):
        gi.measure.inequality_intervals(lognormal(9, 0), method="delta")


def weighted_truth(sigma):
    """The Gini and Theil indices of a lognormal (Aitchison and Brown 1957; Theil 1967)."""
    return {"gini": 2 * special.ndtr(sigma / np.sqrt(2)) - 1, "theil": sigma**2 / 2}


@pytest.mark.slow
@pytest.mark.parametrize(("n", "spread"), [(30, 0.0), (30, 1.0), (100, 0.5)])
def test_intervals_cover_the_indices_of_a_lognormal(n, spread):
    truth, maps = weighted_truth(0.4), 120
    hits = dict.fromkeys(truth, 0)
    for seed in range(maps):
        values = lognormal(n, seed, sigma=0.4)
        people = lognormal(n, seed + 10_000, sigma=spread) if spread else None
        found = gi.measure.inequality_intervals(values, population=people)
        for name, true in truth.items():
            hits[name] += found.loc[name, "low"] <= true <= found.loc[name, "high"]
    # 93 to 97% of 800 maps; three standard errors of 120 maps around it.
    assert all(count / maps >= 0.87 for count in hits.values()), hits
