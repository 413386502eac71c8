"""The command line: what people see, and the exit codes that programs see."""

from __future__ import annotations

import argparse
import subprocess
import sys

import pandas as pd
import pytest

import geoinno as gi
from geoinno._map_command import add_map_options, layers
from geoinno._progress import followed
from geoinno.cli import main
from geoinno.draw import palette
from geoinno.draw._layers.line_colours import line_ramp
from geoinno.report._atlas import chapters


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


@pytest.mark.parametrize("command", ["samples", "check", "fetch", "map", "atlas"])
def test_the_help_of_a_command_has_its_own_examples(command, capsys):
    with pytest.raises(SystemExit):
        main([command, "--help"])
    shown = capsys.readouterr().out
    examples = [line.split()[1] for line in shown.splitlines() if line.startswith("  geoinno ")]
    assert examples
    assert set(examples) == {command}
    assert "{.,,}" not in shown


def test_the_atlas_is_written(tmp_path, capsys):
    assert main(["atlas", "austria", "--half-km", "60", "-o", str(tmp_path / "atlas.html")]) == 0
    assert (tmp_path / "atlas.html").stat().st_size > 500_000
    assert "atlas.html" in capsys.readouterr().out


@pytest.mark.parametrize(
    "words",
    [
        [
            "--value",
            "primacy",
            "--palette",
            "#ffffff,#000000",
            "--subtitle",
            "In five classes",
            "--focus",
            "KGZ",
        ],
        ["--value", "country", "--kind", "categories", "--filter", "country in ['KGZ', 'TJK']"],
        ["--value", "primacy", "--kind", "clusters", "--islands", "bridge"],
        ["--value", "city_population", "--kind", "roles", "--half-km", "150"],
        ["--value", "primacy", "--kind", "borders", "--palette", "pink"],
        [
            *["--value", "primacy", "--second", "city_population", "--kind", "bivariate"],
            *["--palette", "purple-gold"],
        ],
    ],
)
def test_every_kind_of_map_is_drawn(words, tmp_path, capsys):
    path = tmp_path / "map.svg"
    assert main(["map", "central_asia", *words, "-o", str(path)]) == 0
    assert path.stat().st_size > 10_000
    assert "Traceback" not in capsys.readouterr().err


def test_flows_are_drawn_from_a_sample(tmp_path):
    path = tmp_path / "flows.svg"
    assert main(["map", "austria", "--kind", "flows", "--top", "12", "-o", str(path)]) == 0
    assert path.read_text(encoding="utf-8").count('id="flow-') == 12


def test_a_table_is_joined_before_a_map_is_drawn(files, tmp_path, capsys):
    words = ["map", str(files / "regions.gpkg"), "--id", "code", "--table", str(files / "table.csv")]
    assert main([*words, "--value", "primacy", "-o", str(tmp_path / "joined.svg")]) == 0
    assert "joined.svg" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["map", "nowhere.gpkg", "--value", "a", "-o", "x.doc"], "by its suffix; 'x.doc' was given"),
        (["map", "nowhere.gpkg", "--value", "a", "-o", f"{__file__}/x.png"], "cannot be written"),
        (["atlas", "nowhere.gpkg", "-o", "x.pdf"], "by its suffix; 'x.pdf' was given"),
        (["atlas", "nowhere.gpkg", "-o", "x.html"], "--mass must name"),
        (["map", "central_asia", "-o", "x.png"], "needs --value"),
        (["map", "central_asia", "--kind", "flows", "-o", "x.png"], "needs --flows"),
        (
            ["map", "central_asia", "--kind", "bivariate", "--value", "primacy", "-o", "x.png"],
            "needs --second",
        ),
        (
            ["map", "central_asia", "--value", "primacy", "--filter", "primacy >", "-o", "x.png"],
            "cannot be read",
        ),
        (
            ["map", "central_asia", "--value", "primacy", "--filter", "primacy > 9", "-o", "x.png"],
            "No region meets",
        ),
        (
            ["map", "central_asia", "--value", "primacy", "--filter", "name.to_csv('x') == 1", "-o", "x.png"],
            "cannot be read",
        ),
        (
            [
                "map",
                "austria",
                "--value",
                "country",
                "--kind",
                "clusters",
                "--palette",
                "#fff,#000",
                "-o",
                "x.png",
            ],
            "fixed meanings",
        ),
        (
            [
                *["map", "central_asia", "--value", "country", "--kind", "categories"],
                *["--palette", "#ffffff,#000000", "-o", "x.png"],
            ],
            "gives 2 colours; 'country' has 5",
        ),
        (["atlas", "x.toml", "--label", "a=b", "-o", "x.html"], "read without --label"),
        (["atlas", "austria", "--label", "a", "-o", "x.html"], "column=text"),
        (
            ["map", "central_asia", "--value", "primacy", "--focus", "nowhere", "-o", "x.png"],
            "neither a region",
        ),
        (
            ["map", "central_asia", "--value", "primacy", "--palette", "red", "-o", "x.png"],
            "one of yellow-blue, viridis, cividis, magma, greens, oranges, purples, reds, or two colours",
        ),
        (
            ["map", "central_asia", "--value", "primacy", "--palette", "red-blue", "-o", "x.png"],
            "with --midpoint, those that diverge",
        ),
        (
            [
                *["map", "central_asia", "--value", "primacy", "--second", "city_population"],
                *["--kind", "bivariate", "--palette", "reds", "-o", "x.png"],
            ],
            "one of blue-orange, purple-gold, green-pink, or nine colours",
        ),
        (
            ["map", "austria", "--kind", "flows", "--palette", "reds", "-o", "x.png"],
            "with --value, --palette",
        ),
    ],
)
def test_wrong_options_are_named_before_any_work(words, said, capsys):
    assert main(words) == 1
    error = capsys.readouterr().err
    assert said in error
    assert error.count("\n") == 1


def test_an_interrupt_ends_with_one_line(monkeypatch, capsys):
    def interrupted(*_, **__):
        raise KeyboardInterrupt

    monkeypatch.setattr("geoinno.read.samples", interrupted)
    assert main(["samples"]) == 130
    assert capsys.readouterr().err == "geoinno: interrupted; nothing was written.\n"


def test_an_atlas_is_written_from_files(files, central_asia, tmp_path):
    table = tmp_path / "people.csv"
    central_asia.regions[["city_population"]].rename_axis("code").to_csv(table)
    words = ["atlas", str(files / "regions.gpkg"), "--id", "code", "--country", "country", "--name", "name"]
    more = ["--table", str(table), "--mass", "city_population", "-o", str(tmp_path / "own.html")]
    assert main([*words, *more]) == 0
    assert "as given by the user" in (tmp_path / "own.html").read_text(encoding="utf-8")


def test_an_atlas_takes_trade_and_adoptions(files, tmp_path, monkeypatch, central_asia):
    """The page itself is tested elsewhere: what matters here is what it is given."""
    taken = {}

    def atlas(place, **settings):
        taken.update(settings, place=place)
        raise gi.GeoinnoError("taken")

    monkeypatch.setattr(gi.report, "atlas", atlas)
    ids = list(central_asia.regions.index)
    laws = pd.DataFrame({"code": ids, "law": "a", "year": range(len(ids))})
    laws.to_csv(tmp_path / "laws.csv", index=False)
    words = ["atlas", str(files / "regions.gpkg"), "--id", "code", "--country", "country", "--mass", "jobs"]
    scenario = ["--production", "gdp", "--members", "KAZ, KGZ", "--joining", "UZB", "--effect", "0.4"]
    laws_given = ["--adoptions", str(tmp_path / "laws.csv"), "--adoption-region", "code"]
    columns = ["--innovation", "law", "--period", "year", "--filter", "country == 'UZB'"]
    assert main([*words, *scenario, *laws_given, *columns, "-o", str(tmp_path / "own.html")]) == 1
    assert taken["options"].trade == gi.report.TradeOptions("gdp", 4.0, ("KAZ", "KGZ"), ("UZB",), 0.4)
    assert len(taken["place"].adoptions) == 14
    sample = ["atlas", "policies", "--filter", "city_population > 1000000", "-o", str(tmp_path / "own.html")]
    assert main(sample) == 1
    kept = gi.read.sample("policies").regions.query("city_population > 1_000_000").index
    assert set(taken["place"].adoptions["region"]) <= set(kept)


@pytest.mark.parametrize("installed", [True, False])
def test_long_work_shows_its_steps_on_a_terminal_alone(monkeypatch, capsys, installed):
    if not installed:
        monkeypatch.setitem(sys.modules, "tqdm", None)
    steps = [chapters.place, chapters.potential]
    assert list(followed(steps)) == steps
    assert capsys.readouterr().err == ""
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True)
    assert list(followed(steps)) == steps
    said = capsys.readouterr().err
    assert "place" in said
    assert "potential" in said
    assert installed or "potential (2 of 2)" in said


def fills_of(regions, *words):
    """Return the colours of what ``geoinno map`` draws, from the first key of each legend on."""
    parser = argparse.ArgumentParser()
    add_map_options(parser)
    drawn, _ = layers(parser.parse_args([*words, "-o", "x.svg"]), regions, None)
    return [key.fill for layer in drawn for legend in layer.legends for key in legend.keys]


def test_every_palette_of_the_library_has_its_name_on_the_command_line(central_asia):
    regions, value = central_asia.regions, ["--value", "primacy"]
    for name, tones in palette.SEQUENTIALS.items():
        assert fills_of(regions, *value, "--palette", name) == list(reversed(tones))
        lines = fills_of(regions, *value, "--kind", "borders", "--palette", name)
        assert set(line_ramp(name)) < set(lines)
    for name, tones in palette.DIVERGINGS.items():
        shown = fills_of(regions, *value, "--midpoint", "0.5", "--palette", name)
        assert set(shown) <= set(tones)
    for name, rows in palette.BIVARIATES.items():
        square = fills_of(
            regions, *value, "--kind", "bivariate", "--second", "city_population", "--palette", name
        )
        assert square == [tone for row in reversed(rows) for tone in row]
    kinds = fills_of(regions, "--value", "country", "--kind", "categories", "--palette", "magma")
    assert kinds == list(palette.SEQUENTIALS["magma"])


def test_nine_colours_serve_two_columns(central_asia):
    nine = [f"#{i}0{i}0{i}0" for i in range(1, 10)]
    words = ["--value", "primacy", "--kind", "bivariate", "--second", "city_population"]
    shown = fills_of(central_asia.regions, *words, "--palette", ",".join(nine))
    assert shown == [*nine[6:], *nine[3:6], *nine[:3]]


def test_the_help_names_every_palette(capsys):
    with pytest.raises(SystemExit):
        main(["map", "--help"])
    words = "".join(capsys.readouterr().out.split())
    for name in (*palette.SEQUENTIALS, *palette.DIVERGINGS, *palette.BIVARIATES, "pink"):
        assert name in words
