"""Borders: lengths against geometry done by others, and where each region stands to them."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

import geopandas
import numpy as np
import pandas as pd
import pytest
import shapely
from pyproj import Geod
from shapely.geometry import box

import geoinno as gi

TRUTH = Path(__file__).parents[2] / "truth"
GEOD = Geod(ellps="WGS84")
# Counts of adjacent pairs published with the samples' sources (see data/SOURCES.md).
PAIRS = {"north_america": (189, 29), "central_asia": (70, 42), "austria": (152, 64)}


def regions_of(shapes, country):
    ids = [f"r{i}" for i in range(len(shapes))]
    return geopandas.GeoDataFrame({"country": list(country)}, geometry=shapes, index=ids, crs=4326)


@pytest.mark.parametrize("name", sorted(PAIRS))
def test_pairs_of_the_samples_are_counted(name):
    kinds = gi.measure.segments(gi.read.sample(name).regions)["kind"]
    assert ((kinds == "domestic").sum(), (kinds == "foreign").sum()) == PAIRS[name]


@pytest.mark.parametrize("name", ["central_asia", "north_america"])
def test_segments_are_as_long_as_in_sf(name):
    # Lengths on the WGS84 ellipsoid by R's sf (lwgeom): tests/truth/geometry.R.
    truth = pd.read_csv(TRUTH / f"borders_{name}.csv")
    ours = gi.measure.segments(gi.read.sample(name).regions).set_index(["first", "second"])["length_km"]
    ordered = [tuple(sorted(pair)) for pair in truth[["first", "second"]].to_numpy()]
    assert len(ours) == len(truth)
    np.testing.assert_allclose(ours.loc[ordered], truth["ellipsoid_km"], rtol=1e-3)


def test_segments_of_two_countries_add_up_to_their_border(central_asia):
    found = gi.measure.segments(central_asia.regions)
    lands = central_asia.regions.dissolve("country").geometry
    meeting = shapely.intersection(lands["KAZ"].boundary, lands["UZB"].boundary)
    pair = found[["first_country", "second_country"]].apply(frozenset, axis=1) == {"KAZ", "UZB"}
    assert found.loc[pair, "length_km"].sum() == pytest.approx(GEOD.geometry_length(meeting) / 1000, rel=1e-3)


def test_lines_are_where_both_regions_are(central_asia):
    found = gi.measure.segments(central_asia.regions)
    edges = central_asia.regions.geometry.boundary
    for side in ("first", "second"):
        off = shapely.distance(found.geometry.to_numpy(), edges[found[side]].to_numpy())
        assert off.max() < 1e-9
    lengths = found.geometry.map(GEOD.geometry_length) / 1000
    np.testing.assert_allclose(found["length_km"], lengths, rtol=1e-9)


def test_slivers_narrower_than_the_tolerance_do_not_hide_a_border():
    # The second cell is drawn 5 m off the first: 5 m / 111 km per degree of longitude at the equator.
    off = 5 / 111_320
    shapes = [box(0, 0, 1, 1), box(1 + off, 0, 2, 1)]
    apart = regions_of(shapes, "AB")
    with pytest.warns(gi.DataWarning, match="Between A and B a strip of up to 5 m lies open"):
        assert gi.measure.segments(apart, snap_m=0.01).empty
    mended = gi.measure.segments(apart, snap_m=10)
    assert mended["length_km"].item() == pytest.approx(GEOD.inv(1, 0, 1, 1)[2] / 1000, rel=1e-6)


def test_blocs_part_foreign_segments():
    cells = regions_of([box(i, 0, i + 1, 1) for i in range(4)], "AABC")
    bloc = pd.Series(["EU", "EU", "EU", "none"], index=cells.index)
    found = gi.measure.segments(cells, bloc=bloc)
    assert found["bloc"].to_list() == ["domestic", "within", "outside"]
    assert found["kind"].to_list() == ["domestic", "foreign", "foreign"]


def test_an_enclave_has_its_boundary_and_an_island_nothing():
    hole = box(0.4, 0.4, 0.6, 0.6)
    place = regions_of([box(0, 0, 1, 1) - hole, hole, box(5, 5, 6, 6)], "ABC")
    found = gi.measure.segments(place)
    assert found["length_km"].item() == pytest.approx(GEOD.geometry_length(hole.exterior) / 1000, rel=1e-9)
    near = gi.measure.exposure(place)
    assert near.loc["r1", "foreign_share"] == pytest.approx(1)
    assert near["country_abroad"].to_list()[:2] == ["B", "A"]
    assert near.loc["r2"].isna()[["country_abroad", "distance_to_border_km"]].all()
    assert not near.loc["r2", "on_border"]


def test_exposure_of_a_strip_follows_from_its_cells(lattice):
    near = gi.measure.exposure(lattice)
    inner = near.loc[["02", "03"]]
    assert inner["neighbours_abroad"].to_list() == [1, 1]
    assert near["on_border"].sum() == 24
    side = GEOD.inv(1, 47, 1, 47.5)[2] / 1000
    assert near.loc["01", "foreign_km"] == pytest.approx(side, rel=1e-9)
    corners = [(0.5, 47), (1, 47), (1, 47.5), (0.5, 47.5), (0.5, 47)]
    around = sum(GEOD.inv(*a, *b)[2] for a, b in pairwise(corners)) / 1000
    assert near.loc["01", "foreign_share"] == pytest.approx(side / around, rel=1e-9)


@pytest.mark.parametrize("name", ["central_asia", "north_america"])
def test_distance_to_the_border_is_that_to_its_nearest_point(name):
    regions = gi.read.sample(name).regions
    found = gi.measure.segments(regions)
    at = gi.weigh.places(regions)
    near = gi.measure.exposure(regions)["distance_to_border_km"]
    for region in regions.index[::7]:
        land = regions.loc[region, "country"]
        own = (found[["first_country", "second_country"]] == land).any(axis=1) & (found["kind"] == "foreign")
        dense = shapely.get_coordinates(found.geometry[own].segmentize(0.002).to_numpy())
        lon, lat = (np.full(len(dense), at.loc[region, c]) for c in ("lon", "lat"))
        # Points every 0.2 km along the border, each by the exact geodesic (pyproj).
        brute = GEOD.inv(lon, lat, *dense.T)[2].min() / 1000
        assert near[region] == pytest.approx(brute, rel=1e-4, abs=0.1)


def test_a_country_must_be_known(lattice):
    with pytest.raises(gi.errors.ColumnError, match="No country is given for '00'"):
        gi.measure.segments(lattice, country=lattice["country"].where(lattice.index != "00"))


@pytest.mark.slow
def test_a_hundred_thousand_polygons_are_cut():
    side = 316
    column, row = np.meshgrid(np.arange(side), np.arange(side))
    edges = np.arange(side + 1) / 100
    x, y = column.ravel(), row.ravel()
    cells = geopandas.GeoDataFrame(
        {"country": np.where(x < 150, "A", "B")},
        geometry=shapely.box(edges[x], edges[y], edges[x + 1], edges[y + 1]),
        index=[f"c{i}" for i in range(side * side)],
        crs=4326,
    )
    found = gi.measure.segments(cells)
    assert len(found) == 2 * side * (side - 1)
    assert (found["kind"] == "foreign").sum() == side
