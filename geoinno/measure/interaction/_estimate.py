"""One gravity model from the tables it is asked on to the numbers it answers with."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
from scipy import special

from geoinno import _contract
from geoinno.measure.interaction import _errors, _existence, _fit, _pairs, _terms

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from geoinno.measure.interaction._fit import Model, State, Step
    from geoinno.measure.interaction._pairs import Pairs
    from geoinno.measure.interaction._terms import Terms

    Floats = NDArray[np.float64]

_STIRLING = 30.0


@dataclass(frozen=True, slots=True)
class Case:
    """What a model is asked on: the pairs, and their terms beside the cost."""

    pairs: Pairs
    sides: Mapping[str, Floats]


@dataclass(frozen=True, slots=True)
class Estimate:
    """A fitted model."""

    terms: Terms
    made: Model
    state: State
    step: Step


def case(flows: pd.DataFrame, costs: pd.DataFrame, setting: Mapping[str, Any]) -> Case:
    """Return the checked pairs and terms of a question put to ``gravity`` or ``decay_fit``."""
    options = setting["options"]
    _contract.option(options.errors, _errors.ERRORS, name="errors")
    pairs = _pairs.observed(
        flows, costs, constraint=setting["constraint"], own=options.own, complete=options.complete
    )
    _existence.sound_margins(pairs)
    sides = _terms.sides(
        pairs,
        border=setting["border"],
        covariates=options.covariates,
        masses={side: setting[side] for side in ("origin_mass", "destination_mass")},
    )
    return Case(pairs, sides)


def estimated(pairs: Pairs, columns: Mapping[str, Floats], *, fixed: Floats | None = None) -> Estimate:
    """Return the fit of these terms, or raise where it does not exist.

    ``fixed`` is a predictor that enters as it is, with the slope 1.
    """
    terms = _terms.scaled(columns)
    made = _model(pairs, terms, fixed)
    at, step = _fit.first(made)
    _existence.independent(made, at, step, names=terms.names)
    at, step = _fit.fitted(made, at, step, doubt=lambda: _existence.separated(made, terms.names))
    return Estimate(terms, made, at, step)


def foretold(
    pairs: Pairs, columns: Mapping[str, Floats], known: NDArray[np.bool_], *, fixed: Floats | None = None
) -> Floats:
    """Return the flows expected for the pairs that are not ``known`` from a fit to those that are."""
    all_terms = _model(pairs, _terms.scaled(columns), fixed).terms
    made = _fit.model(pairs.part(known), all_terms[:, known], fixed=int(fixed is not None))
    at, _ = _fit.fitted(made, *_fit.first(made))
    predictor = at.slopes @ all_terms[:, ~known] + at.inward[pairs.column[~known]]
    expected: Floats = np.exp(predictor + at.outward[pairs.row[~known]])
    return expected


def _model(pairs: Pairs, terms: Terms, fixed: Floats | None) -> Model:
    """Return the model of the terms, after a fixed predictor if there is one."""
    first = [] if fixed is None else [fixed - fixed.mean()]
    columns = [*first, *terms.scaled]
    values = np.vstack(columns) if columns else np.empty((0, len(pairs.flow)))
    return _fit.model(pairs, values, fixed=len(first))


def slopes(fit: Estimate) -> Floats:
    """Return the slopes of the free terms, in their own units."""
    free: Floats = fit.terms.back @ fit.state.slopes[fit.made.fixed :]
    return free


def covariance(fit: Estimate, errors: str) -> Floats:
    """Return the covariance of the slopes of the free terms, in their own units."""
    back = fit.terms.back
    raw: Floats = back @ _errors.covariance(fit.made, fit.state, fit.step, errors=errors) @ back.T
    return raw


def closeness(fit: Estimate) -> dict[str, float]:
    """Return deviance, log-likelihood and the common part of commuters."""
    flow, at = fit.made.pairs.flow, fit.state
    total, common = at.columns.sum(), np.minimum(flow, at.mean).sum()
    # The state's likelihood is sum y ln m - m; a flow of zero adds nothing to the rest.
    saturated, factorials = _constants(flow[flow > 0])
    deviance = 2 * (saturated - at.likelihood)
    return {
        "deviance": float(deviance),
        "log_likelihood": float(at.likelihood - factorials),
        "cpc": float(2 * common / (flow.sum() + total)),
    }


def _constants(flow: Floats) -> tuple[float, float]:
    """Return the sums of y ln y - y and of ln y! over flows above zero, the latter by Stirling's series."""
    log = np.log(flow)
    saturated = flow * log - flow
    inverse = 1 / flow
    series = inverse * (1 / 12 - inverse**2 * (1 / 360 - inverse**2 / 1260))
    factorials = saturated + (log + np.log(2 * np.pi)) / 2 + series
    small = flow < _STIRLING
    # Small flows are few numbers, though many pairs.
    sizes, number = np.unique(flow[small], return_counts=True)
    few = special.gammaln(sizes + 1) @ number
    return float(saturated.sum()), float(factorials[~small].sum() + few)


def expected(fit: Estimate) -> pd.DataFrame:
    """Return the flows, in the caller's order, with those the model expects."""
    pairs = fit.made.pairs
    mean = np.empty(len(pairs.flow))
    mean[pairs.order] = fit.state.mean
    return pairs.table.assign(expected=mean)


def effects(fit: Estimate) -> tuple[pd.Series[float], pd.Series[float]]:
    """Return the effects of origins and of destinations: ln of what a pair expects at cost and terms of 0."""
    pairs, at = fit.made.pairs, fit.state
    outward = at.outward.copy()
    if pairs.profiled:
        outward -= slopes(fit) @ fit.terms.centre
    by_row = pd.Series(outward, index=pairs.present("row"), name="effect")
    by_column = pd.Series(at.inward, index=pairs.present("column"), name="effect")
    return (by_column, by_row) if pairs.constraint == "destination" else (by_row, by_column)


def in_words(coefficients: pd.DataFrame, decay: str) -> str:
    """Return what cost and border do to flows, in percent."""
    size = coefficients[["estimate", "low", "high"]]
    cost = size.loc[["cost"]].to_numpy()[0] * (1 if decay == "power" else 100)
    what = "one percent" if decay == "power" else "one unit"
    words = "{} more of cost changes flows by {:.3g}% (95% interval {:.3g} to {:.3g})".format(what, *cost)
    if "border" in size.index and "cost_foreign" not in size.index:
        border = 100 * np.expm1(size.loc[["border"]].to_numpy()[0])
        words += "; across a border they differ by {:.3g}% ({:.3g} to {:.3g})".format(*border)
    return words
