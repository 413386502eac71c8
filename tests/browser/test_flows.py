"""Flows in a browser: the same arrows as in print, each answering."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from playwright.sync_api import expect

import geoinno as gi
from geoinno.draw._scene.arrow import arrow, curve

pytestmark = pytest.mark.browser


def test_every_flow_answers_at_its_middle(visit, flowing, lattice):
    page = visit(flowing.html())
    expect(page.locator(".gi-flow")).to_have_count(4)
    ends = flowing.layers[1].shapes[["origin", "destination"]].apply(lambda ids: ids.map(lattice["name"]))
    for i, (start, end) in enumerate(ends.itertuples(index=False)):
        point = page.evaluate(
            "i => { const p = document.querySelectorAll('.gi-hit')[i],"
            " m = p.getPointAtLength(p.getTotalLength() / 2), t = p.getScreenCTM();"
            " return [m.x * t.a + t.e, m.y * t.d + t.f]; }",
            i,
        )
        page.mouse.move(*point)
        expect(page.locator(".gi-tip-name")).to_have_text(f"{start} \u2192 {end}")


def test_a_flow_over_the_edge_of_the_world_answers_on_both_sides_of_the_map(visit, engine):
    land = gi.read.land()
    flows = pd.DataFrame({"origin": ["JPN"], "destination": ["CAN"], "value": [9.0]})
    sheet = gi.draw.sheet(gi.draw.flow_lines(flows, land), source="S", focus=land)
    page = visit(sheet.html())
    if engine == "leaflet":
        expect(page.locator(".gi-flow")).to_have_count(1)
    legs = sheet.scene.flows[0].legs(0)
    assert len(legs) == 2
    host = page.locator(".gi-map").bounding_box()
    places = {
        "leaflet": "m.latLngToContainerPoint(m.gi.state.world.place(x, y))",
        "maplibre": "m.project(m.gi.place(x, y))",
    }
    for leg in legs:
        middle = curve(leg.start, leg.end, leg.bend)[32].tolist()
        page.mouse.move(host["x"] + 5, host["y"] + host["height"] - 60)
        expect(page.locator(".gi-tip-name")).to_have_count(0)
        x, y = page.evaluate(
            f"([x, y]) => {{ const m = geoinno.maps.map_sheet, p = {places[engine]}; return [p.x, p.y]; }}",
            middle,
        )
        page.mouse.move(host["x"] + x, host["y"] + y)
        expect(page.locator(".gi-tip-name")).to_have_text("Japan \u2192 Canada")


def test_flows_can_be_hidden(visit, flowing):
    page = visit(flowing.html())
    page.locator("input[data-overlay]").uncheck()
    expect(page.locator(".gi-flow")).to_have_count(0)


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
