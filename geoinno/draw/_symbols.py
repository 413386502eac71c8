"""Legend symbols as SVG, for the web; print draws the same keys in matplotlib."""

from __future__ import annotations

from typing import TYPE_CHECKING

from geoinno.draw import palette

if TYPE_CHECKING:
    from geoinno.draw._layer import Key


def symbol(key: Key, *, prefix: str) -> str:
    """Return the SVG of one key; ``prefix`` names the map whose patterns it uses."""
    return _SYMBOLS[key.symbol](key, prefix)


def _box(key: Key, prefix: str) -> str:
    """Return a filled box."""
    fill = f"url(#{prefix}-hatch)" if key.pattern == "hatch" else key.fill
    over = (
        f'<rect x=".5" y=".5" width="27" height="13" fill="url(#{prefix}-dots)"/>'
        if key.pattern == "dots"
        else ""
    )
    line = "#999999" if key.pattern == "open" else palette.TEXT
    box = f'<rect x=".5" y=".5" width="27" height="13" fill="{fill}" stroke="{line}" stroke-width=".6"/>'
    return f'<svg width="28" height="14" aria-hidden="true">{box}{over}</svg>'


def _line(key: Key, prefix: str) -> str:
    """Return a short line."""
    del prefix
    return (
        f'<svg width="28" height="14" aria-hidden="true"><path d="M1 7H27" stroke="{key.fill}" '
        f'stroke-width="{key.size:g}"/></svg>'
    )


def _arrow(key: Key, prefix: str) -> str:
    """Return an arrow, whose path the browser draws in the size of the map's arrows."""
    del prefix
    return (
        f'<svg class="gi-arrow" width="62" height="18" data-w="{key.size:g}" aria-hidden="true">'
        f'<path fill="{key.fill}"/></svg>'
    )


def _circle(key: Key, prefix: str) -> str:
    """Return a circle."""
    del prefix
    return (
        f'<svg width="28" height="{max(14, 2 * key.size + 3):g}" aria-hidden="true"><circle cx="14" cy="50%" '
        f'r="{key.size:g}" fill="{key.fill}" stroke="{palette.TEXT}" stroke-width="1.4"/></svg>'
    )


_SYMBOLS = {"box": _box, "line": _line, "arrow": _arrow, "circle": _circle}
