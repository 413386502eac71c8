"""Flows: how they fall with distance, and which regions receive more than they send."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from geoinno import draw, measure, weigh
from geoinno._language.phrases import explained
from geoinno._types import LEVEL
from geoinno.errors import GeoinnoError
from geoinno.report._atlas.claims import Top
from geoinno.report._atlas.draft import Draft
from geoinno.report._atlas.units import headed

if TYPE_CHECKING:
    from geoinno.draw import Layer
    from geoinno.report._atlas.draft import Chapter
    from geoinno.report._atlas.subject import Subject


def chapter(subject: Subject) -> Chapter | None:
    """Return the chapter; none without flows."""
    flows = subject.flows
    if flows is None:
        return None
    touched = pd.unique(flows[["origin", "destination"]].to_numpy(object).ravel())
    inside = subject.regions.loc[subject.regions.index.isin(touched)]
    draft = Draft(subject, "flows")
    draft.figure("flows", len(flows), "Flows")
    unit = subject.flow_unit
    draft.figure("total", flows["value"].sum(), "Sum of flows", form="whole", unit=unit)
    draft.figure("regions", len(inside), "Regions that flows touch")
    draft.say("total")
    try:
        _decay(draft, measure.gravity(flows, weigh.distances(inside)))
    except GeoinnoError as error:
        # What the flows add up to, and who gains by them, can be said all the same.
        draft.say("unfitted", reason=explained(error, subject.lang))
    # Where a table holds any flow inside a region, a region without one keeps nobody.
    own = bool((flows["origin"] == flows["destination"]).any())
    balance = measure.balances(flows, complete=own).reindex(inside.index)
    _net(draft, balance["net"])
    kept = 100 * balance["self_containment"]
    layers: list[Layer] = []
    if len(kept.dropna().unique()) > 1:
        layers.append(draw.choropleth(inside, kept, legend=draft.text("Stays within the region, %")))
    legend, options = headed(draft.text("Flow"), unit), draw.FlowOptions(unit=unit)
    layers.append(draw.flow_lines(flows, inside, options=options, legend=legend))
    draft.show(*layers, title="Flows between regions")
    return draft.chapter()


def _decay(draft: Draft, fit: measure.Gravity) -> None:
    """Say how much lower flows are over a longer distance."""
    slope, low, high = fit.coefficients.loc[["cost"], ["estimate", "low", "high"]].to_numpy(float)[0] / 100
    draft.figure("cpc", fit.cpc, "Common part of commuters", form="share")
    draft.figure("level", LEVEL, "Level of intervals", form="share")
    if high < 0:
        draft.figure("fall", -slope, "Fall of flows over 1% more distance", form="percent")
        draft.figure("low", -high, "Lower bound of the fall", form="percent")
        draft.figure("high", -low, "Upper bound of the fall", form="percent")
        draft.say("decay", ("low", ">", 0))
        draft.find("finding", ("low", ">", 0))
    else:
        draft.figure("change", slope, "Change of flows over 1% more distance", form="percent")
        draft.figure("change_low", low, "Lower bound of the change", form="percent")
        draft.figure("change_high", high, "Upper bound of the change", form="percent")
        draft.say("no_decay", ("change_high", ">=", 0))
        draft.find("finding_flat", ("change_high", ">=", 0))
    draft.say("fit")


def _net(draft: Draft, net: pd.Series) -> None:
    """Say which regions gain most and which lose most by the flows."""
    if not net.any():
        draft.say("balanced")
        return
    unit = draft.subject.flow_unit
    gains = draft.column("gains", net.where(net > 0), "Net gain by flows", unit=unit)
    losses = draft.column("losses", (-net).where(net < 0), "Net loss by flows", unit=unit)
    draft.figure("gaining", (net > 0).sum(), "Regions that gain by flows")
    draft.figure("losing", (net < 0).sum(), "Regions that lose by flows")
    draft.say("net", gains=Top(gains, 3), losses=Top(losses, 3))
