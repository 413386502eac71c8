"""Gateways: which border regions are springboards to what lies behind the border."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from scipy.stats import rankdata

from geoinno import _contract
from geoinno.errors import ColumnError, OptionError
from geoinno.measure.borders import _paths, _placebo_countries
from geoinno.measure.potential.market_potential import market_potential
from geoinno.weigh import distances, shared_borders

if TYPE_CHECKING:
    from geopandas import GeoDataFrame
    from numpy.typing import NDArray
    from scipy import sparse

    from geoinno.weigh import Decay

    Floats = NDArray[np.float64]

_ROUNDING = 1e-9
_PARTS = ("gain", "gateway", "near_pole")


def springboard(
    mass: pd.Series,
    regions: GeoDataFrame,
    *,
    decay: Decay,
    border_factor: float,
    country: pd.Series | str = "country",
    poles: pd.Series | None = None,
    draws: int = 1000,
    seed: int = 0,
) -> pd.DataFrame:
    """Rank border regions by what an open border would offer them, and through them their country.

    The sum of three z-scores over border regions: ``gain``, the potential that an open border adds
    (latent foreign potential, relative to what there is); ``gateway``, the share of all cross-border pairs
    (weighted by both masses and decay) whose shortest way over neighbouring regions crosses a border
    here; and less the distance to the nearest domestic pole. A springboard has much before it and its
    country behind it; a cul-de-sac has a border but neither.

    Parameters
    ----------
    mass
        What attracts, zero or more, by region id.
    regions
        Polygons in any CRS, up to 10,000.
    decay
        Of mass with km, such as ``gi.weigh.exponential(200)``.
    border_factor
        What foreign mass counts today against domestic mass, 0 to 1 (the reciprocal of the factor of
        `border_effect`).
    country
        Country of each region, or the name of a column of ``regions``.
    poles
        Which regions are poles (booleans by id); the greatest of each country unless given.
    draws, seed
        Random weights of the three parts (uniform over all that sum to one), for the rank interval.

    Returns
    -------
    DataFrame
        Indexed as ``mass``: ``on_border``; ``gain``, ``gateway`` (share) and ``pole_km``; their z-scores
        ``z_gain``, ``z_gateway``, ``z_near_pole``; ``index``, ``rank`` (1 = highest), ``rank_low`` and
        ``rank_high`` (95% of the draws). Missing for regions inside their country.

    Raises
    ------
    ColumnError
        If a mass is negative, the factor above 1, a country with border regions has no pole, or there
        is no border.

    References
    ----------
    Hanson, G. H. (1996). Integration and the location of activities: economic integration, intraindustry
    trade, and frontier regions. European Economic Review 40, 941-949. doi:10.1016/0014-2921(95)00104-2
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
    land = _contract.country_series(country, regions)
    parts = market_potential(mass, regions, decay=decay, country=land).loc[regions.index]
    today = parts["own"] + parts["domestic"] + factor * parts["foreign"]
    table = pd.DataFrame({"gain": (1 - factor) * parts["foreign"] / today.where(today > 0)})
    codes, km = pd.factorize(land)[0].astype(np.intp), distances(regions)
    network, edge = _neighbours(regions, km, codes)
    table.insert(0, "on_border", edge)
    weight = _contract.numbers(mass, regions=regions, what="masses").to_numpy()
    table["gateway"] = _paths.gateways(network, weight, codes, decay=decay)
    table["pole_km"] = _pole_km(km, land, _poles(poles, mass, land), edge=edge)
    table.loc[~edge, ["gain", "gateway", "pole_km"]] = np.nan
    return _ranked(table, draws=draws, seed=seed).reindex(mass.index)


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
        message = "No region borders on another country, so there is no springboard to look for."
        raise ColumnError(message)
    length = km.to_numpy()[first, second]
    return _placebo_countries.network(first, second, length, count=len(regions)), edge


def _poles(poles: pd.Series | None, mass: pd.Series, land: pd.Series) -> pd.Series:
    """Return which regions are poles: as given, or the greatest of each country."""
    if poles is None:
        placed = mass.reindex(land.index)
        return placed.eq(placed.groupby(land).transform("max"))
    return _contract.pole_flags(poles, land.index)


def _pole_km(km: pd.DataFrame, land: pd.Series, poles: pd.Series, *, edge: NDArray[np.bool_]) -> Floats:
    """Return the distance of each region to the nearest pole of its country."""
    without = sorted(set(land[edge]) - set(land[poles]))
    if without:
        message = f"There is no pole in {_contract.named(without)}. Name one for each country with a border."
        raise ColumnError(message)
    same = land.to_numpy()[:, None] == land.to_numpy()
    reach = np.where(same & poles.to_numpy(), km.to_numpy(), np.inf)
    return np.asarray(reach.min(axis=1), np.float64)


def _ranked(table: pd.DataFrame, *, draws: int, seed: int) -> pd.DataFrame:
    """Return the table with z-scores, their sum, and ranks under other weights of the parts."""
    known = table[table["on_border"]]
    signed = known[["gain", "gateway", "pole_km"]].to_numpy() * [1, 1, -1]
    spread = signed.std(axis=0)
    still = spread <= _ROUNDING * np.abs(signed).max(axis=0)
    z = np.where(still, 0.0, (signed - signed.mean(axis=0)) / np.where(still, 1.0, spread))
    shares = np.random.default_rng(seed).dirichlet(np.ones(len(_PARTS)), size=draws)
    ranks = np.apply_along_axis(rankdata, 0, -(z @ shares.T), method="min")
    low, high = np.quantile(ranks, [0.025, 0.975], axis=1)
    index = z.sum(axis=1)
    columns = dict(zip([f"z_{part}" for part in _PARTS], z.T, strict=True))
    columns |= {"index": index, "rank": rankdata(-index, method="min"), "rank_low": low, "rank_high": high}
    return table.join(pd.DataFrame(columns, index=known.index))
