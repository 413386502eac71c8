"""Whether two sides gave one answer: the same numbers, or counts of draws that chance alone sets apart."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy import stats

DRAWS = 999
SAME = 1e-5  # spint stops a few millionths away
TESTED = 0.02, 0.4
# Below it counts do not come from one law. A run tests about a dozen pairs, so a suite in which all agree
# complains about once in a hundred runs.
LEVEL = 1e-3


@dataclass(frozen=True)
class Agreement:
    """Whether answers agree and, where chance has a part in them, the p-value of the difference."""

    agrees: bool
    p: float | None = None


def equal(ours, theirs, _):
    """Return whether all numbers are the same."""
    return Agreement(list(ours) == list(theirs))


def close(ours, theirs, _):
    """Return whether the first numbers agree to a hundred-thousandth."""
    return Agreement(bool(abs(ours[0] / theirs[0] - 1) < SAME))


def within_chance(ours, theirs, own):
    """Test whether counts of draws in the smaller tail differ by more than those of our own seeds do.

    The statistic is the mean chi-square of the two counts over regions. Regions share draws, so it has no
    table; ``own`` holds it for pairs of our own seeds. Its logarithm is about normal, so that of a peer is
    held against what one more seed would give: Student's t, one-sided, at a level of one in a thousand.
    """
    if not own:
        return None
    found = np.log(own)
    room = found.std(ddof=1) * np.sqrt(1 + 1 / len(found))
    t = (np.log(chi_square(ours, theirs)) - found.mean()) / room
    p = float(stats.t.sf(t, len(found) - 1))
    return Agreement(p >= LEVEL, p)


def chi_square(ours, theirs):
    """Return the mean over regions of (a - b)^2 / (2 draws p (1 - p)), which is one on the average."""
    a, b = np.asarray(ours, float), np.asarray(theirs, float)
    p = (a + b) / 2 / DRAWS
    low, high = TESTED  # few draws are no chi-square; at the middle, which tail is the smaller is chance
    tested = (p >= low) & (p < high)
    terms = (a - b)[tested] ** 2 / (2 * DRAWS * p[tested] * (1 - p[tested]))
    return float(terms.mean())
