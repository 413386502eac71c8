"""Versions of NUTS: which codes of level 2 became which, and ids that are of another version."""

from __future__ import annotations

from functools import cache
from itertools import pairwise, permutations
from typing import Any

import pandas as pd

from geoinno.read import _shipped

VERSIONS = (2010, 2013, 2016, 2021)
SOURCE = "Commission Regulations (EU) No 1319/2013, 2016/2066 and (EU) 2019/1755"
# Norway drew its statistical regions anew for 2021; which became which is in no regulation.
REDRAWN = {"NO": 2021}


@cache
def _steps() -> dict[int, pd.DataFrame]:
    """Return the changes of codes by the version that they start from."""
    # A code such as "NA" would be text here too.
    changes = pd.read_csv(_shipped.folder() / "codes" / "nuts_changes.csv", keep_default_na=False)
    return {version: changes[changes["from"] == version] for version in VERSIONS[:-1]}


@cache
def changes(start: int, end: int) -> dict[str, tuple[str, ...]]:
    """Return what each code of level 2 that changed between two versions became, in either direction."""
    low, high = sorted((start, end))
    known: dict[str, tuple[str, ...]] = {}
    for version in [v for v in VERSIONS if low <= v < high]:
        step: dict[Any, Any] = _steps()[version].groupby("old")["new"].apply(tuple).to_dict()
        known = _continued(known, step)
    return known if start <= end else _reversed(known)


def _continued(
    known: dict[str, tuple[str, ...]], step: dict[str, tuple[str, ...]]
) -> dict[str, tuple[str, ...]]:
    """Return the changes up to one more step: those known followed on, and those that it begins."""
    # What an earlier step introduced is no code of the first version, though this step changes it again.
    introduced = {code for new in known.values() for code in new}
    begun = {old: new for old, new in step.items() if old not in introduced and old not in known}
    return {old: _onward(new, step) for old, new in known.items()} | begun


def _onward(codes: tuple[str, ...], step: dict[str, tuple[str, ...]]) -> tuple[str, ...]:
    """Return what codes become in one more step."""
    return tuple(dict.fromkeys(new for code in codes for new in step.get(code, (code,))))


def _reversed(known: dict[str, tuple[str, ...]]) -> dict[str, tuple[str, ...]]:
    """Return the changes from the later version to the earlier."""
    pairs = [(new, old) for old, codes in known.items() for new in codes]
    return {new: tuple(old for other, old in pairs if other == new) for new, _ in pairs}


@cache
def validity(code: str) -> tuple[int, int]:
    """Return the first and the last of the versions in which a code can be."""
    first, last = VERSIONS[0], VERSIONS[-1]
    for version, following in pairwise(VERSIONS):
        step = _steps()[version]
        first = following if (step["new"] == code).any() else first
        last = version if (step["old"] == code).any() else last
    return first, last


def hint(regions: pd.Index, indicators: pd.Index) -> str:
    """Say where unmatched ids are codes of two versions of NUTS, empty where they are not."""
    there, here = set(regions), set(indicators)
    best = (0, VERSIONS[0], VERSIONS[0])
    for start, end in permutations(VERSIONS, 2):
        count = sum(there.issuperset(new) for old, new in changes(start, end).items() if old in here)
        # Of versions that explain as many ids, those nearest to each other.
        best = max(best, (count, start, end), key=lambda found: (found[0], -abs(found[1] - found[2])))
    count, start, end = best
    if not count:
        return ""
    return (
        f" {count:,} of the indicators' ids are codes of NUTS {start} whose regions have other codes in NUTS "
        f"{end}: gi.read.recoded(indicators, from_={start}, to={end})."
    )
