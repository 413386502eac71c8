"""Pieces of web pages: what a page needs once, and a map, a table or a number to stand in it."""

from __future__ import annotations

from geoinno.draw._layers.headings import in_words
from geoinno.draw._layers.phrases import numeral
from geoinno.draw._layers.words import number
from geoinno.draw._render import embedded, fragment, plotted, still
from geoinno.draw._web import frame
from geoinno.draw._web.maplibre import is_needed
from geoinno.draw._web.resources import closed, dollar, head, own_script, policy
from geoinno.draw._web.resources import leaflet as leaflet_files
from geoinno.draw._web.tables import html_table

__all__ = [
    "embedded",
    "embedded_page",
    "fragment",
    "head",
    "html_table",
    "in_words",
    "is_needed",
    "leaflet",
    "number",
    "numeral",
    "plotted",
    "policy",
    "still",
    "without_own_script",
]

_TALL = 820


def embedded_page(document: str, *, title: str, twin: str) -> str:
    """Return a page in a frame of its own; ``twin`` is the HTML that replaces it on paper."""
    return frame.pages(frame.frame(document, title=title, height=_TALL), twin)


def leaflet() -> tuple[str, str]:
    """Return Leaflet as a style element and script elements, with what stock folium elements need."""
    style, script = leaflet_files()
    return f"<style>{style}</style>", f"<script>{closed(script)}</script>{dollar()}"


def without_own_script(html: str) -> str:
    """Return a page without the scripts that it was given to draw maps: ours, and those of Leaflet."""
    for script in (own_script(), leaflet_files()[1]):
        html = html.replace(closed(script), "")
    return html.replace(dollar(), "")
