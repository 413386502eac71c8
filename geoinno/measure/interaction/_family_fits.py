"""Decay families fitted to the same flows with the same effects: estimates, cross-validation, ranking."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from scipy import optimize, stats

from geoinno import _contract
from geoinno._kernels.threads import single_blas_thread
from geoinno._types import LEVEL
from geoinno.measure.interaction import _answer, _estimate, _families, _newton, _poisson, _terms
from geoinno.measure.interaction._families import FAMILIES
from geoinno.scale import follow
from geoinno.weigh import Decay

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

    from geoinno._types import Floats
    from geoinno.measure.interaction._estimate import Case, Estimate
    from geoinno.measure.interaction._families import Family
    from geoinno.measure.interaction._pairs import Pairs
    from geoinno.measure.interaction._poisson import State
    from geoinno.measure.interaction._spec import GravityOptions


_AT_BOUND = 1e-3


@dataclass(frozen=True, slots=True)
class FamilyFit:
    """One family fitted: its parameters and their covariance, and whether it stands on a bound."""

    name: str
    parameters: Floats
    covariance: Floats
    closeness: Mapping[str, float]
    bound: bool
    cpc: float

    @property
    def decay(self) -> Decay | None:
        """The decay, if the parameters make one."""
        values = self.parameters
        if self.name == "lognormal" and (self.bound or not _has_scale(FAMILIES[self.name].values(values))):
            return None  # without curvature, or with as good as none, it is a power
        falls = not FAMILIES[self.name].linear or values[-1] > 0 or (len(values) > 1 and values[0] > 0)
        return Decay(self.name, FAMILIES[self.name].values(values)) if falls else None


def _has_scale(values: Sequence[float]) -> bool:
    """Whether the scale of a lognormal decay is a number: without much curvature it runs to 0 or infinity."""
    return 0 < values[1] < np.inf


def fit_families(case: Case, names: Sequence[str], options: GravityOptions) -> dict[str, FamilyFit]:
    """Return each family, fitted and cross-validated."""
    _terms.above_zero(case.pairs, [name for name in names if FAMILIES[name].log_cost])
    with single_blas_thread():
        return {name: _fit_family(case, name, options) for name in follow(names, "Family")}


def _fit_family(case: Case, name: str, options: GravityOptions) -> FamilyFit:
    """Return one family, fitted and cross-validated."""
    family = FAMILIES[name]
    estimate, parameters, bound = _estimated(case.pairs, case.sides, family)
    spread = np.full((family.size, family.size), np.nan)
    if not bound:
        spread = estimate.covariance(options.errors).matrix[: family.size, : family.size]
    cpc = _cross_validated(case, family, options)
    return FamilyFit(name, parameters, spread, _answer.closeness(estimate.fit), bound, cpc)


def _estimated(pairs: Pairs, sides: Mapping[str, Floats], family: Family) -> tuple[Estimate, Floats, bool]:
    """Return the fit, linear in the parameters around their estimate, and whether that is on a bound."""
    if not family.linear:
        parameters, bound = _shape(pairs, sides, family)
        slopes = {} if bound else _families.columns(family, pairs.cost, parameters)
        fixed = family.log(pairs.cost, parameters)
        return _estimate.estimate(pairs, {**slopes, **sides}, fixed=fixed), parameters, bound
    columns = _families.columns(family, pairs.cost)
    fit = _estimate.estimate(pairs, {**columns, **sides})
    parameters = fit.slopes[: family.size]
    if parameters[-1] > 0:
        return fit, parameters, not _falls(pairs, family, parameters)
    # Flows that do not end by falling: the likelihood is highest where the last parameter is zero.
    columns.popitem()
    fit = _estimate.estimate(pairs, {**columns, **sides})
    return fit, np.append(fit.slopes[: family.size - 1], 0.0), True


def _falls(pairs: Pairs, family: Family, parameters: Floats) -> bool:
    """Whether the decay is lower at the largest cost than at the smallest."""
    near, far = family.log(np.array([pairs.cost.min(), pairs.cost.max()]), parameters)
    return bool(far < near)


def _shape(pairs: Pairs, sides: Mapping[str, Floats], family: Family) -> tuple[Floats, bool]:
    """Return the parameters of highest likelihood, and whether they are on a bound.

    Every other parameter is profiled out at each step, so that the slope is that of the predictor alone. Each
    fit starts from the one before, which lies near.
    """
    total = pairs.flow.sum()
    others = _terms.scaled(sides).scaled
    state: State | None = None

    def loss(parameters: Floats) -> tuple[float, Floats]:
        nonlocal state
        log = family.log(pairs.cost, parameters)
        model = _poisson.model(pairs, np.vstack([log - log.mean(), *others]), fixed=1)
        state = _newton.maximum(model, near=state).state
        gaps = pairs.flow - state.mean
        slope = [gaps @ column for column in family.columns(pairs.cost, parameters)]
        return -state.likelihood / total, -np.array(slope) / total

    start, bounds = family.shape(pairs.cost, pairs.flow) if family.shape else (np.empty(0), [])
    found = optimize.minimize(
        loss, start, jac=True, method="L-BFGS-B", bounds=bounds, options={"ftol": 1e-14, "gtol": 1e-9}
    )
    return found.x, bool((np.abs(found.x[:, None] - np.array(bounds)) < _AT_BOUND).any())


def _cross_validated(case: Case, family: Family, options: GravityOptions) -> float:
    """Return the common part of flows for pairs predicted from fits without them, where they can be."""
    pairs = case.pairs
    # Dealt by the names of the pairs, so that the order of rows does not matter.
    rank = pairs.ids.argsort().argsort()
    order = np.lexsort((rank[pairs.destination], rank[pairs.origin]))
    deal = np.empty(len(order), dtype=np.int64)
    deal[order] = np.random.default_rng(options.seed).permutation(len(order)) % options.folds
    expected = np.empty(len(order))
    for fold in follow(range(min(options.folds, len(order))), "Fold"):
        known = deal != fold
        expected[~known] = _predicted(case, family, known)
    flow, expected = pairs.flow[np.isfinite(expected)], expected[np.isfinite(expected)]
    total = expected.sum() + flow.sum()
    return float(2 * np.minimum(expected, flow).sum() / total) if total > 0 else np.nan


def _predicted(case: Case, family: Family, known: NDArray[np.bool_]) -> Floats:
    """Return the flows of pairs that are not known, from the family fitted to those that are."""
    pairs = case.pairs
    if family.linear:
        columns = {**_families.columns(family, pairs.cost), **case.sides}
        return _estimate.predict(pairs, columns, known)
    some = {name: side[known] for name, side in case.sides.items()}
    parameters, _ = _shape(pairs.part(known), some, family)
    return _estimate.predict(pairs, case.sides, known, fixed=family.log(pairs.cost, parameters))


def ranked(case: Case, fits: Mapping[str, FamilyFit]) -> pd.DataFrame:
    """Return the families as rows, the lowest AIC first."""
    pairs = case.pairs
    effects = {"both": pairs.rows + pairs.columns - 1, "none": 0}.get(pairs.constraint, pairs.rows)
    rows = [_row(fit, effects + len(case.sides)) for fit in fits.values()]
    return pd.DataFrame(rows).sort_values("aic", kind="stable", ignore_index=True)


def _row(fit: FamilyFit, others: int) -> dict[str, object]:
    """Return a family as a row of the table; ``others`` counts the parameters that all families share."""
    half, low, high = _half(fit)
    size, decay = FAMILIES[fit.name].size, fit.decay
    return {
        "family": fit.name,
        "parameters": {} if decay is None else decay.parameters,
        "half": half,
        "half_low": low,
        "half_high": high,
        "deviance": fit.closeness["deviance"],
        "aic": 2 * (size + others) - 2 * fit.closeness["log_likelihood"],
        "cpc": fit.cpc,
        "bound": fit.bound,
    }


def _half(fit: FamilyFit) -> tuple[float, float, float]:
    """Return the half-distance with its interval.

    By the delta method on its logarithm. Where the one parameter of a family is not significant, that covers
    too little: the bounds are then those that the bounds of the parameter make, the upper one infinite.
    """
    if fit.bound or fit.decay is None or fit.decay.half is None:
        return np.nan, np.nan, np.nan
    half, quantile = fit.decay.half, float(stats.norm.ppf((1 + LEVEL) / 2))
    if len(fit.parameters) == 1 and fit.parameters[0] < quantile * (se := np.sqrt(fit.covariance[0, 0])):
        return half, float(np.exp(_log_half(fit, fit.parameters + quantile * se))), np.inf
    steps = np.diag(1e-5 * np.maximum(np.abs(fit.parameters), 1e-12))
    slope = np.array(
        [
            (_log_half(fit, fit.parameters + step) - _log_half(fit, fit.parameters - step)) / (2 * step.sum())
            for step in steps
        ]
    )
    reach = quantile * np.sqrt(slope @ fit.covariance @ slope)
    return half, float(half * np.exp(-reach)), float(half * np.exp(reach))


def _log_half(fit: FamilyFit, parameters: Floats) -> float:
    """Return the logarithm of the half-distance at these parameters."""
    return float(np.log(Decay(fit.name, FAMILIES[fit.name].values(parameters)).half or np.nan))


def in_words(table: pd.DataFrame, pairs: int) -> str:
    """Return the ranking as a paragraph."""
    best = table[~table["bound"]].iloc[0]
    families = "family" if len(table) == 1 else "families"
    words = f"Of {len(table)} decay {families} on {pairs:,} pairs, {best['family']} fits best"
    words += f" (AIC {best['aic']:,.1f}"
    others = table[~table["bound"] & (table["family"] != best["family"])]
    words += f", next {others.iloc[0]['family']} {others.iloc[0]['aic']:,.1f})" if len(others) else ")"
    if np.isfinite(best["half"]):
        words += f": flows halve at a cost of {best['half']:,.4g} (95% interval "
        high = "infinity: the fall with cost is not significant"
        high = f"{best['half_high']:,.4g}" if np.isfinite(best["half_high"]) else high
        words += f"{best['half_low']:,.4g} to {high})"
    words += "."
    if np.isfinite(best["cpc"]):
        words += f" It places {best['cpc']:.0%} of the held-out flow on the right pairs."
    bound = table.loc[table["bound"], "family"]
    return words + (f" At a bound of their parameters: {_contract.named(bound)}." if len(bound) else "")
