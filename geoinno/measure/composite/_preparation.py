"""Indicators made ready: denominated, pulled down from countries, imputed, and treated for outliers."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from geoinno import _contract
from geoinno._language.phrases import Phrase
from geoinno.errors import ColumnError, OptionError
from geoinno.measure.composite import _national, _tables, _treatment

if TYPE_CHECKING:
    from collections.abc import Sequence

    from geoinno.measure.composite._options import IndexOptions
    from geoinno.measure.composite._tables import Log


def prepared(
    table: pd.DataFrame, options: IndexOptions, *, country: pd.Series | None, log: Log
) -> pd.DataFrame:
    """Return the table after the steps that options name, each of which is logged."""
    ready = _denominated(table, options, log)
    if options.national is not None:
        pulled = _national.pulled_down(options.national, options.national_se, country=country, log=log)
        ready = ready.join(pulled)
    if options.impute is not None:
        ready = imputed(ready, options.impute, country=country, log=log)
    if options.logs:
        ready = _logged(ready, options.logs, log)
    if options.treat is not None:
        ready = _treated(ready, options.treat, log)
    return ready


def _denominated(table: pd.DataFrame, options: IndexOptions, log: Log) -> pd.DataFrame:
    """Return columns divided by their denominators; columns that only divide are left out."""
    pairs = dict(options.denominators or {})
    absent = [name for pair in pairs.items() for name in pair if name not in table.columns]
    if absent:
        message = f"denominators name columns that are not in the table: {_contract.named(absent)}."
        raise OptionError(message)
    divisors = table[sorted(set(pairs.values()))]
    _contract.refuse_cells(
        divisors,
        divisors.to_numpy() <= 0,
        words="divides others and is not above zero in",
        remedy="Correct these values, or drop the regions.",
    )
    ready = table.drop(columns=divisors.columns.difference(pd.Index(list(pairs))))
    for name, by in pairs.items():
        ready = ready.assign(**{name: table[name] / table[by]})
        log.note([name], step="denominated", detail=f"divided by {by}")
    return ready


def _logged(table: pd.DataFrame, names: Sequence[str], log: Log) -> pd.DataFrame:
    """Return the table with natural logarithms of some columns."""
    absent = [name for name in names if name not in table.columns]
    if absent:
        message = f"logs names columns that are not in the table: {_contract.named(absent)}."
        raise OptionError(message)
    chosen = table[list(names)]
    _contract.refuse_cells(
        chosen, chosen.to_numpy() <= 0, words="has no logarithm in", remedy="Leave it out of logs."
    )
    log.note(names, step="log", detail="natural logarithm")
    return table.assign(**{name: np.log(table[name]) for name in names})


def imputed(table: pd.DataFrame, rule: str, *, country: pd.Series | None, log: Log) -> pd.DataFrame:
    """Return the table with missing values filled by a mean or median of known ones."""
    if rule == "country" and country is None:
        message = "impute='country' fills by the regions of the same country: give country too."
        raise OptionError(message)
    filled = {}
    for name in table.columns:
        column = table[name]
        filled[name] = column.fillna(_guess(column, rule, country))
        log.add(column, filled[name], step="imputed", reason=_reason(rule))
    answer = pd.DataFrame(filled)
    remedy = "Their country has no value to fill them by: drop these, or fill by 'median' or 'mean'."
    if rule != "country":
        remedy = "No region has a value to fill them by: drop the column."
    _contract.refuse_cells(answer, answer.isna().to_numpy(), words="has no value in", remedy=remedy)
    return answer


def _guess(column: pd.Series, rule: str, country: pd.Series | None) -> pd.Series | float:
    """Return what missing values of a column are filled by."""
    if country is not None and rule == "country":
        medians: pd.Series = column.groupby(country).transform("median")
        return medians
    return float(column.mean() if rule == "mean" else column.median())


def _reason(rule: str) -> str:
    """Return in words what a value was filled by."""
    return "median of its country" if rule == "country" else f"{rule} of all regions"


def _treated(table: pd.DataFrame, rule: str, log: Log) -> pd.DataFrame:
    """Return the table with columns beyond the limits treated."""
    ready = table.copy()
    skewness, kurtosis = _treatment.moments(_tables.values(table))
    for k in np.flatnonzero(_treatment.with_outliers(_tables.values(table))).tolist():
        name = table.columns[k]
        values, step = _treatment.treated(table[name].to_numpy(), rule)
        ready[name] = values
        reason = f"skewness {skewness[k]:.2f}, kurtosis {kurtosis[k]:.2f}"
        log.add(table[name], ready[name], step=step, reason=reason)
    return ready


def refuse_constant(table: pd.DataFrame) -> None:
    """Raise where an indicator does not differ between regions: it tells none from another."""
    for name in table.columns:
        known = table[name].dropna()
        if known.empty:
            message = Phrase("Column {column} has no value at all. Drop it.", column=repr(name))
            raise ColumnError(message)
        if len(known) == 1:
            message = Phrase(
                "Column {column} has a value in one region alone ({region}): it cannot be placed "
                "between a lowest and a highest. Give more regions, or goalposts.",
                column=repr(name),
                region=repr(known.index[0]),
            )
            raise ColumnError(message)
        _contract.varied(known)
