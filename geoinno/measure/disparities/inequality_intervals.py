"""Inequality intervals: how far indices of inequality depend on the regions that happen to be there."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np
import pandas as pd

from geoinno import _contract
from geoinno.errors import ColumnError
from geoinno.measure.disparities import _bounds, _indices, _shares
from geoinno.scale import follow

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from numpy.typing import NDArray

    from geoinno._types import Floats

_FEWEST = 5
_METHODS = ("jackknife", "bootstrap")


def inequality_intervals(
    values: pd.Series,
    *,
    population: pd.Series | None = None,
    groups: pd.Series | Sequence[pd.Series] | None = None,
    aversion: float = 0.5,
    method: Literal["jackknife", "bootstrap"] = "jackknife",
    draws: int = 999,
    seed: int = 0,
) -> pd.DataFrame:
    """Estimate indices of inequality with intervals over the regions that happen to be there.

    A wide interval says that a few regions decide how unequal the map is.

    Parameters
    ----------
    values
        Per-head values, zero or more, by region id.
    population
        People of each region; every region counts alike unless given.
    groups
        As for `theil`. Regions are then left out, or drawn, within the narrowest groups.
    aversion
        Of the Atkinson index.
    method
        ``jackknife``, which leaves out one region at a time; or ``bootstrap``, which draws regions with
        replacement, each with its people, and corrects for bias and skewness (BCa).
    draws, seed
        Bootstrap samples, and their seed.

    Returns
    -------
    DataFrame
        A row for each index: ``gini``, ``hoover``, ``atkinson``, ``variation`` (Williamson's coefficient),
        ``theil`` and, with groups, its parts as named by `theil`; columns ``estimate``, ``low``, ``high``
        (95%).

    Raises
    ------
    ColumnError
        As for `gini` and `theil`, or if there are fewer than five regions.

    Notes
    -----
    The jackknife works on logits of the Gini, Hoover and Atkinson indices and on logarithms of the others,
    takes off its estimate of bias, and widens both ends by its estimate of skewness,

        z + s t / (1 - a t),

    with standard error s, acceleration a (Efron 1987) and t of Student's distribution on the degrees of
    freedom that the spread of the jackknife values leaves (Satterthwaite 1946), times the share of regions
    that count once people are unequal (Kish 1965).

    Of 800 simulated maps of lognormal incomes with a standard deviation of logs of 0.3, as between the
    regions of a continent, or of 0.5, 95% intervals of the Gini, Hoover, Atkinson and Theil indices cover the
    truth in 93 to 97%, with 30 regions and with 100, with equal people or unequal ones (logs with a standard
    deviation of 0.5 and 1); those of the coefficient of variation in 93 to 95%, and in 89 to 92% with the
    wider incomes. Heavy tails take more: of Pareto incomes with exponent 4, 90 to 94% for Gini and Hoover, 86
    to 92% for Theil and Atkinson, 83 to 89% for the coefficient. The bootstrap covers 90% (Gini, lognormal,
    100 regions) and 86% (30). Neighbours that are alike say less than as many independent regions.

    An interval is missing where all regions are equal, or where one alone has anything.

    References
    ----------
    Efron, B. (1987). Better bootstrap confidence intervals. Journal of the American Statistical Association
    82(397), 171-185. doi:10.1080/01621459.1987.10478410
    Davidson, R. (2009). Reliable inference for the Gini index. Journal of Econometrics 150(1), 30-40.
    doi:10.1016/j.jeconom.2008.11.004
    Satterthwaite, F. E. (1946). An approximate distribution of estimates of variance components. Biometrics
    Bulletin 2(6), 110-114. doi:10.2307/3002019
    Kish, L. (1965). Survey Sampling. New York: Wiley.
    Mills, J. A. and Zandvakili, S. (1997). Statistical inference via bootstrapping for measures of
    inequality. Journal of Applied Econometrics 12(2), 133-150.
    doi:10.1002/(SICI)1099-1255(199703)12:2<133::AID-JAE433>3.0.CO;2-H

    Examples
    --------
    >>> import geoinno as gi
    >>> regions = gi.read.sample("central_asia").regions
    >>> gi.measure.inequality_intervals(regions["city_population"]).loc["gini"].round(2).to_list()
    [0.4, 0.35, 0.5]
    """
    power = 1 - _contract.positive(aversion, name="aversion", zero=True)
    _contract.option(method, _METHODS, name="method")
    _contract.whole(draws, name="draws", least=99)
    level, people = _shares.weighted(values, population)
    if len(level) < _FEWEST:
        message = f"Intervals need at least {_FEWEST} regions; there are {len(level)}."
        raise ColumnError(message)
    levels = _shares.nested(groups, values.index)
    order = np.argsort(values.index.to_numpy(object), kind="stable")  # draws follow ids, not rows
    case = _Case(level[order], people[order], {name: codes[order] for name, codes in levels.items()}, power)
    names, estimate = zip(*case.indices(np.ones(len(order))).items(), strict=True)
    found = np.array(estimate)
    if method == "bootstrap":
        bounds = case.bootstrapped(found, draws=draws, rng=np.random.default_rng(seed))
    else:
        bounds = case.jackknifed(names, found)
    table = pd.DataFrame(bounds, pd.Index(names, name="measure"), ["low", "high"])
    table.insert(0, "estimate", estimate)
    return table


@dataclass(frozen=True, slots=True, eq=False)
class _Case:
    """Levels, people and groups of regions, and the power of the Atkinson index."""

    level: Floats
    people: Floats
    levels: dict[str, NDArray[np.intp]]
    power: float

    def indices(self, times: Floats) -> dict[str, float]:
        """Return all indices where each region counts so many times."""
        people = self.people * times / (self.people @ times)
        theil = _indices.theil(self.level, people, self.levels)
        named = {"gini": _indices.gini, "hoover": _indices.hoover, "variation": _indices.variation}
        found = {name: index(self.level, people) for name, index in named.items()}
        found["atkinson"] = _indices.atkinson(self.level, people, power=self.power)
        parts = {name: theil[name] for name in theil if self.levels and name != "total"}
        return found | {"theil": theil["total"]} | parts

    def jackknifed(self, names: Sequence[str], estimate: Floats) -> list[tuple[float, float]]:
        """Return the interval of each index from the indices without each region in turn."""
        without = self._without()
        if len(without) < len(self.level):  # one region has everything
            return [(np.nan, np.nan)] * len(names)
        effective = self.people.sum() ** 2 / (self.people**2).sum() / len(self.people)
        columns = zip(names, estimate, without.T, strict=True)
        return [
            _bounds.jackknife(
                value, others, strata=self._strata(), effective=effective, share=name in _bounds.SHARES
            )
            for name, value, others in columns
        ]

    def bootstrapped(
        self, estimate: Floats, *, draws: int, rng: np.random.Generator
    ) -> list[tuple[float, float]]:
        """Return the interval of each index from samples of regions."""
        drawn = self._all(_times(self._strata(), rng) for _ in follow(range(draws), "Sample of regions"))
        columns = zip(estimate, drawn.T, self._without().T, strict=True)
        return [_bounds.accelerated(value, sample, others) for value, sample, others in columns]

    def _strata(self) -> NDArray[np.intp]:
        """Return the narrowest groups, within which regions are left out or drawn."""
        return list(self.levels.values())[-1] if self.levels else np.zeros(len(self.level), np.intp)

    def _without(self) -> Floats:
        """Return the indices without each region in turn."""
        count = np.arange(len(self.level))
        return self._all((count != left).astype(np.float64) for left in follow(count, "Region"))

    def _all(self, samples: Iterable[Floats]) -> Floats:
        """Return the indices of samples, but for those without people or without anything to share out."""
        income = self.people * self.level
        return np.array([[*self.indices(times).values()] for times in samples if times @ income > 0])


def _times(strata: NDArray[np.intp], rng: np.random.Generator) -> Floats:
    """Return how often each region is drawn, with replacement, within its stratum."""
    times = np.zeros(len(strata))
    for stratum in np.unique(strata):
        inside = np.flatnonzero(strata == stratum)
        times[inside] = np.bincount(rng.integers(len(inside), size=len(inside)), minlength=len(inside))
    return times
