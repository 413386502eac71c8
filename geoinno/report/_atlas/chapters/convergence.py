"""Convergence: whether regions become more alike, and whether those that start lower catch up."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from geoinno import draw, measure
from geoinno._types import ALPHA, LEVEL
from geoinno.report._atlas.draft import Draft
from geoinno.report._atlas.names import label

if TYPE_CHECKING:
    import pandas as pd

    from geoinno.report._atlas.draft import Chapter
    from geoinno.report._atlas.subject import Subject

# Intervals by robust errors rest on many regions.
_FEWEST = 30
_YEARS = 2


def chapter(subject: Subject) -> Chapter | None:
    """Return the chapter; none without a panel of enough regions in every year, all of them above zero."""
    if subject.panel is None or not is_long_enough(subject):
        return None
    panel = _by_year(subject.panel, subject.regions.index)
    full = panel.dropna()
    draft = Draft(subject, "convergence")
    draft.figure("first", float(full.columns[0]), "First year", form="year")
    draft.figure("last", float(full.columns[-1]), "Last year", form="year")
    draft.figure("known", len(panel), "Regions with a value in some year")
    draft.figure("kept", len(full), "Regions with a value in every year")
    draft.figure("left", len(panel) - len(full), "Regions without a value in some year")
    sentence, relation = ("some", ">") if len(full) < len(panel) else ("every", "==")
    draft.say(sentence, ("left", relation, 0), values=label(subject.panel))
    _spread(draft, full)
    _speed(draft, full)
    _order(draft, full)
    return draft.chapter()


def is_long_enough(subject: Subject) -> bool:
    """Return whether there is a panel that convergence can be measured on."""
    if subject.panel is None:
        return False
    full = _by_year(subject.panel, subject.regions.index).dropna()
    return len(full) >= _FEWEST and full.shape[1] >= _YEARS and bool((full > 0).all(axis=None))


def _by_year(panel: pd.Series, ids: pd.Index) -> pd.DataFrame:
    """Return a panel with a row for each region of the atlas that it knows, and a column for each year."""
    wide = panel.unstack("year").sort_index(axis=1)  # noqa: PD010 - a Series has no pivot
    return wide.reindex(ids).dropna(how="all").rename_axis(index="region")


def _long(full: pd.DataFrame) -> pd.DataFrame:
    """Return the panel with a row for each region and year, as measures take it."""
    return full.melt(ignore_index=False, var_name="year", value_name="level").reset_index()


def _span(full: pd.DataFrame) -> float:
    """Return the years between the first and the last."""
    return float(full.columns[-1]) - float(full.columns[0])


def _spread(draft: Draft, full: pd.DataFrame) -> None:
    """Say whether the spread of logarithms changed."""
    sigma = measure.sigma_convergence(_long(full))
    if np.isnan(sigma.p_pitman_morgan):
        return
    before, after = sigma.table["sd"].iloc[[0, -1]]
    draft.figure("before", before, "Standard deviation of logarithms in the first year", form="fine")
    draft.figure("after", after, "Standard deviation of logarithms in the last year", form="fine")
    draft.figure("change", after - before, "Change of the standard deviation", form="fine")
    p = draft.figure("p", sigma.p_pitman_morgan, "Two-sided p of the change, Pitman and Morgan", form="p")
    if p > ALPHA:
        draft.say("steady", ("p", ">", ALPHA))
    elif after < before:
        draft.say("closer", ("p", "<=", ALPHA), ("change", "<", 0))
    else:
        draft.say("apart", ("p", "<=", ALPHA), ("change", ">", 0))


def _speed(draft: Draft, full: pd.DataFrame) -> None:
    """Say how fast gaps close, unless maps of noise would show as much."""
    beta = measure.beta_convergence(
        full.iloc[:, 0],
        full.iloc[:, -1],
        years=_span(full),
        regions=draft.subject.regions.loc[full.index],
        seed=draft.subject.seed,
    )
    # There is no speed where the poor have overtaken the rich.
    if np.isnan(beta.speed.estimate) or np.isnan(beta.p_noise):
        return
    speed = beta.speed
    draft.figure("level", LEVEL, "Level of intervals", form="share")
    draft.figure("p_noise", beta.p_noise, "Two-sided p of the slope against maps of noise", form="p")
    draft.figure("speed", speed.estimate, "Share of a gap that closes in a year", form="percent")
    draft.figure("low", speed.low, "Lower bound of that share", form="percent")
    draft.figure("high", speed.high, "Upper bound of that share", form="percent")
    if speed.low > 0 and beta.p_noise <= ALPHA:
        _half_life(draft, beta)
    elif speed.low <= 0 <= speed.high:
        draft.say("neither", ("low", "<=", 0), ("high", ">=", 0))
    elif beta.p_noise > ALPHA:
        draft.say("noise", ("p_noise", ">", ALPHA))
    else:
        draft.figure("widening", -speed.estimate, "Share by which a gap widens in a year", form="percent")
        draft.say("slower", ("high", "<", 0), ("p_noise", "<=", ALPHA))


def _half_life(draft: Draft, beta: measure.Beta) -> None:
    """Say how soon half of a gap is gone."""
    draft.figure("half", beta.half_life.estimate, "Years in which half of a gap closes")
    draft.figure("half_low", beta.half_life.low, "Lower bound of these years")
    draft.figure("half_high", beta.half_life.high, "Upper bound of these years")
    conditions = [("low", ">", 0.0), ("p_noise", "<=", ALPHA)]
    draft.say("faster", *conditions)
    assert draft.subject.panel is not None
    draft.find("finding", *conditions, values=label(draft.subject.panel))


def _order(draft: Draft, full: pd.DataFrame) -> None:
    """Say how many pairs of regions changed their order and which grew fastest; draw growth."""
    tau = measure.rank_mobility(_long(full)).tau
    if not np.isnan(tau):
        draft.figure("tau", tau, "Kendall's tau of the first and the last year", form="fine")
        draft.figure("swapped", (1 - tau) / 2, "Pairs that changed their order", form="share")
        draft.say("ranks")
    growth = (full.iloc[:, -1] / full.iloc[:, 0]) ** (1 / _span(full)) - 1
    key = draft.column("growth", growth, "Growth a year", form="percent")
    ends = draft.ends(key, 3)
    draft.say("growth", fastest=ends["top"], slowest=ends["bottom"])
    regions = draft.subject.regions.loc[full.index]
    layer = draw.choropleth(regions, 100 * growth, legend=draft.text("Growth a year, %"))
    draft.show(layer, title="Growth from the first year to the last")
