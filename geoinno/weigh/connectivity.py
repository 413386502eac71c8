"""Connectivity: which parts of a map no link joins, and the shortest bridges between them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from geoinno import _contract
from geoinno.weigh import _bridges

if TYPE_CHECKING:
    from geopandas import GeoDataFrame
    from libpysal.graph import Graph


def bridges(weights: Graph, regions: GeoDataFrame) -> pd.DataFrame:
    """List the shortest pairs of regions that join the parts of a map which ``weights`` leave apart.

    Islands, exclaves and continents are joined to what is nearest, by as few links as are needed (a
    minimum spanning tree of the parts): Sicily to Calabria, Great Britain to the Pas-de-Calais.

    Parameters
    ----------
    weights
        Links between regions, such as ``gi.weigh.contiguity(regions)``; their weights do not matter.
    regions
        Polygons or points in any CRS.

    Returns
    -------
    DataFrame
        One row for each bridge, the shortest first: ``first``, ``second`` (ids in alphabetical order) and
        ``km`` between their boundaries. Empty where all regions are connected.

    Raises
    ------
    AlignmentError
        If weights and regions cover different regions.

    Notes
    -----
    Boundaries are compared at their vertices and at points in between, a kilometre apart (farther where
    outlines are longer than 50,000 km in all). Where distances are equal, the ids that come first in the
    alphabet are joined.

    References
    ----------
    Kruskal, J. B. (1956). On the shortest spanning subtree of a graph and the traveling salesman problem.
    Proceedings of the American Mathematical Society 7(1), 48-50. doi:10.1090/S0002-9939-1956-0078686-7

    Examples
    --------
    >>> import geoinno as gi
    >>> regions = gi.read.sample("north_america").regions
    >>> links = gi.weigh.bridges(gi.weigh.contiguity(regions), regions)
    >>> links[["first", "second"]].replace(regions["name"]).to_numpy().tolist()
    [['Nova Scotia', 'Prince Edward Island'], ['Hawaii', 'Alaska']]
    """
    ids = _contract.weight_ids(weights)
    placed = _contract.aligned(_contract.sound_regions(regions), ids, what="regions", against="weights")
    focal, neighbor = weights.sparse.tocoo().coords
    first, second, km = _bridges.bridges(placed, focal, neighbor)
    return pd.DataFrame({"first": ids[first], "second": ids[second], "km": km})
