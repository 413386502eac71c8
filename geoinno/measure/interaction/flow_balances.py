"""Flow balances: what regions send, receive and keep, and which pairs exchange more than expected."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from geoinno import _contract
from geoinno.errors import FlowError

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from geoinno._types import Floats, Ints


_MOST_ROUNDS = 10_000
_MARGIN = 1e-12


def balances(flows: pd.DataFrame, *, ids: pd.Index | None = None, complete: bool = False) -> pd.DataFrame:
    """Sum the flows into, out of and within each region.

    A region of positive ``net`` gains from the exchange with others; effectiveness says how one-sided
    that exchange is, self-containment how much of what starts in a region stays there. With flows T,

        net_i = inflow_i - outflow_i, effectiveness_i = net_i / (inflow_i + outflow_i),
        self-containment_i = T_ii / (T_ii + outflow_i).

    Parameters
    ----------
    flows
        ``origin``, ``destination`` and ``value`` (zero or more), one row for each pair.
    ids
        The regions to answer for, such as ``regions.index``; None takes those named in the flows.
    complete
        Whether a pair that is not in the table is known to be zero. Otherwise it is unknown: sums
        run over the pairs in the table, and an own flow that is not in the table is missing.

    Returns
    -------
    DataFrame
        ``inflow`` and ``outflow`` (from and to other regions), ``internal`` (own flow), ``net``,
        ``effectiveness`` (-1 to 1; missing without any exchange) and ``self_containment`` (0 to 1;
        missing where the own flow is unknown or nothing starts), indexed by ``ids``, or by the regions
        in the order in which the flows name them, origin before destination.

    Raises
    ------
    FlowError
        If pairs repeat, values are negative or missing, or flows name regions that ``ids`` lacks.

    References
    ----------
    Plane, D. A. (1984). Migration space: doubly constrained gravity model mapping of relative interstate
    separation. Annals of the Association of American Geographers 74(2), 244-256.
    doi:10.1111/j.1467-8306.1984.tb01451.x
    Bell, M., Blake, M., Boyle, P., Duke-Williams, O., Rees, P., Stillwell, J. and Hugo, G. (2002).
    Cross-national comparison of internal migration. Journal of the Royal Statistical Society A 165(3),
    435-464. doi:10.1111/1467-985X.t01-1-00247
    Goodman, J. F. B. (1970). The definition and analysis of local labour markets. British Journal of
    Industrial Relations 8(2), 179-196. doi:10.1111/j.1467-8543.1970.tb00968.x

    Examples
    --------
    >>> import geoinno as gi
    >>> place = gi.read.sample("austria")
    >>> gi.measure.balances(place.flows)["net"].idxmax()
    'AUT-2330'
    """
    _contract.sound_flows(flows, ids=None if ids is None else _contract.region_ids(ids))
    if ids is None:
        ids = pd.Index(pd.unique(flows[["origin", "destination"]].to_numpy(object).ravel()))
    # Counts of people or money may sum to more than whole numbers of 64 bits hold.
    flows = flows.astype({"value": "float64"})
    own = flows["origin"].eq(flows["destination"])
    between, within = flows[~own], flows[own].set_index("origin")["value"]
    table = pd.DataFrame(index=ids)
    for column, end in (("inflow", "destination"), ("outflow", "origin")):
        table[column] = between.groupby(end)["value"].sum().reindex(ids, fill_value=0).astype("float64")
    table["internal"] = within.reindex(ids, fill_value=0 if complete else np.nan).astype("float64")
    table["net"] = table["inflow"] - table["outflow"]
    table["effectiveness"] = _ratio(table["net"], table["inflow"] + table["outflow"])
    table["self_containment"] = _ratio(table["internal"], table["internal"] + table["outflow"])
    return table


def relative_acceptance(
    flows: pd.DataFrame, *, expected: pd.DataFrame | None = None, complete: bool = False
) -> pd.DataFrame:
    """Compare each flow with the flow expected if regions had no preferred partners.

    A pair of high relative acceptance exchanges more than the sizes of its ends explain, a pair near -1
    hardly anything. With the flow X and the flow E expected,

        relative acceptance_ij = (X_ij - E_ij) / E_ij,

    where E_ij = a_i b_j on the pairs of different regions has the row and column sums of X
    (quasi-independence). A fitted gravity model as ``expected`` takes distance out as well.

    Parameters
    ----------
    flows
        ``origin``, ``destination`` and ``value`` (zero or more), one row for each pair.
    expected
        A table with ``origin``, ``destination`` and ``expected``, such as ``gravity(...).fitted``, that
        has every pair of different regions in ``flows``; None fits quasi-independence.
    complete
        Whether a pair that is not in the table is known to be zero. Its row is then added. Otherwise
        it is unknown and has no part in the fit.

    Returns
    -------
    DataFrame
        ``origin``, ``destination``, ``value``, ``expected`` and ``relative_acceptance`` (-1 and above), in
        the order of ``flows``; own pairs, and pairs of which nothing is expected, have no acceptance.

    Raises
    ------
    FlowError
        If the flows are not sound, ``expected`` lacks pairs, or no fit exists.

    References
    ----------
    Savage, I. R. and Deutsch, K. W. (1960). A statistical model of the gross analysis of transaction
    flows. Econometrica 28(3), 551-572. doi:10.2307/1910131
    Goodman, L. A. (1968). The analysis of cross-classified data: independence, quasi-independence, and
    interactions in contingency tables with or without missing entries. Journal of the American
    Statistical Association 63(324), 1091-1131. doi:10.1080/01621459.1968.10480916

    Examples
    --------
    >>> import geoinno as gi
    >>> place = gi.read.sample("austria")
    >>> accepted = gi.measure.relative_acceptance(place.flows)
    >>> accepted["expected"].sum().round() == accepted["value"].sum()
    np.True_
    """
    table = _contract.sound_flows(flows)[list(_contract.FLOW_COLUMNS)]
    if complete:
        table = _completed(table)
    apart = table["origin"].ne(table["destination"]).to_numpy()
    answer = table.astype({"value": "float64"})
    answer["expected"] = np.nan
    between = answer[apart]
    fit = _indifferent(between) if expected is None else _given(between, expected)
    answer.loc[apart, "expected"] = fit
    answer["relative_acceptance"] = _ratio(answer["value"] - answer["expected"], answer["expected"])
    return answer


def _ratio(above: pd.Series[float], below: pd.Series[float]) -> pd.Series[float]:
    """Return above / below, missing where there is nothing to divide by."""
    return above / below.where(below > 0)


def _completed(flows: pd.DataFrame) -> pd.DataFrame:
    """Return ``flows`` followed by the pairs of different regions that they lack, as zeros."""
    ids = pd.unique(flows[["origin", "destination"]].to_numpy(object).ravel())
    pairs = pd.MultiIndex.from_product([ids, ids], names=["origin", "destination"])
    absent = pairs.difference(pd.MultiIndex.from_frame(flows[["origin", "destination"]]), sort=False)
    absent = absent[absent.get_level_values(0) != absent.get_level_values(1)]
    return pd.concat([flows, absent.to_frame(index=False).assign(value=0)], ignore_index=True)


def _indifferent(flows: pd.DataFrame) -> Floats:
    """Return a_i b_j on the given pairs, with the sums of the flows by origin and by destination."""
    row, column = (pd.factorize(flows[end])[0] for end in ("origin", "destination"))
    value = flows["value"].to_numpy()
    outflow, inflow = _sums(row, value), _sums(column, value)
    _check_possible(flows, row, len(outflow) + column)
    inward = np.ones(len(inflow))
    for _ in range(_MOST_ROUNDS):
        outward = _share(outflow, _sums(row, inward[column]))
        reached = inward * _sums(column, outward[row])
        if (np.abs(reached - inflow) <= _MARGIN * inflow).all():
            return outward[row] * inward[column]
        inward = _share(inflow, _sums(column, outward[row]))
    message = (
        f"The expected flows do not settle in {_MOST_ROUNDS:,} rounds: their sums leave next to no flow on "
        "some pairs. Drop regions with a single partner, or say complete=True if pairs that are not in the "
        "table are zero."
    )
    raise FlowError(message)


def _check_possible(flows: pd.DataFrame, row: Ints, column: Ints) -> None:
    """Raise where the sums leave nothing for some pair, so that no product of two effects has them.

    A flow can be moved onto a pair around a cycle: more on a pair, less on the next that has a flow. A pair
    of zero on no cycle is zero in every table with these sums, but no a_i b_j is (Sinkhorn 1967).
    """
    flow = flows["value"].to_numpy() > 0
    possible = np.isin(row, row[flow]) & np.isin(column, column[flow])
    ends = np.append(row[possible], column[flow]), np.append(column[possible], row[flow])
    size = int(column.max()) + 1
    graph = coo_array((np.ones(len(ends[0])), ends), shape=(size, size))
    group = connected_components(graph, directed=True, connection="strong")[1]
    stuck = possible & (group[row] != group[column])
    if stuck.any():
        pairs = flows.loc[stuck, ["origin", "destination"]].itertuples(index=False, name=None)
        message = (
            "No expected flows have the same sums on these pairs: all that the regions send and receive is "
            f"taken up elsewhere, and nothing is left for {_contract.named(pairs)}. Leave out these pairs or "
            "regions with a single partner, or say complete=True if pairs that are not in the table are zero."
        )
        raise FlowError(message)


def _sums(at: NDArray[np.int64], values: Floats) -> Floats:
    """Return the sum of the values at each position."""
    return np.bincount(at, values).astype(np.float64)


def _share(total: Floats, parts: Floats) -> Floats:
    """Return total / parts, zero where the total is."""
    return np.divide(total, parts, out=np.zeros_like(total), where=total > 0)


def _given(flows: pd.DataFrame, expected: pd.DataFrame) -> Floats:
    """Return the expected flow of each pair from a table."""
    columns = ["origin", "destination", "expected"]
    if not isinstance(expected, pd.DataFrame) or not set(columns) <= set(expected.columns):
        message = f"expected must be a table with columns {columns}, such as gravity(...).fitted."
        raise FlowError(message)
    by_pair = expected[columns].set_index(columns[:2])["expected"]
    pairs = pd.MultiIndex.from_frame(flows[columns[:2]])
    absent = pairs[~pairs.isin(by_pair.index)]
    if len(absent) or not by_pair.index.is_unique:
        message = f"expected must have each pair once; absent: {_contract.named(absent)}."
        raise FlowError(message)
    return by_pair.reindex(pairs).to_numpy(np.float64)
