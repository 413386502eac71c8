"""An index of many indicators: where it is high, and how sure the ranks are."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd

from geoinno import _contract, draw, measure
from geoinno._types import LEVEL
from geoinno.report._atlas.claims import Top
from geoinno.report._atlas.draft import Draft
from geoinno.report._atlas.names import capital

if TYPE_CHECKING:
    from geoinno.report._atlas.draft import Chapter
    from geoinno.report._atlas.options import IndexChapter
    from geoinno.report._atlas.subject import Subject

_DRAWN = 25
# Up to so many indicators are named.
_FEW = 8
# The choices that ranks depend on.
_CHOICES = {
    "impute": "estimation of missing values",
    "treat": "treatment of outliers",
    "normalise": "scale of the indicators",
    "aggregate": "kind of mean",
    "weights": "weights",
    "noise": "noise in the data",
}
# Beyond this many regions the runs of Sobol indices would take longer than all other chapters.
_SOBOL_REGIONS = 2000


def chapter(subject: Subject) -> Chapter | None:
    """Return the chapter; none unless it was asked for."""
    request = subject.options.index
    if request is None:
        return None
    columns = {name: _contract.numbers(subject.regions[name], missing=True) for name in request.columns()}
    given = pd.DataFrame(columns, subject.regions.index)
    table = given if request.missing else given.dropna()
    case = _case(request, subject.regions.loc[table.index])
    index = _index(table, request, case)
    ranks = measure.rank_intervals(
        table, draws=request.draws, seed=subject.seed, options=_rank_options(request, len(table)), **case
    )
    draft = Draft(subject, "index")
    name = request.name or draft.text("index of innovation potential")
    _composition(draft, index, request, name=name)
    left_out = draft.figure("left_out", len(given) - len(table), "Regions without a value of every indicator")
    if left_out:
        draft.say("left_out", ("left_out", ">", 0))
    _scores(draft, index)
    _ranks(draft, ranks, index, name=name)
    _against(draft, index)
    _plot(draft, ranks, index, name=name)
    return draft.chapter()


def _case(request: IndexChapter, regions: pd.DataFrame) -> dict[str, Any]:
    """Return what index and ranks have in common."""
    structure = request.pillars if isinstance(request.pillars, dict) else None
    country = regions["country"] if "country" in request.missing and "country" in regions else None
    return {
        "structure": structure,
        "weights": dict(request.weights) or None,
        "direction": dict.fromkeys(request.less_is_better, -1),
        "country": country,
    }


def _index(table: pd.DataFrame, request: IndexChapter, case: dict[str, Any]) -> measure.Index:
    """Return the index by the first option of each choice."""
    scale = request.scales[0]
    options = measure.IndexOptions(
        denominators=dict(request.denominators),
        impute=request.missing[0] if request.missing else None,
        treat=None if request.outliers[0] == "none" or scale == "goalposts" else request.outliers[0],
        goalposts=_posts(request) if scale == "goalposts" else None,
        power=request.power,
        penalty=request.penalty,
    )
    return measure.composite_index(
        table, normalise=scale, aggregate=request.means[0], options=options, **case
    )


def _rank_options(request: IndexChapter, count: int) -> measure.RankOptions:
    """Return the options that ranks are drawn over."""
    shared = measure.IndexOptions(
        denominators=dict(request.denominators),
        goalposts=_posts(request) if "goalposts" in request.scales else None,
        power=request.power,
        penalty=request.penalty,
    )
    return measure.RankOptions(
        normalise=tuple(request.scales),
        aggregate=tuple(request.means),
        treat=tuple(None if rule == "none" else rule for rule in request.outliers),
        impute=tuple(request.missing),
        weight_spread=request.weight_spread,
        noise=request.noise,
        sobol=measure.RankOptions().sobol if count <= _SOBOL_REGIONS else 0,
        index=shared,
    )


def _posts(request: IndexChapter) -> dict[str, tuple[float, float]]:
    """Return goalposts as pairs."""
    return {name: (low, high) for name, (low, high) in request.goalposts.items()}


def _composition(draft: Draft, index: measure.Index, request: IndexChapter, *, name: str) -> None:
    """Say what the index is made of, and what was done to the values."""
    pillars = [column for column in index.scores.columns if column != "index"]
    draft.figure("indicators", len(index.table), "Indicators")
    if pillars:
        draft.figure("pillars", len(pillars), "Pillars")
        draft.say("pillars", ("pillars", ">", 0), name=name, names=draft.called(pillars))
    elif len(index.table) <= _FEW:
        draft.say("named", ("indicators", "<=", _FEW), name=name, names=draft.called(index.table.index))
    else:
        draft.say("what", ("indicators", ">", _FEW), name=name)
    draft.say(request.scales[0])
    draft.say(request.means[0])
    steps = index.changes["step"].value_counts()
    counts = (
        ("imputed", steps.get("imputed", 0), "Missing values that were estimated"),
        ("cut", steps.get("goalposts", 0), "Values set to a goalpost"),
        ("treated", steps.get("winsorised", 0) + steps.get("log", 0), "Outliers that were changed"),
    )
    for key, count, what in counts:
        if draft.figure(key, count, what):
            draft.say(key, (key, ">", 0))


def _scores(draft: Draft, index: measure.Index) -> None:
    """Say where the index and its pillars are high."""
    draft.figure("regions", index.scores["index"].notna().sum(), "Regions with an index")
    key = draft.column("score", index.scores["index"], "Index")
    draft.say("highest", **draft.ends(key, 5))
    for k, (pillar, scores) in enumerate(index.scores.drop(columns="index").items()):
        called = draft.subject.options.label(str(pillar))
        column = draft.column(f"pillar_{k}", scores, capital(called))
        draft.say("pillar", pillar=called, top=Top(column, 3))


def _ranks(draft: Draft, ranks: measure.RankIntervals, index: measure.Index, *, name: str) -> None:
    """Say how sure the ranks are, and what moves them."""
    table = ranks.table
    best = table.loc[index.scores["index"] == index.scores["index"].max()].iloc[0]
    first = Top(f"{draft.key}.score", 1, bare=True, single=True)
    draft.figure("level", LEVEL, "Level of intervals", form="share")
    draft.figure("draws", ranks.draws, "Draws")
    draft.figure("rank", best["rank"], "Median rank of the region with the highest index", form="number")
    draft.figure("low", best["low"], "Lower bound of its rank")
    draft.figure("high", best["high"], "Upper bound of its rank")
    span = draft.figure("span", best["high"] - best["low"], "Upper bound less lower bound")
    ending, condition = ("", ("span", ">", 0)) if span else ("_sure", ("span", "==", 0))
    draft.say(f"leader{ending}", condition, first=first)
    draft.find(f"finding{ending}", condition, first=first, name=name)
    draft.figure("shift", ranks.shift, "Mean shift of ranks, places", form="ratio")
    draft.figure("width", (table["high"] - table["low"] + 1).mean(), "Mean number of ranks in an interval")
    draft.say("shift")
    if ranks.top_count < len(table):
        draft.figure("best", ranks.top_count, "Ranks that count as the best")
        draft.figure("sure", (table["top"] >= LEVEL).sum(), "Regions that are surely among the best")
        draft.say("sure")
    _driver(draft, ranks.sobol["total"].dropna())


def _driver(draft: Draft, total: pd.Series) -> None:
    """Say which choice moves ranks most."""
    if len(total) > 1:
        draft.figure("total", total.max(), "Largest total Sobol index", form="ratio")
        for choice, value in total.items():
            draft.figure(
                f"behind_{choice}",
                total.max() - value,
                draft.text("The largest less that of: {name}", name=draft.text(_CHOICES[str(choice)])),
                form="fine",
            )
        leader = str(total.idxmax())
        draft.say(f"driver_{leader}", (f"behind_{leader}", "==", 0))


def _against(draft: Draft, index: measure.Index) -> None:
    """Say which indicators count against their group."""
    against = index.table.index[index.table["against"]]
    if draft.figure("against", len(against), "Indicators that count against their group"):
        draft.say("against", ("against", ">", 0), names=draft.called(against))


def _plot(draft: Draft, ranks: measure.RankIntervals, index: measure.Index, *, name: str) -> None:
    """Add the map beside the ranks with their whiskers."""
    regions = draft.subject.regions
    scores = index.scores["index"].reindex(regions.index)
    layer = draw.choropleth(regions, scores, legend=capital(name))
    key = draft.column("rank", ranks.table["rank"], "Median rank")
    draft.figure("drawn", min(_DRAWN, len(ranks.table)), "Regions in the plot of ranks")
    plot = draw.rank_dots(ranks, regions=regions, count=_DRAWN, lang=draft.subject.lang)
    alt = draft.claim("alt", ranks=Top(key, 5, lowest=True))
    draft.show_beside(layer, plot, title=capital(name), alt=alt, caption=draft.claim("caption"))
