"""Balanced flows: given totals by region, distributed over pairs by a distance decay."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np
import pandas as pd

from geoinno import _contract
from geoinno._display import Displayed
from geoinno.errors import ColumnError
from geoinno.measure.interaction import _furness
from geoinno.weigh import Decay

if TYPE_CHECKING:
    from geoinno._types import Floats


@dataclass(frozen=True, slots=True)
class BalancedFlows(Displayed):
    """Flows balanced to margins: T_ij = A_i O_i B_j D_j f(c_ij)."""

    flows: pd.DataFrame
    origin_factors: pd.Series[float]
    destination_factors: pd.Series[float]
    iterations: int

    def __str__(self) -> str:
        size = f"{len(self.flows):,} flows of {self.flows['value'].sum():,.6g} in all"
        size += f", balanced to the margins of {len(self.origin_factors):,} regions"
        return f"{size} in {self.iterations:,} iterations."


def balanced_flows(
    outflows: pd.Series,
    inflows: pd.Series,
    costs: pd.DataFrame,
    *,
    decay: Decay,
    own: Literal["drop", "keep"] = "drop",
) -> BalancedFlows:
    """Distribute given outflows and inflows over pairs of regions by a distance decay.

    T_ij = A_i O_i B_j D_j f(c_ij), A_i = 1 / sum_j B_j D_j f(c_ij), B_j = 1 / sum_i A_i O_i f(c_ij),
    found by iteration (Furness). A high A_i belongs to a region far from destinations.

    Parameters
    ----------
    outflows, inflows
        O_i and D_j, zero or more, by region id; both sums are equal.
    costs
        Square, in the unit of the decay, over the same regions.
    decay
        f, such as ``gi.weigh.exponential(100)``.
    own
        ``"drop"`` or ``"keep"`` pairs of a region with itself, at the cost on the diagonal.

    Returns
    -------
    BalancedFlows
        ``flows`` (origin, destination, value), ``origin_factors`` A_i and ``destination_factors`` B_j.

    References
    ----------
    Wilson, A. G. (1967). A statistical theory of spatial distribution models. Transportation
    Research 1(3), 253-269. doi:10.1016/0041-1647(67)90035-4

    Examples
    --------
    >>> import geoinno as gi
    >>> place = gi.read.sample("central_asia")
    >>> km, people = gi.weigh.distances(place.regions), place.regions["city_population"]
    >>> trips = gi.measure.balanced_flows(people, people, km, decay=gi.weigh.exponential(300))
    >>> len(trips.flows)
    2256
    """
    _contract.option(own, ("drop", "keep"), name="own")
    cost = _contract.square(costs, name="costs")
    _contract.instance(decay, Decay, name="decay", example="gi.weigh.exponential(100)")
    ids = costs.index
    leaving = _margin(outflows, ids, name="outflows")
    coming = _margin(inflows, ids, name="inflows")
    if not np.isclose(leaving.sum(), coming.sum(), rtol=1e-9):
        message = (
            f"outflows sum to {leaving.sum():,.0f} and inflows to {coming.sum():,.0f}; the two sums must be "
            "equal. Bring one to the sum of the other: inflows * outflows.sum() / inflows.sum()."
        )
        raise ColumnError(message)
    chosen = np.ones(cost.shape, dtype=bool) if own == "keep" else ~np.eye(len(ids), dtype=bool)
    weights = np.zeros(cost.shape)
    weights[chosen] = decay(cost[chosen])
    row, column, rounds = _furness.balance(weights, leaving, coming, ids=ids)
    here, there = np.nonzero(chosen)
    value = (row[:, None] * weights * column)[chosen]
    flows = pd.DataFrame({"origin": ids[here], "destination": ids[there], "value": value})
    origins = _per_unit(row, leaving, ids, name="origin_factor")
    return BalancedFlows(flows, origins, _per_unit(column, coming, ids, name="destination_factor"), rounds)


def _per_unit(factor: Floats, size: Floats, ids: pd.Index, *, name: str) -> pd.Series[float]:
    """Return factors per unit of the margin, zero where the margin is."""
    return pd.Series(np.divide(factor, size, out=np.zeros_like(size), where=size > 0), ids, name=name)


def _margin(values: pd.Series, ids: pd.Index, *, name: str) -> Floats:
    """Return margins in the order of ``ids``, zero or more."""
    numbers: Floats = _contract.numbers(values, ids=ids, what=name, against="costs").to_numpy()
    if (numbers < 0).any() or not numbers.any():
        message = f"{name} must be zero or more, and not all zero; see {_contract.named(ids[numbers <= 0])}."
        raise ColumnError(message)
    return numbers
