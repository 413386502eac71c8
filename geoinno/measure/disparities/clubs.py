"""Convergence clubs: groups of regions whose paths come together, where all regions' paths do not."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from geoinno import _contract
from geoinno.errors import ColumnError, OptionError
from geoinno.measure.disparities import _club_checks, _clustering, _log_t, _panel
from geoinno.measure.disparities._club_results import Clubs

if TYPE_CHECKING:
    from libpysal.graph import Graph

    from geoinno._types import Floats, Ints

# Years left in the regression: two coefficients, and enough residuals for their autocovariances.
_LEAST = 5
_REMEDY = (
    "Paths are compared with the mean of regions: give logs in a unit in which all are above zero (of euros "
    "rather than of millions)."
)


def convergence_clubs(
    panel: pd.Series | pd.DataFrame,
    *,
    weights: Graph | None = None,
    merge: bool = False,
    trim: float = 1 / 3,
    inclusion: float = 0.0,
    draws: int = 99,
    permutations: int = 999,
    seed: int = 0,
) -> Clubs:
    """Find the groups of regions whose paths converge, and test whether they are places.

    With paths relative to the mean, h_it = x_it / mean_i x_it, and their spread H_t = mean_i (h_it - 1)^2,

        log(H_1 / H_t) - 2 log log t = a + b log t + u_t

    over the years after the first third. A group converges unless the t of b is at or below -1.65. A high b
    says that paths come together fast: b / 2 is the speed, and from b = 2 on levels converge, below it
    growth rates alone.

    Parameters
    ----------
    panel
        Values by region and year, above zero, as they are to be compared: give logs of levels. A Series or
        one column with this index, or a table with the columns region, year and one more. Every region needs
        a value in every year, and years must be equally far apart.
    weights
        Neighbours of the same regions, for ``p_contiguity``.
    merge
        Join a club with the next for as long as both together converge (Phillips and Sul 2009).
    trim
        The share of first years left out of the regression, 0 to 1, rounded to whole years.
    inclusion
        The t above which a region joins a core. Where the club as a whole then does not converge, it is
        raised until it does.
    draws
        Bootstrap samples of regions behind ``membership``; 0 for none.
    permutations, seed
        Relabelled maps behind ``p_contiguity``, and the seed of these and of the bootstrap.

    Returns
    -------
    Clubs
        ``table`` by region: ``club`` (1 is the highest; missing outside any club) and ``membership``, the
        share of bootstrap samples with the region in which it is in the counterpart of its club (or in none
        again). ``tests`` by club: ``regions``, ``b``, ``se``, ``t``, and ``t_next`` of the club and the
        next together: above -1.65 the two may be merged. ``probabilities``: a row for each region, a
        column for each club, and 0 for none of them. ``t_all``, ``b_all``: of all regions.
        ``adjacent_share`` of pairs of neighbours in one club, ``expected_share`` of relabelled maps, and the
        two-sided ``p_contiguity``.

    Raises
    ------
    ColumnError
        If a cell is missing, zero or negative, years are not equally far apart or too few, or there is one
        region or no variation.
    AlignmentError
        If panel and weights cover different regions.
    OptionError
        If ``trim`` is not between 0 and 1.

    Notes
    -----
    Business cycles blur the test: smooth the paths first (Phillips and Sul took the trend of a
    Hodrick-Prescott filter with 400). Nothing is filtered here. The unit matters too, since paths are
    relative to a mean of logs.

    Standard errors are from a quadratic spectral kernel with the bandwidth of Andrews (1991), computed as
    by the authors: all autocovariances are divided by n - 1 and leave out the last residual, so that
    published t values come out. Regions with the same value in a year have no spread then, and no test as a
    pair. Regions enter by their last value, those with the same one by id.

    A bootstrap sample draws as many regions as there are, each kept once (Hennig 2007). Its clubs are matched
    one to one to those of all regions by the most regions in common. Relabelled maps shuffle the clubs over
    all regions with neighbours; pairs outside any club count as in different ones.

    References
    ----------
    Phillips, P. C. B. and Sul, D. (2007). Transition modeling and econometric convergence tests.
    Econometrica 75(6), 1771-1855. doi:10.1111/j.1468-0262.2007.00811.x
    Phillips, P. C. B. and Sul, D. (2009). Economic transition and growth. Journal of Applied Econometrics
    24(7), 1153-1185. doi:10.1002/jae.1080
    Andrews, D. W. K. (1991). Heteroskedasticity and autocorrelation consistent covariance matrix estimation.
    Econometrica 59(3), 817-858. doi:10.2307/2938229
    Hennig, C. (2007). Cluster-wise assessment of cluster stability. Computational Statistics and Data
    Analysis 52(1), 258-271. doi:10.1016/j.csda.2006.11.025

    Examples
    --------
    >>> import numpy as np
    >>> import geoinno as gi
    >>> states = np.log(gi.read.sample("north_america").panel["income"].filter(like="USA"))
    >>> found = gi.measure.convergence_clubs(states, draws=0)
    >>> found.tests["regions"].to_list(), round(found.t_all, 1)
    ([48], 7.6)
    """
    _contract.whole(draws, name="draws", least=0)
    _contract.whole(permutations, name="permutations")
    table = _panel.balanced(panel, positive=_REMEDY).sort_index()
    settings = _clustering.Settings(_discarded(table, trim), inclusion, merge)
    paths = table.iloc[np.argsort(-table.to_numpy()[:, -1], kind="stable")]
    found = _clustering.clubs(paths.to_numpy(), settings)
    labels = pd.Series(_clustering.membership(found, len(paths)), paths.index)
    rng = np.random.default_rng(seed)
    shares = _club_checks.probabilities(paths, found, settings, draws=draws, rng=rng)
    places = _club_checks.places(labels.sort_index(), weights, permutations=permutations, rng=rng)
    everyone = _log_t.of_group(paths.to_numpy(), settings.discarded)
    return Clubs(
        _by_region(labels, shares).sort_index(),
        _tests(paths.to_numpy(), found, settings.discarded),
        shares.sort_index(),
        float(everyone.b[0]),
        float(everyone.t[0]),
        *places,
        len(table),
        draws,
        permutations,
        seed,
    )


def _discarded(table: pd.DataFrame, trim: float) -> int:
    """Return how many first years are left out; log log t is not defined for the first."""
    _panel.step(table)
    share = _contract.positive(trim, name="trim")
    if share >= 1:
        message = f"trim must be a share between 0 and 1; {trim!r} was given."
        raise OptionError(message)
    years = table.shape[1]
    discarded = max(1, round(share * years))
    if years - discarded < _LEAST:
        message = (
            f"The panel has {years} years, of which trim={share:.3g} leaves {years - discarded}; the "
            f"regression needs at least {_LEAST}. Give more years or a smaller trim."
        )
        raise ColumnError(message)
    return discarded


def _by_region(labels: pd.Series, shares: pd.DataFrame) -> pd.DataFrame:
    """Return the club of each region, missing for none, and the probability that it stays there."""
    stays = shares.to_numpy()[np.arange(len(labels)), labels.to_numpy() + 1]
    club = (labels + 1).astype("Int64").mask(labels < 0)
    return pd.DataFrame({"club": club, "membership": stays}, index=labels.index)


def _tests(paths: Floats, found: list[Ints], discarded: int) -> pd.DataFrame:
    """Return the regression of each club, and the t of each with the next."""
    rows = []
    for club, number in zip(found, range(1, len(found) + 1), strict=True):
        alone = _log_t.of_group(paths[club], discarded)
        both = np.concatenate([club, *found[number : number + 1]])
        t_next = float(_log_t.of_group(paths[both], discarded).t[0]) if number < len(found) else np.nan
        rows.append([len(club), float(alone.b[0]), float(alone.se[0]), float(alone.t[0]), t_next])
    index = pd.RangeIndex(1, len(found) + 1, name="club")
    tests = pd.DataFrame(rows, index, ["regions", "b", "se", "t", "t_next"])
    return tests.astype({"regions": int})
