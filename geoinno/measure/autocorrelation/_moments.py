"""Moments of global statistics when values are shuffled over the regions (Cliff and Ord 1981)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from geoinno._language.phrases import Phrase
from geoinno.errors import AlignmentError

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from scipy import sparse

_LEAST = 4


@dataclass(frozen=True, slots=True)
class Sums:
    """The sums of weights that all moments need, and the number of regions they count."""

    n: float
    s0: float
    s1: float
    s2: float

    def quadruples(self) -> float:
        """Return the sum of products of weights that share no region."""
        return self.s0**2 + self.s1 - self.s2

    def triples(self) -> float:
        """Return the sum of products of weights that share one region."""
        return self.s2 - 2 * self.s1


def weight_sums(matrix: sparse.csr_array, n: int) -> Sums:
    """Return the sums for ``n`` regions."""
    if n < _LEAST:
        message = Phrase(
            "A whole-map statistic needs at least {least} regions with neighbours; there are {n}.",
            least=str(_LEAST),
            n=str(n),
        )
        raise AlignmentError(message)
    both = matrix + matrix.T
    margins = np.asarray(matrix.sum(axis=1)).ravel() + np.asarray(matrix.sum(axis=0)).ravel()
    return Sums(n, float(matrix.sum()), float((both.power(2)).sum()) / 2, float((margins**2).sum()))


def kurtosis(deviations: NDArray[np.float64]) -> float:
    """Return the fourth moment over the squared variance."""
    return float(len(deviations) * (deviations**4).sum() / (deviations**2).sum() ** 2)


def moran_variance(sums: Sums, b2: float) -> float:
    """Return the variance of Moran's I under randomisation."""
    n, s0, s1, s2 = sums.n, sums.s0, sums.s1, sums.s2
    first = n * ((n**2 - 3 * n + 3) * s1 - n * s2 + 3 * s0**2)
    second = b2 * ((n**2 - n) * s1 - 2 * n * s2 + 6 * s0**2)
    return (first - second) / ((n - 1) * (n - 2) * (n - 3) * s0**2) - 1 / (n - 1) ** 2


def geary_variance(sums: Sums, b2: float) -> float:
    """Return the variance of Geary's C under randomisation."""
    n, s0, s1, s2 = sums.n, sums.s0, sums.s1, sums.s2
    first = (n - 1) * s1 * (n**2 - 3 * n + 3 - (n - 1) * b2)
    second = (n - 1) * s2 * (n**2 + 3 * n - 6 - (n**2 - n + 2) * b2) / 4
    third = s0**2 * (n**2 - 3 - (n - 1) ** 2 * b2)
    return (first - second + third) / (n * (n - 2) * (n - 3) * s0**2)


def getis_ord_variance(sums: Sums, values: NDArray[np.float64]) -> float:
    """Return the variance of Getis and Ord's general G (Getis and Ord 1992)."""
    n, s0, s1, s2 = sums.n, sums.s0, sums.s1, sums.s2
    m1, m2, m3, m4 = ((values**k).sum() for k in (1, 2, 3, 4))
    parts = (
        ((n**2 - 3 * n + 3) * s1 - n * s2 + 3 * s0**2) * m2**2,
        -((n**2 - n) * s1 - 2 * n * s2 + 6 * s0**2) * m4,
        -(2 * n * s1 - (n + 3) * s2 + 6 * s0**2) * m1**2 * m2,
        (4 * (n - 1) * s1 - 2 * (n + 1) * s2 + 8 * s0**2) * m1 * m3,
        sums.quadruples() * m1**4,
    )
    return float(sum(parts) / ((m1**2 - m2) ** 2 * falling(n, 4)) - (s0 / (n * (n - 1))) ** 2)


def same_joins(sums: Sums, count: float) -> tuple[float, float]:
    """Return mean and variance of the joins between regions of one kind, ``count`` regions strong."""
    pairs, triples, quadruples = (falling(count, k) / falling(sums.n, k) for k in (2, 3, 4))
    mean = sums.s0 * pairs / 2
    square = (sums.s1 * pairs + sums.triples() * triples + sums.quadruples() * quadruples) / 4
    return mean, square - mean**2


def mixed_joins(sums: Sums, one: float, other: float) -> tuple[float, float]:
    """Return mean and variance of the joins between regions of two kinds."""
    n = sums.n
    mean = sums.s0 * one * other / falling(n, 2)
    pairs = 2 * sums.s1 * one * other / falling(n, 2)
    triples = sums.triples() * one * other * (one + other - 2) / falling(n, 3)
    quadruples = 4 * sums.quadruples() * falling(one, 2) * falling(other, 2) / falling(n, 4)
    return mean, (pairs + triples + quadruples) / 4 - mean**2


def falling(n: float, k: int) -> float:
    """Return n (n - 1) ... of ``k`` factors."""
    return float(np.prod([n - i for i in range(k)]))
