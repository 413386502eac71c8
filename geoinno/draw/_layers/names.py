"""What every layer of regions carries: shapes, names, tooltips and the table behind it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from geoinno._contract import aligned, column, named
from geoinno.draw._layers.phrases import Phrase
from geoinno.draw._layers.words import number
from geoinno.errors import ColumnError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from geopandas import GeoDataFrame

_MOST_LISTED = 2
_MOST_RANKED = 10_000


def placed(values: pd.Series | str, regions: GeoDataFrame, *, what: str) -> pd.Series:
    """Return a Series, or the column of the regions that is named, in the order of the regions."""
    return aligned(column(values, regions, what=what), regions.index, what=what, against="regions")


def flags(values: pd.Series | str, regions: GeoDataFrame, *, what: str) -> pd.Series:
    """Return booleans in the order of the regions, missing ones as false; anything else is refused."""
    given = placed(values, regions, what=what)
    known = given.dropna()
    # Text such as "False" would count as true.
    other = [value for value in known.unique() if not isinstance(value, bool | np.bool_)]
    if other:
        message = f"{what} must be True or False in every region; found {named(other)}."
        raise ColumnError(message)
    return known.astype(bool).reindex(regions.index, fill_value=False)


def bare_shapes(regions: GeoDataFrame) -> GeoDataFrame:
    """Return the geometry with country and name, where the regions know them."""
    kept = [c for c in ("name", "country") if c in regions.columns]
    return regions[[*kept, regions.geometry.name]].copy()


def aliases(regions: GeoDataFrame) -> pd.DataFrame:
    """Return other names by which a region may be found: in its own language, and of its largest city."""
    return pd.DataFrame(regions[[c for c in ("name_local", "largest_city") if c in regions.columns]])


def names(regions: GeoDataFrame) -> pd.Series:
    """Return what to call each region: its name without blanks around it, or else its id."""
    ids = pd.Series(regions.index.astype(str), index=regions.index)
    if "name" not in regions.columns:
        return ids
    known = regions["name"].astype("object")
    written = known.where(known.notna(), ids).astype(str).str.strip()
    return written.where(written != "", ids)


def lead_columns(regions: GeoDataFrame) -> pd.DataFrame:
    """Return name and country, the columns with which tooltips and tables begin.

    Where every region is a country, its name says so already.
    """
    lead = pd.DataFrame({"": names(regions)}, index=regions.index)
    if "country" in regions.columns and not lead[""].equals(regions["country"].astype(str)):
        lead["country"] = regions["country"].astype("object")
    return lead


def values_in_words(values: pd.Series, missing: str = "no data") -> pd.Series:
    """Return numbers as a reader meets them."""
    cells = [missing if pd.isna(v) else number(float(v)) for v in values]
    return pd.Series(cells, index=values.index, dtype="object")


def ranks_in_words(values: pd.Series) -> pd.Series:
    """Return the place of each value in the order from the highest, ``k of N``."""
    ranks = values.rank(ascending=False, method="min")
    total = int(values.notna().sum())
    # Of very many the total would be the larger part of the file.
    of_all = f" of {total}" if total <= _MOST_RANKED else ""
    cells = [None if pd.isna(r) else f"{int(r)}{of_all}" for r in ranks]
    return pd.Series(cells, index=values.index, dtype="object")


def extremes_in_words(regions: GeoDataFrame, values: pd.Series) -> str:
    """Return the highest and the lowest regions in one sentence, for readers who cannot see the map."""
    known = values.dropna()
    name: Any = names(regions)
    if not len(known):
        return ""
    ordered = known.sort_values(ascending=False, kind="stable")
    top = tuple(valued(name[i], v) for i, v in ordered.head(_MOST_LISTED).items())
    last = valued(name[ordered.index[-1]], ordered.iloc[-1])
    absent = int(values.isna().sum())
    if absent:
        return Phrase(
            "highest {top}; lowest {last}. {absent} without data.", top=top, last=last, absent=absent
        )
    return Phrase("highest {top}; lowest {last}.", top=top, last=last)


def valued(name: str, value: float) -> Phrase:
    """Return a name with a number after it."""
    return Phrase("{name} ({value})", name=str(name), value=float(value))


def counted(counts: Sequence[tuple[str, int]]) -> str:
    """Return how many regions are of each kind in one sentence; kinds of no region are left out."""
    listed = [(label, n) for label, n in counts if n]
    first = tuple(Phrase("{label} ({n:region|regions})", label=label, n=n) for label, n in listed[:1])
    rest = tuple(Phrase("{label} ({n})", label=label, n=n) for label, n in listed[1:])
    return Phrase("{kinds}.", kinds=first + rest) if listed else ""


def labelled(labels: pd.Series, allowed: tuple[str, ...]) -> pd.Series:
    """Return labels as plain words if all are among the ``allowed``; missing stays missing."""
    words = labels.astype("object")
    strange = words.index[words.notna() & ~words.isin(allowed)]
    if len(strange):
        message = (
            f"Column {labels.name!r} holds labels other than {', '.join(allowed)} in {named(strange)}: "
            f"{named(pd.unique(words[strange]))}."
        )
        raise ColumnError(message)
    return words
