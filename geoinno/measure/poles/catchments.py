"""Catchments: how strongly each pole pulls at each region, and where two poles pull equally."""

from __future__ import annotations

from typing import TYPE_CHECKING

import geopandas as gpd
import numpy as np
import pandas as pd
from pyproj import Geod

from geoinno import _contract
from geoinno.errors import ColumnError
from geoinno.measure.poles import _pulls
from geoinno.scale import follow
from geoinno.weigh import places

if TYPE_CHECKING:
    from geopandas import GeoDataFrame

    from geoinno.weigh import Decay

_WGS84 = Geod(ellps="WGS84")


def pole_shares(
    mass: pd.Series, costs: pd.DataFrame, poles: pd.Series | pd.DataFrame | list[str], *, decay: Decay
) -> pd.DataFrame:
    """Divide each region among the poles by their pull (Huff's shares).

    p_ik = M_k f(c_ik) / sum over poles l of M_l f(c_il). A high share says that the region belongs to
    that pole; equal shares, that it is contested.

    Parameters
    ----------
    mass
        By region id: above zero for poles; of other regions it plays no part and may be missing.
    costs
        Square, km or minutes from rows to columns, in the unit of the decay, such as
        ``gi.weigh.distances(regions)``. Pull that starts in the poles' cities, and not in the middle of
        their regions, takes ``gi.weigh.distances(regions, at="city")``.
    poles
        A table of `growth_poles`, booleans by region id, or a list of ids.
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
    Where a decay is infinite at no cost, a pole belongs to itself alone. Shares are taken from the
    logarithms of the pulls, so that regions far from all poles still have a nearest one.

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
    between = _pulls.pole_costs(mass, costs, poles)
    share = _pulls.shares(_pulls.log_pulls(between.mass, between.to_pole, _pulls.sound_decay(decay)))
    found = pd.DataFrame(share, index=between.ids, columns=between.poles)
    return found[mass.index[between.is_pole]]


def pull(
    mass: pd.Series, costs: pd.DataFrame, poles: pd.Series | pd.DataFrame | list[str], *, decay: Decay
) -> pd.DataFrame:
    """Measure the pull of poles at each region: the strongest two, and how contested the region is.

    With the shares p of `pole_shares`, the strongest pole first, contestedness is 2 p2 / (p1 + p2): 1
    where the two strongest pull equally, 0 where only one pulls. The effective number of poles is
    exp(-sum p ln p). The detour over the two strongest poles a and b is (c_ai + c_ib) / c_ab - 1, and
    the cost of that detour c_ai + c_ib - c_ab: both 0 on the straight way between them. A high total
    means that poles pull strongly at the region.

    Parameters
    ----------
    mass, costs, poles, decay
        As for `pole_shares`.

    Returns
    -------
    DataFrame
        Indexed as ``mass``: ``pole`` (the strongest), ``second`` (the next), ``share`` of the strongest,
        ``contestedness`` (0 to 1), ``effective_poles`` (1 to the number of poles), ``detour`` (a ratio)
        and ``detour_cost`` (km or minutes; both missing with one pole), ``total`` (sum of M f over
        poles). ``attrs`` hold the decay and the mean mass of the poles that lead another region,
        from which `geoinno.classify.space_types` takes its cuts.

    Raises
    ------
    ColumnError
        As for `pole_shares`.

    References
    ----------
    Huff, D. L. (1963). A probabilistic analysis of shopping center trade areas. Land Economics 39(1),
    81-90. doi:10.2307/3144521
    Hill, M. O. (1973). Diversity and evenness: a unifying notation and its consequences. Ecology 54(2),
    427-432. doi:10.2307/1934352

    Examples
    --------
    >>> import geoinno as gi
    >>> regions = gi.read.sample("central_asia").regions
    >>> people, km = regions["city_population"], gi.weigh.distances(regions)
    >>> pulled = gi.measure.pull(people, km, people > 1e6, decay=gi.weigh.exponential(200))
    >>> regions["name"][pulled["contestedness"].idxmax()]
    'Jalal-Abad'
    """
    between = _pulls.pole_costs(mass, costs, poles)
    log_pull = _pulls.log_pulls(between.mass, between.to_pole, _pulls.sound_decay(decay))
    found = _pulls.table(between, log_pull)
    found.attrs = {
        "decay_family": decay.family,
        "decay_values": list(decay.values),
        "mean_pole": _pulls.mean_leader(between, log_pull),
    }
    return found


def pull_draws(
    mass: pd.Series,
    costs: pd.DataFrame,
    poles: pd.Series | pd.DataFrame | list[str],
    *,
    decay: Decay,
    draws: int = 200,
    noise: float = 0.1,
    seed: int = 0,
) -> pd.DataFrame:
    """Repeat the pull with the masses of poles and the reach of the decay perturbed at random.

    A region whose poles change from draw to draw lies between them; one whose strongest pole never
    changes belongs to it. In each draw the mass of each pole, and the distance over which all weights
    fall, are multiplied by independent lognormal factors.

    Parameters
    ----------
    mass, costs, poles, decay
        As for `pole_shares`.
    draws
        The number of draws.
    noise
        The standard deviation of the logarithm of masses and reach, zero or more: 0.1 is about 10%.
    seed
        Of the random numbers.

    Returns
    -------
    DataFrame
        Indexed by ``draw`` (from 0) and ``region`` (in the order of ``mass``); the columns of `pull`.

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
    >>> drawn = gi.measure.pull_draws(people, km, people > 1e6, decay=gi.weigh.exponential(200), draws=9)
    >>> drawn.index.names, len(drawn) == 9 * len(regions)
    (FrozenList(['draw', 'region']), True)
    """
    between = _pulls.pole_costs(mass, costs, poles)
    spread = _contract.positive(noise, name="noise", zero=True)
    count = _contract.whole(draws, name="draws")
    random = np.random.default_rng(seed)
    # Factors are drawn in the order of ids, so that the order of rows plays no part.
    order = between.poles.argsort()
    tables = []
    for _ in follow(range(count), "Draw"):
        factor = np.empty(len(order))
        factor[order] = np.exp(random.normal(0, spread, len(order)))
        # A longer reach is the same as lower costs, whatever the family of the decay.
        reach = np.exp(random.normal(0, spread))
        log_pull = _pulls.log_pulls(between.mass * factor, between.to_pole / reach, _pulls.sound_decay(decay))
        tables.append(_pulls.table(between, log_pull))
    return pd.concat(tables, keys=range(count), names=["draw", "region"])


def break_points(
    mass: pd.Series | str,
    regions: GeoDataFrame,
    poles: pd.Series | pd.DataFrame | list[str],
    *,
    exponent: float = 2.0,
) -> GeoDataFrame:
    """Locate the point between each pair of poles at which both pull equally (Converse).

    A pole lies where its city does, if ``regions`` have columns ``city_lon`` and ``city_lat``, else at a
    point inside its region (`geoinno.weigh.places`). From the first pole the break point is
    d / (1 + (M_b / M_a)^(1 / exponent)) away, on the geodesic between them. The larger pole reaches
    farther.

    Parameters
    ----------
    mass
        By region id, or the name of a column of ``regions``; above zero for poles.
    regions
        The same regions, in any CRS; degrees WGS84 in ``city_lon`` and ``city_lat``, where they are given.
    poles
        A table of `growth_poles`, booleans by region id, or a list of ids.
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
        If there are not two poles with a mass, or a city has no sound place.

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
        message = f"Break points need at least two poles with a mass; the poles are {_contract.named(names)}."
        raise ColumnError(message)
    a, b = np.triu_indices(len(names), 1)
    lonlat = places(regions, at=_contract.pole_place(regions)).loc[names].to_numpy()
    course, _, metres = _WGS84.inv(*lonlat[a].T, *lonlat[b].T)
    ratio = size[names].to_numpy()[b] / size[names].to_numpy()[a]
    from_first = np.asarray(metres) / (1 + ratio ** (1 / exponent))
    start = lonlat[a]
    lon, lat, _ = _WGS84.fwd(start[:, 0], start[:, 1], course, from_first)
    table = {
        "first": names[a],
        "second": names[b],
        "km": np.asarray(metres) / 1000,
        "km_from_first": from_first / 1000,
    }
    found = gpd.GeoDataFrame(table, geometry=gpd.points_from_xy(lon, lat), crs=4326)
    return found.sort_values("km", kind="stable", ignore_index=True)
