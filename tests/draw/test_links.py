"""Links between regions that do not touch: drawn, counted and named, in insets too."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pytest
import shapely
from shapely.geometry import MultiPolygon, box

import geoinno as gi


@pytest.fixture(scope="module")
def isles():
    shapes = [box(10, 50, 11, 51), box(11, 50, 12, 51), box(13, 50, 14, 51), box(10, 53, 11, 54)]
    names = ["West", "East", "Isle", "North"]
    return gpd.GeoDataFrame(
        {"name": names, "v": [1.0, 2, 3, 4]}, geometry=shapes, index=list("abcd"), crs=4326
    )


def test_links_that_contiguity_adds_are_drawn_and_named(isles):
    near = gi.weigh.contiguity(isles, islands="bridge", links=[("d", "c")])
    layer = gi.draw.link_lines(isles, near)
    assert set(zip(layer.shapes["first"], layer.shapes["second"], strict=True)) == {("b", "c"), ("c", "d")}
    assert layer.legends[0].keys[0].count == 2
    assert layer.legends[0].note == "East \u2013 Isle; Isle \u2013 North."
    sheet = gi.draw.sheet(gi.draw.choropleth(isles, "v"), layer, title="Isles", source="tests")
    assert "East \u2013 Isle" in sheet.alt
    assert "East \u2013 Isle" in sheet.html()
    assert "Isle \u2013 North" in sheet.table.to_string() or len(layer.table) == 2


def test_a_link_ends_where_its_regions_are_drawn(north_america):
    regions = north_america.regions
    layer = gi.draw.link_lines(regions, gi.weigh.contiguity(regions, islands="nearest"))
    sheet = gi.draw.sheet(gi.draw.choropleth(regions, "income"), layer, title="t", source="s")
    drawn = dict(zip(layer.shapes.index, sheet.scene.strokes[0].lines, strict=True))
    hawaii = next(line for pair, line in drawn.items() if "USA-3517" in pair)
    places = sheet.scene.fills[0]
    ends = [places[regions.index.get_loc(id_)] for id_ in ("USA-3517", "USA-3563")]
    # Hawaii is drawn in an inset, where the line ends.
    assert sheet.scene.insets
    assert all(shapely.distance(hawaii, end) < sheet.scene.unit for end in ends)
    first = shapely.get_coordinates(hawaii)[0]
    assert shapely.distance(shapely.Point(first), ends[0]) < 10 * sheet.scene.unit


def test_links_of_other_weights_are_drawn_too(isles):
    layer = gi.draw.link_lines(isles, gi.weigh.nearest(isles, count=1))
    assert len(layer.shapes) == len(
        {tuple(sorted(pair)) for pair in layer.shapes[["first", "second"]].to_numpy()}
    )
    assert np.isfinite(layer.shapes.total_bounds).all()


def test_regions_that_all_touch_have_no_link_to_draw(lattice):
    with pytest.raises(gi.RegionError, match="All linked regions touch"):
        gi.draw.link_lines(lattice, gi.weigh.contiguity(lattice))
    with pytest.raises(gi.AlignmentError, match="regions"):
        gi.draw.link_lines(lattice.iloc[:5], gi.weigh.contiguity(lattice))


def test_a_link_across_the_edge_of_a_world_map_leaves_it_on_one_side_and_returns_on_the_other():
    land = [box(x, 0, x + 20, 40) for x in range(-120, 120, 20)]
    shapes = [*land, box(-179, 0, -178, 1), box(178, 0, 179, 1)]
    ids = [f"r{i:02}" for i in range(14)]
    world = gpd.GeoDataFrame({"v": np.arange(14.0)}, geometry=shapes, index=ids, crs=4326)
    layer = gi.draw.link_lines(world, gi.weigh.contiguity(world, links=[("r12", "r13")]))
    sheet = gi.draw.sheet(gi.draw.choropleth(world, "v"), layer, title="t", source="s")
    assert sheet.scene.projection.title.startswith("Equal Earth")
    (line,) = sheet.scene.strokes[0].lines
    # Savric, Patterson and Jenny (2019), equation 1 on the equator: three degrees, not the width of the map.
    expected = 2 * np.sqrt(3) / (3 * 1.340264) * 6_371_007.2 * np.radians(3)
    assert shapely.length(line) == pytest.approx(expected, rel=0.002)
    assert len(shapely.get_parts(line)) == 2


def test_a_link_joins_the_parts_that_lie_nearest_to_each_other():
    # An island and its motherland, 60 degrees apart; another island lies beside the first.
    mother = MultiPolygon([box(0, 40, 10, 50), box(-61, 14, -60, 15)])
    shapes = [mother, box(-62, 16, -61, 17), box(179, 0, 180, 1), box(-179, 0, -178, 1)]
    regions = gpd.GeoDataFrame({"name": list("MIEW")}, geometry=shapes, index=list("MIEW"), crs=4326)
    near = gi.weigh.contiguity(regions, links=[("M", "I"), ("E", "W")])
    lines = gi.draw.link_lines(regions, near).shapes.geometry
    ends = shapely.get_coordinates(lines).reshape(2, 2, 2)
    assert {tuple(end) for end in ends[1]} == {(-60.5, 14.5), (-61.5, 16.5)}
    assert {tuple(end) for end in ends[0]} == {(179.5, 0.5), (-178.5, 0.5)}


def test_parts_on_both_sides_of_the_date_line_are_near():
    east = MultiPolygon([box(100, 0, 110, 10), box(179, 0, 180, 1)])
    west = MultiPolygon([box(-179, 0, -178, 1), box(-110, 0, -100, 10)])
    regions = gpd.GeoDataFrame({"v": [1, 2]}, geometry=[east, west], index=list("ab"), crs=4326)
    layer = gi.draw.link_lines(regions, gi.weigh.contiguity(regions, links=[("a", "b")]))
    ends = shapely.get_coordinates(layer.shapes.geometry)
    assert sorted(map(tuple, ends)) == [(-178.5, 0.5), (179.5, 0.5)]
