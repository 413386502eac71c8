"""Odd files, shapes, joins, flows, panels and options of strangers, each with its documented answer."""

from __future__ import annotations

import datetime as dt
import decimal
import json
import re
import shutil
import zipfile
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import geopandas as gpd
import numpy as np
import openpyxl
import pandas as pd
import pyogrio
import pytest
from shapely.geometry import LineString, Point, Polygon, box

import geoinno as gi

if TYPE_CHECKING:
    from collections.abc import Callable

LOCAL = 'ENGCRS["x",EDATUM["x"],CS[Cartesian,2],AXIS["x",east],AXIS["y",north],LENGTHUNIT["metre",1]]'
MOON = 'GEOGCRS["Moon",DATUM["Moon",ELLIPSOID["Moon",1737400,0]],CS[ellipsoidal,2],AXIS["lat",north],'
MOON += 'AXIS["lon",east],UNIT["degree",0.0174532925199433]]'
ALL = ["r0", "r1", "r2"]


@dataclass(frozen=True)
class Try:
    """What a stranger does, and what comes of it: an answer, an error with words, or a warning."""

    name: str
    act: Callable
    answer: object = None
    words: str = ""
    error: type[Exception] = gi.GeoinnoError
    warns: str = ""
    options: dict = field(default_factory=dict)


def regions(shapes=None, crs=4326, **columns):
    shapes = shapes or [box(i, 0, i + 1, 1) for i in range(3)]
    codes = [f"r{i}" for i in range(len(shapes))]
    values = {"v": np.arange(1.0, len(shapes) + 1), **columns}
    return gpd.GeoDataFrame(values, index=pd.Index(codes, name="code"), geometry=shapes, crs=crs)


def table(text, name="t.csv", encoding="utf-8"):
    def act(folder, **options):
        (folder / name).write_bytes(text.encode(encoding) if isinstance(text, str) else text)
        return gi.read.table(folder / name, id="code", **options)["v"].to_list()

    return act


def workbook(*rows):
    def act(folder):
        book = openpyxl.Workbook()
        for row in rows:
            book.active.append(row)
        book.save(folder / "t.xlsx")
        return gi.read.table(folder / "t.xlsx", id="code")["v"].to_list()

    return act


def parquet(**columns):
    def act(folder):
        pd.DataFrame(columns).to_parquet(folder / "t.parquet")
        return gi.read.table(folder / "t.parquet", id="code")["v"].to_list()

    return act


TABLES = [
    Try("UTF-16 without a mark", table("code;v\n01;1,5\nKöln;2,5\n", encoding="utf-16-le"), [1.5, 2.5]),
    Try("UTF-32", table("code;v\n01;1,5\n", encoding="utf-32"), [1.5]),
    Try("EBCDIC", table("code;v\n01;1,5\n", encoding="cp037"), words="is not UTF-8"),
    Try("heading without a name", table("code;;v\n01;1;2\n"), [2]),
    Try("dates as ids", table("code;v\n2020-01-01;1\n"), [1]),
    Try("months as ids", table("code;v\n1-Mar;1\n2-Mar;2\n"), [1, 2]),
    Try("powers of ten as ids", table("code;v\n1E+05;1\n"), [1]),
    Try("decimals by dot and by comma", table("code;v;w\n1;1.5;2,5\n2;1.25;3,75\n"), [1.5, 1.25]),
    Try("apostrophes and dots", table("code;v\n1;1'234.5\n2;2'345.25\n"), [1234.5, 2345.25]),
    Try("full width digits", table("code;v\n1;\uff11\uff12\n"), [12]),
    Try("Arabic digits", table("code;v\n1;\u0661\u0662\n2;\u0663\n"), [12, 3]),
    Try("losses in brackets", table("code;v\n1;(1,5)\n2;2,5\n"), warns=r"not a number: '\(1,5\)'"),
    Try("minus behind", table("code;v\n1;5-\n2;7\n3;8\n"), warns="not a number: '5-'"),
    Try("fractions", table("code;v\n1;\u00bd\n2;2\n3;3\n"), warns="not a number"),
    Try("base sixteen", table("code;v\n1;0x1F\n2;2\n3;3\n"), warns="not a number"),
    Try("beyond all numbers", table("code;v\n1;1e999\n2;2\n"), warns="cannot be kept exactly"),
    Try("too long beside gaps", table("code;v\n1;9007199254740993\n2;:\n"), warns="cannot be kept exactly"),
    Try("long and whole", table("code;v\n1;9007199254740993\n2;2\n"), [9007199254740993, 2]),
    Try("exact though long", table("code;v\n1;9007199254740992\n2;:\n"), [2.0**53, np.nan]),
    Try("thirty digits", table(f"code;v\n1;{'1' * 30}\n2;2,5\n"), warns="cannot be kept exactly"),
    Try("many decimals", table("code;v\n1;0,12345678901234567\n2;2\n"), [0.12345678901234567, 2.0]),
    Try("words for no number as ids", table("code;v\nNaN;1\nnull;2\n"), [1, 2]),
    Try("empty ids", table("code;v\n;1\n;2\n"), words="cannot serve as a key"),
    Try("zero bytes", table(b"code;v\n01;1\x00\n"), words="zero bytes"),
    Try("old Macintosh", table("code;v\r01;1,5\r02;2,5\r"), [1.5, 2.5]),
    Try("lines in a cell", table('code;v;w\n01;1,5;"a\nb"\n02;2,5;c\n'), [1.5, 2.5]),
    Try("a page", table("<html><body><td>code</td></html>"), words="no column 'code'"),
    Try("JSON", table('[{"code":"01","v":1}]'), words="no column 'code'"),
    Try("text called workbook", table("code;v\n01;1\n", name="t.xlsx"), words="not what its suffix says"),
    Try("text called Parquet", table("code;v\n01;1\n", name="t.parquet"), words="not what its suffix says"),
    Try("packed by gzip", table(b"\x1f\x8b", name="t.csv.gz"), words="a kind that can be read.*convert it"),
    Try("OpenDocument", table(b"PK", name="t.ods"), words="a kind that can be read"),
    Try("old workbook", table(b"\xd0\xcf", name="t.xls"), words="a kind that can be read"),
    Try(
        "errors of Excel",
        workbook(["code", "v"], ["a", "#N/A"], ["b", "#REF!"], ["c", 3]),
        [np.nan, np.nan, 3],
    ),
    Try("dates as ids in Excel", workbook(["code", "v"], [dt.date(2020, 1, 1), 1]), words="as a key"),
    Try("whole numbers as ids in Excel", workbook(["code", "v"], [1.0, 1], [2.0, 2]), [1, 2]),
    Try("halves as ids in Excel", workbook(["code", "v"], [1.5, 1], [2.0, 2]), words="cannot serve as a key"),
    Try("true among numbers", workbook(["code", "v"], ["a", True], ["b", 2]), warns="not a number: True"),
    Try("decimals of databases", parquet(code=["a", "b"], v=[decimal.Decimal("1.5"), None]), [1.5, np.nan]),
    Try("bytes as ids", parquet(code=[b"a"], v=[1]), words="cannot serve as a key"),
]


def geojson(*, properties=None, coordinates="[[[0,0],[1,0],[1,1],[0,0]]]"):
    feature = f'{{"type":"Feature","properties":{json.dumps(properties or {"code": "a"})},"geometry":'
    feature += f'{{"type":"Polygon","coordinates":{coordinates}}}}}'
    return f'{{"type":"FeatureCollection","features":[{feature}]}}'


def shapes(text, name="r.geojson"):
    def act(folder, **options):
        (folder / name).write_text(text, encoding="utf-8")
        return gi.read.regions(folder / name, id="code", **options).index.to_list()

    return act


def stored(table, *layers):
    def act(folder, **options):
        for layer in layers or ("r",):
            table.reset_index().to_file(folder / "r.gpkg", layer=layer)
        return gi.read.regions(folder / "r.gpkg", id="code", **options).index.to_list()

    return act


def zipped(*, count=1, without=()):
    def act(folder):
        inside = folder / "inside"
        inside.mkdir()
        for number in range(count):
            regions().reset_index().to_file(inside / f"s{number}.shp")
        with zipfile.ZipFile(folder / "r.zip", "w") as packed:
            for file in inside.iterdir():
                if file.suffix not in without:
                    packed.write(file, f"in ner/{file.name}")
        return gi.read.regions(folder / "r.zip", id="code").index.to_list()

    return act


def capitals(folder):
    regions().reset_index().to_file(folder / "r.shp")
    for file in folder.glob("r.*"):
        shutil.move(file, file.with_suffix(file.suffix.upper()))
    return gi.read.regions(folder / "r.SHP", id="code").index.to_list()


def columns_alone(folder):
    pyogrio.write_dataframe(pd.DataFrame({"code": ["a"]}), folder / "r.gpkg", layer="x", driver="GPKG")
    gi.read.regions(folder / "r.gpkg", id="code")


def weighed(shapes=None, crs=4326, **options):
    return lambda _: gi.weigh.contiguity(regions(shapes, crs), **options)


TOPOLOGY = json.dumps({"type": "Topology", "objects": {}, "arcs": []})
KML = '<kml xmlns="http://www.opengis.net/kml/2.2"><Document></Document></kml>'
METRES = "[[[4321000,3210000],[4331000,3210000],[4331000,3220000],[4321000,3210000]]]"
BOW = Polygon([(0, 0), (1, 1), (1, 0), (0, 1)])
TWICE = [box(0, 0, 1, 1), box(0, 0, 1, 1)]
FILES = [
    Try("TopoJSON", shapes(TOPOLOGY, "r.topojson"), words="a kind that can be read.*QGIS"),
    Try("KML", shapes(KML, "r.kml"), words="a kind that can be read"),
    Try("empty file", shapes("", "r.geojson"), words="first bytes are not those of GeoJSON"),
    Try("no features", shapes('{"type":"FeatureCollection","features":[]}'), words="holds no shape"),
    Try("half a file", shapes(geojson()[:-30]), words="damaged"),
    Try("NaN in a ring", shapes(geojson(coordinates="[[[0,NaN],[1,0],[1,1],[0,0]]]")), words="damaged"),
    Try("a table as id", shapes(geojson(properties={"code": {"a": 1}})), words="cannot serve as a key"),
    Try("metres", shapes(geojson(coordinates=METRES)), words="crs=3035 where the file is read"),
    Try("latitude first", stored(regions([box(50, 10, 51, 100)])), words="is in degrees, but"),
    Try("a third dimension", stored(regions([Polygon([(0, 0, 5), (1, 0, 5), (1, 1, 5)])])), ["r0"]),
    Try("a site grid", stored(regions(crs=LOCAL)), words="local or engineering"),
    Try("several layers", stored(regions(), "a", "b"), words=r"name one of its layers, .*: 'a', 'b'"),
    Try("layer named", stored(regions(), "a", "b"), ALL, options={"layer": "b"}),
    Try("columns alone", columns_alone, words="0 layers with shapes"),
    Try("zip with a folder", zipped(), ALL),
    Try("zip with two shapefiles", zipped(count=2), words="2 files of shapes; name one"),
    Try("zip without the table", zipped(without=(".dbf",)), words="no column 'code'"),
    Try("zip without the index", zipped(without=(".shx",)), words="cannot be read"),
    Try("suffix in capitals", capitals, ALL),
    Try("a folder", lambda folder: gi.read.regions(folder, id="code"), words="a folder.*name a file in it"),
    Try("nothing", lambda _: gi.read.regions(None, id="code"), words="must be the path"),
    Try("address", lambda _: gi.read.table("https://example.org/x.csv", id="code"), words="is an address"),
    Try("path of GDAL", lambda _: gi.read.regions("/vsicurl/http://h/r.gpkg", id="c"), words="is an address"),
    Try("half a condition", stored(regions()), words="does not select rows", options={"where": "v >"}),
    Try("two statements", stored(regions()), ALL, options={"where": "1=1; drop table r"}),
    Try("nothing chosen", stored(regions()), words="holds no row that meets", options={"where": "v > 9"}),
    Try("no such CRS", stored(regions()), words="is not a CRS", options={"crs": "klingon"}),
    Try("the Moon", weighed(crs=MOON), words="another body", error=gi.CrsError),
    Try("the centre of the Earth", weighed(crs=4978), words="without a place", error=gi.CrsError),
    Try("points", weighed([Point(0, 0), Point(1, 1)]), words="must be polygons"),
    Try("a line", weighed([LineString([(0, 0), (1, 1)])]), words="must be polygons"),
    Try("a bow tie", weighed([BOW]), words="Repair it"),
    Try("one shape twice", lambda _: gi.read.repaired(regions(TWICE)), words="Beyond repair"),
    Try("beyond the pole", weighed([box(0, 88, 1, 95)]), words="is in degrees, but"),
    Try("a tolerance of nothing", weighed(snap_m=np.nan), words="snap_m must be", error=gi.OptionError),
]


def joined(index, **columns):
    values = columns or {"w": list(range(len(index)))}
    return lambda _: gi.read.join(regions(), pd.DataFrame(values, index=index)).columns.to_list()


def flows(text):
    def act(folder):
        (folder / "f.csv").write_text(text, encoding="utf-8")
        return gi.read.flows(folder / "f.csv", origin="o", destination="d", value="v")["value"].to_list()

    return act


def panel(text):
    def act(folder):
        (folder / "p.csv").write_text(text, encoding="utf-8")
        return gi.read.panel(folder / "p.csv", id="code", year="y")["v"].to_list()

    return act


def arrow(value):
    flows = pd.DataFrame({"origin": ["r0"], "destination": ["r1"], "value": [value]})
    return lambda _: gi.draw.flow_lines(flows, regions())


JOINS = [
    Try("column twice", joined(ALL, v=[1, 2, 3]), words="both in the regions and in the indicators"),
    Try("column of shapes", joined(ALL, geometry=[1, 2, 3]), words="both in the regions"),
    Try("nothing meets", joined(["a", "b", "c"]), words="Unmatched ids"),
    Try("ids twice", joined([*ALL, "r2"]), words="repeat: 'r2'"),
    Try("numbers as ids", joined([0, 1, 2]), words="non-empty string ids"),
    Try("two levels", joined(pd.MultiIndex.from_product([ALL, [1]])), words="MultiIndex"),
    Try("blanks behind", joined(["r0 ", "r1 ", "r2 "]), words="3 of them differ only in white space"),
    Try("flow to itself", flows("o,d,v\na,a,5\na,b,3\n"), [5, 3]),
    Try("negative flow", flows("o,d,v\na,b,-3\n"), words="zero or more"),
    Try("pair twice", flows("o,d,v\na,b,3\na,b,4\n"), words="occur twice"),
    Try("square table", flows("o,a,b\na,1,2\nb,3,4\n"), words="no column 'd'"),
    Try("endless flow", flows("o,d,v\na,b,inf\n"), words="finite"),
    Try("flow of text", arrow("1"), words="numbers stored as text"),
    Try("flow of true", arrow(value=True), words="its type is bool"),
    Try("complex flow", arrow(1j), words="its type is complex"),
    Try("years that are missing", panel("code,y,v\na,2000,1\na,2001,2\nb,2000,3\n"), [1, 2, 3]),
    Try("year twice", panel("code,y,v\na,2000,1\na,2000,2\n"), words="a year twice"),
    Try("years as headings", panel("code,2000,2001\na,1,2\n"), words="no column 'y'"),
    Try("years of schools", panel("code,y,v\na,2000/01,1\n"), words="whole years"),
    Try("no year in a cell", panel("code,y,v\na,,1\nb,2001,2\n"), words="whole years"),
]


def drawn(values="v", **options):
    return lambda _: gi.draw.choropleth(regions(), values, **options)


def column(*cells):
    return lambda _: gi.draw.choropleth(regions(v=list(cells)), "v")


def saved(name="x.png", **options):
    return lambda folder: gi.draw.sheet(drawn()(None), source="s", **options).save(folder / name)


OPTIONS = [
    Try("no class", drawn(count=0), words="whole number of at least 1", error=gi.OptionError),
    Try("half a class", drawn(count=2.5), words="whole number", error=gi.OptionError),
    Try("a count in quotes", drawn(count="5"), words="whole number", error=gi.OptionError),
    Try("midpoint that is none", drawn(midpoint=np.nan), words="finite number", error=gi.OptionError),
    Try("midpoint in quotes", drawn(midpoint="0"), words="finite number", error=gi.OptionError),
    Try("unknown scheme", drawn(scheme="x"), words="scheme must be one of", error=gi.OptionError),
    Try("limits that fall", drawn(scheme=[3, 2, 1]), words="must rise", error=gi.OptionError),
    Try("limits too narrow", drawn(scheme=[1.5, 2]), words="leave out 'r0', 'r2'"),
    Try("complex values", column(1j, 2, 3), words="its type is complex"),
    Try("infinite values", column(np.inf, 2, 3), words="is infinite in 'r0'"),
    Try("true and false", column(True, False, True), words="its type is bool"),
    Try("dates", column(*pd.to_datetime(["2020", "2021", "2022"])), words="its type is datetime64"),
    Try("decimals", column(decimal.Decimal(1), 2, 3), words="pd.to_numeric"),
    Try("an array", drawn(np.arange(3)), words="must be a Series"),
    Try("a plain table", lambda _: gi.weigh.contiguity(pd.DataFrame(regions())), words="a GeoDataFrame"),
    Try("an endless gap", lambda _: gi.read.topology(regions(), max_gap_m=np.inf), words="max_gap_m must be"),
    Try("unknown suffix", saved("x.bmp"), words="suffix of the path must be", error=gi.OptionError),
    Try("a map in degrees", saved(crs=4326), words="drawn in a projected CRS", error=gi.CrsError),
    Try("unknown ground", saved(basemap="x"), words="basemap must be one of", error=gi.OptionError),
    Try("unknown language", saved(lang="xx"), words="lang must be one of", error=gi.OptionError),
]


@pytest.mark.parametrize("case", [*TABLES, *FILES, *JOINS, *OPTIONS], ids=lambda case: case.name)
def test_what_a_stranger_tries_ends_as_documented(case, tmp_path):
    if case.warns:
        with pytest.warns(gi.DataWarning, match=case.warns):
            case.act(tmp_path, **case.options)
    elif case.words:
        with pytest.raises(case.error, match=case.words) as caught:
            case.act(tmp_path, **case.options)
        assert len(str(caught.value)) < 1000
    else:
        np.testing.assert_equal(case.act(tmp_path, **case.options), case.answer)


def test_ids_that_differ_in_a_blank_stay_two_and_a_join_names_the_cause(tmp_path):
    (tmp_path / "t.csv").write_text("code;w\nr0 ;1\nr1;2\nr2;3\n")
    back = gi.read.table(tmp_path / "t.csv", id="code")
    assert back.index.to_list() == ["r0 ", "r1", "r2"]
    with pytest.raises(gi.AlignmentError, match="only in white space"):
        gi.read.join(regions(), back)


def test_this_too_is_a_table_of_many_inputs():
    assert len([*TABLES, *FILES, *JOINS, *OPTIONS]) >= 110


def _workbook(path, rows, *, sheet="Data", merged=()):
    book = openpyxl.Workbook()
    book.active.title = sheet
    for row in rows:
        book.active.append(row)
    for cells in merged:
        book.active.merge_cells(cells)
    book.save(path)
    return path


_REMEDIES = [
    ("t.csv", b"<!DOCTYPE html><html>Log in</html>", "no column 'code'. It is a web page: open its address"),
    ("t.csv", b"version https://git-lfs.github.com/spec/v1\noid x\n", "pointer of Git LFS.*git lfs pull"),
    ("t.xlsx", b"<html><table></table></html>", "t.xlsx cannot be read.*It is a web page"),
    ("t.xlsx", b"", "t.xlsx cannot be read.*It is empty. Download, copy or export it again"),
    ("t.xlsx", b"code,v\n01,1\n", "It is a text file: give it the suffix of its kind, such as .csv"),
    ("t.xlsx", b"\xd0\xcf\x11\xe0" + bytes(600), "with a password: save it in Excel or LibreOffice"),
    ("t.xlsx", b"PK\x03\x04" + bytes(60), "It is a zip that is cut off"),
    ("t.parquet", b"SQLite format 3\0", "It is a GeoPackage or another database: give it the suffix .gpkg"),
    ("t.csv", b'code,v\n01,"1\n02,2\n03,3\n', "quotation mark near line 2 has no second one"),
]


@pytest.mark.parametrize(("name", "content", "words"), _REMEDIES)
def test_a_file_that_is_no_table_says_what_it_is_and_what_helps(tmp_path, name, content, words):
    (tmp_path / name).write_bytes(content)
    with pytest.raises(gi.errors.GeoinnoError, match=words):
        gi.read.table(tmp_path / name, id="code")


@pytest.mark.parametrize("name", ["t.xlsx", "t.zip"])
def test_a_zip_whose_table_of_contents_is_damaged_is_refused_in_words(tmp_path, name):
    path = tmp_path / name
    with zipfile.ZipFile(path, "w") as packed:
        packed.writestr("t.csv", "code,v\n01,1\n")
    content = path.read_bytes()
    path.write_bytes(content.replace(b"PK\x01\x02", b"PK\x01\x22"))  # the mark of an entry
    with pytest.raises(gi.errors.GeoinnoError, match=rf"{name}.*table of contents is damaged. Download"):
        gi.read.table(path, id="code")


def test_zips_say_whether_they_hold_no_table_or_several(tmp_path):
    for name, members in (("none.zip", ["readme.md"]), ("two.zip", ["a.csv", "b.csv"])):
        with zipfile.ZipFile(tmp_path / name, "w") as packed:
            for member in members:
                packed.writestr(member, "code,v\n01,1\n")
    with pytest.raises(gi.errors.GeoinnoError, match=r"none.zip holds no table. Tables are .csv"):
        gi.read.table(tmp_path / "none.zip", id="code")
    with pytest.raises(gi.errors.GeoinnoError, match=r"two.zip holds 2 tables: 'a.csv', 'b.csv'.*Unzip it"):
        gi.read.table(tmp_path / "two.zip", id="code")


def test_merged_headings_are_named_and_the_remedy_works(tmp_path):
    years = [["code", "2019", None], [None, "men", "women"], ["01", 1, 2], ["02", 3, 4]]
    path = _workbook(tmp_path / "t.xlsx", years, merged=("B1:C1", "A1:A2"))
    with pytest.raises(gi.ColumnError, match=r"headings in two rows, 1 and 2 of sheet 'Data'.*delete row 2"):
        gi.read.table(path, id="code")
    mended = _workbook(tmp_path / "m.xlsx", [["code", "2019 men", "2019 women"], *years[2:]])
    assert gi.read.table(mended, id="code")["2019 women"].to_list() == [2, 4]


def test_parts_of_a_shapefile_that_are_missing_or_cut_off_are_named(tmp_path, lattice):
    lattice.reset_index()[["name", "geometry"]].to_file(tmp_path / "r.shp")
    whole = (tmp_path / "r.shp").read_bytes()
    (tmp_path / "r.shp").write_bytes(whole[: len(whole) // 2])
    with pytest.raises(gi.errors.GeoinnoError, match=r"r.shp is cut off: it states [\d,]+ bytes"):
        gi.read.regions(tmp_path / "r.shp", id="name")
    (tmp_path / "alone.shp").write_bytes(whole)
    with pytest.raises(gi.errors.GeoinnoError, match=r"alone.shp cannot be read without alone.shx"):
        gi.read.regions(tmp_path / "alone.shp", id="name")
    for suffix in (".shx", ".prj"):
        (tmp_path / f"alone{suffix}").write_bytes((tmp_path / f"r{suffix}").read_bytes())
    with pytest.raises(gi.ColumnError, match=r"no column 'name'. A shapefile keeps them in the .dbf file"):
        gi.read.regions(tmp_path / "alone.shp", id="name")
    (tmp_path / "alone.dbf").write_bytes((tmp_path / "r.dbf").read_bytes())
    assert len(gi.read.regions(tmp_path / "alone.shp", id="name")) == len(lattice)


def test_a_truncated_geopackage_says_what_helps(tmp_path, lattice):
    lattice.reset_index()[["name", "geometry"]].to_file(tmp_path / "r.gpkg")
    (tmp_path / "r.gpkg").write_bytes((tmp_path / "r.gpkg").read_bytes()[:5000])
    with pytest.raises(gi.errors.GeoinnoError, match=r"r.gpkg cannot be read.*Download, copy or export it"):
        gi.read.regions(tmp_path / "r.gpkg", id="name")


@pytest.mark.parametrize("encoding", ["iso8859-2", "mac-cyrillic", "koi8-r", "euc-kr"])
def test_the_right_encoding_is_among_those_that_are_proposed(tmp_path, encoding):
    words = {"iso8859-2": "Žilina", "euc-kr": "서울"}.get(encoding, "Москва")
    (tmp_path / "t.csv").write_bytes(f"code,name\n01,{words}\n".encode(encoding))
    with pytest.raises(gi.errors.GeoinnoError) as raised:
        gi.read.table(tmp_path / "t.csv", id="code")
    proposed = dict(re.findall(r"'([\w-]+)': ([^;.]+)", str(raised.value)))
    (named,) = [name for name, reading in proposed.items() if reading == words]
    assert gi.read.table(tmp_path / "t.csv", id="code", encoding=named)["name"].to_list() == [words]
