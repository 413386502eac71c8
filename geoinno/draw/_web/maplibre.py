"""The web renderer of very large sheets: the same scene through MapLibre GL, on the graphics card."""

from __future__ import annotations

import base64
import gzip
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

import jinja2
from markupsafe import Markup

from geoinno.draw._web.page import figure
from geoinno.draw._web.payload import payload
from geoinno.draw._web.resources import asset, closed, large_script, own_script, policy
from geoinno.errors import MapTooLargeError

if TYPE_CHECKING:
    from geoinno.draw._scene.composition import Composition

MOST_REGIONS = 40_000
MOST_ARROWS = 3_000
_HOST = "map_sheet"


def is_needed(sheet: Composition) -> bool:
    """Tell whether only MapLibre can draw a sheet: a large one, or a globe."""
    return is_large(sheet) or _is_globe(sheet)


def _is_globe(sheet: Composition) -> bool:
    """Tell whether a sheet is a globe on the web."""
    return bool(sheet.scene.projection.scene.get("globe"))


def is_large(sheet: Composition) -> bool:
    """Tell whether a sheet holds more than Leaflet moves smoothly."""
    regions, arrows = _sizes(sheet)
    return regions > MOST_REGIONS or arrows > MOST_ARROWS


def refuse_large(sheet: Composition) -> None:
    """Raise `MapTooLargeError` if a sheet is too large to be a folium map."""
    if _is_globe(sheet):
        message = (
            "A folium map cannot be a globe. Use sheet.save('map.html') or gi.report.embed(sheet), which "
            "draw it with MapLibre; or leave crs='auto'."
        )
        raise MapTooLargeError(message)
    if is_large(sheet):
        regions, arrows = _sizes(sheet)
        message = (
            f"A folium map cannot hold {regions:,} regions and {arrows:,} arrows (most: {MOST_REGIONS:,} and "
            f"{MOST_ARROWS:,}). Use sheet.save('map.html') or gi.report.embed(sheet), which draw large maps "
            "with MapLibre; or dissolve the regions, or draw fewer flows (share=, top=)."
        )
        raise MapTooLargeError(message)


def document(sheet: Composition, *, twin: str, fill: bool) -> str:
    """Return one self-contained HTML document with the map of a large sheet."""
    if sheet.scene.ground.tiles:
        message = (
            "A large map or a globe has no online tiles below it; use basemap='land', 'graticule' or 'none'."
        )
        raise MapTooLargeError(message)
    page = jinja2.Environment(autoescape=True, undefined=jinja2.StrictUndefined)
    scene = gzip.compress(payload(sheet).encode(), compresslevel=9, mtime=0)
    return page.from_string(asset("large.html")).render(
        lang=sheet.lang,
        title=sheet.title,
        policy=Markup(policy()),  # noqa: S704 - our own words
        assets=Markup(_head()),  # noqa: S704 - our own files and MapLibre's
        fill=fill,
        surroundings=Markup(figure(sheet, key="gi-sheet", host=_HOST, twin=twin)),  # noqa: S704 - escaped where it is written
        host=_HOST,
        scene=base64.b64encode(scene).decode(),
    )


def _sizes(sheet: Composition) -> tuple[int, int]:
    """Return how many regions and how many arrows a sheet draws."""
    return sum(map(len, sheet.scene.fills)), sum(len(flows.start) for flows in sheet.scene.flows)


def _head() -> str:
    """Return MapLibre, our style and our scripts."""
    style, script = _maplibre()
    styles = "".join(f"<style>{text}</style>" for text in (style, asset("sheet.css")))
    scripts = (script, own_script(), large_script())
    return styles + "".join(f"<script>{closed(text)}</script>" for text in scripts)


@cache
def _maplibre() -> tuple[str, str]:
    """Return MapLibre's style and script from the package that ships them, without loading that package."""
    found = find_spec("maplibre")
    if found is None or not found.submodule_search_locations:
        message = (
            "Large maps and globes are drawn with MapLibre, which is not installed: "
            "pip install 'geoinno[big]'. "
            "Or save the sheet as .png, .svg or .pdf, dissolve the regions, or draw fewer flows "
            "(share=, top=)."
        )
        raise MapTooLargeError(message)
    folder = Path(next(iter(found.submodule_search_locations))) / "srcjs"
    style = (folder / "maplibre-gl.css").read_text(encoding="utf-8")
    script = (folder / "maplibre-gl.js").read_text(encoding="utf-8")
    # A file for reading offline holds no address to follow, not even that of MapLibre's own credit.
    script = script.replace("//# sourceMappingURL=maplibre-gl.js.map", "")
    return style, script.replace('href="https://maplibre.org/"', 'rel="external"')
