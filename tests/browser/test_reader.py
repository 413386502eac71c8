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
from playwright.sync_api import expect

import geoinno as gi

pytestmark = pytest.mark.browser


def faint(page, what):
    """Return how many regions, or flows, have stepped back."""
    opacity = "all => all.map(p => +p.getAttribute('fill-opacity')).filter(o => o < 0.5).length"
    return page.eval_on_selector_all(what, opacity)


@pytest.fixture(scope="session")
def places(central_asia):
    regions = central_asia.regions
    density = (regions["city_population"] / regions["area_km2"]).rename("density")
    fill = gi.draw.choropleth(regions, density, legend="City people per km\u00b2")
    return gi.draw.sheet(fill, title="Cities of Central Asia", source="GeoNames")


def find(page, words):
    page.locator("input[data-find]").fill(words)
    page.locator("input[data-find]").press("Enter")


FOUND = {
    "Samarkand": "Samarqand",  # another spelling
    "tashkent city": "Tashkent City",  # case
    "Issyk Kul": "Issyk",  # a space for a hyphen
    "Khujand": "Sughd",  # a city finds its region
    "Актюбинская": "Aktobe",  # a local name
    "Karagandy": "Karag",  # a slip
    "\u0421\u0430\u043c\u0430\u0440\u043a\u0430\u043d\u0434": "Samarqand",  # another alphabet
}


def test_search_forgives_and_outlines_what_it_finds(visit, places):
    page = visit(places.html())
    for typed, found in FOUND.items():
        find(page, typed)
        expect(page.locator(".gi-tip-name")).to_have_text(re.compile(f"^{found}"))
        expect(page.locator(".gi-region[stroke-width='3'], .gi-ring[stroke-width='3']")).to_have_count(1)
        expect(page.locator(".gi-live-words")).to_contain_text(found)


def test_search_says_when_nothing_is_found(visit, places):
    page = visit(places.html())
    find(page, "Buchara")
    expect(page.locator(".gi-tip")).to_have_count(1)
    # Two slips in so few letters are another name, and what was found before is gone.
    find(page, "Atlantis")
    expect(page.locator(".gi-found")).to_have_text("Nothing on the map has that name.")
    expect(page.locator(".gi-tip")).to_have_count(0)
    find(page, "Astana")
    expect(page.locator(".gi-found")).to_have_text("")


def test_the_map_is_one_stop_of_the_tab_key_and_arrows_lead_from_region_to_region(visit, plain):
    page = visit(plain.html())
    assert (
        page.eval_on_selector_all(
            ".gi-map, .gi-map *", "all => all.filter(e => e.tabIndex >= 0 && e.className !== '').length"
        )
        == 1
    )
    page.locator(".gi-map").focus()
    name = page.locator(".gi-tip-name")
    page.keyboard.press("ArrowRight")
    expect(name).to_have_text(re.compile("Region"))
    row, column = map(int, re.findall(r"\d", name.inner_text()))
    page.keyboard.press("ArrowRight")
    expect(name).to_have_text(f"Region {row}-{column + 1}")
    page.keyboard.press("ArrowUp")
    # Rows count northwards.
    expect(name).to_have_text(f"Region {row + 1}-{column + 1}")
    expect(page.locator(".gi-live-words")).to_contain_text("Share, %")
    expect(page.locator(".gi-map")).to_have_css("outline-style", "solid")
    page.keyboard.press("Escape")
    expect(name).to_have_count(0)


def test_the_wheel_scrolls_the_page_and_zooms_with_ctrl(until, visit, plain):
    page = visit(plain.html())
    box = page.locator(".gi-map").bounding_box()
    zoom = page.evaluate("map_sheet.getZoom()")
    page.mouse.move(box["x"] + 200, box["y"] + 200)
    # The hint goes after a second, so that the page itself notes that it was there.
    page.evaluate(
        "() => { const hint = document.querySelector('.gi-hint');"
        " new MutationObserver(() => { window.hinted = window.hinted || !hint.hidden; })"
        ".observe(hint, { attributes: true }); }"
    )
    page.mouse.wheel(0, -300)
    until(page, "window.hinted")
    # Leaflet answers a wheel within 40 ms: a later timer of the same page runs after that.
    page.evaluate("() => new Promise(done => setTimeout(done, 200))")
    assert page.evaluate("map_sheet.getZoom()") == zoom
    expect(page.locator(".gi-hint")).to_contain_text("Ctrl")
    page.keyboard.down("Control")
    page.mouse.wheel(0, -300)
    page.keyboard.up("Control")
    until(page, "z => map_sheet.getZoom() > z", arg=zoom)
    page.locator("[data-tool=home]").click()
    until(page, "z => Math.abs(map_sheet.getZoom() - z) < 1e-6", arg=zoom)


def test_the_legend_filters_and_highlights_by_mouse_and_keyboard(becomes, visit, plain):
    page = visit(plain.html())
    counts = [key.count for key in plain.layers[0].legends[0].keys]
    first = page.locator("button.gi-key").first
    first.hover()
    becomes(page, lambda: faint(page, ".gi-region"), 36 - counts[0])
    page.mouse.move(5, 5)
    becomes(page, lambda: faint(page, ".gi-region"), 0)
    first.focus()
    page.keyboard.press("Enter")
    page.locator("button.gi-key").nth(2).click()
    expect(first).to_have_attribute("aria-pressed", "true")
    becomes(page, lambda: faint(page, ".gi-region"), 36 - counts[0] - counts[2])
    page.locator("[data-tool=home]").click()
    becomes(page, lambda: faint(page, ".gi-region"), 0)


def test_a_place_under_the_pointer_shows_its_flows_alone(becomes, visit, flowing):
    page = visit(flowing.html())
    name = next(i for i, node in enumerate(flowing.layers[1].nodes["name"]) if node == "Region 5-5")
    becomes(page, lambda: faint(page, ".gi-flow"), 0)
    page.locator(".gi-node").nth(name).hover(force=True)
    ends = flowing.layers[1].shapes[["origin", "destination"]]
    becomes(page, lambda: faint(page, ".gi-flow"), int((ends != "55").all(axis=1).sum()))
    page.mouse.move(5, 5)
    becomes(page, lambda: faint(page, ".gi-flow"), 0)


def test_the_table_is_complete_and_sorts_by_any_column(becomes, visit, places):
    page = visit(places.html())
    page.locator("details.gi-table > summary").click()
    expect(page.locator("th .gi-sort")).not_to_have_count(0)
    expect(page.locator(".gi-scroll tbody tr")).to_have_count(48)
    heads = page.locator(".gi-sort").all_inner_texts()
    column = heads.index("City people per km\u00b2")
    cells = page.locator(f".gi-scroll tbody td:nth-child({column + 1})")
    page.locator(".gi-sort").nth(column).click()
    expect(page.locator("th[aria-sort=ascending]")).to_have_count(1)
    page.locator(".gi-sort").nth(column).click()
    expect(page.locator("th[aria-sort=descending]")).to_have_count(1)
    density = (places.layers[0].table["City people per km\u00b2"]).sort_values(ascending=False)
    largest = [f"{float(f'{v:.3e}'):g}" for v in density.iloc[:2]]
    becomes(page, lambda: [cells.nth(i).inner_text().replace("\u202f", "") for i in range(2)], largest)


def test_a_table_sorts_and_a_scale_reads_in_the_language_of_the_sheet(visit, lattice):
    ends = [("00", "05", 1_500_000.0), ("50", "55", 10.5), ("00", "50", 2.0), ("55", "05", 1.25)]
    flows = pd.DataFrame(ends, columns=["origin", "destination", "value"])
    drawn = gi.draw.flow_lines(flows, lattice, top=4)
    page = visit(gi.draw.sheet(drawn, title="Потоки", source="S", lang="ru").html())
    page.locator("details.gi-table > summary").click()
    expect(page.locator(".gi-sort")).to_have_text(["откуда", "куда", "значение"])
    page.locator(".gi-sort").nth(2).click()
    cells = page.locator(".gi-scroll tbody td:nth-child(3)")
    expect(cells).to_have_text(["1,25", "2", "10,5", re.compile("1,5\u202fмлн")])
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


def test_a_drawing_keeps_hatches_and_the_colours_of_the_dark(visit, until, engine, values, lattice, tmp_path):
    fill = gi.draw.choropleth(lattice, values.where(values > 0.1), uncertain=values > 0.9)
    page = visit(gi.draw.sheet(fill, title="Dark", source="S").html())
    page.locator("[data-tool=dark]").click()
    expect(page.locator(".gi-sheet")).to_have_css("background-color", "rgb(22, 24, 26)")
    if engine == "maplibre":
        until(page, "geoinno.maps.map_sheet.getPaintProperty('land', 'fill-color') === '#3a3d3f'")
    page.locator(".gi-tools summary").click()
    with page.expect_download() as waiting:
        page.locator("[data-tool=svg]").click()
    waiting.value.save_as(tmp_path / "map.svg")
    root = ET.parse(tmp_path / "map.svg").getroot()
    fills = [e.get("fill") or "" for e in root.iter()]
    used = {match[1] for match in map(re.compile(r"#([\w-]+)[\"')]+$").search, fills) if match}
    # The class without data and the dots of the uncertain, in the legend and (drawn as shapes) on the map.
    assert {"map_sheet-hatch", "map_sheet-dots"} <= used <= {e.get("id") for e in root.iter()}
    if engine == "leaflet":
        assert "rgb(58, 61, 63)" in fills
    scale = [
        e.get("stroke") for e in root.iter("{http://www.w3.org/2000/svg}path") if "h" in (e.get("d") or "")
    ]
    assert "rgb(236, 236, 236)" in scale


def test_time_plays_to_its_end_and_stops_when_told(hurried, until, visit, timed):
    page = visit(hurried(timed))
    expect(page.locator("datalist[id$=ticks] option")).to_have_count(8)
    # What is shown is noted in the page: a busy machine may look away for a beat or two.
    page.evaluate(
        "() => { window.years = []; const time = document.querySelector('.gi-time');"
        " const note = () => window.years.push(time.textContent);"
        " new MutationObserver(note).observe(time, { childList: true }); }"
    )
    play = page.locator("[data-play]")
    play.click()
    pressed = "document.querySelector('[data-play]').getAttribute('aria-pressed')"
    until(page, f"window.years.length > 0 && {pressed} === 'false'")
    assert page.evaluate("window.years") == [str(year) for year in range(1991, 1998)]
    # From the last it begins anew; stopped in the same breath, it stays there for two beats and more.
    page.evaluate("() => { const b = document.querySelector('[data-play]'); b.click(); b.click(); }")
    page.evaluate("() => new Promise(done => setTimeout(done, 200))")
    expect(page.locator(".gi-time")).to_have_text("1990")


def test_dark_colours_are_chosen_by_the_system_or_the_reader(settled, visit, plain):
    page = visit(plain.html())
    paper = page.locator(".gi-sheet")
    expect(paper).to_have_css("background-color", "rgb(255, 255, 255)")
    page.locator("[data-tool=dark]").click()
    expect(paper).to_have_css("background-color", "rgb(22, 24, 26)")
    page.locator("[data-tool=dark]").click()
    expect(paper).to_have_css("background-color", "rgb(255, 255, 255)")
    page.emulate_media(color_scheme="dark")
    settled(page)
    expect(paper).to_have_css("background-color", "rgb(255, 255, 255)")
    page.reload()
    expect(page.locator("[data-gi-ready]")).to_have_css("background-color", "rgb(22, 24, 26)")


def test_a_theme_of_ones_own_stays_whatever_the_system(visit, lattice, values):
    fill = gi.draw.choropleth(lattice, values)
    light, dark = (gi.draw.sheet(fill, title="T", source="S", theme=theme) for theme in ("light", "dark"))
    page = visit(light.html(), color_scheme="dark")
    expect(page.locator(".gi-sheet")).to_have_css("background-color", "rgb(255, 255, 255)")
    expect(visit(dark.html()).locator(".gi-sheet")).to_have_css("background-color", "rgb(22, 24, 26)")


def test_small_regions_have_a_ring_that_answers_and_gives_way(visit, places):
    page = visit(places.html())
    names = [places.layers[0].tips[""].iloc[i] for i in places.scene.spots[0].region]
    assert {"Tashkent City", "Astana", "Bishkek"} <= set(names)
    expect(page.locator(".gi-ring")).to_have_count(len(names))
    page.locator(".gi-ring").nth(names.index("Astana")).hover()
    expect(page.locator(".gi-tip-name")).to_have_text("Astana")
    page.evaluate("void map_sheet.setView([51.15, 71.4], map_sheet.getZoom() + 6, { animate: false })")
    expect(page.locator(".gi-ring")).to_have_count(0)
    assert "Rings mark" in page.inner_text(".gi-foot")


def test_lakes_lie_over_regions_and_let_the_pointer_through(visit, places):
    page = visit(places.html())
    assert page.locator(".gi-lake").count() > 5
    assert page.eval_on_selector_all(
        ".gi-lake", "all => all.every(e => getComputedStyle(e).pointerEvents === 'none')"
    )


# A reader in another country calls a city by another name; GeoNames lists them.
CITIES = {
    "Vienna": "Wien",
    "Munich": "Oberbayern",
    "Muenchen": "Oberbayern",
    "Мюнхен": "Oberbayern",
    "Cologne": "Köln",
    "Prague": "Praha",
    "Lisbon": "Área Metropolitana de Lisboa",
    "Lissabon": "Área Metropolitana de Lisboa",
    "Warsaw": "Warszawski stołeczny",
    "Seville": "Andalucía",
    "Florence": "Toscana",
    "Brussels": "Région de Bruxelles",
    "Copenhagen": "Hovedstaden",
    "Breslau": "Dolnośląskie",
    # With an article or without.
    "The Hague": "Zuid-Holland",
    "Den Haag": "Zuid-Holland",
    "den haag": "Zuid-Holland",
    "Haag": "Zuid-Holland",
    "La Haye": "Zuid-Holland",
    "La Haya": "Zuid-Holland",
    "L'Aia": "Zuid-Holland",
    "A Coruña": "Galicia",
    "La Coruña": "Galicia",
    "Coruña": "Galicia",
    "Le Havre": "Haute-Normandie",
    "Havre": "Haute-Normandie",
    # What the map itself calls its regions comes before what others call Lyon.
    "León": "Castilla y León",
}
COUNTRIES = {
    "Moscow": "Russia",
    "Moskau": "Russia",
    "Peking": "China",
    "Pékin": "China",
    "Frankreich": "France",
}


def test_cities_of_europe_are_found_under_the_names_they_have_elsewhere(visit, strangers):
    regions = gi.read.regions(strangers / "eu_nuts2" / "regions_2016.geojson", id="NUTS_ID", name="NUTS_NAME")
    page = visit(gi.draw.sheet(gi.draw.choropleth(regions, "region_gdp"), source="S").html())
    for typed, region in CITIES.items():
        find(page, typed)
        expect(page.locator(".gi-tip-name")).to_have_text(re.compile(f"^{region}"))
    find(page, "Atlantis")
    expect(page.locator(".gi-tip")).to_have_count(0)
    find(page, "Firenze")
    expect(page.locator(".gi-found")).to_have_text("Florence")


def test_countries_are_found_by_their_cities_and_in_the_language_of_the_map(visit):
    land = gi.read.land()
    fill = gi.draw.choropleth(land.assign(v=range(len(land))), "v")
    page = visit(gi.draw.sheet(fill, source="S", lang="de", title="Die Welt").html())
    for typed, country in COUNTRIES.items():
        find(page, typed)
        expect(page.locator(".gi-tip-name")).to_have_text(country)
