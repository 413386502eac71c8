"""Concentration: how unequal regions are, and how the mass of a system sits in its largest places."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy import stats

from geoinno import _contract
from geoinno.errors import ColumnError
from geoinno.measure.disparities import _shares

_LEAST = 3


@dataclass(frozen=True, slots=True)
class RankSize:
    """The slope of size over rank: near -1 after Zipf, steeper where few places hold all."""

    slope: float
    se: float
    low: float
    high: float
    n: int

    def __str__(self) -> str:
        """Return the result in words."""
        told = f"{self.slope:.2f} (95% interval {self.low:.2f} to {self.high:.2f}, {self.n} places)"
        return f"Rank falls with size by an exponent of {told}."


def gini(values: pd.Series, *, population: pd.Series | None = None) -> float:
    """Measure inequality between regions: 0 where all are equal, near 1 where one has all.

    Twice the area between the Lorenz curve and the line of equality, regions weighed by population.

    Parameters
    ----------
    values
        Per-head values (or any, with equal weights), zero or more, by region id.
    population
        People of each region; every region counts alike unless given.

    Returns
    -------
    float
        0..1.

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
    level, share = _shares.weighed(values, population)
    order = np.argsort(level, kind="stable")
    people = share[order]
    income = people * level[order] / (people @ level[order])
    lorenz = np.cumsum(income)
    area = float(people @ (lorenz - income / 2))
    return max(0.0, 1 - 2 * area)


def theil(
    values: pd.Series, *, population: pd.Series | None = None, groups: pd.Series | None = None
) -> pd.Series:
    """Measure inequality between regions, and part it into that between and within groups.

    T = sum s_i ln(s_i / p_i) with shares s of income and p of people; between groups the same over their
    sums; within, the mean of the groups' own T weighed by s. High values say that few regions have much.

    Parameters
    ----------
    values
        Per-head values, zero or more, by region id.
    population
        People of each region; every region counts alike unless given.
    groups
        Group of each region, such as its country.

    Returns
    -------
    Series
        ``total``, ``between``, ``within``; without groups all is within.

    References
    ----------
    Theil, H. (1967). Economics and Information Theory. Amsterdam: North-Holland.
    Shorrocks, A. F. (1980). The class of additively decomposable inequality measures. Econometrica 48(3),
    613-625. doi:10.2307/1913126

    Examples
    --------
    >>> import geoinno as gi
    >>> regions = gi.read.sample("central_asia").regions
    >>> parts = gi.measure.theil(regions["city_population"], groups=regions["country"])
    >>> round(parts["between"] / parts["total"], 2)
    np.float64(0.16)
    """
    level, people = _shares.weighed(values, population)
    income = people * level / (people @ level)
    total = _shares.theil_part(income, people)
    between = 0.0
    if groups is not None:
        codes = pd.factorize(_contract.country_series(groups, values.index))[0].astype(np.intp)
        sums = [_shares.grouped(shares, codes) for shares in (income, people)]
        between = _shares.theil_part(*sums)
    parts = {"total": total, "between": between, "within": total - between}
    return pd.Series(parts, name="theil")


def williamson(values: pd.Series, *, population: pd.Series) -> float:
    """Measure how far regions lie from the mean: Williamson's population-weighted coefficient of variation.

    sqrt(sum p_i (y_i - y)^2) / y, with y the mean weighed by people. 0 where all are equal.

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
    level, people = _shares.weighed(values, population)
    mean = people @ level
    return float(np.sqrt(people @ (level - mean) ** 2) / mean)


def herfindahl(values: pd.Series) -> float:
    """Measure concentration: the sum of squared shares, from 1 / n to 1 where one region has all.

    Parameters
    ----------
    values
        Masses, zero or more, by region id.

    Returns
    -------
    float
        1 / n to 1.

    References
    ----------
    Hirschman, A. O. (1964). The paternity of an index. American Economic Review 54(5), 761-762.

    Examples
    --------
    >>> import pandas as pd
    >>> import geoinno as gi
    >>> gi.measure.herfindahl(pd.Series([1.0, 1.0], index=["a", "b"]))
    0.5
    """
    level, _ = _shares.weighed(values, None)
    return float(((level / level.sum()) ** 2).sum())


def primacy(mass: pd.Series) -> float:
    """Measure the share of the largest place: near 1, one place dominates all.

    Parameters
    ----------
    mass
        Zero or more, by place id.

    Returns
    -------
    float
        1 / n to 1.

    References
    ----------
    Jefferson, M. (1939). The law of the primate city. Geographical Review 29(2), 226-232.
    doi:10.2307/209944

    Examples
    --------
    >>> import pandas as pd
    >>> import geoinno as gi
    >>> gi.measure.primacy(pd.Series([6.0, 3.0, 1.0], index=list("abc")))
    0.6
    """
    level, _ = _shares.weighed(mass, None)
    return float(level.max() / level.sum())


def rank_size(mass: pd.Series, *, top: int | None = None) -> RankSize:
    """Fit the rank-size rule: ln(rank - 1/2) = a + slope ln mass.

    Near -1: Zipf's law. Of the few largest places (``top``) it measures morphological polycentricity: the
    steeper, the more alike they are. Its error is |slope| sqrt(2 / n).

    Parameters
    ----------
    mass
        Above zero for the places that count, by place id.
    top
        The so many largest alone.

    Returns
    -------
    RankSize
        ``slope``, ``se``, 95% interval ``low`` and ``high``, ``n``.

    Raises
    ------
    ColumnError
        If fewer than three places have a mass, or these are all equal.

    References
    ----------
    Gabaix, X. and Ibragimov, R. (2011). Rank - 1/2: a simple way to improve the OLS estimation of tail
    exponents. Journal of Business and Economic Statistics 29(1), 24-39. doi:10.1198/jbes.2009.06157
    Burger, M. and Meijers, E. (2012). Form follows function? Linking morphological and functional
    polycentricity. Urban Studies 49(5), 1127-1149. doi:10.1177/0042098011407095

    Examples
    --------
    >>> import geoinno as gi
    >>> regions = gi.read.sample("central_asia").regions
    >>> round(gi.measure.rank_size(regions["largest_city_population"], top=20).slope, 1)
    -1.4
    """
    level, _ = _shares.weighed(mass, None)
    size = np.sort(level[level > 0])[::-1]
    size = size if top is None else size[: _contract.whole(top, name="top", least=_LEAST)]
    if len(size) < _LEAST or size[0] == size[-1]:
        message = (
            f"A rank-size rule needs {_LEAST} places of different mass or more; column {mass.name!r} has not."
        )
        raise ColumnError(message)
    rank = np.arange(1, len(size) + 1)
    slope = float(stats.linregress(np.log(size), np.log(rank - 0.5)).slope)
    se = abs(slope) * float(np.sqrt(2 / len(size)))
    reach = float(stats.norm.ppf(0.975)) * se
    return RankSize(slope, se, slope - reach, slope + reach, len(size))
