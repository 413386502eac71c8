"""Which regions are near: candidates by straight lines through the earth, then exact geodesic order."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from scipy.spatial import cKDTree

from geoinno import _contract
from geoinno.errors import ColumnError
from geoinno.weigh._places import earthbound, kilometres, places

if TYPE_CHECKING:
    from collections.abc import Callable

    import pandas as pd
    from geopandas import GeoDataFrame

    from geoinno._types import Floats, Ints


# Distances that differ by less than a millimetre are equal: the rest is rounding.
_DECIMALS = 6
_SLACK_KM = 2e-6


def reached(regions: GeoDataFrame, max_km: float) -> tuple[Ints, Ints, Floats]:
    """Return the pairs of regions within ``max_km`` of each other, each once, with their km."""
    lon, lat = places(regions)
    pairs = cKDTree(earthbound(lon, lat)).query_pairs(max_km + _SLACK_KM, output_type="ndarray")
    first, second = pairs.T.astype(np.int64)
    km = kilometres((lon[first], lat[first]), (lon[second], lat[second]))
    inside = km <= max_km
    return first[inside], second[inside], km[inside]


def ranked(regions: GeoDataFrame, count: int) -> tuple[Ints, Ints, Floats]:
    """Return for each region its ``count`` nearest others, in order of km and then of the table."""
    lon, lat = places(regions)
    xyz = earthbound(lon, lat)
    tree = cKDTree(xyz)
    _, some = tree.query(xyz, k=count + 1)
    focal = np.repeat(np.arange(len(xyz)), count + 1)
    some_km = kilometres((lon[focal], lat[focal]), (lon[some.ravel()], lat[some.ravel()]))
    # Nobody nearer on the ground than the farthest of these is farther than that through the earth.
    reach = some_km.reshape(some.shape).max(axis=1) + _SLACK_KM
    balls = tree.query_ball_point(xyz, reach)
    focal = np.repeat(np.arange(len(xyz)), [len(ball) for ball in balls])
    neighbor = np.concatenate(balls).astype(np.int64)
    focal, neighbor = focal[focal != neighbor], neighbor[focal != neighbor]
    km = kilometres((lon[focal], lat[focal]), (lon[neighbor], lat[neighbor]))
    order = np.lexsort((neighbor, np.round(km, _DECIMALS), focal))
    start = np.searchsorted(focal, np.arange(len(xyz)))
    taken = order[(start[:, None] + np.arange(count)).ravel()]
    return focal[taken], neighbor[taken], km[taken]


def decayed(decay: Callable[[Floats], Floats], km: Floats, *, ends: tuple[pd.Index, pd.Index]) -> Floats:
    """Return the weights of pairs, finite and zero or more; ``ends`` names the pairs."""
    try:
        weight = np.asarray(decay(km), dtype=np.float64)
    except ColumnError:
        if km.all():
            raise
        weight = np.where(km > 0, 0.0, np.inf)  # infinite at 0 km: the message names these pairs
    wrong = ~np.isfinite(weight) | (weight < 0)
    if wrong.any():
        pairs = zip(ends[0][wrong], ends[1][wrong], strict=True)
        message = (
            f"decay must be finite and zero or more; it is not between {_contract.named(pairs)}. "
            "Regions at one place (0 km) need a decay that is finite there, such as "
            "gi.weigh.offset_power(half_km, exponent)."
        )
        raise ColumnError(message)
    return weight
