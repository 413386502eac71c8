"""Maps under fingers, on the screen of a phone."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

import geoinno as gi

pytestmark = pytest.mark.browser
PHONE = {"width": 390, "height": 844, "has_touch": True, "is_mobile": True}
SEEN = "(() => { const m = geoinno.maps.map_sheet, c = m.getCenter(); return [m.getZoom(), c.lng]; })()"


def drag(page, *paths):
    """Draw one finger or more along straight paths, as a hand would do."""
    session = page.context.new_cdp_session(page)
    for step in range(13):
        points = [
            {"x": x + step / 12 * dx, "y": y + step / 12 * dy, "id": i}
            for i, (x, y, dx, dy) in enumerate(paths)
        ]
        kind = "touchMove" if step else "touchStart"
        session.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})
    session.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})


@pytest.fixture
def scroll_by_finger(settled, until):
    """Draw a finger upwards, and wait until the page has scrolled and come to rest."""

    def scroll(page, x, y):
        page.evaluate("() => addEventListener('scrollend', () => { window.rests = true; })")
        drag(page, (x, y, 0, -160))
        until(page, "scrollY > 50 && window.rests")
        settled(page)

    return scroll


@pytest.mark.usefixtures("engine")
def test_one_finger_scrolls_the_page_and_leaves_the_map(scroll_by_finger, visit, plain):
    page = visit(plain.html(), **PHONE | {"height": 420})
    box, before = page.locator(".gi-map").bounding_box(), page.evaluate(SEEN)
    scroll_by_finger(page, box["x"] + box["width"] / 2, box["y"] + 240)
    assert page.evaluate(SEEN) == before
    assert page.evaluate("location.hash") == ""


def test_on_a_laptop_one_finger_scrolls_the_page_and_the_mouse_moves_the_map(
    scroll_by_finger, until, visit, plain
):
    # A fine pointer beside a touch screen: what a page then learns of the device.
    laptop = (
        "const real = matchMedia.bind(window);"
        "window.matchMedia = q => real(q === '(pointer: coarse)' ? '(max-width: 1px)' : q);"
    )
    html = plain.html().replace("<head>", f"<head><script>{laptop}</script>", 1)
    page = visit(html, width=900, height=320, has_touch=True)
    box, before = page.locator(".gi-map").bounding_box(), page.evaluate(SEEN)
    scroll_by_finger(page, box["x"] + 200, box["y"] + 200)
    assert page.evaluate(SEEN) == before
    box = page.locator(".gi-map").bounding_box()
    page.mouse.move(box["x"] + 200, box["y"] + 200)
    page.mouse.down()
    page.mouse.move(box["x"] + 300, box["y"] + 200, steps=5)
    page.mouse.up()
    until(page, f"lng => {SEEN}[1] < lng", arg=before[1])


@pytest.mark.usefixtures("engine")
def test_two_fingers_zoom_and_move_the_map(becomes, until, visit, plain):
    page = visit(plain.html(), **PHONE)
    box = page.locator(".gi-map").bounding_box()
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    zoom = page.evaluate(SEEN)[0]
    drag(page, (x - 30, y, -60, 0), (x + 30, y, 60, 0))
    until(page, f"zoom => {SEEN}[0] > zoom + 1", arg=zoom)
    until(page, "location.hash.startsWith('#map_sheet=0,')")
    at_home = f"zoom => location.hash === '' && Math.abs({SEEN}[0] - zoom) < 0.01"

    def tapped_home():
        page.locator("[data-tool=home]").tap()
        return page.evaluate(at_home, zoom)

    # A browser may take the first tap after a gesture for its end: a hand then taps again.
    becomes(page, tapped_home, expected=True)


def tap(page, x, y):
    """Tap a point, so long after the tap before that the two are no double tap."""
    page.evaluate("() => new Promise(done => setTimeout(done, 400))")
    page.touchscreen.tap(x, y)


# Where places of flows are on the screen, and whether arrows have stepped back.
NODES = {
    "leaflet": "(() => { const m = geoinno.maps.map_sheet, s = m.gi.state,"
    " b = s.host.getBoundingClientRect();"
    " return s.scene.flows[0].nodes.map(n => m.latLngToContainerPoint(s.world.place(n.x, n.y)))"
    ".map(p => [p.x + b.left, p.y + b.top]); })()",
    "maplibre": "(() => { const m = geoinno.maps.map_sheet, b = m.getContainer().getBoundingClientRect();"
    " return m.getSource('flow0-node').serialize().data.features"
    ".map(f => m.project(f.geometry.coordinates)).map(p => [p.x + b.left, p.y + b.top]); })()",
}
FAINT = {
    "leaflet": "[...document.querySelectorAll('.gi-flow')]"
    ".filter(p => +p.getAttribute('fill-opacity') < 0.5).length > 0",
    "maplibre": "Array.isArray(geoinno.maps.map_sheet.getPaintProperty('flow0-0', 'line-opacity'))",
}


def test_a_tap_on_a_place_shows_its_flows_alone_and_a_tap_elsewhere_frees_them(until, visit, engine, flowing):
    page = visit(flowing.html(), **PHONE)
    name, words, alone = page.locator(".gi-tip-name"), page.locator(".gi-tip"), FAINT[engine]
    nodes = flowing.layers[1].nodes
    (x, y), who = page.evaluate(NODES[engine])[0], nodes["name"].iloc[0]
    box = page.locator(".gi-map").bounding_box()
    # A finger is wider than the circle: beside it will do. Then beside the regions, and beside the map.
    for elsewhere in ((box["x"] + box["width"] - 6, box["y"] + 6), (box["x"] + 60, box["y"] - 16)):
        tap(page, x + 9, y)
        expect(name).to_have_text(who)
        expect(words).to_contain_text("outflow")
        until(page, alone)
        tap(page, *elsewhere)
        until(page, f"!({alone})")
        expect(name).to_have_count(0)
    # From one place to another, to an arrow or a region, of which the first is freed.
    tap(page, x, y)
    until(page, alone)
    tap(page, *page.evaluate(NODES[engine])[1])
    expect(name).to_have_text(nodes["name"].iloc[1])
    until(page, alone)
    page.locator("input[data-overlay]").tap()
    until(page, f"!({alone})")
    tap(page, x, y)
    expect(words).not_to_contain_text("outflow")
    expect(name).to_have_text(who)


@pytest.mark.usefixtures("engine")
def test_time_answers_a_finger(hurried, settled, until, visit, timed):
    page = visit(hurried(timed), **PHONE)
    slider, time = page.locator("input[data-slide]"), page.locator(".gi-time")
    slider.scroll_into_view_if_needed()
    expect(slider).to_be_in_viewport()
    settled(page)
    box = slider.bounding_box()
    drag(page, (box["x"] + 8, box["y"] + box["height"] / 2, box["width"] / 2, 0))
    until(page, "+document.querySelector('input[data-slide]').value > 2")
    until(page, "location.hash.length > 1")
    page.touchscreen.tap(box["x"] + box["width"] - 8, box["y"] + box["height"] / 2)
    expect(time).to_have_text("1997")
    # Played after the last it begins anew, and stays at the last.
    page.evaluate(
        "() => { window.years = []; const time = document.querySelector('.gi-time');"
        " const note = () => window.years.push(time.textContent);"
        " new MutationObserver(note).observe(time, { childList: true }); }"
    )
    page.locator("[data-play]").tap()
    until(page, "window.years.length === 8")
    expect(page.locator("[data-play]")).to_have_attribute("aria-pressed", "false")
    expect(time).to_have_text("1997")


@pytest.mark.usefixtures("engine")
def test_tools_answer_a_finger(visit, two_views):
    page = visit(two_views.html(), **PHONE)
    for tool, ending in (("csv", ".csv"), ("svg", ".svg"), ("png", ".png")):
        page.locator(".gi-tools summary").tap()
        with page.expect_download() as waiting:
            page.locator(f"[data-tool={tool}]").tap()
        assert waiting.value.suggested_filename == f"two_views{ending}"
    page.locator("[data-tool=dark]").tap()
    expect(page.locator(".gi-sheet")).to_have_css("background-color", "rgb(22, 24, 26)")
    page.locator("input[data-pick]").nth(1).tap()
    key = page.locator("[data-view='1'] button.gi-key").first
    key.tap()
    expect(key).to_have_attribute("aria-pressed", "true")
    page.locator("[data-tool=home]").tap()
    expect(key).to_have_attribute("aria-pressed", "false")
    page.locator(".gi-find").fill("Region 2-2")
    page.evaluate("scrollTo(0, document.documentElement.scrollHeight)")
    page.locator(".gi-find").press("Enter")
    expect(page.locator(".gi-tip-name")).to_have_text("Region 2-2")
    expect(page.locator(".gi-tip")).to_be_in_viewport(ratio=0.9)
    page.locator("details.gi-table > summary").tap()
    page.locator(".gi-sort").nth(1).tap()
    expect(page.locator("th[aria-sort=ascending]")).to_have_count(1)


@pytest.mark.usefixtures("engine")
def test_the_whole_screen_and_the_menu_answer_a_finger(until, visit, two_views):
    page = visit(two_views.html(), **PHONE)
    page.locator("details.gi-table > summary").tap()
    expect(page.locator("th .gi-sort")).not_to_have_count(0)
    page.locator("[data-tool=screen]").tap()
    until(page, "document.fullscreenElement === document.querySelector('.gi-sheet')")
    # What stands below the map does not run into what stands below that.
    until(
        page,
        "() => { const box = name => document.querySelector(name).getBoundingClientRect();"
        " return box('.gi-side').bottom <= box('.gi-foot').top + 1; }",
    )
    page.locator("[data-tool=screen]").tap()
    until(page, "!document.fullscreenElement")
    page.locator(".gi-tools summary").tap()
    expect(page.locator(".gi-menu")).to_be_visible()
    page.locator(".gi-title").tap()
    expect(page.locator(".gi-menu")).to_be_hidden()


def zooms(page, engine):
    """Return the zoom of each map of a page; large ones stand in frames."""
    if engine == "leaflet":
        return page.evaluate("Object.values(geoinno.maps).map(m => m.getZoom().toFixed(2))")
    frames = page.frames[1:]
    return [frame.evaluate("geoinno.maps.map_sheet.getZoom().toFixed(2)") for frame in frames]


def test_maps_side_by_side_move_together_under_fingers_and_keys(becomes, settled, visit, engine, two_views):
    pair = tuple(gi.draw.sheet(layer, title=layer.name, source="S") for layer in two_views.layers)
    page = visit(gi.report.page("Two", pair), width=800, height=700, has_touch=True, ready="main")
    rooms = page.frames[1:] if engine == "maplibre" else [page, page]
    for room in rooms:
        room.wait_for_selector("[data-gi-ready]", state="attached")
    expect(page.locator("iframe")).to_have_count(len(page.frames) - 1)
    # Each map fits itself to the page when that is first drawn, and the other follows.
    settled(page)
    becomes(page, lambda: len(set(zooms(page, engine))), 1)
    home = zooms(page, engine)

    def apart_from_home():
        first, second = zooms(page, engine)
        return first == second, abs(float(first) - float(home[0])) > 0.5

    box = rooms[0].locator(".gi-map").first.bounding_box()
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    drag(page, (x - 30, y, -60, 0), (x + 30, y, 60, 0))
    becomes(page, apart_from_home, (True, True))
    rooms[-1].locator("[data-tool=home]").last.tap()
    becomes(page, lambda: zooms(page, engine), home)
    rooms[-1].locator(".gi-map, .gi-map canvas").last.focus()
    page.keyboard.press("+")
    becomes(page, apart_from_home, (True, True))
    page.keyboard.press("Home")
    becomes(page, lambda: zooms(page, engine), home)


@pytest.mark.usefixtures("engine")
def test_a_map_in_a_frame_gives_its_files(visit, plain):
    page = visit(f"<!DOCTYPE html>{gi.report.embed(plain)}", ready="iframe", has_touch=True)
    inside = page.frame_locator("iframe")
    expect(inside.locator("[data-gi-ready]")).to_have_count(1)
    inside.locator(".gi-tools summary").tap()
    with page.expect_download() as waiting:
        inside.locator("[data-tool=csv]").tap()
    assert waiting.value.suggested_filename == "innovating_firms.csv"


def test_words_stay_on_the_screen_of_a_phone(until, visit, plain, lattice):
    page = visit(plain.html(), **PHONE)
    box = page.locator(".gi-map").bounding_box()
    # Regions that are touched come to the front, and so change places in the document.
    regions = page.locator(".gi-region")
    places = [(name, regions.nth(i).bounding_box()) for i, name in enumerate(lattice["name"])]
    for name, there in (places[0], places[21], places[35]):
        tap(page, there["x"] + there["width"] / 2, there["y"] + there["height"] / 2)
        expect(page.locator(".gi-tip-name")).to_have_text(name)
        until(
            page,
            "([left, right]) => { const r = document.querySelector('.gi-tip').getBoundingClientRect();"
            " return left <= r.left && r.right <= right; }",
            arg=[box["x"], box["x"] + box["width"] + 1],
        )
