"""No map breaks a rule of accessibility that a machine can check (axe-core, where npm could install it)."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

import geoinno as gi
from geoinno.draw._web import maplibre

pytestmark = pytest.mark.browser
CHECK = """async rules => (await axe.run(document, rules ? { runOnly: rules } : {})).violations
    .map(v => v.id + ': ' + v.nodes.map(n => n.html.slice(0, 120)).join(' | '))"""
# The dark changes colours alone: the other rules have been tried in the light.
COLOURS = ["color-contrast", "link-in-text-block"]


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


@pytest.fixture(scope="session")
def sheets(lattice, values, central_asia, north_america):
    """A sheet of every kind of map that the other tests do not draw."""
    regions = central_asia.regions
    ranks, letters = values.rank(), pd.Series(list("ABCDEF") * 6, index=lattice.index)
    steps = pd.concat(
        {f"{share:.0%} open": values.to_frame() * share for share in (0.1, 0.2, 0.4, 0.6, 0.8, 0.9, 1)}
    )
    near = gi.weigh.contiguity(lattice, islands="bridge", links=[("00", "55")])
    fill = gi.draw.choropleth(lattice, values, uncertain=ranks < 9)
    edges = gi.measure.segments(regions)
    income = north_america.panel["income"].filter(like="USA")
    states = north_america.regions.loc[income.index.unique("region")]
    slow = gi.simulate.time_space(gi.weigh.travel_minutes(lattice, speed_kmh=60, border_minutes=120), lattice)
    layers = {
        "categories": [gi.draw.categories(lattice, letters)],
        "uncertain": [fill],
        "signs": [gi.draw.choropleth(lattice, values - 0.5, midpoint=0)],
        "links": [fill, gi.draw.link_lines(lattice, near)],
        "lines": [gi.draw.border_lines(edges, gi.measure.contrast(regions["primacy"], edges))],
        "scenarios": [*gi.draw.over_scenarios(lattice, steps, "share")],
        "clubs": [gi.draw.club_map(states, gi.measure.convergence_clubs(np.log(income)))],
        "mobility": [gi.draw.mobility_map(states, gi.measure.markov(income))],
        "displacements": [fill, gi.draw.displacements(slow.places, lattice)],
    }
    return {name: gi.draw.sheet(*parts, title=name, source="S") for name, parts in layers.items()}


@pytest.fixture
def pages(timed, lattice, values):
    """Maps side by side, and an atlas."""
    pair = tuple(gi.draw.sheet(layer, title=layer.name, source="S") for layer in timed.layers[:2])
    people = lattice.assign(people=100 * (1 + values))
    return {
        "beside": lambda: gi.report.page("Side by side", "## Two years", pair),
        "atlas": lambda: gi.report.atlas(people, mass="people", half_km=50, title="Atlas").html(),
    }


KINDS = [
    "categories",
    "uncertain",
    "signs",
    "links",
    "lines",
    "scenarios",
    "clubs",
    "mobility",
    "displacements",
]
MAPS = ["plain", "flowing", "two_views", "bordered", "poled", "crossed", "timed", "globe"]


@pytest.fixture
def violations(axe, settled, until):
    """Return a function that names the rules a page breaks, as wide as a desk and a phone, light and dark."""

    def broken(page):
        for control in ("details.gi-table > summary", ".gi-tools summary"):
            for part in page.locator(control).all():
                part.click()
        # A table that was opened is written anew, with heads that sort.
        tables = "[...document.querySelectorAll('details.gi-table')]"
        until(page, f"{tables}.every(table => table.querySelector('.gi-sort'))")
        page.add_script_tag(content=axe)
        found = {}
        for size in ((1200, 760), (390, 844)):
            page.set_viewport_size({"width": size[0], "height": size[1]})
            for theme in ("light", "dark"):
                page.emulate_media(color_scheme=theme)
                settled(page)
                found[size[0], theme] = page.evaluate(CHECK, None if theme == "light" else COLOURS)
        return {where: what for where, what in found.items() if what}

    return broken


@pytest.mark.parametrize("name", MAPS)
def test_no_map_breaks_a_rule(visit, request, violations, name):
    page = visit(request.getfixturevalue(name).html(), bypass_csp=True)
    assert violations(page) == {}


@pytest.mark.parametrize("name", KINDS)
def test_no_other_map_breaks_a_rule(visit, sheets, violations, name):
    page = visit(sheets[name].html(), bypass_csp=True)
    assert violations(page) == {}


@pytest.mark.parametrize("name", ["beside", "atlas"])
def test_no_page_of_maps_breaks_a_rule(visit, pages, violations, name):
    page = visit(pages[name](), bypass_csp=True)
    assert violations(page) == {}


def test_no_map_of_the_other_engine_breaks_a_rule(visit, flowing, violations, monkeypatch):
    monkeypatch.setattr(maplibre, "MOST_REGIONS", -1)
    page = visit(flowing.html(), bypass_csp=True)
    assert violations(page) == {}
