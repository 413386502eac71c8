"""Merging of zones that exchange most, relative to what each sends and receives."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from geoinno._types import Bools, Floats

    Ints = NDArray[np.intp]


class Merge(NamedTuple):
    """One step: the two zones (numbers of their groups), their exchange, and the share of flow inside."""

    first: int
    second: int
    exchange: float
    inside: float


@dataclass(slots=True)
class _Zones:
    """The zones that are left: their flows, sums, who may merge, and the best partner of each."""

    flow: Floats
    out: Floats
    come: Floats
    allowed: Bools
    exchange: Floats
    best: Ints

    def top(self) -> tuple[int, int, float]:
        """Return the pair that exchanges most, the lower number first, and how much."""
        tops = self.exchange[np.arange(len(self.best)), self.best]
        a = int(tops.argmax())
        low, high = sorted((a, int(self.best[a])))
        return low, high, float(tops[a])

    def join(self, a: int, b: int) -> None:
        """Merge zone ``b`` into zone ``a``, and bring the best partners up to date."""
        for table in (self.flow, self.allowed):
            table[a] += table[b]
            table[:, a] += table[:, b]
            table[b], table[:, b] = 0, 0
        self.allowed[a, a] = False
        self.out[a] += self.out[b]
        self.come[a] += self.come[b]
        self.exchange[b], self.exchange[:, b] = -np.inf, -np.inf
        row = self._row(a)
        self.exchange[a], self.exchange[:, a] = row, row
        # Only partners of a or b can have a worse best partner now; for the others a may be a better one.
        stale = np.flatnonzero((self.best == a) | (self.best == b))
        self.best[stale] = self.exchange[stale].argmax(axis=1)
        self.best[a] = row.argmax()
        higher = row > self.exchange[np.arange(len(self.best)), self.best]
        self.best[higher] = a

    def _row(self, a: int) -> Floats:
        """Return what one zone exchanges with all others, relative to what they send and receive."""
        there, back = self.out[a] * self.come, self.out * self.come[a]
        share = _ratio(self.flow[a], there) + _ratio(self.flow[:, a], back)
        return np.where(self.allowed[a] & (share > 0), share, -np.inf)


def merges(flow: Floats, allowed: Bools) -> list[Merge]:
    """Return every step from single zones to as few groups as ``allowed`` pairs permit.

    The pair merges for which T_ij / (O_i D_j) + T_ji / (O_j D_i) is highest; a group bears the number of
    its lowest zone. ``flow`` is square, the zones' own flows on its diagonal.
    """
    out, come = flow.sum(axis=1), flow.sum(axis=0)
    share = _ratio(flow, np.outer(out, come))
    exchange = np.where(allowed & (share + share.T > 0), share + share.T, -np.inf)
    zones = _Zones(flow.copy(), out, come, allowed.copy(), exchange, exchange.argmax(axis=1))
    total, inside = float(flow.sum()), float(np.trace(flow))
    steps: list[Merge] = []
    while True:
        a, b, value = zones.top()
        if not np.isfinite(value):
            return steps
        inside += float(zones.flow[a, b] + zones.flow[b, a])
        zones.join(a, b)
        steps.append(Merge(a, b, value, inside / total))


def _ratio(above: Floats, below: Floats) -> Floats:
    """Return above / below, zero where nothing is sent or received."""
    return np.divide(above, below, out=np.zeros_like(above), where=below > 0)


def groups(steps: list[Merge], count: int) -> Ints:
    """Return the number of the group of each of ``count`` zones after these steps."""
    parent = np.arange(count)
    for step in steps:
        parent[parent == step.second] = step.first
    return parent
