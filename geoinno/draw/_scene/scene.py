"""Scenes: the layers of a sheet in one projection, simplified for the eye, ready for any renderer."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import shapely

from geoinno.draw._scene.extent import DENSIFY_DEGREES, in_degrees, stage
from geoinno.draw._scene.flows import Drawn, drawn_flows, without_twins
from geoinno.draw._scene.inset_labels import settled
from geoinno.draw._scene.small import Spots, no_spots, small_regions
from geoinno.draw._scene.stacking import stacked
from geoinno.draw._scene.strokes import Strokes, drawn_edges, drawn_strokes
from geoinno.draw.basemap import Basemap, basemap, is_tiled, national_borders
from geoinno.errors import CrsError

if TYPE_CHECKING:
    from collections.abc import Sequence

    import geopandas as gpd
    import pyproj

    from geoinno._types import Floats, Ints, Shapes
    from geoinno.draw._layers.layer import Layer
    from geoinno.draw._scene.insets import Inset, Plane
    from geoinno.draw._scene.projection import Projection

REFERENCE_PX = 1000
_TILES = 3857
_MANY_VERTICES = 130_000
_CENTIMETRE = 0.01
_NOTHING: Shapes = np.array([], dtype=object)


@dataclass(frozen=True, slots=True, eq=False)
class Scene:
    """Everything a renderer needs: shapes in metres, the frame, the ground below, and the insets.

    ``fills`` holds one array of geometries for each distinct set of regions; ``set_of`` says
    which set each layer paints (-1: none), ``stacks`` which regions of a set overlap others, in the order
    in which they are drawn, and ``spots`` which are too small to be seen. ``edges`` are faint borders of
    regions where there are no fills.
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
    edges: Shapes
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
    degrees = [in_degrees(layer.shapes) for layer in layers]
    sets, set_of = _sets(layers)
    opened = stage(layers, degrees, crs=_crs_under(ground, crs), focus=focus)
    plane, frame = opened.plane, opened.frame
    unit = max(frame[2] - frame[0], frame[3] - frame[1]) / REFERENCE_PX
    fills = tuple(_drawn(degrees[i].geometry, plane, unit) for i in sets)
    sites = [pd.Series(f, index=layers[i].shapes.index) for i, f in zip(sets, fills, strict=True)]
    lines = [national_borders(fills[s], _country(layers[i])) for s, i in enumerate(sets)]
    flows = without_twins([drawn_flows(f, plane, unit=unit) for f in layers if f.kind in {"flows", "points"}])
    strokes = drawn_strokes(layers, degrees, plane, sites=sites, unit=unit)
    insets = settled(plane.insets, flows, lines=[stroke.lines for stroke in strokes], fills=fills)
    return Scene(
        projection=plane.main,
        frame=frame,
        unit=unit,
        fills=fills,
        set_of=set_of,
        stacks=tuple(stacked(shapes, unit) for shapes in fills),
        borders=np.concatenate([*lines, np.array([], dtype=object)]),
        flows=flows,
        strokes=strokes,
        edges=_NOTHING if fills else drawn_edges(layers, plane, unit),
        ground=basemap(plane.main, frame, unit, kind=ground),
        spots=tuple(_spots(layers[i], f, unit) for i, f in zip(sets, fills, strict=True)),
        insets=insets,
        inset_land=tuple(inset.land(unit) if ground != "none" else _NOTHING for inset in plane.insets),
    )


def _crs_under(ground: str, crs: str | int | pyproj.CRS) -> str | int | pyproj.CRS:
    """Return the CRS of the map: online tiles come in Web Mercator alone."""
    if not is_tiled(ground) or crs in {"auto", _TILES}:
        return _TILES if is_tiled(ground) else crs
    message = f"Online tiles are in EPSG:{_TILES}; leave crs='auto', or take another basemap than {ground!r}."
    raise CrsError(message)


def _spots(layer: Layer, fills: Shapes, unit: float) -> Spots:
    """Return the regions of a set too small to be seen; outlines without classes have nothing to show."""
    return small_regions(fills, unit) if layer.legends[0].title else no_spots()


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


def _drawn(shapes: gpd.GeoSeries, plane: Plane, unit: float) -> Shapes:
    """Return regions in metres, simplified together so that neighbours still meet."""
    metres = plane.projected(shapes.segmentize(DENSIFY_DEGREES).to_numpy())
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
