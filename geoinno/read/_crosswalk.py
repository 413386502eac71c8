"""Cross-walks: which share of an old region lies in each new one."""

from __future__ import annotations

import numpy as np
import pandas as pd
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from geoinno import _contract
from geoinno.errors import ColumnError, RegionError

_NAMES = ("old", "new", "weight")
_ROUNDING = 1e-6
_MOST_STEPS = 1000
_CLOSE = 1e-12


def own(crosswalk: pd.DataFrame, ids: pd.Index) -> pd.DataFrame:
    """Return a user's cross-walk for the ``ids``; those that it does not name keep their code."""
    if not isinstance(crosswalk, pd.DataFrame) or not set(_NAMES) <= set(crosswalk.columns):
        message = f"crosswalk must be a table with the columns {', '.join(_NAMES)}."
        raise ColumnError(message)
    pairs = crosswalk[list(_NAMES)].rename(columns={"weight": "share"})
    pairs["parts"] = pairs.groupby("new")["old"].transform("size")
    pairs = pairs[pairs["old"].isin(ids)]
    total = pairs.groupby("old")["share"].sum()
    bad = total.index[~np.isclose(total, 1, atol=_ROUNDING)]
    if len(bad) or (pairs["share"] < 0).any():
        message = (
            "Weights of the cross-walk must add up to 1 for each old code; they do not for "
            f"{_contract.named(bad)}."
        )
        raise ColumnError(message)
    rest = ids[~ids.isin(pairs["old"])]
    same = pd.DataFrame({"old": rest, "new": rest, "share": 1.0, "parts": 1})
    return pd.concat([pairs, same], ignore_index=True)


def weighted(became: dict[str, tuple[str, ...]], mass: pd.Series | None) -> pd.DataFrame:
    """Return pairs of old and new codes with shares, those of splits from a user's mass."""
    pairs = pd.DataFrame(
        [(old, new) for old, codes in became.items() for new in codes], columns=["old", "new"]
    )
    pairs["share"] = 1.0
    split = pairs["old"].isin(pairs.loc[pairs.duplicated("old"), "old"])
    if not split.any():
        return pairs
    if mass is None:
        listed = [f"{old} into {', '.join(codes)}" for old, codes in became.items() if len(codes) > 1]
        message = (
            f"Regions were split, and their shares are not known: {_contract.named(listed)}. Pass mass=, a "
            "Series by new code to weight by, such as population; or crosswalk=, a table of your own shares."
        )
        raise RegionError(message)
    for _, part in pairs.groupby(_parts(pairs)):
        if part["old"].duplicated().any():
            pairs.loc[part.index, "share"] = _shares(part, mass)
    return pairs


def _parts(pairs: pd.DataFrame) -> np.ndarray[tuple[int], np.dtype[np.int32]]:
    """Return the number of the set of old and new regions, connected by pairs, that each pair is in."""
    old, new = (pd.factorize(pairs[side])[0] for side in ("old", "new"))
    size = old.max() + new.max() + 2
    links = coo_array((np.ones(len(pairs)), (old, new + old.max() + 1)), shape=(size, size))
    return connected_components(links, directed=False)[1][old]


def _shares(part: pd.DataFrame, masses: pd.Series) -> pd.Series:
    """Return which share of each old region lies in each new one.

    New regions with one source share it out by their mass. Where a new region has several sources, the
    parts follow from the masses of old and new regions together: they are fitted to both, in turns.
    """
    several = part["new"].duplicated().any()
    needed = pd.unique(pd.concat([part["new"], part["old"]] if several else [part["new"]]))
    lacking = [code for code in needed if not masses.get(code, np.nan) > 0]
    if lacking:
        also = " Where new regions take parts of several old ones, it must hold the old codes too."
        message = f"mass holds no positive number for {_contract.named(lacking)}.{also if several else ''}"
        raise RegionError(message)
    size = masses.reindex(part["new"]).set_axis(part.index)
    if several:
        size = _fitted(part, masses)
    return size / size.groupby(part["old"]).transform("sum")


def _fitted(part: pd.DataFrame, masses: pd.Series) -> pd.Series:
    """Return masses of the parts that add up to the masses of old and new regions."""
    old = masses.reindex(part["old"]).set_axis(part.index)
    new = masses.reindex(part["new"]).set_axis(part.index)
    # Masses of different years have different totals; only the shares of the old regions count.
    new = new * old[~part["old"].duplicated()].sum() / new[~part["new"].duplicated()].sum()
    size = pd.Series(1.0, index=part.index)
    for _ in range(_MOST_STEPS):
        before = size
        size = size * old / size.groupby(part["old"]).transform("sum")
        size = size * new / size.groupby(part["new"]).transform("sum")
        if np.allclose(size, before, rtol=_CLOSE, atol=0):
            break
    return size
