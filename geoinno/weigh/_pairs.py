"""Pairs of regions become a Graph whose ids are the regions, in their order, isolates explicit."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
from scipy.sparse import coo_array

from geoinno._contract.vertices import MANY

if TYPE_CHECKING:
    from collections.abc import Callable

    from libpysal.graph import Graph
    from numpy.typing import NDArray

    from geoinno._types import Ints


def directed(ids: pd.Index, focal: Ints, neighbor: Ints, *, weight: NDArray[np.generic]) -> Graph:
    """Return the Graph of links from ``focal`` to ``neighbor`` (positions in ``ids``).

    A region without a link gets a self-loop of weight 0, as libpysal writes isolates.
    """
    alone = np.flatnonzero(np.bincount(focal, minlength=len(ids)) == 0)
    if len(alone):
        focal = np.concatenate([focal, alone])
        neighbor = np.concatenate([neighbor, alone])
        weight = np.concatenate([weight, np.zeros(len(alone), dtype=weight.dtype)])
    # Rows of a sparse matrix are filled by counting, which is faster than to sort all pairs.
    table = coo_array((np.arange(len(focal)), (focal, neighbor)), shape=(len(ids), len(ids))).tocsr()
    table.sort_indices()
    focal = np.repeat(np.arange(len(ids)), np.diff(table.indptr))
    return _graph(ids, focal, table.indices, weight=weight[table.data])


def _graph(ids: pd.Index, focal: Ints, neighbor: Ints, *, weight: NDArray[np.generic]) -> Graph:
    """Return the Graph of links that are in order, and of which each region has one."""
    from libpysal.graph import Graph

    levels: list[Any] = [ids, ids]
    codes: list[Any] = [focal, neighbor]
    links = pd.MultiIndex(levels, codes, names=["focal", "neighbor"], verify_integrity=False)
    return Graph(pd.Series(weight, index=links, name="weight", copy=False), is_sorted=True)


def mutual(ids: pd.Index, first: Ints, second: Ints, *, weight: NDArray[np.generic]) -> Graph:
    """Return the Graph in which each pair is linked both ways with the same weight.

    Of pairs in order, with the lower region first, each region's lower neighbours are thus filled in before
    its higher ones: nothing is left to sort.
    """
    if 2 * len(first) >= MANY:
        from geoinno._kernels.lookup import strictly_ordered
        from geoinno._kernels.sharing import mirrored

        if strictly_ordered(first, second):
            links = mirrored(first, second, weight, len(ids))
            return _graph(ids, links[0], links[1], weight=links[2])
    return directed(
        ids,
        np.concatenate([second, first]),
        np.concatenate([first, second]),
        weight=np.concatenate([weight, weight]),
    )


def filtered(weights: Graph, ids: pd.Index, keep: Callable[[Ints, Ints], NDArray[np.bool_]]) -> Graph:
    """Return ``weights`` with those links alone for which ``keep(focal, neighbor)`` (positions) holds.

    Links of weight 0 would still count as links, so pairs are dropped before the Graph is built.
    """
    links = weights.adjacency
    focal = ids.get_indexer(links.index.get_level_values("focal"))
    neighbor = ids.get_indexer(links.index.get_level_values("neighbor"))
    weight = links.to_numpy()
    alone = (focal == neighbor) & (weight == 0)
    kept = keep(focal, neighbor) & ~alone
    return directed(ids, focal[kept], neighbor[kept], weight=weight[kept])
