"""Region ids: unique, not null, strings; and two tables that speak of the same regions."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

import numpy as np
import pandas as pd

from geoinno._language.phrases import Phrase
from geoinno.errors import AlignmentError, ColumnError, RegionError

if TYPE_CHECKING:
    from collections.abc import Hashable, Iterable

    from libpysal.graph import Graph

_LISTED = 5
_LONGEST = 80
_Table = TypeVar("_Table", bound="pd.Series | pd.DataFrame")


def named(ids: Iterable[Hashable]) -> str:
    """Return the first few ids and the count, as error messages show them."""
    listed = list(ids)
    first = ", ".join(shortened(i) for i in listed[:_LISTED])
    if len(listed) <= _LISTED:
        return Phrase("{first} ({n:,} in all)", first=first, n=len(listed))
    more = len(listed) - _LISTED
    return Phrase("{first} and {more:,} more ({n:,} in all)", first=first, more=more, n=len(listed))


def shortened(thing: Hashable) -> str:
    """Return how a thing is written; a whole file taken for one name would fill the screen."""
    # A scalar of NumPy is written as the plain number that it holds: 2018, not np.int64(2018).
    text = repr(thing.item() if isinstance(thing, np.generic) else thing)
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}… ({len(text):,} characters)"


def no_regions(given: object) -> RegionError:
    """Return the error for regions that are no table."""
    return RegionError(
        f"regions must be a GeoDataFrame; {type(given).__name__} was given. "
        "Read one: gi.read.regions(path, id=...)."
    )


def region_ids(index: pd.Index, *, what: str = "regions") -> pd.Index:
    """Return ``index`` if it holds unique, non-null string ids."""
    if len(index) == 0:
        message = (
            f"There is nothing to work on: the index of the {what} is empty. Check the file, and the "
            "condition that chose the rows."
        )
        raise RegionError(message)
    if isinstance(index, pd.MultiIndex):
        message = f"The {what} have a MultiIndex; set the region id alone as the index."
        raise RegionError(message)
    # pandas looks through a long index many times faster than a loop; the loop finds which ids are unsound.
    if pd.api.types.infer_dtype(index, skipna=False) != "string" or "" in index:
        _only_strings(index, what)
    if not index.is_unique:
        repeated = index[index.duplicated()].unique()
        message = f"Ids of the {what} repeat: {named(repeated)}. Keep or dissolve one row for each."
        raise RegionError(message)
    return index


def _only_strings(index: pd.Index, what: str) -> None:
    """Raise with the ids that are no strings, or are empty."""
    unsound = [i for i in index.tolist() if not isinstance(i, str) or not i]
    if unsound:
        message = (
            f"The index of the {what} must hold non-empty string ids; found {named(unsound)}. Read them "
            "with gi.read, or set the id column as index: table.set_index(table['id'].astype(str))."
        )
        raise RegionError(message)


def aligned(table: _Table, ids: pd.Index, *, what: str, against: str) -> _Table:
    """Return ``table`` in the order of ``ids``, or raise where the two cover different regions.

    ``what`` and ``against`` name the two for the message: "masses" and "weights".
    """
    if not isinstance(table, pd.Series | pd.DataFrame):
        message = (
            f"The {what} must be indexed by region id; {type(table).__name__} was given. "
            "Pass a Series, so that ids can be checked: pd.Series(array, index=regions.index)."
        )
        raise ColumnError(message)
    absent = ids.difference(table.index)
    extra = table.index.difference(ids)
    if len(absent) or len(extra):
        parts = []
        if len(absent):
            parts.append(f"in the {against} but not in the {what}: {named(absent)}")
        if len(extra):
            parts.append(f"in the {what} but not in the {against}: {named(extra)}")
        differences = "; ".join(parts)
        message = (
            f"The {what} and the {against} cover different regions: {differences}. "
            "Build both on the same regions."
        )
        raise AlignmentError(message)
    region_ids(table.index, what=what)
    return table.reindex(ids)  # type: ignore[return-value]


def weight_ids(weights: Graph) -> pd.Index:
    """Return the region ids of ``weights`` in their own order."""
    from libpysal.graph import Graph

    if not isinstance(weights, Graph):
        given = f"weights must be a libpysal.graph.Graph; {type(weights).__name__} was given."
        message = f"{given} Build them with gi.weigh, or convert: Graph.from_W(w)."
        raise AlignmentError(message)
    return region_ids(weights.unique_ids, what="weights")
