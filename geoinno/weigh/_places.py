"""Where regions are: representative points on the WGS84 ellipsoid, and geodesic kilometres between them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import shapely
from pyproj import Geod, Transformer

from geoinno import _contract
from geoinno.errors import CrsError
from geoinno.scale import parted, share_out

if TYPE_CHECKING:
    from geopandas import GeoDataFrame
    from pyproj import CRS

    from geoinno._types import Floats

    Places = tuple[Floats, Floats]

WGS84 = Geod(ellps="WGS84")
# Points whose distances to all others are one block.
_ROWS = 16


def lonlat(x: Floats, y: Floats, crs: CRS) -> Places:
    """Return coordinates drawn in ``crs`` as longitude (-180..180) and latitude in degrees WGS84."""
    if not crs.equals(4326, ignore_axis_order=True):
        x, y = Transformer.from_crs(crs, 4326, always_xy=True).transform(x, y)
    if not (np.isfinite(x).all() and np.isfinite(y).all()):
        message = (
            f"Some coordinates have no place on the globe under the CRS {crs.to_string()}. "
            "Set the CRS in which they were drawn: regions.set_crs(..., allow_override=True)."
        )
        raise CrsError(message)
    return np.where(np.abs(x) > 180, x - 360 * np.round(x / 360), x), y  # noqa: PLR2004


def kilometres(start: Places, end: Places) -> Floats:
    """Return the geodesic km between two equally long lists of points (longitudes, latitudes)."""
    metres: Floats = WGS84.inv(*start, *end)[2]
    return metres / 1000


def places(regions: GeoDataFrame) -> Places:
    """Return longitude and latitude of the representative point of each of the ``regions``, checked.

    Shapely looks for the point part by part, so a region cut at the antimeridian has it in one of
    its halves and not half a world away.
    """
    _contract.sound_regions(regions)
    inside = regions.geometry.to_numpy().copy()
    # A point lies where it lies; to look for one inside it takes longer than all other checks.
    wide = shapely.get_type_id(inside) != shapely.GeometryType.POINT
    inside[wide] = shapely.point_on_surface(inside[wide])
    return lonlat(shapely.get_x(inside), shapely.get_y(inside), regions.crs)


def cities(regions: GeoDataFrame) -> Places:
    """Return where the city of each region lies; without one, the point inside the region."""
    inside, found = places(regions), _contract.city_degrees(regions)
    lon, lat = (found[side].to_numpy() for side in ("city_lon", "city_lat"))
    return np.where(np.isnan(lon), inside[0], lon), np.where(np.isnan(lat), inside[1], lat)


def earthbound(lon: Floats, lat: Floats) -> Floats:
    """Return the points as x, y, z in km from the centre of the ellipsoid.

    The straight line through the earth is never longer than the geodesic, so all points within
    a geodesic distance are found within the same distance here, whatever the meridian or the pole.
    """
    a, squash = WGS84.a / 1000, WGS84.es
    phi, lam = np.radians(lat), np.radians(lon)
    normal = a / np.sqrt(1 - squash * np.sin(phi) ** 2)
    return np.column_stack(
        [
            normal * np.cos(phi) * np.cos(lam),
            normal * np.cos(phi) * np.sin(lam),
            normal * (1 - squash) * np.sin(phi),
        ]
    )


def all_kilometres(lon: Floats, lat: Floats) -> Floats:
    """Return the square table of geodesic km between all points, symmetric to the last bit."""
    table = _Table(lon, lat, np.zeros((len(lon), len(lon))))
    share_out(table.measure, parted(len(lon), _ROWS), what="Round of distances")
    return table.km


@dataclass(frozen=True, slots=True, eq=False)
class _Table:
    """Distances between all points, to which blocks of points write theirs, there and back."""

    lon: Floats
    lat: Floats
    km: Floats

    def measure(self, block: tuple[int, int]) -> None:
        """Write the km from some points to all that come after them."""
        first, last = block
        here, there = np.triu_indices(last - first, 1, len(self.lon) - first)
        here, there = here + first, there + first
        start, end = ((self.lon[side], self.lat[side]) for side in (here, there))
        self.km[here, there] = kilometres(start, end)
        self.km[last:, first:last] = self.km[first:last, last:].T
        among = self.km[first:last, first:last]
        among += among.T.copy()
