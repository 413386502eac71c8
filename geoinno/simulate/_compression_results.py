"""Result of compression: potential before and after, and who gains."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from geoinno._display import Displayed
from geoinno.simulate._words import extremes, part, percent

if TYPE_CHECKING:
    import pandas as pd

# Changes of inequality that are none: a thousandth of the Gini's range.
_STEADY = 1e-3


@dataclass(frozen=True, slots=True, eq=False)
class Compression(Displayed):
    """What faster movement does to potential.

    ``before`` and ``after`` as `geoinno.measure.market_potential`; ``change`` their differences. ``table`` by
    region: ``gain`` of the total (a share) and ``compression``, the share by which the mean cost of reaching
    mass falls; with poles, ``type_before`` and ``type_after``. ``inequality`` of potential between regions:
    rows ``gini`` and ``theil``, columns ``before`` and ``after``.
    """

    before: pd.DataFrame
    after: pd.DataFrame
    change: pd.DataFrame
    table: pd.DataFrame
    inequality: pd.DataFrame
    assumed: str

    def __str__(self) -> str:
        """Return the result, its assumptions and its uncertainty in words."""
        gain = self.table["gain"].dropna()
        mean = self.table["compression"].mean()
        total = self.after["total"].sum() / self.before["total"].sum() - 1
        return (
            f"Space shrinks: reaching the mass of the other regions costs {100 * mean:.3g}% less on average, "
            f"and potential changes by {percent(total)} in all, {extremes(gain)}. "
            f"{self._inequality()}{self._types()} Assumed: {self.assumed}, and masses and the decay stay as "
            "they are. Nothing is drawn at random: the result is as sure as the decay, so vary its "
            "half-distance."
        )

    def _inequality(self) -> str:
        """Return whether core or periphery gains."""
        before, after = self.inequality.loc["gini", ["before", "after"]].to_numpy(float)
        gini = f"(Gini of potential {before:.3f} before, {after:.3f} after)"
        if abs(after - before) < _STEADY:
            return f"Core and periphery gain alike {gini}."
        ahead, behind = ("core", "periphery") if after > before else ("periphery", "core")
        return f"The {ahead} gains more than the {behind} {gini}."

    def _types(self) -> str:
        """Return how many regions become another kind of space."""
        if "type_after" not in self.table:
            return ""
        moved = int((self.table["type_before"].astype(str) != self.table["type_after"].astype(str)).sum())
        return f" {part(moved, len(self.table), noun='region', verb='become')} another kind of space."
