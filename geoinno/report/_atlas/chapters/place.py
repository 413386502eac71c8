"""The place: how large it is, where its mass sits, and where the indicator is high and low."""

from __future__ import annotations

from typing import TYPE_CHECKING

from geoinno import draw
from geoinno.report._atlas.claims import Top
from geoinno.report._atlas.draft import Draft
from geoinno.report._atlas.names import capital, label
from geoinno.report._atlas.units import for_map, headed, of_difference

if TYPE_CHECKING:
    import pandas as pd

    from geoinno.report._atlas.draft import Chapter
    from geoinno.report._atlas.subject import Subject


def chapter(subject: Subject) -> Chapter | None:
    """Return the chapter."""
    draft = Draft(subject, "place")
    _extent(draft)
    _indicator(draft)
    name = capital(label(subject.indicator))
    values, unit = for_map(subject.indicator, subject.unit, subject.lang)
    fill = draw.choropleth(subject.regions, values, legend=headed(name, unit))
    draft.show(fill, title="{name} by region", name=name)
    return draft.chapter()


def _extent(draft: Draft) -> None:
    """Say how many regions there are, and which of them hold the mass."""
    subject, mass = draft.subject, draft.subject.mass
    name = label(mass)
    draft.figure("regions", len(mass), "Regions")
    draft.figure("countries", len(subject.countries), "Countries")
    what = draft.text("Sum of {name}", name=name)
    draft.figure("total", mass.sum(), what, form="whole", unit=subject.mass_unit)
    half = int((mass.sort_values(ascending=False).cumsum() < mass.sum() / 2).sum()) + 1
    draft.figure("half", half, draft.text("Fewest regions that hold half of {name}", name=name))
    key = draft.column("mass", mass, capital(name), unit=subject.mass_unit)
    if len(subject.countries) > 1:
        draft.say("extent_abroad", ("countries", ">", 1))
    else:
        draft.say("extent")
    if len(mass) == 1:
        draft.say("total_alone", ("regions", "==", 1))
        return
    first = Top(key, 1, bare=True, single=True)
    if half == 1:
        draft.say("total_one", ("half", "==", 1), first=first)
        draft.find("finding_one", ("half", "==", 1), first=first)
    else:
        draft.say("total", ("half", ">", 1))
        draft.find("finding", ("half", ">", 1), first=Top(key, 1, bare=True))
    draft.say("largest", top=Top(key))


def _indicator(draft: Draft) -> None:
    """Say where the indicator is high and low, and for how many regions it is not known."""
    subject, level = draft.subject, draft.subject.indicator
    name, unit = label(level), subject.unit
    key = draft.column("indicator", level, capital(name), unit=unit)
    draft.figure(
        "median", level.median(), draft.text("Median of {name}", name=name), form="number", unit=unit
    )
    _range(draft, level, key)
    if draft.figure(
        "missing", level.isna().sum(), draft.text("Regions without a value of {name}", name=name)
    ):
        draft.say("missing", ("missing", ">", 0))


def _range(draft: Draft, level: pd.Series, key: str) -> None:
    """Say where values are high and low, if several are known and they differ."""
    known = draft.figure("known", level.notna().sum(), "Regions with a known value")
    what, unit = "Highest value less the lowest", of_difference(draft.subject.unit, draft.subject.lang)
    spread = draft.figure("spread", level.max() - level.min(), what, form="number", unit=unit)
    if known == 1:
        draft.say("range_alone", ("known", "==", 1), top=Top(key, 1))
    elif spread == 0:
        draft.say("same", ("spread", "==", 0))
    elif known:
        draft.say("range", ("spread", ">", 0), **draft.ends(key, 3))
