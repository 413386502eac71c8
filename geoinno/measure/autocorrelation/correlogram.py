"""Correlogram: autocorrelation by distance."""

from __future__ import annotations

import warnings
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from geoinno import _contract
from geoinno.errors import DataWarning, OptionError
from geoinno.measure._geodesy import ellipsoid
from geoinno.measure._inference.permutations import counted
from geoinno.measure._inference.significance import two_sided
from geoinno.measure.autocorrelation import _rings
from geoinno.weigh.distance import places

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from geopandas import GeoDataFrame

    from geoinno._types import Bools, Floats, Ints

_FEW_PAIRS = 30
_ENVELOPE = (0.025, 0.975)
# A spread below this share of the values is rounding.
_ROUNDING = 1e-13


def correlogram(
    values: pd.Series,
    regions: GeoDataFrame,
    *,
    edges_km: Sequence[float],
    permutations: int = 999,
    seed: int = 0,
) -> pd.DataFrame:
    """Measure Moran's I between regions that are a certain distance apart, ring by ring.

    A high value says that regions this far apart are alike, a negative one that they are opposites.
    Rings do not overlap: ring k holds the pairs with d_(k-1) < d_ij <= d_k, each with the weight 1
    (from an edge of 0, the first ring also holds pairs at 0 km). Regions without a partner in a ring take no
    part in it. With z the deviations from the mean of the n_k regions that have one,

        I_k = n_k / (2 pairs_k) sum_ij w_ij(k) z_i z_j / sum_i z_i^2.

    Parameters
    ----------
    values
        The indicator by region id; no value may be missing.
    regions
        Polygons or points in any CRS. Distances are geodesic km between their representative points.
    edges_km
        The edges of the rings, rising, one more than there are rings; the first is usually 0.
    permutations
        How often the values are shuffled over the regions that have a partner, in one order for all rings.
    seed
        Makes the shuffles repeatable.

    Returns
    -------
    DataFrame
        One row for each ring: ``from_km``, ``to_km``, ``pairs`` (each counted once), ``moran``, ``low`` and
        ``high`` (the middle 95% of shuffles), ``p`` (two-sided) and ``p_progressive`` (p times the number
        of the ring, at most 1: nearer rings are tested first). A ring without pairs, or whose regions are
        all alike, has missing numbers.
        ``.attrs["range_km"]`` is the distance at which ``moran`` first falls to zero, interpolated between
        the middles of rings: 0 if the first ring is not positive, missing if no ring falls to zero.

    Warns
    -----
    DataWarning
        If a ring has fewer than 30 pairs, or a ring begins beyond half the greatest distance.

    References
    ----------
    Sokal, R. R. and Oden, N. L. (1978). Spatial autocorrelation in biology 1. Methodology. Biological
    Journal of the Linnean Society 10(2), 199-228. doi:10.1111/j.1095-8312.1978.tb00013.x
    Oden, N. L. (1984). Assessing the significance of a spatial correlogram. Geographical Analysis 16(1),
    1-16. doi:10.1111/j.1538-4632.1984.tb00796.x
    Hewitt, J. E., Legendre, P., McArdle, B. H., Thrush, S. F., Bellehumeur, C. and Lawrie, S. M. (1997).
    Identifying relationships between adult and juvenile bivalves at different spatial scales. Journal
    of Experimental Marine Biology and Ecology 216(1-2), 77-98. doi:10.1016/S0022-0981(97)00091-9

    Examples
    --------
    >>> import geoinno as gi
    >>> place = gi.read.sample("north_america")
    >>> rings = gi.measure.correlogram(place.regions["cities"], place.regions, edges_km=[0, 500, 1000, 2000])
    >>> rings["pairs"].to_list()
    [255, 468, 1119]
    """
    _contract.sound_regions(regions)
    placed = _contract.varied(_contract.numbers(values, regions=regions))
    edges = _sound_edges(edges_km)
    count = _contract.whole(permutations, name="permutations")
    order = regions.index.argsort()  # shuffles follow the ids, not the order of the rows
    x = placed.to_numpy()[order]
    xyz = ellipsoid.unit_vectors(*places(regions).to_numpy()[order].T)
    rings = _rings.products(xyz, edges, np.zeros((len(x), 1)))
    statistics = np.full((len(edges) - 1, count + 1), np.nan)
    for taking_part, which in _alike(rings):
        z = _deviations(x[taking_part])
        if z is not None:
            columns = np.column_stack([z, _shuffled(z, taking_part, count=count, seed=seed)])
            products = _rings.products(xyz[taking_part], edges, columns).products[which]
            scale = len(z) / rings.pairs[which] / (z @ z)
            statistics[which] = scale[:, None] * products
    table = _table(edges, rings.pairs, statistics)
    _warn_of_thin_rings(table, rings.farthest_km)
    table.attrs["range_km"] = _range_km(table)
    return table


def _alike(rings: _rings.Rings) -> Iterator[tuple[Bools, Ints]]:
    """Yield each set of places that have partners, and the rings in which it is they that have."""
    sets, which = np.unique(rings.partnered, axis=0, return_inverse=True)
    for number, taking_part in enumerate(sets):
        if taking_part.any():
            yield taking_part, np.flatnonzero(which == number)


def _deviations(x: Floats) -> Floats | None:
    """Return values less their mean, of size one at most; nothing where they are all alike."""
    scaled = x / np.abs(x).max() if x.any() else x
    z = scaled - scaled.mean()
    largest = np.abs(z).max()
    return z / largest if largest > _ROUNDING else None


def _shuffled(z: Floats, taking_part: Bools, *, count: int, seed: int) -> Floats:
    """Return shuffles of the values as columns.

    All places are shuffled, and those that take part keep their order among each other: so rings in
    which nearly all take part have nearly the same shuffles.
    """
    rng = np.random.default_rng(seed)
    rank = np.cumsum(taking_part) - 1
    drawn = np.empty((len(z), count))
    for column in range(count):
        order = rng.permutation(len(taking_part))
        drawn[:, column] = z[rank[order[taking_part[order]]]]
    return drawn


def _sound_edges(edges_km: Sequence[float]) -> Floats:
    """Return the edges of the rings if they rise from zero or more."""
    edges = np.asarray(edges_km, dtype=np.float64)
    if edges.ndim != 1 or len(edges) < 2 or not np.isfinite(edges).all():  # noqa: PLR2004
        message = f"edges_km must be two or more finite distances; {edges_km!r} was given."
        raise OptionError(message)
    if edges[0] < 0 or (np.diff(edges) <= 0).any():
        message = f"edges_km must rise from zero or more; {edges_km!r} was given."
        raise OptionError(message)
    return edges


def _table(edges: Floats, pairs: Ints, statistics: Floats) -> pd.DataFrame:
    """Return the rings with envelope and p-values; the first column of statistics is observed."""
    moran, drawn = statistics[:, 0], statistics[:, 1:]
    low, high = np.quantile(drawn, _ENVELOPE, axis=1)
    p = np.array(
        [two_sided(counted(drawn[k], moran[k], 1.0), drawn.shape[1]) for k in range(len(moran))],
        dtype=np.float64,
    )
    p[np.isnan(moran)] = np.nan
    progressive = np.minimum(1.0, p * np.arange(1, len(p) + 1))
    return pd.DataFrame(
        {
            "from_km": edges[:-1],
            "to_km": edges[1:],
            "pairs": pairs,
            "moran": moran,
            "low": low,
            "high": high,
            "p": p,
            "p_progressive": progressive,
        },
        index=pd.RangeIndex(1, len(p) + 1, name="ring"),
    )


def _warn_of_thin_rings(table: pd.DataFrame, farthest_km: float) -> None:
    """Warn of rings that rest on few pairs, or on the few regions at the rim of the map."""
    thin = table.index[table["pairs"] < _FEW_PAIRS]
    if len(thin):
        message = (
            f"Rings {_contract.named(thin)} have fewer than {_FEW_PAIRS} pairs: their values are noise. "
            "Widen or merge them."
        )
        warnings.warn(message, DataWarning, stacklevel=3)
    outer = table.index[table["from_km"] >= farthest_km / 2]
    if len(outer):
        message = (
            f"Rings {_contract.named(outer)} begin beyond half the greatest distance, {farthest_km:,.0f} km: "
            "they compare only opposite ends of the map. End edges_km earlier."
        )
        warnings.warn(message, DataWarning, stacklevel=3)


def _range_km(table: pd.DataFrame) -> float:
    """Return where Moran's I first falls to zero, by straight lines between the middles of rings."""
    known = table.dropna(subset="moran")
    middle = ((known["from_km"] + known["to_km"]) / 2).to_numpy()
    moran = known["moran"].to_numpy()
    fallen = np.flatnonzero(moran <= 0)
    if len(fallen) == 0:
        return float("nan")
    first = int(fallen[0])
    if first == 0:
        return 0.0
    share = moran[first - 1] / (moran[first - 1] - moran[first])
    return float(middle[first - 1] + share * (middle[first] - middle[first - 1]))
