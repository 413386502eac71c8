from __future__ import annotations

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from libpysal.graph import Graph
from pyproj import Geod
from shapely import box

import geoinno as gi

GEOD = Geod(ellps="WGS84")


def table(shapes, *, crs=4326, **columns):
    ids = [f"r{i:03d}" for i in range(len(shapes))]
    return gpd.GeoDataFrame(columns, geometry=list(shapes), index=ids, crs=crs)


def links(weights):
    """Return each link of a symmetric graph once."""
    pairs = weights.adjacency[weights.adjacency != 0].index
    assert {(j, i) for i, j in pairs} == set(pairs)
    return {tuple(sorted(pair)) for pair in pairs}


def exact(regions, rule):
    """Return the neighbours by pairwise geometry, as slowly as the definition reads."""
    first, second = shapely.STRtree(regions.geometry).query(regions.geometry, predicate="intersects")
    shared = shapely.intersection(regions.geometry.to_numpy()[first], regions.geometry.to_numpy()[second])
    enough = (first < second) & ((rule == "queen") | (shapely.length(shared) > 0))
    return {(regions.index[i], regions.index[j]) for i, j in zip(first[enough], second[enough], strict=True)}


def halved(rng, pieces):
    """Cut the unit square again and again, vertices only where they must be: T-junctions everywhere."""
    blocks = [(0.0, 0.0, 1.0, 1.0)]
    while len(blocks) < pieces:
        x0, y0, x1, y1 = blocks.pop(rng.integers(len(blocks)))
        # Eighths are exact in binary, so that pairwise geometry is exact too.
        share = rng.integers(1, 8) / 8
        x, y = x0 + share * (x1 - x0), y0 + share * (y1 - y0)
        upright = rng.random() < 0.5
        blocks += [(x0, y0, x, y1), (x, y0, x1, y1)] if upright else [(x0, y0, x1, y), (x0, y, x1, y1)]
    return [box(*block) for block in blocks]


def voronoi(seed, cells):
    points = np.random.default_rng(seed).uniform(0, 10, (cells, 2))
    return shapely.get_parts(shapely.voronoi_polygons(shapely.multipoints(points)))


# Pairs: 189 + 29, 70 + 42 and 152 + 64 were counted when the samples were drawn; the totals of both
# rules are those of R spdep 1.2-7 poly2nb on the same shapes.
@pytest.mark.parametrize(
    ("name", "domestic", "foreign", "queen"),
    [("north_america", 189, 29, 226), ("central_asia", 70, 42, 112), ("austria", 152, 64, 216)],
)
def test_the_samples_have_the_neighbours_they_are_known_for(name, domestic, foreign, queen, request):
    regions = request.getfixturevalue(name).regions
    rook = gi.weigh.contiguity(regions, rule="rook")
    assert len(links(gi.weigh.domestic(rook, regions["country"]))) == domestic
    assert len(links(gi.weigh.cross_border(rook, regions["country"]))) == foreign
    assert len(links(gi.weigh.contiguity(regions))) == queen


@pytest.mark.oracle
@pytest.mark.parametrize("name", ["north_america", "central_asia", "austria"])
@pytest.mark.parametrize("rule", ["queen", "rook"])
def test_neighbours_are_those_of_libpysal(name, rule, request):
    regions = request.getfixturevalue(name).regions
    theirs = Graph.build_contiguity(regions, rook=rule == "rook", strict=True)
    ours = gi.weigh.contiguity(regions, rule=rule)
    assert links(ours) == links(theirs)
    assert ours.unique_ids.equals(regions.index.rename("focal"))
    assert set(ours.isolates) == set(theirs.isolates)


@pytest.mark.parametrize("name", ["north_america", "central_asia", "austria"])
def test_border_lengths_are_those_of_pairwise_intersection(name, request):
    regions = request.getfixturevalue(name).regions
    lengths = gi.weigh.border_lengths(regions).adjacency
    assert links(gi.weigh.border_lengths(regions)) == exact(regions, "rook")
    for (first, second), km in lengths[lengths > 0].items():
        shared = shapely.intersection(*regions.geometry[[first, second]])
        lines = [part for part in shapely.get_parts(shared) if part.geom_type == "LineString"]
        assert sum(map(GEOD.geometry_length, lines)) / 1000 == pytest.approx(km, rel=1e-9)


def test_corners_meet_by_queen_and_not_by_rook():
    regions = table([box(0, 0, 1, 1), box(1, 0, 2, 1), box(0, 1, 1, 2), box(1, 1, 2, 2)])
    sides = {("r000", "r001"), ("r000", "r002"), ("r001", "r003"), ("r002", "r003")}
    assert links(gi.weigh.contiguity(regions, rule="rook")) == sides
    assert links(gi.weigh.contiguity(regions)) == sides | {("r000", "r003"), ("r001", "r002")}
    assert links(gi.weigh.border_lengths(regions)) == sides


def test_a_corner_on_the_side_of_another_region_is_a_point_in_common():
    regions = table([box(0, 0, 2, 2), shapely.Polygon([(2, 1), (3, 0), (3, 2)])])
    assert links(gi.weigh.contiguity(regions)) == {("r000", "r001")}
    assert links(gi.weigh.contiguity(regions, rule="rook")) == set()


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(seed=st.integers(0, 2**32), pieces=st.integers(2, 60), rule=st.sampled_from(["queen", "rook"]))
def test_t_junctions_give_the_neighbours_of_exact_geometry(seed, pieces, rule):
    regions = table(halved(np.random.default_rng(seed), pieces))
    # The squares shrink to thousandths of a degree; a centimetre stays far below that.
    assert links(gi.weigh.contiguity(regions, rule=rule, snap_m=1e-6)) == exact(regions, rule)


def test_t_junctions_that_miss_by_rounding_still_meet():
    regions = table(halved(np.random.default_rng(5), 80))
    turned = regions.set_geometry(regions.rotate(0.7, origin=(0, 0)))
    for rule in ("queen", "rook"):
        assert links(gi.weigh.contiguity(turned, rule=rule)) == exact(regions, rule)


def test_border_lengths_across_t_junctions_add_up():
    whole, low, high = box(0, 0, 1, 2), box(1, 0, 2, 0.7), box(1, 0.7, 2, 2)
    lengths = gi.weigh.border_lengths(table([whole, low, high])).adjacency
    assert lengths["r000"].sum() == pytest.approx(GEOD.inv(1, 0, 1, 2)[2] / 1000, rel=1e-9)
    assert lengths["r000", "r001"] == pytest.approx(GEOD.inv(1, 0, 1, 0.7)[2] / 1000, rel=1e-12)


def test_sides_that_overlap_in_part_share_that_part():
    lengths = gi.weigh.border_lengths(table([box(0, 0, 1, 2), box(1, 1, 2, 3)])).adjacency
    assert lengths["r000", "r001"] == pytest.approx(GEOD.inv(1, 1, 1, 2)[2] / 1000, rel=1e-12)


def test_slivers_close_within_the_tolerance_and_not_beyond():
    ragged = shapely.Polygon([(1.0001, 0), (2, 0), (2, 2), (1.0001, 2), (1.00005, 1.1), (1.0001, 0.4)])
    regions = table([shapely.Polygon([(0, 0), (1, 0), (1, 0.9), (1, 2), (0, 2)]), ragged])
    assert links(gi.weigh.contiguity(regions)) == set()
    km = gi.weigh.border_lengths(regions, snap_m=20).adjacency["r000", "r001"]
    assert km == pytest.approx(GEOD.inv(1, 0, 1, 2)[2] / 1000, rel=1e-4)


@pytest.mark.parametrize("seed", range(5))
@pytest.mark.parametrize("rule", ["queen", "rook"])
def test_merged_voronoi_cells_with_enclaves_and_parts_give_exact_neighbours(seed, rule):
    cells = voronoi(seed, 150)
    groups = np.random.default_rng(seed).integers(60, size=len(cells))
    merged = [shapely.coverage_union_all(cells[groups == group]) for group in np.unique(groups)]
    assert any(shape.geom_type == "MultiPolygon" for shape in merged)
    regions = table(merged)
    assert links(gi.weigh.contiguity(regions, rule=rule)) == exact(regions, rule)


LAYOUTS = {
    "T-junctions": lambda: halved(np.random.default_rng(3), 60),
    "about the origin": lambda: [
        shapely.transform(b, lambda xy: xy - 0.5) for b in halved(np.random.default_rng(4), 40)
    ],
    "shifted": lambda: [
        shapely.transform(cell, lambda xy, i=i: xy + 1e-8 * (i % 3)) for i, cell in enumerate(voronoi(6, 80))
    ],
    "twice and thrice": lambda: [*voronoi(7, 30), *voronoi(7, 30)[5:20], *voronoi(7, 30)[9:12]],
    "holes and parts": lambda: [shapely.union_all(voronoi(8, 90)[k::7]) for k in range(7)],
    "vertices twice": lambda: [
        shapely.Polygon(np.repeat(shapely.get_coordinates(cell), 1 + i % 2, axis=0))
        for i, cell in enumerate(voronoi(9, 40))
    ],
    "the globe": lambda: [
        *(box(x, y, x + 40, y + 40) for x in range(-180, 180, 40) for y in (-80, -40, 0, 40)),
        shapely.Polygon([(-180, 80), (180, 80), (0, 90)]),
        shapely.Polygon([(-180, -80), (180, -80), (180, -90), (-180, -90)]),
    ],
}


def large_from(count, monkeypatch):
    """Let maps of so many vertices count as large ones."""
    for room in ("_contract.vertices", "weigh._matching", "weigh._pairs"):
        monkeypatch.setattr(f"geoinno.{room}.MANY", count)


@pytest.mark.parametrize("layout", LAYOUTS)
def test_large_maps_are_matched_as_small_ones(layout, monkeypatch):
    regions = table(LAYOUTS[layout]())
    answers = []
    for many in (10**9, 0):
        large_from(many, monkeypatch)
        lines = gi.weigh.shared_borders(regions)
        touched = [gi.weigh.contiguity(regions, rule=rule).adjacency for rule in ("queen", "rook")]
        answers.append([*touched, gi.weigh.border_lengths(regions).adjacency, lines.to_wkb()])
    for plain, compiled in zip(*answers, strict=True):
        assert plain.equals(compiled)


@pytest.mark.parametrize("threads", ["1", "2"])
def test_large_maps_are_matched_alike_by_any_number_of_threads(threads, monkeypatch):
    regions = table(voronoi(10, 3_000))
    expected = [gi.weigh.contiguity(regions).adjacency, gi.weigh.border_lengths(regions).adjacency]
    large_from(0, monkeypatch)
    monkeypatch.setenv("GEOINNO_THREADS", threads)
    assert gi.weigh.contiguity(regions).adjacency.equals(expected[0])
    assert gi.weigh.border_lengths(regions).adjacency.equals(expected[1])


BOW = shapely.Polygon([(0, 0), (4, 4), (4, 0), (0, 4)])
CROSSED = shapely.Polygon(box(0, 0, 9, 9).exterior, [box(1, 1, 3, 3).exterior, box(2, 2, 4, 4).exterior])


@pytest.mark.parametrize(
    ("shapes", "words"),
    [
        ([BOW, CROSSED], r"Invalid geometry .* 'r001', 'r002' \(2 in all\)"),
        ([box(0, 0, 1e10, 1)], r"Coordinates run to x 0\.\.1e\+10, y 0\.\.9 .* beyond any map"),
        ([box(0, 0, 1000, 1)], r"is in degrees, but coordinates run to x 0\.\.1000"),
        ([shapely.Polygon(), None], r"Empty geometry in 'r001', 'r002' \(2 in all\)"),
        ([shapely.Point(0, 0), box(0, 0, 1, 1)], "must be polygons; other geometry in 'r001'"),
    ],
)
@pytest.mark.parametrize("many", [0, 10**9])
def test_unsound_shapes_of_large_maps_are_refused_as_those_of_small_ones(shapes, words, many, monkeypatch):
    large_from(many, monkeypatch)
    with pytest.raises(gi.errors.GeoinnoError, match=words):
        gi.weigh.contiguity(table([box(9, 0, 12, 9), *shapes]))


def test_an_enclave_has_one_neighbour():
    hole = box(1, 1, 2, 2)
    regions = table([box(0, 0, 3, 3) - hole, hole, box(3, 0, 4, 3)])
    lengths = gi.weigh.border_lengths(regions)
    assert links(lengths) == {("r000", "r001"), ("r000", "r002")}
    around = GEOD.geometry_length(hole.exterior) / 1000
    assert lengths.adjacency["r001", "r000"] == pytest.approx(around, rel=1e-12)


def test_overlaps_without_a_common_boundary_are_no_neighbours():
    regions = table([box(0, 0, 4, 4), box(1, 1, 2, 2), box(3, 3, 5, 5)])
    assert links(gi.weigh.contiguity(regions)) == set()


def test_islands_are_explicit_and_in_place():
    regions = table([box(5, 5, 6, 6), box(0, 0, 1, 1), box(9, 9, 10, 10), box(1, 0, 2, 1)])
    for weights in (gi.weigh.contiguity(regions), gi.weigh.border_lengths(regions)):
        assert weights.unique_ids.to_list() == regions.index.to_list()
        assert weights.isolates.to_list() == ["r000", "r002"]
        assert weights.adjacency["r000", "r000"] == 0


def archipelago():
    """A land of two regions, an island 1 degree off, and two islands that touch, 2 degrees further."""
    squares = [(0, 0, 1, 1), (1, 0, 2, 1), (3, 0, 4, 1), (6, 0, 7, 1), (7, 0, 8, 1), (2.5, 30, 3, 31)]
    return table([box(*square) for square in squares])


def test_each_island_is_linked_to_its_nearest_region():
    land = {("r000", "r001"), ("r003", "r004")}
    near = gi.weigh.contiguity(archipelago(), islands="nearest")
    # The pair of islands that touch is no isolate; r005 is nearest to r002 (29 degrees of latitude away).
    assert links(near) == land | {("r001", "r002"), ("r002", "r005")}
    assert near.isolates.empty


def test_bridges_connect_the_whole_map_by_the_shortest_pairs():
    near = gi.weigh.contiguity(archipelago(), islands="bridge", rule="rook")
    added = {("r001", "r002"), ("r002", "r003"), ("r002", "r005")}
    assert links(near) == {("r000", "r001"), ("r003", "r004")} | added
    assert near.n_components == 1


def test_links_are_taken_before_islands_and_in_any_order():
    near = gi.weigh.contiguity(archipelago(), islands="nearest", links=[("r005", "r000"), ("r001", "r000")])
    assert links(near) == {("r000", "r001"), ("r003", "r004"), ("r000", "r005"), ("r001", "r002")}
    alone = gi.weigh.contiguity(archipelago(), links=[["r005", "r000"]])
    assert alone.isolates.to_list() == ["r002"]


@pytest.mark.parametrize(
    ("given", "error", "words"),
    [
        ("r000", gi.OptionError, "list of pairs"),
        (3, gi.OptionError, "list of pairs"),
        ([("r000", "r000")], gi.OptionError, "two different region ids"),
        (["r0"], gi.OptionError, "two different region ids"),
        ([("r000", "Malmö")], gi.RegionError, "not in the regions: 'Malmö'"),
    ],
)
def test_links_that_are_no_pairs_of_regions_are_refused(given, error, words):
    with pytest.raises(error, match=words):
        gi.weigh.contiguity(archipelago(), links=given)
    with pytest.raises(gi.OptionError, match="islands must be one of"):
        gi.weigh.contiguity(archipelago(), islands="swim")


def test_a_map_of_islands_alone_and_one_region_alone_can_be_linked():
    apart = table([box(0, 0, 1, 1), box(3, 0, 4, 1), box(9, 0, 10, 1)])
    for how in ("nearest", "bridge"):
        assert links(gi.weigh.contiguity(apart, islands=how)) == {("r000", "r001"), ("r001", "r002")}
        assert gi.weigh.contiguity(apart.head(1), islands=how).isolates.to_list() == ["r000"]


def test_the_islands_of_europe_are_linked(strangers):
    regions = gi.read.regions(strangers / "eu_nuts2" / "regions_2016.geojson", id="NUTS_ID")
    alone = gi.weigh.contiguity(regions)
    near, bridged = (gi.weigh.contiguity(regions, islands=how) for how in ("nearest", "bridge"))
    assert len(alone.isolates) == 22
    assert near.isolates.empty
    assert bridged.n_components == 1
    # Corsica lies nearest to Sardinia, across the Strait of Bonifacio; Malta nearest to Sicily.
    assert "ITG2" in near["FRM0"].index
    assert near["MT00"].index.to_list() == ["ITG1"]


def test_one_region_is_an_island():
    regions = table([box(0, 0, 1, 1)])
    assert gi.weigh.contiguity(regions).isolates.to_list() == ["r000"]
    assert gi.weigh.shared_borders(regions).empty
    assert gi.weigh.within(regions, max_km=10).isolates.to_list() == ["r000"]


def test_a_globe_without_coast_has_no_loose_end():
    west, east = shapely.segmentize([box(-180, -90, 0, 90), box(0, -90, 180, 90)], 45)
    km = gi.weigh.border_lengths(table([west, east])).adjacency["r000", "r001"]
    # Two meridians from pole to pole, each of twice the quarter meridian of WGS84, 10,001.965729 km.
    assert km == pytest.approx(4 * 10001.965729, rel=1e-9)


def test_the_antimeridian_is_a_border_like_any_other():
    west, east, north = box(170, 60, 180, 70), box(-180, 60, -170, 64), box(-180, 64, -170, 70)
    lengths = gi.weigh.border_lengths(table([west, east, north])).adjacency
    assert lengths["r000", "r001"] == pytest.approx(GEOD.inv(180, 60, 180, 64)[2] / 1000, rel=1e-12)
    assert lengths["r000", "r002"] == pytest.approx(GEOD.inv(180, 64, 180, 70)[2] / 1000, rel=1e-12)


def test_the_halves_of_a_region_cut_at_the_antimeridian_have_no_border():
    chukotka = shapely.MultiPolygon([box(160, 60, 180, 70), box(-180, 60, -170, 70)])
    regions = table([chukotka, box(-170, 60, -150, 70), box(150, 60, 160, 70)])
    lengths = gi.weigh.border_lengths(regions)
    assert links(lengths) == {("r000", "r001"), ("r000", "r002")}
    assert lengths.adjacency.max() == pytest.approx(GEOD.inv(0, 60, 0, 70)[2] / 1000, rel=1e-12)


def test_longitudes_beyond_180_meet_those_before():
    regions = table([box(170, 60, 180, 70), box(180, 60, 190, 70), box(-170, 60, -160, 70)])
    assert links(gi.weigh.contiguity(regions, rule="rook")) == {("r000", "r001"), ("r001", "r002")}


def test_regions_meet_at_the_pole():
    regions = table([box(0, 80, 10, 90), box(90, 80, 100, 90), box(10, 80, 20, 90)])
    assert len(links(gi.weigh.contiguity(regions))) == 3
    assert links(gi.weigh.contiguity(regions, rule="rook")) == {("r000", "r002")}


def test_projected_regions_have_the_same_borders_in_km(austria):
    regions = austria.regions
    plane = gi.weigh.border_lengths(regions.to_crs(3035)).adjacency
    globe = gi.weigh.border_lengths(regions).adjacency
    pd.testing.assert_series_equal(plane, globe, rtol=1e-6)


def test_the_users_table_is_left_as_it_was(austria):
    before = austria.regions.copy()
    gi.weigh.border_lengths(austria.regions)
    gi.weigh.shared_borders(austria.regions)
    assert austria.regions.equals(before)


@settings(max_examples=10, deadline=None)
@given(seed=st.integers(0, 1000))
def test_shuffled_rows_give_the_same_links(seed):
    regions = table(voronoi(3, 40))
    shuffled = regions.sample(frac=1, random_state=seed)
    for weigh in (gi.weigh.contiguity, gi.weigh.border_lengths):
        there = weigh(shuffled)
        assert there.unique_ids.to_list() == shuffled.index.to_list()
        # Sums run in another order, and only so far do they differ.
        here = weigh(regions).adjacency
        pd.testing.assert_series_equal(there.adjacency.reindex(here.index), here, rtol=1e-12)


def test_splitting_a_region_splits_its_borders():
    parts = table([box(0, 0, 1, 1), box(0, 1, 1, 3), box(1, 0, 2, 3)])
    whole = table([box(0, 0, 1, 3), box(1, 0, 2, 3)])
    lengths = gi.weigh.border_lengths(parts).adjacency
    apart = lengths["r000", "r002"] + lengths["r001", "r002"]
    assert apart == pytest.approx(gi.weigh.border_lengths(whole).adjacency["r000", "r001"], rel=1e-9)


def test_shared_borders_are_lines_as_long_as_they_say(north_america):
    regions = north_america.regions
    borders = gi.weigh.shared_borders(regions)
    assert borders.columns.to_list() == ["first", "second", "length_km", "geometry"]
    assert borders.crs == regions.crs
    drawn = borders.geometry.map(GEOD.geometry_length) / 1000
    np.testing.assert_allclose(drawn, borders["length_km"], rtol=1e-12)
    order = regions.index.get_indexer(borders["first"]) < regions.index.get_indexer(borders["second"])
    assert order.all()
    weights = gi.weigh.border_lengths(regions).adjacency
    there = weights.loc[list(zip(borders["first"], borders["second"], strict=True))]
    np.testing.assert_allclose(there, borders["length_km"])


def test_shared_borders_run_along_both_regions(austria):
    regions = austria.regions
    for first, second, line in gi.weigh.shared_borders(regions)[["first", "second", "geometry"]].to_numpy():
        for side in (first, second):
            assert shapely.length(line - regions.geometry[side].boundary.buffer(1e-9)) == 0


def test_a_border_at_the_antimeridian_is_drawn_once_and_short():
    regions = table([box(170, 60, 180, 70), box(-180, 60, -170, 70)])
    assert (
        gi.weigh.shared_borders(regions).geometry.iloc[0].equals(shapely.LineString([(180, 60), (180, 70)]))
    )


def test_nearest_reach_across_the_antimeridian_and_the_pole():
    spots = shapely.points([(179.9, -17), (-179.9, -17), (178, -17), (0, 89.9), (180, 89.8), (0, 89)])
    weights = gi.weigh.nearest(table(spots), count=1)
    assert weights["r000"].index.to_list() == ["r001"]
    assert weights["r001"].index.to_list() == ["r000"]
    assert weights["r003"].index.to_list() == ["r004"]


@settings(max_examples=25, deadline=None)
@given(
    seed=st.integers(0, 2**32),
    spread=st.sampled_from([0.01, 5.0, 90.0]),
    pole=st.booleans(),
    count=st.integers(1, 6),
)
def test_nearest_are_those_of_the_table_of_distances(seed, spread, pole, count):
    rng = np.random.default_rng(seed)
    lat = 90 - rng.uniform(0, spread, 40) if pole else rng.uniform(-spread, spread, 40)
    lon = rng.uniform(-180, 180, 40) if pole else (180 + rng.uniform(-spread, spread, 40) + 180) % 360 - 180
    regions = table(shapely.points(lon, lat))
    km = gi.weigh.distances(regions).to_numpy() + np.diag(np.full(40, np.inf))
    weights = gi.weigh.nearest(regions, count=count)
    expected = np.sort(np.argsort(np.round(km, 6), axis=1, kind="stable")[:, :count], axis=1)
    found = regions.index.get_indexer(weights.adjacency.index.get_level_values("neighbor"))
    assert (found.reshape(40, count) == expected).all()
    reach = gi.weigh.within(regions, max_km=float(np.median(km)))
    first, second = np.nonzero(np.triu(km <= np.median(km)))
    assert links(reach) == {(f"r{i:03d}", f"r{j:03d}") for i, j in zip(first, second, strict=True)}


def test_ties_go_to_the_region_that_comes_first():
    regions = table(shapely.points([(0, 0), (1, 0), (-1, 0), (0, 0), (0, 0)]))
    weights = gi.weigh.nearest(regions, count=2)
    assert weights["r000"].index.to_list() == ["r003", "r004"]
    assert weights["r004"].index.to_list() == ["r000", "r003"]
    assert weights["r001"].index.to_list() == ["r000", "r003"]


def test_within_weighs_by_decay_and_drops_what_comes_to_nothing():
    regions = table(shapely.points([(0, 0), (1, 0), (3, 0), (40, 0)]))
    degree = 6378.137 * np.pi / 180  # one degree of the equator, km
    weights = gi.weigh.within(
        regions, max_km=5 * degree, decay=lambda km: np.maximum(0, 1 - km / (3 * degree))
    )
    assert links(weights) == {("r000", "r001"), ("r001", "r002")}
    assert weights.adjacency["r000", "r001"] == pytest.approx(2 / 3, rel=1e-9)
    assert weights.isolates.to_list() == ["r003"]
    assert links(gi.weigh.within(regions, max_km=5 * degree)) == links(weights) | {("r000", "r002")}


def test_within_takes_a_decay_of_the_house():
    regions = table(shapely.points([(0, 0), (1, 0)]))
    weights = gi.weigh.within(regions, max_km=200, decay=gi.weigh.exponential(6378.137 * np.pi / 180))
    assert weights.adjacency["r000", "r001"] == pytest.approx(0.5, rel=1e-9)


def test_kilometres_are_never_degrees(central_asia):
    # Regions of Central Asia lie hundreds of kilometres apart, and a few degrees.
    assert links(gi.weigh.within(central_asia.regions, max_km=20)) == set()


def test_a_decay_without_bound_at_home_is_refused():
    regions = table(shapely.points([(0, 0), (0, 0)]))
    with (
        np.errstate(divide="ignore"),
        pytest.raises(gi.ColumnError, match=r"'r000', 'r001'.*finite"),
    ):
        gi.weigh.within(regions, max_km=1, decay=lambda km: 1 / km)


def test_home_and_abroad_add_up(austria):
    regions = austria.regions
    weights = gi.weigh.border_lengths(regions)
    country = regions["country"].sample(frac=1, random_state=1)
    home, abroad = gi.weigh.domestic(weights, country), gi.weigh.cross_border(weights, country)
    assert (home.sparse + abroad.sparse != weights.sparse).nnz == 0
    assert links(home) & links(abroad) == set()
    for part in (home, abroad):
        assert part.unique_ids.equals(weights.unique_ids)
        assert (part.adjacency == 0).sum() == len(part.isolates)


def test_a_region_whose_only_neighbour_is_foreign_is_alone_at_home():
    regions = table([box(0, 0, 1, 1), box(1, 0, 2, 1)], country=["A", "B"])
    weights = gi.weigh.contiguity(regions)
    assert gi.weigh.domestic(weights, regions["country"]).isolates.to_list() == ["r000", "r001"]
    assert gi.weigh.cross_border(weights, regions["country"]).isolates.empty


def test_countries_of_other_regions_are_refused():
    weights = gi.weigh.contiguity(table([box(0, 0, 1, 1), box(1, 0, 2, 1)]))
    with pytest.raises(gi.AlignmentError, match="'x'"):
        gi.weigh.domestic(weights, pd.Series(["A", "B"], index=["r000", "x"]))
    with pytest.raises(gi.ColumnError, match="'r001'"):
        gi.weigh.cross_border(weights, pd.Series(["A", None], index=["r000", "r001"]))


BOWTIE = shapely.Polygon([(0, 0), (1, 1), (1, 0), (0, 1)])


@pytest.mark.parametrize(
    ("regions", "error", "words"),
    [
        (table([box(0, 0, 1, 1)], crs=None), gi.CrsError, "no CRS"),
        (table([box(0, 0, 5000, 5000)]), gi.CrsError, "degrees"),
        (table([box(0, 0, 1, 1), BOWTIE]), gi.RegionError, "r001.*repaired"),
        (table([shapely.Point(0, 0)]), gi.RegionError, "polygons"),
        (table([shapely.Polygon()]), gi.RegionError, "Empty geometry"),
        (table([box(0, 0, 1, 1)]).iloc[:0], gi.RegionError, "empty"),
        (table([box(0, 0, 1, 1)] * 2).set_axis(["a", "a"]), gi.RegionError, "repeat"),
        (table([box(0, 0, 1, 1)]).set_axis([7]), gi.RegionError, "string ids"),
    ],
)
def test_unsound_regions_are_refused(regions, error, words):
    for weigh in (gi.weigh.contiguity, gi.weigh.border_lengths, gi.weigh.shared_borders):
        with pytest.raises(error, match=words):
            weigh(regions)


def test_options_out_of_range_are_refused():
    regions = table([box(0, 0, 1, 1), box(1, 0, 2, 1)])
    with pytest.raises(gi.OptionError, match="'queen', 'rook'"):
        gi.weigh.contiguity(regions, rule="bishop")
    with pytest.raises(gi.OptionError, match="snap_m"):
        gi.weigh.contiguity(regions, snap_m=-1)
    with pytest.raises(gi.OptionError, match=r"below the number of regions \(2\)"):
        gi.weigh.nearest(regions, count=2)
    with pytest.raises(gi.OptionError, match="count"):
        gi.weigh.nearest(regions, count=0)
    with pytest.raises(gi.OptionError, match="max_km"):
        gi.weigh.within(regions, max_km=0)
