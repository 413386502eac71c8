"""Quotients: what regions have more of than others, how special their mix is, and what it did for growth."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

import numpy as np
import pandas as pd

from geoinno import _contract
from geoinno._language.phrases import Phrase
from geoinno.errors import ColumnError
from geoinno.measure.specialisation import _tables

if TYPE_CHECKING:
    from geoinno._types import Floats


def location_quotient(activity: pd.DataFrame, *, symmetric: bool = False) -> pd.DataFrame:
    """Compare the share of each activity in a region with its share in all regions.

    Above 1, the region has more of the activity than its size would lead to expect; at 2, twice as much.
    With amounts e of activity s in region i,

        LQ_is = (e_is / e_i) / (e_s / e),

    the index of revealed comparative advantage of Balassa (1965).

    Parameters
    ----------
    activity
        Amounts, such as jobs, firms or patents, of regions (rows) by activities (columns), zero or more.
    symmetric
        Return (LQ - 1) / (LQ + 1), from -1 to 1, in which twice and half as much are equally far from 0.

    Returns
    -------
    DataFrame
        Like ``activity``: zero or more; missing for a region or an activity without any amount.

    Raises
    ------
    ColumnError
        If an amount is missing or negative, or all are zero.

    References
    ----------
    Balassa, B. (1965). Trade liberalisation and "revealed" comparative advantage. The Manchester School
    33(2), 99-123. doi:10.1111/j.1467-9957.1965.tb00050.x
    Dalum, B., Laursen, K. and Villumsen, G. (1998). Structural change in OECD export specialisation
    patterns. International Review of Applied Economics 12(3), 423-443. doi:10.1080/02692179800000017

    Examples
    --------
    >>> import pandas as pd
    >>> import geoinno as gi
    >>> jobs = pd.DataFrame({"steel": [30, 10], "tourism": [10, 30]}, index=["north", "south"])
    >>> gi.measure.location_quotient(jobs).loc["north"].to_dict()
    {'steel': 1.5, 'tourism': 0.5}
    """
    table = _tables.amounts(activity)
    amounts = table.to_numpy()
    overall = amounts.sum(axis=0) / amounts.sum()
    quotient = _ratio(_shares(amounts), overall)
    if symmetric:
        quotient = (quotient - 1) / (quotient + 1)
    return pd.DataFrame(quotient, index=table.index, columns=table.columns)


def krugman(activity: pd.DataFrame, *, against: Literal["others", "all"] = "others") -> pd.Series:
    """Measure how far the mix of activities of each region differs from that of the other regions.

    0 where the region has the mix of the others; 2 where it has nothing in common with them. With shares s
    of activities in region i, and t in the regions it is compared with,

        K_i = sum_s |s_is - t_s|.

    Parameters
    ----------
    activity
        Amounts of regions (rows) by activities (columns), zero or more.
    against
        Compare with the sum of the other regions, or of all regions, the region itself included. The
        latter is smaller, by the factor 1 minus the region's share of the total.

    Returns
    -------
    Series
        0 to 2 by region; missing for a region without any activity, or where no other region has any.

    Raises
    ------
    ColumnError
        If an amount is missing or negative, all are zero, or there is one region and no other.

    References
    ----------
    Krugman, P. (1991). Geography and Trade. Cambridge, MA: MIT Press.

    Examples
    --------
    >>> import pandas as pd
    >>> import geoinno as gi
    >>> jobs = pd.DataFrame({"steel": [30, 10], "tourism": [10, 30]}, index=["north", "south"])
    >>> gi.measure.krugman(jobs).to_dict()
    {'north': 1.0, 'south': 1.0}
    """
    _contract.option(against, ("others", "all"), name="against")
    table = _tables.amounts(activity)
    amounts = table.to_numpy()
    if against == "others" and len(table) == 1:
        message = Phrase(
            "There is no region beside {region} to compare it with. Add other regions.",
            region=repr(table.index[0]),
        )
        raise ColumnError(message)
    shares = _shares(amounts)
    total = amounts.sum(axis=0)
    compared = _shares(total - amounts) if against == "others" else total / total.sum()
    return pd.Series(np.abs(shares - compared).sum(axis=1), index=table.index, name="krugman")


def hachman(activity: pd.DataFrame) -> pd.Series:
    """Measure how closely the mix of activities of each region mirrors that of all regions.

    1 where the region has the mix of all regions together; near 0 where it lives from activities that are
    rare elsewhere. It is the reciprocal of the mean location quotient, weighted by the region's own shares:

        H_i = 1 / sum_s s_is LQ_is = 1 / sum_s s_is^2 / t_s.

    Parameters
    ----------
    activity
        Amounts of regions (rows) by activities (columns), zero or more.

    Returns
    -------
    Series
        Above 0, to 1, by region; missing for a region without any activity.

    Raises
    ------
    ColumnError
        If an amount is missing or negative, or all are zero.

    References
    ----------
    Hachman, F., Boyd, K. and Gahin, F. (1995). Economic diversity of the United States. In: Economic
    Report to the Governor. Salt Lake City: State of Utah.

    Examples
    --------
    >>> import pandas as pd
    >>> import geoinno as gi
    >>> jobs = pd.DataFrame({"steel": [30, 10], "tourism": [10, 30]}, index=["north", "south"])
    >>> gi.measure.hachman(jobs).to_dict()
    {'north': 0.8, 'south': 0.8}
    """
    table = _tables.amounts(activity)
    amounts = table.to_numpy()
    shares = _shares(amounts)
    known = amounts.sum(axis=0) > 0  # an activity that no region has is no part of any mix
    overall = amounts.sum(axis=0)[known] / amounts.sum()
    # By Jensen's inequality the sum is at least 1; rounding must not take the index above its bound.
    mean_quotient = np.maximum((shares[:, known] ** 2 / overall).sum(axis=1), 1.0)
    return pd.Series(1 / mean_quotient, index=table.index, name="hachman")


def shift_share(start: pd.DataFrame, end: pd.DataFrame) -> pd.DataFrame:
    """Split the change of each region into national growth, its mix of activities, and a rest of its own.

    A high mix effect says that the region began with activities that grew everywhere; a high regional
    effect, that its activities grew more than the same activities elsewhere. With growth rates g of all
    regions and activities together, and g_s of activity s in all regions,

        national_i = e_i g,  mix_i = sum_s e_is (g_s - g),  regional_i = sum_s e_is (g_is - g_s).

    Parameters
    ----------
    start
        Amounts of regions (rows) by activities (columns) in the first year, zero or more.
    end
        Amounts of the same regions and activities in the last year.

    Returns
    -------
    DataFrame
        ``national``, ``mix`` and ``regional`` in the unit of the amounts, indexed like ``start``; the three
        add up to the change of the region.

    Raises
    ------
    ColumnError
        If an amount is missing or negative, or all of ``start`` are zero.
    AlignmentError
        If the tables cover different regions or activities.

    Notes
    -----
    An activity that no region had in the first year has no growth rate. All of it counts as regional,
    because neither national growth nor the first mix could lead to expect it.

    References
    ----------
    Dunn, E. S. (1960). A statistical and analytical technique for regional analysis. Papers of the
    Regional Science Association 6, 97-112. doi:10.1111/j.1435-5597.1960.tb01705.x
    Esteban-Marquillas, J. M. (1972). A reinterpretation of shift-share analysis. Regional and Urban
    Economics 2(3), 249-255. doi:10.1016/0034-3331(72)90033-4

    Examples
    --------
    >>> import pandas as pd
    >>> import geoinno as gi
    >>> first = pd.DataFrame({"steel": [30, 10], "tourism": [10, 30]}, index=["north", "south"])
    >>> last = pd.DataFrame({"steel": [24, 8], "tourism": [18, 46]}, index=["north", "south"])
    >>> gi.measure.shift_share(first, last).loc["north"].round(2).to_dict()
    {'national': 8.0, 'mix': -8.0, 'regional': 2.0}
    """
    first = _tables.raw_amounts(start, what="start table")
    last = _tables.raw_amounts(end, what="end table", zero=True)
    before = first.to_numpy()
    after = _tables.like(last, first, what="end table", against="start table").to_numpy()
    growth = after.sum() / before.sum() - 1
    by_activity = _ratio(after.sum(axis=0), before.sum(axis=0), missing=1.0) - 1
    national = before.sum(axis=1) * growth
    mix = before @ (by_activity - growth)
    regional = (after - before * (1 + by_activity)).sum(axis=1)
    parts = {"national": national, "mix": mix, "regional": regional}
    return pd.DataFrame(parts, index=first.index)


def _shares(amounts: Floats) -> Floats:
    """Return the shares of activities in each row; missing in a row without any."""
    return _ratio(amounts, amounts.sum(axis=1, keepdims=True))


def _ratio(above: Floats, below: Floats, *, missing: float = np.nan) -> Floats:
    """Return a ratio, and ``missing`` where the denominator is zero."""
    below = np.broadcast_to(below, above.shape)
    return np.divide(above, below, out=np.full(above.shape, missing), where=below > 0)
