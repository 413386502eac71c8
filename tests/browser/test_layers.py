"""Borders, poles, roles and two indicators in a browser, and their legends."""

from __future__ import annotations

import pytest
import shapely
from playwright.sync_api import expect

import geoinno as gi

pytestmark = pytest.mark.browser
INSIDE = "all => all.every(e => e.scrollWidth <= e.clientWidth + 1)"
WHOLE = "all => all.every(e => e.scrollHeight <= e.clientHeight + 1)"


@pytest.mark.parametrize("name", ["plain", "flowing", "bordered", "poled", "crossed"])
def test_web_and_print_legends_agree_and_nothing_is_clipped(settled, until, visit, request, name):
    shown = request.getfixturevalue(name)
    page = visit(shown.html(), width=700, height=500)
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
    assert page.eval_on_selector_all(".gi-side, .gi-side section, .gi-key", INSIDE)
    assert page.eval_on_selector_all(".gi-side, .gi-body", WHOLE)
    page.set_viewport_size({"width": 1200, "height": 760})
    until(page, "map_sheet.getSize().x > 700")
    settled(page)
    assert page.eval_on_selector_all(".gi-side, .gi-side section, .gi-key", INSIDE)


def test_nothing_of_a_legend_of_many_times_is_hidden_on_a_small_screen(visit, timed):
    page = visit(timed.html(), width=700, height=500)
    assert page.eval_on_selector_all(".gi-side, .gi-body", WHOLE)


def test_a_border_tells_both_sides_and_their_values(visit, bordered, central_asia):
    page = visit(bordered.html())
    lines = bordered.layers[1].shapes
    expect(page.locator(".gi-stroke")).to_have_count(len(lines))
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
    expect(page.locator(".gi-tip")).to_contain_text("Primacy")
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
    assert poled.layers[1].legends[0].keys[0].label == "2.0\u202fmillion"
    mass = 2e6
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
        "([x, y]) => void map_sheet.setView([y, x], map_sheet.getZoom() + 4, { animate: false })",
        [place.x, place.y],
    )
    expect(page.locator(".gi-label span", has_text=left_out[0]).first).not_to_have_css("visibility", "hidden")


def test_uncertain_types_are_dotted_in_ink_that_shows(visit, poled):
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
    expect(page.locator(".gi-tip")).to_contain_text("Class")


def test_a_long_heading_breaks_between_its_clauses(visit, lattice, values):
    words = "Personal income per head, mean of all states = 1"
    page = visit(gi.draw.sheet(gi.draw.choropleth(lattice, values, legend=words), source="S").html())
    expect(page.locator(".gi-legend h2")).to_have_text(words)
    clauses = page.locator(".gi-legend h2 .gi-clause")
    expect(clauses).to_have_text(["Personal income per head,", "mean of all states = 1"])
    first, second = (clauses.nth(i).bounding_box() for i in (0, 1))
    assert second["y"] >= first["y"] + first["height"] - 1
    assert abs(first["height"] - second["height"]) < 2  # a line each


def test_borders_alone_on_a_phone_are_fine_lines_and_their_table_breaks_no_number(
    until, visit, bordered, central_asia
):
    edges = gi.measure.segments(central_asia.regions)
    contrast = gi.measure.contrast(central_asia.regions["primacy"], edges)
    alone = gi.draw.sheet(gi.draw.border_lines(edges, contrast, legend="Difference"), source="Survey")
    page = visit(alone.html(), width=390, height=844)
    expect(page.locator(".gi-edge").first).to_be_attached()
    expect(page.locator(".gi-stroke")).to_have_count(len(bordered.layers[1].shapes))
    widest = "(found) => Math.max(...found.map(e => +e.getAttribute('stroke-width')))"
    on_map, in_legend = (
        page.eval_on_selector_all(where, widest) for where in (".gi-stroke", ".gi-line path")
    )
    assert 0.55 * 3.6 <= on_map < 0.7 * 3.6
    assert in_legend == pytest.approx(on_map, abs=0.01)
    page.locator("details.gi-table summary").click()
    expect(page.locator(".gi-number").first).to_be_visible()
    in_one_line = "cell => { const r = document.createRange(); r.selectNodeContents(cell);"
    in_one_line += " return r.getBoundingClientRect().height < 25; }"
    assert page.eval_on_selector_all(".gi-number", f"all => all.every({in_one_line})")
    page.locator("[data-tool=screen]").click()
    until(page, "document.fullscreenElement !== null")
    # Nothing lies upon anything else: the page scrolls instead.
    until(
        page,
        "[...document.fullscreenElement.children].filter(e => e.offsetHeight).every((e, i, all) => !i ||"
        " all[i - 1].getBoundingClientRect().bottom <= e.getBoundingClientRect().top + 1)",
    )
