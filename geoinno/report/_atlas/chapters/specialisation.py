"""Specialisation: what regions have more of than others, and what each could do next, with whom."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from geoinno import draw, measure, weigh
from geoinno._language.phrases import explained
from geoinno.errors import ColumnError
from geoinno.report._atlas.claims import Counts, Top
from geoinno.report._atlas.draft import Draft
from geoinno.report._atlas.sentences_on_request import KINDS, VERDICTS

if TYPE_CHECKING:
    import pandas as pd

    from geoinno.report._atlas.draft import Chapter
    from geoinno.report._atlas.options import SpecialisationChapter
    from geoinno.report._atlas.subject import Subject

_NAMED = 3


def chapter(subject: Subject) -> Chapter | None:
    """Return the chapter; none unless there is a table of activities."""
    request = subject.options.specialisation
    if request is None:
        return None
    activity = request.activity.rename(columns=lambda name: subject.options.label(str(name)))
    has = measure.presence(activity, cut=request.cut)
    draft = Draft(subject, "specialisation")
    _shares(draft, activity, has, cut=request.cut)
    mix = _mix(draft, activity)
    try:
        complexity = measure.complexity(has)
    except ColumnError as error:  # the core is empty, or its order is not identified
        draft.say("unidentified", reason=explained(error, subject.lang))
        draft.find("finding_mix", first=Top(mix, 1, bare=True))
        mixes = measure.krugman(activity).reindex(subject.regions.index)
        layer = draw.choropleth(subject.regions, mixes, legend=draft.text("Krugman's index"))
        draft.show(layer, title="How far the mix of activities differs from that of the other regions")
        return draft.chapter()
    _complexity(draft, complexity)
    options = _options(request, has, subject=subject, complexity=complexity)
    best = _best(draft, options)
    draft.find("finding", first=Top(mix, 1, bare=True), best=Top(best, 1))
    if request.declared is not None:
        _declared(draft, options)
    layers = draw.option_map(subject.regions, options, title=draft.text("Best new activity"))
    draft.show(*layers, title="New activities and partners")
    return draft.chapter()


def _shares(draft: Draft, activity: pd.DataFrame, has: pd.DataFrame, *, cut: float) -> None:
    """Say what regions are specialised in."""
    draft.figure("cut", cut, "Location quotient of a specialisation", form="number")
    draft.figure("activities", activity.shape[1], "Activities")
    draft.figure("median", has.sum(axis=1).median(), "Specialisations of the median region", form="number")
    draft.say("what")
    unknown = len(draft.subject.regions) - len(activity)
    if draft.figure("left_out", unknown, "Regions without activities"):
        draft.say("left_out", ("left_out", ">", 0))
    quotient = measure.location_quotient(activity)
    known = quotient.dropna(how="all")
    key = draft.column(
        "peak", known.max(axis=1), "Highest location quotient", form="ratio", words=known.idxmax(axis=1)
    )
    draft.say("peaks", peaks=Top(key, _NAMED))


def _mix(draft: Draft, activity: pd.DataFrame) -> str:
    """Say whose mix differs most, and return the column of how far it does."""
    key = draft.column("mix", measure.krugman(activity), "Krugman's index", form="ratio")
    ends = draft.ends(key, _NAMED)
    draft.say("mix", apart=ends["top"], alike=ends["bottom"])
    return key


def _complexity(draft: Draft, complexity: measure.Complexity) -> None:
    """Say which regions and activities are the most complex."""
    key = draft.column("complexity", complexity.regions, "Economic complexity", form="ratio")
    order = complexity.activities.dropna().sort_values(ascending=False).index
    # No activity is called both complex and simple.
    named = min(_NAMED, max(len(order) // 2, 1))
    high, low = draft.called(order[:named]), draft.called(order[::-1][:named])
    draft.say("complex", top=Top(key, _NAMED), high=high, low=low)


def _options(
    request: SpecialisationChapter, has: pd.DataFrame, *, subject: Subject, complexity: measure.Complexity
) -> pd.DataFrame:
    """Return what each region could do next."""
    abroad = len(subject.countries) > 1
    declared = request.declared
    if declared is not None:
        declared = declared.assign(
            activity=[subject.options.label(str(name)) for name in declared["activity"]]
        )
    return measure.complements(
        has,
        measure.proximity(has),
        subject.regions.loc[has.index],
        decay=weigh.exponential(subject.half_km),
        country="country" if abroad else None,
        border_factor=subject.border_factor if abroad else 1.0,
        complexity=complexity,
        declared=declared,
    )


def _best(draft: Draft, options: pd.DataFrame) -> str:
    """Say what the best options are, and return the column of their priorities."""
    known = options[options["option"].notna()].sort_values("priority", ascending=False, kind="stable")
    best = known.drop_duplicates("region").set_index("region")
    draft.figure("options", len(best), "Regions with a new activity")
    texts = {}
    for kind, text in KINDS.items():
        name = kind.replace(" ", "_")
        draft.figure(
            name,
            (best["option"] == kind).sum(),
            draft.text("Best new activities of the kind {name}", name=draft.text(kind)),
        )
        texts[f"{draft.key}.{name}"] = text
    draft.say("options", kinds=Counts(texts))
    key = draft.column("best", best["priority"], "Highest priority", form="ratio", words=best["activity"])
    draft.say("best", best=Top(key, _NAMED))
    home, abroad = best["home_support"].fillna(0), best["abroad_support"].fillna(0)
    draft.figure("partners", (np.maximum(home, abroad) > 0).sum(), "Regions with a partner")
    across = draft.figure("abroad", (abroad > home).sum(), "Partners abroad")
    draft.say("partners_abroad" if across else "partners", ("abroad", ">" if across else "==", 0))
    return key


def _declared(draft: Draft, options: pd.DataFrame) -> None:
    """Say which declared priorities are supported by what is measured."""
    texts = {}
    counts = options["verdict"].value_counts()
    for k, (verdict, text) in enumerate(VERDICTS.items()):
        draft.figure(
            f"verdict_{k}", counts.get(verdict, 0), draft.text("Priorities: {name}", name=draft.text(verdict))
        )
        texts[f"{draft.key}.verdict_{k}"] = text
    draft.figure("declared", sum(counts.get(verdict, 0) for verdict in VERDICTS), "Declared priorities")
    draft.say("declared", ("declared", ">", 0), verdicts=Counts(texts))
