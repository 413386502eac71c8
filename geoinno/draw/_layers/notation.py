"""Notation: how the numbers of one legend are written, with the same decimals unless these are many."""

from __future__ import annotations

import math
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np

from geoinno._language.numbers import LARGE, THIN, fixed

if TYPE_CHECKING:
    from collections.abc import Sequence

    from geoinno._types import Floats

# A class limit may be off by this share of the narrower class beside it, and a value by this share of itself.
_ROUNDING, _SHOWN = 0.02, 5e-4
_MOST_DECIMALS = 16
# A limit above zero is not written as zero where so many decimals more prevent it; a reader's own limit is
# written in full where so many are enough.
_FOR_ZERO, _FOR_OWN = 1, 3
# Millions are written with so many decimals at most, and none of the numbers falls below this share of one.
_SCALED_DECIMALS, _LEAST_SCALED = 2, 0.1
# Up to here, numbers of a legend that do not go together in millions are written out.
_WRITTEN_OUT = 1e8
# Beyond so many decimals, small numbers are written in multiples of a power of ten.
_PLAIN_DECIMALS = 4
# Where the largest number would have more digits than this, as 74.64075 beside 0.00043, each number has the
# decimals that it needs.
_MOST_DIGITS = 5
_SUPERSCRIPT = str.maketrans(
    "-0123456789", "\u207b\u2070\u00b9\u00b2\u00b3\u2074\u2075\u2076\u2077\u2078\u2079"
)


@dataclass(frozen=True, slots=True)
class Numerals:
    """Numbers or spans in words, and the power of ten that all of them are multiples of."""

    words: tuple[str, ...]
    factor: str = ""


@dataclass(frozen=True, slots=True)
class Notation:
    """How all numbers of a legend are written: their decimals, after division by ``unit``.

    ``scale`` is the word for the unit that follows each number; ``factor`` stands in the heading instead.
    With ``digits``, a number has only the decimals that so many significant digits need.
    """

    decimals: int
    unit: float = 1.0
    scale: str = ""
    factor: str = ""
    digits: int | None = None

    def __call__(self, value: float) -> str:
        """Return a number in words."""
        decimals = self.decimals if self.digits is None else _needed(value, self.digits, self.decimals)
        rounded = round(value / self.unit, decimals)
        words = fixed(rounded, max(decimals, 0))
        return f"{words}{THIN}{self.scale}" if self.scale else words


def notation_of_limits(limits: Sequence[float], *, own: bool = False) -> Notation:
    """Return the notation of class limits; those of a reader's ``own`` are written in full."""
    return notation(limits, room_beside(limits), own=own)


def notation_of_values(values: Sequence[float]) -> Notation:
    """Return the notation of values that a legend tells one by one."""
    return notation(values, np.array([room_of(value) for value in values]))


def room_beside(limits: Sequence[float]) -> Floats:
    """Return how far each class limit may be off."""
    return _ROUNDING * _narrower_widths(limits)


def room_of(value: float) -> float:
    """Return how far a value may be off that stands alone."""
    return _SHOWN * abs(value)


def notation(values: Sequence[float], room: Floats, *, own: bool = False) -> Notation:
    """Return the fewest decimals that tell all numbers apart and bring each within its ``room``."""
    numbers = np.asarray(values, dtype=np.float64)
    largest = float(np.abs(numbers).max(initial=0.0))
    if not largest:
        return Notation(0)
    decimals = _decimals(numbers, room, own=own)
    if decimals > _PLAIN_DECIMALS and largest < 1:
        exponent = 3 * math.floor(math.log10(largest) / 3)
        power = f"\u00d710{str(exponent).translate(_SUPERSCRIPT)}"
        return Notation(max(decimals + exponent, 0), 10.0**exponent, factor=power)
    scaled = _scaled(numbers, largest, decimals)
    if scaled is None and not own and decimals > 0 and len(f"{largest:.0f}") + decimals > _MOST_DIGITS:
        return Notation(decimals, digits=_significant(numbers, room, decimals))
    return scaled or Notation(decimals)


def _significant(numbers: Floats, room: Floats, decimals: int) -> int:
    """Return the fewest significant digits that tell all numbers apart and bring each within its room."""
    for digits in range(1, _MOST_DECIMALS):
        rounded = np.array([round(value, _needed(value, digits, decimals)) for value in numbers])
        if _are_near(numbers, rounded, room):
            return digits
    return _MOST_DECIMALS


def _needed(value: float, digits: int, decimals: int) -> int:
    """Return the decimals that so many significant digits of a number need, and no more than ``decimals``."""
    if not value:
        return 0
    return min(max(digits - 1 - math.floor(math.log10(abs(value))), 0), decimals)


def _scaled(numbers: Floats, largest: float, decimals: int) -> Notation | None:
    """Return the notation in millions, billions or trillions that suits all numbers, the largest first."""
    least = float(np.abs(numbers[numbers != 0]).min())
    usual: list[Notation] = []
    wide: list[Notation] = []
    for size, word in LARGE:
        scaled = Notation(max(decimals + round(math.log10(size)), 0), size, scale=word)
        if round(largest, decimals) >= size and scaled.decimals <= _SCALED_DECIMALS:
            (usual if least >= _LEAST_SCALED * size else wide).append(scaled)
    fitting = usual or (wide if largest >= _WRITTEN_OUT else [])
    return fitting[0] if fitting else None


def _decimals(numbers: Floats, room: Floats, *, own: bool) -> int:
    """Return the number of decimals; below zero, digits before the decimal mark are zeros too."""
    fewest = -math.floor(math.log10(float(np.abs(numbers).max())))
    candidates = range(fewest, _MOST_DECIMALS + max(fewest, 0) + 1)
    enough = next((d for d in candidates if _tells_apart(numbers, room, d)), candidates[-1])
    for more, strict in ((_FOR_OWN if own else 0, _is_in_full), (_FOR_ZERO, _keeps_zero)):
        finer = range(enough, enough + more + 1)
        enough = next((d for d in finer if strict(numbers, d)), enough)
    return enough


def _tells_apart(numbers: Floats, room: Floats, decimals: int) -> bool:
    """Return whether so many decimals keep numbers apart and near what they are."""
    return _are_near(numbers, np.round(numbers, decimals), room)


def _are_near(numbers: Floats, rounded: Floats, room: Floats) -> bool:
    """Return whether rounded numbers are apart where the numbers are, and within the room of each."""
    slack = 1e-12 * np.abs(numbers)
    near = bool((np.abs(rounded - numbers) <= room + slack).all())
    return near and len(np.unique(rounded)) == len(np.unique(numbers))


def _is_in_full(numbers: Floats, decimals: int) -> bool:
    """Return whether so many decimals are all that the numbers have."""
    return bool(np.allclose(np.round(numbers, decimals), numbers, rtol=1e-12, atol=0))


def _keeps_zero(numbers: Floats, decimals: int) -> bool:
    """Return whether nothing but zero is written as zero."""
    return bool((np.round(numbers, decimals)[numbers != 0] != 0).all())


def _narrower_widths(limits: Sequence[float]) -> Floats:
    """Return the width of the narrower class beside each limit, empty classes aside."""
    widths = [b - a for a, b in pairwise(limits)]
    sides = zip([0.0, *widths], [*widths, 0.0], strict=True)
    return np.array([min((width for width in pair if width > 0), default=0.0) for pair in sides])
