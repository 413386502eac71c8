"""Potential: how much mass each region has within reach, at home and across borders."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from geoinno import _contract
from geoinno.errors import ColumnError, RegionError
from geoinno.measure import _ellipsoid, _potential
from geoinno.weigh.decay import Decay
from geoinno.weigh.distance import internal_distances, places

if TYPE_CHECKING:
    from geopandas import GeoDataFrame
    from numpy.typing import NDArray


def market_potential(
    mass: pd.Series,
    regions: GeoDataFrame,
    *,
    decay: Decay,
    country: pd.Series | str | None = None,
    border_factor: float = 1.0,
    accuracy: float | None = None,
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
        What attracts, such as population, jobs or patents: zero or more, by region id.
    regions
        Polygons or points in any CRS. Distances are geodesic km between their representative points.
    decay
        A decay such as ``gi.weigh.exponential(100)``; its unit is km.
    country
        The country of each region, or the name of a column of ``regions``; None takes all as one.
    border_factor
        What foreign mass counts against domestic mass at the same distance, zero or more: the
        reciprocal of the factor that ``border_effect`` finds.
    accuracy
        The greatest relative error allowed in ``domestic`` and in ``foreign`` of every region, above 0
        and below 1, such as 1e-3. None sums all pairs. Up to 1,500 regions all pairs are summed anyway.

    Returns
    -------
    DataFrame
        ``own``, ``domestic``, ``foreign``, ``total`` and ``exogenous_share`` (foreign / total, 0 to 1;
        missing where the total is zero), indexed like ``mass``.

    Raises
    ------
    ColumnError
        If a mass is missing or negative.
    RegionError
        If places coincide, or are points without an area, and the decay is infinite at 0 km.

    Notes
    -----
    A point has no area: its own part is M f(0). Time grows with the square of the number of regions,
    with an ``accuracy`` about in proportion to it; memory in proportion to it in both cases. Far
    crowds of regions are then replaced by three points of the same mass, centre and spread, where
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
    _contract.sound_regions(regions)
    weight = np.asarray(_sound_mass(_contract.numbers(mass, ids=regions.index)), np.float64)
    nation = np.zeros(len(regions), np.int64)
    if country is not None:
        nation = pd.factorize(_contract.country_series(country, regions))[0].astype(np.int64)
    factor = _contract.positive(border_factor, name="border_factor", zero=True)
    _sound_options(decay, accuracy)
    xyz = _distinct(_ellipsoid.unit_vectors(*places(regions).to_numpy().T), regions.index, decay)
    own = weight * decay.at_home(_radii(regions, decay))
    domestic, foreign = _potential.sums(_potential.Places(xyz, weight, nation), decay, accuracy=accuracy)
    parts = pd.DataFrame({"own": own, "domestic": domestic, "foreign": factor * foreign}, index=regions.index)
    parts["total"] = parts.sum(axis=1)
    parts["exogenous_share"] = parts["foreign"] / parts["total"].where(parts["total"] > 0)
    return parts.reindex(mass.index)


def _sound_mass(mass: pd.Series[float]) -> pd.Series[float]:
    """Return ``mass`` if none is negative."""
    negative = mass.index[mass < 0]
    if len(negative):
        message = (
            f"mass must be zero or more; column {mass.name!r} is negative in {_contract.named(negative)}."
        )
        raise ColumnError(message)
    return mass


def _sound_options(decay: Decay, accuracy: float | None) -> None:
    """Raise unless the decay is one of the house and the accuracy a small share."""
    if not isinstance(decay, Decay):
        message = (
            f"decay must be a Decay such as gi.weigh.exponential(100); {type(decay).__name__} was given."
        )
        raise ColumnError(message)
    if accuracy is not None and _contract.positive(accuracy, name="accuracy") >= 1:
        message = f"accuracy must be below 1, such as 1e-3; {accuracy!r} was given. None sums all pairs."
        raise ColumnError(message)


def _infinite_at_zero(decay: Decay) -> bool:
    """Return whether a place at 0 km would have an infinite weight."""
    return decay.family in {"power", "tanner"} and decay.parameters["exponent"] > 0


def _distinct(xyz: NDArray[np.float64], ids: pd.Index, decay: Decay) -> NDArray[np.float64]:
    """Return ``xyz`` unless places coincide under a decay that is infinite at 0 km."""
    if _infinite_at_zero(decay):
        twice = pd.DataFrame(xyz, index=ids).duplicated(keep=False)
        if twice.any():
            message = (
                f"Different regions stand at the same place: {_contract.named(ids[twice])}. {decay!r} is "
                "infinite at 0 km. Merge them, or take a decay that is finite there: gi.weigh.offset_power."
            )
            raise RegionError(message)
    return xyz


def _radii(regions: GeoDataFrame, decay: Decay) -> NDArray[np.float64]:
    """Return the radius, km, of the disc of each region's area; zero for points."""
    areal = regions.geometry.geom_type.isin(["Polygon", "MultiPolygon"]).to_numpy()
    if _infinite_at_zero(decay) and not areal.all():
        message = (
            f"Points have no area, and {decay!r} is infinite at 0 km, so there is no own potential for "
            f"{_contract.named(regions.index[~areal])}. Give these regions as polygons, or take a decay "
            "that is finite at 0 km: gi.weigh.offset_power(half_km, exponent)."
        )
        raise RegionError(message)
    radius = np.zeros(len(regions))
    if areal.any():
        radius[areal] = internal_distances(regions[areal]).to_numpy()
    return radius
