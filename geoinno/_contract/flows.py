"""Flow tables: origin, destination and value, each pair once."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from geoinno._contract.ids import named
from geoinno._contract.values import is_real, not_numeric
from geoinno.errors import FlowError

if TYPE_CHECKING:
    from numpy.typing import NDArray

FLOW_COLUMNS = ("origin", "destination", "value")
_MANY = 10_000  # rows from which on a compiled look-up saves more than loading it takes


def sound_flows(flows: pd.DataFrame, *, ids: pd.Index | None = None) -> pd.DataFrame:
    """Return ``flows`` (origin, destination, value) if pairs are unique and values sound."""
    absent = [c for c in FLOW_COLUMNS if not isinstance(flows, pd.DataFrame) or c not in flows.columns]
    if absent:
        message = (
            f"flows must be a table with columns {FLOW_COLUMNS}; missing: {absent}. Read it with "
            "gi.read.flows(path, origin=..., destination=..., value=...), or rename its columns."
        )
        raise FlowError(message)
    if flows.empty:
        message = (
            "There is nothing to work on: the table of flows is empty. Check the file, and the condition "
            "that chose the rows."
        )
        raise FlowError(message)
    _sound_pairs(flows)
    _sound_flow_values(flows)
    if ids is not None:
        known = flows["origin"].isin(ids) & flows["destination"].isin(ids)
        ends = pd.unique(flows.loc[~known, ["origin", "destination"]].to_numpy(object).ravel())
        strangers = [end for end in ends if end not in ids]
        if strangers:
            message = (
                f"Flows name regions that are not in the regions: {named(strangers)}. Correct these ids, "
                "drop these flows, or give all regions."
            )
            raise FlowError(message)
    return flows


def flow_positions(
    flows: pd.DataFrame, ids: pd.Index, *, many: int = _MANY
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return where in ``ids`` the two ends of each of the sound ``flows`` stand.

    Each end is looked up once, not pair by pair: a million flows take a few hundredths of a second. More than
    ``many`` are looked up by compiled loops.
    """
    if not isinstance(flows, pd.DataFrame) or flows.empty or not {*FLOW_COLUMNS} <= {*flows.columns}:
        sound_flows(flows)
    _sound_flow_values(flows)
    origin, destination = _positions((flows["origin"], flows["destination"]), ids, many)
    if min(origin.min(), destination.min()) < 0 or _repeat(origin, destination, len(ids)):
        sound_flows(flows, ids=ids)
    return origin, destination


def _repeat(origin: NDArray[np.int64], destination: NDArray[np.int64], count: int) -> bool:
    """Whether a pair of the positions stands twice."""
    place = origin * count
    place += destination
    if (place[1:] > place[:-1]).all():
        return False
    seen = np.zeros(count**2, dtype=bool)
    seen[place] = True
    return bool(np.count_nonzero(seen) < len(place))


def _positions(columns: tuple[pd.Series, pd.Series], ids: pd.Index, many: int) -> list[NDArray[np.int64]]:
    """Return where in ``ids`` the entries of both columns stand, -1 for strangers."""
    texts = [_arrow_text(column) for column in columns]
    if len(columns[0]) > many and None not in texts:
        from geoinno._kernels import lookup

        each = [i.encode(errors="surrogatepass") for i in ids.tolist()]
        known = np.cumsum([0, *map(len, each)], dtype=np.uint64), lookup.words(b"".join(each))
        return lookup.all_positions([text for text in texts if text is not None], known)
    found = []
    for column in columns:
        codes, known_ids = pd.factorize(column.array)
        found.append(np.append(ids.get_indexer(pd.Index(known_ids)), -1)[codes].astype(np.int64))
    return found


def _arrow_text(column: pd.Series) -> tuple[NDArray[np.uint64], Any] | None:
    """Return the offsets and bytes of a column of strings that Arrow keeps, all present; else nothing."""
    dtype = column.dtype
    if not isinstance(dtype, pd.StringDtype) or dtype.storage != "pyarrow" or sys.byteorder != "little":
        return None
    kept: Any = column.array.__arrow_array__()
    if hasattr(kept, "chunks"):
        kept = kept.chunk(0) if kept.num_chunks == 1 else kept.combine_chunks()
    wide = {"string": np.int32, "large_string": np.int64}.get(str(kept.type))
    if kept.null_count or wide is None:
        return None
    _, ends, text = kept.buffers()
    offsets = np.frombuffer(ends, wide)[kept.offset : kept.offset + len(kept) + 1]
    offsets = offsets.view(np.uint64) if wide is np.int64 else offsets.astype(np.uint64)
    offsets.setflags(write=False)  # of one type for the compiled loop, whoever they belong to
    return offsets, text or b""


def _sound_pairs(flows: pd.DataFrame) -> None:
    """Raise where an end is not a string id or a pair stands twice."""
    for column in ("origin", "destination"):
        unsound = [i for i in pd.unique(flows[column]) if not isinstance(i, str) or not i]
        if unsound:
            message = f"Column {column!r} of the flows must hold string ids; found {named(unsound)}."
            raise FlowError(message)
    twice = flows.duplicated(["origin", "destination"])
    if twice.any():
        pairs = flows.loc[twice, ["origin", "destination"]].drop_duplicates()
        message = (
            f"Pairs occur twice in the flows: {named(pairs.itertuples(index=False, name=None))}. "
            "Sum them: flows.groupby(['origin', 'destination'], as_index=False)['value'].sum()."
        )
        raise FlowError(message)


def _sound_flow_values(flows: pd.DataFrame) -> None:
    """Raise where a flow is not a finite number of zero or more."""
    value: Any = flows["value"]
    if not is_real(value):
        message = f"Column 'value' of the flows must be numeric; {not_numeric(value)}."
        raise FlowError(message)
    floats = value.to_numpy("float64", na_value=np.nan)
    if floats.min(initial=0.0) >= 0 and floats.max(initial=0.0) < np.inf:
        return
    bad = flows.loc[~np.isfinite(floats) | (floats < 0), ["origin", "destination"]]
    message = (
        "Flows must be finite and zero or more; they are not for "
        f"{named(bad.itertuples(index=False, name=None))}. Leave out a pair whose flow is unknown."
    )
    raise FlowError(message)
