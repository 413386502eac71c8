"""Poles: circles in proportion to their mass, named, with the points where two pull equally."""

from __future__ import annotations

import json
import re

import numpy as np
import pytest
import shapely
from matplotlib.backends.backend_agg import FigureCanvasAgg

import geoinno as gi
from geoinno.draw import palette


def shown(layer, **words):
    return gi.draw.sheet(layer, source="tests", **words)


def payload(sheet):
    return json.loads(
        re.search(r"geoinno\.mount\([^,]+, (\{.*\})\)", sheet.html())[1].replace("\\u003c", "<")
    )


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


def test_circles_lie_in_the_cities_of_their_poles(central_asia):
    regions = central_asia.regions.to_crs(32642)
    people = regions["city_population"]
    nodes = gi.draw.pole_points(["TJK-369"], regions, people).nodes.geometry
    assert (nodes.x.item(), nodes.y.item()) == (69.62216, 40.28256)  # Khujand, GeoNames 1514879
    without = regions.drop(columns=["city_lon", "city_lat"])
    inside = gi.draw.pole_points(["TJK-369"], without, people).nodes.geometry.to_crs(32642)
    assert inside.iloc[0].within(regions.geometry["TJK-369"])


def test_circles_in_print_are_those_of_its_legend(central_asia):
    regions = central_asia.regions
    people = regions["city_population"]
    sheet = shown(gi.draw.pole_points(people > 400_000, regions, people))
    figure = sheet.figure()
    mapped, side = figure.axes
    nodes = mapped.collections[-1].get_sizes()
    radius = np.sqrt(nodes.max()) / 2  # points; matplotlib's size is the square of the diameter
    circle = max((p for p in side.patches if hasattr(p, "radius")), key=lambda p: p.radius)
    label = sheet.layers[0].legends[0].keys[0].label
    assert label == "2.0\u202fmillion"
    mass = 2e6
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
    assert "both poles pull equally" in {t.get_text() for axes in sheet.figure().axes for t in axes.texts}
    with pytest.raises(gi.ColumnError, match="km_from_first"):
        gi.draw.pole_points(pole, regions, people, breaks=breaks.drop(columns="km_from_first"))


def test_poles_may_be_a_table_a_boolean_series_or_a_list_of_ids(central_asia):
    regions = central_asia.regions
    pole = regions["city_population"] > 1_000_000
    forms = (pole, pole.to_frame("pole"), list(pole.index[pole]))
    drawn = [gi.draw.pole_points(form, regions, "city_population").nodes.index for form in forms]
    assert all(ids.equals(drawn[0]) for ids in drawn)
    for form in (pole.to_numpy(), pole.astype(str)):
        with pytest.raises(gi.ColumnError, match="poles must be"):
            gi.draw.pole_points(form, regions, "city_population")


def test_mass_and_labels_come_from_columns_and_never_from_arrays(central_asia):
    regions = central_asia.regions
    pole = regions["city_population"] > 1_000_000
    layer = gi.draw.pole_points(pole, regions, "city_population", labels="largest_city")
    assert set(layer.nodes["label"]) == set(regions.loc[pole, "largest_city"])
    with pytest.raises(gi.ColumnError, match="masses must be a Series indexed by region id"):
        gi.draw.pole_points(pole, regions, regions["city_population"].to_numpy())
    with pytest.raises(gi.ColumnError, match="labels must be a Series indexed by region id"):
        gi.draw.pole_points(pole, regions, "city_population", labels=regions["largest_city"].to_numpy())
