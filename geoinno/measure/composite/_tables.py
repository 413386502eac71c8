"""Checked tables of regions (rows) by indicators (columns), and the log of what is done to them."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from geoinno import _contract
from geoinno.errors import ColumnError

if TYPE_CHECKING:
    from collections.abc import Iterable

    from geoinno._types import Floats

CHANGES = ["region", "indicator", "step", "before", "after", "reason"]
STEPS = ["indicator", "step", "detail"]


@dataclass(frozen=True, slots=True)
class Log:
    """What has been done: cells that have other values than were given, and what befell whole columns."""

    cells: list[pd.DataFrame] = field(default_factory=list)
    columns: list[tuple[str, str, str]] = field(default_factory=list)

    def add(self, before: pd.Series, after: pd.Series, *, step: str, reason: str) -> None:
        """Note the cells of a column that a step has changed."""
        changed = (before != after) & after.notna()
        ids = before.index[changed]
        values = {"before": before[ids].to_numpy(), "after": after[ids].to_numpy()}
        row = {"region": ids, "indicator": before.name, "step": step, **values, "reason": reason}
        if len(ids):
            self.cells.append(pd.DataFrame(row, columns=CHANGES))

    def note(self, names: Iterable[str], *, step: str, detail: str) -> None:
        """Note a step on whole columns."""
        self.columns.extend((name, step, detail) for name in names)

    def changes(self) -> pd.DataFrame:
        """Return a row for each change of a cell."""
        if not self.cells:
            return pd.DataFrame({name: pd.Series(dtype=_kind(name)) for name in CHANGES})
        return pd.concat(self.cells, ignore_index=True)

    def steps(self) -> pd.DataFrame:
        """Return a row for each step on a whole column."""
        return pd.DataFrame(self.columns, columns=STEPS).astype("str")


def _kind(name: str) -> str:
    """Return the type of a column of changes."""
    return "float64" if name in {"before", "after"} else "str"


def indicator_table(table: pd.DataFrame, *, what: str = "indicators", missing: bool = True) -> pd.DataFrame:
    """Return a table of finite numbers by region id and indicator, missing values only where allowed."""
    if not isinstance(table, pd.DataFrame):
        message = (
            f"The {what} must be a DataFrame of regions (rows) by columns; {type(table).__name__} was "
            "given. Pass pd.DataFrame(..., index=regions.index), so that ids can be checked."
        )
        raise ColumnError(message)
    _contract.region_ids(table.index, what=what)
    _sound_names(table.columns, what=what)
    return pd.DataFrame(
        {name: _contract.numbers(table[name], missing=missing, what=what) for name in table.columns}
    )


def _sound_names(names: pd.Index, *, what: str) -> None:
    """Raise where a column has no name, or one that another has, or there is none."""
    unsound = [n for n in names.tolist() if not isinstance(n, str) or not n]
    repeated = names[names.duplicated()]
    if len(names) == 0 or unsound or len(repeated):
        message = (
            f"Each column of the {what} must have a name of its own, which is text; of {len(names):,} "
            f"columns these have not: {_contract.named([*unsound, *repeated])}. Rename the columns."
        )
        raise ColumnError(message)


def values(table: pd.DataFrame) -> Floats:
    """Return the numbers of a table."""
    cells: Floats = table.to_numpy(np.float64)
    return cells
