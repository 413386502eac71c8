"""Layers of shapes in files, and the columns that regions are known by."""

from __future__ import annotations

import codecs
import re
import warnings
from dataclasses import dataclass
from typing import TYPE_CHECKING

import geopandas as gpd
import numpy as np
import pyogrio
from pyproj import CRS
from pyproj.exceptions import CRSError

from geoinno import _contract
from geoinno.errors import ColumnError, CrsError, DataWarning, OptionError, RegionError
from geoinno.read import _attributes, _files, _formats, _ids, _where, _zips

if TYPE_CHECKING:
    from pathlib import Path

_PARQUET = (".parquet", ".geoparquet")
_STORED = (".shp", ".gpkg", *_formats.GEOJSON, ".fgb")
KINDS = (*_STORED, ".zip", *_PARQUET)
# Two signs of equality, or a text in quotes, which stays as it is.
_DOUBLE = re.compile(r"('[^']*'|\"[^\"]*\")|==")


@dataclass(frozen=True, slots=True)
class Reading:
    """How a file is to be read: which layer, in which CRS and encoding, and which of its rows."""

    layer: str | None = None
    crs: object = None
    encoding: str | None = None
    where: str | None = None


def shapes(file: Path, reading: Reading) -> gpd.GeoDataFrame:
    """Return the shapes in a file, or in one of its layers."""
    # Coordinates that are not numbers are refused by name later on.
    with _files.sound_reading(file), np.errstate(invalid="ignore"), warnings.catch_warnings():
        warnings.filterwarnings("ignore", "Non closed ring detected", RuntimeWarning)
        if file.suffix.lower() in _PARQUET:
            table = _parquet(_formats.checked(file), reading)
        elif file.suffix.lower() == ".zip":
            with _zips.unpacked(file, kinds=_STORED, layer=reading.layer) as (inner, layer):
                table = _stored(inner, layer, reading)
        else:
            table = _stored(file, reading.layer, reading)
    if table.empty:
        which = "no shape" if reading.where is None else f"no row that meets where={reading.where!r}"
        message = f"{file.name} holds {which}."
        raise RegionError(message)
    return _placed(table, reading.crs, file=file)


def _parquet(file: Path, reading: Reading) -> gpd.GeoDataFrame:
    """Return the shapes in a GeoParquet file."""
    for name, value in (("layer", reading.layer), ("encoding", reading.encoding)):
        if value is not None:
            message = f"{name}={value!r} is not an option of Parquet files, which have one layer, in UTF-8."
            raise OptionError(message)
    table = _files.unindexed(gpd.read_parquet(file))
    return table if reading.where is None else _where.chosen(table, reading.where, file=file, point=None)


def _stored(file: Path, layer: str | None, reading: Reading) -> gpd.GeoDataFrame:
    """Return the shapes in a file that GDAL reads."""
    _formats.checked(file)
    encoding = reading.encoding or _attributes.encoding(file)
    options = {} if encoding is None else {"encoding": _known_encoding(encoding)}
    chosen = _layer(file, layer)
    try:
        return gpd.read_file(
            file.resolve(), layer=chosen, where=_in_sql(reading.where), engine="pyogrio", **options
        )
    except (ValueError, RuntimeError) as error:
        if reading.where is None:
            raise
        columns = _contract.named(pyogrio.read_info(file.resolve(), layer=chosen)["fields"].tolist())
        message = (
            f"where={reading.where!r} does not select rows of {file.name}: {str(error)[:200]}. It is a "
            f"condition in SQL, such as where=\"country = 'AT'\"; the columns are {columns}."
        )
        raise ColumnError(message) from error


def _in_sql(where: str | None) -> str | None:
    """Return a condition in SQL, which knows no ==: the sign that conditions on tables and flows may have."""
    return None if where is None else _DOUBLE.sub(lambda part: part[1] or "=", where)


def _known_encoding(encoding: str) -> str:
    """Return the name by which GDAL knows an encoding."""
    try:
        name = codecs.lookup(encoding).name
    except LookupError:
        message = (
            f"There is no encoding {encoding!r}; common ones are 'utf-8', 'cp1250', 'cp1251' and 'latin-1'."
        )
        raise OptionError(message) from None
    return name.replace("iso8859", "ISO-8859").upper()


def _placed(table: gpd.GeoDataFrame, crs: object, *, file: Path) -> gpd.GeoDataFrame:
    """Return ``table`` in the CRS that the user names, or else in that of the file."""
    if not isinstance(table, gpd.GeoDataFrame):
        message = f"{file.name} holds no shapes, only columns. Join it to regions: gi.read.join."
        raise RegionError(message)
    if crs is None:
        if table.crs is None:
            message = (
                f"{file.name} does not state its CRS (a shapefile does so in a .prj file). Name it: crs=4326 "
                "for degrees of longitude and latitude, or the code of the projection, such as crs=3035."
            )
            raise CrsError(message)
        return table
    try:
        # The command line gives a code as text.
        named = CRS.from_user_input(int(crs) if isinstance(crs, str) and crs.isdecimal() else crs)
    except CRSError:
        message = f"crs={crs!r} is not a CRS; name it by its EPSG code, such as crs=4326 or crs='EPSG:3035'."
        raise CrsError(message) from None
    if table.crs is not None and table.crs != named:
        stated, taken = _contract.crs_name(table.crs), _contract.crs_name(named)
        message = f"{file.name} states the CRS {stated}; it is read as {taken}."
        warnings.warn(message, DataWarning, stacklevel=4)
    return table.set_crs(named, allow_override=True)


def _layer(file: Path, wanted: str | None) -> str:
    """Return the layer that is wanted, or the only one that holds shapes."""
    there = [str(name) for name, kind in pyogrio.list_layers(file.resolve()) if kind is not None]
    if wanted is None and len(there) == 1:
        return there[0]
    if wanted in there:
        return str(wanted)
    found = f"no layer {wanted!r}" if wanted is not None else f"{len(there)} layers with shapes"
    listed = ", ".join(repr(name) for name in there) or "none"
    message = f"{file.name} has {found}; name one of its layers, layer=...: {listed}."
    raise RegionError(message)


def keyed(table: gpd.GeoDataFrame, *, key: str, roles: dict[str, str], file: Path) -> gpd.GeoDataFrame:
    """Return ``table`` by id, with the columns that play ``roles`` in front, under the roles' names."""
    ids = _ids.strings(_ids.column(table, key, file=file), file=file)
    played = {role: _ids.column(table, name, file=file) for role, name in roles.items()}
    rest = table.drop(columns=list({key, *roles.values()} - {table.geometry.name}))
    taken = [role for role in roles if role in rest.columns]
    if taken:
        rest = rest.rename(columns={role: f"{role}_in_file" for role in taken})
        message = f"{file.name} has own columns {_contract.named(taken)}; they are kept as ..._in_file."
        warnings.warn(message, DataWarning, stacklevel=3)
    for place, (role, values) in enumerate(played.items()):
        rest.insert(place, role, values)
    return rest.set_index(ids.rename("region"))
