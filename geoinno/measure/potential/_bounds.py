"""How far off a crowd's stand-ins may be, by distance: tables of bounds that the tree reads.

Distances are chords of the unit sphere, 32 steps from each power of 2 to the next. A crowd's
stand-ins share its mass, its centre and its spread, so the Taylor series of the weight around the centre
agrees up to the second order for both. What is left is Taylor's remainder: at most a sixth of the third
derivative times the mean cubed distance from the centre, of the points and of the stand-ins together.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from geoinno._kernels.ellipsoid import (
    AXIS_KM,
    CHORD_BINS,
    CHORD_BITS,
    FARTHEST_ROUNDED,
    FIRST_OCTAVE,
    FLATTENING,
    LEAST_ROUNDED,
    ROUNDED,
    WINDOWS,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from geoinno._types import Floats
    from geoinno.weigh.decay import Decay

    Slopes = tuple[Floats, Floats, Floats]

# The farthest (radians) that the bound of the third derivative reaches: the antipode is singular.
_FARTHEST = 2.6
# Covers the ellipsoid (second order in 1/298) and lengths in the tangent plane (2% at the widest crowd).
_CAUTION = 1.1
_LN2 = float(np.log(2))
# The steepest curvature of the logistic function, 1 / (6 sqrt 3), rounded up.
_LOGISTIC_THIRD = 0.0963


def bounds(decay: Decay, *, widest: float) -> Floats:
    """Return the tables for one decay and crowds of at most the radius ``widest``, by step of chord.

    The rows are the greatest weight from here on, the weight at both ends of the step, the share of it
    that rounding to single precision may take, and the bound of the error for each window.
    """
    octave, step = np.divmod(np.arange(CHORD_BINS + 1), 1 << CHORD_BITS)
    chord = np.ldexp(1 + step / (1 << CHORD_BITS), FIRST_OCTAVE + octave)
    angle = 2 * np.arcsin(chord / 2)
    low, high = _kilometre_ranges(angle)
    peak = np.clip(_peak(decay), low[:-1], high[-1])
    with np.errstate(over="ignore"):  # infinite bounds close by keep crowds from being replaced
        windows = [_third(decay, chord, window, widest=widest) for window in WINDOWS]
    start = decay(low[:-1])
    start[0] *= _peak(decay) == 0  # a decay that rises first starts from 0 km, below the first step
    return np.array([decay(peak), start, decay(high[1:]), _rounding(decay, chord), *windows])


def _kilometre_ranges(angle: Floats) -> tuple[Floats, Floats]:
    """Return the least and most geodesic km between points at these angles of the reduced sphere.

    The ellipsoid stretches an arc of that sphere by something between its polar and its equatorial
    axis; the formula for km may miss by a thousandth close to the antipode.
    """
    slack = np.where(angle > 3.0, 1e-3, 1e-7)  # noqa: PLR2004
    return AXIS_KM * (1 - FLATTENING) * (1 - slack) * angle, AXIS_KM * (1 + slack) * angle


def _peak(decay: Decay) -> float:
    """Return the km at which the weight is highest: it rises up to there and falls beyond."""
    if decay.family == "lognormal":
        return decay.values[1]
    if decay.family == "tanner" and decay.values[0] < 0:
        exponent, rate = decay.values
        return -exponent / rate if rate > 0 else np.inf
    return 0.0


def _third(decay: Decay, chord: Floats, window: float, *, widest: float) -> Floats:
    """Return bounds of the error per cubic radian, for crowds from each chord to ``window`` times the next.

    With s the angle, t the cosine between direction and line of sight, and F1, F2, F3 the derivatives
    by s, the third derivative along a geodesic is g(t) = F3 t^3 + 3 A t (1 - t^2), A = F2 / sin s +
    F1 / sin^2 s (all taken as bounds of their absolute values). On 0..1 it is largest at t = 1, where it
    is F3, or inside, at t^2 = A / (3 A - F3), where it is 2 A sqrt(A / (3 A - F3)); that lies inside where
    F3 < 2 A. What is added is the bend of lines that are straight in the tangent plane, on which points
    and stand-ins share their moments.
    """
    near = 2 * np.arcsin(chord[:-1] / 2)
    far = 2 * np.arcsin(np.minimum(window * chord[1:] / 2, 1))
    low, high = _kilometre_ranges(near)[0], _kilometre_ranges(far)[1]
    top = decay(np.clip(_peak(decay), low, high))
    # With f = e^-h: |f'| <= f h', |f''| <= f (h'^2 + h''), and |D3 f| <= f (h'^3 + 3 h' h'' + D3 h), for each
    # derivative of h a bound of its absolute value.
    one, two, three = _slopes(decay, low, high)
    first, second = one * AXIS_KM, (one**2 + two) * AXIS_KM**2
    third = (one**3 + 3 * one * two + three) * AXIS_KM**3
    # 1 / sin s is largest at the end of the interval that is nearer to 0 or to the antipode.
    inverse = 1 / np.sin(np.where(np.sin(far) < np.sin(near), far, near).clip(max=_FARTHEST))
    across = second * inverse + first * inverse**2
    with np.errstate(invalid="ignore"):  # where it is not used
        slanted = 2 * across * np.sqrt(across / (3 * across - third))
    worst = np.where(third < 2 * across, slanted, third)
    worst = worst + 6 * widest * (second + first * inverse) + 1.5 * first
    return np.where(far <= _FARTHEST, _CAUTION * top * worst / 6, np.inf)


def _rounding(decay: Decay, chord: Floats) -> Floats:
    """Return how far off weights in single precision are, relative to themselves, up to the widest window."""
    far = np.minimum(WINDOWS[-1] * chord[1:], 2)
    low = _kilometre_ranges(2 * np.arcsin(chord[:-1] / 2))[0]
    high = _kilometre_ranges(2 * np.arcsin(far / 2))[1]
    kept = (far <= FARTHEST_ROUNDED) & (decay(high) >= LEAST_ROUNDED)
    return np.where(kept, ROUNDED * (1 + _slopes(decay, low, high)[0] * high), np.inf)


def _slopes(decay: Decay, low: Floats, high: Floats) -> Slopes:
    """Return bounds of the first three derivatives of -ln f between two distances."""
    families: dict[str, Callable[..., Slopes]] = {
        "exponential": lambda half: _power_slopes(low, 0.0, _LN2 / half),
        "gaussian": lambda half: (2 * _LN2 / half**2 * high, 2 * _LN2 / half**2 + 0 * low, 0 * low),
        "exponential_sqrt": lambda half: _root_slopes(low, _LN2 / half**0.5),
        "power": lambda a: _power_slopes(low, a, 0.0),
        "tanner": lambda a, rate: _power_slopes(low, abs(a), rate),
        "lognormal": lambda g, scale: _lognormal_slopes(low, high, g, scale=scale),
        "logistic": lambda _, k: (k + 0 * low, k**2 / 4 + 0 * low, _LOGISTIC_THIRD * k**3 + 0 * low),
        "offset_power": lambda half, a: _power_slopes(low + half / float(np.expm1(_LN2 / a)), a, 0.0),
    }
    return families[decay.family](*decay.values)


def _power_slopes(low: Floats, a: float, rate: float) -> Slopes:
    # h = a ln c + l c: derivatives fall with c, so they are largest at the near end.
    return a / low + rate, a / low**2, 2 * a / low**3


def _root_slopes(low: Floats, rate: float) -> Slopes:
    # h = l sqrt(c): each derivative is the one before times 1 / 2c, 3 / 2c, falling with c.
    one = rate / (2 * np.sqrt(low))
    return one, one / (2 * low), 3 * one / (4 * low**2)


def _lognormal_slopes(low: Floats, high: Floats, g: float, *, scale: float) -> Slopes:
    # With L = ln(c / s), h = g L^2: h' = 2 g L / c, h'' = 2 g (1 - L) / c^2, D3 h = 2 g (2 L - 3) / c^3.
    log = np.maximum(np.abs(np.log(low / scale)), np.abs(np.log(high / scale)))
    return 2 * g * log / low, 2 * g * (1 + log) / low**2, 2 * g * (3 + 2 * log) / low**3
