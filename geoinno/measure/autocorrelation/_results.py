"""Results of whole-map statistics, which describe themselves in words."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar, NamedTuple

from geoinno._display import Displayed
from geoinno._types import ALPHA

if TYPE_CHECKING:
    import pandas as pd


def _regions(n: int, isolates: int) -> str:
    """Return how many regions took part."""
    left = f"; {isolates} without neighbours left out" if isolates else ""
    return f"{n} regions{left}"


class Comparison(NamedTuple):
    """A statistic beside its null: the first fields of every result on a whole map, in their order."""

    statistic: float
    expected: float
    variance: float
    z: float
    p_normal: float
    p: float


@dataclass(frozen=True, slots=True)
class Autocorrelation(Displayed):
    """A statistic of a whole map, beside what it would be if values were shuffled over the map.

    ``expected``, ``variance``, ``z`` and ``p_normal`` rest on the moments under randomisation, ``p`` on
    permutations; both p-values are two-sided, and missing where the statistic is not defined. ``n``
    counts the regions with neighbours, ``isolates`` the others, which take no part.
    """

    title: ClassVar[str] = "statistic"
    above: ClassVar[str] = "The statistic is higher than chance would explain"
    below: ClassVar[str] = "The statistic is lower than chance would explain"
    neither: ClassVar[str] = "The statistic is no different from what chance would explain"

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
        if math.isnan(self.p):
            return f"The {self.title} of these values is not defined, over {_regions(self.n, self.isolates)}."
        finding = self.neither
        if self.p <= ALPHA:
            finding = self.above if self.statistic > self.expected else self.below
        return (
            f"{finding}: {self.title} {self.statistic:.4f} (expected {self.expected:.4f}; two-sided p "
            f"{self.p:.4g}, {self.permutations:,} permutations), over {_regions(self.n, self.isolates)}."
        )


@dataclass(frozen=True, slots=True)
class Moran(Autocorrelation):
    """Moran's I of a map: above its expectation, neighbours are alike; below, unlike."""

    title: ClassVar[str] = "Moran's I"
    above: ClassVar[str] = "Neighbours are alike"
    below: ClassVar[str] = "Neighbours are unlike"
    neither: ClassVar[str] = "Neighbours are no more alike or unlike than chance would explain"


@dataclass(frozen=True, slots=True)
class BivariateMoran(Moran):
    """Moran's I of two indicators: whether regions high in one lie beside regions high in the other."""

    title: ClassVar[str] = "bivariate Moran's I"
    above: ClassVar[str] = "Regions high in one indicator lie beside regions high in the other"
    below: ClassVar[str] = "Regions high in one indicator lie beside regions low in the other"
    neither: ClassVar[str] = "One indicator of a region and the other of its neighbours are unrelated"


@dataclass(frozen=True, slots=True)
class Lee(Autocorrelation):
    """Lee's L of two indicators: Pearson's r of both, smoothed over neighbours.

    ``expected`` and ``variance`` are those of the shuffles; ``pearson`` is r without smoothing.
    """

    title: ClassVar[str] = "Lee's L"
    above: ClassVar[str] = "Neighbourhoods high in one indicator are high in the other"
    below: ClassVar[str] = "Neighbourhoods high in one indicator are low in the other"
    neither: ClassVar[str] = (
        "The two indicators are no more related across neighbourhoods than chance would explain"
    )

    pearson: float


@dataclass(frozen=True, slots=True)
class Geary(Autocorrelation):
    """Geary's C of a map: below one, neighbours are alike; above one, unlike.

    ``z`` is positive where neighbours are alike, as in R's spdep; esda's has the other sign.
    """

    title: ClassVar[str] = "Geary's C"
    above: ClassVar[str] = "Neighbours differ more than chance would explain"
    below: ClassVar[str] = "Neighbours differ less than chance would explain"
    neither: ClassVar[str] = "Neighbours differ no more or less than chance would explain"


@dataclass(frozen=True, slots=True)
class GetisOrd(Autocorrelation):
    """Getis and Ord's general G of a map: high values lie together above its expectation, low ones below."""

    title: ClassVar[str] = "general G"
    above: ClassVar[str] = "High values lie together"
    below: ClassVar[str] = "Low values lie together"
    neither: ClassVar[str] = "Neither high nor low values lie together more than chance would explain"


@dataclass(frozen=True, slots=True, eq=False)
class JoinCounts(Displayed):
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
        names = {pair: " beside ".join(self.kinds[kind] for kind in pair) for pair in self.table.index}
        rows = (
            f"{names[pair]} {row['count']:.1f} (expected {row['expected']:.1f}, p {row['p']:.4g})"
            for pair, row in self.table.iterrows()
        )
        return f"Joins: {'; '.join(rows)}, over {_regions(self.n, self.isolates)}."


@dataclass(frozen=True, slots=True, eq=False)
class CrossBorderMoran(Displayed):
    """Local Moran in a domestic and a foreign part, which add up.

    ``table`` has the parts by region; ``statistic`` is their sum over the sum of weights, which is Moran's I;
    ``domestic`` and ``foreign`` are what both kinds of neighbours contribute to it, and
    ``foreign_share`` is the latter's share (missing where I is zero).
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
        share = "" if math.isnan(self.foreign_share) else f" ({round(self.foreign_share, 2) + 0.0:.0%})"
        return (
            f"Neighbours abroad contribute {self.foreign:.4f} of Moran's I {self.statistic:.4f}{share}; "
            f"clusters of {across} regions reach across a border and those of {cut} are cut at it, "
            f"over {_regions(self.n, self.isolates)} ({self.permutations:,} permutations)."
        )
