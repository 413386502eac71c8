"""Noise placebo: the covariance that is fitted, the fields that are drawn, and what is refused."""

from __future__ import annotations

import dataclasses

import geopandas
import numpy as np
import pandas as pd
import pytest
from scipy import linalg

import geoinno as gi
from geoinno.measure._inference._gaussian import SMOOTH, Covariance, dense, nearest
from geoinno.measure._inference.noise import noise_p, simulate_noise


def scattered(count, *, seed=1):
    random = np.random.default_rng(seed)
    points = geopandas.points_from_xy(random.uniform(0, 20, count), random.uniform(40, 55, count))
    return geopandas.GeoDataFrame(geometry=points, index=[f"r{i}" for i in range(count)], crs=4326)


def layout(regions, make=dense):
    return make(gi.measure._geodesy.ellipsoid.unit_vectors(*gi.weigh.places(regions).to_numpy().T))


def field(regions, covariance, *, seed=2, count=1):
    noise = np.random.default_rng(seed).standard_normal((len(regions), count))
    return layout(regions).coloured(noise, covariance)


def t_values(x, outcomes):
    """Return the t of the slope of each outcome (columns) on x."""
    centred = x - x.mean()
    rest = outcomes - outcomes.mean(axis=0)
    slope = centred @ rest / (centred @ centred)
    left = rest - np.outer(centred, slope)
    return slope / np.sqrt((left**2).sum(axis=0) / (len(x) - 2) / (centred @ centred))


@pytest.fixture(scope="module")
def places():
    return scattered(120)


@pytest.fixture(scope="module")
def rough(places):
    return pd.Series(field(places, Covariance(150.0, 0.1))[:, 0], places.index, name="rough")


def test_fields_have_the_covariance_that_they_are_drawn_from(places):
    covariance = Covariance(200.0, 0.2, SMOOTH)
    drawn = field(places, covariance, count=20_000)
    ratio = gi.weigh.distances(places).to_numpy() / 200
    expected = 0.8 * (1 + ratio) * np.exp(-ratio) + 0.2 * np.eye(len(places))
    # The standard error of a covariance over 20,000 draws is at most sqrt(2 / 20,000) = .01.
    np.testing.assert_allclose(drawn @ drawn.T / 20_000, expected, atol=0.05)


@pytest.mark.parametrize("smoothness", [0.5, 1.5])
def test_neighbours_stand_in_for_all_pairs(smoothness):
    regions = scattered(300)
    covariance = Covariance(300.0, 0.05, smoothness)
    columns = field(regions, covariance, count=3)
    exact, determinant = layout(regions).whitened(columns, covariance)
    near, approximate = layout(regions, nearest).whitened(columns, covariance)
    assert approximate == pytest.approx(determinant, abs=0.02 * len(regions))
    np.testing.assert_allclose((near**2).sum(axis=0), (exact**2).sum(axis=0), rtol=0.03)
    noise = np.random.default_rng(3).standard_normal((300, 2_000))
    drawn = layout(regions, nearest).coloured(noise, covariance)
    lower = layout(regions).factor(covariance)
    # The fields, whitened with the exact factor, are nearly independent: their spectrum is that of noise.
    free = linalg.solve_triangular(lower, drawn, lower=True)
    assert (free**2).mean() == pytest.approx(1, abs=0.03)


def test_whitening_and_colouring_undo_each_other():
    regions, covariance = scattered(200), Covariance(100.0, 0.1)
    noise = np.random.default_rng(0).standard_normal((200, 5))
    for make in (dense, nearest):
        placed = layout(regions, make)
        np.testing.assert_allclose(
            placed.whitened(placed.coloured(noise, covariance), covariance)[0], noise, atol=1e-8
        )


def test_the_likelihood_is_that_of_the_closed_form(places, rough):
    """REML of Harville (1974), written out with inverses: minus twice it, but for a constant."""
    from geoinno.measure._inference.noise import _Search

    design = np.column_stack([np.ones(120), gi.weigh.places(places)["lat"]])
    design = np.linalg.qr(design)[0]
    search = _Search(layout(places), np.column_stack([design, rough]), 2000.0, 0.5)

    km = gi.weigh.distances(places).to_numpy()

    def closed(covariance):
        matrix = (1 - covariance.nugget) * np.exp(-km / covariance.scale_km)
        np.fill_diagonal(matrix, 1.0)
        inverse = np.linalg.inv(matrix)
        middle = design.T @ inverse @ design
        weight = inverse - inverse @ design @ np.linalg.inv(middle) @ design.T @ inverse
        y = rough.to_numpy()
        logs = np.linalg.slogdet(matrix)[1] + np.linalg.slogdet(middle)[1]
        return 0.5 * ((len(y) - 2) * np.log(y @ weight @ y) + logs)

    for point in map(np.array, ([-2.0, -1.0], [-3.0, 0.5], [0.0, -4.0])):
        assert search.loss(point) == pytest.approx(closed(search.covariance(point)), rel=1e-6)


def test_the_range_is_found():
    """Planted: an exponential with a scale of 100 km, which falls to .05 (with a nugget of .1) at 289 km."""
    regions = scattered(400)
    found = [
        simulate_noise(
            pd.Series(field(regions, Covariance(100.0, 0.1), seed=s)[:, 0], regions.index), regions, draws=1
        )
        for s in range(3)
    ]
    assert np.median([f.range_km for f in found]) == pytest.approx(-100 * np.log(0.05 / 0.9), rel=0.35)
    assert np.median([f.nugget for f in found]) == pytest.approx(0.1, abs=0.15)


def test_noise_without_correlation_has_no_range(places):
    values = pd.Series(np.random.default_rng(8).normal(size=120), places.index)
    assert gi.measure.noise_placebo(lambda v: v.skew(), values, places, draws=19).range_km < 100


def test_an_effect_is_found_and_noise_is_not_taken_for_one(places):
    x = field(places, Covariance(150.0, 0.1), seed=5)[:, 0]
    y = field(places, Covariance(150.0, 0.1), seed=6)[:, 0]
    terms = pd.DataFrame({"x": x}, places.index)

    def t(values):
        return t_values(x, values.to_numpy()[:, None])[0]

    planted = gi.measure.noise_placebo(t, pd.Series(y + 1.5 * x, places.index), places, regressors=terms)
    assert planted.p <= 0.01
    assert "lies beyond what maps of noise give" in str(planted)
    nothing = gi.measure.noise_placebo(t, pd.Series(y, places.index), places, regressors=terms)
    assert nothing.p > 0.05
    assert "is no more than what maps of noise give" in str(nothing)


def test_units_and_crs_change_nothing(places, rough):
    def alike(values, regions):
        return gi.measure.noise_placebo(lambda v: v.autocorr() / 1, values, regions, draws=99)

    here = alike(rough, places)
    for there in (
        alike(1e200 * rough, places),
        alike(1e-200 * rough, places),
        alike(rough, places.to_crs(3035)),
    ):
        assert there.p == here.p
        assert there.range_km == pytest.approx(here.range_km, rel=1e-3)


def test_a_column_name_will_do(places, rough):
    named = places.assign(rough=rough)
    here = gi.measure.noise_placebo(lambda v: v.skew(), rough, places, draws=49)
    assert gi.measure.noise_placebo(lambda v: v.skew(), "rough", named, draws=49) == here


def test_results_repeat_and_follow_the_seed(places, rough):
    once, twice, other = (
        gi.measure.noise_placebo(lambda v: v.kurt(), rough, places, draws=99, seed=s) for s in (0, 0, 1)
    )
    assert once == twice
    assert dataclasses.replace(other, seed=0) != once


def test_places_at_one_point_share_their_noise():
    regions = geopandas.GeoDataFrame(pd.concat([scattered(40), scattered(40).rename(index="{}b".format)]))
    values = pd.Series(np.random.default_rng(1).normal(size=80), regions.index)
    values[40:] = values[:40].to_numpy() + 1e-3 * values[40:].to_numpy()
    drawn = simulate_noise(values, regions, draws=200).fields
    assert np.corrcoef(drawn[0], drawn[40])[0, 1] > 0.99


def test_what_has_no_answer_is_refused(places, rough):
    def placebo(values, regions=places, **options):
        return gi.measure.noise_placebo(lambda v: v.mean(), values, regions, **options)

    with pytest.raises(gi.errors.ColumnError, match="no value in 'r3'"):
        placebo(rough.where(rough.index != "r3"))
    with pytest.raises(gi.errors.ColumnError, match="same value in every region"):
        placebo(0 * rough)
    with pytest.raises(gi.errors.ColumnError, match="at least 10 regions more than terms; there are 8"):
        placebo(rough[:8], places[:8])
    with pytest.raises(gi.errors.ColumnError, match="same value in every region"):
        placebo(rough[:1], places[:1])
    with pytest.raises(gi.errors.ColumnError, match="one place"):
        placebo(rough, places.set_geometry(geopandas.points_from_xy([5] * 120, [50] * 120), crs=4326))
    with pytest.raises(gi.errors.ColumnError, match="down to rounding"):
        placebo(rough, regressors=pd.DataFrame({"same": 2 * rough}))
    with pytest.raises(gi.errors.AlignmentError, match="regressors"):
        placebo(rough, regressors=pd.DataFrame({"x": rough[1:]}))
    with pytest.raises(gi.errors.OptionError, match="draws"):
        placebo(rough, draws=3)


def test_a_statistic_that_is_no_number_has_no_p(places, rough):
    with pytest.raises(gi.errors.OptionError, match="function of a Series"):
        gi.measure.noise_placebo("mean", rough, places)
    with pytest.raises(gi.errors.ColumnError, match="has no p-value"):
        gi.measure.noise_placebo(lambda _: np.nan, rough, places)
    with pytest.raises(gi.errors.ColumnError, match="take logarithms before the call"):
        gi.measure.noise_placebo(lambda v: v.median() if v.min() > 0 else np.nan, rough**2 + 1e-3, places)
    with pytest.raises(gi.errors.OptionError, match="one number; it returned 2"):
        gi.measure.noise_placebo(lambda v: v.to_numpy()[:2], rough, places)


def test_a_p_value_counts_both_tails():
    drawn = np.arange(1.0, 100.0)
    assert noise_p(200.0, drawn) == pytest.approx(2 / 100)
    assert noise_p(-5.0, drawn) == pytest.approx(2 / 100)
    assert noise_p(50.0, drawn) == 1.0


def test_large_maps_need_no_pairs():
    """Beyond three thousand places neighbours alone are looked at."""
    regions = scattered(3_001)
    values = pd.Series(np.random.default_rng(0).normal(size=3_001), regions.index)
    drawn = simulate_noise(values, regions, draws=50)
    assert drawn.fields.shape == (3_001, 50)
    assert drawn.fields.std() == pytest.approx(1, abs=0.05)
