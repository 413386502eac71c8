"""Decay: human terms, closed forms against numerical integration, shapes, and what is refused."""

from __future__ import annotations

import dataclasses
import pickle
from itertools import pairwise

import numpy as np
import pandas as pd
import pytest
from scipy.integrate import quad

import geoinno as gi

DECAYS = [
    gi.weigh.exponential(80),
    gi.weigh.exponential_sqrt(80),
    gi.weigh.gaussian(80),
    gi.weigh.power(0.7),
    gi.weigh.power(1.6),
    gi.weigh.tanner(0.5, 0.01),
    gi.weigh.tanner(1.5, 0.002),
    gi.weigh.tanner(-1.3, 0.02),
    gi.weigh.tanner(0, 0.02),
    gi.weigh.tanner(0.8, 0),
    gi.weigh.lognormal(0.05),
    gi.weigh.lognormal(0.4),
    gi.weigh.logistic(80, 0.05),
    gi.weigh.logistic(80, 2),
    gi.weigh.logistic(5, 0.01),
    gi.weigh.offset_power(80, 0.4),
    gi.weigh.offset_power(80, 1),
    gi.weigh.offset_power(80, 2),
    gi.weigh.offset_power(30, 7),
]
every_decay = pytest.mark.parametrize("decay", DECAYS, ids=repr)


def mean_in_disc(decay, radius):
    """Integrate 2 / R^2 int_0^R f(r) r dr numerically, in pieces that keep the steep parts apart."""
    kinks = [1e-6, 1e-3, 0.1, 1, 3, 10, 40, 76, 78, 79, 80, 81, 82, 84, 120, 300, 1000]
    edges = [0, *(k for k in kinks if k < radius), radius]
    weight = type(decay).__call__
    pieces = [
        quad(lambda r: weight(decay, r) * r if r else 0.0, a, b, epsabs=0, epsrel=1e-11, limit=200)[0]
        for a, b in pairwise(edges)
    ]
    return 2 / radius**2 * sum(pieces)


@pytest.mark.parametrize("decay", [d for d in DECAYS if d.half is not None], ids=repr)
def test_the_weight_at_half_is_half_of_that_at_zero(decay):
    assert decay(decay.half) == pytest.approx(decay(0.0) / 2, rel=1e-12)


@pytest.mark.parametrize(
    ("decay", "half"),
    [
        (gi.weigh.exponential(50), 50),
        (gi.weigh.gaussian(50), 50),
        (gi.weigh.offset_power(50, 3), 50),
        (gi.weigh.exponential_sqrt(50), 50),
        (gi.weigh.tanner(0, np.log(2) / 50), 50),
        (gi.weigh.power(1), None),
        (gi.weigh.tanner(1, 0.1), None),
        (gi.weigh.lognormal(1), None),
    ],
    ids=repr,
)
def test_the_half_distance_is_the_one_asked_for_or_none(decay, half):
    assert decay.half == pytest.approx(half)


@every_decay
@pytest.mark.parametrize("radius", [0.02, 1.0, 13.0, 79.0, 160.0, 900.0])
def test_the_weight_at_home_is_the_mean_over_the_disc(decay, radius):
    assert decay.at_home(radius) == pytest.approx(mean_in_disc(decay, radius), rel=1e-8)


@every_decay
def test_home_is_continuous_where_the_formula_changes(decay):
    # Logistic turns at steepness * R = 1, offset power at R = c0; R from 0.3 to 3,000 crosses both.
    radius = np.geomspace(0.3, 3000, 4000)
    home = decay.at_home(radius)
    jumps = np.diff(np.log(home), 2)
    assert np.abs(np.diff(jumps)).max() < 1e-4
    assert home == pytest.approx([decay.at_home(float(r)) for r in radius[:3]] + list(home[3:]), rel=1e-14)


@pytest.mark.parametrize("decay", [d for d in DECAYS if d.half is not None], ids=repr)
def test_a_region_without_extent_has_the_weight_at_zero(decay):
    assert decay.at_home(0.0) == pytest.approx(decay(0.0))
    assert decay.at_home(1e-9) == pytest.approx(decay(0.0), rel=1e-4)


def test_formulas_are_those_of_the_literature():
    km = np.array([0.5, 1.0, 20.0, 300.0])
    rate = np.log(2) / 80
    np.testing.assert_allclose(gi.weigh.exponential(80)(km), np.exp(-rate * km), rtol=1e-13)
    np.testing.assert_allclose(gi.weigh.power(1.3)(km), km**-1.3)
    spread = 80 / np.sqrt(2 * np.log(2))
    np.testing.assert_allclose(gi.weigh.gaussian(80)(km), np.exp(-(km**2) / 2 / spread**2), rtol=1e-12)
    np.testing.assert_allclose(gi.weigh.tanner(0.4, 0.01)(km), km**-0.4 * np.exp(-0.01 * km))
    np.testing.assert_allclose(gi.weigh.lognormal(0.2)(km), np.exp(-0.2 * np.log(km) ** 2))
    np.testing.assert_allclose(gi.weigh.logistic(60, 0.1)(km), 1 / (1 + np.exp(0.1 * (km - 60))))
    c0 = 80 / (2 ** (1 / 1.7) - 1)
    np.testing.assert_allclose(gi.weigh.offset_power(80, 1.7)(km), (1 + km / c0) ** -1.7)
    rate = np.log(2) / np.sqrt(80)
    np.testing.assert_allclose(gi.weigh.exponential_sqrt(80)(km), np.exp(-rate * np.sqrt(km)))


def test_the_answer_has_the_shape_of_the_question():
    decay = gi.weigh.exponential(100)
    table = pd.DataFrame([[0, 100], [200, 0]], index=["a", "b"], columns=["a", "b"])
    halves = pd.DataFrame([[1, 0.5], [0.25, 1]], index=["a", "b"], columns=["a", "b"])
    pd.testing.assert_frame_equal(decay(table), halves)
    column = pd.Series([100.0, 200.0], index=["x", "y"], name="km")
    pd.testing.assert_series_equal(decay(column), pd.Series([0.5, 0.25], index=["x", "y"], name="km"))
    assert isinstance(decay(100), float)
    assert decay(np.zeros((2, 0, 3))).shape == (2, 0, 3)
    assert isinstance(decay.at_home(10), float)
    assert list(decay.at_home(column).index) == ["x", "y"]


def test_a_decay_is_a_frozen_value():
    decay = gi.weigh.tanner(1, 0.01)
    assert decay == gi.weigh.tanner(1.0, 0.01) != gi.weigh.tanner(1, 0.02)
    assert hash(decay) == hash(pickle.loads(pickle.dumps(decay)))
    assert decay.parameters == {"exponent": 1, "rate": 0.01}
    assert decay.family == "tanner"
    assert repr(decay) == "tanner(exponent=1, rate=0.01)"
    with pytest.raises(dataclasses.FrozenInstanceError):
        decay.family = "power"


@pytest.mark.parametrize("km", [-1.0, np.nan, np.inf, np.array([3.0, -2.0])], ids=repr)
@every_decay
def test_distances_that_are_none_raise(decay, km):
    with pytest.raises(gi.errors.ColumnError, match="km must be finite and zero or more"):
        decay(km)
    with pytest.raises(gi.errors.ColumnError, match="radius_km must be"):
        decay.at_home(km)


@pytest.mark.parametrize("decay", [gi.weigh.power(1), gi.weigh.tanner(0.5, 0.1)], ids=repr)
def test_a_decay_without_end_at_zero_names_the_way_out(decay):
    with pytest.raises(gi.errors.ColumnError, match=r"infinite at 0 km.*at_home"):
        decay(np.array([0.0, 5.0]))
    with pytest.raises(gi.errors.ColumnError, match=r"infinite at radius 0.*offset_power"):
        decay.at_home(0.0)


@pytest.mark.parametrize("decay", [gi.weigh.power(2), gi.weigh.tanner(2.5, 0.1)], ids=repr)
def test_a_steep_power_has_no_mean_at_home(decay):
    with pytest.raises(gi.errors.ColumnError, match=r"exponent 2 or more.*offset_power"):
        decay.at_home(10.0)


@pytest.mark.parametrize("half", [0, -5, np.nan, np.inf, "80", True], ids=repr)
@pytest.mark.parametrize("name", ["exponential", "exponential_sqrt", "gaussian"])
def test_a_half_distance_must_be_positive(name, half):
    with pytest.raises(gi.errors.OptionError, match="half_km must be"):
        getattr(gi.weigh, name)(half)


def test_other_parameters_are_checked_by_name():
    with pytest.raises(gi.errors.OptionError, match="exponent must be"):
        gi.weigh.power(-1)
    with pytest.raises(gi.errors.OptionError, match="rate must be"):
        gi.weigh.tanner(1, -0.1)
    with pytest.raises(gi.errors.OptionError, match="exponent must be"):
        gi.weigh.tanner("one", 1)
    with pytest.raises(gi.errors.OptionError, match="does not decay"):
        gi.weigh.tanner(0, 0)
    with pytest.raises(gi.errors.OptionError, match="steepness must be"):
        gi.weigh.logistic(10, 0)
    with pytest.raises(gi.errors.OptionError, match="family must be one of"):
        gi.weigh.Decay("linear", (1.0,))
