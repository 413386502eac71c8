"""The basemap: neighbouring land and its borders, and the national borders of the regions."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np
import shapely

from geoinno._contract import option
from geoinno.draw._scene.globe import facing
from geoinno.errors import GeoinnoError

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import NDArray

    from geoinno._types import Bools, Floats, Shapes
    from geoinno.draw._scene.projection import Projection

Frame = tuple[float, float, float, float]
# A host, with a letter for the subdomain perhaps; as it stands in the policy of the page, nothing else may.
_ADDRESS = re.compile(r"https://(?:\{s\}\.)?[A-Za-z0-9.-]+(?::\d+)?/\S+")
_LEAST_LAKE_PX = 5.0
_DENSIFY_DEGREES, _UNSEEN_DEGREES = 1.0, 20.0
# Points each way of the grid on which a frame is looked at, and how far apart they may lie on the globe.
_GRID, _STRIDE_DEGREES = 60, 30.0
# The last meridian, on the eastern side, that a projection does not turn to the western one.
_EDGE = 179.99
# A frame widened by its own size at each side is three times as high.
_STEPS, _PARALLELS, _WIDENED = (1, 2, 5, 10, 15, 30), 6, 3


# Maps of one place in many views, as in an atlas, share their land.
_KEPT = 16

NOTHING: Shapes = np.array([], dtype=object)


@dataclass(frozen=True, slots=True, eq=False)
class Basemap:
    """Land as polygons, borders between its countries and the graticule as lines, in metres of the map.

    ``lakes`` are drawn over regions, whose outlines run through them. ``step`` is the distance of the
    graticule's lines in degrees, ``tiles`` the address of online tiles.
    """

    land: Shapes
    borders: Shapes
    graticule: Shapes
    lakes: Shapes = field(default_factory=lambda: NOTHING)
    step: int = 0
    tiles: str = ""


def basemap(chosen: Projection, frame: Frame, unit: float, *, kind: str = "land") -> Basemap:
    """Return the land around a frame, to one frame's width beyond it.

    ``kind`` is ``land``, ``graticule`` (land with meridians and parallels), ``none``, or the address of
    online tiles. Land is Natural Earth's, in the public domain; under tiles it stands for them in print.
    """
    if is_tiled(kind):
        return replace(basemap(chosen, frame, unit), tiles=kind)
    if option(kind, ("land", "graticule", "none"), name="basemap") == "none":
        return Basemap(NOTHING, NOTHING, NOTHING)
    lines, step = graticule(chosen, frame) if kind == "graticule" else (NOTHING, 0)
    lines = np.concatenate([lines, _rim(chosen, frame)])
    plane = f"{chosen.crs.to_wkt()} {sorted(chosen.scene.items(), key=str)}"
    west, south, east, north = map(float, frame)
    ground = _ground(_Place(plane, (west, south, east, north), float(unit), chosen))
    return replace(ground, graticule=lines, step=step)


@dataclass(frozen=True, slots=True)
class _Place:
    """The plane in words, the frame and the size of a pixel: all that land on a map follows from."""

    plane: str
    frame: Frame
    unit: float
    chosen: Projection = field(compare=False)


@lru_cache(maxsize=_KEPT)
def _ground(place: _Place) -> Basemap:
    """Return the land around a frame, its borders and its lakes."""
    from geoinno.read import land

    chosen, frame, unit = place.chosen, place.frame, place.unit
    around = _around(chosen, frame, land().geometry.to_numpy())
    clipped = shapely.clip_by_rect(around, *_widened(frame))
    countries = _areal(shapely.set_precision(clipped, unit / 8))
    if not len(countries):
        return Basemap(NOTHING, NOTHING, NOTHING)
    simple = shapely.coverage_simplify(countries, tolerance=unit / 2)
    simple = simple[~shapely.is_empty(simple)]
    borders = shared_edges(simple, np.arange(len(simple)))
    return Basemap(np.array([_union(simple)]), borders, NOTHING, lakes_around(chosen, frame, unit))


def lakes_around(chosen: Projection, frame: Frame, unit: float) -> Shapes:
    """Return the lakes around a frame, in metres of the map; those of less than a few pixels are left out."""
    from geoinno.read import lakes

    around = _around(chosen, frame, lakes().geometry.to_numpy())
    near = around[shapely.intersects(around, shapely.box(*frame))]
    seen = near[shapely.area(near) >= (_LEAST_LAKE_PX * unit) ** 2]
    drawn = shapely.set_precision(shapely.simplify(seen, unit / 3), unit / 8)
    return drawn[~shapely.is_empty(drawn)]


def _union(countries: Shapes) -> shapely.Geometry:
    """Return countries that meet without overlap as one shape.

    As a coverage that is ten times as fast, but where clipping has left neighbours with unlike vertices
    along a common edge, only the general union can join them: the other fails, or is not valid.
    """
    try:
        whole = shapely.coverage_union_all(countries)
    except shapely.GEOSException:
        return shapely.union_all(countries)
    return whole if shapely.is_valid(whole) else shapely.union_all(countries)


def is_tiled(kind: str) -> bool:
    """Tell whether a basemap is the address of online tiles; raise if it is an address of anything else."""
    if "://" not in kind:
        return False
    if not _ADDRESS.fullmatch(kind) or any(part not in kind for part in ("{z}", "{x}", "{y}")):
        message = f"Tiles have an address such as https://.../{{z}}/{{x}}/{{y}}.png; {kind!r} was given."
        raise GeoinnoError(message)
    return True


def graticule(chosen: Projection, frame: Frame) -> tuple[Shapes, int]:
    """Return meridians and parallels around a frame, and their distance in degrees.

    The distance is the finest of 1, 2, 5, 10, 15 and 30 degrees with at most six parallels in the frame.
    """
    x0, y0, x1, y1 = _widened(frame)
    degrees = chosen.inverse(_grid(frame))
    degrees = degrees[np.isfinite(degrees).all(axis=1)]
    lon0 = chosen.scene["lon0"]
    lon = np.clip(lon0 + (degrees[:, 0] - lon0 + 180) % 360 - 180, lon0 - _EDGE, lon0 + _EDGE)
    south, north = max(-89.0, degrees[:, 1].min()), min(89.0, degrees[:, 1].max())
    step = next((s for s in _STEPS if (north - south) / _WIDENED <= _PARALLELS * s), _STEPS[-1])
    east = np.minimum(np.arange(lon.min(), lon.max() + 1, 0.5), lon0 + _EDGE)
    lat = np.minimum(np.arange(south, north + 1, 0.5), 90.0)
    drawn = [np.column_stack([east, np.full(len(east), p)]) for p in _multiples(south, north, step)]
    drawn += [np.column_stack([np.full(len(lat), m), lat]) for m in _multiples(lon.min(), lon.max(), step)]
    lines = [shapely.LineString(chosen.forward(line[:, 0], line[:, 1])) for line in drawn]
    cut = shapely.clip_by_rect(np.array(lines, dtype=object), x0, y0, x1, y1)
    return shapely.get_parts(cut[~shapely.is_empty(cut)]), step


def _rim(chosen: Projection, frame: Frame) -> Shapes:
    """Return where the world ends on a flat map of it; a globe has no such line."""
    if chosen.scene["type"] != "eqearth" or chosen.scene.get("globe"):
        return NOTHING
    lat, lon0 = np.linspace(-90, 90, 181), chosen.scene["lon0"]
    west, east = (chosen.forward(np.full(len(lat), lon0 + side), lat) for side in (-_EDGE, _EDGE))
    rim = shapely.clip_by_rect(shapely.LinearRing(np.vstack([west, east[::-1]])), *_widened(frame))
    return shapely.get_parts(rim)


def _multiples(low: float, high: float, step: int) -> Floats:
    """Return the multiples of a step between two numbers."""
    return np.arange(np.ceil(low / step), np.floor(high / step) + 1) * step


def national_borders(regions: Shapes, country: pd.Series | None) -> Shapes:
    """Return the lines where two regions of different countries meet (coasts are none).

    Where every region is a country, as on most maps of the world, their own outlines are these borders.
    """
    if country is None or country.nunique() < 2 or country.nunique() == len(country):  # noqa: PLR2004
        return np.array([], dtype=object)
    return shared_edges(regions, country.astype("category").cat.codes.to_numpy())


def shared_edges(regions: Shapes, owner: NDArray[np.integer]) -> Shapes:
    """Return the edges that polygons of two different owners share, as merged lines."""
    parts, of_region = shapely.get_parts(regions, return_index=True)
    rings, of_part = shapely.get_rings(parts, return_index=True)
    points, of_ring = shapely.get_coordinates(rings, return_index=True)
    within = of_ring[1:] == of_ring[:-1]
    start, end = points[:-1][within], points[1:][within]
    forward = (start[:, 0] < end[:, 0]) | ((start[:, 0] == end[:, 0]) & (start[:, 1] < end[:, 1]))
    edges = np.where(forward[:, None], np.hstack([start, end]), np.hstack([end, start]))
    owners = owner[of_region[of_part[of_ring[:-1][within]]]]
    order = np.lexsort(edges.T)
    edges, owners = edges[order], owners[order]
    twins = (edges[1:] == edges[:-1]).all(axis=1) & (owners[1:] != owners[:-1])
    if not twins.any():
        return np.array([], dtype=object)
    lines = shapely.linestrings(edges[1:][twins].reshape(-1, 2, 2))
    return shapely.get_parts(shapely.line_merge(shapely.multilinestrings(lines)))


def _around(chosen: Projection, frame: Frame, countries: Shapes) -> Shapes:
    """Return the land near a frame in metres, a shape for each country, cut at the edge of the map."""
    parts, owner = shapely.get_parts(countries, return_index=True)
    near = _is_near(shapely.bounds(parts), chosen, frame)
    _, country = np.unique(owner[near], return_inverse=True)
    countries = shapely.multipolygons(parts[near], indices=country)
    faced = facing(_seen(countries, chosen), chosen.scene["lon0"])
    metres = chosen.projected(shapely.segmentize(faced, _DENSIFY_DEGREES))
    sound = np.isfinite(shapely.bounds(metres)).all(axis=1)
    valid: Shapes = shapely.make_valid(metres[sound])
    return valid


def _is_near(bounds: Floats, chosen: Projection, frame: Frame) -> Bools:
    """Return which bounds in degrees may reach into a widened frame; all where that is not certain.

    Most land is far from most maps, and need not be projected to be cut away. The frame is looked at on a
    grid: between its points the map strays no farther than from one point to the next. Around a pole and at
    the edge of the map that does not hold.
    """
    degrees = chosen.inverse(_grid(frame)).reshape(_GRID, _GRID, 2)
    if not np.isfinite(degrees).all():
        return np.ones(len(bounds), dtype=bool)
    lon0 = chosen.scene["lon0"]
    lon, lat = (degrees[..., 0] - lon0 + 180) % 360 - 180, degrees[..., 1]
    stride = max(np.abs(np.diff(side, axis=axis)).max() for side in (lon, lat) for axis in (0, 1))
    if stride > _STRIDE_DEGREES:
        return np.ones(len(bounds), dtype=bool)
    margin = stride + _DENSIFY_DEGREES
    west, east = lon0 + lon.min() - margin, lon0 + lon.max() + margin
    turns = np.array([-360.0, 0.0, 360.0])[:, None]
    beside = (bounds[:, 0] + turns <= east) & (bounds[:, 2] + turns >= west)
    return beside.any(axis=0) & (bounds[:, 1] <= lat.max() + margin) & (bounds[:, 3] >= lat.min() - margin)


def _grid(frame: Frame) -> Floats:
    """Return points in rows over the widened frame, in metres (n x 2)."""
    x0, y0, x1, y1 = _widened(frame)
    across, up = np.meshgrid(np.linspace(x0, x1, _GRID), np.linspace(y0, y1, _GRID))
    return np.column_stack([across.ravel(), up.ravel()])


def _seen(countries: Shapes, chosen: Projection) -> Shapes:
    """Return land without what lies opposite to the centre of an azimuthal map.

    There one point becomes a circle around the map, across which edges of land would be drawn.
    """
    if chosen.scene["type"] != "laea":
        return countries
    lon, lat = chosen.scene["lon0"] + 180, -chosen.scene["lat0"]
    width = min(180.0, _UNSEEN_DEGREES / max(0.05, np.cos(np.radians(min(abs(lat) + _UNSEEN_DEGREES, 90.0)))))
    low, high = max(-90.0, lat - _UNSEEN_DEGREES), min(90.0, lat + _UNSEEN_DEGREES)
    boxes = [shapely.box(lon - width + turn, low, lon + width + turn, high) for turn in (-360, 0, 360)]
    unseen, answer = shapely.union_all(boxes), countries.copy()
    # Land near a frame hardly ever reaches there: to look takes less time than to cut.
    cut = shapely.intersects(unseen, countries)
    answer[cut] = shapely.difference(countries[cut], unseen)
    return answer


def _areal(pieces: Shapes) -> Shapes:
    """Return the polygons of each piece; points and lines that clipping left, and empty pieces, are dropped.

    Parts of one valid piece meet in points at most, so that there is nothing to dissolve.
    """
    parts, piece = shapely.get_parts(pieces, return_index=True)
    # The smallest countries may have collapsed on the grid of the map.
    areal = (shapely.get_type_id(parts) == shapely.GeometryType.POLYGON) & ~shapely.is_empty(parts)
    _, number = np.unique(piece[areal], return_inverse=True)
    kept: Shapes = shapely.multipolygons(parts[areal], indices=number)
    return kept


def _widened(frame: Frame) -> Frame:
    """Return a frame with its own size added at each side."""
    x0, y0, x1, y1 = frame
    reach = max(x1 - x0, y1 - y0)
    return x0 - reach, y0 - reach, x1 + reach, y1 + reach
