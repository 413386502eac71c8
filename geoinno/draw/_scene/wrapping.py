"""Arrows over the edge of a world map: they leave it on one side and come back on the other."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from geoinno.draw._scene.globe import over_the_edge

if TYPE_CHECKING:
    from geoinno._types import Bools, Floats
    from geoinno.draw._scene.insets import Plane

BEND = 0.2
# On the edge itself a projection may answer on either side.
_EDGE = 180 - 1e-4
_FARTHEST_NORTH = 85.0
# Beside a place on the very edge a stretch of this length, in reference pixels, still shows where it goes.
_STUB_PX = 18.0
# Between two arrows at the edge, and how much of it they may take up before they close up.
_GAP_PX, _MOST_METRES = 4.0, 9e6


@dataclass(frozen=True, slots=True, eq=False)
class Wraps:
    """Where each arrow leaves the map and where it comes back, in metres; NaN for those that stay on it.

    ``share`` is how much of an arrow lies before the edge.
    """

    leave: Floats
    enter: Floats
    share: Floats

    @property
    def over(self) -> Bools:
        """Whether each arrow runs over the edge."""
        return np.isfinite(self.share)

    def of(self, kept: Bools) -> Wraps:
        """Return those of some arrows."""
        return Wraps(self.leave[kept], self.enter[kept], self.share[kept])


@dataclass(frozen=True, slots=True, eq=False)
class Ends:
    """Both ends of arrows (n x 2 x 2), in degrees and in metres; rims (n x 2) and widths in metres."""

    degrees: Floats
    metres: Floats
    rims: Floats
    widths: Floats

    @property
    def length(self) -> Floats:
        """How long each arrow is on the map without a bend."""
        return _length(self.metres[:, 1] - self.metres[:, 0])


def wraps(ends: Ends, plane: Plane, *, unit: float) -> Wraps:
    """Return where arrows run over the edge: wherever that is the shorter way on the map itself.

    Opposite arrows bow to opposite sides, and so pass the edge at different latitudes; those that would
    pass it side by side are moved apart.
    """
    nowhere = np.full_like(ends.metres[:, 0], np.nan)
    found = Wraps(nowhere, nowhere.copy(), nowhere[:, 0].copy())
    lon0 = plane.main.scene["lon0"]
    short, over = over_the_edge(ends.degrees, lon0)
    # Insets belong to maps of one part of the world, which have no edge.
    rows = np.flatnonzero(over) if not plane.insets else np.array([], dtype=np.intp)
    if not len(rows):
        return found
    own = Ends(short[rows], ends.metres[rows], ends.rims[rows], ends.widths[rows])
    leave, enter = _at_edge(own, plane, lon0, gap=_GAP_PX * unit)
    before, after = _length(leave - own.metres[:, 0]), _length(own.metres[:, 1] - enter)
    shorter = before + after < own.length
    chosen = rows[shorter]
    found.share[chosen] = (before / np.maximum(before + after, 1.0))[shorter]
    least = own.rims + _STUB_PX * unit
    found.leave[chosen] = _stretched(own.metres[:, 0], leave, least[:, 0])[shorter]
    found.enter[chosen] = _stretched(own.metres[:, 1], enter, least[:, 1])[shorter]
    return found


def _at_edge(ends: Ends, plane: Plane, lon0: float, *, gap: float) -> tuple[Floats, Floats]:
    """Return the points of both edges where a bent line between two places (the short way) passes them."""
    (west, south), (east, north) = ends.degrees[:, 0].T, ends.degrees[:, 1].T
    side = np.sign(east - west)
    edge = lon0 + side * 180 + 360 * np.floor((west - lon0 + 180) / 360)
    t = (edge - west) / (east - west)
    straight = south + t * (north - south)
    leave, enter = (plane.main.forward(lon0 + sign * side * _EDGE, straight) for sign in (1, -1))
    along = leave - ends.metres[:, 0] + ends.metres[:, 1] - enter
    # The height at t of a quadratic Bezier curve over its chord, as in arrow.curve.
    height = leave[:, 1] + 2 * t * (1 - t) * BEND * along[:, 0]
    lat = plane.main.inverse(np.column_stack([leave[:, 0], _apart(height, ends.widths + gap)]))[:, 1]
    lat = np.clip(np.where(np.isfinite(lat), lat, straight), -_FARTHEST_NORTH, _FARTHEST_NORTH)
    leave, enter = (plane.main.forward(lon0 + sign * side * _EDGE, lat) for sign in (1, -1))
    return leave, enter


def _apart(heights: Floats, widths: Floats) -> Floats:
    """Return heights moved as little as possible (least squares) so that arrows of these widths lie apart."""
    from scipy.optimize import isotonic_regression

    order = np.argsort(heights, kind="stable")
    thick = widths[order]
    places = np.cumsum((thick + np.append(0.0, thick[:-1])) / 2)
    places *= min(1.0, _MOST_METRES / places[-1])
    answer = np.empty_like(heights)
    answer[order] = isotonic_regression(heights[order] - places).x + places
    return answer


def _stretched(places: Floats, edge: Floats, least: Floats) -> Floats:
    """Return points at the edge, moved beyond it where they are nearer to their places than ``least``."""
    way = edge - places
    length = _length(way)
    outward = np.column_stack([np.sign(edge[:, 0]), np.zeros(len(edge))])
    unit = np.where((length > 1)[:, None], way / np.maximum(length, 1.0)[:, None], outward)
    return places + unit * np.maximum(length, least)[:, None]


def _length(vectors: Floats) -> Floats:
    """Return the lengths of vectors."""
    return np.hypot(*vectors.T)
