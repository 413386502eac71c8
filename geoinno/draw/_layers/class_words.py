"""The words of classes in a legend: from one limit to the next, or the only value that a class has."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np

from geoinno.draw._layers.words import DASH, limits_in_words, number

if TYPE_CHECKING:
    from collections.abc import Sequence

    from geoinno._types import Floats, Ints

# Whole numbers up to here are read one by one, as numbers of things; larger ones are rounded.
_COUNTED = 1000


def spans(limits: Sequence[float]) -> list[str]:
    """Return classes as words from one limit to the next, the lowest first."""
    return [_span(a, b) for a, b in pairwise(limits_in_words(limits))]


def own_words(limits: Sequence[float], values: Floats) -> list[str]:
    r"""Return the words of classes between a reader's own limits, the lowest first.

    Limits are kept, but a class that can hold one whole number alone is called by it.

    Examples
    --------
    >>> own_words([0, 1, 2, 5], np.array([0.0, 2.0, 3.0]))
    ['0 \u2013 1', '2', '2 \u2013 5']
    """
    usual = spans(limits)
    if not _is_whole(values):
        return usual
    # The lowest class holds its lower limit as well.
    first, *others = zip(pairwise(limits), usual, strict=True)
    single = [number(b) if b - a == 1 and a == round(a) else span for (a, b), span in others]
    words = [first[1], *single]
    return words if len({*words}) == len(words) else usual


def class_words(limits: Sequence[float], values: Floats, codes: Ints, *, counted: bool = True) -> list[str]:
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
    list of str

    Examples
    --------
    >>> class_words([0.0, 0.5, 2.5, 7.0], np.array([0.0, 0, 1, 2, 3, 7]), np.array([0, 0, 1, 1, 2, 2]))
    ['0', '1 \u2013 2', '3 \u2013 7']
    """
    usual = spans(limits)
    known = [values[codes == i] for i in range(len(usual))]
    whole = counted and _is_whole(values)
    unique = len(np.unique(values)) <= len(usual)
    words = [_words(part, span, whole=whole, unique=unique) for part, span in zip(known, usual, strict=True)]
    return words if len({*words}) == len(words) else usual


def _is_whole(values: Floats) -> bool:
    """Tell whether values are whole numbers of a size that is counted."""
    return bool((values == np.rint(values)).all() and np.abs(values).max(initial=0) <= _COUNTED)


def _words(members: Floats, span: str, *, whole: bool, unique: bool) -> str:
    """Return the words of a class: its value, its lowest and highest whole number, or its limits."""
    if not len(members):
        return span
    low, high = float(members.min()), float(members.max())
    tied = low == high and (unique or len(members) > 1)
    return _span(number(low), number(high)) if whole or tied else span


def _span(low: str, high: str) -> str:
    """Return words from one number to another, or of one alone."""
    return low if low == high else f"{low} {DASH} {high}"
