"""Deficits of flows over segments: each among those of like distance, and those abroad against home."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from geoinno.measure._inference.permutations import counted
from geoinno.measure._inference.significance import two_sided
from geoinno.measure.borders import _sides
from geoinno.scale import follow

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from geoinno._types import Bools, Floats

    Ints = NDArray[np.intp]

_STRATA, _LEAST = 5, 20
# Fits stop short of the last digits: deficits that differ by less are one number.
_TIE = 1e-9
# Stands for minus infinity, the deficit of a segment that nothing crosses: the lowest of all.
_NOTHING = -1e9


@dataclass(frozen=True, slots=True)
class Deficits:
    """Known deficits in an order that does not depend on the rows of any table."""

    level: Floats
    groups: Ints
    foreign: Bools

    def ranked(self) -> Floats:
        """Return the two-sided p-value of each deficit's rank within its group.

        If deficits of a group could change places, each rank would be as likely: p is exact, and needs
        no draws.
        """
        p = np.empty(len(self.level))
        for group in np.unique(self.groups):
            own = self.groups == group
            level = np.sort(self.level[own])
            above = len(level) - np.searchsorted(level, self.level[own] - _TIE, side="left")
            below = np.searchsorted(level, self.level[own] + _TIE, side="right")
            p[own] = np.minimum(1.0, 2 * np.minimum(above, below) / len(level))
        return p

    def tested(self, *, permutations: int, seed: int) -> dict[str, float]:
        """Return the median deficit abroad less that at home, and its p-value among permutations."""
        if self.foreign.all() or not self.foreign.any():
            return {"difference": float("nan"), "p": float("nan")}
        rng, gap = np.random.default_rng(seed), self._gap(self.level)
        shuffles = (
            self.level[_sides.reshuffled(rng, self.groups)]
            for _ in follow(range(permutations), "Permutation")
        )
        drawn = np.array([self._gap(level) for level in shuffles])
        p = float(two_sided(counted(drawn, gap, 1.0, tie=_TIE), permutations))
        return {"difference": gap if abs(gap) < -_NOTHING / 2 else float(np.copysign(np.inf, gap)), "p": p}

    def _gap(self, level: Floats) -> float:
        """Return the median abroad less the median at home."""
        return float(np.median(level[self.foreign]) - np.median(level[~self.foreign]))


def deficits(level: Floats, km: Floats, foreign: Bools) -> Deficits:
    """Return deficits in groups of like distance."""
    groups = _sides.strata(km, most=_STRATA, least=_LEAST)
    return Deficits(np.nan_to_num(level, neginf=_NOTHING), groups, foreign)
