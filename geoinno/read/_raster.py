"""Cells over a map of regions, so that most of many points are placed without a test of a polygon."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import shapely

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from geoinno._types import Floats, Ints

# Halvings of the map: 1,024 cells each way take a second and 4 MB, and leave few points beside a border.
_HALVINGS = 10
NOWHERE, BORDER = -1, -2


@dataclass(frozen=True, slots=True, eq=False)
class Raster:
    """The number of the region that holds each cell whole; NOWHERE, or BORDER where it must be tested."""

    cells: Ints
    low: Floats
    size: Floats
    polygons: NDArray[np.object_]

    def homes(self, x: Floats, y: Floats) -> Ints:
        """Return the number of the first region that holds each point, -1 where none does."""
        column, row = (
            np.floor((value - low) / size).astype(np.int64)
            for value, low, size in zip((x, y), self.low, self.size, strict=True)
        )
        side = len(self.cells)
        inside = (column >= 0) & (column < side) & (row >= 0) & (row < side)
        home = np.full(len(x), NOWHERE)
        home[inside] = self.cells[row[inside], column[inside]]
        near = np.flatnonzero(home == BORDER)
        home[near] = tested_homes(shapely.points(x[near], y[near]), self.polygons)
        return home


def raster(polygons: NDArray[np.object_]) -> Raster:
    """Return the raster of a map: squares are halved where neither one region nor none holds them whole."""
    side = 1 << _HALVINGS
    bounds = shapely.total_bounds(polygons)
    # A little beyond the map, so that its eastern and northern edges lie in a cell.
    size = np.maximum((bounds[2:] - bounds[:2]) / side, np.finfo(float).tiny) * (1 + 1e-9)
    cells = np.full((side, side), BORDER)
    tree = shapely.STRtree(polygons)
    corners = np.zeros((1, 2), np.int64)
    for width in (side >> k for k in range(_HALVINGS + 1)):
        found = _held(tree, polygons, _boxes(corners, width, bounds[:2], size=size))
        column, row = (corners[found != BORDER].T[..., None] + np.arange(width))[..., None, :]
        cells[row.swapaxes(1, 2), column] = found[found != BORDER][:, None, None]
        corners = _quarters(corners[found == BORDER], width // 2)
    return Raster(cells, bounds[:2], size, polygons)


def _boxes(corners: Ints, width: int, low: Floats, *, size: Floats) -> NDArray[np.object_]:
    """Return squares of cells as polygons, a little larger: a point on their edge may round into them."""
    # Rounding in the division of homes() is far below a thousandth of a cell.
    first, last = low + (corners - 1e-3) * size, low + (corners + width + 1e-3) * size
    boxes: NDArray[np.object_] = shapely.box(*first.T, *last.T)
    return boxes


def _held(tree: shapely.STRtree, polygons: NDArray[np.object_], boxes: NDArray[np.object_]) -> Ints:
    """Return which region holds each box whole and alone; NOWHERE where none meets it, else BORDER."""
    box, region = tree.query(boxes, predicate="intersects")
    meetings = np.bincount(box, minlength=len(boxes))
    found = np.where(meetings == 0, NOWHERE, BORDER)
    single = meetings[box] == 1
    box, region = box[single], region[single]
    whole = shapely.contains_properly(polygons[region], boxes[box])
    found[box[whole]] = region[whole]
    return found


def _quarters(corners: Ints, width: int) -> Ints:
    """Return the four quarters of squares, of this width."""
    if not width:
        return corners[:0]
    steps = np.array([[0, 0], [0, width], [width, 0], [width, width]])
    return (corners[:, None] + steps).reshape(-1, 2)


def tested_homes(points: NDArray[np.object_], polygons: NDArray[np.object_]) -> Ints:
    """Return the number of the first polygon that holds each point, -1 where none does."""
    home = np.full(len(points), NOWHERE)
    # The tree holds the points: each polygon is then prepared once for all that are near it.
    region, point = shapely.STRtree(points).query(polygons, predicate="intersects")
    # Polygons come in their order; of those that share a point, the one written last stays.
    home[point[::-1]] = region[::-1]
    return home
