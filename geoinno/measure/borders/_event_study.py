"""Event study: outcomes of rings about an opened border beside those of regions that it does not reach.

Sun and Abraham (2021) interact every cohort (here: ring and year of opening) with every period about its
opening. In a balanced panel with regions that are never reached, least squares of that model are differences
of means: a cohort's change since the year before it opened, less that of regions never reached.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from geoinno._types import Bools, Floats, Ints


@dataclass(frozen=True, slots=True, eq=False)
class Panel:
    """Outcomes (regions by years), the ring of each region, and the position of the year in which it opened.

    Ring and opening are -1 for regions that are never reached.
    """

    outcome: Floats
    ring: Ints
    opening: Ints

    @property
    def far(self) -> Bools:
        """Which regions are never reached."""
        return self.ring < 0

    @property
    def openings(self) -> Ints:
        """The positions of the years of opening, each once."""
        return np.unique(self.opening[~self.far])

    @property
    def times(self) -> Ints:
        """The periods since an opening that the panel has for some region."""
        years = self.outcome.shape[1]
        return np.arange(-int(self.openings.max()), years - int(self.openings.min()))

    def moved(self, order: Ints) -> Panel:
        """Return the panel with the rings and openings of other regions."""
        return replace(self, ring=self.ring[order], opening=self.opening[order])

    def since(self, opening: int) -> Floats:
        """Return changes since the year before an opening (regions by times), missing outside the panel."""
        change = np.full((len(self.outcome), len(self.times)), np.nan)
        position = opening + self.times
        inside = (position >= 0) & (position < self.outcome.shape[1])
        change[:, inside] = self.outcome[:, position[inside]] - self.outcome[:, [opening - 1]]
        return change


@dataclass(frozen=True, slots=True, eq=False)
class Means:
    """Means of rings (rows) less those of regions never reached, and their standard errors."""

    effect: Floats
    se: Floats

    @property
    def t(self) -> Floats:
        """The effects over their errors; 0 where both are zero, as in the year before the opening."""
        zero = np.where(np.isnan(self.se), np.nan, 0.0)
        return np.divide(self.effect, self.se, out=zero, where=self.se > 0)


@dataclass(frozen=True, slots=True, eq=False)
class Changes:
    """What every region changed, in columns: periods about the opening, or one number after it.

    ``by_opening`` has the changes of all regions since each opening, ``own`` those since a region's own.
    """

    panel: Panel
    by_opening: dict[int, Floats]

    @property
    def own(self) -> Floats:
        """The change of each region since its own opening, less that of regions never reached."""
        found = np.full_like(next(iter(self.by_opening.values())), np.nan)
        for opening, change in self.by_opening.items():
            cohort = self.panel.opening == opening
            found[cohort] = change[cohort] - change[self.panel.far].mean(axis=0)
        return found

    def far(self, shares: Floats) -> Floats:
        """Return the change of regions never reached, openings weighted by shares (openings by columns)."""
        changes = (change[self.panel.far] for change in self.by_opening.values())
        pairs = zip(changes, shares, strict=True)
        parts = (np.where(share > 0, change, 0.0) * share for change, share in pairs)
        return np.asarray(sum(parts))


def changes(panel: Panel) -> Changes:
    """Return changes in each period about the opening."""
    return Changes(panel, {int(e): panel.since(int(e)) for e in panel.openings})


def averaged(found: Changes) -> Changes:
    """Return the mean change after the opening, in one column."""
    after = found.panel.times >= 0
    mean = {e: np.nanmean(change[:, after], axis=1)[:, None] for e, change in found.by_opening.items()}
    return Changes(found.panel, mean)


def means(found: Changes) -> Means:
    """Return the effects by ring: cohorts weighted by their share of the regions seen (Sun and Abraham)."""
    own = found.own
    rings = range(int(found.panel.ring.max()) + 1)
    parts = [_ring(found, own, found.panel.ring == ring) for ring in rings]
    effect, se = (np.array(column) for column in zip(*parts, strict=True))
    return Means(effect, se)


def _ring(found: Changes, own: Floats, inside: Bools) -> tuple[Floats, Floats]:
    """Return the effects in one ring and their errors: variances of the ring and of far regions add up."""
    rows = own[inside]
    seen = ~np.isnan(rows)
    count = np.maximum(seen.sum(axis=0), 1)
    effect = np.where(seen, rows, 0.0).sum(axis=0) / count
    spread = np.where(seen, rows - effect, 0.0)
    near = (spread**2).sum(axis=0) / np.maximum(count - 1, 1) / count
    opening = found.panel.opening[inside]
    shares = np.array([seen[opening == e].sum(axis=0) / count for e in found.by_opening])
    beyond = found.far(shares)
    far = beyond.var(axis=0, ddof=1) / len(beyond)
    seen_by = seen.sum(axis=0)
    return np.where(seen_by > 0, effect, np.nan), np.where(seen_by > 1, np.sqrt(near + far), np.nan)


def not_yet(panel: Panel) -> Floats:
    """Return the average effect by ring against regions not yet reached (Callaway and Sant'Anna 2021).

    A cohort's change to a year is compared with that of all regions whose border is closed in that year.
    """
    years = np.arange(panel.outcome.shape[1])
    average = np.full(len(panel.outcome), np.nan)
    for e in panel.openings:
        cohort = panel.opening == e
        change = panel.outcome - panel.outcome[:, [e - 1]]
        closed = panel.far[:, None] | (panel.opening[:, None] > np.maximum(years, e - 1))
        control = np.where(closed, change, 0.0).sum(axis=0) / closed.sum(axis=0)
        average[cohort] = (change[cohort] - control)[:, years >= e].mean(axis=1)
    return np.array([average[panel.ring == ring].mean() for ring in range(int(panel.ring.max()) + 1)])
