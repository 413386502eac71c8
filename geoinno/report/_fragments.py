"""The two ways to place a map in a page: in a frame of its own, or as part of the page."""

from __future__ import annotations

import re
from html import escape
from typing import TYPE_CHECKING

from geoinno.draw import web
from geoinno.errors import GeoinnoError

if TYPE_CHECKING:
    from geoinno.draw import Sheet


def inline(sheet: Sheet, key: str | None, caption: str) -> str:
    """Return a map as part of the page."""
    if key is None or not re.fullmatch(r"[A-Za-z][A-Za-z0-9-]*", key):
        message = (
            f"An inline map needs a key (letters, digits, hyphens) unique in its page; {key!r} was given."
        )
        raise GeoinnoError(message)
    if web.is_needed(sheet):
        return web.embedded(sheet, caption=caption)
    below = f'<p class="gi-note">{escape(caption)}</p>' if caption else ""
    return web.fragment(sheet, key, below=below)
