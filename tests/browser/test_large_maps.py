"""Maps too large for Leaflet, drawn by MapLibre with the same words and colours."""

from __future__ import annotations

import io
import re

import geopandas
import numpy as np
import pandas as pd
import pyproj
import pytest
import shapely
from PIL import Image
from playwright.sync_api import expect

import geoinno as gi
from geoinno.draw._web import maplibre, resources

pytestmark = pytest.mark.browser
READY = "[data-gi-ready]"
LARGE = "geoinno.maps.map_sheet"


@pytest.fixture
def large(monkeypatch):
    """Have every map drawn by the engine of large maps."""
    monkeypatch.setattr(maplibre, "MOST_REGIONS", 0)


def spot(page, shown, place):
    """Return where on the page a place in degrees lies."""
    x, y = shown.scene.projection.forward(np.array([place.x]), np.array([place.y]))[0]
    at = page.evaluate(f"([x, y]) => {LARGE}.project({LARGE}.gi.place(x, y))", [float(x), float(y)])
    box = page.locator(".gi-map").bounding_box()
    return box["x"] + at["x"], box["y"] + at["y"]


def colours_at(page, points):
    """Return the colours of places on the page, all of one picture of it."""
    picture = Image.open(io.BytesIO(page.screenshot())).convert("RGB")
    return ["#{:02x}{:02x}{:02x}".format(*picture.getpixel((int(x), int(y)))) for x, y in points]


def colour_at(page, point):
    return colours_at(page, [point])[0]


@pytest.mark.usefixtures("large")
def test_a_large_map_shows_the_colours_and_hatches_of_its_legend(becomes, visit, plain, lattice):
    page = visit(plain.html())
    keys = plain.layers[0].legends[0].keys
    drawn = [keys[code] for code in plain.layers[0].shapes["code"]]
    points = [spot(page, plain, place) for place in lattice.representative_point()]
    filled = [i for i, key in enumerate(drawn) if not key.pattern]
    assert len(filled) == 32
    becomes(page, lambda: colours_at(page, [points[i] for i in filled]), [drawn[i].fill for i in filled])
    expect(page.locator(".gi-key")).to_have_count(len(keys))
    # A hatch is more than one colour.
    x, y = points[next(i for i, key in enumerate(drawn) if key.pattern == "hatch")]
    across = [(x + i, y) for i in range(8)]
    becomes(page, lambda: len(set(colours_at(page, across))) > 1, expected=True)


@pytest.mark.usefixtures("large")
def test_a_large_map_answers_the_pointer(visit, plain, lattice):
    page = visit(plain.html())
    page.mouse.move(*spot(page, plain, lattice.representative_point().iloc[30]))
    expect(page.locator(".gi-tip-name")).to_have_text("Region 5-0")
    expect(page.locator(".gi-tip")).to_contain_text(re.compile(r"Rank \d+ of 32"))


@pytest.mark.usefixtures("large")
def test_a_large_map_switches_views_with_their_legends(becomes, visit, two_views, lattice):
    page = visit(two_views.html())
    page.locator("input[data-pick]").nth(1).check()
    expect(page.locator(".gi-legend:visible")).to_contain_text("high among high")
    point = spot(page, two_views, lattice.representative_point().iloc[0])
    becomes(page, lambda: colour_at(page, point), "#ca0020")


@pytest.mark.usefixtures("large")
def test_flows_of_a_large_map_answer_and_can_be_hidden(becomes, visit, flowing, lattice):
    page = visit(flowing.html())
    drawn = flowing.scene.flows[0]
    a, b, k = drawn.nodes[drawn.start[0]], drawn.nodes[drawn.end[0]], drawn.bends[0]
    middle = (a + b) / 2 + k / 2 * np.array([a[1] - b[1], b[0] - a[0]])
    at = page.evaluate(f"([x, y]) => {LARGE}.project({LARGE}.gi.place(x, y))", middle.tolist())
    box = page.locator(".gi-map").bounding_box()
    point = box["x"] + at["x"], box["y"] + at["y"]
    page.mouse.move(*point)
    names = lattice["name"]
    first = drawn.arrows.iloc[0]
    name = page.locator(".gi-tip-name")
    expect(name).to_have_text(f"{names[first['origin']]} \u2192 {names[first['destination']]}")
    becomes(page, lambda: colour_at(page, point), first["fill"])
    page.locator("input[data-overlay]").uncheck()
    page.mouse.move(point[0] + 1, point[1])
    expect(name).to_have_text(re.compile(r"^Region \d-\d$"))


@pytest.mark.usefixtures("large")
def test_untrusted_names_do_not_run_on_a_large_map(scripts_run, visit, lattice, values):
    evil = '<img src=x onerror="window.hit=1"></script><script>window.hit=2</script>'
    shown = gi.draw.sheet(
        gi.draw.choropleth(lattice.assign(name=evil), values, legend=evil), title=evil, source=evil
    )
    page = visit(shown.html())
    page.mouse.move(*spot(page, shown, lattice.representative_point().iloc[20]))
    expect(page.locator(".gi-tip-name")).to_have_text(evil)
    expect(page.locator(".gi-title")).to_have_text(evil)
    assert scripts_run(page) is None


@pytest.mark.usefixtures("large")
def test_the_scale_bar_of_a_large_map_is_true(visit, plain):
    page = visit(plain.html())
    bar = page.locator(".gi-scale")
    km, width = float(bar.get_attribute("data-km")), bar.evaluate("e => e.offsetWidth")
    ends = page.evaluate(
        f"w => {{ const m = {LARGE}, h = m.getContainer(),"
        " at = x => m.gi.metres(m.unproject([x, h.clientHeight / 2]));"
        " return [-1, 1].map(s => m.gi.inverse(...at(h.clientWidth / 2 + s * w / 2))); }",
        width,
    )
    ground = pyproj.Geod(ellps="WGS84").inv(*ends[0], *ends[1])[2] / 1000
    assert abs(ground / km - 1) < 0.02


@pytest.mark.usefixtures("large")
def test_a_large_map_in_a_frame_of_a_page(visit, plain):
    page = visit(gi.report.page("Report", "## One", plain), ready="iframe")
    page.locator("iframe").scroll_into_view_if_needed()
    expect(page.frame_locator("iframe").locator(READY)).to_be_attached()


@pytest.mark.usefixtures("large")
def test_a_large_map_fits_its_window_and_opens_by_keyboard(until, visit, plain):
    page = visit(plain.html(), width=700, height=500)
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    canvas = page.locator(".gi-map canvas")
    assert canvas.get_attribute("aria-label") == plain.alt
    zoom = page.evaluate(f"{LARGE}.getZoom()")
    canvas.focus()
    page.keyboard.press("+")
    until(page, f"z => {LARGE}.getZoom() > z", arg=zoom)


def many_arrows():
    """Return how many arrows the browser draws at once."""
    return int(re.search(r"\bMANY = (\d+);", resources.large_script())[1])


def test_many_arrows_come_with_nearness_and_the_map_says_so(until, visit, monkeypatch):
    boxes = [shapely.box(c / 2, 45 + r / 2, c / 2 + 0.5, 45.5 + r / 2) for r in range(4) for c in range(5)]
    ids = [f"r{i}" for i in range(20)]
    regions = geopandas.GeoDataFrame(index=ids, geometry=boxes, crs=4326)
    rows = [(a, b, 1 + i * 7 % 19 + j) for i, a in enumerate(ids) for j, b in enumerate(ids) if a != b]
    flows = pd.DataFrame(rows, columns=["origin", "destination", "value"])
    # Thousands are many; here, so that they are drawn in a moment, hundreds are.
    assert many_arrows() == maplibre.MOST_ARROWS == 3_000
    monkeypatch.setattr(maplibre, "MOST_ARROWS", 300)
    limits = gi.draw.lines.FlowOptions(max_flows=400)
    shown = gi.draw.sheet(gi.draw.flow_lines(flows, regions, share=1.0, options=limits), source="S")
    page = visit(shown.html().replace("MANY = 3000", "MANY = 300"))
    assert not page.evaluate(f"!!{LARGE}.getLayer('flow0-1')")
    expect(page.locator(".gi-depth")).to_contain_text("largest 300 of 380 arrows")
    page.evaluate(f"void {LARGE}.jumpTo({{ zoom: {LARGE}.getZoom() + 3 }})")
    until(page, f"!!{LARGE}.getLayer('flow0-1')")
    expect(page.locator(".gi-depth")).to_have_text("")


@pytest.mark.usefixtures("large")
def test_insets_of_large_maps_have_their_labels(becomes, visit, north_america):
    regions = north_america.regions
    shown = gi.draw.sheet(gi.draw.choropleth(regions, "income"), title="t", source="s")
    page = visit(shown.html())
    (inset,) = shown.scene.insets
    label = page.locator(".gi-inset-label")
    expect(label).to_have_text(re.compile(r"\s+".join(map(re.escape, inset.label("en").split()))))
    # Hawaii leaves the corner at the right empty.
    assert inset.flush_right
    corner = [float(inset.box[2]), float(inset.box[3])]

    def near_its_corner():
        at = page.evaluate(f"([x, y]) => {LARGE}.project({LARGE}.gi.place(x, y))", corner)
        box, host = label.bounding_box(), page.locator(".gi-map").bounding_box()
        place = {"x": box["x"] + box["width"], "y": box["y"]}
        return max(abs(place[axis] - host[axis] - at[axis]) for axis in "xy") < 1

    becomes(page, near_its_corner, expected=True)
