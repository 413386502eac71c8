"""What other functions return, taken as arguments: the right thing, or refused with the call for it."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

import pandas as pd

from geoinno._contract.ids import named
from geoinno.errors import AlignmentError, ColumnError

if TYPE_CHECKING:
    from collections.abc import Hashable, Iterable

T = TypeVar("T")
_Table = TypeVar("_Table", bound=pd.DataFrame)


def result(value: T, kind: type | tuple[type, ...], *, name: str, source: str) -> T:
    """Return ``value`` if it is what ``source`` returns, a result of this kind."""
    if not isinstance(value, kind):
        message = f"{name} must be what {source} returns; {type(value).__name__} was given."
        raise ColumnError(message)
    return value


def table_of(table: _Table, columns: Iterable[str], *, name: str, source: str) -> _Table:
    """Return ``table`` if it has these columns, as the table has that ``source`` returns."""
    return with_columns(table, columns, name=name, remedy=f"Pass the table that {source} returns.")


def with_columns(table: _Table, columns: Iterable[str], *, name: str, remedy: str) -> _Table:
    """Return ``table`` if it is one and has these columns."""
    if not isinstance(table, pd.DataFrame):
        message = f"{name} must be a table (DataFrame); {type(table).__name__} was given. {remedy}"
        raise ColumnError(message)
    absent = [column for column in columns if column not in table.columns]
    if absent:
        words = "is no column" if len(absent) == 1 else "are no columns"
        message = f"There {words} {named(absent)} in {name}. {remedy}"
        raise ColumnError(message)
    return table


def refuse_strangers(
    ids: Iterable[Hashable], among: pd.Index, *, what: str, against: str = "regions"
) -> None:
    """Raise where ``what`` speaks of regions that are not among those of ``against``."""
    strangers = [i for i in dict.fromkeys(ids) if i not in among]
    if strangers:
        message = (
            f"The {what} have regions that are not in the {against}: {named(strangers)}. "
            "Drop them, or correct their ids."
        )
        raise AlignmentError(message)
