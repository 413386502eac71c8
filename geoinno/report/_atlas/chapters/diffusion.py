"""How innovations spread: between neighbours, from larger regions, and across borders."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from geoinno import _contract, draw, measure, weigh
from geoinno._types import ALPHA, LEVEL
from geoinno.errors import ColumnError
from geoinno.report._atlas.claims import Counts, Top
from geoinno.report._atlas.draft import Draft
from geoinno.report._atlas.sentences import SENTENCES

if TYPE_CHECKING:
    import pandas as pd
    from libpysal.graph import Graph

    from geoinno.report._atlas.draft import Chapter
    from geoinno.report._atlas.subject import Subject

# Each relabelled map is tested against the whole history.
_MOST_PERMUTATIONS = 999
# How often a leader must have adopted what was to be expected.
_EVEN = 1.0


def chapter(subject: Subject) -> Chapter | None:
    """Return the chapter; none without a table of adoptions."""
    if subject.adoptions is None:
        return None
    table = subject.adoptions
    draft = Draft(subject, "diffusion")
    draft.figure("adoptions", len(table), "Adoptions")
    draft.figure("innovations", table["innovation"].nunique(), "Innovations")
    draft.figure("adopters", table["region"].nunique(), "Regions that adopted")
    draft.figure("first", table["period"].min(), "First period", form="year")
    draft.figure("last", table["period"].max(), "Last period", form="year")
    draft.say("table")
    hazard = _hazard(subject, weigh.contiguity(subject.regions, islands=subject.islands))
    draft.figure("level", LEVEL, "Level of intervals", form="share")
    for name in hazard.coefficients.index.intersection(["contagious", "hierarchical", "border"]):
        _term(draft, hazard, str(name))
    _shares(draft, hazard.shares)
    _leaders(draft, hazard.leaders["lead"])
    return draft.chapter()


def _hazard(subject: Subject, near: Graph) -> measure.Hazard:
    """Return a model with as many of the exposures as the data tell apart."""
    assert subject.adoptions is not None
    mass = subject.mass
    size = mass if 0 < mass.min() < mass.max() else None
    country = _countries(subject, near)
    reasons: list[ColumnError] = []
    for sizes, countries in ((size, country), (size, None), (None, None)):
        try:
            return measure.diffusion_hazard(
                subject.adoptions,
                near,
                size=sizes,
                country=countries,
                permutations=min(subject.permutations, _MOST_PERMUTATIONS),
                seed=subject.seed,
            )
        except ColumnError as error:
            reasons.append(error)
    raise reasons[-1]


def _countries(subject: Subject, near: Graph) -> pd.Series | None:
    """Return the country of each region, where neighbours lie in different ones."""
    if "country" not in subject.regions.columns:
        return None
    country = _contract.country_series("country", subject.regions)
    return country if weigh.cross_border(near, country).n_edges else None


def _term(draft: Draft, hazard: measure.Hazard, name: str) -> None:
    """Say how much faster regions with this exposure adopt, and whether relabelled maps could show it."""
    row = hazard.coefficients.loc[[name], ["estimate", "low", "high"]].to_numpy(float)[0]
    ratio, low, high = np.exp(row)
    what = {
        "contagious": "Hazard with all neighbours to that with none",
        "hierarchical": "Hazard with all larger regions to that with none",
        "border": "Hazard with neighbours abroad to that with neighbours at home",
    }[name]
    draft.figure(name, ratio, what, form="ratio")
    draft.figure(f"{name}_low", low, draft.text("{name}, lower bound", name=draft.text(what)), form="ratio")
    draft.figure(f"{name}_high", high, draft.text("{name}, upper bound", name=draft.text(what)), form="ratio")
    p = draft.figure(
        f"{name}_p",
        hazard.p_relabelled[name],
        draft.text("{name}, two-sided p from relabelled maps", name=draft.text(what)),
        form="p",
    )
    beyond = p <= ALPHA
    condition = (f"{name}_p", "<=" if beyond else ">", ALPHA)
    draft.say(f"{name}_{'beyond' if beyond else 'chance'}", condition)
    if name == "contagious":
        _finding(draft, ratio, condition)


def _finding(draft: Draft, ratio: float, condition: tuple[str, str, float]) -> None:
    """Sum up whether innovations spread between neighbours, hold each other off, or neither."""
    if condition[1] == ">":
        draft.find("finding_chance", condition)
    elif ratio > 1:
        draft.find("finding_beyond", condition, ("contagious", ">", 1))
    else:
        draft.find("finding_less", condition, ("contagious", "<=", 1))


def _shares(draft: Draft, shares: pd.Series) -> None:
    """Say what part of the deviance each exposure explains."""
    texts = {name: SENTENCES[f"diffusion.by_{name}"] for name in shares.index if len(shares) > 1}
    if not texts or shares.isna().any():
        return
    for name in texts:
        draft.figure(
            f"by_{name}",
            shares[name],
            draft.text("Part of the explained deviance: {name}", name=draft.text(str(name))),
            form="share",
        )
    draft.say("shares", parts=Counts({f"diffusion.by_{name}": text for name, text in texts.items()}))


def _leaders(draft: Draft, lead: pd.Series) -> None:
    """Say which regions adopt more often than expected, and draw all of them."""
    key = draft.column("lead", lead, "Adoptions over those expected at equal rates", form="ratio")
    if draft.figure("most", lead.max(), "The largest of these ratios", form="ratio") > _EVEN:
        draft.say("leaders", ("most", ">", _EVEN), top=Top(key))
    layer = draw.choropleth(
        draft.subject.regions, lead, midpoint=1, legend=draft.text("Adoptions over those expected")
    )
    draft.show(layer, title="Who adopts early")
