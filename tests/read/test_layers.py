"""Files of shapes as people have them, and as nobody should: each with its answer, none with a traceback."""

from __future__ import annotations

import http.server
import json
import sqlite3
import threading
import zipfile

import geopandas as gpd
import numpy as np
import pytest
from shapely.geometry import Point, Polygon, box

import geoinno as gi
from geoinno.cli import main

CITIES = ["Москва", "Тверь", "Тула"]


def cells(**columns):
    shapes = [box(i, 0, i + 1, 1) for i in range(3)]
    return gpd.GeoDataFrame({"code": ["a", "b", "c"], **columns}, geometry=shapes, crs=4326)


def shapefile(folder, *, encoding="utf-8", stated=False, **columns):
    """Write a shapefile that states neither its encoding nor, unless ``stated``, its CRS."""
    path = folder / "regions.shp"
    cells(**columns).to_file(path, encoding=encoding)
    path.with_suffix(".cpg").unlink()
    if not stated:
        path.with_suffix(".prj").unlink()
    table = path.with_suffix(".dbf")
    content = bytearray(table.read_bytes())
    content[29] = 0
    table.write_bytes(content)
    return path


@pytest.fixture
def listener():
    """A server on this machine that lists what it is sent."""
    seen = []

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self):
            seen.append(self.path)
            self.send_response(404)
            self.end_headers()

        do_HEAD = do_GET  # noqa: N815 - the name that the standard library calls

        def log_message(self, *words):
            pass

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}", seen
    server.shutdown()
    server.server_close()


def test_a_missing_crs_is_named_by_its_option(tmp_path):
    path = shapefile(tmp_path, name=["x", "y", "z"])
    with pytest.raises(gi.CrsError, match=r"\.prj file.*crs=4326"):
        gi.read.regions(path, id="code")
    for crs in (4326, "EPSG:4326", "4326"):
        assert gi.read.regions(path, id="code", crs=crs).crs == 4326
    with pytest.raises(gi.CrsError, match="crs='metres' is not a CRS"):
        gi.read.regions(path, id="code", crs="metres")
    with pytest.raises(gi.CrsError, match="is not a CRS"):
        gi.read.regions(path, id="code", crs=99999)


def test_a_crs_other_than_the_stated_one_is_warned_of(tmp_path):
    path = tmp_path / "r.gpkg"
    cells().to_crs(3035).set_crs(3857, allow_override=True).to_file(path)
    with pytest.warns(gi.DataWarning, match="states the CRS EPSG:3857; it is read as EPSG:3035"):
        assert gi.read.regions(path, id="code", crs=3035).crs == 3035
    assert gi.read.regions(path, id="code", crs=3857).crs == 3857


def test_cyrillic_names_without_a_stated_encoding_are_shown_and_never_guessed(tmp_path):
    path = shapefile(tmp_path, encoding="cp1251", stated=True, town=CITIES)
    with pytest.warns(gi.DataWarning, match=r"no \.cpg file.*'cp1251': Москва.*encoding="):
        garbled = gi.read.regions(path, id="code", name="town")
    assert garbled["name"].iloc[0] == "Ìîñêâà"
    assert gi.read.regions(path, id="code", name="town", encoding="cp1251")["name"].to_list() == CITIES
    with pytest.raises(gi.OptionError, match="no encoding 'cp12511'"):
        gi.read.regions(path, id="code", encoding="cp12511")


def test_utf_8_without_a_stated_encoding_is_read_with_a_word(tmp_path):
    path = shapefile(tmp_path, encoding="utf-8", stated=True, town=CITIES)
    with pytest.warns(gi.DataWarning, match="it is read as utf-8"):
        assert gi.read.regions(path, id="code", name="town")["name"].to_list() == CITIES


def test_plain_letters_need_no_encoding(tmp_path):
    path = shapefile(tmp_path, stated=True, town=["Wien", "Graz", "Linz"])
    assert gi.read.regions(path, id="code", name="town")["name"].to_list() == ["Wien", "Graz", "Linz"]


@pytest.mark.parametrize("suffix", [".shp", ".gpkg", ".geojson", ".fgb", ".parquet"])
def test_where_leaves_rows_out_in_every_format(suffix, tmp_path):
    path = tmp_path / f"r{suffix}"
    table = cells(level=[1, 2, 2])
    table.to_parquet(path) if suffix == ".parquet" else table.to_file(path)
    assert set(gi.read.regions(path, id="code", where="level = 2").index) == {"b", "c"}
    with pytest.raises(gi.GeoinnoError, match="level = 3"):
        gi.read.regions(path, id="code", where="level = 3")
    with pytest.raises(gi.GeoinnoError, match="levl"):
        gi.read.regions(path, id="code", where="levl = 2")


def packed(path, *files, folder=""):
    with zipfile.ZipFile(path, "w") as archive:
        for file in files:
            archive.write(file, f"{folder}{file.name}")
            archive.writestr(f"__MACOSX/{folder}._{file.name}", b"\0")
    return path


@pytest.mark.parametrize("folder", ["", "data/NUTS 2021/"])
@pytest.mark.parametrize("suffix", [".shp", ".gpkg", ".geojson", ".fgb"])
def test_zips_with_folders_are_read(suffix, folder, tmp_path):
    cells().to_file(tmp_path / f"r{suffix}")
    path = packed(tmp_path / "r.zip", *tmp_path.glob("r.*"), folder=folder)
    back = gi.read.regions(path, id="code")
    assert set(back.index) == {"a", "b", "c"}
    assert back.crs == 4326


def test_the_choice_among_files_in_a_zip_is_named(tmp_path):
    for name in ("nuts2", "nuts3"):
        cells(level=[name] * 3).to_file(tmp_path / f"{name}.shp")
    path = packed(tmp_path / "all.zip", *tmp_path.glob("nuts*"), folder="shp/")
    with pytest.raises(gi.RegionError, match=r"2 files of shapes.*layer=.*'shp/nuts2', 'shp/nuts3'"):
        gi.read.regions(path, id="code")
    for layer in ("nuts3", "shp/nuts3", "nuts3.shp"):
        assert gi.read.regions(path, id="code", layer=layer)["level"].to_list() == ["nuts3"] * 3
    with pytest.raises(gi.RegionError, match="no file 'nuts1'"):
        gi.read.regions(path, id="code", layer="nuts1")
    empty = packed(tmp_path / "none.zip", tmp_path / "nuts2.dbf")
    with pytest.raises(gi.RegionError, match="holds no file of shapes"):
        gi.read.regions(empty, id="code")


def virtual(address):
    source = f"<SrcDataSource>/vsicurl/{address}/secret.csv</SrcDataSource>"
    layer = f'<OGRVRTLayer name="a">{source}<GeometryType>wkbNone</GeometryType></OGRVRTLayer>'
    return f"<OGRVRTDataSource>{layer}</OGRVRTDataSource>"


def collection(**members):
    features = json.loads(cells().to_json(drop_id=True))["features"]
    return json.dumps({"type": "FeatureCollection", **members, "features": features})


def link(address):
    return {"type": "link", "properties": {"href": f"{address}/crs", "type": "proj4"}}


HOSTILE = {
    "vrt": virtual,
    "vrt behind json": lambda address: (
        '{"type": "FeatureCollection", "a": "' + virtual(address).replace('"', "'") + '"}'
    ),
    "wfs": lambda address: f"<OGRWFSDataSource><URL>{address}/wfs</URL></OGRWFSDataSource>",
    "capabilities": lambda address: f'<WFS_Capabilities><Get href="{address}/wfs"/></WFS_Capabilities>',
    "gdalg": lambda address: json.dumps(
        {"type": "gdal_streamed_alg", "command_line": f"gdal vector pipeline ! read /vsicurl/{address}/x.csv"}
    ),
    "gdalg as geojson": lambda address: json.dumps(
        {"type": "FeatureCollection", "x": {"type": "gdal_streamed_alg", "command_line": f"read {address}"}}
    ),
    "crs link": lambda address: collection(crs=link(address)),
    "crs link in capitals": lambda address: collection(CRS=link(address)),
    "crs link nested deep": lambda address: collection(crs={**link(address), "a": {"b": {"c": {"d": {}}}}}),
    "crs link with an escape": lambda address: collection(crs=link(address)).replace('"crs"', '"c\\u0072s"'),
    "crs link with a comment": lambda address: collection(crs=link(address)).replace('"crs":', '"crs"/**/:'),
    "crs link in single quotes": lambda address: collection(crs=link(address)).replace('"crs"', "'crs'"),
    "crs named by an address": lambda address: collection(
        crs={"type": "name", "properties": {"name": f"{address}/crs"}}
    ),
    "address": lambda address: f"{address}/regions.geojson",
    "vsi": lambda address: f"/vsicurl/{address}/regions.geojson",
}


@pytest.mark.parametrize("suffix", [".geojson", ".json", ".gpkg", ".shp", ".fgb", ".parquet", ".zip"])
@pytest.mark.parametrize("content", HOSTILE)
def test_content_that_leads_elsewhere_is_refused_and_asks_nobody(suffix, content, tmp_path, listener):
    address, seen = listener
    path = tmp_path / f"map{suffix}"
    path.write_text(HOSTILE[content](address))
    with pytest.raises(gi.GeoinnoError, match="cannot be read"):
        gi.read.regions(path, id="code")
    inner = tmp_path / "inner.geojson"
    inner.write_text(HOSTILE[content](address))
    with pytest.raises(gi.GeoinnoError, match=r"inner\.geojson cannot be read"):
        gi.read.regions(packed(tmp_path / "packed.zip", inner), id="code")
    assert seen == []


@pytest.mark.parametrize("path", ["/vsicurl/{}/a.geojson", "{}/a.geojson", "/vsimem/a.gpkg", "GeoJSON:{}/a"])
def test_addresses_are_no_files(path, listener):
    address, seen = listener
    with pytest.raises(gi.GeoinnoError, match=r"is an address|no file"):
        gi.read.regions(path.format(address), id="code")
    assert seen == []


def test_a_local_file_behind_a_virtual_one_stays_unread(tmp_path):
    secret = tmp_path / "secret.csv"
    secret.write_text("code,WKT\na,POINT(0 0)\n")
    for suffix in (".json", ".geojson", ".gpkg", ".shp", ".fgb"):
        path = tmp_path / f"map{suffix}"
        path.write_text(virtual("").replace("/vsicurl//secret.csv", str(secret)))
        with pytest.raises(gi.GeoinnoError, match="cannot be read"):
            gi.read.regions(path, id="code")


def test_a_geojson_that_names_its_crs_is_read(tmp_path):
    path = tmp_path / "r.geojson"
    for name in ("urn:ogc:def:crs:OGC:1.3:CRS84", "urn:ogc:def:crs:EPSG::4326", "EPSG:4326"):
        path.write_text(collection(crs={"type": "name", "properties": {"name": name}}))
        assert len(gi.read.regions(path, id="code")) == 3
    path.write_text(collection(crs=None))
    assert len(gi.read.regions(path, id="code", crs=4326)) == 3


def test_a_property_called_crs_is_no_crs(tmp_path):
    path = tmp_path / "r.geojson"
    cells(crs=["EPSG:3035", "link", "crs"], b=["'crs'", "the 'crs' of", '"crs"']).to_file(path)
    assert gi.read.regions(path, id="code")["crs"].to_list() == ["EPSG:3035", "link", "crs"]


def test_an_endless_view_in_a_geopackage_is_refused(tmp_path):
    path = tmp_path / "r.gpkg"
    cells().to_file(path, layer="regions")
    base = sqlite3.connect(path)
    base.execute("ALTER TABLE regions RENAME TO stored")
    base.execute(
        "CREATE VIEW regions AS WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) "
        "SELECT i AS fid, geom, code FROM n, stored"
    )
    base.commit()
    base.close()
    with pytest.raises(gi.RegionError, match="queries, not stored shapes: 'regions'"):
        gi.read.regions(path, id="code")


LOCAL = 'LOCAL_CS["mine",UNIT["metre",1]]'
ENGINEERING = (
    'ENGCRS["site",EDATUM["pole"],CS[Cartesian,2],AXIS["x",east],AXIS["y",north],LENGTHUNIT["metre",1]]'
)


@pytest.mark.parametrize("crs", [LOCAL, ENGINEERING, "EPSG:4978"])
@pytest.mark.parametrize(
    "door",
    [
        gi.read.topology,
        gi.read.repaired,
        gi.weigh.contiguity,
        gi.weigh.border_lengths,
        gi.weigh.distances,
        gi.weigh.internal_distances,
        lambda regions: gi.weigh.nearest(regions, count=1),
        lambda regions: gi.weigh.within(regions, max_km=1),
        lambda regions: gi.measure.segments(regions, country="code"),
    ],
)
def test_a_crs_without_a_place_on_the_globe_is_refused_at_every_door(crs, door):
    regions = cells().assign(code=["a", "b", "c"]).set_index(np.array(["a", "b", "c"]))
    with pytest.raises(gi.CrsError, match="without a place on the globe"):
        door(regions.set_crs(crs, allow_override=True))


def test_a_local_crs_in_a_file_is_replaced_by_the_named_one(tmp_path):
    path = tmp_path / "r.gpkg"
    cells().to_crs(3035).set_crs(LOCAL, allow_override=True).to_file(path)
    with pytest.raises(gi.CrsError, match="crs=3035"):
        gi.read.regions(path, id="code")
    with pytest.warns(gi.DataWarning, match="it is read as EPSG:3035"):
        assert gi.read.regions(path, id="code", crs=3035).crs == 3035


@pytest.mark.parametrize(
    ("ring", "words"),
    [
        ([(0, 0), (1, 0), (1, np.nan), (0, 0)], "missing or infinite in 'b'"),
        ([(0, 0), (1e308, 0), (1e308, 1e308), (0, 0)], "beyond any map"),
        ([(0, 0), (np.inf, 0), (1, 1), (0, 0)], "beyond any map|missing or infinite"),
    ],
)
@pytest.mark.parametrize("crs", [4326, 3035])
def test_coordinates_that_are_no_numbers_are_refused(ring, words, crs, tmp_path):
    with np.errstate(all="ignore"):
        shape = Polygon(ring)
    table = gpd.GeoDataFrame({"code": ["a", "b"]}, geometry=[box(0, 0, 1, 1), shape]).set_crs(crs)
    table.to_parquet(tmp_path / "r.parquet")
    with pytest.raises(gi.GeoinnoError, match=words):
        gi.read.regions(tmp_path / "r.parquet", id="code")
    with pytest.raises(gi.GeoinnoError, match=words):
        gi.read.topology(table.set_index("code"))


def test_points_are_told_from_regions(tmp_path):
    path = tmp_path / "r.gpkg"
    cells().set_geometry([Point(i, 0) for i in range(3)], crs=4326).to_file(path)
    regions = gi.read.regions(path, id="code")
    with pytest.raises(gi.RegionError, match="must be polygons; other geometry in 'a', 'b', 'c'"):
        gi.weigh.contiguity(regions)
    with pytest.raises(gi.RegionError, match="must be polygons to be mended"):
        gi.read.repaired(regions)


def test_the_command_line_leads_from_its_own_messages_to_a_reading(tmp_path, capsys):
    path = shapefile(tmp_path, encoding="cp1251", town=CITIES)
    words = ["check", str(path), "--id", "code", "--name", "town"]
    with pytest.warns(gi.DataWarning, match="cp1251"):
        assert main(words) == 1
    assert "crs=4326" in capsys.readouterr().err
    assert main([*words, "--crs", "4326", "--encoding", "cp1251"]) == 0
    assert "3 regions: sound" in capsys.readouterr().out
    assert main([*words, "--crs", "4326", "--encoding", "cp1251", "--where", "code <> 'a'"]) == 0
    assert "2 regions: sound" in capsys.readouterr().out
