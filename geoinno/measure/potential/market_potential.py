"""Market potential: the mass within reach of each region, at home and across borders."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from geoinno import _contract
from geoinno.measure.potential import _parts
from geoinno.scale import engine

if TYPE_CHECKING:
    from pathlib import Path

    from geopandas import GeoDataFrame

    from geoinno.scale import Executor
    from geoinno.weigh.decay import Decay


def market_potential(
    mass: pd.Series | str,
    regions: GeoDataFrame,
    *,
    decay: Decay,
    country: pd.Series | str | None = None,
    border_factor: float | pd.DataFrame = 1.0,
    accuracy: float | None = None,
    executor: Executor | None = None,
    store: str | Path | None = None,
) -> pd.DataFrame:
    """Sum the mass within reach of each region, weighted by distance decay: own, domestic and foreign.

    A region of high potential is large or has large places near it. Its exogenous share says how
    much of that lies across a border. With mass M, decay f, distance d and the disc of the region's
    area, of radius R = sqrt(area / pi),

        own_i = M_i 2 / R_i^2 int_0^R_i f(r) r dr,
        domestic_i = sum of M_j f(d_ij) over the other regions j of the same country,
        foreign_i = border_factor times the same sum over all regions of other countries,

    and ``total`` is the sum of the three. An open border has the factor 1, a closed one 0; the
    difference in ``foreign`` between the two is the latent exogenous potential.

    Parameters
    ----------
    mass
        What attracts, such as population, jobs or patents: zero or more, by region id, or the name of a
        column of ``regions``.
    regions
        Polygons or points in any CRS. Distances are geodesic km between their representative points.
    decay
        A decay such as ``gi.weigh.exponential(100)``; its unit is km.
    country
        The country of each region, or the name of a column of ``regions``; None takes all as one.
    border_factor
        What foreign mass counts against domestic mass at the same distance, zero or more: the
        reciprocal of the factor that ``border_effect`` finds. Or a square table with a factor for each
        border: countries of the regions in rows, countries of the mass in columns.
    accuracy
        The greatest relative error allowed in ``domestic`` and in ``foreign`` of every region, above 0
        and below 1, such as 1e-3. None sums all pairs, as do 1e-8 and less, and 1,500 regions and fewer.
    executor
        Who runs the blocks of places: anything with ``submit(function, *arguments)``, such as a
        ``ThreadPoolExecutor`` or a Dask ``Client``. None takes the threads of this machine.
    store
        Folder in which finished blocks are kept, so that the same call goes on after an interruption, and
        from which workers read what they need: they must see it under the same path.

    Returns
    -------
    DataFrame
        ``own``, ``domestic``, ``foreign``, ``total`` and ``exogenous_share`` (foreign / total, 0 to 1;
        missing where the total is zero), indexed like ``mass``.

    Raises
    ------
    ColumnError
        If a mass is missing or negative, or a border has no factor.
    RegionError
        If places coincide, or are points without an area, and the decay is infinite at 0 km.
    OptionError
        If the executor has no ``submit``, or the store is not a folder.

    Notes
    -----
    A point has no area: its own part is M f(0). Time grows with the square of the number of regions,
    with an ``accuracy`` about in proportion to it; memory in proportion to it in both cases. Far
    crowds of regions are then replaced by fifteen masses with the same moments up to the fourth
    order, and their sums interpolated between fifteen places around each group of regions, where
    a bound of the error allows it. Distances follow Thomas's formula, within 1e-8 of the geodesic
    up to 12,000 km, 3e-6 up to 19,000 km, and 1e-3 in the last 400 km before the antipode.

    References
    ----------
    Harris, C. D. (1954). The market as a factor in the localization of industry in the United States.
    Annals of the Association of American Geographers 44(4), 315-348. doi:10.1080/00045605409352140
    Hansen, W. G. (1959). How accessibility shapes land use. Journal of the American Institute of
    Planners 25(2), 73-76. doi:10.1080/01944365908978307
    Head, K. and Mayer, T. (2011). Gravity, market potential and economic development. Journal of
    Economic Geography 11(2), 281-294. doi:10.1093/jeg/lbq037
    Thomas, P. D. (1970). Spheroidal geodesics, reference systems, and local geometry. SP-138,
    U.S. Naval Oceanographic Office.

    Examples
    --------
    >>> import geoinno as gi
    >>> place = gi.read.sample("central_asia")
    >>> people, near = place.regions["city_population"], gi.weigh.exponential(200)
    >>> reach = gi.measure.market_potential(people, place.regions, decay=near, country="country")
    >>> reach["total"].idxmax(), reach["exogenous_share"].idxmax()
    ('UZB-4828', 'KGZ-1119')
    """
    reach = _parts.Reach(decay, country, border_factor, accuracy, engine(executor, store))
    parts = _parts.parts(mass, regions, reach)
    parts = parts.assign(foreign=parts["across"]).drop(columns="across")
    parts["total"] = parts.sum(axis=1)
    parts["exogenous_share"] = parts["foreign"] / parts["total"].where(parts["total"] > 0)
    return parts.reindex(_order(mass, regions))


def _order(mass: pd.Series | str, regions: GeoDataFrame) -> pd.Index:
    """Return the index of the answer: that of the masses, or of the regions whose column they are."""
    return regions.index if isinstance(mass, str) else mass.index


def latent_potential(
    mass: pd.Series | str,
    regions: GeoDataFrame,
    *,
    decay: Decay,
    country: pd.Series | str,
    border_factor: float | pd.DataFrame,
    accuracy: float | None = None,
    executor: Executor | None = None,
    store: str | Path | None = None,
) -> pd.DataFrame:
    """Split potential into endogenous and exogenous parts, and add what open borders would bring.

    A region with a high latent gain has much mass within reach on the other side of a border. With
    the parts of `market_potential`,

        endogenous_i = own_i + domestic_i, exogenous_i = sum over borders of border_factor foreign_i,
        latent_i = foreign_i - exogenous_i, gain_i = latent_i / (endogenous_i + exogenous_i).

    Parameters
    ----------
    mass, regions, decay, country, accuracy, executor, store
        As for `market_potential`.
    border_factor
        What foreign mass counts today against domestic mass at the same distance, 0 to 1: the reciprocal
        of the factor of `border_effect`. Or a square table with a factor for each border: countries of
        the regions in rows, countries of the mass in columns.

    Returns
    -------
    DataFrame
        ``endogenous``, ``exogenous``, ``latent``, ``endogenous_share`` and ``exogenous_share`` (of what
        there is today), ``gain`` (latent over what there is today) and ``domestic_gain`` (latent over
        endogenous), indexed like ``mass``; shares and gains are missing where there is no potential.

    Raises
    ------
    ColumnError
        If a factor of a table is missing or above 1, or as for `market_potential`.
    OptionError
        If the one factor is above 1.

    Notes
    -----
    This is a partial equilibrium: masses are held fixed. In a general equilibrium, prices, incomes and
    people would respond to the opening, and part of the gain would go to other regions.

    References
    ----------
    Head, K. and Mayer, T. (2011). Gravity, market potential and economic development. Journal of
    Economic Geography 11(2), 281-294. doi:10.1093/jeg/lbq037
    Bruelhart, M., Crozet, M. and Koenig, P. (2004). Enlargement and the EU periphery. World Economy
    27(6), 853-875. doi:10.1111/j.1467-9701.2004.00632.x

    Examples
    --------
    >>> import geoinno as gi
    >>> place, near = gi.read.sample("austria"), gi.weigh.exponential(60)
    >>> people = place.regions["city_population"]
    >>> parts = gi.measure.latent_potential(
    ...     people, place.regions, decay=near, country="country", border_factor=0.3)
    >>> parts["gain"].idxmax()
    'LIE'
    """
    land = _contract.country_series(country, regions)
    reach = _parts.Reach(decay, land, border_factor, accuracy, engine(executor, store), most_open=1.0)
    raw = _parts.parts(mass, regions, reach)
    endogenous = raw["own"] + raw["domestic"]
    total = endogenous + raw["across"]
    known, home = total.where(total > 0), endogenous.where(endogenous > 0)
    latent = raw["foreign"] - raw["across"]
    columns = {
        "endogenous": endogenous,
        "exogenous": raw["across"],
        "latent": latent,
        "endogenous_share": endogenous / known,
        "exogenous_share": raw["across"] / known,
        "gain": latent / known,
        "domestic_gain": latent / home,
    }
    return pd.DataFrame(columns).reindex(_order(mass, regions))
