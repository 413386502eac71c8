"""The terrain on which summits are sought: places, discs and links of regions, in the order of their ids."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from scipy import sparse

from geoinno import _contract, weigh
from geoinno._kernels.threads import single_blas_thread
from geoinno._language.phrases import Phrase
from geoinno.errors import ColumnError, OptionError
from geoinno.measure._geodesy import ellipsoid
from geoinno.measure.potential.market_potential import market_potential
from geoinno.scale import parted, share_out

if TYPE_CHECKING:
    from geopandas import GeoDataFrame
    from libpysal.graph import Graph
    from numpy.typing import NDArray

    from geoinno._types import Floats


STEPS = 4  # reaches to a doubling
_LN2 = float(np.log(2))
# Up to here all pairs are summed, for all reaches and draws at once; beyond, each surface by a tree.
_DENSE, _SINGLE = 20_000, 2_048
_ACCURACY = 1e-3
# Up to here, blocks of NumPy take less time than loading the compiled loops.
_PLAIN = 1_500
_BLOCK = 1 << 20


@dataclass(frozen=True, slots=True, eq=False)
class Terrain:
    """Regions in the order of their ids, so that no answer depends on the order of rows.

    ``links`` is symmetric and connected: what no link joins is bridged by the shortest pair. Zones of
    merged regions have no shapes; all their pairs are summed, however many there are.
    """

    ids: pd.Index
    xyz: Floats
    radii: Floats
    links: sparse.csr_array
    regions: GeoDataFrame | None = None

    def __len__(self) -> int:
        return len(self.ids)


def terrain(regions: GeoDataFrame, weights: Graph | None) -> Terrain:
    """Return the terrain of sound regions, linked by contiguity unless ``weights`` are given."""
    _contract.sound_regions(regions)
    placed: GeoDataFrame = regions.sort_index()
    if weights is None:
        weights = weigh.contiguity(placed)
    _contract.aligned(placed, _contract.weight_ids(weights), what="regions", against="weights")
    linked = links(weights, placed.index).tocoo().coords
    bridges = weigh.bridges(weights, placed)
    ends = [placed.index.get_indexer(bridges[side]) for side in ("first", "second")]
    first, second = (np.concatenate([one, two]) for one, two in zip(linked, ends, strict=True))
    xyz = ellipsoid.unit_vectors(*weigh.places(placed).to_numpy().T)
    return Terrain(placed.index, xyz, disc_radii(placed), symmetric(first, second, len(placed)), placed)


def links(weights: Graph, ids: pd.Index) -> sparse.csr_array:
    """Return which regions ``weights`` link, both ways, in the order of ``ids``."""
    order = ids.get_indexer(weights.unique_ids)
    focal, neighbor = weights.sparse.tocoo().coords
    return symmetric(order[focal], order[neighbor], len(ids))


def symmetric(first: NDArray[np.intp], second: NDArray[np.intp], count: int) -> sparse.csr_array:
    """Return links both ways, without those of a region to itself."""
    apart = first != second
    one, two = first[apart], second[apart]
    ends = np.concatenate([one, two]), np.concatenate([two, one])
    matrix = sparse.coo_array((np.ones(len(ends[0])), ends), shape=(count, count)).tocsr()
    matrix.sort_indices()
    return matrix


def disc_radii(regions: GeoDataFrame) -> Floats:
    """Return the radius, km, of the disc of each region's area; zero for points."""
    areal = regions.geometry.geom_type.isin(["Polygon", "MultiPolygon"]).to_numpy()
    radius = np.zeros(len(regions))
    if areal.any():
        radius[areal] = weigh.internal_distances(regions[areal]).to_numpy()
    return radius


def masses(mass: pd.Series | str, regions: GeoDataFrame) -> pd.Series:
    """Return masses of zero or more, not all zero, in the order of the ids."""
    given = _contract.not_negative(_contract.numbers(mass, regions=regions, what="masses")).sort_index()
    if not given.any():
        message = Phrase(
            "{column} is zero in every region ({n:,} in all): nothing attracts.",
            column=_contract.titled(given),
            n=len(given),
        )
        raise ColumnError(message)
    return given


def base_reach(reach_km: float | None, land: Terrain) -> tuple[float, str]:
    """Return the reach that was given, or half the median radius of the regions; and which in words."""
    if reach_km is not None:
        reach = _contract.positive(reach_km, name="reach_km")
        return reach, f"Reach: half of the weight is lost every {reach:.4g} km, as given."
    reach = float(np.median(land.radii)) / 2
    if reach == 0:
        message = "Points have no area to choose a reach from. Give one, such as reach_km=30."
        raise OptionError(message)
    return reach, (
        f"Reach: half of the weight is lost every {reach:.4g} km, which is half the radius of the median "
        f"of the {len(land):,} regions (as a disc of its area)."
    )


def surfaces(mass: Floats, land: Terrain, *, reach: float, count: int) -> Floats:
    """Return potentials by reach, region and column of ``mass``, for ``count`` reaches from ``reach`` on.

    Each reach is 2^(1/4) times the one before. P_i(h) = M_i w_ii + sum_j M_j 2^(-d_ij / h), with the mean
    weight w_ii within the disc of the region's area.
    """
    reaches = reach * 2.0 ** (np.arange(count) / STEPS)
    regions = land.regions
    if regions is not None and (len(land) > _DENSE or (count == 1 and len(land) > _SINGLE)):
        columns = [[_tree_potential(column, regions, h) for column in mass.T] for h in reaches]
        return np.stack([np.stack(potentials, axis=1) for potentials in columns])
    return _summed_potentials(mass, land, reaches)


@dataclass(frozen=True, slots=True, eq=False)
class _Sums:
    """Potentials by reach, region and column of ``mass``, to which blocks of regions add theirs."""

    mass: Floats
    xyz: Floats
    reaches: Floats
    potential: Floats

    def add(self, block: tuple[int, int]) -> None:
        """Add what all other regions contribute to some regions, at all reaches."""
        rows = slice(*block)
        km, count = _kilometres(self.xyz, block), len(self.reaches)
        for k in range(min(STEPS, count)):
            weight = np.exp(km * (-_LN2 / self.reaches[k]))
            weight[np.arange(len(km)), np.arange(*block)] = 0.0
            for further in range(k, count, STEPS):
                self.potential[further, rows] += weight @ self.mass
                # Twice the reach: the root of the weight, far cheaper than another exponential.
                np.sqrt(weight, out=weight)


def _summed_potentials(mass: Floats, land: Terrain, reaches: Floats) -> Floats:
    """Return potentials by reach, region and column of ``mass``, summed over all pairs of regions."""
    own = np.stack([weigh.exponential(float(h)).at_home(land.radii) for h in reaches])
    sums = _Sums(mass, land.xyz, reaches, own[:, :, None] * mass)
    blocks = parted(len(land), max(1, _BLOCK // len(land)))
    with single_blas_thread():
        share_out(sums.add, blocks, what="Round of distances")
    return sums.potential


def _kilometres(xyz: Floats, block: tuple[int, int]) -> Floats:
    """Return the km from the regions of a block (rows) to all."""
    first, last = block
    if len(xyz) <= _PLAIN:
        return ellipsoid.kilometres(xyz[first:last], xyz)
    from geoinno._kernels.distances import rows_of_kilometres

    x, y, z = np.ascontiguousarray(xyz.T)
    km = np.empty((last - first, len(xyz)))
    rows_of_kilometres(x, y, z, first, last, km)
    return km


def _tree_potential(mass: Floats, regions: GeoDataFrame, reach: float) -> Floats:
    """Return the potential of one mass at one reach, within a thousandth of itself."""
    values = pd.Series(mass, index=regions.index, name="mass")
    parts = market_potential(values, regions, decay=weigh.exponential(float(reach)), accuracy=_ACCURACY)
    return parts["total"].to_numpy(np.float64)


def extent_km(land: Terrain) -> float:
    """Return about the greatest distance on the map: from the region farthest from the middle one on."""
    corner = 0
    farthest = 0.0
    for _ in range(3):
        km = ellipsoid.kilometres(land.xyz[[corner]], land.xyz)[0]
        corner, farthest = int(km.argmax()), float(km.max())
    return farthest
