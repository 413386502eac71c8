"""Names that would be code are shown as text, on every layer."""

from __future__ import annotations

import pandas as pd
import pytest
from playwright.sync_api import expect

import geoinno as gi

pytestmark = pytest.mark.browser


def test_untrusted_names_do_not_run(scripts_run, visit, lattice, values):
    evil = '<img src=x onerror="window.hit=1"></script><script>window.hit=2</script>'
    named = lattice.assign(name=evil)
    shown = gi.draw.sheet(
        gi.draw.choropleth(named, values, legend=evil), title=evil, subtitle=evil, source=evil
    )
    page = visit(shown.html())
    page.locator(".gi-region").nth(20).hover()
    expect(page.locator(".gi-tip-name")).to_have_text(evil)
    expect(page.locator(".gi-title")).to_have_text(evil)
    assert scripts_run(page) is None


def test_untrusted_names_do_not_run_on_any_layer(scripts_run, visit, central_asia):
    evil = '<img src=x onerror="window.hit=1"></script><script>window.hit=2</script>'
    regions = central_asia.regions.assign(name=evil)
    people = regions["city_population"].rename(evil)
    edges = gi.measure.segments(regions)
    shown = gi.draw.sheet(
        gi.draw.bivariate(regions, people, regions["primacy"], corners=(evil,) * 4),
        gi.draw.categories(regions, regions["country"].map(lambda c: c + evil), title=evil, legend=evil),
        gi.draw.border_lines(edges, gi.measure.contrast(people, edges), title=evil, legend=evil),
        gi.draw.pole_points(people > 1_000_000, regions, people, title=evil, legend=evil),
        source="S",
    )
    page = visit(shown.html())
    page.locator(".gi-region").nth(20).hover(force=True)
    expect(page.locator(".gi-tip")).to_contain_text(evil)
    expect(page.locator(".gi-label span").first).to_have_text(on_map(evil))
    assert scripts_run(page) is None


def on_map(name):
    """A name beside its place, where a map has room for 48 letters."""
    return name if len(name) <= 48 else name[:47].rstrip() + "\u2026"


@pytest.mark.parametrize(
    "name",
    [
        "\"quoted\" 'names' & <b>tags</b>",
        "\u05d0\u05d6\u05d5\u05e8 \u0645\u0646\u0637\u0642\u0629 abc",
        "Long" * 60,
        "`${x}` {{ x }} \\n",
    ],
)
def test_strange_names_of_flows_are_shown_as_text(until, visit, lattice, name):
    flows = pd.DataFrame([("00", "05", 100), ("05", "00", 60)], columns=["origin", "destination", "value"])
    shown = gi.draw.sheet(
        gi.draw.flow_lines(flows, lattice.assign(name=name), title=name, legend=name), source=name
    )
    page = visit(shown.html())
    point = page.evaluate(
        "() => { const p = document.querySelector('.gi-hit'), m = p.getPointAtLength(p.getTotalLength() / 2),"
        " t = p.getScreenCTM(); return [m.x * t.a + t.e, m.y * t.d + t.f]; }"
    )
    page.mouse.move(*point)
    expect(page.locator(".gi-tip-name")).to_have_text(f"{name} \u2192 {name}")
    assert page.text_content(".gi-label span") == on_map(name)
    assert page.text_content(".gi-legend h2") == name
    until(page, "(e => e.scrollWidth <= e.clientWidth + 1)(document.querySelector('.gi-tip'))")
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


LIVE = "![n](http://127.0.0.1:9/a.png) [x](javascript:alert(1)) <img src=http://127.0.0.1:9/b.png>"


def test_a_page_asks_nothing_of_the_network_whatever_is_written_in_it(visit, lattice, values):
    fill = gi.draw.choropleth(lattice.assign(name=LIVE), values, legend=LIVE)
    table = pd.DataFrame({LIVE: [LIVE]}, index=pd.Index([LIVE], name=LIVE))
    shown = gi.draw.sheet(fill, title=LIVE, subtitle=LIVE, source=LIVE)
    html = gi.report.page(LIVE, f"## {LIVE}\n\n{LIVE}", shown, table, LIVE)
    page = visit(html)
    assert page.locator("img[src^=http]").count() == 0
    assert "default-src 'none'" in html


def test_names_in_an_atlas_are_shown_as_they_are(visit, lattice, values):
    regions = lattice.assign(name="*a* _b_ ![n](http://127.0.0.1:9/a.png)", people=100 * (1 + values))
    html = gi.report.atlas(regions, mass="people", half_km=50, title=LIVE).html()
    page = visit(html)
    expect(page.locator("main p").first).to_contain_text("*a* _b_ ![n](http://127.0.0.1:9/a.png)")
    assert page.locator("img[src^=http]").count() == 0
    assert page.locator("h2").count() > 3


def test_what_is_forbidden_is_not_fetched(until, browser, tmp_path, plain):
    """Were something to slip into a document, the browser would still refuse to ask for it."""
    slipped = '</figure><img src="http://127.0.0.1:9/a.png">'
    listener = (
        "<script>addEventListener('securitypolicyviolation', e => { window.refused = e.violatedDirective; });"
        "</script><script>"
    )
    path = tmp_path / "page.html"
    path.write_text(plain.html().replace("</figure>", slipped).replace("<script>", listener, 1))
    page = browser.new_page()
    page.set_default_timeout(120_000)
    page.goto(path.as_uri())
    until(page, "window.refused === 'img-src'")
    page.close()
