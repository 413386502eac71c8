"""What every page with maps needs once: Leaflet, our own style and our own scripts."""

from __future__ import annotations

import base64
import json
from functools import cache
from importlib.resources import files
from pathlib import Path

# Files share one scope: they are joined in this order, and what each needs stands before it.
_SHARED = ("projections.js", "geometry.js", "arrows.js", "furniture.js", "patterns.js")
_LEAFLET = ("leaflet_crs.js", "leaflet_regions.js", "leaflet_overlays.js", "leaflet_map.js")
_MAPLIBRE = (
    "maplibre_plane.js",
    "maplibre_layers.js",
    "maplibre_flows.js",
    "maplibre_map.js",
    "maplibre_reader.js",
)
_HOME = 'href="https://leafletjs.com"'


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
    pictures = {p.name: picture_address(p.read_bytes()) for p in sorted((root / "images").glob("*.png"))}
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
        f"<script>{closed(own_script())}</script>",
    )
    return "\n".join(parts)


@cache
def own_script() -> str:
    """Return the script that draws our maps with Leaflet, once for a page."""
    return _joined((*_SHARED, *_LEAFLET), first="if (root.geoinno) { return; }\n")


@cache
def large_script() -> str:
    """Return the script that draws large maps with MapLibre; it stands on our other script."""
    return _joined(_MAPLIBRE)


def _joined(names: tuple[str, ...], *, first: str = "") -> str:
    """Return scripts in one scope of their own."""
    scripts = "\n".join(asset(name) for name in names)
    return f'(function (root) {{\n"use strict";\n{first}{scripts}}})(window);\n'


def dollar() -> str:
    """Return the little that popups of stock folium elements ask of jQuery."""
    return f"<script>{asset('dollar.js')}</script>"


def picture_address(content: bytes) -> str:
    """Return a PNG picture as a data address."""
    return "data:image/png;base64," + base64.b64encode(content).decode()


def closed(script: str) -> str:
    """Return a script that cannot end its element early."""
    return script.replace("</", "<\\/")
