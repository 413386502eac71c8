"""Scenes: the layers of a sheet in one projection, simplified for the eye, ready for any renderer."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from geoinno._contract import sound_regions
from geoinno.draw._scene.flows import Drawn, drawn_flows, without_twins
from geoinno.draw._scene.globe import over_the_edge
from geoinno.draw._scene.insets import Inset, Plane, with_insets
from geoinno.draw._scene.outliers import outliers
from geoinno.draw._scene.projection import Projection, projection
from geoinno.draw._scene.small import Spots, no_spots, small_regions
from geoinno.draw._scene.stacking import stacked
from geoinno.draw._scene.strokes import Strokes, drawn_strokes
from geoinno.draw.basemap import Basemap, basemap, is_tiled, national_borders
from geoinno.errors import CrsError

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pyproj

    from geoinno._types import Floats, Ints, Shapes
    from geoinno.draw._layers.layer import Layer

REFERENCE_PX = 1000
_TILES = 3857
_DENSIFY_DEGREES = 0.5
_MANY_VERTICES = 130_000
_CENTIMETRE = 0.01
_PADDING = 0.03
_FLOW_PADDING = 0.12
_NOTHING: Shapes = np.array([], dtype=object)


@dataclass(frozen=True, slots=True, eq=False)
class Scene:
    """Everything a renderer needs: shapes in metres, the frame, the ground below, and the insets.

    ``fills`` holds one array of geometries for each distinct set of regions; ``set_of`` says
    which set each layer paints (-1: none), ``stacks`` which regions of a set overlap others, in the order
    in which they are drawn, and ``spots`` which are too small to be seen.
    """

    projection: Projection
    frame: tuple[float, float, float, float]
    unit: float
    fills: tuple[Shapes, ...]
    set_of: tuple[int, ...]
    stacks: tuple[Ints, ...]
    borders: Shapes
    flows: tuple[Drawn, ...]
    strokes: tuple[Strokes, ...]
    ground: Basemap
    spots: tuple[Spots, ...] = ()
    insets: tuple[Inset, ...] = ()
    inset_land: tuple[Shapes, ...] = ()

    @property
    def quantum(self) -> float:
        """The grid of the drawn coordinates in metres: an eighth of a pixel at reference width."""
        return self.unit / 8


def scene(
    layers: Sequence[Layer], *, crs: str | int | pyproj.CRS, focus: gpd.GeoDataFrame | None, ground: str
) -> Scene:
    """Return the layers of a sheet as one scene."""
    degrees = [_in_degrees(layer.shapes) for layer in layers]
    sets, set_of = _sets(layers)
    stage = _stage(layers, degrees, crs=_crs_under(ground, crs), focus=focus)
    plane, frame = stage.plane, stage.frame
    unit = max(frame[2] - frame[0], frame[3] - frame[1]) / REFERENCE_PX
    fills = tuple(_drawn(degrees[i].geometry, plane, unit) for i in sets)
    sites = [pd.Series(f, index=layers[i].shapes.index) for i, f in zip(sets, fills, strict=True)]
    lines = [national_borders(fills[s], _country(layers[i])) for s, i in enumerate(sets)]
    return Scene(
        projection=plane.main,
        frame=frame,
        unit=unit,
        fills=fills,
        set_of=set_of,
        stacks=tuple(stacked(shapes, unit) for shapes in fills),
        borders=np.concatenate([*lines, np.array([], dtype=object)]),
        flows=without_twins(
            [drawn_flows(f, plane, unit=unit) for f in layers if f.kind in {"flows", "points"}]
        ),
        strokes=_strokes(layers, degrees, plane, sites=sites),
        ground=basemap(plane.main, frame, unit, kind=ground),
        spots=tuple(_spots(layers[i], f, unit) for i, f in zip(sets, fills, strict=True)),
        insets=plane.insets,
        inset_land=tuple(inset.land(unit) if ground != "none" else _NOTHING for inset in plane.insets),
    )


@dataclass(frozen=True, slots=True, eq=False)
class _Stage:
    """Where a map is drawn: the plane with its insets, and the frame to which it opens."""

    plane: Plane
    frame: tuple[float, float, float, float]


def _stage(
    layers: Sequence[Layer],
    degrees: Sequence[gpd.GeoDataFrame],
    *,
    crs: str | int | pyproj.CRS,
    focus: gpd.GeoDataFrame | None,
) -> _Stage:
    """Return the plane and the frame of a map: of the regions in focus, else of what it is about.

    In a projection of the reader's own, or in one around a focus, there are no insets.
    """
    free = focus is None and isinstance(crs, str) and crs == "auto"
    subject = _in_degrees(focus).geometry if focus is not None else _subject(layers, degrees)
    groups = _far_groups(layers, degrees, subject) if free else []
    near = subject if not groups else _outside(subject, groups)
    fills = [own.geometry for layer, own in zip(layers, degrees, strict=True) if layer.kind == "fills"]
    chosen = projection(near, crs, regions=fills)
    frame = _frame(chosen, near, padding=_padding(layers))
    names = [_names_in(layers, degrees, group) for group in groups]
    return _Stage(*with_insets(chosen, frame, groups, names=names))


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
    inside = near.query(parts.representative_point().to_numpy(), predicate="intersects")[0]
    kept = np.delete(np.arange(len(parts)), np.unique(inside))
    return parts.iloc[kept]


def _names_in(layers: Sequence[Layer], degrees: Sequence[gpd.GeoDataFrame], group: Shapes) -> tuple[str, ...]:
    """Return the names of the regions of the first fills that lie in an inset."""
    i = next(i for i, layer in enumerate(layers) if layer.kind == "fills")
    within = shapely.STRtree(shapely.point_on_surface(group))
    inside = np.unique(within.query(degrees[i].geometry.to_numpy(), predicate="intersects")[0])
    names = [" ".join(str(name).split()) for name in layers[i].tips[""].iloc[inside]]
    return tuple(dict.fromkeys(names))


def _crs_under(ground: str, crs: str | int | pyproj.CRS) -> str | int | pyproj.CRS:
    """Return the CRS of the map: online tiles come in Web Mercator alone."""
    if not is_tiled(ground) or crs in {"auto", _TILES}:
        return _TILES if is_tiled(ground) else crs
    message = f"Online tiles are in EPSG:{_TILES}; leave crs='auto', or take another basemap than {ground!r}."
    raise CrsError(message)


def _strokes(
    layers: Sequence[Layer],
    degrees: Sequence[gpd.GeoDataFrame],
    plane: Plane,
    *,
    sites: list[pd.Series],
) -> tuple[Strokes, ...]:
    """Return the layers of lines as they are drawn; ``sites`` are the sets of drawn regions by id."""
    beneath = [layer for layer in layers if layer.kind == "fills"]
    return tuple(
        drawn_strokes(layer, _in_plane(layer, own, plane), sites, beneath=beneath)
        for layer, own in zip(layers, degrees, strict=True)
        if layer.kind == "lines"
    )


def _in_plane(layer: Layer, degrees: gpd.GeoDataFrame, plane: Plane) -> Shapes:
    """Return lines as they lie on the map; straight ones join their ends, which may lie in insets."""
    shapes = degrees.geometry.to_numpy()
    if not layer.straight:
        return plane.projected(shapes)
    ends = shapely.get_coordinates(shapes).reshape(len(shapes), 2, 2)
    lines: Shapes = shapely.linestrings(plane.forward(ends.reshape(-1, 2)).reshape(ends.shape))
    short, over = over_the_edge(ends, plane.main.scene["lon0"])
    if over.any():
        lines[over] = plane.projected(shapely.segmentize(shapely.linestrings(short[over]), _DENSIFY_DEGREES))
    return lines


def _spots(layer: Layer, fills: Shapes, unit: float) -> Spots:
    """Return the regions of a set too small to be seen; outlines without classes have nothing to show."""
    return small_regions(fills, unit) if layer.legends[0].title else no_spots()


def _in_degrees(shapes: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Return a copy of the shapes in longitude and latitude."""
    return sound_regions(shapes)[[shapes.geometry.name]].to_crs(4326)


def _subject(layers: Sequence[Layer], degrees: Sequence[gpd.GeoDataFrame]) -> gpd.GeoSeries:
    """Return what the map is about: the ends of flows if there are any, else all fills."""
    # A line across the date line would span the world in degrees; its ends do not.
    ends = [layer.nodes.to_crs(4326) for layer in layers if layer.kind == "flows" and layer.nodes is not None]
    fills = [d for layer, d in zip(layers, degrees, strict=True) if layer.kind == "fills"]
    parts = ends or fills or list(degrees)
    joined = np.concatenate([part.geometry.to_numpy() for part in parts])
    return gpd.GeoSeries(joined, crs=4326)


def _padding(layers: Sequence[Layer]) -> float:
    """Return the share of the extent left free at each side."""
    return _FLOW_PADDING if any(layer.kind == "flows" for layer in layers) else _PADDING


def _sets(layers: Sequence[Layer]) -> tuple[list[int], tuple[int, ...]]:
    """Return the first layer of each distinct set of regions, and the set of each layer."""
    first: list[int] = []
    set_of: list[int] = []
    for i, layer in enumerate(layers):
        if layer.kind != "fills":
            set_of.append(-1)
            continue
        alike = [s for s, j in enumerate(first) if _same_shapes(layer, layers[j])]
        if not alike:
            first.append(i)
        set_of.append(alike[0] if alike else len(first) - 1)
    return first, tuple(set_of)


def _same_shapes(one: Layer, other: Layer) -> bool:
    """Tell whether two layers paint the same regions."""
    a, b = one.shapes.geometry, other.shapes.geometry
    return a.index.equals(b.index) and a.crs == b.crs and bool((a.to_numpy() == b.to_numpy()).all())


def _country(layer: Layer) -> pd.Series | None:
    """Return the country of each region, where the regions know it."""
    return layer.shapes["country"] if "country" in layer.shapes.columns else None


def _frame(
    chosen: Projection, subject: gpd.GeoSeries, *, padding: float
) -> tuple[float, float, float, float]:
    """Return the bounds of the subject in metres, with a margin."""
    dense = subject.segmentize(_DENSIFY_DEGREES)
    metres = shapely.get_coordinates(chosen.projected(dense.to_numpy()))
    metres = metres[np.isfinite(metres).all(axis=1)]
    low, high = metres.min(axis=0), metres.max(axis=0)
    margin = max((high - low).max(), 1000.0) * padding
    return (
        float(low[0] - margin),
        float(low[1] - margin),
        float(high[0] + margin),
        float(high[1] + margin),
    )


def _drawn(shapes: gpd.GeoSeries, plane: Plane, unit: float) -> Shapes:
    """Return regions in metres, simplified together so that neighbours still meet."""
    metres = plane.projected(shapes.segmentize(_DENSIFY_DEGREES).to_numpy())
    finer = shapely.get_num_coordinates(metres).sum() < _MANY_VERTICES
    # The same vertex, reached from both its owners, may differ in the last digits: a centimetre decides.
    metres = shapely.set_precision(
        _without_specks(metres, unit / (6 if finer else 2)), _CENTIMETRE, mode="pointwise"
    )
    simple = shapely.coverage_simplify(metres, tolerance=unit * (0.15 if finer else 0.5))
    return np.where(shapely.is_empty(simple), metres, simple)


def _without_specks(metres: Shapes, side: float) -> Shapes:
    """Return regions without parts smaller than a square of this side; each keeps its largest."""
    parts, owner = shapely.get_parts(metres, return_index=True)
    area = shapely.area(parts)
    largest = np.zeros(len(metres))
    np.maximum.at(largest, owner, area)
    seen = (area >= side**2) | (area >= largest[owner])
    return shapely.multipolygons(parts[seen], indices=owner[seen])


def outlines(fills: Shapes, unit: float) -> Floats:
    """Return the line width of each region in pixels: a fixed one would drown small regions in white."""
    side = np.sqrt(shapely.area(fills)) / unit
    usual = np.clip(0.04 * np.median(side), 0.0, 0.7)
    return np.minimum(usual, 0.04 * side)
