"""What every page with maps needs once: Leaflet, our own style and our own scripts."""

from __future__ import annotations

import base64
import json
import re
from functools import cache
from html import escape
from importlib.resources import files
from pathlib import Path
from urllib.parse import urlsplit

# Files share one scope: they are joined in this order, and what each needs stands before it.
_SHARED = (
    *("projections.js", "geometry.js", "arrows.js", "furniture.js", "labels.js", "patterns.js", "tips.js"),
    *(
        "stops.js",
        "search.js",
        "table.js",
        "picture.js",
        "classes.js",
        "tools.js",
        "play.js",
        "address.js",
        "keyboard.js",
        "fingers.js",
        "reader.js",
    ),
)
_LEAFLET = (
    *("leaflet_crs.js", "leaflet_regions.js", "leaflet_overlays.js", "leaflet_reader.js"),
    "leaflet_map.js",
)
_MAPLIBRE = (
    "maplibre_plane.js",
    "maplibre_layers.js",
    "maplibre_flows.js",
    "maplibre_map.js",
    "maplibre_serve.js",
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


def policy(*tiles: str) -> str:
    """Return the element that forbids a page to ask anything of the network, but for these online tiles.

    What is inlined may run, because that is how a map in one file works; nothing may be fetched or sent.
    """
    origins = "".join(f" {origin}" for origin in sorted({_origin(address) for address in tiles}))
    rules = (
        "default-src 'none'",
        f"img-src data: blob:{origins}",
        f"connect-src data: blob:{origins}",
        "script-src 'unsafe-inline'",
        "style-src 'unsafe-inline'",
        "worker-src blob:",
        "base-uri 'none'",
        "form-action 'none'",
    )
    content = escape("; ".join(rules), quote=True).replace("&#x27;", "'")
    return f'<meta http-equiv="Content-Security-Policy" content="{content}">'


def _origin(address: str) -> str:
    """Return scheme and host of an address of tiles; ``{s}`` stands for any subdomain."""
    parts = urlsplit(address)
    return f"{parts.scheme}://{re.sub(r'^{[^}]*}', '*', parts.netloc)}"


def dollar() -> str:
    """Return the little that popups of stock folium elements ask of jQuery."""
    return f"<script>{asset('dollar.js')}</script>"


def picture_address(content: bytes) -> str:
    """Return a PNG picture as a data address."""
    return "data:image/png;base64," + base64.b64encode(content).decode()


def closed(script: str) -> str:
    """Return a script that cannot end its element early."""
    return script.replace("</", "<\\/")
