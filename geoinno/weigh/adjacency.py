"""Adjacency: which regions are neighbours, by common border, by rank or by distance, at home and abroad."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

import geopandas as gpd
import numpy as np
import shapely

from geoinno import _contract
from geoinno.errors import OptionError
from geoinno.weigh import _borders, _joined, _near, _pairs

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    import pandas as pd
    from geopandas import GeoDataFrame
    from libpysal.graph import Graph
    from numpy.typing import NDArray


def contiguity(
    regions: GeoDataFrame,
    *,
    rule: Literal["queen", "rook"] = "queen",
    islands: Literal["isolate", "nearest", "bridge"] = "isolate",
    links: Sequence[tuple[str, str]] = (),
    snap_m: float = 0.01,
) -> Graph:
    """Link regions whose boundaries meet.

    A region with many neighbours lies among many others; one without any is an island, left out of
    statistics that look at neighbours unless ``islands`` or ``links`` say otherwise.
    Queen: a common point is enough. Rook: a common line is needed.

    Parameters
    ----------
    regions
        Polygons in any CRS; they are compared in their own coordinates.
    rule
        ``"queen"`` or ``"rook"``.
    islands
        ``"isolate"``: a region that meets no other has no neighbour. ``"nearest"``: each such region is
        linked to the one nearest to it, by the distance between their boundaries. ``"bridge"``: all
        connected parts of the map are joined by their shortest pairs of regions, as few as possible
        (`bridges` lists them), so that the whole map is connected.
    links
        Further pairs of region ids to be linked, such as the two ends of a tunnel or a bridge; they are
        taken into account before ``islands``.
    snap_m
        Tolerance, metres: where boundaries do not match vertex by vertex, a vertex this close to
        another region's boundary lies on it. About a centimetre bridges rounding; slivers need more.

    Returns
    -------
    Graph
        Binary and symmetric, ids in the order of ``regions``; isolates are self-loops of weight 0.

    Raises
    ------
    RegionError
        If a region is not a valid polygon, or ``links`` name an unknown region.

    Notes
    -----
    The meridians -180 and 180 are one; the two halves of a region cut there are not neighbours of each other.
    Regions that overlap without a common point of their boundaries are not linked: an overlap is an
    error of the map, which ``gi.read.topology`` reports. A single region is an isolate.

    Examples
    --------
    >>> import geoinno as gi
    >>> place = gi.read.sample("central_asia")
    >>> near = gi.weigh.contiguity(place.regions, rule="rook")
    >>> near.n, near.n_edges
    (48, 224)
    """
    _contract.option(rule, ("queen", "rook"), name="rule")
    _contract.option(islands, ("isolate", "nearest", "bridge"), name="islands")
    met = _met(regions, snap_m)
    first, second = met.touching() if rule == "queen" else met.borders().pairs
    first, second = _joined.completed(regions, (first, second), links=links, islands=islands)
    return _pairs.mutual(regions.index, first, second, weight=np.ones(len(first), dtype=np.int64))


def border_lengths(regions: GeoDataFrame, *, snap_m: float = 0.01) -> Graph:
    """Link regions that share a border by its geodesic length in km.

    A high weight says that two regions share a long border. Regions that meet only in points are
    not linked.

    Parameters
    ----------
    regions
        Polygons in any CRS; a copy of the common vertices is taken to WGS84 to be measured.
    snap_m
        Tolerance, metres, as in ``contiguity``.

    Returns
    -------
    Graph
        Symmetric, weights in km, ids in the order of ``regions``; isolates are self-loops of weight 0.

    Notes
    -----
    Each edge of a boundary is measured as the geodesic between its two vertices; a parallel drawn with
    few vertices comes out a little short, and an edge must not span half the globe.

    Examples
    --------
    >>> import geoinno as gi
    >>> place = gi.read.sample("central_asia")
    >>> borders = gi.weigh.border_lengths(place.regions)
    >>> bool(borders.adjacency.max() > 500)
    True
    """
    borders = _met(regions, snap_m).borders()
    return _pairs.mutual(regions.index, *borders.pairs, weight=borders.km())


def shared_borders(regions: GeoDataFrame, *, snap_m: float = 0.01) -> GeoDataFrame:
    """Draw the line that each pair of neighbouring regions shares.

    Parameters
    ----------
    regions
        Polygons in any CRS.
    snap_m
        Tolerance, metres, as in ``contiguity``.

    Returns
    -------
    GeoDataFrame
        One row for each pair: ``first`` and ``second`` (ids, in the order of ``regions``), ``length_km``
        (geodesic) and ``geometry``, the common line in the CRS of ``regions``.

    Examples
    --------
    >>> import geoinno as gi
    >>> place = gi.read.sample("central_asia")
    >>> gi.weigh.shared_borders(place.regions).columns.to_list()
    ['first', 'second', 'length_km', 'geometry']
    """
    borders = _met(regions, snap_m).borders()
    first, second = borders.pairs
    columns = {
        "first": regions.index[first],
        "second": regions.index[second],
        "length_km": borders.km(),
    }
    return gpd.GeoDataFrame(columns, geometry=shapely.line_merge(borders.lines()), crs=regions.crs)


def nearest(regions: GeoDataFrame, *, count: int) -> Graph:
    """Link each region to those nearest to it.

    Distances are geodesic, between representative points, right across the antimeridian and the poles.

    Parameters
    ----------
    regions
        Polygons or points in any CRS.
    count
        Number of neighbours of each region, from 1 to the number of regions less one.

    Returns
    -------
    Graph
        Binary, each region with ``count`` neighbours (not always mutual), ids in the order of ``regions``.
        Where distances are equal, the region that comes first in the table is taken.

    Examples
    --------
    >>> import geoinno as gi
    >>> place = gi.read.sample("central_asia")
    >>> set(gi.weigh.nearest(place.regions, count=4).cardinalities)
    {4}
    """
    _contract.sound_regions(regions)
    _contract.whole(count, name="count")
    if count >= len(regions):
        message = f"count must be below the number of regions ({len(regions):,}); {count!r} was given."
        raise OptionError(message)
    focal, neighbor, _ = _near.ranked(regions, count)
    return _pairs.directed(regions.index, focal, neighbor, weight=np.ones(len(focal), dtype=np.int64))


def within(
    regions: GeoDataFrame,
    *,
    max_km: float,
    decay: Callable[[NDArray[np.float64]], NDArray[np.float64]] | None = None,
) -> Graph:
    """Link regions within reach of each other.

    Distances are geodesic, between representative points, right across the antimeridian and the poles.

    Parameters
    ----------
    regions
        Polygons or points in any CRS.
    max_km
        Largest distance of a link, km.
    decay
        Weight as a function of km, such as ``gi.weigh.exponential(100)``; without it weights are 1.
        Pairs whose weight comes to zero are not linked.

    Returns
    -------
    Graph
        Symmetric, ids in the order of ``regions``; isolates are self-loops of weight 0.

    Examples
    --------
    >>> import geoinno as gi
    >>> place = gi.read.sample("central_asia")
    >>> gi.weigh.within(place.regions, max_km=500).n
    48
    """
    _contract.sound_regions(regions)
    _contract.positive(max_km, name="max_km")
    first, second, km = _near.reached(regions, max_km)
    if decay is None:
        return _pairs.mutual(regions.index, first, second, weight=np.ones(len(first), dtype=np.int64))
    weight = _near.decayed(decay, km, ends=(regions.index[first], regions.index[second]))
    linked = weight > 0
    return _pairs.mutual(regions.index, first[linked], second[linked], weight=weight[linked])


def domestic(weights: Graph, country: pd.Series) -> Graph:
    """Keep the links inside one country.

    Parameters
    ----------
    weights
        Any Graph of regions.
    country
        Country (or bloc) of each region, indexed by region id.

    Returns
    -------
    Graph
        The same ids; regions without a link at home are self-loops of weight 0.
        With ``cross_border`` it adds up to ``weights``.

    Examples
    --------
    >>> import geoinno as gi
    >>> place = gi.read.sample("central_asia")
    >>> near = gi.weigh.contiguity(place.regions, rule="rook")
    >>> gi.weigh.domestic(near, place.regions["country"]).n_edges
    140
    """
    return _parted(weights, country, abroad=False)


def cross_border(weights: Graph, country: pd.Series) -> Graph:
    """Keep the links between different countries.

    Parameters
    ----------
    weights
        Any Graph of regions.
    country
        Country (or bloc) of each region, indexed by region id.

    Returns
    -------
    Graph
        The same ids; regions without a link abroad are self-loops of weight 0.
        With ``domestic`` it adds up to ``weights``.

    Examples
    --------
    >>> import geoinno as gi
    >>> place = gi.read.sample("central_asia")
    >>> near = gi.weigh.contiguity(place.regions, rule="rook")
    >>> gi.weigh.cross_border(near, place.regions["country"]).n_edges
    84
    """
    return _parted(weights, country, abroad=True)


def _parted(weights: Graph, country: pd.Series, *, abroad: bool) -> Graph:
    """Return the links across borders, or those at home."""
    ids = _contract.weight_ids(weights)
    land = _contract.country_series(country, ids).to_numpy()
    return _pairs.filtered(weights, ids, lambda focal, neighbor: (land[focal] != land[neighbor]) == abroad)


def _met(regions: GeoDataFrame, snap_m: float) -> _borders.Meeting:
    """Return where the polygons meet, once they are checked."""
    _contract.positive(snap_m, name="snap_m", zero=True)
    return _borders.meeting(regions, snap_m=snap_m)
