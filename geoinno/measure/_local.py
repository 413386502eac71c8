"""Local statistics on aligned values and weights."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from geoinno._kernels.permutation import draws, lag_counts, rows_by_degree, square_counts
from geoinno.measure._significance import adjusted, two_sided, warn_if_coarse

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from geoinno._kernels.permutation import Counts
    from geoinno.measure._links import Links

    Floats = NDArray[np.float64]
    Indices = NDArray[np.intp]
    Counted = Callable[..., Counts]


def moran(together: Links, permutations: int, seed: int) -> pd.DataFrame:
    """Return the local Moran of each region."""
    z, connected = together.deviations, together.connected
    lag = np.where(connected, together.matrix @ z, np.nan)
    m2 = (z**2).mean()
    own, around = np.where(z > 0, "H", "L"), np.where(lag > 0, "H", "L")
    quadrant = pd.Series(np.char.add(own, around), index=together.ids).where(connected)
    p = _p_values(together, z, lag, counted=lag_counts, permutations=permutations, seed=seed)
    p[connected & (z == 0)] = 1.0  # a region on the mean has I = 0 whatever its neighbours are
    level = np.asarray(together.matrix.sum(axis=1)).ravel() * together.x.mean()
    return _table(
        together,
        {"statistic": z / m2 * lag, "lag": lag + level, "quadrant": quadrant.to_numpy()},
        p,
        permutations=permutations,
    )


def getis_ord(together: Links, permutations: int, seed: int, *, star: bool) -> pd.DataFrame:
    """Return Getis and Ord's local G of each region."""
    x, matrix, n = together.x, together.matrix, len(together.x)
    sums = np.where(together.connected, matrix @ x, np.nan)
    weight = np.asarray(matrix.sum(axis=1)).ravel()
    square = np.asarray(matrix.power(2).sum(axis=1)).ravel()
    if star:
        own = matrix.max(axis=1).toarray().ravel()
        deviate = _deviates(sums + own * x, (weight + own, square + own**2), (x.mean(), x.var(), n))
    else:
        mean = (x.sum() - x) / (n - 1)
        variance = ((x**2).sum() - x**2) / (n - 1) - mean**2
        deviate = _deviates(sums, (weight, square), (mean, variance, n - 1))
    p = _p_values(together, x, sums, counted=lag_counts, permutations=permutations, seed=seed)
    return _table(together, {"statistic": deviate}, p, permutations=permutations)


def geary(together: Links, permutations: int, seed: int) -> pd.DataFrame:
    """Return the local Geary of each region."""
    z = together.deviations / together.x.std(ddof=1)
    matrix = together.matrix
    weight = np.asarray(matrix.sum(axis=1)).ravel()
    squares = z**2 * weight - 2 * z * (matrix @ z) + matrix @ z**2
    statistic = np.where(together.connected, squares, np.nan)
    p = _p_values(together, z, statistic, counted=square_counts, permutations=permutations, seed=seed)
    return _table(together, {"statistic": statistic}, p, permutations=permutations)


def _deviates(
    sums: Floats, weights: tuple[Floats, Floats], moments: tuple[Floats | float, Floats | float, int]
) -> Floats:
    """Return weighted sums as standard deviates of draws without replacement."""
    weight, square = weights
    mean, variance, n = moments
    return (sums - mean * weight) / np.sqrt(variance * (n * square - weight**2) / (n - 1))


def _p_values(
    together: Links, values: Floats, observed: Floats, *, counted: Counted, permutations: int, seed: int
) -> Floats:
    """Return two-sided p-values of conditional permutations; missing where a region is alone."""
    p = np.full(len(values), np.nan)
    for rows in rows_by_degree(together.matrix.indptr, together.matrix.data):
        table = draws(len(values), rows.neighbours + 1, count=permutations, seed=seed)
        p[rows.sites] = two_sided(counted(values, observed[rows.sites], rows, table=table), permutations)
    return p


def _table(together: Links, columns: dict[str, Floats], p: Floats, *, permutations: int) -> pd.DataFrame:
    """Return statistics with p- and q-values, and how they were reached."""
    warn_if_coarse(together.n, permutations)
    table = pd.DataFrame(columns, index=together.ids).assign(p=p)
    table["q"] = adjusted(table["p"])
    table.attrs["permutations"] = permutations
    return table
