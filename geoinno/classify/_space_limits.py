"""Cuts between kinds of space: absolute or by quantiles, in the units of a pull."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import TYPE_CHECKING

import numpy as np

from geoinno._contract import positive
from geoinno.errors import OptionError
from geoinno.weigh import Decay

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True, slots=True)
class SpaceCuts:
    """Absolute cuts between kinds of space: they do not move when regions or far poles are added.

    The reach is the distance or time at which the decay has fallen to one half. The base reach is that
    at which `geoinno.measure.growth_poles` found the poles: half the radius of a typical region.

    Parameters
    ----------
    periphery
        A region is periphery where all poles together pull no more than this share of what a pole of
        mean size gives at one reach (0.5: two reaches from one such pole, if the decay is exponential).
        The mean is over poles that lead a region other than themselves.
    base_reaches
        Nor is a region periphery that is pulled as by a pole of mean size so many base reaches away: with
        6, three radii of a typical region, the next neighbours of a pole are never periphery, however
        short the decay. It plays no part where poles carry no base reach; that is in km, so with costs in
        minutes pass poles as a list of ids.
    corridor
        Contestedness (0 to 1) from which a region on the way between its two strongest poles is a
        corridor (0.4: the second pulls a quarter as much as the first).
    contested
        Contestedness from which a region off the way is contested (2/3: half as much).
    detour
        A region is on the way where the detour over it is at most this share of the direct way
    detour_reaches
        and at most so many reaches, or one base reach where that is longer.
    share
        From this share (0 to 1) of the strongest pole on a region is its hinterland.

    References
    ----------
    Dijkstra, L. and Poelman, H. (2008). Remote rural regions: how proximity to a city influences the
    performance of rural regions. Regional Focus 01/2008. Brussels: European Commission.
    """

    periphery: float = 0.5
    base_reaches: float = 6.0
    corridor: float = 0.4
    contested: float = 2 / 3
    detour: float = 0.2
    detour_reaches: float = 0.5
    share: float = 0.5


@dataclass(frozen=True, slots=True)
class QuantileCuts:
    """Relative cuts between kinds of space: a fixed part of the regions is on the periphery.

    Parameters
    ----------
    periphery
        Quantile (0 to 1) of the total pull up to which a region is periphery.
    corridor, contested
        Quantiles of contestedness from which a region on the way is a corridor, and one off the way
        contested.
    detour
        A region is on the way where the detour over it is at most this share of the direct way
    detour_cost
        and at most so many km or minutes; no limit unless given.
    share
        From this share (0 to 1) of the strongest pole on a region is its hinterland.
    """

    periphery: float = 0.25
    corridor: float = 0.5
    contested: float = 0.75
    detour: float = 0.25
    detour_cost: float | None = None
    share: float = 0.7


@dataclass(frozen=True, slots=True)
class Limits:
    """The cuts in the units of what they cut."""

    total: float
    corridor: float
    contested: float
    detour: float
    detour_cost: float
    share: float


def limits(pull: pd.DataFrame, cuts: SpaceCuts | QuantileCuts, *, reach: float | None, base: float) -> Limits:
    """Return the cuts for one pull; ``base`` is the base reach of its poles, 0 if unknown."""
    _sound(cuts)
    if isinstance(cuts, QuantileCuts):
        return _relative(pull, cuts)
    decay = _decay_of(pull)
    scale = _reach(decay, reach)
    least = cuts.periphery * decay(scale)
    if base > 0 and cuts.base_reaches > 0:
        least = min(least, decay(cuts.base_reaches * base))
    return Limits(
        float(pull.attrs["mean_pole"] * least),
        cuts.corridor,
        cuts.contested,
        cuts.detour,
        # The place of a region is known no better than its own size: a smaller detour is none.
        max(cuts.detour_reaches * scale, base),
        cuts.share,
    )


def _relative(pull: pd.DataFrame, cuts: QuantileCuts) -> Limits:
    """Return quantiles of this pull."""
    known = pull["contestedness"].dropna().to_numpy(float)
    corridor, contested = np.quantile(known, [cuts.corridor, cuts.contested])
    total = np.quantile(pull["total"].dropna().to_numpy(float), cuts.periphery, method="lower")
    farthest = np.inf if cuts.detour_cost is None else cuts.detour_cost
    return Limits(float(total), float(corridor), float(contested), cuts.detour, farthest, cuts.share)


def _sound(cuts: SpaceCuts | QuantileCuts) -> None:
    """Raise unless the cuts are cuts, all zero or more, and those of shares and quantiles at most one."""
    if not isinstance(cuts, SpaceCuts | QuantileCuts):
        message = (
            "cuts must be gi.classify.SpaceCuts(...) or gi.classify.QuantileCuts(...); "
            f"{type(cuts).__name__} was given."
        )
        raise OptionError(message)
    shares = {"corridor", "contested", "share"} | ({"periphery"} if isinstance(cuts, QuantileCuts) else set())
    for field in fields(cuts):
        value = getattr(cuts, field.name)
        if value is None:
            continue
        if positive(value, name=field.name, zero=True) > 1 and field.name in shares:
            message = f"{field.name} must be at most 1; {value!r} was given."
            raise OptionError(message)


def _decay_of(pull: pd.DataFrame) -> Decay:
    """Return the decay that the pull was measured with."""
    absent = {"decay_family", "decay_values", "mean_pole"} - set(pull.attrs)
    if absent:
        message = (
            "The table of the pull has lost its attrs, and with them its decay, so absolute cuts have no "
            "scale. Measure it again with gi.measure.pull, or pass cuts=gi.classify.QuantileCuts()."
        )
        raise OptionError(message)
    return Decay(pull.attrs["decay_family"], tuple(pull.attrs["decay_values"]))


def _reach(decay: Decay, reach: float | None) -> float:
    """Return the reach: the one given, or the half-distance of the decay."""
    if reach is not None:
        return positive(reach, name="reach_km")
    if decay.half is None:
        message = (
            f"{decay!r} has no half-distance, so absolute cuts have no scale. Set one: "
            "reach_km=100, or pass cuts=gi.classify.QuantileCuts()."
        )
        raise OptionError(message)
    return decay.half
