"""Pages: one file with maps, tables and words."""

from __future__ import annotations

import re

import pandas as pd
import pytest

import geoinno as gi


@pytest.fixture(scope="module")
def shown(lattice):
    fill = gi.draw.choropleth(lattice, pd.Series(range(36), index=lattice.index, name="rank"))
    return gi.draw.sheet(fill, title="T", source="S")


def test_a_page_needs_a_block():
    with pytest.raises(gi.GeoinnoError, match="at least one block"):
        gi.report.page("Empty")


def test_the_same_map_may_stand_twice(shown):
    html = gi.report.page("Report", "## One", shown, "## Two", shown)
    ids = re.findall(r'\bid="([^"]+)"', html)
    assert len(ids) == len(set(ids))
    assert html.count("/* Projections: metres to degrees") == 1
    assert html.count("geoinno.mount(") == 2


def test_headings_make_a_table_of_contents():
    html = gi.report.page("Report", "## First & foremost\n\nText.", "## Second")
    targets = re.findall(r'<a href="#([^"]+)">', html)
    assert len(targets) == 2
    assert all(f'id="{target}"' in html for target in targets)
    assert "First &amp; foremost</a>" in html


def test_words_tables_and_results_are_escaped():
    table = pd.DataFrame({"<i>": ["<b>x</b>"]}, index=["<u>"])
    html = gi.report.page(
        "<title>", "A <script>alert(1)</script>", table, pd.Series([1.5], ["<a>"], name="<n>")
    )
    for tag in ("<script>alert", "<b>x", "<i>", "<u>", "<a>", "<n>", "<title><title>"):
        assert tag not in html


def test_sheets_in_a_tuple_stand_side_by_side_and_move_together(north_america):
    income = north_america.panel["income"].unstack()[[1929, 2009]].dropna()  # noqa: PD010 - wide
    states = north_america.regions.loc[income.index]
    before, after = (
        gi.draw.sheet(layer, title=layer.name, source="tests") for layer in gi.draw.over_time(states, income)
    )
    html = gi.report.page("Before and after", (before, after))
    assert html.count('class="gi-map"') == 2
    assert 'class="page-beside page-shared"' in html
    assert 'geoinno.link(["gi-map-1-1-map", "gi-map-1-2-map"])' in html
    other = gi.draw.sheet(gi.draw.choropleth(states, income[2009], count=3), source="tests")
    assert 'class="page-beside"' in gi.report.page("Two scales", (before, other))
    assert ".page-shared .gi-count{display:none}" in html  # counts would be those of one of the maps
    flows = pd.DataFrame([(*states.index[:2], 1.0)], columns=["origin", "destination", "value"])
    moved = gi.draw.sheet(*before.layers, gi.draw.flow_lines(flows, states), source="tests")
    assert 'class="page-beside"' in gi.report.page("One with flows", (moved, after))
