"""What is committed: nothing of one machine, every version pinned, one version number, data as stated."""

from __future__ import annotations

import hashlib
import re
import shutil
import subprocess
import tomllib
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from packaging.version import Version

import geoinno

ROOT = Path(__file__).parents[1]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
HOSTS = ("pypi.", "pythonhosted.", "npmjs.", "crates.", "debian.", "anaconda.", "r-project.", "yarnpkg.")
MACHINES = ("work", "tmp", "root", "home", "Users", "opt")


def committed():
    """Yield every file that git tracks and a person can read."""
    if shutil.which("git") is None or not (ROOT / ".git").exists():
        pytest.skip("This is not a git checkout, so no file is known to be committed")
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=True)
    for name in listed.stdout.split("\0"):
        path = ROOT / name
        if path.is_file() and path != Path(__file__) and b"\0" not in path.read_bytes()[:4096]:
            yield name, path.read_text(encoding="utf-8", errors="replace")


def pins(name):
    """Return the version pinned for each package in a constraints file."""
    lines = (ROOT / name).read_text().splitlines()
    return dict(line.split("==") for line in lines if line and not line.startswith("#"))


def required(*extras):
    """Return what the project declares, for use and with these extras."""
    lists = [PROJECT["dependencies"], *(PROJECT["optional-dependencies"][extra] for extra in extras)]
    found = [Requirement(line) for listed in lists for line in listed]
    return {canonicalize_name(r.name): r for r in found if r.name != "geoinno"}


def loosest(requirement, version):
    """Say whether ``version`` is the very bound of ``requirement``: 1.1 and 1.1.0 are one version."""
    return Version(str(requirement.specifier).removeprefix(">=")) == Version(version)


def test_no_package_registry_is_named():
    pattern = re.compile("|".join(rf"\b{re.escape(host)}(org|com|io)\b" for host in HOSTS))
    assert [(name, found[0]) for name, text in committed() if (found := pattern.search(text))] == []


def test_no_path_of_one_machine_is_written_down():
    pattern = re.compile(rf"(?<![\w.$}}/*-])/({'|'.join(MACHINES)})/\w+")
    assert [(name, found[0]) for name, text in committed() if (found := pattern.search(text))] == []


def test_nothing_is_left_to_be_done():
    pattern = re.compile(r"\b(TODO|FIXME|XXX)\b")
    assert [(name, found[0]) for name, text in committed() if (found := pattern.search(text))] == []


def test_constraints_pin_everything_and_name_no_index():
    text = (ROOT / "constraints.txt").read_text()
    assert set(required(*PROJECT["optional-dependencies"])) - set(pins("constraints.txt")) == set()
    assert re.findall(r"^\s*-|://", text, flags=re.MULTILINE) == []


def test_pinned_versions_are_allowed_ones():
    pinned = pins("constraints.txt")
    declared = required(*PROJECT["optional-dependencies"])
    assert [str(r) for name, r in declared.items() if not r.specifier.contains(pinned[name])] == []


def test_the_lowest_versions_are_the_declared_ones():
    lowest = pins("constraints-min.txt")
    declared = required("print", "tables")
    assert {name: str(r.specifier) for name, r in declared.items() if not loosest(r, lowest[name])} == {}


def test_there_is_one_version_number():
    newest = re.search(r"^## \[(\d[^\]]*)\]", (ROOT / "CHANGELOG.md").read_text(), flags=re.MULTILINE)
    cited = re.search(r"^version: (.+)$", (ROOT / "CITATION.cff").read_text(), flags=re.MULTILINE)
    assert newest[1] == cited[1] == geoinno.__version__


@pytest.mark.parametrize("page", ["README.md", "CHANGELOG.md", "docs/house.md"])
def test_links_lead_somewhere(page):
    text = (ROOT / page).read_text()
    targets = re.findall(r"\]\((?!https?://|#)([^)#]+)", text)
    assert [t for t in targets if not ((ROOT / page).parent / t).exists()] == []


def test_every_data_file_is_accounted_for():
    stated = (ROOT / "data" / "SOURCES.md").read_text()
    held = [
        p for folder in ("shapes", "indicators", "flows", "codes") for p in (ROOT / "data" / folder).iterdir()
    ]
    assert held
    for path in held:
        assert path.name in stated
        assert hashlib.sha256(path.read_bytes()).hexdigest() in stated, path.name
