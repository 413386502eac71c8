"""The command line: what people see, and the exit codes that programs see."""

from __future__ import annotations

import subprocess
import sys

import pytest

from geoinno.cli import main


@pytest.fixture(scope="module")
def files(central_asia, tmp_path_factory):
    folder = tmp_path_factory.mktemp("files")
    regions = central_asia.regions[["country", "name", "geometry"]].rename_axis("code")
    regions.reset_index().to_file(folder / "regions.gpkg")
    central_asia.regions[["primacy"]].rename_axis("code").to_csv(folder / "table.csv")
    central_asia.regions[["primacy"]].head(40).rename_axis("code").to_csv(folder / "short.csv")
    return folder


def test_samples_are_listed(capsys):
    assert main(["samples"]) == 0
    assert "austria: 92 regions of 9 countries" in capsys.readouterr().out


def test_sound_files_pass_the_check(files, capsys):
    words = ["check", str(files / "regions.gpkg"), "--id", "code", "--table", str(files / "table.csv")]
    assert main(words) == 0
    told = capsys.readouterr().out
    assert "48 regions: sound" in told
    assert "The table joins to all 48 regions and adds primacy" in told


def test_a_table_that_does_not_join_fails_with_the_regions_named(files, capsys):
    words = ["check", str(files / "regions.gpkg"), "--id", "code", "--table", str(files / "short.csv")]
    assert main(words) == 1
    told = capsys.readouterr().err
    assert "8 in all" in told
    assert "Traceback" not in told


@pytest.mark.parametrize("name", ["map.html", "map.png", "map.gpkg"])
def test_maps_are_written(name, tmp_path, capsys):
    assert main(["map", "central_asia", "--value", "primacy", "-o", str(tmp_path / name)]) == 0
    assert (tmp_path / name).stat().st_size > 10_000
    assert name in capsys.readouterr().out


def test_clusters_leave_out_what_is_missing_and_say_so(tmp_path, capsys):
    words = ["map", "north_america", "--value", "income", "--kind", "clusters", "-o", str(tmp_path / "c.png")]
    assert main(words) == 0
    assert "16 of 96 regions have no 'income' and are left out" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["map", "central_asia", "--value", "primac", "-o", "x.html"], "no column 'primac'"),
        (["map", "nowhere.gpkg", "--id", "a", "--value", "b", "-o", "x.html"], "no file 'nowhere.gpkg'"),
        (["check", "nowhere.gpkg"], "--id must name"),
        (["atlas", "nowhere.toml", "-o", "x.html"], "no file 'nowhere.toml'"),
    ],
)
def test_problems_are_named_in_a_line(words, told, capsys):
    assert main(words) == 1
    error = capsys.readouterr().err
    assert told in error
    assert error.count("\n") == 1


def test_a_wrong_call_has_its_own_code(capsys):
    with pytest.raises(SystemExit) as stopped:
        main(["paint"])
    assert stopped.value.code == 2
    assert "invalid choice" in capsys.readouterr().err


def test_help_has_examples_and_starts_at_once():
    ran = subprocess.run(
        [sys.executable, "-m", "geoinno", "--help"], capture_output=True, text=True, check=True
    )
    assert "geoinno atlas central_asia -o atlas.html" in ran.stdout
    heavy = "import geoinno.cli, sys; print([m for m in ('folium', 'numba', 'pandas') if m in sys.modules])"
    ran = subprocess.run([sys.executable, "-c", heavy], capture_output=True, text=True, check=True)
    assert ran.stdout.strip() == "[]"


def test_the_atlas_is_written(tmp_path, capsys):
    assert main(["atlas", "austria", "--half-km", "60", "-o", str(tmp_path / "atlas.html")]) == 0
    assert (tmp_path / "atlas.html").stat().st_size > 500_000
    assert "atlas.html" in capsys.readouterr().out
