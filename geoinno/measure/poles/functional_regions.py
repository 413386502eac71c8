"""Functional regions: dominant flows, hierarchical merging of zones, and polycentricity."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from geoinno import _contract
from geoinno.errors import FlowError, OptionError
from geoinno.measure.poles import _intramax

if TYPE_CHECKING:
    from libpysal.graph import Graph
    from numpy.typing import NDArray

    from geoinno._types import Floats


_INSIDE = 0.5


def dominant_flows(flows: pd.DataFrame, *, weights: Graph | None = None) -> pd.DataFrame:
    """Find the region that dominates each region, by the direction of its largest flow.

    A region is dominated by the one to which its largest flow goes, if that one receives more in all
    than it does. Terminal regions are dominated by none: they are the poles of the network.

    Parameters
    ----------
    flows
        ``origin, destination, value``; flows within regions play no part.
    weights
        If given, a region can be dominated by its neighbours only.

    Returns
    -------
    DataFrame
        By region id: ``dominates`` (how many directly), ``dominated_by`` (missing for terminals), ``flow``
        (the largest), ``inflow``, ``level`` (terminal, intermediate or dominated), ``root`` (the terminal at
        the end of the chain).

    Raises
    ------
    FlowError
        If there is no flow between different regions.

    Notes
    -----
    Of two equal largest flows, the one to the region that receives more counts, then the first by id. A
    region that sends nothing is terminal.

    References
    ----------
    Nystuen, J. D. and Dacey, M. F. (1961). A graph theory interpretation of nodal regions. Papers of the
    Regional Science Association 7, 29-42. doi:10.1007/BF01969070

    Examples
    --------
    >>> import geoinno as gi
    >>> place = gi.read.sample("austria")
    >>> nodal = gi.measure.dominant_flows(place.flows)
    >>> place.regions["name"][nodal.index[nodal["level"] == "terminal"]].to_list()
    ['Wien']
    """
    between, ids = _between(flows), _ids(flows)
    inflow = between.groupby("destination")["value"].sum().reindex(ids, fill_value=0.0)
    eligible = between if weights is None else _linked(between, weights)
    ordered = eligible.assign(size=inflow[eligible["destination"]].to_numpy()).sort_values(
        ["value", "size", "destination"], ascending=[False, False, True], kind="stable"
    )
    largest = ordered.drop_duplicates("origin").set_index("origin").reindex(ids)
    above = largest["size"].to_numpy() > inflow.to_numpy()
    dominant = largest["destination"].where(above)
    counts = dominant.value_counts().reindex(ids, fill_value=0)
    level = np.select([dominant.isna(), counts > 0], ["terminal", "intermediate"], "dominated")
    columns = {
        "dominates": counts,
        "dominated_by": dominant,
        "flow": largest["value"],
        "inflow": inflow,
        "level": level,
        "root": _roots(dominant),
    }
    return pd.DataFrame(columns, index=ids)


def _ids(flows: pd.DataFrame) -> pd.Index:
    """Return the regions that the flows name, in order."""
    return pd.Index(
        sorted(pd.unique(flows[["origin", "destination"]].to_numpy(object).ravel())), name="region"
    )


def _between(flows: pd.DataFrame) -> pd.DataFrame:
    """Return the flows above zero between different regions, as floats: sums of integers may overflow."""
    _contract.sound_flows(flows)
    between = flows[(flows["origin"] != flows["destination"]) & (flows["value"] > 0)]
    if between.empty:
        message = "No flow goes between different regions, so they form no network."
        raise FlowError(message)
    return between.astype({"value": "float64"})


def _linked(between: pd.DataFrame, weights: Graph) -> pd.DataFrame:
    """Return the flows between neighbours."""
    ids = _contract.weight_ids(weights)
    _contract.sound_flows(between, ids=ids)
    links = weights.adjacency[weights.adjacency > 0].index
    pairs = pd.MultiIndex.from_frame(between[["origin", "destination"]])
    return between[pairs.isin(links)]


def _roots(dominant: pd.Series) -> pd.Series:
    """Return the end of the chain of each region; inflows rise along it, so it has one."""
    root = dominant.where(dominant.notna(), dominant.index.to_series())
    while True:
        further = root.map(root)
        if further.equals(root):
            return root
        root = further


def intramax(
    flows: pd.DataFrame,
    *,
    regions: int | None = None,
    share: float | None = None,
    weights: Graph | None = None,
) -> pd.Series:
    """Merge zones into functional regions, at each step the pair that exchanges most for its size.

    At each step the pair with the highest T_ij / (O_i D_j) + T_ji / (O_j D_i) becomes one zone. The zones
    of a functional region depend on each other more than on the rest.

    Parameters
    ----------
    flows
        ``origin, destination, value``, with those within zones where they are known.
    regions
        Stop at this number of functional regions.
    share
        Stop as soon as this share (0 to 1) of all flow stays inside functional regions; one half unless
        either is given.
    weights
        If given, only neighbours are merged, so that functional regions are connected.

    Returns
    -------
    Series
        ``functional_region`` by zone id: the id of the zone with the greatest turnover in the region.
        ``attrs["merges"]`` is the dendrogram, a row for each step down to the last possible: ``first``
        and ``second`` (the first zone, by id, of each of the two groups), ``exchange``, ``inside`` (share
        of flow inside after the step), ``regions`` (left).

    Raises
    ------
    FlowError
        If there is no flow between different zones.
    OptionError
        If both ``regions`` and ``share`` are given, or either is out of range.

    References
    ----------
    Masser, I. and Brown, P. J. B. (1975). Hierarchical aggregation procedures for interaction data.
    Environment and Planning A 7(5), 509-523. doi:10.1068/a070509

    Examples
    --------
    >>> import geoinno as gi
    >>> place = gi.read.sample("austria")
    >>> gi.measure.intramax(place.flows, regions=3).nunique()
    3
    """
    _between(flows)
    target = _target(regions, share)
    ids = _ids(flows)
    here, there = _contract.flow_positions(flows, ids)
    matrix = np.zeros((len(ids), len(ids)))
    matrix[here, there] = flows["value"].to_numpy(np.float64)
    steps = _intramax.merges(matrix, _allowed(weights, ids))
    left = len(ids) - 1 - np.arange(len(steps))
    done = int((left >= target).sum()) if regions is not None else _until(steps, matrix, target)
    codes = _intramax.groups(steps[:done], len(ids))
    turnover = pd.Series(matrix.sum(axis=0) + matrix.sum(axis=1), index=ids)
    hubs = turnover.groupby(codes).idxmax()
    found = pd.Series(hubs[codes].to_numpy(), index=ids, name="functional_region")
    table = pd.DataFrame(steps, columns=["first", "second", "exchange", "inside"])
    names = {side: ids[table[side].to_numpy(int)] for side in ("first", "second")}
    found.attrs["merges"] = table.assign(**names, regions=left)
    return found


def _target(regions: int | None, share: float | None) -> float:
    """Return where to stop: a number of regions or a share."""
    if regions is not None and share is not None:
        message = "Give either regions or share, not both: each alone says where merging stops."
        raise OptionError(message)
    if regions is not None:
        return _contract.whole(regions, name="regions")
    least = _INSIDE if share is None else share
    if _contract.positive(least, name="share") > 1:
        message = f"share must be above 0 and at most 1; {share!r} was given."
        raise OptionError(message)
    return least


def _allowed(weights: Graph | None, ids: pd.Index) -> NDArray[np.bool_]:
    """Return which zones may be merged: all, or neighbours."""
    if weights is None:
        return ~np.eye(len(ids), dtype=bool)
    known = _contract.weight_ids(weights)
    strangers = ids.difference(known)
    if len(strangers):
        message = f"Flows name regions that are not in the weights: {_contract.named(strangers)}."
        raise FlowError(message)
    position = known.get_indexer(ids)
    linked = weights.sparse.tocsr()[position][:, position].toarray() > 0
    np.fill_diagonal(linked, val=False)
    return np.asarray(linked | linked.T)


def _until(steps: list[_intramax.Merge], matrix: Floats, share: float) -> int:
    """Return how many steps it takes until this share of the flow is inside."""
    if np.trace(matrix) >= share * matrix.sum():
        return 0
    reached = [i for i, step in enumerate(steps, start=1) if step.inside >= share]
    return reached[0] if reached else len(steps)


def polycentricity(flows: pd.DataFrame) -> float:
    """Measure functional polycentricity: 1 where all places receive equally, 0 where one receives all.

    P = (1 - s / s_star) density, with s the standard deviation of what the n places receive from others;
    s_star that of the star in which one place receives the same total R, R sqrt(n - 1) / n; and density
    the share of all possible links that exist. With all links, k equal centres among 50 places have 0
    (one), 0.30 (2), 0.57 (5), 0.86 (25) and 0.98 (49).

    Parameters
    ----------
    flows
        ``origin, destination, value``; flows within places play no part.

    Returns
    -------
    float
        0 to 1.

    Raises
    ------
    FlowError
        If there is no flow between different places.

    Notes
    -----
    Green compares s with a network of two nodes that holds the largest inflow. That bound is not the
    greatest deviation that n places can have, and two centres among 50 places would fall below zero;
    the star of the same total is.

    References
    ----------
    Green, N. (2007). Functional polycentricity: a formal definition in terms of social network analysis.
    Urban Studies 44(11), 2077-2103. doi:10.1080/00420980701518941

    Examples
    --------
    >>> import geoinno as gi
    >>> place = gi.read.sample("austria")
    >>> round(gi.measure.polycentricity(place.flows), 2)
    0.68
    """
    between, ids = _between(flows), _ids(flows)
    received = between.groupby("destination")["value"].sum().reindex(ids, fill_value=0.0)
    # In shares of the total nothing overflows, and the star's deviation depends on n alone.
    spread = float((received / received.max()).std(ddof=0) / (received / received.max()).sum())
    star = np.sqrt(len(ids) - 1) / len(ids)
    density = len(between) / (len(ids) * (len(ids) - 1))
    return max(0.0, float(1 - spread / star)) * density
