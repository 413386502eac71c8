"""QGIS itself opens what is written for it, and draws it as the map does (where QGIS is installed)."""

from __future__ import annotations

import json
import os
import sqlite3
import subprocess
from contextlib import closing
from pathlib import Path

import geopandas
import numpy as np
import pandas as pd
import pyproj
import pytest
import shapely
from libpysal.graph import Graph

import geoinno as gi

PYTHON = Path("/usr/bin/python3")
LOOK = """
import json, os, sys
os.environ["QT_QPA_PLATFORM"] = "offscreen"
from qgis.core import *
app = QgsApplication([], False)
app.initQgis()
path, pictures = sys.argv[1:3]
project = QgsProject.instance()
read = project.read(f"geopackage:{path}?projectName=map")
found = {"read": read, "crs": project.crs().toWkt(QgsCoordinateReferenceSystem.WKT2_2019), "layers": {}}
from qgis.PyQt.QtCore import QSize
for layer in project.mapLayers().values():
    renderer, symbols = layer.renderer(), layer.renderer().symbols(QgsRenderContext())
    parts = [part.layerType() for part in symbols[0].symbolLayers()]
    settings = QgsMapSettings()
    settings.setLayers([layer])
    settings.setOutputSize(QSize(600, 400))
    settings.setDestinationCrs(project.crs())
    move = QgsCoordinateTransform(layer.crs(), project.crs(), project)
    settings.setExtent(move.transformBoundingBox(layer.extent()).buffered(30000))
    job = QgsMapRendererSequentialJob(settings)
    job.start()
    job.waitForFinished()
    job.renderedImage().save(f"{pictures}/{layer.name()}.png")
    found["layers"][layer.name()] = {
        "valid": layer.isValid(), "renderer": renderer.type(), "parts": parts,
        "labels": layer.labelsEnabled(), "count": layer.featureCount(),
        "ranges": [[r.lowerValue(), r.upperValue(), r.label()] for r in renderer.ranges()]
        if renderer.type() == "graduatedSymbol" else [],
    }
settings = QgsMapSettings()
found["tree"] = [layer.name() for layer in project.layerTreeRoot().layerOrder()]
settings.setLayers(project.layerTreeRoot().layerOrder())
settings.setOutputSize(QSize(600, 400))
settings.setDestinationCrs(project.crs())
settings.setExtent(project.viewSettings().defaultViewExtent())
job = QgsMapRendererSequentialJob(settings)
job.start()
job.waitForFinished()
job.renderedImage().save(f"{pictures}/whole.png")
print(json.dumps(found))
"""


@pytest.fixture(scope="module")
def qgis():
    has = PYTHON.exists() and subprocess.run(
        [PYTHON, "-c", "import qgis.core"], capture_output=True, check=False
    )
    if not has or has.returncode:
        absent = "There is no QGIS on this machine: apt-get install python3-qgis"
        (pytest.fail if os.environ.get("GEOINNO_QGIS") == "required" else pytest.skip)(absent)

    def look(path, pictures):
        done = subprocess.run(
            [PYTHON, "-c", LOOK, str(path), str(pictures)],
            capture_output=True,
            text=True,
            timeout=600,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        return json.loads(done.stdout.splitlines()[-1])

    return look


@pytest.fixture(scope="module")
def drawn(austria):
    regions = austria.regions
    unsure = pd.Series(np.arange(len(regions)) % 2 == 0, index=regions.index)
    fill = gi.draw.choropleth(regions, "primacy", uncertain=unsure, title="Primacy")
    home = regions[regions["country"] == "AUT"]
    flows = gi.draw.flow_lines(austria.flows, home, top=6, title="Moves")
    poles = gi.draw.pole_points(regions["city_population"] > 1e6, regions, "city_population", title="Poles")
    return gi.draw.sheet(fill, flows, poles, title="Austria", source="GeoNames")


def pixels(path):
    from PIL import Image

    return np.asarray(Image.open(path).convert("RGB")).reshape(-1, 3)


def test_qgis_opens_the_map_with_its_projection_classes_arrows_labels_and_dots(qgis, drawn, tmp_path):
    path = drawn.save(tmp_path / "map.gpkg")
    found = qgis(path, tmp_path)
    assert found["read"]
    places = [
        pyproj.Transformer.from_crs(4326, crs, always_xy=True).transform(15.0, 47.0)
        for crs in (found["crs"], drawn.scene.projection.crs)
    ]
    assert places[0] == pytest.approx(places[1], abs=1e-6)
    fill, flows, poles = (found["layers"][name] for name in ("Primacy", "Moves", "Poles"))
    assert all(layer["valid"] for layer in (fill, flows, poles))
    assert fill["renderer"] == "graduatedSymbol"
    keys = drawn.layers[0].legends[0].keys
    labels = [key.label for key in reversed(keys) if key.pattern != "dots"]
    assert [label for *_, label in fill["ranges"]] == labels
    assert fill["parts"] == ["SimpleFill", "PointPatternFill"]
    assert flows["parts"] == ["GeometryGenerator"]
    assert flows["count"] == 6
    assert poles["labels"]
    # What QGIS paints: the darkest class, and dots on it or beside it.
    colours = {tuple(pixel) for pixel in pixels(tmp_path / "Primacy.png")}
    assert tuple(int(keys[0].fill[i : i + 2], 16) for i in (1, 3, 5)) in colours
    assert (26, 26, 26) in colours
    assert (pixels(tmp_path / "Moves.png") < 100).any()
    # The project as it opens: all layers, the first at the bottom, where the map is.
    assert found["tree"] == ["Poles", "Moves", "Primacy"]
    whole = pixels(tmp_path / "whole.png")
    assert (whole != 255).any(axis=1).mean() > 0.3


@pytest.fixture(scope="module")
def pacific(tmp_path_factory):
    """A map of the world with flows over its edge, as a file."""
    rows = [("JPN", "USA", 9.0), ("USA", "JPN", 6.0), ("AUS", "CHL", 5.0), ("DEU", "IND", 4.0)]
    flows = pd.DataFrame(rows, columns=["origin", "destination", "value"])
    land = gi.read.land()
    fill = gi.draw.choropleth(land.assign(v=range(len(land))), "v", title="Land")
    moves = gi.draw.flow_lines(flows, land, top=4, title="Moves")
    return gi.draw.sheet(fill, moves, title="World", source="S").save(
        tmp_path_factory.mktemp("world") / "world.gpkg"
    )


def test_flows_over_the_edge_of_the_world_are_lines_of_two_parts(pacific):
    lines = geopandas.read_file(pacific, layer="moves").set_index("id").geometry.explode()
    assert lines.groupby(level=0).size().to_dict() == {"JPN USA": 2, "USA JPN": 2, "AUS CHL": 2, "DEU IND": 1}
    assert (lines.bounds["maxx"] - lines.bounds["minx"] < 120).all()
    # The first part begins at the origin, and the last ends at the destination.
    places = gi.read.land().representative_point()
    for flow, parts in lines.groupby(level=0):
        ends = [parts.iloc[0].coords[0], parts.iloc[-1].coords[-1]]
        for (x, y), place in zip(ends, places[flow.split()], strict=True):
            assert ((x - place.x + 180) % 360 - 180, y - place.y) == pytest.approx((0, 0), abs=1e-6)
    # Both parts meet where the map ends.
    for flow in ("JPN USA", "USA JPN", "AUS CHL"):
        leave, enter = lines[flow].iloc[0].coords[-1], lines[flow].iloc[1].coords[0]
        assert (leave[0] - enter[0] + 180) % 360 - 180 == pytest.approx(0, abs=1e-3)
        assert leave[1] == enter[1]


def test_regions_are_cut_where_the_edge_of_the_world_runs_through_them(tmp_path):
    # The edge lies where it cuts least: some islands off Alaska.
    land = gi.read.land()
    fill = gi.draw.choropleth(land.assign(v=range(len(land))), "v", title="Land")
    sheet = gi.draw.sheet(fill, title="World", source="S")
    edge = sheet.scene.projection.scene["lon0"] % 360 - 180
    drawn = geopandas.read_file(sheet.save(tmp_path / "cut.gpkg"), layer="land").set_index("id").geometry

    def across(shapes):
        parts = shapes.explode().bounds
        return set(parts.index[(parts["minx"] < edge - 0.01) & (parts["maxx"] > edge + 0.01)])

    assert across(land.geometry) == {"USA"}
    assert across(drawn) == set()
    sizes = (shapely.area(shapes.to_numpy()) for shapes in (drawn, land.geometry[drawn.index]))
    np.testing.assert_allclose(*sizes, rtol=1e-4)
    others = drawn.index != "USA"
    assert drawn[others].geom_equals(land.geometry[drawn.index[others]]).all()


def linked(ids, *pairs):
    """Return a graph in which pairs of regions alone are neighbours."""
    both = [*pairs, *((b, a) for a, b in pairs)]
    alone = [(i, i) for i in ids if not any(i in pair for pair in pairs)]
    focal, neighbor = zip(*both, *alone, strict=True)
    return Graph.from_arrays(focal, neighbor, [1.0] * len(both) + [0.0] * len(alone))


def test_links_over_the_edge_of_the_world_are_lines_of_two_parts(tmp_path):
    land = gi.read.land()
    fill = gi.draw.choropleth(land.assign(v=range(len(land))), "v", title="Land")
    links = gi.draw.link_lines(land, linked(land.index, ("JPN", "USA"), ("BRA", "DEU")), title="Links")
    sheet = gi.draw.sheet(fill, links, title="World", source="S")
    edge = sheet.scene.projection.scene["lon0"] - 180
    lines = geopandas.read_file(sheet.save(tmp_path / "links.gpkg"), layer="links").set_index("id").geometry
    parts = lines.explode()
    assert parts.groupby(level=0).size().to_dict() == {"BRA|DEU": 1, "JPN|USA": 2}
    over = parts["JPN|USA"]
    assert shapely.length(over.to_numpy()).sum() < 120
    met = [over.iloc[0].coords[-1], over.iloc[1].coords[0]]
    assert [(x - edge + 180) % 360 - 180 for x, _ in met] == pytest.approx([0, 0], abs=1e-3)
    assert met[0][1] == pytest.approx(met[1][1], abs=1e-3)
    assert lines["BRA|DEU"].geoms[0].equals(links.shapes.geometry["BRA|DEU"])


def test_borders_are_cut_where_the_edge_of_the_world_runs_through_them(tmp_path):
    land = gi.read.land()
    fill = gi.draw.choropleth(land.assign(v=range(len(land))), "v", title="Land")
    edge = gi.draw.sheet(fill, source="S").scene.projection.scene["lon0"] % 360 - 180
    cells = [shapely.box(edge - 5, low, edge + 5, low + 5) for low in (10, 15)]
    two = geopandas.GeoDataFrame({"v": [1.0, 2.0]}, geometry=cells, index=["a", "b"], crs=4326)
    segments = gi.measure.segments(two.assign(country=["x", "y"]))
    borders = gi.draw.border_lines(segments, gi.measure.contrast(two["v"], segments), title="Borders")
    path = gi.draw.sheet(fill, borders, title="World", source="S").save(tmp_path / "borders.gpkg")
    (line,) = geopandas.read_file(path, layer="borders").geometry
    bounds = [part.bounds for part in line.geoms]
    assert [low < edge - 0.01 and high > edge + 0.01 for low, _, high, _ in bounds] == [False, False]
    assert line.length == pytest.approx(10, abs=1e-3)


def test_qgis_draws_flows_over_the_edge_on_both_sides_of_the_map(qgis, pacific, tmp_path):
    found = qgis(pacific, tmp_path)
    assert found["layers"]["Moves"]["parts"] == ["GeometryGenerator", "GeometryGenerator"]
    dark = (pixels(tmp_path / "whole.png").reshape(400, 600, 3) < 90).all(axis=2)
    # On both sides of the map, and nowhere between them (Europe's own arrow is north of there).
    assert dark[:, :150].sum() > 100
    assert dark[:, 450:].sum() > 100
    assert dark[220:, 200:400].sum() == 0


def test_a_sheet_is_saved_for_gis_as_on_the_command_line(drawn, tmp_path):
    whole = drawn.save(tmp_path / "sheet.gpkg")
    layers = gi.report.to_gis(tmp_path / "layers.gpkg", *drawn.layers)

    def tables(path):
        with closing(sqlite3.connect(path)) as store:
            return store.execute("SELECT f_table_name, styleQML FROM layer_styles ORDER BY id").fetchall()

    assert tables(whole) == tables(layers)
    assert whole.read_bytes() == drawn.save(tmp_path / "sheet.gpkg").read_bytes()


def test_flows_without_room_for_an_arrow_are_left_out_and_the_numbers_stay_with_theirs(lattice, tmp_path):
    flows = pd.DataFrame(
        {"origin": ["00", "00", "55"], "destination": ["01", "55", "00"], "value": [9, 8, 2.0]}
    )
    wide = lattice.assign(
        geometry=lattice.geometry.where(lattice.index != "01", lattice.geometry["00"].buffer(-0.2))
    )
    sheet = gi.draw.sheet(gi.draw.flow_lines(flows, wide), title="t", source="s")
    assert len(sheet.layers[0].shapes) == 2 < len(sheet.layers[0].table)
    path = sheet.save(tmp_path / "near.gpkg")
    with closing(sqlite3.connect(path)) as store:
        rows = store.execute('SELECT id, "from", "to", value FROM flows ORDER BY fid').fetchall()
    assert rows == [("00 55", "Region 0-0", "Region 5-5", 8.0), ("55 00", "Region 5-5", "Region 0-0", 2.0)]


def test_numbers_with_gaps_keep_their_hatch(central_asia, tmp_path):
    regions = central_asia.regions
    gap = regions["primacy"].where(regions.index != "KAZ-4830")
    path = gi.report.to_gis(tmp_path / "gap.gpkg", gi.draw.choropleth(regions, gap, title="Gap"))
    with closing(sqlite3.connect(path)) as store:
        (style,) = store.execute("SELECT styleQML FROM layer_styles").fetchone()
    assert "categorizedSymbol" in style
    assert "b_diagonal" in style
