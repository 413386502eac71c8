"""Layers of shapes in files, and the columns that regions are known by."""

from __future__ import annotations

import warnings
from typing import TYPE_CHECKING

import geopandas as gpd
import pyogrio

from geoinno import _contract
from geoinno.errors import DataWarning, RegionError
from geoinno.read import _files, _ids

if TYPE_CHECKING:
    from pathlib import Path

_PARQUET = (".parquet", ".geoparquet")
KINDS = (".shp", ".gpkg", ".geojson", ".json", ".fgb", ".zip", *_PARQUET)


def shapes(file: Path, *, layer: str | None) -> gpd.GeoDataFrame:
    """Return the shapes in a file, or in one of its layers."""
    with _files.sound_reading(file):
        if file.suffix.lower() in _PARQUET:
            return _files.unindexed(gpd.read_parquet(file))
        return gpd.read_file(file, layer=_layer(file, layer), engine="pyogrio")


def _layer(file: Path, wanted: str | None) -> str:
    """Return the layer asked for, or the only one that holds shapes."""
    there = [name for name, kind in pyogrio.list_layers(file) if kind is not None]
    if wanted is None and len(there) == 1:
        return str(there[0])
    if wanted in there:
        return str(wanted)
    found = f"no layer {wanted!r}" if wanted is not None else f"{len(there)} layers with shapes"
    listed = ", ".join(repr(name) for name in there) or "none"
    message = f"{file.name} has {found}; name one of its layers: {listed}."
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
