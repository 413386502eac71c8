"""The one place that picks a renderer, and hands the printed twin to the web."""

from __future__ import annotations

import re
from html import escape
from importlib.util import find_spec
from typing import TYPE_CHECKING

from geoinno.draw._web import maplibre
from geoinno.draw._web.page import figure as surroundings
from geoinno.draw._web.payload import payload
from geoinno.draw._web.resources import picture_address

if TYPE_CHECKING:
    import folium
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from geoinno.draw._scene.composition import Composition


def folium_map(sheet: Composition) -> folium.Map:
    """Return a folium map that carries the sheet; raise if it is too large for one."""
    from geoinno.draw._web.leaflet import SheetMap

    maplibre.refuse_large(sheet)
    return SheetMap(sheet, twin=still(sheet))


def document(sheet: Composition, *, twin: bool = True, fill: bool = True) -> str:
    """Return one self-contained HTML document; with ``fill`` the map fills the window it stands in."""
    from geoinno.draw._web.leaflet import SheetMap

    address = still(sheet) if twin else ""
    if maplibre.is_large(sheet):
        return maplibre.document(sheet, twin=address, fill=fill)
    return str(SheetMap(sheet, twin=address, fill=fill, shut=True).get_root().render())


def framed(sheet: Composition, *, height: int = 620, fill: bool = False) -> str:
    """Return the map in an iframe of its own; with ``fill`` it fits the frame's height.

    Line ends are written as entities: Markdown would end a block of HTML at a blank line.
    """
    source = escape(document(sheet, twin=False, fill=fill), quote=True).replace("\n", "&#10;")
    return (
        f'<iframe srcdoc="{source}" sandbox="allow-scripts" title="{escape(sheet.alt, quote=True)}" '
        f'style="width:100%;height:{height}px;border:0" loading="lazy" allow="fullscreen"></iframe>'
    )


def fragment(sheet: Composition, key: str, *, below: str = "") -> str:
    """Return the map as part of a page that holds the scripts; ``key`` is unique in the page."""
    host = f"gi-{key}-map"
    around = surroundings(sheet, key=f"gi-{key}", host=host, twin=still(sheet))
    script = f'<script>geoinno.mount("{host}", {payload(sheet)});</script>'
    # A blank line would end an HTML block of Markdown.
    return re.sub(r"\n\s*\n", "\n", f"{around}{below}{script}")


def still(sheet: Composition) -> str:
    """Return the printed twin as a data address; empty where matplotlib is not installed."""
    if find_spec("matplotlib") is None:
        return ""
    from geoinno.draw._print.figure import small_picture

    return picture_address(small_picture(sheet))


def printed(sheet: Composition, kind: str) -> bytes:
    """Return the sheet as PNG, SVG or PDF."""
    from geoinno.draw._print.figure import printed as written

    return written(sheet, kind)


def figure(sheet: Composition, *, width_mm: float, ax: Axes | None) -> Figure:
    """Return the sheet in matplotlib."""
    from geoinno.draw._print.figure import sheet_figure

    return sheet_figure(sheet, width_mm=width_mm, ax=ax)
