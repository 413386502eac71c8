"""Results of opening borders and of accession."""

from __future__ import annotations

from dataclasses import dataclass
from math import expm1
from typing import TYPE_CHECKING

from geoinno._display import Displayed
from geoinno.simulate._words import amount, extremes, listed, percent

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True, slots=True, eq=False)
class Opening(Displayed):
    """What a change of trade costs does, in partial, conditional and full equilibrium side by side.

    ``table`` by region: ``partial``, ``conditional`` and ``full`` changes of exports and the change of
    ``welfare`` in full equilibrium, as shares. ``flows``: ``origin``, ``destination`` (own pairs included),
    ``before``, ``partial``, ``conditional``, ``full``. ``borders``: the same for each pair of regions whose
    costs change, both directions together, as shares. ``before``, ``after`` (full) and ``change`` (shares) by
    region. ``intervals``: 95% intervals of the columns of ``table``, or None where nothing was drawn.
    """

    table: pd.DataFrame
    flows: pd.DataFrame
    borders: pd.DataFrame
    before: pd.DataFrame
    after: pd.DataFrame
    change: pd.DataFrame
    intervals: pd.DataFrame | None
    elasticity: float
    deficits: str

    def __str__(self) -> str:
        """Return the result, its assumptions and its uncertainty in words."""
        if self.borders.empty:
            return f"Nothing changes: the costs of trade of {len(self.table):,} regions stay as they are."
        total = self.borders[["before", "partial", "conditional", "full"]].sum()
        partial, conditional, full = (
            percent(total[effect] / total["before"] - 1) for effect in ("partial", "conditional", "full")
        )
        welfare = self.table["welfare"]
        gain = int((welfare > 0).sum())
        return (
            f"Trade over the {len(self.borders):,} borders that open or close changes by {full} in full "
            f"general equilibrium ({partial} if nothing else moved, {conditional} at given incomes). Welfare "
            f"changes {extremes(welfare)}; {gain:,} of {len(welfare):,} regions gain. Assumed: a trade "
            f"elasticity of {self.elasticity:g}, {self.deficits} deficits, and that nobody moves; world "
            f"production stays as it is. {self._uncertainty()}"
        )

    def _uncertainty(self) -> str:
        """Return how sure the welfare of the region that gains most is."""
        if self.intervals is None:
            return "No uncertainty was drawn: give change_se and elasticity_se for intervals."
        most = str(self.table["welfare"].idxmax())
        low, high = self.intervals.loc[[most], ["welfare_low", "welfare_high"]].to_numpy()[0]
        return f"The 95% interval for the welfare of {most} runs from {percent(low)} to {percent(high)}."


@dataclass(frozen=True, slots=True, eq=False)
class Accession(Displayed):
    """What it is worth that members join a bloc, to whom, and who brings it about.

    ``shapley``: the value that each joining member adds, by Shapley; ``shapley_se`` its standard error, zero
    where every coalition was solved. ``values``: the value of each coalition, by the names of its members.
    ``curve`` by number of members: ``coalitions``, ``mean``, ``low``, ``high`` and ``marginal``, the mean
    gain over one member fewer. ``table`` by region, all having joined: ``role``, ``welfare`` (change as a
    share) and ``value``. ``before``, ``after`` and ``change``: ``endogenous``, ``exogenous`` and
    ``potential``.
    """

    shapley: pd.Series
    shapley_se: pd.Series
    table: pd.DataFrame
    curve: pd.DataFrame
    values: pd.Series
    before: pd.DataFrame
    after: pd.DataFrame
    change: pd.DataFrame
    exact: bool
    effect: float
    elasticity: float

    def __str__(self) -> str:
        """Return the result, its assumptions and its uncertainty in words."""
        names = list(self.shapley.index)
        total = float(self.values.iloc[-1])
        world = self.table["value"].sum() / self.table["production"].sum()
        first = str(self.shapley.idxmax())
        share = f"{first} accounts for the largest part, {amount(self.shapley[first])}"
        error = "" if self.exact else f" (standard error {amount(self.shapley_se[first])})"
        return (
            f"If {listed(names)} {'join' if len(names) > 1 else 'joins'}, the value of the bloc to all "
            f"regions is {amount(total)}, {percent(world)} of production; {share}{error}, by Shapley. "
            f"{self._marginal()} {self._outsiders()} Assumed: flows within the bloc change by "
            f"{percent(expm1(self.effect))} before prices respond, a trade elasticity of "
            f"{self.elasticity:g}, full general equilibrium. {self._uncertainty()}"
        )

    def _marginal(self) -> str:
        """Return how the gain from a further member changes with their number."""
        steps = self.curve["marginal"].dropna()
        if len(steps) == 1:
            return "One member joins, so there is no curve."
        ends = f"from {amount(steps.iloc[0])} for the first to {amount(steps.iloc[-1])} for the last"
        way = "rises" if steps.iloc[-1] > steps.iloc[0] else "falls"
        return f"The mean value of a further member {way} {ends}."

    def _outsiders(self) -> str:
        """Return what happens to those who stay outside."""
        outside = self.table[self.table["role"] == "outsider"]
        if outside.empty:
            return "There are no outsiders."
        lose = int((outside["welfare"] < 0).sum())
        return (
            f"Of {len(outside):,} outsiders {lose:,} lose, and their welfare changes "
            f"{extremes(outside['welfare'])}."
        )

    def _uncertainty(self) -> str:
        """Return whether all coalitions were solved."""
        if self.exact:
            return f"All {len(self.values):,} coalitions were solved; the effect itself is taken as known."
        return (
            f"{len(self.values):,} coalitions were drawn; shares have standard errors, and the effect itself "
            "is taken as known."
        )
