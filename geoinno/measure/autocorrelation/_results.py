"""Results of whole-map statistics, which say themselves in words."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pandas as pd

_ALPHA = 0.05


def _told(title: str, statistic: float, expected: float, *, p: float, permutations: int) -> str:
    """Return statistic, expectation and p-value as a clause."""
    tested = f"two-sided p {p:.4g}, {permutations:,} permutations"
    return f"{title} {statistic:.4f} (expected {expected:.4f}; {tested})"


def _regions(n: int, isolates: int) -> str:
    """Return how many regions took part."""
    left = f"; {isolates} without neighbours are left out" if isolates else ""
    return f"{n} regions{left}"


@dataclass(frozen=True, slots=True)
class Moran:
    """Moran's I of a map: above its expectation, neighbours are alike; below, unlike.

    ``z`` and ``p_normal`` rest on the variance under randomisation, ``p`` on permutations; both
    p-values are two-sided. ``n`` counts regions with neighbours, ``isolates`` the others.
    """

    statistic: float
    expected: float
    variance: float
    z: float
    p_normal: float
    p: float
    n: int
    isolates: int
    permutations: int
    seed: int

    def __str__(self) -> str:
        """Return the result in words."""
        if self.p > _ALPHA:
            finding = "Neighbours are neither more alike nor more unlike than chance would make them"
        else:
            finding = f"Neighbours are {'alike' if self.statistic > self.expected else 'unlike'}"
        told = _told("Moran's I", self.statistic, self.expected, p=self.p, permutations=self.permutations)
        return f"{finding}: {told}, over {_regions(self.n, self.isolates)}."


@dataclass(frozen=True, slots=True)
class Geary:
    """Geary's C of a map: below one, neighbours are alike; above one, unlike.

    ``z`` is positive where neighbours are alike, as in R's spdep; esda's has the other sign.
    """

    statistic: float
    expected: float
    variance: float
    z: float
    p_normal: float
    p: float
    n: int
    isolates: int
    permutations: int
    seed: int

    def __str__(self) -> str:
        """Return the result in words."""
        if self.p > _ALPHA:
            finding = "Neighbours differ as much as chance would make them"
        else:
            finding = (
                f"Neighbours differ {'less' if self.statistic < 1 else 'more'} than chance would make them"
            )
        told = _told("Geary's C", self.statistic, self.expected, p=self.p, permutations=self.permutations)
        return f"{finding}: {told}, over {_regions(self.n, self.isolates)}."


@dataclass(frozen=True, slots=True)
class GetisOrd:
    """Getis and Ord's general G of a map: above its expectation high values meet, below it low ones."""

    statistic: float
    expected: float
    variance: float
    z: float
    p_normal: float
    p: float
    n: int
    isolates: int
    permutations: int
    seed: int

    def __str__(self) -> str:
        """Return the result in words."""
        if self.p > _ALPHA:
            finding = "Neither high nor low values meet more than chance would make them"
        else:
            finding = f"{'High' if self.statistic > self.expected else 'Low'} values meet"
        told = _told("general G", self.statistic, self.expected, p=self.p, permutations=self.permutations)
        return f"{finding}: {told}, over {_regions(self.n, self.isolates)}."


@dataclass(frozen=True, slots=True, eq=False)
class JoinCounts:
    """Joins between neighbouring regions of the same and of different kinds.

    ``table`` has a row for each pair of kinds: count, expected, variance, z, p_normal, p.
    ``kinds`` names them: B has the property, W has not.
    """

    table: pd.DataFrame
    kinds: dict[str, str]
    n: int
    isolates: int
    permutations: int
    seed: int

    def __str__(self) -> str:
        """Return the result in words."""
        rows = (
            f"{pair} {row['count']:.1f} (expected {row['expected']:.1f}, p {row['p']:.4g})"
            for pair, row in self.table.iterrows()
        )
        return f"Joins: {'; '.join(rows)}, over {_regions(self.n, self.isolates)}."


@dataclass(frozen=True, slots=True, eq=False)
class CrossBorderMoran:
    """Local Moran in a domestic and a foreign part, which add up.

    ``table`` has the parts by region; ``statistic`` is their sum over the sum of weights: Moran's I,
    with deviations from the mean of all regions, isolates included;
    ``domestic`` and ``foreign`` what both kinds of neighbours contribute to it, and
    ``foreign_share`` the latter's share (missing where I is zero).
    """

    table: pd.DataFrame
    statistic: float
    domestic: float
    foreign: float
    foreign_share: float
    n: int
    isolates: int
    permutations: int
    seed: int

    def __str__(self) -> str:
        """Return the result in words."""
        cut = int(self.table["label"].str.endswith("cut at the border").sum())
        across = int(self.table["label"].str.endswith("across the border").sum())
        return (
            f"Neighbours abroad contribute {self.foreign:.4f} of Moran's I {self.statistic:.4f} "
            f"({self.foreign_share:.0%}); {across} clusters reach across a border and {cut} are cut at it, "
            f"over {_regions(self.n, self.isolates)} ({self.permutations:,} permutations)."
        )
