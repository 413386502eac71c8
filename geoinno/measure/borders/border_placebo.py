"""Border placebo: whether a border effect holds under other internal distances and against random borders."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Literal

import numpy as np
import pandas as pd

from geoinno import _contract
from geoinno._display import Displayed
from geoinno._types import ALPHA
from geoinno.errors import FlowError
from geoinno.measure.borders import _differences, _placebo_countries, _readings
from geoinno.measure.interaction.gravity import DEFAULTS, GravityOptions, gravity
from geoinno.scale import follow
from geoinno.weigh import distances, internal_distances

if TYPE_CHECKING:
    from geopandas import GeoDataFrame
    from numpy.typing import NDArray

    from geoinno._types import Floats


_ATTEMPTS = 1000
_RULES: tuple[Literal["disc", "head-mayer", "keeble", "random-pair"], ...] = (
    "disc",
    "head-mayer",
    "keeble",
    "random-pair",
)


@dataclass(frozen=True, slots=True, eq=False)
class BorderPlacebo(Displayed):
    """The border coefficient beside those of placebo borders. ``draws``: their z-values."""

    estimate: float
    z: float
    p: float
    countries: int
    draws: pd.Series
    seed: int

    def __str__(self) -> str:
        """Return the result in words."""
        finding = "stands out from" if self.p <= ALPHA else "does not stand out from"
        return (
            f"The border coefficient of {self.estimate:.3g} (z = {self.z:.3g}) {finding} those of "
            f"{len(self.draws):,} random partitions of the map into {self.countries} countries "
            f"(two-sided p = {self.p:.2g}, a cautious test)."
        )


def border_audit(
    flows: pd.DataFrame,
    regions: GeoDataFrame,
    *,
    country: pd.Series | str = "country",
    decay: Literal["power", "exponential"] = "power",
    sigma: float = 5.0,
    options: GravityOptions = DEFAULTS,
) -> pd.DataFrame:
    """Refit a border effect under four rules for distances within regions.

    Distances within regions are assumed, not observed, so an effect that changes with the rule is
    partly an artefact of it. If the factors differ widely, none of them should be trusted alone.

    Parameters
    ----------
    flows
        ``origin, destination, value``, with flows of regions with themselves.
    regions
        Polygons; costs are geodesic km, at home by the rules of ``gi.weigh.internal_distances``.
    country, decay, options
        As for ``gravity``; own pairs are kept.
    sigma
        Elasticity of substitution, above 1.

    Returns
    -------
    DataFrame
        By rule: ``cost`` and ``border`` (coefficients), ``factor`` with ``low`` and ``high``, ``tariff``.

    Raises
    ------
    FlowError
        If the flows hold no pair of a region with itself.

    References
    ----------
    Head, K. and Mayer, T. (2002). Illusory border effects: distance mismeasurement inflates estimates of
    home bias in trade. CEPII Working Paper 2002-01.

    Examples
    --------
    >>> import geoinno as gi
    >>> place = gi.read.sample("north_america")
    >>> states = place.regions[place.regions["country"] == "USA"]
    >>> inland = (gi.weigh.places(states)["lon"] > -100).map({True: "east", False: "west"})
    >>> gi.measure.border_audit(place.flows, states, country=inland).index.to_list()
    ['disc', 'head-mayer', 'keeble', 'random-pair']
    """
    _contract.sound_flows(flows, ids=_contract.polygons(regions).index)
    if not (flows["origin"] == flows["destination"]).any():
        message = "The flows hold no pair of a region with itself, so distances at home play no part."
        raise FlowError(message)
    land, costs = _contract.country_series(country, regions), distances(regions)
    rows = {}
    for rule in _RULES:
        matrix = costs.to_numpy(copy=True)
        np.fill_diagonal(matrix, internal_distances(regions, rule=rule))
        home = pd.DataFrame(matrix, index=costs.index, columns=costs.columns)
        kept = replace(options, own="keep")
        fit = gravity(flows, home, decay=decay, border=land, options=kept)
        delta = _readings.term(fit, "border")
        factor = delta.mapped(lambda d: np.exp(-d))
        tariff = float(np.expm1(delta.estimate / (1 - sigma)))
        slope = _readings.term(fit, "cost").estimate
        rows[rule] = (slope, delta.estimate, *factor, tariff)
    columns = ["cost", "border", "factor", "low", "high", "tariff"]
    return pd.DataFrame.from_dict(rows, orient="index", columns=columns).rename_axis("rule")


def border_placebo(
    flows: pd.DataFrame,
    costs: pd.DataFrame,
    *,
    border: pd.Series,
    decay: Literal["power", "exponential"] = "power",
    options: GravityOptions = DEFAULTS,
    permutations: int = 199,
    seed: int = 0,
) -> BorderPlacebo:
    """Compare a border effect with those of placebo borders, drawn around as many random capitals.

    Standard errors assume that pairs of regions vary independently; with a handful of countries they do
    not. If random borders often have coefficients as far from zero (in units of their errors), the
    true one is no evidence of a border effect.

    Parameters
    ----------
    flows, costs, decay, options
        As for ``gravity``.
    border
        Country of each region.
    permutations
        Number of placebo partitions; each takes a fit.
    seed
        Of the random capitals.

    Returns
    -------
    BorderPlacebo
        ``estimate`` and ``z`` of the true border, its two-sided ``p`` among the placebos, ``draws``.

    Notes
    -----
    The test is cautious: at 5% it found a border in 1 to 2% of simulated tables of flows without one,
    between 30 regions in three countries, whether flows varied independently or together with those of
    neighbours. On a small map random borders resemble the true one, and more often lie far out than it does.

    References
    ----------
    Bertrand, M., Duflo, E. and Mullainathan, S. (2004). How much should we trust
    differences-in-differences estimates? Quarterly Journal of Economics 119(1), 249-275.
    doi:10.1162/003355304772839588

    Examples
    --------
    >>> import geoinno as gi
    >>> place = gi.read.sample("austria")
    >>> east = place.regions["name"].isin(["Wien", "Burgenland"]).map({True: "east", False: "rest"})
    >>> km = gi.weigh.distances(place.regions)
    >>> gi.measure.border_placebo(place.flows, km, border=east, permutations=19).countries
    2
    """
    _contract.whole(permutations, name="permutations")
    _contract.square(costs, name="costs")
    # In the order of ids, so that the draws are the same whatever the order of rows.
    table = _contract.sound_flows(flows, ids=costs.index).sort_values(["origin", "destination"])
    land = _contract.country_series(border, costs.index, against="costs")
    true = gravity(table, costs, decay=decay, border=border, options=options).coefficients
    estimate, z = true.loc[["border"], ["estimate", "z"]].to_numpy()[0].tolist()
    ids = pd.Index(np.unique(table[["origin", "destination"]].to_numpy(object)))
    countries = int(land[ids].nunique())
    reach = _contract.square(costs.loc[ids, ids], name="costs")
    rng = np.random.default_rng(seed)
    draws = pd.Series(index=range(permutations), dtype=float, name="z")
    for draw in follow(draws.index, "Placebo border"):
        drawn = land.copy()
        drawn[ids] = _partition(reach, countries, rng).astype(str)
        fit = gravity(table, costs, decay=decay, border=drawn, options=options)
        draws[draw] = fit.coefficients.loc["border", "z"]
    p = _differences.p_of(draws, z, permutations)
    return BorderPlacebo(estimate, z, p, countries, draws, seed)


def _partition(reach: Floats, countries: int, rng: np.random.Generator) -> NDArray[np.intp]:
    """Return placebo countries of which at least two hold more than one region.

    Otherwise the effects of the single regions would stand for the border, and nothing would identify it.
    """
    for _ in range(_ATTEMPTS):
        drawn = _placebo_countries.by_costs(reach, countries, rng)
        if (np.bincount(drawn) > 1).sum() > 1:
            return drawn
    message = (
        f"{len(reach)} regions cannot be divided into {countries} placebo countries, two of them with "
        "several regions. Use smaller regions."
    )
    raise FlowError(message)
