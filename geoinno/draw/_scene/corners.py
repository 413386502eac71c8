"""Corners of a map: where the scale bar covers least of what the map is about."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

import numpy as np
import shapely

if TYPE_CHECKING:
    from geoinno.draw._scene.scene import Scene

Corner = Literal["left", "right"]
# The share of the frame's width and height that a scale bar may take, with its margin.
_WIDE, _TALL = 0.22, 0.07


def scale_corner(drawn: Scene) -> Corner:
    """Return the lower corner for the scale bar: the left one, unless it is taken and the right one is free.

    Taken is a corner with regions, places or insets in it when the map opens.
    """
    x0, y0, x1, y1 = drawn.frame
    wide, top = _WIDE * (x1 - x0), y0 + _TALL * (y1 - y0)
    insets = np.array([shapely.box(*inset.box) for inset in drawn.insets], dtype=object)
    places = [shapely.points(layer.nodes) for layer in drawn.flows]
    content = shapely.STRtree(np.concatenate([insets, *drawn.fills, *places]))
    left, right = shapely.box(x0, y0, x0 + wide, top), shapely.box(x1 - wide, y0, x1, top)
    taken = [bool(len(content.query(box, predicate="intersects"))) for box in (left, right)]
    return "right" if taken == [True, False] else "left"
