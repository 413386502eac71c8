"""The ground under a map: land around the frame, shared borders once, a graticule of few round degrees."""

from __future__ import annotations

import geopandas
import numpy as np
import pandas as pd
import pytest
import shapely

import geoinno as gi
from geoinno.draw import basemap as rooms
from geoinno.draw._scene.projection import projection
from geoinno.draw.basemap import basemap, graticule, is_tiled, national_borders, shared_edges

SQUARES = np.array([shapely.box(c, r, c + 1, r + 1) for r in range(2) for c in range(2)], dtype=object)
FRAME = (-300_000.0, -300_000.0, 300_000.0, 300_000.0)


@pytest.fixture(scope="module")
def alps(austria):
    return projection(austria.regions.geometry)


def test_shared_edges_are_those_of_two_owners_alone():
    # Four unit squares, the western two of one owner: the border is the line between the halves.
    lines = shared_edges(SQUARES, np.array([0, 1, 0, 1]))
    assert shapely.union_all(lines).equals(shapely.LineString([(1, 0), (1, 2)]))
    assert len(shared_edges(SQUARES, np.zeros(4, int))) == 0


def test_one_country_has_no_national_border():
    assert len(national_borders(SQUARES, None)) == 0
    assert len(national_borders(SQUARES, pd.Series(["A"] * 4))) == 0
    assert shapely.length(national_borders(SQUARES, pd.Series(list("ABAB")))).sum() == pytest.approx(2.0)


def test_land_covers_an_inland_frame_and_none_is_none(alps):
    inland = tuple(side / 3 for side in FRAME)  # a hundred kilometres each way, far from the Adriatic
    ground = basemap(alps, inland, 200.0)
    assert shapely.union_all(ground.land).covers(shapely.box(*inland))
    assert len(ground.borders) > 0
    empty = basemap(alps, FRAME, 600.0, kind="none")
    assert (len(empty.land), len(empty.borders), len(empty.graticule)) == (0, 0, 0)


def test_land_of_the_world_is_valid():
    # Snapped one by one, neighbours no longer share all vertices: their union as a coverage crosses itself.
    unit = 35_000.0
    chosen = projection(gi.read.land().geometry, 8857)
    ground = basemap(chosen, (-1.7e7, -8.4e6, 1.7e7, 8.4e6), unit)
    assert shapely.is_valid(ground.land).all()
    # Without Antarctica, land has about 135 million km\u00b2; the projection keeps areas.
    assert shapely.area(ground.land).sum() / 1e12 == pytest.approx(135, rel=0.02)


def test_the_whole_union_is_taken_where_that_of_a_coverage_is_not_valid():
    overlapping = np.array([shapely.box(0, 0, 2, 2), shapely.box(1, 1, 3, 3)], dtype=object)
    whole = rooms._union(overlapping)
    assert whole.is_valid
    assert whole.area == pytest.approx(7)


def test_the_graticule_is_the_finest_with_at_most_six_parallels(alps):
    # The frame is 600 km high, about 5.4 degrees: a step of 1 degree makes at most six parallels in it.
    lines, step = graticule(alps, FRAME)
    assert step == 1
    degrees = alps.inverse(shapely.get_coordinates(lines))
    assert np.abs(degrees - np.round(degrees)).min(axis=1).max() < 0.01


def test_an_address_of_tiles_needs_its_three_parts():
    assert not is_tiled("land")
    assert is_tiled("https://tiles.example/{z}/{x}/{y}.png")
    with pytest.raises(gi.GeoinnoError, match="Tiles have an address"):
        is_tiled("http://tiles.example/{z}/{x}/{y}.png")
    with pytest.raises(gi.OptionError, match="basemap must be one of"):
        gi.draw.sheet(layer(), source="S", basemap="satellite")


def layer():
    regions = gi.read.sample("austria").regions
    return gi.draw.categories(regions, "country")


@pytest.mark.parametrize(
    ("middle", "frame"),
    [
        ((10, 47), FRAME),
        ((178, -17), FRAME),  # Fiji, across the 180th meridian
        ((20, 85), (-2e6, -2e6, 2e6, 2e6)),  # a pole in the frame
        ((100, 50), (-4e6, -3e6, 4e6, 3e6)),
        ((0, 10), (-1.8e7, -9e6, 1.8e7, 9e6)),  # the world
    ],
)
def test_land_that_is_left_out_reaches_no_map(middle, frame, monkeypatch):
    lon, lat = middle
    small = geopandas.GeoSeries([shapely.box(lon - 1, lat - 1, lon + 1, lat + 1)], crs=4326)
    chosen = projection(small, 8857 if frame[2] > 1e7 else "auto")
    unit = (frame[2] - frame[0]) / 300
    found = rooms.basemap(chosen, frame, unit)
    monkeypatch.setattr(rooms, "_is_near", lambda bounds, *_: np.ones(len(bounds), dtype=bool))
    place = rooms._Place("", frame, unit, chosen)
    expected = rooms._ground.__wrapped__(place)  # anew, not what is kept
    for one, other in ((found.land, expected.land), (found.lakes, expected.lakes)):
        # What is the same piece by piece need not be joined.
        same = set(shapely.to_wkb(one)) == set(shapely.to_wkb(other))
        assert same or shapely.equals(shapely.union_all(one), shapely.union_all(other))
    assert shapely.length(found.borders).sum() == pytest.approx(shapely.length(expected.borders).sum())


def test_far_land_is_left_out(alps):
    bounds = np.array([[8.0, 46, 9, 47], [-110, 30, -100, 40], [368.0, 46, 369, 47]])
    assert rooms._is_near(bounds, alps, FRAME).tolist() == [True, False, True]


def test_maps_of_one_frame_share_their_land(alps):
    first, again = (basemap(alps, FRAME, 600.0) for _ in range(2))
    lined = basemap(alps, FRAME, 600.0, kind="graticule")
    assert first.land is again.land is lined.land
    assert (len(first.graticule), len(lined.graticule) > 0) == (0, True)
    finer = basemap(alps, FRAME, 300.0)
    moved = basemap(alps, (FRAME[0] + 600.0, *FRAME[1:]), 600.0)
    other = basemap(projection(geopandas.GeoSeries([shapely.box(5, 44, 12, 48)], crs=4326)), FRAME, 600.0)
    assert not any(ground.land is first.land for ground in (finer, moved, other))


def test_regions_that_are_countries_have_no_border_beside_their_outlines():
    assert len(national_borders(SQUARES, pd.Series(list("ABCD")))) == 0
    assert len(national_borders(SQUARES, pd.Series(list("ABCC")))) > 0


def test_a_flat_map_of_the_world_shows_where_the_world_ends():
    world = projection(gi.read.land().geometry)
    frame = (-1.8e7, -0.9e7, 1.8e7, 0.9e7)
    (rim,) = basemap(world, frame, 20_000.0).graticule
    assert rim.is_ring
    # Equal Earth keeps areas: what the rim encloses is the surface of the ellipsoid, 510.066 million km2.
    assert shapely.Polygon(rim).area / 1e12 == pytest.approx(510.066, rel=1e-3)
    globe = projection(gi.read.land().geometry, "globe")
    assert len(basemap(globe, frame, 20_000.0).graticule) == 0
    near = projection(gi.read.sample("austria").regions.geometry)
    assert len(basemap(near, (-3e5, -2e5, 3e5, 2e5), 600.0).graticule) == 0
