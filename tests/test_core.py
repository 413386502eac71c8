"""A core installation without extras, and Python without docstrings: what works, and what says why not."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest

WITHOUT = """
import json, sys, zipfile
from pathlib import Path

AWAY = {"matplotlib", "openpyxl", "pyarrow", "pooch", "spreg", "maplibre", "tqdm"}

class Without:
    # A finder that does not find what is not installed.
    def __init__(self, finder):
        self.finder = finder
    def find_spec(self, name, path=None, target=None):
        away = name.partition(".")[0] in AWAY
        return None if away else self.finder.find_spec(name, path, target)
    def __getattr__(self, name):
        return getattr(self.finder, name)

sys.meta_path[:] = [Without(finder) for finder in sys.meta_path]

import pandas as pd
import geoinno as gi
from geoinno._files import as_excel, as_parquet
from geoinno.cli import main

folder, said = Path(sys.argv[1]), {}
def tried(name, act):
    try:
        said[name] = str(act())
    except gi.GeoinnoError as error:
        said[name] = str(error)

regions = gi.read.sample("central_asia").regions
sheet = gi.draw.sheet(gi.draw.choropleth(regions, "primacy"), title="t", source="s")
table = pd.DataFrame({"code": ["01"], "v": [1]})
zipfile.ZipFile(folder / "t.xlsx", "w").close()
(folder / "t.parquet").write_bytes(b"PAR1")
(folder / "t.csv").write_text("code;v\\n01;1,5\\n")
map_of = ["map", "central_asia", "--value", "primacy", "-o"]
tried("png", lambda: sheet.save(folder / "x.png"))
tried("figure", sheet.figure)
tried("notebook", lambda: sorted(sheet._repr_mimebundle_()))
tried("frame", lambda: sheet._repr_mimebundle_()["text/html"].count("<iframe"))
tried("html", lambda: sheet.save(folder / "x.html").stat().st_size > 100_000)
tried("command html", lambda: main([*map_of, str(folder / "y.html")]))
tried("command png", lambda: main([*map_of, str(folder / "y.png")]))
tried("read xlsx", lambda: gi.read.table(folder / "t.xlsx", id="code"))
tried("read parquet", lambda: gi.read.table(folder / "t.parquet", id="code"))
tried("read csv", lambda: gi.read.table(folder / "t.csv", id="code")["v"].to_list())
tried("write xlsx", lambda: as_excel(table))
tried("write parquet", lambda: as_parquet(table))
tried("gis parquet", lambda: gi.report.to_gis(folder / "g.parquet", sheet.layers[0]))
tried("gis gpkg", lambda: gi.report.to_gis(folder / "g.gpkg", sheet.layers[0]).name)
tried("official", lambda: gi.read.worldbank("NY.GDP.PCAP.CD"))
(folder / "said.json").write_text(json.dumps(said))
"""


@pytest.fixture(scope="module")
def core(tmp_path_factory):
    folder = tmp_path_factory.mktemp("core")
    run = subprocess.run(
        [sys.executable, "-c", WITHOUT, str(folder)], capture_output=True, text=True, check=False, timeout=900
    )
    assert run.returncode == 0, run.stderr
    return json.loads((folder / "said.json").read_text()), run.stderr


@pytest.mark.parametrize(
    ("act", "extra"),
    [
        ("png", "print"),
        ("figure", "print"),
        ("read xlsx", "tables"),
        ("read parquet", "tables"),
        ("write xlsx", "tables"),
        ("write parquet", "tables"),
        ("gis parquet", "tables"),
        ("official", "fetch"),
    ],
)
def test_without_an_extra_its_installation_is_named(core, act, extra):
    assert core[0][act].endswith(f"pip install 'geoinno[{extra}]'.")


def test_without_extras_the_rest_works(core):
    said, errors = core
    assert said["html"] == "True"
    assert said["read csv"] == "[1.5]"
    assert said["gis gpkg"] == "g.gpkg"
    assert (said["command html"], said["command png"]) == ("0", "1")
    assert "geoinno: A picture (.png, .svg, .pdf) or a figure needs matplotlib" in errors
    assert "Traceback" not in errors


def test_a_notebook_shows_the_web_map_without_matplotlib(core):
    assert core[0]["notebook"] == "['text/html', 'text/plain']"
    assert core[0]["frame"] == "1"


def test_an_atlas_keeps_its_methods_where_docstrings_are_dropped():
    code = """
from geoinno.measure import moran
from geoinno.report._atlas.chapters import sources
print(sources._first_line(moran), sources._reference(moran), moran.__doc__)
"""
    run = subprocess.run(
        [sys.executable, "-OO", "-c", code], capture_output=True, text=True, check=True, timeout=900
    )
    assert run.stdout.startswith("Measure whether neighbouring regions are alike")
    assert "Moran, P. A. P. (1950)" in run.stdout
    assert run.stdout.rstrip().endswith("None")
