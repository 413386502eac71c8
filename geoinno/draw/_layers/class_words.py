"""The words of classes in a legend: from one limit to the next, or the only value that a class has."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from geoinno.draw._layers.notation import Numerals, notation, notation_of_limits, room_beside, room_of
from geoinno.draw._layers.words import DASH

if TYPE_CHECKING:
    from collections.abc import Sequence

    from geoinno._types import Floats, Ints
    from geoinno.draw._layers.notation import Notation

# Whole numbers up to here are read one by one, as numbers of things; larger ones are rounded.
_COUNTED = 1000


class _Ends(NamedTuple):
    """The lowest and the highest number of a class, and how far each may be off."""

    low: float
    high: float
    low_room: float = 0.0
    high_room: float = 0.0


def spans(limits: Sequence[float]) -> Numerals:
    """Return classes as words from one limit to the next, the lowest first."""
    return _spans(limits, notation_of_limits(limits))


def _spans(limits: Sequence[float], written: Notation) -> Numerals:
    """Return classes from one limit to the next as a notation writes them."""
    return Numerals(tuple(_span(written, a, b) for a, b in pairwise(limits)), written.factor)


def own_words(limits: Sequence[float], values: Floats) -> Numerals:
    r"""Return the words of classes between a reader's own limits, the lowest first.

    Limits are kept, but a class that can hold one whole number alone is called by it.

    Examples
    --------
    >>> own_words([0, 1, 2, 5], np.array([0.0, 2.0, 3.0])).words
    ('0 \u2013 1', '2', '2 \u2013 5')
    """
    written = notation_of_limits(limits, own=True)
    usual = _spans(limits, written)
    if not _is_whole(values):
        return usual
    # The lowest class holds its lower limit as well.
    first, *others = pairwise(limits)
    single = [_span(written, b if b - a == 1 and a == round(a) else a, b) for a, b in others]
    return _distinct((_span(written, *first), *single), written, usual)


def class_words(limits: Sequence[float], values: Floats, codes: Ints, *, counted: bool = True) -> Numerals:
    r"""Return the words of each class, the lowest first.

    A class whose regions all have one value is called by it, and classes of small whole numbers run from the
    lowest to the highest number in them: a reader of "0.5 - 1.5 universities" looks for the half.

    Parameters
    ----------
    limits
        Limits of the classes, from the lowest value to the highest.
    values
        The values that the classes were found from.
    codes
        The class of each value, 0 for the lowest.
    counted
        Whether whole numbers are read one by one; not where a limit has a meaning of its own, as a midpoint.

    Returns
    -------
    Numerals

    Examples
    --------
    >>> class_words([0.0, 0.5, 2.5, 7.0], np.array([0.0, 0, 1, 2, 3, 7]), np.array([0, 0, 1, 1, 2, 2])).words
    ('0', '1 \u2013 2', '3 \u2013 7')
    """
    room = pairwise(room_beside(limits))
    usual = [_Ends(*pair, *rooms) for pair, rooms in zip(pairwise(limits), room, strict=True)]
    whole = counted and _is_whole(values)
    unique = len(np.unique(values)) <= len(usual)
    known = [values[codes == i] for i in range(len(usual))]
    ends = [_ends(part, span, whole=whole, unique=unique) for part, span in zip(known, usual, strict=True)]
    numbers = [number for end in ends for number in (end.low, end.high)]
    rooms = [room for end in ends for room in (end.low_room, end.high_room)]
    written = notation(numbers, np.asarray(rooms))
    return _distinct(tuple(_span(written, end.low, end.high) for end in ends), written, spans(limits))


def _is_whole(values: Floats) -> bool:
    """Tell whether values are whole numbers of a size that is counted."""
    return bool((values == np.rint(values)).all() and np.abs(values).max(initial=0) <= _COUNTED)


def _ends(members: Floats, span: _Ends, *, whole: bool, unique: bool) -> _Ends:
    """Return the ends of a class: its value, its lowest and highest whole number, or its limits."""
    if not len(members):
        return span
    low, high = float(members.min()), float(members.max())
    if low == high and (unique or len(members) > 1):
        return _Ends(low, high, room_of(low), room_of(high))
    return _Ends(low, high) if whole else span


def _span(written: Notation, low: float, high: float) -> str:
    """Return words from one number to another, or of one alone; a class of nothing has no decimals."""
    if low == high:
        return written(low) if low else "0"
    return f"{written(low)} {DASH} {written(high)}"


def _distinct(words: tuple[str, ...], written: Notation, usual: Numerals) -> Numerals:
    """Return words that differ from each other, else the usual ones."""
    return Numerals(words, written.factor) if len({*words}) == len(words) else usual
