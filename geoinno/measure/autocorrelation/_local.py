"""Local statistics on aligned values and weights."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from geoinno.measure._inference.permutations import Observed, conditional_counts
from geoinno.measure._inference.significance import adjusted, two_sided, warn_if_coarse

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from geoinno._types import Floats
    from geoinno.measure._inference.lags import Joined
    from geoinno.measure._inference.permutations import Draws

_NOTHING = 1e-12


def moran(together: Joined, draws: Draws) -> pd.DataFrame:
    """Return the local Moran of each region."""
    z, connected = together.deviations, together.connected
    lag, band = _banded(together, together.matrix @ z, np.abs(z).max())
    lag = np.where(np.abs(lag) <= band, 0.0, lag)
    around = np.where(lag > 0, "H", "L")
    quadrant = pd.Series(np.char.add(np.where(z > 0, "H", "L"), around), index=together.ids).where(connected)
    p = _p_values(together, z, (lag, band), draws=draws)
    p[connected & (z == 0)] = 1.0  # a region on the mean has I = 0 whatever its neighbours are
    columns = {
        "statistic": z / (z**2).mean() * lag,
        "lag": together.unit * (lag + together.margins * together.x.mean()),
        "quadrant": quadrant.to_numpy(),
    }
    return _table(together, columns, p, permutations=draws.count)


def getis_ord(together: Joined, draws: Draws, *, star: bool) -> pd.DataFrame:
    """Return Getis and Ord's local G of each region."""
    x, matrix, n = together.x, together.matrix, len(together.x)
    z, weight = together.deviations, together.margins
    sums, band = _banded(together, matrix @ z, np.abs(z).max())
    square = np.asarray(matrix.power(2).sum(axis=1)).ravel()
    if star:
        own = matrix.max(axis=1).toarray().ravel()
        deviate = _deviates(sums + own * z, (weight + own, square + own**2), (0.0, x.var(), n))
    else:
        mean = -z / (n - 1)
        variance = ((z**2).sum() - z**2) / (n - 1) - mean**2
        deviate = _deviates(sums, (weight, square), (mean, variance, n - 1))
    p = _p_values(together, z, (sums, band), draws=draws)
    p[np.isnan(deviate)] = np.nan  # what is not a number has no p-value
    return _table(together, {"statistic": deviate}, p, permutations=draws.count)


def geary(together: Joined, draws: Draws) -> pd.DataFrame:
    """Return the local Geary of each region."""
    z = together.deviations / together.x.std(ddof=1)
    matrix, weight = together.matrix, together.margins
    squares = z**2 * weight - 2 * z * (matrix @ z) + matrix @ z**2
    statistic, band = _banded(together, squares, 4 * (z**2).max())
    expected = weight * (z**2 * (len(z) + 1) + (z**2).sum() - z**2) / (len(z) - 1)
    likeness = pd.Series(np.where(statistic < expected, "alike", "unlike")).where(together.connected)
    p = _p_values(together, z, (statistic, band), squares=True, draws=draws)
    columns = {"statistic": statistic, "likeness": likeness.to_numpy()}
    return _table(together, columns, p, permutations=draws.count)


def _banded(together: Joined, sums: Floats, largest: float) -> tuple[Floats, Floats]:
    """Return sums of terms up to ``largest``, missing where a region is alone, and what ties with them."""
    band = together.tie * largest * np.asarray(abs(together.matrix).sum(axis=1)).ravel()
    return np.where(together.connected, sums, np.nan), band


def _deviates(
    sums: Floats, weights: tuple[Floats, Floats], moments: tuple[Floats | float, Floats | float, int]
) -> Floats:
    """Return weighted sums as standard deviates of draws without replacement.

    Missing where every draw gives one sum: the other regions are all alike, or all are neighbours.
    """
    weight, square = weights
    mean, variance, n = moments
    spread = variance * (n * square - weight**2) / (n - 1)
    sure = spread <= _NOTHING * np.max(variance) * square
    return (sums - mean * weight) / np.sqrt(np.where(sure, np.nan, spread))


def _p_values(
    together: Joined,
    values: Floats,
    observed: tuple[Floats, Floats],
    *,
    squares: bool = False,
    draws: Draws,
) -> Floats:
    """Return two-sided p-values of conditional permutations; missing where a region is alone."""
    sums, band = observed
    seen = Observed(values, together.matrix, np.stack([sums - band, sums + band]), squares)
    p = two_sided(conditional_counts(seen, draws), draws.count)
    return np.where(together.connected, p, np.nan)


def _table(
    together: Joined, columns: dict[str, NDArray[Any]], p: Floats, *, permutations: int
) -> pd.DataFrame:
    """Return statistics with p- and q-values, and how they were reached."""
    warn_if_coarse(together.n, permutations)
    table = pd.DataFrame(columns, index=together.ids).assign(p=p)
    table["q"] = adjusted(table["p"])
    table.attrs["permutations"] = permutations
    return table
