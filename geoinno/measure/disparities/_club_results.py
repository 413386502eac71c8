"""The result of a search for convergence clubs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

import numpy as np

from geoinno._display import Displayed
from geoinno.measure._inference.significance import finding
from geoinno.measure.disparities._log_t import CRITICAL

if TYPE_CHECKING:
    import pandas as pd

# Clubs recovered less often than this are doubtful (Hennig 2007).
_FIRM = 0.75


@dataclass(frozen=True, slots=True, eq=False)
class Clubs(Displayed):
    """Clubs of regions whose paths converge, how firm they are, and whether they are places.

    ``adjacent_share`` is the share of pairs of neighbours in one club, ``expected_share`` its mean over
    relabelled maps; both, and ``p_contiguity``, are missing without weights.
    """

    displayed_tables: ClassVar[tuple[str, ...]] = ("tests",)

    table: pd.DataFrame
    tests: pd.DataFrame
    probabilities: pd.DataFrame
    b_all: float
    t_all: float
    adjacent_share: float
    expected_share: float
    p_contiguity: float
    n: int
    draws: int
    permutations: int
    seed: int

    def __str__(self) -> str:
        """Return the result in words."""
        return " ".join(part for part in (self._clubs(), self._membership(), self._places()) if part)

    def _clubs(self) -> str:
        """Return how many clubs there are, and of what size."""
        test = f"log t: b {self.b_all:.3f}, t {self.t_all:.1f}"
        if self.t_all > CRITICAL:
            every = "Both" if self.n == 2 else f"All {self.n:,}"  # noqa: PLR2004
            return f"{every} regions converge to one path ({test}, above {CRITICAL})."
        alone = int(self.table["club"].isna().sum())
        start = f"The {self.n:,} regions do not converge to one path ({test}, critical value {CRITICAL})"
        if alone == self.n:
            return f"{start}, nor do any two of them: there is no club."
        sizes = self.tests["regions"].tolist()
        counts = f"one club of {sizes[0]}" if len(sizes) == 1 else f"{len(sizes)} clubs of {_listed(sizes)}"
        return f"{start}. They form {counts} regions, and {alone or 'none'} {_are(alone)} outside any club."

    def _membership(self) -> str:
        """Return how often regions stay with their club."""
        stays = self.table["membership"]
        if stays.isna().all():
            return ""
        loose = int((stays < _FIRM).sum())
        return (
            f"A region stays with its club in {stays.mean():.0%} of {self.draws:,} bootstrap samples on "
            f"average; {loose or 'none'} of the regions {'stays' if loose <= 1 else 'stay'} in fewer than "
            f"{_FIRM:.0%}."
        )

    def _places(self) -> str:
        """Return whether neighbours share clubs."""
        if np.isnan(self.p_contiguity):
            return ""
        more = "more" if self.adjacent_share > self.expected_share else "less"
        words = finding(
            self.p_contiguity,
            f"neighbours share a club {more} often than chance explains",
            "neighbours share a club no more or less often than chance explains",
        )
        return (
            f"Of adjacent pairs {self.adjacent_share:.0%} are in one club, of those on relabelled maps "
            f"{self.expected_share:.0%}: {words} (two-sided p {self.p_contiguity:.3g}, "
            f"{self.permutations:,} permutations)."
        )


def _listed(sizes: list[int]) -> str:
    """Return sizes as a list in words."""
    return f"{', '.join(f'{size:,}' for size in sizes[:-1])} and {sizes[-1]:,}"


def _are(count: int) -> str:
    """Return the verb that agrees with a count."""
    return "is" if count <= 1 else "are"
