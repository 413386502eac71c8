"""QGIS styles (QML), from the keys of map legends."""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import pairwise
from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET

from geoinno.draw import palette

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from geoinno.draw._layers.layer import Key, Layer

_HEAD = "<!DOCTYPE qgis PUBLIC 'http://mrcc.com/qgis.dtd' 'SYSTEM'>\n"
_EXPRESSION = "3"  # how QGIS numbers properties that come from an expression
UNCERTAIN = "uncertain"
# An arrow grows from half its width to all of it; over its first part, to about this.
_TAPER = 0.6
# Three points, through which QGIS draws an arc: it bows to the left by a tenth of its length.
# Degrees of longitude are narrower than those of latitude.
_ARC = (
    "with_variable('a', start_point(@line), with_variable('b', end_point(@line), "
    "with_variable('c', cos(radians((y(@a) + y(@b)) / 2)), make_line(@a, make_point("
    "(x(@a) + x(@b)) / 2 - 0.1 * (y(@b) - y(@a)) / @c, "
    "(y(@a) + y(@b)) / 2 + 0.1 * (x(@b) - x(@a)) * @c), @b))))"
)
# An arrow over the edge of a world map has two parts: the first is a line to the edge, the last has the head.
_TO_EDGE = f"with_variable('line', geometry_n($geometry, 1), smooth({_ARC}, 3))"
_FIRST = f"if(num_geometries($geometry) > 1, {_TO_EDGE}, NULL)"
_LAST = (
    f"with_variable('line', coalesce(geometry_n($geometry, num_geometries($geometry)), $geometry), {_ARC})"
)


@dataclass(frozen=True, slots=True)
class _Part:
    """One layer of a symbol: its class, its properties (fixed, or from columns), and what it draws with."""

    kind: str
    drawn: Mapping[str, str]
    computed: Mapping[str, str] = field(default_factory=dict)
    inside: tuple[str, tuple[_Part, ...]] | None = None


@dataclass(frozen=True, slots=True)
class _Row:
    """One class of a style: the value or the limits that it stands for, its label and its symbol."""

    label: str
    parts: tuple[_Part, ...]
    value: str = ""
    limits: tuple[float, float] = (0.0, 0.0)


def style(layer: Layer, column: str) -> str:
    """Return the QML of a layer; ``column`` holds the numbers of a layer of classes."""
    root = ET.Element("qgis", version="3.22.0", styleCategories="Symbology|Labeling", labelsEnabled="0")
    for part in parts_of_style(layer, column):
        root.append(part)
    if layer.kind == "points":
        root.set("labelsEnabled", "1")
    return _HEAD + ET.tostring(root, encoding="unicode")


def parts_of_style(layer: Layer, column: str) -> list[ET.Element]:
    """Return the renderer of a layer, and its labels where it has any."""
    if layer.kind == "fills":
        return [_fills(layer, column)]
    if layer.kind == "points":
        circle = {"outline_color": _rgb(palette.TEXT), "size_unit": "Pixel", "color": _rgb(palette.POINT)}
        row = _Row(layer.name, (_Part("SimpleMarker", circle, {"size": '2 * "radius"'}),))
        return [_renderer("singleSymbol", "", "marker", rows=[row]), _labels()]
    named = {key.fill: legend.in_full(key) for legend in layer.legends for key in legend.keys}
    arrows = layer.kind == "flows" and not layer.straight
    over = arrows and layer.shapes.geom_type.eq("MultiLineString").any()
    rows = [
        _Row(
            named.get(fill, fill),
            (*((_to_edge(fill),) if over else ()), _arrow(fill) if arrows else _stroke(fill)),
            fill,
        )
        for fill in dict.fromkeys(layer.shapes["fill"])
    ]
    return [_renderer("categorizedSymbol", "fill", "line", rows=rows)]


def _fills(layer: Layer, column: str) -> ET.Element:
    """Return a graduated renderer for classes of numbers; categories for kinds, or where a number is missing.

    QGIS leaves out what no class of a graduated renderer holds, and so regions without a number.
    """
    legend = layer.legends[0]
    keys = [key for key in legend.keys if key.pattern != "dots"]
    dots = (_dots(),) if layer.shapes["dotted"].any() else ()
    labels = [legend.in_full(key) for key in keys]
    rows = [_Row(label, (_filled(key), *dots), label) for label, key in zip(labels, keys, strict=True)]
    if len(layer.limits) != len(keys) + 1:
        return _renderer("categorizedSymbol", "class", "fill", rows=rows)
    # The lowest first: of two classes that share a limit QGIS takes the first, and ours hold their upper one.
    spans = zip(pairwise(layer.limits), reversed(rows), strict=True)
    graduated = [_Row(row.label, row.parts, limits=limits) for limits, row in spans]
    return _renderer("graduatedSymbol", column, "fill", rows=graduated)


def _filled(key: Key) -> _Part:
    """Return how a class is filled; no data is hatched."""
    hatched = key.pattern == "hatch"
    drawn = {
        "color": _rgb(palette.HATCH if hatched else key.fill),
        "style": "b_diagonal" if hatched else "solid",
        "outline_color": _rgb(palette.line_on(key.fill)),
        "outline_width": "0.5",
        "outline_width_unit": "Pixel",
    }
    return _Part("SimpleFill", drawn)


def _dots() -> _Part:
    """Return the dots over what is uncertain."""
    spaced = {
        f"distance_{axis}{more}": value for axis in "xy" for more, value in (("", "7"), ("_unit", "Pixel"))
    }
    dot = _Part(
        "SimpleMarker",
        {"color": _rgb(palette.DOTS), "outline_style": "no", "size": "2.2", "size_unit": "Pixel"},
    )
    return _Part("PointPatternFill", spaced, {"enabled": f'"{UNCERTAIN}"'}, ("marker", (dot,)))


def _stroke(fill: str) -> _Part:
    """Return how a line is drawn, as wide as its column says."""
    drawn = {"line_color": _rgb(fill), "line_width": "1", "line_width_unit": "Pixel", "capstyle": "round"}
    return _Part("SimpleLine", drawn, {"outlineWidth": '"width"'})


def _arrow(fill: str) -> _Part:
    """Return a curved arrow with a head, as wide as its column says."""
    body = _Part("SimpleFill", {"color": _rgb(fill), "outline_style": "no"})
    sizes = ("arrow_width", "arrow_start_width", "head_length", "head_thickness")
    drawn = {"is_curved": "1", "is_repeated": "0", "arrow_type": "0", "head_type": "0"}
    drawn |= {f"{size}_unit": "Pixel" for size in sizes} | dict.fromkeys(sizes, "1")
    computed = {
        "arrowWidth": '"width"',
        "arrowStartWidth": '"width" / 2',
        "arrowHeadLength": 'max(8, min(18, 1.6 * "width" + 5.5))',
        "arrowHeadThickness": 'max(2.6, 0.3 * "width")',
    }
    arrow = _Part("ArrowLine", drawn, computed, ("fill", (body,)))
    bowed = {"SymbolType": "Line", "geometryModifier": _LAST, "units": "MapUnit"}
    return _Part("GeometryGenerator", bowed, {}, ("line", (arrow,)))


def _to_edge(fill: str) -> _Part:
    """Return the part of an arrow that lies before the edge of the map, where it has one."""
    drawn = {"line_color": _rgb(fill), "line_width": "1", "line_width_unit": "Pixel", "capstyle": "flat"}
    line = _Part("SimpleLine", drawn, {"outlineWidth": f'{_TAPER} * "width"'})
    bowed = {"SymbolType": "Line", "geometryModifier": _FIRST, "units": "MapUnit"}
    return _Part("GeometryGenerator", bowed, {}, ("line", (line,)))


def _rgb(colour: str) -> str:
    """Return a hex colour as QGIS writes it."""
    red, green, blue = (int(colour[i : i + 2], 16) for i in (1, 3, 5))
    return f"{red},{green},{blue},255"


def _renderer(kind: str, column: str, symbol: str, *, rows: Sequence[_Row]) -> ET.Element:
    """Return a renderer with a symbol for each of its rows."""
    renderer = ET.Element("renderer-v2", type=kind)
    listed = {"categorizedSymbol": "categories", "graduatedSymbol": "ranges"}.get(kind)
    classes = ET.SubElement(renderer, listed) if listed else None
    symbols = ET.SubElement(renderer, "symbols")
    if column:
        renderer.set("attr", column)
    for i, row in enumerate(rows):
        if listed == "categories":
            named = {
                "value": row.value,
                "label": row.label,
                "symbol": str(i),
                "render": "true",
                "type": "string",
            }
            ET.SubElement(classes, "category", named)  # type: ignore[arg-type]
        elif listed == "ranges":
            low, high = (repr(float(limit)) for limit in row.limits)
            span = {"lower": low, "upper": high, "label": row.label, "symbol": str(i), "render": "true"}
            ET.SubElement(classes, "range", span)  # type: ignore[arg-type]
        _symbol(symbols, str(i), symbol, parts=row.parts)
    return renderer


def _symbol(parent: ET.Element, name: str, kind: str, *, parts: Sequence[_Part]) -> None:
    """Write a symbol of one or more layers, each with what it draws with."""
    symbol = ET.SubElement(parent, "symbol", name=name, type=kind, alpha="1", clip_to_extent="1")
    for i, part in enumerate(parts):
        shape = {"class": part.kind, "enabled": "1", "locked": "0", "pass": "0"}
        layer = ET.SubElement(symbol, "layer", shape)
        options = ET.SubElement(layer, "Option", type="Map")
        for key, value in part.drawn.items():
            ET.SubElement(options, "Option", name=key, value=value, type="QString")
        _computed(layer, part.computed)
        if part.inside:
            kind_inside, parts_inside = part.inside
            _symbol(layer, f"@{name}@{i}", kind_inside, parts=parts_inside)


def _computed(part: ET.Element, computed: Mapping[str, str]) -> None:
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


def _labels() -> ET.Element:
    """Return the names of points beside them, on white."""
    labelling = ET.Element("labeling", type="simple")
    settings = ET.SubElement(labelling, "settings", calloutType="simple")
    text = {"fieldName": "label", "fontSize": "9", "fontSizeUnit": "Point", "textColor": _rgb(palette.TEXT)}
    words = ET.SubElement(settings, "text-style", text, isExpression="0", fontWeight="75", namedStyle="Bold")
    halo = {"bufferDraw": "1", "bufferSize": "0.8", "bufferSizeUnits": "MM", "bufferColor": _rgb("#ffffff")}
    ET.SubElement(words, "text-buffer", halo)
    # Around the point, at a distance of its radius.
    ET.SubElement(settings, "placement", placement="6", dist="2", distUnits="MM", offsetType="1")
    ET.SubElement(settings, "rendering", obstacle="1", drawLabels="1")
    return labelling
