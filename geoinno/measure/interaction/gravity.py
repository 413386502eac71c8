"""Interaction: how flows between regions depend on what it costs to go there, and on borders."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from geoinno.measure.interaction import _balancing, _decays, _estimate, _model
from geoinno.measure.interaction._model import DEFAULTS, Gravity, GravityOptions

if TYPE_CHECKING:
    import pandas as pd

    from geoinno.measure.interaction._pairs import Constraint
    from geoinno.weigh import Decay

__all__ = [
    "DEFAULTS",
    "BalancedFlows",
    "DecayFit",
    "Gravity",
    "GravityOptions",
    "balanced_flows",
    "decay_fit",
    "gravity",
]


@dataclass(frozen=True, slots=True)
class DecayFit:
    """Decay families fitted to the same flows. ``decays`` holds those that fall with cost, best first."""

    table: pd.DataFrame
    best: Decay
    decays: dict[str, Decay]
    n: int

    def __str__(self) -> str:
        return _decays.in_words(self.table, self.n)


@dataclass(frozen=True, slots=True)
class BalancedFlows:
    """Flows balanced to margins: T_ij = A_i O_i B_j D_j f(c_ij)."""

    flows: pd.DataFrame
    origin_factors: pd.Series[float]
    destination_factors: pd.Series[float]
    iterations: int

    def __str__(self) -> str:
        size = f"{self.flows['value'].sum():,.6g} in {len(self.flows):,} flows"
        size += f", balanced to margins of {len(self.origin_factors):,} regions"
        return f"{size} in {self.iterations:,} rounds."


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
    decay. A cost far below zero says that flows keep to near regions; a border below zero that they keep
    to their country. Zeros are kept. Constrained sides of fitted flows have the margins observed.

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
        on the right pair), ``n``, ``covariance``, effects of origins and destinations.

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
    masses = {"origin_mass": origin_mass, "destination_mass": destination_mass}
    setting = {"constraint": constraint, "border": border, "options": options, **masses}
    return _model.fitted(flows, costs, decay=decay, setting=setting)


def decay_fit(
    flows: pd.DataFrame,
    costs: pd.DataFrame,
    *,
    families: tuple[str, ...] = _decays.ALL,
    constraint: Constraint = "both",
    border: pd.Series | None = None,
    origin_mass: pd.Series | None = None,
    destination_mass: pd.Series | None = None,
    options: GravityOptions = DEFAULTS,
) -> DecayFit:
    """Fit families of decay to the same flows with the same effects, and rank them.

    The first row of the table says how flows fall with cost. Each family enters the gravity model in
    place of cost: E X_ij = exp(a_i + b_j + ln f(c_ij) + ...).

    Parameters
    ----------
    flows, costs, constraint, border, origin_mass, destination_mass
        As for ``gravity``.
    families
        Names of functions of ``gi.weigh``: ``exponential``, ``power``, ``gaussian``, ``tanner``,
        ``lognormal``, ``logistic``, ``offset_power``, ``exponential_sqrt``.
    options
        As for ``gravity``; ``kink`` is not for this.

    Returns
    -------
    DecayFit
        ``table`` ranked by AIC: ``family``, ``parameters``, ``half`` with its 95% interval ``half_low`` and
        ``half_high`` (missing where a family has none), ``deviance``, ``aic``, ``cpc`` of pairs left out
        of the fit, and ``bound``: whether the shape ran to an edge of the family, or flows rise with
        cost. ``best`` is the first ``Decay`` off the bounds.

    Notes
    -----
    AIC = 2 (parameters and effects) - 2 log-likelihood trusts flows to be independent counts; where they
    vary more, differences between families come out too large, and ``cpc`` is the safer judge.

    References
    ----------
    Fotheringham, A. S. and O'Kelly, M. E. (1989). Spatial Interaction Models. Dordrecht: Kluwer.
    Lenormand, M., Bassolas, A. and Ramasco, J. J. (2016). Systematic comparison of trip distribution laws
    and models. Journal of Transport Geography 51, 158-169. doi:10.1016/j.jtrangeo.2015.12.008

    Examples
    --------
    >>> import geoinno as gi
    >>> place = gi.read.sample("austria")
    >>> gi.measure.decay_fit(place.flows, gi.weigh.distances(place.regions)).best
    power(exponent=1.35036)
    """
    masses = {"origin_mass": origin_mass, "destination_mass": destination_mass}
    setting = {"constraint": constraint, "border": border, "options": options, **masses}
    asked = _estimate.case(flows, costs, setting)
    table, decays = _decays.tournament(asked, families, options)
    return DecayFit(table, next(iter(decays.values())), decays, len(asked.pairs.flow))


def balanced_flows(
    outflows: pd.Series,
    inflows: pd.Series,
    costs: pd.DataFrame,
    *,
    decay: Decay,
    own: Literal["drop", "keep"] = "drop",
) -> BalancedFlows:
    """Spread what regions send and receive over their pairs, the near ones first.

    T_ij = A_i O_i B_j D_j f(c_ij), A_i = 1 / sum_j B_j D_j f(c_ij), B_j = 1 / sum_i A_i O_i f(c_ij),
    found by turns (Furness). A high A_i belongs to a region far from destinations.

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
    return BalancedFlows(*_balancing.wilson(outflows, inflows, costs, decay=decay, own=own))
