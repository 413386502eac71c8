"""Results of mobility: chains of classes, chains by the class of neighbours, and ranks."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from geoinno._display import Displayed
from geoinno.measure._inference.significance import finding

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True, slots=True, eq=False)
class Markov(Displayed):
    """Moves between classes of regions from one year to the next, and what they lead to.

    ``classes`` by region and year; ``homogeneity_p`` tests whether the first and the second half of the
    years share one chain.
    """

    counts: pd.DataFrame
    probabilities: pd.DataFrame
    steady: pd.Series
    first_passage: pd.DataFrame
    mobility: float
    homogeneity_q: float
    homogeneity_df: int
    homogeneity_p: float
    classes: pd.DataFrame
    n: int
    step: float

    def __str__(self) -> str:
        """Return the result in words."""
        stay = np.trace(self.counts.to_numpy()) / self.counts.to_numpy().sum()
        moves = int(self.counts.to_numpy().sum())
        test = f"between the halves of the years (p {self.homogeneity_p:.3g})"
        change = finding(
            self.homogeneity_p,
            f"The chain differs {test}",
            f"The chain does not differ {test}",
            untested="Whether the chain changes over time cannot be tested",
        )
        length = f"{self.step:g} year{'' if self.step == 1 else 's'}"
        index = (
            "there is no index of mobility, because no region was in one of the classes"
            if np.isnan(self.mobility)
            else f"Shorrocks' index of mobility is {self.mobility:.3f} (0: nobody moves, 1: where a "
            "region was says nothing of where it will be)"
        )
        return (
            f"In {moves:,} moves of {self.n:,} regions, each {length} long, {stay:.0%} stay in their class; "
            f"{index}. {change}."
        )


@dataclass(frozen=True, slots=True, eq=False)
class SpatialMarkov(Displayed):
    """Moves between classes for each class of neighbours at the start, and a test of their likeness."""

    counts: pd.DataFrame
    probabilities: pd.DataFrame
    q: float
    df: int
    p: float
    n: int

    def __str__(self) -> str:
        """Return the result in words."""
        words = finding(
            self.p,
            "How regions move depends on the class of their neighbours",
            "There is no evidence that moves depend on the class of neighbours",
            untested=(
                "Whether moves depend on neighbours cannot be tested: no class has moves in two contexts"
            ),
        )
        moves = int(self.counts.to_numpy().sum())
        return f"{words} (Q {self.q:.1f}, {self.df} df, p {self.p:.3g}; {moves:,} moves, {self.n:,} regions)."


@dataclass(frozen=True, slots=True, eq=False)
class RankMobility(Displayed):
    """How ranks of regions hold from each year to the next, and whether neighbours move together.

    ``table`` by year of arrival: Kendall's ``tau`` and, with weights, ``near`` and ``far`` (tau among pairs
    of neighbours and among others). ``ranks`` by region and year: 1 is the highest.
    """

    table: pd.DataFrame
    ranks: pd.DataFrame
    tau: float
    n: int

    def __str__(self) -> str:
        """Return the result in words."""
        first, last = self.ranks.columns[[0, -1]]
        swapped = (1 - self.tau) / 2
        return (
            f"From {first} to {last} Kendall's tau of ranks is {self.tau:.3f}: {swapped:.0%} of pairs of "
            f"regions have changed their order (ties counted as half; {self.n:,} regions; from one year to "
            f"the next, tau is {self.table['tau'].min():.3f} to {self.table['tau'].max():.3f})."
        )
