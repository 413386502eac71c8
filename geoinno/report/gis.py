"""Write the layers of a map as files for GIS."""

from __future__ import annotations

from typing import TYPE_CHECKING

from geoinno.draw.gis import layers_file

if TYPE_CHECKING:
    from pathlib import Path

    from geopandas import GeoDataFrame

    from geoinno.draw import Layer


def to_gis(path: str | Path, *layers: Layer | GeoDataFrame) -> Path:
    """Write the layers of a map, values and styles, for QGIS and other GIS.

    A GeoPackage (.gpkg) has a table for each layer, with a style that QGIS applies on opening:
    the classes, colours and widths of the map. GeoParquet (.parquet) and CSV with WKT (.csv) hold one
    layer, without a style.

    Every column is kept. The id and what draws the layer come first (``name``, ``country``, ``class``,
    ``width`` and so on); a column whose name is theirs, repeats, or is one that formats keep for themselves
    (``fid``, ``geom``, ``geometry``, ``wkt``) has ``_2`` at its end, upper and lower case being alike. In
    CSV, text that a spreadsheet would take for a formula has an apostrophe in front. A GeoPackage holds
    milliseconds: columns of finer times are text in it.

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
    ColumnError
        If a column holds complex numbers, spans of time or whole numbers that the file would round, or
        there are more columns than a GeoPackage takes.
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
    return layers_file(path, layers)
