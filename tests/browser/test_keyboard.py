"""Every function of a map by keyboard alone, whichever engine draws it."""

from __future__ import annotations

import io
import re

import numpy as np
import pandas as pd
import pytest
from PIL import Image
from playwright.sync_api import expect

import geoinno as gi

pytestmark = pytest.mark.browser
# Maps draw anew for each class of a legend that the focus passes: the shorter way round takes less time.
BACK = "Shift+Tab"
# The page answers in a task of its own, after that in which a key has moved the focus.
HAS_FOCUS = "s => new Promise(done => setTimeout(() => done(document.activeElement.matches(s))))"


@pytest.fixture(scope="module")
def whole(lattice, values):
    """A map of several views with flows on top: all tools of the reader but the slider."""
    labels = pd.Series("not significant", index=lattice.index)
    labels.iloc[:2] = "HH"
    rows = [("00", "05", 100), ("05", "00", 60), ("00", "50", 30), ("50", "55", 8)]
    flows = pd.DataFrame(rows, columns=["origin", "destination", "value"])
    layers = (gi.draw.choropleth(lattice, values, legend="Share, %"), gi.draw.cluster_map(lattice, labels))
    return gi.draw.sheet(*layers, gi.draw.flow_lines(flows, lattice, legend="Moves"), title="All", source="S")


def tab_to(page, selector, key="Tab"):
    """Press the tab key, or it with Shift for the way back, until something has the focus."""
    for _ in range(80):
        if page.evaluate(HAS_FOCUS, selector):
            return
        page.keyboard.press(key)
    message = f"the tab key does not lead to {selector}"
    raise AssertionError(message)


def press(page, *keys):
    for key in keys:
        page.keyboard.press(key)


def handed_out(page, tool, key="Tab"):
    """Choose a file of the menu by keyboard, and return its name and content."""
    tab_to(page, ".gi-tools summary", key)
    press(page, "Enter")
    tab_to(page, f"[data-tool={tool}]")
    with page.expect_download() as waiting:
        press(page, "Enter")
    return waiting.value.suggested_filename, waiting.value.path().read_bytes()


def test_files_answer_the_keyboard(visit, whole, engine):
    page = visit(whole.html())
    name, content = handed_out(page, "csv")
    assert name == "all.csv"
    assert content.decode("utf-8-sig").startswith("id,Region,")
    assert content.decode("utf-8-sig").count("\n") == 37
    drawing = handed_out(page, "svg", BACK)[1].decode()
    assert "Share, %" in drawing
    assert ("<image" in drawing) == (engine == "maplibre")
    picture = Image.open(io.BytesIO(handed_out(page, "png", BACK)[1])).convert("RGB")
    assert picture.width == 2400
    fills = {k.fill for k in whole.layers[0].legends[0].keys}
    colours = {"#{:02x}{:02x}{:02x}".format(*c) for _, c in picture.crop((0, 0, 1900, 1300)).getcolors(10**6)}
    assert fills <= colours


@pytest.mark.usefixtures("engine")
def test_tools_answer_the_keyboard(until, visit, whole):
    page = visit(whole.html())
    tab_to(page, "[data-tool=dark]")
    press(page, "Space")
    expect(page.locator(".gi-sheet")).to_have_css("background-color", "rgb(22, 24, 26)")
    tab_to(page, "[data-tool=screen]", BACK)
    press(page, "Enter")
    until(page, "document.fullscreenElement === document.querySelector('.gi-sheet')")
    press(page, "Enter")
    until(page, "!document.fullscreenElement")
    tab_to(page, "details.gi-table > summary", BACK)
    press(page, "Enter")
    expect(page.locator("th:nth-child(2) .gi-sort")).to_be_visible()
    tab_to(page, "th:nth-child(2) .gi-sort")
    press(page, "Enter")
    expect(page.locator("th[aria-sort=ascending]")).to_have_count(1)


@pytest.mark.usefixtures("engine")
def test_views_legend_search_and_home_answer_the_keyboard(until, visit, whole):
    page = visit(whole.html())
    tab_to(page, ".gi-find", BACK)
    page.keyboard.type("Region 0-0")
    press(page, "Enter")
    expect(page.locator(".gi-tip-name")).to_have_text("Region 0-0")
    tab_to(page, "input[data-pick]")
    press(page, "ArrowDown")
    expect(page.locator("input[data-pick]").nth(1)).to_be_checked()
    tab_to(page, "[data-view='1'] button.gi-key")
    press(page, "Space")
    expect(page.locator("[data-view='1'] button.gi-key").first).to_have_attribute("aria-pressed", "true")
    tab_to(page, "input[data-overlay]", BACK)
    press(page, "Space")
    expect(page.locator("input[data-overlay]")).not_to_be_checked()
    tab_to(page, ".gi-map, .gi-map canvas", BACK)
    press(page, "+", "Shift+ArrowLeft")
    until(page, "location.hash.split(',').length === 4")
    tab_to(page, "[data-tool=home]", BACK)
    press(page, "Enter")
    until(page, "location.hash === '#map_sheet=1'")
    expect(page.locator("button[aria-pressed=true].gi-key")).to_have_count(0)


@pytest.mark.usefixtures("engine")
def test_keys_lead_to_regions_and_to_what_lies_there(visit, whole):
    page = visit(whole.html())
    tab_to(page, ".gi-find", BACK)
    page.keyboard.type("Region 0-1")
    press(page, "Enter")
    tab_to(page, ".gi-map, .gi-map canvas")
    expect(page.locator(".gi-keys")).to_be_in_viewport(ratio=0.9)
    # From what was found the arrow keys go on; Enter leads to the place there and to each of its flows.
    name, tip, spoken = (page.locator(f".gi-{part}") for part in ("tip-name", "tip", "live-words"))
    press(page, "ArrowLeft")
    expect(name).to_have_text("Region 0-0")
    expect(spoken).to_contain_text("Share, %")
    seen = []
    for _ in range(5):
        before = tip.inner_text()
        press(page, "Enter")
        expect(tip).not_to_have_text(before)
        seen.append(name.inner_text())
    ends = {"Region 0-0 \u2192 Region 0-5", "Region 0-5 \u2192 Region 0-0", "Region 0-0 \u2192 Region 5-0"}
    assert seen[0] == seen[4] == "Region 0-0"
    assert set(seen[1:4]) == ends
    press(page, "Escape")
    expect(name).to_have_count(0)
    expect(page.locator("[aria-describedby='gi-sheet-keys']")).to_have_count(1)


@pytest.mark.usefixtures("engine")
def test_keys_lead_to_places_and_borders_where_no_view_fills_the_regions(visit, flowing, bordered):
    for layer, words in ((flowing.layers[1], "Region"), (bordered.layers[1], "\u2013")):
        page = visit(gi.draw.sheet(layer, title="Alone", source="S").html())
        tab_to(page, ".gi-map, .gi-map canvas")
        press(page, "ArrowRight")
        expect(page.locator(".gi-tip-name")).to_contain_text(words)


@pytest.mark.usefixtures("engine")
def test_borders_of_a_region_answer_the_keyboard(visit, bordered):
    page = visit(bordered.html())
    tab_to(page, ".gi-find", BACK)
    page.keyboard.type("Karakalpakstan")
    press(page, "Enter")
    tab_to(page, ".gi-map, .gi-map canvas")
    press(page, "Enter")
    expect(page.locator(".gi-tip-name")).to_have_text(
        re.compile("Karakalpakstan \u2013|\u2013 Karakalpakstan")
    )


@pytest.mark.usefixtures("engine")
def test_time_answers_the_keyboard(until, visit, lattice, values):
    panel = pd.DataFrame({str(year): values + year / 1000 for year in range(1990, 1998)})
    layers = gi.draw.over_time(lattice, panel, legend="Share, %")
    page = visit(gi.draw.sheet(*layers, title="Eight years", source="Survey").html())
    tab_to(page, "input[data-slide]")
    press(page, "End")
    expect(page.locator(".gi-time")).to_have_text("1997")
    tab_to(page, "[data-play]")
    press(page, "Enter")
    until(page, "document.querySelector('.gi-time').textContent !== '1997'")


@pytest.mark.usefixtures("engine")
def test_words_of_a_region_lie_above_the_map(becomes, visit, whole):
    page = visit(whole.html())
    tab_to(page, ".gi-map, .gi-map canvas")
    press(page, "ArrowRight")
    expect(page.locator(".gi-tip-name")).to_contain_text("Region")

    def paper():
        box = page.locator(".gi-tip").bounding_box()
        clip = {"x": box["x"] + 3, "y": box["y"] + 3, "width": 2, "height": 2}
        return np.asarray(Image.open(io.BytesIO(page.screenshot(clip=clip))).convert("RGB")).min()

    becomes(page, paper, 255)
