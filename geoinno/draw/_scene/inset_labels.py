"""Labels of insets: each in the corner that arrows, lines and regions leave free, or nearly so."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import shapely

from geoinno.draw._scene.arrow import curve
from geoinno.draw._scene.frames import LABEL_SHARE

if TYPE_CHECKING:
    from collections.abc import Sequence

    from geoinno._types import Floats, Shapes
    from geoinno.draw._scene.flows import Drawn
    from geoinno.draw._scene.frames import Frame
    from geoinno.draw._scene.insets import Inset

_STEPS = 24
# What a label hides of regions weighs more than any arrow.
_HIDDEN = 1e3


def settled(
    insets: Sequence[Inset], flows: Sequence[Drawn], *, lines: Sequence[Shapes], fills: Sequence[Shapes]
) -> tuple[Inset, ...]:
    """Return insets whose labels are where arrows and lines cross them least and hide no region."""
    if not insets:
        return ()
    crossing, covered = np.concatenate([_centre_lines(flows), *lines]), np.concatenate([*fills])
    return tuple(_in_best_corner(inset, crossing, covered) for inset in insets)


def label_box(inset: Inset) -> Frame:
    """Return what of the frame of an inset its label covers."""
    x0, y0, x1, y1 = inset.box
    wide, high = inset.reach * (x1 - x0), LABEL_SHARE * (y1 - y0)
    left, right = (x1 - wide, x1) if inset.flush_right else (x0, x0 + wide)
    return (left, y0, right, y0 + high) if inset.at_foot else (left, y1 - high, right, y1)


def _in_best_corner(inset: Inset, crossing: Shapes, fills: Shapes) -> Inset:
    """Return an inset with its label where it is, unless another corner is freer."""
    if not len(crossing):
        return inset
    corners = [(inset.flush_right, False), (not inset.flush_right, False)]
    corners += [(right, True) for right, _ in corners]
    placed = [replace(inset, flush_right=right, at_foot=foot) for right, foot in corners]
    return min(placed, key=lambda one: _cost(one, crossing, fills, own=one == placed[0]))


def _cost(inset: Inset, crossing: Shapes, fills: Shapes, *, own: bool) -> float:
    """Return how much a label crosses, in metres; what is shown keeps clear of its ``own`` corner anyway."""
    box = shapely.box(*label_box(inset))
    crossed = float(shapely.length(shapely.intersection(crossing, box)).sum())
    hidden = not own and bool(shapely.intersects(fills, box).any())
    return crossed + (_HIDDEN * shapely.length(box) if hidden else 0.0)


def _centre_lines(flows: Sequence[Drawn]) -> Shapes:
    """Return the lines along which arrows run."""
    curves: list[Floats] = [
        curve(leg.start, leg.end, leg.bend, steps=_STEPS)
        for drawn in flows
        for i in range(len(drawn.start))
        for leg in drawn.legs(i)
    ]
    return np.array([shapely.LineString(points) for points in curves], dtype=object)
