"""Results of opening borders and of accession."""

from __future__ import annotations

from dataclasses import dataclass
from math import expm1
from typing import TYPE_CHECKING

import numpy as np

from geoinno._display import Displayed
from geoinno.simulate._words import NOTHING, amount, extremes, listed, part, percent

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
        welfare = self.table["welfare"]
        if self.borders.empty and not welfare.any():
            return f"Nothing changes: trade between {len(self.table):,} regions costs what it did."
        gain = int((welfare > NOTHING).sum())
        return (
            f"{self._trade()} Welfare changes {extremes(welfare)}; "
            f"{part(gain, len(welfare), noun='region', verb='gain')}. Assumed: a trade elasticity of "
            f"{self.elasticity:g}, {self.deficits} deficits, and that nobody moves; world production stays "
            f"as it is. {self._uncertainty()}"
        )

    def _trade(self) -> str:
        """Return how trade over the borders changes; where there was none, there is nothing to change."""
        if self.borders.empty:
            return "No border opens or closes; costs change within regions alone."
        total = self.borders[["before", "partial", "conditional", "full"]].sum()
        between = "Between {} and {}".format(*self.borders[["first", "second"]].iloc[0])
        if len(self.borders) > 1:
            between = f"Between the {len(self.borders):,} pairs of regions whose trade costs change"
        if total["before"] == 0:
            return f"{between} there was no trade, so none is predicted: changes scale what there is."
        partial, conditional, full = (
            percent(total[effect] / total["before"] - 1) for effect in ("partial", "conditional", "full")
        )
        return (
            f"{between}, trade changes by {full} in full general equilibrium ({partial} if nothing else "
            f"moved, {conditional} at given incomes)."
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
        share = f"{first} accounts for {self._most()}, {amount(self.shapley[first])}"
        error = "" if self.exact else f" (standard error {amount(self.shapley_se[first])})"
        return (
            f"If {listed(names)} {'join' if len(names) > 1 else 'joins'}, the value of the bloc to all "
            f"regions is {amount(total)}, {percent(world)} of production; {share}{error}, by Shapley. "
            f"{self._marginal()} {self._outsiders()} Assumed: flows within the bloc change by "
            f"{percent(expm1(self.effect))} before prices respond, a trade elasticity of "
            f"{self.elasticity:g}, full general equilibrium. {self._uncertainty()}"
        )

    def _most(self) -> str:
        """Return how much of the value the member with the largest share accounts for."""
        if len(self.shapley) == 1:
            return "all of it"
        alike = np.isclose(self.shapley, self.shapley.max(), rtol=1e-6, atol=0).sum() > 1
        return "as much as any" if alike else "the largest part"

    def _marginal(self) -> str:
        """Return how the gain from a further member changes with their number."""
        steps = self.curve["marginal"].dropna()
        if len(steps) == 1:
            return "One member joins, so there is no curve."
        if np.isclose(steps.iloc[0], steps.iloc[-1], rtol=1e-6, atol=0):
            return f"The mean value of a further member is {amount(steps.iloc[0])}, first and last."
        ends = f"from {amount(steps.iloc[0])} for the first to {amount(steps.iloc[-1])} for the last"
        way = "rises" if steps.iloc[-1] > steps.iloc[0] else "falls"
        return f"The mean value of a further member {way} {ends}."

    def _outsiders(self) -> str:
        """Return what happens to those who stay outside."""
        outside = self.table[self.table["role"] == "outsider"]
        if outside.empty:
            return "There are no outsiders."
        if len(outside) == 1:
            only = outside.index[0]
            return (
                f"The welfare of {only}, the only outsider, changes by {percent(outside['welfare'].iloc[0])}."
            )
        lose = int((outside["welfare"] < -NOTHING).sum())
        return (
            f"{part(lose, len(outside), noun='outsider', verb='lose')}; the welfare of outsiders changes "
            f"{extremes(outside['welfare'])}."
        )

    def _uncertainty(self) -> str:
        """Return whether all coalitions were solved."""
        if self.exact:
            every = "Both" if len(self.values) == 2 else f"All {len(self.values):,}"  # noqa: PLR2004
            return f"{every} coalitions were solved; the effect itself is taken as known."
        return (
            f"{len(self.values):,} coalitions were drawn; shares have standard errors, and the effect itself "
            "is taken as known."
        )
