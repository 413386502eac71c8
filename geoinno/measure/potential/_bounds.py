"""How far off interpolation and single precision may be, by distance: tables of bounds that the tree reads.

Distances are chords of the unit sphere: the first column is for those below the first power of 2, then there
are 32 steps from each power to the next. The error of interpolating a decay in a disc is measured, at points
all over the disc and for sources in several directions, as no derivative of fifth order has to be bounded
then: bounds by derivatives are ten times too high for most decays.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from geoinno._kernels.disc import COEFFICIENTS, DISC, ORDER, monomials
from geoinno._kernels.ellipsoid import (
    ANTIPODAL_RADII,
    AXIS_KM,
    CHORD_BINS,
    CHORD_BITS,
    FARTHEST,
    FARTHEST_ANTIPODAL,
    FARTHEST_ROUNDED,
    FIRST_OCTAVE,
    FLATTENING,
    RADII,
    ROUNDED,
    WIDEST,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from geoinno._types import Floats
    from geoinno.weigh.decay import Decay

# Covers the ellipsoid, whose distances differ by a 298th from those of the sphere in a way that itself is
# smooth, and what lies between the points and directions that are measured.
_CAUTION = 1.25
# Columns of the table share one measurement of the error: it changes by no more than half between them.
_SHARED = 4
_LN2 = float(np.log(2))
_LARGEST_ROUNDED = 1e30


def bounds(decay: Decay, *, smallest: float) -> Floats:
    """Return the tables for one decay and discs of at least the radius ``smallest``, by step of chord.

    The rows are the greatest weight from here on, the weight at both ends of the step, what rounding to
    single precision may take from here on, and for each radius of the disc (in distances) the greatest
    error from here on, over the fifth power of the radius; the last two are for the side of the antipode.
    """
    octave, step = np.divmod(np.arange(CHORD_BINS + 1), 1 << CHORD_BITS)
    chord = np.ldexp(1 + step / (1 << CHORD_BITS), FIRST_OCTAVE + octave)
    low, high = _kilometre_ranges(2 * np.arcsin(chord / 2))
    low, high = np.append(0, low[:-1]), np.append(high[0], high[1:])
    start, end = np.append(_at_zero(decay), decay(low[1:])), decay(high)
    most = _from_here_on(decay(np.clip(_peak(decay), low, high)) if _peak(decay) > 0 else start)
    blurred = _blurred(decay, low, high)
    blurred[np.append(0, chord[:-1]) > FARTHEST_ROUNDED] = 0.0
    errors = _errors(decay, chord[:-1], smallest=smallest)
    return np.vstack([most, start, end, _from_here_on(blurred), *errors])


def _from_here_on(values: Floats) -> Floats:
    """Return the greatest of each value and those after it."""
    found: Floats = np.maximum.accumulate(values[::-1])[::-1]
    return found


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


def _at_zero(decay: Decay) -> float:
    """Return the weight at 0 km, where it may be zero or infinite."""
    if decay.family == "power" or (decay.family == "tanner" and decay.values[0] > 0):
        return np.inf
    return 0.0 if _peak(decay) > 0 else float(decay(0.0))


def _errors(decay: Decay, chord: Floats, *, smallest: float) -> list[Floats]:
    """Return a row of bounds for each radius in ``RADII`` and ``ANTIPODAL_RADII``, after a first column.

    Discs that are smaller than ``smallest`` need none, and where none is needed the bound is infinite.
    """
    chord = chord[::_SHARED]
    used = chord >= 0.5 * smallest / RADII[-1]
    near = [np.minimum(share * chord, WIDEST) for share in RADII]
    rows = [_ratios(decay, chord, radius, used=used & (chord <= FARTHEST)) for radius in near]
    # The bound of a disc holds for smaller ones, whose error falls with the fifth power at least.
    rows = list(np.maximum.accumulate(rows, axis=0))
    far = [_ratios(decay, chord, radius + 0 * chord, used=chord >= 1) for radius in ANTIPODAL_RADII]
    within = chord <= FARTHEST_ANTIPODAL
    rows += [np.where(within, row, 0.0) for row in np.maximum.accumulate(far, axis=0)]
    unknown = [*[~used] * len(RADII), *[chord < 1] * len(far)]
    rows = [np.where(none, np.inf, _from_here_on(row)) for row, none in zip(rows, unknown, strict=True)]
    return [np.append(np.inf, np.repeat(row, _SHARED)) for row in rows]


def _ratios(decay: Decay, chord: Floats, radius: Floats, *, used: NDArray[np.bool_]) -> Floats:
    """Return the measured errors over the fifth power of the radius, zero where they are not ``used``."""
    found = np.zeros(len(chord))
    found[used] = _CAUTION * measured_errors(decay, chord[used], radius[used]) / radius[used] ** ORDER
    return found


def _samples() -> Floats:
    """Return points of the unit disc, most of them on its rim, where interpolation is worst."""
    rings = [(1.0, 24), (0.85, 15), (0.5, 8)]
    turns = [(radius, 2 * np.pi * (np.arange(count) + 0.5) / count) for radius, count in rings]
    return np.concatenate([r * np.column_stack([np.cos(turn), np.sin(turn)]) for r, turn in turns])


_SAMPLES = _samples()
_DIRECTIONS = np.linspace(0, np.pi, 6)


def measured_errors(decay: Decay, chord: Floats, radius: Floats) -> Floats:
    """Return the greatest error of interpolating the decay in discs with centres so far from a source."""
    at_samples = monomials(*_SAMPLES.T) @ COEFFICIENTS
    worst = np.zeros(len(chord))
    for turn in _DIRECTIONS:
        toward = np.array([np.cos(turn), np.sin(turn)])
        nodes = decay(_from_source(DISC @ toward, chord, radius, square=(DISC**2).sum(axis=1)))
        exact = decay(_from_source(_SAMPLES @ toward, chord, radius, square=(_SAMPLES**2).sum(axis=1)))
        worst = np.maximum(worst, np.abs(exact - nodes @ at_samples.T).max(axis=1))
    return worst


def _from_source(along: Floats, chord: Floats, radius: Floats, *, square: Floats) -> Floats:
    """Return km between a source and points of discs, given in radii along the line of sight, and squared.

    With the centre c and a tangent vector w of length r, a point is w + sqrt(1 - r^2) c, and the source
    sin(a) toward + cos(a) c: the chord from c to it is 2 sin(a / 2).
    """
    sine, versed = chord * np.sqrt(1 - chord**2 / 4), chord**2 / 2
    squares = radius[:, None] ** 2 * square
    lift = squares / (1 + np.sqrt(np.maximum(1 - squares, 0)))
    # 2 - 2 cos of the arc, written so that close by no digits are lost.
    apart = 2 * (versed[:, None] + lift * (1 - versed[:, None]) - radius[:, None] * along * sine[:, None])
    found: Floats = 2 * AXIS_KM * np.arcsin(np.sqrt(np.clip(apart, 0, 4)) / 2)
    return found


def _blurred(decay: Decay, low: Floats, high: Floats) -> Floats:
    """Return how far off weights in single precision are between two distances."""
    top = decay(np.clip(max(_peak(decay), 1e-9), np.maximum(low, 1e-9), high))
    with np.errstate(over="ignore", invalid="ignore"):
        found = ROUNDED * top * (1 + _slope(decay, np.maximum(low, 1e-9), high) * high)
    # What is too large for single precision, with a margin for sums.
    return np.where(top > _LARGEST_ROUNDED, np.inf, np.nan_to_num(found, nan=np.inf))


def _slope(decay: Decay, low: Floats, high: Floats) -> Floats:
    """Return a bound of the first derivative of -ln f between two distances."""
    families: dict[str, Callable[..., Floats]] = {
        "exponential": lambda half: _LN2 / half + 0 * low,
        "gaussian": lambda half: 2 * _LN2 / half**2 * high,
        "exponential_sqrt": lambda half: _LN2 / half**0.5 / (2 * np.sqrt(low)),
        "power": lambda a: a / low,
        "tanner": lambda a, rate: abs(a) / low + rate,
        # With L = ln(c / s), h = g L^2 and h' = 2 g L / c.
        "lognormal": lambda g, s: 2 * g * np.maximum(np.abs(np.log(low / s)), np.abs(np.log(high / s))) / low,
        "logistic": lambda _, k: k + 0 * low,
        "offset_power": lambda half, a: a / (low + half / float(np.expm1(_LN2 / a))),
    }
    return families[decay.family](*decay.values)
