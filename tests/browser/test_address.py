"""The address of a page holds what is shown, so that a link shows the same."""

from __future__ import annotations

import re

import numpy as np
import pytest
from playwright.sync_api import expect

import geoinno as gi

pytestmark = pytest.mark.browser
SEEN = (
    "(() => { const m = geoinno.maps.map_sheet, c = m.getCenter(); return [m.getZoom(), c.lng, c.lat]; })()"
)
MOVE = """() => (document.querySelector('.maplibregl-canvas') || document.querySelector('.gi-map'))
  .dispatchEvent(new KeyboardEvent('keydown', { key: '+', bubbles: true }))"""
# Keys that follow each other at once, as on a machine that is busy; the third is Shift and an arrow.
KEYS = f"""() => {{
  const find = name => document.querySelector(name), map = find('.maplibregl-canvas') || find('.gi-map');
  for (const [key, shiftKey] of [['+'], ['+'], ['ArrowRight', true]]) {{
    map.dispatchEvent(new KeyboardEvent('keydown', {{ key, shiftKey, bubbles: true }}));
  }}
  return {SEEN};
}}"""
# The page has read its new address by the time that a listener added after its own is called.
READ = """words => new Promise(done => {
  addEventListener('hashchange', done, { once: true });
  location.hash = words;
})"""


def loaded_again(page):
    page.reload()
    page.wait_for_selector("[data-gi-ready]", state="attached")


@pytest.mark.usefixtures("engine")
def test_keys_in_a_row_add_up_and_the_address_shows_the_same_again(until, visit, two_views):
    page = visit(two_views.html())
    home = page.evaluate(SEEN)
    page.locator("input[data-pick]").nth(1).check()
    expect(page).to_have_url(re.compile("#map_sheet=1$"))
    moved = page.evaluate(KEYS)
    assert moved[0] == pytest.approx(home[0] + 1.5)
    assert moved[1] > home[1]
    expect(page).to_have_url(re.compile("#map_sheet=1,"))
    address = page.evaluate("location.hash")
    for _ in range(2):
        loaded_again(page)
        np.testing.assert_allclose(page.evaluate(SEEN), moved, atol=0.01)
        expect(page.locator("input[data-pick]").nth(1)).to_be_checked()
        assert page.evaluate("location.hash") == address
    page.locator("[data-tool=home]").click()
    expect(page).to_have_url(re.compile("#map_sheet=1$"))
    until(page, f"home => {SEEN}.every((x, i) => Math.abs(x - home[i]) < 1e-3)", arg=home)


def test_keys_wait_for_a_zoom_by_mouse(until, visit, plain):
    page = visit(plain.html())
    zoom = page.evaluate("map_sheet.getZoom()")
    # The zoom begins a frame after the click; the key follows while the map is on its way.
    page.evaluate(
        "() => { const press = () => document.querySelector('.gi-map')"
        ".dispatchEvent(new KeyboardEvent('keydown', { key: '+' }));"
        " map_sheet.once('zoomanim', press); document.querySelector('.leaflet-control-zoom-in').click(); }"
    )
    until(page, "z => Math.abs(map_sheet.getZoom() - z - 1.5) < 1e-6", arg=zoom)


@pytest.mark.usefixtures("engine")
def test_a_link_leads_to_its_view_while_the_page_is_open(until, visit, two_views):
    page = visit(two_views.html(), address="#map_sheet=1")
    expect(page.locator("input[data-pick]").nth(1)).to_be_checked()
    home, x = page.evaluate(SEEN), round(sum(two_views.scene.frame[::2]) / 2)
    y = round(sum(two_views.scene.frame[1::2]) / 2)
    page.evaluate("words => { location.hash = words; }", f"map_sheet=0,{x},{y},{home[0] + 1:.2f}")
    expect(page.locator("input[data-pick]").nth(0)).to_be_checked()
    until(page, f"z => Math.abs({SEEN}[0] - z) < 0.01", arg=home[0] + 1)


@pytest.mark.usefixtures("engine")
def test_a_link_that_is_followed_while_the_map_moves_is_not_lost(until, visit, two_views):
    page = visit(two_views.html())
    frame, zoom = two_views.scene.frame, page.evaluate(SEEN)[0]
    there = f"map_sheet=1,{frame[0]:.0f},{frame[1]:.0f},{zoom + 2:.2f}"
    # The page hears of its new address after the task in which the map has moved and would write its own.
    page.evaluate(f"there => {{ location.hash = there; ({MOVE})(); }}", there)
    expect(page.locator("input[data-pick]").nth(1)).to_be_checked()
    until(page, f"zoom => Math.abs({SEEN}[0] - zoom) < 0.01", arg=zoom + 2)
    expect(page).to_have_url(re.compile("#map_sheet=1,"))


@pytest.mark.usefixtures("engine")
def test_an_address_that_makes_no_sense_leaves_a_map(until, visit, two_views):
    page = visit(two_views.html(), address="#map_sheet=9,1e99,-1e99,1e99")
    for words in ("", "a,b,c,d", "0,Infinity,0,3", "1,2", ",,,", "-1,0,0,-1e99"):
        page.evaluate(READ, f"map_sheet={words}")
        assert np.isfinite(page.evaluate(SEEN)).all()
    page.evaluate(READ, "map_sheet=1")
    expect(page.locator("input[data-pick]").nth(1)).to_be_checked()
    assert np.isfinite(page.evaluate(SEEN)).all()
    page.locator("[data-tool=home]").click()
    until(page, "location.hash === '#map_sheet=1'")


def test_the_address_does_not_change_more_often_than_browsers_allow(visit, plain):
    page = visit(plain.html())
    changes = page.evaluate(
        "() => { let n = 0; const write = history.replaceState;"
        " history.replaceState = (...parts) => { n += 1; write.apply(history, parts); };"
        " for (let i = 0; i < 300; i++) document.querySelector('.gi-map').dispatchEvent("
        "new KeyboardEvent('keydown', { key: i % 2 ? '-' : '+' })); return n; }"
    )
    assert changes == 80


def test_an_address_waits_for_a_map_in_a_hidden_tab(until, visit, plain):
    fragment = gi.report.embed(plain, mode="inline", key="t")
    html = f'<!DOCTYPE html>{gi.report.assets()}<div id="tab" style="display:none">{fragment}</div>'
    (x0, y0, x1, _), zoom = plain.scene.frame, 5.5
    page = visit(html, address=f"#gi-t-map=0,{x0:.0f},{y0:.0f},{zoom}")
    page.evaluate("document.getElementById('tab').style.display = 'block'")
    until(page, "geoinno.maps['gi-t-map'].gi.fitted()")
    centre = page.evaluate("m = geoinno.maps['gi-t-map'], m.gi.forward(m.getCenter().lng, m.getCenter().lat)")
    np.testing.assert_allclose(centre, [x0, y0], atol=(x1 - x0) / 100)
    assert page.evaluate("geoinno.maps['gi-t-map'].getZoom()") == zoom
    # Its limits are those of the window all the same.
    assert page.evaluate("isFinite(geoinno.maps['gi-t-map'].getMaxZoom())")


def test_maps_side_by_side_share_their_address(settled, until, visit, two_views):
    first, second = (gi.draw.sheet(layer, title=layer.name, source="S") for layer in two_views.layers)
    page = visit(gi.report.page("Two", (first, second)))
    zooms = "Object.values(geoinno.maps).map(m => m.getZoom().toFixed(2))"
    widths = "Object.values(geoinno.maps).map(m => m.getSize().x)"
    page.locator(".gi-map").first.focus()
    page.keyboard.press("+")
    until(page, "location.hash.split('&').length === 2")
    seen = page.evaluate(zooms)
    loaded_again(page)
    until(page, f"seen => {zooms}.join() === seen.join()", arg=seen)
    before = page.evaluate(widths)
    page.set_viewport_size({"width": 1000, "height": 700})
    until(page, f"before => {widths}.every((w, i) => w < before[i])", arg=before)
    settled(page)
    assert page.evaluate(zooms) == seen
    page.locator("[data-tool=home]").first.click()
    until(page, "location.hash === ''")
