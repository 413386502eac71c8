"""A real Chromium with the network refused, and the maps that are opened in it."""

from __future__ import annotations

import os
import time
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import geoinno as gi
from geoinno.draw._web import maplibre

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
# How long a loaded machine may take; nothing waits longer than it must.
SECONDS = 120
# What a page leaves for later comes later still by so many milliseconds, as on a machine that is very busy.
LATE = int(os.environ.get("GEOINNO_LATE", "0"))


@pytest.fixture(scope="session")
def browser(chromium):
    from playwright.sync_api import expect, sync_playwright

    expect.set_options(timeout=1_000 * SECONDS)
    with sync_playwright() as play:
        opened = play.chromium.launch(executable_path=chromium, args=FLAGS, timeout=1_000 * SECONDS)
        yield opened
        opened.close()


LATER = (Path(__file__).parent / "late.js").read_text(encoding="utf-8")


def complained(message, problems):
    # Reading pixels back, as tests and screenshots do, makes Chromium and its driver recommend settings. Two
    # fingers that come down while the page still scrolls cannot stop that, as MapLibre would like to.
    advice = ("willReadFrequently", "GPU stall due to ReadPixels", "performance warning", "cancelable=false")
    if message.type in {"error", "warning"} and not any(words in message.text for words in advice):
        problems.append(message.text)


@pytest.fixture
def visit(browser, tmp_path):
    """Open HTML as a file, with options of a context, and watch what it asks for and complains of."""
    opened, problems = [], []

    def go(html, *, width=1200, height=760, ready=READY, address="", **options):
        path = tmp_path / f"page{len(opened)}.html"
        path.write_text(html, encoding="utf-8")
        context = browser.new_context(viewport={"width": width, "height": height}, offline=True, **options)
        context.set_default_timeout(1_000 * SECONDS)
        if LATE:
            context.add_init_script(LATER.replace("LATE", str(LATE)))
        page = context.new_page()
        page.on("console", lambda m: complained(m, problems))
        page.on("pageerror", lambda e: problems.append(str(e)))
        local = ("file:", "data:", "about:", "blob:")
        page.on("request", lambda r: None if r.url.startswith(local) else problems.append(r.url))
        opened.append(context)
        page.goto(path.as_uri() + address)
        if ready:
            page.wait_for_selector(ready, state="attached")
        return page

    yield go
    for context in opened:
        context.close()
    assert problems == []


@pytest.fixture(params=["leaflet", "maplibre"])
def engine(request, monkeypatch):
    """Have every map drawn by one engine, then by the other."""
    if request.param == "maplibre":
        monkeypatch.setattr(maplibre, "MOST_REGIONS", -1)
    return request.param


@pytest.fixture(scope="session")
def until():
    """Wait until an expression is true; Playwright's own wait needs eval, which our pages forbid."""

    def wait(page, expression, arg=None):
        end = time.monotonic() + SECONDS
        while not page.evaluate(expression, arg):
            assert time.monotonic() < end, f"never true: {expression}"
            page.wait_for_timeout(50)

    return wait


@pytest.fixture(scope="session")
def becomes():
    """Read from a page again and again, until the answer is what it should become."""

    def wait(page, read, expected):
        end = time.monotonic() + SECONDS
        while (found := read()) != expected and time.monotonic() < end:
            page.wait_for_timeout(50)
        assert found == expected

    return wait


@pytest.fixture(scope="session")
def settled():
    """Wait until a page has drawn twice: what it left for its next frame is done by then."""
    frames = "new Promise(done => requestAnimationFrame(() => requestAnimationFrame(() => setTimeout(done))))"
    return lambda page: page.evaluate(frames)


@pytest.fixture(scope="session")
def scripts_run():
    """Read what a script in the words of a page has set, once an image begun later has failed to load."""
    failed = (
        "new Promise(done => { const later = new Image();"
        " later.onerror = () => done(window.hit); later.src = 'data:,x'; })"
    )
    return lambda page: page.evaluate(failed)


@pytest.fixture(scope="session")
def hurried():
    """Return the page of a sheet whose times are played in a tenth of the time."""

    def page(sheet):
        before, html = "BEAT = 900;", sheet.html()
        assert html.count(before) == 1
        return html.replace(before, "BEAT = 90;")

    return page


@pytest.fixture(scope="session")
def values(lattice):
    return pd.Series(np.linspace(0, 1, 36), index=lattice.index, name="share").iloc[::-1]


@pytest.fixture(scope="session")
def plain(lattice, values):
    fill = gi.draw.choropleth(lattice, values.where(values > 0.1), legend="Share, %")
    return gi.draw.sheet(fill, title="Innovating firms", source="Survey")


@pytest.fixture(scope="session")
def flowing(lattice, values):
    rows = [("00", "05", 100), ("05", "00", 60), ("00", "50", 30), ("50", "55", 8)]
    flows = pd.DataFrame(rows, columns=["origin", "destination", "value"])
    fill = gi.draw.choropleth(lattice, values, legend="Share, %")
    return gi.draw.sheet(
        fill, gi.draw.flow_lines(flows, lattice, legend="Moves"), title="Moves", source="Survey"
    )


@pytest.fixture(scope="session")
def two_views(lattice, values):
    labels = pd.Series("not significant", index=lattice.index)
    labels.iloc[:2] = "HH"
    first = gi.draw.choropleth(lattice, values, legend="Share, %")
    return gi.draw.sheet(first, gi.draw.cluster_map(lattice, labels), title="Two views", source="Survey")


@pytest.fixture(scope="session")
def bordered(central_asia):
    regions = central_asia.regions
    edges = gi.measure.segments(regions)
    contrast = gi.measure.contrast(regions["primacy"], edges)
    fill = gi.draw.choropleth(regions, regions["primacy"], legend="Primacy")
    lines = gi.draw.border_lines(edges, contrast, legend="Difference")
    return gi.draw.sheet(fill, lines, title="Borders", source="Survey")


@pytest.fixture(scope="session")
def poled(central_asia):
    regions = central_asia.regions
    people = regions["city_population"]
    pole = people > 400_000
    types = pd.DataFrame({"type": pole.map({True: "pole", False: "periphery"}), "agreement": 0.7})
    points = gi.draw.pole_points(pole, regions, people, labels=regions["largest_city"], legend="City people")
    return gi.draw.sheet(gi.draw.roles(regions, types), points, title="Poles", source="Survey")


@pytest.fixture(scope="session")
def crossed(central_asia):
    regions = central_asia.regions
    corners = ("quiet", "one city", "many cities", "both")
    layer = gi.draw.bivariate(regions, regions["primacy"], regions["city_population"], corners=corners)
    return gi.draw.sheet(layer, title="Two at once", source="Survey")


@pytest.fixture(scope="session")
def timed(lattice, values):
    panel = pd.DataFrame({str(year): values + year / 1000 for year in range(1990, 1998)})
    layers = gi.draw.over_time(lattice, panel, legend="Share, %")
    return gi.draw.sheet(*layers, title="Eight years", source="Survey")
