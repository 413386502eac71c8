"""Arrows: a curve between two nodes as one polygon, alike in the browser and in print.

All lengths are in pixels of the screen (or in points of the paper, both scaled alike), never in
degrees. y grows upwards; the browser's twin in ``assets/arrows.js`` counts it downwards.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from geoinno._types import Floats

    Points = Floats

LEAST_FREE = 5.0
_VERTICES = 64
_STEPS = 24
_TAPER = 0.5
_LEAST_BARB = 1.5


@dataclass(frozen=True, slots=True, eq=False)
class Leg:
    """A part of an arrow: its ends, its bend, and what is trimmed at both ends for the nodes, in pixels.

    ``taper`` is the stretch of the whole arrow (0..1) that it covers; the last part alone has a ``head``.
    """

    start: Points
    end: Points
    bend: float
    trims: tuple[float, float]
    taper: tuple[float, float] = (0.0, 1.0)
    head: bool = True

    def ring(self, width: float, scale: float) -> Points | None:
        """Return the outline of the part, whose ends are divided by ``scale``; None without room."""
        line = curve(self.start / scale, self.end / scale, self.bend)
        return arrow(line, width, self.trims, taper=self.taper, head=self.head)


def curve(start: Points, end: Points, bend: float, *, steps: int = _VERTICES) -> Points:
    """Return a quadratic Bezier curve that bows to the left by half of ``bend`` times its length."""
    along = end - start
    control = (start + end) / 2 + bend * np.array([-along[1], along[0]])
    t = np.linspace(0, 1, steps + 1)[:, None]
    return (1 - t) ** 2 * start + 2 * (1 - t) * t * control + t**2 * end


def arrow(
    line: Points,
    width: float,
    trims: tuple[float, float],
    *,
    taper: tuple[float, float] = (0.0, 1.0),
    head: bool = True,
) -> Points | None:
    """Return the ring of an arrow along a curve; None where too little is left to draw.

    ``trims`` is cut from both ends, for the nodes. The shaft tapers from half its width, so that
    small and large ends differ, but the head alone tells the direction (Jenny et al. 2018,
    Cartography and Geographic Information Science 45(1), doi:10.1080/15230406.2016.1262280).
    """
    table = np.concatenate([[0.0], np.cumsum(np.hypot(*np.diff(line, axis=0).T))])
    first, last = trims[0], table[-1] - trims[1]
    free = last - first
    if free < LEAST_FREE:
        return None
    long, half_head = _head(width, free) if head else (0.0, 0.0)
    base, share = last - long, np.arange(_STEPS + 1) / _STEPS
    at = first + (base - first) * share
    grown = _TAPER + (1 - _TAPER) * (taper[0] + (taper[1] - taper[0]) * share)
    half = np.maximum(min(width, 1.2) / 2, width / 2 * grown)[:, None]
    shaft, normal = _along(line, table, at), _normals(line, table, at)
    left, right = shaft + normal * half, (shaft - normal * half)[::-1]
    if not head:
        return np.vstack([left, right])
    foot, tip = _along(line, table, np.array([base, last]))
    across = _left_of(tip - foot) * half_head
    return np.vstack([left, foot + across, tip, foot - across, right])


def _head(width: float, free: float) -> tuple[float, float]:
    """Return the length of a head and half its width, smaller where little is free.

    However short, it is wider than its shaft: else the arrow would be a lozenge without direction.
    """
    long, half = float(np.clip(1.6 * width + 5.5, 8, 18)), width / 2 + max(2.6, 0.3 * width)
    shrunk = min(1.0, 0.45 * free / long)
    return long * shrunk, max(half * shrunk, width / 2 + _LEAST_BARB)


def _along(line: Points, table: Points, at: Points) -> Points:
    """Return the points at given lengths along a line."""
    return np.column_stack([np.interp(at, table, line[:, 0]), np.interp(at, table, line[:, 1])])


def _normals(line: Points, table: Points, at: Points) -> Points:
    """Return the unit left-hand normals at given lengths along a line."""
    ahead = _along(line, table, at + 0.01) - _along(line, table, np.maximum(0, at - 0.01))
    length = np.hypot(*ahead.T)
    return np.column_stack([-ahead[:, 1], ahead[:, 0]]) / np.where(length > 0, length, 1)[:, None]


def _left_of(vector: Points) -> Points:
    """Return the unit vector to the left."""
    turned = np.array([-vector[1], vector[0]])
    return turned / (np.hypot(*turned) or 1.0)
