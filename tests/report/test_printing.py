"""Printing to PDF through a real browser."""

from __future__ import annotations

import pytest

import geoinno as gi


@pytest.mark.browser
def test_a_page_becomes_a_pdf_with_its_maps(central_asia, chromium, tmp_path):
    assert chromium
    fill = gi.draw.choropleth(central_asia.regions, central_asia.regions["primacy"])
    sheet = gi.draw.sheet(fill, title="Primacy", source="tests")
    plain = gi.report.pdf(gi.report.page("Words", "words alone"), tmp_path / "words.pdf")
    mapped = gi.report.pdf(gi.report.page("Words", "words", sheet), tmp_path / "map.pdf")
    assert plain.read_bytes().startswith(b"%PDF-")
    # The picture of the map is in the file.
    assert mapped.stat().st_size > plain.stat().st_size + 50_000


def test_without_a_browser_the_remedy_is_named(monkeypatch, tmp_path):
    monkeypatch.setattr("shutil.which", lambda _: None)
    with pytest.raises(gi.errors.GeoinnoError, match="Install one"):
        gi.report.pdf("<p>words</p>", tmp_path / "words.pdf")
