"""Rows chosen by conditions such as ``indicator == 'GDP' and year == 2016``; nothing is ever evaluated."""

from __future__ import annotations

import operator
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeVar

import pandas as pd

from geoinno._contract.ids import named
from geoinno.errors import ColumnError, OptionError

if TYPE_CHECKING:
    from collections.abc import Callable

_TOKEN = re.compile(
    r"""\s*(?:(?P<quoted>`[^`]*`|'[^']*'|"[^"]*")|(?P<number>[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?\b)
    |(?P<word>[^\W\d]\w*)|(?P<sign>==|!=|<>|<=|>=|[=<>(),&|\[\]]))""",
    re.VERBOSE,
)
Table = TypeVar("Table", bound=pd.DataFrame)
_SIGNS: dict[str, Callable[[Any, Any], Any]] = {
    "==": operator.eq,
    "=": operator.eq,
    "!=": operator.ne,
    "<>": operator.ne,
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}
_EXAMPLE = "where=\"indicator == 'GDP' and year == 2016\""


@dataclass(frozen=True, slots=True)
class Condition:
    """A column, a sign, and what it is compared with."""

    column: str
    sign: str
    literals: tuple[str | float, ...]


def conditions(where: str) -> list[list[Condition]]:
    """Return the conditions in a text: groups joined by ``or``, of conditions joined by ``and``."""
    tokens = _tokens(where)
    found = [[_condition(tokens, where)]]
    while tokens:
        word = tokens.pop(0)[1].lower()
        if word in ("or", "|"):
            found.append([])
        elif word not in ("and", "&"):
            raise _unreadable(where)
        found[-1].append(_condition(tokens, where))
    return found


def columns_in(where: str) -> list[str]:
    """Return the columns that conditions speak of."""
    return [condition.column for group in conditions(where) for condition in group]


def fulfilled(where: str, columns: dict[str, pd.Series]) -> pd.Series:
    """Return which rows meet the conditions, of columns that are there."""
    groups = [
        pd.concat([_met(columns[condition.column], condition) for condition in group], axis=1).all(axis=1)
        for group in conditions(where)
    ]
    return pd.concat(groups, axis=1).any(axis=1)


def compares_text(where: str, column: str) -> bool:
    """Return whether conditions compare a column with text."""
    found = [c for group in conditions(where) for c in group if c.column == column]
    return any(isinstance(value, str) for condition in found for value in condition.literals)


def fitting(table: Table, where: str, *, name: str) -> Table:
    """Return the regions that meet the conditions which the option ``name`` gives."""
    strange = [column for column in columns_in(where) if column not in table.columns]
    if strange:
        message = f"{name} names the column {strange[0]!r}; the columns are {named(table.columns)}."
        raise ColumnError(message)
    kept = fulfilled(where, {column: table[column] for column in columns_in(where)})
    if not kept.any():
        message = f"No region meets {name} {where!r}."
        raise OptionError(message)
    return table[kept.to_numpy()]


def _tokens(where: str) -> list[tuple[str, str]]:
    """Return the kind and the text of each part."""
    if not isinstance(where, str):
        raise _unreadable(where)
    found: list[tuple[str, str]] = []
    place, text = 0, where.rstrip()
    while place < len(text):
        part = _TOKEN.match(text, place)
        if part is None or part.lastgroup is None:
            raise _unreadable(where)
        found.append((part.lastgroup, part[part.lastgroup]))
        place = part.end()
    return found


def _condition(tokens: list[tuple[str, str]], where: str) -> Condition:
    """Take one condition off the tokens."""
    try:
        kind, name = tokens.pop(0)
        sign = tokens.pop(0)[1].lower()
        if sign == "not":
            sign += f" {tokens.pop(0)[1].lower()}"
        values = _listed(tokens) if sign in ("in", "not in") else (_value(*tokens.pop(0)),)
    except (IndexError, ValueError) as error:
        raise _unreadable(where) from error
    if kind not in ("word", "quoted") or sign not in (*_SIGNS, "in", "not in"):
        raise _unreadable(where)
    return Condition(name.strip("`'\""), sign, values)


def _listed(tokens: list[tuple[str, str]]) -> tuple[str | float, ...]:
    """Take a list in brackets off the tokens."""
    if tokens.pop(0)[1] not in ("(", "["):
        raise ValueError
    values: list[str | float] = []
    while tokens[0][1] not in (")", "]"):
        values.append(_value(*tokens.pop(0)))
        if tokens[0][1] == ",":
            tokens.pop(0)
    tokens.pop(0)
    return tuple(values)


def _value(kind: str, text: str) -> str | float:
    """Return a number or a text in quotes."""
    if kind == "number":
        return float(text)
    if kind != "quoted" or text.startswith("`"):
        raise ValueError
    return text[1:-1]


def _met(column: pd.Series, condition: Condition) -> pd.Series:
    """Return for which rows a condition holds; a number is compared with numbers, a text with text."""
    if condition.sign in ("in", "not in"):
        equal = [_met(column, Condition(condition.column, "==", (value,))) for value in condition.literals]
        inside = pd.concat(equal, axis=1).any(axis=1) if equal else pd.Series(data=False, index=column.index)
        return ~inside if condition.sign == "not in" else inside
    value = condition.literals[0]
    if not isinstance(value, str):
        return _SIGNS[condition.sign](pd.to_numeric(column, errors="coerce"), value)
    if pd.api.types.is_numeric_dtype(column):
        message = f"Column {condition.column!r} holds numbers: compare it with a number, without quotes."
        raise OptionError(message)
    return _SIGNS[condition.sign](column.astype(str).str.strip(), value)


def _unreadable(where: object) -> OptionError:
    """Return the error for conditions that cannot be read."""
    return OptionError(
        f"where={where!r:.200} cannot be read. It is a column, one of == != < <= > >= in, and a number or a "
        f"text in quotes, joined by 'and' or 'or': {_EXAMPLE}."
    )
