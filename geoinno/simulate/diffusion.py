"""Diffusion: an innovation carried forward over the regions by a fitted hazard, with its uncertainty."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from geoinno import _contract
from geoinno._display import Displayed
from geoinno._types import LEVEL
from geoinno.errors import ColumnError, OptionError
from geoinno.scale import follow

if TYPE_CHECKING:
    from geoinno._types import Bools, Floats
    from geoinno.measure import Hazard

_TAIL = (1 - LEVEL) / 2
_HALF = 0.5


@dataclass(frozen=True, slots=True, eq=False)
class Spread(Displayed):
    """An innovation carried forward: the probability that each region (row) has it by each period (column).

    ``arrival``: the median period of adoption, as observed where a region has adopted, missing where fewer
    than half of the draws adopt; ``arrival_bounds``: the middle 95%. ``adopters``: how many regions have it
    by period, with ``low`` and ``high``. ``before``, ``after`` and ``change``: the probability of having it
    now and at the end.
    """

    probability: pd.DataFrame
    arrival: pd.Series
    arrival_bounds: pd.DataFrame
    adopters: pd.DataFrame
    before: pd.DataFrame
    after: pd.DataFrame
    change: pd.DataFrame
    innovation: str
    draws: int
    seed: int

    displayed_tables = ("adopters",)

    def __str__(self) -> str:
        """Return the result, its assumptions and its uncertainty in words."""
        last = self.adopters.index[-1]
        middle, low, high = (f"{value:,.0f}" for value in self.adopters.iloc[-1])
        have = "has" if middle == "1" else "have"
        waiting = self.probability.loc[self.before["probability"] == 0].iloc[:, 0].nlargest(3)
        named = ", ".join(f"{region} ({share:.0%})" for region, share in waiting.items())
        return (
            f"By period {last:g}, {middle} of {len(self.arrival):,} regions {have} {self.innovation} (middle "
            f"95% of {self.draws:,} draws: {low} to {high}), after {self.before['probability'].sum():,.0f} "
            f"now. Most likely to adopt it in the next period: {named}. Assumed: the rate stays what it has "
            "been since the first adoption, and no region gives the innovation up."
        )


def spread(
    hazard: Hazard,
    *,
    periods: int,
    innovation: str | None = None,
    observed_to: float | None = None,
    draws: int = 500,
    seed: int = 0,
) -> Spread:
    """Carry an innovation forward over the regions, period by period.

    In each draw a region that has not adopted does so in a period with probability 1 - exp(-r exp(x'b)),
    where x are its exposures at the end of the period before. Each draw has coefficients b of its own, from
    their normal distribution, and a rate r of the innovation, from a gamma distribution given b: as many
    events as adoptions after the first period, over the sum of exp(x'b) of all that could have adopted.

    Parameters
    ----------
    hazard
        A result of ``gi.measure.diffusion_hazard``, whose periods are whole numbers.
    periods
        How many periods to go on from the last one observed.
    innovation
        Which innovation; the only one, or else the one adopted last that can still spread (if several, the
        one that fewest regions have).
    observed_to
        The last period that was observed; that of the last adoption of the innovation unless given. Years
        known to have passed without an adoption lower the rate.
    draws
        Number of draws.
    seed
        Makes the draws repeatable.

    Returns
    -------
    Spread
        ``probability`` (regions by periods), ``arrival`` and ``adopters``.

    Raises
    ------
    OptionError
        If there is no such innovation.
    ColumnError
        If the periods are not whole, every region has adopted, or all adopted in one period, so that the
        innovation has no rate.

    Notes
    -----
    Regions without neighbours have no exposure: they keep what they have, and have no ``probability`` if they
    have not adopted. Effects of units, where the hazard has them, are held.

    References
    ----------
    Haegerstrand, T. (1967). Innovation Diffusion as a Spatial Process. University of Chicago Press.
    Allison, P. D. (1982). Discrete-time methods for the analysis of event histories. Sociological
    Methodology 13, 61-98. doi:10.2307/270718

    Examples
    --------
    >>> import geoinno as gi
    >>> place = gi.read.sample("policies")
    >>> found = gi.measure.diffusion_hazard(
    ...     place.adoptions, gi.weigh.contiguity(place.regions), permutations=19)
    >>> ahead = gi.simulate.spread(found, periods=5, innovation="graduated_licence")
    >>> int(ahead.adopters["median"].iloc[-1])
    47
    """
    _contract.whole(periods, name="periods")
    _contract.whole(draws, name="draws", least=20)
    process = _sound_hazard(hazard).process
    name = _chosen(hazard, innovation)
    spells = process.adoptions[process.adoptions["innovation"] == name]
    _refuse_broken_periods(spells["period"])
    rng = np.random.default_rng(seed)
    slopes = process.drawn_slopes(rng, draws)
    last = _last(spells["period"], observed_to)
    rates = _rates(hazard, name, slopes, rng=rng, last=last)
    now = process.present.loc[name].to_numpy()
    steps = last + np.arange(1.0, periods + 1)
    arrived = np.full((draws, len(now)), np.inf)
    adopted = np.tile(now, (draws, 1))
    for step in follow(steps, "Period"):
        chance = -np.expm1(-rates[:, None] * np.exp(process.scores(adopted, slopes)))
        new = rng.random(adopted.shape) < chance
        arrived[new] = step
        adopted |= new
    first = spells[np.isinf(spells["ended"])].set_index("region")["period"].reindex(process.present.columns)
    return _answer(hazard, name, np.where(now, first.to_numpy(), arrived), steps=steps, seed=seed)


def _sound_hazard(hazard: Hazard) -> Hazard:
    """Return the hazard, if it is one."""
    from geoinno.measure import Hazard

    return _contract.result(hazard, Hazard, name="hazard", source="gi.measure.diffusion_hazard")


def _chosen(hazard: Hazard, innovation: str | None) -> str:
    """Return the innovation that is to spread, if it can."""
    process = hazard.process
    able = (~process.present & (process.able & np.isfinite(process.effects.to_numpy()))).any(axis=1)
    if innovation is not None:
        if innovation not in process.present.index:
            names = _contract.named(process.present.index)
            message = f"There is no innovation {innovation!r}; the hazard is of {names}."
            raise OptionError(message)
        able = able[[innovation]]
    last = process.adoptions.groupby("innovation")["period"].max()
    table = pd.DataFrame({"last": last, "adopters": process.present.sum(axis=1)}).loc[able.index[able]]
    if table.empty:
        message = "Every region that could has adopted: nothing spreads on. Choose another innovation."
        raise ColumnError(message)
    return str(table.sort_values(["last", "adopters"], ascending=[False, True], kind="stable").index[0])


def _refuse_broken_periods(period: pd.Series) -> None:
    """Raise where periods are not whole: a step of one would not be a step of the data."""
    broken = period[period != np.floor(period)]
    if len(broken):
        message = f"Periods must be whole numbers to go on by steps of one; found {_contract.named(broken)}."
        raise ColumnError(message)


def _last(period: pd.Series, observed_to: float | None) -> float:
    """Return the last period observed, no earlier than the last adoption."""
    last = float(period.max())
    if observed_to is None:
        return last
    if not observed_to >= last or observed_to != np.floor(observed_to):
        message = (
            f"observed_to must be a whole period, {last:g} (the last adoption) or later; {observed_to!r} was "
            "given."
        )
        raise OptionError(message)
    return float(observed_to)


def _rates(hazard: Hazard, name: str, slopes: Floats, *, rng: np.random.Generator, last: float) -> Floats:
    """Return a draw of the rate of an innovation for each draw of the coefficients.

    Given b, adoptions are events of a Poisson process over the exposure, so that their rate has a gamma
    distribution with as many events as its shape, wherever observation ends.
    """
    adopted, adopting = hazard.process.states(name, last=last)
    exposure = np.zeros(len(slopes))
    events = 0
    for before, new in zip(adopted, adopting, strict=True):
        score = hazard.process.scores(np.tile(before, (len(slopes), 1)), slopes)
        exposure += np.exp(score).sum(axis=1)
        events += int((new & np.isfinite(score[0])).sum())
    if events == 0:
        message = (
            f"{name} was adopted in one period alone, so its rate of spread is unknown. Choose another "
            "innovation."
        )
        raise ColumnError(message)
    return rng.gamma(events, size=len(slopes)) / exposure


def _answer(hazard: Hazard, name: str, arrived: Floats, *, steps: Floats, seed: int) -> Spread:
    """Return what the draws say: probabilities, arrivals and counts."""
    process = hazard.process
    ids, order = process.present.columns, hazard.leaders.index
    known = process.able | process.present.loc[name].to_numpy()
    by_step: Bools = arrived[:, :, None] <= steps
    columns = pd.Index([int(step) for step in steps], name="period")
    share = np.where(known[:, None], by_step.mean(axis=0), np.nan)
    low, middle, high = np.quantile(arrived, [_TAIL, _HALF, 1 - _TAIL], axis=0, method="inverted_cdf")
    bounds = pd.DataFrame({"low": low, "high": high}, index=ids).replace(np.inf, np.nan)
    counts = np.quantile(by_step.sum(axis=1), [_HALF, _TAIL, 1 - _TAIL], axis=0, method="inverted_cdf")
    before = pd.DataFrame({"probability": process.present.loc[name].astype(float)}).reindex(order)
    probability = pd.DataFrame(share, index=ids, columns=columns).reindex(order)
    after = pd.DataFrame({"probability": probability.iloc[:, -1]})
    return Spread(
        probability=probability,
        arrival=pd.Series(middle, ids, name="arrival").replace(np.inf, np.nan).reindex(order),
        arrival_bounds=bounds.reindex(order),
        adopters=pd.DataFrame(counts.T, index=columns, columns=["median", "low", "high"]),
        before=before,
        after=after,
        change=after - before,
        innovation=name,
        draws=len(arrived),
        seed=seed,
    )
