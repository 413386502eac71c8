"""Map projections: equal-area by default, chosen from what the map must show."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any

import numpy as np
import pyproj
import shapely

from geoinno.draw._layers.phrases import Phrase
from geoinno.draw._scene.globe import clearest_middle, facing
from geoinno.errors import CrsError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from geopandas import GeoSeries

    from geoinno._types import Floats, Shapes

_WIDE_LON, _WIDE_LAT = 60.0, 25.0
# Beyond, a cone (or a plane) shows one side of the globe too small or not at all.
_WORLD_LON, _HALF_LON = 200.0, 120.0
_ALIKE = 1e-9
_DEGREES = 4326
_ANGLES = {"N": "{angle}°N", "S": "{angle}°S", "E": "{angle}°E", "W": "{angle}°W"}


@dataclass(frozen=True, slots=True)
class Projection:
    """A projected CRS with the words and numbers that the renderers need."""

    crs: pyproj.CRS
    title: str
    scene: dict[str, Any]

    def forward(self, lon: Floats, lat: Floats) -> Floats:
        """Return metres (n x 2) of degrees; infinite where the projection has no answer."""
        return np.column_stack(_transformer(_DEGREES, self.crs).transform(lon, lat))

    def projected(self, shapes: Shapes) -> Shapes:
        """Return shapes in degrees as shapes in metres, cut at the edge of the map."""
        faced = facing(shapes, self.scene["lon0"])
        return shapely.transform(faced, lambda xy: self.forward(xy[:, 0], xy[:, 1]))

    def inverse(self, metres: Floats) -> Floats:
        """Return degrees (lon, lat) of metres (n x 2)."""
        return np.column_stack(_transformer(self.crs, _DEGREES).transform(metres[:, 0], metres[:, 1]))


@lru_cache(maxsize=16)
def _transformer(start: pyproj.CRS | int, end: pyproj.CRS | int) -> pyproj.Transformer:
    """Return the way between two CRS: to look for it takes longer than to project a map."""
    return pyproj.Transformer.from_crs(start, end, always_xy=True)


def projection(
    shapes: GeoSeries, crs: str | int | pyproj.CRS = "auto", *, regions: Sequence[GeoSeries] = ()
) -> Projection:
    """Return the projection for ``shapes`` in degrees; that of the world spares other ``regions`` too.

    ``auto`` takes Albers' equal-area conic over wide extents (above 60 degrees of longitude or 25
    of latitude), Lambert's azimuthal equal-area over smaller ones, and Equal Earth over the world.
    ``globe`` is a sphere on the web, and Equal Earth in print.
    """
    if isinstance(crs, str) and crs == "globe":
        return _globe(_middle(shapes))
    if not (isinstance(crs, str) and crs == "auto"):
        return _chosen(pyproj.CRS.from_user_input(crs), shapes)
    west, east, south, north = _extent(shapes)
    lon0, lat0, span = _middle(shapes), (south + north) / 2, east - west
    conic = south * north > 0 and lat0 / 90 < 0.75  # noqa: PLR2004 - a cone near the pole is a plane
    if span > (_WORLD_LON if conic else _HALF_LON) and abs(lat0) / 90 < 0.75:  # noqa: PLR2004 - the same
        parts = [part.explode(index_parts=False).bounds.to_numpy() for part in (shapes, *regions)]
        return _equal_earth(clearest_middle(np.concatenate(parts), lon0))
    if conic and (span > _WIDE_LON or north - south > _WIDE_LAT):
        lon0 += 360 * round(((west + east) / 2 - lon0) / 360)
        sixth = (north - south) / 6
        # Both ends of the extent stay on the cone, wherever most of the area lies.
        return _albers(_wrapped(min(max(lon0, east - 170), west + 170)), lat0, (south + sixth, north - sixth))
    return _azimuthal(lon0, lat0)


def _equal_earth(lon0: float) -> Projection:
    """Return Equal Earth (Savric, Patterson and Jenny 2019, doi:10.1080/13658816.2018.1504949)."""
    scene = {"type": "eqearth", "lon0": lon0, "lat0": 0.0}
    text = f"+proj=eqearth +lon_0={lon0} +datum=WGS84 +units=m"
    return Projection(
        pyproj.CRS.from_user_input(text), Phrase("Equal Earth ({lon})", lon=angle(lon0, "EW")), scene
    )


def _globe(lon0: float) -> Projection:
    """Return the globe: on the web a sphere to be turned, on paper Equal Earth around the same meridian."""
    flat = _equal_earth(round(lon0))
    return Projection(
        flat.crs, Phrase("globe; in print {flat}", flat=flat.title), {**flat.scene, "globe": True}
    )


def _albers(lon0: float, lat0: float, parallels: tuple[float, float]) -> Projection:
    """Return Albers' equal-area conic."""
    low, high = (round(p, 1) for p in parallels)
    lon0, lat0 = round(lon0, 1), round(lat0, 1)
    scene = {"type": "aea", "lon0": lon0, "lat0": lat0, "lat1": low, "lat2": high}
    text = f"+proj=aea +lat_1={low} +lat_2={high} +lat_0={lat0} +lon_0={lon0} +datum=WGS84 +units=m"
    degrees = {"low": angle(low, "NS"), "high": angle(high, "NS"), "lon": angle(lon0, "EW")}
    words = Phrase("Albers equal-area conic ({low}, {high}; {lon})", **degrees)
    return Projection(pyproj.CRS.from_user_input(text), words, scene)


def _azimuthal(lon0: float, lat0: float) -> Projection:
    """Return Lambert's azimuthal equal-area projection."""
    lon0, lat0 = round(lon0, 1), round(lat0, 1)
    scene = {"type": "laea", "lon0": lon0, "lat0": lat0}
    text = f"+proj=laea +lat_0={lat0} +lon_0={lon0} +datum=WGS84 +units=m"
    lat, lon = angle(lat0, "NS"), angle(lon0, "EW")
    words = Phrase("Lambert azimuthal equal-area ({lat}; {lon})", lat=lat, lon=lon)
    return Projection(pyproj.CRS.from_user_input(text), words, scene)


def _chosen(crs: pyproj.CRS, shapes: GeoSeries) -> Projection:
    """Return the user's projection, with a grid from which the browser interpolates it."""
    if not crs.is_projected:
        message = f"A map is drawn in a projected CRS; {crs.to_string()} is not one. Leave crs='auto'."
        raise CrsError(message)
    west, east, south, north = _extent(shapes)
    pad_x, pad_y = max(1.0, (east - west) / 2), max(1.0, (north - south) / 2)
    lon = np.linspace(west - pad_x, east + pad_x, 65)
    lat = np.linspace(max(-89.0, south - pad_y), min(89.0, north + pad_y), 65)
    grid = Projection(crs, "", {}).forward(*(a.ravel() for a in np.meshgrid(lon, lat)))
    if not np.isfinite(grid).all():
        message = f"{crs.to_string()} does not reach all of the map. Leave crs='auto'."
        raise CrsError(message)
    scene = {
        "type": "grid",
        "lon0": float(_wrapped((west + east) / 2)),
        "lon": [float(lon[0]), float(lon[-1])],
        "lat": [float(lat[0]), float(lat[-1])],
        "n": 65,
        "x": [round(float(v)) for v in grid[:, 0]],
        "y": [round(float(v)) for v in grid[:, 1]],
    }
    conformal = "Mercator" in crs.name or crs.to_epsg() in {3857, 3395}
    caution = "; areas exaggerated towards the poles" if conformal else ""
    return Projection(crs, _named(crs) + caution, scene)


def _named(crs: pyproj.CRS) -> str:
    """Return what to call a CRS: its name, or that of its projection where it has none."""
    if crs.name.strip().lower() not in {"", "unknown", "unnamed"}:
        return crs.name
    return crs.coordinate_operation.method_name if crs.coordinate_operation else crs.to_string()


def _extent(shapes: GeoSeries) -> tuple[float, float, float, float]:
    """Return west, east, south, north in degrees; east may pass 180 where the shapes do."""
    bounds = shapes.bounds.to_numpy()
    south, north = float(bounds[:, 1].min()), float(bounds[:, 3].max())
    west, east = _longitudes(shapes)
    return west, east, south, north


def _longitudes(shapes: GeoSeries) -> tuple[float, float]:
    """Return the shortest span of longitude that holds all parts: the largest gap is left out."""
    parts = shapes.explode(index_parts=False).bounds.to_numpy()
    spans = np.unique(np.round(parts[:, [0, 2]], 6), axis=0)
    reach = np.maximum.accumulate(spans[:, 1])
    gaps = np.append(spans[1:, 0] - reach[:-1], spans[0, 0] + 360 - reach[-1])
    widest = int(np.argmax(gaps))
    if widest == len(gaps) - 1 or gaps[widest] <= gaps[-1] + _ALIKE:
        return float(spans[0, 0]), float(reach[-1])
    return float(spans[widest + 1, 0]), float(reach[widest] + 360)


def _middle(shapes: GeoSeries) -> float:
    """Return the longitude around which most of the area lies: the mean direction of the shapes."""
    places = shapes.representative_point()
    turn = np.radians(places.x.to_numpy())
    weight = shapely.area(shapes.to_numpy()) * np.cos(np.radians(places.y.to_numpy()))
    weight = weight if weight.sum() > 0 else np.ones(len(weight))
    return float(np.degrees(np.arctan2((weight * np.sin(turn)).sum(), (weight * np.cos(turn)).sum())))


def _wrapped(lon: float) -> float:
    """Return a longitude in -180..180."""
    return (lon + 180) % 360 - 180


def angle(value: float, letters: str) -> Phrase:
    """Return an angle with its hemisphere."""
    return Phrase(_ANGLES[letters[0] if value >= 0 else letters[1]], angle=abs(value))
