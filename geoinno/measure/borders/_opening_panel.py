"""The panel of an opening study: complete outcomes, rings of distance and years of opening, checked."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from geoinno import _contract
from geoinno.errors import ColumnError, OptionError
from geoinno.measure.borders._event_study import Panel

if TYPE_CHECKING:
    from collections.abc import Sequence

    from geoinno._types import Floats

_FEWEST, _FEWEST_FAR = 3, 10
_LEVELS = 2  # of the index: region and year


def wide(panel: pd.Series | pd.DataFrame, outcome: str | None) -> pd.DataFrame:
    """Return outcomes by region (rows, in the order of ids) and year (columns), all of them known."""
    series = _series(panel, outcome)
    if series.index.has_duplicates:
        twice = series.index[series.index.duplicated()].unique()
        message = f"Regions and years stand twice in the panel: {_contract.named(twice)}. Keep one row each."
        raise ColumnError(message)
    table = series.astype("float64").unstack().sort_index().sort_index(axis=1)  # noqa: PD010 - wide again
    _contract.region_ids(table.index, what="panel")
    cells = table.stack()  # noqa: PD013 - region and year of each cell
    known = cells.index[np.isfinite(cells.to_numpy())]
    absent = pd.MultiIndex.from_product([table.index, table.columns]).difference(known)
    if len(absent):
        message = f"The panel has no finite value for {_contract.named(absent)}. Drop these regions or years."
        raise ColumnError(message)
    if (table.to_numpy() == table.iloc[0, 0]).all():
        message = (
            "The outcome is the same in every region and year: there is nothing that could have changed."
        )
        raise ColumnError(message)
    return table


def _series(panel: pd.Series | pd.DataFrame, outcome: str | None) -> pd.Series:
    """Return the outcome by region and year."""
    if isinstance(panel, pd.DataFrame):
        name = panel.columns[0] if outcome is None and panel.shape[1] == 1 else outcome
        if name not in panel.columns:
            names = _contract.named(panel.columns)
            message = f"Say which column of the panel is the outcome, outcome=...: {names}."
            raise ColumnError(message)
        panel = panel[name]
    if not isinstance(panel, pd.Series) or panel.index.nlevels != _LEVELS:
        message = "panel must be indexed by region and year: table.set_index(['region', 'year'])['income']."
        raise ColumnError(message)
    if pd.api.types.is_bool_dtype(panel) or not pd.api.types.is_numeric_dtype(panel):
        message = f"Column {panel.name!r} must be numeric; its type is {panel.dtype}."
        raise ColumnError(message)
    return panel


def edges(edges_km: Sequence[float], km: pd.Series) -> Floats:
    """Return the outer edges of rings, rising, and no distance below zero."""
    edges = np.array([_contract.positive(edge, name="edges_km") for edge in edges_km])
    if len(edges) == 0 or (np.diff(edges) <= 0).any():
        message = f"edges_km must rise from ring to ring; {list(edges_km)!r} was given."
        raise OptionError(message)
    below = km.index[km < 0]
    if len(below):
        message = f"Distances must be zero or more km; they are not for {_contract.named(below)}."
        raise ColumnError(message)
    return edges


def case(table: pd.DataFrame, km: pd.Series, limits: Floats, *, opened: float | pd.Series) -> Panel:
    """Return the panel with the ring and the opening of each region, if there are enough of each."""
    year = _openings(opened, table)
    ring = np.searchsorted(limits, km.to_numpy(), side="left")
    reached = (ring < len(limits)) & year.notna().to_numpy()
    position = table.columns.get_indexer(pd.Index(year.fillna(np.inf)))
    outside = table.index[reached & (position < 1)]
    if len(outside):
        message = (
            "The border opened before the second year of the panel, after the last, or in none of its years, "
            f"for {_contract.named(outside)}. Give more years, or drop these regions."
        )
        raise ColumnError(message)
    ring, position = np.where(reached, ring, -1), np.where(reached, position, -1)
    counts = np.bincount(ring[reached], minlength=len(limits))
    if counts.min() < _FEWEST or (~reached).sum() < _FEWEST_FAR:
        message = (
            f"Each ring needs at least {_FEWEST} regions and {_FEWEST_FAR} must lie beyond the last; there "
            f"are {', '.join(map(str, counts))} and {int((~reached).sum())}. Choose other edges_km."
        )
        raise ColumnError(message)
    return Panel(table.to_numpy(), ring.astype(np.int64), position.astype(np.int64))


def _openings(opened: float | pd.Series, table: pd.DataFrame) -> pd.Series:
    """Return the year of opening of each region, missing where the border stays closed."""
    if isinstance(opened, pd.Series):
        return _contract.numbers(opened, ids=table.index, missing=True, what="openings", against="panel")
    return pd.Series(_contract.positive(opened, name="opened"), index=table.index)
