"""Segments of borders as arrays: which regions they part, at home or abroad."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import pandas as pd

from geoinno._contract import named, table_of
from geoinno.errors import AlignmentError, ColumnError

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from geoinno._types import Bools, Floats

    Ints = NDArray[np.intp]

_KINDS = ("domestic", "foreign")


class Sides(NamedTuple):
    """The regions on both sides of each segment, as positions in ``ids``, and whether it is foreign."""

    ids: pd.Index
    first: Ints
    second: Ints
    foreign: Bools


def sides(segments: pd.DataFrame, ids: pd.Index) -> Sides:
    """Return both sides of each segment; every region must be among the ``ids``."""
    require(segments, ("first", "second", "kind"))
    strange = set(segments["kind"]) - set(_KINDS)
    if strange:
        message = f"Column 'kind' of the segments holds {named(sorted(map(str, strange)))}, not {_KINDS}."
        raise ColumnError(message)
    ends = [ids.get_indexer(pd.Index(segments[side])) for side in ("first", "second")]
    absent = pd.unique(
        np.concatenate([segments[side][at < 0] for side, at in zip(("first", "second"), ends, strict=True)])
    )
    if len(absent):
        message = (
            f"Segments name regions that have no value: {named(absent)}. Build both on the same regions."
        )
        raise AlignmentError(message)
    return Sides(ids, ends[0], ends[1], (segments["kind"] == "foreign").to_numpy())


def require(segments: pd.DataFrame, columns: tuple[str, ...]) -> None:
    """Raise unless the segments are a table with these columns and at least a row."""
    table_of(segments, columns, name="segments", source="gi.measure.segments(regions)")
    if segments.empty:
        message = "There is no segment: no two of the regions have a common border."
        raise ColumnError(message)


def countries_known(segments: pd.DataFrame) -> None:
    """Raise where the segments name a region without its country."""
    ends = []
    for end in ("first", "second"):
        land = segments[f"{end}_country"]
        ends.append(segments.loc[land.isna() | (land.astype(str).str.strip() == ""), end])
    absent = pd.unique(pd.concat(ends))
    if len(absent):
        message = f"The segments give no country for {named(absent)}. Fill it, or drop these segments."
        raise ColumnError(message)


def both_kinds(found: Sides) -> None:
    """Raise unless there are domestic and foreign segments to compare."""
    if found.foreign.all() or not found.foreign.any():
        which = "foreign" if found.foreign.all() else "domestic"
        message = (
            f"All {len(found.foreign):,} segments are {which}, so borders cannot be compared with the lines "
            "inside countries. Add regions of the other kind."
        )
        raise ColumnError(message)


def strata(level: Floats, *, most: int, least: int) -> Ints:
    """Return groups of like ``level``, at most so many, each of about ``least`` members or more."""
    count = max(1, min(most, len(level) // least))
    edges = np.unique(np.quantile(level, np.arange(1, count) / count)) if count > 1 else np.empty(0)
    return np.searchsorted(edges, level, side="right")


def reshuffled(rng: np.random.Generator, groups: Ints) -> Ints:
    """Return positions shuffled within their groups."""
    order = np.argsort(groups, kind="stable")
    drawn = order[np.lexsort((rng.random(len(groups)), groups[order]))]
    places = np.empty(len(groups), np.intp)
    places[order] = drawn
    return places
