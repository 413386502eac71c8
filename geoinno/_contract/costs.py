"""Costs: square tables of kilometres or minutes, origins in rows and destinations in columns."""

from __future__ import annotations

import contextlib
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from geoinno._contract.ids import named, region_ids
from geoinno.errors import ColumnError

if TYPE_CHECKING:
    from numpy.typing import NDArray

_MANY = 10_000  # pairs from which on a compiled look-up saves more than loading it takes


def square(table: pd.DataFrame, *, name: str, ids: pd.Index | None = None) -> NDArray[np.float64]:
    """Return a square table as numbers, rows and columns in the order of ``ids`` (or of its rows)."""
    if not isinstance(table, pd.DataFrame):
        message = f"{name} must be a square DataFrame; {type(table).__name__} was given."
        raise ColumnError(message)
    ids = region_ids(table.index, what=name) if ids is None else ids
    for axis in (table.index, table.columns):
        strangers = ids.symmetric_difference(axis)
        if len(strangers) or not axis.is_unique:
            message = (
                f"{name} must be square, with the same regions in rows and columns; not in both: "
                f"{named(strangers)}. See gi.weigh.distances."
            )
            raise ColumnError(message)
    if not table.index.equals(ids) or not table.columns.equals(ids):
        table = table.reindex(index=ids, columns=ids)
    return _floats(table, name=name)


@dataclass(frozen=True, slots=True)
class Rectangle:
    """Numbers from origins (rows) to destinations (columns), which need not be the same regions."""

    numbers: NDArray[np.float64]
    ids: pd.Index  # all regions: the rows, then columns that are no rows
    row: NDArray[np.int64]  # the row of each region, -1 where it has none
    column: NDArray[np.int64]

    def between(self, origin: NDArray[np.int64], destination: NDArray[np.int64]) -> NDArray[np.float64]:
        """Return the numbers from one region to the other, both by their position in the ids."""
        if self.row is not self.column:
            origin, destination = self.row[origin], self.column[destination]
        table = self.numbers
        if not table.flags.c_contiguous:  # tables of pandas stand column by column
            table, origin, destination = table.T, destination, origin
        if len(origin) > _MANY:
            from geoinno._kernels import lookup

            found: NDArray[np.float64] = lookup.picked(table, origin, destination)
            return found
        return table[origin, destination]


def rectangular(table: pd.DataFrame, *, name: str) -> Rectangle:
    """Return a table from origins to destinations as numbers, and where each region stands in it."""
    if not isinstance(table, pd.DataFrame):
        message = f"{name} must be a DataFrame, origins by destinations; {type(table).__name__} was given."
        raise ColumnError(message)
    region_ids(table.index, what=f"rows of {name}")
    alike = table.index.equals(table.columns)
    if not alike:
        region_ids(table.columns, what=f"columns of {name}")
    if alike:
        ids, column = table.index, np.arange(len(table))
        return Rectangle(_floats(table, name=name), ids, column, column)
    ids = table.index.append(table.columns.difference(table.index, sort=False))
    row, column = table.index.get_indexer(ids), table.columns.get_indexer(ids)
    return Rectangle(_floats(table, name=name), ids, row, column)


def _floats(table: pd.DataFrame, *, name: str) -> NDArray[np.float64]:
    """Return the numbers of a table that holds nothing else."""
    # Text that looks like numbers would be turned into them without a word.
    kinds = table.select_dtypes(exclude="number")
    if kinds.columns.empty or "string" not in {pd.api.types.infer_dtype(kinds[c]) for c in kinds}:
        with contextlib.suppress(TypeError, ValueError):
            return table.to_numpy(np.float64, na_value=np.nan)
    types = sorted({str(kind) for kind in kinds.dtypes})
    message = f"{name} must hold numbers; it has columns of type {', '.join(types)}."
    raise ColumnError(message)
