"""Poles followed over growing reaches, and how they come out where masses and reach vary a little."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from geoinno.measure.poles import _summits, _terrain
from geoinno.scale import follow

if TYPE_CHECKING:
    from geoinno._types import Bools, Floats, Ints
    from geoinno.measure.poles._summits import Summits
    from geoinno.measure.poles._terrain import Terrain


@dataclass(frozen=True, slots=True)
class PoleSpec:
    """The least prominence of a pole, its least mass as a share of the mean region's, and the draws."""

    least_prominence: float
    least_mass: float
    draws: int
    noise: float
    seed: int


@dataclass(frozen=True, slots=True, eq=False)
class Poles:
    """Summits at the base reach, which of them are poles, and for how many further reaches each leads."""

    summits: Summits
    pole: Bools
    steps: Ints


@dataclass(frozen=True, slots=True, eq=False)
class Perturbed:
    """Draws (rows) by region: whether it is a pole, its prominence, its reach in km and over the base."""

    pole: Bools
    prominence: Floats
    reach_km: Floats
    reach_ratio: Floats


def reach_count(reach: float, land: Terrain) -> int:
    """Return how many reaches, each 2^(1/4) times the one before, stay within half of the map's extent."""
    half = _terrain.extent_km(land) / 2
    return 1 + max(0, int(np.floor(_terrain.STEPS * np.log2(half / reach) + 1e-9))) if half > 0 else 1


def track(mass: Floats, land: Terrain, potential: Floats, *, spec: PoleSpec) -> Poles:
    """Return the poles at the first reach (row of ``potential``), and how far each can be followed.

    At each next reach, a summit belongs to the pole in whose catchment it lies at the present one: the
    regions that rise to the pole's summits, directly or over lesser summits that yield to them. A pole ends
    where its catchment holds no summit; the summit itself may drift, so that what is followed is the pole
    and not the place that is highest at the time. Where a second summit arises in a catchment, both are
    the pole's: which of them is higher may change later, and if only the higher were followed, the reach
    would depend on whether that happens within a step or between two.
    """
    base = _summits.summits(potential[0], land)
    chosen = _summits.major(base, potential[0], least=spec.least_prominence)
    pole = chosen & (mass >= spec.least_mass * mass.mean())
    steps = np.zeros(len(mass), np.int64)
    holder = np.where(pole, np.arange(len(mass)), -1)  # at the place of each summit: whose it is
    lead = base.lead(chosen)
    for k in range(1, len(potential)):
        found = _summits.summits(potential[k], land)
        chosen = _summits.major(found, potential[k], least=spec.least_prominence)
        tops = np.flatnonzero(chosen)
        owner = np.where(lead[tops] < 0, -1, holder[lead[tops]])
        if (owner < 0).all():
            break
        steps[owner[owner >= 0]] = k
        holder = np.full(len(mass), -1)
        holder[tops] = owner
        lead = found.lead(chosen)
    return Poles(base, pole, steps)


def perturb(mass: Floats, land: Terrain, *, reach: float, spec: PoleSpec) -> tuple[Poles, Perturbed]:
    """Return the poles, and how they come out in draws.

    In each draw, masses vary by normal noise in their logarithms, and the base reach is the given one, a
    step of 2^(1/4) shorter, or a step longer. All draws share the distances, and the surfaces of a reach.
    """
    random = np.random.default_rng(spec.seed)
    factors = np.exp(random.normal(0, spec.noise, (len(mass), spec.draws)))
    masses = np.column_stack([mass, mass[:, None] * factors])
    wider = int(spec.draws > 0)
    shifts = np.append(0, random.integers(-1, 2, spec.draws))
    count = reach_count(reach, land)
    shortest = reach * 2.0 ** (-wider / _terrain.STEPS)
    potential = _terrain.surfaces(masses, land, reach=shortest, count=count + 2 * wider)
    found = [
        track(masses[:, d], land, potential[wider + s : wider + s + count, :, d], spec=spec)
        for d, s in enumerate(follow(shifts, "Draw of the masses"))
    ]
    return found[0], _stacked(found[1:], reach * 2.0 ** (shifts[1:, None] / _terrain.STEPS), len(mass))


def _stacked(draws: list[Poles], reach: Floats, count: int) -> Perturbed:
    """Return draws as tables, one row each, with the base reach of each (a column)."""
    pole = np.array([draw.pole for draw in draws], bool).reshape(-1, count)
    steps = np.array([draw.steps for draw in draws], float).reshape(-1, count)
    ratio = 2.0 ** (steps / _terrain.STEPS) * pole
    prominence = np.array([draw.summits.prominence for draw in draws], float).reshape(-1, count)
    return Perturbed(pole, prominence, ratio * reach, ratio)
