"""Tables of a change of trade: effects by region, by pair and by border, before and after, and intervals."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from geoinno._types import LEVEL
from geoinno.scale import follow
from geoinno.simulate import _coalitions, _equilibrium

if TYPE_CHECKING:
    from geoinno._types import Bools, Floats

_EFFECTS = ("partial", "conditional", "full")
# Draws are solved so many at a time: three tables of flows for each.
_BLOCK = 1 << 22


@dataclass(frozen=True, slots=True)
class DrawSpec:
    """What is uncertain: the standard errors of the changes (one coefficient) and of the elasticity."""

    change: Floats
    elasticity: float
    draws: int
    seed: int

    @property
    def certain(self) -> bool:
        """Whether nothing is to be drawn."""
        return self.elasticity == 0 and not self.change.any()


@dataclass(frozen=True, slots=True)
class Effects:
    """Flows under each change of a block in three equilibria, and welfare and prices in the full one."""

    partial: Floats
    conditional: Floats
    full: Floats
    welfare: Floats
    prices: Floats
    living: Floats
    exports: dict[str, Floats]  # the change of exports of each region, by effect


def effects(trade: Floats, change: Floats, *, elasticity: Floats, deficits: str) -> Effects:
    """Return partial, conditional and full effects of changes (first axis)."""
    partial = trade * np.exp(change)
    # At given incomes the elasticity scales prices alone: flows are the same for any.
    closed, buyers = _equilibrium.conditional(trade), _equilibrium.common_buyers(trade)
    given = _equilibrium.solve(trade, change, closed, elasticity=1.0, buyers=buyers)
    closure = _equilibrium.full(trade, deficits)
    solution = _equilibrium.solve(trade, change, closure, elasticity=elasticity, buyers=buyers)
    flows = {"partial": partial, "conditional": given.flows, "full": solution.flows}
    sent = _exports(trade[None])
    with np.errstate(invalid="ignore", divide="ignore"):  # without exports there is no change of them
        exports = {
            name: np.where(sent > 0, _exports(table) / sent - 1, np.nan) for name, table in flows.items()
        }
    welfare = _coalitions.welfare(solution, deficits)
    return Effects(**flows, welfare=welfare, prices=solution.prices, living=solution.living, exports=exports)


def _exports(flows: Floats) -> Floats:
    """Return what each region sells to others."""
    own = np.eye(flows.shape[-1], dtype=bool)
    sums: Floats = np.where(own, 0.0, flows).sum(axis=2)
    return sums


def by_region(effects: Effects, ids: pd.Index) -> pd.DataFrame:
    """Return the change of exports in three equilibria, and of welfare."""
    columns = {name: effects.exports[name][0] for name in _EFFECTS}
    return pd.DataFrame({**columns, "welfare": effects.welfare[0] - 1}, index=ids)


def by_pair(trade: Floats, effects: Effects, ids: pd.Index) -> pd.DataFrame:
    """Return the flows of every pair, own pairs included, before and in three equilibria."""
    here, there = np.indices(trade.shape).reshape(2, -1)
    columns = {name: getattr(effects, name)[0].ravel() for name in _EFFECTS}
    ends = {"origin": ids[here], "destination": ids[there], "before": trade.ravel()}
    return pd.DataFrame({**ends, **columns})


def by_border(trade: Floats, effects: Effects, ids: pd.Index, *, changed: Bools) -> pd.DataFrame:
    """Return the trade of each pair of regions whose costs change, both directions together."""
    first, second = np.nonzero(np.triu(changed | changed.T, 1))
    tables = {"before": trade, **{name: getattr(effects, name)[0] for name in _EFFECTS}}
    sums = {name: table[first, second] + table[second, first] for name, table in tables.items()}
    return pd.DataFrame({"first": ids[first], "second": ids[second], **sums})


def states(trade: Floats, effects: Effects, ids: pd.Index) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return trade, production, spending, wages, prices and real wages before and after."""
    ones, (production, _) = np.ones(len(ids)), _equilibrium.margins(trade)
    wages, prices = effects.prices[0], effects.living[0]
    before = _state(trade, production, ids=ids, wages=ones, prices=ones)
    return before, _state(effects.full[0], production * wages, ids=ids, wages=wages, prices=prices)


def _state(
    flows: Floats, production: Floats, *, ids: pd.Index, wages: Floats, prices: Floats
) -> pd.DataFrame:
    """Return the table of one state."""
    own, spending = np.diagonal(flows), flows.sum(axis=0)
    columns = {"exports": flows.sum(axis=1) - own, "imports": spending - own, "own_trade": own}
    money = {"production": production, "spending": spending, "wages": wages, "prices": prices}
    return pd.DataFrame({**columns, **money, "real_wages": wages / prices}, index=ids)


def relative(before: pd.DataFrame, after: pd.DataFrame) -> pd.DataFrame:
    """Return changes as shares; missing where there was nothing."""
    return after / before.where(before != 0) - 1


def potentials(
    trade: Floats, solution: _equilibrium.Solution, ids: pd.Index, *, elasticity: float
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return market access at home and abroad, before and after, relative to all of it before.

    A region sells Y_i w_i = w_i^-theta MA_i up to a constant, so that its market access rises by w^(1 +
    theta); own sales are the part of it at home.
    """
    ones = np.ones(len(ids))
    rise = solution.prices[0] ** (1 + elasticity)
    return _potential(trade, ones, ids), _potential(solution.flows[0], rise, ids)


def _potential(flows: Floats, access: Floats, ids: pd.Index) -> pd.DataFrame:
    home = np.diagonal(flows) / flows.sum(axis=1)
    columns = {"endogenous": access * home, "exogenous": access * (1 - home), "potential": access}
    return pd.DataFrame(columns, index=ids)


def intervals(
    trade: Floats, change: Floats, spec: DrawSpec, *, elasticity: float, deficits: str, ids: pd.Index
) -> pd.DataFrame | None:
    """Return 95% intervals of the effects by region, or None where nothing is uncertain."""
    if spec.certain:
        return None
    random = np.random.default_rng(spec.seed)
    shifts, tilts = random.normal(size=(2, spec.draws))
    # Log-normal with this mean and standard deviation: an elasticity is above zero.
    spread = np.sqrt(np.log1p((spec.elasticity / elasticity) ** 2))
    slopes = elasticity * np.exp(spread * tilts - spread**2 / 2)
    size = max(1, _BLOCK // trade.size)
    found: dict[str, list[Floats]] = {name: [] for name in (*_EFFECTS, "welfare")}
    for first in follow(range(0, spec.draws, size), "Block of draws"):
        part = slice(first, first + size)
        changes = change + shifts[part, None, None] * spec.change
        drawn = effects(trade, changes, elasticity=slopes[part], deficits=deficits)
        for name in _EFFECTS:
            found[name].append(drawn.exports[name])
        found["welfare"].append(drawn.welfare - 1)
    ends = {"low": (1 - LEVEL) / 2, "high": (1 + LEVEL) / 2}
    columns = {
        f"{name}_{end}": np.quantile(np.concatenate(tables), level, axis=0)
        for name, tables in found.items()
        for end, level in ends.items()
    }
    return pd.DataFrame(columns, index=ids)
