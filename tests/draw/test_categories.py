"""Kinds, crossings, points and edges: the right class, the right legend, the same on the web and in print."""

from __future__ import annotations

import json
import re

import numpy as np
import pandas as pd
import pytest
import shapely
from matplotlib.backends.backend_agg import FigureCanvasAgg

import geoinno as gi
from geoinno.draw import palette

EVIL = "<script>alert('x')</script>"


@pytest.fixture(scope="module")
def edges(central_asia):
    return gi.measure.segments(central_asia.regions)


@pytest.fixture(scope="module")
def contrast(central_asia, edges):
    return gi.measure.contrast(central_asia.regions["primacy"], edges)


def shown(layer, **words):
    return gi.draw.sheet(layer, source="tests", **words)


def payload(sheet):
    return json.loads(
        re.search(r"geoinno\.mount\([^,]+, (\{.*\})\)", sheet.html())[1].replace("\\u003c", "<")
    )


def test_types_keep_their_colours_when_some_are_absent(central_asia):
    regions = central_asia.regions
    pole = regions["city_population"] > 1_000_000
    layer = gi.draw.roles(regions, pole.map({True: "pole", False: "corridor"}))
    keys = layer.legends[0].keys
    assert [key.label for key in keys] == list(palette.SPACES)
    assert [key.fill for key in keys] == list(palette.SPACES.values())
    assert (keys[0].count, keys[2].count) == (pole.sum(), (~pole).sum())
    assert (layer.shapes.loc[pole, "code"] == 0).all()


def test_doubtful_types_are_dotted(central_asia):
    regions = central_asia.regions
    types = pd.DataFrame({"type": "periphery", "agreement": np.linspace(0, 1, 48)}, index=regions.index)
    layer = gi.draw.roles(regions, types)
    assert layer.shapes["dotted"].sum() == (types["agreement"] < 0.8).sum()
    assert layer.legends[0].keys[-1].label == "uncertain"
    with pytest.raises(gi.errors.ColumnError, match="other labels"):
        gi.draw.roles(regions, types.assign(type="capital"))


def test_areas_that_meet_differ_where_kinds_are_many(austria):
    regions = austria.regions
    near = gi.weigh.contiguity(regions)
    layer = gi.draw.categories(regions, regions["name"] + regions.index)
    codes = layer.shapes["code"]
    links = near.adjacency.reset_index()
    links = links[links["weight"] > 0]
    assert (codes[links["focal"]].to_numpy() != codes[links["neighbor"]].to_numpy()).all()
    assert len(layer.legends[0].keys) <= len(palette.CATEGORIES)


def test_own_colours_must_cover_every_kind(austria):
    regions = austria.regions
    with pytest.raises(gi.errors.ColumnError, match="'CHE'"):
        gi.draw.categories(regions, regions["country"], colours={"AUT": "#ff0000"})


def test_cells_of_the_square_hold_their_regions(central_asia):
    regions = central_asia.regions
    first, second = regions["primacy"], regions["city_population"]
    layer = gi.draw.bivariate(regions, first, second)
    # Terciles by rank, done without quantiles: 16 of 48 regions in each third.
    column = ((first.rank(method="first") - 1) // 16).astype(int)
    row = ((second.rank(method="first") - 1) // 16).astype(int)
    counts = np.zeros((3, 3), int)
    np.add.at(counts, (2 - row.to_numpy(), column.to_numpy()), 1)
    assert [key.count for key in layer.legends[0].keys[:9]] == counts.ravel().tolist()
    assert layer.legends[0].keys[2].label == "high primacy, high city_population"
    assert layer.legends[0].keys[2].fill == palette.BIVARIATE[2][2]
    with pytest.raises(gi.errors.OptionError, match="count must be 2 or 3"):
        gi.draw.bivariate(regions, first, second, count=4)


def test_a_region_that_lacks_either_is_hatched_and_twins_are_told(central_asia):
    regions = central_asia.regions
    first = regions["primacy"].where(regions.index != "KAZ-3195")
    layer = gi.draw.bivariate(regions, first, regions["primacy"].rename("again"), count=2)
    assert layer.shapes.loc["KAZ-3195", "code"] == 4
    assert layer.legends[0].keys[4].pattern == "hatch"
    assert "one map would do" in layer.concerns[0]


def test_the_square_is_the_same_in_print(central_asia):
    regions = central_asia.regions
    sheet = shown(gi.draw.bivariate(regions, regions["primacy"], regions["city_population"].rename(EVIL)))
    html = sheet.html()
    assert EVIL not in html
    printed = {text.get_text() for axes in sheet.figure().axes for text in axes.texts}
    square = sheet.layers[0].legends[0].square
    assert {*square.across_limits, *square.up_limits, f"{square.across} \u2192"} <= printed
    for text in square.across_limits:
        assert f">{text}</text>" in html


def test_circles_have_areas_in_proportion(central_asia):
    regions = central_asia.regions
    people = regions["city_population"]
    layer = gi.draw.pole_points(people > 300_000, regions, people, labels=regions["largest_city"])
    nodes = layer.nodes
    large = nodes["radius"] > 3
    share = nodes.loc[large, "radius"] ** 2 / people[nodes.index[large]]
    np.testing.assert_allclose(share, share.iloc[0], rtol=1e-9)
    assert len(nodes) == (people > 300_000).sum()
    with pytest.raises(gi.errors.ColumnError, match="regions is a pole"):
        gi.draw.pole_points(people > 1e12, regions, people)


def test_all_foreign_borders_are_drawn_and_the_sharpest_of_the_others(edges, contrast):
    layer = gi.draw.border_lines(edges, contrast)
    foreign = edges.index[edges["kind"] == "foreign"]
    assert set(foreign) <= set(layer.shapes.index)
    home = layer.shapes.index.difference(foreign)
    assert set(home) == set(
        contrast.index[(contrast > contrast.quantile(0.75)) & ~contrast.index.isin(foreign)]
    )
    assert sum(key.count for key in layer.legends[0].keys) == len(layer.shapes)
    widest = layer.shapes["width"] == layer.shapes["width"].max()
    assert contrast[layer.shapes.index[widest]].min() > contrast.quantile(0.9)


def test_colours_part_at_the_midpoint(edges, contrast):
    share = pd.Series(np.linspace(0.2, 3, len(edges)), index=edges.index, name="permeability")
    share.iloc[0] = np.nan
    layer = gi.draw.border_lines(edges, contrast, colour=share, midpoint=1, threshold=0)
    low = layer.shapes.index[share[layer.shapes.index] < 0.99]
    warm = set(palette.BORDERS_DIVERGING[:3])
    assert set(layer.shapes.loc[low, "fill"]) <= warm
    assert layer.legends[1].keys[-1].label == "unknown"
    assert "permeability" in layer.tips


def test_lines_run_along_the_regions_that_are_drawn(central_asia, edges, contrast):
    regions = central_asia.regions
    fill = gi.draw.choropleth(regions, regions["primacy"])
    sheet = gi.draw.sheet(fill, gi.draw.border_lines(edges, contrast), source="tests")
    strokes = sheet.scene.strokes[0]
    outline = shapely.union_all(shapely.boundary(sheet.scene.fills[0]))
    assert max(shapely.hausdorff_distance(line, outline.intersection(line)) for line in strokes.lines) < 1e-3
    assert sheet.layers[0].legends[0].keys[0].fill == palette.SEQUENTIAL_MUTED[-1]


def test_segments_of_another_map_are_refused(edges, contrast):
    with pytest.raises(gi.errors.AlignmentError):
        gi.draw.border_lines(edges, contrast.head(5))
    with pytest.raises(gi.errors.ColumnError, match="'kind'"):
        gi.draw.border_lines(edges.drop(columns="kind"), contrast)


def test_many_areas_are_named_and_the_note_says_that_they_share_colours(austria):
    regions = austria.regions
    legend = gi.draw.categories(regions, regions["name"] + regions.index).legends[0]
    assert all(" more" in key.label for key in legend.keys)
    assert "92 areas are more than there are colours" in legend.note
    assert not gi.draw.categories(regions, regions["country"]).legends[0].note


def test_a_doubt_about_nothing_is_not_counted(central_asia):
    regions = central_asia.regions
    labels = pd.Series("a", index=regions.index).where(regions.index != "KAZ-3195")
    layer = gi.draw.categories(regions, labels, uncertain=pd.Series(data=True, index=regions.index))
    assert layer.legends[0].keys[-1].count == layer.shapes["dotted"].sum() == 47


@pytest.mark.parametrize("midpoint", [0.05, 0.3, 1.0, 2.9, 3.5])
def test_classes_of_colour_reach_from_the_least_to_the_most(edges, contrast, midpoint):
    share = pd.Series(np.linspace(0.2, 3, len(edges)), index=edges.index, name="permeability")
    layer = gi.draw.border_lines(edges, contrast, colour=share, midpoint=midpoint, threshold=0)
    drawn = share[layer.shapes.index]
    keys = layer.legends[1].keys
    assert sum(key.count for key in keys) == len(drawn)
    bounds = [[float(v) for v in key.label.split(" \u2013 ")] for key in keys]
    for (low, high), key in zip(bounds, keys, strict=True):
        held = drawn[layer.shapes["fill"] == key.fill]
        assert held.between(low - 0.01, high + 0.01).all()
        assert (held <= midpoint).all() or (held >= midpoint).all()


def test_corners_have_names_and_twins_of_one_name_stay_apart(central_asia):
    regions = central_asia.regions
    first = regions["primacy"]
    layer = gi.draw.bivariate(regions, first, -first, corners=("calm", "right", "top", "both"))
    labels = [key.label for key in layer.legends[0].keys]
    assert [labels[i] for i in (6, 8, 0, 2)] == ["calm", "right", "top", "both"]
    assert layer.legends[0].note.startswith("Top left: top.")
    assert {"primacy", "primacy (second)", "Class"} <= set(layer.tips)


def test_circles_in_print_are_those_of_its_legend(central_asia):
    regions = central_asia.regions
    people = regions["city_population"]
    sheet = shown(gi.draw.pole_points(people > 400_000, regions, people))
    figure = sheet.figure()
    mapped, side = figure.axes
    nodes = mapped.collections[-1].get_sizes()
    radius = np.sqrt(nodes.max()) / 2  # points; matplotlib's size is the square of the diameter
    circle = max((p for p in side.patches if hasattr(p, "radius")), key=lambda p: p.radius)
    mass = float(sheet.layers[0].legends[0].keys[0].label.replace("\u2009", ""))
    expected = radius * np.sqrt(mass / people.max())
    assert circle.radius * 72 == pytest.approx(expected, rel=0.01)


def test_printed_names_of_poles_do_not_touch(central_asia):
    regions = central_asia.regions
    people = regions["city_population"]
    sheet = shown(gi.draw.pole_points(people > 200_000, regions, people, labels=regions["largest_city"]))
    figure = sheet.figure()
    renderer = FigureCanvasAgg(figure).get_renderer()
    figure.canvas.draw()
    texts = [t for t in figure.axes[0].texts if not t.get_text().endswith("km")]
    boxes = [shapely.box(*t.get_window_extent(renderer).extents) for t in texts]
    assert len(boxes) > 5
    assert not any(a.intersects(b) for i, a in enumerate(boxes) for b in boxes[:i])
    frame = shapely.box(*figure.axes[0].get_window_extent(renderer).extents)
    assert all(frame.contains(box) for box in boxes)


def test_borders_that_cannot_be_drawn_are_refused_in_words(central_asia, edges, contrast):
    home = edges[edges["kind"] == "domestic"]
    with pytest.raises(gi.ColumnError, match="no border to draw"):
        gi.draw.border_lines(home, contrast[home.index], threshold=1)
    with pytest.raises(gi.ColumnError, match="is negative in"):
        gi.draw.border_lines(edges, contrast - 1)
    with pytest.raises(gi.ColumnError, match="'share' has no value for any"):
        gi.draw.border_lines(edges, contrast, colour=(contrast * np.nan).rename("share"))
    with pytest.raises(gi.OptionError, match="0 to 1"):
        gi.draw.border_lines(edges, contrast, threshold=75)
    regions = central_asia.regions
    with pytest.raises(gi.OptionError, match="all four corners"):
        gi.draw.bivariate(regions, regions["primacy"], regions["city_population"], corners=("a", "b"))


def test_a_colour_of_the_same_name_has_a_line_of_its_own(edges, contrast):
    layer = gi.draw.border_lines(edges, contrast, colour=contrast)
    assert {"contrast", "contrast (colour)"} <= set(layer.tips)
    assert "colour" in gi.draw.border_lines(edges, contrast, colour=contrast.rename(None)).tips


def test_mass_is_asked_of_poles_alone_and_each_has_a_name(central_asia):
    regions = central_asia.regions
    people = regions["city_population"]
    pole = people > 1_000_000
    cities = regions["largest_city"].where(regions.index != people.idxmax())
    layer = gi.draw.pole_points(pole, regions, people.where(pole), labels=cities)
    assert layer.nodes["label"].notna().all()
    assert layer.nodes.loc[people.idxmax(), "label"] == regions.loc[people.idxmax(), "name"]
    with pytest.raises(gi.ColumnError, match="no value"):
        gi.draw.pole_points(pole, regions, people.where(~pole))


def test_break_points_are_marked_between_their_poles(central_asia):
    regions = central_asia.regions
    people = regions["city_population"]
    pole = people > 1_000_000
    breaks = gi.measure.break_points(people, regions, pole).head(5)
    layer = gi.draw.pole_points(pole, regions, people, breaks=breaks)
    marks = layer.nodes[layer.nodes["fill"] == palette.BREAK]
    assert len(marks) == 5
    assert len(layer.table) == pole.sum()
    first = breaks.iloc[0]
    ends = [regions.loc[first[side], "name"] for side in ("first", "second")]
    assert layer.tips.loc[marks.index[0], ""] == " \u2013 ".join(ends)
    assert marks.geometry.iloc[0].equals(breaks.geometry.iloc[0])
    sheet = shown(layer)
    nodes = payload(sheet)["flows"][0]["nodes"]
    assert sum(node["fill"] == palette.BREAK for node in nodes) == 5
    assert "both poles pull alike" in {t.get_text() for axes in sheet.figure().axes for t in axes.texts}
    with pytest.raises(gi.ColumnError, match="km_from_first"):
        gi.draw.pole_points(pole, regions, people, breaks=breaks.drop(columns="km_from_first"))


def test_kinds_under_arrows_are_light(austria):
    regions = austria.regions
    fill = gi.draw.categories(regions, regions["country"])
    sheet = gi.draw.sheet(fill, gi.draw.flow_lines(austria.flows, regions), source="tests")
    for plain, light in zip(fill.legends[0].keys, sheet.layers[0].legends[0].keys, strict=True):
        assert light.fill == palette.lightened(plain.fill)
        assert light.label == plain.label
