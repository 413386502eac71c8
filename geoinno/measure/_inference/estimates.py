"""Tables of estimates with their standard errors and normal intervals."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import pandas as pd
from scipy import special

from geoinno._types import LEVEL

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from geoinno._types import Floats


# The functions of scipy.special: those of scipy.stats take a millisecond a call.
_REACH = float(special.ndtri((1 + LEVEL) / 2))


class Interval(NamedTuple):
    """An estimate with its 95% interval."""

    estimate: float
    low: float
    high: float

    def __str__(self) -> str:
        """Return the estimate, and the interval in brackets."""
        return f"{self.estimate:.3g} ({self.low:.3g} to {self.high:.3g})"

    def mapped(self, function: Callable[[float], float]) -> Interval:
        """Return a monotonic function of the estimate and of its bounds, in order."""
        with np.errstate(over="ignore"):  # a bound may be infinite
            middle, *ends = (float(function(value)) for value in self)
        return Interval(middle, min(ends), max(ends))


def around(value: float, se: float) -> Interval:
    """Return the normal 95% interval around a value."""
    reach = _REACH * se
    return Interval(value, value - reach, value + reach)


def coefficients(
    names: Sequence[str] | pd.Index, estimates: Floats, covariance_matrix: Floats
) -> pd.DataFrame:
    """Return the table of estimates with their normal 95% intervals."""
    se = np.sqrt(np.diagonal(covariance_matrix))
    z = estimates / se
    reach = _REACH * se
    p = 2 * special.ndtr(-np.abs(z))
    values = np.column_stack([estimates, se, z, p, estimates - reach, estimates + reach])
    return pd.DataFrame(values, pd.Index(names, name="term"), _columns().copy())


@cache
def _columns() -> pd.Index:
    """Return the columns of estimates: an index of strings takes longer than the rest of the table."""
    return pd.Index(["estimate", "se", "z", "p", "low", "high"])
