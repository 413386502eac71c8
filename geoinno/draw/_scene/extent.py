"""The extent of a map: what it is about, its plane with insets, and the frame to which it opens."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from geoinno._contract import sound_regions
from geoinno.draw._scene.insets import Plane, area_around, inside, with_insets
from geoinno.draw._scene.outliers import outliers
from geoinno.draw._scene.projection import Projection, projection

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pyproj

    from geoinno._types import Shapes
    from geoinno.draw._layers.layer import Layer
    from geoinno.draw.basemap import Frame

DENSIFY_DEGREES = 0.5
_PADDING = 0.03
_FLOW_PADDING = 0.12
# Where arrows take up this share of what all regions would, the map shows every region.
_NEARLY = 0.6
_NOTHING: Shapes = np.array([], dtype=object)


@dataclass(frozen=True, slots=True, eq=False)
class Stage:
    """Where a map is drawn: the plane with its insets, and the frame to which it opens."""

    plane: Plane
    frame: Frame


def stage(
    layers: Sequence[Layer],
    degrees: Sequence[gpd.GeoDataFrame],
    *,
    crs: str | int | pyproj.CRS,
    focus: gpd.GeoDataFrame | None,
) -> Stage:
    """Return the plane and the frame of a map: of the regions in focus, else of what it is about.

    In a projection of the reader's own, or in one around a focus, there are no insets.
    """
    free = focus is None and isinstance(crs, str) and crs == "auto"
    subject = in_degrees(focus).geometry if focus is not None else _subject(layers, degrees)
    groups = _far_groups(layers, degrees, subject) if free else []
    near = _outside(subject, groups) if groups else subject
    if near.empty:  # a map of what would be an inset
        groups, near = [], subject
    fills = [own.geometry for layer, own in zip(layers, degrees, strict=True) if layer.kind == "fills"]
    chosen = projection(near, crs, regions=fills)
    reached = _reached(layers, degrees, groups) if focus is None else near.head(0)
    frame = _frame(chosen, pd.concat([near, reached]) if len(reached) else near, padding=_padding(layers))
    if focus is None and fills and _is_of_flows(layers):
        every = pd.concat(fills)
        frame = _with_fills(chosen, frame, _outside(every, groups) if groups else every)
    names = [_names_in(layers, degrees, group) for group in groups]
    return Stage(*with_insets(chosen, frame, groups, names=names))


def _reached(
    layers: Sequence[Layer], degrees: Sequence[gpd.GeoDataFrame], groups: Sequence[Shapes]
) -> gpd.GeoSeries:
    """Return the points of all arrows of displacement that begin on the main map: none runs out of it."""
    arrows = [own.geometry for layer, own in zip(layers, degrees, strict=True) if layer.whole]
    shapes = np.concatenate([*arrows, _NOTHING])
    points, owner = shapely.get_coordinates(shapes, return_index=True)
    start = points[np.searchsorted(owner, np.arange(len(shapes)))]
    far = np.zeros(len(shapes), dtype=bool)
    for group in groups:
        far |= inside(area_around(group, float(shapely.get_coordinates(group)[0, 0])), start)
    return gpd.GeoSeries(shapely.points(points[~far[owner]]), crs=4326)


def _far_groups(
    layers: Sequence[Layer], degrees: Sequence[gpd.GeoDataFrame], subject: gpd.GeoSeries
) -> list[Shapes]:
    """Return the groups of parts of regions that become insets: far ones with something of the subject."""
    fills = [d.geometry.to_numpy() for layer, d in zip(layers, degrees, strict=True) if layer.kind == "fills"]
    if not fills:
        return []
    parts = shapely.STRtree(subject.to_numpy())
    return [group for group in outliers(fills[0]) if len(parts.query(group, predicate="intersects")[0])]


def _outside(subject: gpd.GeoSeries, groups: Sequence[Shapes]) -> gpd.GeoSeries:
    """Return the parts of the subject that lie in none of the groups."""
    parts = subject.explode(index_parts=False)
    near = shapely.STRtree(np.concatenate(groups))
    far = near.query(parts.representative_point().to_numpy(), predicate="intersects")[0]
    kept = np.delete(np.arange(len(parts)), np.unique(far))
    return parts.iloc[kept]


def _names_in(layers: Sequence[Layer], degrees: Sequence[gpd.GeoDataFrame], group: Shapes) -> tuple[str, ...]:
    """Return the names of the regions of the first fills that lie in an inset."""
    i = next(i for i, layer in enumerate(layers) if layer.kind == "fills")
    within = shapely.STRtree(shapely.point_on_surface(group))
    held = np.unique(within.query(degrees[i].geometry.to_numpy(), predicate="intersects")[0])
    names = [" ".join(str(name).split()) for name in layers[i].tips[""].iloc[held]]
    return tuple(dict.fromkeys(names))


def in_degrees(shapes: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Return a copy of the shapes in longitude and latitude."""
    return sound_regions(shapes)[[shapes.geometry.name]].to_crs(4326)


def _subject(layers: Sequence[Layer], degrees: Sequence[gpd.GeoDataFrame]) -> gpd.GeoSeries:
    """Return what the map is about: the ends of flows if there are any, else all fills, else all lines.

    Where arrows point to partners it is both: the fills say what each region lacks, the arrows who helps.
    """
    # A line across the date line would span the world in degrees; its ends do not.
    ends = [layer.nodes.to_crs(4326) for layer in layers if layer.kind == "flows" and layer.nodes is not None]
    fills = [d for layer, d in zip(layers, degrees, strict=True) if layer.kind == "fills"]
    edges = [layer.edges.to_crs(4326) for layer in layers if layer.edges is not None]
    parts = [*ends, *fills] if _has_partners(layers) else ends or fills or [*degrees, *edges]
    joined = np.concatenate([part.geometry.to_numpy() for part in parts])
    return gpd.GeoSeries(joined, crs=4326)


def _padding(layers: Sequence[Layer]) -> float:
    """Return the share of the extent left free at each side; around fills there is less to be free for."""
    return _FLOW_PADDING if _is_of_flows(layers) else _PADDING


def _is_of_flows(layers: Sequence[Layer]) -> bool:
    """Tell whether a map is about where flows run, rather than about its fills."""
    return any(layer.kind == "flows" for layer in layers) and not _has_partners(layers)


def _has_partners(layers: Sequence[Layer]) -> bool:
    """Tell whether arrows point to partners of the regions below, and so belong to their fills."""
    totals = [layer.totals for layer in layers if layer.totals is not None]
    return any(total.mode == "partners" for total in totals)


def _with_fills(chosen: Projection, frame: Frame, fills: gpd.GeoSeries) -> Frame:
    """Return a frame around the ends of arrows with all regions in it, where that takes little more room.

    A region that the frame cuts, or leaves out, is among those that the legend counts.
    """
    around = _frame(chosen, fills, padding=_PADDING, dense=False)
    whole = (*np.minimum(frame[:2], around[:2]).tolist(), *np.maximum(frame[2:], around[2:]).tolist())
    return whole if _area(frame) >= _NEARLY * _area(whole) else frame


def _area(frame: Frame) -> float:
    """Return the area of a frame."""
    west, south, east, north = frame
    return (east - west) * (north - south)


def _frame(chosen: Projection, subject: gpd.GeoSeries, *, padding: float, dense: bool = True) -> Frame:
    """Return the bounds of the subject in metres, with a margin."""
    shapes = subject.segmentize(DENSIFY_DEGREES) if dense else subject
    metres = shapely.get_coordinates(chosen.projected(shapes.to_numpy()))
    metres = metres[np.isfinite(metres).all(axis=1)]
    low, high = metres.min(axis=0), metres.max(axis=0)
    margin = max((high - low).max(), 1000.0) * padding
    return (
        float(low[0] - margin),
        float(low[1] - margin),
        float(high[0] + margin),
        float(high[1] + margin),
    )
