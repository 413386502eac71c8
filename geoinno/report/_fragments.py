"""The two ways to place a map in a page: in a frame of its own, or as part of the page."""

from __future__ import annotations

import re
from html import escape
from typing import TYPE_CHECKING

from geoinno.draw import web
from geoinno.errors import GeoinnoError

if TYPE_CHECKING:
    from geoinno.draw import Sheet

_PIXELS = 620
_LISTENER = """<script>(function () {
var frame = document.currentScript.previousElementSibling.querySelector("iframe");
addEventListener("message", function (e) {
  if (e.source === frame.contentWindow && e.data && e.data.geoinno === "height") {
    frame.style.height = Math.max(120, Math.min(4000, +e.data.height || 0)) + "px";
  }
});
}());</script>"""
_STYLE = (
    "<style>.gi-embed{margin:1em 0}.gi-embed figcaption{font-size:.85em;color:#4a4a4a;margin-top:.4em}"
    ".gi-embed .gi-still{display:none;width:100%;height:auto}"
    "@media print{.gi-embed iframe{display:none}.gi-embed .gi-still{display:block}}</style>"
)
_UNSCRIPTED = (
    "<noscript><style>.gi-embed .gi-still{display:block}.gi-embed iframe{display:none}</style></noscript>"
)


def framed(sheet: Sheet, height: int | None, caption: str) -> str:
    """Return a map in an iframe; without a height the frame grows with the map."""
    frame = web.framed(sheet, height=height or _PIXELS, fill=height is not None)
    listener = "" if height else _LISTENER
    still = web.still(sheet)
    picture = f'<img class="gi-still" src="{still}" alt="{escape(sheet.alt, quote=True)}">' if still else ""
    below = f"<figcaption>{escape(caption)}</figcaption>" if caption else ""
    whole = f'{_STYLE}{_UNSCRIPTED}<figure class="gi-embed">{frame}{picture}{below}</figure>{listener}'
    return whole.replace("\n", " ")


def inline(sheet: Sheet, key: str | None, caption: str) -> str:
    """Return a map as part of the page."""
    if key is None or not re.fullmatch(r"[A-Za-z][A-Za-z0-9-]*", key):
        message = (
            f"An inline map needs a key (letters, digits, hyphens) unique in its page; {key!r} was given."
        )
        raise GeoinnoError(message)
    if web.is_large(sheet):
        return framed(sheet, None, caption)
    below = f'<p class="gi-note">{escape(caption)}</p>' if caption else ""
    return web.fragment(sheet, key, below=below)
