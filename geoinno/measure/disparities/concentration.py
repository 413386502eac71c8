"""Concentration: how much of a total lies in the largest places."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy import stats

from geoinno import _contract
from geoinno._display import Displayed
from geoinno.errors import ColumnError
from geoinno.measure.disparities import _plants, _shares
from geoinno.measure.disparities.inequality import gini

_LEAST = 3
# Sizes that differ by less are equal but for rounding, and have no slope.
_ROUNDING = 1e-12


@dataclass(frozen=True, slots=True)
class RankSize(Displayed):
    """The slope of ln(rank - 1/2) on ln size: about -1 after Zipf, steep where sizes are alike."""

    slope: float
    se: float
    low: float
    high: float
    n: int

    def __str__(self) -> str:
        """Return the result in words."""
        return (
            f"Among {self.n} places, a size limit 1% higher is reached by {-self.slope:.2f}% "
            "fewer places (95% "
            f"interval {-self.high:.2f} to {-self.low:.2f}). Zipf's law gives 1%; more means that sizes are "
            "more alike, less that a few places hold more of the total."
        )


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
    level, _ = _shares.weighted(values, None)
    return float(((level / level.sum()) ** 2).sum())


def primacy(mass: pd.Series) -> float:
    """Measure the share of the largest place: near 1, one place dominates all others.

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
    level, _ = _shares.weighted(mass, None)
    return float(level.max() / level.sum())


def rank_size(mass: pd.Series, *, top: int | None = None) -> RankSize:
    """Fit the rank-size rule: ln(rank - 1/2) = a + slope ln size.

    The slope is negative. At -1 the rule is Zipf's law: the second place has half the size of the first.
    It is steep (-26) where sizes are alike, and flat (-0.5) where a few places hold nearly all; of the
    few largest places (``top``) it measures morphological polycentricity. Its error is |slope| sqrt(2 / n).

    Parameters
    ----------
    mass
        The sizes of places, above zero for those that count, by place id.
    top
        Only this number of the largest places.

    Returns
    -------
    RankSize
        ``slope``, ``se``, 95% interval ``low`` and ``high``, ``n``.

    Raises
    ------
    ColumnError
        If fewer than three places have a mass, or all have the same.

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
    level, _ = _shares.weighted(mass, None)
    size = np.sort(level[level > 0])[::-1]
    size = size if top is None else size[: _contract.whole(top, name="top", least=_LEAST)]
    if len(size) < _LEAST or size[0] - size[-1] <= _ROUNDING * size[0]:
        message = (
            f"A rank-size rule needs at least {_LEAST} places with a mass, and not all of the same mass; "
            f"column {mass.name!r} has {len(size)} that count."
        )
        raise ColumnError(message)
    rank = np.arange(1, len(size) + 1)
    slope = float(stats.linregress(np.log(size), np.log(rank - 0.5)).slope)
    se = abs(slope) * float(np.sqrt(2 / len(size)))
    reach = float(stats.norm.ppf(0.975)) * se
    return RankSize(slope, se, slope - reach, slope + reach, len(size))


def locational_gini(activity: pd.DataFrame) -> pd.Series:
    """Measure how unevenly each activity lies over regions, next to activity as a whole.

    The Gini coefficient of location quotients, regions weighted by their share of all activity: twice the
    area between the line of equality and the Lorenz curve of an activity over all activities. 0 where an
    activity lies as all do; near 1 where one small region has all of it.

    Parameters
    ----------
    activity
        Mass (such as jobs), zero or more: regions in rows, activities in columns.

    Returns
    -------
    Series
        0 to 1, by activity; missing for an activity without mass.

    Raises
    ------
    ColumnError
        If a cell is missing or negative, or all are zero.

    Notes
    -----
    Some packages report the area itself, which is half of this.

    References
    ----------
    Krugman, P. (1991). Geography and Trade. Cambridge, Mass.: MIT Press.
    Kim, S. (1995). Expansion of markets and the geographic distribution of economic activities. Quarterly
    Journal of Economics 110(4), 881-908. doi:10.2307/2946643

    Examples
    --------
    >>> import pandas as pd
    >>> import geoinno as gi
    >>> jobs = pd.DataFrame({"mines": [4.0, 0.0], "shops": [2.0, 2.0]}, index=["a", "b"])
    >>> gi.measure.locational_gini(jobs).tolist()
    [0.25, 0.25]
    """
    table = _shares.sound_activity(activity)
    size = table.sum(axis=1)
    lived = size > 0
    found = {
        name: gini(column[lived] / size[lived], population=size[lived]) if column.any() else np.nan
        for name, column in table.items()
    }
    return pd.Series(found, index=activity.columns, name="locational_gini", dtype=float)


def ellison_glaeser(
    activity: pd.DataFrame, plants: pd.DataFrame, *, draws: int = 999, seed: int = 0
) -> pd.DataFrame:
    """Measure whether plants of an activity cluster more than plants that choose their places by chance.

    g = (G - (1 - sum x_r^2) H) / ((1 - sum x_r^2) (1 - H)), with G = sum (s_r - x_r)^2, shares s of an
    activity and x of all activity by region, and the Herfindahl index H of plant sizes. 0: as by chance;
    above .05, strongly clustered; below 0, spread out.

    Parameters
    ----------
    activity
        Mass (such as jobs), zero or more: regions in rows, activities in columns.
    plants
        Numbers of plants in the same rows and columns, above zero wherever there is mass: plants of one
        cell count as of the same size. Or a table of single plants: ``activity`` and ``size``.
    draws, seed
        Draws behind ``p``, in which each plant chooses a region with probability x, and their seed.

    Returns
    -------
    DataFrame
        By activity: ``gamma``, ``raw`` (G), ``herfindahl`` (H), ``plants``, ``p`` (two-sided) and ``q``. An
        activity with fewer than two plants has no gamma and no p.

    Raises
    ------
    ColumnError
        If a cell is missing or negative, mass has no plant, or all activity lies in one region.

    References
    ----------
    Ellison, G. and Glaeser, E. L. (1997). Geographic concentration in U.S. manufacturing industries: a
    dartboard approach. Journal of Political Economy 105(5), 889-927. doi:10.1086/262098

    Examples
    --------
    >>> import pandas as pd
    >>> import geoinno as gi
    >>> jobs = pd.DataFrame({"mines": [40.0, 0.0], "shops": [10.0, 50.0]}, index=["a", "b"])
    >>> plants = pd.DataFrame({"mines": [8, 0], "shops": [4, 20]}, index=["a", "b"])
    >>> gi.measure.ellison_glaeser(jobs, plants)["gamma"].round(2).to_dict()
    {'mines': 1.0, 'shops': 0.42}
    """
    _contract.whole(draws, name="draws")
    table = _shares.sound_activity(activity)
    sizes = _plants.plant_sizes(plants, table)
    share = table.sum(axis=1).sort_index().to_numpy()
    share = share / share.sum()
    columns = {name: table[name].sort_index().to_numpy() for name in table}
    rows = {
        name: _plants.clustering(column, share, sizes[name], draws=draws, seed=seed)
        for name, column in columns.items()
    }
    return _plants.answer(rows, activity.columns)
