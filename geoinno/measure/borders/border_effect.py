"""Border effect: the cost of crossing a border, estimated from flows."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from scipy import stats

from geoinno import _contract
from geoinno._display import Displayed
from geoinno.errors import ColumnError, OptionError
from geoinno.measure.borders import _readings

if TYPE_CHECKING:
    from geoinno.measure._inference.estimates import Interval
    from geoinno.measure.interaction.gravity import Gravity


@dataclass(frozen=True, slots=True)
class BorderEffect(Displayed):
    """What crossing a border does to flows: one coefficient, read in several units (95% intervals).

    ``multiple``: by how many times the border lengthens each way (power decay alone); ``factor``: how many
    times flows at home exceed those across the border, all else equal; ``percent``: the change at the
    border; ``tariff``: the ad-valorem equivalent; ``width``: the extra cost (in the unit of the costs) that
    would do the same, with power decay at the mean cost of the flows that cross; ``width_minutes``: that,
    on the road. ``dividend``: how many times flows inside a bloc exceed those to outside of it.
    """

    multiple: Interval | None
    factor: Interval
    percent: Interval
    tariff: Interval
    width: Interval
    width_minutes: Interval | None
    dividend: Interval | None
    sigma: float
    errors: str

    def __str__(self) -> str:
        """Return the result in words."""
        bloc = ""
        if self.dividend is not None:
            bloc = f" Within the bloc, flows are {self.dividend} times those to countries outside it."
        return (
            f"{self._distance()} Flows within a country are {self.factor} times those across the border, all "
            f"else equal, equivalent to a tariff of {100 * self.tariff.estimate:.3g}% (elasticity of "
            f"substitution {self.sigma:g}; {self.errors} errors).{bloc} With few countries, compare it with "
            "gi.measure.border_placebo."
        )

    def _distance(self) -> str:
        """Return in words what the border is worth in distance."""
        width = f"{self.width} units of cost"
        words = f"Crossing the border is like an extra {width}."
        if self.multiple is not None:
            words = (
                f"Crossing the border is like multiplying the cost of the trip by {self.multiple}, or an "
                f"extra {width} at the mean cost of the flows that cross."
            )
        if not np.isfinite(self.width[1:]).all():
            words += (
                " The slope of cost is not significant, so the equivalent distance has no finite interval."
            )
        return words


def border_effect(
    fit: Gravity, *, sigma: float = 5.0, bloc: str | None = None, speed_kmh: float | None = None
) -> BorderEffect:
    """Express the border coefficient of a gravity model as a factor, a tariff and a distance.

    With d the coefficient of the border and b that of cost: multiple e^(d / b), which depends neither on the
    unit of cost nor on the sample; factor e^-d, percent 100 (e^d - 1), tariff e^(d / (1 - sigma)) - 1;
    width c (e^(d / b) - 1) with c the flow-weighted mean cost of the pairs that cross (power decay), or
    d / b (exponential decay, which has no multiple). A high multiple or factor belongs to a border that
    is hard to cross.

    Parameters
    ----------
    fit
        From ``gravity(flows, costs, border=country)``.
    sigma
        Elasticity of substitution, above 1.
    bloc
        Name of the covariate that marks pairs of different countries in one bloc (`bloc_pairs`); the
        border then is that to countries outside of it.
    speed_kmh
        Where costs are km: the speed at which the width is turned into minutes.

    Returns
    -------
    BorderEffect
        Each reading an `Interval` (estimate, low, high). Factor, percent and tariff carry over the
        interval of d, multiple and width Fieller's interval of d / b: where the slope of cost is not
        significant, a bound is infinite.

    Raises
    ------
    ColumnError
        If the fit has no border, flows do not fall with cost, or the slope of cost has a kink.

    References
    ----------
    Anderson, J. E. and van Wincoop, E. (2003). Gravity with gravitas. American Economic Review 93(1),
    170-192. doi:10.1257/000282803321455214
    Fieller, E. C. (1954). Some problems in interval estimation. Journal of the Royal Statistical Society B
    16(2), 175-185. doi:10.1111/j.2517-6161.1954.tb00159.x
    Parsley, D. C. and Wei, S.-J. (2001). Explaining the border effect. Journal of International
    Economics 55(1), 87-105. doi:10.1016/S0022-1996(01)00096-4

    Examples
    --------
    >>> import geoinno as gi
    >>> place = gi.read.sample("austria")
    >>> east = place.regions["name"].isin(["Wien", "Burgenland"]).map({True: "east", False: "rest"})
    >>> fit = gi.measure.gravity(place.flows, gi.weigh.distances(place.regions), border=east)
    >>> round(gi.measure.border_effect(fit).factor.estimate, 2)
    0.75
    """
    if _contract.positive(sigma, name="sigma") <= 1:
        message = f"sigma must be above 1; {sigma!r} was given."
        raise OptionError(message)
    _readings.model(fit)
    if "cost_foreign" in fit.coefficients.index:
        message = "The slope of cost differs abroad in this fit: no single factor exists, see border_shape."
        raise ColumnError(message)
    delta = _readings.term(fit, "border")
    ratio = _readings.relative_width(fit, "border")
    multiple = None if fit.decay == "exponential" else ratio.mapped(np.exp)
    width = ratio if multiple is None else ratio.mapped(lambda r: fit.mean_crossing_cost * np.expm1(r))
    speed = None if speed_kmh is None else _contract.positive(speed_kmh, name="speed_kmh")
    return BorderEffect(
        multiple=multiple,
        factor=delta.mapped(lambda d: np.exp(-d)),
        percent=delta.mapped(lambda d: 100 * np.expm1(d)),
        tariff=delta.mapped(lambda d: np.expm1(d / (1 - sigma))),
        width=width,
        width_minutes=None if speed is None else width.mapped(lambda km: km / speed * 60),
        dividend=None if bloc is None else _readings.term(fit, bloc).mapped(np.exp),
        sigma=float(sigma),
        errors=fit.errors,
    )


def bloc_pairs(country: pd.Series, bloc: pd.Series) -> pd.DataFrame:
    """Mark the pairs of regions of different countries in one bloc: a covariate for ``gravity``.

    Parameters
    ----------
    country, bloc
        Of each region, by id; a bloc is any word, missing for regions of none.

    Returns
    -------
    DataFrame
        Square, 1 for such pairs, else 0.

    References
    ----------
    Yotov, Y. V., Piermartini, R., Monteiro, J.-A. and Larch, M. (2016). An Advanced Guide to Trade
    Policy Analysis: The Structural Gravity Model. Geneva: WTO and UNCTAD.

    Examples
    --------
    >>> import pandas as pd
    >>> import geoinno as gi
    >>> country = pd.Series(["A", "B", "C"], index=["a", "b", "c"])
    >>> gi.measure.bloc_pairs(country, pd.Series(["EU", "EU", None], index=country.index)).loc["a"].to_list()
    [0.0, 1.0, 0.0]
    """
    ids = _contract.region_ids(_contract.column(country, what="country").index)
    land = _contract.country_series(country, ids)
    union = _contract.aligned(bloc, land.index, what="blocs", against="countries")
    codes = pd.factorize(union)[0]
    member = (codes >= 0)[:, None] & (codes[:, None] == codes)
    abroad = land.to_numpy()[:, None] != land.to_numpy()
    return pd.DataFrame((member & abroad).astype(float), index=land.index, columns=land.index)


def border_shape(fit: Gravity) -> pd.DataFrame:
    """Test whether a border is a jump or a steeper slope.

    From a fit with ``GravityOptions(kink=True)``: ``jump``, the drop of (log) flows at the border at the mean
    cost; ``kink``, by how much the slope of cost differs abroad; ``both``, the joint Wald test (chi-squared,
    2 degrees of freedom). A border felt once is a jump; one felt with every km is a kink.

    Parameters
    ----------
    fit
        From ``gravity(..., border=country, options=GravityOptions(kink=True))``.

    Returns
    -------
    DataFrame
        Rows ``jump``, ``kink`` and ``both``: estimate, se, z, p, low, high (of ``both`` the p alone).

    References
    ----------
    Head, K. and Mayer, T. (2014). Gravity equations: workhorse, toolkit, and cookbook. Handbook of
    International Economics 4, 131-195. doi:10.1016/B978-0-444-54314-1.00003-3

    Examples
    --------
    >>> import geoinno as gi
    >>> place = gi.read.sample("austria")
    >>> east = place.regions["name"].isin(["Wien", "Burgenland"]).map({True: "east", False: "rest"})
    >>> options = gi.measure.GravityOptions(kink=True)
    >>> fit = gi.measure.gravity(place.flows, gi.weigh.distances(place.regions), border=east, options=options)
    >>> gi.measure.border_shape(fit).index.to_list()
    ['jump', 'kink', 'both']
    """
    for name in ("border", "cost_foreign"):
        _readings.term(fit, name)
    at = np.log(fit.mean_cost) if fit.decay == "power" else fit.mean_cost
    rows = {
        "jump": _readings.combined(fit, {"border": 1.0, "cost_foreign": float(at)}),
        "kink": _readings.combined(fit, {"cost_foreign": 1.0}),
    }
    names = ["border", "cost_foreign"]
    effect = fit.coefficients.loc[names, "estimate"].to_numpy()
    wald = effect @ np.linalg.solve(fit.covariance.loc[names, names].to_numpy(), effect)
    table = _readings.tests(rows)
    table.loc["both", "p"] = float(stats.chi2.sf(wald, 2))
    return table
