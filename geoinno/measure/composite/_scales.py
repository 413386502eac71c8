"""Indicators of one draw on one scale: rows of cells, none missing, of which more is better."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from scipy import stats

from geoinno._language.phrases import Phrase
from geoinno.errors import ColumnError
from geoinno.measure.composite import _normalisation

if TYPE_CHECKING:
    from geoinno._types import Floats
    from geoinno.measure.composite._options import Recipe

# A z-score as low as this has no geometric mean with others, once the mean is 100 and the deviation 10.
_LOWEST = -_normalisation.MPI_MEAN / _normalisation.MPI_SD


@dataclass(frozen=True, slots=True)
class Ends:
    """What the scales of indicators rest on beside their own values, one for each row.

    ``sign`` is -1 where less is better, so that cells were turned; ``low`` and ``high`` are the goalposts of
    the turned cells, missing where there are none, which ``cut`` values or not.
    """

    sign: Floats
    low: Floats
    high: Floats
    cut: bool = True

    def rows(self, part: slice) -> Ends:
        """Return those of some rows, as columns that stand beside cells."""
        return Ends(self.sign[part, None], self.low[part, None], self.high[part, None], self.cut)


def scaled(cells: Floats, normalise: str, *, recipe: Recipe, ends: Ends) -> Floats:
    """Return cells on a scale on which the mean of the recipe exists.

    z-scores have mean 100 and standard deviation 10: arithmetic means of them rank as those of z-scores do.
    """
    if normalise == "goalposts":
        return _between_posts(cells, recipe, ends)
    if recipe.aggregate == "mazziotta-pareto" or normalise == "z":
        return _standardised(cells, recipe)
    if normalise == "rank":
        return _ranked(cells)
    if normalise == "frontier":
        return _to_frontier(cells, recipe, ends)
    return _normalisation.minmax(cells.T, _normalisation.lowest(recipe)).T


def _standardised(cells: Floats, recipe: Recipe) -> Floats:
    """Return z-scores with mean 100 and standard deviation 10."""
    z = cells - cells.mean(axis=1, keepdims=True)
    z /= cells.std(axis=1, keepdims=True)
    if (recipe.aggregate != "arithmetic" or recipe.apart) and z.min() <= _LOWEST:
        message = Phrase(
            "An indicator has a z-score of {z:.1f}, which has no {mean} mean. Treat outliers, or leave 'z' "
            "out of RankOptions(normalise=...).",
            z=float(z.min()),
            mean=Phrase(recipe.aggregate),
        )
        raise ColumnError(message)
    z *= _normalisation.MPI_SD
    z += _normalisation.MPI_MEAN
    return z


def _between_posts(cells: Floats, recipe: Recipe, ends: Ends) -> Floats:
    """Return cells between their goalposts; noise takes none beyond them, unless they do not cut."""
    start, end = _normalisation.posts_of(recipe)
    inside = np.clip(cells, ends.low, ends.high) if ends.cut else cells
    share = (inside - ends.low) / (ends.high - ends.low)
    answer = start + (end - start) * share
    _refuse_unsuited(answer, recipe, "goalposts")
    return answer


def _to_frontier(cells: Floats, recipe: Recipe, ends: Ends) -> Floats:
    """Return each value as a share of the best, turned the other way round where less is better."""
    best = cells.max(axis=1, keepdims=True)
    if (best * ends.sign <= 0).any() or (cells * ends.sign <= 0)[np.ravel(ends.sign) < 0].any():
        message = Phrase(
            "With noise, an indicator has values of zero or less, which are no shares of the best. Leave "
            "'frontier' out of RankOptions(normalise=...), or give less noise."
        )
        raise ColumnError(message)
    answer = _normalisation.HIGHEST * np.where(ends.sign > 0, cells / best, best / cells)
    _refuse_unsuited(answer, recipe, "frontier")
    return answer


def _refuse_unsuited(cells: Floats, recipe: Recipe, normalise: str) -> None:
    """Raise where values are such that the mean does not exist."""
    rules = {recipe.aggregate, *recipe.apart.values()} & {"geometric", "ces"}
    least = np.nextafter(0, 1) if recipe.takes_logs() else 0.0
    if rules and cells.min() < least:
        message = (
            f"A draw has a value of {cells.min():.2g} by normalise={normalise!r}, which has no "
            f"{' or '.join(sorted(rules))} mean. Set goalposts farther out, or leave one of the two out of "
            "RankOptions."
        )
        raise ColumnError(message)


def _ranked(cells: Floats) -> Floats:
    """Return the rank of each region in each indicator; equal values share the mean of their ranks.

    Noise leaves few equal values, so that ranks by one sort mostly do, and others are found again.
    """
    answer = np.empty(cells.shape)
    places = np.arange(1.0, cells.shape[1] + 1)
    for row, values in zip(answer, cells, strict=True):
        order = values.argsort()
        row[order] = places
        ordered = values[order]
        if (ordered[1:] == ordered[:-1]).any():
            row[:] = stats.rankdata(values)
    return answer
