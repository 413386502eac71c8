"""Clusters: whether like regions lie together, and where."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from scipy import stats

from geoinno import classify, draw, measure, weigh
from geoinno._types import ALPHA
from geoinno.errors import RegionError
from geoinno.report._atlas.claims import Top
from geoinno.report._atlas.draft import Draft
from geoinno.report._atlas.names import label

if TYPE_CHECKING:
    import pandas as pd
    from geopandas import GeoDataFrame
    from libpysal.graph import Graph

    from geoinno.draw import Layer
    from geoinno.measure import Moran
    from geoinno.report._atlas.draft import Chapter
    from geoinno.report._atlas.subject import Subject

_SKEWED = 2.0
_KNOWN = 0.5
_NAMED = 3
_LOW = ("low", "below")
_KINDS = {
    "HH": ("high", "Regions around which high values cluster"),
    "LL": ("low", "Regions around which low values cluster"),
    "HL": ("above", "High regions among low neighbours"),
    "LH": ("below", "Low regions among high neighbours"),
}


def chapter(subject: Subject) -> Chapter | None:
    """Return the chapter; none where values are few or all the same."""
    known = subject.indicator.dropna()
    if len(known) < _KNOWN * len(subject.regions) or not known.max() > known.min():
        return None
    regions = subject.regions.loc[known.index]
    near = weigh.contiguity(regions, islands=subject.islands)
    # Very skewed values are compared by their logarithms, so that a single peak does not hide the rest.
    skewed = bool((known > 0).all()) and float(stats.skew(known.to_numpy())) > _SKEWED
    compared = np.log10(known) if skewed else known
    whole = measure.moran(compared, near, permutations=999, seed=subject.seed)
    local = measure.local_moran(compared, near, permutations=subject.permutations, seed=subject.seed)
    draft = Draft(subject, "clusters")
    _whole_map(draft, whole)
    if skewed:
        draft.say("log")
    _regions(draft, known, local)
    draft.figure("known", len(known), "Regions with a known value")
    if draft.figure("alone", len(near.isolates), "Regions without a neighbour"):
        draft.say("alone", ("alone", ">", 0))
    layers = [draw.cluster_map(regions, local), *_links(draft, regions, near)]
    draft.show(*layers, title="Clusters of {name}", name=label(subject.indicator))
    return draft.chapter()


def _links(draft: Draft, regions: GeoDataFrame, near: Graph) -> list[Layer]:
    """Return the links that join islands to the rest, drawn and in words, where there are any."""
    if draft.subject.islands == "isolate":
        return []
    try:
        layer = draw.link_lines(regions, near)
    except RegionError:  # all of them touch
        return []
    draft.say("links", links=layer.legends[0].note)
    return [layer]


def _whole_map(draft: Draft, whole: Moran) -> None:
    """Say whether neighbours are alike."""
    draft.figure("moran", whole.statistic, "Moran's I", form="fine")
    draft.figure("expected", whole.expected, "Moran's I expected by chance", form="fine")
    draft.figure("p", whole.p, "Two-sided p of Moran's I", form="p")
    draft.figure("excess", whole.statistic - whole.expected, "Moran's I less what is expected", form="fine")
    draft.figure("permutations", whole.permutations, "Permutations")
    if whole.p > ALPHA:
        finding, conditions = "random", [("p", ">", ALPHA)]
    elif whole.statistic > whole.expected:
        finding, conditions = "alike", [("p", "<=", ALPHA), ("excess", ">", 0)]
    else:
        finding, conditions = "unlike", [("p", "<=", ALPHA), ("excess", "<", 0)]
    draft.say(finding, *conditions)
    draft.find(f"finding_{finding}", *conditions)


def _regions(draft: Draft, known: pd.Series, local: pd.DataFrame) -> None:
    """Say around which regions high and low values gather, and which stand out."""
    kinds = classify.clusters(local)
    counts = {}
    for kind, (name, what) in _KINDS.items():
        counts[name] = draft.figure(name, (kinds == kind).sum(), what)
    tops = {}
    for kind, (name, what) in _KINDS.items():
        key = draft.column(f"in_{name}", known.where(kinds == kind), what, unit=draft.subject.unit)
        tops[name] = Top(key, _NAMED, lowest=name in _LOW, bare=True)
    draft.figure("level", ALPHA, "False discovery rate of clusters", form="share")
    if not any(counts.values()):
        draft.say("none", *((name, "==", 0) for name in counts))
        return
    for name in filter(counts.get, counts):
        few = counts[name] <= _NAMED
        sentence, relation = (f"{name}_few", "<=") if few else (name, ">")
        draft.say(sentence, (name, ">", 0), (name, relation, _NAMED), top=tops[name])
    draft.say("rate")
