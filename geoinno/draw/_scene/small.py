"""Small regions: those a reader could not see at the size of the map, which get a ringed symbol.

Cities that are regions of their own are often the poles that a map is about, and cover the least of it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import shapely

if TYPE_CHECKING:
    from geoinno._types import Floats, Ints, Shapes

# Of the reference width; on a screen the map is drawn at two thirds of it.
SMALL_PX = 9.0
RING_PX = 5.0
# Where most regions are small it is their pattern that counts, and rings would hide it.
_SHARE_OF_MEDIAN = 0.4
_MOST = 80


@dataclass(frozen=True, slots=True, eq=False)
class Spots:
    """The small regions of a set: positions in it, places, and sides of squares as large, in metres."""

    region: Ints
    places: Floats
    sides: Floats

    def __len__(self) -> int:
        """Return how many there are."""
        return len(self.region)


def small_regions(fills: Shapes, unit: float) -> Spots:
    """Return the regions of a set that are too small to be seen, unless there are too many to be marked."""
    parts, owner = _largest_parts(fills)
    side = np.sqrt(shapely.area(parts))
    limit = min(SMALL_PX * unit, _SHARE_OF_MEDIAN * float(np.median(side))) if len(side) else 0.0
    small = np.flatnonzero(side < limit)
    if len(small) > _MOST:
        return no_spots()
    places = shapely.get_coordinates(shapely.point_on_surface(parts[small]))
    return Spots(owner[small], places, side[small])


def _largest_parts(fills: Shapes) -> tuple[Shapes, Ints]:
    """Return the largest part of each region that has one, and its position: of islands, none is larger."""
    parts, owner = shapely.get_parts(fills, return_index=True)
    order = np.lexsort((shapely.area(parts), owner))
    last = np.flatnonzero(np.diff(owner[order], append=-1))
    return parts[order[last]], owner[order[last]]


def no_spots() -> Spots:
    """Return no small region."""
    return Spots(np.empty(0, dtype=np.int64), np.empty((0, 2)), np.empty(0))
