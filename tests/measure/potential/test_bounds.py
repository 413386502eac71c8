"""Bounds of how far off crowds and single precision may be, against differences and closed forms."""

from __future__ import annotations

import numpy as np
import pytest

import geoinno as gi
from geoinno._kernels.ellipsoid import AXIS_KM, CHORD_BINS, CHORD_BITS, FIRST_OCTAVE, ROUNDED, WINDOWS
from geoinno.measure.potential import _bounds

LOW = np.geomspace(5.0, 4000.0, 12)
FALLING = {
    "exponential": gi.weigh.exponential(120),
    "exponential_sqrt": gi.weigh.exponential_sqrt(40),
    "power": gi.weigh.power(2.5),
    "tanner": gi.weigh.tanner(0.7, 0.004),
    "offset_power": gi.weigh.offset_power(60, 1.5),
}
OTHERS = {
    "gaussian": gi.weigh.gaussian(300),
    "rising tanner": gi.weigh.tanner(-0.6, 0.005),
    "lognormal": gi.weigh.lognormal(0.15),
    "logistic": gi.weigh.logistic(400, 0.01),
}


def derivatives(decay, km):
    """Return the first three derivatives of -ln f by central differences of fourth order."""
    step = 0.02 * km
    g = -np.array([decay.log(km + j * step) for j in range(-3, 4)])
    weights = (
        (np.array([-1, 9, -45, 0, 45, -9, 1]) / 60, 1),
        (np.array([2, -27, 270, -490, 270, -27, 2]) / 180, 2),
        (np.array([1, -8, 13, 0, -13, 8, -1]) / 8, 3),
    )
    return [(w[:, None] * g).sum(axis=0) / step**order for w, order in weights]


@pytest.mark.parametrize("decay", FALLING.values(), ids=FALLING)
def test_derivatives_that_fall_with_distance_are_bounded_by_those_at_the_near_end(decay):
    bounds = _bounds._slopes(decay, LOW, 1.02 * LOW)
    for order, (bound, exact) in enumerate(zip(bounds, derivatives(decay, LOW), strict=True)):
        assert (np.abs(bound - np.abs(exact)) <= 2e-3 * np.abs(exact) + 1e-8 * bounds[0] / LOW**order).all()


@pytest.mark.parametrize("decay", [*FALLING.values(), *OTHERS.values()], ids=[*FALLING, *OTHERS])
def test_no_derivative_exceeds_its_bound_and_none_is_bounded_far_too_high(decay):
    high = 1.02 * LOW
    bounds = np.broadcast_arrays(*_bounds._slopes(decay, LOW, high))
    inside = [derivatives(decay, LOW + share * (high - LOW)) for share in np.linspace(0, 1, 9)]
    for order, bound in enumerate(bounds):
        largest = np.max([np.abs(found[order]) for found in inside], axis=0)
        assert (largest <= bound * (1 + 2e-3) + 1e-8 * bounds[0] / LOW**order).all()


def test_bounds_of_crowds_are_those_of_the_closed_form():
    # Of an exponential with rate l the derivatives by the angle are l A, (l A)^2, (l A)^3 times the weight
    # (A is the axis), and the bound of the module's docstring follows by hand.
    decay, widest = gi.weigh.exponential(300), 0.02
    octave, step = np.divmod(np.arange(CHORD_BINS + 1), 1 << CHORD_BITS)
    chord = np.ldexp(1 + step / (1 << CHORD_BITS), FIRST_OCTAVE + octave)
    window = WINDOWS[0]
    found = _bounds._third(decay, chord, window, widest=widest)
    near, far = 2 * np.arcsin(chord[:-1] / 2), 2 * np.arcsin(np.minimum(window * chord[1:] / 2, 1))
    used = (near > 0.01) & (far < 1.5)
    near, far = near[used], far[used]
    slope = np.log(2) / 300 * AXIS_KM
    across = slope**2 / np.sin(near) + slope / np.sin(near) ** 2
    t = np.linspace(0, 1, 4001)[:, None]
    low = _bounds._kilometre_ranges(near)[0]
    # h' = l and h'' = 0, so |f''| <= f l^2, and the third derivative is at most f l^3.
    slant = np.abs(slope**3 * t**3 + 3 * across * t * (1 - t**2)).max(axis=0)
    worst = slant + 6 * widest * (slope**2 + slope / np.sin(near)) + 1.5 * slope
    np.testing.assert_allclose(found[used], 1.1 * decay(low) * worst / 6, rtol=1e-5)


def test_rounding_is_told_from_the_near_end_of_each_step():
    # Of a power a, -ln f has the slope a / km: steepest at the near end; what it weighs grows with km.
    decay = gi.weigh.power(2.0)
    octave, step = np.divmod(np.arange(CHORD_BINS + 1), 1 << CHORD_BITS)
    chord = np.ldexp(1 + step / (1 << CHORD_BITS), FIRST_OCTAVE + octave)
    found = _bounds._rounding(decay, chord)
    used = np.isfinite(found) & (chord[1:] * WINDOWS[-1] < 1)
    low = 2 * np.arcsin(chord[:-1][used] / 2) * AXIS_KM
    high = 2 * np.arcsin(WINDOWS[-1] * chord[1:][used] / 2) * AXIS_KM
    assert used.sum() > 100
    np.testing.assert_allclose(found[used], ROUNDED * (1 + 2.0 / low * high), rtol=0.01)
