"""Flows: three columns, ids as they were written, each pair once."""

from __future__ import annotations

import pandas as pd
import pytest

import geoinno as gi

WRITERS = {
    ".csv": lambda table, path: table.to_csv(path, index=False),
    ".tsv": lambda table, path: table.to_csv(path, index=False, sep="\t"),
    ".parquet": lambda table, path: table.to_parquet(path, index=False),
    ".xlsx": lambda table, path: table.to_excel(path, index=False),
}
NAMES = {"origin": "from", "destination": "to", "value": "people"}


def text(path, *rows):
    path.write_text("from,to,people\n" + "\n".join(rows) + "\n", encoding="utf-8")
    return path


@pytest.mark.parametrize("suffix", WRITERS)
def test_flows_come_back_tidy_with_their_ids(suffix, tmp_path):
    table = pd.DataFrame({"x": [0, 0], "people": [3.5, 0], "to": ["NA", "01"], "from": ["01", "NA"]})
    WRITERS[suffix](table, tmp_path / f"f{suffix}")
    back = gi.read.flows(tmp_path / f"f{suffix}", **NAMES)
    assert back.columns.to_list() == ["origin", "destination", "value"]
    assert back.to_numpy().tolist() == [["01", "NA", 3.5], ["NA", "01", 0.0]]


@pytest.mark.parametrize(
    ("rows", "words"),
    [
        (["01,02,1", "01,02,2"], r"\('01', '02'\)"),
        (["01,02,-1"], "zero or more"),
        (["01,02,", "02,01,1"], "zero or more"),
        (["01,02,many"], "numeric"),
        (["01,02,inf"], "finite"),
    ],
)
def test_unsound_flows_are_refused_by_pair(rows, words, tmp_path):
    with pytest.raises(gi.FlowError, match=words):
        gi.read.flows(text(tmp_path / "f.csv", *rows), **NAMES)


def test_an_end_without_an_id_is_refused(tmp_path):
    with pytest.raises(gi.RegionError, match=r"'to' of f.csv cannot serve as a key"):
        gi.read.flows(text(tmp_path / "f.csv", "01,,1"), **NAMES)


def test_a_missing_column_is_told_with_the_nearest_name(tmp_path):
    with pytest.raises(gi.ColumnError, match=r"Did you mean 'people'"):
        gi.read.flows(text(tmp_path / "f.csv", "01,02,1"), **{**NAMES, "value": "People"})


def test_one_column_cannot_play_two_parts(tmp_path):
    with pytest.raises(gi.OptionError, match="three columns"):
        gi.read.flows(text(tmp_path / "f.csv", "01,02,1"), **{**NAMES, "destination": "from"})


def test_a_file_without_flows_is_refused(tmp_path):
    with pytest.raises(gi.ColumnError, match="no rows"):
        gi.read.flows(text(tmp_path / "f.csv"), **NAMES)
