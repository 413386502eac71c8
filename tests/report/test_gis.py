"""Files for GIS: the numbers come back, and the style is the legend."""

from __future__ import annotations

import sqlite3
from xml.etree import ElementTree as ET

import geopandas
import pytest

import geoinno as gi

EVIL = "<script>alert('x')</script> & \"more\""


@pytest.fixture(scope="module")
def fill(central_asia):
    regions = central_asia.regions.copy()
    regions.loc[regions.index[0], "name"] = EVIL
    values = regions["primacy"].where(regions.index != regions.index[1])
    return gi.draw.choropleth(regions, values, title="Primacy & more")


def styles(path):
    store = sqlite3.connect(path)
    rows = store.execute(
        "SELECT f_table_name, styleQML, useAsDefault FROM layer_styles ORDER BY id"
    ).fetchall()
    store.close()
    return {name: (ET.fromstring(qml), default) for name, qml, default in rows}


def test_the_geopackage_holds_numbers_and_looks(fill, tmp_path):
    path = gi.report.to_gis(tmp_path / "map.gpkg", fill)
    back = geopandas.read_file(path, layer="primacy_more").set_index("id")
    assert back.loc[fill.shapes.index[0], "name"] == EVIL
    known = fill.table["Primacy & more"].dropna()
    assert back.loc[known.index, "Primacy & more"].to_numpy() == pytest.approx(known.to_numpy())
    root, default = styles(path)["primacy_more"]
    assert default == 1
    keys = fill.legends[0].keys
    categories = root.findall(".//category")
    assert [c.get("label") for c in categories] == [key.label for key in keys]
    assert set(back["class"]) <= {c.get("value") for c in categories}
    for category, key in zip(categories, keys, strict=True):
        symbol = root.find(f".//symbol[@name='{category.get('symbol')}']")
        options = {o.get("name"): o.get("value") for o in symbol.iter("Option") if o.get("value")}
        if not key.pattern:
            red, green, blue = (int(key.fill[i : i + 2], 16) for i in (1, 3, 5))
            assert options["color"] == f"{red},{green},{blue},255"
        else:
            assert options["style"] == "b_diagonal"


def test_lines_flows_and_points_keep_their_widths(central_asia, austria, tmp_path):
    regions = central_asia.regions
    edges = gi.measure.segments(regions)
    lines = gi.draw.border_lines(edges, gi.measure.contrast(regions["primacy"], edges), title="Borders")
    people = regions["city_population"]
    points = gi.draw.pole_points(people > 1e6, regions, people, title="Poles")
    flows = gi.draw.flow_lines(austria.flows, austria.regions, title="Moves")
    path = gi.report.to_gis(tmp_path / "all.gpkg", lines, points, flows)
    assert set(geopandas.list_layers(path)["name"]) >= {"borders", "poles", "moves"}
    assert len(geopandas.read_file(path, layer="borders")) == len(lines.shapes)
    assert geopandas.read_file(path, layer="moves")["value"].max() == austria.flows["value"].max()
    found = styles(path)
    for name, expression in {"borders": '"width"', "moves": '"width"', "poles": '2 * "radius"'}.items():
        root, _ = found[name]
        assert expression in {o.get("value") for o in root.iter("Option")}


def test_the_file_is_the_same_at_every_run(fill, tmp_path):
    one, two = (gi.report.to_gis(tmp_path / f"{i}.gpkg", fill).read_bytes() for i in range(2))
    assert one == two


def test_one_layer_goes_into_parquet_and_csv(fill, tmp_path):
    parquet = geopandas.read_parquet(gi.report.to_gis(tmp_path / "map.parquet", fill))
    assert len(parquet) == len(fill.shapes)
    csv = gi.report.to_gis(tmp_path / "map.csv", fill).read_text(encoding="utf-8")
    assert csv.count("POLYGON") == len(fill.shapes)
    with pytest.raises(gi.errors.GeoinnoError, match="one layer"):
        gi.report.to_gis(tmp_path / "map.csv", fill, fill)
    with pytest.raises(gi.errors.GeoinnoError, match="to_gis writes"):
        gi.report.to_gis(tmp_path / "map.kml", fill)


def test_plain_tables_and_equal_names_are_kept_apart(fill, central_asia, tmp_path):
    path = gi.report.to_gis(tmp_path / "two.gpkg", fill, fill, central_asia.regions)
    assert list(geopandas.list_layers(path)["name"])[:3] == ["primacy_more", "primacy_more_2", "layer_3"]
    assert len(styles(path)) == 2
