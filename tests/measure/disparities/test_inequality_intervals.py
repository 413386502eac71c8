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
    found = gi.measure.inequality_intervals(values, draws=3_000)
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
    found = gi.measure.inequality_intervals(values)
    assert found.loc["gini", "estimate"] == pytest.approx(5 / 6)
    assert 0 < found.loc["gini", "low"] <= found.loc["gini", "high"] <= 1


@pytest.mark.slow
def test_intervals_cover_the_gini_of_a_lognormal():
    truth = 2 * special.ndtr(0.5 / np.sqrt(2)) - 1  # Aitchison and Brown (1957)
    bounds = [gi.measure.inequality_intervals(lognormal(100, s), draws=199).loc["gini"] for s in range(150)]
    covered = np.mean([b["low"] <= truth <= b["high"] for b in bounds])
    # At this size BCa intervals cover 90% (400 maps); three standard errors of 150 maps around it.
    assert 0.83 <= covered <= 0.97
