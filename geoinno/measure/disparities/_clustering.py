"""Clubs of paths: the sequence of core, sieve and rest of Phillips and Sul (2007), and their merging."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from geoinno.measure.disparities import _log_t

if TYPE_CHECKING:
    from geoinno._types import Floats, Ints


@dataclass(frozen=True, slots=True)
class Settings:
    """How many first years are discarded, which t lets a region join a core, and whether clubs merge."""

    discarded: int
    inclusion: float
    merge: bool


def clubs(paths: Floats, settings: Settings) -> list[Ints]:
    """Return the rows of each club; rows of ``paths`` must fall by their last value."""
    found = _sequence(paths, settings)
    return _merged(paths, found, settings.discarded) if settings.merge else found


def _sequence(paths: Floats, settings: Settings) -> list[Ints]:
    """Return clubs one after the other, until those left converge together or no two of them do."""
    left = np.arange(len(paths))
    found: list[Ints] = []
    while len(left) > 1:
        if _log_t.of_group(paths[left], settings.discarded).converges()[0]:
            return [*found, left]
        core = _core(paths[left], settings.discarded)
        if core is None:
            break
        inside = _sieve(paths[left], core, settings)
        found.append(left[inside])
        left = np.delete(left, inside)
    return found


def _core(paths: Floats, discarded: int) -> slice | None:
    """Return the core: from the first pair that converges on, the leading paths with the highest t.

    Groups grow by one path at a time for as long as they converge (Phillips and Sul 2007, step 2).
    """
    pairs = np.flatnonzero(_log_t.of_pairs(paths, discarded).converges())
    if not len(pairs):
        return None
    first = int(pairs[0])
    groups = _log_t.of_leading(paths[first:], discarded)
    fails = np.flatnonzero(~groups.converges())
    end = int(fails[0]) if len(fails) else len(groups.t)
    # The pair itself converges, whatever rounding says of its t in the longer sum.
    size = 2 + (int(np.argmax(groups.t[:end])) if end else 0)
    return slice(first, first + size)


def _sieve(paths: Floats, core: slice, settings: Settings) -> Ints:
    """Return the rows of the club, rising: the core, and those who converge with it.

    Where the club as a whole does not converge, the critical value of the sieve is raised until it does:
    those who fit the core least leave first (step 3).
    """
    inside = np.arange(len(paths))[core]
    others = np.delete(np.arange(len(paths)), core)
    if not len(others):
        return inside
    t = np.nan_to_num(_log_t.of_joined(paths[core], paths[others], settings.discarded).t, nan=-np.inf)
    order = np.argsort(-t, kind="stable")
    joining = others[order][t[order] > settings.inclusion]
    if not len(joining):
        return inside
    whole = paths[np.concatenate([inside, joining])]
    groups = _log_t.of_leading(whole, settings.discarded, least=len(inside) + 1)
    sound = np.flatnonzero(groups.converges())
    return np.sort(np.concatenate([inside, joining[: int(sound.max(initial=-1)) + 1]]))


def _merged(paths: Floats, found: list[Ints], discarded: int) -> list[Ints]:
    """Return clubs merged with the next for as long as they converge together (Phillips and Sul 2009)."""
    merged: list[Ints] = []
    for club in found:
        if merged:
            both = np.concatenate([merged[-1], club])
            if _log_t.of_group(paths[both], discarded).converges()[0]:
                merged[-1] = both
                continue
        merged.append(club)
    return merged


def membership(found: list[Ints], count: int) -> Ints:
    """Return the club of each row, from 0; -1 for a row in none."""
    labels = np.full(count, -1, np.int64)
    for club, rows in enumerate(found):
        labels[rows] = club
    return labels
