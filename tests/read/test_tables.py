"""Tables by region: ids as they were written, one row each, and joins that hide nothing."""

from __future__ import annotations

import string
import tempfile
import unicodedata
import warnings
import zipfile
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from shapely.geometry import Point

import geoinno as gi

IDS = ["01", "1", "007", "NA", "null", "Ürümqi", "São Tomé", "x y", "1e5", "1.0"]
WRITERS = {
    ".csv": lambda table, path: table.to_csv(path, index=False),
    ".tsv": lambda table, path: table.to_csv(path, index=False, sep="\t"),
    ".parquet": lambda table, path: table.to_parquet(path, index=False),
    ".xlsx": lambda table, path: table.to_excel(path, index=False),
}
every_format = pytest.mark.parametrize("suffix", WRITERS)


def written(table, path):
    WRITERS[path.suffix](table, path)
    return path


def square(ids):
    points = [Point(i, i) for i in range(len(ids))]
    return gpd.GeoDataFrame({"size": np.arange(len(ids))}, index=list(ids), geometry=points, crs=4326)


@every_format
def test_ids_come_back_as_they_were_written(suffix, tmp_path):
    table = pd.DataFrame({"code": IDS, "patents": np.arange(10.0), "note": ["a", None] * 5})
    back = gi.read.table(written(table, tmp_path / f"t{suffix}"), id="code")
    assert back.index.to_list() == IDS
    assert back.index.name == "region"
    assert back["patents"].to_list() == list(range(10))
    assert back["note"].isna().sum() == 5


@pytest.mark.parametrize("suffix", [".xlsx", ".parquet"])
def test_whole_number_ids_become_their_decimal_string(suffix, tmp_path):
    table = pd.DataFrame({"code": [10**15 + 1, 2], "patents": [1, 2]})
    back = gi.read.table(written(table, tmp_path / f"t{suffix}"), id="code")
    assert back.index.to_list() == ["1000000000000001", "2"]


@pytest.mark.parametrize("codes", [[1.5, 2.5], [True, False], ["a", None], ["a", " "]])
def test_what_is_no_id_is_refused(codes, tmp_path):
    path = written(pd.DataFrame({"code": codes, "patents": [1, 2]}), tmp_path / "t.parquet")
    with pytest.raises(gi.RegionError, match=r"'code' of t.parquet cannot serve as a key"):
        gi.read.table(path, id="code")


def test_an_empty_cell_is_no_id(tmp_path):
    (tmp_path / "t.csv").write_text("code,v\n01,1\n,2\n")
    with pytest.raises(gi.RegionError, match="1 in all"):
        gi.read.table(tmp_path / "t.csv", id="code")


def test_a_repeated_id_is_refused_by_name(tmp_path):
    (tmp_path / "t.csv").write_text("code,v\n01,1\n01,2\n")
    with pytest.raises(gi.RegionError, match=r"'01' \(1 in all\)"):
        gi.read.table(tmp_path / "t.csv", id="code")


@pytest.mark.parametrize("text", ["code;v\n01;2\n", "\ufeffcode,v\n01,2\n", "code\tv\n01\t2\n"])
def test_separators_and_byte_order_marks_are_understood(text, tmp_path):
    (tmp_path / "t.csv").write_text(text, encoding="utf-8")
    assert gi.read.table(str(tmp_path / "t.csv"), id="code")["v"].to_dict() == {"01": 2}


def test_a_parquet_table_may_carry_its_ids_in_its_index(tmp_path):
    pd.DataFrame({"v": [1]}, index=pd.Index(["01"], name="code")).to_parquet(tmp_path / "t.parquet")
    assert gi.read.table(tmp_path / "t.parquet", id="code").index.to_list() == ["01"]


@every_format
def test_a_missing_column_is_told_with_the_nearest_name(suffix, tmp_path):
    path = written(pd.DataFrame({"NUTS_ID": ["AT"], "v": [1]}), tmp_path / f"t{suffix}")
    with pytest.raises(gi.ColumnError, match=r"no column 'nuts_id'. Did you mean 'NUTS_ID'"):
        gi.read.table(path, id="nuts_id")


@every_format
def test_a_table_without_rows_is_refused(suffix, tmp_path):
    path = written(pd.DataFrame({"code": pd.Series(dtype=str), "v": []}), tmp_path / f"t{suffix}")
    with pytest.raises(gi.ColumnError, match="no rows"):
        gi.read.table(path, id="code")


def test_a_missing_file_is_told_with_the_nearest_name(tmp_path):
    (tmp_path / "patents.csv").write_text("code\n1\n")
    with pytest.raises(FileNotFoundError, match=r"Did you mean 'patents.csv'"):
        gi.read.table(tmp_path / "patent.csv", id="code")
    with pytest.raises(gi.GeoinnoError, match="There is no file"):
        gi.read.table(tmp_path / "nowhere" / "patent.csv", id="code")


def test_a_kind_of_file_that_is_not_read_is_refused(tmp_path):
    (tmp_path / "t.doc").write_text("")
    with pytest.raises(gi.GeoinnoError, match=r"\.csv, \.tsv, \.txt, \.parquet, \.xlsx"):
        gi.read.table(tmp_path / "t.doc", id="code")


@pytest.mark.parametrize(
    "content", [b"", b"\x00\xff\xfe garbage \xff", b'a,b\n"1,2\n', b"a,b\n1,2,3,4\n1,2\n"]
)
@every_format
def test_a_damaged_file_is_one_clear_error(suffix, content, tmp_path):
    path = tmp_path / f"t{suffix}"
    path.write_bytes(content)
    with pytest.raises(gi.GeoinnoError, match=rf"t\{suffix}"):
        gi.read.table(path, id="code")


def test_rows_longer_than_the_header_are_refused(tmp_path):
    (tmp_path / "t.csv").write_text("code,v\n01,2,3\n02,3,4\n")
    with pytest.raises(gi.GeoinnoError, match="cannot be read"):
        gi.read.table(tmp_path / "t.csv", id="code")


def test_a_gigantic_workbook_is_refused_before_it_is_unpacked(tmp_path, monkeypatch):
    monkeypatch.setattr("geoinno.read._files.LARGEST_GB", 0.01)
    with zipfile.ZipFile(tmp_path / "t.xlsx", "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("xl/worksheets/sheet1.xml", b"0" * 20_000_000)
    assert (tmp_path / "t.xlsx").stat().st_size < 100_000
    with pytest.raises(gi.GeoinnoError, match=r"above the 0.01 GB"):
        gi.read.table(tmp_path / "t.xlsx", id="code")


@every_format
def test_a_panel_is_indexed_by_region_and_year_in_the_order_of_the_file(suffix, tmp_path):
    table = pd.DataFrame({"code": ["02", "01", "02"], "year": [2020, 2020, 2019], "v": [1.0, 2.0, 3.0]})
    back = gi.read.panel(written(table, tmp_path / f"t{suffix}"), id="code", year="year")
    assert back.index.to_list() == [("02", 2020), ("01", 2020), ("02", 2019)]
    assert list(back.index.names) == ["region", "year"]
    assert back.index.levels[1].dtype == "int64"
    assert back.columns.to_list() == ["v"]


@pytest.mark.parametrize("year", ["2019.5", "", "x"])
def test_a_year_that_is_not_whole_is_refused(year, tmp_path):
    (tmp_path / "t.csv").write_text(f"code,year,v\n01,2019,1\n02,{year},2\n")
    with pytest.raises(gi.ColumnError, match="whole years"):
        gi.read.panel(tmp_path / "t.csv", id="code", year="year")


def test_a_year_given_twice_is_refused_by_name(tmp_path):
    (tmp_path / "t.csv").write_text("code,year,v\n01,2019,1\n01,2019,2\n")
    with pytest.raises(gi.RegionError, match=r"\('01', 2019\)"):
        gi.read.panel(tmp_path / "t.csv", id="code", year="year")


def test_a_join_finds_rows_by_id_and_takes_a_named_series():
    joined = gi.read.join(square("abc"), pd.Series([3, 1, 2], index=list("cab"), name="patents"))
    assert joined["patents"].to_dict() == {"a": 1, "b": 2, "c": 3}
    assert isinstance(joined, gpd.GeoDataFrame)
    assert joined.crs == 4326


def test_unmatched_ids_of_both_sides_are_counted_named_and_compared():
    regions, table = square(["Tyrol", "Vienna"]), pd.DataFrame({"v": [1, 2]}, index=["Tirol", "Vienna"])
    with pytest.raises(gi.AlignmentError) as refused:
        gi.read.join(regions, table)
    assert "regions without indicators: 'Tyrol' (1 in all)" in str(refused.value)
    assert "indicators without a region: 'Tirol' (1 in all)" in str(refused.value)
    assert "Alike: 'Tyrol' and 'Tirol'" in str(refused.value)


@pytest.mark.parametrize(
    ("there", "here", "cause"),
    [
        (["01", "02"], ["1", "2"], "2 of them differ only in leading zeros"),
        (["at1", "at2"], ["AT1", "at2"], "1 of them differ only in upper and lower case"),
        (["AT 1", "b"], ["AT1 ", "b"], "1 of them differ only in white space"),
        (["é", "b"], [unicodedata.normalize("NFD", "é"), "b"], "1 of them differ only in unicode form"),
    ],
)
def test_the_common_cause_of_unmatched_ids_is_told(there, here, cause):
    with pytest.raises(gi.AlignmentError, match=cause):
        gi.read.join(square(there), pd.DataFrame({"v": [1, 2]}, index=here))


def test_keep_keeps_all_regions_and_says_what_found_no_match():
    table = pd.DataFrame({"v": [1, 2]}, index=["b", "z"])
    with pytest.warns(gi.DataWarning, match=r"'a', 'c' \(2 in all\).*'z' \(1 in all\)") as told:
        joined = gi.read.join(square("abc"), table, unmatched="keep")
    assert told[0].filename == __file__
    assert joined["v"].isna().to_list() == [True, False, True]


def test_keep_is_silent_where_all_ids_match():
    assert gi.read.join(square("ab"), pd.DataFrame({"v": [1, 2]}, index=["b", "a"]), unmatched="keep").size


@pytest.mark.parametrize(
    ("table", "error", "words"),
    [
        (pd.DataFrame({"v": [1, 2, 3]}, index=["a", "b", "a"]), gi.RegionError, "'a' \\(1 in all\\)"),
        (pd.DataFrame({"v": [1, 2]}, index=[1, 2]), gi.RegionError, "string ids"),
        (pd.DataFrame({"v": []}), gi.RegionError, "empty"),
        (pd.DataFrame({"size": [1, 2]}, index=["a", "b"]), gi.ColumnError, "'size'"),
        (pd.DataFrame({"geometry": [1, 2]}, index=["a", "b"]), gi.ColumnError, "'geometry'"),
        (pd.Series([1, 2], index=["a", "b"]), gi.ColumnError, "without a name"),
        (np.array([1, 2]), gi.ColumnError, "ndarray"),
    ],
)
def test_what_cannot_be_joined_is_refused(table, error, words):
    with pytest.raises(error, match=words):
        gi.read.join(square("ab"), table)


def test_another_word_for_unmatched_is_refused():
    with pytest.raises(gi.OptionError, match="'raise', 'keep'"):
        gi.read.join(square("ab"), pd.DataFrame({"v": [1, 2]}, index=["a", "b"]), unmatched="drop")


keys = st.text(string.ascii_letters + string.digits + " éß中-._", min_size=1, max_size=6).filter(str.strip)
several = st.lists(keys, min_size=1, max_size=8, unique=True)


@given(ids=several, suffix=st.sampled_from(sorted(WRITERS)))
def test_ids_survive_every_round_trip(ids, suffix):
    with tempfile.TemporaryDirectory() as folder:
        table = pd.DataFrame({"code": ids, "v": range(len(ids))})
        path = written(table, Path(folder) / f"t{suffix}")
        assert gi.read.table(path, id="code")["v"].to_dict() == dict(zip(ids, range(len(ids)), strict=True))


@given(ids=several, others=several)
def test_a_join_never_changes_order_or_geometry(ids, others):
    regions = square(ids)
    table = pd.DataFrame({"v": range(len(others))}, index=others)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", gi.DataWarning)
        joined = gi.read.join(regions, table, unmatched="keep")
    pd.testing.assert_frame_equal(joined.drop(columns="v"), regions)
    expected = [float(others.index(i)) if i in others else np.nan for i in ids]
    np.testing.assert_array_equal(joined["v"].astype(float), expected)


def office(number, decimals, *, group, flag):
    """Write a number as an office does: with a decimal comma, thousands in groups, and a flag."""
    text = f"{number:,.{decimals}f}".replace(",", "\0").replace(".", ",").replace("\0", group)
    return f"{text} {flag}".strip()


@given(
    st.lists(
        st.tuples(st.floats(-1e9, 1e9), st.integers(1, 6), st.sampled_from(["", "", "p", "(e)", "*"])),
        min_size=1,
        max_size=30,
    ),
    st.sampled_from([".", " ", "\u00a0", "\u202f", "'", ""]),
)
def test_numbers_in_the_hand_of_an_office_come_back(cells, group):
    rows = [office(*cell[:2], group=group, flag=cell[2]) for cell in cells]
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "t.csv"
        path.write_text("code;v\n" + "".join(f"r{i};{row}\n" for i, row in enumerate(rows)), encoding="utf-8")
        back = gi.read.table(path, id="code")
    assert back["v"].to_list() == [float(f"{number:.{decimals}f}") for number, decimals, _ in cells]
    flags = [flag or None for *_, flag in cells]
    assert (back["v_flag"].to_list() if "v_flag" in back else [None] * len(rows)) == flags


def test_cells_that_differ_in_digits_alone_keep_their_own_words(tmp_path):
    path = tmp_path / "t.csv"
    path.write_text("code;v;w\n1;<5;1.234\n2;<7;2.345\n3;2;3.456\n4;3;11.111\n", encoding="utf-8")
    with pytest.warns(
        gi.DataWarning, match=r"two ways: '1.234', '2.345', '3.456', '11.111' \(4 in all\)"
    ) as caught:
        back = gi.read.table(path, id="code", decimal=None, where="code != '9'")
    assert len(caught) == 1
    assert back["v_flag"].to_list()[:2] == ["<5", "<7"]
