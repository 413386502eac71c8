"""Write the layers of a map as files for GIS."""

from __future__ import annotations

import re
import sqlite3
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

import geopandas as gpd
import pandas as pd

from geoinno._contract import sound_regions
from geoinno._files import written
from geoinno.draw import Layer
from geoinno.errors import GeoinnoError
from geoinno.report import _qml

if TYPE_CHECKING:
    from geopandas import GeoDataFrame

_SUFFIXES = (".gpkg", ".parquet", ".csv")
# Files must be the same at every run: GDAL gets a fixed date, and styles carry none.
_DATE = "2000-01-01T00:00:00.000Z"
_STYLES = """
CREATE TABLE layer_styles (
  id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL, f_table_catalog TEXT(256), f_table_schema TEXT(256),
  f_table_name TEXT(256), f_geometry_column TEXT(256), styleName TEXT(30), styleQML TEXT, styleSLD TEXT,
  useAsDefault BOOLEAN, description TEXT, owner TEXT(30), ui TEXT(30), update_time DATETIME
)"""
_CONTENT = "INSERT INTO gpkg_contents (table_name, data_type, identifier, last_change) VALUES (?, ?, ?, ?)"
_STYLE = """
INSERT INTO layer_styles (f_table_catalog, f_table_schema, f_table_name, f_geometry_column, styleName,
  styleQML, styleSLD, useAsDefault, description, owner, update_time)
VALUES ('', '', ?, 'geom', ?, ?, '', 1, ?, '', ?)"""


def to_gis(path: str | Path, *layers: Layer | GeoDataFrame) -> Path:
    """Write the layers of a map, values and styles, for QGIS and other GIS.

    A GeoPackage (.gpkg) has a table for each layer, with a style that QGIS applies on opening:
    the classes, colours and widths of the map. GeoParquet (.parquet) and CSV with WKT (.csv) hold one
    layer, without a style.

    Parameters
    ----------
    path
        Where to write; the suffix gives the format. An existing file is replaced.
    layers
        Layers from the draw functions, or plain GeoDataFrames.

    Returns
    -------
    Path
        The file.

    Raises
    ------
    GeoinnoError
        If there is no layer, the suffix is unknown, or several layers are given for a format that holds one.

    Examples
    --------
    >>> import tempfile
    >>> import geoinno as gi
    >>> place = gi.read.sample("central_asia")
    >>> fill = gi.draw.choropleth(place.regions, place.regions["primacy"])
    >>> gi.report.to_gis(f"{tempfile.mkdtemp()}/map.gpkg", fill).name
    'map.gpkg'
    """
    target = Path(path)
    suffix = target.suffix.lower()
    if suffix not in _SUFFIXES or not layers:
        known = ", ".join(_SUFFIXES)
        message = (
            f"to_gis writes {known}, from at least one layer; {target.name!r} and {len(layers)} "
            "layers were given."
        )
        raise GeoinnoError(message)
    if suffix != ".gpkg" and len(layers) > 1:
        message = (
            f"A {suffix} file holds one layer; {len(layers)} were given. Write a .gpkg, or one file "
            "for each layer."
        )
        raise GeoinnoError(message)
    tables = [_table(layer) for layer in layers]
    with tempfile.TemporaryDirectory() as folder:
        draft = Path(folder) / f"layers{suffix}"
        if suffix == ".gpkg":
            _geopackage(draft, layers, tables)
        elif suffix == ".parquet":
            tables[0].to_parquet(draft)
        else:
            _text(draft, tables[0])
        return written(target, draft.read_bytes())


def _table(layer: Layer | GeoDataFrame) -> GeoDataFrame:
    """Return what a layer draws with the numbers behind it, the id as a column."""
    if not isinstance(layer, Layer):
        return sound_regions(layer).rename_axis(layer.index.name or "id").reset_index()
    shapes = layer.shapes.rename_axis("id")
    columns = shapes.drop(columns=["code", "dotted"], errors="ignore")
    if layer.kind == "fills":
        keys = layer.legends[0].keys
        columns = columns.assign(**{"class": [keys[code].label for code in shapes["code"]]})
    numbers = layer.table if layer.kind != "flows" else layer.table.set_axis(shapes.index)
    numbers = numbers.drop(columns=["region", *columns.columns], errors="ignore")
    joined = columns.join(numbers.rename(columns=str))
    return gpd.GeoDataFrame(joined.reset_index(), geometry=shapes.geometry.name, crs=shapes.crs)


def _geopackage(path: Path, layers: tuple[Layer | GeoDataFrame, ...], tables: list[GeoDataFrame]) -> None:
    """Write tables and their styles."""
    import pyogrio

    titles = [layer.name if isinstance(layer, Layer) else f"layer {i}" for i, layer in enumerate(layers, 1)]
    names = _distinct([re.sub(r"\W+", "_", title).strip("_").lower() or "layer" for title in titles])
    before = pyogrio.get_gdal_config_option("OGR_CURRENT_DATE")
    pyogrio.set_gdal_config_options({"OGR_CURRENT_DATE": _DATE})
    try:
        for name, table in zip(names, tables, strict=True):
            table.rename_geometry("geom").to_file(path, layer=name, driver="GPKG", engine="pyogrio")
    finally:
        pyogrio.set_gdal_config_options({"OGR_CURRENT_DATE": before})
    styled = [
        (n, t, _qml.style(x)) for n, t, x in zip(names, titles, layers, strict=True) if isinstance(x, Layer)
    ]
    store = sqlite3.connect(path)
    try:
        store.execute(_STYLES)
        store.execute(_CONTENT, ("layer_styles", "attributes", "layer_styles", _DATE))
        store.executemany(_STYLE, [(name, name[:30], qml, title, _DATE) for name, title, qml in styled])
        store.commit()
    finally:
        store.close()


def _distinct(names: list[str]) -> list[str]:
    """Return names, numbered where they repeat."""
    seen: dict[str, int] = {}
    distinct = []
    for name in names:
        seen[name] = seen.get(name, 0) + 1
        distinct.append(name if seen[name] == 1 else f"{name}_{seen[name]}")
    return distinct


def _text(path: Path, table: GeoDataFrame) -> None:
    """Write a table with its geometry as WKT in degrees."""
    shapes = table.geometry.to_crs(4326).to_wkt()
    pd.DataFrame(table.drop(columns=table.geometry.name)).assign(wkt=shapes).to_csv(path, index=False)
