"""The scripts: short, plain, and each leaves one web page and one picture that need no network."""

from __future__ import annotations

import ast
import os
import re
import shutil
import subprocess
import sys
from html.parser import HTMLParser
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
SCRIPTS = sorted((ROOT / "scripts").glob("*.py"))
PNG = b"\x89PNG\r\n\x1a\n"
VOID = {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"}
every_script = pytest.mark.parametrize("script", SCRIPTS, ids=lambda path: path.stem)


class Page(HTMLParser):
    """Reads a page, and the pages in its frames: what it loads, and whether its elements close."""

    def __init__(self, text):
        super().__init__()
        self.loads, self.open, self.astray, self.titles = [], [], [], 0
        self.feed(text)
        self.close()

    def handle_starttag(self, tag, attrs):
        given = dict(attrs)
        self.titles += tag == "title"
        if tag != "a":  # a link loads nothing until a reader follows it
            self.loads += [v for k in ("src", "href", "data", "poster") if (v := given.get(k))]
        if given.get("srcdoc"):
            self.loads += Page(given["srcdoc"]).loads
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag, attrs):
        self.handle_starttag(tag, attrs)
        if tag not in VOID:
            self.open.pop()

    def handle_endtag(self, tag):
        if self.open and self.open[-1] == tag:
            self.open.pop()
        elif tag not in {"p", "li", "br"}:
            self.astray.append(tag)

    def handle_data(self, data):
        if self.open and self.open[-1] == "style":
            self.loads += re.findall(r"url\(\s*['\"]?([^)'\"]+)", data)


def run_all(folder, seed):
    """Run all scripts in an empty folder as ``make maps`` does, warnings as errors, with a seed of hashes."""
    shutil.copytree(ROOT / "scripts", folder / "scripts")
    command = [sys.executable, "-W", "error", str(ROOT / "docs" / "draw_maps.py")]
    names = [f"scripts/{script.name}" for script in SCRIPTS]
    env = {**os.environ, "PYTHONHASHSEED": str(seed)}
    ran = subprocess.run(
        [*command, *names], cwd=folder, env=env, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False
    )
    (folder / "printed.txt").write_bytes(ran.stdout)


def run_twice(folder):
    for seed in (1, 2):
        (folder / str(seed)).mkdir(exist_ok=True)
        run_all(folder / str(seed), seed)


@pytest.fixture(scope="session")
def desk(once):
    """Run all scripts twice, once for all workers."""
    return once("scripts", run_twice)


@pytest.fixture(scope="session")
def written(desk):
    """Return the page and the picture that a script wrote, at its first run or its second."""

    def files(script, run=1):
        folder = desk / str(run)
        printed = (folder / "printed.txt").read_text(encoding="utf-8")
        failed = printed.partition("These failed: ")[2] if "scripts in" in printed else printed
        assert script.name not in failed, printed
        return folder / "maps" / f"{script.stem}.html", folder / "maps" / f"{script.stem}.png"

    return files


def test_there_are_scripts():
    assert SCRIPTS


@every_script
def test_a_script_is_one_short_story(script):
    text = script.read_text()
    assert len(text.splitlines()) <= 40
    kinds = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.Lambda)
    assert [node for node in ast.walk(ast.parse(text)) if isinstance(node, kinds)] == []
    assert "# %%" in text


@every_script
def test_a_script_leaves_a_page_and_a_picture(script, written):
    page, picture = written(script)
    assert picture.read_bytes().startswith(PNG)
    assert page.stat().st_size < 3_000_000


@every_script
def test_a_page_is_well_formed_and_loads_nothing(script, written):
    page = Page(written(script)[0].read_text(encoding="utf-8"))
    assert page.titles >= 1
    assert page.astray == []
    assert [link for link in page.loads if link.startswith(("http:", "https:", "//"))] == []


@every_script
def test_a_second_run_writes_the_same_page(script, written):
    assert written(script, run=2)[0].read_bytes() == written(script)[0].read_bytes()


def test_a_script_runs_by_itself(written, tmp_path):
    """Without libraries that were loaded before, as a reader starts it."""
    script = SCRIPTS[0]
    shutil.copytree(ROOT / "scripts", tmp_path / "scripts")
    command = [sys.executable, "-W", "error", f"scripts/{script.name}"]
    run = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stderr
    assert (tmp_path / "maps" / f"{script.stem}.html").read_bytes() == written(script)[0].read_bytes()
