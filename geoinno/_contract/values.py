"""Values: numbers, countries and poles by region id."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from geoinno._contract.ids import aligned, named, no_regions, region_ids
from geoinno._language.phrases import Phrase, fixed_phrase
from geoinno.errors import AlignmentError, ColumnError

if TYPE_CHECKING:
    from collections.abc import Iterable

    from geoinno._types import Bools

_CELLS = 5
# Values whose spread is so small a share of their size hold no digit that rounding has not touched.
_ROUNDING = 100 * float(np.finfo(float).eps)


def column(
    values: pd.Series | str, regions: pd.DataFrame | None = None, *, what: str = "values"
) -> pd.Series:
    """Return ``values``, or the column of ``regions`` that they name; anything else is refused."""
    if regions is not None and not isinstance(regions, pd.DataFrame):
        raise no_regions(regions)
    if isinstance(values, str) and regions is not None:
        if values not in regions.columns:
            message = f"The regions have no column {values!r}; their columns are {named(regions.columns)}."
            raise ColumnError(message)
        return regions[values]
    if isinstance(values, pd.Series):
        return values
    or_name = "" if regions is None else ", or the name of a column of the regions"
    message = (
        f"{what} must be a Series indexed by region id{or_name}; {type(values).__name__} was given. "
        "Pass a Series, so that ids can be checked: pd.Series(array, index=regions.index)."
    )
    raise ColumnError(message)


def numbers(
    values: pd.Series | str,
    *,
    missing: bool = False,
    ids: pd.Index | None = None,
    regions: pd.DataFrame | None = None,
    what: str = "values",
    against: str = "regions",
) -> pd.Series:
    """Return ``values`` as floats; missing values raise unless allowed, infinite ones always.

    Where ``regions`` are given, a column name will do, and the answer is in their order; where ``ids``
    are given, it is in theirs. ``what`` and ``against`` name the two for messages.
    """
    placed = column(values, regions, what=what)
    region_ids(placed.index, what=what)
    if not is_real(placed):
        message = Phrase(
            "{column} must be numeric; {reason}.", column=titled(placed, what), reason=not_numeric(placed)
        )
        raise ColumnError(message)
    floats = placed.astype("float64")
    infinite = floats.index[np.isinf(floats)]
    if len(infinite):
        message = Phrase(
            "{column} is infinite in {regions}. Correct or drop these values.",
            column=titled(placed, what),
            regions=named(infinite),
        )
        raise ColumnError(message)
    absent = floats.index[floats.isna()]
    if len(absent) and not missing:
        message = Phrase(
            "{column} has no value in {regions}. Fill these values on grounds you can state, or "
            "drop the regions from the values and from the regions that the weights are built on.",
            column=titled(placed, what),
            regions=named(absent),
        )
        raise ColumnError(message)
    order = regions.index if regions is not None else ids
    return floats if order is None else aligned(floats, order, what=what, against=against)


def titled(values: pd.Series, what: str = "values") -> str:
    """Return what to call a column at the start of a message; one without a name, by what it holds."""
    if values.name is None:
        return Phrase("The column of {what}", what=what)
    return Phrase("Column {name}", name=repr(values.name))


def is_real(values: pd.Series) -> bool:
    """Return whether a column holds real numbers; true and false are none."""
    types = pd.api.types
    other = types.is_bool_dtype(values) or types.is_complex_dtype(values)
    return bool(types.is_numeric_dtype(values)) and not other


def not_numeric(values: pd.Series) -> str:
    """Return the first cells of a column that are not numbers, by region, and what to do about them."""
    if not (pd.api.types.is_string_dtype(values) or values.dtype == object):
        return Phrase("its type is {kind}", kind=str(values.dtype))
    text = values[pd.to_numeric(values, errors="coerce").isna() & values.notna()]
    if text.empty:
        return Phrase("it holds numbers stored as text. Convert it with pd.to_numeric")
    cells = ", ".join(f"{cell!r:.60} in {region!r}" for region, cell in text.head(_CELLS).items())
    if len(text) > _CELLS:
        cells = Phrase("{cells} and {more:,} more cells", cells=cells, more=len(text) - _CELLS)
    return Phrase(
        "it is text: {cells}. Correct the cells in the file, or say how its numbers are written: "
        "gi.read.table(..., decimal=',', thousands='.')",
        cells=cells,
    )


def varied(values: pd.Series, *, among: str = "every region") -> pd.Series:
    """Return ``values`` if they differ, and by more than rounding."""
    x = values.to_numpy()
    largest = float(np.abs(x).max())
    spread = float(np.ptp(x / largest)) if largest > 0 else 0.0
    if spread == 0:
        message = Phrase(
            "{column} has the same value in {among} ({n} in all): there is no variation to measure.",
            column=titled(values),
            among=among,
            n=str(len(values)),
        )
        raise ColumnError(message)
    if spread <= _ROUNDING:
        message = Phrase(
            "{column} differs by rounding alone (by {spread:.1g} of their size) in {among} ({n} "
            "in all): there is no variation to measure. If a large constant has swallowed it, "
            "subtract the constant where the values are computed.",
            column=titled(values),
            spread=spread,
            among=among,
            n=str(len(values)),
        )
        raise ColumnError(message)
    return values


def not_negative(values: pd.Series) -> pd.Series:
    """Return ``values`` if none is below zero."""
    negative = values.index[values < 0]
    if len(negative):
        message = f"{titled(values)} is negative in {named(negative)}; it must be zero or more."
        raise ColumnError(message)
    return values


def refuse_cells(table: pd.DataFrame, unsound: Bools, *, words: str, remedy: str) -> None:
    """Raise for the first column with unsound cells, and name its regions."""
    columns = np.flatnonzero(unsound.any(axis=0))
    if len(columns):
        first = columns[0]
        others = len(columns) - 1
        also = "The same holds for {others:more column|more columns}. " if others else ""
        message = Phrase(
            f"Column {{column}} {{words}} {{regions}}. {also}{{remedy}}",
            column=repr(table.columns[first]),
            words=fixed_phrase(words),
            regions=named(table.index[unsound[:, first]]),
            others=others,
            remedy=fixed_phrase(remedy),
        )
        raise ColumnError(message)


def country_series(
    country: pd.Series | str, regions: pd.DataFrame | pd.Index, *, against: str = "regions"
) -> pd.Series:
    """Return the country (or bloc) of each region as strings, in the order of ``regions``; none is blank.

    ``country`` is a Series indexed by region id or the name of a column of ``regions``.
    """
    if not isinstance(regions, pd.DataFrame | pd.Index):
        raise no_regions(regions)
    index = regions if isinstance(regions, pd.Index) else regions.index
    if isinstance(country, str):
        country = _country_column(country, regions)
    if not isinstance(country, pd.Series):
        message = (
            f"country must be a Series indexed by region id; {type(country).__name__} was given. "
            "Pass pd.Series(array, index=regions.index)."
        )
        raise ColumnError(message)
    placed: pd.Series = aligned(country, index, what="countries", against=against)
    names = placed.astype(str)
    # A blank cell is no country: all that have one would be compatriots.
    absent = placed.index[placed.isna() | (names.str.strip() == "")]
    if len(absent):
        message = Phrase(
            "No country is given for {regions}. Fill the column, or drop these regions.",
            regions=named(absent),
        )
        raise ColumnError(message)
    return names


def _country_column(name: str, regions: pd.DataFrame | pd.Index) -> pd.Series:
    """Return the column of the regions that gives their countries; a name alone, without regions, is none."""
    if isinstance(regions, pd.Index):
        message = f"There is no column {name!r}, as no regions are given. Pass a Series by region id."
        raise ColumnError(message)
    if name not in regions.columns:
        message = (
            f"There is no column {name!r} that gives the country of each region; the columns are "
            f"{named(regions.columns)}. Name it: gi.read.regions(..., country=...)."
        )
        raise ColumnError(message)
    return regions[name]


def pole_flags(
    poles: pd.DataFrame | pd.Series | Iterable[str], ids: pd.Index, *, against: str = "regions"
) -> pd.Series:
    """Return whether each of ``ids`` is a pole; at least one is.

    ``poles`` is a table of ``growth_poles``, a boolean Series by region id, or the ids of the poles.
    """
    if isinstance(poles, pd.DataFrame):
        if "pole" not in poles.columns:
            message = f"The table of poles has no column 'pole'; its columns are {named(poles.columns)}."
            raise ColumnError(message)
        poles = poles["pole"]
    if isinstance(poles, pd.Series):
        flags = _flags(aligned(poles, ids, what="poles", against=against))
    else:
        flags = _listed(poles, ids, against=against)
    if not flags.any():
        message = f"None of the {len(ids):,} regions is a pole. Name at least one."
        raise ColumnError(message)
    return flags


def _flags(poles: pd.Series) -> pd.Series:
    """Return booleans; text such as "False" would count as true, so it is refused."""
    doubtful = [value for value in poles.unique() if not isinstance(value, bool | np.bool_)]
    if doubtful:
        message = (
            f"poles must be True or False in every region; found {named(doubtful)}. "
            "Pass booleans by region id, a table of growth_poles, or a list of the poles' ids."
        )
        raise ColumnError(message)
    return poles.astype(bool).rename("pole")


def _listed(poles: Iterable[str], ids: pd.Index, *, against: str) -> pd.Series:
    """Return which of ``ids`` are listed."""
    if isinstance(poles, str) or not isinstance(poles, list | tuple | set | frozenset | pd.Index):
        message = (
            "poles must be a table of growth_poles, a boolean Series by region id, or a list of ids; "
            f"{type(poles).__name__} was given."
        )
        raise ColumnError(message)
    strangers = [pole for pole in poles if not isinstance(pole, str) or pole not in ids]
    if strangers:
        message = (
            f"The list of poles has ids that are not in the {against}: {named(strangers)}. Drop them, or "
            "correct them."
        )
        raise AlignmentError(message)
    return pd.Series(ids.isin(list(poles)), index=ids, name="pole")
