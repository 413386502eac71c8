"""What open borders would do to trade and welfare, and what a growing bloc is worth."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from geoinno import draw, measure, simulate, weigh
from geoinno._types import LEVEL
from geoinno.report._atlas.claims import Top
from geoinno.report._atlas.draft import Draft

if TYPE_CHECKING:
    from geoinno._types import Floats
    from geoinno.report._atlas.draft import Chapter
    from geoinno.report._atlas.scenarios import Trade
    from geoinno.report._atlas.subject import Subject

_COUNTRIES = 2
# Each draw is an equilibrium.
_DRAWS = 100
# Changes of welfare below this are what rounding leaves.
_NOTHING = 1e-9
_FORMED = "Welfare if the bloc were formed, by country"


def chapter(subject: Subject) -> Chapter | None:
    """Return the chapter; none unless flows are trade, between regions of several countries."""
    if subject.trade is None or subject.flows is None or len(subject.countries) < _COUNTRIES:
        return None
    draft = Draft(subject, "trade")
    flows = subject.flows
    trading = pd.unique(flows[["origin", "destination"]].to_numpy(object).ravel())
    production = subject.trade.production
    production = production[production.index.isin(trading)]
    table = simulate.trade_table(flows, production=production)
    draft.figure("regions", len(table), "Regions that trade")
    if draft.figure("left", len(subject.regions) - len(table), "Regions without known trade"):
        draft.say("left", ("left", ">", 0))
    _opening(draft, table, subject.trade)
    if subject.trade.joining:
        _accession(draft, table, subject.trade)
    return draft.chapter()


def _opening(draft: Draft, table: pd.DataFrame, trade: Trade) -> None:
    """Say how far borders hold trade back, and what would happen if none did."""
    country = draft.subject.regions.loc[table.index, "country"]
    row = _border(draft, table)
    for name, value, what in zip(
        ("share", "low", "high"),
        np.exp(row[:3]),
        ("Trade across borders, of that within countries", "Its lower bound", "Its upper bound"),
        strict=True,
    ):
        draft.figure(name, value, what, form="share")
    draft.figure("level", LEVEL, "Level of intervals", form="share")
    if row[2] >= 0:
        draft.say("no_border", ("high", ">=", 1))
        return
    draft.say("border", ("high", "<", 1))
    abroad = country.to_numpy()[:, None] != country.to_numpy()
    opened = simulate.opening(
        table,
        pd.DataFrame(-row[0] * abroad, table.index, table.index),
        elasticity=trade.elasticity,
        change_se=float(row[3]),
        draws=_DRAWS,
        seed=draft.subject.seed,
    )
    _opened(draft, opened, trade)


def _border(draft: Draft, table: pd.DataFrame) -> Floats:
    """Return how borders weigh in the logs of trade: estimate, bounds, and standard error."""
    regions = draft.subject.regions.loc[table.index]
    fit = measure.gravity(
        _pairs(table),
        weigh.distances(regions),
        border=regions["country"],
        options=measure.GravityOptions(complete=True),
    )
    return fit.coefficients.loc[["border"], ["estimate", "low", "high", "se"]].to_numpy(float)[0]


def _pairs(table: pd.DataFrame) -> pd.DataFrame:
    """Return a table of trade as flows between different regions."""
    here, there = np.nonzero(~np.eye(len(table), dtype=bool))
    ends = {"origin": table.index[here], "destination": table.index[there]}
    return pd.DataFrame({**ends, "value": table.to_numpy()[here, there]})


def _opened(draft: Draft, opened: simulate.Opening, trade: Trade) -> None:
    """Say what opening does to trade and welfare, and draw welfare."""
    total = opened.borders[["before", "partial", "conditional", "full"]].sum()
    for name, what in (
        ("partial", "Growth of trade across borders if nothing else moved"),
        ("conditional", "The same at given incomes"),
        ("full", "The same in full equilibrium"),
    ):
        draft.figure(name, total[name] / total["before"] - 1, what, form="share")
    draft.say("opened", ("full", ">", 0))
    welfare = opened.table["welfare"]
    key = draft.column("welfare", welfare, "Change of welfare, borders open", form="percent")
    draft.figure("gain", (welfare > _NOTHING).sum(), "Regions whose welfare rises")
    draft.say("welfare", **draft.ends(key, 3))
    draft.find("finding", ("full", ">", 0), first=Top(key, 1, bare=True))
    assert opened.intervals is not None
    first = str(welfare.idxmax())
    low, high = opened.intervals.loc[[first], ["welfare_low", "welfare_high"]].to_numpy(float)[0]
    draft.figure("first_low", low, "Lower bound of the largest change of welfare", form="percent")
    draft.figure("first_high", high, "Upper bound of the largest change of welfare", form="percent")
    draft.say("interval", first=Top(key, 1, bare=True, single=True))
    draft.figure("elasticity", trade.elasticity, "Elasticity of trade to its costs", form="number")
    draft.say("assumed")
    _show(draft, welfare, title="Welfare if national borders opened to trade")


def _show(draft: Draft, welfare: pd.Series, *, title: str) -> None:
    """Draw changes of welfare; where some gain and others lose, in two colours."""
    midpoint = 0.0 if welfare.min() < 0 < welfare.max() else None
    regions, legend = draft.subject.regions.loc[welfare.index], draft.text("Change of welfare, %")
    draft.show(draw.choropleth(regions, 100 * welfare, legend=legend, midpoint=midpoint), title=title)


def _accession(draft: Draft, table: pd.DataFrame, trade: Trade) -> None:
    """Say what it is worth that countries join a bloc, to whom, and draw it."""
    regions = draft.subject.regions.loc[table.index]
    nations = table.groupby(regions["country"]).sum().T.groupby(regions["country"]).sum().T
    grown = simulate.accession(
        nations,
        trade.members,
        joining=trade.joining,
        effect=trade.effect,
        elasticity=trade.elasticity,
        seed=draft.subject.seed,
    )
    draft.figure("effect", np.expm1(trade.effect), "Rise of trade within the bloc, assumed", form="share")
    unit, what = draft.subject.flow_unit, "Value of the accession to all"
    draft.figure("value", grown.table["value"].sum(), what, form="number", unit=unit)
    world = grown.table["value"].sum() / grown.table["production"].sum()
    draft.figure("world", world, "The same, of all production", form="percent")
    joining = draft.listed(trade.joining)
    known = "_known" if unit else ""
    if trade.members:
        members = draft.listed(trade.members)
        draft.say(f"accession{known}", ("value", ">", 0), joining=joining, members=members)
    else:
        draft.say(f"bloc{known}", ("value", ">", 0), joining=joining)
    _shares(draft, grown)
    _outsiders(draft, grown.table)
    welfare = regions["country"].map(grown.table["welfare"]).astype(float)
    title = "Welfare if the bloc grew, by country" if trade.members else _FORMED
    _show(draft, welfare, title=title)


def _shares(draft: Draft, grown: simulate.Accession) -> None:
    """Say who brings about the largest part of the value, where one does."""
    shares = (grown.shapley / grown.shapley.sum()).sort_values(ascending=False, kind="stable")
    if len(shares) == 1:
        return
    draft.figure("brings", shares.iloc[0], "Largest Shapley share of the value", form="share")
    draft.figure("second", shares.iloc[1], "Second largest Shapley share of the value", form="share")
    draft.figure("lead", shares.iloc[0] - shares.iloc[1], "The difference between the two", form="fine")
    if shares.iloc[0] - shares.iloc[1] > _NOTHING:
        draft.say("shapley", ("lead", ">", 0), first=str(shares.index[0]))


def _outsiders(draft: Draft, table: pd.DataFrame) -> None:
    """Say how many of those that stay outside lose."""
    outside = table.loc[table["role"] == "outsider", "welfare"]
    if not draft.figure("outsiders", len(outside), "Countries outside the bloc"):
        return
    draft.figure("lose", (outside < -_NOTHING).sum(), "Countries outside that lose")
    draft.figure("worst", outside.min(), "Least change of welfare outside", form="percent")
    if len(outside) == 1:
        draft.say("outsider", ("outsiders", "==", 1), worst_name=str(outside.index[0]))
        return
    draft.say("outsiders", ("outsiders", ">", 1), worst_name=str(outside.idxmin()))
