"""Sheets: one composition for the web and for print, complete, stable and safe."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from dataclasses import replace
from itertools import pairwise

import folium
import geopandas
import numpy as np
import pandas as pd
import pyproj
import pytest
import shapely
from matplotlib.colors import to_hex

import geoinno as gi
from geoinno.draw._scene.projection import projection
from geoinno.draw._web.resources import policy

EVIL = '<img src=x onerror="alert(1)"> </script> {{ 7 * 7 }} {% if %} "quoted" \u202eevil'


@pytest.fixture
def layer(lattice):
    values = pd.Series(np.linspace(0, 1, len(lattice)), index=lattice.index, name="share")
    return gi.draw.choropleth(lattice, values.where(values > 0.1), legend="Share of firms, %")


@pytest.fixture
def drawn(layer):
    return gi.draw.sheet(layer, title="Innovating firms, 2020", subtitle="Quintiles", source="Survey")


def test_a_map_without_a_source_warns_and_says_so(layer):
    with pytest.warns(gi.MissingSourceWarning):
        shown = gi.draw.sheet(layer, title="Title")
    assert "Source: not stated" in shown.credits
    assert any("source" in objection for objection in shown.audit())


def test_a_sheet_needs_a_layer():
    with pytest.raises(gi.GeoinnoError, match="at least one layer"):
        gi.draw.sheet(title="Nothing")


def test_the_credits_name_source_projection_and_software(drawn):
    for word in ("Survey", "Natural Earth", "Lambert azimuthal equal-area", f"geoinno {gi.__version__}"):
        assert word in drawn.credits


def test_the_description_tells_extremes_and_gaps(drawn):
    assert drawn.alt.startswith("Map of 36 regions in 3 countries: Innovating firms, 2020.")
    assert "highest Region 5-5 (1)" in drawn.alt
    assert "4 without data" in drawn.alt


def test_it_is_a_folium_map(drawn):
    shown = drawn.folium()
    assert isinstance(shown, folium.Map)
    folium.Marker([47.5, 0.5]).add_to(shown)
    assert "L.marker(" in shown.get_root().render()


def test_a_document_is_the_page_of_the_folium_map_closed_to_the_network(drawn):
    page = drawn.html().replace(policy(), "", 1).replace('<html lang="en">', "<html>", 1)
    assert page == drawn.folium().get_root().render()


def test_a_sheet_saved_again_or_anew_is_the_same_bytes(drawn, tmp_path):
    anew = replace(drawn)
    for suffix in ("png", "svg", "png"):
        first, second = drawn.save(tmp_path / f"a.{suffix}"), anew.save(tmp_path / f"b.{suffix}")
        assert first.read_bytes() == second.read_bytes()
        anew = replace(drawn)


def test_both_legends_say_the_same(drawn):
    keys = drawn.layers[0].legends[0].keys
    html, figure = drawn.html(), drawn.figure()
    printed = [t.get_text() for t in figure.axes[1].texts]
    for key in keys:
        assert key.label in html
        assert key.label in printed
        assert str(key.count) in printed


def test_print_and_web_paint_the_same_colours(drawn):
    payload = json.loads(re.search(r"geoinno\.mount\('[^']+', (\{.*\})\);", drawn.html()).group(1))
    view = payload["views"][0]
    web = [view["keys"][ord(code) - 48]["fill"] for code in view["codes"]]
    fills = {to_hex(c) for a in drawn.figure().axes[0].collections for c in a.get_facecolor()}
    assert set(web) <= fills


def test_every_suffix_is_written_and_others_are_refused(drawn, tmp_path):
    starts = {
        ".html": b"<!DOCTYPE html>",
        ".png": b"\x89PNG",
        ".svg": b"<?xml",
        ".pdf": b"%PDF",
        ".geojson": b"{",
    }
    for suffix, start in starts.items():
        path = drawn.save(tmp_path / "sub" / f"map{suffix}")
        assert path.read_bytes().startswith(start)
    with pytest.raises(gi.GeoinnoError, match=r"\.docx"):
        drawn.save(tmp_path / "map.docx")
    assert sorted(p.suffix for p in (tmp_path / "sub").iterdir()) == sorted(starts)


@pytest.mark.parametrize("suffix", [".html", ".png", ".svg", ".pdf"])
def test_the_same_map_is_the_same_bytes(layer, tmp_path, suffix):
    one, two = (
        gi.draw.sheet(layer, title="T", source="S").save(tmp_path / f"{n}{suffix}").read_bytes() for n in "ab"
    )
    assert one == two


def test_another_process_writes_the_same_bytes(tmp_path):
    program = (
        "import sys, geoinno as gi\n"
        "place = gi.read.sample('central_asia')\n"
        "fill = gi.draw.choropleth(place.regions, place.regions['primacy'])\n"
        "gi.draw.sheet(fill, source='x').save(sys.argv[1])\n"
    )
    for name in ("a.html", "b.html"):
        subprocess.run([sys.executable, "-c", program, str(tmp_path / name)], check=True)
    assert (tmp_path / "a.html").read_bytes() == (tmp_path / "b.html").read_bytes()


def test_untrusted_text_is_shown_as_text(lattice):
    named = lattice.assign(name=EVIL, country=EVIL)
    values = pd.Series(np.linspace(0, 1, len(lattice)), index=lattice.index, name=EVIL)
    fill = gi.draw.choropleth(named, values, legend=EVIL, title=EVIL)
    html = gi.draw.sheet(fill, title=EVIL, subtitle=EVIL, source=EVIL).html()
    body = html.split("<body>")[1].split("<script>\n")[0]
    assert "<img src=x" not in html
    assert "&lt;img src=x" in body
    assert "{{ 7 * 7 }}" in html
    assert html.count("</script>") == html.count("<script>")


def test_nothing_is_asked_of_the_network(drawn):
    html = drawn.html()
    assert not re.search(r"""(?:src|href)\s*=\s*["']?(?:https?:)?//""", html)
    assert "@import" not in html


def test_the_map_opens_on_its_focus(layer, lattice):
    whole = gi.draw.sheet(layer, source="S").scene.frame
    part = gi.draw.sheet(layer, source="S", focus=lattice.iloc[:6]).scene.frame
    assert part[3] - part[1] < (whole[3] - whole[1]) / 2


def test_views_share_geometry(lattice, layer):
    other = gi.draw.choropleth(lattice, pd.Series(range(36), index=lattice.index, name="rank"))
    shown = gi.draw.sheet(layer, other, source="S")
    assert len(shown.scene.fills) == 1
    assert shown.scene.set_of == (0, 0)


def test_neighbours_still_meet_after_simplification(north_america):
    fill = gi.draw.choropleth(north_america.regions, north_america.regions["primacy"])
    fills = gi.draw.sheet(fill, source="S").scene.fills[0]
    assert shapely.coverage_is_valid(fills, gap_width=0)
    assert not shapely.is_empty(fills).any()


def test_national_borders_run_between_countries_alone(layer):
    borders = gi.draw.sheet(layer, source="S").scene.borders
    assert len(borders) == 2
    longest = 6 * 0.5 * 111.2e3  # six cells of half a degree of latitude
    assert np.allclose(shapely.length(borders), longest, rtol=0.01)


def test_russian_furniture(layer):
    shown = gi.draw.sheet(layer, source="S", lang="ru")
    assert shown.credits.startswith("Источник: S")
    with pytest.raises(gi.GeoinnoError, match="lang"):
        gi.draw.sheet(layer, source="S", lang="xx")


def test_russian_sheets_have_russian_scales_and_no_english_ones(lattice):
    values = pd.Series(np.linspace(1e6, 3e9, 36), index=lattice.index, name="people").where(
        lattice.index != "00"
    )
    flows = pd.DataFrame({"origin": ["01", "22"], "destination": ["33", "44"], "value": [2.5e6, 3e9]})
    fill, arrows = gi.draw.choropleth(lattice, values), gi.draw.flow_lines(flows, lattice)
    shown = gi.draw.sheet(fill, arrows, source="S", title="T", lang="ru")
    html = shown.html()
    for english, russian in (("million", "млн"), ("billion", "млрд"), (">no data<", ">нет данных<")):
        assert english in gi.draw.sheet(fill, arrows, source="S", title="T").html()
        assert english not in html.partition("<body")[2]
        assert russian in html
    assert "Место" in html
    assert "35 из 35" in html


def test_a_table_of_the_numbers_lies_under_the_map(drawn):
    assert drawn.table.columns.to_list() == ["region", "country", "Share of firms, %"]
    assert drawn.html().count("<tr>") == 37


def test_notebooks_get_html_picture_and_text(drawn):
    bundle = drawn._repr_mimebundle_()
    assert "<iframe" in bundle["text/html"]
    assert bundle["image/png"].startswith(b"\x89PNG")
    assert bundle["text/plain"] == drawn.alt


def test_wide_maps_are_conic_and_small_ones_azimuthal(north_america, austria):
    assert projection(north_america.regions.geometry).scene["type"] == "aea"
    assert projection(austria.regions.geometry).scene["type"] == "laea"


def test_the_projection_is_equal_area(north_america):
    regions = north_america.regions
    chosen = projection(regions.geometry)
    metres = regions.geometry.segmentize(0.1).to_crs(chosen.crs)
    geod = pyproj.Geod(ellps="WGS84")
    ground = [abs(geod.geometry_area_perimeter(shape)[0]) for shape in regions.geometry.segmentize(0.1)]
    assert np.allclose(metres.area, ground, rtol=2e-4)


def test_regions_on_both_sides_of_the_180th_meridian_stay_together():
    halves = shapely.MultiPolygon([shapely.box(175, 60, 180, 65), shapely.box(-180, 60, -175, 65)])
    regions = gi_regions([halves, shapely.box(165, 60, 175, 65)])
    fill = gi.draw.choropleth(regions, pd.Series([1.0, 2.0], index=regions.index, name="v"))
    shown = gi.draw.sheet(fill, source="S")
    assert shapely.get_num_geometries(shown.scene.fills[0]).tolist() == [1, 1]
    assert shown.scene.frame[2] - shown.scene.frame[0] < 1.2e6
    assert -180 <= shown.scene.projection.scene["lon0"] <= 180


def gi_regions(shapes):
    return geopandas.GeoDataFrame(index=[f"r{i}" for i in range(len(shapes))], geometry=shapes, crs=4326)


def test_a_users_own_projection_is_used(layer):
    shown = gi.draw.sheet(layer, source="S", crs=3035)
    assert shown.scene.projection.scene["type"] == "grid"
    with pytest.raises(gi.CrsError, match="projected"):
        gi.draw.sheet(layer, source="S", crs=4326)


def test_mercator_is_drawn_with_a_caution(layer):
    assert "exaggerated" in gi.draw.sheet(layer, source="S", crs=3857).credits


def test_print_shows_every_view_under_its_name_beside_its_legend(lattice):
    values = pd.Series(np.arange(36.0), index=lattice.index)
    layers = [
        gi.draw.choropleth(lattice, values + i, title=f"View {i}", legend=f"Unit {i}") for i in range(3)
    ]
    figure = gi.draw.sheet(*layers, title="Three", source="Survey").figure()
    words = [text.get_text() for text in figure.texts]
    assert [f"View {i}" in words for i in range(3)] == [True] * 3
    within = " ".join(text.get_text() for axes in figure.axes for text in axes.texts)
    assert all(f"Unit {i}" in within for i in range(3))
    maps = [axes for axes in figure.axes if len(axes.collections) > 3]
    assert len(maps) == 3
    boxes = [axes.get_position() for axes in figure.axes]
    assert all(0 <= box.x0 <= box.x1 <= 1 and 0 <= box.y0 <= box.y1 <= 1 for box in boxes)
    assert not any(a.overlaps(b) for i, a in enumerate(boxes) for b in boxes[:i])
    # The third view is alone in its row: its legend fills the empty place beside it.
    last, beside = maps[2].get_position(), boxes[-1]
    assert beside.x0 > last.x1
    assert beside.y1 == pytest.approx(last.y1)


def test_flows_above_several_views_are_printed_on_each(austria):
    home = austria.regions[austria.regions["country"] == "AUT"]
    fills = [gi.draw.choropleth(home, home[c], legend=c) for c in ("primacy", "herfindahl")]
    flows = gi.draw.flow_lines(austria.flows, home, top=5, legend="Moves")
    figure = gi.draw.sheet(*fills, flows, title="Two", source="Survey").figure()
    arrows = [sum("flow-" in str(p.get_gid()) for p in axes.patches) for axes in figure.axes]
    assert sorted(arrows)[-2:] == [5, 5]


@pytest.mark.parametrize("name", ["geometry", "geom", "id", "region", "Rank"])
def test_a_column_named_like_another_survives_into_geojson(lattice, tmp_path, name):
    values = pd.Series(np.arange(36.0), index=lattice.index, name=name)
    shown = gi.draw.sheet(gi.draw.choropleth(lattice, values), title="t", source="s")
    first = json.loads(shown.save(tmp_path / "x.geojson").read_text())["features"][5]
    assert first["geometry"]["type"] == "Polygon"
    assert 5.0 in first["properties"].values()


def test_a_wide_map_has_a_legend_that_is_longer_than_itself_below(lattice):
    wide = lattice.set_geometry(lattice.affine_transform([8.0, 0, 0, 1, 0, 0]))
    ranks = pd.Series(range(36), wide.index, name="rank")
    flows = pd.DataFrame(
        {"origin": ["00", "05", "31"], "destination": ["05", "31", "00"], "value": [3.0, 2.0, 1.0]}
    )
    short = gi.draw.sheet(gi.draw.choropleth(wide, ranks), source="S").figure()
    long = gi.draw.sheet(
        gi.draw.choropleth(wide, ranks), gi.draw.flow_lines(flows, wide), source="S"
    ).figure()
    (beside, side), (above, *columns) = short.axes, long.axes
    assert side.get_position().x0 > beside.get_position().x1
    assert above.get_position().width > 0.95
    assert len(columns) > 1
    assert all(column.get_position().y1 < above.get_position().y0 for column in columns)
    edges = sorted((column.get_position().x0, column.get_position().x1) for column in columns)
    assert all(one[1] < other[0] for one, other in pairwise(edges))
    foot = max(text.get_window_extent().y1 for text in long.texts if text.get_text().startswith("Source"))
    assert foot < min(column.get_window_extent().y0 for column in columns)


def test_a_long_legend_below_a_map_is_split_level_and_whole(lattice):
    wide = lattice.set_geometry(lattice.affine_transform([8.0, 0, 0, 1, 0, 0]))
    kinds = pd.Series(
        [f"kind {i % 11:02}: a name of more than one line" for i in range(36)], wide.index, name="kind"
    )
    sheet = gi.draw.sheet(gi.draw.categories(wide, kinds), source="S")
    _, *columns = sheet.figure().axes
    assert len(columns) == 2
    words = [[text for text in column.texts if text.get_text().startswith("kind")] for column in columns]
    listed = [text.get_text()[:7] for column in words for text in column]
    assert listed == [f"kind {i:02}" for i in range(11)]
    tops = [column[0].get_window_extent().y1 for column in words]
    assert tops[0] == pytest.approx(tops[1], abs=0.5)
