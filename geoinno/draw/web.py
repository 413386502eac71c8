"""Pieces of web pages: what a page needs once, and a map, a table or a number to stand in it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from geoinno.draw._web import page
from geoinno.draw._web.maplibre import is_large
from geoinno.draw._web.page import head, html_table
from geoinno.draw._words import number

if TYPE_CHECKING:
    from geoinno.draw.sheets import Sheet

__all__ = [
    "fragment",
    "framed",
    "head",
    "html_table",
    "is_large",
    "leaflet",
    "number",
    "still",
    "without_own_script",
]


def fragment(sheet: Sheet, key: str, *, below: str = "") -> str:
    """Return a map as part of a page that holds `head`; ``key`` is unique in the page."""
    host = f"gi-{key}-map"
    surroundings = page.figure(sheet, key=f"gi-{key}", host=host)
    script = f'<script>geoinno.mount("{host}", {page.payload(sheet)});</script>'
    # A blank line would end an HTML block of Markdown.
    return re.sub(r"\n\s*\n", "\n", f"{surroundings}{below}{script}")


def framed(sheet: Sheet, *, height: int, fill: bool) -> str:
    """Return a map in an iframe; with ``fill`` it fills the frame, else the frame may grow with it."""
    return page.framed(sheet, height=height, fill=fill)


def still(sheet: Sheet) -> str:
    """Return the printed map as a data address; empty where matplotlib is not installed."""
    return page.twin_address(sheet)


def leaflet() -> tuple[str, str]:
    """Return Leaflet as a style element and script elements, with what stock folium elements need."""
    style, script = page.leaflet()
    return f"<style>{style}</style>", f"<script>{page.closed(script)}</script>{page.dollar()}"


def without_own_script(html: str) -> str:
    """Return a page without the script that draws our maps."""
    return html.replace(page.closed(page.asset("runtime.js")), "")
