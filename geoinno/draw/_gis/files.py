"""Layers as files for GIS: their tables with geometry, and the styles that QGIS applies."""

from __future__ import annotations

import re
import sqlite3
import tempfile
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

import geopandas as gpd
import pandas as pd
import pyproj

from geoinno._contract import sound_regions
from geoinno._files import as_csv, as_parquet, written
from geoinno.draw._gis import qml
from geoinno.draw._gis.columns import distinct, fine_times_as_text, stored
from geoinno.draw._gis.project import Opening, project_rows
from geoinno.draw._layers.layer import Layer
from geoinno.errors import ColumnError, GeoinnoError

if TYPE_CHECKING:
    from geopandas import GeoDataFrame

_SUFFIXES = (".gpkg", ".parquet", ".csv")
_KEPT = ("gpkg", "sqlite", "rtree")
# SQLite takes 2,000, and two of them are fid and geom.
_MOST_COLUMNS = 1_998
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


def layers_file(
    path: str | Path,
    layers: tuple[Layer | GeoDataFrame, ...],
    *,
    opening: Opening | None = None,
) -> Path:
    """Write layers in the format of the suffix (.gpkg, .parquet, .csv); see `geoinno.report.to_gis`.

    With the CRS and the frame of a map a GeoPackage also holds a project that opens there.
    """
    target = Path(path)
    suffix = target.suffix.lower()
    if suffix not in _SUFFIXES:
        message = f"to_gis writes {', '.join(_SUFFIXES)}; {target.name!r} was given."
        raise GeoinnoError(message)
    if not layers:
        message = "to_gis needs at least one layer: to_gis(path, choropleth(regions, values), ...)."
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
            _geopackage(draft, layers, tables, project=(target.name, opening) if opening else None)
        elif suffix == ".parquet":
            draft.write_bytes(as_parquet(tables[0]))
        else:
            _text(draft, tables[0])
        return written(target, draft.read_bytes())


def _table(layer: Layer | GeoDataFrame) -> GeoDataFrame:
    """Return what a layer draws with the numbers behind it, the id as a column."""
    shapes = layer.shapes if isinstance(layer, Layer) else sound_regions(layer)
    name = "id" if isinstance(layer, Layer) else shapes.index.name or "id"
    ids = (name, shapes.index.to_series())
    columns = _of_layer(layer) if isinstance(layer, Layer) else _of(shapes)
    plain = [(name, column.set_axis(range(len(shapes)))) for name, column in (ids, *columns)]
    # All at once: a table of hundreds of columns is slow to build one by one.
    table = pd.concat(stored(plain), axis=1)
    return gpd.GeoDataFrame(table, geometry=shapes.geometry.to_numpy(), crs=shapes.crs)


def _of(table: pd.DataFrame) -> list[tuple[object, pd.Series]]:
    """Return the columns of a table one by one, but for its geometry; names may repeat."""
    shape = table.geometry.name if isinstance(table, gpd.GeoDataFrame) else None
    columns = [(name, table.iloc[:, i]) for i, name in enumerate(table.columns)]
    return [(name, column) for name, column in columns if shape is None or name != shape]


def _of_layer(layer: Layer) -> list[tuple[object, pd.Series]]:
    """Return the columns that draw a layer, which keep their names, and then the numbers behind it."""
    shapes = layer.shapes
    own = [(name, column) for name, column in _of(shapes) if name not in {"code", "dotted"}]
    if layer.kind == "fills":
        legend = layer.legends[0]
        if shapes["dotted"].any():
            own.append((qml.UNCERTAIN, shapes["dotted"]))
        own.append(("class", shapes["code"].map(lambda code: legend.in_full(legend.keys[code]))))
    numbers = _of_arrows(layer) if layer.kind == "flows" else layer.table.reindex(shapes.index)
    known = dict(own)
    return own + [
        (name, column)
        for place, (name, column) in enumerate(_of(numbers))
        # The name of the region leads each table; names and countries are kept once.
        if not (place == 0 and name == "region") and not _same(column, known.get(name))
    ]


def _of_arrows(layer: Layer) -> pd.DataFrame:
    """Return the numbers of the flows that have an arrow, in their order; a map has no room for some.

    Two arrows may bear the same id where ids hold blanks: their values tell them apart.
    """
    rows, arrows = (
        pd.MultiIndex.from_arrays([one.index, one["value"]]) for one in (layer.table, layer.shapes)
    )
    return layer.table[rows.isin(arrows)]


def _same(column: pd.Series, other: pd.Series | None) -> bool:
    """Tell whether two columns hold the same cells."""
    if other is None:
        return False
    return (
        column.astype("object").reset_index(drop=True).equals(other.astype("object").reset_index(drop=True))
    )


def _geopackage(
    path: Path,
    layers: tuple[Layer | GeoDataFrame, ...],
    tables: list[GeoDataFrame],
    *,
    project: tuple[str, Opening] | None,
) -> None:
    """Write tables and their styles, and the project of a map: the name of the file, and where it opens."""
    titles = [layer.name if isinstance(layer, Layer) else f"layer {i}" for i, layer in enumerate(layers, 1)]
    names = distinct(map(_layer_name, titles))
    for title, table in zip(titles, tables, strict=True):
        _refuse_wide(title, table)
    for name, table in zip(names, tables, strict=True):
        plain = fine_times_as_text(table).rename_geometry("geom")
        plain.to_file(path, layer=name, driver="GPKG", engine="pyogrio")
    styled = [
        (name, title, layer, str(table.columns[-2]))
        for name, title, layer, table in zip(names, titles, layers, tables, strict=True)
        if isinstance(layer, Layer)
    ]
    with closing(sqlite3.connect(path)) as store:
        store.execute("UPDATE gpkg_contents SET last_change = ?", (_DATE,))
        store.execute(_STYLES)
        store.execute(_CONTENT, ("layer_styles", "attributes", "layer_styles", _DATE))
        looks = [(n, n[:30], qml.style(layer, column), title, _DATE) for n, title, layer, column in styled]
        store.executemany(_STYLE, looks)
        if project:
            file, opening = project
            drawn = [
                (n, title, qml.parts_of_style(layer, column), pyproj.CRS(layer.shapes.crs))
                for n, title, layer, column in styled
            ]
            table, row = project_rows(opening, drawn, file, date=_DATE)
            store.execute(table)
            store.execute("INSERT INTO qgis_projects (name, metadata, content) VALUES (?, ?, ?)", row)
        store.commit()


def _layer_name(title: str) -> str:
    """Return a title as the name of a table, none of those that SQLite and GeoPackage keep for themselves."""
    name = re.sub(r"\W+", "_", title).strip("_").lower() or "layer"
    return f"layer_{name}" if name.startswith(_KEPT) or name == "layer_styles" else name


def _refuse_wide(title: str, table: GeoDataFrame) -> None:
    """Raise if a table has more columns than SQLite takes."""
    count = len(table.columns) - 1
    if count > _MOST_COLUMNS:
        message = (
            f"A GeoPackage takes {_MOST_COLUMNS:,} columns beside the geometry; {title!r} has {count:,}. "
            f"Leave some out, or write .parquet."
        )
        raise ColumnError(message)


def _text(path: Path, table: GeoDataFrame) -> None:
    """Write a table with its geometry as WKT in degrees."""
    shapes = table.geometry.to_crs(4326).to_wkt()
    plain = pd.DataFrame(table.drop(columns=table.geometry.name)).assign(wkt=shapes)
    path.write_bytes(as_csv(plain))
