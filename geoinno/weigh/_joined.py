"""Links beyond a common border: those that the user names, and those that join islands to the rest."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from geoinno import _contract
from geoinno.errors import OptionError, RegionError
from geoinno.weigh import _bridges

if TYPE_CHECKING:
    from collections.abc import Sequence

    from geopandas import GeoDataFrame

    from geoinno._types import Ints

    Pairs = tuple[Ints, Ints]

_ENDS = 2


def named(links: Sequence[tuple[str, str]], ids: pd.Index) -> Pairs:
    """Return the links that the user names as positions in ``ids``."""
    ends = [end for pair in _id_pairs(links) for end in pair]
    strangers = [end for end in ends if end not in ids]
    if strangers:
        message = f"links has ids that are not in the regions: {_contract.named(strangers)}."
        raise RegionError(message)
    found = ids.get_indexer(pd.Index(ends, dtype=object))
    return found[::2].astype(np.int64), found[1::2].astype(np.int64)


def _id_pairs(links: Sequence[tuple[str, str]]) -> list[tuple[str, str]]:
    """Return the links as a list, or raise where one is not a pair of two different ids."""
    if isinstance(links, str) or not hasattr(links, "__iter__"):
        message = f"links must be a list of pairs of region ids; {type(links).__name__} was given."
        raise OptionError(message)
    pairs = list(links)
    odd = [pair for pair in pairs if isinstance(pair, str) or len(pair) != _ENDS or pair[0] == pair[1]]
    if odd:
        message = f"links must be pairs of two different region ids; these are not: {_contract.named(odd)}."
        raise OptionError(message)
    return pairs


def completed(regions: GeoDataFrame, met: Pairs, *, links: Sequence[tuple[str, str]], islands: str) -> Pairs:
    """Return the pairs that meet, those that the user names, and those that join islands to the rest."""
    wanted = named(links, regions.index)
    pairs = _together(met, wanted, count=len(regions)) if len(wanted[0]) else met
    if islands == "isolate":
        return pairs
    join = _bridges.bridges if islands == "bridge" else _bridges.nearest_parts
    return _together(pairs, join(regions, *pairs)[:2], count=len(regions))


def _together(*several: Pairs, count: int) -> Pairs:
    """Return links of several kinds, each pair once and with the lower position first."""
    # Numbers of 32 bits, as compiled loops return them, would be too short for the pairs.
    one, other = (np.concatenate(side).astype(np.int64) for side in zip(*several, strict=True))
    first, second = np.minimum(one, other), np.maximum(one, other)
    pairs = np.unique(first * count + second)
    return pairs // count, pairs % count
