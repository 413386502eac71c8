"""Checked values and weights for measures of inequality."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from geoinno import _contract
from geoinno.errors import ColumnError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from geoinno._types import Floats


def weighted(values: pd.Series, population: pd.Series | None) -> tuple[Floats, Floats]:
    """Return values of the order of 1, and the population shares of regions (equal unless given).

    The measures of this wing are the same at any scale, so values are first scaled so that sums and
    squares neither overflow nor underflow.
    """
    level = _contract.not_negative(_contract.numbers(values))
    if level.max() <= 0:
        message = f"{_contract.titled(values)} is zero everywhere, so there are no shares to compare."
        raise ColumnError(message)
    relative = _scaled(level)
    if population is None:
        return relative, np.full(len(level), 1 / len(level))
    people = _contract.not_negative(
        _contract.numbers(population, ids=level.index, what="population", against="values")
    )
    if people.max() <= 0:
        message = f"{_contract.titled(population)} is zero everywhere, so no region has a weight."
        raise ColumnError(message)
    share = _scaled(people)
    share /= share.sum()
    if share @ relative <= 0:
        message = (
            f"{_contract.titled(values)} is above zero only where nobody lives, in "
            f"{_contract.named(level.index[level > 0])}, so people have nothing to share out. Check the "
            f"column {population.name!r}."
        )
        raise ColumnError(message)
    return relative, share


def _scaled(values: pd.Series) -> Floats:
    """Return ``values`` times a power of two (which rounds nothing) that brings the largest below 1."""
    return np.ldexp(values.to_numpy(), -int(np.frexp(values.max())[1]))


def nested(groups: pd.Series | Sequence[pd.Series] | None, ids: pd.Index) -> dict[str, NDArray[np.intp]]:
    """Return the codes of each level of groups by its name, the widest first, if they are nested."""
    if not (groups is None or isinstance(groups, pd.Series | list | tuple)):
        message = (
            f"groups must be a Series by region id, or a list of such Series; {type(groups).__name__} was "
            "given. Pass pd.Series(array, index=values.index)."
        )
        raise ColumnError(message)
    listed = [] if groups is None else [groups] if isinstance(groups, pd.Series) else list(groups)
    levels: dict[str, NDArray[np.intp]] = {}
    wider = pd.Series("all", index=ids, name="all")
    for place, given in enumerate(listed, start=1):
        name = f"level {place}" if getattr(given, "name", None) is None else str(given.name)
        label = _contract.country_series(given, ids).rename(name)
        if name in levels:
            message = f"Two levels of groups are called {name!r}. Rename one: groups.rename('bloc')."
            raise ColumnError(message)
        _inside(label, wider)
        levels[name] = pd.factorize(label, sort=True)[0].astype(np.intp)
        wider = label
    return levels


def _inside(groups: pd.Series, wider: pd.Series) -> None:
    """Raise if a group lies in more than one of the wider groups."""
    pairs = pd.DataFrame({"group": groups, "wider": wider}).drop_duplicates()
    torn = pairs["group"][pairs["group"].duplicated()].unique()
    if len(torn):
        message = (
            f"Groups of {groups.name!r} lie in more than one group of {wider.name!r}, so the two are not "
            f"nested: {_contract.named(torn)}. Give the widest groups first."
        )
        raise ColumnError(message)


def sound_activity(activity: pd.DataFrame, *, what: str = "activity") -> pd.DataFrame:
    """Return a table of regions by activities as floats, if every cell is zero or more."""
    if not isinstance(activity, pd.DataFrame):
        message = f"{what} must be a table of regions by activities; {type(activity).__name__} was given."
        raise ColumnError(message)
    if not activity.columns.is_unique or not len(activity.columns):
        message = f"The {what} must have columns, each activity once; they are {list(activity.columns)}."
        raise ColumnError(message)
    columns = [_contract.not_negative(_contract.numbers(activity[name], what=what)) for name in activity]
    table = pd.concat(columns, axis=1)
    if table.to_numpy().max() <= 0:
        message = f"The {what} is zero in every region: there is nothing to concentrate."
        raise ColumnError(message)
    return table
