"""The three parts of a potential, from checked tables: own, domestic and foreign."""

from __future__ import annotations

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


def parts(
    mass: pd.Series,
    regions: GeoDataFrame,
    *,
    decay: Decay,
    country: pd.Series | str | None,
    accuracy: float | None,
) -> pd.DataFrame:
    """Return ``own``, ``domestic`` and ``foreign`` with open borders, indexed like ``regions``."""
    _contract.sound_regions(regions)
    weight = np.asarray(_sound_mass(_contract.numbers(mass, regions=regions, what="masses")), np.float64)
    nation = np.zeros(len(regions), np.int64)
    if country is not None:
        nation = pd.factorize(_contract.country_series(country, regions))[0].astype(np.int64)
    _sound_options(decay, accuracy)
    xyz = _distinct(ellipsoid.unit_vectors(*places(regions).to_numpy().T), regions.index, decay)
    own = weight * decay.at_home(_radii(regions, decay))
    domestic, foreign = _sums.sums(_sums.Places(xyz, weight, nation), decay, accuracy=accuracy)
    return pd.DataFrame({"own": own, "domestic": domestic, "foreign": foreign}, index=regions.index)


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
        raise OptionError(message)
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
