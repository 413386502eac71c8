"""Rows chosen by conditions such as ``indicator == 'GDP' and year == 2016``; nothing is ever evaluated."""

from __future__ import annotations

import operator
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pandas as pd

from geoinno import _contract
from geoinno.errors import ColumnError, OptionError
from geoinno.read import _ids, _numbers

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

_TOKEN = re.compile(
    r"""\s*(?:(?P<quoted>`[^`]*`|'[^']*'|"[^"]*")|(?P<number>[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?\b)
    |(?P<word>[^\W\d]\w*)|(?P<sign>==|!=|<>|<=|>=|[=<>(),&\[\]]))""",
    re.VERBOSE,
)
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


def chosen(table: pd.DataFrame, where: str, *, file: Path, point: str | None) -> pd.DataFrame:
    """Return the rows for which every condition holds; there is at least one."""
    kept = pd.Series(data=True, index=table.index)
    for condition in conditions(where):
        column = _ids.column(table, condition.column, file=file)
        texts = any(isinstance(value, str) for value in condition.literals)
        kept &= _met(column if texts else _numeric(column, point), condition)
        if not kept.any():
            held = _contract.named(column.drop_duplicates())
            message = f"No row of {file.name} meets {where!r}: column {condition.column!r} holds {held}."
            raise ColumnError(message)
    return table[kept].reset_index(drop=True)


def conditions(where: str) -> list[Condition]:
    """Return the conditions in a text, which are joined by ``and``."""
    tokens = _tokens(where)
    found: list[Condition] = []
    while tokens:
        if found and tokens.pop(0)[1].lower() not in ("and", "&"):
            raise _unreadable(where)
        found.append(_condition(tokens, where))
    if not found:
        raise _unreadable(where)
    return found


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


def _numeric(column: pd.Series, point: str | None) -> pd.Series:
    """Return a column of text as numbers, as far as it holds any."""
    return _numbers.read(column.to_frame(), point=point, fallback=".").table.iloc[:, 0]


def _unreadable(where: object) -> OptionError:
    """Return the error for conditions that cannot be read."""
    return OptionError(
        f"where={where!r:.200} cannot be read. It is a column, one of == != < <= > >= in, and a number or a "
        f"text in quotes, joined by 'and': {_EXAMPLE}."
    )
