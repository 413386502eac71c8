"""Results of goals: what is attainable, and what contradicts."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from geoinno._display import Displayed
from geoinno.measure.composite._conflicts import in_words

if TYPE_CHECKING:
    import pandas as pd

_LIKELY = 0.5


@dataclass(frozen=True, slots=True, eq=False)
class Goals(Displayed):
    """Goals beside what is attainable with the resources of each region.

    ``table`` has ``goal``, ``attainable`` (on the frontier of comparable regions, corrected for bias),
    ``probability`` that the goal is within the frontier, and ``gap``, goal less attainable: above zero where
    resources do not carry the goal. ``conflicts``: goals out of reach alone, and the least sets that cannot
    hold together (region, goals, shortfall as a share of the goals, words). ``frontier``, for every region
    and outcome with a goal anywhere: current, attainable, low, high.
    """

    displayed_tables: ClassVar[tuple[str, ...]] = ("table",)

    table: pd.DataFrame
    conflicts: pd.DataFrame
    frontier: pd.DataFrame
    growth: float
    draws: int
    seed: int

    def __str__(self) -> str:
        """Return the result in words."""
        held = self.table.dropna(subset=["goal", "probability"])
        likely = int((held["probability"] >= _LIKELY).sum())
        sets = self.conflicts[self.conflicts["goals"].map(len) > 1]
        more = f" and {self.growth:.0%} more of them" if self.growth > 0 else ""
        together = "No goals that are attainable alone contradict each other."
        places = sets["region"].nunique()
        if places:
            together = (
                f"Goals that are attainable alone cannot hold together in {places:,} "
                f"region{'' if places == 1 else 's'}. {sets['words'].iloc[0]}"
            )
        are = "is" if likely == 1 else "are"
        return (
            f"With the resources that regions have{more}, {likely:,} of {len(held):,} goals {are} more "
            "likely than not within what comparable regions reach (frontier corrected for bias by "
            f"{self.draws:,} bootstrap draws). {self._farthest(held)}{together}"
        )

    def _farthest(self, held: pd.DataFrame) -> str:
        """Return in words which goal is farthest out of reach, for its size."""
        beyond = held[held["gap"] > 0]
        if beyond.empty:
            return ""
        worst = (beyond["gap"] / beyond["goal"]).idxmax()
        goal, most = held.loc[[worst], ["goal", "attainable"]].to_numpy(float)[0]
        name = " in ".join(map(str, reversed(worst))) if isinstance(worst, tuple) else str(worst)
        return f"Farthest out of reach is {name}: {in_words(goal)} against {in_words(most)}. "
