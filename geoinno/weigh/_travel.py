"""Shortest ways over a network of links."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from scipy.sparse import csr_array
from scipy.sparse.csgraph import dijkstra

from geoinno import _contract
from geoinno.errors import FlowError
from geoinno.scale import follow, parted

if TYPE_CHECKING:
    from geoinno._types import Floats

# Numbers in a table of the ways from some origins to all places and junctions.
_CELLS = 1 << 22


def sound_links(links: pd.DataFrame) -> pd.DataFrame:
    """Return links (origin, destination, minutes) if pairs are unique and minutes above zero."""
    if not isinstance(links, pd.DataFrame) or not {"origin", "destination", "minutes"} <= {*links.columns}:
        message = "links must be a table with columns origin, destination and minutes."
        raise FlowError(message)
    sound = _contract.sound_flows(
        links.drop(columns="value", errors="ignore").rename(columns={"minutes": "value"})
    )
    idle = sound[sound["value"] == 0]
    if len(idle):
        pairs = idle[["origin", "destination"]].itertuples(index=False, name=None)
        message = f"Links must take more than zero minutes; these do not: {_contract.named(pairs)}."
        raise FlowError(message)
    return sound


def shortest(ids: pd.Index, links: pd.DataFrame, *, directed: bool) -> Floats:
    """Return the minutes of the shortest ways between all ``ids``, missing where there is none."""
    ends = pd.Index(pd.unique(links[["origin", "destination"]].to_numpy(object).ravel()))
    nodes = ids.append(ends.difference(ids))
    places = (nodes.get_indexer(pd.Index(links["origin"])), nodes.get_indexer(pd.Index(links["destination"])))
    network = csr_array((links["value"].to_numpy(np.float64), places), shape=(len(nodes), len(nodes)))
    minutes, size = np.empty((len(ids), len(ids))), max(1, _CELLS // len(nodes))
    # Some origins at a time: no interrupt is heard while their ways are sought, and the ways lead to all
    # junctions.
    for first, last in follow(parted(len(ids), size), "Block of origins"):
        ways = dijkstra(network, directed=directed, indices=np.arange(first, last))
        minutes[first:last] = ways[:, : len(ids)]
    minutes[np.isinf(minutes)] = np.nan
    return minutes


def reached(minutes: Floats, ids: pd.Index) -> None:
    """Raise where no way leads from one place to another."""
    here, there = np.nonzero(np.isnan(minutes))
    if len(here):
        pairs = zip(ids[here], ids[there], strict=True)
        message = (
            f"There is no route between {_contract.named(pairs)}. Add links (or directed=False, if they "
            "lead both ways), or use unreachable='missing'."
        )
        raise FlowError(message)
