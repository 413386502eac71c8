"""Legend symbols as SVG, for the web; print draws the same keys in matplotlib."""

from __future__ import annotations

from typing import TYPE_CHECKING

from markupsafe import escape

from geoinno.draw import palette
from geoinno.draw._layers.words import fixed

if TYPE_CHECKING:
    from geoinno.draw._layers.layer import Key, Legend


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
        f'<svg class="gi-circle" data-r="{key.size:g}" width="32" height="{max(14, 2 * key.size + 3):g}" '
        f'aria-hidden="true"><circle cx="16" cy="50%" r="{key.size:g}" fill="{key.fill}" '
        f'stroke="{palette.TEXT}" stroke-width="1.4"/></svg>'
    )


_SYMBOLS = {"box": _box, "line": _line, "arrow": _arrow, "circle": _circle}
_CELL, _LEFT, _TOP = 36, 2, 18


def square(legend: Legend) -> str:
    """Return the SVG of a square legend: cells with counts, limits and titles on both axes."""
    if legend.square is None:
        return ""
    axes, side = legend.square, legend.square.side
    end = side * _CELL
    cells = [_cell(key, i % side, i // side) for i, key in enumerate(legend.keys[: side**2])]
    limits = [
        _limit(_LEFT + i * _CELL, _TOP + end + 12, text, anchor="middle")
        for i, text in enumerate(axes.across_limits, 1)
    ]
    limits += [
        _limit(_LEFT + end + 4, _TOP + end - i * _CELL + 4, text, anchor="start")
        for i, text in enumerate(axes.up_limits, 1)
    ]
    titles = [_title(12, f"\u2191 {axes.up}"), _title(_TOP + end + 28, f"{axes.across} \u2192")]
    words = escape("; ".join(f"{key.label}: {key.count}" for key in legend.keys[: side**2]))
    inner = "".join(cells + limits + titles)
    size = f'width="216" height="{_TOP + end + 34}"'
    return f'<svg class="gi-square" {size} role="img" aria-label="{words}">{inner}</svg>'


def _limit(x: int, y: int, text: str, *, anchor: str) -> str:
    """Return a class limit beside the square."""
    style = f'text-anchor="{anchor}" font-size="10" fill="{palette.TEXT_FAINT}"'
    return f'<text x="{x}" y="{y}" {style}>{escape(text)}</text>'


def _title(y: int, text: str) -> str:
    """Return the title of an axis."""
    return f'<text x="{_LEFT}" y="{y}" font-size="11.5" fill="{palette.TEXT}">{escape(text)}</text>'


def _cell(key: Key, column: int, row: int) -> str:
    """Return one cell with its count."""
    x, y = _LEFT + column * _CELL, _TOP + row * _CELL
    box = f'<rect x="{x}" y="{y}" width="{_CELL}" height="{_CELL}" fill="{key.fill}" stroke="#fff"/>'
    ink = palette.text_on(key.fill)
    at = f'x="{x + _CELL / 2:g}" y="{y + _CELL / 2 + 4:g}" text-anchor="middle" font-size="11" fill="{ink}"'
    return f"{box}<text {at}>{fixed(key.count or 0, 0)}</text>"
