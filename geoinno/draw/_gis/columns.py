"""Columns of a file: every one is kept, under a name of its own and in a type that the format has."""

from __future__ import annotations

import datetime as dt
import re
from typing import TYPE_CHECKING

import geopandas as gpd
import pandas as pd
from pandas.api import types

from geoinno.errors import ColumnError

if TYPE_CHECKING:
    from collections.abc import Iterable

# What the formats call their own columns: GeoPackage has fid and geom, CSV wkt, and readers say geometry.
_TAKEN = ("fid", "geom", "geometry", "wkt")
# Above it, not every whole number is a number in double precision.
_EXACT = 2**53
_LARGEST = 2**63 - 1
_NUMBERS = {"integer", "floating", "mixed-integer-float"}


def distinct(names: Iterable[str], *, taken: Iterable[str] = ()) -> list[str]:
    """Return names, numbered where one repeats or is taken; upper and lower case are alike, as in SQL."""
    used = {name.casefold() for name in taken}
    found = []
    for name in names:
        free, number = name, 2
        while free.casefold() in used:
            free, number = f"{name}_{number}", number + 1
        used.add(free.casefold())
        found.append(free)
    return found


def stored(columns: list[tuple[object, pd.Series]]) -> dict[str, pd.Series]:
    """Return columns under the names and in the types in which every format keeps them."""
    names = distinct((_clean(name) for name, _ in columns), taken=_TAKEN)
    return {free: _typed(column, name) for free, (name, column) in zip(names, columns, strict=True)}


def fine_times_as_text(table: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Return a table in which times finer than a millisecond, which a GeoPackage would cut, are text."""
    fine = {
        name: column.map(pd.Timestamp.isoformat, na_action="ignore")
        .astype("object")
        .where(column.notna(), None)
        for name, column in table.items()
        if types.is_datetime64_any_dtype(column) and (column.dropna() != column.dropna().dt.floor("ms")).any()
    }
    return table.assign(**{str(name): column for name, column in fine.items()})


def _clean(name: object) -> str:
    """Return a name as text that a file can hold."""
    text = str(name).encode("utf-8", "replace").decode()
    return re.sub(r"[\x00-\x1f\x7f]", "_", text) or "column"


def _typed(column: pd.Series, name: object) -> pd.Series:
    """Return a column in a type that the formats share; refuse what none of them could give back."""
    if isinstance(column.dtype, gpd.array.GeometryDtype):
        return gpd.GeoSeries(column).to_wkt()
    column = _inferred(column)
    _refuse(column, name)
    known = bool(column.notna().all())
    if (types.is_bool_dtype(column) and known) or types.is_datetime64_any_dtype(column):
        return column
    if types.is_numeric_dtype(column) and not types.is_bool_dtype(column):
        return _number(column, name)
    return column.map(str, na_action="ignore").astype("object")


def _inferred(column: pd.Series) -> pd.Series:
    """Return a column of objects or categories as what it holds: numbers as numbers."""
    if isinstance(column.dtype, pd.CategoricalDtype):
        column = column.astype("object")
    column = column.infer_objects()
    if column.dtype != object or types.infer_dtype(column, skipna=True) not in _NUMBERS:
        return column
    whole = column.dropna().map(lambda cell: isinstance(cell, int) and abs(cell) > _EXACT)
    return column if whole.any() else pd.to_numeric(column)


def _refuse(column: pd.Series, name: object) -> None:
    """Raise if a column holds complex numbers or spans of time, for which the formats have no type."""
    objects = column.dtype == object
    if types.is_complex_dtype(column) or (objects and any(isinstance(cell, complex) for cell in column)):
        message = (
            f"Column {name!r} holds complex numbers, which files for GIS cannot hold. Write two columns: "
            f"values.map(lambda z: z.real) and values.map(lambda z: z.imag)."
        )
        raise ColumnError(message)
    spans = objects and any(isinstance(cell, dt.timedelta) for cell in column)
    if types.is_timedelta64_dtype(column) or spans:
        message = (
            f"Column {name!r} holds spans of time, which files for GIS cannot hold. Write them as numbers: "
            f"pd.to_timedelta(values).dt.total_seconds()."
        )
        raise ColumnError(message)


def _number(column: pd.Series, name: object) -> pd.Series:
    """Return numbers in single or double precision; whole ones as they are, with gaps as doubles if exact."""
    if types.is_float_dtype(column):
        return column if column.dtype == "float32" else column.astype("float64")
    known = column.dropna().astype("object")
    largest = max((abs(int(cell)) for cell in known), default=0)
    gaps = len(known) < len(column)
    if largest > (_EXACT if gaps else _LARGEST):
        message = (
            f"Column {name!r} holds whole numbers as large as {largest:,}, which the file would round. "
            f"Write them as text: values.astype('string')."
        )
        raise ColumnError(message)
    return column.astype("float64" if gaps else "int64")
