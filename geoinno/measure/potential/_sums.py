"""Sums of mass times decay over other places: plain for few, by compiled loops for many."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from geoinno.measure._geodesy import ellipsoid
from geoinno.measure.potential import _blocks, _bounds, _tree
from geoinno.scale import PLAIN as PLAIN_ENGINE

if TYPE_CHECKING:
    from collections.abc import Callable

    from geoinno._types import Floats, Ints
    from geoinno.scale import Engine
    from geoinno.weigh.decay import Decay

    Form = tuple[int, float, float, float]

# Up to here, blocks of NumPy take less time than loading the compiled loops.
PLAIN = 1_500
_BLOCK = 250
# What rounding may add to the error of the tree, and the finest accuracy that it is trusted with: beyond
# that nothing would be left to allow for crowds, and opening every one of them costs more than all pairs.
_ROUNDING, _FINEST = 1e-9, 1e-8
_LN2 = float(np.log(2))


class Places(NamedTuple):
    """Where places are, what they weigh, and the number of the country of each."""

    xyz: Floats
    mass: Floats
    country: Ints


def plain_sums(places: Places, decay: Decay) -> tuple[Floats, Floats]:
    """Return the sums at home and abroad by blocks of rows, for any decay."""
    xyz, mass, country = places
    count = len(mass)
    domestic, foreign = np.empty(count), np.empty(count)
    for first in range(0, count, _BLOCK):
        rows = np.arange(first, min(first + _BLOCK, count))
        km = ellipsoid.kilometres(xyz[rows], xyz)
        own = (rows - first, rows)
        km[own] = 1.0  # any distance above zero: the place itself is not summed
        weight = decay(km)
        weight[own] = 0.0
        home = country[rows][:, None] == country[None, :]
        domestic[rows] = np.where(home, weight, 0.0) @ mass
        foreign[rows] = np.where(home, 0.0, weight) @ mass
    return domestic, foreign


def form(decay: Decay) -> Form:
    """Return a decay as the compiled loops know it: form, two numbers, and the km of its peak."""
    from geoinno._kernels import decays as kernel

    make: dict[str, Callable[..., Form]] = {
        "exponential": lambda half: (kernel.SMOOTH, _LN2 / half, 0.0, 0.0),
        "gaussian": lambda half: (kernel.SMOOTH, 0.0, _LN2 / half**2, 0.0),
        "exponential_sqrt": lambda half: (kernel.ROOT, _LN2 / half**0.5, 0.0, 0.0),
        "power": lambda a: (kernel.POWER, a, 0.0, 0.0),
        "tanner": lambda a, rate: (kernel.POWER, a, rate, _tanner_peak(a, rate)),
        "lognormal": lambda g, scale: (kernel.LOGNORMAL, g, scale, scale),
        "logistic": lambda middle, k: (kernel.LOGISTIC, k, middle, 0.0),
        "offset_power": lambda half, a: (kernel.OFFSET, a, half / float(np.expm1(_LN2 / a)), 0.0),
    }
    return make[decay.family](*(float(value) for value in decay.values))


def _tanner_peak(a: float, rate: float) -> float:
    """Return the km at which a Tanner decay is highest."""
    if a >= 0:
        return 0.0
    return -a / rate if rate > 0 else np.inf


def exact_sums(places: Places, decay: Decay, *, engine: Engine = PLAIN_ENGINE) -> tuple[Floats, Floats]:
    """Return the sums at home and abroad over all pairs, by compiled loops."""
    order, ends = _tree.order(places.xyz, places.country)
    run = np.repeat(np.arange(len(ends) - 1), np.diff(ends))
    points = _points(places, order)
    domestic, foreign = _blocks.exact_sums(points, ends[run], ends[run + 1], decay=form(decay), engine=engine)
    return _as_given(domestic, order), _as_given(foreign, order)


def tree_sums(
    places: Places, decay: Decay, *, accuracy: float, engine: Engine = PLAIN_ENGINE
) -> tuple[Floats, Floats]:
    """Return the sums at home and abroad, each within ``accuracy`` times itself, by a tree."""
    from geoinno._kernels import crowds

    order, ends = _tree.order(places.xyz, places.country)
    nodes = _tree.nodes(ends)
    groups = _tree.groups(nodes)
    points = _points(places, order)
    known, proxies = crowds.summaries(points, nodes)
    bounds = _bounds.bounds(decay, smallest=float(known[:, crowds.RADIUS].min()))
    # The masses of a country decide its sums: a crowd lies within one country, or abroad, or is opened.
    branches = (nodes, known, proxies, bounds)
    allowed = accuracy - _ROUNDING
    domestic, foreign = _blocks.tree_sums(
        points, branches, groups, accuracy=allowed, decay=form(decay), engine=engine
    )
    return _as_given(domestic, order), _as_given(foreign, order)


def _points(places: Places, order: Ints) -> tuple[Floats, Floats, Floats, Floats]:
    """Return the coordinates and masses of the points in this order, each in one piece of memory."""
    x, y, z = np.ascontiguousarray(places.xyz[order].T)
    return x, y, z, places.mass[order]


def _as_given(sums: Floats, order: Ints) -> Floats:
    """Return sums over ordered points in the order in which the points were given."""
    placed = np.empty_like(sums)
    placed[order] = sums
    return placed


def sums(
    places: Places, decay: Decay, *, accuracy: float | None, engine: Engine = PLAIN_ENGINE
) -> tuple[Floats, Floats]:
    """Return the sums at home and abroad in the way that suits their number and the accuracy."""
    if len(places.mass) <= PLAIN:
        return plain_sums(places, decay)
    if accuracy is None or accuracy <= _FINEST:
        return exact_sums(places, decay, engine=engine)
    return tree_sums(places, decay, accuracy=accuracy, engine=engine)


def country_sums(places: Places, decay: Decay, *, accuracy: float | None, engine: Engine) -> Floats:
    """Return the sum at each place (rows) over the others in each country (columns).

    A country at a time, the mass of the others set to zero: each sum keeps its own accuracy, and crowds
    without mass are passed by.
    """
    columns = []
    for number in range(int(places.country.max()) + 1):
        mass = np.where(places.country == number, places.mass, 0.0)
        domestic, foreign = sums(places._replace(mass=mass), decay, accuracy=accuracy, engine=engine)
        columns.append(domestic + foreign)
    return np.column_stack(columns)
