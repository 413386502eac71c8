"""Maps of any width: the world, the Pacific, both sides of the date line. Areas against PROJ's geodesics."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from pyproj import Geod

import geoinno as gi
from geoinno.draw._scene import globe
from geoinno.draw._scene.globe import clearest_middle, facing

GEOD = Geod(ellps="WGS84")
# Below this size (km2) a country is a few pixels on a map of the world.
SEEN = 5e4
MAPS = {
    "world": None,
    "brics": ["BRA", "RUS", "IND", "CHN", "ZAF"],
    "pacific": ["FJI", "NZL", "AUS", "VUT", "NCL", "SLB", "WSM", "TON"],
    "bering": ["USA", "RUS"],
    "cis": ["RUS", "KAZ", "UZB", "KGZ", "TJK", "TKM", "BLR", "ARM", "AZE", "MDA"],
    "oecd": [
        *("AUS", "AUT", "BEL", "CAN", "CHL", "COL", "CRI", "CZE", "DNK", "EST", "FIN", "FRA", "DEU"),
        *("GRC", "HUN", "ISL", "IRL", "ISR", "ITA", "JPN", "KOR", "LVA", "LTU", "LUX", "MEX", "NLD"),
        *("NZL", "NOR", "POL", "PRT", "SVK", "SVN", "ESP", "SWE", "CHE", "TUR", "GBR", "USA"),
    ],
}


def km2(shape):
    """Return the area in km2 of a shape whose edges are straight in degrees, as files mean them: the border
    between the United States and Canada runs along the 49th parallel, not north of it."""
    dense = shapely.orient_polygons(shapely.segmentize(shape, 0.1))
    return abs(GEOD.geometry_area_perimeter(dense)[0]) / 1e6


def drawn(regions, **more):
    values = pd.Series(np.arange(float(len(regions))), regions.index, name="v")
    return gi.draw.sheet(gi.draw.choropleth(regions, values, scheme="equal"), source="S", **more)


@pytest.fixture(scope="module")
def land():
    return gi.read.land()


@pytest.mark.parametrize("name", list(MAPS))
def test_areas_on_wide_maps_are_geodesic_ones(land, name):
    ids = [i for i in MAPS[name] or land.index if i in land.index]
    shown = drawn(land.loc[ids], basemap="none")
    true = np.array([km2(shape) for shape in land.loc[ids].geometry])
    ours = shapely.area(shown.scene.fills[0]) / 1e6
    assert ours.sum() == pytest.approx(true.sum(), rel=0.005)
    assert np.abs(ours / true - 1)[true > SEEN].max() < 0.01
    x0, _, x1, _ = shown.scene.frame
    assert shapely.bounds(shown.scene.fills[0])[:, [0, 2]].max() <= x1
    # The equator is 40,075 km long, and Equal Earth draws it at 0.86 of that.
    assert x1 - x0 < 36_000_000


def test_the_smallest_countries_do_not_stop_a_map_of_the_world(land):
    shown = drawn(land)
    assert len(shown.scene.ground.land) == 1
    assert "Projection: Equal Earth (11°E)" in shown.credits


def test_flows_leave_the_edge_of_a_world_map_where_it_cuts_least_land(land):
    rows = [("CHN", "USA", 9.0), ("AUS", "CHL", 3.0), ("FRA", "ZAF", 2.0), ("BRA", "NGA", 2.0)]
    flows = pd.DataFrame(rows, columns=["origin", "destination", "value"])
    fill = gi.draw.choropleth(land, pd.Series(np.arange(float(len(land))), land.index, name="v"))
    shown = gi.draw.sheet(fill, gi.draw.flow_lines(flows, land, share=1), source="S")
    assert "Projection: Equal Earth (11\u00b0E)" in shown.credits
    assert shown.scene.flows[0].wraps.over.tolist() == [True, True, False, False]


def test_a_region_across_the_edge_of_the_map_is_cut_there():
    across = shapely.box(150, 10, 170, 20)
    (cut,) = facing(np.array([across]), -20.0)  # the edge is at 160 degrees east
    west, east = sorted(cut.geoms, key=lambda part: part.bounds[0])
    assert west.bounds == pytest.approx((-200, 10, -190, 20), abs=1e-3)
    assert east.bounds == pytest.approx((150, 10, 160, 20), abs=1e-3)
    untouched = np.array([shapely.box(0, 0, 1, 1)])
    assert facing(untouched, 10.0) is untouched


def test_a_region_cut_at_the_180th_meridian_is_joined_again():
    halves = shapely.MultiPolygon([shapely.box(170, 60, 180, 70), shapely.box(-179.9999, 60, -170, 70)])
    (joined,) = facing(np.array([halves]), 150.0)
    assert joined.geom_type == "Polygon"
    assert joined.bounds == pytest.approx((170, 60, 190, 70))


def test_land_is_moved_whole_where_no_edge_cuts_it(land):
    """Moved all at once or turned and cut one by one: the same shapes."""
    shapes, lon0 = land.geometry.to_numpy(), -95.0
    bounds = shapely.bounds(shapes)
    west, east = lon0 - 180 + 1e-4, lon0 + 180 - 1e-4
    far = (bounds[:, 0] >= east) | (bounds[:, 2] <= west)
    assert far.sum() > 20  # the east of Asia, and Oceania
    moved = facing(shapes, lon0)
    one_by_one = np.array([globe._turned(shape, west, east) for shape in shapes[far]])
    assert shapely.area(shapely.symmetric_difference(moved[far], one_by_one)).max() < 1e-9
    assert (shapely.bounds(moved)[far, 0] >= west).all()


def test_the_edge_of_a_world_map_cuts_least_land():
    # Land everywhere but from 200 to 210 degrees east: the edge lies there, the centre opposite.
    bounds = np.array([[-150.0, -50.0, 180.0, 50.0], [-180.0, -50.0, -160.0, 50.0]])
    assert clearest_middle(bounds, 0.0) == pytest.approx(20.0)


@pytest.mark.parametrize("lon", [0, 175, -60])
def test_a_lattice_has_the_same_frame_wherever_on_the_circle_it_lies(lon):
    cells = [shapely.box(x, y, x + 2, y + 2) for x in range(lon, lon + 10, 2) for y in (40, 42)]
    cells = [_wrapped(cell) for cell in cells]
    regions = gpd.GeoDataFrame(geometry=cells, index=[f"r{i}" for i in range(len(cells))], crs=4326)
    x0, y0, x1, y1 = drawn(regions, basemap="none").scene.frame
    assert (x1 - x0, y1 - y0) == pytest.approx((905_000, 507_500), rel=0.02)


def _wrapped(cell):
    """A cell in -180..180, cut at the meridian as files do."""
    east = shapely.transform(shapely.clip_by_rect(cell, 180, -90, 540, 90), lambda xy: xy - [360, 0])
    return shapely.union_all([shapely.clip_by_rect(cell, -180, -90, 180, 90), east])


def test_a_projection_without_a_name_is_named_in_the_credits(land):
    text = "+proj=laea +lat_0=45 +lon_0=70 +units=m"
    shown = drawn(land.loc[["KAZ", "UZB"]], crs=text, basemap="none")
    assert "Projection: Lambert Azimuthal Equal Area" in shown.credits
