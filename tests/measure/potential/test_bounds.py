"""Bounds of the error of single precision and interpolation, against differences and closed forms."""

from __future__ import annotations

import numpy as np
import pytest

import geoinno as gi
from geoinno._kernels.ellipsoid import AXIS_KM, CHORD_BINS, CHORD_BITS, FIRST_OCTAVE, ROUNDED
from geoinno.measure.potential import _bounds

LOW = np.geomspace(5.0, 4000.0, 12)
DECAYS = {
    "exponential": gi.weigh.exponential(120),
    "exponential_sqrt": gi.weigh.exponential_sqrt(40),
    "power": gi.weigh.power(2.5),
    "tanner": gi.weigh.tanner(0.7, 0.004),
    "offset_power": gi.weigh.offset_power(60, 1.5),
    "gaussian": gi.weigh.gaussian(300),
    "rising tanner": gi.weigh.tanner(-0.6, 0.005),
    "lognormal": gi.weigh.lognormal(0.15),
    "logistic": gi.weigh.logistic(400, 0.01),
}
every_decay = pytest.mark.parametrize("decay", DECAYS.values(), ids=DECAYS)


@every_decay
def test_no_slope_exceeds_its_bound_and_none_is_bounded_far_too_high(decay):
    high = 1.02 * LOW
    bound = np.broadcast_to(_bounds._slope(decay, LOW, high), LOW.shape)
    inside = LOW + np.linspace(0, 1, 9)[:, None] * (high - LOW)
    step = 1e-4 * inside
    slope = np.abs(decay.log(inside + step) - decay.log(inside - step)) / (2 * step)
    assert (slope.max(axis=0) <= bound * (1 + 1e-6)).all()
    if decay.family not in {"logistic", "tanner"}:  # whose bounds leave out what makes them less
        assert (bound <= 1.1 * slope.max(axis=0)).all()


def chords():
    octave, step = np.divmod(np.arange(CHORD_BINS + 1), 1 << CHORD_BITS)
    return np.ldexp(1 + step / (1 << CHORD_BITS), FIRST_OCTAVE + octave)


def test_rounding_is_told_from_the_near_end_of_each_step():
    # Of a power a, -ln f has the slope a / km, so a relative error of km is a times that of the weight.
    chord = chords()
    blurred = _bounds.bounds(gi.weigh.power(2.0), smallest=1e-3)[3, 1:]
    used = (chord[:-1] > 1e-4) & (chord[:-1] < 1)
    low = 2 * np.arcsin(chord[:-1][used] / 2) * AXIS_KM
    np.testing.assert_allclose(blurred[used], ROUNDED * 3.0 / low**2, rtol=0.05)


def test_bounds_of_interpolation_follow_the_fifth_derivative_of_a_gaussian_in_the_plane():
    # In a small disc the error is that of the best polynomial of degree four times what interpolation
    # enlarges: |D5 f| r^5 / (5! 2^4) up to 4.25 times that. D5 of exp(-a d^2) along d is closed.
    half, radius, chord = 1500.0, 0.01, 0.15
    a = np.log(2) / half**2 * AXIS_KM**2
    line = np.linspace(chord - radius, 3 * chord, 2001)
    fifth = -(32 * a**5 * line**5 - 160 * a**4 * line**3 + 120 * a**3 * line) * np.exp(-a * line**2)
    best = np.abs(fifth).max() / (120 * 16)
    column = np.searchsorted(chords(), chord)
    found = _bounds.bounds(gi.weigh.gaussian(half), smallest=1e-3)[4, column]
    assert best < found < 4.25 * 2 * best
