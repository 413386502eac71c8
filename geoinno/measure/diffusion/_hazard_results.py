"""Hazard: what a model of diffusion returns, and how it says so in words."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal, get_args

import numpy as np

from geoinno._contract import option, positive
from geoinno._display import Displayed
from geoinno._types import ALPHA
from geoinno.errors import OptionError
from geoinno.measure.diffusion._exposures import BORDER, CONTAGIOUS, HIERARCHICAL, SIZE

if TYPE_CHECKING:
    import pandas as pd

    from geoinno.measure.diffusion._forecasts import Forecast
    from geoinno.measure.diffusion._process import Process

Errors = Literal["model", "region"]
_SENTENCES = {
    CONTAGIOUS: "a region adopts at {} times the rate when all its neighbours have than when none has",
    HIERARCHICAL: "at {} times the rate when all larger regions have",
    BORDER: "if those neighbours lie abroad, at {} times the rate that it has if they lie at home",
    SIZE: "at {} times the rate if it is twice as large",
}
_ERRORS = {"model": "of the model", "region": "clustered by region"}


@dataclass(frozen=True, slots=True)
class HazardOptions:
    """How a hazard is fitted.

    Attributes
    ----------
    unit_effects
        Give each region a rate of its own, so that regions which adopt everything early do not pass for
        sources of contagion. Regions that never adopt, and size, then drop out.
    errors
        ``model`` (adoptions are independent given the exposures) or ``region`` (clustered by region).
    window
        Number of periods, such as 10 years: coefficients are also estimated for each window by itself.
    holdout
        Share of the adoptions, the last ones, that the forecast is scored on.
    """

    unit_effects: bool = False
    errors: Errors = "model"
    window: float | None = None
    holdout: float = 0.25

    def __post_init__(self) -> None:
        """Raise where an option is not one of its words or lies outside its range."""
        option(self.errors, get_args(Errors), name="errors")
        if not isinstance(self.unit_effects, bool):
            message = f"unit_effects must be True or False; {self.unit_effects!r} was given."
            raise OptionError(message)
        if self.window is not None:
            positive(self.window, name="window")
        if not positive(self.holdout, name="holdout") < 1:
            message = f"holdout must lie between 0 and 1; {self.holdout!r} was given."
            raise OptionError(message)


@dataclass(frozen=True, slots=True)
class Counts:
    """What a model was fitted to: adoptions by regions in risk sets, one for each innovation and period."""

    adoptions: int
    innovations: int
    risk_sets: int
    regions: int

    def __str__(self) -> str:
        """Return the counts in words."""
        several = f"{self.innovations:,} innovations" if self.innovations > 1 else "one innovation"
        sets = f"{self.risk_sets:,} risk sets"
        return f"{self.adoptions:,} adoptions of {several} by {self.regions:,} regions ({sets})"


@dataclass(frozen=True, slots=True, eq=False)
class Hazard(Displayed):
    """A proportional hazard of adoption in regions, with risk sets by innovation and period.

    ``coefficients`` has a row for each exposure (log hazard ratios); ``p_relabelled`` has p-values among
    relabelled maps; ``shares`` the share of each in the ``deviance`` explained. ``leaders`` sets adoptions of
    each region beside those expected by chance; ``unit_effects`` are log rates of regions about their mean
    (0 throughout unless estimated). ``windows`` has coefficients by window and term. ``next_adopters`` gives
    the probability of each region to be the next to adopt each innovation; ``forecast`` says how well such
    probabilities did out of time (None where the earlier periods do not identify a model).
    """

    coefficients: pd.DataFrame
    p_relabelled: pd.Series
    shares: pd.Series
    deviance: float
    log_likelihood: float
    leaders: pd.DataFrame
    unit_effects: pd.Series
    windows: pd.DataFrame
    next_adopters: pd.DataFrame
    forecast: Forecast | None
    counts: Counts
    ties: str
    errors: str
    permutations: int
    seed: int
    process: Process = field(repr=False)

    def __str__(self) -> str:
        """Return the result in words."""
        parts = "; ".join(self._part(name) for name in self.coefficients.index)
        words = [
            f"{self.counts}; ties by {self.ties.capitalize()}, errors {_ERRORS[self.errors]}.",
            f"{parts[0].upper()}{parts[1:]}.",
        ]
        if len(self.shares) > 1 and self.shares.notna().all():
            shared = ", ".join(f"{name} {share:.0%}" for name, share in self.shares.items())
            words.append(f"Of the deviance explained ({self.deviance:,.1f}): {shared}.")
        if self.forecast is not None:
            words.append(str(self.forecast))
        return " ".join(words)

    def _part(self, name: str) -> str:
        """Return what one term says, with its 95% interval and the p-value among relabelled maps."""
        unit = np.log(2) if name == SIZE else 1.0
        row = self.coefficients.loc[[name], ["estimate", "low", "high"]].to_numpy(float)[0]
        middle, low, high = np.exp(unit * row)
        p = self.p_relabelled[name]
        chance = "beyond what" if p <= ALPHA else "within what"
        said = _SENTENCES[name].format(f"{middle:.2f}")
        return f"{said} (95% interval {low:.2f} to {high:.2f}; {chance} relabelled maps give, p = {p:.2g})"
