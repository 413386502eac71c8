"""Balancing of a square table to its margins: Furness's iteration, also called biproportional fitting.

Shared by the interaction and movement rooms (Wilson's model, relative acceptance).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

import numpy as np
import pandas as pd

from geoinno import _contract
from geoinno.errors import ColumnError, FlowError

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from geoinno.weigh import Decay

    Floats = NDArray[np.float64]

_MOST_ROUNDS = 100_000
_TOLERANCE = 1e-12


def furness(weights: Floats, outflow: Floats, inflow: Floats) -> tuple[Floats, Floats, int]:
    """Return row factors r and column factors s, with r_i w_ij s_j summing to the margins, and the rounds.

    ``weights`` are zero or more, one row for each outflow and one column for each inflow, whose sums are
    equal. Factors are unique up to a constant; columns start from their margins. For quasi-independence
    (relative acceptance) the weights are ones with zeros on the diagonal.
    """
    column = inflow.astype(np.float64)
    for count in range(1, _MOST_ROUNDS + 1):
        row = _quotient(outflow, weights @ column)
        reached = row @ weights
        gap = np.abs(reached * column - inflow).max()
        if gap <= _TOLERANCE * max(outflow.sum(), np.finfo(float).tiny):
            return row, column, count
        column = _quotient(inflow, reached)
    message = (
        f"Balancing does not converge: after {_MOST_ROUNDS:,} rounds a column misses its sum by {gap:.3g}. "
        "The pairs with a weight above zero do not allow these margins."
    )
    raise FlowError(message)


def _quotient(sums: Floats, reached: Floats) -> Floats:
    """Return sums / reached, zero where nothing is asked, or raise where what is asked cannot be reached."""
    unreached = np.flatnonzero((sums > 0) & (reached <= 0))
    if len(unreached):
        message = (
            f"Balancing cannot reach the margins at positions {_contract.named(unreached.tolist())}: all of "
            "their pairs have the weight zero."
        )
        raise FlowError(message)
    return np.divide(sums, reached, out=np.zeros_like(sums), where=sums > 0)


def wilson(
    outflows: pd.Series,
    inflows: pd.Series,
    costs: pd.DataFrame,
    *,
    decay: Decay,
    own: Literal["drop", "keep"],
) -> tuple[pd.DataFrame, pd.Series, pd.Series, int]:
    """Return the flow table, Wilson's factors A and B, and the rounds of balancing."""
    _contract.option(own, ("drop", "keep"), name="own")
    cost = _contract.square(costs, name="costs")
    ids = costs.index
    leaving = _margin(outflows, ids, name="outflows")
    coming = _margin(inflows, ids, name="inflows")
    if not np.isclose(leaving.sum(), coming.sum(), rtol=1e-9):
        message = (
            f"outflows sum to {leaving.sum():,.6g} and inflows to {coming.sum():,.6g}; both must be equal."
        )
        raise ColumnError(message)
    chosen = np.ones(cost.shape, dtype=bool) if own == "keep" else ~np.eye(len(ids), dtype=bool)
    weights = np.zeros(cost.shape)
    weights[chosen] = decay(cost[chosen])
    row, column, rounds = furness(weights, leaving, coming)
    here, there = np.nonzero(chosen)
    value = (row[:, None] * weights * column)[chosen]
    flows = pd.DataFrame({"origin": ids[here], "destination": ids[there], "value": value})
    factors = [
        pd.Series(np.divide(factor, size, out=np.zeros_like(size), where=size > 0), ids, name=name)
        for factor, size, name in ((row, leaving, "origin_factor"), (column, coming, "destination_factor"))
    ]
    return flows, factors[0], factors[1], rounds


def _margin(values: pd.Series, ids: pd.Index, *, name: str) -> Floats:
    """Return margins in the order of ``ids``, zero or more."""
    numbers: Floats = _contract.numbers(values, ids=ids, what="margins", against="costs").to_numpy()
    if (numbers < 0).any() or not numbers.any():
        message = f"{name} must be zero or more, and not all zero; see {_contract.named(ids[numbers <= 0])}."
        raise ColumnError(message)
    return numbers
