"""Members of a group become its score: weighted means of one kind or another."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from geoinno import _contract
from geoinno._language.phrases import Phrase
from geoinno.errors import ColumnError

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    import pandas as pd

    from geoinno._types import Floats
    from geoinno.measure.composite._options import Recipe


def aggregated(members: Sequence[Floats], weights: Floats, recipe: Recipe) -> Floats:
    """Return the score of each region from the members of a group; weights sum to one."""
    if recipe.aggregate == "geometric":
        return geometric(members, weights)
    if recipe.aggregate == "ces":
        return ces(members, weights, recipe.power)
    if recipe.aggregate == "mazziotta-pareto":
        return mazziotta_pareto(members, weights, penalty=1.0 if recipe.penalty == "down" else -1.0)
    return _mean(members, weights)


def geometric(members: Sequence[Floats], weights: Floats) -> Floats:
    """Return weighted geometric means."""
    answer: Floats = np.exp(_mean((np.log(member) for member in members), weights))
    return answer


def ces(members: Sequence[Floats], weights: Floats, power: float) -> Floats:
    """Return means of constant elasticity of substitution, (sum w x^r)^(1 / r); geometric for r = 0."""
    if power == 0:
        return geometric(members, weights)
    answer: Floats = _mean((member**power for member in members), weights) ** (1 / power)
    return answer


def mazziotta_pareto(members: Sequence[Floats], weights: Floats, *, penalty: float = 1.0) -> Floats:
    """Return M - S cv, with mean M, standard deviation S (of the population) and cv = S / M of members."""
    mean = _mean(members, weights)
    variance = _mean(((member - mean) ** 2 for member in members), weights)
    answer: Floats = mean - penalty * variance / mean
    return answer


def _mean(members: Iterable[Floats], weights: Floats) -> Floats:
    """Return weighted means, summed member by member: regions that are alike get the same to the last bit.

    A product of matrices would be no faster here, and rounds by where a region stands.
    """
    terms = (weight * member for member, weight in zip(members, weights, strict=True))
    total = next(terms)
    for term in terms:
        total += term
    return total


def refuse_unsuited(members: pd.DataFrame, recipe: Recipe) -> None:
    """Raise where values are such that the mean does not exist."""
    cells = members.to_numpy()
    logs = recipe.takes_logs()
    unsound = cells <= 0 if logs else cells < 0
    if not (logs or recipe.aggregate == "ces") or not unsound.any():
        return
    column = int(np.flatnonzero(unsound.any(axis=0))[0])
    ids = members.index[unsound[:, column]]
    message = Phrase(
        "A {mean} mean needs values {need}; once normalised, {column} has others in {regions}. Use "
        "normalise='minmax', goalposts below every value, or aggregate='arithmetic'.",
        mean=Phrase(recipe.aggregate),
        need=Phrase("above zero") if logs else Phrase("of zero or more"),
        column=repr(members.columns[column]),
        regions=_contract.named(ids),
    )
    raise ColumnError(message)
