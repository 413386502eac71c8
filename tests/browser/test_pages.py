"""Maps in other people's pages: inline, framed, converted, offline, side by side."""

from __future__ import annotations

import base64
import shutil
import subprocess

import folium
import pytest
from playwright.sync_api import expect

import geoinno as gi

pytestmark = pytest.mark.browser
READY = "[data-gi-ready]"


def is_as_tall_as_its_map(frame):
    height = "document.querySelector('.gi-sheet').getBoundingClientRect().height"
    return abs(frame.bounding_box()["height"] - frame.content_frame().evaluate(height)) < 3


def test_two_inline_maps_and_two_frames_share_a_page(becomes, until, visit, plain, two_views):
    parts = [gi.report.assets()]
    parts += [
        gi.report.embed(s, mode="inline", key=k) for s, k in ((plain, "a"), (two_views, "b"), (plain, "c"))
    ]
    parts += [gi.report.embed(s) for s in (plain, two_views)]
    page = visit("<!DOCTYPE html><style>body{margin:33px;font:17px serif}</style>" + "".join(parts))
    until(page, "document.querySelectorAll('[data-gi-ready]').length === 3")
    assert page.evaluate("getComputedStyle(document.body).margin") == "33px"
    ids = page.eval_on_selector_all("[id]", "all => all.map(e => e.id)")
    assert len(ids) == len(set(ids))
    for key, count in (("a", 1), ("b", 2), ("c", 1)):
        assert page.locator(f"#gi-{key} .gi-legend").count() == count
    for i, frame in enumerate(page.query_selector_all("iframe")):
        frame.scroll_into_view_if_needed()
        frame.content_frame().wait_for_selector(READY, state="attached")
        until(
            page,
            "i => Math.abs(document.querySelectorAll('iframe')[i].getBoundingClientRect().height - 620) > 1",
            arg=i,
        )
        becomes(page, lambda f=frame: is_as_tall_as_its_map(f), expected=True)


def test_a_map_in_a_hidden_tab_fits_once_it_is_shown(until, visit, plain):
    fragment = gi.report.embed(plain, mode="inline", key="t")
    page = visit(f'<!DOCTYPE html>{gi.report.assets()}<div id="tab" style="display:none">{fragment}</div>')
    page.evaluate("document.getElementById('tab').style.display = 'block'")
    until(
        page,
        "() => { const box = name => document.querySelector(name).getBoundingClientRect();"
        " const f = box('.gi-frame'), r = box('.gi-region'); return r.width > 5"
        " && f.left <= r.left && r.left <= f.right && f.top <= r.top && r.top <= f.bottom; }",
    )


def test_any_folium_map_works_offline(visit):
    m = folium.Map([47, 1], tiles=None, zoom_start=5)
    folium.Marker([47, 1], popup="Here").add_to(m)
    page = visit(gi.report.offline(m), ready=".leaflet-marker-icon")
    page.locator(".leaflet-marker-icon").click()
    expect(page.locator(".leaflet-popup")).to_contain_text("Here")


def test_a_page_of_maps_has_its_contents_and_its_maps(until, visit, plain, two_views):
    page = visit(gi.report.page("Report", "## One", plain, "## Two", two_views))
    until(page, "document.querySelectorAll('[data-gi-ready]').length === 2")
    page.locator("nav a").nth(1).click()
    until(page, "scrollY > 0")


def test_maps_side_by_side_move_together(until, north_america, visit):
    income = north_america.panel["income"].unstack()[[1929, 2009]].dropna()
    states = north_america.regions.loc[income.index]
    sheets = tuple(
        gi.draw.sheet(layer, title=layer.name, source="tests") for layer in gi.draw.over_time(states, income)
    )
    page = visit(gi.report.page("Before and after", sheets))
    nearer = page.evaluate("Object.values(geoinno.maps)[0].getZoom()") + 1
    page.evaluate("zoom => void Object.values(geoinno.maps)[0].setZoom(zoom, { animate: false })", nearer)
    until(
        page,
        "zoom => Object.values(geoinno.maps).every(m => Math.abs(m.getZoom() - zoom) < 1e-6)",
        arg=nearer,
    )


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
    page.locator("iframe").scroll_into_view_if_needed()
    expect(page.frame_locator("iframe").locator(READY)).to_be_attached()
    expect(page.frame_locator("iframe").locator(".gi-region")).to_have_count(36)
