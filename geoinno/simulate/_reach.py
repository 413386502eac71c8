"""Potential over a table of costs, and decays over distances that shrink."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from geoinno import _contract
from geoinno.errors import ColumnError, RegionError
from geoinno.weigh import Decay, distances, internal_distances

if TYPE_CHECKING:
    from geopandas import GeoDataFrame

    from geoinno._types import Bools, Floats, Ints

PARTS = ("own", "domestic", "foreign", "total", "exogenous_share")
_BLOCK = 1 << 21


def sound_mass(mass: pd.Series | str, regions: GeoDataFrame) -> pd.Series:
    """Return masses in the order of the regions, none negative."""
    people = _contract.not_negative(_contract.numbers(mass, regions=regions, what="masses"))
    if not people.any():
        message = f"mass is zero in every region ({len(people):,} in all): nothing attracts."
        raise ColumnError(message)
    return people


def sound_decay(decay: Decay) -> Decay:
    """Return a decay of the house."""
    return _contract.instance(decay, Decay, name="decay", example="gi.weigh.exponential(100)")


def stretched(decay: Decay, factor: float) -> tuple[Decay, float]:
    """Return a decay g and a number m with m g(c) = f(c / factor): what shorter distances do to weights.

    The half-distance grows by the factor; a power has none, and is multiplied by its power instead.
    """
    first, *rest = decay.values  # noqa: PD011 - the parameters of a decay, no table
    multiple = factor**first if decay.family in {"power", "tanner"} else 1.0
    if decay.family == "power":
        return decay, multiple
    values: tuple[float, ...]
    if decay.family == "tanner":
        values = (first, rest[0] / factor)
    elif decay.family == "lognormal":
        values = (first, rest[0] * factor)
    elif decay.family == "logistic":
        values = (first * factor, rest[0] / factor)
    else:
        values = (first * factor, *rest)
    return replace(decay, values=values), multiple


@dataclass(frozen=True, slots=True)
class Places:
    """Regions with their mass, the radius of their disc in the unit of costs, and the country of each."""

    ids: pd.Index
    mass: Floats
    radius: Floats
    abroad: Bools  # (n, n), whether two regions lie in different countries


def own_weights(places: Places, decay: Decay) -> Floats:
    """Return the weight of each region for itself: the mean over its disc, or that at its point."""
    try:
        weights: Floats = decay.at_home(places.radius)
    except ColumnError as error:
        idle = places.ids[places.radius == 0]
        message = (
            f"The own potential of {_contract.named(idle) if len(idle) else 'regions'} is infinite: {error}"
        )
        raise RegionError(message) from None
    return weights


def potential(places: Places, costs: Floats, decay: Decay, *, openness: Floats | float) -> pd.DataFrame:
    """Return own, domestic and foreign potential over a square table of costs, as `market_potential` does."""
    own = places.mass * own_weights(places, decay)
    domestic, foreign = np.empty_like(own), np.empty_like(own)
    here = np.arange(len(own))
    size = max(1, _BLOCK // len(own))
    for first in range(0, len(own), size):
        rows = here[first : first + size]
        weighted = between(costs[rows], rows, decay) * places.mass
        abroad = places.abroad[rows]
        across = weighted * (openness if isinstance(openness, float) else openness[rows])
        # Plain sums, not products of matrices: a row whose costs stay has the same sum to the last bit.
        domestic[rows] = np.where(abroad, 0.0, weighted).sum(axis=1)
        foreign[rows] = np.where(abroad, across, 0.0).sum(axis=1)
    total = own + domestic + foreign
    columns = {"own": own, "domestic": domestic, "foreign": foreign, "total": total}
    table = pd.DataFrame(columns, index=places.ids)
    table["exogenous_share"] = table["foreign"] / table["total"].where(table["total"] > 0)
    return table


def between(costs: Floats, rows: Ints, decay: Decay) -> Floats:
    """Return the weights from some regions (rows) to all others, zero for themselves."""
    safe = costs.copy()
    own = (np.arange(len(rows)), rows)
    safe[own] = 1.0  # any cost above zero: own mass has its own weight
    weights: Floats = decay(safe)
    weights[own] = 0.0
    return weights


def sound_costs(costs: pd.DataFrame, ids: pd.Index) -> Floats:
    """Return costs in the order of ``ids``: finite, and above zero between different regions."""
    table = _contract.square(costs, name="costs", ids=ids)
    off = ~np.eye(len(ids), dtype=bool)
    bad = off & ~(np.isfinite(table) & (table > 0))
    if bad.any():
        pairs = zip(*(ids[side] for side in np.nonzero(bad)), strict=True)
        message = (
            f"costs must be finite and above zero between different regions; see {_contract.named(pairs)}."
        )
        raise ColumnError(message)
    own = np.diagonal(table)
    if not ((own >= 0).all() and np.isfinite(own).all()):
        message = "costs within regions, on the diagonal, must be zero (unknown) or above."
        raise ColumnError(message)
    return table


def radii(regions: GeoDataFrame) -> Floats:
    """Return the radius of the disc of each region, km; zero for points."""
    areal = regions.geometry.geom_type.isin(["Polygon", "MultiPolygon"]).to_numpy()
    radius = np.zeros(len(regions))
    if areal.any():
        radius[areal] = internal_distances(regions[areal]).to_numpy()
    return radius


def cost_radii(regions: GeoDataFrame, costs: Floats, abroad: Bools) -> Floats:
    """Return the radius of each region in the unit of the costs.

    Costs on the diagonal are taken as they are; where there are none, the radius in km counts what a km costs
    between regions of one country (the median of pairs), since a wait at a border is no matter of distance.
    """
    own = np.diagonal(costs)
    if (own > 0).all():
        return own.copy()
    km = distances(regions).to_numpy()
    pairs = (km > 0) & ~abroad
    pairs = pairs if pairs.any() else km > 0
    unit = float(np.median(costs[pairs] / km[pairs])) if pairs.any() else 1.0
    return radii(regions) * unit
