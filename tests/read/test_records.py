"""Records in Parquet of any size: the same counts as in memory, whoever runs them; nothing else is read."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import geopandas
import numpy as np
import pandas as pd
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

import geoinno as gi
from geoinno.read import _raster, _records


def written(folder, *, files=2, rows=5_000, bounds=(46, 35, 88, 56), seed=0):
    rng = np.random.default_rng(seed)
    tables = []
    for k in range(files):
        x, y = rng.uniform(*bounds[::2], rows), rng.uniform(*bounds[1::2], rows)
        tables.append(pd.DataFrame({"lon": x, "lat": y, "jobs": rng.random(rows)}))
        tables[-1].to_parquet(folder / f"part-{k}.parquet", row_group_size=1_200)
    return pd.concat(tables, ignore_index=True)


def placed(table, crs):
    return geopandas.GeoDataFrame(table, geometry=geopandas.points_from_xy(table.lon, table.lat), crs=crs)


@pytest.mark.filterwarnings("ignore::geoinno.DataWarning")
def test_files_count_as_tables_do(tmp_path, monkeypatch):
    monkeypatch.setattr(_records, "_POINTS", 2_000)
    regions = gi.read.sample("central_asia").regions
    # geopandas' spatial join is the other reading of the same question; no point lies on a border here.
    points = placed(written(tmp_path), regions.crs)
    home = geopandas.sjoin(points, regions[["geometry"]].rename_axis("home"), predicate="within")["home"]
    groups = points.assign(home=home).dropna(subset="home").groupby("home")
    jobs = groups["jobs"]
    for value, how, counted in (
        (None, "count", groups.size()),
        ("jobs", "sum", jobs.sum()),
        ("jobs", "mean", jobs.mean()),
    ):
        expected = counted.reindex(regions.index, fill_value=np.nan if how == "mean" else 0)
        found = gi.read.located(tmp_path, regions, value=value, how=how)
        np.testing.assert_allclose(found, expected, rtol=1e-12)
    with ThreadPoolExecutor(2) as threads:
        for options in ({"executor": threads}, {"store": tmp_path / "store"}, {"store": tmp_path / "store"}):
            again = gi.read.located(tmp_path, regions, value=value, how=how, **options)
            pd.testing.assert_series_equal(again, found, check_exact=True)


@settings(max_examples=25, deadline=None)
@given(seed=st.integers(0, 10_000), tied=st.booleans())
def test_the_raster_places_points_as_polygons_do(seed, tied):
    rng = np.random.default_rng(seed)
    cells = shapely.voronoi_polygons(shapely.multipoints(rng.random((8, 2)) * 10))
    polygons = np.array(list(cells.geoms), dtype=object)[: rng.integers(1, 8)]
    points = rng.uniform(-3, 13, (400, 2))
    if tied:  # corners and edges of regions, where the first of several counts
        points[:100] = rng.choice(shapely.get_coordinates(polygons), 100)
    found = _raster.raster(polygons).homes(*points.T)
    plain = [
        next((k for k, shape in enumerate(polygons) if shapely.intersects_xy(shape, *point)), -1)
        for point in points
    ]
    np.testing.assert_array_equal(found, plain)


def test_a_point_map_of_one_cell_and_strays(tmp_path):
    regions = geopandas.GeoDataFrame({"geometry": [shapely.box(0, 0, 1, 1)]}, index=["a"], crs=3857)
    pd.DataFrame({"x": [0.5, 1.0, 2.0], "y": [0.5, 1.0, 2.0]}).to_parquet(tmp_path / "p.parquet")
    with pytest.warns(gi.DataWarning, match="outside all regions"):
        found = gi.read.located(tmp_path / "p.parquet", regions, coordinates=("x", "y"))
    assert found.to_dict() == {"a": 2}


@pytest.mark.parametrize(
    ("change", "error", "words"),
    [
        ({"lon": "east"}, gi.ColumnError, "has no column 'lon'"),
        ({"lat": None}, gi.ColumnError, "no finite value in 1"),
        ({"lat": "text"}, gi.ColumnError, "must be numeric"),
        ({}, gi.MissingFileError, "not there"),
        ("empty", gi.MissingFileError, "no Parquet files"),
        ("damaged", gi.GeoinnoError, "damaged"),
    ],
)
def test_unsound_files_are_refused_in_words(change, error, words, tmp_path):
    regions = gi.read.sample("austria").regions
    table = pd.DataFrame({"lon": [14.0, 15.0], "lat": [47.0, 47.5]})
    path = tmp_path / "p.parquet"
    if change == "empty":
        path = tmp_path
    elif change == "damaged":
        path.write_bytes(b"PAR1 and nothing else")
    elif "lon" in change:
        table.rename(columns=change).to_parquet(path)
    elif change:
        table.assign(lat=["x", "y"] if change["lat"] else [47.0, None]).to_parquet(path)
    with pytest.raises(error, match=words):
        gi.read.located(path, regions)


def trips(folder, seed=0, files=2):
    rng = np.random.default_rng(seed)
    tables = []
    for k in range(files):
        ends = {"from": rng.integers(0, 30, 4_000).astype(str), "to": rng.integers(0, 30, 4_000)}
        tables.append(
            pd.DataFrame({**ends, "tonnes": rng.random(4_000), "year": rng.integers(2015, 2018, 4_000)})
        )
        tables[-1].to_parquet(folder / f"trips-{k}.parquet")
    return pd.concat(tables).astype({"to": str})


NAMED = {"origin": "from", "destination": "to"}


@pytest.mark.parametrize("value", [None, "tonnes"])
@pytest.mark.parametrize("where", [None, "year = 2016 OR year = 2017"])
def test_trips_add_up_as_in_pandas(value, where, tmp_path):
    table = trips(tmp_path)
    kept = table if where is None else table[table["year"] > 2015]
    groups = kept.groupby(["from", "to"])
    expected = groups.size() if value is None else groups["tonnes"].sum()
    found = gi.read.summed_flows(tmp_path, **NAMED, value=value, where=where)
    assert found.columns.to_list() == ["origin", "destination", "value"]
    assert list(zip(found["origin"], found["destination"], strict=True)) == expected.index.to_list()
    np.testing.assert_allclose(found["value"], expected, rtol=1e-12)
    with ThreadPoolExecutor(2) as threads:
        options = {"executor": threads, "store": tmp_path / "store", "value": value, "where": where}
        for _ in range(2):
            again = gi.read.summed_flows(tmp_path, **NAMED, **options)
            pd.testing.assert_frame_equal(again, found, check_exact=True)


@pytest.mark.parametrize(
    ("options", "error", "words"),
    [
        ({"where": "year ="}, gi.GeoinnoError, "cannot be summed: Parser Error"),
        ({"where": "year = 1"}, gi.FlowError, "No trip is left"),
        (
            {"where": "\"from\" IN (SELECT content FROM read_text('/etc/hostname'))"},
            gi.GeoinnoError,
            "disabled",
        ),
        ({"where": "true); DROP TABLE x; SELECT (1"}, gi.GeoinnoError, "cannot be summed"),
        ({"value": "weight"}, gi.ColumnError, "has no column 'weight'"),
        ({"value": "to"}, gi.OptionError, "three columns"),
    ],
)
def test_conditions_and_columns_that_do_not_hold(options, error, words, tmp_path):
    trips(tmp_path, files=1)
    with pytest.raises(error, match=words):
        gi.read.summed_flows(tmp_path, **NAMED, **options)


@pytest.mark.parametrize("bad", [{"from": None}, {"tonnes": None}, {"tonnes": np.inf}, {"tonnes": -5.0}])
def test_unsound_trips_are_refused(bad, tmp_path):
    table = pd.DataFrame({"from": ["a", "b"], "to": ["b", "a"], "tonnes": [1.0, 2.0]})
    column, value = next(iter(bad.items()))
    table.loc[1, column] = value
    table.to_parquet(tmp_path / "t.parquet")
    with pytest.raises(gi.FlowError):
        gi.read.summed_flows(tmp_path, **NAMED, value="tonnes")


def test_files_keep_their_names_apart(tmp_path):
    # A quote in a folder's name does not end the path in a setting of the engine.
    folder = tmp_path / "it's here"
    folder.mkdir()
    trips(folder, files=1)
    assert len(gi.read.summed_flows(folder, **NAMED)) > 100


def test_a_file_given_twice_is_refused(tmp_path):
    trips(tmp_path)
    files = sorted(tmp_path.glob("*.parquet"))
    with pytest.raises(gi.OptionError, match="Files are given twice, and would count twice"):
        gi.read.summed_flows([*files, files[0]], **NAMED)
