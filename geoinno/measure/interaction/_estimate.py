"""From tables to a fitted gravity model: pairs, terms, checks, fit."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from geoinno import _contract
from geoinno._language.phrases import Phrase
from geoinno.errors import FlowError
from geoinno.measure.interaction import _errors, _existence, _newton, _pairs, _poisson, _terms

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pandas as pd

    from geoinno._types import Bools, Floats
    from geoinno.measure.interaction._newton import Fit
    from geoinno.measure.interaction._pairs import Pairs
    from geoinno.measure.interaction._poisson import Model
    from geoinno.measure.interaction._spec import GravitySpec
    from geoinno.measure.interaction._terms import Terms


# Newton steps shrink quadratically towards a maximum; where there is none they stay as long as they were.
_REGULAR_STEPS, _MOST_STEPS = 15, 60
# A zero flow of which this small a part of the mean flow is expected may be one that terms predict for sure.
_VANISHING = 1e-12


@dataclass(frozen=True, slots=True)
class Case:
    """The data of a model: the pairs, and their terms beside the cost."""

    pairs: Pairs
    sides: Mapping[str, Floats]


@dataclass(frozen=True, slots=True)
class Estimate:
    """A fitted model with its terms in their own units."""

    terms: Terms
    fit: Fit

    @property
    def slopes(self) -> Floats:
        """The slopes of the free terms, in their own units."""
        free: Floats = self.terms.back @ self.fit.state.slopes[self.fit.model.free]
        return free

    def covariance(self, errors: str) -> _errors.Covariance:
        """Return the covariance of the slopes, in their own units."""
        scaled = _errors.covariance(self.fit, errors)
        back = self.terms.back
        return _errors.Covariance(back @ scaled.matrix @ back.T, scaled.errors, scaled.note)


def case(flows: pd.DataFrame, costs: pd.DataFrame, spec: GravitySpec) -> Case:
    """Return the checked pairs and terms of ``gravity`` or ``decay_fit``."""
    _contract.option(spec.options.errors, _errors.ERRORS, name="errors")
    pairs = _pairs.observed(flows, costs, spec)
    _existence.sound_margins(pairs)
    return Case(pairs, _terms.sides(pairs, spec))


def estimate(pairs: Pairs, columns: Mapping[str, Floats], *, fixed: Floats | None = None) -> Estimate:
    """Return the fit of these terms, or raise where it does not exist.

    ``fixed`` is a predictor that enters as it is, with the slope 1.
    """
    terms = _terms.scaled(columns)
    model = _model(pairs, terms, fixed)
    start = _newton.start(model)
    _existence.check_independence(start, terms.names)
    fit = _newton.climb(start, steps=_REGULAR_STEPS)
    if not fit.converged or _some_vanish(fit):
        _existence.check_separation(model, terms.names)
    if not fit.converged:
        fit = _newton.climb(fit, steps=_MOST_STEPS)
    if not fit.converged:
        raise FlowError(_unsettled(fit, terms))
    return Estimate(terms, fit)


def predict(
    pairs: Pairs, columns: Mapping[str, Floats], known: Bools, *, fixed: Floats | None = None
) -> Floats:
    """Return the flows expected for the pairs that are not ``known`` from a fit to those that are.

    Missing where the known pairs do not tell what size the flows of a region have.
    """
    terms = _model(pairs, _terms.scaled(columns), fixed).terms
    model = _poisson.model(pairs.part(known), terms[:, known], fixed=int(fixed is not None))
    state = _newton.maximum(model).state
    predictor = state.slopes @ terms[:, ~known] + state.inward[pairs.column[~known]]
    expected: Floats = np.exp(predictor + state.outward[pairs.row[~known]])
    expected[~_predictable(pairs, known)[~known]] = np.nan
    return expected


def _predictable(pairs: Pairs, known: Bools) -> Bools:
    """Whether the known pairs determine the sum of the effects of both ends of each pair.

    With effects on both sides, one group of regions may rise and another fall unless known pairs join them.
    """
    if pairs.constraint == "none":
        return np.ones(len(known), dtype=bool)
    if pairs.constraint == "both":
        here, there = _existence.joined_groups(pairs, known)
        return here == there
    return np.isin(pairs.row, pairs.row[known])


def _model(pairs: Pairs, terms: Terms, fixed: Floats | None) -> Model:
    """Return the model of the terms, after a fixed predictor if there is one."""
    if fixed is None:
        return _poisson.model(pairs, terms.scaled.reshape(-1, len(pairs.flow)))
    return _poisson.model(pairs, np.vstack([fixed - fixed.mean(), *terms.scaled]), fixed=1)


def _some_vanish(fit: Fit) -> bool:
    """Whether next to nothing is expected where there is no flow, as terms that separate zeros have it."""
    flow, mean = fit.model.pairs.flow, fit.state.mean
    least = _VANISHING * flow.mean()
    return bool(mean.min() < least and (mean[flow == 0] < least).any())


def _unsettled(fit: Fit, terms: Terms) -> str:
    """Return what to say where an estimate exists but steps do not reach it."""
    return Phrase(
        "The estimates do not converge: after {n} steps they still move by {step:.2g}. {remedy}",
        n=str(_REGULAR_STEPS + _MOST_STEPS),
        step=fit.step.length,
        remedy=_remedy(fit, terms),
    )


def _remedy(fit: Fit, terms: Terms) -> Phrase:
    """Return what to leave out, so that steps reach the estimate."""
    if not len(fit.information):
        return Phrase("Leave out regions with a single partner.")
    size, vectors = np.linalg.eigh(fit.information)
    if size[0] > _existence.COLLINEAR * size[-1]:
        return Phrase("Leave out regions whose flows are smaller than others by many orders of magnitude.")
    flat = [name for name, part in zip(terms.names, vectors[:, 0], strict=True) if abs(part) > 0.1]  # noqa: PLR2004
    return Phrase(
        "The likelihood is all but flat along {terms}: leave out one of them.", terms=_contract.named(flat)
    )
