"""Degrees in a browser: projections, scale bar, graticule and tiles are true."""

from __future__ import annotations

import io
import re

import folium
import numpy as np
import pandas as pd
import pyproj
import pytest
import shapely
from PIL import Image
from playwright.sync_api import expect

import geoinno as gi

pytestmark = pytest.mark.browser
TILES = "https://tiles.example/{z}/{x}/{y}.png"


def blue_tile():
    picture = io.BytesIO()
    Image.new("RGB", (256, 256), "#336699").save(picture, "png")
    return picture.getvalue()


@pytest.mark.parametrize("crs", ["auto", 3035, 32631])
def test_degrees_land_where_the_projection_puts_them(visit, lattice, values, crs):
    shown = gi.draw.sheet(gi.draw.choropleth(lattice, values), source="S", crs=crs)
    page = visit(shown.html())
    lon, lat = np.meshgrid(np.linspace(0, 3, 5), np.linspace(47, 50, 5))
    ours = shown.scene.projection.forward(lon.ravel(), lat.ravel())
    degrees = np.c_[lon.ravel(), lat.ravel()].tolist()
    theirs = page.evaluate("d => d.map(p => map_sheet.gi.forward(p[0], p[1]))", degrees)
    assert np.abs(np.array(theirs) - ours).max() < (1 if crs == "auto" else 150)
    back = page.evaluate("d => d.map(p => map_sheet.gi.inverse(p[0], p[1]))", ours.tolist())
    assert np.allclose(back, degrees, atol=1e-6 if crs == "auto" else 2e-3)


def test_a_conic_map_lands_degrees_rightly_too(visit, north_america):
    regions = north_america.regions
    shown = gi.draw.sheet(gi.draw.choropleth(regions, regions["primacy"]), source="S")
    page = visit(shown.html())
    points = [[-99.13, 19.43], [-74.0, 40.71], [-149.9, 61.2], [172.9, 52.9]]
    ours = shown.scene.projection.forward(*np.array(points).T)
    theirs = page.evaluate("d => d.map(p => map_sheet.gi.forward(p[0], p[1]))", points)
    assert np.abs(np.array(theirs) - ours).max() < 1


def test_a_world_map_lands_degrees_rightly_too(visit):
    land = gi.read.land()
    values = pd.Series(np.arange(float(len(land))), land.index, name="v")
    shown = gi.draw.sheet(gi.draw.choropleth(land, values), source="S")
    page = visit(shown.html())
    points = [[-99.13, 19.43], [-74.0, -40.71], [178.4, -18.1], [172.9, 72.9], [11.0, 0.0]]
    ours = shown.scene.projection.forward(*np.array(points).T)
    theirs = page.evaluate("d => d.map(p => map_sheet.gi.forward(p[0], p[1]))", points)
    assert np.abs(np.array(theirs) - ours).max() < 1
    back = page.evaluate("d => d.map(p => map_sheet.gi.inverse(p[0], p[1]))", ours.tolist())
    assert np.allclose(np.array(back) % 360, np.array(points) % 360, atol=1e-5)


def test_a_stock_marker_lands_on_its_region(visit, lattice, plain):
    shown = plain.folium()
    place = lattice.geometry.iloc[14].centroid
    folium.Marker([place.y, place.x], popup="Here <b>bold</b>").add_to(shown)
    page = visit(shown.get_root().render())
    pin = page.locator(".leaflet-marker-icon").bounding_box()
    tip_x, tip_y = pin["x"] + pin["width"] / 2, pin["y"] + pin["height"]
    box = page.locator(".gi-region").nth(14).bounding_box()
    assert box["x"] < tip_x < box["x"] + box["width"]
    assert box["y"] < tip_y < box["y"] + box["height"]
    page.locator(".leaflet-marker-icon").click()
    expect(page.locator(".leaflet-popup")).to_contain_text("Here")


def test_the_scale_bar_is_true_at_the_middle(visit, plain):
    page = visit(plain.html())
    bar = page.locator(".gi-scale")
    km, width = float(bar.get_attribute("data-km")), bar.bounding_box()["width"]
    ends = page.evaluate(
        "w => { const s = map_sheet.getSize(), at = x => map_sheet.containerPointToLatLng([x, s.y / 2]),"
        " p = x => [at(x).lng, at(x).lat]; return [p(s.x / 2 - w / 2), p(s.x / 2 + w / 2)]; }",
        width,
    )
    ground = pyproj.Geod(ellps="WGS84").inv(*ends[0], *ends[1])[2] / 1000
    assert abs(ground / km - 1) < 0.02


def test_a_graticule_lies_on_the_land_and_is_named(visit, lattice, values):
    shown = gi.draw.sheet(gi.draw.choropleth(lattice, values), source="S", basemap="graticule")
    page = visit(shown.html())
    expect(page.locator(".gi-graticule")).to_have_count(1)
    assert "Graticule: 1\u00b0" in page.inner_text(".gi-foot")
    lines = shown.scene.ground.graticule
    ends = shown.scene.projection.inverse(shapely.get_coordinates(lines))
    off = np.abs(ends - np.round(ends)).min(axis=1)
    assert off.max() < 0.01


# The addresses of the tiles on the map, and where their corners lie.
LAID = """() => { const map = document.querySelector(".gi-map").getBoundingClientRect();
  return [...document.querySelectorAll(".leaflet-tile-loaded")].map(tile => {
    const there = tile.getBoundingClientRect();
    return [tile.src, there.x - map.x, there.y - map.y];
  }); }"""


def furthest_off(page, asked):
    """Return how many pixels a tile lies from where its corner belongs, at most."""
    off = []
    for address, left, top in page.evaluate(LAID):
        assert address in asked
        z, x, y = map(int, re.findall(r"(\d+)/(\d+)/(\d+)\.png", address)[0])
        # The corner of a tile in degrees, after the Slippy map tilenames of the OpenStreetMap wiki.
        lon, lat = x / 2**z * 360 - 180, np.degrees(np.arctan(np.sinh(np.pi * (1 - 2 * y / 2**z))))
        at = page.evaluate("place => map_sheet.latLngToContainerPoint(place)", [float(lat), float(lon)])
        off += [abs(left - at["x"]), abs(top - at["y"])]
    return max(off, default=np.inf)


def test_online_tiles_lie_where_they_belong_and_come_only_when_asked(
    becomes, until, browser, lattice, values, tmp_path
):
    shown = gi.draw.sheet(gi.draw.choropleth(lattice, values), source="S", basemap=TILES)
    (tmp_path / "tiled.html").write_text(shown.html(), encoding="utf-8")
    page = browser.new_page(viewport={"width": 1200, "height": 760})
    page.set_default_timeout(120_000)
    asked, problems = [], []
    page.on("pageerror", lambda error: problems.append(str(error)))
    page.route(
        "https://tiles.example/**",
        lambda route: (
            asked.append(route.request.url),
            route.fulfill(body=blue_tile(), content_type="image/png"),
        ),
    )
    page.goto((tmp_path / "tiled.html").as_uri())
    page.wait_for_selector(".leaflet-tile-loaded", state="attached")
    until(page, "!document.querySelector('.leaflet-tile:not(.leaflet-tile-loaded)')")
    becomes(page, lambda: furthest_off(page, asked) < 1.5, expected=True)
    frame = page.locator(".gi-map").bounding_box()
    drawn = page.locator("svg g:has(.gi-region)").first.bounding_box()
    page.close()
    assert problems == []
    assert max(drawn["width"] / frame["width"], drawn["height"] / frame["height"]) > 0.8
    assert "Tiles: tiles.example" in shown.credits
    assert "exaggerated" in shown.credits


def test_tiles_need_their_address_and_their_projection(lattice, values):
    layer = gi.draw.choropleth(lattice, values)
    with pytest.raises(gi.GeoinnoError, match=r"\{z\}/\{x\}/\{y\}"):
        gi.draw.sheet(layer, source="S", basemap="https://tiles.example/map.png")
    with pytest.raises(gi.errors.CrsError, match="EPSG:3857"):
        gi.draw.sheet(layer, source="S", basemap=TILES, crs=3035)


def test_the_words_of_a_scale_bar_stay_on_the_map(until, visit, lattice, values):
    part = lattice.drop(index=["04", "05", "14", "15"])
    shown = gi.draw.sheet(gi.draw.choropleth(part, values[part.index]), source="S")
    page = visit(shown.html(), width=390, height=844)
    expect(page.locator(".leaflet-right .gi-scale")).to_have_count(1)
    inside = (
        "() => { const words = document.createRange(), bar = document.querySelector('.gi-scale');"
        " words.selectNodeContents(bar);"
        " const map = document.querySelector('.gi-frame').getBoundingClientRect(),"
        " text = words.getBoundingClientRect();"
        " return text.width > 0 && text.left >= map.left && text.right <= map.right; }"
    )
    start, beside = page.evaluate("map_sheet.getZoom()"), 0
    # Over a whole zoom the bar is as short as it gets, and its words stand beside it.
    for step in range(9):
        page.evaluate("z => void map_sheet.setZoom(z, { animate: false })", start + step / 8)
        until(page, "z => Math.abs(map_sheet.getZoom() - z) < 0.02", arg=start + step / 8)
        until(page, inside)
        beside += page.evaluate("document.querySelector('.gi-scale').style.textIndent !== ''")
    assert beside
