"""Histories: from a table of adoptions to who could adopt, who did, and who had before, period by period."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from geoinno._contract import named, with_columns
from geoinno._language.phrases import Phrase
from geoinno.errors import AlignmentError, ColumnError

if TYPE_CHECKING:
    from geoinno._types import Bools, Floats, Ints

ADOPTION_COLUMNS = ("region", "innovation", "period")
_RENAME = (
    "It needs 'region', 'innovation' and 'period', one row for each adoption; rename yours: "
    "adoptions.rename(columns={'year': 'period'})."
)


@dataclass(frozen=True, slots=True, eq=False)
class Histories:
    """Strata (one for each innovation and period with an adoption) by regions, in the order of ``ids``.

    ``adopted`` tells which regions had the innovation at the end of the period before; ``adopting`` which
    took it up in the period; ``innovation`` and ``period`` describe the strata.
    """

    ids: pd.Index
    innovation: Ints
    period: Floats
    adopted: Bools
    adopting: Bools

    def taken(self, rows: Bools) -> Histories:
        """Return some of the strata."""
        return Histories(
            self.ids, self.innovation[rows], self.period[rows], self.adopted[rows], self.adopting[rows]
        )


def sound_adoptions(adoptions: pd.DataFrame, ids: pd.Index) -> pd.DataFrame:
    """Return region, innovation, period and ended (infinite where kept), sorted, if they are sound."""
    with_columns(adoptions, ADOPTION_COLUMNS, name="adoptions", remedy=_RENAME)
    if adoptions.empty:
        message = "The table of adoptions is empty: nothing spreads."
        raise ColumnError(message)
    _known_regions(adoptions["region"], ids)
    if adoptions["innovation"].isna().any():
        rows = adoptions.loc[adoptions["innovation"].isna(), "region"]
        message = Phrase(
            "Column 'innovation' has no value in the rows of {regions}. Name it, or drop the rows.",
            regions=named(rows),
        )
        raise ColumnError(message)
    table = pd.DataFrame(
        {
            "region": adoptions["region"].astype(str),
            "innovation": adoptions["innovation"].astype(str),
            "period": _periods(adoptions, "period"),
            "ended": _periods(adoptions, "ended") if "ended" in adoptions else np.inf,
        }
    )
    table = table.sort_values(["innovation", "region", "period"], ignore_index=True)
    _refuse_overlaps(table)
    return table


def histories(table: pd.DataFrame, ids: pd.Index) -> Histories:
    """Return the strata of a sound table of adoptions, innovations and periods in order."""
    parts = [
        _strata(spells, ids, number)
        for number, (_, spells) in enumerate(table.groupby("innovation", sort=True))
    ]
    innovation, period, adopted, adopting = (np.concatenate(column) for column in zip(*parts, strict=True))
    return Histories(ids, innovation, period, adopted, adopting)


def present(table: pd.DataFrame, ids: pd.Index) -> pd.DataFrame:
    """Return which regions (columns) have each innovation (rows) at the end of the last period."""
    kept = table[np.isinf(table["ended"])]
    names = pd.Index(table["innovation"].unique(), name="innovation")
    state = np.zeros((len(names), len(ids)), dtype=bool)
    state[names.get_indexer(pd.Index(kept["innovation"])), ids.get_indexer(pd.Index(kept["region"]))] = True
    return pd.DataFrame(state, index=names, columns=ids)


def _strata(spells: pd.DataFrame, ids: pd.Index, number: int) -> tuple[Ints, Floats, Bools, Bools]:
    """Return innovation, period, earlier adopters and adopters of one innovation.

    A region that gives the innovation up counts as an adopter to the period before, and can adopt
    it again from the period after.
    """
    period = np.unique(spells["period"].to_numpy())
    adopted, adopting = _at(period, spells, ids)
    return np.full(len(period), number), period, adopted, adopting


def states(spells: pd.DataFrame, ids: pd.Index, *, last: float) -> tuple[Bools, Bools]:
    """Return who had an innovation, and who adopts it, in each period after the first."""
    return _at(np.arange(float(spells["period"].min()) + 1, last + 1), spells, ids)


def _at(period: Floats, spells: pd.DataFrame, ids: pd.Index) -> tuple[Bools, Bools]:
    """Return who had an innovation in the period before (periods by regions), and who adopts it in each."""
    start, end = spells["period"].to_numpy(), spells["ended"].to_numpy()
    region = ids.get_indexer(pd.Index(spells["region"]))
    adopted = np.zeros((len(period), len(ids)), dtype=bool)
    adopting = adopted.copy()
    row, spell = np.nonzero((start < period[:, None]) & (end >= period[:, None]))
    adopted[row, region[spell]] = True
    row, spell = np.nonzero(start == period[:, None])
    adopting[row, region[spell]] = True
    return adopted, adopting


def _known_regions(column: pd.Series, ids: pd.Index) -> None:
    """Raise where an adoption is of a region without weights."""
    strangers = [region for region in column.unique() if region not in ids]
    if strangers:
        message = (
            f"Adoptions name regions that are not in the weights: {named(strangers)}. Drop these rows, or "
            "build the weights on all regions."
        )
        raise AlignmentError(message)


def _periods(adoptions: pd.DataFrame, name: str) -> pd.Series:
    """Return a column of periods as floats; an adoption that never ended does so at infinity."""
    column = adoptions[name]
    if pd.api.types.is_bool_dtype(column) or not pd.api.types.is_numeric_dtype(column):
        message = Phrase(
            "Column {name} of the adoptions must be a number such as a year; its type is {kind}. Take the "
            "year of a date: adoptions['date'].dt.year.",
            name=repr(name),
            kind=str(column.dtype),
        )
        raise ColumnError(message)
    floats = column.astype("float64")
    bad = np.isinf(floats) | (floats.isna() if name == "period" else False)
    if bad.any():
        message = Phrase(
            "Column {name} of the adoptions is missing or infinite for {regions}. Drop the row of a region "
            "that never adopted.",
            name=repr(name),
            regions=named(adoptions.loc[bad, "region"]),
        )
        raise ColumnError(message)
    return floats.fillna(np.inf)


def _refuse_overlaps(table: pd.DataFrame) -> None:
    """Raise where an adoption ends before it begins, or a region adopts what it still has."""
    again = table.duplicated(["innovation", "region"])
    early = (table["ended"] <= table["period"]) | (again & (table["period"] <= table["ended"].shift()))
    if early.any():
        pairs = table.loc[early, ["region", "innovation"]].itertuples(index=False, name=None)
        message = Phrase(
            "Adoptions overlap, or end no later than they begin: {pairs}. Keep one row for each; where an "
            "innovation was given up, column 'ended' holds the period, and a later adoption has its own row.",
            pairs=named(pairs),
        )
        raise ColumnError(message)
