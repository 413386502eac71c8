"""The results of a gravity model: tables, goodness of fit, and words."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from geoinno.measure.interaction import _loops

if TYPE_CHECKING:
    from geoinno._types import Floats
    from geoinno.measure.interaction._estimate import Estimate
    from geoinno.measure.interaction._newton import Fit
    from geoinno.measure.interaction._pairs import Pairs


def closeness(fit: Fit) -> dict[str, float]:
    """Return deviance, log-likelihood and the common part of commuters."""
    state, pairs = fit.state, fit.model.pairs
    common, saturated, factorials = _loops.closeness(pairs.layout, pairs.flow, state.mean)
    # The state's likelihood is sum y ln m - m; a flow of zero adds nothing to the rest.
    return {
        "deviance": float(2 * (saturated - state.likelihood)),
        "log_likelihood": float(state.likelihood - factorials),
        "cpc": float(2 * common / (pairs.outflow.sum() + state.sums.columns.sum())),
    }


def expected(fit: Fit) -> pd.DataFrame:
    """Return the flows, in the caller's order, with those the model expects."""
    pairs, mean = fit.model.pairs, fit.state.mean
    if not isinstance(pairs.order, slice):
        mean = np.empty_like(mean)
        mean[pairs.order] = fit.state.mean
    return pairs.table.assign(expected=mean)


def effects(estimate: Estimate, *, both: bool) -> tuple[pd.Series[float], pd.Series[float]]:
    """Return the effects of origins and of destinations: ln of what a pair expects at cost and terms of 0.

    Where both sides have effects, only their sums are identified, as a level may move from one side to the
    other: those of destinations have a mean of zero.
    """
    pairs, state = estimate.fit.model.pairs, estimate.fit.state
    outward = state.outward.copy()
    if pairs.profiled:
        outward -= estimate.slopes @ estimate.terms.centre
    by_row, by_column = (outward, pairs.row_ids), (state.inward, pairs.column_ids)
    origins, destinations = (by_column, by_row) if pairs.swapped else (by_row, by_column)
    level = float(destinations[0].mean()) if both else 0.0
    return (
        pd.Series(origins[0] + level, origins[1], name="effect"),
        pd.Series(destinations[0] - level, destinations[1], name="effect"),
    )


def slopes_in_words(coefficients: pd.DataFrame, decay: str) -> str:
    """Return in words how flows change with cost and at a border, in percent."""
    size = coefficients[["estimate", "low", "high"]]
    cost = size.loc[["cost"]].to_numpy()[0]
    # An elasticity is percent for one percent; a rate per unit compounds, so that no fall exceeds 100%.
    percent, step = (cost, "1%") if decay == "power" else (100 * np.expm1(cost), "one unit")
    words = f"A cost {step} higher goes with {_change(percent)}"
    if "border" in size.index and "cost_foreign" not in size.index:
        border = 100 * np.expm1(size.loc[["border"]].to_numpy()[0])
        words += f"; crossing a border goes with {_change(border)}"
    return words


def _change(percent: Floats) -> str:
    """Return a change of flow in words, with its interval in the direction of the estimate."""
    estimate, low, high = percent
    way, other = ("less", "more") if estimate < 0 else ("more", "less")
    near, far = (-high, -low) if estimate < 0 else (low, high)
    between = f"{near:.3g}% to {far:.3g}%" if near >= 0 else f"{-near:.3g}% {other} to {far:.3g}% {way}"
    return f"{abs(estimate):.3g}% {way} flow (95% interval {between})"


def crossing_cost(pairs: Pairs, crosses: Floats | None) -> float:
    """Return the mean cost of the pairs that cross a border, weighted by flows; missing without borders."""
    if crosses is None:
        return float("nan")
    weight = pairs.flow * crosses
    return float(weight @ pairs.cost / weight.sum())
