"""The project of a GeoPackage: its layers in their order, styled, in the projection of the map."""

from __future__ import annotations

import io
import zipfile
from typing import TYPE_CHECKING, TypeAlias
from xml.etree import ElementTree as ET

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pyproj

# The CRS of a map, and where in it the map opens: left, bottom, right, top.
Opening: TypeAlias = "tuple[pyproj.CRS, tuple[float, float, float, float]]"
# Table, title, parts of the style, and CRS of a layer.
Drawn: TypeAlias = "tuple[str, str, Sequence[ET.Element], pyproj.CRS]"
_TABLE = """
CREATE TABLE qgis_projects (name TEXT PRIMARY KEY, metadata BLOB, content BLOB)"""
_NAME = "map"
# QGIS gives layers with ids of ten letters or fewer new ones, which the tree of layers would not know.
_ID = "geoinno_layer_{}"
_CORNERS = ("xmin", "ymin", "xmax", "ymax")
_EARLIEST = (1980, 1, 1, 0, 0, 0)


def project_rows(
    opening: Opening, layers: Sequence[Drawn], file: str, *, date: str
) -> tuple[str, tuple[str, str, str]]:
    """Return the statement that makes the table of projects, and its row: name, metadata, content.

    ``layers`` come the lowest first; ``file`` is the name of the
    GeoPackage. QGIS keeps projects in GeoPackages as archives in hexadecimal.
    """
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        # A fixed date, so that the same map is the same bytes.
        archive.writestr(
            zipfile.ZipInfo(f"{_NAME}.qgs", date_time=_EARLIEST), _project(opening, layers, file)
        )
    metadata = f'{{"last_modified_time": "{date[:19]}", "last_modified_user": ""}}'
    return _TABLE, (_NAME, metadata.encode().hex(), packed.getvalue().hex())


def _project(opening: Opening, layers: Sequence[Drawn], file: str) -> str:
    """Return the project as QGIS writes it, as far as it needs."""
    root = ET.Element("qgis", projectname=_NAME, version="3.22.0")
    _system(ET.SubElement(root, "projectCrs"), opening[0])
    properties = ET.SubElement(ET.SubElement(root, "properties"), "SpatialRefSys")
    ET.SubElement(properties, "ProjectionsEnabled", type="int").text = "1"
    _opened(root, opening)
    tree = ET.SubElement(root, "layer-tree-group")
    held = ET.SubElement(root, "projectlayers")
    for table, title, style, own in layers:
        one = ET.SubElement(held, "maplayer", type="vector", labelsEnabled=str(int(len(style) > 1)))
        source = f"./{file}|layername={table}"
        for name, value in (("id", _ID.format(table)), ("datasource", source), ("layername", title)):
            ET.SubElement(one, name).text = value
        ET.SubElement(one, "provider", encoding="UTF-8").text = "ogr"
        _system(ET.SubElement(one, "srs"), own)
        one.extend(style)
    for table, title, *_ in reversed(layers):
        ET.SubElement(tree, "layer-tree-layer", id=_ID.format(table), name=title, checked="Qt::Checked")
    return ET.tostring(root, encoding="unicode")


def _opened(root: ET.Element, opening: Opening) -> None:
    """Write where the map opens: for the canvas, and for whatever else asks the project."""
    crs, frame = opening
    canvas = ET.SubElement(root, "mapcanvas", name="theMapCanvas")
    ET.SubElement(canvas, "units").text = "meters"
    extent = ET.SubElement(canvas, "extent")
    for corner, value in zip(_CORNERS, frame, strict=True):
        ET.SubElement(extent, corner).text = repr(float(value))
    _system(ET.SubElement(canvas, "destinationsrs"), crs)
    corners = {corner: repr(float(value)) for corner, value in zip(_CORNERS, frame, strict=True)}
    _system(ET.SubElement(ET.SubElement(root, "ProjectViewSettings"), "DefaultViewExtent", corners), crs)


def _system(parent: ET.Element, crs: pyproj.CRS) -> None:
    """Write a CRS as QGIS reads it."""
    system = ET.SubElement(parent, "spatialrefsys", nativeFormat="Wkt")
    ET.SubElement(system, "wkt").text = crs.to_wkt()
    if authority := crs.to_authority():
        ET.SubElement(system, "authid").text = ":".join(authority)
