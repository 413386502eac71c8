"""Frames of insets: each in the shape of what it shows, in rows below the main map."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import geopandas as gpd
import numpy as np
import shapely

from geoinno.draw._scene.projection import Projection, projection

if TYPE_CHECKING:
    from collections.abc import Sequence

    from geoinno._types import Shapes

Frame = tuple[float, float, float, float]
# The strip of insets leaves room for the scale bar at its left; a row has four to six of them.
_LEFT, _GAP, _TALL = 0.2, 0.012, 0.8
_FEWEST, _MOST = 4, 6
PAD, LABEL_SHARE = 0.06, 0.34
# What a label covers: the width of a letter as a share of the map's, and the height as one of the frame's. In
# print and on a desk there are two lines; on a phone there is one, in letters that are large beside the map.
PRINTED, _PHONE = (0.0085, LABEL_SHARE), (0.0155, 0.2)
LETTERS = 13
# How narrow and how wide a frame may be, where usual ones are 1.
_NARROW, _WIDE = 0.8, 1.7
_LEAST_METRES = 60_000.0
_SPECK = 0.005


@dataclass(frozen=True, slots=True, eq=False)
class Content:
    """What an inset shows: its projection, its parts in metres there, and their bounds without specks.

    ``letters`` is how long its label is.
    """

    projection: Projection
    metres: Shapes
    bounds: Frame
    letters: int

    @property
    def size(self) -> tuple[float, float]:
        """Width and height in metres, of small islands no less than a frame is worth."""
        x0, y0, x1, y1 = self.bounds
        return max(x1 - x0, _LEAST_METRES), max(y1 - y0, _LEAST_METRES)

    @property
    def centre(self) -> tuple[float, float]:
        """The middle of the bounds in metres."""
        x0, y0, x1, y1 = self.bounds
        return (x0 + x1) / 2, (y0 + y1) / 2


@dataclass(frozen=True, slots=True)
class Fit:
    """How an inset is drawn: its frame's width, its scale, and where its label is.

    The label stands above what is shown (``band``), or beside it at the ``left`` or the ``right``, in a
    corner that is empty. Lengths are in metres of the map.
    """

    width: float
    scale: float
    label: str

    def shrunk(self, share: float) -> Fit:
        """Return the same in a row that is by so much lower."""
        return Fit(self.width * share, self.scale * share, self.label)


def content(parts: Shapes, names: Sequence[str]) -> Content:
    """Return a group of parts (degrees) of regions with these names as an inset shows it."""
    chosen = projection(gpd.GeoSeries(parts, crs=4326))
    metres = chosen.projected(shapely.segmentize(parts, 0.5))
    area = shapely.area(metres)
    # Hawaii's chain of islets runs on for two thousand kilometres, in which nobody would see Hawaii.
    x0, y0, x1, y1 = map(float, shapely.total_bounds(metres[area >= _SPECK * area.sum()]))
    letters = min(len(names[0]) + (len(" +9") if len(names) > 1 else 0), LETTERS)
    return Content(chosen, metres, (x0, y0, x1, y1), letters)


def frames(frame: Frame, contents: Sequence[Content]) -> tuple[list[tuple[Frame, Fit]], Frame]:
    """Return the frames of insets, row by row below the frame of the map, and the frame around all."""
    x0, y0, x1, y1 = frame
    count, room = len(contents), (1 - _LEFT) * (x1 - x0)
    gap, columns = _GAP * (x1 - x0), min(max(count, _FEWEST), _MOST)
    usual = room / columns - gap
    found: list[tuple[Frame, Fit]] = []
    top = y0
    for first in range(0, count, columns):
        fits = [_fit(one, usual, x1 - x0) for one in contents[first : first + columns]]
        share = min(1.0, (room - len(fits) * gap) / sum(fit.width for fit in fits))
        fits, tall = [fit.shrunk(share) for fit in fits], share * _TALL * usual
        # From the right: what a row leaves free is beside the scale bar.
        left = x1 - sum(fit.width + gap for fit in fits)
        for fit in fits:
            found.append(((left, top - tall, left + fit.width, top), fit))
            left += fit.width + gap
        top -= tall + gap
    return found, (x0, top, x1, y1)


def _fit(held: Content, usual: float, across: float) -> Fit:
    """Return how content fits into a frame as high as usual on a map as wide as ``across``.

    Its label is in an empty corner if there is one.
    """
    tall, (width, height) = _TALL * usual, held.size
    for label in ("left", "right", "band"):
        band = LABEL_SHARE if label == "band" else 0.0
        scale = tall * (1 - band - 2 * PAD) / height
        wide = float(np.clip(width * scale + 2 * PAD * tall, _NARROW * usual, _WIDE * usual))
        fit = Fit(wide, min(scale, (wide - 2 * PAD * tall) / width), label)
        if label == "band" or not _covers(held, fit, (wide, tall, across)):
            break
    return fit


def _covers(held: Content, fit: Fit, sizes: tuple[float, float, float]) -> bool:
    """Tell whether the label of an inset in a corner would cover a part of what it shows.

    The sizes are the width and the height of the frame, and the width of the map.
    """
    (x, y), (wide, tall, across) = held.centre, (size / fit.scale for size in sizes)
    left, right, top = x - wide / 2, x + wide / 2, y + tall / 2
    corners = []
    for letter, share in (PRINTED, _PHONE):
        long = min((held.letters + 1) * letter * across, wide)
        ends = (left, left + long) if fit.label == "left" else (right - long, right)
        corners.append(shapely.box(ends[0], top - share * tall, ends[1], top))
    return bool(shapely.intersects(held.metres, shapely.union_all(corners)).any())
