"""The gravity model as the rooms on interaction and on borders share it: options, fit and answer."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal

import pandas as pd

from geoinno import _contract
from geoinno.measure._inference.estimates import coefficients
from geoinno.measure.interaction import _estimate, _terms

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(frozen=True, slots=True)
class GravityOptions:
    """What else a gravity model may be told.

    Parameters
    ----------
    covariates
        Square tables by name, such as a common language: any number of terms that pairs differ in.
    errors
        ``"robust"``, clustered by ``"origin"``, ``"destination"``, ``"pair"`` (both directions
        together) or ``"two-way"`` (origin and destination), or ``"poisson"``, which trusts that flows are
        independent counts. Small-sample factors are those of fixest: N / (N - K) for robust;
        (N - 1) / (N - K) G / (G - 1) for clusters, K without nested effects, the smaller G in two-way.
    own
        ``"drop"`` pairs of a region with itself, or ``"keep"`` those there are; they need a cost above zero.
    complete
        Whether a pair of different regions that is absent from the flows is a zero. If not, it is unknown.
    kink
        Add ``cost_foreign``, by how much the slope of cost differs between countries; needs a border.
    folds, seed
        Of the cross-validation of ``decay_fit``: into how many parts pairs are dealt, and by which draw.
    """

    covariates: Mapping[str, pd.DataFrame] = field(default_factory=dict)
    errors: Literal["robust", "origin", "destination", "pair", "two-way", "poisson"] = "robust"
    own: Literal["drop", "keep"] = "drop"
    complete: bool = False
    kink: bool = False
    folds: int = 5
    seed: int = 0


@dataclass(frozen=True, slots=True)
class Gravity:
    """A fitted gravity model. ``coefficients``: estimate, se, z, p, low, high by term (95% intervals)."""

    coefficients: pd.DataFrame
    fitted: pd.DataFrame
    deviance: float
    log_likelihood: float
    cpc: float
    n: int
    mean_cost: float
    covariance: pd.DataFrame
    origin_effects: pd.Series[float]
    destination_effects: pd.Series[float]
    decay: str
    constraint: str
    errors: str

    def __str__(self) -> str:
        return (
            f"Gravity model of {self.n:,} pairs (constraint: {self.constraint}): "
            f"{_estimate.in_words(self.coefficients, self.decay)}; {self.errors} errors. "
            f"The model places {self.cpc:.0%} of the flows on the right pairs."
        )


DEFAULTS = GravityOptions()


def fitted(flows: pd.DataFrame, costs: pd.DataFrame, *, decay: str, setting: Mapping[str, Any]) -> Gravity:
    """Return the model that ``setting`` asks for: constraint, border, masses and options."""
    _contract.option(decay, tuple(_terms.DECAYS), name="decay")
    options: GravityOptions = setting["options"]
    asked = _estimate.case(flows, costs, setting)
    slope = _terms.cost_terms(asked.pairs, decay, setting["border"], kink=options.kink)
    fit = _estimate.estimated(asked.pairs, {**slope, **asked.sides})
    names = fit.terms.names
    spread = _estimate.covariance(fit, options.errors)
    origins, destinations = _estimate.effects(fit)
    return Gravity(
        coefficients=coefficients(names, _estimate.slopes(fit), spread),
        fitted=_estimate.expected(fit),
        **_estimate.closeness(fit),
        n=len(asked.pairs.flow),
        mean_cost=float(asked.pairs.cost.mean()),
        covariance=pd.DataFrame(spread, index=names, columns=names),
        origin_effects=origins,
        destination_effects=destinations,
        decay=decay,
        constraint=setting["constraint"],
        errors=options.errors,
    )
