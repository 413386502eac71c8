"""Files are written whole or not at all, and keep what was theirs."""

from __future__ import annotations

import errno
import os
import stat

import pandas as pd
import pytest

import geoinno as gi
from geoinno._files import as_csv, as_excel, as_text, written


def mode(path):
    return stat.S_IMODE(path.stat().st_mode)


@pytest.mark.parametrize("mask", [0o022, 0o077, 0o002])
def test_a_new_file_has_the_permissions_that_the_user_wants(tmp_path, mask):
    before = os.umask(mask)
    try:
        assert mode(written(tmp_path / "map.html", b"x")) == 0o666 & ~mask
    finally:
        os.umask(before)


@pytest.mark.parametrize("given", [0o600, 0o640, 0o664])
def test_a_private_file_stays_private(tmp_path, given):
    path = tmp_path / "map.html"
    path.write_bytes(b"old")
    path.chmod(given)
    assert written(path, b"new").read_bytes() == b"new"
    assert mode(path) == given


def test_a_link_is_followed(tmp_path):
    (tmp_path / "real").mkdir()
    target, link = tmp_path / "real" / "map.html", tmp_path / "map.html"
    target.write_bytes(b"old")
    link.symlink_to(target)
    written(link, b"new")
    assert link.is_symlink()
    assert target.read_bytes() == b"new"


def test_a_failure_leaves_the_old_file_and_nothing_else(tmp_path, monkeypatch):
    path = tmp_path / "map.html"
    path.write_bytes(b"old")

    def full(_):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(gi.OutputError, match=r"map.html could not be written.*disk is full"):
        written(path, b"new")
    assert [p.name for p in tmp_path.iterdir()] == ["map.html"]
    assert path.read_bytes() == b"old"


def test_data_reach_the_disk_before_the_old_file_goes(tmp_path, monkeypatch):
    steps = []
    sync, replace = os.fsync, os.replace
    monkeypatch.setattr(os, "fsync", lambda handle: (steps.append("sync"), sync(handle))[1])
    monkeypatch.setattr(os, "replace", lambda *names: (steps.append("replace"), replace(*names))[1])
    written(tmp_path / "map.html", b"x")
    assert steps == ["sync", "replace", "sync"]


def test_the_longest_name_that_a_disk_takes_is_written(tmp_path):
    assert written(tmp_path / ("m" * 250 + ".html"), b"x").read_bytes() == b"x"


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("m" * 300 + ".html", "shorter name"),
        ("folder", "folder of that name"),
        ("file/map.html", "is a file, not a folder"),
    ],
)
def test_what_cannot_be_written_is_told_in_words(tmp_path, name, words):
    (tmp_path / "folder").mkdir()
    (tmp_path / "file").write_bytes(b"")
    with pytest.raises(gi.OutputError, match=words):
        written(tmp_path / name, b"x")
    assert {p.name for p in tmp_path.iterdir()} == {"folder", "file"}


def test_text_that_begins_like_a_formula_stays_text_and_numbers_stay_numbers():
    table = pd.DataFrame({"=x": [-1.5, 2.0], "name": ["=1+1", "Tyrol"], "sign": ["@a", "+b"]})
    back = as_text(table)
    assert back.columns.tolist() == ["'=x", "name", "sign"]
    assert back["'=x"].tolist() == [-1.5, 2.0]
    assert back["name"].tolist() == ["'=1+1", "Tyrol"]
    assert back["sign"].tolist() == ["'@a", "'+b"]


FORMULAS = ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1"]


def test_text_stays_text_in_a_workbook():
    import io

    import openpyxl

    table = pd.DataFrame({"=id": FORMULAS, "x": -1.5})
    sheet = openpyxl.load_workbook(io.BytesIO(as_excel(table))).active
    assert sheet["A1"].data_type == "s"
    assert [sheet.cell(i, 1).value.replace("_x000D_", "\r") for i in range(2, 8)] == FORMULAS
    assert all(sheet.cell(i, 1).data_type == "s" and sheet.cell(i, 1).quotePrefix for i in range(2, 8))
    assert sheet["B2"].value == -1.5


def test_a_row_of_csv_stays_one_row():
    import csv
    import io

    rows = list(csv.reader(io.StringIO(as_csv(pd.DataFrame({"a": FORMULAS})).decode(), newline="")))
    assert rows == [["a"], *([f"'{text}"] for text in FORMULAS)]
