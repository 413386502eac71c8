"""Between: what pulls at the spaces between poles, and where one pull gives way to another."""

from __future__ import annotations

from typing import TYPE_CHECKING

import geopandas as gpd
import numpy as np
import pandas as pd
from pyproj import Geod

from geoinno import _contract
from geoinno.errors import ColumnError
from geoinno.weigh import places

if TYPE_CHECKING:
    from geopandas import GeoDataFrame
    from numpy.typing import NDArray

    from geoinno.weigh import Decay

    Floats = NDArray[np.float64]

_WGS84 = Geod(ellps="WGS84")


def pole_shares(
    mass: pd.Series, costs: pd.DataFrame, poles: pd.Series | pd.DataFrame, *, decay: Decay
) -> pd.DataFrame:
    """Part each region among the poles by their pull (Huff's shares).

    p_ik = M_k f(c_ik) / sum over poles l of M_l f(c_il). A high share says that the region belongs to that
    pole; equal shares, that it is contested.

    Parameters
    ----------
    mass
        By region id, above zero for poles.
    costs
        Square, km or minutes, rows to columns, in the unit of the decay.
    poles
        Booleans by region id, or the table of `growth_poles`.
    decay
        Such as ``gi.weigh.exponential(200)``.

    Returns
    -------
    DataFrame
        Regions in the order of ``mass`` (rows) by poles (columns); rows sum to one.

    Raises
    ------
    ColumnError
        If there is no pole, or a pole has no mass.

    Notes
    -----
    Where a decay is infinite at no cost, a pole belongs to itself alone.

    References
    ----------
    Huff, D. L. (1963). A probabilistic analysis of shopping center trade areas. Land Economics 39(1),
    81-90. doi:10.2307/3144521

    Examples
    --------
    >>> import geoinno as gi
    >>> regions = gi.read.sample("central_asia").regions
    >>> people, km = regions["city_population"], gi.weigh.distances(regions)
    >>> shares = gi.measure.pole_shares(people, km, people > 1e6, decay=gi.weigh.exponential(200))
    >>> bool((abs(shares.sum(axis=1) - 1) < 1e-12).all())
    True
    """
    pulls, names, _ = _pulls(mass, costs, poles, decay=decay)
    return pd.DataFrame(_shares(pulls), index=mass.index, columns=names)


def pull(
    mass: pd.Series, costs: pd.DataFrame, poles: pd.Series | pd.DataFrame, *, decay: Decay
) -> pd.DataFrame:
    """Measure what pulls at each region: its strongest pole, how contested it is, whether it lies on the way.

    With the shares p of `pole_shares`, contestedness is their entropy over that of equal shares,
    -sum p ln p / ln |P|: 1 where all poles pull alike, 0 where one alone does. The detour over
    the two strongest poles a and b is (c_ai + c_ib) / c_ab - 1: 0 on the straight way between them. A region
    with a high total has much pull around it.

    Parameters
    ----------
    mass, costs, poles, decay
        As for `pole_shares`.

    Returns
    -------
    DataFrame
        Indexed as ``mass``: ``pole`` (the strongest), ``second`` (the next), ``share`` of the strongest,
        ``contestedness`` (0..1), ``detour`` (missing with one pole), ``total`` (sum of M f over poles).

    Raises
    ------
    ColumnError
        As for `pole_shares`.

    References
    ----------
    Huff, D. L. (1963). A probabilistic analysis of shopping center trade areas. Land Economics 39(1),
    81-90. doi:10.2307/3144521

    Examples
    --------
    >>> import geoinno as gi
    >>> regions = gi.read.sample("central_asia").regions
    >>> people, km = regions["city_population"], gi.weigh.distances(regions)
    >>> pulled = gi.measure.pull(people, km, people > 1e6, decay=gi.weigh.exponential(200))
    >>> regions["name"][pulled["contestedness"].idxmax()]
    'Jambyl'
    """
    pulls, names, cost = _pulls(mass, costs, poles, decay=decay)
    share = _shares(pulls)
    order = np.argsort(-share, axis=1, kind="stable")
    rows = np.arange(len(share))
    logs = np.log(share, out=np.zeros_like(share), where=share > 0)
    entropy = -(share * logs).sum(axis=1)
    count = len(names)
    columns = {
        "pole": names[order[:, 0]],
        "second": names[order[:, 1]] if count > 1 else pd.Series([None] * len(share), dtype="object"),
        "share": share[rows, order[:, 0]],
        "contestedness": np.clip(entropy / np.log(count), 0, 1) if count > 1 else np.zeros(len(share)),
        "detour": _detour(cost, costs, names, order=order),
        "total": pulls.sum(axis=1),
    }
    return pd.DataFrame({name: np.asarray(column) for name, column in columns.items()}, index=mass.index)


def _pulls(
    mass: pd.Series, costs: pd.DataFrame, poles: pd.Series | pd.DataFrame, *, decay: Decay
) -> tuple[Floats, pd.Index, Floats]:
    """Return the pull of each pole (columns) at each region, the poles, and the costs to them."""
    size = _contract.numbers(mass)
    names = pd.Index(size.index[_contract.pole_flags(poles, size.index, against="masses").to_numpy()])
    empty = names[np.asarray(size[names]) <= 0]
    if len(empty):
        message = f"Poles need a mass above zero; column {mass.name!r} has none in {_contract.named(empty)}."
        raise ColumnError(message)
    matrix = _contract.square(costs, name="costs", ids=size.index)
    cost = matrix[:, size.index.get_indexer(names)]
    if not np.isfinite(cost).all() or (cost < 0).any():
        unfit: NDArray[np.bool_] = np.any(~np.isfinite(cost) | (cost < 0), axis=1)
        wrong = size.index[unfit]
        message = f"costs to poles must be finite and zero or more; not so from {_contract.named(wrong)}."
        raise ColumnError(message)
    return size[names].to_numpy() * _weights(cost, decay), names, cost


def _weights(cost: Floats, decay: Decay) -> Floats:
    """Return the decay of costs, infinite at no cost where the family is."""
    here = cost == 0
    weight = np.asarray(decay(np.where(here, 1.0, cost)), np.float64)
    if here.any():
        endless = decay.family in {"power", "tanner"} and decay.parameters["exponent"] > 0
        weight[here] = np.inf if endless else float(decay(np.zeros(1))[0])
    return weight


def _shares(pulls: Floats) -> Floats:
    """Return the share of each pole; where pulls are infinite these share alone."""
    endless = np.isinf(pulls)
    level = np.where(endless.any(axis=1, keepdims=True), endless.astype(float), pulls)
    # Far from all poles pulls may underflow: relative to the strongest they do not.
    top = level.max(axis=1, keepdims=True)
    even = np.ones_like(level)
    relative = np.where(top > 0, np.divide(level, top, out=even, where=top > 0), 1.0)
    return np.asarray(relative / relative.sum(axis=1, keepdims=True), np.float64)


def _detour(cost: Floats, costs: pd.DataFrame, names: pd.Index, *, order: NDArray[np.intp]) -> Floats:
    """Return by how much the way between the two strongest poles is longer over each region."""
    if len(names) == 1:
        return np.full(len(cost), np.nan)
    apart = _contract.square(costs, name="costs").copy()
    at = costs.index.get_indexer(names)
    apart = apart[np.ix_(at, at)]
    rows = np.arange(len(cost))
    first, second = order[:, 0], order[:, 1]
    way = apart[first, second]
    over = cost[rows, first] + cost[rows, second]
    return np.divide(over, way, out=np.full(len(cost), np.nan), where=way > 0) - 1


def break_points(
    mass: pd.Series, regions: GeoDataFrame, poles: pd.Series | pd.DataFrame, *, exponent: float = 2.0
) -> GeoDataFrame:
    """Locate the point between two poles at which both pull alike (Converse).

    From the first pole it is d / (1 + (M_b / M_a)^(1 / exponent)) away, on the geodesic between them. The
    larger pole reaches farther.

    Parameters
    ----------
    mass
        By region id, above zero for poles.
    regions
        The same regions, in any CRS.
    poles
        Booleans by region id, or the table of `growth_poles`.
    exponent
        Of distance: 2 in Reilly's law.

    Returns
    -------
    GeoDataFrame
        A row for each pair of poles, the nearest first: ``first``, ``second``, ``km`` between them,
        ``km_from_first``, and the point (degrees WGS84).

    Raises
    ------
    ColumnError
        If there are not two poles with a mass.

    References
    ----------
    Reilly, W. J. (1931). The Law of Retail Gravitation. New York: Knickerbocker Press.
    Converse, P. D. (1949). New laws of retail gravitation. Journal of Marketing 14(3), 379-384.
    doi:10.1177/002224295001400303

    Examples
    --------
    >>> import geoinno as gi
    >>> regions = gi.read.sample("central_asia").regions
    >>> people = regions["city_population"]
    >>> len(gi.measure.break_points(people, regions, people > 1e6))
    55
    """
    _contract.positive(exponent, name="exponent")
    size = _contract.numbers(mass, regions=_contract.sound_regions(regions), what="masses")
    names = regions.index[_contract.pole_flags(poles, regions.index).to_numpy()]
    if len(names) < 2 or (size[names] <= 0).any():  # noqa: PLR2004 - between needs two
        message = (
            f"Break points need two poles or more, each with a mass; poles are {_contract.named(names)}."
        )
        raise ColumnError(message)
    a, b = np.triu_indices(len(names), 1)
    at = places(regions).loc[names].to_numpy()
    course, _, metres = _WGS84.inv(*at[a].T, *at[b].T)
    ratio = size[names].to_numpy()[b] / size[names].to_numpy()[a]
    from_first = np.asarray(metres) / (1 + ratio ** (1 / exponent))
    start = at[a]
    lon, lat, _ = _WGS84.fwd(start[:, 0], start[:, 1], course, from_first)
    table = {
        "first": names[a],
        "second": names[b],
        "km": np.asarray(metres) / 1000,
        "km_from_first": from_first / 1000,
    }
    found = gpd.GeoDataFrame(table, geometry=gpd.points_from_xy(lon, lat), crs=4326)
    return found.sort_values("km", kind="stable", ignore_index=True)
