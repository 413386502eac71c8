"""Headings: names of columns as a reader meets them, and names in words as they were given."""

from __future__ import annotations

import re

import pytest

import geoinno as gi
from geoinno.draw._layers.headings import begun, in_words
from geoinno.draw._layers.phrases import Phrase


@pytest.mark.parametrize(
    ("name", "within", "first"),
    [
        ("income_per_head", "income per head", "Income per head"),
        ("area_km2", "area (km²)", "Area (km²)"),
        ("people_per_km2", "people per km²", "People per km²"),
        ("region_gdp", "region GDP", "Region GDP"),
        ("primacy", "primacy", "Primacy"),
        ("доля_занятых", "доля занятых", "Доля занятых"),
        # What is in words, and numbers such as years, stays.
        ("share of firms_total, %", "share of firms_total, %", "share of firms_total, %"),
        ("2009", "2009", "2009"),
        (2009, "2009", "2009"),
        ("_id", "_id", "_id"),
    ],
)
def test_a_name_of_a_column_becomes_words(name, within, first):
    assert (in_words(name), begun(name)) == (within, first)


def test_a_phrase_stays_a_phrase_that_can_be_translated():
    assert isinstance(begun(Phrase("value")), Phrase)


@pytest.fixture
def regions(central_asia):
    return central_asia.regions.rename(
        columns={"city_population": "people_km2", "primacy": "income_per_head"}
    )


def layers_of(regions):
    edges = gi.measure.segments(regions)
    gaps = gi.measure.contrast(regions["income_per_head"], edges).rename("income_gap")
    return {
        "classes": gi.draw.choropleth(regions, "income_per_head"),
        "bivariate": gi.draw.bivariate(regions, "income_per_head", "people_km2"),
        "categories": gi.draw.categories(regions, regions["country"].rename("home_country")),
        "borders": gi.draw.border_lines(edges, gaps, colour=gaps.rename("cost_km")),
        "poles": gi.draw.pole_points(regions["people_km2"] > 1e6, regions, "people_km2"),
        "times": gi.draw.over_time(regions, ["income_per_head", "people_km2"])[1],
    }


def test_no_map_shows_a_name_with_underscores(regions):
    for layer in layers_of(regions).values():
        sheet = gi.draw.sheet(layer, source="S", basemap="none")
        assert not re.search(
            r"[a-z]_[a-z]", " ".join([sheet.title, sheet.alt, *sheet.layers[0].tips.columns])
        )
        for legend in sheet.layers[0].legends:
            assert "_" not in " ".join([legend.title, *(key.label for key in legend.keys)])


def test_titles_begin_as_lines_begin_and_data_keep_their_names(regions):
    drawn = layers_of(regions)
    titles = {kind: layer.legends[0].title for kind, layer in drawn.items()}
    assert titles == {
        "classes": "Income per head",
        "bivariate": "Income per head and people (km²)",
        "categories": "Home country",
        "borders": "Income gap",
        "poles": "Poles by people (km²)",
        "times": "People (km²)",
    }
    assert "income_per_head" in drawn["classes"].table
    sheet = gi.draw.sheet(drawn["classes"], source="S", basemap="none")
    assert "income_per_head" in sheet.table
    html = sheet.html()
    assert "<th>Income per head</th>" in html
    assert "income_per_head" not in html


def test_what_the_user_writes_stays_as_it_is(regions):
    for given in ("income_per_head", "income per head", "INCOME"):
        layer = gi.draw.choropleth(regions, "income_per_head", legend=given)
        assert (layer.legends[0].title, layer.name) == (given, given)
        assert given in gi.draw.sheet(layer, source="S", basemap="none").layers[0].tips
