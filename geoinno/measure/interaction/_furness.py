"""Furness's balancing of a table to its margins, and whether any table has these margins."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from scipy.sparse import csr_array
from scipy.sparse.csgraph import breadth_first_order, maximum_flow

from geoinno import _contract
from geoinno.errors import FlowError

if TYPE_CHECKING:
    import pandas as pd

    from geoinno._types import Bools, Floats, Ints


_MOST_ROUNDS = 20_000
_TOLERANCE = 1e-12
# Maximum flow counts in whole numbers below 2^31; margins are rounded to this many parts of their sum.
_PARTS = 1 << 30


def balance(weights: Floats, outflow: Floats, inflow: Floats, *, ids: pd.Index) -> tuple[Floats, Floats, int]:
    """Return row factors r and column factors s, with r_i w_ij s_j summing to the margins, and the rounds.

    ``weights`` are zero or more, one row for each outflow and one column for each inflow, whose sums are
    equal. Factors are unique up to a constant; columns start from their margins.
    """
    check_feasible(weights > 0, outflow, inflow, ids=ids)
    column = inflow.astype(np.float64)
    for count in range(1, _MOST_ROUNDS + 1):
        row = _share(outflow, weights @ column)
        reached = row @ weights
        if (np.abs(reached * column - inflow) <= _TOLERANCE * inflow).all():
            return row, column, count
        column = _share(inflow, reached)
    message = (
        f"Balancing does not converge in {_MOST_ROUNDS:,} rounds: the margins allow next to no flow on some "
        "pairs whose weight is above zero. Bring the margins closer to what the decay gives, or take one "
        "that falls less steeply."
    )
    raise FlowError(message)


def check_feasible(support: Bools, outflow: Floats, inflow: Floats, *, ids: pd.Index) -> None:
    """Raise unless some table that is positive on the whole support has these margins.

    By Hall's condition for flows, a table of zeros or more exists if no set of rows sends more than the
    columns open to it receive; factors exist if it is even positive on all pairs, so that no set sends
    exactly that while other rows send there too (Sinkhorn 1967).
    """
    rows, columns = outflow > 0, inflow > 0
    stuck = _unreachable(support, rows, columns)
    if stuck is not None:
        what, places = stuck
        message = (
            f"The {what} of {_contract.named(ids[places])} cannot be placed: all of their pairs have the "
            "weight zero. Use a decay that reaches farther, or set these margins to zero."
        )
        raise FlowError(message)
    if (support.sum(axis=1)[rows] >= columns.sum()).all():
        return
    if _only_own_missing(support, rows, columns):
        _check_own(outflow, inflow, ids=ids)
    else:
        _check_cut(support, outflow, inflow, ids=ids)


def _unreachable(support: Bools, rows: Bools, columns: Bools) -> tuple[str, Ints] | None:
    """Return the side and the regions that have a margin but no pair, if there are any."""
    sends = rows & ~support[:, columns].any(axis=1)
    takes = columns & ~support[rows].any(axis=0)
    if sends.any():
        return "outflow", np.flatnonzero(sends)
    return ("inflow", np.flatnonzero(takes)) if takes.any() else None


def _only_own_missing(support: Bools, rows: Bools, columns: Bools) -> bool:
    """Whether every pair of different regions with margins is open."""
    return bool((support | np.eye(len(support), dtype=bool))[np.ix_(rows, columns)].all())


def _check_own(outflow: Floats, inflow: Floats, *, ids: pd.Index) -> None:
    """Raise where a region sends and receives so much that others cannot take and give it.

    With all pairs open but the own ones, flows exist where O_i + D_i is at most the total for each i. Where
    it is the total, nothing is left for pairs of others, so that these must not exist.
    """
    total = outflow.sum()
    share = (outflow + inflow) / total
    at = int(np.argmax(np.where((outflow > 0) & (inflow > 0), share, 0)))
    others = np.arange(len(ids)) != at
    between = np.outer((outflow > 0) & others, (inflow > 0) & others)
    np.fill_diagonal(between, val=False)
    if share[at] > 1 + _TOLERANCE or (share[at] > 1 - _TOLERANCE and between.any()):
        message = (
            f"No flows between different regions have these margins: {ids[at]!r} sends {outflow[at]:,.6g} "
            f"and receives {inflow[at]:,.6g}, together as much as all flows or more ({total:,.6g}), so "
            "that some must stay within it. Keep own pairs (own='keep'), or take what stays there out of "
            "its margins."
        )
        raise FlowError(message)


def _check_cut(support: Bools, outflow: Floats, inflow: Floats, *, ids: pd.Index) -> None:
    """Raise where a set of rows sends more than the columns open to it receive, found by maximum flow."""
    short, side = _shortfall(support, outflow, inflow)
    if short <= len(outflow) + len(inflow):
        return
    size = len(outflow)
    sends, takes = side[:size] & (outflow > 0), side[size : 2 * size] & (inflow > 0)
    message = (
        f"No flows have these margins: {_contract.named(ids[sends])} send {outflow[sends].sum():,.6g}, but "
        f"the regions that pairs with a weight above zero lead to, {_contract.named(ids[takes])}, receive "
        f"{inflow[takes].sum():,.6g}. Change these margins, or take a decay that leaves more pairs open."
    )
    raise FlowError(message)


def _shortfall(support: Bools, outflow: Floats, inflow: Floats) -> tuple[int, Bools]:
    """Return by how many parts the greatest flow misses the margins, and the nodes beside its source."""
    size = len(outflow)
    source, sink = 2 * size, 2 * size + 1
    parts = [np.round(margin / margin.sum() * _PARTS).astype(np.int32) for margin in (outflow, inflow)]
    here, there = np.nonzero(support)
    each = np.arange(size)
    start = np.concatenate([here, np.full(size, source), each + size])
    end = np.concatenate([there + size, each, np.full(size, sink)])
    capacity = np.concatenate([np.full(len(here), _PARTS, dtype=np.int32), *parts])
    graph = csr_array((capacity, (start, end)), shape=(2 * size + 2, 2 * size + 2))
    found = maximum_flow(graph, source, sink)
    rest = graph - found.flow
    rest.data = np.maximum(rest.data, 0)
    rest.eliminate_zeros()
    side = np.zeros(2 * size + 2, dtype=bool)
    side[breadth_first_order(rest, source, return_predecessors=False)] = True
    return int(parts[0].sum() - found.flow_value), side


def _share(sums: Floats, parts: Floats) -> Floats:
    """Return sums / parts, zero where the sum is."""
    return np.divide(sums, parts, out=np.zeros_like(sums), where=sums > 0)
