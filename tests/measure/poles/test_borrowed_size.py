"""Borrowed size: planted elasticities, and least squares by another package."""

from __future__ import annotations

import warnings
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest

import geoinno as gi
from geoinno.measure.poles.borrowed_size import _by_region


@pytest.fixture(scope="module")
def place(central_asia):
    regions = central_asia.regions
    random = np.random.default_rng(3)
    size = regions["city_population"].astype(float)
    decay = gi.weigh.exponential(200)
    parts = gi.measure.market_potential(size, regions, decay=decay, country="country")
    made = 0.1 * size**0.9 * parts["domestic"] ** 0.3 * parts["foreign"] ** -0.2
    functions = made * np.exp(random.normal(0, 0.2, len(size)))
    return regions, size, functions.rename("functions"), decay, parts


@pytest.mark.oracle
def test_estimates_are_those_of_pyfixest(place):
    regions, size, functions, decay, parts = place
    ours = gi.measure.borrowed_size(functions, size, regions, decay=decay, country="country").coefficients
    table = pd.DataFrame(
        {
            "y": np.log(functions),
            "s": np.log(size),
            "home": np.log(parts["domestic"]),
            "away": np.log(parts["foreign"]),
        }
    )
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        import pyfixest

        theirs = pyfixest.feols(
            "y ~ s + home + away", table, vcov="HC3", ssc=pyfixest.ssc(k_adj=False)
        ).tidy()
    np.testing.assert_allclose(ours["estimate"], theirs["Estimate"], rtol=1e-6)
    np.testing.assert_allclose(ours["se"], theirs["Std. Error"], rtol=1e-6)


def test_planted_elasticities_lie_in_their_intervals(place):
    regions, size, functions, decay, _ = place
    found = gi.measure.borrowed_size(functions, size, regions, decay=decay, country="country")
    table = found.coefficients
    for name, truth in {"size": 0.9, "domestic_potential": 0.3, "foreign_potential": -0.2}.items():
        assert table.loc[name, "low"] < truth < table.loc[name, "high"]
    assert "elasticities" in str(found)
    assert table["p_noise"].drop("constant").le(0.05).all()
    assert pd.isna(table.loc["constant", "p_noise"])
    assert found.table.index.equals(functions.index)


def test_own_instruments_change_nothing(place):
    regions, size, functions, decay, _ = place
    plain = gi.measure.borrowed_size(functions, size, regions, decay=decay, country="country")
    same = gi.measure.borrowed_size(functions, size, regions, decay=decay, country="country", instrument=size)
    np.testing.assert_allclose(plain.coefficients["estimate"], same.coefficients["estimate"], rtol=1e-8)
    assert same.instrumented


def test_one_outlier_borrows(place):
    regions, size, functions, decay, parts = place
    one = functions.copy()
    central = parts["domestic"].idxmax()
    one[central] *= 20
    found = gi.measure.borrowed_size(one, size, regions, decay=decay, country="country").table
    assert found.loc[central, "label"] == "borrowing"
    assert (found["label"] == "as expected").sum() >= 45


def test_zeros_are_left_out_and_too_few_refused(place):
    regions, size, functions, decay, _ = place
    some = functions.where(np.arange(48) % 3 > 0, 0.0)
    found = gi.measure.borrowed_size(some, size, regions, decay=decay)
    assert found.n == 32
    assert found.table["label"].isna().sum() == 16
    with pytest.raises(gi.errors.ColumnError, match="too few to fit"):
        gi.measure.borrowed_size(functions.where(np.arange(48) < 4, 0.0), size, regions, decay=decay)
    alone = regions["country"].where(regions.index != "KAZ-4829", "ALM")
    with pytest.raises(gi.errors.ColumnError, match="domestic potential is zero in 'KAZ-4829'"):
        gi.measure.borrowed_size(functions, size, regions, decay=decay, country=alone)


@pytest.mark.slow
def test_smooth_noise_borrows_no_size(north_america):
    # Independent errors find effects in far more than 5% of maps, the placebo does not.
    regions = north_america.regions.query("country == 'USA'")
    regions = regions[~regions["name"].isin(["Alaska", "Hawaii"])]
    km = gi.weigh.distances(regions).to_numpy()
    factor = np.linalg.cholesky(np.exp(-km / 500) + 1e-9 * np.eye(len(km)))
    random = np.random.default_rng(5)
    size = regions["city_population"].astype(float)
    found = []
    for _ in range(40):
        noise = pd.Series(np.exp(factor @ random.normal(size=len(km))), regions.index, name="noise")
        answer = gi.measure.borrowed_size(noise, size, regions, decay=gi.weigh.exponential(300), draws=99)
        found.append(answer.coefficients.loc["domestic_potential", ["p", "p_noise"]].astype(float) <= 0.05)
    plain, placebo = np.mean(found, axis=0)
    assert plain > 0.2
    assert placebo < 0.14


def test_small_residuals_below_zero_are_shadows_not_borrowing():
    ids = pd.Index(list("abcd"))
    fit = SimpleNamespace(
        residuals=np.array([0.2, -0.2, 0.2, -0.2]), outlier_p=np.array([0.001, 0.001, 0.9, 0.001])
    )
    potential = pd.Series([3.0, 3.0, 3.0, -9.0], ids)
    table = _by_region(fit, potential, np.ones(4, dtype=bool))
    assert table["label"].to_list() == ["borrowing", "shadow", "as expected", "as expected"]
