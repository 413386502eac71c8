"""Decay fit: which family of distance decay fits the flows best."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from geoinno import _contract
from geoinno._display import Displayed
from geoinno.errors import FlowError, OptionError
from geoinno.measure.interaction import _estimate, _family_fits
from geoinno.measure.interaction._families import ALL
from geoinno.measure.interaction._spec import DEFAULTS, GravityOptions, GravitySpec

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pandas as pd

    from geoinno.measure.interaction._spec import Constraint
    from geoinno.weigh import Decay


@dataclass(frozen=True, slots=True)
class DecayFit(Displayed):
    """Decay families fitted to the same flows. ``decays`` holds those that fall with cost, best first."""

    table: pd.DataFrame
    best: Decay
    decays: dict[str, Decay]
    n: int

    def __str__(self) -> str:
        return _family_fits.in_words(self.table, self.n)


def decay_fit(
    flows: pd.DataFrame,
    costs: pd.DataFrame,
    *,
    families: tuple[str, ...] = ALL,
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
        As for ``gravity``; ``kink`` is not supported.

    Returns
    -------
    DecayFit
        ``table`` ranked by AIC: ``family``, ``parameters``, ``half`` with its 95% interval ``half_low`` and
        ``half_high`` (missing where a family has none; the upper one infinite where the fall is not
        significant), ``deviance``, ``aic``, ``cpc`` of pairs left out of the fit (except pairs whose regions
        have no other pair), and ``bound``: whether the shape ran to an edge of the family, or flows rise
        with cost. ``best`` is the first ``Decay`` off the bounds.

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
    spec = GravitySpec(constraint, border, origin_mass, destination_mass, options)
    names = _named(families, options)
    case = _estimate.case(flows, costs, spec)
    fits = _family_fits.fit_families(case, names, options)
    table = _family_fits.ranked(case, fits)
    decays = {name: fits[name].decay for name in table["family"] if not fits[name].bound}
    falling = {name: decay for name, decay in decays.items() if decay is not None}
    if not falling:
        message = "Flows do not fall with cost under any of the families: there is no decay to return."
        raise FlowError(message)
    return DecayFit(table, next(iter(falling.values())), falling, len(case.pairs.flow))


def _named(families: Sequence[str], options: GravityOptions) -> list[str]:
    """Return the families, each once, or raise where there is none or one is unknown."""
    names = [_contract.option(family, ALL, name="families") for family in dict.fromkeys(families)]
    if not names:
        message = f"families is empty; name some of {_contract.named(ALL)}."
        raise OptionError(message)
    if options.kink:
        message = "decay_fit compares whole curves and takes no kink; gravity does."
        raise OptionError(message)
    _contract.whole(options.folds, name="folds", least=2)
    return names
