"""Bridges: the shortest ways between the parts of a map, found again by brute force."""

from __future__ import annotations

import geopandas
import numpy as np
import pytest
from pyproj import Geod
from scipy.sparse import csgraph
from shapely.geometry import Point, box

import geoinno as gi

_WGS84 = Geod(ellps="WGS84")


def scattered(seed):
    """Return 36 boxes strewn over a continent, none of which touch."""
    random = np.random.default_rng(seed)
    cells = np.stack(np.indices((6, 6)), -1).reshape(-1, 2) * [3.0, 2.0]
    cells += [5, 40]
    low, high = np.sort(random.uniform(0.05, 0.95, (2, 36, 2)), axis=0)
    ends = np.hstack([cells + low * [3, 2], cells + high * [3, 2] + 0.05])
    ids = [f"r{i:02}" for i in random.permutation(36)]
    return geopandas.GeoDataFrame(geometry=[box(*corners) for corners in ends], index=ids, crs=4326)


def spanning_km(points, part):
    """Return the length of a minimum spanning tree of parts, from all pairs of points."""
    a, b = (grid.ravel() for grid in np.indices((len(points), len(points))))
    km = np.asarray(_WGS84.inv(*points[a].T, *points[b].T)[2]) / 1000
    count = part.max() + 1
    table = np.full((count, count), np.inf)
    np.minimum.at(table, (part[a], part[b]), km)
    np.fill_diagonal(table, 0)
    return csgraph.minimum_spanning_tree(table).sum()


@pytest.mark.parametrize("seed", range(4))
def test_places_are_joined_by_a_minimum_spanning_tree(seed):
    random = np.random.default_rng(seed)
    points = np.column_stack(
        [random.uniform(-180, 180, 150), np.degrees(np.arcsin(random.uniform(-1, 1, 150)))]
    )
    ids = [f"p{i:03}" for i in random.permutation(150)]
    places = geopandas.GeoDataFrame(geometry=geopandas.points_from_xy(*points.T), index=ids, crs=4326)
    near = gi.weigh.within(places, max_km=random.uniform(1, 1500))
    part = csgraph.connected_components(near.sparse)[1]
    found = gi.weigh.bridges(near, places)
    assert len(found) == part.max()
    assert found["km"].is_monotonic_increasing
    assert found["km"].sum() == pytest.approx(spanning_km(points, part), rel=1e-9)


def test_polygons_are_joined_where_they_are_nearest():
    regions = scattered(seed=5)
    points = regions.geometry.boundary.segmentize(0.05).get_coordinates()
    part = regions.index.get_indexer(points.index)
    found = gi.weigh.bridges(gi.weigh.contiguity(regions), regions)
    assert len(found) == 35
    assert found["km"].sum() == pytest.approx(spanning_km(points.to_numpy(), part), rel=0.01)


def test_the_bridge_is_the_shortest_pair_and_not_the_nearest_middle():
    # The long region reaches to the island; the middle of the small one is nearer to the island's.
    regions = geopandas.GeoDataFrame(
        index=["island", "long", "small"],
        geometry=[box(10, 0, 11, 1), box(0, 0, 9.8, 1), box(8.5, 1, 9.5, 2)],
        crs=4326,
    )
    found = gi.weigh.bridges(gi.weigh.contiguity(regions), regions)
    assert found[["first", "second"]].to_numpy().tolist() == [["island", "long"]]
    assert found["km"][0] == pytest.approx(_WGS84.inv(9.8, 1, 10, 1)[2] / 1000, rel=1e-3)


@pytest.mark.parametrize("order", [[0, 1, 2, 3], [3, 1, 0, 2], [2, 3, 1, 0]])
def test_equal_ways_are_parted_by_id_and_rows_do_not_matter(order):
    # A square of points along one parallel and one meridian: four sides, two of which are equal.
    places = geopandas.GeoDataFrame(
        index=list("abcd"), geometry=[Point(0, -1), Point(1, -1), Point(0, 1), Point(1, 1)], crs=4326
    ).iloc[order]
    found = gi.weigh.bridges(gi.weigh.within(places, max_km=1), places)
    assert found[["first", "second"]].to_numpy().tolist() == [["a", "b"], ["c", "d"], ["a", "c"]]


def test_parts_that_touch_but_are_not_linked_are_joined_over_no_distance(lattice):
    near = gi.weigh.domestic(gi.weigh.contiguity(lattice), lattice["country"])
    found = gi.weigh.bridges(near, lattice)
    assert found["km"].to_list() == [0, 0]
    country = lattice["country"]
    assert sorted(zip(found["first"].map(country), found["second"].map(country), strict=True)) == [
        ("A", "B"),
        ("B", "C"),
    ]


def test_a_bridge_runs_across_the_antimeridian():
    regions = geopandas.GeoDataFrame(
        index=["east", "west", "far"],
        geometry=[box(178, 0, 179.9, 1), box(-179.9, 0, -178, 1), box(170, 0, 172, 1)],
        crs=4326,
    )
    found = gi.weigh.bridges(gi.weigh.contiguity(regions), regions)
    assert found[["first", "second"]].to_numpy().tolist() == [["east", "west"], ["east", "far"]]


def test_a_connected_map_needs_none(lattice):
    found = gi.weigh.bridges(gi.weigh.contiguity(lattice), lattice)
    assert found.empty
    assert found.columns.to_list() == ["first", "second", "km"]


def test_other_regions_are_refused(lattice):
    with pytest.raises(gi.errors.AlignmentError):
        gi.weigh.bridges(gi.weigh.contiguity(lattice), lattice.iloc[1:])


def test_european_islands_are_joined_to_what_a_traveller_would_say(strangers):
    regions = gi.read.regions(strangers / "eu_nuts2" / "regions_2016.geojson", id="NUTS_ID")
    pairs = set(
        gi.weigh.bridges(gi.weigh.contiguity(regions), regions)[["first", "second"]].agg("-".join, axis=1)
    )
    # Sicily and Calabria, Kent and Nord-Pas de Calais, Zealand and Scania, Malta and Sicily, Valencia
    # and the Balearic Islands, Tuscany and Corsica, Ulster and the Highlands.
    assert pairs >= {
        "ITF6-ITG1",
        "FRE1-UKJ4",
        "DK01-SE22",
        "ITG1-MT00",
        "ES52-ES53",
        "FRM0-ITI1",
        "UKM6-UKN0",
    }
