"""Borders: how long they are, how much neighbours across them differ, and who would gain by them."""

from __future__ import annotations

import warnings
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from geoinno import classify, draw, measure, weigh
from geoinno._language.phrases import explained
from geoinno._types import ALPHA
from geoinno.errors import DataWarning
from geoinno.report._atlas.claims import Top
from geoinno.report._atlas.draft import Draft
from geoinno.report._atlas.names import label
from geoinno.report._atlas.units import headed, of_difference

if TYPE_CHECKING:
    from geopandas import GeoDataFrame

    from geoinno.draw import Layer
    from geoinno.measure import Dissimilarity
    from geoinno.report._atlas.draft import Chapter
    from geoinno.report._atlas.subject import Subject

_KINDS = 2


def chapter(subject: Subject) -> Chapter | None:
    """Return the chapter; none where no two countries meet."""
    if len(subject.countries) < _KINDS:
        return None
    draft = Draft(subject, "borders")
    edges, notes = _segments(subject)
    foreign = edges[edges["kind"] == "foreign"]
    if foreign.empty and not notes:
        return None
    if foreign.empty:
        draft.say("none")
    else:
        _measured(draft, edges, foreign)
    for words in notes:
        draft.note(draft.text("A note on the data: {words}", words=words))
    return draft.chapter()


def _segments(subject: Subject) -> tuple[GeoDataFrame, list[str]]:
    """Return the segments of all borders, and what the reader should know of those that are missing."""
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always", DataWarning)
        edges = measure.segments(subject.regions)
    return edges, [explained(warning.message, subject.lang) for warning in caught]


def _measured(draft: Draft, edges: GeoDataFrame, foreign: GeoDataFrame) -> None:
    """Say how long the borders are, what they part, and draw them."""
    near = measure.exposure(draft.subject.regions)
    draft.figure("segments", len(edges), "Boundary segments between regions")
    draft.figure("foreign", len(foreign), "Segments on national borders")
    draft.figure("km", foreign["length_km"].sum(), "Length of national borders, km")
    draft.figure("touching", near["on_border"].sum(), "Regions on a border")
    draft.say("length")
    contrasts = _contrasts(draft, edges)
    types = _springboards(draft)
    title = "Borders: springboards and contrasts" if contrasts else "Borders: springboards"
    draft.show(types, *contrasts, title=title)


def _contrasts(draft: Draft, edges: GeoDataFrame) -> list[Layer]:
    """Say whether neighbours across borders differ more than others, and draw the contrasts."""
    subject = draft.subject
    known = subject.indicator.dropna()
    inside = edges[edges["first"].isin(known.index) & edges["second"].isin(known.index)]
    if inside["kind"].nunique() < _KINDS or _is_flat(known):
        return []
    # A positive indicator is compared by ratios: the same distance from 1 to 2 as from 10 to 20.
    positive = bool((known > 0).all())
    level = np.log10(known) if positive else known
    _test(draft, measure.dissimilarity(level, inside, seed=subject.seed))
    if positive:
        draft.say("log")
    name = label(subject.indicator)
    if positive:
        legend = draft.text("Difference in {name} between neighbours (log10)", name=name)
    else:
        legend = draft.text("Difference in {name} between neighbours", name=name)
        legend = headed(legend, of_difference(subject.unit, subject.lang))
    return [draw.border_lines(inside, measure.contrast(level, inside), legend=legend)]


def _is_flat(values: pd.Series) -> bool:
    """Return whether all values are the same."""
    return not values.max() > values.min()


def _test(draft: Draft, tested: Dissimilarity) -> None:
    """Say how much more neighbours differ across borders, and whether chance could explain it."""
    draft.figure("ratio", tested.ratio, "Difference across borders to that within countries", form="ratio")
    draft.figure("adjusted", tested.adjusted_ratio, "The same at equal distance", form="ratio")
    tests = {"p": tested.p, "p_placebo": tested.p_placebo, "p_noise": tested.p_noise}
    against = (
        "Two-sided p against values reshuffled",
        "Two-sided p against borders at random",
        "Two-sided p against maps of noise",
    )
    for (name, p), what in zip(tests.items(), against, strict=True):
        draft.figure(name, p, what, form="p")
    most = draft.figure("largest_p", pd.Series(tests).max(), "The largest of these p", form="p")
    least = draft.figure("smallest_p", pd.Series(tests).min(), "The smallest of these p", form="p")
    if least <= ALPHA < most:
        finding, conditions = "mixed", [("smallest_p", "<=", ALPHA), ("largest_p", ">", ALPHA)]
    elif most > ALPHA:
        finding, conditions = "chance", [("largest_p", ">", ALPHA)]
    elif tested.adjusted_ratio > 1:
        finding, conditions = "more", [("largest_p", "<=", ALPHA), ("adjusted", ">", 1)]
    else:
        finding, conditions = "less", [("largest_p", "<=", ALPHA), ("adjusted", "<=", 1)]
    draft.say(finding, *conditions)
    draft.find(f"finding_{finding}", *conditions)
    draft.say("two_tests" if np.isnan(tested.p_noise) else "tests")


def _springboards(draft: Draft) -> Layer:
    """Say which border regions have most to gain and most routes through them; return the map of types."""
    subject = draft.subject
    board = measure.springboard(
        subject.mass,
        subject.regions,
        decay=weigh.exponential(subject.half_km),
        border_factor=subject.border_factor,
        seed=subject.seed,
    )
    kinds = classify.border_types(board)
    scores = board["score"].where(kinds.astype(str) == "springboard")
    key = draft.column("springboard", scores, "Score of springboards", form="ratio")
    draft.figure("edge", board["score"].notna().sum(), "Border regions with a score")
    if draft.figure("springboards", scores.notna().sum(), "Springboards"):
        draft.say("springboards", ("springboards", ">", 0), top=Top(key))
    else:
        draft.say("scores", ("springboards", "==", 0))
    name, legend = draft.text("Type"), draft.text("Type of border region")
    return draw.categories(subject.regions, kinds.astype("object"), title=name, legend=legend)
