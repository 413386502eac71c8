"""Potential: what each region has within reach, at home and across borders."""

from __future__ import annotations

from typing import TYPE_CHECKING

from geoinno import draw, measure, weigh
from geoinno.report._atlas.claims import Top
from geoinno.report._atlas.draft import Draft
from geoinno.report._atlas.units import headed, in_millions

if TYPE_CHECKING:
    import pandas as pd

    from geoinno.report._atlas.draft import Chapter
    from geoinno.report._atlas.subject import Subject


def chapter(subject: Subject) -> Chapter | None:
    """Return the chapter."""
    abroad = len(subject.countries) > 1
    found = measure.market_potential(
        subject.mass,
        subject.regions,
        decay=weigh.exponential(subject.half_km),
        country="country" if abroad else None,
        border_factor=subject.border_factor if abroad else 1.0,
    )
    draft = Draft(subject, "potential")
    draft.figure("half_km", subject.half_km, "Distance at which mass counts for half, km", form="number")
    draft.figure("regions", len(found), "Regions")
    # What is within reach is a sum of masses, so that it has their unit.
    key = draft.column("total", found["total"], "Potential", unit=subject.mass_unit)
    draft.say("what")
    draft.say("highest", top=Top(key))
    draft.find("finding", first=Top(key, 3, bare=True))
    values, unit = in_millions(found["total"], subject.mass_unit, subject.lang)
    layers = [draw.choropleth(subject.regions, values, legend=headed(draft.text("Potential"), unit))]
    if abroad:
        share = found["exogenous_share"]
        _abroad(draft, share)
        legend = draft.text("Share from abroad, %")
        layers.append(draw.choropleth(subject.regions, 100 * share, legend=legend))
    draft.show(*layers, title="Potential: the mass within reach")
    return draft.chapter()


def _abroad(draft: Draft, share: pd.Series) -> None:
    """Say what foreign mass counts, and which regions depend on it most."""
    factor = draft.figure(
        "factor", draft.subject.border_factor, "What foreign mass counts, of one", form="share"
    )
    if factor == 0:
        draft.say("closed", ("factor", "==", 0))
    elif factor == 1:
        draft.say("full", ("factor", "==", 1))
    else:
        draft.say("partly", ("factor", ">", 0), ("factor", "<", 1))
    if share.max() > 0:
        key = draft.column("abroad", share, "Share of potential from abroad", form="share")
        draft.figure("median", share.median(), "Median share of potential from abroad", form="share")
        draft.say("abroad", most=Top(key, positive=True))
