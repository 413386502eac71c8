"""The documentation: the tutorial runs, and generated pages hold every function and every story."""

from __future__ import annotations

import importlib.util
import json

import pytest


@pytest.fixture(scope="module")
def pages(repository):
    found = importlib.util.spec_from_file_location("pages", repository / "docs" / "pages.py")
    module = importlib.util.module_from_spec(found)
    found.loader.exec_module(module)
    return module


def test_the_tutorial_runs(repository):
    notebook = json.loads((repository / "docs" / "tutorial.ipynb").read_text(encoding="utf-8"))
    known = {}
    for cell in notebook["cells"]:
        if cell["cell_type"] == "code":
            assert cell["outputs"] == []
            exec("".join(cell["source"]), known)
    assert known["sheet"].audit() == []
    assert len(known["page"]) > 100_000


def test_every_public_function_has_its_place(pages):
    text = pages.reference("measure", "")
    for name in ("moran", "gravity", "segments", "growth_poles", "Gravity"):
        assert f":: {name}\n" in text
    table = pages.measures()
    assert "| `local_moran` |" in table
    assert "Anselin, L. (1995)" in table


def test_every_script_has_its_page(pages, repository):
    scripts = sorted((repository / "scripts").glob("*.py"))
    assert all(script.stem in pages.gallery(scripts) for script in scripts)
    told = pages.story(scripts[0], drawn=True)
    assert told.startswith("# ")
    assert "import geoinno as gi" in told
    assert "%%" not in told


def test_the_page_on_scale_runs_as_printed(repository, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    text = (repository / "docs" / "scale.md").read_text(encoding="utf-8")
    known = {}
    exec(text.split("```python\n")[1].split("```")[0], known)
    assert len(known["reach"]) == len(known["regions"])
