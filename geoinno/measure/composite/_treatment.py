"""Outliers by the rule of skewness and kurtosis: the outermost values drawn in, or logs."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from geoinno._types import Bools, Floats

# The rule of thumb of the audits of the OECD and the JRC: both limits must be passed.
SKEWNESS, KURTOSIS, WINSORISED = 2.0, 3.5, 5
_LEAST = 4  # values that an unbiased kurtosis needs


def moments(cells: Floats) -> tuple[Floats, Floats]:
    """Return skewness G1 and excess kurtosis G2 of each column, as samples' (Joanes and Gill 1998)."""
    known = np.isfinite(cells)
    n = known.sum(axis=0).astype(np.float64)
    n[n < _LEAST] = np.nan
    if known.all():
        off = cells - cells.mean(axis=0)
    else:
        off = np.where(known, cells - np.where(known, cells, 0).sum(axis=0) / n, 0)
    square = off * off
    # Products are summed as they are formed: no table of third and fourth powers is written to memory.
    second, third, fourth = (
        np.einsum("ij,ij->j", a, b) / n for a, b in ((off, off), (square, off), (square, square))
    )
    with np.errstate(divide="ignore", invalid="ignore"):  # constant columns have no skewness
        skewness = np.sqrt(n * (n - 1)) / (n - 2) * third / second**1.5
        excess = fourth / second**2 - 3
        kurtosis = (n - 1) / ((n - 2) * (n - 3)) * ((n + 1) * excess + 6)
    return skewness, kurtosis


def with_outliers(cells: Floats) -> Bools:
    """Return which columns are beyond both limits."""
    skewness, kurtosis = moments(cells)
    found: Bools = (np.abs(skewness) > SKEWNESS) & (kurtosis > KURTOSIS)
    return found


def treated(column: Floats, rule: str) -> tuple[Floats, str]:
    """Return a column beyond the limits brought within them, and the step that did it."""
    if rule == "winsorise":
        inside = winsorised(column)
        if inside is not None:
            return inside, "winsorised"
    return logged(column), "log"


def winsorised(column: Floats) -> Floats | None:
    """Return a column with up to five outermost values set to the next one, or None if that is not enough.

    Equal outermost values are drawn in together or not at all.
    """
    inside, drawn = column.copy(), np.zeros(len(column), dtype=bool)
    while (sign := _long_tail(inside)) != 0:
        side = sign * inside
        outermost = side == np.nanmax(side)
        drawn |= outermost
        if drawn.sum() > WINSORISED:
            return None
        inside[outermost] = sign * np.nanmax(side[~outermost])
    return inside


def _long_tail(column: Floats) -> float:
    """Return 1 or -1 for the side of the long tail of a column beyond both limits, 0 for others."""
    skewness, kurtosis = moments(column[:, None])
    beyond = abs(skewness[0]) > SKEWNESS and kurtosis[0] > KURTOSIS
    return float(np.sign(skewness[0])) if beyond else 0.0


def logged(column: Floats) -> Floats:
    """Return ln((f max - 1) (x - min) / (max - min) + 1), mirrored where the long tail is the lower one.

    The factor f, a power of ten, is 1 unless the maximum is 1 or less: the logarithm would then bend little,
    or the wrong way (Global Innovation Index, appendix on methods).
    """
    mirrored = moments(column[:, None])[0][0] < 0
    side = -column if mirrored else column
    low, high = np.nanmin(side), np.nanmax(side)
    top = high if high > 0 else high - low
    factor = 1.0 if top > 1 else 10.0 ** (1 - np.floor(np.log10(top)))
    result = np.log1p((factor * top - 1) * (side - low) / (high - low))
    return -result if mirrored else result
