"""Ledger: for each stretch of border, what crosses it against what would without borders."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

import numpy as np
import pandas as pd

from geoinno import _contract
from geoinno.measure._inference.permutations import counted
from geoinno.measure._inference.significance import adjusted, two_sided
from geoinno.measure.borders import _sides
from geoinno.measure.interaction.gravity import DEFAULTS, GravityOptions, gravity

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

_STRATA, _LEAST = 5, 20


def permeability(
    flows: pd.DataFrame,
    costs: pd.DataFrame,
    segments: pd.DataFrame,
    *,
    values: pd.Series | None = None,
    decay: Literal["power", "exponential"] = "power",
    options: GravityOptions = DEFAULTS,
    permutations: int = 999,
    seed: int = 0,
) -> pd.DataFrame:
    """Keep a ledger of borders: the flow over each segment against that of a world without borders.

    The expected flow is that of a doubly constrained gravity model that knows of no border. A segment
    of low permeability is crossed less than its regions' sizes and their distance call for:

        deficit_s = ln(X_ij + X_ji) - ln(E_ij + E_ji), permeability_s = exp(deficit_s).

    Parameters
    ----------
    flows, costs, decay, options
        As for ``gravity``; all pairs of the flows enter the fit, not neighbours alone.
    segments
        From `segments`.
    values
        An indicator by region id, for the contrast |y_i - y_j| beside the flow.
    permutations, seed
        Segments change places within strata of like distance.

    Returns
    -------
    DataFrame
        Indexed as ``segments``: ``kind``, ``flow``, ``expected`` (both directions), ``deficit``
        (minus infinity where nothing flows), ``permeability``, ``contrast`` (with ``values``), ``p`` and
        ``q``: two-sided, of the deficit among segments of like distance, home and abroad; missing
        where the flows do not know the pair. ``attrs["group"]``: the median deficit abroad less that at
        home, with its p-value.

    Raises
    ------
    AlignmentError
        If a segment names a region without a cost.

    Notes
    -----
    The smallest p of a segment is two over the number of segments of its stratum: a single stretch of
    border stands out only where many others are known. The group test has no such limit.

    References
    ----------
    Savage, I. R. and Deutsch, K. W. (1960). A statistical model of the gross analysis of transaction flows.
    Econometrica 28(3), 551-572. doi:10.2307/1910131
    Wilson, A. G. (1971). A family of spatial interaction models. Environment and Planning A 3(1), 1-32.
    doi:10.1068/a030001

    Examples
    --------
    >>> import geoinno as gi
    >>> place = gi.read.sample("austria")
    >>> home = place.regions[place.regions["country"] == "AUT"]
    >>> edges = gi.measure.segments(home)
    >>> gi.measure.permeability(place.flows, gi.weigh.distances(home), edges)["permeability"].idxmax()
    'AUT-2322|AUT-2330'
    """
    _contract.whole(permutations, name="permutations")
    found = _sides.sides(segments, _contract.region_ids(costs.index, what="costs"))
    fit = gravity(flows, costs, decay=decay, options=options)
    columns: dict[str, Floats | pd.Series] = {"kind": segments["kind"], **_crossing(fit.fitted, segments)}
    with np.errstate(divide="ignore"):
        deficit = np.log(columns["flow"]) - np.log(columns["expected"])
    columns |= {"deficit": deficit, "permeability": np.exp(deficit)}
    if values is not None:
        level = _contract.numbers(values)
        at = _sides.sides(segments, level.index)
        columns["contrast"] = np.abs(level.to_numpy()[at.first] - level.to_numpy()[at.second])
    km = np.asarray(costs.to_numpy(float)[found.first, found.second])
    p, group = _compared(np.asarray(deficit), km, found.foreign, permutations=permutations, seed=seed)
    table = pd.DataFrame(columns, index=segments.index).assign(p=p)
    table["q"] = adjusted(table["p"])
    table.attrs["group"] = group
    return table


def _crossing(fitted: pd.DataFrame, segments: pd.DataFrame) -> dict[str, Floats]:
    """Return observed and expected flows of each segment, both directions together."""
    table = fitted.set_index(["origin", "destination"])[["value", "expected"]]
    there = pd.MultiIndex.from_frame(segments[["first", "second"]])
    back = pd.MultiIndex.from_frame(segments[["second", "first"]])
    ways = [table.reindex(way).to_numpy() for way in (there, back)]
    known = ~np.isnan(ways[0][:, 0]) | ~np.isnan(ways[1][:, 0])
    sums = np.where(known[:, None], np.nansum(ways, axis=0), np.nan)
    return {"flow": sums[:, 0], "expected": sums[:, 1]}


def _compared(
    deficit: Floats, km: Floats, foreign: NDArray[np.bool_], *, permutations: int, seed: int
) -> tuple[Floats, dict[str, float]]:
    """Return each segment's p-value among segments of like distance, and the test of all borders."""
    known = np.flatnonzero(~np.isnan(deficit))
    level, abroad = deficit[known], foreign[known]
    groups = _sides.strata(km[known], most=_STRATA, least=_LEAST)
    rng = np.random.default_rng(seed)
    above, below = (np.zeros(len(known), np.intp) for _ in range(2))
    drawn = np.empty(permutations)
    for draw in range(permutations):
        shuffled = level[_sides.reshuffled(rng, groups)]
        above += shuffled >= level
        below += shuffled <= level
        drawn[draw] = _gap(shuffled, abroad)
    p = np.full(len(deficit), np.nan)
    p[known] = np.minimum(1.0, 2 * (np.minimum(above, below) + 1) / (permutations + 1))
    gap = _gap(level, abroad)
    if np.isnan(gap):
        return p, {"difference": gap, "p": float("nan")}
    tested = float(two_sided(counted(drawn, gap, max(1.0, abs(gap))), permutations))
    return p, {"difference": gap, "p": tested}


def _gap(level: Floats, abroad: NDArray[np.bool_]) -> float:
    """Return the median abroad less the median at home."""
    if abroad.all() or not abroad.any():
        return float("nan")
    # Ranks of nothing at all: a flow of zero is the lowest, not a number to be averaged.
    return float(
        np.nan_to_num(np.median(level[abroad]), neginf=-1e9)
        - np.nan_to_num(np.median(level[~abroad]), neginf=-1e9)
    )
