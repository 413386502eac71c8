"""Fragments that stand in other people's pages."""

from __future__ import annotations

import re

import folium
import pandas as pd
import pytest
from markdown_it import MarkdownIt

import geoinno as gi


@pytest.fixture(scope="module")
def shown(lattice):
    fill = gi.draw.choropleth(lattice, pd.Series(range(36), index=lattice.index, name="rank"))
    return gi.draw.sheet(fill, title="T", source="S")


def test_a_frame_carries_map_still_and_caption(shown):
    html = gi.report.embed(shown, caption="Figure <1>")
    assert html.count("<iframe") == 1
    assert 'sandbox="allow-scripts allow-downloads"' in html
    assert "data:image/png;base64," in html
    assert "<figcaption>Figure &lt;1&gt;</figcaption>" in html


def test_markdown_passes_a_frame_through_untouched(shown):
    html = gi.report.embed(shown)
    assert "\n" not in html
    assert html in MarkdownIt("commonmark").render(f"Before.\n\n{html}\n\nAfter.")


def test_an_inline_map_needs_a_key_of_its_own(shown):
    for key in (None, "", "two words", 'x"y'):
        with pytest.raises(gi.GeoinnoError, match="key"):
            gi.report.embed(shown, mode="inline", key=key)
    one, two = (gi.report.embed(shown, mode="inline", key=k) for k in ("a", "b"))
    ids = [re.findall(r'\bid="([^"]+)"', html) for html in (one, two)]
    assert ids[0]
    assert not set(ids[0]) & set(ids[1])
    assert "\n\n" not in one


def test_an_inline_map_leaves_the_page_alone():
    styles = "".join(re.findall(r"<style>(.*?)</style>", gi.report.assets(), re.DOTALL))
    rules = re.findall(r"(?:^|\})\s*([^{}@]+)\{", re.sub(r"/\*.*?\*/", "", styles, flags=re.DOTALL))
    for selector in (s.strip() for rule in rules for s in rule.split(",")):
        assert (
            not selector
            or "gi-" in selector
            or "leaflet" in selector
            or "svg.lvml" in selector
            or selector == ".lvml"
        ), selector


def test_any_folium_map_goes_offline():
    m = folium.Map([47, 1], tiles=None)
    folium.Marker([47, 1], popup="Here").add_to(m)
    html = gi.report.offline(m)
    assert "L.marker(" in html
    assert not re.search(r"<(?:script|link)[^>]+(?:src|href)=[\"']?https?:", html)


def test_a_sheet_on_online_tiles_cannot_go_offline(lattice):
    fill = gi.draw.choropleth(lattice, pd.Series(range(36), index=lattice.index, name="rank"))
    shown = gi.draw.sheet(fill, source="S", basemap="https://tiles.example/{z}/{x}/{y}.png")
    with pytest.raises(gi.GeoinnoError, match=r"tiles from https://tiles\.example"):
        gi.report.offline(shown.folium())


def test_a_sheet_goes_offline_as_it_is(shown):
    assert "geoinno.mount(" in gi.report.offline(shown.folium())


def test_what_cannot_be_inlined_is_listed():
    tiled = folium.Map([47, 1])
    with pytest.raises(gi.GeoinnoError, match="tile layer"):
        gi.report.offline(tiled)
    with_icon = folium.Map([47, 1], tiles=None)
    folium.Marker([47, 1], icon=folium.Icon(icon="cloud")).add_to(with_icon)
    with pytest.raises(gi.GeoinnoError, match=r"folium\.Icon"):
        gi.report.offline(with_icon)


FAR = "http://127.0.0.1:9/a"


@pytest.mark.parametrize(
    "element",
    [
        lambda: folium.raster_layers.ImageOverlay(FAR, [[46, 0], [47, 1]]),
        lambda: folium.raster_layers.VideoOverlay(FAR, [[46, 0], [47, 1]]),
        lambda: folium.Marker([47, 1], icon=folium.CustomIcon(FAR)),
        lambda: folium.Marker([47, 1], popup=f"<img src='{FAR}'>"),
        lambda: folium.Marker([47, 1], icon=folium.DivIcon(html=f'<img srcset="{FAR} 2x">')),
    ],
)
def test_elements_of_folium_that_load_are_refused(element):
    m = folium.Map([47, 1], tiles=None)
    element().add_to(m)
    with pytest.raises(gi.GeoinnoError, match=r"127\.0\.0\.1:9/a"):
        gi.report.offline(m)


@pytest.mark.parametrize(
    "html",
    [
        "<style>p { background: URL( 'http://127.0.0.1:9/a' ) }</style>",
        "<style>@import '//127.0.0.1:9/a';</style>",
        "<p style='background:url(//127.0.0.1:9/a)'>",
        "<object data=//127.0.0.1:9/a>",
        "<img srcset='data:,x 1x, //127.0.0.1:9/a 2x'>",
        "<video poster=//127.0.0.1:9/a>",
        "<iframe srcdoc='&lt;img src=//127.0.0.1:9/a&gt;'>",
        "<svg><image href=//127.0.0.1:9/a>",
        "<script>x('http:\\u002f\\u002f127.0.0.1:9/a')</script>",
        "<p onclick='x(\"//127.0.0.1:9/a\")'>",
    ],
)
def test_whatever_a_page_loads_is_found(html):
    m = folium.Map([47, 1], tiles=None)
    m.get_root().html.add_child(folium.Element(html))
    with pytest.raises(gi.GeoinnoError, match=r"127\.0\.0\.1:9/a"):
        gi.report.offline(m)


def test_links_and_words_are_no_reason_to_refuse(lattice):
    values = pd.Series(range(36), index=lattice.index, name="rank")
    fill = gi.draw.choropleth(lattice.assign(name="https://example.org/a"), values)
    html = gi.report.offline(gi.draw.sheet(fill, source="https://example.org/b").folium())
    assert "default-src 'none'" in html
    m = folium.Map([47, 1], tiles=None)
    folium.Marker([47, 1], popup="<a href='https://example.org'>more</a>").add_to(m)
    assert gi.report.offline(m).index("default-src 'none'") < gi.report.offline(m).index("<script")


def test_calls_that_load_are_refused():
    m = folium.Map([47, 1], tiles=None)
    m.get_root().script.add_child(folium.Element("fetch(somewhere)"))
    with pytest.raises(gi.GeoinnoError, match=r"fetch\(\)"):
        gi.report.offline(m)


def test_a_file_beside_the_page_is_refused(lattice, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    lattice.to_file("a.geojson")
    m = folium.Map([47, 1], tiles=None)
    folium.GeoJson("a.geojson", embed=False).add_to(m)
    with pytest.raises(gi.GeoinnoError, match=r"ajax\(\)|fetch\(\)|getJSON\(\)"):
        gi.report.offline(m)
