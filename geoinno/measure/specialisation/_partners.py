"""Partners: the region at home, and the one abroad, that has most of what another lacks."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from geoinno import _contract
from geoinno.weigh.decay import Decay
from geoinno.weigh.distance import distances

if TYPE_CHECKING:
    from geopandas import GeoDataFrame

    from geoinno._types import Bools, Floats, Ints


@dataclass(frozen=True, slots=True)
class Support:
    """The best partners (by position, -1 for none) of a region for what it lacks, and what they add."""

    partner: Ints  # home and abroad, by lacking activity
    value: Floats


def nearness(regions: GeoDataFrame, decay: Decay) -> Floats:
    """Return the decay of the distance between each two regions; a region is no partner of its own."""
    _contract.instance(decay, Decay, name="decay", example="gi.weigh.exponential(100)")
    km = distances(regions).to_numpy().copy()
    np.fill_diagonal(km, 1.0)  # a decay may be infinite at 0 km
    weight = np.asarray(decay(km), np.float64)
    np.fill_diagonal(weight, 0.0)
    return weight


def support(has: Floats, related: Floats, *, region: int, nearness: Floats, home: Bools) -> Support:
    """Return the best partners of one region for each activity that it lacks.

    C_sp = sum_q phi_pq M_sq (1 - M_iq) / sum_q phi_pq (Balland and Boschma 2021), times the nearness of s.
    Only lacking activities count in the sum, so the others are left out of the product of matrices.
    """
    lacking = np.flatnonzero(has[region] == 0)
    offered = has[:, lacking] @ related[np.ix_(lacking, lacking)].T * nearness[:, None]
    sides = np.stack([np.where(side[:, None], offered, 0.0) for side in (home, ~home)])
    value = sides.max(axis=1)
    return Support(np.where(value > 0, sides.argmax(axis=1), -1), value)


def table(has: pd.DataFrame, related: Floats, *, nearness: Floats, country: pd.Series) -> pd.DataFrame:
    """Return the lacking activities of all regions with the partners at home and abroad."""
    cells, codes = has.to_numpy(), pd.factorize(country)[0]
    rows = [
        support(cells, related, region=i, nearness=nearness[i], home=codes == codes[i])
        for i in range(len(cells))
    ]
    region, activity = np.nonzero(cells == 0)
    partner = np.concatenate([row.partner for row in rows], axis=1)
    value = np.concatenate([row.value for row in rows], axis=1)
    names = np.array([*has.index, None], dtype=object)  # position -1: no partner
    return pd.DataFrame(
        {
            "region": has.index.to_numpy(object)[region],
            "activity": has.columns.to_numpy(object)[activity],
            "home": names[partner[0]],
            "abroad": names[partner[1]],
            "home_support": value[0],
            "abroad_support": value[1],
        }
    )
