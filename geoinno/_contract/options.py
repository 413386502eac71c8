"""Options: words, numbers and counts that callers choose."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

import numpy as np

from geoinno.errors import OptionError

if TYPE_CHECKING:
    from collections.abc import Sequence

T = TypeVar("T")


def option(value: str, allowed: Sequence[str], *, name: str) -> str:
    """Return ``value`` if it is one of the ``allowed`` words."""
    if value not in allowed:
        words = ", ".join(repr(a) for a in allowed)
        message = f"{name} must be one of {words}; {value!r} was given."
        raise OptionError(message)
    return value


def positive(value: float, *, name: str, zero: bool = False) -> float:
    """Return ``value`` if it is a finite number above zero (or at zero, with ``zero=True``)."""
    number = isinstance(value, int | float | np.number) and not isinstance(value, bool)
    if not number or not np.isfinite(value) or value < 0 or (value == 0 and not zero):
        bound = "of zero or more" if zero else "above zero"
        message = f"{name} must be a finite number {bound}; {value!r} was given."
        raise OptionError(message)
    return float(value)


def finite_number(value: float, *, name: str) -> float:
    """Return ``value`` if it is a finite number of any sign."""
    number = isinstance(value, int | float | np.number) and not isinstance(value, bool)
    if not number or not np.isfinite(value):
        message = f"{name} must be a finite number; {value!r} was given."
        raise OptionError(message)
    return float(value)


def whole(value: int, *, name: str, least: int = 1) -> int:
    """Return ``value`` if it is a whole number of at least ``least``."""
    if not isinstance(value, int | np.integer) or isinstance(value, bool) or value < least:
        message = f"{name} must be a whole number of at least {least:,}; {value!r} was given."
        raise OptionError(message)
    return int(value)


def instance(value: T, kind: type[T], *, name: str, example: str) -> T:
    """Return ``value`` if it is of this kind, which the ``example`` makes."""
    if not isinstance(value, kind):
        article = "an" if kind.__name__[0] in "AEIOU" else "a"
        message = (
            f"{name} must be {article} {kind.__name__} such as {example}; {type(value).__name__} was given."
        )
        raise OptionError(message)
    return value
