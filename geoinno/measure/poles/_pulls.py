"""Logarithms of the pull of each pole at each region, shares, the two strongest, and the way between them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from scipy import special

from geoinno import _contract
from geoinno.errors import ColumnError
from geoinno.weigh import Decay

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from geoinno._types import Bools, Floats

    Positions = NDArray[np.intp]


@dataclass(frozen=True, slots=True)
class PoleCosts:
    """Poles, the largest first (equal ones by id), their masses, and what the ways from and to them cost."""

    ids: pd.Index  # of the regions
    poles: pd.Index
    mass: Floats
    is_pole: Bools
    to_pole: Floats  # regions by poles
    from_pole: Floats  # regions by poles, on the way back
    between: Floats  # poles by poles


def pole_costs(
    mass: pd.Series, costs: pd.DataFrame, poles: pd.Series | pd.DataFrame | list[str]
) -> PoleCosts:
    """Return the poles with their masses and costs, checked."""
    size = _contract.numbers(mass, missing=True, what="masses")
    flags = _contract.pole_flags(poles, size.index, against="masses")
    names = _by_size(size[flags.to_numpy()])
    matrix = _contract.square(costs, name="costs", ids=size.index)
    position = size.index.get_indexer(names)
    to_pole, from_pole = matrix[:, position], matrix[position].T
    _sound_costs(size.index, to_pole, way="to")
    _sound_costs(size.index, from_pole, way="from")
    return PoleCosts(
        size.index,
        names,
        size[names].to_numpy(),
        flags.to_numpy(),
        to_pole,
        from_pole,
        matrix[np.ix_(position, position)],
    )


def _by_size(size: pd.Series[float]) -> pd.Index:
    """Return the poles, the largest first, so that ties do not depend on the order of rows."""
    empty = size.index[~(size > 0)]
    if len(empty):
        message = f"Poles need a mass above zero; column {size.name!r} has none in {_contract.named(empty)}."
        raise ColumnError(message)
    return pd.Index(sorted(size.index, key=lambda pole: (-size[pole], pole)))


def _sound_costs(ids: pd.Index, cost: Floats, *, way: str) -> None:
    """Raise unless the costs from or to poles are finite and zero or more."""
    sound: Bools = np.all(np.isfinite(cost) & (cost >= 0), axis=1)
    if not sound.all():
        message = (
            f"costs must be finite and zero or more {way} every pole; they are not for "
            f"{_contract.named(ids[~sound])}. Correct these costs, or drop the regions."
        )
        raise ColumnError(message)


def sound_decay(decay: Decay) -> Decay:
    """Return a decay of the house."""
    return _contract.instance(decay, Decay, name="decay", example="gi.weigh.exponential(100)")


def log_pulls(mass: Floats, cost: Floats, decay: Decay) -> Floats:
    """Return ln M_k + ln f(c_ik), infinite at no cost where the family is infinite there.

    Sums of logarithms, because exp(-(c / s)^2) is zero to a computer beyond 27 s: all poles would then
    pull equally, and a region 1,900 km from one pole and 1,600 km from the other would have no nearest.
    """
    here = cost == 0
    log = np.full(cost.shape, np.inf)
    # Power laws alone are infinite at no cost; the others are asked for their own value there.
    finite = ~here if _infinite_at_zero(decay) else np.ones_like(here)
    log[finite] = decay.log(cost[finite])
    return np.asarray(log + np.log(mass), np.float64)


def _infinite_at_zero(decay: Decay) -> bool:
    """Return whether the weight at no cost is infinite."""
    return decay.family in {"power", "tanner"} and decay.parameters["exponent"] > 0


def shares(log_pull: Floats) -> Floats:
    """Return the share of each pole in the pull at each region; infinite pulls share alone."""
    endless = np.isposinf(log_pull)
    level = np.where(endless.any(axis=1, keepdims=True), np.where(endless, 0.0, -np.inf), log_pull)
    # Relative to the strongest pull no exponential overflows, and the largest is 1.
    top = level.max(axis=1, keepdims=True)
    # Where no pole pulls at all (ln 0), all are alike.
    apart = np.subtract(level, top, out=np.zeros_like(level), where=~np.isneginf(top))
    relative = np.exp(apart)
    return np.asarray(relative / relative.sum(axis=1, keepdims=True), np.float64)


def table(places: PoleCosts, log_pull: Floats) -> pd.DataFrame:
    """Return what `pull` says of each region."""
    share = shares(log_pull)
    order = np.argsort(-log_pull, axis=1, kind="stable")[:, :2]
    rows = np.arange(len(share))
    alone = len(places.poles) == 1
    name = places.poles.to_numpy(object)
    with np.errstate(over="ignore"):  # a pull may be infinite
        total = np.exp(log_pull).sum(axis=1)
    columns = {
        "pole": name[order[:, 0]],
        "second": np.full(len(share), None) if alone else name[order[:, 1]],
        "share": share[rows, order[:, 0]],
        "contestedness": np.zeros(len(share)) if alone else _contestedness(log_pull, order),
        "effective_poles": np.exp(special.entr(share).sum(axis=1)),
        **_detours(places, order),
        "total": total,
    }
    return pd.DataFrame(columns, index=places.ids)


def _contestedness(log_pull: Floats, order: Positions) -> Floats:
    """Return 2 p2 / (p1 + p2) = 2 / (1 + e^(ln p1 - ln p2)) of the two strongest poles."""
    first, second = np.take_along_axis(log_pull, order, axis=1).T
    equal = first == second  # two infinite pulls are equal, and their difference is not a number
    gap = np.subtract(first, second, out=np.zeros_like(first), where=~equal)
    contested: Floats = 2 * special.expit(-gap)
    return contested


def _detours(places: PoleCosts, order: Positions) -> dict[str, Floats]:
    """Return how much longer the way between the two strongest poles is over each region.

    The way leads from the stronger pole a to the region i and on to b, so costs that differ by
    direction are c_ai and c_ib against c_ab.
    """
    rows = np.arange(len(order))
    if len(places.poles) == 1:
        missing = np.full(len(order), np.nan)
        return {"detour": missing, "detour_cost": missing}
    first, second = order.T
    way = places.between[first, second]
    over = places.from_pole[rows, first] + places.to_pole[rows, second]
    ratio = np.divide(over, way, out=np.full(len(order), np.nan), where=way > 0) - 1
    return {"detour": ratio, "detour_cost": over - way}


def mean_leader(places: PoleCosts, log_pull: Floats) -> float:
    """Return the mean mass of those poles that pull most at a region which is no pole itself.

    A pole far from everything else leads itself alone, and must not set the measure for the others.
    """
    leaders = np.unique(log_pull.argmax(axis=1)[~places.is_pole])
    return float(places.mass[leaders].mean() if len(leaders) else places.mass.mean())
