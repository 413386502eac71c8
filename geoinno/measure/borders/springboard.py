"""Springboards: border regions with most to gain from an open border, and most routes through them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from geoinno import _contract
from geoinno._language.phrases import Phrase
from geoinno.errors import ColumnError, OptionError
from geoinno.measure.borders import _paths, _placebo_countries, _ranks
from geoinno.measure.potential.market_potential import market_potential
from geoinno.weigh import Decay, distances, shared_borders

if TYPE_CHECKING:
    from geopandas import GeoDataFrame
    from numpy.typing import NDArray
    from scipy import sparse

    from geoinno._types import Floats


_ROUNDING = 1e-9
_SCALES = (0.8, 1.25)
_PARTS = ("gain", "betweenness", "near_pole")


def springboard(
    mass: pd.Series | str,
    regions: GeoDataFrame,
    *,
    decay: Decay,
    border_factor: float,
    country: pd.Series | str = "country",
    poles: pd.DataFrame | pd.Series | list[str] | None = None,
    draws: int = 1000,
    seed: int = 0,
) -> pd.DataFrame:
    """Rank border regions by what an open border would offer them and, through them, their country.

    Three parts in natural units: ``gain``, the potential that an open border adds, relative to what there is
    today (``gain_ratio``: against the median region of the country); ``betweenness``, the share of all
    cross-border pairs (weighted by both masses and decay) whose shortest way over neighbouring regions
    crosses a border here; and ``pole_km``, the distance to the nearest domestic pole. ``score`` weighs
    them by the benefit-of-the-doubt method: each region with the weights that favour it most (the distance
    enters as m / (m + km), m its median). A springboard has much to gain across the border and its country
    behind it; a cul-de-sac has neither.

    Parameters
    ----------
    mass
        What attracts, zero or more, by region id, or the name of a column of ``regions``.
    regions
        Polygons in any CRS, up to 10,000. Ways and distances to poles lead from city to city, if there are
        columns ``city_lon`` and ``city_lat`` (degrees WGS84), else between points inside the regions.
    decay
        Of mass with km, such as ``gi.weigh.exponential(200)``.
    border_factor
        What foreign mass counts today against domestic mass, 0 to 1 (the reciprocal of the factor of
        `border_effect`).
    country
        Country of each region, or the name of a column of ``regions``.
    poles
        As from `growth_poles`, booleans by id, or ids; the largest of each country unless given (regions that
        tie for the largest are one plateau: the nearest of them counts).
    draws, seed
        Random weights of the three parts (uniform over all that sum to one), for the rank interval. They
        are drawn in turn with the decay and the border factor as given, and with the parameters of the
        decay, or the factor, a fifth lower or a quarter higher.

    Returns
    -------
    DataFrame
        Indexed as ``mass``: ``on_border``; ``gain``, ``gain_ratio``, ``betweenness`` (a share) and
        ``pole_km``; the z-scores ``z_gain``, ``z_betweenness``, ``z_near_pole`` and their sum ``index``;
        ``score`` (0 to 1), ``rank`` by the score (1 = highest), ``rank_additive`` by the index,
        ``rank_low`` and ``rank_high`` (95% of the draws). Missing for regions inside their country.

    Raises
    ------
    ColumnError
        If a mass is negative, the factor above 1, a country with border regions has no pole, or there
        is no border.

    References
    ----------
    Hanson, G. H. (1996). Integration and the location of activities: economic integration, intraindustry
    trade, and frontier regions. European Economic Review 40, 941-949. doi:10.1016/0014-2921(95)00104-2
    Freeman, L. C. (1977). A set of measures of centrality based on betweenness. Sociometry 40(1), 35-41.
    doi:10.2307/3033543
    Cherchye, L., Moesen, W., Rogge, N. and Van Puyenbroeck, T. (2007). An introduction to benefit of the
    doubt composite indicators. Social Indicators Research 82, 111-145. doi:10.1007/s11205-006-9029-7
    Niebuhr, A. and Stiller, S. (2004). Integration effects in border regions: a survey of economic theory
    and empirical studies. Review of Regional Research 24, 3-21.

    Examples
    --------
    >>> import geoinno as gi
    >>> place = gi.read.sample("central_asia")
    >>> board = gi.measure.springboard(place.regions["city_population"], place.regions,
    ...     decay=gi.weigh.exponential(200), border_factor=0.2)
    >>> place.regions["name"][board["index"].idxmax()]
    'Sughd'
    """
    factor = _contract.positive(border_factor, name="border_factor", zero=True)
    if factor > 1:
        message = f"border_factor must be at most 1 (an open border); {border_factor!r} was given."
        raise OptionError(message)
    _contract.whole(draws, name="draws")
    _contract.instance(decay, Decay, name="decay", example="gi.weigh.exponential(100)")
    land = _contract.country_series(country, regions)
    weight = _contract.numbers(mass, regions=regions, what="masses")
    km = distances(regions, at=_contract.pole_place(regions))
    network, edge = _neighbours(regions, km, pd.factorize(land)[0].astype(np.intp))
    pole_km = _pole_km(km, land, _poles(poles, weight, land), edge=edge)
    case = Case(regions, weight, land, network)
    cases = [case.parts(reach, share).assign(pole_km=pole_km) for reach, share in _settings(decay, factor)]
    table = cases[0].astype(float)
    table.loc[~edge] = np.nan
    table.insert(0, "on_border", edge)
    known = [_comparable(parts[edge]) for parts in cases]
    ranked = table.join(_ranked(table[edge], known, draws=draws, seed=seed))
    ids = mass.index if isinstance(mass, pd.Series) else regions.index
    return ranked.reindex(ids)


@dataclass(frozen=True, slots=True)
class Case:
    """Regions with their masses, countries and links, on which any decay and border factor can be tried."""

    regions: GeoDataFrame
    mass: pd.Series
    land: pd.Series
    network: sparse.csr_array

    def parts(self, decay: Decay, factor: float) -> pd.DataFrame:
        """Return gain, gain ratio and betweenness of all regions."""
        parts = market_potential(self.mass, self.regions, decay=decay, country=self.land)
        today = parts["own"] + parts["domestic"] + factor * parts["foreign"]
        gain = (1 - factor) * parts["foreign"] / today.where(today > 0)
        median = gain.groupby(self.land).transform("median")
        codes = pd.factorize(self.land)[0].astype(np.intp)
        betweenness = _paths.border_betweenness(self.network, self.mass.to_numpy(), codes, decay=decay)
        # Where the median region has nothing to gain, there is no ratio: all of the country are alike.
        ratio = (gain / median.where(median > 0)).fillna(1.0)
        return pd.DataFrame({"gain": gain, "gain_ratio": ratio, "betweenness": betweenness})


def _settings(decay: Decay, factor: float) -> list[tuple[Decay, float]]:
    """Return decay and border factor as given, then each a fifth lower and a quarter higher."""
    scaled = [
        type(decay)(decay.family, tuple(scale * v for v in decay.parameters.values())) for scale in _SCALES
    ]
    # A steeper power may be infinite within a region: it is no alternative then.
    others = [(reach, factor) for reach in scaled if np.isfinite(reach.at_home(1.0))]
    return [(decay, factor), *others, *((decay, min(1.0, scale * factor)) for scale in _SCALES)]


def _comparable(parts: pd.DataFrame) -> Floats:
    """Return gain ratio, betweenness and nearness (1 at a pole, a half at the median distance)."""
    km = parts["pole_km"]
    middle = float(km.median())
    nearness = middle / (middle + km) if middle > 0 else (km == 0).astype(float)
    return np.column_stack([parts["gain_ratio"], parts["betweenness"], nearness])


def _neighbours(
    regions: GeoDataFrame, km: pd.DataFrame, codes: NDArray[np.intp]
) -> tuple[sparse.csr_array, NDArray[np.bool_]]:
    """Return the links of neighbours in km, and which regions lie on a border."""
    shared = shared_borders(regions)
    first, second = (regions.index.get_indexer(shared[side]) for side in ("first", "second"))
    edge = np.zeros(len(regions), bool)
    across = codes[first] != codes[second]
    edge[np.concatenate([first[across], second[across]])] = True
    if not edge.any():
        message = Phrase("No region borders on another country, so there is no springboard to look for.")
        raise ColumnError(message)
    length = km.to_numpy()[first, second]
    return _placebo_countries.network(first, second, length, count=len(regions)), edge


def _poles(poles: pd.DataFrame | pd.Series | list[str] | None, mass: pd.Series, land: pd.Series) -> pd.Series:
    """Return which regions are poles: as given, or the greatest of each country."""
    if poles is None:
        return mass.eq(mass.groupby(land).transform("max"))
    return _contract.pole_flags(poles, land.index)


def _pole_km(km: pd.DataFrame, land: pd.Series, poles: pd.Series, *, edge: NDArray[np.bool_]) -> Floats:
    """Return the distance of each region to the nearest pole of its country."""
    without = sorted(set(land[edge]) - set(land[poles]))
    if without:
        message = Phrase(
            "There is no pole in {countries}. Name one for each country with a border.",
            countries=_contract.named(without),
        )
        raise ColumnError(message)
    same = land.to_numpy()[:, None] == land.to_numpy()
    reach = np.where(same & poles.to_numpy(), km.to_numpy(), np.inf)
    return np.asarray(reach.min(axis=1), np.float64)


def _ranked(table: pd.DataFrame, cases: list[Floats], *, draws: int, seed: int) -> pd.DataFrame:
    """Return z-scores, their sum, the score, and ranks with their intervals."""
    signed = table[["gain", "betweenness", "pole_km"]].to_numpy(float) * [1, 1, -1]
    spread = signed.std(axis=0)
    still = spread <= _ROUNDING * np.abs(signed).max(axis=0)
    z = np.where(still, 0.0, (signed - signed.mean(axis=0)) / np.where(still, 1.0, spread))
    index, score = z.sum(axis=1), _ranks.benefit_of_doubt(cases[0])
    low, high = _ranks.intervals(cases, draws=draws, seed=seed)
    columns = dict(zip([f"z_{part}" for part in _PARTS], z.T, strict=True))
    columns |= {"index": index, "score": score, "rank": _ranks.ranks(score)}
    columns |= {"rank_additive": _ranks.ranks(index), "rank_low": low, "rank_high": high}
    return pd.DataFrame(columns, index=table.index)
