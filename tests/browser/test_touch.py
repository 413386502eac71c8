"""Maps under fingers, on the screen of a phone."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

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


@pytest.mark.usefixtures("engine")
def test_tools_answer_a_finger(until, visit, two_views):
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
    page.locator(".gi-find").press("Enter")
    expect(page.locator(".gi-tip-name")).to_have_text("Region 2-2")
    page.locator("details.gi-table > summary").tap()
    page.locator(".gi-sort").nth(1).tap()
    expect(page.locator("th[aria-sort=ascending]")).to_have_count(1)
    page.locator("[data-tool=screen]").tap()
    until(page, "document.fullscreenElement === document.querySelector('.gi-sheet')")


def test_words_stay_on_the_screen_of_a_phone(until, visit, plain, lattice):
    page = visit(plain.html(), **PHONE)
    box = page.locator(".gi-map").bounding_box()
    # Regions that are touched come to the front, and so change places in the document.
    regions = page.locator(".gi-region")
    places = [(name, regions.nth(i).bounding_box()) for i, name in enumerate(lattice["name"])]
    for name, there in (places[0], places[21], places[35]):
        page.touchscreen.tap(there["x"] + there["width"] / 2, there["y"] + there["height"] / 2)
        expect(page.locator(".gi-tip-name")).to_have_text(name)
        until(
            page,
            "([left, right]) => { const r = document.querySelector('.gi-tip').getBoundingClientRect();"
            " return left <= r.left && r.right <= right; }",
            arg=[box["x"], box["x"] + box["width"] + 1],
        )
