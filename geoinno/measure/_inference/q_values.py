"""False discovery rates: p-values of many tests, adjusted."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from geoinno._contract import named, numbers, option
from geoinno.errors import ColumnError
from geoinno.measure._inference.significance import adjusted

if TYPE_CHECKING:
    import pandas as pd


def q_values(p: pd.Series, *, method: Literal["bh", "by"] = "bh") -> pd.Series:
    """Adjust p-values for multiple tests: the smallest false discovery rate at which each is significant.

    q_(r) = min over s >= r of n p_(s) / s, times the sum of 1 / r for ``by``. A low value says
    that a finding holds although many were tested.

    Parameters
    ----------
    p
        P-values (0..1); missing ones stay missing and are not counted.
    method
        ``bh``: Benjamini and Hochberg. ``by``: Benjamini and Yekutieli, under any dependence.

    Returns
    -------
    Series
        By the index of ``p``.

    Raises
    ------
    ColumnError
        If a p-value lies outside 0..1.

    References
    ----------
    Benjamini, Y. and Hochberg, Y. (1995). Controlling the false discovery rate. Journal of the
    Royal Statistical Society B 57, 289-300. doi:10.1111/j.2517-6161.1995.tb02031.x
    Benjamini, Y. and Yekutieli, D. (2001). The control of the false discovery rate in multiple
    testing under dependency. Annals of Statistics 29, 1165-1188. doi:10.1214/aos/1013699998

    Examples
    --------
    >>> import pandas as pd
    >>> import geoinno as gi
    >>> gi.measure.q_values(pd.Series([0.01, 0.02, 0.5], index=["a", "b", "c"])).to_list()
    [0.03, 0.03, 0.5]
    """
    option(method, ("bh", "by"), name="method")
    known = numbers(p, missing=True)
    outside = known.index[(known < 0) | (known > 1)]
    if len(outside):
        message = f"P-values must lie between 0 and 1; they do not for {named(outside)}."
        raise ColumnError(message)
    return adjusted(known, method=method).rename("q")
