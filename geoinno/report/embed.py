"""Embed a map, ours or folium's, in another page without a network."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Literal

from geoinno._contract import option, whole
from geoinno.draw import web
from geoinno.errors import GeoinnoError
from geoinno.report._addresses import addresses
from geoinno.report._fragments import inline

if TYPE_CHECKING:
    import folium

    from geoinno.draw import Sheet

_LEAFLET_SCRIPT = re.compile(
    r"""<script[^>]*\bsrc=["'][^"']*/leaflet(?:-src)?\.js["'][^>]*>\s*</script>""", re.IGNORECASE
)
_LEAFLET_STYLE = re.compile(r"""<link[^>]*\bhref=["'][^"']*/leaflet\.css["'][^>]*/?>""", re.IGNORECASE)
_IDLE = re.compile(
    r"""<script[^>]*\bsrc=["'][^"']*(?:jquery|bootstrap|awesome-markers)[^"']*["'][^>]*>\s*</script>|"""
    r"""<link[^>]*\bhref=["'][^"']*(?:bootstrap|glyphicons|fontawesome|font-awesome|awesome)[^"']*["'][^>]*/?>""",
    re.IGNORECASE,
)
_TILES = re.compile(r'"tiles":"(https:[^"]+)"')
_CALLS = {"L.AwesomeMarkers": "folium.Icon", "L.tileLayer": "a tile layer (use tiles=None)"}


def embed(
    sheet: Sheet,
    *,
    mode: Literal["iframe", "inline"] = "iframe",
    key: str | None = None,
    height: int | Literal["auto"] = "auto",
    caption: str = "",
) -> str:
    """Return a map as an HTML fragment for any page.

    Parameters
    ----------
    sheet
        The map.
    mode
        ``iframe``: a frame of its own, safe in any page, notebook or Markdown file. ``inline``:
        part of the page itself; the page must contain `geoinno.report.assets` once, before the first map.
    key
        With ``inline``: an id unique on the page, of letters, digits and hyphens.
    height
        With ``iframe``: pixels, or ``auto`` to grow with the map.
    caption
        Text under the map.

    Returns
    -------
    str
        HTML. In print and without JavaScript, a static picture replaces the map.

    Raises
    ------
    GeoinnoError
        If ``inline`` has no valid key.

    Examples
    --------
    >>> import geoinno as gi
    >>> place = gi.read.sample("central_asia")
    >>> fill = gi.draw.choropleth(place.regions, place.regions["primacy"])
    >>> html = gi.report.embed(gi.draw.sheet(fill, source=place.source), caption="Figure 1")
    >>> html.count("<iframe")
    1
    """
    option(mode, ("iframe", "inline"), name="mode")
    if mode == "inline":
        return inline(sheet, key, caption)
    pixels = None if height == "auto" else whole(height, name="height")
    return web.embedded(sheet, height=pixels, caption=caption)


def assets() -> str:
    """Return what a page with inline maps must contain once: Leaflet, styles and the script.

    Returns
    -------
    str
        HTML for the head of the page, or anywhere before the first map.

    Examples
    --------
    >>> import geoinno as gi
    >>> gi.report.assets().startswith("<style>")
    True
    """
    return web.head()


def offline(map: folium.Map) -> str:  # noqa: A002 - the word the reader expects
    """Return any folium map as one HTML document that needs no network.

    Leaflet is inlined. Libraries that folium loads by default but the map does not use are left out.

    Parameters
    ----------
    map
        A folium map without tiles (``folium.Map(tiles=None)``) or one that a sheet returned.

    Returns
    -------
    str
        The document.

    Raises
    ------
    GeoinnoError
        If the map needs anything that cannot be inlined; the message lists every address.

    Examples
    --------
    >>> import folium
    >>> import geoinno as gi
    >>> "cdn." in gi.report.offline(folium.Map([43.2, 76.9], tiles=None))
    False
    """
    page = str(map.get_root().render())
    # Our own script can ask for tiles; it does so only if the scene holds their address.
    others = web.without_own_script(page)
    called = [why for call, why in _CALLS.items() if call + "(" in others or call + "." in others]
    called += [f"tiles from {address}" for address in _TILES.findall(others)]
    others = _IDLE.sub("", _LEAFLET_STYLE.sub("", _LEAFLET_SCRIPT.sub("", others)))
    left = [address for address in addresses(others) if not called or address not in "; ".join(called)]
    if left or called:
        wanted = "; ".join([*called, *left])
        message = f"The map cannot be made self-contained. Leave out what cannot be inlined: {wanted}."
        raise GeoinnoError(message)
    style, scripts = web.leaflet()
    page = _LEAFLET_SCRIPT.sub(lambda _: scripts, page)
    page = _LEAFLET_STYLE.sub(lambda _: style, page)
    return _IDLE.sub("", page).replace("<head>", f"<head>{web.policy()}", 1)
