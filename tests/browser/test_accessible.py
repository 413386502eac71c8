"""No map breaks a rule of accessibility that a machine can check (axe-core, where npm could install it)."""

from __future__ import annotations

import pytest

import geoinno as gi

pytestmark = pytest.mark.browser
CHECK = """async () => (await axe.run(document)).violations
    .map(v => v.id + ': ' + v.nodes.map(n => n.html.slice(0, 120)).join(' | '))"""


@pytest.fixture(scope="session")
def axe(repository):
    script = repository / "tests" / "js" / "node_modules" / "axe-core" / "axe.min.js"
    if not script.is_file():
        pytest.skip("axe-core is not installed: npm install in tests/js")
    return script.read_text(encoding="utf-8")


@pytest.fixture(scope="session")
def globe():
    regions = gi.read.land()
    shown = gi.draw.choropleth(regions, regions.to_crs("+proj=eqearth").area.rename("area") / 1e12)
    return gi.draw.sheet(shown, title="The world", source="Natural Earth", crs="globe")


MAPS = ["plain", "flowing", "two_views", "bordered", "poled", "crossed", "globe"]


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("name", MAPS)
def test_no_map_breaks_a_rule(browser, request, axe, tmp_path, name, theme):
    (tmp_path / "map.html").write_text(request.getfixturevalue(name).html(), encoding="utf-8")
    context = browser.new_context(bypass_csp=True, offline=True, color_scheme=theme)
    page = context.new_page()
    page.goto((tmp_path / "map.html").as_uri())
    page.wait_for_selector("[data-gi-ready]", state="attached", timeout=30_000)
    page.locator("details.gi-table > summary").click()
    page.locator(".gi-tools summary").click()
    page.add_script_tag(content=axe)
    assert page.evaluate(CHECK) == []
    context.close()
