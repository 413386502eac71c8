"""Indicators brought to one scale, on which more is better."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from scipy import stats

from geoinno import _contract
from geoinno._language.phrases import Phrase
from geoinno.errors import OptionError
from geoinno.measure.composite import _preparation, _tables

if TYPE_CHECKING:
    from collections.abc import Mapping

    from geoinno._types import Bools, Floats
    from geoinno.measure.composite._options import IndexOptions, Recipe
    from geoinno.measure.composite._tables import Log

# Mean and standard deviation, and the ends of goalposts, of the Mazziotta-Pareto index.
MPI_MEAN, MPI_SD, MPI_POSTS = 100.0, 10.0, (70.0, 130.0)
HIGHEST = 100.0
_SCALES = {
    "mpi": "z-scores, to mean 100 and standard deviation 10",
    "z": "z-scores, with the standard deviation of the population",
    "rank": "rank, 1 the lowest; equal values share the mean rank",
    "minmax": "from the lowest value to the highest, 100; the lowest is 0, or 1 where a mean takes logs",
}


def signs(direction: Mapping[str, int] | None, columns: pd.Index) -> Floats:
    """Return 1 for columns of which more is better, -1 for those of which less is."""
    given = dict(direction or {})
    strangers = [name for name in given if name not in columns]
    if strangers:
        message = f"direction names columns that are not in the index: {_contract.named(strangers)}."
        raise OptionError(message)
    unsound = {name: sign for name, sign in given.items() if sign not in (1, -1)}
    if unsound:
        message = f"direction is 1 (more is better) or -1 (less is better); {unsound} was given."
        raise OptionError(message)
    return np.array([float(given.get(name, 1)) for name in columns])


def normalised(
    table: pd.DataFrame, recipe: Recipe, options: IndexOptions, *, sign: Floats, log: Log
) -> pd.DataFrame:
    """Return the table on the scale of the recipe; missing values stay missing."""
    if recipe.normalise == "goalposts":
        cells, detail = _between_posts(table, recipe, options, sign=sign, log=log)
    elif recipe.normalise == "frontier":
        cells, detail = _to_frontier(table, sign), "per cent of the best value"
    else:
        _preparation.refuse_constant(table)
        cells = scaled(_tables.values(table) * sign, recipe)
        detail = _SCALES["mpi" if recipe.aggregate == "mazziotta-pareto" else recipe.normalise]
    log.note(table.columns[sign > 0], step=recipe.normalise, detail=detail)
    log.note(table.columns[sign < 0], step=recipe.normalise, detail=f"{detail}; less is better")
    return pd.DataFrame(cells, table.index, table.columns)


def scaled(cells: Floats, recipe: Recipe) -> Floats:
    """Return columns of which more is better on a scale that their own values give."""
    if recipe.aggregate == "mazziotta-pareto":
        return MPI_MEAN + MPI_SD * zscores(cells)
    if recipe.normalise == "z":
        return zscores(cells)
    if recipe.normalise == "rank":
        return ranks(cells)
    return minmax(cells, lowest(recipe))


def lowest(recipe: Recipe) -> float:
    """Return the lower end of the scale: 1 where a mean needs values above zero, as of logs, else 0."""
    return 1.0 if recipe.takes_logs() else 0.0


def posts_of(recipe: Recipe) -> tuple[float, float]:
    """Return the ends of the scale between goalposts."""
    return MPI_POSTS if recipe.aggregate == "mazziotta-pareto" else (0.0, HIGHEST)


def minmax(cells: Floats, low: float) -> Floats:
    """Return each column on a scale from its lowest to its highest value."""
    least, most = np.nanmin(cells, axis=0), np.nanmax(cells, axis=0)
    answer: Floats = low + (HIGHEST - low) * ((cells - least) / (most - least))
    return answer


def zscores(cells: Floats) -> Floats:
    """Return each column with mean 0 and standard deviation 1, that of the population."""
    scores: Floats = (cells - np.nanmean(cells, axis=0)) / np.nanstd(cells, axis=0)
    return scores


def ranks(cells: Floats) -> Floats:
    """Return the rank in each column, 1 the lowest."""
    answer: Floats = stats.rankdata(cells, axis=0, nan_policy="omit")
    return answer


def goalposts(options: IndexOptions, columns: pd.Index) -> tuple[Floats, Floats]:
    """Return the low and the high goalpost of each column."""
    posts = dict(options.goalposts or {})
    absent = [name for name in columns if name not in posts]
    if absent or len(posts) != len(columns):
        strangers = [name for name in posts if name not in columns]
        differing = _contract.named(absent + strangers)
        message: str = Phrase(
            "Goalposts are needed for every column of the index and no other; see {columns}.",
            columns=differing,
        )
        raise OptionError(message)
    low, high = np.array([posts[name] for name in columns], dtype=np.float64).T
    unsound = columns[~(np.isfinite(high - low) & (low < high))]
    if len(unsound):
        message = Phrase(
            "The low goalpost must be below the high one; it is not for {columns}.",
            columns=_contract.named(unsound),
        )
        raise OptionError(message)
    logs = columns.isin(list(options.logs))
    if (low[logs] <= 0).any():
        message = f"Goalposts of logs must be above zero; see {_contract.named(columns[logs & (low <= 0)])}."
        raise OptionError(message)
    return _logged(low, logs), _logged(high, logs)


def _logged(posts: Floats, logs: Bools) -> Floats:
    """Return goalposts with logarithms of those of columns of which logarithms are taken."""
    return np.log(posts, out=posts.copy(), where=logs)


def _between_posts(
    table: pd.DataFrame, recipe: Recipe, options: IndexOptions, *, sign: Floats, log: Log
) -> tuple[Floats, str]:
    """Return columns between their goalposts; values beyond are cut to the nearer post, and logged."""
    low, high = goalposts(options, table.columns)
    cut = table.clip(low, high, axis=1) if options.cut else table
    for name in table.columns:
        log.add(table[name], cut[name], step="goalposts", reason="cut to the nearer goalpost")
    share = (_tables.values(cut) - low) / (high - low)
    share = np.where(sign > 0, share, 1 - share)
    start, end = posts_of(recipe)
    return start + (end - start) * share, f"between goalposts, on {start:g} to {end:g}"


def _to_frontier(table: pd.DataFrame, sign: Floats) -> Floats:
    """Return each value as a share of the best; of columns of which less is better, the other way round."""
    cells = _tables.values(table)
    words = "is no share of the best, as it is not above zero in"
    unsound = np.where(sign > 0, np.nanmax(cells, axis=0) <= 0, np.nanmin(cells, axis=0) <= 0)
    _contract.refuse_cells(
        table, (cells < 0) | ((cells <= 0) & unsound), words=words, remedy="Take normalise='minmax'."
    )
    with np.errstate(divide="ignore"):  # only columns with sign 1 have zeros
        share = np.where(sign > 0, cells / np.nanmax(cells, axis=0), np.nanmin(cells, axis=0) / cells)
    return HIGHEST * share
