"""Pairs of regions that a gravity model looks at: their flows, costs and terms, in the order of origins."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from geoinno import _contract
from geoinno._language.phrases import Phrase
from geoinno.errors import ColumnError, FlowError
from geoinno.measure.interaction import _loops

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from geoinno._types import Bools, Floats, Ints
    from geoinno.measure.interaction._loops import Layout
    from geoinno.measure.interaction._spec import Constraint, GravitySpec

_FAR_MORE = 3


@dataclass(frozen=True, slots=True)
class Pairs:
    """Flows by pair, sorted by row: the origin, or the destination where ``swapped``.

    Only regions that occur have a row or a column.
    """

    layout: Layout
    rows: int
    row: Ints
    column: Ints
    columns: int
    row_ids: pd.Index
    column_ids: pd.Index
    outflow: Floats  # sums of the rows
    inflow: Floats  # sums of the columns
    flow: Floats
    cost: Floats
    constraint: Constraint
    swapped: bool  # whether rows are destinations
    origin: Ints  # positions in the ids, pair by pair
    destination: Ints
    table: pd.DataFrame  # origin, destination, value, in the caller's order
    order: Ints | slice  # rows of the table in the order of the pairs
    ids: pd.Index

    @property
    def profiled(self) -> bool:
        """Whether rows have effects."""
        return self.constraint != "none"

    def part(self, chosen: Bools) -> Pairs:
        """Return the chosen pairs, rows and columns numbered as before."""
        layout = _loops.layout(self.row[chosen], self.column[chosen], rows=self.rows, columns=self.columns)
        each = ("row", "column", "flow", "cost", "origin", "destination")
        parts = {name: getattr(self, name)[chosen] for name in each}
        outflow, inflow = _margins(layout, parts["flow"], self.columns)
        return replace(self, layout=layout, outflow=outflow, inflow=inflow, **parts)

    def named(self, chosen: NDArray[np.bool_]) -> str:
        """Return the ids of the chosen pairs, as messages show them."""
        ends = zip(self.ids[self.origin[chosen]], self.ids[self.destination[chosen]], strict=True)
        return _contract.named(ends)


def observed(flows: pd.DataFrame, costs: pd.DataFrame, spec: GravitySpec) -> Pairs:
    """Return the pairs that the flows know of, checked, with their costs."""
    options = spec.options
    _contract.option(spec.constraint, ("both", "origin", "destination", "none"), name="constraint")
    _contract.option(options.own, ("drop", "keep"), name="own")
    table = _contract.rectangular(costs, name="costs")
    origin, destination = _contract.flow_positions(flows, table.ids, many=_loops.FEW_PAIRS)
    _priced(table, origin, destination)
    columns = list(_contract.FLOW_COLUMNS)
    known = flows if flows.columns.to_list() == columns else flows[columns]
    if options.complete:
        known, origin, destination = _completed(known, origin, destination, costs=table)
    if options.own == "drop" and (home := origin == destination).any():
        known, origin, destination = known[~home], origin[~home], destination[~home]
    if known.empty:
        message = Phrase(
            "No flow is left between different regions. Keep own pairs (own='keep') or add pairs."
        )
        raise FlowError(message)
    cost = table.between(origin, destination)
    _sound_costs(cost, origin, destination, ids=table.ids)
    return _sorted(known, (origin, destination, cost), constraint=spec.constraint, ids=table.ids)


def _priced(costs: _contract.Rectangle, origin: Ints, destination: Ints) -> None:
    """Raise where a flow starts in a region that is no row of the costs, or ends in one that is no column."""
    for end, place, ends, axis in (
        (origin, costs.row, "origins", "rows"),
        (destination, costs.column, "destinations", "columns"),
    ):
        if (place < 0).any() and len(absent := costs.ids[np.unique(end[place[end] < 0])]):
            message = (
                f"The costs have no {axis} for the {ends} {_contract.named(absent)}. Give a cost for each "
                "pair of the flows: a square table over all regions does, see gi.weigh.distances."
            )
            raise ColumnError(message)


def _completed(
    table: pd.DataFrame, origin: Ints, destination: Ints, *, costs: _contract.Rectangle
) -> tuple[pd.DataFrame, Ints, Ints]:
    """Return all pairs of different ids, the absent ones with a flow of zero, and the own pairs there are."""
    values = np.zeros(costs.numbers.shape)
    from_row, to_column = np.flatnonzero(costs.row >= 0), np.flatnonzero(costs.column >= 0)
    # Rows and columns of the costs, in the order of the ids that they stand for.
    starts = from_row[np.argsort(costs.row[from_row])]
    ends = to_column[np.argsort(costs.column[to_column])]
    values[starts[:, None] == ends] = np.nan
    values[costs.row[origin], costs.column[destination]] = table["value"].to_numpy(np.float64)
    row, column = np.nonzero(~np.isnan(values))
    here, there = starts[row], ends[column]
    filled = {"origin": costs.ids[here], "destination": costs.ids[there], "value": values[row, column]}
    return pd.DataFrame(filled), here, there


def _sound_costs(cost: Floats, origin: Ints, destination: Ints, *, ids: pd.Index) -> None:
    """Raise unless every pair has a finite cost of zero or more, naming those that have not."""
    if cost.min() >= 0 and cost.max() < np.inf:
        return
    for fault, bad in {"no finite cost": ~np.isfinite(cost), "a negative cost": cost < 0}.items():
        if bad.any():
            pairs = zip(ids[origin[bad]], ids[destination[bad]], strict=True)
            message = f"There is {fault} for the pairs {_contract.named(pairs)}."
            raise FlowError(message)


def _sorted(
    table: pd.DataFrame, parts: tuple[Ints, Ints, Floats], *, constraint: Constraint, ids: pd.Index
) -> Pairs:
    """Return the pairs in the order of the rows of the model."""
    present = [_loops.present(end, len(ids)) for end in parts[:2]]
    swapped = _swapped(present, constraint)
    ends = parts[1::-1] if swapped else parts[:2]
    here, there = reversed(present) if swapped else present
    order = _loops.order(ends[0], ends[1], len(ids))
    starts, stops = ends[0][order], ends[1][order]
    row, column = _renumbered(starts, here), _renumbered(stops, there)
    # Whoever owns the column: for arrays that must not be written to, the loops would be compiled anew.
    flow = np.require(table["value"].to_numpy(np.float64)[order], requirements="W")
    layout = _loops.layout(row, column, rows=int(here.sum()), columns=int(there.sum()))
    outflow, inflow = _margins(layout, flow, int(there.sum()))
    return Pairs(
        layout=layout,
        rows=len(outflow),
        row=row,
        column=column,
        columns=len(inflow),
        row_ids=ids if here.all() else ids[here],
        column_ids=ids if there.all() else ids[there],
        outflow=outflow,
        inflow=inflow,
        flow=flow,
        cost=parts[2][order],
        constraint=constraint,
        swapped=swapped,
        origin=stops if swapped else starts,
        destination=starts if swapped else stops,
        table=table,
        order=order,
        ids=ids,
    )


def _swapped(present: list[Bools], constraint: Constraint) -> bool:
    """Return whether destinations have the rows.

    A model with destination effects alone is one with origin effects alone, the other way round. With both,
    the side of far more regions has the rows: their effects have a closed form, those of columns have not.
    """
    if constraint == "both":
        return bool(present[1].sum() > _FAR_MORE * present[0].sum())
    return constraint == "destination"


def _renumbered(positions: Ints, present: Bools) -> Ints:
    """Return positions among those that occur."""
    return positions if present.all() else (np.cumsum(present) - 1)[positions]


def _margins(layout: Layout, flow: Floats, columns: int) -> tuple[Floats, Floats]:
    """Return the sums of the flows by row and by column."""
    sums = _loops.over(layout).weighted_sums(layout, np.empty((0, len(flow))), flow, columns)
    return sums[0], sums[1]
