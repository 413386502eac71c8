"""Draws of an index: what each choice, and noise in the data, does to the ranks."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import pandas as pd
from scipy import stats

from geoinno._kernels.threads import run_parts
from geoinno.errors import ColumnError
from geoinno.measure.composite import _aggregation, _normalisation, _treatment

if TYPE_CHECKING:
    from collections.abc import Iterable

    from geoinno._types import Floats, Ints
    from geoinno.measure.composite._options import Recipe
    from geoinno.measure.composite._structure import Tree

# A z-score as low as this has no geometric mean with others, once the mean is 100 and the deviation 10.
_LOWEST = -_normalisation.MPI_MEAN / _normalisation.MPI_SD


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
    given in the first; ``se`` is the standard deviation of noise in each cell.
    """

    cells: tuple[Floats, ...]
    se: Floats
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


def ranks(setting: Setting, choices: Iterable[Choice]) -> Ints:
    """Return the rank of each region (column) in each draw (row), 1 the best; equal scores share it."""
    taken = list(choices)
    drawn = np.empty((len(taken), setting.se.shape[1]), dtype=np.int64)
    run_parts(_fill, len(taken), setting, taken, drawn)
    return drawn


def _fill(part: int, setting: Setting, choices: list[Choice], drawn: Ints) -> None:  # noqa: PLR0917
    """Write the ranks of one draw into its row."""
    drawn[part] = rank(scores(setting, choices[part]))


def rank(score: Floats) -> Ints:
    """Return ranks, 1 the highest; equal scores share the best of their ranks."""
    answer: Ints = stats.rankdata(-score, method="min")
    return answer


def scores(setting: Setting, choice: Choice, shares: dict[str, Floats] | None = None) -> Floats:
    """Return the score of each region under one choice, with other weights where they are given."""
    cells = setting.cells[choice.impute]
    if choice.noise:
        cells = cells + setting.se * _noise(setting, choice.noise)
    rule = setting.treat[choice.treat]
    if rule is not None:
        cells = _treated(cells, rule)
    recipe = setting.aggregate[choice.aggregate]
    scaled = _scaled(cells, setting.normalise[choice.normalise], recipe)
    weights = shares_at(setting, choice.weights) if shares is None else shares
    members = _members(scaled, setting.tree, weights=weights, recipe=recipe)
    return members[setting.tree.groups[-1].name]


def _noise(setting: Setting, place: int) -> Floats:
    """Return one draw of noise of standard deviation 1, the same whenever it is drawn."""
    random = np.random.default_rng([setting.seed, place])
    return random.standard_normal(setting.se.shape, dtype=np.float32)  # type: ignore[return-value]


def _treated(cells: Floats, rule: str) -> Floats:
    """Return cells with the indicators beyond the limits treated."""
    beyond = np.flatnonzero(_treatment.with_outliers(cells.T))
    if not len(beyond):
        return cells
    inside = cells.copy()
    for k in beyond:
        inside[k] = _treatment.treated(cells[k], rule)[0]
    return inside


def _scaled(cells: Floats, normalise: str, recipe: Recipe) -> Floats:
    """Return cells on a scale on which every mean exists.

    z-scores have mean 100 and standard deviation 10: arithmetic means of them rank as those of z-scores do.
    """
    if recipe.aggregate == "mazziotta-pareto" or normalise == "z":
        z = _normalisation.zscores(cells.T).T
        if recipe.aggregate != "arithmetic" and z.min() <= _LOWEST:
            message = (
                f"An indicator has a z-score of {z.min():.1f}, which has no {recipe.aggregate} mean. Treat "
                "outliers, or leave 'z' out of RankOptions(normalise=...)."
            )
            raise ColumnError(message)
        return _normalisation.MPI_MEAN + _normalisation.MPI_SD * z
    if normalise == "rank":
        return _ranked(cells)
    return _normalisation.minmax(cells.T, _normalisation.lowest(recipe)).T


def _ranked(cells: Floats) -> Floats:
    """Return the rank of each region in each indicator; equal values share the mean of their ranks.

    Noise leaves few equal values, so that ranks by one sort mostly do, and others are found again.
    """
    order = np.argsort(cells, axis=1)
    sorted_ = np.take_along_axis(cells, order, axis=1)
    answer = np.empty(cells.shape)
    np.put_along_axis(answer, order, np.arange(1.0, cells.shape[1] + 1)[None], axis=1)
    for k in np.flatnonzero((sorted_[:, 1:] == sorted_[:, :-1]).any(axis=1)):
        answer[k] = stats.rankdata(cells[k])
    return answer


def _members(scaled: Floats, tree: Tree, *, weights: dict[str, Floats], recipe: Recipe) -> dict[str, Floats]:
    """Return the indicators and the score of each group, each after those that it is made of."""
    members = dict(zip(tree.indicators, scaled, strict=True))
    for group in tree.groups:
        inside = np.array([members[name] for name in group.members])
        members[group.name] = _aggregation.aggregated(inside.T, weights[group.name], recipe)
    return members


def baseline_members(setting: Setting) -> pd.DataFrame:
    """Return the indicators and groups of the baseline, a row for each region."""
    recipe = setting.aggregate[0]
    scaled = _scaled(setting.cells[0], setting.normalise[0], recipe)
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
