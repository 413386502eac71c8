"""Poles: which regions stand out among their neighbours, by which rules, and on which level."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from geoinno import _contract
from geoinno.errors import ColumnError
from geoinno.measure._geodesy import surface
from geoinno.measure._inference.lags import links
from geoinno.measure.poles import _rules
from geoinno.weigh import distances, internal_distances

if TYPE_CHECKING:
    from geopandas import GeoDataFrame
    from libpysal.graph import Graph
    from numpy.typing import NDArray

_STANDING_OUT = ["dense_cluster", "residual", "hot_spot"]


@dataclass(frozen=True, slots=True)
class PoleOptions:
    """Where the rules of `growth_poles` draw their lines.

    Parameters
    ----------
    density_quantile
        Clusters are made of regions of a density above this quantile (0..1).
    least_share
        A cluster holds at least this share of the whole mass.
    window
        The share of all regions whose nearest make up the surroundings of a region.
    max_q
        A hot spot has at most this q-value.
    reach_km
        A macro-regional pole is the largest within this distance; a quarter of the greatest distance
        on the map unless given.
    permutations, seed
        Of the local Moran behind the hot spots.
    """

    density_quantile: float = 0.75
    least_share: float = 0.02
    window: float = 0.5
    max_q: float = 0.05
    reach_km: float | None = None
    permutations: int = 9999
    seed: int = 0


_USUAL = PoleOptions()


def growth_poles(
    mass: pd.Series,
    weights: Graph,
    *,
    regions: GeoDataFrame,
    growth: pd.Series | None = None,
    specialisation: pd.Series | pd.DataFrame | None = None,
    options: PoleOptions = _USUAL,
) -> pd.DataFrame:
    """Find the regions that stand out as poles, and say by which rules.

    A pole exceeds all its neighbours in mass, and stands out by at least one of three rules: it belongs to a
    dense and large cluster, lies above what its surroundings foretell, or is a hot spot. It is a
    growth pole if it also grows faster than the whole and has a propulsive speciality, where these are given.

    Parameters
    ----------
    mass
        People, jobs, patents or an index of potential; zero or more, by region id.
    weights
        Neighbours, such as ``gi.weigh.contiguity(regions)``.
    regions
        Polygons in any CRS; ``country`` is used for national poles where it exists.
    growth
        Growth rate by region id: the rule is growth above that of all mass together.
    specialisation
        Location quotients of propulsive activities (one, or columns): the rule is any above 1.
    options
        Where the rules draw their lines.

    Returns
    -------
    DataFrame
        Indexed as ``mass``: ``pole``; ``rank`` among poles (most rules, then most mass; missing for others);
        ``rules``, how many fired; ``local_maximum``, ``dense_cluster``, ``residual``, ``hot_spot`` and, where
        given, ``growing`` and ``propulsive``; ``score``, the residual in standard errors; ``level``:
        macro-regional (the largest within reach), national (the largest pole of its country), regional.

    Raises
    ------
    ColumnError
        If a mass is missing, negative or the same everywhere.
    AlignmentError
        If mass, weights and regions speak of different regions.

    References
    ----------
    Perroux, F. (1955). Note sur la notion de pole de croissance. Economie Appliquee 8, 307-320.
    Giuliano, G. and Small, K. A. (1991). Subcenters in the Los Angeles region. Regional Science and Urban
    Economics 21(2), 163-182. doi:10.1016/0166-0462(91)90032-I
    McMillen, D. P. (2001). Nonparametric employment subcenter identification. Journal of Urban Economics
    50(3), 448-473. doi:10.1006/juec.2001.2228

    Examples
    --------
    >>> import geoinno as gi
    >>> regions = gi.read.sample("central_asia").regions
    >>> found = gi.measure.growth_poles(
    ...     regions["city_population"], gi.weigh.contiguity(regions), regions=regions)
    >>> regions["name"][found["rank"] <= 2].to_list()
    ['Almaty City', 'Tashkent City']
    """
    _contract.polygons(regions)
    together = links(mass, weights, standardise="row")
    placed: pd.DataFrame = _contract.aligned(regions, together.ids, what="regions", against="weights")
    size = together.x
    if (size < 0).any():
        message = (
            f"mass must be zero or more; column {mass.name!r} is negative in "
            f"{_contract.named(together.ids[size < 0])}."
        )
        raise ColumnError(message)
    area = np.pi * internal_distances(placed).to_numpy() ** 2
    density = size / area
    score = _rules.residual(_log(density), surface.plane(placed), window=options.window)
    rules = {
        "local_maximum": _rules.local_maximum(size, together.matrix),
        "dense_cluster": _rules.dense_cluster(
            size,
            density,
            together.matrix,
            cut=float(np.quantile(density, options.density_quantile)),
            least=options.least_share * size.sum(),
        ),
        "residual": _rules.significant(score),
        "hot_spot": _rules.hot_spot(
            mass, weights, permutations=options.permutations, seed=options.seed, max_q=options.max_q
        ),
    }
    table = pd.DataFrame(rules, index=together.ids)
    table["pole"] = table["local_maximum"] & table[_STANDING_OUT].any(axis=1)
    table = table.assign(**_growing(growth, specialisation, table.index, size=size))
    ranked = _ranked(table, size).assign(score=score)
    ranked["level"] = _levels(ranked, size, placed, reach_km=options.reach_km)
    front = ["pole", "rank", "rules", "level"]
    return ranked[[*front, *ranked.columns.difference(front, sort=False)]].reindex(mass.index)


def _log(density: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return logarithms; regions without mass count as half the least that has any."""
    least = density[density > 0].min()
    return np.log(np.where(density > 0, density, least / 2))


def _growing(
    growth: pd.Series | None,
    specialisation: pd.Series | pd.DataFrame | None,
    ids: pd.Index,
    *,
    size: NDArray[np.float64],
) -> dict[str, NDArray[np.bool_]]:
    """Return the rules of growth poles that can be asked."""
    rules = {}
    if growth is not None:
        rate = _contract.numbers(growth, ids=ids, what="growth").to_numpy()
        rules["growing"] = rate > np.average(rate, weights=size)
    if specialisation is not None:
        columns = specialisation.to_frame() if isinstance(specialisation, pd.Series) else specialisation
        quotients = [_contract.numbers(columns[c], ids=ids).to_numpy() for c in columns]
        rules["propulsive"] = (np.column_stack(quotients) > 1).any(axis=1)
    return rules


def _ranked(table: pd.DataFrame, size: NDArray[np.float64]) -> pd.DataFrame:
    """Return the table with the number of rules that fired and the rank among poles."""
    fired = table.drop(columns="pole").sum(axis=1)
    order = pd.DataFrame({"rules": fired, "size": size}, index=table.index)[table["pole"]]
    order = order.sort_values(["rules", "size"], ascending=False, kind="stable")
    rank = pd.Series(np.arange(1.0, len(order) + 1), index=order.index)
    return table.assign(rank=rank.reindex(table.index), rules=fired)


def _levels(
    table: pd.DataFrame, size: NDArray[np.float64], regions: GeoDataFrame, *, reach_km: float | None
) -> pd.Series:
    """Return the level of each pole, missing for other regions."""
    pole = table["pole"].to_numpy()
    level = pd.Series(pd.NA, index=table.index, dtype="object")
    at = np.flatnonzero(pole)
    if not len(at):
        return level
    km = distances(regions).to_numpy()
    reach = km.max() / 4 if reach_km is None else _contract.positive(reach_km, name="reach_km")
    largest = np.array([size[i] >= size[km[i] <= reach].max() for i in at])
    level.iloc[at] = np.where(largest, "macro-regional", "regional")
    if "country" in regions.columns:
        order = pd.Series(size, index=table.index)[pole]
        first = order.groupby(regions["country"][pole]).idxmax()
        own = level[first] == "regional"
        level[first[own.to_numpy()]] = "national"
    return level
