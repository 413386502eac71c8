"""The place: how large it is, where its mass sits, and where the indicator is high and low."""

from __future__ import annotations

from typing import TYPE_CHECKING

from geoinno import draw
from geoinno.report._atlas.claims import Top
from geoinno.report._atlas.draft import Draft
from geoinno.report._atlas.names import capital, label, unit

if TYPE_CHECKING:
    from geoinno.report._atlas.draft import Chapter
    from geoinno.report._atlas.subject import Subject


def chapter(subject: Subject) -> Chapter | None:
    """Return the chapter."""
    draft = Draft(subject, "place")
    _extent(draft)
    _indicator(draft)
    name = capital(label(subject.indicator))
    fill = draw.choropleth(subject.regions, subject.indicator, legend=name + subject.unit)
    draft.show(fill, title="{name} by region", name=name)
    return draft.chapter()


def _extent(draft: Draft) -> None:
    """Say how many regions there are, and which of them hold the mass."""
    subject, mass = draft.subject, draft.subject.mass
    name = label(mass)
    draft.figure("regions", len(mass), "Regions")
    draft.figure("countries", len(subject.countries), "Countries")
    draft.figure("total", mass.sum(), draft.text("Sum of {name}", name=name), form="whole")
    half = int((mass.sort_values(ascending=False).cumsum() < mass.sum() / 2).sum()) + 1
    draft.figure("half", half, draft.text("Fewest regions that hold half of {name}", name=name))
    key = draft.column("mass", mass, capital(label(subject.mass)))
    if len(subject.countries) > 1:
        draft.say("extent_abroad", ("countries", ">", 1))
    else:
        draft.say("extent")
    draft.say("total")
    draft.say("largest", top=Top(key))
    draft.find("finding", first=Top(key, 1, bare=True))


def _indicator(draft: Draft) -> None:
    """Say where the indicator is high and low, and for how many regions it is not known."""
    subject, level = draft.subject, draft.subject.indicator
    name, scale = label(level), unit(subject)
    key = draft.column("indicator", level, capital(name), unit=scale)
    draft.figure(
        "median", level.median(), draft.text("Median of {name}", name=name), form="number", unit=scale
    )
    draft.say("range", top=Top(key, 3), bottom=Top(key, 3, lowest=True))
    if draft.figure(
        "missing", level.isna().sum(), draft.text("Regions without a value of {name}", name=name)
    ):
        draft.say("missing", ("missing", ">", 0))
