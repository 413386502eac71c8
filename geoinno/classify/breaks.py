"""Class breaks: numbers into classes."""

from __future__ import annotations

import warnings
from itertools import pairwise
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
import pandas as pd

from geoinno._contract import named, numbers, option, titled, whole
from geoinno._language.phrases import Phrase
from geoinno.errors import ColumnError, DataWarning, OptionError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

Scheme = Literal["quantiles", "equal", "jenks", "std", "headtail", "maximum", "pretty"]
_CLASSIFIERS = {
    "equal": "EqualInterval",
    "jenks": "FisherJenks",
    "std": "StdMean",
    "headtail": "HeadTailBreaks",
    "maximum": "MaximumBreaks",
    "pretty": "PrettyBreaks",
}
_SCHEMES = ("quantiles", *_CLASSIFIERS)
_COUNTED = frozenset({"quantiles", "equal", "jenks", "maximum", "pretty"})
_TIED = frozenset({"quantiles", "jenks", "maximum"})
_EXTREME = 300  # a power of two: the square of 2^300 is still far from the largest float, 2^1024


def classes(
    values: pd.Series, *, scheme: Scheme | Sequence[float] = "quantiles", count: int = 5
) -> pd.Series:
    """Return the class of each value.

    Parameters
    ----------
    values
        Numbers by region id; missing ones have no class.
    scheme
        ``quantiles``: equally many regions in each class. ``equal``: equal intervals. ``jenks``:
        least variance within classes (Fisher). ``std``: standard deviations from the mean.
        ``headtail``: for heavy tails. ``maximum``: at the widest gaps. ``pretty``: round limits.
        Or the limits themselves, from the lowest to the highest.
    count
        Number of classes; ``std`` and ``headtail`` find their own.

    Returns
    -------
    Series
        Ordered categories, each an interval that holds its upper limit (the first holds the
        lowest value too), by the index of ``values``. Tied values are never split, so there may be
        fewer classes than ``count``; a warning says so.

    Raises
    ------
    ColumnError
        If values are not numeric, all missing or all equal, or limits do not hold all values.
    OptionError
        If the scheme or the count is invalid, or limits do not rise.

    Examples
    --------
    >>> import geoinno as gi
    >>> place = gi.read.sample("central_asia")
    >>> gi.classify.classes(place.regions["primacy"], count=4).value_counts().to_list()
    [12, 12, 12, 12]
    """
    found = limits(values, scheme=scheme, count=count)
    known = numbers(values, missing=True)
    bins: Any = pd.IntervalIndex.from_breaks(found, closed="right")
    position = np.searchsorted(np.asarray(found[1:-1]), known.to_numpy(), side="left")
    codes = np.where(known.isna(), -1, position)
    cells = pd.Categorical.from_codes(codes, categories=bins, ordered=True)
    return pd.Series(cells, index=values.index, name=values.name)


def limits(
    values: pd.Series, *, scheme: Scheme | Sequence[float] = "quantiles", count: int = 5
) -> tuple[float, ...]:
    """Return the limits of the classes, from the lowest value to the highest.

    Parameters
    ----------
    values, scheme, count
        As in `classes`.

    Returns
    -------
    tuple of float
        One more than there are classes, strictly rising.

    Raises
    ------
    ColumnError, OptionError
        As in `classes`.

    Examples
    --------
    >>> import pandas as pd
    >>> import geoinno as gi
    >>> gi.classify.limits(pd.Series([1.0, 2, 3, 4], index=list("abcd")), scheme="equal", count=3)
    (1.0, 2.0, 3.0, 4.0)
    """
    known = numbers(values, missing=True).dropna()
    if not len(known):
        message = Phrase(
            "{column} has no value in any region, so it cannot be classed.", column=titled(values)
        )
        raise ColumnError(message)
    if not isinstance(scheme, str):
        return _given(known, scheme)
    option(scheme, _SCHEMES, name="scheme")
    distinct = np.unique(known.to_numpy())
    if len(distinct) == 1:
        message = Phrase(
            "{column} has the same value in every region, so it cannot be classed.", column=titled(values)
        )
        raise ColumnError(message)
    if len(distinct) <= whole(count, name="count") and scheme in _COUNTED:
        return _one_each(distinct)
    return _found(known, scheme, count)


def _found(known: pd.Series, scheme: str, count: int) -> tuple[float, ...]:
    """Return limits by a scheme, with a warning where ties leave fewer classes than ``count``."""
    data = known.to_numpy()
    low, high = float(data.min()), float(data.max())
    inner = np.unique(_upper_limits(data, scheme, count))
    inner = inner[(inner >= low) & (inner < high)]
    if len(inner) and inner[0] == low:
        # The lowest value has a class of its own: it ends half-way to the next value, so that it has width.
        inner[0] = min([low + (data[data > low].min() - low) / 2, *inner[1:2]])
        inner = np.unique(inner[inner > low])
    if scheme in _TIED:
        inner = _filled(data, inner)
    found = (low, *(float(limit) for limit in inner), high)
    if scheme in _TIED and len(found) - 1 < count:
        message = f"{titled(known)} has {len(found) - 1} classes instead of {count}: ties are not split."
        warnings.warn(message, DataWarning, stacklevel=4)
    return found


def _filled(data: NDArray[np.float64], inner: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the limits below which a value lies that the limit before does not hold.

    Quantiles are interpolated: where values are tied, a limit between two of them may hold nobody.
    """
    below = np.searchsorted(np.sort(data), inner, side="right")
    return inner[np.diff(below, prepend=0) > 0]


def _upper_limits(data: NDArray[np.float64], scheme: str, count: int) -> NDArray[np.float64]:
    """Return the upper limits of a scheme, as mapclassify finds them."""
    # Squares and sums of very large or very small numbers leave the range of floats. A power of two takes
    # them back into it and rounds nothing; others are left alone, so that round limits stay round.
    exponent = int(np.frexp(np.abs(data).max())[1])
    shift = exponent if abs(exponent) > _EXTREME else 0
    scaled = np.ldexp(data, -shift)
    # Nearly all maps have quantiles, and mapclassify takes seconds to load: it compiles at every import.
    found = _quantiles(scaled, count) if scheme == "quantiles" else _classified(scaled, scheme, count)
    with np.errstate(over="ignore"):  # a limit beyond the highest value is dropped
        return np.ldexp(found, shift)


def _quantiles(data: NDArray[np.float64], count: int) -> NDArray[np.float64]:
    """Return the upper limits of equally many values each, interpolated between neighbours."""
    share = 100 / count
    return np.percentile(data, np.minimum(share + share * np.arange(count), 100))


def _classified(data: NDArray[np.float64], scheme: str, count: int) -> NDArray[np.float64]:
    """Return the upper limits that mapclassify finds."""
    import mapclassify

    classifier = getattr(mapclassify, _CLASSIFIERS[scheme])
    with warnings.catch_warnings():
        # We warn of collapsed classes in our own words.
        warnings.simplefilter("ignore", UserWarning)
        model = classifier(data, k=count) if scheme in _COUNTED else classifier(data)
    return np.asarray(model.bins, dtype=np.float64)


def _one_each(distinct: NDArray[np.float64]) -> tuple[float, ...]:
    """Return limits that give each of a few distinct values its own class."""
    middles = distinct[:-1] / 2 + distinct[1:] / 2
    return (float(distinct[0]), *(float(m) for m in middles), float(distinct[-1]))


def _given(known: pd.Series, scheme: Sequence[float]) -> tuple[float, ...]:
    """Return the user's limits, if they rise and hold all values."""
    try:
        found = tuple(float(limit) for limit in scheme)
    except (TypeError, ValueError):
        message = (
            f"scheme must be one of {', '.join(map(repr, _SCHEMES))}, or a list of limits; "
            f"{scheme!r} was given."
        )
        raise OptionError(message) from None
    if len(found) < 2 or not all(a < b for a, b in pairwise(found)):  # noqa: PLR2004
        message = f"Class limits must rise from the lowest to the highest; {found} were given."
        raise OptionError(message)
    outside = known.index[(known < found[0]) | (known > found[-1])]
    if len(outside):
        message = (
            f"The limits {found[0]:g} to {found[-1]:g} leave out {named(outside)}. "
            "Move the first or the last limit outwards."
        )
        raise ColumnError(message)
    return found
