"""Draws of an index: what each choice, and noise in the data, does to the ranks."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple, TypeAlias

import numpy as np
import pandas as pd

from geoinno._kernels.threads import run_parts
from geoinno.measure.composite import _aggregation, _scales, _treatment
from geoinno.scale import follow

if TYPE_CHECKING:
    from collections.abc import Iterable

    from numpy.typing import NDArray

    from geoinno._types import Floats
    from geoinno.measure.composite._options import Progress, Recipe
    from geoinno.measure.composite._scales import Ends
    from geoinno.measure.composite._structure import Tree

Ranks: TypeAlias = "NDArray[np.int32]"
# Cells that are worked on at once, half a megabyte, and draws between two reports of progress.
_BLOCK, _TOGETHER = 1 << 16, 50


class Choice(NamedTuple):
    """One way to build the index: positions of the options, and of the weights and the noise drawn.

    The baseline is all zeros: first options, weights as given, no noise.
    """

    impute: int = 0
    treat: int = 0
    normalise: int = 0
    aggregate: int = 0
    weights: int = 0
    noise: int = 0


@dataclass(frozen=True, slots=True)
class Setting:
    """What choices choose from. Cells are indicators by regions, turned so that more is better.

    ``cells`` has a table for each rule of imputation; ``weights``, for each group, a row for each draw, those
    given in the first; ``se`` is the standard deviation of noise in each cell, ``ends`` what scales rest on.
    """

    cells: tuple[Floats, ...]
    se: Floats
    ends: Ends
    tree: Tree
    weights: dict[str, Floats]
    treat: tuple[str | None, ...]
    normalise: tuple[str, ...]
    aggregate: tuple[Recipe, ...]
    seed: int

    def options(self, name: str) -> int:
        """Return how many options there are for a choice."""
        counts = {
            "impute": len(self.cells),
            "treat": len(self.treat),
            "normalise": len(self.normalise),
            "aggregate": len(self.aggregate),
            "weights": max(len(rows) if np.ptp(rows, axis=0).any() else 1 for rows in self.weights.values()),
            "noise": int(np.any(self.se > 0)) + 1,
        }
        return counts[name]


def shares_at(setting: Setting, place: int) -> dict[str, Floats]:
    """Return the weights of one draw."""
    return {name: rows[place] for name, rows in setting.weights.items()}


def ranks(setting: Setting, choices: Iterable[Choice], progress: Progress | None = None) -> Ranks:
    """Return the rank of each region (column) in each draw (row), 1 the best; equal scores share it."""
    taken = list(choices)
    drawn = np.empty((len(taken), setting.se.shape[1]), dtype=np.int32)
    starts = range(0, len(taken), _TOGETHER)
    for start in follow(starts, "Block of draws") if progress is None else progress(starts):
        some = slice(start, start + _TOGETHER)
        run_parts(_fill, len(taken[some]), setting, taken[some], drawn[some])
    return drawn


def _fill(part: int, setting: Setting, choices: list[Choice], drawn: Ranks) -> None:  # noqa: PLR0917
    """Write the ranks of one draw into its row."""
    drawn[part] = rank(scores(setting, choices[part]))


def rank(score: Floats) -> Ranks:
    """Return ranks, 1 the highest; equal scores share the best of their ranks."""
    order = score.argsort()
    ordered = score[order]
    # The last of equal scores, from the lowest up, has none above it but the higher.
    last = np.append(ordered[1:] != ordered[:-1], True)
    ends = np.flatnonzero(last)
    answer = np.empty(len(score), dtype=np.int32)
    answer[order] = len(score) - np.repeat(ends, np.diff(ends, prepend=-1))
    return answer


def scores(setting: Setting, choice: Choice, shares: dict[str, Floats] | None = None) -> Floats:
    """Return the score of each region under one choice, with other weights where they are given."""
    recipe = setting.aggregate[choice.aggregate]
    weights = shares_at(setting, choice.weights) if shares is None else shares
    members = _members(_scaled(setting, choice), setting.tree, weights=weights, recipe=recipe)
    return members[setting.tree.groups[-1].name]


def _scaled(setting: Setting, choice: Choice) -> Floats:
    """Return cells with noise, treated and on one scale, a few indicators at a time.

    So few that all steps find them in the cache of the processor: whole tables would be written to memory
    and read again at each step.
    """
    cells = setting.cells[choice.impute]
    random = np.random.default_rng([setting.seed, choice.noise]) if choice.noise else None
    answer = np.empty(cells.shape)
    rows = max(1, _BLOCK // cells.shape[1])
    normalise, recipe = setting.normalise[choice.normalise], setting.aggregate[choice.aggregate]
    # Goalposts cut outliers themselves, and are in the units of the data.
    rule = None if normalise == "goalposts" else setting.treat[choice.treat]
    for start in range(0, len(cells), rows):
        part = slice(start, start + rows)
        noisy = cells[part] if random is None else _noisy(cells[part], setting.se[part], random)
        answer[part] = _scales.scaled(
            _treated(noisy, rule), normalise, recipe=recipe, ends=setting.ends.rows(part)
        )
    return answer


def _noisy(cells: Floats, se: Floats, random: np.random.Generator) -> Floats:
    """Return cells with noise, the same whenever it is drawn from the same place of the generator."""
    noise: Floats = se * random.standard_normal(cells.shape, dtype=np.float32)
    noise += cells
    return noise


def _treated(cells: Floats, rule: str | None) -> Floats:
    """Return cells with the indicators beyond the limits treated."""
    beyond = np.empty(0, np.intp) if rule is None else np.flatnonzero(_treatment.with_outliers(cells.T))
    if rule is None or not len(beyond):
        return cells
    inside = cells.copy()
    for k in beyond:
        inside[k] = _treatment.treated(cells[k], rule)[0]
    return inside


def _members(scaled: Floats, tree: Tree, *, weights: dict[str, Floats], recipe: Recipe) -> dict[str, Floats]:
    """Return the indicators and the score of each group, each after those that it is made of."""
    members = dict(zip(tree.indicators, scaled, strict=True))
    for group in tree.groups:
        inside = [members[name] for name in group.members]
        members[group.name] = _aggregation.aggregated(inside, weights[group.name], recipe.of(group.name))
    return members


def baseline_members(setting: Setting) -> pd.DataFrame:
    """Return the indicators and groups of the baseline, a row for each region."""
    recipe = setting.aggregate[0]
    scaled = _scaled(setting, Choice())
    return pd.DataFrame(_members(scaled, setting.tree, weights=shares_at(setting, 0), recipe=recipe))


def without(tree: Tree, weights: dict[str, Floats], name: str) -> dict[str, Floats]:
    """Return weights that leave a member out; a group that has no other is left out as well."""
    parents = tree.parents()
    shares = dict(weights)
    while name in parents:
        group = next(g for g in tree.groups if g.name == parents[name])
        kept = np.where(np.array(group.members) == name, 0.0, shares[group.name])
        if kept.sum() > 0:
            shares[group.name] = kept / kept.sum()
            return shares
        name = group.name
    return shares
