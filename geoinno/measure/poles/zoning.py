"""Zoning: whether poles stay poles where the same map is divided into other regions."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from scipy import sparse
from scipy.sparse import csgraph

from geoinno import _contract
from geoinno.errors import OptionError
from geoinno.measure.poles import _terrain, _tracking
from geoinno.measure.poles._terrain import Terrain
from geoinno.measure.poles.growth_poles import PoleOptions
from geoinno.scale import follow

if TYPE_CHECKING:
    from geopandas import GeoDataFrame
    from libpysal.graph import Graph
    from numpy.typing import NDArray

    from geoinno._types import Bools, Floats

    Ints = NDArray[np.intp]

_FEWEST = 3
_USUAL = PoleOptions()


def zoning_check(
    mass: pd.Series | str,
    weights: Graph,
    *,
    regions: GeoDataFrame,
    draws: int = 99,
    share: float = 0.5,
    options: PoleOptions = _USUAL,
    seed: int = 0,
) -> pd.DataFrame:
    """Test whether growth poles remain poles where neighbouring regions are merged at random.

    In each draw the regions are merged into contiguous zones, and the poles are sought again on the map
    of zones, at its own base reach unless one is given. A pole whose zone is nearly always a pole does not
    owe it to the way the map is divided (the modifiable areal unit problem); one whose zone seldom is
    stands out only in these regions.

    Parameters
    ----------
    mass, weights, regions
        As for `growth_poles`.
    draws
        The number of random aggregations, one or more.
    share
        Zones as a share of regions, above 0 and below 1; three zones or more.
    options
        What makes a pole: ``reach_km``, ``least_prominence`` and ``least_mass`` of `PoleOptions`.
    seed
        Of the random aggregations.

    Returns
    -------
    DataFrame
        Indexed as ``mass``: ``pole``, as `growth_poles` finds it on the regions themselves, and
        ``in_pole_zone``, the share of draws (0 to 1) in which the zone that holds the region is a pole.
        Neighbours of a pole have a share too, as they are often merged with it. ``.attrs["zones"]`` is the
        number of zones.

    Raises
    ------
    ColumnError
        If a mass is missing or negative, or the same everywhere.
    AlignmentError
        If mass, weights and regions cover different regions.
    OptionError
        If there would be fewer than three zones, or no fewer zones than regions.

    Notes
    -----
    Zones grow from regions drawn at random, each along links of random length, so that every zone is
    contiguous; parts without a link are bridged as in `growth_poles`. A zone has the sum of its regions'
    masses and areas, and lies at the mean of their places, weighted by area, as if data came for these
    zones alone: a city that is merged with a large and empty region has its mass spread over both. With
    a smaller ``share`` more regions are merged, and fewer poles stay.

    References
    ----------
    Openshaw, S. (1984). The Modifiable Areal Unit Problem. Concepts and Techniques in Modern Geography
    38. Norwich: Geo Books.
    Eden, M. (1961). A two-dimensional growth process. Proceedings of the Fourth Berkeley Symposium on
    Mathematical Statistics and Probability 4, 223-239.

    Examples
    --------
    >>> import geoinno as gi
    >>> regions = gi.read.sample("central_asia").regions
    >>> near = gi.weigh.contiguity(regions)
    >>> found = gi.measure.zoning_check("city_population", near, regions=regions, draws=19)
    >>> regions["name"][found["in_pole_zone"].where(found["pole"]).idxmax()]
    'Astana'
    """
    _contract.polygons(regions)
    count = _contract.whole(draws, name="draws")
    _contract.weight_ids(weights)
    _contract.instance(options, PoleOptions, name="options", example="gi.measure.PoleOptions()")
    land = _terrain.terrain(regions, weights)
    size = _contract.varied(_terrain.masses(mass, regions))
    zones = _zone_count(share, len(land))
    random = np.random.default_rng(seed)
    held = np.zeros(len(land))
    for _ in follow(range(count), "Zoning"):
        zone = _random_zones(land.links, zones, random)
        totals = _sums(zone, size.to_numpy())
        held += _poles(totals, _merged(land, zone), options)[zone]
    pole = _poles(size.to_numpy(), land, options)
    index = mass.index if isinstance(mass, pd.Series) else regions.index
    table = pd.DataFrame({"pole": pole, "in_pole_zone": held / count}, index=land.ids).reindex(index)
    table.attrs["zones"] = zones
    return table


def _zone_count(share: float, regions: int) -> int:
    """Return how many zones are drawn: three or more, and fewer than there are regions."""
    zones = round(_contract.positive(share, name="share") * regions)
    if not _FEWEST <= zones < regions:
        message = (
            f"share={share!r} of {regions:,} regions makes {zones:,} zones. A check needs {_FEWEST} zones or "
            "more, and fewer than there are regions."
        )
        raise OptionError(message)
    return zones


def _random_zones(links: sparse.csr_array, zones: int, random: np.random.Generator) -> Ints:
    """Return the zone of each region: that of the seed which reaches it first.

    Every region on the shortest way from a seed belongs to that seed, so zones are contiguous. Exponential
    lengths make them grow as Eden's clusters do, without a preferred shape.
    """
    lengths = sparse.triu(links, format="csr")
    lengths.data = random.exponential(size=lengths.nnz)
    seeds = random.choice(len(lengths.indptr) - 1, zones, replace=False)
    _, _, source = csgraph.dijkstra(
        lengths, directed=False, indices=seeds, min_only=True, return_predecessors=True
    )
    _, zone = np.unique(source, return_inverse=True)
    return np.asarray(zone)


def _sums(zone: Ints, values: Floats) -> Floats:
    """Return the sum of the regions' values in each zone."""
    return np.asarray(np.bincount(zone, values), np.float64)


def _merged(land: Terrain, zone: Ints) -> Terrain:
    """Return the terrain of zones."""
    area = land.radii**2
    place = np.stack([_sums(zone, area * axis) for axis in land.xyz.T], axis=1)
    place /= np.linalg.norm(place, axis=1, keepdims=True)
    first, second = (zone[ends] for ends in land.links.tocoo().coords)
    count = len(place)
    links = _terrain.symmetric(first, second, count)
    return Terrain(pd.RangeIndex(count), place, np.sqrt(_sums(zone, area)), links)


def _poles(mass: Floats, land: Terrain, options: PoleOptions) -> Bools:
    """Return which regions of a terrain are poles at its base reach."""
    reach, _ = _terrain.base_reach(options.reach_km, land)
    potential = _terrain.surfaces(mass[:, None], land, reach=reach, count=1)[:, :, 0]
    spec = _tracking.PoleSpec(options.least_prominence, options.least_mass, 0, 0.0, 0)
    return _tracking.track(mass, land, potential, spec=spec).pole
