"""Result of the choice of links."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from geoinno._display import Displayed
from geoinno.simulate._words import amount, extremes, listed, percent

if TYPE_CHECKING:
    import pandas as pd

# From this ratio of what links gain together to what they gain alone, they complement each other.
_MORE = 1.01
# What is raised, and what its gain is a share of.
_WORDS = {
    "potential": ("potential", "all potential"),
    "people": ("what people reach", "all that people reach"),
    "welfare": ("welfare", "production in welfare"),
}


@dataclass(frozen=True, slots=True, eq=False)
class Links(Displayed):
    """The best set of links under a budget.

    ``table`` by link: the columns of the links, ``chosen``, ``alone`` (what the link gains by itself) and
    ``within`` (what the chosen set loses without it; missing for others). ``before``, ``after`` and
    ``change``: potential by region. ``gain`` of the objective, ``bound`` that no set exceeds, and ``gap``,
    the share of the bound that the chosen set may miss: 0 where the search was exact. ``ties`` counts the
    other sets of the same price that gain as much, where the search was exact.
    """

    table: pd.DataFrame
    before: pd.DataFrame
    after: pd.DataFrame
    change: pd.DataFrame
    gain: float
    bound: float
    exact: bool
    ties: int
    spent: float
    budget: float
    total: float
    objective: str

    @property
    def gap(self) -> float:
        """The share of the bound that the chosen set may miss."""
        return 1 - self.gain / self.bound if self.bound else 0.0

    @property
    def chosen(self) -> pd.DataFrame:
        """The links that were chosen."""
        return self.table[self.table["chosen"]]

    def __str__(self) -> str:
        """Return the result, its assumptions and its uncertainty in words."""
        if self.chosen.empty:
            return f"No link within the budget of {self.budget:g} raises {_WORDS[self.objective][0]}."
        names = [
            f"{a}\u2013{b}" for a, b in zip(self.chosen["origin"], self.chosen["destination"], strict=True)
        ]
        shares = self.after["total"] / self.before["total"].where(self.before["total"] > 0) - 1
        return (
            f"With a budget of {self.budget:g}, {listed(names)} gain{'s' if len(names) == 1 else ''} most: "
            f"{percent(self.gain / self.total)} of {_WORDS[self.objective][1]}. Potential changes "
            f"{extremes(shares.dropna())}. "
            f"{self._together()} {self._certainty()} Assumed: masses and the decay stay as they are, and "
            "links lead both ways."
        )

    def _together(self) -> str:
        """Return whether the links complement each other."""
        alone = float(self.chosen["alone"].sum())
        if len(self.chosen) == 1:
            return f"It gains {amount(self.gain)}."
        than = "more than" if self.gain > _MORE * alone else "no more than"
        return f"Together they gain {amount(self.gain)}, {than} the {amount(alone)} of each by itself."

    def _certainty(self) -> str:
        """Return whether another set could gain more, or as much."""
        if not self.exact:
            return (
                f"At most {100 * self.gap:.3g}% of the possible gain is missed (greedy search with exchange, "
                "against a computed bound)."
            )
        if self.ties == 0:
            return "No other set within the budget gains more."
        others = "One other set gains" if self.ties == 1 else f"{self.ties:,} other sets gain"
        return f"{others} as much for the same price; the one whose links come first by name is given."
