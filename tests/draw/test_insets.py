"""Insets: far parts in frames of their own, in print and on the web alike, and none where nothing is far."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from pyproj import Geod

import geoinno as gi
from geoinno.draw._scene.arrow import curve
from geoinno.draw._scene.inset_labels import label_box
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
    usa = states[states["country"] == "USA"]
    shown = drawn(usa, basemap="land")
    hawaii, alaska = (
        next(inset for inset in shown.scene.insets if inset.names == (name,)) for name in ("Hawaii", "Alaska")
    )
    land, frame = shown.scene.inset_land[shown.scene.insets.index(hawaii)], shapely.box(*hawaii.box)
    assert 0 < shapely.area(land).sum() < 0.1 * frame.area
    # The chain from Niihau to the Big Island fills its frame, its label in the empty corner at the right.
    fills = pd.Series(shown.scene.fills[0], usa["name"])
    parts = shapely.get_parts(fills["Hawaii"])
    chain = shapely.total_bounds(parts[shapely.area(parts) > 0.005 * fills["Hawaii"].area])
    x0, y0, x1, y1 = hawaii.box
    assert (chain[2:] - chain[:2]) / (x1 - x0, y1 - y0) == pytest.approx([0.88, 0.88], abs=0.05)
    assert hawaii.flush_right
    assert not alaska.flush_right
    corner = shapely.box(x1 - 0.4 * (x1 - x0), y1 - 0.34 * (y1 - y0), x1, y1)
    assert not corner.intersects(fills["Hawaii"])


def test_a_label_stands_above_what_fills_all_corners(realm):
    shown = drawn(realm)
    for inset in shown.scene.insets:
        top = pd.Series(shown.scene.fills[0], realm.index)[inset.names[0]].bounds[3]
        assert top < inset.box[3] - 0.34 * (inset.box[3] - inset.box[1])
        assert not inset.flush_right


def test_a_row_of_wide_frames_keeps_clear_of_the_scale_bar_and_of_each_other():
    chains = [
        shapely.MultiPolygon(
            [shapely.box(lon + d, lat - d / 2, lon + d + 0.4, lat - d / 2 + 0.3) for d in (0, 2, 4)]
        )
        for lon, lat in ((-60, -20), (-60, 65), (60, -20), (80, 65))
    ]
    names = [f"r{i}" for i in range(16)] + ["A", "B", "C", "D"]
    far = gpd.GeoDataFrame({"name": names}, geometry=[*lattice(0, 40), *chains], index=names, crs=4326)
    scene = drawn(far).scene
    boxes = [shapely.box(*inset.box) for inset in scene.insets]
    assert len(boxes) == 4
    assert all(a.disjoint(b) for i, a in enumerate(boxes) for b in boxes[:i])
    x0, _, x1, _ = scene.frame
    assert min(box.bounds[0] for box in boxes) > x0 + 0.199 * (x1 - x0)


def displaced(realm, **ends):
    """Return arrows that leave the regions as they are told, in degrees, and the others where they are."""
    places = gi.weigh.places(realm)
    places = places.assign(lon_time=places["lon"], lat_time=places["lat"], moved_km=0.0)
    for name, (east, north) in ends.items():
        lon, lat = places.loc[name, ["lon", "lat"]]
        places.loc[name, ["lon_time", "lat_time", "moved_km"]] = [lon + east, lat + north, 50.0]
    return gi.draw.displacements(places, realm)


def test_an_arrow_that_begins_in_an_inset_is_drawn_there_whole(realm):
    arrows = displaced(realm, South=(0.3, 0.3), r0=(1.0, 1.0))
    shown = drawn(realm, arrows)
    (strokes,) = shown.scene.strokes
    lines = dict(zip(strokes.layer.shapes.index, strokes.lines, strict=True))
    (box,) = (shapely.box(*inset.box) for inset in shown.scene.insets if inset.names == ("South",))
    # The shaft and both barbs of the head, joined at the tip.
    assert [shapely.get_num_geometries(lines[name]) for name in ("South", "r0")] == [3, 3]
    assert box.contains(lines["South"])
    assert not box.intersects(lines["r0"])
    assert shown.layers[1].legends[0].note == ""


def test_an_arrow_that_leaves_its_inset_is_not_drawn_and_is_named(realm):
    arrows = displaced(realm, South=(-3.0, 20.0), r0=(1.0, 1.0), r15=(-1.0, 0.5))
    assert sum(key.count for key in arrows.legends[0].keys) == 3
    shown = drawn(realm, arrows)
    (strokes,) = shown.scene.strokes
    assert [*strokes.layer.shapes.index] == [*strokes.tips.index] == ["r0", "r15"]
    seen = shown.layers[1]
    assert seen.legends[0].note == "1 arrow that leaves its inset is not drawn: South."
    assert sum(key.count for key in seen.legends[0].keys) == 2
    assert "2 arrows" in shown.alt
    assert "South" in seen.table["region"].to_list()
    many = displaced(realm, South=(-3.0, 20.0), East=(-20.0, 0.0), r0=(1.0, 1.0))
    note = drawn(realm, many).layers[1].legends[0].note
    assert note == "2 arrows that leave their insets are not drawn: South, East."


def test_no_arrow_of_the_main_map_runs_out_of_the_frame(realm):
    shown = drawn(realm, displaced(realm, r15=(4.0, 5.0), South=(0.2, 0.2)))
    bounds = shapely.bounds(shown.scene.strokes[0].lines)
    x0, y0, x1, y1 = shown.scene.frame
    assert (bounds[:, :2] > (x0, y0)).all()
    assert (bounds[:, 2:] < (x1, y1)).all()
    # An arrow inside an inset makes the map no wider.
    alone = drawn(realm, displaced(realm, South=(0.2, 0.2)))
    assert alone.scene.frame == drawn(realm).scene.frame


def test_flows_among_far_parts_alone_are_drawn_on_a_map_of_these(realm):
    flows = pd.DataFrame([("East", "South", 1.0)], columns=["origin", "destination", "value"])
    scene = gi.draw.sheet(gi.draw.flow_lines(flows, realm), title="T", source="S", basemap="none").scene
    assert scene.insets == ()
    ends = shapely.multipoints(scene.flows[0].nodes)
    assert shapely.box(*scene.frame).contains(ends)


def twofold(realm, *more, **options):
    """Return the realm drawn with its two far islands as one region."""
    whole = realm.iloc[:17].copy()
    whole.loc["South", "geometry"] = shapely.MultiPolygon([realm.geometry["South"], realm.geometry["East"]])
    return drawn(
        whole.rename(index={"South": "Isles"}).assign(name=[*whole["name"][:16], "Isles"]), *more, **options
    )


def test_two_insets_of_one_region_are_told_apart(realm):
    shown = twofold(realm)
    labels = [[inset.label(lang).partition("\n")[0] for inset in shown.scene.insets] for lang in ("en", "ru")]
    assert labels[0] == ["170°W", "150°E"]
    assert labels[1] == ["170\u00b0\u00a0з.\u00a0д.", "150\u00b0\u00a0в.\u00a0д."]
    assert shown.scene.insets[0].label("en").partition("\n")[2].startswith(f"Isles {TIMES}")
    assert f"Isles 170°W ({TIMES}" in shown.credits
    texts = [text.get_text().partition("\n")[0] for text in shown.figure().axes[0].texts]
    assert {"Isles 170°W", "Isles 150°E"} <= set(texts)
    # Where there is no room for name and place, the place alone tells them apart.
    assert [inset.name(7, "en") for inset in shown.scene.insets] == ["170°W", "150°E"]
    assert [inset.place for inset in drawn(realm).scene.insets] == ["", ""]


def test_arrows_cross_the_label_of_an_inset_least_where_it_stands(north_america):
    usa = north_america.regions[north_america.regions["country"] == "USA"]
    (hawaii,) = usa.index[usa["name"] == "Hawaii"]
    flows = pd.DataFrame(
        {"origin": usa.index[usa["name"] != "Hawaii"][:20], "destination": hawaii, "value": 1.0}
    )
    shown = drawn(usa, gi.draw.flow_lines(flows, usa, top=20))
    (layer,) = shown.scene.flows
    legs = [leg for i in range(len(layer.start)) for leg in layer.legs(i)]
    lines = shapely.union_all([shapely.LineString(curve(leg.start, leg.end, leg.bend)) for leg in legs])
    inset = next(inset for inset in shown.scene.insets if inset.names == ("Hawaii",))
    # Alone, the label stands at the top, in the way of the arrows.
    before = next(inset for inset in drawn(usa).scene.insets if inset.names == ("Hawaii",))
    assert not before.at_foot
    crossed = [shapely.box(*label_box(one)).intersection(lines).length for one in (before, inset)]
    assert crossed[1] < crossed[0]
    assert not shapely.intersects(shown.scene.fills[0], shapely.box(*label_box(inset))).any()
    (label,) = [text for text in shown.figure().axes[0].texts if text.get_text().startswith("Hawaii\n")]
    assert (label.get_verticalalignment() == "bottom") == inset.at_foot
    assert f'"right":{str(inset.flush_right).lower()},"foot":{str(inset.at_foot).lower()}' in shown.html()
