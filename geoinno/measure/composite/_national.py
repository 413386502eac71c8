"""Indicators of countries, pulled down to their regions and drawn towards the mean by how unsure they are."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from geoinno import _contract
from geoinno._language.phrases import Phrase
from geoinno.errors import AlignmentError, ColumnError, OptionError
from geoinno.measure.composite import _tables

if TYPE_CHECKING:
    import pandas as pd

    from geoinno._types import Floats
    from geoinno.measure.composite._tables import Log

_STEPS = 200
_SETTLED = 1e-12


def pulled_down(
    national: pd.DataFrame, se: pd.DataFrame | None, *, country: pd.Series | None, log: Log
) -> pd.DataFrame:
    """Return, for each region, the indicators of its country."""
    if country is None:
        message = Phrase(
            "national indicators are pulled down to the regions of each country: give country too."
        )
        raise OptionError(message)
    table = _tables.indicator_table(national, what="national indicators")
    absent = sorted(set(country) - set(table.index))
    if absent:
        message = Phrase(
            "The national indicators have no row for the countries {countries}. Add them, or leave out their "
            "regions.",
            countries=_contract.named(absent),
        )
        raise AlignmentError(message)
    if se is not None:
        table = _shrunk(table.loc[sorted(set(country))], se, log=log)
    regional = table.loc[country].set_axis(country.index)
    log.note(table.columns, step="pulled down", detail="value of the region's country")
    return regional


def _shrunk(table: pd.DataFrame, se: pd.DataFrame, *, log: Log) -> pd.DataFrame:
    """Return national values drawn towards their mean by empirical Bayes (Efron and Morris 1975)."""
    errors = _contract.aligned(
        _tables.indicator_table(se, what="national_se").reindex(table.index),
        table.index,
        what="national_se",
        against="national indicators",
    )
    names = [name for name in table.columns if name in errors.columns]
    ready = table.copy()
    for name in names:
        error = errors[name].to_numpy()
        unsound = table.index[~(error >= 0)]
        if len(unsound):
            message = Phrase(
                "Column {column} of national_se must be zero or more in {countries}.",
                column=repr(name),
                countries=_contract.named(unsound),
            )
            raise ColumnError(message)
        ready[name] = shrunk(table[name].to_numpy(), error)
        log.add(table[name], ready[name], step="shrunk", reason=f"towards {name!r} of all countries")
    return ready


def shrunk(values: Floats, se: Floats) -> Floats:
    """Return m + t2 / (t2 + se^2) (y - m): t2 is the variance between countries, m their weighted mean.

    t2 solves sum (y - m)^2 / (t2 + se^2) = k - 1, or is 0 where errors explain all the spread (Paule and
    Mandel 1982); the left side falls in t2, so halving finds it.
    """
    known = np.isfinite(values)
    y, variance = values[known], se[known] ** 2
    low, high = 0.0, float(np.var(y) * len(y) + variance.max(initial=0))
    for _ in range(_STEPS):
        middle = (low + high) / 2
        low, high = (middle, high) if _excess(y, variance + middle) > 0 else (low, middle)
        if high - low <= _SETTLED * high:
            break
    total = variance + (0.0 if _excess(y, variance + _SETTLED * high) <= 0 else high)
    if not total.all():  # exact and without spread: nothing to draw in
        return values
    mean = float(np.average(y, weights=1 / total))
    answer = values.copy()
    answer[known] = mean + (1 - variance / total) * (y - mean)
    return answer


def _excess(y: Floats, variance: Floats) -> float:
    """Return how much the spread exceeds what the variances explain."""
    if not variance.all():
        return 1.0
    mean = np.average(y, weights=1 / variance)
    return float(((y - mean) ** 2 / variance).sum() - (len(y) - 1))
