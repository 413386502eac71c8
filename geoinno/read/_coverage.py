"""How polygons cover the ground: where they touch, overlap, and leave gaps; how large all this is."""

from __future__ import annotations

from typing import TYPE_CHECKING

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from pyproj import Geod
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from geoinno import _contract

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from pyproj import CRS

    from geoinno._types import Floats, Ints

    Shapes = NDArray[np.object_]

_WGS84 = Geod(ellps="WGS84")
_METRES_PER_DEGREE = 111_320.0
_POLYGON = 3


def in_units(metres: float, crs: CRS) -> float:
    """Return ``metres`` in the units of the coordinates; degrees are those of a meridian."""
    if crs.is_geographic:
        return metres / _METRES_PER_DEGREE
    return metres / float(crs.axis_info[0].unit_conversion_factor)


def sizes(shapes: Shapes, crs: CRS) -> tuple[Floats, Floats]:
    """Return the geodesic area of polygons in km2 and their mean width (2 area / perimeter) in m."""
    globe = gpd.GeoSeries(shapely.orient_polygons(shapes), crs=crs).to_crs(4326)
    measured = np.array([_WGS84.geometry_area_perimeter(shape) for shape in globe]).reshape(-1, 2)
    area, perimeter = np.abs(measured).T
    width = np.divide(2 * area, perimeter, out=np.zeros(len(area)), where=perimeter > 0)
    return area / 1e6, width


def line_km(lines: Shapes, crs: CRS) -> Floats:
    """Return the geodesic length of lines in km."""
    globe = gpd.GeoSeries(lines, crs=crs).to_crs(4326)
    return np.array([_WGS84.geometry_length(line) / 1000 for line in globe])


def polygonal(shapes: Shapes) -> Shapes:
    """Return what is polygon in each of ``shapes``; points and lines fall away."""
    parts, owner = shapely.get_parts(shapes, return_index=True)
    parts, part = shapely.get_parts(parts, return_index=True)
    owner = owner[part]
    flat = shapely.get_type_id(parts) == _POLYGON
    kept = np.full(len(shapes), shapely.MultiPolygon(), dtype=object)
    shapely.multipolygons(parts[flat], indices=owner[flat], out=kept)
    single = shapely.get_num_geometries(kept) == 1
    kept[single] = shapely.get_geometry(kept[single], 0)
    return kept


def valid(shapes: Shapes) -> Shapes:
    """Return ``shapes`` with the invalid ones made valid polygons."""
    mended = shapes.copy()
    broken = ~shapely.is_valid(shapes)
    mended[broken] = polygonal(shapely.make_valid(shapes[broken], method="structure", keep_collapsed=False))
    return mended


def touching(shapes: Shapes, crs: CRS, *, snap_m: float) -> tuple[Ints, Ints]:
    """Return each pair of shapes that touch or overlap once; on the globe also across its seam."""
    reach = in_units(snap_m, crs)
    tree = shapely.STRtree(shapes)
    found = [tree.query(shapes, predicate="dwithin", distance=reach)]
    if crs.is_geographic:
        low, _, high, _ = shapely.bounds(shapes).T
        west = np.flatnonzero(low + 360 <= np.nanmax(high) + reach)
        moved = shapely.transform(shapes[west], lambda xy: xy + np.array([360.0, 0.0]))
        seam = tree.query(moved, predicate="dwithin", distance=reach)
        found.append(np.array([west[seam[0]], seam[1]]))
    first, second = np.sort(np.concatenate(found, axis=1), axis=0)
    pairs = np.unique(first[first < second] * len(shapes) + second[first < second])
    return pairs // len(shapes), pairs % len(shapes)


def components(first: Ints, second: Ints, *, count: int) -> Ints:
    """Return the number of each shape's connected part; part 1 is the one with most shapes."""
    links = coo_array((np.ones(len(first)), (first, second)), shape=(count, count))
    _, part = connected_components(links, directed=False)
    order = np.argsort(-np.bincount(part), kind="stable")
    rank = np.empty_like(order)
    rank[order] = np.arange(1, len(order) + 1)
    return rank[part].astype(np.int64)


def mismatched(shapes: Shapes) -> NDArray[np.bool_]:
    """Return which valid polygons do not meet their neighbours vertex by vertex, or overlap them."""
    return ~shapely.is_empty(shapely.coverage_invalid_edges(shapes))


def overlaps(
    shapes: Shapes, pairs: tuple[Ints, Ints], *, crs: CRS, snap_m: float
) -> tuple[Ints, Ints, Floats]:
    """Return the pairs of valid polygons that overlap by more than rounding, and the km2."""
    odd = mismatched(shapes)
    first, second = (end[odd[pairs[0]] | odd[pairs[1]]] for end in pairs)
    common = polygonal(shapely.intersection(shapes[first], shapes[second]))
    area, width = sizes(common, crs)
    real = width > snap_m
    return first[real], second[real], area[real]


def gaps(shapes: Shapes, index: pd.Index, *, crs: CRS, snap_m: float) -> gpd.GeoDataFrame:
    """Return what valid polygons enclose but do not cover, more than rounding."""
    holes = _holes(shapes)
    area, width = sizes(holes, crs)
    table = gpd.GeoDataFrame({"km2": area, "width_m": width}, geometry=holes, crs=crs)
    table = table[width > snap_m].reset_index(drop=True)
    hole, region = shapely.STRtree(shapes).query(
        table.geometry.to_numpy(), predicate="dwithin", distance=in_units(snap_m, crs)
    )
    around = [tuple(index[np.sort(region[hole == number])]) for number in range(len(table))]
    table.insert(2, "neighbours", pd.Series(around, dtype=object))
    return table


def _holes(shapes: Shapes) -> Shapes:
    """Return the holes in the union of valid polygons, less the islands in them."""
    union = shapely.union_all if mismatched(shapes).any() else shapely.coverage_union_all
    parts = shapely.get_parts(union(shapes))
    rings, part = shapely.get_rings(parts, return_index=True)
    holes: Shapes = shapely.polygons(rings[np.diff(part, prepend=-1) == 0])
    hole, island = shapely.STRtree(parts).query(holes, predicate="contains")
    for number in np.unique(hole):
        holes[number] = shapely.difference(holes[number], shapely.union_all(parts[island[hole == number]]))
    return holes


def open_strips(
    shapes: Shapes, index: pd.Index, *, crs: CRS, widths: tuple[float, float]
) -> gpd.GeoDataFrame:
    """Return the pairs of valid polygons between which a strip lies open, of ``widths`` in metres."""
    found = _contract.strips(shapes, crs, snap_m=widths[0], max_gap_m=widths[1])
    columns = {
        "first": [index[strip.first] for strip in found],
        "second": [index[strip.second] for strip in found],
        "gap_m": pd.Series([strip.gap_m for strip in found], dtype=np.float64),
        "length_km": pd.Series([strip.length_km for strip in found], dtype=np.float64),
    }
    return gpd.GeoDataFrame(columns, geometry=[strip.ground for strip in found], crs=crs)


def why_unsound(shape: shapely.Geometry | None, *, flat: bool) -> str:
    """Return why a shape is not a sound polygon."""
    if shape is None or shape.is_empty:
        return "no geometry"
    return str(shapely.is_valid_reason(shape)) if flat else f"{shape.geom_type}, not a polygon"
