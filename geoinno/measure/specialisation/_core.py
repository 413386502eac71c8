"""The core of a table of presence: regions and activities that are connected with each other."""

from __future__ import annotations

import numpy as np
import pandas as pd
from scipy import sparse
from scipy.sparse import csgraph

from geoinno import _contract
from geoinno._language.phrases import Phrase
from geoinno.errors import AlignmentError, ColumnError

_LEAST = 2


def core(table: pd.DataFrame, *, least_diversity: int, least_ubiquity: int) -> tuple[pd.Index, pd.Index]:
    """Return the regions and activities left once those with too few of each other are taken away.

    Each that goes may leave others with too few, until none has too few: the (a, b)-core is unique,
    whatever the order.
    """
    has = table
    while True:
        rows = has.sum(axis=1) >= least_diversity
        columns = has.sum(axis=0) >= least_ubiquity
        if rows.all() and columns.all():
            break
        has = has.loc[rows, columns]
    if min(has.shape) < _LEAST:
        message = Phrase(
            "Complexity needs at least two regions and two activities that are present; the core "
            "has {regions:,} and {activities:,}. Lower least_diversity or least_ubiquity, or "
            "give more data.",
            regions=has.shape[0],
            activities=has.shape[1],
        )
        raise ColumnError(message)
    return _connected(has)


def _connected(has: pd.DataFrame) -> tuple[pd.Index, pd.Index]:
    """Return the names of a table that hangs together; complexity compares nothing across parts."""
    links = sparse.csr_array(has.to_numpy())
    graph = sparse.block_array([[None, links], [links.T, None]])
    count, label = csgraph.connected_components(graph, directed=False)
    if count > 1:
        part = label[: len(has)]
        smaller = has.index[part != np.bincount(part).argmax()]
        message = Phrase(
            "The presence table falls into {n:,} parts that share no activity, and complexity "
            "compares regions within one part alone. Outside the largest: {regions}. Drop these, "
            "or lower the cut of presence.",
            n=count,
            regions=_contract.named(smaller),
        )
        raise ColumnError(message)
    return has.index, has.columns


def by_activity(values: pd.Series, activities: pd.Index) -> pd.Series:
    """Return the values of a Series by activity, in the order of the activities."""
    if not isinstance(values, pd.Series):
        message = (
            "complexity must be a result of gi.measure.complexity, or a Series by activity; "
            f"{type(values).__name__} was given."
        )
        raise ColumnError(message)
    differing = values.index.symmetric_difference(activities, sort=False)
    if len(differing) or not values.index.is_unique:
        message = (
            f"The complexity and the presence table have different activities: {_contract.named(differing)} "
            "in only one of them, or some stand twice. Build both on the same activities."
        )
        raise AlignmentError(message)
    if not pd.api.types.is_numeric_dtype(values) or np.isinf(values.astype("float64")).any():
        message = f"The complexity of activities must be finite numbers; its type is {values.dtype}."
        raise ColumnError(message)
    placed = values.astype("float64").reindex(activities)
    if placed.isna().all():
        message = "No activity has a known complexity, so nothing can be valued by it."
        raise ColumnError(message)
    return placed
