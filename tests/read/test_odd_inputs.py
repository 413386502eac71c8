"""Bad and odd files as people have them, each with its documented answer: none ends in a bare traceback."""

from __future__ import annotations

import codecs
import contextlib
import warnings
import zipfile
from dataclasses import dataclass, field
from itertools import product

import geopandas as gpd
import numpy as np
import openpyxl
import pandas as pd
import pytest
from shapely.geometry import GeometryCollection, LineString, Point, box

import geoinno as gi

NAN = float("nan")


@dataclass(frozen=True)
class Case:
    """A file, how it is read, and what comes: values, or an error, or a warning with words."""

    name: str
    content: str | bytes
    answer: tuple = ()
    error: type[Exception] | None = None
    words: str = ""
    warns: bool = False
    file: str = "t.csv"
    options: dict = field(default_factory=dict)


def text(name, content, values, **options):
    return Case(name, content, answer=tuple(values), options=options)


def refused(name, content, words, error=gi.GeoinnoError, **options):
    return Case(name, content, error=error, words=words, options=options)


def warned(name, content, words, values=(), **options):
    return Case(name, content, answer=tuple(values), words=words, warns=True, options=options)


def column(*cells, separator=";"):
    return f"code{separator}v\n" + "".join(f"{i:02}{separator}{cell}\n" for i, cell in enumerate(cells, 1))


# Cells as offices write them, the number that is meant, and the flag that is kept.
CELLS = [
    ("1,5", 1.5, None),
    ("-1,5", -1.5, None),
    ("\u22121,5", -1.5, None),
    ("1.234,5", 1234.5, None),
    ("1.234.567", 1234567, None),
    ("1 234,5", 1234.5, None),
    ("1\u00a0234", 1234, None),
    ("1\u202f234\u202f567", 1234567, None),
    ("1'234,5", 1234.5, None),
    ("1\u2019234,5", 1234.5, None),
    ("12,5 %", 12.5, None),
    ("1,5e3", 1500, None),
    (",5", 0.5, None),
    ("11,2 b", 11.2, "b"),
    ("11,2b", 11.2, "b"),
    ("11,2 (e)", 11.2, "(e)"),
    ("11,2 bp", 11.2, "bp"),
    ("11,2*", 11.2, "*"),
    (": c", NAN, "c"),
    (":", NAN, None),
    ("..", NAN, None),
    ("-", NAN, None),
    ("\u2013", NAN, None),
    ("c", NAN, None),
    ("x", NAN, None),
    ("#DIV/0!", NAN, None),
    ("#N/A", NAN, None),
    ("n/a", NAN, None),
    ("", NAN, None),
    ("<5", NAN, "<5"),
    ("\u22650,5", NAN, "\u22650,5"),
    ("1\u200b2", 12, None),
]


@pytest.mark.parametrize(("cell", "number", "flag"), CELLS, ids=[repr(c[0]) for c in CELLS])
def test_a_cell_is_the_number_that_is_meant(cell, number, flag, tmp_path):
    percent = " %" if "%" in cell else ""
    content = column(cell, f"2,25{percent}", f"7,75{percent}")
    (tmp_path / "t.csv").write_text(content, encoding="utf-8")
    back = gi.read.table(tmp_path / "t.csv", id="code")
    np.testing.assert_equal(back["v"].to_list(), [number, 2.25, 7.75])
    flags = back["v_flag"].iloc[0] if "v_flag" in back else None
    assert flags == flag
    if np.isnan(number) and cell:
        assert back.attrs["missing"]["v"] == {cell: 1}


ASKS = "can be read in two ways"
TEXTS = [
    warned(
        "thousands or decimals", column("1.234", "987", "12.345"), rf"{ASKS}.*thousands='\.'.*decimal='\.'"
    ),
    text("thousands by option", column("1.234", "987", "12.345"), [1234, 987, 12345], thousands="."),
    text("decimals by option", column("1.234", "987", "12.345"), [1.234, 987, 12.345], decimal="."),
    text("comma by option", column("1,234", "987"), [1.234, 987], decimal=","),
    warned("commas, three digits", column("1,234", "987"), rf"{ASKS}.*thousands=','"),
    text("four digits settle", column("1.234", "1.2345"), [1.234, 1.2345]),
    text("a zero settles", column("0.234", "1.234"), [0.234, 1.234]),
    text("another column settles", "code;v;w\n01;1.234;0,5\n02;2.345;1,25\n", [1234, 2345]),
    text("commas between, dots are decimals", column("1.234", "2.345", separator=","), [1.234, 2.345]),
    warned("quoted thousands", 'code,v\n01,"1,234"\n02,"2,345"\n', ASKS),
    text("quoted thousands beside decimals", 'code,v,w\n01,"1,234",0.5\n', [1234]),
    warned("both signs", column("1,5", "2.5"), "both with a dot and with a comma"),
    warned(
        "a word among numbers", column("many", "2,5", "3,5"), r"1 of 3 cells is not a number: 'many' in row 1"
    ),
    warned("two dates among numbers", column("1.2.2020", "2,5", "3,5"), "1 of 3 cells"),
    warned("per cent and plain", column("12%", "0,3"), "with and without a per cent sign"),
    text("codes with leading zeros stay text", column("01", "02"), ["01", "02"]),
    text("whole numbers stay whole", column("10", "2"), [10, 2]),
    text("true and false", column("True", "False"), [True, False]),
    text("no values at all", column(":", ".."), [NAN, NAN]),
    text("infinite", column("inf", "2,5"), [np.inf, 2.5]),
    text("quoted heading with commas", '"code";"GDP per head, PPS, EU27=100"\n"01";"1,5"\n', [1.5]),
    text("separator declared", "sep=;\ncode;v\n01;1,5\n", [1.5]),
    text("tabs in a csv", column("1,5", separator="\t"), [1.5]),
    text("bars", column("1,5", separator="|"), [1.5]),
    text("semicolons at the ends", "code;v;\n01;1,5;\n02;2,5;\n", [1.5, 2.5]),
    text("blank lines", "\ncode;v\n\n01;1,5\n\n", [1.5]),
    text("carriage returns", "code;v\r\n01;1,5\r\n", [1.5]),
    text("title rows", "Table 1\n\ncode;v\n01;1,5\n", [1.5], skip=2),
    refused("title rows not named", "Table 1\n\ncode;v\n01;1,5\n", r"row 3 does: skip=2", gi.ColumnError),
    warned(
        "footnotes",
        column("1,5") + "\nSource: Eurostat\n* estimated\n",
        "left out: 'Source: Eurostat'",
        [1.5],
    ),
    warned("short rows", "code;v;w\n01;1,5\n02;2,5;7\n", "shorter than its heading", [1.5, 2.5]),
    refused("long rows", "code;v\n01;1,5\n02;2,5;7\n", "Expected 2 fields in line 3"),
    refused("open quotes", 'code;v\n"01;1,5\n02;2,5\n', "does not have the same columns"),
    refused("empty file", "", "no heading", gi.ColumnError),
    refused("heading alone", "code;v\n", "no rows", gi.ColumnError),
    refused("endless heading", "a" * 1_500_000, "over 1,000,000 characters"),
    refused("bytes that are no text", bytes(range(256)) * 9, "zero bytes"),
    refused("no such column", "kode;v\n01;1,5\n", "Did you mean 'kode'", gi.ColumnError),
    refused("key twice", "code;code\n01;02\n", "more than one column 'code'", gi.ColumnError),
    warned("name twice", "code;v;v\n01;1,5;2,5\n", "several columns of one name", [1.5]),
    refused("empty key", "code;v\n;1,5\n", "cannot serve as a key", gi.RegionError),
    refused("ids repeat", "code;v\n01;1,5\n01;2,5\n", "Keep one row for each", gi.RegionError),
    refused("long by indicator", "code,i,v\n1,a,1\n1,b,2\n", r"""where="i == 'b'".*pivot""", gi.RegionError),
    refused("long by year", "code,y,v\n1,2015,1\n1,2016,2\n", r'where="y == 2016".*panel', gi.RegionError),
    refused(
        "long by both",
        "code,i,y,v\n1,a,2015,1\n1,a,2016,2\n1,b,2015,3\n1,b,2016,4\n",
        r"""i == 'b' and y == 2016""",
        gi.RegionError,
    ),
    text("indicator chosen", "code,v,i\n1,1,a\n1,2,b\n", [2], where="i == 'b'"),
    text("year chosen", "code,v,y\n1,1,2015\n1,2,2016\n", [2], where="y = 2016 AND v > 1"),
    text("list chosen", "code,v\n1,1\n2,2\n3,3\n", [1, 3], where="v in (1, 3)"),
    text("list left out", "code,v\n1,1\n2,2\n3,3\n", [2], where="code not in ['1', '3']"),
    text("name with blanks", "code,v,my year\n1,1,2015\n1,2,2016\n", [2], where="`my year` >= 2016"),
    refused("nothing chosen", "code,v\n1,1\n", "No row of", gi.ColumnError, where="v == 2"),
    refused("no such column to choose by", "code,v\n1,1\n", "'w'", gi.ColumnError, where="w == 2"),
    refused(
        "code instead of conditions", column("1"), "cannot be read", gi.OptionError, where="__import__('os')"
    ),
    refused("half a condition", column("1"), "cannot be read", gi.OptionError, where="v =="),
    refused("two without and", column("1"), "cannot be read", gi.OptionError, where="v == 1 v == 1"),
    refused("another type", column("1"), "cannot be read", gi.OptionError, where=3),
    refused("decimal word", column("1"), "decimal must be one of", gi.OptionError, decimal=";"),
    refused("one sign for both", column("1"), "cannot be both", gi.OptionError, decimal=",", thousands=","),
    refused("half a row", column("1"), "whole number", gi.OptionError, skip=0.5),
    refused("rows before the first", column("1"), "whole number", gi.OptionError, skip=-1),
    refused("no such encoding", column("1"), "no encoding 'klingon'", gi.OptionError, encoding="klingon"),
    refused("sheet of another type", column("1"), "sheet must be", gi.OptionError, sheet=1.5),
]


def read(case, tmp_path):
    path = tmp_path / case.file
    content = case.content if isinstance(case.content, bytes) else case.content.encode()
    path.write_bytes(content)
    return gi.read.table(path, id="code", **case.options)


@pytest.mark.parametrize("case", TEXTS, ids=[case.name for case in TEXTS])
def test_a_text_file_is_read_or_refused_as_documented(case, tmp_path):
    expected = pytest.warns(gi.DataWarning, match=case.words) if case.warns else contextlib.nullcontext()
    if case.error:
        with pytest.raises(case.error, match=case.words) as caught:
            read(case, tmp_path)
        assert len(str(caught.value)) < 1000
        return
    with expected:
        back = read(case, tmp_path)
    if case.answer:
        np.testing.assert_equal(back.iloc[:, 0].to_list(), list(case.answer))
    else:
        assert back["v"].map(type).eq(str).all(), "What is in question stays as it was written."


WORDS = {
    "cp1252": ("Zürich", "Köln"),
    "cp1250": ("Łódź", "Plzeň"),
    "cp1251": ("Москва", "Тверь"),
    "cp866": ("Москва", "Тверь"),
    "koi8-r": ("Москва", "Тверь"),
    "cp1253": ("Αθήνα", "Πάτρα"),
    "cp1254": ("İstanbul", "Muğla"),
    "cp949": ("서울", "부산"),
    "shift_jis": ("東京都", "大阪府"),
    "gb18030": ("北京", "上海"),
}


@pytest.mark.parametrize(("encoding", "words"), WORDS.items())
def test_an_encoding_is_never_guessed_and_shown_among_the_likeliest(encoding, words, tmp_path):
    path = tmp_path / "t.csv"
    path.write_bytes(f"code;name;v\n01;{words[0]};1,5\n02;{words[1]};2,5\n".encode(encoding))
    with pytest.raises(gi.GeoinnoError, match="is not UTF-8") as caught:
        gi.read.table(path, id="code")
    assert ", ".join(words) in str(caught.value)
    assert "encoding=" in str(caught.value)
    back = gi.read.table(path, id="code", encoding=encoding)
    assert back["name"].to_list() == list(words)
    assert back["v"].to_list() == [1.5, 2.5]


MARKS = {
    "utf-8": b"",
    "utf-8-sig": b"",
    "utf-16": b"",
    "utf-16-le": b"",
    "utf-16-be": b"",
    "utf-16-le marked": codecs.BOM_UTF16_LE,
    "utf-16-be marked": codecs.BOM_UTF16_BE,
}


@pytest.mark.parametrize(("encoding", "separator"), list(product(MARKS, ";,\t")))
def test_unicode_is_known_for_certain(encoding, separator, tmp_path):
    content = f"code{separator}name{separator}v\n01{separator}Zürich Москва{separator}15\n"
    (tmp_path / "t.csv").write_bytes(MARKS[encoding] + content.encode(encoding.split()[0]))
    back = gi.read.table(tmp_path / "t.csv", id="code")
    assert back.iloc[0].to_list() == ["Zürich Москва", 15]


def test_an_encoding_that_does_not_fit_is_refused(tmp_path):
    (tmp_path / "t.csv").write_bytes("code;v\nMünchen;1\n".encode())
    with pytest.raises(gi.GeoinnoError, match="not written in the encoding"):
        gi.read.table(tmp_path / "t.csv", id="code", encoding="ascii")


def workbook(path, *sheets):
    book = openpyxl.Workbook()
    book.remove(book.active)
    for title, cells in sheets:
        sheet = book.create_sheet(title)
        for address, value in cells.items():
            sheet[address] = value
    book.save(path)
    return path


TABLE = {
    "A1": "code",
    "B1": 2016,
    "C1": 2017.0,
    "A2": "01",
    "B2": 1,
    "C2": "4,5",
    "A3": "02",
    "B3": 2,
    "C3": 2.5,
}


def test_years_as_headings_become_names(tmp_path):
    back = gi.read.table(workbook(tmp_path / "t.xlsx", ("Data", TABLE)), id="code")
    assert back.columns.to_list() == ["2016", "2017"]
    assert back["2017"].to_list() == [4.5, 2.5]


def test_a_cell_at_the_end_of_the_sheet_costs_nothing_and_is_named(tmp_path):
    path = workbook(tmp_path / "t.xlsx", ("Data", {**TABLE, "XFD1048576": 5}))
    with pytest.warns(gi.DataWarning, match="'XFD1048576'"):
        assert len(gi.read.table(path, id="code")) == 2


def test_formulas_without_results_are_refused_by_cell(tmp_path):
    path = workbook(tmp_path / "t.xlsx", ("Data", {**TABLE, "B3": "=B2*2"}))
    with pytest.raises(gi.ColumnError, match=r"B3 \(=B2\*2\).*save it"):
        gi.read.table(path, id="code")


@pytest.mark.parametrize("sheet", ["Data", 1])
def test_a_sheet_is_chosen_by_name_or_number(sheet, tmp_path):
    path = workbook(tmp_path / "t.xlsx", ("Read me", {"A1": "Hello"}), ("Data", TABLE))
    assert len(gi.read.table(path, id="code", sheet=sheet)) == 2
    with pytest.raises(gi.ColumnError, match=r"sheet='Data', skip=0"):
        gi.read.table(path, id="code")
    with pytest.raises(gi.OptionError, match="'Read me', 'Data'"):
        gi.read.table(path, id="code", sheet="Dta")


def test_a_sheet_without_cells_is_refused(tmp_path):
    with pytest.raises(gi.ColumnError, match="holds no table"):
        gi.read.table(workbook(tmp_path / "t.xlsx", ("Empty", {})), id="code")


def test_a_zip_with_one_table_is_read_and_one_with_two_is_refused(tmp_path):
    with zipfile.ZipFile(tmp_path / "t.zip", "w") as packed:
        packed.writestr("folder/t.csv", column("1,5"))
    assert gi.read.table(tmp_path / "t.zip", id="code")["v"].to_list() == [1.5]
    with zipfile.ZipFile(tmp_path / "t.zip", "a") as packed:
        packed.writestr("u.csv", column("1,5"))
    with pytest.raises(gi.GeoinnoError, match=r"2 tables: 'folder/t.csv', 'u.csv'"):
        gi.read.table(tmp_path / "t.zip", id="code")


def square(ids, **columns):
    shapes = [box(i, 0, i + 1, 1) for i in range(len(ids))]
    return gpd.GeoDataFrame(columns, index=pd.Index(ids, name="region"), geometry=shapes, crs=4326)


JOINS = [
    (["AT1", "AT2"], ["\u0410\u04221", "\u0410\u04222"], "letters of another alphabet that look alike"),
    (["A1", "A2"], ["\u03911", "\u03912"], "letters of another alphabet that look alike"),
    (["1", "2"], ["1.0", "2.0"], "a decimal, '1.0' for '1'"),
    (["a", "b"], ["a\u200b", "\ufeffb"], "invisible signs"),
    (["01", "02"], ["1", "2"], "leading zeros"),
    (["at", "cz"], ["AT", "CZ"], "upper and lower case"),
    (["A 1", "A 2"], ["A1", "A2 "], "white space"),
    (["é", "ö"], ["e\u0301", "o\u0308"], "unicode form"),
    (["FRE2", "FRF2"], ["FR22", "FR21"], r"gi.read.recoded\(indicators, from_=2013, to=2016\)"),
    (["EL51", "EL52"], ["EL11", "EL12"], r"gi.read.recoded\(indicators, from_=2010, to=2013\)"),
    (["FR22", "HU10"], ["FRE2", "PL71"], r"gi.read.recoded\(indicators, from_=2016, to=2013\)"),
    (["Tyrol", "x"], ["Tirol", "y"], "Alike: 'Tyrol' and 'Tirol'"),
]


@pytest.mark.parametrize(("there", "here", "cause"), JOINS, ids=[case[2] for case in JOINS])
def test_ids_that_do_not_meet_come_with_their_cause(there, here, cause):
    with pytest.raises(gi.AlignmentError, match=cause):
        gi.read.join(square(there), pd.DataFrame({"v": [1, 2]}, index=here))


FLOWS = [
    ("from;to;v\n1;2;1,5\n2;1;1.200,5\n", {}, [1.5, 1200.5]),
    ("from;to;v\n1;2;1.500\n2;1;1.200\n", {"thousands": "."}, [1500, 1200]),
    ("from,to,y,v\n1,2,2015,5\n1,2,2016,6\n", {"where": "y == 2016"}, [6]),
    ("Title\nfrom;to;v\n1;2;7 p\n", {"skip": 1}, [7]),
    ("from;to;v\n1;2;1.500\n2;1;1.200\n", {}, ASKS),
    ("from;to;v\n1;2;1,5\n2;1;many\n", {}, "'many' in row 2"),
    ("from,to,y,v\n1,2,2015,5\n1,2,2016,6\n", {}, r'differ in \'y\'.*where="y == 2016"'),
    ("from,to,kind,v\n1,2,road,5\n1,2,rail,6\n", {}, r"kind == 'rail'"),
    ("from;to;v\n1;2;:\n", {}, "numeric|zero or more"),
    ("from;to;v\n1;2;-1,5\n", {}, "zero or more"),
]


@pytest.mark.parametrize(("content", "options", "answer"), FLOWS)
def test_flows_are_read_as_tables_are_and_years_are_never_added_up(content, options, answer, tmp_path):
    path = tmp_path / "f.csv"
    path.write_text(content)
    names = {"origin": "from", "destination": "to", "value": "v"}
    if isinstance(answer, list):
        assert gi.read.flows(path, **names, **options)["value"].to_list() == answer
        return
    with pytest.raises(gi.FlowError, match=answer) as caught:
        gi.read.flows(path, **names, **options)
    assert "Sum them" not in str(caught.value)


@pytest.mark.parametrize(
    ("content", "options", "answer"),
    [
        ("code;y;v\n1;2015;1,5\n1;2016;2,5 p\n", {}, [1.5, 2.5]),
        ("code;y;v\n1;2015;1.500\n1;2016;2.500\n", {"thousands": "."}, [1500, 2500]),
        ("code,y,i,v\n1,2015,a,1\n1,2015,b,2\n", {"where": "i == 'a'"}, [1]),
        ("code,y,i,v\n1,2015,a,1\n1,2015,b,2\n", {}, r"where=\"i == 'b'\""),
        ("code;y;v\n1;2015,5;1\n", {}, "whole years"),
    ],
)
def test_panels_are_read_as_tables_are(content, options, answer, tmp_path):
    path = tmp_path / "p.csv"
    path.write_text(content)
    if isinstance(answer, list):
        assert gi.read.panel(path, id="code", year="y", **options)["v"].to_list() == answer
        return
    with pytest.raises(gi.GeoinnoError, match=answer):
        gi.read.panel(path, id="code", year="y", **options)


def test_a_column_kept_as_text_is_named_by_cell_and_region_where_it_is_used(tmp_path):
    regions = square(["01", "02", "03"])
    path = tmp_path / "t.csv"
    path.write_text(column("1.234", "987", "12.345"))
    with pytest.warns(gi.DataWarning, match=ASKS):
        values = gi.read.table(path, id="code")["v"]
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        with pytest.raises(gi.ColumnError, match=r"'v' must be numeric; it holds numbers stored as text"):
            gi.measure.moran(values, gi.weigh.contiguity(regions))
        with pytest.raises(gi.ColumnError, match=r"it is text: 'many' in '02'.*decimal="):
            gi.measure.moran(values.replace("987", "many"), gi.weigh.contiguity(regions))


SHAPES = [
    (Point(0, 0), {}, None),
    (LineString([(0, 0), (1, 1)]), {}, None),
    (GeometryCollection([box(0, 0, 1, 1)]), {}, None),
    (None, {}, gi.RegionError),
    (box(0, 0, 1, 1).difference(box(0, 0, 1, 1)), {}, gi.RegionError),
]


@pytest.mark.parametrize(
    ("shape", "options", "error"), SHAPES, ids=["point", "line", "collection", "none", "empty"]
)
def test_shapes_that_are_no_regions_are_refused_or_reported(shape, options, error, tmp_path):
    table = gpd.GeoDataFrame({"code": ["a", "b"]}, geometry=[box(5, 5, 6, 6), shape], crs=4326)
    table.to_file(tmp_path / "r.gpkg")
    if error:
        with pytest.raises(error, match="'b'"):
            gi.read.regions(tmp_path / "r.gpkg", id="code", **options)
        return
    regions = gi.read.regions(tmp_path / "r.gpkg", id="code", **options)
    assert gi.read.topology(regions).invalid.index.to_list() == ["b"]


def test_this_is_a_table_of_many_inputs():
    counted = [CELLS, TEXTS, WORDS, list(product(MARKS, ";,\t")), JOINS, FLOWS, SHAPES]
    assert sum(map(len, counted)) >= 120
