"""The three parts of a potential, from checked tables: own, domestic and foreign."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from geoinno import _contract
from geoinno.errors import ColumnError, OptionError, RegionError
from geoinno.measure._geodesy import ellipsoid
from geoinno.measure.potential import _sums
from geoinno.weigh.decay import Decay
from geoinno.weigh.distance import internal_distances, places

if TYPE_CHECKING:
    from geopandas import GeoDataFrame
    from numpy.typing import NDArray

    from geoinno.scale import Engine


@dataclass(frozen=True, slots=True)
class Reach:
    """What counts for a region: how mass fades with distance, at borders, and how exactly it is summed."""

    decay: Decay
    country: pd.Series | str | None
    border_factor: float | pd.DataFrame
    accuracy: float | None
    engine: Engine
    most_open: float = np.inf  # the greatest border_factor that makes sense


def parts(mass: pd.Series | str, regions: GeoDataFrame, reach: Reach) -> pd.DataFrame:
    """Return ``own``, ``domestic``, ``foreign`` (with open borders) and ``across`` (with those of today)."""
    _contract.sound_regions(regions)
    weight = np.asarray(
        _contract.not_negative(_contract.numbers(mass, regions=regions, what="masses")), np.float64
    )
    codes, countries = _countries(reach.country, regions)
    _sound_options(reach.decay, reach.accuracy)
    xyz = _distinct(ellipsoid.unit_vectors(*places(regions).to_numpy().T), regions.index, reach.decay)
    own = weight * reach.decay.at_home(_radii(regions, reach.decay))
    where = _sums.Places(xyz, weight, codes)
    factor = _factors(reach, countries)
    if isinstance(factor, float):
        domestic, foreign = _sums.sums(where, reach.decay, accuracy=reach.accuracy, engine=reach.engine)
        across = factor * foreign
    else:
        domestic, foreign, across = _by_border(where, reach, factor)
    columns = {"own": own, "domestic": domestic, "foreign": foreign, "across": across}
    return pd.DataFrame(columns, index=regions.index)


def _countries(country: pd.Series | str | None, regions: GeoDataFrame) -> tuple[NDArray[np.int64], pd.Index]:
    """Return the number of the country of each region, and the countries; one where none is given."""
    if country is None:
        return np.zeros(len(regions), np.int64), pd.Index(["all regions"])
    codes, countries = pd.factorize(_contract.country_series(country, regions))
    return codes.astype(np.int64), pd.Index(countries)


def _factors(reach: Reach, countries: pd.Index) -> float | NDArray[np.float64]:
    """Return the one factor, or that of each border: countries of regions by countries of mass."""
    factor, most = reach.border_factor, reach.most_open
    if not isinstance(factor, pd.DataFrame):
        if _contract.positive(factor, name="border_factor", zero=True) > most:
            message = f"border_factor must be at most {most:g} (an open border); {factor!r} was given."
            raise OptionError(message)
        return float(factor)
    absent = countries[~(countries.isin(factor.index) & countries.isin(factor.columns))]
    if len(absent):
        message = (
            f"border_factor has no row or no column for {_contract.named(absent)}. Give a square table with "
            "the countries of the regions in rows, and those of the mass in columns."
        )
        raise ColumnError(message)
    table = _contract.square(factor.loc[countries, countries], name="border_factor", ids=countries).copy()
    np.fill_diagonal(table, 0.0)  # a country has no border with itself, whatever stands there
    unsound = np.argwhere(~((table >= 0) & (table <= min(most, np.finfo(float).max))))
    if len(unsound):
        pairs = [f"{countries[i]} to {countries[j]}" for i, j in unsound]
        bound = "zero or more" if most == np.inf else f"0 to {most:g} (an open border)"
        message = f"border_factor must be {bound} for every border; it is not for {_contract.named(pairs)}."
        raise ColumnError(message)
    return table


def _by_border(
    where: _sums.Places, reach: Reach, factor: NDArray[np.float64]
) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]]:
    """Return the sums at home, abroad with open borders, and abroad with a factor for each border."""
    sums = _sums.country_sums(where, reach.decay, accuracy=reach.accuracy, engine=reach.engine)
    home = where.country[:, None] == np.arange(sums.shape[1])
    abroad = np.where(home, 0.0, sums)
    domestic = np.where(home, sums, 0.0).sum(axis=1)
    return domestic, abroad.sum(axis=1), (abroad * factor[where.country]).sum(axis=1)


def _sound_options(decay: Decay, accuracy: float | None) -> None:
    """Raise unless the decay is one of the house and the accuracy a small share."""
    _contract.instance(decay, Decay, name="decay", example="gi.weigh.exponential(100)")
    if accuracy is not None and _contract.positive(accuracy, name="accuracy") >= 1:
        message = f"accuracy must be below 1, such as 1e-3; {accuracy!r} was given. None sums all pairs."
        raise OptionError(message)


def _infinite_at_zero(decay: Decay) -> bool:
    """Return whether a place at 0 km would have an infinite weight."""
    return decay.family in {"power", "tanner"} and decay.parameters["exponent"] > 0


def _distinct(xyz: NDArray[np.float64], ids: pd.Index, decay: Decay) -> NDArray[np.float64]:
    """Return ``xyz`` unless places coincide under a decay that is infinite at 0 km."""
    if _infinite_at_zero(decay):
        twice = pd.DataFrame(xyz, index=ids).duplicated(keep=False)
        if twice.any():
            message = (
                f"Different regions have the same location: {_contract.named(ids[twice])}. {decay!r} is "
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
