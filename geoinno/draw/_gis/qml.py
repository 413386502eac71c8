"""QGIS styles (QML), from the keys of map legends."""

from __future__ import annotations

from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET

from geoinno.draw import palette

if TYPE_CHECKING:
    from collections.abc import Iterable

    from geoinno.draw import Key, Layer

_HEAD = "<!DOCTYPE qgis PUBLIC 'http://mrcc.com/qgis.dtd' 'SYSTEM'>\n"
_CLASSES = {"fill": "SimpleFill", "line": "SimpleLine", "marker": "SimpleMarker"}
_EXPRESSION = "3"  # how QGIS numbers properties that come from an expression


def style(layer: Layer) -> str:
    """Return the QML of a layer: a category for each key, widths and sizes from columns."""
    if layer.kind == "fills":
        rows = [(key.label, key.label, key) for key in layer.legends[0].keys if key.pattern != "dots"]
        return _document("class", "fill", ((value, label, _filled(key)) for value, label, key in rows))
    if layer.kind == "points":
        circle = {"color": _rgb(palette.POINT), "outline_color": _rgb(palette.TEXT), "size_unit": "Pixel"}
        return _document("", "marker", [("", layer.name, (circle, {"size": '2 * "radius"'}))])
    named = {key.fill: key.label for legend in layer.legends for key in legend.keys}
    fills = dict.fromkeys(layer.shapes["fill"])
    lines = ((fill, named.get(fill, fill), _stroked(fill)) for fill in fills)
    return _document("fill", "line", lines)


def _filled(key: Key) -> tuple[dict[str, str], dict[str, str]]:
    """Return how a class is filled; no data is hatched."""
    pattern = "b_diagonal" if key.pattern == "hatch" else "solid"
    colour = palette.HATCH if key.pattern == "hatch" else key.fill
    drawn = {
        "color": _rgb(colour),
        "style": pattern,
        "outline_color": _rgb(palette.line_on(key.fill)),
        "outline_width": "0.5",
        "outline_width_unit": "Pixel",
    }
    return drawn, {}


def _stroked(fill: str) -> tuple[dict[str, str], dict[str, str]]:
    """Return how a line is drawn, as wide as its column says."""
    drawn = {"line_color": _rgb(fill), "line_width": "1", "line_width_unit": "Pixel", "capstyle": "round"}
    return drawn, {"outlineWidth": '"width"'}


def _rgb(colour: str) -> str:
    """Return a hex colour as QGIS writes it."""
    red, green, blue = (int(colour[i : i + 2], 16) for i in (1, 3, 5))
    return f"{red},{green},{blue},255"


def _document(
    column: str, kind: str, rows: Iterable[tuple[str, str, tuple[dict[str, str], dict[str, str]]]]
) -> str:
    """Return a style of one symbol, or of a category for each value of a column."""
    root = ET.Element("qgis", version="3.28.0", styleCategories="Symbology")
    renderer = ET.SubElement(root, "renderer-v2", type="categorizedSymbol" if column else "singleSymbol")
    categories = ET.SubElement(renderer, "categories") if column else None
    symbols = ET.SubElement(renderer, "symbols")
    if column:
        renderer.set("attr", column)
    for i, (value, label, (drawn, computed)) in enumerate(rows):
        if categories is not None:
            ET.SubElement(
                categories, "category", value=value, label=label, symbol=str(i), render="true", type="string"
            )
        symbol = ET.SubElement(symbols, "symbol", name=str(i), type=kind, alpha="1", clip_to_extent="1")
        part = ET.SubElement(
            symbol, "layer", {"class": _CLASSES[kind], "enabled": "1", "locked": "0", "pass": "0"}
        )
        _options(part, drawn)
        _computed(part, computed)
    return _HEAD + ET.tostring(root, encoding="unicode")


def _options(part: ET.Element, drawn: dict[str, str]) -> None:
    """Write fixed properties of a symbol."""
    options = ET.SubElement(part, "Option", type="Map")
    for name, value in drawn.items():
        ET.SubElement(options, "Option", name=name, value=value, type="QString")


def _computed(part: ET.Element, computed: dict[str, str]) -> None:
    """Write properties that follow from columns."""
    if not computed:
        return
    outer = ET.SubElement(ET.SubElement(part, "data_defined_properties"), "Option", type="Map")
    ET.SubElement(outer, "Option", name="name", value="", type="QString")
    inner = ET.SubElement(outer, "Option", name="properties", type="Map")
    for name, expression in computed.items():
        entry = ET.SubElement(inner, "Option", name=name, type="Map")
        ET.SubElement(entry, "Option", name="active", value="true", type="bool")
        ET.SubElement(entry, "Option", name="expression", value=expression, type="QString")
        ET.SubElement(entry, "Option", name="type", value=_EXPRESSION, type="int")
    ET.SubElement(outer, "Option", name="type", value="collection", type="QString")
