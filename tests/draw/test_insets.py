"""Insets: far parts in frames of their own, in print and on the web alike, and none where nothing is far."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from pyproj import Geod

import geoinno as gi
from geoinno.draw._scene.outliers import outliers

TIMES = "\N{MULTIPLICATION SIGN}"
GEOD = Geod(ellps="WGS84")


def lattice(lon, lat, *, side=1.0, count=4):
    return [
        shapely.box(lon + c * side, lat + r * side, lon + (c + 1) * side, lat + (r + 1) * side)
        for r in range(count)
        for c in range(count)
    ]


@pytest.fixture(scope="module")
def realm():
    """Sixteen regions, one 6,000 km away, and an island on the other side of the date line."""
    shapes = [*lattice(150, 40), shapely.box(150, -12, 151, -11), shapely.box(-170.5, 5, -170, 5.5)]
    names = [f"r{i}" for i in range(16)] + ["South", "East"]
    return gpd.GeoDataFrame({"name": names}, geometry=shapes, index=names, crs=4326)


def drawn(regions, *more, **options):
    values = pd.Series(np.arange(float(len(regions))), regions.index, name="v")
    layer = gi.draw.choropleth(regions, values, scheme="equal")
    return gi.draw.sheet(layer, *more, source="S", **{"basemap": "none", **options})


def test_far_parts_stand_in_insets_from_west_to_east_and_are_named(realm):
    shown = drawn(realm)
    assert [inset.names for inset in shown.scene.insets] == [("East",), ("South",)]
    assert f"East ({TIMES}" in shown.credits
    # The main map is as large as without them.
    x0, _, x1, _ = shown.scene.frame
    near = drawn(realm.iloc[:16]).scene.frame
    assert x1 - x0 == pytest.approx(near[2] - near[0])
    assert len(shown.table) == 18


def test_what_an_inset_holds_lies_in_its_frame_in_its_scale_and_true_to_area(realm):
    shown = drawn(realm)
    fills = pd.Series(shown.scene.fills[0], realm.index)
    for inset in shown.scene.insets:
        (name,) = inset.names
        assert shapely.box(*inset.box).contains_properly(fills[name])
        dense = shapely.orient_polygons(shapely.segmentize(realm.geometry[name], 0.05))
        true = GEOD.geometry_area_perimeter(dense)[0]
        assert shapely.area(fills[name]) / inset.scale**2 == pytest.approx(true, rel=0.003)
    boxes = [shapely.box(*inset.box) for inset in shown.scene.insets]
    assert not boxes[0].intersects(boxes[1])
    assert not any(box.intersects(shapely.union_all(fills.iloc[:16].to_numpy())) for box in boxes)


def test_parts_of_one_region_may_lie_in_an_inset(realm):
    whole = realm.iloc[:16].copy()
    whole.loc["r0", "geometry"] = shapely.MultiPolygon([realm.geometry["r0"], realm.geometry["South"]])
    shown = drawn(whole)
    assert [inset.names for inset in shown.scene.insets] == [("r0",)]
    first = shown.scene.fills[0][0]
    assert shapely.area(shapely.intersection(first, shapely.box(*shown.scene.insets[0].box))) > 0


def test_flows_reach_into_insets(realm):
    flows = pd.DataFrame({"origin": ["r0", "r5"], "destination": ["South", "r0"], "value": [3.0, 2.0]})
    shown = drawn(realm, gi.draw.flow_lines(flows, realm))
    # The island in the east has no flow: it is not part of what the map is about.
    assert [inset.names for inset in shown.scene.insets] == [("South",)]
    (layer,) = shown.scene.flows
    ends = pd.DataFrame(layer.nodes, layer.places.index)
    assert shapely.box(*shown.scene.insets[0].box).contains(shapely.Point(ends.loc["South"]))


def test_a_focus_a_crs_or_a_world_leaves_no_inset(realm):
    assert drawn(realm, focus=realm.iloc[:3]).scene.insets == ()
    assert drawn(realm, crs="+proj=laea +lat_0=20 +lon_0=170 +units=m").scene.insets == ()
    assert outliers(gi.read.land().geometry.to_numpy()) == []
    archipelago = np.array([shapely.box(x, 0, x + 1, 1) for x in range(0, 80, 10)])
    assert outliers(archipelago) == []


def test_an_island_off_the_coast_stays_where_it_is():
    near = np.array([*lattice(0, 45), shapely.box(5.5, 46, 6, 46.5)])
    assert outliers(near) == []


def test_both_renderers_draw_the_frames(realm):
    shown = drawn(realm)
    assert shown.html().count("East") > 2
    words = [text.get_text() for text in shown.figure().axes[0].texts]
    assert any(text.startswith(f"East\n{TIMES}") for text in words)


def test_an_inset_shows_the_land_around_it_and_nothing_from_the_other_side_of_the_globe():
    # The antipode of Hawaii lies in Botswana.
    states = gi.read.sample("north_america").regions
    shown = drawn(states[states["country"] == "USA"], basemap="land")
    hawaii = [inset.names for inset in shown.scene.insets].index(("Hawaii",))
    land, frame = shown.scene.inset_land[hawaii], shapely.box(*shown.scene.insets[hawaii].box)
    assert 0 < shapely.area(land).sum() < 0.05 * frame.area
