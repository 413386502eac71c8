"""The documentation: each page's code runs as printed, and generated pages hold every function and story."""

from __future__ import annotations

import importlib.util
import inspect
import json
import re
from importlib import import_module

import pytest

import geoinno as gi

QUESTIONS = ("between_poles", "border_cost", "flow_map", "my_atlas", "my_report")


def loaded(repository, name):
    found = importlib.util.spec_from_file_location(name, repository / "docs" / f"{name}.py")
    module = importlib.util.module_from_spec(found)
    found.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def pages(repository):
    return loaded(repository, "pages")


def run(text, folder, monkeypatch):
    """Run the cells of a page in one namespace, as a reader who copies them does."""
    monkeypatch.chdir(folder)
    known = {"__name__": "page"}
    cells = re.findall(r"^```\{code-cell\} python\n(.*?)^```", text, re.MULTILINE | re.DOTALL)
    for cell in cells:
        exec(compile(cell, "page", "exec"), known)
    return known, cells


@pytest.mark.parametrize("name", QUESTIONS)
def test_each_question_is_answered_by_code_that_runs_as_printed(name, repository, tmp_path, monkeypatch):
    folder = repository / "docs" / "questions"
    for file in folder.iterdir():
        if file.is_file():
            (tmp_path / file.name).write_bytes(file.read_bytes())
    known, cells = run((folder / f"{name}.md").read_text(encoding="utf-8"), tmp_path, monkeypatch)
    assert len(cells) >= 4
    assert known["gi"] is gi
    sheet = known.get("sheet")
    assert sheet is None or sheet.audit() == []


def test_the_page_of_the_border_uses_its_measures(repository):
    text = (repository / "docs" / "questions" / "border_cost.md").read_text(encoding="utf-8")
    assert "gi.measure.border_effect(fit)" in text
    assert "gi.measure.border_placebo(" in text


def test_the_tutorial_runs(repository):
    notebook = json.loads((repository / "docs" / "tutorial.ipynb").read_text(encoding="utf-8"))
    known = {}
    for cell in notebook["cells"]:
        if cell["cell_type"] == "code":
            # Outputs come from the build, which runs the code afresh.
            assert cell["outputs"] == []
            exec("".join(cell["source"]), known)
    assert known["sheet"].audit() == []
    assert len(known["page"]) > 100_000


def test_every_public_function_has_its_place(pages):
    text = pages.reference("measure")
    for name in ("moran", "gravity", "segments", "growth_poles", "Gravity"):
        assert f":: {name}\n" in text
    assert ":no-index:" in pages.one_page()
    table = pages.measures()
    assert "| {py:func}`~geoinno.measure.local_moran` |" in table
    assert "Anselin, L. (1995)" in table


def test_every_script_has_its_page_its_thumbnail_and_its_live_map(pages, repository):
    scripts = sorted((repository / "scripts").glob("*.py"))
    gallery = pages.gallery(scripts)
    assert len(scripts) > 10
    for script in scripts:
        # What no one has drawn yet has no picture, rather than a broken one.
        drawn = (repository / "maps" / f"{script.stem}.png").exists()
        assert f'<a href="{script.stem}.html">' in gallery
        assert (f'<img src="../{script.stem}.png"' in gallery) == drawn
    story = pages.story(scripts[0], drawn=True)
    assert story.startswith("# ")
    assert "import geoinno as gi" in story
    assert f'src="../{scripts[0].stem}.html"' in story
    assert "%%" not in story


def test_assistants_read_every_public_function(pages, repository):
    summary, whole = pages.summary(repository / "docs"), pages.whole_text()
    for floor in pages.floors():
        for name, thing in pages.public(floor).items():
            assert f"- `{name}`:" in summary
            assert f"## gi.{floor}.{name}" in whole
            if inspect.isfunction(thing):
                assert (inspect.getdoc(thing) or "").strip()[:60] in whole
    assert "[What does the border cost?](questions/border_cost.html)" in summary


def test_the_page_for_those_who_come_from_elsewhere_names_what_there_is(repository):
    text = (repository / "docs" / "coming_from.md").read_text(encoding="utf-8")
    named = re.findall(r"\{py:func\}`geoinno\.(\w+)\.(\w+)`", text)
    assert len(named) > 25
    for floor, name in named:
        assert callable(getattr(import_module(f"geoinno.{floor}"), name)), name
    for heading in ("From R", "From PySAL", "From GeoDa", "From QGIS"):
        assert f"## {heading}" in text


def test_the_front_page_leads_to_the_questions(repository):
    text = (repository / "docs" / "index.md").read_text(encoding="utf-8")
    for name in QUESTIONS:
        assert f"(questions/{name}.md)" in text
    assert "{image} generated/pictures/" in text


def test_the_docstring_of_the_package_names_the_floors_that_there_are():
    named = re.findall(r"``(\w+)``", gi.__doc__)
    assert sorted(named) == sorted(gi._FLOORS)
    for floor in named:
        assert import_module(f"geoinno.{floor}").__doc__


def test_broken_links_are_found(repository, tmp_path):
    links = loaded(repository, "links")
    (tmp_path / "a.html").write_text(
        '<p id="x"></p><a href="b.html#y"></a><a href="#x"></a><a href="c.html">'
    )
    (tmp_path / "b.html").write_text('<a href="a.html#z"></a><a href="https://example.org"></a>')
    assert sorted(links.broken(tmp_path)) == ["a.html: b.html#y", "a.html: c.html", "b.html: a.html#z"]
