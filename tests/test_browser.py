"""Maps in a real Chromium with the network refused: drawn, complete, answering, silent on the console."""

from __future__ import annotations

import base64
import io
import json
import re
import shutil
import subprocess

import folium
import geopandas
import numpy as np
import pandas as pd
import pyproj
import pytest
import shapely
from PIL import Image

import geoinno as gi
from geoinno.draw._scene.arrow import arrow, curve
from geoinno.draw._web import maplibre as _large

pytestmark = pytest.mark.browser
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
READY = "[data-gi-ready]"
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


@pytest.fixture(scope="module")
def browser(chromium):
    from playwright.sync_api import sync_playwright

    with sync_playwright() as play:
        opened = play.chromium.launch(executable_path=chromium, args=FLAGS, headless=True)
        yield opened
        opened.close()


def complained(message, problems):
    # Reading pixels back, as tests and screenshots do, makes Chromium and its driver recommend settings.
    advice = ("willReadFrequently", "GPU stall due to ReadPixels")
    if message.type in {"error", "warning"} and not any(words in message.text for words in advice):
        problems.append(message.text)


@pytest.fixture
def visit(browser, tmp_path):
    """Open HTML as a file and watch what it asks for and complains of."""
    opened, problems = [], []

    def go(html, *, width=1200, height=760, ready=READY, scripts=True):
        path = tmp_path / f"page{len(opened)}.html"
        path.write_text(html, encoding="utf-8")
        context = browser.new_context(
            viewport={"width": width, "height": height}, java_script_enabled=scripts, offline=True
        )
        page = context.new_page()
        page.on("console", lambda m: complained(m, problems))
        page.on("pageerror", lambda e: problems.append(str(e)))
        local = ("file:", "data:", "about:", "blob:")
        page.on("request", lambda r: None if r.url.startswith(local) else problems.append(r.url))
        opened.append(context)
        page.goto(path.as_uri())
        if ready:
            page.wait_for_selector(ready, state="attached", timeout=15_000)
        return page

    yield go
    for context in opened:
        context.close()
    assert problems == []


@pytest.fixture(scope="module")
def values(lattice):
    return pd.Series(np.linspace(0, 1, 36), index=lattice.index, name="share").iloc[::-1]


@pytest.fixture(scope="module")
def plain(lattice, values):
    fill = gi.draw.choropleth(lattice, values.where(values > 0.1), legend="Share, %")
    return gi.draw.sheet(fill, title="Innovating firms", source="Survey")


@pytest.fixture(scope="module")
def flowing(lattice, values):
    rows = [("00", "05", 100), ("05", "00", 60), ("00", "50", 30), ("50", "55", 8)]
    flows = pd.DataFrame(rows, columns=["origin", "destination", "value"])
    fill = gi.draw.choropleth(lattice, values, legend="Share, %")
    return gi.draw.sheet(
        fill, gi.draw.flow_lines(flows, lattice, legend="Moves"), title="Moves", source="Survey"
    )


@pytest.fixture(scope="module")
def two_views(lattice, values):
    labels = pd.Series("not significant", index=lattice.index)
    labels.iloc[:2] = "HH"
    first = gi.draw.choropleth(lattice, values, legend="Share, %")
    return gi.draw.sheet(first, gi.draw.cluster_map(lattice, labels), title="Two views", source="Survey")


def fills(page):
    return page.eval_on_selector_all(".gi-region", "all => all.map(p => p.getAttribute('fill'))")


def test_every_region_legend_title_and_source_is_shown(visit, plain):
    page = visit(plain.html())
    assert len(fills(page)) == 36
    assert page.inner_text(".gi-title") == "Innovating firms"
    assert "Survey" in page.inner_text(".gi-foot")
    assert page.locator(".gi-key").count() == len(plain.layers[0].legends[0].keys)
    assert page.inner_text(".gi-scale").endswith("km")


def test_colours_on_the_map_are_those_of_the_legend(visit, plain):
    page = visit(plain.html())
    keys = plain.layers[0].legends[0].keys
    expected = [
        "url(#map_sheet-hatch)" if keys[c].pattern else keys[c].fill for c in plain.layers[0].shapes["code"]
    ]
    assert fills(page) == expected


def test_a_tooltip_tells_name_value_and_rank(visit, plain):
    page = visit(plain.html())
    page.locator(".gi-region").nth(30).hover()
    words = page.inner_text(".gi-tip")
    assert "Region 5-0" in words
    assert "Share, %" in words
    assert re.search(r"Rank \d+ of 32", words)


def test_switching_the_view_changes_fills_and_legend_together(visit, two_views):
    page = visit(two_views.html())
    before = fills(page)
    assert page.locator(".gi-legend:visible").count() == 1
    page.locator("input[data-pick]").nth(1).check()
    assert fills(page) != before
    shown = page.locator(".gi-legend:visible")
    assert shown.count() == 1
    assert "high among high" in shown.inner_text()
    assert fills(page)[0] == "#ca0020"


def test_every_flow_answers_at_its_middle(visit, flowing):
    page = visit(flowing.html())
    assert page.locator(".gi-flow").count() == 4
    answered = set()
    for i in range(4):
        point = page.evaluate(
            "i => { const p = document.querySelectorAll('.gi-hit')[i],"
            " m = p.getPointAtLength(p.getTotalLength() / 2), t = p.getScreenCTM();"
            " return [m.x * t.a + t.e, m.y * t.d + t.f]; }",
            i,
        )
        page.mouse.move(*point)
        answered.add(page.inner_text(".gi-tip").split("\n")[0])
    assert len(answered) == 4
    assert "Region 0-0 \u2192 Region 0-5" in answered


def test_flows_can_be_hidden(visit, flowing):
    page = visit(flowing.html())
    page.locator("input[data-overlay]").uncheck()
    assert page.locator(".gi-flow").count() == 0


def test_the_browser_draws_the_same_arrows_as_print(visit, flowing):
    page = visit(flowing.html())
    rng = np.random.default_rng(0)
    for _ in range(40):
        (a, b), bend, width = rng.uniform(-400, 400, (2, 2)), rng.uniform(-0.4, 0.4), rng.uniform(1, 12)
        ours = arrow(curve(a, b, bend), width, (5, 7))
        down = [[a[0], -a[1]], [b[0], -b[1]]]  # the screen counts y downwards
        theirs = page.evaluate(
            "([a, b, k, w]) => map_sheet.gi.arrowRing(a, b, k, w, 5, 7)", [*down, float(bend), float(width)]
        )
        assert (theirs is None) == (ours is None)
        if ours is not None:
            ring = np.array(theirs["ring"]) * [1, -1]
            assert np.allclose(ring, ours, atol=0.05)


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
    assert "Here" in page.inner_text(".leaflet-popup")


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


def test_two_inline_maps_and_two_frames_share_a_page(visit, plain, two_views):
    parts = [gi.report.assets()]
    parts += [
        gi.report.embed(s, mode="inline", key=k) for s, k in ((plain, "a"), (two_views, "b"), (plain, "c"))
    ]
    parts += [gi.report.embed(s) for s in (plain, two_views)]
    page = visit("<!DOCTYPE html><style>body{margin:33px;font:17px serif}</style>" + "".join(parts))
    page.wait_for_function("document.querySelectorAll('[data-gi-ready]').length === 3")
    assert page.evaluate("getComputedStyle(document.body).margin") == "33px"
    ids = page.eval_on_selector_all("[id]", "all => all.map(e => e.id)")
    assert len(ids) == len(set(ids))
    for key, count in (("a", 1), ("b", 2), ("c", 1)):
        assert page.locator(f"#gi-{key} .gi-legend").count() == count
    for i, frame in enumerate(page.query_selector_all("iframe")):
        frame.scroll_into_view_if_needed()
        inside = frame.content_frame()
        inside.wait_for_selector(READY, state="attached")
        page.wait_for_function(
            "i => Math.abs(document.querySelectorAll('iframe')[i].getBoundingClientRect().height - 620) > 1",
            arg=i,
        )
        height = inside.evaluate("document.querySelector('.gi-sheet').getBoundingClientRect().height")
        assert abs(frame.bounding_box()["height"] - height) < 3


def test_a_map_in_a_hidden_tab_fits_once_it_is_shown(visit, plain):
    fragment = gi.report.embed(plain, mode="inline", key="t")
    page = visit(f'<!DOCTYPE html>{gi.report.assets()}<div id="tab" style="display:none">{fragment}</div>')
    page.evaluate("document.getElementById('tab').style.display = 'block'")
    page.wait_for_function("document.querySelector('.gi-region').getBoundingClientRect().width > 5")
    frame, region = (page.locator(s).first.bounding_box() for s in (".gi-frame", ".gi-region"))
    assert frame["x"] <= region["x"] <= frame["x"] + frame["width"]
    assert frame["y"] <= region["y"] <= frame["y"] + frame["height"]


@pytest.mark.parametrize(("width", "beside"), [(1200, True), (700, True), (420, False)])
def test_the_legend_lies_beside_a_wide_map_and_below_a_narrow_one(visit, plain, width, beside):
    page = visit(plain.html(), width=width, height=700)
    frame, side = (page.locator(s).bounding_box() for s in (".gi-frame", ".gi-side"))
    if beside:
        assert side["x"] >= frame["x"] + frame["width"]
    else:
        assert side["y"] >= frame["y"] + frame["height"]
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_untrusted_names_do_not_run(visit, lattice, values):
    evil = '<img src=x onerror="window.hit=1"></script><script>window.hit=2</script>'
    named = lattice.assign(name=evil)
    shown = gi.draw.sheet(
        gi.draw.choropleth(named, values, legend=evil), title=evil, subtitle=evil, source=evil
    )
    page = visit(shown.html())
    page.locator(".gi-region").nth(20).hover()
    assert page.inner_text(".gi-tip-name") == evil
    assert page.inner_text(".gi-title") == evil
    assert page.evaluate("window.hit") is None


def test_without_scripts_the_still_picture_is_shown(visit, plain):
    page = visit(plain.html(), scripts=False, ready=None)
    assert page.locator(".gi-twin").is_visible()
    assert not page.locator(".gi-body").is_visible()


def test_print_shows_the_still_picture(visit, plain):
    page = visit(plain.html())
    assert not page.locator(".gi-twin").is_visible()
    page.emulate_media(media="print")
    assert page.locator(".gi-twin").is_visible()
    assert not page.locator(".gi-body").is_visible()


def test_a_reader_finds_a_region_by_name_and_by_keyboard(visit, plain):
    page = visit(plain.html())
    page.locator("input[data-find]").fill("Region 2-3")
    page.locator("input[data-find]").press("Enter")
    page.wait_for_selector(".gi-tip")
    assert "Region 2-3" in page.inner_text(".gi-tip")
    host = page.locator(".gi-map")
    assert host.get_attribute("tabindex") == "0"
    assert host.get_attribute("aria-label") == plain.alt
    host.focus()
    zoom = page.evaluate("map_sheet.getZoom()")
    page.keyboard.press("+")
    page.wait_for_function("z => map_sheet.getZoom() > z", arg=zoom)


@pytest.fixture(scope="module")
def bordered(central_asia):
    regions = central_asia.regions
    edges = gi.measure.segments(regions)
    contrast = gi.measure.contrast(regions["primacy"], edges)
    fill = gi.draw.choropleth(regions, regions["primacy"], legend="Primacy")
    lines = gi.draw.border_lines(edges, contrast, legend="Difference")
    return gi.draw.sheet(fill, lines, title="Borders", source="Survey")


@pytest.fixture(scope="module")
def poled(central_asia):
    regions = central_asia.regions
    people = regions["city_population"]
    pole = people > 400_000
    types = pd.DataFrame({"type": pole.map({True: "pole", False: "periphery"}), "agreement": 0.7})
    points = gi.draw.pole_points(pole, regions, people, labels=regions["largest_city"], legend="City people")
    return gi.draw.sheet(gi.draw.roles(regions, types), points, title="Poles", source="Survey")


@pytest.fixture(scope="module")
def crossed(central_asia):
    regions = central_asia.regions
    corners = ("quiet", "one city", "many cities", "both")
    layer = gi.draw.bivariate(regions, regions["primacy"], regions["city_population"], corners=corners)
    return gi.draw.sheet(layer, title="Two at once", source="Survey")


@pytest.mark.parametrize("name", ["plain", "flowing", "bordered", "poled", "crossed"])
@pytest.mark.parametrize("size", [(1200, 760), (700, 500)])
def test_web_and_print_legends_agree_and_nothing_is_clipped(visit, request, name, size):
    shown = request.getfixturevalue(name)
    page = visit(shown.html(), width=size[0], height=size[1])
    words = page.text_content(".gi-side")
    printed = " ".join(t.get_text().replace("\n", " ") for axes in shown.figure().axes for t in axes.texts)
    for legend in (legend for layer in shown.layers for legend in layer.legends):
        cells = legend.square.side**2 if legend.square else 0
        rows = legend.keys[cells:]
        told = [legend.title, *(key.label for key in rows), *(legend.note.split(". "))]
        square = [*legend.square.across_limits, *legend.square.up_limits] if legend.square else []
        for text in [*told, *square]:
            assert text in words
            assert text in printed
    inside = "all => all.every(e => e.scrollWidth <= e.clientWidth + 1)"
    assert page.eval_on_selector_all(".gi-side, .gi-side section, .gi-key", inside)


def test_a_border_tells_both_sides_and_their_values(visit, bordered, central_asia):
    page = visit(bordered.html())
    lines = bordered.layers[1].shapes
    assert page.locator(".gi-stroke").count() == len(lines)
    fills = page.eval_on_selector_all(".gi-stroke", "all => all.map(p => p.getAttribute('stroke'))")
    assert sorted(fills) == sorted(lines["fill"])
    assert page.eval_on_selector_all(".gi-hit", "all => all.every(p => +p.getAttribute('stroke-width') >= 8)")
    longest = page.evaluate(
        "() => { const all = [...document.querySelectorAll('.gi-hit')];"
        " const p = all.sort((a, b) => b.getTotalLength() - a.getTotalLength())[0],"
        " m = p.getPointAtLength(p.getTotalLength() / 2), t = p.getScreenCTM();"
        " return [m.x * t.a + t.e, m.y * t.d + t.f]; }"
    )
    page.mouse.move(*longest)
    told = page.inner_text(".gi-tip").split("\n")
    sides = told[0].split(" \u2013 ")
    assert set(sides) <= set(central_asia.regions["name"])
    assert [line.split(" ")[0] for line in told[1:]] == ["kind", "Difference", "Rank", "length,", "Primacy"]


@pytest.mark.parametrize("size", [(1200, 760), (700, 500), (420, 800)])
def test_names_of_poles_never_touch_and_their_circles_are_those_of_the_legend(visit, poled, size):
    page = visit(poled.html(), width=size[0], height=size[1])
    boxes = page.eval_on_selector_all(
        ".gi-label span",
        "all => all.filter(e => e.style.visibility !== 'hidden').map(e => e.getBoundingClientRect())"
        ".map(r => [r.left, r.top, r.right, r.bottom])",
    )
    assert len(boxes) >= 4
    shapes = [shapely.box(*box) for box in boxes]
    assert all(shapes[i].intersection(shapes[j]).area == 0 for i in range(len(shapes)) for j in range(i))
    frame = page.locator(".gi-frame").bounding_box()
    edge = shapely.box(frame["x"], frame["y"], frame["x"] + frame["width"], frame["y"] + frame["height"])
    assert all(edge.contains(shape) for shape in shapes)
    people = poled.layers[1].nodes["gross"]
    mass = float(poled.layers[1].legends[0].keys[0].label.replace("\u2009", ""))
    legend = float(page.locator(".gi-circle circle").first.get_attribute("r"))
    largest = max(
        page.eval_on_selector_all(".gi-node", "all => all.map(p => p.getBoundingClientRect().width / 2)")
    )
    # Leaflet rounds radii to whole pixels.
    assert abs((largest - 0.7) ** 2 / legend**2 - people.max() / mass) < 0.3 * people.max() / mass


def test_more_names_appear_as_the_reader_comes_nearer(visit, poled):
    page = visit(poled.html(), width=420, height=800)
    hidden = "e => e.style.visibility === 'hidden'"
    left_out = page.eval_on_selector_all(
        ".gi-label span", f"all => all.filter({hidden}).map(e => e.textContent)"
    )
    assert left_out
    place = poled.layers[1].nodes.set_index("name").geometry[left_out[0]]
    page.evaluate(
        "([x, y]) => map_sheet.setView([y, x], map_sheet.getZoom() + 4, { animate: false })",
        [place.x, place.y],
    )
    text = page.locator(".gi-label span", has_text=left_out[0]).first
    assert not text.evaluate(hidden)


def test_doubt_is_dotted_in_ink_that_shows(visit, poled):
    page = visit(poled.html())
    kinds = page.eval_on_selector_all(
        "path[fill$='-dots)'], path[fill$='-dots-light)']", "all => all.map(p => p.getAttribute('fill'))"
    )
    poles = int((poled.layers[0].shapes["code"] == 0).sum())
    assert sum("light" in kind for kind in kinds) == poles
    assert len(kinds) == len(poled.layers[0].shapes)


def test_a_region_of_two_indicators_tells_its_class(visit, crossed):
    page = visit(crossed.html())
    cells = page.eval_on_selector_all(".gi-square rect", "all => all.map(r => r.getAttribute('fill'))")
    assert cells == [key.fill for key in crossed.layers[0].legends[0].keys[:9]]
    page.mouse.move(450, 300)
    assert "Class" in page.inner_text(".gi-tip")


def test_untrusted_names_do_not_run_on_any_layer(visit, central_asia):
    evil = '<img src=x onerror="window.hit=1"></script><script>window.hit=2</script>'
    regions = central_asia.regions.assign(name=evil)
    people = regions["city_population"].rename(evil)
    edges = gi.measure.segments(regions)
    shown = gi.draw.sheet(
        gi.draw.bivariate(regions, people, regions["primacy"], corners=(evil,) * 4),
        gi.draw.categories(regions, regions["country"].map(lambda c: c + evil), title=evil, legend=evil),
        gi.draw.border_lines(edges, gi.measure.contrast(people, edges), title=evil, legend=evil),
        gi.draw.pole_points(people > 1_000_000, regions, people, title=evil, legend=evil),
        source="S",
    )
    page = visit(shown.html())
    page.mouse.move(450, 300)
    assert evil in page.inner_text(".gi-tip")
    assert page.locator(".gi-label span").first.inner_text() == evil
    assert page.evaluate("window.hit") is None


@pytest.mark.parametrize(
    "name",
    [
        "\"quoted\" 'names' & <b>tags</b>",
        "\u05d0\u05d6\u05d5\u05e8 \u0645\u0646\u0637\u0642\u0629 abc",
        "Long" * 60,
        "`${x}` {{ x }} \\n",
    ],
)
def test_strange_names_of_flows_are_shown_as_text(visit, lattice, name):
    flows = pd.DataFrame([("00", "05", 100), ("05", "00", 60)], columns=["origin", "destination", "value"])
    shown = gi.draw.sheet(
        gi.draw.flow_lines(flows, lattice.assign(name=name), title=name, legend=name), source=name
    )
    page = visit(shown.html())
    point = page.evaluate(
        "() => { const p = document.querySelector('.gi-hit'), m = p.getPointAtLength(p.getTotalLength() / 2),"
        " t = p.getScreenCTM(); return [m.x * t.a + t.e, m.y * t.d + t.f]; }"
    )
    page.mouse.move(*point)
    assert page.text_content(".gi-tip-name") == f"{name} \u2192 {name}"
    assert page.text_content(".gi-label span") == name
    assert page.text_content(".gi-legend h2") == name
    assert page.eval_on_selector(".gi-tip", "e => e.scrollWidth <= e.clientWidth + 1")
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_many_regions_are_drawn_on_canvas_and_hatched_where_data_are_missing(visit):
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
    colours = page.evaluate(CANVAS_ROW)
    assert len(colours) > 1  # a hatch is more than one colour
    page.mouse.move(500, 250)
    assert "v" in page.inner_text(".gi-tip")


def test_any_folium_map_works_offline(visit):
    m = folium.Map([47, 1], tiles=None, zoom_start=5)
    folium.Marker([47, 1], popup="Here").add_to(m)
    page = visit(gi.report.offline(m), ready=".leaflet-marker-icon")
    page.locator(".leaflet-marker-icon").click()
    assert "Here" in page.inner_text(".leaflet-popup")


def test_a_page_of_maps_has_its_contents_and_its_maps(visit, plain, two_views):
    page = visit(gi.report.page("Report", "## One", plain, "## Two", two_views))
    page.wait_for_function("document.querySelectorAll('[data-gi-ready]').length === 2")
    page.locator("nav a").nth(1).click()
    assert page.evaluate("scrollY") > 0


def test_maps_stay_small(plain, north_america):
    regions = north_america.regions
    shown = gi.draw.sheet(gi.draw.choropleth(regions, regions["primacy"]), source="S")
    assert len(shown.html()) < 1_000_000
    payload = re.search(r"geoinno\.mount\('[^']+', (\{.*\})\);", plain.html()).group(1)
    assert json.loads(payload)["sets"][0]["n"] == 36


def test_maps_side_by_side_move_together(north_america, browser, tmp_path):
    income = north_america.panel["income"].unstack()[[1929, 2009]].dropna()  # noqa: PD010 - wide
    states = north_america.regions.loc[income.index]
    sheets = tuple(
        gi.draw.sheet(layer, title=layer.name, source="tests") for layer in gi.draw.over_time(states, income)
    )
    path = tmp_path / "pair.html"
    path.write_text(gi.report.page("Before and after", sheets), encoding="utf-8")
    page = browser.new_page(viewport={"width": 1200, "height": 760})
    problems = []
    page.on("console", lambda message: complained(message, problems))
    page.on("pageerror", lambda error: problems.append(str(error)))
    page.goto(path.as_uri())
    page.wait_for_selector(READY)
    page.evaluate(
        "() => { const m = Object.values(geoinno.maps)[0]; m.setZoom(m.getZoom() + 1, {animate: false}); }"
    )
    zooms = page.evaluate("() => Object.values(geoinno.maps).map(m => m.getZoom())")
    page.close()
    assert problems == []
    assert zooms[0] == pytest.approx(zooms[1])


LARGE = "geoinno.maps.map_sheet"


@pytest.fixture
def large(monkeypatch):
    """Have every map drawn by the engine of large maps."""
    monkeypatch.setattr(_large, "MOST_REGIONS", 0)


def spot(page, shown, place):
    """Return where on the page a place in degrees lies."""
    x, y = shown.scene.projection.forward(np.array([place.x]), np.array([place.y]))[0]
    at = page.evaluate(f"([x, y]) => {LARGE}.project({LARGE}.gi.place(x, y))", [float(x), float(y)])
    box = page.locator(".gi-map").bounding_box()
    return box["x"] + at["x"], box["y"] + at["y"]


def colour_at(page, point):
    clip = {"x": point[0], "y": point[1], "width": 1, "height": 1}
    pixel = Image.open(io.BytesIO(page.screenshot(clip=clip))).convert("RGB").getpixel((0, 0))
    return "#{:02x}{:02x}{:02x}".format(*pixel)


@pytest.mark.usefixtures("large")
def test_a_large_map_shows_the_colours_of_its_legend(visit, plain, lattice):
    page = visit(plain.html())
    keys = plain.layers[0].legends[0].keys
    checked = 0
    for code, place in zip(plain.layers[0].shapes["code"], lattice.representative_point(), strict=True):
        if not keys[code].pattern:
            assert colour_at(page, spot(page, plain, place)) == keys[code].fill
            checked += 1
    assert checked == 32
    assert page.locator(".gi-key").count() == len(keys)


@pytest.mark.usefixtures("large")
def test_a_large_map_hatches_what_has_no_data(visit, plain, lattice):
    page = visit(plain.html())
    missing = next(i for i, k in enumerate(plain.layers[0].legends[0].keys) if k.pattern == "hatch")
    place = lattice.representative_point()[(plain.layers[0].shapes["code"] == missing).to_numpy()].iloc[0]
    x, y = spot(page, plain, place)
    assert len({colour_at(page, (x + i, y)) for i in range(8)}) > 1


@pytest.mark.usefixtures("large")
def test_a_large_map_answers_the_pointer(visit, plain, lattice):
    page = visit(plain.html())
    page.mouse.move(*spot(page, plain, lattice.representative_point().iloc[30]))
    page.wait_for_selector(".gi-tip")
    words = page.inner_text(".gi-tip")
    assert "Region 5-0" in words
    assert re.search(r"Rank \d+ of 32", words)


@pytest.mark.usefixtures("large")
def test_a_large_map_switches_views_with_their_legends(visit, two_views, lattice):
    page = visit(two_views.html())
    page.locator("input[data-pick]").nth(1).check()
    page.wait_for_function(f"{LARGE}.loaded()")
    page.wait_for_timeout(300)
    assert "high among high" in page.locator(".gi-legend:visible").inner_text()
    assert colour_at(page, spot(page, two_views, lattice.representative_point().iloc[0])) == "#ca0020"


@pytest.mark.usefixtures("large")
def test_flows_of_a_large_map_answer_and_can_be_hidden(visit, flowing, lattice):
    page = visit(flowing.html())
    drawn = flowing.scene.flows[0]
    a, b, k = drawn.nodes[drawn.start[0]], drawn.nodes[drawn.end[0]], drawn.bends[0]
    middle = (a + b) / 2 + k / 2 * np.array([a[1] - b[1], b[0] - a[0]])
    at = page.evaluate(f"([x, y]) => {LARGE}.project({LARGE}.gi.place(x, y))", middle.tolist())
    box = page.locator(".gi-map").bounding_box()
    point = box["x"] + at["x"], box["y"] + at["y"]
    page.mouse.move(*point)
    page.wait_for_selector(".gi-tip")
    names = lattice["name"]
    first = drawn.arrows.iloc[0]
    assert f"{names[first['origin']]} \u2192 {names[first['destination']]}" in page.inner_text(".gi-tip")
    assert colour_at(page, point) == first["fill"]
    page.locator("input[data-overlay]").uncheck()
    page.mouse.move(point[0] + 1, point[1])
    page.wait_for_timeout(500)
    assert "\u2192" not in page.inner_text(".gi-map")


@pytest.mark.usefixtures("large")
def test_untrusted_names_do_not_run_on_a_large_map(visit, lattice, values):
    evil = '<img src=x onerror="window.hit=1"></script><script>window.hit=2</script>'
    shown = gi.draw.sheet(
        gi.draw.choropleth(lattice.assign(name=evil), values, legend=evil), title=evil, source=evil
    )
    page = visit(shown.html())
    page.mouse.move(*spot(page, shown, lattice.representative_point().iloc[20]))
    page.wait_for_selector(".gi-tip")
    assert page.inner_text(".gi-tip-name") == evil
    assert page.inner_text(".gi-title") == evil
    assert page.evaluate("window.hit") is None


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
    page.query_selector("iframe").scroll_into_view_if_needed()
    page.query_selector("iframe").content_frame().wait_for_selector(READY, state="attached")


@pytest.mark.usefixtures("large")
def test_a_large_map_fits_its_window_and_opens_by_keyboard(visit, plain):
    page = visit(plain.html(), width=700, height=500)
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    canvas = page.locator(".gi-map canvas")
    assert canvas.get_attribute("aria-label") == plain.alt
    zoom = page.evaluate(f"{LARGE}.getZoom()")
    canvas.focus()
    page.keyboard.press("+")
    page.wait_for_function(f"z => {LARGE}.getZoom() > z", arg=zoom)


def test_thousands_of_arrows_come_with_nearness_and_the_map_says_so(visit):
    boxes = [shapely.box(c / 2, 45 + r / 2, c / 2 + 0.5, 45.5 + r / 2) for r in range(6) for c in range(10)]
    ids = [f"r{i}" for i in range(60)]
    regions = geopandas.GeoDataFrame(index=ids, geometry=boxes, crs=4326)
    rows = [(a, b, 1 + i * 7 % 59 + j) for i, a in enumerate(ids) for j, b in enumerate(ids) if a != b]
    flows = pd.DataFrame(rows, columns=["origin", "destination", "value"])
    limits = gi.draw.lines.FlowOptions(max_flows=4_000)
    shown = gi.draw.sheet(gi.draw.flow_lines(flows, regions, share=1.0, options=limits), source="S")
    page = visit(shown.html())
    assert not page.evaluate(f"!!{LARGE}.getLayer('flow0-1')")
    assert "largest 3\u2009000 of 3\u2009540 arrows" in page.inner_text(".gi-depth")
    page.evaluate(f"{LARGE}.jumpTo({{ zoom: {LARGE}.getZoom() + 3 }})")
    page.wait_for_function(f"{LARGE}.getLayer('flow0-1')")
    assert page.inner_text(".gi-depth") == ""


def test_a_graticule_lies_on_the_land_and_is_named(visit, lattice, values):
    shown = gi.draw.sheet(gi.draw.choropleth(lattice, values), source="S", basemap="graticule")
    page = visit(shown.html())
    assert page.locator(".gi-graticule").count() == 1
    assert "Graticule: 1\u00b0" in page.inner_text(".gi-foot")
    lines = shown.scene.ground.graticule
    ends = shown.scene.projection.inverse(shapely.get_coordinates(lines))
    off = np.abs(ends - np.round(ends)).min(axis=1)
    assert off.max() < 0.01


@pytest.mark.parametrize("source", ["markdown", "markdown+raw_attribute"])
def test_a_frame_survives_pandoc(visit, plain, source):
    pandoc = shutil.which("pandoc")
    if not pandoc:
        pytest.skip("pandoc is not installed")
    html = gi.report.embed(plain)
    marked = f"```{{=html}}\n{html}\n```" if "raw" in source else html
    wanted = [pandoc, "-f", source, "-t", "html5", "--self-contained", "--metadata", "title=T"]
    text = f"Before.\n\n{marked}\n\nAfter."
    told = subprocess.run(wanted, input=text, capture_output=True, text=True, check=True)
    framed_map_is_ready(visit, told.stdout)


def test_a_frame_survives_myst(visit, plain):
    from docutils.core import publish_string
    from myst_parser.parsers.docutils_ import Parser

    text = f"# Title\n\nBefore.\n\n{gi.report.embed(plain)}\n\nAfter.\n"
    # Docutils refuses long lines unless told otherwise: Sphinx projects say so in their configuration.
    options = {"output_encoding": "unicode", "stylesheet_path": "", "line_length_limit": 10**8}
    html = publish_string(text, parser=Parser(), writer="html5", settings_overrides=options)
    framed_map_is_ready(visit, html)


def test_a_notebook_becomes_a_page_with_the_map_and_a_paper_with_the_picture(visit, plain):
    import nbformat
    from nbconvert import HTMLExporter, LatexExporter

    shown = nbformat.v4.new_output("display_data", data=notebook_data(plain))
    cell = nbformat.v4.new_code_cell("shown", outputs=[shown])
    notebook = nbformat.v4.new_notebook(cells=[cell])
    html, _ = HTMLExporter(template_name="basic").from_notebook_node(notebook)
    framed_map_is_ready(visit, f"<!DOCTYPE html><meta charset='utf-8'>{html}")
    paper, resources = LatexExporter().from_notebook_node(notebook)
    assert "includegraphics" in paper
    assert [content[:4] for content in resources["outputs"].values()] == [b"\x89PNG"]


def notebook_data(shown):
    bundle = shown._repr_mimebundle_()
    return {**bundle, "image/png": base64.b64encode(bundle["image/png"]).decode()}


def framed_map_is_ready(visit, html):
    page = visit(html, ready="iframe")
    frame = page.query_selector("iframe")
    frame.scroll_into_view_if_needed()
    frame.content_frame().wait_for_selector(READY, state="attached")
    assert len(frame.content_frame().query_selector_all(".gi-region")) == 36


TILES = "https://tiles.example/{z}/{x}/{y}.png"


def blue_tile():
    picture = io.BytesIO()
    Image.new("RGB", (256, 256), "#336699").save(picture, "png")
    return picture.getvalue()


def test_online_tiles_lie_where_they_belong_and_come_only_when_asked(browser, lattice, values, tmp_path):
    shown = gi.draw.sheet(gi.draw.choropleth(lattice, values), source="S", basemap=TILES)
    (tmp_path / "tiled.html").write_text(shown.html(), encoding="utf-8")
    page = browser.new_page(viewport={"width": 1200, "height": 760})
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
    page.wait_for_function("!document.querySelector('.leaflet-tile:not(.leaflet-tile-loaded)')")
    shown_tile = page.locator(".leaflet-tile-loaded").first.get_attribute("src")
    assert shown_tile in asked
    z, x, y = map(int, re.findall(r"(\d+)/(\d+)/(\d+)\.png", shown_tile)[0])
    tile = page.locator(f".leaflet-tile[src$='/{z}/{x}/{y}.png']").bounding_box()
    # The corner of a tile in degrees, after the Slippy map tilenames of the OpenStreetMap wiki.
    lon, lat = x / 2**z * 360 - 180, np.degrees(np.arctan(np.sinh(np.pi * (1 - 2 * y / 2**z))))
    at = page.evaluate(
        "([lat, lon]) => map_sheet.latLngToContainerPoint([lat, lon])", [float(lat), float(lon)]
    )
    frame = page.locator(".gi-map").bounding_box()
    drawn = page.locator("svg g:has(.gi-region)").first.bounding_box()
    page.close()
    assert problems == []
    assert max(drawn["width"] / frame["width"], drawn["height"] / frame["height"]) > 0.8
    assert abs(tile["x"] - frame["x"] - at["x"]) < 1.5
    assert abs(tile["y"] - frame["y"] - at["y"]) < 1.5
    assert "Tiles: tiles.example" in shown.credits
    assert "exaggerated" in shown.credits


def test_tiles_need_their_address_and_their_projection(lattice, values):
    layer = gi.draw.choropleth(lattice, values)
    with pytest.raises(gi.GeoinnoError, match=r"\{z\}/\{x\}/\{y\}"):
        gi.draw.sheet(layer, source="S", basemap="https://tiles.example/map.png")
    with pytest.raises(gi.errors.CrsError, match="EPSG:3857"):
        gi.draw.sheet(layer, source="S", basemap=TILES, crs=3035)
