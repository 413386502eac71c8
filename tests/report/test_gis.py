"""Files for GIS: the numbers come back, and the style is the legend."""

from __future__ import annotations

import csv
import datetime as dt
import io
import sqlite3
from dataclasses import replace
from xml.etree import ElementTree as ET

import geopandas
import numpy as np
import pandas as pd
import pytest

import geoinno as gi

EVIL = "<script>alert('x')</script> & \"more\""


@pytest.fixture(scope="module")
def fill(central_asia):
    regions = central_asia.regions.copy()
    regions.loc[regions.index[0], "name"] = EVIL
    values = regions["primacy"].where(regions.index != regions.index[1])
    return gi.draw.choropleth(regions, values, title="Primacy & more")


def styles(path):
    store = sqlite3.connect(path)
    rows = store.execute(
        "SELECT f_table_name, styleQML, useAsDefault FROM layer_styles ORDER BY id"
    ).fetchall()
    store.close()
    return {name: (ET.fromstring(qml), default) for name, qml, default in rows}


def test_the_geopackage_holds_numbers_and_looks(fill, tmp_path):
    path = gi.report.to_gis(tmp_path / "map.gpkg", fill)
    back = geopandas.read_file(path, layer="primacy_more").set_index("id")
    assert back.loc[fill.shapes.index[0], "name"] == EVIL
    known = fill.table["Primacy & more"].dropna()
    assert back.loc[known.index, "Primacy & more"].to_numpy() == pytest.approx(known.to_numpy())
    root, default = styles(path)["primacy_more"]
    assert default == 1
    keys = fill.legends[0].keys
    categories = root.findall(".//category")
    assert [c.get("label") for c in categories] == [key.label for key in keys]
    assert set(back["class"]) <= {c.get("value") for c in categories}
    for category, key in zip(categories, keys, strict=True):
        symbol = root.find(f".//symbol[@name='{category.get('symbol')}']")
        options = {o.get("name"): o.get("value") for o in symbol.iter("Option") if o.get("value")}
        if not key.pattern:
            red, green, blue = (int(key.fill[i : i + 2], 16) for i in (1, 3, 5))
            assert options["color"] == f"{red},{green},{blue},255"
        else:
            assert options["style"] == "b_diagonal"


def test_lines_flows_and_points_keep_their_widths(central_asia, austria, tmp_path):
    regions = central_asia.regions
    edges = gi.measure.segments(regions)
    lines = gi.draw.border_lines(edges, gi.measure.contrast(regions["primacy"], edges), title="Borders")
    people = regions["city_population"]
    points = gi.draw.pole_points(people > 1e6, regions, people, title="Poles")
    flows = gi.draw.flow_lines(austria.flows, austria.regions, title="Moves")
    path = gi.report.to_gis(tmp_path / "all.gpkg", lines, points, flows)
    assert set(geopandas.list_layers(path)["name"]) >= {"borders", "poles", "moves"}
    assert len(geopandas.read_file(path, layer="borders")) == len(lines.shapes)
    assert geopandas.read_file(path, layer="moves")["value"].max() == austria.flows["value"].max()
    found = styles(path)
    for name, expression in {"borders": '"width"', "moves": '"width"', "poles": '2 * "radius"'}.items():
        root, _ = found[name]
        assert expression in {o.get("value") for o in root.iter("Option")}


def test_the_file_is_the_same_at_every_run(fill, tmp_path):
    one, two = (gi.report.to_gis(tmp_path / f"{i}.gpkg", fill).read_bytes() for i in range(2))
    assert one == two


def test_one_layer_goes_into_parquet_and_csv(fill, tmp_path):
    parquet = geopandas.read_parquet(gi.report.to_gis(tmp_path / "map.parquet", fill))
    assert len(parquet) == len(fill.shapes)
    csv = gi.report.to_gis(tmp_path / "map.csv", fill).read_text(encoding="utf-8")
    assert csv.count("POLYGON") == len(fill.shapes)
    with pytest.raises(gi.errors.GeoinnoError, match="one layer"):
        gi.report.to_gis(tmp_path / "map.csv", fill, fill)
    with pytest.raises(gi.errors.GeoinnoError, match="to_gis writes"):
        gi.report.to_gis(tmp_path / "map.kml", fill)


def test_plain_tables_and_equal_names_are_kept_apart(fill, central_asia, tmp_path):
    path = gi.report.to_gis(tmp_path / "two.gpkg", fill, fill, central_asia.regions)
    assert list(geopandas.list_layers(path)["name"])[:3] == ["primacy_more", "primacy_more_2", "layer_3"]
    assert len(styles(path)) == 2


def read_back(path):
    if path.suffix == ".parquet":
        return geopandas.read_parquet(path)
    if path.suffix == ".csv":
        return pd.read_csv(path)
    return geopandas.read_file(path, layer=geopandas.list_layers(path)["name"].iloc[0])


@pytest.mark.parametrize("suffix", [".gpkg", ".parquet", ".csv"])
@pytest.mark.parametrize(
    "name", ["class", "name", "country", "region", "geometry", "wkt", "FID", "geom", "id", "code"]
)
def test_a_column_of_any_name_keeps_its_numbers(lattice, tmp_path, name, suffix):
    values = pd.Series(np.arange(36.0) * 1.5 - 7, index=lattice.index, name=name)
    layer = gi.draw.choropleth(lattice, values)
    back = read_back(gi.report.to_gis(tmp_path / f"map{suffix}", layer))
    plain = read_back(
        gi.report.to_gis(
            tmp_path / f"plain{suffix}",
            lattice.drop(columns="name").join(
                values.rename(name if name not in ("geometry", "country") else "value")
            ),
        )
    )
    for table in (back, plain):
        numbers = table.select_dtypes("number")
        assert any(np.array_equal(numbers[column], values) for column in numbers), list(table.columns)
    assert back["name"].to_list() == lattice["name"].to_list()
    assert back["country"].to_list() == lattice["country"].to_list()
    assert back["id"].astype(str).str.zfill(2).to_list() == lattice.index.to_list()
    assert set(back["class"]) == {key.label for key in layer.legends[0].keys}


@pytest.mark.parametrize(
    "title",
    [
        "gpkg_x",
        "GPKG",
        "layer_styles",
        "sqlite_master",
        "rtree_a_geom",
        "select",
        "1a",
        "",
        "\u00e9" * 300,
        "a'b\"c;--",
    ],
)
def test_any_title_names_a_layer(fill, tmp_path, title):
    path = gi.report.to_gis(tmp_path / "map.gpkg", replace(fill, name=title))
    names = [name for name in geopandas.list_layers(path)["name"] if name != "layer_styles"]
    assert len(names) == 1
    assert len(geopandas.read_file(path, layer=names[0])) == len(fill.shapes)
    assert list(styles(path)) == names


def test_titles_that_differ_by_case_or_by_a_number_are_two_layers(fill, tmp_path):
    titles = ["Share", "SHARE", "share_2", "share"]
    path = gi.report.to_gis(tmp_path / "map.gpkg", *(replace(fill, name=title) for title in titles))
    names = list(geopandas.list_layers(path)["name"])
    assert names[:4] == ["share", "share_2", "share_2_2", "share_3"]


@pytest.mark.parametrize("suffix", [".gpkg", ".parquet", ".csv"])
def test_columns_of_any_kind_come_back(lattice, tmp_path, suffix):
    columns = {
        "a": [1, 2],
        "A": [3, 4],
        7: [5, 6],
        "gaps": pd.array([2**53, None], "Int64"),
        "whole": [None, 3],
        "flag": [True, False],
        "kind": pd.Categorical(["x", "y"]),
        "half": np.array([0.5, 2], "float16"),
        "day": pd.to_datetime(["2020-01-01", "2021-02-03"]),
        "year": pd.period_range("2020", periods=2, freq="Y"),
        "most": [2**63 - 1, -(2**63) + 1],
        "line\nbreak": [8, 9],
    }
    two = (
        lattice.iloc[:2]
        .drop(columns=["name", "country"])
        .assign(**{str(k): v for k, v in columns.items()})
        .rename(columns={"7": 7})
    )
    back = read_back(gi.report.to_gis(tmp_path / f"map{suffix}", two))
    assert back["a"].to_list() == [1, 2]
    assert back["A_2"].to_list() == [3, 4]
    assert back["7"].to_list() == [5, 6]
    assert back["gaps"].iloc[0] == 2**53
    assert back["whole"].iloc[1] == 3
    assert back["flag"].to_list() == [True, False]
    assert back["kind"].to_list() == ["x", "y"]
    assert back["half"].to_list() == [0.5, 2]
    assert pd.to_datetime(back["day"]).dt.year.to_list() == [2020, 2021]
    assert [str(year) for year in back["year"]] == ["2020", "2021"]
    assert back["most"].to_list() == [2**63 - 1, -(2**63) + 1]
    assert back["line_break"].to_list() == [8, 9]


@pytest.mark.parametrize(
    ("cells", "words"),
    [
        ([1j, 2], "complex numbers"),
        (pd.Series([1j, "a"], dtype="object"), "complex numbers"),
        (pd.to_timedelta([1, 2], "D"), "spans of time"),
        (pd.Series([dt.timedelta(1), None], dtype="object"), "spans of time"),
        (np.array([2**63, 1], "uint64"), "would round"),
        (pd.array([2**53 + 1, None], "Int64"), "would round"),
    ],
)
def test_what_no_file_could_give_back_is_refused(lattice, tmp_path, cells, words):
    two = lattice.iloc[:2]
    table = two.assign(
        odd=getattr(cells, "to_numpy", lambda **_: cells)() if isinstance(cells, pd.Series) else cells
    )
    for suffix in (".gpkg", ".parquet", ".csv"):
        with pytest.raises(gi.errors.ColumnError, match=f"'odd' holds .*{words}"):
            gi.report.to_gis(tmp_path / f"map{suffix}", table)


def test_columns_are_counted(lattice, tmp_path):
    wide = pd.DataFrame(1, index=lattice.index[:2], columns=[f"v{i}" for i in range(2_000)])
    table = geopandas.GeoDataFrame(wide, geometry=lattice.geometry.iloc[:2])
    with pytest.raises(gi.errors.ColumnError, match=r"takes 1,998 columns .* has 2,001"):
        gi.report.to_gis(tmp_path / "map.gpkg", table)
    path = gi.report.to_gis(tmp_path / "map.gpkg", table.iloc[:, -1_998:])
    assert read_back(path).shape == (2, 1_999)
    assert read_back(gi.report.to_gis(tmp_path / "map.parquet", table)).shape == (2, 2_002)


def test_flows_between_places_of_one_name_keep_their_rows(lattice, tmp_path):
    flows = pd.DataFrame([("a", "b c", 5), ("a b", "c", 3)], columns=["origin", "destination", "value"])
    places = lattice.iloc[:4].set_axis(["a", "b c", "a b", "c"])
    layer = gi.draw.flow_lines(flows, places, share=1)
    back = read_back(gi.report.to_gis(tmp_path / "map.gpkg", layer))
    assert back["value"].to_list() == [5, 3]
    assert back["from"].to_list() == places["name"].iloc[[0, 2]].to_list()


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1"])
def test_text_stays_text_in_csv(lattice, tmp_path, text):
    table = lattice.assign(name=text, **{text: -1.5})
    written = gi.report.to_gis(tmp_path / "map.csv", table)
    rows = list(csv.reader(io.StringIO(written.read_bytes().decode(), newline="")))
    assert not any(cell.startswith(("=", "+", "@", "\t", "\r")) for row in rows for cell in row)
    assert rows[1][rows[0].index("name")] == f"'{text}"
    assert "-1.5" in rows[1]


def test_times_finer_than_a_millisecond_are_text_in_a_geopackage(tmp_path, lattice):
    fine = pd.to_datetime(["2020-01-01 12:00:00.123456", None, *["2021-05-06 07:08:09"] * 34], format="mixed")
    table = lattice.assign(fine=fine, coarse=pd.Timestamp("2020-01-01 12:00:00.123"))
    back = geopandas.read_file(gi.report.to_gis(tmp_path / "t.gpkg", table), layer="layer_1")
    assert back["fine"].iloc[0] == "2020-01-01T12:00:00.123456"
    assert back["fine"].isna().iloc[1]
    assert back["coarse"].iloc[0] == pd.Timestamp("2020-01-01 12:00:00.123")
