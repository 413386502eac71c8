"""Insets: far parts of a map in frames below the main one, each in its own projection and scale.

The plane of the map holds both: what lies in an inset is projected by itself, scaled and moved into its
frame, so that every renderer draws regions, flows and borders there as anywhere else.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
import shapely

from geoinno.draw._layers.phrases import Phrase, in_language, joined, numeral
from geoinno.draw._layers.words import cut_short
from geoinno.draw._scene.frames import LABEL_SHARE, LETTERS, PRINTED, Content, Fit, Frame, content, frames
from geoinno.draw._scene.globe import facing
from geoinno.draw._scene.projection import angle
from geoinno.draw.basemap import basemap

if TYPE_CHECKING:
    from collections.abc import Sequence

    from geoinno._types import Bools, Floats, Shapes
    from geoinno.draw._scene.projection import Projection

# Within a degree of an inset's parts lies nothing of the main map.
_REACH_DEGREES = 1.0
_LISTED, _FEWEST_LETTERS = 3, 4


@dataclass(frozen=True, slots=True, eq=False)
class Inset:
    """One inset: what it holds (an area in degrees), how that is projected, scaled and moved, its frame.

    ``scale`` is its scale as a multiple of that of the main map; the label is in the left corner at the top,
    or, where that is not empty, ``flush_right`` in the other or ``at_foot``; it reaches over a share of the
    frame. Where two insets show one region, the ``place`` tells them apart.
    """

    names: tuple[str, ...]
    area: shapely.Geometry
    projection: Projection
    scale: float
    shift: tuple[float, float]
    box: Frame
    reach: float = 1.0
    flush_right: bool = False
    at_foot: bool = False
    place: str = ""

    def label(self, lang: str) -> str:
        """Return what stands in the frame, in two short lines: what it shows, and its scale.

        The first line is all that a small frame shows: of two insets of one region, it is their place.
        """
        if self.place:
            name = cut_short(self.names[0], LETTERS)
            return f"{in_language(self.place, lang)}\n{name} {self.multiple(lang)}"
        return f"{self.name(LETTERS, lang)}\n{self.multiple(lang)}"

    def name(self, letters: int, lang: str) -> str:
        """Return what the inset shows in so many letters; its place alone where a name would not be one."""
        where = self._where(lang)
        more = f" +{len(self.names) - 1}{where}" if len(self.names) > 1 else where
        room, name = letters - len(more), self.names[0]
        if len(name) <= room or room >= _FEWEST_LETTERS:
            return cut_short(name, room) + more
        return where.strip() if len(where) <= letters else ""

    def _where(self, lang: str) -> str:
        """Return the place in a language, as it follows the name."""
        return f" {in_language(self.place, lang)}" if self.place else ""

    @property
    def words(self) -> str:
        """What the inset shows, in full, and its scale."""
        more, first = len(self.names) - _LISTED, ", ".join(self.names[:_LISTED])
        names = Phrase("{first} and {more} more", first=first, more=more) if more > 0 else first
        names = joined([names, self.place])
        return Phrase("{names} (\u00d7{scale:.2g})", names=names, scale=self.scale)

    def multiple(self, lang: str) -> str:
        """Return the scale as a multiple of that of the main map, with the marks of a language."""
        return numeral(f"\N{MULTIPLICATION SIGN}{self.scale:.2g}", lang)

    def holds(self, points: Floats) -> Bools:
        """Tell which points (lon, lat) belong to the inset."""
        return inside(self.area, points)

    def around(self, points: Floats) -> Bools:
        """Tell which points of the map's plane lie in the frame."""
        x0, y0, x1, y1 = self.box
        x, y = points.T
        return (x0 < x) & (x < x1) & (y0 < y) & (y < y1)

    def moved(self, metres: Shapes) -> Shapes:
        """Return shapes in the metres of the inset as shapes in the plane of the map."""
        return shapely.transform(metres, lambda xy: xy * self.scale + np.array(self.shift))

    def framed(self, metres: Shapes) -> Shapes:
        """Return shapes in the metres of the inset as they lie in its frame; specks beyond are left out."""
        moved = self.moved(metres)
        cut = shapely.clip_by_rect(moved, *self.box)
        within = shapely.within(moved, shapely.box(*self.box)) | shapely.is_empty(moved)
        return np.where(within, moved, cut)

    def land(self, unit: float) -> Shapes:
        """Return the land around what the inset shows, in the plane of the map."""
        x0, y0, x1, y1 = self.box
        (dx, dy), scale = self.shift, self.scale
        own = ((x0 - dx) / scale, (y0 - dy) / scale, (x1 - dx) / scale, (y1 - dy) / scale)
        ground = basemap(self.projection, own, unit / scale).land
        cut = shapely.clip_by_rect(ground, *own)
        return self.moved(cut[~shapely.is_empty(cut)])


@dataclass(frozen=True, slots=True, eq=False)
class Plane:
    """The plane of a map: its projection, and the insets in which other places lie."""

    main: Projection
    insets: tuple[Inset, ...] = ()

    def projected(self, shapes: Shapes) -> Shapes:
        """Return polygons or lines in degrees as they lie in the plane, part by part."""
        if not self.insets:
            return self.main.projected(shapes)
        parts, owner = shapely.get_parts(shapes, return_index=True)
        where = self._where(shapely.get_coordinates(shapely.point_on_surface(parts)))
        placed = np.empty(len(parts), dtype=object)
        placed[where < 0] = self.main.projected(parts[where < 0])
        for i, inset in enumerate(self.insets):
            placed[where == i] = inset.framed(inset.projection.projected(parts[where == i]))
        return np.array([_joined(placed[owner == i]) for i in range(len(shapes))], dtype=object)

    def anchored(self, shapes: Shapes) -> Shapes:
        """Return lines in degrees, each drawn in one piece where it begins; empty if it leaves its inset."""
        points, owner = shapely.get_coordinates(shapes, return_index=True)
        where = self._where(points[np.searchsorted(owner, np.arange(len(shapes)))])
        placed = self.main.projected(shapes)
        for i, inset in enumerate(self.insets):
            moved = inset.moved(inset.projection.projected(shapes[where == i]))
            stays = shapely.within(moved, shapely.box(*inset.box))
            placed[where == i] = np.where(stays, moved, shapely.MultiLineString())
        return placed

    def forward(self, points: Floats) -> Floats:
        """Return points (lon, lat) as they lie in the plane."""
        metres = self.main.forward(points[:, 0], points[:, 1])
        for inset in self.insets:
            own = inset.holds(points)
            metres[own] = inset.projection.forward(*points[own].T) * inset.scale + np.array(inset.shift)
        return metres

    def _where(self, points: Floats) -> Floats:
        """Return the inset in which each point lies, -1 on the main map."""
        where = np.full(len(points), -1)
        for i, inset in enumerate(self.insets):
            where[inset.holds(points)] = i
        return where


def _joined(parts: Shapes) -> shapely.Geometry:
    """Return parts as one shape; a part that the edge of the map cuts is several by now."""
    pieces = shapely.get_parts(parts)
    if not len(pieces):
        return shapely.MultiPolygon()
    if len(pieces) == 1:
        return pieces[0]
    areal = pieces[0].geom_type == "Polygon"
    return shapely.multipolygons(pieces) if areal else shapely.multilinestrings(pieces)


def inside(area: shapely.Geometry, points: Floats) -> Bools:
    """Tell which points (lon, lat) lie in an area in degrees, whichever way around the globe."""
    turned = [shapely.contains_xy(area, points[:, 0] + turn, points[:, 1]) for turn in (-360, 0, 360)]
    return np.any(turned, axis=0)


def area_around(parts: Shapes, lon0: float) -> shapely.Geometry:
    """Return the area in degrees that holds a group of parts, around a longitude, and nothing else."""
    pieces = shapely.get_parts(facing(parts, lon0))
    return shapely.convex_hull(shapely.multipolygons(pieces)).buffer(_REACH_DEGREES)


def with_insets(
    chosen: Projection, frame: Frame, groups: Sequence[Shapes], *, names: Sequence[tuple[str, ...]]
) -> tuple[Plane, Frame]:
    """Return the plane of a map with an inset for each group, and its frame with the strip of insets."""
    if not groups:
        return Plane(chosen), frame
    contents = [content(group, named) for group, named in zip(groups, names, strict=True)]
    areas = [area_around(g, held.projection.scene["lon0"]) for g, held in zip(groups, contents, strict=True)]
    places = _told_apart(areas, names)
    longer = [replace(c, letters=c.letters + len(p)) for c, p in zip(contents, places, strict=True)]
    placed, grown = frames(frame, longer)
    rows = zip(areas, longer, placed, strict=True)
    insets = [_inset(area, held, there, across=frame[2] - frame[0]) for area, held, there in rows]
    named = zip(insets, names, places, strict=True)
    return Plane(chosen, tuple(replace(one, names=own, place=place) for one, own, place in named)), grown


def _told_apart(areas: Sequence[shapely.Geometry], names: Sequence[tuple[str, ...]]) -> list[str]:
    """Return the degree at which each inset lies whose label is that of another; nothing for the others."""
    labels = [(named[0], len(named)) for named in names]
    lon = [round((area.centroid.x + 180) % 360 - 180) for area in areas]
    lat = [round(area.centroid.y) for area in areas]
    places = []
    for i, label in enumerate(labels):
        twins = [j for j, other in enumerate(labels) if other == label]
        apart = len({lon[j] for j in twins}) == len(twins)
        place = angle(lon[i], "EW") if apart else angle(lat[i], "NS")
        places.append(place if len(twins) > 1 else "")
    return places


def _inset(area: shapely.Geometry, held: Content, placed: tuple[Frame, Fit], *, across: float) -> Inset:
    """Return the inset that shows an area in the middle of its frame, below or beside the label."""
    box, fit = placed
    x0, y0, x1, y1 = box
    share = (1 - LABEL_SHARE) / 2 if fit.label == "band" else 0.5
    (x, y), scale = held.centre, fit.scale
    shift = (x0 + x1) / 2 - x * scale, y0 + (y1 - y0) * share - y * scale
    reach = min(1.0, (held.letters + 1) * PRINTED[0] * across / (x1 - x0))
    return Inset((), area, held.projection, scale, shift, box, reach, fit.label == "right")
