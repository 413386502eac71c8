"""Relatedness: which activities go together, and how near each region is to those that it lacks."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

import numpy as np
import pandas as pd

from geoinno import _contract
from geoinno._kernels.threads import single_blas_thread
from geoinno.measure.specialisation import _tables
from geoinno.measure.specialisation.quotients import location_quotient

if TYPE_CHECKING:
    from geoinno._types import Floats


def presence(activity: pd.DataFrame, *, cut: float = 1.0) -> pd.DataFrame:
    """Mark the activities in which each region is specialised: a location quotient of at least ``cut``.

    1 says that the region has at least its share of the activity, 0 that it has less or none.

    Parameters
    ----------
    activity
        Amounts, such as jobs, firms or patents, of regions (rows) by activities (columns), zero or more.
    cut
        The least location quotient that counts, above 0.

    Returns
    -------
    DataFrame
        0 or 1, like ``activity``. A region or an activity without any amount has 0 throughout.

    Raises
    ------
    ColumnError
        If an amount is missing or negative, or all are zero.

    Notes
    -----
    A quotient that misses the cut by rounding alone (1e-12 of it) reaches it, so that the unit of the
    amounts does not matter.

    References
    ----------
    Hidalgo, C. A., Klinger, B., Barabasi, A.-L. and Hausmann, R. (2007). The product space conditions the
    development of nations. Science 317(5837), 482-487. doi:10.1126/science.1144581

    Examples
    --------
    >>> import pandas as pd
    >>> import geoinno as gi
    >>> jobs = pd.DataFrame({"steel": [30, 10], "tourism": [10, 30]}, index=["north", "south"])
    >>> gi.measure.presence(jobs).loc["north"].to_dict()
    {'steel': 1, 'tourism': 0}
    """
    least = _contract.positive(cut, name="cut") * (1 - _tables.ROUNDING)
    return (location_quotient(activity) >= least).astype(np.int64)


def proximity(
    presence: pd.DataFrame, *, method: Literal["conditional", "probability"] = "conditional"
) -> pd.DataFrame:
    """Measure how often two activities are found in the same regions.

    With presence M, co-occurrence C_pq = sum_i M_ip M_iq (p other than q) and ubiquity k_p = sum_i M_ip,

        conditional:  phi_pq = C_pq / max(k_p, k_q),

    the smaller of the two conditional probabilities (Hidalgo et al. 2007): at 1 the two are never apart, at
    0 never together. With S_p = sum_q C_pq and T = sum_p S_p,

        probability:  phi_pq = 2 C_pq / (T (S_p / T  S_q / (T - S_p) + S_q / T  S_p / (T - S_q))),

    the co-occurrences beside those expected if they fell at random (Steijn 2021): above 1, more than that.

    Parameters
    ----------
    presence
        0 or 1 (or booleans) of regions (rows) by activities (columns), as from `presence`.
    method
        ``conditional`` or ``probability``.

    Returns
    -------
    DataFrame
        Activities by activities, symmetric, zero or more, with zeros on the diagonal. An activity that no
        region has is close to none.

    Raises
    ------
    ColumnError
        If a value is missing or neither 0 nor 1.

    References
    ----------
    Hidalgo, C. A., Klinger, B., Barabasi, A.-L. and Hausmann, R. (2007). The product space conditions the
    development of nations. Science 317(5837), 482-487. doi:10.1126/science.1144581
    Steijn, M. P. A. (2021). Improvement on the association strength: implementing a probabilistic measure
    based on combinations without repetition. Quantitative Science Studies 2(2), 778-794.
    doi:10.1162/qss_a_00122

    Examples
    --------
    >>> import pandas as pd
    >>> import geoinno as gi
    >>> has = pd.DataFrame({"steel": [1, 1, 0], "cars": [1, 0, 0]}, index=["north", "east", "south"])
    >>> gi.measure.proximity(has).loc["steel", "cars"]
    np.float64(0.5)
    """
    _contract.option(method, ("conditional", "probability"), name="method")
    table = _tables.zero_one(presence)
    cells = table.to_numpy()
    with single_blas_thread():
        together = cells.T @ cells
    ubiquity = np.diagonal(together).copy()
    np.fill_diagonal(together, 0.0)
    expected = _expected(together) if method == "probability" else np.maximum.outer(ubiquity, ubiquity)
    # Where nothing is expected, nothing is found together either.
    phi = np.divide(together, expected, out=np.zeros_like(together), where=expected > 0)
    return pd.DataFrame(phi, index=table.columns, columns=table.columns)


def _expected(together: Floats) -> Floats:
    """Return the co-occurrences expected if pairs were drawn at random, an activity never with itself.

    T / 2 pairs are drawn. One of them is p and q if the first of the pair is p (probability S_p / T) and
    the second one of the others that are q, S_q / (T - S_p), or the other way round.
    """
    sums = together.sum(axis=0)
    total = sums.sum()
    rest = np.maximum(total - sums, np.finfo(float).tiny)  # zero only where no two activities meet
    first = np.outer(sums, sums) / rest[:, None]
    return np.asarray((first + first.T) / 2, np.float64)


def relatedness_density(presence: pd.DataFrame, proximity: pd.DataFrame) -> pd.DataFrame:
    """Measure how much of what is related to an activity a region already has.

    1 where the region has every activity that is close to this one, 0 where it has none: it is likely to
    enter activities of high density, and to keep them. With presence M and proximity phi,

        w_ip = sum_q phi_pq M_iq / sum_q phi_pq.

    Parameters
    ----------
    presence
        0 or 1 (or booleans) of regions (rows) by activities (columns), as from `presence`.
    proximity
        Activities by activities, zero or more, as from `proximity`. A diagonal other than zero counts the
        activity itself among those that are related to it.

    Returns
    -------
    DataFrame
        0 to 1, like ``presence``; missing for an activity that is close to no other.

    Raises
    ------
    ColumnError
        If a value is missing, or not as described.
    AlignmentError
        If the two tables have different activities.

    References
    ----------
    Hidalgo, C. A., Klinger, B., Barabasi, A.-L. and Hausmann, R. (2007). The product space conditions the
    development of nations. Science 317(5837), 482-487. doi:10.1126/science.1144581

    Examples
    --------
    >>> import pandas as pd
    >>> import geoinno as gi
    >>> has = pd.DataFrame({"steel": [1, 1, 0], "cars": [1, 0, 0]}, index=["north", "east", "south"])
    >>> gi.measure.relatedness_density(has, gi.measure.proximity(has)).loc["east", "cars"]
    np.float64(1.0)
    """
    table = _tables.zero_one(presence)
    return density(table, _tables.row_shares(proximity, table.columns))


def density(table: pd.DataFrame, related: Floats) -> pd.DataFrame:
    """Return the density of checked presence, from the shares of proximity."""
    with single_blas_thread():
        found = table.to_numpy() @ related.T
    # Shares add up to 1 but for rounding.
    values = np.minimum(found, 1.0)
    return pd.DataFrame(values, index=table.index, columns=table.columns)
