"""The scripts: short, plain, and each leaves one web page and one picture that need no network."""

from __future__ import annotations

import ast
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


@pytest.fixture(scope="module")
def desk(tmp_path_factory):
    """Lay the scripts on an empty desk."""
    folder = tmp_path_factory.mktemp("desk")
    shutil.copytree(ROOT / "scripts", folder / "scripts")
    return folder


@pytest.fixture(scope="module")
def written(desk):
    """Run a script once, with warnings as errors, and say what it should have written."""
    done = {}

    def run(script):
        if script not in done:
            command = [sys.executable, "-W", "error", f"scripts/{script.name}"]
            done[script] = subprocess.run(command, cwd=desk, capture_output=True, text=True, check=False)
        assert done[script].returncode == 0, done[script].stderr
        return desk / "maps" / f"{script.stem}.html", desk / "maps" / f"{script.stem}.png"

    return run


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
def test_a_second_run_writes_the_same_page(script, written, desk):
    page = written(script)[0]
    first = page.read_bytes()
    subprocess.run([sys.executable, f"scripts/{script.name}"], cwd=desk, capture_output=True, check=True)
    assert page.read_bytes() == first
