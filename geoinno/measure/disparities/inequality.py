"""Inequality between regions, weighted by population."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from geoinno import _contract
from geoinno.measure.disparities import _indices, _shares

if TYPE_CHECKING:
    from collections.abc import Sequence


def gini(values: pd.Series, *, population: pd.Series | None = None) -> float:
    """Measure inequality between regions: 0 where all are equal, near 1 where one has all.

    Twice the area between the Lorenz curve and the line of equality, with regions weighted by population.

    Parameters
    ----------
    values
        Per-head values (or any, with equal weights), zero or more, by region id.
    population
        People of each region; every region has the same weight unless given.

    Returns
    -------
    float
        0 to 1.

    Raises
    ------
    ColumnError
        If a value is negative or all are zero, or nobody lives where values are above zero.

    References
    ----------
    Gini, C. (1912). Variabilita e Mutabilita. Bologna: Cuppini.
    Lerman, R. I. and Yitzhaki, S. (1989). Improving the accuracy of estimates of Gini coefficients. Journal
    of Econometrics 42(1), 43-47. doi:10.1016/0304-4076(89)90074-2

    Examples
    --------
    >>> import pandas as pd
    >>> import geoinno as gi
    >>> gi.measure.gini(pd.Series([0.0, 0.0, 0.0, 1.0], index=list("abcd")))
    0.75
    """
    return _indices.gini(*_shares.weighted(values, population))


def theil(
    values: pd.Series,
    *,
    population: pd.Series | None = None,
    groups: pd.Series | Sequence[pd.Series] | None = None,
) -> pd.Series:
    """Measure inequality between regions, and split it into parts between and within groups.

    T = sum s_i ln(s_i / p_i) with shares s of income and p of people; between groups, the same over their
    sums; within, the mean of the groups' own T weighted by s. A high value says that few regions have much.

    Parameters
    ----------
    values
        Per-head values, zero or more, by region id.
    population
        People of each region; every region has the same weight unless given.
    groups
        Group of each region, such as its country; or a list of groups that are nested, the widest first, such
        as ``[bloc, country]``.

    Returns
    -------
    Series
        ``total``, ``between``, ``within``; without groups all is within. With nested groups, ``between`` is
        between the widest and ``within`` within the narrowest; the steps from one level to the next stand
        between the two, such as ``country within bloc``. All parts add up to the total.

    Raises
    ------
    ColumnError
        As for `gini`, or if a region has no group, or a group lies in more than one of the wider groups.

    References
    ----------
    Theil, H. (1967). Economics and Information Theory. Amsterdam: North-Holland.
    Shorrocks, A. F. (1980). The class of additively decomposable inequality measures. Econometrica 48(3),
    613-625. doi:10.2307/1913126
    Akita, T. (2003). Decomposing regional income inequality in China and Indonesia using two-stage nested
    Theil decomposition method. Annals of Regional Science 37(1), 55-77. doi:10.1007/s001680200107

    Examples
    --------
    >>> import geoinno as gi
    >>> regions = gi.read.sample("central_asia").regions
    >>> parts = gi.measure.theil(regions["city_population"], groups=regions["country"])
    >>> round(parts["between"] / parts["total"], 2)
    np.float64(0.16)
    """
    level, people = _shares.weighted(values, population)
    levels = _shares.nested(groups, values.index)
    return pd.Series(_indices.theil(level, people, levels), name="theil")


def williamson(values: pd.Series, *, population: pd.Series) -> float:
    """Measure dispersion around the mean by Williamson's population-weighted coefficient of variation.

    sqrt(sum p_i (y_i - y)^2) / y, with y the mean weighted by people. 0 where all are equal.

    Parameters
    ----------
    values
        Per-head values, zero or more, by region id.
    population
        People of each region.

    Returns
    -------
    float
        Zero or more.

    Raises
    ------
    ColumnError
        As for `gini`.

    References
    ----------
    Williamson, J. G. (1965). Regional inequality and the process of national development. Economic
    Development and Cultural Change 13(4), 1-84. doi:10.1086/450136

    Examples
    --------
    >>> import pandas as pd
    >>> import geoinno as gi
    >>> income, people = pd.Series([1.0, 3.0], index=["a", "b"]), pd.Series([1.0, 1.0], index=["a", "b"])
    >>> gi.measure.williamson(income, population=people)
    0.5
    """
    people = _contract.column(population, what="population")
    return _indices.variation(*_shares.weighted(values, people))


def atkinson(values: pd.Series, *, aversion: float = 0.5, population: pd.Series | None = None) -> float:
    """Measure the share of income that an equal distribution could forgo without loss of welfare.

    1 - (sum p_i (y_i / y)^(1 - e))^(1 / (1 - e)), with shares p of people, the mean y and the aversion e;
    for e = 1 it is one less the geometric over the arithmetic mean. 0 where all are equal; near 1, few have
    nearly all. The greater the aversion, the more the poorest regions count.

    Parameters
    ----------
    values
        Per-head values, zero or more, by region id.
    aversion
        Aversion to inequality, zero or more; at zero only the mean counts.
    population
        People of each region; every region counts alike unless given.

    Returns
    -------
    float
        0 to 1; 1 where the aversion is 1 or more and an inhabited region has nothing.

    Raises
    ------
    ColumnError
        As for `gini`.
    OptionError
        If the aversion is below zero.

    References
    ----------
    Atkinson, A. B. (1970). On the measurement of inequality. Journal of Economic Theory 2(3), 244-263.
    doi:10.1016/0022-0531(70)90039-6

    Examples
    --------
    >>> import pandas as pd
    >>> import geoinno as gi
    >>> round(gi.measure.atkinson(pd.Series([1.0, 4.0], index=["a", "b"]), aversion=1), 3)
    0.2
    """
    power = 1 - _contract.positive(aversion, name="aversion", zero=True)
    return _indices.atkinson(*_shares.weighted(values, population), power=power)


def hoover(values: pd.Series, *, population: pd.Series | None = None) -> float:
    """Measure the share of all income that would have to move for every region to have the same per head.

    Half the sum of |s_i - p_i|, with shares s of income and p of people: also called the Robin Hood index.
    0 where all are equal, near 1 where one has all.

    Parameters
    ----------
    values
        Per-head values, zero or more, by region id.
    population
        People of each region; every region counts alike unless given.

    Returns
    -------
    float
        0 to 1.

    Raises
    ------
    ColumnError
        As for `gini`.

    References
    ----------
    Hoover, E. M. (1936). The measurement of industrial localization. Review of Economics and Statistics
    18(4), 162-171. doi:10.2307/1927875

    Examples
    --------
    >>> import pandas as pd
    >>> import geoinno as gi
    >>> gi.measure.hoover(pd.Series([0.0, 0.0, 0.0, 1.0], index=list("abcd")))
    0.75
    """
    return _indices.hoover(*_shares.weighted(values, population))
