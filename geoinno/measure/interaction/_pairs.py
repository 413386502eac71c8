"""Pairs of regions that a gravity model looks at: their flows, costs and terms, in the order of origins."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Literal

import numpy as np
import pandas as pd

from geoinno import _contract
from geoinno.errors import FlowError

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]
    Unsigned = NDArray[np.uint64]
    Layout = tuple[Unsigned, Unsigned, Unsigned]
    Constraint = Literal["both", "origin", "destination", "none"]


@dataclass(frozen=True, slots=True)
class Pairs:
    """Flows by pair, sorted by row: the origin, or the destination where that side alone is constrained.

    Only regions that occur have a row or a column.
    """

    layout: Layout  # runs of neighbouring columns, see geoinno._kernels.balancing
    rows: int
    row: Ints
    column: Ints
    columns: int
    flow: Floats
    cost: Floats
    constraint: Constraint
    origin: Ints  # positions in the ids, pair by pair
    destination: Ints
    table: pd.DataFrame  # origin, destination, value, in the caller's order
    order: Ints | slice  # rows of the table in the order of the pairs
    ids: pd.Index

    @property
    def profiled(self) -> bool:
        """Whether rows have effects."""
        return self.constraint != "none"

    @property
    def outflow(self) -> Floats:
        """The sums of the rows."""
        sums: Floats = np.bincount(self.row, self.flow, self.rows).astype(np.float64)
        return sums

    @property
    def inflow(self) -> Floats:
        """The sums of the columns."""
        sums: Floats = np.bincount(self.column, self.flow, self.columns).astype(np.float64)
        return sums

    def present(self, side: Literal["row", "column"]) -> pd.Index:
        """Return the ids that have a row, or a column, in their order."""
        at = self.origin if (side == "row") != (self.constraint == "destination") else self.destination
        return self.ids[np.flatnonzero(np.bincount(at, minlength=len(self.ids)))]

    def part(self, chosen: NDArray[np.bool_]) -> Pairs:
        """Return the chosen pairs, rows and columns numbered as before."""
        layout = _layout(self.row[chosen], self.column[chosen], self.rows)
        each = ("row", "column", "flow", "cost", "origin", "destination")
        return replace(self, layout=layout, **{name: getattr(self, name)[chosen] for name in each})

    def named(self, chosen: NDArray[np.bool_]) -> str:
        """Return the ids of the chosen pairs, as messages show them."""
        ends = zip(self.ids[self.origin[chosen]], self.ids[self.destination[chosen]], strict=True)
        return _contract.named(ends)


def observed(
    flows: pd.DataFrame,
    costs: pd.DataFrame,
    *,
    constraint: Constraint,
    own: Literal["drop", "keep"],
    complete: bool,
) -> Pairs:
    """Return the pairs that the flows know of, checked, with their costs."""
    _contract.option(constraint, ("both", "origin", "destination", "none"), name="constraint")
    _contract.option(own, ("drop", "keep"), name="own")
    matrix = _contract.square(costs, name="costs")
    origin, destination = _contract.flow_positions(flows, costs.index)
    table = flows[list(_contract.FLOW_COLUMNS)]
    if complete:
        table, origin, destination = _completed(table, origin, destination, ids=costs.index)
    if own == "drop" and (home := origin == destination).any():
        table, origin, destination = table[~home], origin[~home], destination[~home]
    if table.empty:
        message = "No flow is left between different regions. Keep own pairs (own='keep') or add pairs."
        raise FlowError(message)
    cost = matrix[origin, destination]
    _sound_costs(cost, origin, destination, ids=costs.index)
    return _sorted(table, (origin, destination, cost), constraint=constraint, ids=costs.index)


def _completed(
    table: pd.DataFrame, origin: Ints, destination: Ints, *, ids: pd.Index
) -> tuple[pd.DataFrame, Ints, Ints]:
    """Return all pairs of different ids, the absent ones with a flow of zero, and the own pairs there are."""
    values = np.zeros((len(ids), len(ids)))
    np.fill_diagonal(values, np.nan)
    values[origin, destination] = table["value"].to_numpy(np.float64)
    here, there = np.nonzero(~np.isnan(values))
    filled = pd.DataFrame({"origin": ids[here], "destination": ids[there], "value": values[here, there]})
    return filled, here, there


def _sound_costs(cost: Floats, origin: Ints, destination: Ints, *, ids: pd.Index) -> None:
    """Raise unless every pair has a finite cost above zero, naming those that have not."""
    if cost.min() > 0 and cost.max() < np.inf:
        return
    own = origin == destination
    for fault, bad in {
        "no finite cost": ~np.isfinite(cost),
        "a negative cost": cost < 0,
        "no cost above zero between different regions": (cost == 0) & ~own,
        "no cost above zero at home (see gi.weigh.internal_distances, or drop own pairs)": (cost == 0) & own,
    }.items():
        if bad.any():
            pairs = zip(ids[origin[bad]], ids[destination[bad]], strict=True)
            message = f"There is {fault} for the pairs {_contract.named(pairs)}."
            raise FlowError(message)


def _sorted(
    table: pd.DataFrame, parts: tuple[Ints, Ints, Floats], *, constraint: Constraint, ids: pd.Index
) -> Pairs:
    """Return the pairs in the order of the rows of the model."""
    origin, destination, cost = parts
    # A model with destination effects alone is one with origin effects alone, the other way round.
    rows, columns = (destination, origin) if constraint == "destination" else (origin, destination)
    place = rows * len(ids) + columns
    ordered = (place[1:] > place[:-1]).all()
    order = slice(None) if ordered else np.argsort(place)
    row, rows_present = _renumbered(rows[order], len(ids))
    column, columns_present = _renumbered(columns[order], len(ids))
    return Pairs(
        layout=_layout(row, column, rows_present),
        rows=rows_present,
        row=row,
        column=column,
        columns=columns_present,
        flow=table["value"].to_numpy(np.float64)[order],
        cost=cost[order],
        constraint=constraint,
        origin=origin[order],
        destination=destination[order],
        table=table,
        order=order,
        ids=ids,
    )


def _layout(row: Ints, column: Ints, rows: int) -> Layout:
    """Return the first run of each row, and the first pair and column of each run."""
    breaks = np.flatnonzero((row[1:] != row[:-1]) | (column[1:] != column[:-1] + 1)) + 1
    first = np.append(0, breaks)
    runs = np.searchsorted(row[first], np.arange(rows + 1))
    # Without a sign, so that the loops need not look for indices that count from the end.
    return (
        runs.astype(np.uint64),
        np.append(first, len(row)).astype(np.uint64),
        column[first].astype(np.uint64),
    )


def _renumbered(positions: Ints, count: int) -> tuple[Ints, int]:
    """Return positions among those that occur, and how many occur."""
    present = np.zeros(count, dtype=bool)
    present[positions] = True
    if present.all():
        return positions, count
    return (np.cumsum(present) - 1)[positions], int(present.sum())
