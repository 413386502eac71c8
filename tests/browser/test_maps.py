"""Maps in a browser: drawn, complete, answering the reader."""

from __future__ import annotations

import json
import re

import geopandas
import numpy as np
import pandas as pd
import pytest
import shapely
from playwright.sync_api import expect

import geoinno as gi

pytestmark = pytest.mark.browser
# The colours of sixty pixels in a row, in the lower part of a map drawn on canvas.
CANVAS_ROW = """() => {
  const canvas = document.querySelector(".leaflet-gi-regions-pane canvas"), pen = canvas.getContext("2d");
  const there = canvas.getBoundingClientRect(), seen = {};
  const map = document.querySelector(".gi-map").getBoundingClientRect(), scale = canvas.width / there.width;
  for (let i = 0; i < 60; i++) {
    const x = (map.x + map.width / 2 + i - there.x) * scale;
    const y = (map.y + map.height * 0.86 - there.y) * scale;
    seen[pen.getImageData(x, y, 1, 1).data.join()] = 1;
  }
  return Object.keys(seen);
}"""


def fills(page):
    return page.eval_on_selector_all(".gi-region", "all => all.map(p => p.getAttribute('fill'))")


def test_regions_have_the_colours_of_the_legend_beside_title_and_source(visit, plain):
    page = visit(plain.html())
    keys = plain.layers[0].legends[0].keys
    expected = [
        "url(#map_sheet-hatch)" if keys[c].pattern else keys[c].fill for c in plain.layers[0].shapes["code"]
    ]
    assert len(expected) == 36
    assert fills(page) == expected
    assert page.inner_text(".gi-title") == "Innovating firms"
    assert "Survey" in page.inner_text(".gi-foot")
    assert page.locator(".gi-key").count() == len(keys)
    assert page.inner_text(".gi-scale").endswith("km")


def test_a_tooltip_tells_name_value_and_rank(visit, plain):
    page = visit(plain.html())
    page.locator(".gi-region").nth(30).hover()
    tip = page.locator(".gi-tip")
    for words in ("Region 5-0", "Share, %", re.compile(r"Rank \d+ of 32")):
        expect(tip).to_contain_text(words)


def test_switching_the_view_changes_fills_and_legend_together(becomes, visit, two_views):
    page = visit(two_views.html())
    shown = page.locator(".gi-legend:visible")
    for i, layer in enumerate(two_views.layers):
        page.locator("input[data-pick]").nth(i).check()
        expect(shown).to_have_count(1)
        expect(shown.locator("h2")).to_have_text(layer.legends[0].title)
        keys = layer.legends[0].keys
        becomes(page, lambda: fills(page), [keys[code].fill for code in layer.shapes["code"]])


def place_of_legend(page):
    """Say whether the legend lies beside the map or below it, if the page is no wider than its window."""
    frame, side = (page.locator(s).bounding_box() for s in (".gi-frame", ".gi-side"))
    beside, below = side["x"] >= frame["x"] + frame["width"], side["y"] >= frame["y"] + frame["height"]
    return beside, below, page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_the_legend_lies_beside_a_wide_map_and_below_a_narrow_one(becomes, visit, plain):
    page = visit(plain.html(), height=700)
    for width, beside in ((1200, True), (700, True), (420, False)):
        page.set_viewport_size({"width": width, "height": 700})
        becomes(page, lambda: place_of_legend(page), (beside, not beside, True))


def test_without_scripts_the_still_picture_is_shown(visit, plain):
    page = visit(plain.html(), java_script_enabled=False, ready=None)
    expect(page.locator(".gi-twin")).to_be_visible()
    expect(page.locator(".gi-body")).to_be_hidden()


def test_print_shows_the_still_picture(visit, plain):
    page = visit(plain.html())
    expect(page.locator(".gi-twin")).to_be_hidden()
    page.emulate_media(media="print")
    expect(page.locator(".gi-twin")).to_be_visible()
    expect(page.locator(".gi-body")).to_be_hidden()


def test_a_reader_finds_a_region_by_name_and_by_keyboard(until, visit, plain):
    page = visit(plain.html())
    page.locator("input[data-find]").fill("Region 2-3")
    page.locator("input[data-find]").press("Enter")
    expect(page.locator(".gi-tip")).to_contain_text("Region 2-3")
    host = page.locator(".gi-map")
    assert host.get_attribute("tabindex") == "0"
    assert host.get_attribute("aria-label") == plain.alt
    zoom = page.evaluate("map_sheet.getZoom()")
    host.focus()
    page.keyboard.press("+")
    until(page, "z => map_sheet.getZoom() > z", arg=zoom)


def test_many_regions_are_drawn_on_canvas_and_hatched_where_data_are_missing(becomes, visit):
    side = 50
    boxes = [
        shapely.box(c / 20, 45 + r / 20, c / 20 + 0.05, 45.05 + r / 20)
        for r in range(side)
        for c in range(side)
    ]
    regions = geopandas.GeoDataFrame(index=[f"r{i}" for i in range(side * side)], geometry=boxes, crs=4326)
    values = pd.Series(np.arange(side * side) % 97 / 97, index=regions.index, name="v")
    values.iloc[: 10 * side] = np.nan
    shown = gi.draw.sheet(gi.draw.choropleth(regions, values), source="S")
    page = visit(shown.html())
    assert page.locator(".gi-region").count() == 0
    # A hatch is more than one colour. Leaflet draws on a canvas in the frame after.
    becomes(page, lambda: len(page.evaluate(CANVAS_ROW)) > 1, expected=True)
    page.mouse.move(500, 250)
    expect(page.locator(".gi-tip")).to_contain_text("V 0.")


def test_a_map_of_three_thousand_regions_without_a_pattern_stays_small():
    rng = np.random.default_rng(1)
    cells = shapely.voronoi_polygons(shapely.multipoints(rng.uniform([0, 40], [20, 60], (3_000, 2))))
    regions = geopandas.GeoDataFrame(geometry=list(cells.geoms), crs=4326)
    regions.index = [f"r{i}" for i in range(len(regions))]
    values = pd.Series(rng.random(len(regions)), regions.index, name="v")
    assert len(gi.draw.sheet(gi.draw.choropleth(regions, values), source="S").html()) < 1_000_000


def test_maps_stay_small(plain, north_america):
    regions = north_america.regions
    shown = gi.draw.sheet(gi.draw.choropleth(regions, regions["primacy"]), source="S")
    assert len(shown.html()) < 1_000_000
    payload = re.search(r"geoinno\.mount\('[^']+', (\{.*\})\);", plain.html()).group(1)
    assert json.loads(payload)["sets"][0]["n"] == 36
