"""The door of the scenarios of trade: a sound table of trade, and a sound change of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, get_args

import numpy as np
import pandas as pd
from scipy.sparse import csr_array
from scipy.sparse.csgraph import connected_components

from geoinno import _contract
from geoinno._language.phrases import Phrase
from geoinno.errors import AlignmentError, FlowError

if TYPE_CHECKING:
    from geoinno._types import Bools, Floats

Deficits = Literal["additive", "multiplicative"]
DEFICITS: tuple[Deficits, ...] = get_args(Deficits)
# Beyond e^50 a factor on flows is no change of costs, and sums lose all their digits.
_LARGEST = 50.0


def sound_trade(trade: pd.DataFrame, *, name: str = "trade") -> tuple[pd.Index, Floats]:
    """Return ids and flows of a square table: none missing or negative, own trade above zero, one whole."""
    table = _contract.square(trade, name=name)
    ids = trade.index
    unknown, negative = ~np.isfinite(table), table < 0
    _refuse(unknown, ids, f"{name} has no finite value for", remedy="Give a pair without trade a zero.")
    _refuse(negative, ids, f"{name} must be zero or more; it is negative for", remedy="Correct these flows.")
    idle = ids[np.diagonal(table) == 0]
    if len(idle):
        message = Phrase(
            "{name} has no own trade, on the diagonal, for {regions}. What a region buys from "
            "itself is its production less its exports; gi.simulate.trade_table(flows, "
            "production=...) adds it.",
            name=name,
            regions=_contract.named(idle),
        )
        raise FlowError(message)
    _check_connected(table, ids, name=name)
    return ids, table


def _check_connected(table: Floats, ids: pd.Index, *, name: str) -> None:
    """Raise where regions fall into groups that do not trade, whose relative incomes are not identified."""
    if len(ids) < 2:  # noqa: PLR2004
        message = Phrase(
            "{name} has one region, {region}: there is no border to open.", name=name, region=repr(ids[0])
        )
        raise FlowError(message)
    # Most tables are nearly full: where all trade with the first region, it joins them.
    if ((table[0] > 0) | (table[:, 0] > 0)).all():
        return
    groups, label = connected_components(csr_array(table), directed=False)
    if groups > 1:
        smallest = int(np.argmin(np.bincount(label)))
        message = Phrase(
            "{name} falls into {n:,} groups of regions without trade between them, so that their "
            "relative incomes are not identified; one is {regions}. Run them apart.",
            name=name,
            n=groups,
            regions=_contract.named(ids[label == smallest]),
        )
        raise FlowError(message)


def sound_change(change: pd.DataFrame, ids: pd.Index, *, name: str = "change") -> Floats:
    """Return the changes of log flows in the order of ``ids``, finite and within reason."""
    if isinstance(change, pd.DataFrame) and not ids.symmetric_difference(change.index).empty:
        _contract.aligned(change, ids, what=name, against="trade")
    table = _contract.square(change, name=name, ids=ids)
    remedy = (
        "Give the natural logarithm of the factor on flows: 0 for no change, 0.7 for twice the flow, -20 for "
        "a border that closes."
    )
    _refuse(~np.isfinite(table), ids, f"{name} has no finite value for", remedy=remedy)
    _refuse(np.abs(table) > _LARGEST, ids, f"{name} is beyond {_LARGEST:g} in size for", remedy=remedy)
    return table


def _refuse(bad: Bools, ids: pd.Index, words: str, *, remedy: str) -> None:
    """Raise where a pair is bad, naming the first."""
    if bad.any():
        here, there = np.nonzero(bad)
        pairs = zip(ids[here], ids[there], strict=True)
        message = f"{words} {_contract.named(pairs)}. {remedy}"
        raise FlowError(message)


def sound_names(names: list[str], ids: pd.Index, *, what: str) -> list[str]:
    """Return the ids that are listed, if the trade has each of them and none stands twice."""
    if isinstance(names, str) or not isinstance(names, list | tuple | set | frozenset | pd.Index):
        message = f"{what} must be a list of region ids; {type(names).__name__} was given."
        raise AlignmentError(message)
    strangers = [name for name in names if name not in ids]
    if strangers:
        message = Phrase(
            "{what} has ids that the trade does not have: {names}.",
            what=what,
            names=_contract.named(strangers),
        )
        raise AlignmentError(message)
    listed = list(dict.fromkeys(names))
    if len(listed) < len(names):
        message = Phrase("{what} names a region twice: {names}.", what=what, names=_contract.named(listed))
        raise AlignmentError(message)
    return listed
