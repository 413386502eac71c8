"""Names under which the search on a web map finds a region: its large cities, and countries in words."""

from __future__ import annotations

import json

import pytest
from shapely.geometry import box

import geoinno as gi
from geoinno.draw._web.numbers import named_regions
from geoinno.draw._web.places import cities_of, countries_of


@pytest.fixture(scope="module")
def world():
    land = gi.read.land()
    return gi.draw.choropleth(land.assign(v=range(len(land))), "v")


def found(layer, name):
    return [layer.shapes.index[i] for city, i, _ in cities_of(layer) if city == name]


def test_cities_belong_to_the_region_that_holds_them(austria):
    layer = gi.draw.choropleth(austria.regions, "primacy")
    assert found(layer, "Vienna") == ["AUT-2331"]
    assert austria.regions.loc[found(layer, "Munich"), "name"].tolist() == ["Bayern"]


def test_a_city_is_known_under_the_long_name_of_its_own_country(north_america):
    layer = gi.draw.choropleth(north_america.regions, "primacy")
    names = {city: others.split() for city, _, others in cities_of(layer)}
    assert "ciudaddemexico" in names["Mexico City"]


def test_a_city_just_outside_is_in_no_region(austria):
    home = austria.regions[austria.regions["country"] == "AUT"]
    # Bratislava lies five kilometres from the border.
    assert found(gi.draw.choropleth(home, "primacy"), "Bratislava") == []


def test_cities_are_found_in_any_crs_and_whole_ones_before_their_neighbours(austria):
    degrees = gi.draw.choropleth(austria.regions, "primacy")
    metres = gi.draw.choropleth(austria.regions.to_crs(3035), "primacy")
    assert cities_of(metres) == cities_of(degrees)
    halves = austria.regions.iloc[:2].set_geometry(
        [box(16.0, 48.0, 16.37, 48.4), box(16.37, 48.0, 16.7, 48.4)]
    )
    layer = gi.draw.choropleth(halves.set_crs(4326, allow_override=True), "primacy")
    # Vienna, at 16.372 degrees east, is within reach of both.
    assert found(layer, "Vienna") == [halves.index[1]]


def test_every_country_has_its_largest_city_and_its_capital(world):
    land = gi.read.land()
    listed = {name for name, _, _ in cities_of(world)}
    assert {"Moscow", "Beijing", "Shanghai", "Bern", "Zürich", "Canberra", "Sydney", "Reykjavík"} <= listed
    assert len(land) < len(cities_of(world)) <= 300


def test_countries_are_found_in_english_and_in_the_language_of_the_map(world):
    def called(lang, code):
        return [name for name, i in countries_of(world, lang) if world.shapes.index[i] == code]

    # CLDR's names; where the map itself has them they are not repeated.
    assert called("de", "DEU") == ["Deutschland"]
    assert called("en", "DEU") == []
    assert called("fr", "COD") == ["Congo - Kinshasa", "Congo-Kinshasa"]


def test_regions_of_countries_are_no_countries(lattice, north_america):
    for regions in (lattice, north_america.regions):
        layer = gi.draw.choropleth(regions.assign(v=range(len(regions))), "v")
        assert countries_of(layer, "de") == []


def test_a_map_of_the_world_does_not_grow_by_more_than_a_twentieth(world):
    page = len(gi.draw.sheet(world, source="S").html().encode())
    names = named_regions(world, "en")["aliases"]
    added = len(json.dumps(names, ensure_ascii=False, separators=(",", ":")).encode())
    assert added < 0.05 * (page - added)
