"""Poles, and the spaces between them."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from geoinno import classify, draw, measure, weigh
from geoinno.report._atlas.claims import Counts, Top
from geoinno.report._atlas.draft import Draft
from geoinno.report._atlas.language import Language
from geoinno.report._atlas.names import capital, label
from geoinno.report._atlas.sentences import TYPES
from geoinno.report._atlas.units import for_map, headed

if TYPE_CHECKING:
    import pandas as pd

    from geoinno.draw import Layer
    from geoinno.report._atlas.draft import Chapter
    from geoinno.report._atlas.subject import Subject

_FEW = 12
_NAMED = 8
_LARGEST = 3
_UNSURE = 0.8


def chapter(subject: Subject) -> Chapter | None:
    """Return the chapter."""
    found, pulled, types = _spaces(subject)
    draft = Draft(subject, "poles")
    _poles(draft, found)
    _types(draft, types)
    layers = [draw.roles(subject.regions, types), _circles(draft, found)]
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
    usual = measure.PoleOptions()
    fall = 1 - math.exp(-usual.least_prominence)
    draft.figure("fall", fall, "Least fall of potential around a pole", form="share")
    draft.figure("least", usual.least_mass, "Least mass of a pole, of that of the mean region", form="share")
    draft.say("what")
    key = draft.column(
        "mass",
        subject.mass.where(found["pole"]),
        draft.text("{name} of poles", name=capital(label(subject.mass))),
        unit=subject.mass_unit,
    )
    if count == 1:
        draft.say("one", ("poles", "==", 1), top=Top(key, 1))
        draft.find("finding_one", ("poles", "==", 1), first=Top(key, 1, bare=True))
        return
    if count <= _FEW:
        draft.say("few", ("poles", "<=", _FEW), top=Top(key, _FEW))
    else:
        draft.say("many", ("poles", ">", _FEW), top=Top(key, _NAMED))
    named = Top(key, _LARGEST, bare=True)
    if count <= _LARGEST:
        draft.find("finding_few", ("poles", ">", 1), ("poles", "<=", _LARGEST), first=named)
    else:
        draft.find("finding", ("poles", ">", _LARGEST), first=named)


def _circles(draft: Draft, found: pd.DataFrame) -> Layer:
    """Return the poles as circles, with the unit of their mass."""
    subject = draft.subject
    values, unit = for_map(subject.mass, subject.mass_unit, subject.lang)
    legend = headed(draft.text("Poles by {mass}", mass=label(subject.mass)), unit)
    return draw.pole_points(found, subject.regions, values, legend=legend)


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
    if len(others) == 1:
        name = str(others["type"].iloc[0]).replace(" ", "_")
        language = Language(draft.subject.lang)
        kind = language.alone(texts[f"poles.{name}"])
        draft.say("types_one", ("others", "==", 1), (name, "==", 1), type=kind)
    elif len(others):
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
