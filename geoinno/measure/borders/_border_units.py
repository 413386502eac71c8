"""Units near a border, and whether they are enough, and well enough placed, to identify a jump."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from geoinno.errors import RegionError
from geoinno.measure.borders import _local_linear

if TYPE_CHECKING:
    from geoinno._types import Bools, Floats
    from geoinno.measure.borders._local_linear import Side


LEAST = 20
_ROUNDING = 1e-9


@dataclass(frozen=True, slots=True)
class Sample:
    """Units near the border: signed km (below zero on the first side), value, and whether on the second."""

    x: Floats
    y: Floats
    second: Bools
    degree: int

    def part(self, chosen: Bools) -> Sample:
        """Return the chosen units."""
        return Sample(self.x[chosen], self.y[chosen], self.second[chosen], self.degree)

    def fits(self, width: float) -> tuple[tuple[Side, Side], tuple[Side, Side]]:
        """Return the fit of the estimate, and that of one degree more which corrects its bias."""
        first, second = (
            _local_linear.sides(self.x, width, degree=d, above=self.second, order=self.degree - 1)
            for d in (self.degree, self.degree + 1)
        )
        return first, second

    def counts(self, width: float) -> tuple[int, int]:
        """Return how many units lie within a bandwidth on each side."""
        near = np.abs(self.x) < width
        return int((near & ~self.second).sum()), int((near & self.second).sum())

    def weakness(self, width: float, words: tuple[str, str]) -> str:
        """Return on which side the bias-corrected fit is not identified, and why, or nothing."""
        for word, on in zip(words, (~self.second, self.second), strict=True):
            reason = _local_linear.weakness(np.abs(self.x[on]), width, degree=self.degree + 1)
            if reason:
                return f"on side {word!r} the units within {width:.4g} km {reason}"
        return ""


def enough(sample: Sample, width: float, words: tuple[str, str]) -> tuple[int, int]:
    """Return how many units lie within reach on each side, or raise where they do not identify a jump."""
    counts = sample.counts(width)
    problem = "" if np.isinf(width) else sample.weakness(width, words)
    if min(counts) < LEAST:
        near, where = ("", "") if np.isinf(width) else (" within the bandwidth", f" within {width:.4g} km")
        problem = (
            f"it takes at least {LEAST} units{near} on each side; there are {counts[0]} on side {words[0]!r} "
            f"and {counts[1]} on side {words[1]!r}{where}"
        )
    if problem:
        message = f"The jump is not identified: {problem}; {_remedy(sample, words)}."
        raise RegionError(message)
    return counts


def _remedy(sample: Sample, words: tuple[str, str]) -> str:
    """Return the smallest bandwidth in whole km that identifies the jump, or that none does."""
    totals = sample.counts(np.inf)
    short = [f"{w!r} has {n} in all" for w, n in zip(words, totals, strict=True) if n < LEAST]
    if short:
        return f"{' and '.join(short)}, so smaller units are needed"
    for width in np.unique(np.ceil(np.abs(sample.x) + _ROUNDING)):
        if min(sample.counts(width)) >= LEAST and not sample.weakness(width, words):
            return f"bandwidth_km={width:g} would do"
    return "no bandwidth would do, so smaller units are needed"
