"""The web renderer: a sheet as a folium map, a document, or a fragment of a page."""

from __future__ import annotations

import base64
import json
from functools import cache
from html import escape
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, Any

import jinja2
import numpy as np
import pandas as pd
from markupsafe import Markup

from geoinno.draw import palette
from geoinno.draw._scene.scene import outlines
from geoinno.draw._web import payload as _payload
from geoinno.draw._web.encode import encoded
from geoinno.draw._web.symbols import square, symbol
from geoinno.draw._words import WORDS, fixed, number

if TYPE_CHECKING:
    import folium

    from geoinno.draw._layers.layer import Layer
    from geoinno.draw.sheets import Sheet

_HOME = 'href="https://leafletjs.com"'
_MOST_FOUND = 3_000
_MOST_ROWS = 300
_MOST_CHOICES = 6
_ENDS = 10


@cache
def asset(name: str) -> str:
    """Return the text of one of our own assets."""
    return (files("geoinno.draw._web") / "assets" / name).read_text(encoding="utf-8")


@cache
def leaflet() -> tuple[str, str]:
    """Return Leaflet's style and script, its pictures inlined, from the package that ships them."""
    from xstatic.pkg import leaflet as package

    root = Path(package.BASE_DIR)
    style = (root / "leaflet.css").read_text(encoding="utf-8")
    pictures = {p.name: _data_address(p.read_bytes()) for p in sorted((root / "images").glob("*.png"))}
    for name, address in pictures.items():
        style = style.replace(f"url(images/{name})", f"url({address})")
    script = (root / "leaflet.js").read_text(encoding="utf-8")
    # A file for reading offline holds no address, not even the one in Leaflet's own credit.
    script = script.replace("//# sourceMappingURL=leaflet.js.map", "").replace(_HOME, 'rel="external"')
    icons = {
        "iconUrl": pictures["marker-icon.png"],
        "iconRetinaUrl": pictures["marker-icon-2x.png"],
        "shadowUrl": pictures["marker-shadow.png"],
    }
    pins = f"delete L.Icon.Default.prototype._getIconUrl;L.Icon.Default.mergeOptions({json.dumps(icons)});"
    return style, script + "\n" + pins


def head() -> str:
    """Return all that a page needs once, however many maps it holds."""
    style, script = leaflet()
    parts = (
        f"<style>{style}</style>",
        f"<style>{asset('sheet.css')}</style>",
        f"<script>{closed(script)}</script>",
        f"<script>{closed(asset('runtime.js'))}</script>",
    )
    return "\n".join(parts)


def dollar() -> str:
    """Return the little that popups of stock folium elements ask of jQuery."""
    return f"<script>{asset('dollar.js')}</script>"


def figure(shown: Sheet, *, key: str, host: str, twin: bool = True) -> str:
    """Return the HTML around the map: words, legend, table and the static twin."""
    blocks, view = [], 0
    for layer in shown.layers:
        is_view = layer.kind == "fills"
        blocks += [{"view": view if is_view else None, "legend": legend} for legend in layer.legends]
        view += is_view
    fills = [layer for layer in shown.layers if layer.kind == "fills"]
    x0, y0, x1, y1 = shown.scene.frame
    page = jinja2.Environment(autoescape=True, undefined=jinja2.StrictUndefined).from_string(
        asset("sheet.html")
    )
    return page.render(
        key=key,
        host=host,
        ratio=f"{np.clip((x1 - x0) / (y1 - y0), 0.8, 2.2):.3f}",
        lang=shown.lang,
        title=shown.title,
        subtitle=shown.subtitle,
        picks=[layer.name for layer in fills] if len(fills) > 1 else [],
        slide=len(fills) > _MOST_CHOICES and all(layer.period for layer in fills),
        overlays=_overlays(shown.layers) if fills else [],
        blocks=blocks,
        symbol=lambda key_: Markup(symbol(key_, prefix=host)),  # noqa: S704 - made of our own palette alone
        square=lambda legend: Markup(square(legend)),  # noqa: S704 - its words are escaped where it is made
        count=lambda n: fixed(n, 0),
        found=_found(fills),
        twin=twin_address(shown) if twin else "",
        alt=shown.alt,
        credits=shown.credits,
        table=Markup(_shortened(shown.layers[0].table)),  # noqa: S704 - escaped cell by cell
        words=WORDS[shown.lang],
    )


def payload(shown: Sheet) -> str:
    """Return the scene as JSON that is safe inside a script element."""
    drawn = shown.scene
    corner = (round(drawn.frame[0]), round(drawn.frame[1]))

    def text(shapes: np.ndarray[Any, np.dtype[np.object_]]) -> str:
        return encoded(shapes, corner=corner, quantum=drawn.quantum)

    spec = {
        "crs": drawn.projection.scene,
        "corner": corner,
        "quantum": drawn.quantum,
        "unit": drawn.unit,
        "frame": [round(v) for v in drawn.frame],
        "ground": {
            "land": text(drawn.ground.land),
            "borders": text(drawn.ground.borders),
            "graticule": text(drawn.ground.graticule),
        },
        "sets": [{"n": len(f), "rings": text(f), "lines": _lines(f, drawn.unit)} for f in drawn.fills],
        "borders": text(drawn.borders),
        "views": [_view(layer, s) for layer, s in zip(shown.layers, drawn.set_of, strict=True) if s >= 0],
        "flows": [_payload.flows(flows) for flows in drawn.flows],
        "strokes": [_payload.strokes(strokes, text(strokes.lines)) for strokes in drawn.strokes],
        "tiles": drawn.ground.tiles,
        "colours": _colours(),
        "alt": shown.alt,
    }
    written = json.dumps(spec, ensure_ascii=False, separators=(",", ":"))
    return written.replace("<", "\\u003c")


def document(shown: Sheet, *, twin: bool = True, fill: bool = True) -> str:
    """Return one self-contained HTML document."""
    from geoinno.draw._web import maplibre as _large

    if _large.is_large(shown):
        return _large.document(shown, twin=twin, fill=fill)
    return str(sheet_map(shown, twin=twin, fill=fill).get_root().render())


def sheet_map(shown: Sheet, *, twin: bool = True, fill: bool = True) -> folium.Map:
    """Return a folium map that carries the sheet; with ``fill`` it fills the window it stands in."""
    from geoinno.draw._web.leaflet import SheetMap

    return SheetMap(shown, twin=twin, fill=fill)


def framed(shown: Sheet, *, height: int = 620, fill: bool = False) -> str:
    """Return the map in an iframe of its own; with ``fill`` it fits the frame's height.

    Line ends are written as entities: Markdown would end a block of HTML at a blank line.
    """
    source = escape(document(shown, twin=False, fill=fill), quote=True).replace("\n", "&#10;")
    return (
        f'<iframe srcdoc="{source}" sandbox="allow-scripts" title="{escape(shown.alt, quote=True)}" '
        f'style="width:100%;height:{height}px;border:0" loading="lazy" allow="fullscreen"></iframe>'
    )


def twin_address(shown: Sheet) -> str:
    """Return the printed map as a data address; empty where matplotlib is not installed."""
    try:
        import matplotlib as mpl
    except ImportError:
        return ""
    del mpl
    from geoinno.draw._print.map import small_picture

    return _data_address(small_picture(shown))


def _view(layer: Layer, set_: int) -> dict[str, Any]:
    """Return how one layer paints its regions."""
    codes = "".join(chr(48 + int(c)) for c in layer.shapes["code"])
    dotted = "".join("1" if d else "0" for d in layer.shapes["dotted"])
    return {
        "set": set_,
        "codes": codes,
        "keys": [
            {
                "fill": k.fill,
                "pattern": k.pattern,
                "line": palette.line_on(k.fill),
                "dots": "dots" if palette.dots_on(k.fill) == palette.DOTS else "dots-light",
            }
            for k in layer.legends[0].keys
        ],
        "dotted": dotted if "1" in dotted else "",
        "tips": _payload.tips(layer.tips),
    }


def _overlays(layers: tuple[Layer, ...]) -> list[str]:
    """Return the names of what lies above the fills, in the order in which the browser knows them."""
    nodes = [layer.name for layer in layers if layer.kind in {"flows", "points"}]
    return [*nodes, *(layer.name for layer in layers if layer.kind == "lines")]


def _lines(fills: np.ndarray[Any, np.dtype[np.object_]], unit: float) -> str:
    """Return the width of each region's line, a digit each, in tenths of a pixel."""
    return "".join(str(round(10 * float(width))) for width in outlines(fills, unit))


def _colours() -> dict[str, str]:
    """Return the colours that the browser needs by name."""
    return {
        "noData": palette.NO_DATA,
        "hatch": palette.HATCH,
        "dots": palette.DOTS,
        "land": palette.LAND,
        "coast": palette.COAST,
        "graticule": palette.GRATICULE,
        "foreignBorder": palette.FOREIGN_BORDER,
        "nationalBorder": palette.NATIONAL_BORDER,
        "text": palette.TEXT,
        "hover": palette.FLOW_HOVER,
    }


def _found(fills: list[Layer]) -> list[str]:
    """Return the names by which a reader may look for a region."""
    if not fills or len(fills[0].tips) > _MOST_FOUND:
        return []
    return list(dict.fromkeys(fills[0].tips[""]))


def _shortened(table: pd.DataFrame) -> str:
    """Return the numbers as an HTML table: all rows, or both ends of a long one."""
    if len(table) > _MOST_ROWS:
        numeric = table.select_dtypes("number").columns
        ordered = table.sort_values(numeric[0], ascending=False) if len(numeric) else table
        table = pd.concat([ordered.head(_ENDS), ordered.tail(_ENDS)])
    return html_table(table)


def html_table(table: pd.DataFrame) -> str:
    """Return a table as HTML, escaped cell by cell."""
    top = "".join(f"<th>{escape(str(c))}</th>" for c in table.columns)
    rows = "".join(f"<tr>{''.join(map(_cell, row))}</tr>" for row in table.itertuples(index=False, name=None))
    return f"<table><thead><tr>{top}</tr></thead><tbody>{rows}</tbody></table>"


def _cell(value: object) -> str:
    """Return one cell, escaped."""
    if pd.isna(value):  # type: ignore[call-overload]
        return "<td></td>"
    if isinstance(value, int | float | np.number):
        return f'<td class="gi-number">{number(float(value))}</td>'
    return f"<td>{escape(str(value))}</td>"


def _data_address(content: bytes) -> str:
    """Return a PNG picture as a data address."""
    return "data:image/png;base64," + base64.b64encode(content).decode()


def closed(script: str) -> str:
    """Return a script that cannot end its element early."""
    return script.replace("</", "<\\/")
