"""Shapes: regions keep their ids in every format; the map is told for what it is, and mended in the open."""

from __future__ import annotations

import itertools
import tempfile
import warnings
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from shapely.affinity import translate
from shapely.geometry import LineString, Point, Polygon, box

import geoinno as gi

SUFFIXES = [".shp", ".gpkg", ".geojson", ".fgb", ".parquet"]
every_format = pytest.mark.parametrize("suffix", SUFFIXES)
BOW = Polygon([(5, 0), (6, 1), (6, 0), (5, 1)])


def written(table, path, **options):
    if path.suffix == ".parquet":
        table.to_parquet(path)
    else:
        table.to_file(path, **options)
    return path


def cells(codes):
    return gpd.GeoDataFrame(
        {"code": codes}, geometry=[box(i, 0, i + 1, 1) for i in range(len(codes))], crs=4326
    )


def placed(*shapes, crs=4326):
    return gpd.GeoDataFrame(index=[f"r{i}" for i in range(len(shapes))], geometry=list(shapes), crs=crs)


def quietly_repaired(regions, **options):
    with pytest.warns(gi.DataWarning):
        return gi.read.repaired(regions, **options)


@every_format
def test_ids_names_and_order_come_back_as_they_were_written(suffix, tmp_path):
    table = cells(["02", "01", "NA"]).assign(
        land=["AT", "Ö", "AT"], title=["Ürümqi", "Тараз", "上海"], v=[1, 2, 3]
    )
    options = {} if suffix == ".parquet" else {"SPATIAL_INDEX": "NO"} if suffix == ".fgb" else {}
    path = written(table, tmp_path / f"r{suffix}", **options)
    back = gi.read.regions(str(path), id="code", country="land", name="title")
    assert back.index.to_list() == ["02", "01", "NA"]
    assert back.index.name == "region"
    assert back.columns.to_list()[:2] == ["country", "name"]
    assert set(back.columns[2:]) == {"v", "geometry"}
    assert back["country"].to_list() == ["AT", "Ö", "AT"]
    assert back["name"].to_list() == ["Ürümqi", "Тараз", "上海"]
    assert back.crs == 4326
    assert shapely.equals(back.geometry.to_numpy(), table.geometry.to_numpy()).all()


@every_format
def test_whole_number_ids_become_their_decimal_string(suffix, tmp_path):
    path = written(cells([101, 2]), tmp_path / f"r{suffix}")
    assert set(gi.read.regions(path, id="code").index) == {"101", "2"}


@every_format
@pytest.mark.parametrize("codes", [["01", "01"], ["01", None], [1.5, 2.0]])
def test_repeated_missing_and_fractional_ids_are_refused(suffix, codes, tmp_path):
    path = written(cells(codes), tmp_path / f"r{suffix}")
    with pytest.raises(gi.RegionError, match="in all"):
        gi.read.regions(path, id="code")


@every_format
def test_a_missing_column_is_told_with_the_nearest_name(suffix, tmp_path):
    path = written(cells(["a", "b"]), tmp_path / f"r{suffix}")
    with pytest.raises(gi.ColumnError, match=r"Did you mean 'code'"):
        gi.read.regions(path, id="Code")
    with pytest.raises(gi.ColumnError, match="no column 'land'"):
        gi.read.regions(path, id="code", country="land")


@pytest.mark.parametrize("suffix", [".shp", ".gpkg", ".parquet"])
@pytest.mark.filterwarnings("ignore:'crs' was not provided:UserWarning")
def test_a_file_without_a_crs_is_refused_with_the_remedy(suffix, tmp_path):
    path = written(cells(["a", "b"]).set_crs(None, allow_override=True), tmp_path / f"r{suffix}")
    if suffix == ".shp":
        path.with_suffix(".prj").unlink(missing_ok=True)
    with pytest.raises(gi.CrsError, match=r"set_crs\(4326\)|degrees"):
        gi.read.regions(path, id="code")


def test_metres_called_degrees_are_refused(tmp_path):
    metres = cells(["a", "b"]).to_crs(3857).set_crs(4326, allow_override=True)
    with pytest.raises(gi.CrsError, match="in degrees, but"):
        gi.read.regions(written(metres, tmp_path / "r.gpkg"), id="code")


def test_a_region_without_a_shape_is_refused_by_name(tmp_path):
    table = cells(["a", "b"]).set_geometry([box(0, 0, 1, 1), None], crs=4326)
    with pytest.raises(gi.RegionError, match="'b'"):
        gi.read.regions(written(table, tmp_path / "r.gpkg"), id="code")


def test_a_file_without_regions_is_refused(tmp_path):
    with pytest.raises(gi.RegionError, match="holds no shape"):
        gi.read.regions(written(cells(["a"]).iloc[:0], tmp_path / "r.gpkg"), id="code")


def test_layers_are_listed_where_the_choice_is_not_clear(tmp_path):
    path = tmp_path / "r.gpkg"
    for layer in ("nuts2", "nuts3"):
        cells(["a", layer]).to_file(path, layer=layer)
    assert "nuts3" in gi.read.regions(path, id="code", layer="nuts3").index
    with pytest.raises(gi.RegionError, match=r"2 layers with shapes.*'nuts2', 'nuts3'"):
        gi.read.regions(path, id="code")
    with pytest.raises(gi.RegionError, match=r"no layer 'nuts1'.*'nuts2', 'nuts3'"):
        gi.read.regions(path, id="code", layer="nuts1")


def test_a_missing_file_is_told_with_the_nearest_name(tmp_path):
    written(cells(["a"]), tmp_path / "regions.gpkg")
    with pytest.raises(FileNotFoundError, match=r"Did you mean 'regions\.gpkg'"):
        gi.read.regions(tmp_path / "region.gpkg", id="code")


@every_format
def test_a_damaged_file_is_one_clear_error(suffix, tmp_path):
    path = tmp_path / f"r{suffix}"
    path.write_bytes(b"\x00\x01 this is no map \xff" * 20)
    with pytest.raises(gi.GeoinnoError, match=rf"r\{suffix} cannot be read"):
        gi.read.regions(path, id="code")


def test_a_gigantic_file_is_refused(tmp_path, monkeypatch):
    monkeypatch.setattr("geoinno.read._files.LARGEST_GB", 1e-6)
    with pytest.raises(gi.GeoinnoError, match="can be read at once"):
        gi.read.regions(written(cells(["a"]), tmp_path / "r.gpkg"), id="code")


def test_the_id_may_be_the_name_too_and_no_column_is_lost(tmp_path):
    path = written(cells(["a", "b"]).assign(name=["x", "y"]), tmp_path / "r.gpkg")
    with pytest.warns(gi.DataWarning, match="name"):
        back = gi.read.regions(path, id="code", name="code")
    assert back["name"].to_list() == ["a", "b"]
    assert back["name_in_file"].to_list() == ["x", "y"]


def test_a_sound_map_is_called_sound(lattice):
    report = gi.read.topology(lattice)
    assert report.sound
    assert (report.parts == 1).all()
    assert "36 regions: sound." in str(report)
    assert "Overlaps, 0 km2: none." in str(report)


def test_an_overlap_is_measured_on_the_ellipsoid():
    # A cell of one degree on the equator: R sf 1.0, st_area on the ellipsoid.
    report = gi.read.topology(placed(box(0, 0, 2, 1), box(1, 0, 3, 1)))
    assert report.overlaps[["first", "second"]].to_numpy().tolist() == [["r0", "r1"]]
    assert report.overlaps["km2"].item() == pytest.approx(12308.77836147, rel=1e-9)
    assert not report.sound
    assert "('r0', 'r1')" in str(report)


@pytest.mark.parametrize("crs", [4326, 3035])
def test_areas_do_not_depend_on_the_crs(crs):
    shapes = placed(box(10, 47, 10.2, 47.1), box(10.1, 47, 10.3, 47.1)).to_crs(crs)
    # The 0.1 degree cell that both cover: R sf 1.0 st_area, ellipsoid; projected, long edges bulge.
    assert gi.read.topology(shapes).overlaps["km2"].item() == pytest.approx(84.47389976, rel=5e-4)


def test_a_region_inside_another_is_an_overlap():
    assert len(gi.read.topology(placed(box(0, 0, 9, 9), box(4, 4, 5, 5))).overlaps) == 1


def test_a_lake_is_a_gap_with_its_neighbours_and_an_island_in_it_is_not():
    ring = box(0, 0, 9, 9) - box(3, 3, 6, 6)
    report = gi.read.topology(placed(ring, box(4, 4, 5, 5), box(9, 0, 10, 9)))
    assert report.gaps["neighbours"].to_list() == [("r0", "r1")]
    lake = box(3, 3, 6, 6) - box(4, 4, 5, 5)
    assert report.gaps.geometry.item().equals(lake)
    assert report.sound
    assert report.isolates.to_list() == ["r1"]
    assert report.parts.to_dict() == {"r0": 1, "r1": 2, "r2": 1}


def test_a_sliver_is_no_sound_map():
    report = gi.read.topology(placed(box(0, 0, 1, 3), box(1, 0, 2, 1), box(1, 1.0001, 2, 3), box(2, 0, 3, 3)))
    assert report.gaps["width_m"].item() == pytest.approx(11.06, rel=1e-2)
    assert not report.sound


@pytest.mark.parametrize(
    ("shape", "why"),
    [
        (BOW, "Self-intersection"),
        (Point(5, 5), "not a polygon"),
        (None, "no geometry"),
        (Polygon(), "no geometry"),
    ],
)
def test_what_is_no_sound_polygon_is_told_with_the_reason(shape, why):
    report = gi.read.topology(placed(box(0, 0, 1, 1), box(1, 0, 2, 1), shape))
    assert report.invalid.index.to_list() == ["r2"]
    assert why in report.invalid.item()
    assert why in str(report)
    assert report.parts.to_dict() == {"r0": 1, "r1": 1, "r2": 2}


@pytest.mark.parametrize("east", [box(-180, 50, -170, 55), box(180, 50, 190, 55)])
def test_regions_that_meet_on_the_antimeridian_touch(east):
    assert gi.read.topology(placed(box(170, 50, 180, 55), east)).isolates.empty


def test_chukotka_alaska_and_one_region_alone():
    assert gi.read.topology(placed(box(0, 0, 1, 1))).isolates.to_list() == ["r0"]
    far = placed(box(170, 60, 180, 70), box(-170, 60, -160, 70))
    assert gi.read.topology(far).parts.to_list() == [1, 2]


def test_tables_and_regions_without_crs_are_refused():
    with pytest.raises(gi.CrsError):
        gi.read.topology(placed(box(0, 0, 1, 1), crs=None))
    with pytest.raises(gi.RegionError):
        gi.read.topology(pd.DataFrame({"geometry": [1]}, index=["a"]))
    with pytest.raises(gi.RegionError, match="empty"):
        gi.read.topology(placed(box(0, 0, 1, 1)).iloc[:0])


def test_what_is_sound_stays_as_it_was_without_a_word(lattice):
    whole = gi.read.repaired(lattice)
    assert whole.attrs["repairs"] == []
    pd.testing.assert_frame_equal(whole, lattice)


def test_a_self_intersection_is_mended_into_polygons():
    mended = quietly_repaired(placed(box(0, 0, 1, 1), BOW))
    # The bow tie has two triangles of a quarter of a square degree.
    assert mended.geometry["r1"].is_valid
    assert mended.geometry["r1"].area == pytest.approx(0.5)
    assert [entry["region"] for entry in mended.attrs["repairs"]] == ["r1"]
    assert mended.attrs["repairs"][0]["repair"] == "made valid"


def test_the_polygons_of_a_collection_are_kept_and_its_lines_are_not():
    # make_valid of a polygon with a spike: the ground and a line that sticks out.
    mixed = shapely.GeometryCollection([box(1, 0, 2, 1), LineString([(2, 0), (3, 0)])])
    regions = placed(box(0, 0, 1, 1), mixed)
    report = gi.read.topology(regions)
    assert report.invalid.to_dict() == {"r1": "GeometryCollection, not a polygon"}
    assert report.isolates.empty
    assert not report.sound
    mended = quietly_repaired(regions)
    assert mended.geometry["r1"].equals(box(1, 0, 2, 1))
    assert gi.read.topology(mended).sound
    with pytest.raises(gi.RegionError, match="other geometry in 'r1'"):
        gi.read.repaired(placed(box(0, 0, 1, 1), shapely.GeometryCollection([Point(2, 2)])))


def test_a_city_in_a_county_that_is_not_pierced_is_an_overlap():
    county, city = box(12, 52, 14, 53), box(13.2, 52.4, 13.6, 52.6)
    report = gi.read.topology(placed(county, city))
    assert report.overlaps[["first", "second"]].to_numpy().tolist() == [["r0", "r1"]]
    assert report.overlaps["km2"].item() == pytest.approx(605, rel=0.01)
    assert quietly_repaired(placed(county, city)).geometry["r0"].equals(county - city)


def test_an_overlap_goes_to_the_smaller_region_and_the_log_tells_how_much():
    mended = quietly_repaired(placed(box(0, 0, 9, 9), box(4, 4, 5, 5), box(20, 0, 21, 1)))
    assert mended.geometry["r1"].equals(box(4, 4, 5, 5))
    assert mended.geometry["r0"].area == pytest.approx(80)
    log = pd.DataFrame(mended.attrs["repairs"])
    inner = gi.read.topology(placed(box(0, 0, 9, 9), box(4, 4, 5, 5))).overlaps["km2"].item()
    assert log.set_index("region")["km2"]["r0"] == pytest.approx(inner)
    assert "r2" not in set(log["region"])


def test_narrow_gaps_are_filled_up_to_the_width_asked_for():
    regions = placed(box(0, 0, 1, 3), box(1, 0, 3, 1), box(1, 1.0001, 3, 3), box(3, 0, 4, 3))
    mended = quietly_repaired(regions)
    assert gi.read.topology(mended).sound
    assert shapely.coverage_is_valid(mended.geometry.to_numpy())
    assert mended.union_all().area == pytest.approx(12)
    kept = gi.read.topology(quietly_repaired(regions, max_gap_m=1))
    assert len(kept.gaps) == 1


def test_a_repair_keeps_the_columns_the_index_and_the_crs():
    regions = placed(box(0, 0, 2, 1), box(1, 0, 3, 1)).assign(name=["x", "y"]).to_crs(3035)
    mended = quietly_repaired(regions)
    assert mended["name"].to_list() == ["x", "y"]
    assert mended.index.equals(regions.index)
    assert mended.crs == regions.crs
    assert gi.read.topology(mended).sound


def test_a_mended_map_can_be_written_and_put_together(tmp_path):
    mended = quietly_repaired(placed(box(0, 0, 2, 1), box(1, 0, 3, 1)))
    mended.to_parquet(tmp_path / "r.parquet")
    assert len(pd.concat([mended, mended])) == 4


@pytest.mark.parametrize(
    "shapes",
    [
        (box(0, 0, 1, 1), box(0, 0, 1, 1)),
        (box(0, 0, 1, 1), LineString([(0, 0), (1, 1)])),
        (box(0, 0, 1, 1), Polygon([(3, 3), (4, 4), (3, 3)])),
        (box(0, 0, 1, 1), None),
    ],
)
def test_what_is_beyond_repair_is_refused_by_name(shapes):
    with pytest.raises(gi.RegionError, match="'r1'"):
        gi.read.repaired(placed(*shapes))


def apart(width_m, *, crs=4326):
    """Two countries of four regions each at 49 degrees north, ``width_m`` apart across the whole map."""
    # A degree of longitude on WGS84 at 49 degrees north: 73,173 m (NGA length-of-a-degree formula).
    open_ = width_m / 73_173
    lat = np.linspace(48.9, 49.1, 5)
    west = [box(9, low, 10, high) for low, high in itertools.pairwise(lat)]
    east = [box(10 + open_, low, 11, high) for low, high in itertools.pairwise(lat)]
    return gpd.GeoDataFrame(
        {"country": list("AAAABBBB"), "v": [1.0, 2, 3, 4, 11, 12, 13, 14]},
        geometry=west + east,
        index=list("abcdefgh"),
        crs=4326,
    ).to_crs(crs)


@pytest.mark.parametrize("crs", [4326, 3035, 3857])
@pytest.mark.parametrize("width", [0.02, 0.5, 30, 99])
def test_a_strip_that_runs_out_to_the_edge_is_found_and_closed(width, crs):
    regions = apart(width, crs=crs)
    report = gi.read.topology(regions)
    assert not report.sound
    assert report.gaps.empty
    assert report.near[["first", "second"]].to_numpy().tolist() == [
        list(pair) for pair in ("ae", "bf", "cg", "dh")
    ]
    assert report.near["gap_m"].to_numpy() == pytest.approx(np.full(4, width), rel=0.02, abs=0.002)
    assert "'a and e (" in str(report)
    mended = quietly_repaired(regions)
    assert gi.read.topology(mended).sound
    closed = gi.measure.segments(apart(0, crs=crs))
    there = gi.measure.segments(mended)
    assert there.index.to_list() == closed.index.to_list()
    np.testing.assert_allclose(there["length_km"], closed["length_km"], rtol=2e-3)
    log = pd.DataFrame(mended.attrs["repairs"]).query("repair == 'strip closed'")
    assert set(zip(log["region"], log["towards"], strict=True)) <= {*zip("abcdefgh", "efghabcd", strict=True)}
    assert log["km2"].sum() == pytest.approx(width * 4 * 5.56 / 1000, rel=0.02)


def test_numbers_across_a_closed_strip_are_those_of_the_map_without_it():
    closed, mended = apart(0), quietly_repaired(apart(30))
    for rule in ("queen", "rook"):
        there, here = (gi.weigh.contiguity(table, rule=rule).adjacency for table in (mended, closed))
        pd.testing.assert_series_equal(there, here)
    here, there = (gi.measure.segments(table) for table in (closed, mended))
    pd.testing.assert_series_equal(
        gi.measure.contrast(mended["v"], there), gi.measure.contrast(closed["v"], here), rtol=1e-3
    )


@pytest.mark.parametrize("width", [101.5, 250, 5000])
def test_rivers_and_lakes_wider_than_asked_for_stay_open(width):
    regions = apart(width)
    assert gi.read.topology(regions).sound
    assert gi.read.repaired(regions).attrs["repairs"] == []
    assert gi.read.topology(regions, max_gap_m=1.3 * width).near.shape[0] == 4
    assert quietly_repaired(regions, max_gap_m=1.3 * width).attrs["repairs"]


@pytest.mark.parametrize("width", [0.05, 30, 80])
def test_a_strip_that_is_closed_at_one_end_is_found(width):
    regions = apart(width).dissolve("country")
    foot = box(10, 48.8, 10.5, 48.9)
    half = regions.set_geometry([regions.geometry["A"], regions.geometry["B"] | foot], crs=4326)
    half.loc["A", "geometry"] = half.geometry["A"] | box(9.5, 48.8, 10, 48.9)
    report = gi.read.topology(half)
    assert report.near[["first", "second"]].to_numpy().tolist() == [["A", "B"]]
    assert report.near["length_km"].item() == pytest.approx(22.24, rel=0.01)
    assert gi.read.topology(quietly_repaired(half)).sound


@pytest.mark.parametrize("width", [0.05, 30, 80])
def test_three_countries_around_a_point_meet_after_repair(width):
    metres = [[(0, 0), (5e4, 0), (5e4, 5e4), (0, 5e4)], [(0, 0), (0, 5e4), (-5e4, 5e4), (-5e4, -2e4)]]
    metres.append([(0, 0), (-5e4, -2e4), (5e4, -2e4), (5e4, 0)])
    drawn = [Polygon(ring).buffer(-width / 2, join_style="mitre") for ring in metres]
    regions = placed(*(translate(shape, 4.3e6, 3.0e6) for shape in drawn), crs=3035)
    assert len(gi.read.topology(regions).near) == 3
    mended = quietly_repaired(regions)
    assert gi.read.topology(mended).sound
    borders = gi.weigh.border_lengths(mended).adjacency
    assert borders["r0", "r1"] == pytest.approx(50, rel=0.005)
    assert borders["r0", "r2"] == pytest.approx(50, rel=0.005)
    assert borders["r1", "r2"] == pytest.approx(np.hypot(50, 20), rel=0.005)


def test_coasts_that_part_from_a_border_are_no_strip(austria, central_asia, north_america):
    for place in (austria, central_asia, north_america):
        assert gi.read.topology(place.regions).near.empty
    delta = placed(box(0, 0, 1, 1), Polygon([(1, 0), (2, 0), (2, 1), (1.1, 1), (1, 0.5)]))
    assert gi.read.topology(delta).sound


def test_countries_that_come_near_and_share_no_edge_are_warned_of():
    with pytest.warns(gi.DataWarning, match=r"Between A and B a strip of up to 30 m lies open.*repaired"):
        gi.measure.segments(apart(30))
    gi.measure.segments(apart(150))
    gi.measure.segments(apart(0))


def across_the_seam(width_m, *, start=-180):
    """Two countries of two regions each beside the 180th meridian, ``width_m`` apart, and one far."""
    # A degree of longitude on WGS84 at 60.5 degrees north: 54,964 m.
    open_ = width_m / 54_964
    west = [box(178, 60, 180 - open_, 61), box(178, 61, 180 - open_, 62)]
    east = [translate(box(-180, low, -179, low + 1), 360 if start == 0 else 0) for low in (60, 61)]
    shapes = [*west, *east, box(0, 0, 1, 1)]
    return gpd.GeoDataFrame({"country": list("AABBC")}, geometry=shapes, index=list("abcde"), crs=4326)


@pytest.mark.parametrize("start", [-180, 0])
@pytest.mark.parametrize("width", [0.5, 30, 99])
def test_a_strip_across_the_date_line_is_found_and_closed(width, start):
    regions = across_the_seam(width, start=start)
    report = gi.read.topology(regions)
    assert report.near[["first", "second"]].to_numpy().tolist() == [["a", "c"], ["b", "d"]]
    assert report.near["gap_m"].to_numpy() == pytest.approx(np.full(2, width), rel=0.04)
    assert report.near.total_bounds[2] <= start + 360
    with pytest.warns(gi.DataWarning, match="Between A and B a strip"):
        assert not gi.measure.segments(regions)["kind"].eq("foreign").any()
    mended = quietly_repaired(regions)
    assert gi.read.topology(mended).sound
    assert mended.total_bounds[2] <= start + 360
    there, closed = gi.measure.segments(mended), gi.measure.segments(across_the_seam(0, start=start))
    assert there.index.to_list() == closed.index.to_list() == ["a|b", "a|c", "b|d", "c|d"]
    np.testing.assert_allclose(there["length_km"], closed["length_km"], rtol=1e-3)


def test_no_strip_is_seen_across_the_date_line_where_there_is_none():
    assert gi.read.topology(across_the_seam(0)).sound
    assert gi.read.topology(across_the_seam(250)).sound
    whole_globe = placed(box(-180, -90, 180, -70), box(-180, 60, -170, 70), box(170, 60, 180, 70))
    assert gi.read.topology(whole_globe).near.empty


@given(st.lists(st.tuples(st.integers(0, 6), st.integers(0, 6)), min_size=1, max_size=6, unique=True))
def test_a_mended_map_is_sound_and_covers_the_same_ground(corners):
    regions = placed(*(translate(box(0, 0, 1.5, 1.5), x, y) for x, y in corners))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", gi.DataWarning)
        mended = gi.read.repaired(regions, max_gap_m=0)
    assert gi.read.topology(mended).overlaps.empty
    assert mended.union_all().area == pytest.approx(regions.union_all().area)
    assert shapely.area(mended.geometry.to_numpy()).sum() == pytest.approx(regions.union_all().area)


ids = st.lists(st.text("0123456789abÄ中-", min_size=1, max_size=6), min_size=1, max_size=5, unique=True)


@settings(max_examples=10)
@given(ids=ids, suffix=st.sampled_from(SUFFIXES))
def test_ids_survive_every_round_trip(ids, suffix):
    with tempfile.TemporaryDirectory() as folder:
        path = written(cells(ids).assign(number=np.arange(len(ids))), Path(folder) / f"r{suffix}")
        back = gi.read.regions(path, id="code")
    assert back["number"].to_dict() == {i: n for n, i in enumerate(ids)}
