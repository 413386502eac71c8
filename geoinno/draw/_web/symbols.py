"""Legend symbols as SVG, for the web; print draws the same keys in matplotlib."""

from __future__ import annotations

from typing import TYPE_CHECKING

from markupsafe import Markup, escape

from geoinno.draw import palette
from geoinno.draw._layers.words import fixed

if TYPE_CHECKING:
    from geoinno.draw._layers.layer import Key, Legend


def symbol(key: Key, *, prefix: str) -> Markup:
    """Return the SVG of one key; ``prefix`` names the map whose patterns it uses."""
    return _SYMBOLS[key.symbol](key, prefix)


def _tag(name: str, *inside: Markup, **attributes: object) -> Markup:
    """Return an element. Whatever stands in its attributes is escaped here, wherever it came from.

    Underscores of names are written as hyphens; a number is written as short as it can be.
    """
    written = Markup("").join(
        Markup(' {}="{}"').format(key.replace("_", "-"), f"{value:g}" if isinstance(value, float) else value)
        for key, value in attributes.items()
    )
    return Markup("<{0}{1}>{2}</{0}>").format(name, written, Markup("").join(inside))


def _svg(*inside: Markup, width: int, height: float, **attributes: object) -> Markup:
    """Return a small drawing, which readers of the screen pass over."""
    return _tag("svg", *inside, **attributes, width=width, height=height, aria_hidden="true")


def _box(key: Key, prefix: str) -> Markup:
    """Return a filled box."""
    size = {"x": 0.5, "y": 0.5, "width": 27, "height": 13}
    fill = f"url(#{prefix}-hatch)" if key.pattern == "hatch" else key.fill
    line = "#999999" if key.pattern == "open" else palette.TEXT
    parts = [_tag("rect", **size, fill=fill, stroke=line, stroke_width=0.6)]
    if key.pattern == "dots":
        parts.append(_tag("rect", **size, fill=f"url(#{prefix}-dots)"))
    return _svg(*parts, width=28, height=14)


def _line(key: Key, prefix: str) -> Markup:
    """Return a short line, which is as wide as those of the map."""
    del prefix
    stroke = _tag("path", d="M1 7H27", stroke=key.fill, stroke_width=float(key.size))
    attributes = {"class": "gi-line", "data-w": float(key.size)}
    return _svg(stroke, width=28, height=14, **attributes)


def _arrow(key: Key, prefix: str) -> Markup:
    """Return an arrow, whose path the browser draws in the size of the map's arrows."""
    del prefix
    attributes = {"class": "gi-arrow", "data-w": float(key.size)}
    return _svg(_tag("path", fill=key.fill), width=62, height=18, **attributes)


def _circle(key: Key, prefix: str) -> Markup:
    """Return a circle."""
    del prefix
    radius = float(key.size)
    ring = {"fill": key.fill, "stroke": palette.TEXT, "stroke_width": 1.4}
    attributes = {"class": "gi-circle", "data-r": radius}
    circle = _tag("circle", cx=16, cy="50%", r=radius, **ring)
    return _svg(circle, width=32, height=max(14.0, 2 * radius + 3), **attributes)


_SYMBOLS = {"box": _box, "line": _line, "arrow": _arrow, "circle": _circle}
_CELL, _LEFT, _TOP, _DROP = 36, 2, 18, 11


def square(legend: Legend) -> Markup:
    """Return the SVG of a square legend: cells with counts, limits and titles on both axes."""
    if legend.square is None:
        return Markup("")
    axes, side = legend.square, legend.square.side
    end = side * _CELL
    cells = [_cell(key, i % side, i // side) for i, key in enumerate(legend.keys[: side**2])]
    drop = _DROP if axes.staggered else 0
    limits = [
        _limit(_LEFT + i * _CELL, _TOP + end + 12 + (i - 1) * drop, text, anchor="middle")
        for i, text in enumerate(axes.across_limits, 1)
    ]
    limits += [
        _limit(_LEFT + end + 4, _TOP + end - i * _CELL + 4, text, anchor="start")
        for i, text in enumerate(axes.up_limits, 1)
    ]
    titles = [_title(12, f"\u2191 {axes.up}"), _title(_TOP + end + 28 + drop, f"{axes.across} \u2192")]
    words = "; ".join(f"{key.label}: {key.count}" for key in legend.keys[: side**2])
    size = {"class": "gi-square", "width": 216, "height": _TOP + end + 34 + drop}
    return _tag("svg", *cells, *limits, *titles, **size, role="img", aria_label=words)


def _limit(x: int, y: int, text: str, *, anchor: str) -> Markup:
    """Return a class limit beside the square."""
    style = {"text_anchor": anchor, "font_size": 10, "fill": palette.TEXT_FAINT}
    return _tag("text", escape(text), x=x, y=y, **style)


def _title(y: int, text: str) -> Markup:
    """Return the title of an axis."""
    return _tag("text", escape(text), x=_LEFT, y=y, font_size=11.5, fill=palette.TEXT)


def _cell(key: Key, column: int, row: int) -> Markup:
    """Return one cell with its count."""
    x, y = _LEFT + column * _CELL, _TOP + row * _CELL
    box = _tag("rect", x=x, y=y, width=_CELL, height=_CELL, fill=key.fill, stroke="#fff")
    place = {"x": x + _CELL / 2, "y": y + _CELL / 2 + 4, "text_anchor": "middle", "font_size": 11}
    count = escape(fixed(key.count or 0, 0))
    return box + _tag("text", count, **place, fill=palette.text_on(key.fill))
