"""A real notebook, run by a kernel: its page shows words and maps, its print the whole of them."""

from __future__ import annotations

import base64
import re
import shutil
import subprocess

import pytest

CELLS = """
import geoinno as gi
place = gi.read.sample("austria")
regions = place.regions
near = gi.weigh.contiguity(regions)
gi.measure.moran(regions["city_population"], near)
---
local = gi.measure.local_moran(regions["city_population"], near)
gi.draw.cluster_map(regions, local)
---
west = {"AUT-2320", "AUT-2327", "AUT-2326", "AUT-2323"}
side = regions.index.to_series().isin(west).map({True: "west", False: "east"})
fit = gi.measure.gravity(place.flows, gi.weigh.distances(regions), border=side)
fit
---
gi.measure.border_effect(fit)
---
poles = gi.measure.growth_poles("city_population", near, regions=regions)
gi.draw.sheet(gi.draw.pole_points(poles, regions, regions["city_population"]), source=place.source)
---
gi.report.atlas(place, half_km=60, title="Atlas of Austria")
"""


@pytest.fixture(scope="module")
def notebook():
    pytest.importorskip("ipykernel", reason="ipykernel is not installed")
    nbformat = pytest.importorskip("nbformat")
    nbclient = pytest.importorskip("nbclient")
    cells = [nbformat.v4.new_code_cell(code.strip()) for code in CELLS.split("---")]
    book = nbformat.v4.new_notebook(cells=cells)
    # A busy machine may take its time to start a kernel, and to hand over what a cell has shown.
    patience = {"timeout": 900, "startup_timeout": 600, "iopub_timeout": 120}
    nbclient.NotebookClient(book, kernel_name="python3", **patience).execute()
    return book


def outputs(notebook):
    return [cell["outputs"][-1]["data"] for cell in notebook["cells"]]


def test_each_cell_shows_words_or_a_map(notebook):
    moran, clusters, gravity, border, poles, atlas = outputs(notebook)
    for words, said in ((moran, "Moran's I"), (gravity, "Gravity model"), (border, "border")):
        assert said in words["text/plain"]
        assert "<p" in words["text/html"]
    for drawn in (clusters, poles):
        assert base64.b64decode(drawn["image/png"]).startswith(b"\x89PNG")
        assert drawn["text/html"].count("<iframe") == 1
        assert drawn["text/plain"].startswith("Map of ")
    assert "## Key findings" in atlas["text/markdown"]
    assert atlas["text/html"].count('<img src="data:image/png') >= 6


def test_the_page_of_a_notebook_shows_maps_and_its_print_the_whole_of_them(notebook, chromium, tmp_path):
    from nbconvert import HTMLExporter

    html, _ = HTMLExporter(template_name="basic").from_notebook_node(notebook)
    page = tmp_path / "notebook.html"
    page.write_text(f"<!DOCTYPE html><meta charset='utf-8'>{html}", encoding="utf-8")
    assert html.count("<iframe") == 3
    paper = tmp_path / "notebook.pdf"
    options = ["--headless", "--no-sandbox", "--disable-gpu", "--no-pdf-header-footer"]
    subprocess.run(
        [chromium, *options, f"--user-data-dir={tmp_path}/profile", f"--print-to-pdf={paper}", page.as_uri()],
        check=True,
        capture_output=True,
        timeout=600,
    )
    # Each map is there as its picture, the atlas with all of its maps and words.
    assert len(re.findall(rb"/Subtype\s*/Image", paper.read_bytes())) >= 8


def test_a_report_in_word_has_the_pictures(notebook, tmp_path):
    pandoc = shutil.which("pandoc")
    if not pandoc:
        pytest.skip("pandoc is not installed")
    import nbformat

    source, report = tmp_path / "notebook.ipynb", tmp_path / "report.docx"
    nbformat.write(notebook, source)
    subprocess.run([pandoc, str(source), "-o", str(report)], check=True, capture_output=True)
    from zipfile import ZipFile

    with ZipFile(report) as parts:
        pictures = [name for name in parts.namelist() if name.startswith("word/media/")]
        words = re.sub("<[^>]+>", "", parts.read("word/document.xml").decode())
    assert len(pictures) >= 2
    assert "Moran" in words
    assert "Key findings" in words
