"""Gravity models: how flows between regions depend on cost and on borders."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import pandas as pd

from geoinno import _contract
from geoinno._display import Displayed
from geoinno._kernels.threads import single_blas_thread
from geoinno.measure._inference.estimates import coefficients
from geoinno.measure.interaction import _answer, _estimate, _terms
from geoinno.measure.interaction._spec import DEFAULTS, GravityOptions, GravitySpec

if TYPE_CHECKING:
    from geoinno.measure.interaction._spec import Constraint

__all__ = ["DEFAULTS", "Gravity", "GravityOptions", "gravity"]


@dataclass(frozen=True, slots=True)
class Gravity(Displayed):
    """A fitted gravity model. ``coefficients``: estimate, se, z, p, low, high by term (95% intervals).

    ``mean_crossing_cost`` is the mean cost of the pairs that cross a border, weighted by flows.
    ``errors`` names the standard errors that were used; ``note`` says why they are not those requested.
    """

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
    note: str = ""
    mean_crossing_cost: float = float("nan")

    def __str__(self) -> str:
        note = f" ({self.note})" if self.note else ""
        return (
            f"Gravity model of {self.n:,} pairs (constraint: {self.constraint}). "
            f"{_answer.slopes_in_words(self.coefficients, self.decay)}; {self.errors} standard errors{note}. "
            f"The model places {self.cpc:.0%} of the flows on the right pairs."
        )


def gravity(
    flows: pd.DataFrame,
    costs: pd.DataFrame,
    *,
    decay: Literal["power", "exponential"] = "power",
    constraint: Constraint = "both",
    border: pd.Series | None = None,
    origin_mass: pd.Series | None = None,
    destination_mass: pd.Series | None = None,
    options: GravityOptions = DEFAULTS,
) -> Gravity:
    """Fit a gravity model of flows by Poisson pseudo-maximum likelihood.

    E X_ij = exp(a_i + b_j + beta ln c_ij + delta [different countries] + ...), or beta c_ij for exponential
    decay. A cost coefficient far below zero says that flows go mainly to near regions; a border coefficient
    below zero, that they stay within countries. Zeros are kept. On constrained sides, fitted flows
    have the observed totals.

    Parameters
    ----------
    flows
        ``origin, destination, value``; a pair that is absent is unknown (see ``GravityOptions.complete``).
    costs
        Square, km or minutes, from rows to columns; above zero for every pair of the flows.
    decay
        ``"power"``: the slope of cost is an elasticity; ``"exponential"``: a rate per unit.
    constraint
        Which side has effects: ``"both"`` (a_i and b_j), ``"origin"``, ``"destination"`` or ``"none"``.
    border
        Country of each region.
    origin_mass, destination_mass
        Size of each region where that side has no effect, above zero; its logarithm is a term.
        Without it all regions of that side are alike.
    options
        Covariates, standard errors, own pairs, absent pairs, slopes at home and abroad.

    Returns
    -------
    Gravity
        ``coefficients`` (rows ``cost``, ``cost_foreign``, ``border``, covariates, masses, ``constant``),
        ``fitted`` (flows with ``expected``), ``deviance``, ``log_likelihood``, ``cpc`` (the share of flows
        on the right pair), ``n``, ``covariance``, ``origin_effects`` (a_i) and ``destination_effects`` (b_j):
        of both, only sums are identified, so those of destinations have a mean of zero.

    Raises
    ------
    FlowError
        If flows or costs are unsound, a region has no flow, terms are collinear, or no estimate exists.

    References
    ----------
    Santos Silva, J. M. C. and Tenreyro, S. (2006). The log of gravity. Review of Economics and
    Statistics 88(4), 641-658. doi:10.1162/rest.88.4.641
    Wilson, A. G. (1971). A family of spatial interaction models. Environment and Planning A 3(1), 1-32.
    doi:10.1068/a030001
    Fally, T. (2015). Structural gravity and fixed effects. Journal of International Economics 97(1),
    76-85. doi:10.1016/j.jinteco.2015.05.005
    Correia, S., Guimaraes, P. and Zylkin, T. (2019). Verifying the existence of maximum likelihood
    estimates for generalized linear models. arXiv:1903.01633.

    Examples
    --------
    >>> import geoinno as gi
    >>> place = gi.read.sample("austria")
    >>> fit = gi.measure.gravity(place.flows, gi.weigh.distances(place.regions))
    >>> fit.coefficients.loc["cost", "estimate"].round(2)
    np.float64(-1.35)
    """
    spec = GravitySpec(constraint, border, origin_mass, destination_mass, options)
    _contract.option(decay, tuple(_terms.DECAYS), name="decay")
    case = _estimate.case(flows, costs, spec)
    terms = {**_terms.cost_terms(case.pairs, decay, spec), **case.sides}
    with single_blas_thread():
        estimate = _estimate.estimate(case.pairs, terms)
        spread = estimate.covariance(options.errors)
    names = pd.Index(estimate.terms.names)
    origins, destinations = _answer.effects(estimate, both=constraint == "both")
    return Gravity(
        coefficients=coefficients(names, estimate.slopes, spread.matrix),
        fitted=_answer.expected(estimate.fit),
        **_answer.closeness(estimate.fit),
        n=len(case.pairs.flow),
        mean_cost=float(case.pairs.cost.mean()),
        covariance=pd.DataFrame(spread.matrix, index=names, columns=names),
        origin_effects=origins,
        destination_effects=destinations,
        decay=decay,
        constraint=constraint,
        errors=spread.errors,
        note=spread.note,
        mean_crossing_cost=_answer.crossing_cost(case.pairs, case.sides.get("border")),
    )
