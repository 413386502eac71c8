"""What a reader does with a map: search, keys, touch, legend, table, files, time, dark colours, address."""

from __future__ import annotations

import csv
import io
import re
import struct
from xml.etree import ElementTree as ET

import numpy as np
import pandas as pd
import pytest

import geoinno as gi

pytestmark = pytest.mark.browser
FAINT = "all => all.map(p => +p.getAttribute('fill-opacity')).filter(o => o < 0.5).length"


@pytest.fixture(scope="session")
def places(central_asia):
    regions = central_asia.regions
    density = (regions["city_population"] / regions["area_km2"]).rename("density")
    fill = gi.draw.choropleth(regions, density, legend="City people per km\u00b2")
    return gi.draw.sheet(fill, title="Cities of Central Asia", source="GeoNames")


@pytest.fixture(scope="session")
def timed(lattice, values):
    panel = pd.DataFrame({str(year): values + year / 1000 for year in range(1990, 1998)})
    layers = gi.draw.over_time(lattice, panel, legend="Share, %")
    return gi.draw.sheet(*layers, title="Eight years", source="Survey")


def find(page, words):
    page.locator("input[data-find]").fill(words)
    page.locator("input[data-find]").press("Enter")


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("Samarkand", "Samarqand"),  # another spelling
        ("tashkent city", "Tashkent City"),  # case
        ("Issyk Kul", "Issyk"),  # a space for a hyphen
        ("Khujand", "Sughd"),  # a city finds its region
        ("Актюбинская", "Aktobe"),  # a local name
        ("Karagandy", "Karag"),  # a slip
    ],
)
def test_search_forgives_and_outlines_what_it_finds(visit, places, typed, found):
    page = visit(places.html())
    find(page, typed)
    assert page.inner_text(".gi-tip-name").startswith(found)
    widths = page.eval_on_selector_all(
        ".gi-region, .gi-ring", "all => all.map(p => +p.getAttribute('stroke-width'))"
    )
    assert widths.count(3) == 1
    assert found in page.text_content(".gi-live-words")


def test_search_says_when_nothing_is_found(visit, places):
    page = visit(places.html())
    find(page, "Atlantis")
    assert page.locator(".gi-tip").count() == 0
    assert page.inner_text(".gi-found") == "Nothing on the map has that name."
    find(page, "Astana")
    assert page.inner_text(".gi-found") == ""


def test_the_map_is_one_stop_of_the_tab_key_and_arrows_lead_from_region_to_region(visit, plain):
    page = visit(plain.html())
    assert (
        page.eval_on_selector_all(
            ".gi-map, .gi-map *", "all => all.filter(e => e.tabIndex >= 0 && e.className !== '').length"
        )
        == 1
    )
    page.locator(".gi-map").focus()
    page.keyboard.press("ArrowRight")
    first = page.inner_text(".gi-tip-name")
    row, column = map(int, re.findall(r"\d", first))
    page.keyboard.press("ArrowRight")
    assert page.inner_text(".gi-tip-name") == f"Region {row}-{column + 1}"
    page.keyboard.press("ArrowUp")
    # Rows count northwards.
    assert page.inner_text(".gi-tip-name") == f"Region {row + 1}-{column + 1}"
    assert "Share, %" in page.text_content(".gi-live-words")
    outline = page.evaluate("getComputedStyle(document.querySelector('.gi-map')).outlineStyle")
    assert outline == "solid"
    page.keyboard.press("Escape")
    assert page.locator(".gi-tip").count() == 0


def test_the_wheel_scrolls_the_page_and_zooms_with_ctrl(until, visit, plain):
    page = visit(plain.html())
    box = page.locator(".gi-map").bounding_box()
    page.mouse.move(box["x"] + 200, box["y"] + 200)
    zoom = page.evaluate("map_sheet.getZoom()")
    page.mouse.wheel(0, -300)
    page.wait_for_timeout(400)
    assert page.evaluate("map_sheet.getZoom()") == zoom
    assert "Ctrl" in page.inner_text(".gi-hint")
    page.keyboard.down("Control")
    page.mouse.wheel(0, -300)
    page.keyboard.up("Control")
    until(page, "z => map_sheet.getZoom() > z", arg=zoom)
    page.locator("[data-tool=home]").click()
    until(page, "z => Math.abs(map_sheet.getZoom() - z) < 1e-6", arg=zoom)


def test_the_legend_filters_and_highlights_by_mouse_and_keyboard(visit, plain):
    page = visit(plain.html())
    counts = [key.count for key in plain.layers[0].legends[0].keys]
    first = page.locator("button.gi-key").first
    first.hover()
    assert page.eval_on_selector_all(".gi-region", FAINT) == 36 - counts[0]
    page.mouse.move(5, 5)
    assert page.eval_on_selector_all(".gi-region", FAINT) == 0
    first.focus()
    page.keyboard.press("Enter")
    page.locator("button.gi-key").nth(2).click()
    assert first.get_attribute("aria-pressed") == "true"
    assert page.eval_on_selector_all(".gi-region", FAINT) == 36 - counts[0] - counts[2]
    page.locator("[data-tool=home]").click()
    assert page.eval_on_selector_all(".gi-region", FAINT) == 0


def test_a_place_under_the_pointer_shows_its_flows_alone(visit, flowing):
    page = visit(flowing.html())
    name = next(i for i, node in enumerate(flowing.layers[1].nodes["name"]) if node == "Region 5-5")
    assert page.eval_on_selector_all(".gi-flow", FAINT) == 0
    page.locator(".gi-node").nth(name).hover(force=True)
    ends = flowing.layers[1].shapes[["origin", "destination"]]
    assert page.eval_on_selector_all(".gi-flow", FAINT) == int((ends != "55").all(axis=1).sum())
    page.mouse.move(5, 5)
    assert page.eval_on_selector_all(".gi-flow", FAINT) == 0


def test_the_table_is_complete_and_sorts_by_any_column(visit, places):
    page = visit(places.html())
    page.locator("details.gi-table > summary").click()
    assert page.locator(".gi-scroll tbody tr").count() == 48
    heads = page.locator(".gi-sort").all_inner_texts()
    column = heads.index("City people per km\u00b2")
    cells = f".gi-scroll tbody td:nth-child({column + 1})"
    page.locator(".gi-sort").nth(column).click()
    page.locator(".gi-sort").nth(column).click()
    shown = page.locator(cells).all_inner_texts()
    density = (places.layers[0].table["City people per km\u00b2"]).sort_values(ascending=False)
    assert [word.replace("\u202f", "") for word in shown[:2]] == [
        f"{float(f'{v:.3e}'):g}" for v in density.iloc[:2]
    ]
    assert page.locator("th[aria-sort=descending]").count() == 1


def test_a_table_sorts_and_a_scale_reads_in_the_language_of_the_sheet(visit, lattice):
    ends = [("00", "05", 1_500_000.0), ("50", "55", 10.5), ("00", "50", 2.0), ("55", "05", 1.25)]
    flows = pd.DataFrame(ends, columns=["origin", "destination", "value"])
    drawn = gi.draw.flow_lines(flows, lattice, top=4)
    page = visit(gi.draw.sheet(drawn, title="Потоки", source="S", lang="ru").html())
    page.locator("details.gi-table > summary").click()
    assert page.locator(".gi-sort").all_inner_texts() == ["откуда", "куда", "значение"]
    page.locator(".gi-sort").nth(2).click()
    cells = page.locator(".gi-scroll tbody td:nth-child(3)").all_inner_texts()
    assert cells == ["1,25", "2", "10,5", "1,5\u202fмлн"]
    assert re.fullmatch(r"[\d\u202f]+ км", page.locator(".gi-scale").inner_text())
    assert page.locator(".leaflet-control-zoom-in").get_attribute("aria-label") == "Приблизить"


def test_numbers_are_downloaded_as_they_are(visit, places, tmp_path):
    page = visit(places.html())
    page.locator(".gi-tools summary").click()
    with page.expect_download() as waiting:
        page.locator("[data-tool=csv]").click()
    assert waiting.value.suggested_filename == "cities_of_central_asia.csv"
    waiting.value.save_as(tmp_path / "numbers.csv")
    rows = list(csv.DictReader(io.StringIO((tmp_path / "numbers.csv").read_text(encoding="utf-8-sig"))))
    assert [row["id"] for row in rows] == list(places.layers[0].table.index)
    read = [float(row["City people per km\u00b2"]) for row in rows]
    np.testing.assert_allclose(read, places.layers[0].table["City people per km\u00b2"], rtol=1e-6)


def test_formulas_in_names_are_text_in_the_file(visit, lattice, values, tmp_path):
    regions = lattice.assign(name=["=1+1", *lattice["name"][1:]])
    shown = gi.draw.sheet(gi.draw.choropleth(regions, values), title="T", source="S")
    page = visit(shown.html())
    page.locator(".gi-tools summary").click()
    with page.expect_download() as waiting:
        page.locator("[data-tool=csv]").click()
    waiting.value.save_as(tmp_path / "numbers.csv")
    assert "'=1+1" in (tmp_path / "numbers.csv").read_text(encoding="utf-8-sig")


def test_the_map_is_downloaded_as_a_drawing_and_as_a_picture(visit, flowing, tmp_path):
    page = visit(flowing.html())
    page.locator(".gi-tools summary").click()
    with page.expect_download() as waiting:
        page.locator("[data-tool=svg]").click()
    waiting.value.save_as(tmp_path / "map.svg")
    root = ET.parse(tmp_path / "map.svg").getroot()
    words = " ".join(e.text or "" for e in root.iter("{http://www.w3.org/2000/svg}text"))
    for part in ("Moves", "Share, %", "Survey", "km"):
        assert part in words
    fills = [e.get("fill") for e in root.iter("{http://www.w3.org/2000/svg}path")]
    shown = {flowing.layers[0].legends[0].keys[c].fill for c in flowing.layers[0].shapes["code"]}
    assert shown <= set(fills)
    page.locator(".gi-tools summary").click()
    with page.expect_download() as waiting:
        page.locator("[data-tool=png]").click()
    waiting.value.save_as(tmp_path / "map.png")
    width, _ = struct.unpack(">II", (tmp_path / "map.png").read_bytes()[16:24])
    assert width == 2 * 1200


def test_time_plays_to_its_end(until, visit, timed):
    page = visit(timed.html())
    assert page.locator("datalist[id$=ticks] option").count() == 8
    page.locator("[data-play]").click()
    until(page, "() => document.querySelector('.gi-time').textContent === '1992'")
    page.locator("[data-play]").click()
    stopped = page.inner_text(".gi-time")
    page.wait_for_timeout(1200)
    assert page.inner_text(".gi-time") == stopped


def test_dark_colours_are_chosen_by_the_system_or_the_reader(visit, plain):
    page = visit(plain.html())
    paper = "getComputedStyle(document.querySelector('.gi-sheet')).backgroundColor"
    assert page.evaluate(paper) == "rgb(255, 255, 255)"
    page.locator("[data-tool=dark]").click()
    assert page.evaluate(paper) == "rgb(22, 24, 26)"
    page.locator("[data-tool=dark]").click()
    page.emulate_media(color_scheme="dark")
    assert page.evaluate(paper) == "rgb(255, 255, 255)"
    page.reload()
    page.wait_for_selector("[data-gi-ready]", state="attached")
    assert page.evaluate(paper) == "rgb(22, 24, 26)"


def test_a_theme_of_ones_own_stays_whatever_the_system(visit, lattice, values):
    fill = gi.draw.choropleth(lattice, values)
    light, dark = (gi.draw.sheet(fill, title="T", source="S", theme=theme) for theme in ("light", "dark"))
    paper = "getComputedStyle(document.querySelector('.gi-sheet')).backgroundColor"
    page = visit(light.html())
    page.emulate_media(color_scheme="dark")
    assert page.evaluate(paper) == "rgb(255, 255, 255)"
    assert visit(dark.html()).evaluate(paper) == "rgb(22, 24, 26)"


def test_the_address_of_a_page_shows_the_same_again(until, visit, two_views):
    page = visit(two_views.html())
    page.locator("input[data-pick]").nth(1).check()
    page.locator(".gi-map").focus()
    page.keyboard.press("+")
    until(page, "() => location.hash.endsWith(map_sheet.getZoom().toFixed(2)) && !map_sheet._animatingZoom")
    page.keyboard.press("Shift+ArrowRight")
    assert page.evaluate("location.hash").startswith("#map_sheet=1,")
    seen = page.evaluate("[map_sheet.getZoom(), map_sheet.getCenter().lng, location.hash]")
    page.reload()
    page.wait_for_selector("[data-gi-ready]", state="attached")
    again = page.evaluate("[map_sheet.getZoom(), map_sheet.getCenter().lng, location.hash]")
    np.testing.assert_allclose(again[:2], seen[:2], atol=0.01)
    assert page.locator("input[data-pick]").nth(1).is_checked()


@pytest.mark.parametrize("name", ["plain", "flowing", "bordered", "poled", "crossed", "timed"])
def test_nothing_of_the_legend_is_hidden_on_a_small_screen(visit, request, name):
    page = visit(request.getfixturevalue(name).html(), width=700, height=500)
    clipped = "all => all.filter(e => e.scrollHeight > e.clientHeight + 1).length"
    assert page.eval_on_selector_all(".gi-side, .gi-body", clipped) == 0


def test_words_stay_on_the_screen_of_a_phone(browser, places, tmp_path):
    (tmp_path / "map.html").write_text(places.html(), encoding="utf-8")
    context = browser.new_context(viewport={"width": 390, "height": 844}, has_touch=True, is_mobile=True)
    page = context.new_page()
    page.goto((tmp_path / "map.html").as_uri())
    page.wait_for_selector("[data-gi-ready]", state="attached")
    box = page.locator(".gi-map").bounding_box()
    for share in (0.15, 0.5, 0.8):
        page.touchscreen.tap(box["x"] + box["width"] * share, box["y"] + box["height"] * 0.45)
        tip = page.locator(".gi-tip")
        if tip.count():
            there = tip.bounding_box()
            assert box["x"] <= there["x"]
            assert there["x"] + there["width"] <= box["x"] + box["width"] + 1
    # One finger scrolls the page; two move the map.
    assert page.evaluate("map_sheet.dragging.enabled()") is False
    assert page.evaluate("map_sheet.touchZoom.enabled()") is True
    context.close()


def test_small_regions_have_a_ring_that_answers_and_gives_way(until, visit, places):
    page = visit(places.html())
    names = [places.layers[0].tips[""].iloc[i] for i in places.scene.spots[0].region]
    assert {"Tashkent City", "Astana", "Bishkek"} <= set(names)
    assert page.locator(".gi-ring").count() == len(names)
    page.locator(".gi-ring").nth(names.index("Astana")).hover()
    assert page.inner_text(".gi-tip-name") == "Astana"
    page.evaluate("map_sheet.setView([51.15, 71.4], map_sheet.getZoom() + 6, { animate: false })")
    until(page, "() => document.querySelectorAll('.gi-ring').length === 0")
    assert "Rings mark" in page.inner_text(".gi-foot")


def test_lakes_lie_over_regions_and_let_the_pointer_through(visit, places):
    page = visit(places.html())
    assert page.locator(".gi-lake").count() > 5
    assert page.eval_on_selector_all(
        ".gi-lake", "all => all.every(e => getComputedStyle(e).pointerEvents === 'none')"
    )
