"""Outliers: parts of a map so far from the rest that showing both in one frame would make the rest small."""

from __future__ import annotations

from typing import TYPE_CHECKING

import geopandas as gpd
import numpy as np
import shapely
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components
from scipy.spatial import KDTree

from geoinno.draw._scene.projection import projection

if TYPE_CHECKING:
    from geoinno._types import Floats, Ints, Shapes

_EARTH_KM = 6371.0
# Parts are one group up to this distance, or up to a tenth of the extent of the largest group.
_LINK_KM, _LINK_SHARE = 300.0, 0.1
_CELL_KM = 75.0
# A map has a main group where that holds two thirds of the regions and of the area.
_MAIN = 2 / 3
# A group leaves the frame if the frame would grow by more than this, and by twice the area it brings.
_GROWTH, _WORTH = 0.15, 0.5


def outliers(shapes: Shapes) -> list[Shapes]:
    """Return the groups of parts of regions (in degrees) that lie far from the main group, west to east.

    There are none where no group is the main one, as on a map of the world.
    """
    parts, owner = shapely.get_parts(shapes, return_index=True)
    area = _areas(parts)
    group = _groups(parts, area)
    total = np.bincount(group, weights=area).astype(np.float64)
    main = int(np.argmax(total))
    if len(total) == 1 or not _dominates(main, group, owner, area=area):
        return []
    chosen = projection(gpd.GeoSeries(parts[group == main], crs=4326))
    if chosen.scene["type"] == "eqearth":
        return []
    metres = chosen.projected(shapely.segmentize(parts, 1.0))
    boxes = np.array([shapely.total_bounds(metres[group == g]) for g in range(len(total))])
    far = _apart(boxes, total, main)
    middle = {g: float(np.mean(shapely.bounds(parts[group == g])[:, [0, 2]])) for g in far}
    return [parts[group == g] for g in sorted(far, key=lambda g: middle[g])]


def _areas(parts: Shapes) -> Floats:
    """Return areas in km2 on the sphere, by Lambert's cylinder: near enough to compare."""
    plane = shapely.transform(
        parts, lambda xy: np.column_stack([np.radians(xy[:, 0]), np.sin(np.radians(xy[:, 1]))])
    )
    return np.asarray(shapely.area(plane)) * _EARTH_KM**2


def _groups(parts: Shapes, area: Floats) -> Ints:
    """Return the group of each part: those that lie near each other, one leading to the next."""
    lonlat, of_part = shapely.get_coordinates(shapely.segmentize(parts, 1.0), return_index=True)
    lon, lat = np.radians(lonlat).T
    points = _EARTH_KM * np.column_stack([np.cos(lat) * np.cos(lon), np.cos(lat) * np.sin(lon), np.sin(lat)])
    group = _linked(points, of_part, _LINK_KM)
    largest = group == np.argmax(np.bincount(group, weights=area))
    extent = float(np.linalg.norm(np.ptp(points[largest[of_part]], axis=0)))
    return _linked(points, of_part, max(_LINK_KM, _LINK_SHARE * extent))


def _linked(points: Floats, of_part: Ints, link: float) -> Ints:
    """Return the single-linkage groups of parts whose vertices lie within a distance of each other.

    Vertices in one cell of a grid count as one, so that coasts with many cost no more than others.
    """
    cells, first, cell = np.unique(_numbered(points), return_index=True, return_inverse=True)
    count = int(of_part[-1]) + 1
    near = KDTree(points[first]).query_pairs(link, output_type="ndarray") + count
    size = count + len(cells)
    belongs = np.column_stack(np.divmod(np.unique(of_part * size + cell + count), size))
    rows, columns = np.vstack([near, belongs]).T
    graph = coo_array((np.ones(len(rows)), (rows, columns)), shape=(size, size))
    _, labels = np.unique(connected_components(graph, directed=False)[1][:count], return_inverse=True)
    return np.asarray(labels)


def _numbered(points: Floats) -> Ints:
    """Return the number of the grid cell in which each point lies: one number is sorted faster than three."""
    cells = np.floor(points / _CELL_KM).astype(np.int64)
    cells -= cells.min(axis=0)
    return np.asarray(np.ravel_multi_index(tuple(cells.T), tuple(cells.max(axis=0) + 1)))


def _dominates(main: int, group: Ints, owner: Ints, *, area: Floats) -> bool:
    """Tell whether a group holds most of the area, and the largest part of most regions."""
    order = np.lexsort([area, owner])
    last = order[np.append(np.diff(owner[order]) > 0, True)]
    share = area[group == main].sum() / area.sum()
    return bool(share >= _MAIN and np.mean(group[last] == main) >= _MAIN)


def _apart(boxes: Floats, total: Floats, main: int) -> list[int]:
    """Return the groups for which the frame would grow by more than they are worth, large ones first."""
    frame, far = boxes[main], []
    for g in np.argsort(-total, kind="stable").tolist():
        wider = np.append(np.minimum(frame[:2], boxes[g][:2]), np.maximum(frame[2:], boxes[g][2:]))
        growth = _surface(wider) / _surface(frame) - 1
        if g != main and not growth <= max(_GROWTH, total[g] / total[main] / _WORTH):
            far.append(g)
        else:
            frame = wider
    return far


def _surface(box: Floats) -> float:
    """Return the area of a box."""
    return float((box[2] - box[0]) * (box[3] - box[1]))
