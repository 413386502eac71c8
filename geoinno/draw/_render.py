"""The one place that picks a renderer, and hands the printed twin to the web."""

from __future__ import annotations

import io
import re
from importlib.util import find_spec
from typing import TYPE_CHECKING

from geoinno.draw._web import leaflet_page, maplibre
from geoinno.draw._web.frame import figure as framed_figure
from geoinno.draw._web.frame import frame, still_picture
from geoinno.draw._web.page import figure as surroundings
from geoinno.draw._web.payload import payload
from geoinno.draw._web.resources import picture_address

if TYPE_CHECKING:
    import folium
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from geoinno.draw._scene.composition import Composition

_PIXELS = 620
_PLOT_DPI = 150


def folium_map(sheet: Composition) -> folium.Map:
    """Return a folium map that carries the sheet; raise if it is too large for one."""
    from geoinno.draw._web.leaflet import SheetMap

    maplibre.refuse_large(sheet)
    return SheetMap(sheet, twin=still(sheet))


def document(sheet: Composition, *, twin: bool = True, fill: bool = True) -> str:
    """Return one self-contained HTML document; with ``fill`` the map fills the window it stands in."""
    address = still(sheet) if twin else ""
    web = maplibre if maplibre.is_needed(sheet) else leaflet_page
    return web.document(sheet, twin=address, fill=fill)


def embedded(sheet: Composition, *, height: int | None = None, caption: str = "") -> str:
    """Return the map in a frame with its printed twin; without a height the frame grows with the map."""
    page = document(sheet, twin=False, fill=height is not None)
    framed = frame(page, title=sheet.alt, height=height or _PIXELS)
    twin = still_picture(still(sheet), sheet.alt)
    return framed_figure(framed, twin, grows=height is None, caption=caption)


def fragment(sheet: Composition, key: str, *, below: str = "") -> str:
    """Return the map as part of a page that holds the scripts; ``key`` is unique in the page."""
    host = f"gi-{key}-map"
    around = surroundings(sheet, key=f"gi-{key}", host=host, twin=still(sheet))
    script = f'<script>geoinno.mount("{host}", {payload(sheet)});</script>'
    # A blank line would end an HTML block of Markdown.
    return re.sub(r"\n\s*\n", "\n", f"{around}{below}{script}")


def still(sheet: Composition) -> str:
    """Return the printed twin as a data address; empty where matplotlib is not installed."""
    content = picture(sheet)
    return picture_address(content) if content else ""


def plotted(plot: Figure) -> str:
    """Return a plot as a data address."""
    content = io.BytesIO()
    plot.savefig(content, format="png", dpi=_PLOT_DPI)
    return picture_address(content.getvalue())


def picture(sheet: Composition) -> bytes:
    """Return the printed twin as a small PNG; empty where matplotlib is not installed."""
    if find_spec("matplotlib") is None:
        return b""
    from geoinno.draw._print.figure import small_picture

    return small_picture(sheet)


def printed(sheet: Composition, kind: str) -> bytes:
    """Return the sheet as PNG, SVG or PDF."""
    from geoinno.draw._print.figure import printed as written

    return written(sheet, kind)


def figure(sheet: Composition, *, width_mm: float, ax: Axes | None) -> Figure:
    """Return the sheet in matplotlib."""
    from geoinno.draw._print.figure import sheet_figure

    return sheet_figure(sheet, width_mm=width_mm, ax=ax)
