"""Checked goals: what is a goal, what is a cost, and what may not be mixed."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from geoinno import _contract
from geoinno._language.phrases import Phrase
from geoinno.errors import AlignmentError, ColumnError, OptionError
from geoinno.measure.composite import _tables

if TYPE_CHECKING:
    from collections.abc import Mapping

LEVELS = ("final", "intermediate")
FORMS = ("integral", "differential")
_MIXED = {
    "level": (
        "Goals mix what is final ({first}) with what is intermediate ({second}): an intermediate result is "
        "a means to the final one, so one effort would count twice. State goals of one level at a time."
    ),
    "form": (
        "Goals mix what is integral ({first}) with what is differential ({second}): an integral goal is a "
        "state to be reached, a differential one a change over the period, and no one frontier holds both. "
        "Turn all into states, or all into changes."
    ),
}


def outcome_table(outcomes: pd.DataFrame, what: str) -> pd.DataFrame:
    """Return known numbers of zero or more by region."""
    table = _tables.indicator_table(outcomes, what=what, missing=False)
    _contract.refuse_cells(
        table,
        table.to_numpy() < 0,
        words="is negative in",
        remedy="State it so that it is zero or more: of outcomes more is better, of resources more costs.",
    )
    return table


def _as_table(goals: pd.Series | pd.DataFrame) -> pd.DataFrame:
    """Return goals for one outcome, named as it is, as a table."""
    if not isinstance(goals, pd.Series):
        return goals
    if goals.name is None:
        message = Phrase(
            "The goals have no name: name them as a column of the outcomes, goals.rename('patents')."
        )
        raise ColumnError(message)
    return goals.to_frame()


def goal_table(goals: pd.Series | pd.DataFrame, outcomes: pd.DataFrame) -> pd.DataFrame:
    """Return goals by region and outcome, rows in the order of the outcomes; missing where there is none."""
    table = _tables.indicator_table(_as_table(goals), what="goals")
    strangers = [name for name in table.columns if name not in outcomes.columns]
    if strangers:
        message = Phrase(
            "Goals are named as columns of the outcomes; {names} are not. Rename them, such as "
            "goals.rename('patents').",
            names=_contract.named(strangers),
        )
        raise ColumnError(message)
    absent = table.index.difference(outcomes.index)
    if len(absent):
        message = Phrase(
            "Goals are set for regions without outcomes: {regions}. Give their outcomes, or drop these "
            "goals.",
            regions=_contract.named(absent),
        )
        raise AlignmentError(message)
    if table.isna().all(axis=None):
        message = Phrase("Every goal is missing. Give a number for at least one region.")
        raise ColumnError(message)
    _contract.refuse_cells(
        table, table.to_numpy() < 0, words="is negative in", remedy="Goals are zero or more."
    )
    return table


def refuse_costs(goals: pd.DataFrame, outcomes: pd.DataFrame, resources: pd.DataFrame) -> None:
    """Raise where a goal is what is spent, under its own name or another."""
    for name in goals.columns:
        same = [r for r in resources.columns if r == name or (resources[r] == outcomes[name]).all()]
        if same:
            message = Phrase(
                "{goal} is a goal and, as {resource}, a resource. Costs are no goals: to spend more "
                "is not to reach more. Leave it out of one of the two.",
                goal=repr(name),
                resource=repr(same[0]),
            )
            raise ColumnError(message)


def refuse_mixtures(goals: pd.DataFrame, kinds: pd.DataFrame | None) -> None:
    """Raise where goals of different kinds stand side by side, with the reason."""
    if kinds is None:
        return
    table = _kinds(kinds)
    absent = [name for name in goals.columns if name not in table.index]
    if absent:
        message = Phrase(
            "kinds has no row for the goals {goals}. Say of each its level and its form.",
            goals=_contract.named(absent),
        )
        raise ColumnError(message)
    given = table.loc[goals.columns]
    costs = given.index[given["level"] == "cost"]
    if len(costs):
        message = Phrase(
            "Costs are no goals: {goals}. Spending is a means; move it to resources.",
            goals=_contract.named(costs),
        )
        raise ColumnError(message)
    for column, words in (("level", LEVELS), ("form", FORMS)):
        _refuse_mixture(given[column], words)


def _refuse_mixture(given: pd.Series, words: tuple[str, ...]) -> None:
    """Raise where goals differ in their level, or in their form."""
    for word in given:
        _contract.option(word, words, name=f"{given.name} in kinds")
    if len(set(given)) > 1:
        groups = [_contract.named(given.index[given == word]) for word in words]
        template = _MIXED[str(given.name)]
        message = Phrase(template, **dict(zip(("first", "second"), groups, strict=True)))
        raise ColumnError(message)


def _kinds(kinds: pd.DataFrame) -> pd.DataFrame:
    """Return kinds by outcome, one row for each."""
    if not isinstance(kinds, pd.DataFrame) or not {"level", "form"} <= {*kinds.columns}:
        message = (
            "kinds must be a table with the columns outcome, level (final or intermediate) and form "
            "(integral or differential)."
        )
        raise ColumnError(message)
    table = kinds.set_index("outcome") if "outcome" in kinds.columns else kinds
    if not table.index.is_unique:
        repeated = table.index[table.index.duplicated()].unique()
        message = Phrase(
            "kinds has several rows for {goals}. Keep one for each outcome.", goals=_contract.named(repeated)
        )
        raise ColumnError(message)
    return table


def limits(
    bounds: Mapping[str, tuple[float, float]] | None, goals: pd.DataFrame
) -> dict[str, tuple[float, float]]:
    """Return the least and greatest value that each outcome can have at all."""
    given = dict(bounds or {})
    strangers = [name for name in given if name not in goals.columns]
    if strangers:
        message = Phrase(
            "bounds name what is no goal: {names}. Name goals alone.", names=_contract.named(strangers)
        )
        raise OptionError(message)
    unsound = {name: pair for name, pair in given.items() if not pair[0] < pair[1]}
    if unsound:
        message = Phrase("bounds are (low, high) with low below high; {given} was given.", given=str(unsound))
        raise OptionError(message)
    return {name: given.get(name, (0.0, float("inf"))) for name in goals.columns}
