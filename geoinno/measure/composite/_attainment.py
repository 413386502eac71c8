"""The frontier of what comparable regions reach with such resources, corrected for its bias by bootstrap."""

from __future__ import annotations

import itertools
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from scipy.spatial import ConvexHull

from geoinno._types import LEVEL
from geoinno.measure.composite import _programmes
from geoinno.measure.composite._programmes import Programmes
from geoinno.scale import follow

if TYPE_CHECKING:
    from geoinno._types import Floats

DRAWS = 200
# Resources for which the hull of all that is possible costs less than programmes.
_HULL = 4
# Slopes of facets that count as upright, and shares of a resource by which a region lies outside: rounding.
_FLAT, _OUTSIDE = 1e-12, 1e-9
_IQR = 1.34  # of a normal distribution in standard deviations


@dataclass(frozen=True, slots=True)
class Attainment:
    """What is attainable in one outcome: the estimate by the observed regions, corrected, and its draws."""

    observed: Floats
    corrected: Floats
    draws: Floats

    def interval(self) -> tuple[Floats, Floats]:
        """Return the bounds of the middle 95% of the draws."""
        tail = (1 - LEVEL) / 2
        low, high = np.quantile(self.draws, [tail, 1 - tail], axis=0)
        return low, high

    def probability(self, goal: Floats) -> Floats:
        """Return the share of draws in which each goal is within the frontier; missing where either is."""
        share = (self.draws >= goal * (1 - 1e-9)).mean(axis=0)
        unknown = np.isnan(goal) | np.isnan(self.observed)
        return np.where(unknown, np.nan, share)


def frontier(outcome: Floats, used: Floats, available: Floats) -> Floats:
    """Return the most of an outcome that means of regions give which use no more of any resource.

    max sum l_j y_j subject to sum l_j r_j <= r_i, sum l_j = 1, l >= 0: output-oriented, with variable
    returns to scale (Banker, Charnes and Cooper 1984). Missing where even the smallest users need more.
    """
    scale = np.maximum(used.max(axis=0), np.finfo(float).tiny)
    top = max(float(outcome.max()), np.finfo(float).tiny)
    solve = _by_hull if used.shape[1] <= _HULL else _by_programmes
    return top * solve(outcome / top, used / scale, available / scale)


def _by_hull(outcome: Floats, used: Floats, available: Floats) -> Floats:
    """Return the frontier from the facets of the hull of all that is possible.

    What is possible is the hull of the regions and of all that uses more or reaches less. Its programmes
    differ in their limits alone, and each optimum lies on the lowest of the facets above: the hull, found
    once, answers all of them, a hundred times faster than so many programmes.
    """
    count = used.shape[1]
    far = 2 * np.maximum(1.0, available.max(axis=0))
    places = [np.where(list(raised), far, used) for raised in itertools.product((False, True), repeat=count)]
    corners = np.vstack(places)
    reached = np.tile(outcome, len(places))
    possible = np.vstack([np.c_[corners, reached], np.c_[corners, np.full(len(corners), -1.0)]])
    facets = ConvexHull(_different(possible)).equations
    slope, height, offset = facets[:, :count], facets[:, count], facets[:, count + 1]
    above, sides = height > _FLAT, np.abs(height) <= _FLAT
    levels = -(available @ slope[above].T + offset[above]) / height[above]
    outside = (available @ slope[sides].T + offset[sides]).max(axis=1) > _OUTSIDE
    return np.where(outside, np.nan, levels.min(axis=1))


def _different(rows: Floats) -> Floats:
    """Return the different rows in order, as ``numpy.unique`` does by row in three times the time."""
    ordered = rows[np.lexsort(rows.T[::-1])]
    new: Floats = ordered[np.append(True, (ordered[1:] != ordered[:-1]).any(axis=1))]
    return new


def _by_programmes(outcome: Floats, used: Floats, available: Floats) -> Floats:
    """Return the frontier from a linear programme for each region, where a hull has too many dimensions."""
    rows = _programmes.undominated(np.column_stack([-used, outcome]))
    one = np.ones((1, len(rows)))
    shared = np.concatenate([used[rows].T, one, -one])
    count = len(available)
    own = np.broadcast_to(shared, (count, *shared.shape))
    ones = np.ones((count, 1))
    limit = np.concatenate([available * (1 + 1e-12), ones, -ones], axis=1)
    gain = np.broadcast_to(outcome[rows], (count, len(rows)))
    none = np.empty((0, len(rows)))
    return _programmes.maxima(Programmes(gain, none, np.empty(0), own, limit)).value


def attainment(outcome: Floats, used: Floats, available: Floats, *, seed: int) -> Attainment:
    """Return the frontier corrected for bias by the smoothed bootstrap of Simar and Wilson (1998).

    The best regions seen are not the best there could be, so that the frontier is too low. Each draw lowers
    every region from the frontier by an efficiency drawn from a smooth density of those seen (reflected at 1,
    so that none is above), and the frontier falls again by about as much as it had from the true one.
    """
    # The true frontier falls nowhere as resources grow. One corrected point by point may, as the correction
    # is largest at the edge of the data: what is attainable with less remains so with more.
    grown = bool((available >= used).all() and (available > used).any())
    places = np.vstack([available, used]) if grown else available
    at_home = frontier(outcome, used, used)
    observed = frontier(outcome, used, places)
    efficiency = np.divide(outcome, at_home, out=np.ones_like(outcome), where=at_home > 0)
    width = bandwidth(efficiency)
    random = np.random.default_rng(seed)
    draws = np.empty((DRAWS, len(places)))
    for draw in follow(range(DRAWS), "Draw"):
        pseudo = at_home * smoothed(efficiency, width, random)
        draws[draw] = 2 * observed - frontier(pseudo, used, places)
    if grown:
        draws = np.maximum(*np.split(draws, 2, axis=1))
    return Attainment(observed[: len(available)], draws.mean(axis=0), draws)


def bandwidth(efficiency: Floats) -> float:
    """Return Silverman's width for efficiencies reflected at 1, for n and not for 2 n values.

    Those on the frontier are left out: their mass at 1 comes from the estimate (Simar and Wilson 2008).
    """
    inside = efficiency[efficiency < 1 - 1e-9]
    if len(inside) == 0:
        return 0.0
    mirrored = np.concatenate([inside, 2 - inside])
    quarter, three = np.quantile(mirrored, [0.25, 0.75])
    spread = min(float(mirrored.std(ddof=1)), float(three - quarter) / _IQR)
    width = 0.9 * spread * len(mirrored) ** -0.2
    return width * 2**0.2 * float(efficiency.std(ddof=1) / mirrored.std(ddof=1))


def smoothed(efficiency: Floats, width: float, random: np.random.Generator) -> Floats:
    """Return efficiencies drawn from their smoothed density, with the mean and variance of those seen."""
    drawn = random.choice(efficiency, size=len(efficiency))
    moved = drawn + width * random.standard_normal(len(drawn))
    moved = np.where(moved > 1, 2 - moved, moved)
    variance = float(efficiency.var())
    if variance == 0:
        return drawn
    middle = drawn.mean()
    shrunk = middle + (moved - middle) / np.sqrt(1 + width**2 / variance)
    answer: Floats = np.clip(shrunk, 1e-6, 1.0)
    return answer
