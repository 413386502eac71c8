"""P-values, q-values, and what a number of permutations can resolve."""

from __future__ import annotations

import math
import warnings
from typing import TYPE_CHECKING, Literal

import numpy as np
import pandas as pd
from scipy import special

from geoinno._types import ALPHA
from geoinno.errors import DataWarning

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from geoinno.measure._inference.permutations import Counts

_SHARE = 4


def two_sided(counts: Counts, permutations: int) -> NDArray[np.float64]:
    """Return twice the smaller tail, the observed value counted among the draws (at most 1)."""
    tail = np.minimum(counts.above, counts.below)
    return np.minimum(1.0, 2.0 * (tail + 1) / (permutations + 1))


def two_sided_normal(z: float) -> float:
    """Return the two-sided p-value of a standard normal deviate."""
    return float(special.erfc(abs(z) / math.sqrt(2)))


def finding(p: float, found: str, otherwise: str, *, untested: str = "") -> str:
    """Return the words for what a test says: found, not found, or that it could not be run."""
    if math.isnan(p):
        return untested
    return found if p <= ALPHA else otherwise


def adjusted(p: pd.Series, *, method: Literal["bh", "by"] = "bh") -> pd.Series:
    """Return q-values: the smallest false discovery rate at which each p-value passes.

    Benjamini and Hochberg (1995), or Benjamini and Yekutieli (2001) under any dependence. Missing
    p-values stay missing and are not counted.
    """
    known = p.dropna()
    n = len(known)
    order = np.argsort(known.to_numpy(), kind="stable")
    rank = np.arange(1, n + 1)
    scale = n * (np.sum(1.0 / rank) if method == "by" else 1.0)
    smallest = known.to_numpy()[order]
    lowest = np.minimum.accumulate((smallest * scale / rank)[::-1])[::-1]
    q = np.empty(n)
    q[order] = np.clip(lowest, smallest, 1.0)  # rounding must not take q below p
    return pd.Series(q, index=known.index).reindex(p.index)


def warn_if_coarse(n: int, permutations: int) -> None:
    """Warn where even the smallest p-value needs many companions to pass at a q-value of 0.05."""
    needed = math.ceil(2 * n / (ALPHA * (permutations + 1)))
    if needed > max(1, n / _SHARE):  # a region that needs no other needs no warning
        enough = math.ceil(2 * n / ALPHA)
        message = (
            f"With {permutations:,} permutations a region can pass at q <= {ALPHA} only together with "
            f"{needed - 1:,} others of {n:,}; alone it can with {enough:,}."
        )
        warnings.warn(message, DataWarning, stacklevel=5)
