"""Formats of shapes: a file is what its suffix says, by its first bytes, and leads to no other source.

GDAL picks the reader by content: an OGR VRT, a GDALG pipeline or a WFS description called ``map.geojson``
would make it open other files or ask the network. So content is checked before GDAL sees it.
"""

from __future__ import annotations

import json
import mmap
import re
import sqlite3
from typing import TYPE_CHECKING

from geoinno import _contract
from geoinno.errors import GeoinnoError, RegionError
from geoinno.read._damage import remedy, whole_shapefile

if TYPE_CHECKING:
    from pathlib import Path

GEOJSON = (".geojson", ".json")
_HEAD = 1 << 20
_MAGIC = {
    ".shp": b"\x00\x00\x27\x0a",
    ".gpkg": b"SQLite format 3\x00",
    ".fgb": b"fgb\x03fgb",
    ".parquet": b"PAR1",
    ".geoparquet": b"PAR1",
}
_NAMES = {
    ".shp": "shapefile",
    ".gpkg": "GeoPackage",
    ".fgb": "FlatGeobuf file",
    ".parquet": "Parquet file",
    ".geoparquet": "Parquet file",
}
_TYPE = re.compile(
    rb'"type"\s*:\s*"(FeatureCollection|Feature|GeometryCollection|(Multi)?(Point|LineString|Polygon))"'
)
# By these GDAL would take the file for a list of other sources, wherever in its head they stand.
_ELSEWHERE = re.compile(rb"<OGR|<VRTDataset|gdal_streamed_alg|<GDAL_|<WCS_|<GetCapabilities", re.IGNORECASE)
# GDAL reads keys in capitals, in single quotes and with comments behind them, too.
_CRS = re.compile(rb"([\"'])crs\1\s*([^\s])", re.IGNORECASE)
_LONGEST_CRS = 20_000
# Letters of the alphabet need no escape: who writes them so hides a word.
_HIDDEN = re.compile(rb"\\u00(4[1-9a-fA-F]|5[0-9aA]|6[1-9a-fA-F]|7[0-9aA])")
_CRS_NAME = re.compile(
    r"(urn:(x-)?ogc:def:crs:|https?://www\.opengis\.net/def/crs/)?[A-Za-z0-9.]+(:[\w.]*)*(/[\w.]+)*", re.ASCII
)


def checked(file: Path) -> Path:
    """Return ``file`` if its content is of the kind that its suffix says, and stands for itself."""
    suffix = file.suffix.lower()
    if suffix in GEOJSON:
        _sound_geojson(file)
        return file
    with file.open("rb") as raw:
        start = raw.read(len(_MAGIC[suffix]))
    if start != _MAGIC[suffix]:
        message = (
            f"{file.name} cannot be read: its first bytes are not those of a {_NAMES[suffix]}. {remedy(file)}"
        )
        raise GeoinnoError(message)
    if suffix == ".shp":
        whole_shapefile(file)
    if suffix == ".gpkg":
        _sound_geopackage(file)
    return file


def _sound_geojson(file: Path) -> None:
    """Raise where a file is not GeoJSON, or takes its CRS from an address."""
    with file.open("rb") as raw:
        start = raw.read(_HEAD)
        if not start.removeprefix(b"\xef\xbb\xbf").lstrip().startswith(b"{") or not _TYPE.search(start):
            message = f"{file.name} cannot be read: its first bytes are not those of GeoJSON. {remedy(file)}"
            raise GeoinnoError(message)
        if _ELSEWHERE.search(start):
            message = f"{file.name} cannot be read: it refers to other sources, which GeoJSON files do not."
            raise GeoinnoError(message)
        with mmap.mmap(raw.fileno(), 0, access=mmap.ACCESS_READ) as whole:
            hidden = _HIDDEN.search(whole)
            stated = [_stated(whole, found) for found in _CRS.finditer(whole)]
    if hidden:
        message = (
            f"{file.name} cannot be read: it hides letters behind escape sequences. Write it "
            "again with another tool."
        )
        raise GeoinnoError(message)
    odd = [text for text in stated if text is not None]
    if odd:
        message = (
            f"{file.name} cannot be read: its CRS is a link or an unknown description, {odd[0]!r}. "
            "Take the member 'crs' out of the file and name it: gi.read.regions(..., crs=4326)."
        )
        raise GeoinnoError(message)


def _stated(whole: mmap.mmap, found: re.Match[bytes]) -> str | None:
    """Return a member ``crs`` that does not simply name its CRS, as it stands in the file."""
    quote, sign = found.groups()
    text = whole[found.start() : found.start() + _LONGEST_CRS].decode("utf-8", errors="replace")
    if sign != b":":
        # A word of the data, unless a comment comes between the key and what it says.
        return text[:80] if sign in (b"/", b"#") else None
    if quote == b"'":
        return text[:80]
    try:
        value, _ = json.JSONDecoder().raw_decode(text[text.index(":") + 1 :].lstrip())
    except ValueError:
        return text[:80]
    return text[:80] if isinstance(value, dict | list) and not _names_crs(value) else None


def _names_crs(crs: object) -> bool:
    """Return whether a member ``crs`` gives the name of a registry's CRS, and nothing else."""
    if not isinstance(crs, dict) or crs.get("type") != "name":
        return False
    properties = crs.get("properties")
    name = properties.get("name") if isinstance(properties, dict) else None
    return isinstance(name, str) and bool(_CRS_NAME.fullmatch(name))


def _sound_geopackage(file: Path) -> None:
    """Raise where a layer of a GeoPackage is no stored table: a view may run for ever, or read elsewhere."""
    query = (
        "SELECT c.table_name, m.type, m.sql FROM gpkg_contents c "
        "LEFT JOIN sqlite_master m ON lower(m.name) = lower(c.table_name) WHERE m.type IN ('table', 'view')"
    )
    try:
        base = sqlite3.connect(f"{file.resolve().as_uri()}?mode=ro&immutable=1", uri=True)
        try:
            layers = base.execute(query).fetchall()
        finally:
            base.close()
    except sqlite3.Error as error:
        message = (
            f"{file.name} cannot be read: it is not a GeoPackage, or is damaged ({error}). {remedy(file)}"
        )
        raise GeoinnoError(message) from error
    odd = [name for name, kind, sql in layers if kind != "table" or " virtual " in f" {sql} ".lower()[:40]]
    if odd:
        message = (
            f"{file.name} has layers that are queries, not stored shapes: {_contract.named(odd)}. "
            "Save them as tables in your GIS."
        )
        raise RegionError(message)
