"""The documentation: each page's code runs as printed, and generated pages hold every function and story."""

from __future__ import annotations

import dataclasses
import importlib.util
import inspect
import json
import re
import warnings
from importlib import import_module

import numpy as np
import pandas as pd
import pytest

import geoinno as gi
from geoinno.report._atlas.spec import Spec

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


def test_the_page_of_the_atlas_names_every_line_of_its_file(repository):
    text = (repository / "docs" / "questions" / "my_atlas.md").read_text(encoding="utf-8")
    lines = [line.name for line in dataclasses.fields(Spec) if line.name != "folder"]
    assert [
        name for name in lines if not re.search(rf"`{name}`|^{name} =|\[{name}\b", text, re.MULTILINE)
    ] == []


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


@pytest.fixture(scope="module")
def incomes():
    regions = gi.read.sample("north_america").regions
    known = regions[regions["income"].notna()]
    return known["income"], gi.weigh.contiguity(known)


def test_what_is_said_of_spdep_is_so(incomes):
    """By R 4.2.2, spdep 1.2.7: poly2nb, nb2listw(style = "W" or "B"), then the function that is named."""
    values, near = incomes
    whole = gi.measure.moran(values, near)
    found = (whole.statistic, whole.expected, whole.variance)
    assert found == pytest.approx((0.165969390893, -0.012658227848, 0.005367546251))  # moran.test
    assert whole.p_normal == pytest.approx(2 * 0.00738129, rel=1e-5)
    assert gi.measure.geary(values, near).statistic == pytest.approx(0.732808109773)  # geary.test
    first = values.index[:3]
    local = gi.measure.local_moran(values, near, permutations=999).loc[first, "statistic"]
    assert local.tolist() == pytest.approx([0.4552177, 1.0000223, 0.2481553], abs=1e-6)  # localmoran
    alone, with_self = [0.7460768, 1.3162315, 0.6041109], [1.2392483, 1.4754598, 0.9641299]
    for star, deviates in ((False, alone), (True, with_self)):
        found = gi.measure.local_getis_ord(values, near, star=star, permutations=999)  # localG
        assert found.loc[first, "statistic"].tolist() == pytest.approx(deviates, abs=1e-6)
    # moran.test(zero.policy = TRUE) of the logarithms of city_population: two islands have no neighbour.
    regions = gi.read.sample("north_america").regions
    cities = np.log(regions["city_population"].clip(lower=1000))
    near = gi.weigh.contiguity(regions)
    centred, rows = (cities - cities.mean()).to_numpy(), near.transform("r").sparse
    assert centred @ (rows @ centred) / (centred @ centred) == pytest.approx(0.245433211671)
    assert round(gi.measure.moran(cities, near, permutations=99).statistic, 3) == 0.255


def test_what_is_said_of_esda_is_so(incomes, plain_esda):
    esda = plain_esda
    values, near = incomes
    plain, rows = values.to_numpy(), near.transform("r")
    local = gi.measure.local_moran(values, near, permutations=999)
    with warnings.catch_warnings():
        # It announces two-sided p-values for its next major release.
        warnings.simplefilter("ignore", DeprecationWarning)
        theirs = esda.Moran_Local(plain, rows, permutations=999, seed=1)
    share = (len(values) - 1) / len(values)
    np.testing.assert_allclose(theirs.Is, share * local["statistic"])
    # One-sided: about half of ours.
    assert np.median(theirs.p_sim / local["p"]) == pytest.approx(0.5, abs=0.05)
    star = gi.measure.local_getis_ord(values, near, permutations=999)["statistic"]
    for transform, same in (("B", True), ("R", False)):
        with warnings.catch_warnings():
            # Of row-standardised weights, it guesses that of the region itself.
            warnings.simplefilter("ignore", UserWarning)
            scores = esda.G_Local(plain, near, star=True, transform=transform, permutations=0).Zs
        assert np.allclose(scores, star) == same
    # Rows in another order: another number there, the same here.
    shuffled = values.sample(frac=1, random_state=0)
    assert esda.Moran(shuffled.to_numpy(), rows, permutations=0).I < 0
    assert gi.measure.moran(shuffled, near).statistic == pytest.approx(0.165969390893)


def test_what_is_said_of_inequality_is_so(incomes):
    theil = pytest.importorskip("inequality.theil")
    values = incomes[0]
    groups = pd.Series(values.index.str[:6], values.index)
    theirs, ours = theil.TheilD(values.to_numpy(), groups.to_numpy()), gi.measure.theil(values, groups=groups)
    np.testing.assert_allclose([theirs.T, theirs.bg[0], theirs.wg[0]], ours[["total", "between", "within"]])


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
