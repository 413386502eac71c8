"""A sheet as a document of its own: Leaflet inlined, projected, closed to the network.

The same page as that of a folium map without further elements, written without folium: most maps are saved,
not extended, and folium with its templates takes longer to load than the page to write.
"""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

from geoinno.draw._web.page import figure
from geoinno.draw._web.payload import payload
from geoinno.draw._web.resources import dollar, head, policy

if TYPE_CHECKING:
    from geoinno.draw._scene.composition import Composition

# Ids repeat from run to run, so that the same map is the same bytes.
KEY = "sheet"
HOST = f"map_{KEY}"
META = (
    '<meta name="viewport" content="width=device-width, initial-scale=1">'
    '<meta name="generator" content="geoinno"><style>body{margin:0;overflow-x:hidden}</style>'
)
_FILL = '<script>document.body.classList.add("gi-standalone");</script>'
_PAGE = """<!DOCTYPE html>
<html lang="{lang}">
<head>
<title>{title}</title>    \n\
    <meta http-equiv="content-type" content="text/html; charset=UTF-8" />
    {meta}
    {assets}
    {dollar}
</head>
<body>
    \n\
    {body}
</body>
<script>
    \n\
    {script}
</script>
</html>"""


def document(sheet: Composition, *, twin: str, fill: bool) -> str:
    """Return one self-contained HTML document with the map; online tiles are the only thing it may fetch."""
    tiles = [sheet.scene.ground.tiles] if sheet.scene.ground.tiles else []
    return _PAGE.format(
        lang=sheet.lang,
        title=escape(sheet.title),
        meta=policy(*tiles) + META,
        assets=head(),
        dollar=dollar(),
        body=body(sheet, twin=twin, fill=fill),
        script=script(sheet),
    )


def body(sheet: Composition, *, twin: str, fill: bool) -> str:
    """Return what stands around the map; with ``fill`` the map fills the window it stands in."""
    surroundings = figure(sheet, key=f"gi-{KEY}", host=HOST, twin=twin)
    return f"{_FILL}<main>{surroundings}</main>" if fill else surroundings


def script(sheet: Composition) -> str:
    """Return the call that draws the map into its host."""
    return f"var {HOST} = geoinno.mount('{HOST}', {payload(sheet)});"
