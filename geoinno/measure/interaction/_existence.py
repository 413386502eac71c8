"""Whether estimates exist: regions without flow, collinear terms, and terms that separate zeros."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
from scipy.optimize import linprog
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from geoinno import _contract
from geoinno._language.phrases import Phrase
from geoinno.errors import FlowError
from geoinno.measure.interaction import _effects, _loops
from geoinno.measure.interaction._poisson import Sums

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from geoinno._types import Bools, Floats, Ints
    from geoinno.measure.interaction._newton import Fit
    from geoinno.measure.interaction._pairs import Pairs
    from geoinno.measure.interaction._poisson import Model


COLLINEAR = 1e-9
_ZERO = 1e-7
_PRECISE = 1e-9


def sound_margins(pairs: Pairs) -> None:
    """Raise where a region that should have an effect takes part in no flow."""
    if not pairs.flow.any():
        message = Phrase("Every flow is zero: there is nothing to explain.")
        raise FlowError(message)
    kept = {"both": ("row", "column"), "none": ()}
    for side in kept.get(pairs.constraint, ("row",)):
        silent = (pairs.outflow if side == "row" else pairs.inflow) == 0
        if silent.any():
            empty = (pairs.row_ids if side == "row" else pairs.column_ids)[silent]
            what = Phrase("outflow" if (side == "row") != pairs.swapped else "inflow")
            message = Phrase(
                "Regions without any {what}: {regions}. Every one of their pairs is zero, so that "
                "their effect does not exist. Leave these pairs out of the flows, or leave that side "
                "unconstrained (constraint).",
                what=what,
                regions=_contract.named(empty),
            )
            raise FlowError(message)


def check_independence(fit: Fit, names: Sequence[str]) -> None:
    """Raise where a term is a combination of others and of the effects of regions."""
    sums, total, free = fit.state.sums, fit.state.mean.sum(), fit.model.free
    mean = sums.by_column.sum(axis=1) / total
    spread = (np.diagonal(sums.gram) - mean**2 * total)[free]
    spread = np.where(spread > 0, spread, total)
    left = fit.information / np.sqrt(np.outer(spread, spread))
    bad = [name for k, name in enumerate(names) if _share_of_its_own(left, k) < COLLINEAR]
    if bad:
        message = (
            f"Terms that other terms, or the effects of regions (constraint={fit.model.pairs.constraint!r}), "
            f"explain in full: {_contract.named(bad)}. Leave them out, or free the side that absorbs them."
        )
        raise FlowError(message)


def _share_of_its_own(left: Floats, k: int) -> float:
    """Return the share of the variation of term k that no former term explains."""
    former, with_k = left[:k, :k], left[:k, k]
    return float(left[k, k] - with_k @ np.linalg.lstsq(former, with_k, rcond=1e-10)[0]) if k else left[0, 0]


def check_separation(model: Model, names: Sequence[str]) -> None:
    """Raise where some combination of terms is zero for all flows above zero and never above it elsewhere.

    Its slope would run to minus infinity (Correia, Guimaraes and Zylkin 2019). Candidates are what is
    collinear among the pairs with a flow; a linear program looks for one of a single sign.
    """
    pairs = model.pairs
    zero = pairs.flow == 0
    if not zero.any():
        return
    slopes, direction = _silent_terms(model, ~zero)
    candidates = np.column_stack([direction[zero], _silent_effects(pairs, zero)])
    scale = np.abs(candidates).max(axis=0, initial=0)
    candidates = candidates[:, scale > _ZERO] / scale[scale > _ZERO]
    if not candidates.size:
        return
    rows = np.unique(np.round(candidates, 9), axis=0)
    sides = np.vstack([rows, -rows])
    limits = np.append(np.zeros(len(rows)), np.ones(len(rows)))
    found = linprog(rows.sum(axis=0), A_ub=sides, b_ub=limits, bounds=(-1, 1), method="highs")
    if found.x is None or found.fun > -_ZERO:
        return
    separated = np.zeros(len(zero), dtype=bool)
    separated[zero] = candidates @ found.x < -_ZERO
    weight = np.zeros(slopes.shape[1] + candidates.shape[1])
    weight[np.flatnonzero(scale > _ZERO)] = found.x
    used = np.abs(slopes @ weight[: slopes.shape[1]]) > _ZERO
    causes = [name for name, bad in zip(names, used, strict=True) if bad]
    message = _separated(causes, pairs.named(separated))
    raise FlowError(message)


def _separated(causes: Sequence[str], pairs: str) -> Phrase:
    """Return what to say where terms, or the effects of regions, predict zeros without error."""
    what = Phrase("the effects of regions")
    if causes:
        what = Phrase("the terms {terms}", terms=_contract.named(causes))
    return Phrase(
        "No estimate exists: {what} predict without error that the flow is zero for the pairs {pairs}, so "
        "that the effect would be infinite. Leave out these pairs, or the terms that predict them.",
        what=what,
        pairs=pairs,
    )


def _silent_terms(model: Model, chosen: NDArray[np.bool_]) -> tuple[Floats, Floats]:
    """Return combinations of terms that effects explain among the chosen pairs, and their rest elsewhere."""
    part = replace(model.pairs.part(chosen), flow=np.ones(int(chosen.sum())))
    terms = np.ascontiguousarray(model.terms[:, chosen])
    sums = _loops.over(part.layout).weighted_sums(part.layout, terms, part.flow, part.columns)
    system = _effects.equations(part, part.flow, Sums(*sums))
    left = _effects.partial_out(system, gaps=np.zeros(part.columns), tolerance=_PRECISE)
    free = model.free
    size, vectors = np.linalg.eigh(left.information[free, free] / len(part.flow))
    slopes = vectors[:, size < COLLINEAR * max(1.0, size.max(initial=0))]
    alpha = _effects.explained_by_row(system, left.gamma)
    effects = alpha[:, model.pairs.row] + left.gamma[:, model.pairs.column]
    return slopes, (model.terms - effects)[free].T @ slopes


def _silent_effects(pairs: Pairs, zero: NDArray[np.bool_]) -> Floats:
    """Return what a shift of each group of regions that flows hold together (but one) does to zeros."""
    if pairs.constraint != "both":
        return np.empty((int(zero.sum()), 0))
    here, there = (group[zero] for group in joined_groups(pairs, ~zero))
    count = int(max(here.max(), there.max())) + 1
    shifts = [(here == g).astype(float) - (there == g) for g in range(1, count)]
    return np.column_stack(shifts) if shifts else np.empty((int(zero.sum()), 0))


def joined_groups(pairs: Pairs, chosen: Bools) -> tuple[Ints, Ints]:
    """Return, pair by pair, the group of the row and that of the column, which chosen pairs hold together."""
    size = pairs.rows + pairs.columns
    ends = (pairs.row[chosen], pairs.rows + pairs.column[chosen])
    graph = coo_array((np.ones(int(chosen.sum())), ends), shape=(size, size))
    group = connected_components(graph, directed=False)[1]
    return group[pairs.row], group[pairs.rows + pairs.column]
