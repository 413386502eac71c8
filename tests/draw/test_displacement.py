"""Arrows of displacement: from geography to the time-space map, with heads, in two colours."""

from __future__ import annotations

import numpy as np
import pytest
import shapely

import geoinno as gi


@pytest.fixture(scope="module")
def found(lattice):
    minutes = gi.weigh.travel_minutes(lattice, speed_kmh=60, border_minutes=120)
    return gi.simulate.time_space(minutes, lattice)


def test_an_arrow_leads_from_each_region_to_its_place(lattice, found):
    layer = gi.draw.displacements(found.places, lattice)
    assert layer.kind == "lines"
    assert layer.shapes.index.equals(lattice.index)
    shafts = [shapely.get_geometry(shape, 0) for shape in layer.shapes.geometry]
    ends = shapely.get_coordinates(shafts).reshape(-1, 2, 2)
    places = found.places
    assert ends[:, 0] == pytest.approx(places[["lon", "lat"]].to_numpy())
    assert ends[:, 1] == pytest.approx(places[["lon_time", "lat_time"]].to_numpy())
    # Both barbs start from the tip.
    barbs = [shapely.get_coordinates(shapely.get_geometry(shape, 1)) for shape in layer.shapes.geometry]
    assert np.array(barbs)[:, 1] == pytest.approx(ends[:, 1])


def test_arrows_that_lead_outwards_have_their_own_colour(lattice, found):
    layer = gi.draw.displacements(found.places, lattice)
    keys = {key.fill: key for key in layer.legends[0].keys}
    counts = layer.shapes["fill"].value_counts()
    assert {fill: key.count for fill, key in keys.items() if key.count} == counts.to_dict()
    places = gi.weigh.places(lattice)
    wider = places.mean() + 1.3 * (places - places.mean())
    away = places.assign(lon_time=wider["lon"], lat_time=wider["lat"], moved_km=10.0)
    assert {*gi.draw.displacements(away, lattice).shapes["fill"]} == {layer.legends[0].keys[1].fill}


def test_short_arrows_are_left_out(lattice, found):
    longest = found.places["moved_km"].idxmax()
    limit = found.places["moved_km"].drop(longest).max()
    layer = gi.draw.displacements(found.places, lattice, least_km=limit)
    assert layer.shapes.index.to_list() == [longest]
    with pytest.raises(gi.ColumnError, match="no arrow to draw"):
        gi.draw.displacements(found.places, lattice, least_km=1e6)


def test_the_date_line_cuts_no_arrow(lattice):
    shifted = lattice.set_geometry(lattice.translate(xoff=178.5)).cx[:179.9, :]
    places = gi.weigh.places(shifted)
    away = places.assign(lon_time=-179.9, lat_time=places["lat"], moved_km=10.0)
    layer = gi.draw.displacements(away, shifted)
    assert np.ptp(shapely.get_coordinates(layer.shapes.geometry.to_numpy()[0])[:, 0]) < 3


def test_places_are_checked(lattice, found):
    with pytest.raises(gi.ColumnError, match=r"places lack 'moved_km'.*time_space"):
        gi.draw.displacements(found.places.drop(columns="moved_km"), lattice)
    with pytest.raises(gi.AlignmentError, match="places and the regions"):
        gi.draw.displacements(found.places.iloc[1:], lattice)


def test_a_sheet_draws_them_on_the_web_and_in_print(lattice, found):
    fill = gi.draw.over_time(lattice.assign(a=range(36), b=range(1, 37)), ["a", "b"])
    arrows = gi.draw.displacements(found.places, lattice, note="Stress 0.04.")
    sheet = gi.draw.sheet(*fill, arrows, title="Time-space", source="tests")
    assert "Stress 0.04." in sheet.html()
    texts = [text.get_text() for ax in sheet.figure().axes for text in ax.texts]
    assert any("towards the middle" in text for text in texts)
