"""Flow maps: which flows are drawn, how wide, and what the legend confesses."""

from __future__ import annotations

import itertools

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st
from pyproj import Geod

import geoinno as gi
from geoinno.draw import palette
from geoinno.draw._scene.arrow import arrow, curve


@pytest.fixture
def flows():
    rows = [
        ("00", "05", 100),
        ("05", "00", 60),
        ("00", "50", 30),
        ("50", "55", 8),
        ("55", "00", 2),
        ("00", "00", 500),
    ]
    return pd.DataFrame(rows, columns=["origin", "destination", "value"])


def test_the_largest_flows_are_drawn_and_the_note_says_what_is_left_out(lattice, flows):
    layer = gi.draw.flow_lines(flows, lattice, top=2)
    assert layer.shapes["value"].to_list() == [100, 60]
    note = layer.legends[-1].note
    assert "2 of 5 flows drawn: the largest, 80% of all moves between regions." in note
    assert "500 inside regions are not drawn" in note


def test_width_is_in_proportion_to_the_flow(lattice, flows):
    widths = gi.draw.flow_lines(flows, lattice, share=1).shapes["width"].to_numpy()
    assert np.allclose(widths[:3], [12, 7.2, 3.6])
    assert widths[-1] == 1.3  # the thinnest line that can be seen


def test_square_root_widths_are_confessed(lattice, flows):
    layer = gi.draw.flow_lines(flows, lattice, options=gi.draw.FlowOptions(scale="sqrt"))
    assert "square root" in layer.legends[0].note


def test_net_flows_point_to_the_gainer(lattice, flows):
    shapes = gi.draw.flow_lines(flows, lattice, mode="net").shapes
    assert ("00", "05", 40) in list(
        shapes[["origin", "destination", "value"]].itertuples(index=False, name=None)
    )
    assert "05 00" not in shapes.index


def test_flows_across_a_national_border_have_their_own_colour(lattice, flows):
    fills = gi.draw.flow_lines(flows, lattice).shapes["fill"]
    assert fills["00 05"] == palette.FLOW_CROSS_BORDER
    assert fills["00 50"] == palette.FLOW_DOMESTIC


def test_nodes_show_who_gains(lattice, flows):
    nodes = gi.draw.flow_lines(flows, lattice).nodes
    assert nodes.loc["00", "net"] == 62 - 130
    assert nodes.loc["00", "fill"] == palette.NODE_LOSS
    assert nodes.loc["05", "fill"] == palette.NODE_GAIN
    assert nodes["radius"].max() == 13


def test_unknown_places_and_empty_tables_are_refused(lattice, flows):
    with pytest.raises(gi.FlowError, match="'zz'"):
        gi.draw.flow_lines(flows.replace("05", "zz"), lattice)
    with pytest.raises(gi.FlowError, match="different regions"):
        gi.draw.flow_lines(flows.tail(1), lattice)


def test_fills_turn_light_under_arrows(lattice, flows):
    values = pd.Series(np.linspace(0, 1, 36), index=lattice.index, name="v")
    shown = gi.draw.sheet(gi.draw.choropleth(lattice, values), gi.draw.flow_lines(flows, lattice), source="S")
    assert [k.fill for k in shown.layers[0].legends[0].keys] == list(reversed(palette.SEQUENTIAL_MUTED))


places = st.tuples(st.floats(-500, 500), st.floats(-500, 500)).map(np.array)


@given(places, places, st.floats(0.02, 0.4), st.floats(1, 12))
def test_an_arrow_is_a_sound_polygon_between_its_nodes(start, end, bend, width):
    ring = arrow(curve(start, end, bend), width, (8.0, 10.0))
    if ring is None:
        assert np.hypot(*(end - start)) < 8 + 10 + 5.5
        return
    assert np.isfinite(ring).all()
    assert np.isclose(np.hypot(*(ring - end).T).min(), 10.0, atol=1.0)


@given(st.floats(5.5, 200), st.floats(0.02, 0.3), st.floats(1.3, 12))
def test_a_head_is_wider_than_its_shaft_however_short_the_arrow(length, bend, width):
    ring = arrow(curve(np.zeros(2), np.array([length, 0.0]), bend), width, (0.0, 0.0))
    tip = len(ring) // 2
    head, shaft = (float(np.hypot(*(ring[tip - i] - ring[tip + i]))) for i in (1, 2))
    assert head > shaft + 2.9


@given(st.floats(60, 600), st.floats(1.3, 12), st.floats(1.3, 12))
def test_a_flow_and_its_reverse_do_not_touch(length, forth, back):
    a, b = np.zeros(2), np.array([length, 0.0])
    bend = max(0.24, (max(forth, back) + 3) / length)
    rings = [arrow(curve(*ends, bend), w, (3.0, 3.0)) for ends, w in (((a, b), forth), ((b, a), back))]
    shafts = [shapely.Polygon(r[3:-3]).buffer(0) for r in rings if r is not None]
    if len(shafts) == 2 and length > 150:
        assert not shapely.intersects(*shafts)


def test_a_balance_that_rounding_alone_keeps_from_zero_is_zero(lattice):
    rows = [("00", "05", 0.1), ("00", "50", 0.2), ("05", "00", 0.3), ("50", "55", 1.0)]
    flows = pd.DataFrame(rows, columns=["origin", "destination", "value"])
    layer = gi.draw.flow_lines(flows, lattice, top=4)
    assert layer.nodes.loc["00", "net"] == 0.0
    assert layer.nodes.loc["55", "net"] == 1.0


def test_routes_leave_strangers_alone(lattice):
    rows = [("00", "05", 9), ("00", "04", 3), ("02", "32", 5)]
    flows = pd.DataFrame(rows, columns=["origin", "destination", "value"])
    shown = gi.draw.sheet(gi.draw.flow_lines(flows, lattice), source="S").scene
    drawn = shown.flows[0]
    pixels = drawn.nodes / shown.unit
    first = curve(pixels[drawn.start[0]], pixels[drawn.end[0]], drawn.bends[0])
    strangers = [i for i in range(len(pixels)) if i not in (drawn.start[0], drawn.end[0])]
    assert all(np.hypot(*(first - pixels[i]).T).min() > 3 for i in strangers)


def test_a_region_without_a_country_is_refused_where_a_drawn_flow_touches_it(lattice):
    flows = pd.DataFrame([("00", "05", 9), ("05", "50", 4)], columns=["origin", "destination", "value"])
    stateless = lattice.assign(country=lattice["country"].where(lattice.index != "05"))
    with pytest.raises(gi.ColumnError, match="No country is given for '05'"):
        gi.draw.flow_lines(flows, stateless)
    elsewhere = lattice.assign(country=lattice["country"].where(lattice.index != "11"))
    assert gi.draw.flow_lines(flows, elsewhere).kind == "flows"


@pytest.mark.parametrize(
    "options",
    [
        {"max_flows": 0},
        {"max_flows": -1},
        {"scale": "log"},
        {"min_value": -1},
        {"labels": -1},
        {"min_value": 1e9},
    ],
)
def test_options_that_draw_nothing_are_refused(lattice, flows, options):
    with pytest.raises(gi.OptionError, match=next(iter(options))):
        gi.draw.flow_lines(flows, lattice, options=gi.draw.FlowOptions(**options))


@pytest.fixture
def crowded(lattice):
    """A lattice with two villages a kilometre apart, and a third at the very place of the second."""
    x, y = 0.5, 47.25
    extra = [shapely.box(x + d, y, x + d + 0.01, y + 0.01) for d in (0.0, 0.013, 0.013)]
    villages = gpd.GeoDataFrame(
        {"name": ["Upper", "Lower", "Twin"], "country": ["A"] * 3},
        geometry=extra,
        index=["u", "l", "t"],
        crs=4326,
    )
    return pd.concat([lattice[["name", "country", "geometry"]], villages])


def test_the_legend_counts_the_arrows_that_are_drawn(crowded):
    rows = [("u", "l", 900.0), ("l", "t", 500.0), ("00", "55", 90.0), ("55", "50", 30.0)]
    flows = pd.DataFrame(rows, columns=["origin", "destination", "value"])
    layer = gi.draw.flow_lines(flows, crowded, share=1)
    sheet = gi.draw.sheet(layer, source="S", basemap="none")
    note = sheet.layers[0].legends[-1].note
    assert "2 of 4 flows drawn: 8% of all moves" in note
    assert "2 more run between places too close together for an arrow, such as Upper and Lower" in note
    # Widths are those of what is seen; the table is complete.
    assert list(sheet.layers[0].shapes["width"]) == [12.0, 4.0]
    assert len(sheet.table) == 4
    svg = sheet.figure()
    gids = [patch.get_gid() for patch in svg.axes[0].patches if str(patch.get_gid()).startswith("flow-")]
    assert gids == ["flow-00-55", "flow-55-50"]
    nodes = sheet.layers[0].legends[-1].keys
    assert all(key.count for key in nodes)


def test_flow_maps_show_the_outlines_of_regions(lattice, flows):
    sheet = gi.draw.sheet(gi.draw.flow_lines(flows, lattice), source="S", basemap="none")
    assert len(sheet.scene.fills[0]) == len(lattice)
    assert list(sheet.table.columns) == ["from", "to", "value"]
    points = lattice.set_geometry(lattice.representative_point())
    assert gi.draw.sheet(gi.draw.flow_lines(flows, points), source="S", basemap="none").scene.fills == ()


def test_flows_across_the_date_line_take_the_short_way():
    # Suva to Lakeba and Apia; PROJ's geodesic from 178.44 E to 178.8 W is 301 km.
    places = gpd.GeoDataFrame(
        {"name": ["Suva", "Lakeba", "Apia"]},
        geometry=gpd.points_from_xy([178.44, -178.8, -171.8], [-18.14, -18.2, -13.8]),
        index=["s", "l", "a"],
        crs=4326,
    )
    rows = [("s", "l", 5.0), ("a", "s", 3.0)]
    flows = pd.DataFrame(rows, columns=["origin", "destination", "value"])
    layer = gi.draw.flow_lines(flows, places)
    degrees = shapely.length(layer.shapes.geometry.to_numpy())
    assert degrees == pytest.approx([2.76, 10.69], abs=0.02)
    sheet = gi.draw.sheet(layer, source="S", basemap="none")
    x0, _, x1, _ = sheet.scene.frame
    assert x1 - x0 < 1_500_000
    (drawn,) = sheet.scene.flows
    suva, lakeba = drawn.nodes[drawn.start[0]], drawn.nodes[drawn.end[0]]
    true = Geod(ellps="WGS84").inv(178.44, -18.14, -178.8, -18.2)[2]
    assert np.hypot(*(lakeba - suva)) == pytest.approx(true, rel=0.01)


@pytest.fixture(scope="module")
def ends_of_the_earth():
    """Fourteen regions around the globe, whose map has its edge between the last two."""
    boxes = [shapely.box(x, 0, x + 20, 40) for x in range(-120, 120, 20)]
    boxes += [shapely.box(-151, 10, -150, 11), shapely.box(150, 10, 151, 11)]
    return gpd.GeoDataFrame(
        {"v": np.arange(14.0)}, geometry=boxes, index=[f"r{i:02}" for i in range(14)], crs=4326
    )


def test_flows_over_the_edge_of_a_world_map_leave_it_on_one_side_and_return_on_the_other(ends_of_the_earth):
    world = ends_of_the_earth
    rows = [("r13", "r12", 9.0), ("r12", "r13", 6.0), ("r00", "r11", 5.0), ("r04", "r07", 4.0)]
    flows = pd.DataFrame(rows, columns=["origin", "destination", "value"])
    lines = gi.draw.flow_lines(flows, world, share=1)
    scene = gi.draw.sheet(gi.draw.choropleth(world, "v"), lines, title="t", source="s", focus=world).scene
    assert scene.projection.title.startswith("Equal Earth")
    (drawn,) = scene.flows
    # 60 degrees over the edge, not 300; 140 from 110 W to 110 E; the last goes nowhere near it.
    assert drawn.wraps.over.tolist() == [True, True, True, False]
    edge = scene.projection.forward(np.array([scene.projection.scene["lon0"] + 180 - 1e-4]), np.array([10.5]))
    for i, side in enumerate((1, -1, -1)):
        first, last = drawn.legs(i)
        assert np.sign(first.end[0]) == side == -np.sign(last.start[0])
        assert first.end[1] == pytest.approx(last.start[1], abs=1.0)
        assert abs(first.end[0]) == pytest.approx(edge[0, 0], rel=0.06)
        assert (first.head, last.head) == (False, True)
        assert first.taper[1] == last.taper[0]
    # Opposite flows bow to opposite sides, there too; three arrows beside each other do not touch.
    heights = np.sort(drawn.wraps.leave[drawn.wraps.over, 1]) / scene.unit
    assert drawn.wraps.leave[0, 1] > drawn.wraps.leave[1, 1]
    assert (np.diff(heights) > 4).all()


def test_a_flow_over_the_edge_is_one_arrow_in_print_in_the_legend_and_in_the_table(ends_of_the_earth):
    flows = pd.DataFrame(
        {"origin": ["r13", "r12", "r04"], "destination": ["r12", "r13", "r07"], "value": [9.0, 6.0, 4.0]}
    )
    lines = gi.draw.flow_lines(flows, ends_of_the_earth, share=1)
    fill = gi.draw.choropleth(ends_of_the_earth, "v")
    sheet = gi.draw.sheet(fill, lines, title="t", source="s", focus=ends_of_the_earth)
    note = sheet.layers[1].legends[-1].note
    assert note.endswith("Arrows that leave the map on one side come back on the other.")
    assert len(sheet.layers[1].table) == 3
    patches = [p for p in sheet.figure().axes[0].patches if str(p.get_gid()).startswith("flow-")]
    assert len(patches) == 3
    pieces = [len(p.get_path().to_polygons(closed_only=True)) for p in patches]
    assert sorted(pieces) == [1, 2, 2]


def test_flows_that_end_at_the_edge_keep_their_heads(ends_of_the_earth):
    world = ends_of_the_earth.copy()
    world.loc["r12", "geometry"] = shapely.box(-179.9, 10, -179.7, 10.2)
    flows = pd.DataFrame({"origin": ["r13"], "destination": ["r12"], "value": [1.0]})
    sheet = gi.draw.sheet(
        gi.draw.choropleth(world, "v"), gi.draw.flow_lines(flows, world), title="t", source="s", focus=world
    )
    (drawn,) = sheet.scene.flows
    assert drawn.wraps.over.all()
    assert all(leg.ring(12.0, sheet.scene.unit) is not None for leg in drawn.legs(0))


def test_a_map_of_one_part_of_the_world_has_no_edge():
    pacific = gpd.GeoDataFrame(
        geometry=[shapely.box(170, 0, 175, 5), shapely.box(-175, 0, -170, 5)], index=["w", "e"], crs=4326
    )
    flows = pd.DataFrame({"origin": ["w"], "destination": ["e"], "value": [1.0]})
    sheet = gi.draw.sheet(gi.draw.flow_lines(flows, pacific), title="t", source="s")
    (drawn,) = sheet.scene.flows
    assert not drawn.wraps.over.any()
    assert "come back" not in sheet.layers[0].legends[-1].note


def test_who_names_a_number_of_flows_gets_it(lattice):
    pairs = [(a, b, float(i + 1)) for i, (a, b) in enumerate(itertools.permutations(lattice.index[:10], 2))]
    flows = pd.DataFrame(pairs, columns=["origin", "destination", "value"])
    assert len(gi.draw.flow_lines(flows, lattice, top=85).shapes) == 85
    assert len(gi.draw.flow_lines(flows, lattice, share=1.0).shapes) == 60
    assert (
        len(gi.draw.flow_lines(flows, lattice, top=85, options=gi.draw.FlowOptions(max_flows=70)).shapes)
        == 70
    )


def inside(shown):
    """How many regions of a map lie in its frame."""
    return int(shapely.contains(shapely.box(*shown.scene.frame), shown.scene.fills[0]).sum())


def test_no_region_is_cut_where_flows_run_all_over_the_map_and_a_few_flows_are_seen_close(lattice):
    fill = gi.draw.choropleth(lattice, pd.Series(range(36), lattice.index, name="v"))
    for ends, seen in ((("00", "45"), 36), (("00", "11"), 0)):
        flows = pd.DataFrame([(*ends, 1.0)], columns=["origin", "destination", "value"])
        for layers in ((fill,), ()):
            shown = gi.draw.sheet(*layers, gi.draw.flow_lines(flows, lattice), title="T", source="S")
            assert inside(shown) == seen


def test_lines_of_tooltips_have_the_unit_of_flows(lattice, flows):
    plain = gi.draw.flow_lines(flows, lattice)
    assert "flow" in plain.tips.columns
    named = gi.draw.flow_lines(
        flows, lattice, legend="Moves, people", options=gi.draw.FlowOptions(unit="people")
    )
    (drawn,) = gi.draw.sheet(named, source="S", lang="de").scene.flows
    arrows, nodes = drawn.tips
    assert [*arrows.columns[1:3]] == ["Moves, people", "Gegenrichtung, people"]
    assert [*nodes.columns[1:]] == ["Zufluss, people", "Abfluss, people", "Saldo, people"]
    with pytest.raises(gi.errors.OptionError, match="unit must be"):
        gi.draw.flow_lines(flows, lattice, options=gi.draw.FlowOptions(unit=3))
