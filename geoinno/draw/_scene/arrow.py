"""Arrows: a curve between two nodes as one polygon, alike in the browser and in print.

All lengths are in pixels of the screen (or in points of the paper, both scaled alike), never in
degrees. y grows upwards; the browser's twin in ``assets/arrows.js`` counts it downwards.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from geoinno._types import Floats

    Points = Floats

LEAST_FREE = 5.0
_VERTICES = 64
_STEPS = 24
_TAPER = 0.5


def curve(start: Points, end: Points, bend: float, *, steps: int = _VERTICES) -> Points:
    """Return a quadratic Bezier curve that bows to the left by half of ``bend`` times its length."""
    along = end - start
    control = (start + end) / 2 + bend * np.array([-along[1], along[0]])
    t = np.linspace(0, 1, steps + 1)[:, None]
    return (1 - t) ** 2 * start + 2 * (1 - t) * t * control + t**2 * end


def arrow(line: Points, width: float, trims: tuple[float, float]) -> Points | None:
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
    head = float(np.clip(1.6 * width + 5.5, 8, 18))
    half_head = width / 2 + max(2.6, 0.3 * width)
    if head > 0.45 * free:
        half_head, head = half_head * 0.45 * free / head, 0.45 * free
    base = last - head
    share = np.arange(_STEPS + 1) / _STEPS
    at = first + (base - first) * share
    half = np.maximum(min(width, 1.2) / 2, width / 2 * (_TAPER + (1 - _TAPER) * share))
    shaft, normal = _along(line, table, at), _normals(line, table, at)
    foot, tip = _along(line, table, np.array([base, last]))
    across = _left_of(tip - foot) * half_head
    left = np.vstack([shaft + normal * half[:, None], foot + across])
    right = np.vstack([shaft - normal * half[:, None], foot - across])
    return np.vstack([left, tip, right[::-1]])


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
