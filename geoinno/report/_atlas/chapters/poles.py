"""Poles, and the spaces between them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from geoinno import classify, draw, measure, weigh
from geoinno.report._atlas.claims import Counts, Top
from geoinno.report._atlas.draft import Draft
from geoinno.report._atlas.names import capital, label
from geoinno.report._atlas.sentences import TYPES

if TYPE_CHECKING:
    import pandas as pd

    from geoinno.report._atlas.draft import Chapter
    from geoinno.report._atlas.subject import Subject

_FEW = 12
_NAMED = 8
_UNSURE = 0.8


def chapter(subject: Subject) -> Chapter | None:
    """Return the chapter."""
    found, pulled, types = _spaces(subject)
    draft = Draft(subject, "poles")
    _poles(draft, found)
    _types(draft, types)
    layers = [
        draw.roles(subject.regions, types),
        draw.pole_points(found, subject.regions, subject.mass),
    ]
    contested = pulled["contestedness"].where(~found["pole"])
    if contested.max() > 0:
        key = draft.column("contested", contested, "How evenly two poles pull", form="fine")
        draft.say("contested", contested=Top(key, positive=True))
    draft.show(*layers, title="Growth poles and the spaces between")
    return draft.chapter()


def _poles(draft: Draft, found: pd.DataFrame) -> None:
    """Say how many poles there are, and name the largest."""
    subject = draft.subject
    count = int(draft.figure("poles", found["pole"].sum(), "Growth poles"))
    draft.figure("regions", len(found), "Regions")
    key = draft.column(
        "mass",
        subject.mass.where(found["pole"]),
        draft.text("{name} of poles", name=capital(label(subject.mass))),
    )
    if count == 1:
        draft.say("one", ("poles", "==", 1), top=Top(key, 1))
        draft.find("finding_one", ("poles", "==", 1), first=Top(key, 1, bare=True))
        return
    if count <= _FEW:
        draft.say("few", ("poles", "<=", _FEW), top=Top(key, _FEW))
    else:
        draft.say("many", ("poles", ">", _FEW), top=Top(key, _NAMED))
    draft.find("finding", ("poles", ">", 1), first=Top(key, 3, bare=True))


def _types(draft: Draft, types: pd.DataFrame) -> None:
    """Say how many regions are of each type, and how sure that is."""
    others = types[types["type"] != "pole"]
    texts = {}
    for kind, text in TYPES.items():
        name = kind.replace(" ", "_")
        draft.figure(
            name,
            (others["type"] == kind).sum(),
            draft.text("Regions of the type {name}", name=draft.text(kind)),
        )
        texts[f"poles.{name}"] = text
    draft.figure("others", len(others), "Regions that are no poles")
    if len(others):
        draft.say("types", types=Counts(texts))
    draft.figure("agreement", types["agreement"].median(), "Median share of draws of one type", form="share")
    draft.figure("cut", _UNSURE, "Share of draws below which a region is dotted", form="share")
    draft.say("agreement")
    if draft.figure("unsure", (types["agreement"] < _UNSURE).sum(), "Regions of unsure type"):
        draft.say("unsure", ("unsure", ">", 0))


def _spaces(subject: Subject) -> tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame]:
    """Return the poles, what pulls at each region, and the types of space."""
    near = weigh.contiguity(subject.regions, islands=subject.islands)
    found = measure.growth_poles(subject.mass, near, regions=subject.regions)
    decay, costs = weigh.exponential(subject.half_km), weigh.distances(subject.regions)
    pulled = measure.pull(subject.mass, costs, found, decay=decay)
    draws = measure.pull_draws(subject.mass, costs, found, decay=decay, seed=subject.seed)
    interface = None
    if len(subject.countries) > 1:
        country = subject.regions["country"]
        interface = measure.exposure(subject.regions)["on_border"] & (pulled["pole"].map(country) != country)
    types = classify.space_types(pulled, found, draws=draws, interface=interface)
    return found, pulled, types
