"""Members of a group become its score: weighted means of one kind or another."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from geoinno.errors import ColumnError

if TYPE_CHECKING:
    import pandas as pd

    from geoinno._types import Floats
    from geoinno.measure.composite._options import Recipe


def aggregated(cells: Floats, weights: Floats, recipe: Recipe) -> Floats:
    """Return the score of each region (row); weights sum to one, and may differ between regions."""
    if recipe.aggregate == "geometric":
        return geometric(cells, weights)
    if recipe.aggregate == "ces":
        return ces(cells, weights, recipe.power)
    if recipe.aggregate == "mazziotta-pareto":
        return mazziotta_pareto(cells, weights, penalty=1.0 if recipe.penalty == "down" else -1.0)
    return (cells * weights).sum(axis=1)


def geometric(cells: Floats, weights: Floats) -> Floats:
    """Return weighted geometric means."""
    answer: Floats = np.exp((np.log(cells) * weights).sum(axis=1))
    return answer


def ces(cells: Floats, weights: Floats, power: float) -> Floats:
    """Return means of constant elasticity of substitution, (sum w x^r)^(1 / r); geometric for r = 0."""
    if power == 0:
        return geometric(cells, weights)
    answer: Floats = (cells**power * weights).sum(axis=1) ** (1 / power)
    return answer


def mazziotta_pareto(cells: Floats, weights: Floats, *, penalty: float = 1.0) -> Floats:
    """Return M - S cv, with mean M, standard deviation S (of the population) and cv = S / M of members."""
    mean = (cells * weights).sum(axis=1)
    variance = ((cells - mean[:, None]) ** 2 * weights).sum(axis=1)
    answer: Floats = mean - penalty * variance / mean
    return answer


def refuse_unsuited(members: pd.DataFrame, recipe: Recipe) -> None:
    """Raise where values are such that the mean does not exist."""
    cells = members.to_numpy()
    logs = recipe.aggregate == "geometric" or (recipe.aggregate == "ces" and recipe.power <= 0)
    unsound = cells <= 0 if logs else cells < 0
    if not (logs or recipe.aggregate == "ces") or not unsound.any():
        return
    column = int(np.flatnonzero(unsound.any(axis=0))[0])
    ids = members.index[unsound[:, column]]
    need = "above zero" if logs else "of zero or more"
    message = (
        f"A {recipe.aggregate} mean needs values {need}; {members.columns[column]!r} has others in "
        f"{ids[0]!r} and {len(ids) - 1:,} more regions once normalised. Take normalise='minmax', goalposts "
        "below every value, or aggregate='arithmetic'."
    )
    raise ColumnError(message)
