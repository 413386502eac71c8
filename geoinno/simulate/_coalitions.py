"""Coalitions of joining members: which to solve, what each is worth, and the Shapley value."""

from __future__ import annotations

from contextlib import closing
from dataclasses import dataclass
from math import comb
from typing import TYPE_CHECKING, Any

import numpy as np

from geoinno.scale import parted, run_blocks
from geoinno.simulate import _equilibrium

if TYPE_CHECKING:
    from geoinno._types import Bools, Floats, Ints
    from geoinno.scale import Block, Engine

# Up to here every coalition is solved: 2^12 = 4,096.
MOST_EXACT = 12
# Coalitions that are solved together, fewer where their tables would fill the memory.
_BLOCK, _CELLS = 256, 1 << 22


@dataclass(frozen=True, slots=True)
class Bloc:
    """A bloc before it grows: positions of members and of those that join, and the effect on log flows."""

    members: Ints
    joining: Ints
    effect: float

    def change(self, joined: Bools, size: int) -> Floats:
        """Return the change of log flows for each coalition (rows of ``joined``)."""
        inside = np.zeros((len(joined), size), dtype=bool)
        inside[:, self.members] = True
        inside[:, self.joining] = joined
        old = np.zeros(size, dtype=bool)
        old[self.members] = True
        pairs = inside[:, :, None] & inside[:, None, :]
        # Old members trade within the bloc already, and nobody has a border with itself.
        pairs &= ~(old[:, None] & old | np.eye(size, dtype=bool))
        return np.where(pairs, self.effect, 0.0)


def welfare(solution: _equilibrium.Solution, deficits: str) -> Floats:
    """Return welfare relative to before: real spending, or the real wage with multiplicative deficits."""
    income = solution.spending if deficits == "additive" else solution.prices
    return income / solution.living


def coalition_values(
    trade: Floats, bloc: Bloc, joined: Bools, *, elasticity: float, deficits: str, engine: Engine
) -> Floats:
    """Return the value of each coalition: sum over regions of production times (welfare - 1).

    Blocks have a size of their own, whoever runs them: what is solved together starts from one mean.
    """
    inputs = (trade, bloc.members, bloc.joining, joined, bloc.effect, elasticity, deficits)
    parts = parted(len(joined), max(1, min(_BLOCK, _CELLS // trade.size)))
    with closing(run_blocks(_values, parts, inputs, engine=engine)) as blocks:
        return np.concatenate([values for (values,) in blocks])


def _values(block: Block, *inputs: Any) -> tuple[Floats]:  # noqa: ANN401 - the flat inputs of a block
    """Return the values of a block of coalitions."""
    trade, members, joining, joined, effect, elasticity, deficits = inputs
    change = Bloc(members, joining, effect).change(joined[slice(*block)], len(trade))
    solution = _equilibrium.solve(trade, change, _equilibrium.full(trade, deficits), elasticity=elasticity)
    production, _ = _equilibrium.margins(trade)
    return ((welfare(solution, deficits) - 1) @ production,)


def every(count: int) -> Bools:
    """Return all coalitions of so many members: row s holds member k where bit k of s is set."""
    return (np.arange(1 << count)[:, None] >> np.arange(count) & 1).astype(bool)


def exact_shapley(values: Floats, count: int) -> Floats:
    """Return the Shapley value of each member from the values of all coalitions (as `every` orders them)."""
    coalition, size = np.arange(1 << count), every(count).sum(axis=1)
    weights = np.array([1 / (count * comb(count - 1, s)) for s in range(count)])
    shares = np.empty(count)
    for k in range(count):
        without = coalition[coalition >> k & 1 == 0]
        gain = values[without | 1 << k] - values[without]
        shares[k] = weights[size[without]] @ gain
    return shares


def orders(count: int, permutations: int, seed: int) -> Ints | None:
    """Return orders of joining, each followed by its reverse, or None where every coalition can be solved.

    What a member gains by coming early it mostly loses by coming late, so a pair of orders varies less.
    """
    if count <= MOST_EXACT:
        return None
    random = np.random.default_rng(seed)
    half = [random.permutation(count) for _ in range((permutations + 1) // 2)]
    return np.array([order for pair in half for order in (pair, pair[::-1])])


def coalitions(count: int, orders: Ints | None) -> Bools:
    """Return all coalitions, or those along the orders, each once; from none to all."""
    if orders is None:
        return every(count)
    rows = np.unique(_prefixes(orders).reshape(-1, count), axis=0)
    return rows[np.argsort(rows.sum(axis=1), kind="stable")]


def _prefixes(orders: Ints) -> Bools:
    """Return the coalition after each step of each order: (orders, steps from none to all, members)."""
    count = orders.shape[1]
    joined = np.zeros((len(orders), count + 1, count), dtype=bool)
    for step in range(count):
        joined[:, step + 1] = joined[:, step]
        joined[np.arange(len(orders)), step + 1, orders[:, step]] = True
    return joined


def shapley(values: Floats, joined: Bools, orders: Ints | None) -> tuple[Floats, Floats]:
    """Return the Shapley value of each member and its standard error (Castro, Gomez & Tejada 2009).

    Without orders all coalitions are there, and the error is zero. With them the mean of an order and of its
    reverse is one draw.
    """
    count = joined.shape[1]
    if orders is None:
        return exact_shapley(values, count), np.zeros(count)
    place = {row.tobytes(): i for i, row in enumerate(joined)}
    along = np.array([[values[place[row.tobytes()]] for row in steps] for steps in _prefixes(orders)])
    gains = np.empty(orders.shape)
    np.put_along_axis(gains, orders, np.diff(along, axis=1), axis=1)
    pairs = gains.reshape(-1, 2, count).mean(axis=1)
    return pairs.mean(axis=0), pairs.std(axis=0, ddof=1) / np.sqrt(len(pairs))
