"""Potential: what each region has within reach, at home and across borders."""

from __future__ import annotations

from typing import TYPE_CHECKING

from geoinno import draw, measure, weigh
from geoinno.report._atlas.claims import Top
from geoinno.report._atlas.draft import Draft

if TYPE_CHECKING:
    import pandas as pd

    from geoinno.report._atlas.draft import Chapter
    from geoinno.report._atlas.subject import Subject

_MILLION = 1e6


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
    key = draft.column("total", found["total"], "Potential")
    draft.say("what")
    draft.say("highest", top=Top(key))
    draft.find("finding", first=Top(key, 3, bare=True))
    scale = _MILLION if found["total"].max() >= _MILLION else 1.0
    legend = draft.text("Potential, millions") if scale > 1 else draft.text("Potential")
    layers = [draw.choropleth(subject.regions, found["total"] / scale, legend=legend)]
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
