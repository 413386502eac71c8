"""The floors of the house: imports look down, rooms stay apart, each outside library has one owner."""

from __future__ import annotations

import ast
import re
import shutil
import subprocess
import sys
import tomllib
from fnmatch import fnmatch
from importlib.metadata import packages_distributions
from pathlib import Path

import grimp
import numpy as np
import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from scipy import sparse
from scipy.sparse import csgraph

ROOT = Path(__file__).parents[1]
HOUSE = ROOT / "geoinno"
MODULES = sorted(HOUSE.rglob("*.py"))
FLOORS = ("report", "draw", "simulate", "classify", "measure", "weigh", "read")
# Not topics but what every drawing stands on: the colours and their meaning, and the land underneath.
GROUND = {"geoinno.draw.palette", "geoinno.draw.basemap"}
OWNERS = {
    "babel": ["geoinno._language"],
    "numba": ["geoinno._kernels.*"],
    "llvmlite": [],
    "threadpoolctl": ["geoinno._kernels.threads"],
    "esda": ["geoinno.measure.autocorrelation.*"],
    "mapclassify": ["geoinno.classify.breaks"],
    "folium": ["geoinno.draw.*", "geoinno.report.*"],
    "branca": ["geoinno.draw.*", "geoinno.report.*"],
    "xstatic": ["geoinno.draw.*"],
    "matplotlib": ["geoinno.draw._print*"],
    "pyogrio": ["geoinno.read.*", "geoinno.report.gis"],
    "pyarrow": ["geoinno.read.*"],
    "spreg": ["geoinno.measure.disparities._spatial_regressions"],
    "openpyxl": ["geoinno.read.*"],
    "duckdb": ["geoinno.read._records"],
    "distributed": [],
}
READERS = {"read_csv", "read_table", "read_excel", "read_file", "read_parquet", "read_feather", "read_json"}


@pytest.fixture(scope="module")
def graph():
    """Return who imports whom when code runs; names for annotations alone bind no one."""
    return grimp.build_graph(
        "geoinno", include_external_packages=True, exclude_type_checking_imports=True, cache_dir=None
    )


@pytest.fixture
def copied_house(tmp_path):
    shutil.copytree(HOUSE, tmp_path / "geoinno", ignore=shutil.ignore_patterns("__pycache__", "data"))
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    return tmp_path


def kept(folder):
    program = "import sys; from importlinter.cli import lint_imports_command as main; main()"
    return subprocess.run(
        [sys.executable, "-c", program, "--no-cache"], cwd=folder, capture_output=True, text=True, check=False
    )


def dotted(path):
    return ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")


def calls(path):
    return (node.func for node in ast.walk(ast.parse(path.read_text())) if isinstance(node, ast.Call))


def outside(graph, module):
    return {
        name for name in graph.find_modules_directly_imported_by(module) if not name.startswith("geoinno")
    }


def test_imports_only_look_down():
    run = kept(ROOT)
    assert run.returncode == 0, run.stdout + run.stderr


def test_a_file_on_no_floor_is_refused(copied_house):
    (copied_house / "geoinno" / "stray.py").write_text("")
    run = kept(copied_house)
    assert run.returncode == 1
    assert "stray" in run.stdout


def test_a_look_upstairs_is_refused(copied_house):
    with (copied_house / "geoinno" / "weigh" / "__init__.py").open("a") as floor:
        floor.write("from geoinno import draw\n")
    run = kept(copied_house)
    assert run.returncode == 1
    assert "geoinno.weigh is not allowed to import geoinno.draw" in run.stdout


def test_floors_take_only_the_version_from_the_front_door(graph):
    askers = graph.find_modules_that_directly_import("geoinno")
    details = [d for asker in askers for d in graph.get_import_details(importer=asker, imported="geoinno")]
    assert {detail["line_contents"] for detail in details} <= {"from geoinno import __version__"}


@pytest.mark.parametrize("floor", FLOORS)
def test_rooms_on_one_floor_do_not_know_each_other(graph, floor):
    door = f"geoinno.{floor}"
    files = {name for name in graph.modules if name.startswith(f"{door}.")}
    # Wings may call the rooms of wings below them; pyproject.toml has their order.
    rooms = {name for name in files if "._" not in name and name.count(".") == 2}
    known = {(a, b) for a in files for b in graph.find_modules_directly_imported_by(a)}
    assert {(a, b) for a, b in known if b in rooms - GROUND | {door} and wing(a) != b} == set()


def circles(imports):
    """Return the groups of files that import each other in a circle (Tarjan's components of two or more)."""
    names = list(imports)
    place = {name: i for i, name in enumerate(names)}
    links = [(place[a], place[b]) for a in names for b in imports[a]]
    rows, columns = zip(*links, strict=True)
    matrix = sparse.csr_array((np.ones(len(links)), (rows, columns)), shape=(len(names),) * 2)
    count, label = csgraph.connected_components(matrix, connection="strong")
    groups = [{names[i] for i in np.flatnonzero(label == k)} for k in range(count)]
    return [group for group in groups if len(group) > 1]


@pytest.mark.parametrize("annotations", [False, True], ids=["run", "annotated"])
def test_no_files_import_each_other_in_a_circle(annotations):
    house = grimp.build_graph("geoinno", exclude_type_checking_imports=not annotations, cache_dir=None)
    # The front door names every floor for annotations alone, and floors take the version from it.
    files = house.modules - {"geoinno"}
    imports = {m: house.find_modules_directly_imported_by(m) & files for m in files}
    assert circles(imports) == []


def test_a_circle_is_found():
    assert circles({"a": {"b"}, "b": {"c"}, "c": {"a"}, "d": {"a"}}) == [{"a", "b", "c"}]


def wing(module):
    """Return the package that a module stands in below its floor, or the floor itself."""
    return module.rpartition(".")[0]


def closed_to(reader, file):
    """Return whether ``file`` is private to a wing, or to a floor, that ``reader`` does not stand in."""
    parts = file.split(".")
    hidden = [i for i, part in enumerate(parts) if i > 1 and part.startswith("_")]
    # What two wings need stands in a private package of the floor, whose files are open to the floor.
    return bool(hidden) and not reader.startswith(".".join(parts[: hidden[0]]) + ".")


def test_private_files_are_read_only_by_their_own_wing_or_floor(graph):
    known = {(a, b) for a in graph.modules for b in graph.find_modules_directly_imported_by(a)}
    inside = {(a, b) for a, b in known if b.startswith("geoinno.") and not a.endswith("__init__")}
    doors = {(a, b) for a, b in inside if b.startswith(f"{a}.")}
    assert {(a, b) for a, b in inside - doors if closed_to(a, b)} == set()


@pytest.mark.parametrize(("library", "owners"), OWNERS.items())
def test_each_outside_library_has_one_owner(graph, library, owners):
    users = {m for m in graph.modules if m.startswith("geoinno") and library in outside(graph, m)}
    assert {user for user in users if not any(fnmatch(user, owner) for owner in owners)} == set()


def test_what_is_imported_is_declared(graph):
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    extras = project["optional-dependencies"]
    declared = project["dependencies"] + [r for name, rs in extras.items() if name != "dev" for r in rs]
    # folium comes with branca, jinja2 with markupsafe, geopandas with pyogrio, matplotlib with pillow.
    names = {"branca", "markupsafe", "pyogrio", "pillow"}
    names |= {canonicalize_name(Requirement(r).name) for r in declared}
    used = {name for m in graph.modules if m.startswith("geoinno") for name in outside(graph, m)}
    makers = packages_distributions()
    assert {
        name
        for name in used - sys.stdlib_module_names
        if not {canonicalize_name(maker) for maker in makers[name]} & names
    } == set()


@pytest.mark.parametrize("path", MODULES, ids=dotted)
def test_only_weigh_builds_graphs_and_only_read_reads_files(path):
    floor = dotted(path).split(".")[1:2]
    for function in calls(path):
        name = ast.unparse(function)
        assert floor == ["weigh"] or not (name == "Graph" or name.startswith("Graph.from_")), name
        assert floor == ["read"] or name.rpartition(".")[2] not in READERS, name


@pytest.mark.parametrize("path", MODULES, ids=dotted)
def test_a_room_fits_on_a_few_screens(path):
    assert len(path.read_text().splitlines()) <= 300


SCRIPTS = sorted(HOUSE.rglob("*.js"))


def test_scripts_are_found():
    assert len(SCRIPTS) > 10


@pytest.mark.parametrize("path", SCRIPTS, ids=lambda path: path.name)
def test_a_script_of_the_browser_fits_on_a_few_screens(path):
    lines = path.read_text().splitlines()
    assert len(lines) <= 300
    assert {name: size for name, size in function_sizes(lines) if size > 60} == {}


def function_sizes(lines):
    """Yield name and number of lines of each named function, which closes at its own indent."""
    for i, line in enumerate(lines):
        found = re.match(r"( *)(?:var \w+ = )?function (\w+)", line) or re.match(r"( *)(\w+): function", line)
        if found and not line.rstrip().endswith(("}", "},", "};")):
            indent = found[1]
            last = next(j for j in range(i + 1, len(lines)) if lines[j].startswith(f"{indent}}}"))
            yield found[2], last - i + 1


def test_a_long_function_of_the_browser_is_found():
    lines = ["function long() {", *["  step();"] * 70, "}"]
    assert dict(function_sizes(lines)) == {"long": 72}
