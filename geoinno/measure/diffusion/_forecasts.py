"""Forecasts: who adopts next, and how well earlier periods predict the adopters of later ones."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from geoinno._display import Displayed
from geoinno.errors import ColumnError
from geoinno.measure._inference.estimates import Interval, around
from geoinno.measure.diffusion import _partial_likelihood as partial
from geoinno.measure.diffusion._design import part_of
from geoinno.measure.diffusion._terms import plain

if TYPE_CHECKING:
    from geoinno._types import Floats
    from geoinno.measure.diffusion._design import Design
    from geoinno.measure.diffusion._process import Process

_GROUPS = 5
# An interval of the calibration slope as wide as this tells nothing about it.
_VAGUE = 20.0


@dataclass(frozen=True, slots=True, eq=False)
class Forecast(Displayed):
    """How well a model of the periods before ``since`` predicts who adopts from then on.

    ``log_score`` is the mean log probability of the adopters among those that could adopt, ``chance`` that
    of equal odds, ``gain`` the difference. ``slope`` is 1 where predictions are calibrated, lower
    where they are too extreme. ``table`` sets predicted beside observed adoptions, in fifths of the hazard.
    """

    since: float
    adoptions: int
    log_score: float
    chance: float
    gain: Interval
    slope: Interval
    table: pd.DataFrame

    def __str__(self) -> str:
        """Return the result in words."""
        later = f"{self.adoptions:,} later adopters" if self.adoptions > 1 else "later adopter"
        # Errors are clustered by innovation: of one alone there is no interval.
        bounds = "no interval, as only one innovation spreads then"
        if np.isfinite(self.gain.low):
            bounds = f"95% interval {np.exp(self.gain.low):.2f} to {np.exp(self.gain.high):.2f}"
        return (
            f"Fitted to the periods before {self.since:g}, the model gives the {later} "
            f"{np.exp(self.gain.estimate):.2f} times the probability that equal odds give ({bounds}; mean "
            f"log score {self.log_score:.3f} against {self.chance:.3f}). {self._calibrated()}"
        )

    def _calibrated(self) -> str:
        """Return the calibration slope, unless predictions differ too little to have one."""
        if self.slope.high - self.slope.low > _VAGUE:
            return "Its predictions differ too little between regions for their calibration to be judged."
        return f"Its calibration slope is {self.slope}; 1 would be perfect."


def forecast(design: Design, *, holdout: float) -> Forecast | None:
    """Return the forecast of the last adoptions, if those before identify a model."""
    period = design.histories.period
    since = float(np.quantile(period[design.case.owner], 1 - holdout, method="higher"))
    later = period >= since
    if later.all():
        return None
    early, late = part_of(design, ~later), part_of(design, later)
    try:
        slopes = partial.fit(early.case, early.full(), names=early.labels).slopes
        score = late.full().score(slopes)
        again = partial.fit(late.case, plain(score[:, None]), names=["the predicted score"])
    except ColumnError:
        return None
    at_model = partial.log_likelihoods(late.case, score)
    at_chance = partial.log_likelihoods(late.case, np.zeros(len(score)))
    count = len(late.case.owner)
    return Forecast(
        since=since,
        adoptions=count,
        log_score=float(at_model.sum() / count),
        chance=float(at_chance.sum() / count),
        gain=_mean_gain(late, at_model - at_chance),
        slope=around(float(again.slopes[0]), float(again.information[0, 0] ** -0.5)),
        table=_calibration(late, score),
    )


def _mean_gain(late: Design, gain: Floats) -> Interval:
    """Return the gain for each adoption, errors clustered by innovation."""
    _, code = np.unique(late.histories.innovation, return_inverse=True)
    sums = np.bincount(code, gain)
    counts = np.bincount(code[late.case.owner])
    mean = float(sums.sum() / counts.sum())
    rest, groups = sums - mean * counts, len(sums)
    se = np.sqrt(rest @ rest * groups / (groups - 1)) / counts.sum() if groups > 1 else np.nan
    return around(mean, float(se))


def _calibration(late: Design, score: Floats) -> pd.DataFrame:
    """Return observed and predicted adoptions, in fifths of the relative hazard within the risk set."""
    state = partial.expected(late.case, score)
    share = state.hazard / late.case.sums(state.hazard)[late.case.stratum]
    size = np.bincount(late.case.stratum)[late.case.stratum]
    order = pd.Series(share * size).rank(method="first", pct=True).to_numpy()
    fifth = np.minimum((order * _GROUPS).astype(int), _GROUPS - 1)
    columns = {
        "cells": np.bincount(fifth, minlength=_GROUPS),
        "predicted": np.bincount(fifth, state.expected, _GROUPS),
        "observed": np.bincount(fifth, late.case.adopting, _GROUPS).astype(int),
    }
    return pd.DataFrame(columns, index=pd.Index(range(1, _GROUPS + 1), name="fifth"))


def next_adopters(process: Process) -> pd.DataFrame:
    """Return each region's probability of being the next to adopt each innovation that can still spread."""
    present = process.present.to_numpy()
    score = process.scores(present, np.tile(process.slopes.to_numpy(), (len(present), 1)))
    spreading = np.asarray(present.any(axis=1) & np.isfinite(score).any(axis=1), np.bool_)
    score, names = score[spreading], process.present.index[spreading]
    hazard = np.exp(score - score.max(axis=1, initial=-np.inf, keepdims=True))
    row, column = np.nonzero(np.isfinite(score))
    table = pd.DataFrame(
        {
            "innovation": names.to_numpy()[row],
            "region": process.present.columns.to_numpy()[column],
            "probability": (hazard / hazard.sum(axis=1, keepdims=True))[row, column],
        }
    )
    order = ["innovation", "probability", "region"]
    return table.sort_values(order, ascending=[True, False, True], ignore_index=True)
