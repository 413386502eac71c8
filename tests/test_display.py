"""What a notebook shows: words of results with their main table, maps with their printed twin."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

import geoinno as gi
from geoinno._display import Displayed


@dataclass(frozen=True, slots=True, eq=False)
class Finding(Displayed):
    table: pd.DataFrame

    def __str__(self):
        return "Income of <b>A_b</b> is *high* (p 0.01)."


def test_words_are_escaped_for_html_and_markdown():
    table = pd.DataFrame({"p": [0.01234567]}, index=["<i>x</i>"])
    bundle = Finding(table)._repr_mimebundle_()
    assert bundle["text/plain"] == str(Finding(table))
    assert "Income of &lt;b&gt;A_b&lt;/b&gt; is *high*" in bundle["text/html"]
    assert "&lt;i&gt;x&lt;/i&gt;" in bundle["text/html"]
    assert "0.01235" in bundle["text/html"]
    assert bundle["text/markdown"] == r"Income of \<b\>A\_b\</b\> is \*high\* (p 0.01)."


def test_a_long_table_is_cut_and_says_how_long_it_is():
    bundle = Finding(pd.DataFrame({"p": range(500)}))._repr_mimebundle_()
    assert bundle["text/html"].count("<tr") < 15
    assert "500 rows" in bundle["text/html"]


def test_a_model_shows_its_coefficients(austria):
    fit = gi.measure.gravity(austria.flows, gi.weigh.distances(austria.regions))
    html = fit._repr_mimebundle_()["text/html"]
    assert "Gravity model of" in html
    assert "<th>cost</th>" in html


def test_a_layer_shows_its_map_and_is_short_in_text(lattice):
    layer = gi.draw.choropleth(lattice, pd.Series(range(36), index=lattice.index, dtype=float), title="Rank")
    bundle = layer._repr_mimebundle_()
    assert "<iframe" in bundle["text/html"]
    assert bundle["image/png"].startswith(b"\x89PNG")
    assert bundle["text/plain"].startswith("Map of 36 regions")
    assert repr(layer) == "<Layer of 36 fills: Rank>"
    assert str(layer).startswith("Rank: highest Region 5-5 (35)")


def test_a_printed_notebook_shows_the_whole_map(lattice):
    layer = gi.draw.choropleth(lattice, pd.Series(range(36), index=lattice.index, dtype=float))
    shown = gi.draw.sheet(layer, source="S")
    html = shown._repr_mimebundle_()["text/html"]
    # On paper the frame, which would be cropped, gives way to the picture.
    assert "@media print{.gi-embed iframe{display:none}.gi-embed .gi-still{display:block}}" in html
    assert html.count('<img class="gi-still" src="data:image/png;base64,') == 1
    assert repr(shown).startswith("<Sheet: ")
    assert str(shown) == shown.alt


def test_an_atlas_shows_its_page_and_on_paper_its_pictures(austria):
    atlas = gi.report.atlas(austria, half_km=60, title="<Atlas> of *Austria*")
    bundle = atlas._repr_mimebundle_()
    assert bundle["text/html"].count("<iframe") == 1
    assert bundle["text/html"].count('<img src="data:image/png') == len(atlas.sheets)
    # Of a figure, pandoc keeps the first picture alone.
    assert '<div class="gi-embed"><iframe' in bundle["text/html"]
    assert "<h1>&lt;Atlas&gt; of *Austria*</h1>" in bundle["text/html"]
    assert bundle["text/markdown"].startswith(r"# \<Atlas\> of \*Austria\*")
    assert repr(atlas) == "<Atlas: <Atlas> of *Austria*>"
