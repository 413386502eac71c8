"""Goals against resources: which are within reach, and which contradict each other."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from geoinno import _contract, draw, measure, weigh
from geoinno._types import LEVEL
from geoinno.report._atlas.claims import Listed, Top
from geoinno.report._atlas.draft import Draft
from geoinno.report._atlas.names import capital, names
from geoinno.report._atlas.units import headed, of_difference

if TYPE_CHECKING:
    from geoinno.report._atlas.draft import Chapter
    from geoinno.report._atlas.options import GoalsChapter
    from geoinno.report._atlas.subject import Subject

_DRAWN = 25
_LIKELY = 0.5
_NAMED = 3
_CLASSES = (0, 5, 50, 95, 100)


def chapter(subject: Subject) -> Chapter | None:
    """Return the chapter; none unless goals are set."""
    request = subject.options.goals
    if request is None:
        return None
    columns = {name: _contract.numbers(subject.regions[name], missing=True) for name in request.columns()}
    table = pd.DataFrame(columns, subject.regions.index)
    # A region may have no goal; without its outcomes and resources there is nothing to hold one against.
    known = table.dropna(subset=[*request.outcomes(), *request.resources])
    found = _attainable(subject, request, known)
    draft = Draft(subject, "goals")
    _framework(draft, request, left_out=len(table) - len(known))
    _finding(draft, found)
    for k, outcome in enumerate(request.outcomes()):
        draft.scope = f"{draft.key}.{k}"
        _outcome(draft, found, outcome)
    draft.scope = draft.key
    if len(request.outcomes()) > 1:
        _contradictions(draft, found)
    return draft.chapter()


def _attainable(subject: Subject, request: GoalsChapter, known: pd.DataFrame) -> measure.Goals:
    """Return goals held against the frontier."""
    called = {name: subject.options.label(name) for name in request.outcomes()}
    goals = pd.DataFrame(
        {name: known[request.targets[name]] for name in request.targets}
        | {name: factor * known[name] for name, factor in request.factors.items()}
    )
    kinds = [(called.get(name, name), *kind) for name, kind in request.kinds.items()]
    near = None
    if request.spillovers:
        near = weigh.contiguity(subject.regions.loc[known.index], islands="nearest")
    return measure.attainable(
        goals.rename(columns=called),
        known[request.outcomes()].rename(columns=called),
        known[list(request.resources)],
        growth=request.growth,
        bounds={called.get(name, name): (low, high) for name, (low, high) in request.bounds.items()},
        kinds=pd.DataFrame(kinds, columns=["outcome", "level", "form"]) if kinds else None,
        weights=near,
        seed=subject.seed,
    )


def _framework(draft: Draft, request: GoalsChapter, *, left_out: int) -> None:
    """Say what goals are held against."""
    draft.say("what", outcomes=draft.called(request.outcomes()), resources=draft.called(request.resources))
    if draft.figure("left_out", left_out, "Regions without outcomes or resources"):
        draft.say("left_out", ("left_out", ">", 0))
    if request.growth:
        draft.figure("growth", abs(request.growth), "Assumed change of resources", form="share")
        draft.say("more" if request.growth > 0 else "fewer", ("growth", ">", 0))
    if request.spillovers:
        draft.say("neighbours")


def _finding(draft: Draft, found: measure.Goals) -> None:
    """Sum up how many goals are within reach."""
    held = found.table.dropna(subset=["goal", "probability"])
    draft.figure("level", LEVEL, "Level of intervals", form="share")
    draft.figure("least", _LIKELY, "Probability from which a goal counts as within reach", form="share")
    draft.figure("goals", len(held), "Goals")
    draft.figure("likely", (held["probability"] >= _LIKELY).sum(), "Goals that are likely within reach")
    draft.find("finding", ("goals", ">", 0))


def _outcome(draft: Draft, found: measure.Goals, column: str) -> None:
    """Say which goals for one outcome are within reach, and draw them."""
    options = draft.subject.options
    outcome, unit = options.label(column), of_difference(options.unit(column), options.lang)
    every = found.table[found.table.index.get_level_values("outcome") == outcome].droplevel("outcome")
    table = every.dropna(subset=["goal", "probability"])
    draft.figure("least", _LIKELY, "Probability from which a goal counts as within reach", form="share")
    draft.figure("goals", len(table), draft.text("Goals for {name}", name=outcome))
    draft.figure(
        "likely",
        (table["probability"] >= _LIKELY).sum(),
        draft.text("Goals for {name} likely within reach", name=outcome),
    )
    short = table["gap"] / table["goal"]
    what = draft.text("Shortfall of {name}, as a share of the goal", name=outcome)
    key = draft.column("short", short, what, form="share")
    if draft.figure("largest", short.max(), "Largest shortfall", form="share") > 0:
        farthest = Top(key, _NAMED, positive=True)
        draft.say("beyond", ("largest", ">", 0), outcome=outcome, farthest=farthest)
    else:
        draft.say("within", ("largest", "<=", 0), outcome=outcome)
    what = draft.text("Goal for {name} less what is attainable", name=outcome)
    gap = draft.column("gap", table["gap"], what, unit=unit)
    _plot(draft, found, table, column=column, gap=gap)


def _plot(draft: Draft, found: measure.Goals, table: pd.DataFrame, *, column: str, gap: str) -> None:
    """Add the map of how likely goals are within reach, beside the goals farthest out of it."""
    subject = draft.subject
    outcome = subject.options.label(column)
    chance = 100 * table["probability"].reindex(subject.regions.index)
    legend = draft.text("Chance that the goal is within reach, %")
    layer = draw.choropleth(subject.regions, chance, scheme=list(_CLASSES), legend=legend)
    draft.figure("level", LEVEL, "Level of intervals", form="share")
    draft.figure("drawn", min(_DRAWN, len(table)), "Goals in the plot")
    plot = draw.goal_dots(found, outcome=outcome, regions=subject.regions, count=_DRAWN, lang=subject.lang)
    plot.axes[0].set_xlabel(headed(capital(outcome), subject.options.unit(column)))
    draft.show_beside(
        layer,
        plot,
        title="Is the goal for {name} within reach?",
        name=outcome,
        alt=draft.claim("alt", outcome=outcome, gaps=Top(gap, _NAMED)),
        caption=draft.claim("caption"),
    )


def _contradictions(draft: Draft, found: measure.Goals) -> None:
    """Say where goals contradict each other, and which."""
    sets = found.conflicts[found.conflicts["goals"].map(len) > 1]
    if not draft.figure("places", sets["region"].nunique(), "Regions whose goals contradict each other"):
        draft.say("agree", ("places", "==", 0))
        return
    draft.say("contradict", ("places", ">", 0))
    called, options = names(draft.subject.regions), draft.subject.options
    units = {options.label(column): options.unit(column) for column in options.units}
    worst = sets.sort_values("shortfall", ascending=False, kind="stable").head(_NAMED)
    for k, (region, together) in enumerate(zip(worst["region"], worst["goals"], strict=True)):
        texts = {}
        for j, outcome in enumerate(together):
            goal = float(found.table.loc[(region, outcome), "goal"])
            what = draft.text("Goal for {name} in {region}", name=outcome, region=called[region])
            draft.figure(f"goal_{k}_{j}", goal, what, form="number", unit=units.get(outcome, ""))
            texts[f"{draft.key}.goal_{k}_{j}"] = outcome
        draft.say("certificate", ("places", ">", 0), region=called[region], goals=Listed(texts))
