"""Goals that cannot hold together: an elastic programme finds them, deletion leaves what contradicts."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from geoinno.measure.composite import _programmes
from geoinno.measure.composite._programmes import Programmes

if TYPE_CHECKING:
    from geoinno._types import Bools, Floats, Ints

COLUMNS = ["region", "goals", "shortfall", "words"]
# Shares of a goal that a programme may fall short of it by rounding.
_ROUNDING = 1e-7
_PAIR = 2
_LARGE = 1e3


@dataclass(frozen=True, slots=True)
class Case:
    """Goals of regions (missing where there is none) and what they may be reached with.

    ``outcomes`` has the outcomes of the goals, ``raised`` how much the frontier of each region and goal is
    raised by the correction for bias, ``attainable`` what each goal could be alone.
    """

    goals: pd.DataFrame
    outcomes: Floats
    used: Floats
    available: Floats
    raised: Floats
    attainable: Floats

    def some(self, rows: Ints) -> Case:
        """Return the case of some regions, against the same others."""
        return replace(
            self,
            goals=self.goals.iloc[rows],
            available=self.available[rows],
            raised=self.raised[rows],
            attainable=self.attainable[rows],
        )


def conflicts(case: Case) -> pd.DataFrame:
    """Return a row for each goal out of reach by itself, and for each set that cannot hold together."""
    wanted = case.goals.to_numpy()
    beyond = wanted > case.attainable * (1 + _ROUNDING)
    rows = [_alone(case, i, k) for i, k in zip(*np.nonzero(beyond), strict=True)]
    # What is out of reach alone would hide contradictions between the rest.
    held = np.isfinite(wanted) & ~beyond & (wanted > 0)
    several = np.flatnonzero(held.sum(axis=1) > 1)
    if len(several):
        part = case.some(several)
        short, duals = elastic(part, held[several])
        rows += [
            _together(part.some(np.array([i])), held[several][i], duals=duals[i], short=float(short[i]))
            for i in np.flatnonzero(short > _ROUNDING)
        ]
    return pd.DataFrame(rows, columns=COLUMNS)


def elastic(case: Case, held: Bools) -> tuple[Floats, Floats]:
    """Return the least sum of shortfalls, as shares of the goals held, and the dual of each goal.

    Phase one: min sum s_k subject to sum_j l_j y_jk / g_k + s_k >= 1, sum_j l_j r_j <= r, sum l_j = 1. The
    sum is 0 where all goals can hold; where it is not, goals with a dual above zero cannot (Farkas' lemma).
    """
    scale = np.maximum(case.used.max(axis=0), np.finfo(float).tiny)
    rows = _programmes.undominated(np.column_stack([-case.used / scale, case.outcomes]))
    count, number, width = len(held), held.shape[1], len(rows)
    goals = np.where(held, case.goals.to_numpy(), 1.0)
    reached = (case.raised / goals)[:, :, None] * case.outcomes[rows].T * held[:, :, None]
    slack = np.broadcast_to(np.eye(number), (count, number, number))
    fixed = np.concatenate([(case.used[rows] / scale).T, np.ones((1, width)), -np.ones((1, width))])
    fixed = np.concatenate([fixed, np.zeros((len(fixed), number))], axis=1)
    own = np.concatenate(
        [np.concatenate([-reached, -slack], axis=2), np.broadcast_to(fixed, (count, *fixed.shape))], axis=1
    )
    ones = np.ones((count, 1))
    limit = np.concatenate(
        [-held.astype(np.float64), case.available / scale * (1 + 1e-12), ones, -ones], axis=1
    )
    gain = np.concatenate([np.zeros((count, width)), -np.ones((count, number))], axis=1)
    none = np.empty((0, width + number))
    best = _programmes.maxima(Programmes(gain, none, np.empty(0), own, limit))
    return -best.value, best.duals[:, :number]


def irreducible(case: Case, held: Bools) -> Bools:
    """Return a set of goals of one region that cannot hold together, though without any one they can.

    The deletion filter (Chinneck 2008): a goal whose removal leaves a contradiction is not needed for it.
    """
    kept = held.copy()
    for k in np.flatnonzero(held):
        fewer = kept.copy()
        fewer[k] = False
        if elastic(case, fewer[None])[0][0] > _ROUNDING:
            kept = fewer
    return kept


def _together(case: Case, held: Bools, *, duals: Floats, short: float) -> list[object]:
    """Return the row of a set of goals that contradict each other in one region."""
    priced = held & (duals > _ROUNDING)
    # Rounding may leave out a goal that the contradiction needs: then all are looked at.
    start = priced if elastic(case, priced[None])[0][0] > _ROUNDING else held
    least = irreducible(case, start)
    region = case.goals.index[0]
    parts = [
        f"{name} of {in_words(goal)}"
        for name, goal, needed in zip(case.goals.columns, case.goals.to_numpy()[0], least, strict=True)
        if needed
    ]
    each = "each can without the other" if len(parts) == _PAIR else "without any one of them the others can"
    words = f"{region}: {' and '.join(parts)} cannot hold together with its resources, though {each}."
    return [region, tuple(case.goals.columns[least]), short, words]


def _alone(case: Case, row: int, column: int) -> list[object]:
    """Return the row of a goal that is out of reach by itself."""
    region, name = case.goals.index[row], case.goals.columns[column]
    goal, most = case.goals.to_numpy()[row, column], case.attainable[row, column]
    words = (
        f"{region}: {name} of {in_words(goal)} is out of reach; {in_words(most)} is attainable with its "
        "resources."
    )
    return [region, (name,), float(1 - most / goal), words]


def in_words(value: float) -> str:
    """Return a number with four digits, or with all before the point."""
    return f"{value:,.0f}" if abs(value) >= _LARGE else f"{value:.4g}"
