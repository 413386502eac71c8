"""Tables of adoptions: columns by their names, ids as text, periods as numbers."""

from __future__ import annotations

import pandas as pd
import pytest

import geoinno as gi

COLUMNS = {"region": "state", "innovation": "law", "period": "year"}


def written(folder, text):
    path = folder / "laws.csv"
    path.write_text(text, encoding="utf-8")
    return path


def test_ids_stay_text_and_other_columns_are_left_out(tmp_path):
    path = written(tmp_path, "law;note;year;state;gone\n2;x;1984;01;\n3;y;1986,5;02;1990\n")
    table = gi.read.adoptions(path, **COLUMNS, ended="gone")
    assert table.columns.to_list() == ["region", "innovation", "period", "ended"]
    assert table[["region", "innovation"]].to_numpy().tolist() == [["01", "2"], ["02", "3"]]
    assert table["period"].to_list() == [1984.0, 1986.5]
    assert table["ended"].isna().to_list() == [True, False]


def test_rows_can_be_chosen(tmp_path):
    path = written(tmp_path, "state,law,year\n01,belts,1984\n01,zero,1990\n")
    assert gi.read.adoptions(path, **COLUMNS, where="year > 1985")["innovation"].to_list() == ["zero"]


@pytest.mark.parametrize(
    ("text", "options", "error", "words"),
    [
        ("state,law\n01,belts\n", {}, gi.ColumnError, "no column 'year'"),
        ("state,law,year\n01,belts,\n", {}, gi.ColumnError, "'year' must hold a number.*rows of '01'"),
        ("state,law,year\n01,belts,soon\n", {}, gi.ColumnError, "'year' must hold a number"),
        ("state,law,year\n01,,1984\n", {}, gi.RegionError, "law"),
        ("state,law,year,e\n01,a,1984,soon\n", {"ended": "e"}, gi.ColumnError, "'e' must hold a number"),
        ("state,law,year\n01,belts,1984\n", {"ended": "year"}, gi.OptionError, "must be different columns"),
    ],
)
def test_unsound_tables_are_refused(tmp_path, text, options, error, words):
    with pytest.raises(error, match=words):
        gi.read.adoptions(written(tmp_path, text), **COLUMNS, **options)


def test_the_laws_of_strangers_are_read(strangers):
    table = gi.read.adoptions(
        strangers / "us_policies" / "adoptions.csv",
        region="statenam",
        innovation="policy",
        period="adopt_year",
    )
    raw = pd.read_csv(strangers / "us_policies" / "adoptions.csv")
    assert len(table) == len(raw)
    assert table["period"].to_numpy() == pytest.approx(raw["adopt_year"].to_numpy())
