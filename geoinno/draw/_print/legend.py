"""Legends in print: the same rows, in the same order, as beside the web map."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from matplotlib.lines import Line2D
from matplotlib.patches import Circle, Polygon, Rectangle

from geoinno.draw import palette
from geoinno.draw._layers.words import fixed
from geoinno.draw._print.line_breaks import broken, by_clause, room
from geoinno.draw._scene.arrow import arrow, curve

if TYPE_CHECKING:
    from collections.abc import Sequence

    from matplotlib.axes import Axes

    from geoinno.draw._layers.layer import Key, Legend

_HEAD_PT, _ROW_PT, _NOTE_PT = 7.6, 7.0, 6.0
_LINE = 1.35 / 72
_GAP_IN = 0.1
_BOX_IN = (0.27, 0.125)
_WIDE_IN = 0.6
_CELL_IN, _DROP_IN = 0.3, 0.09
# A pixel of line width in points: lines do not shrink with the map.
LINE_PT = 0.62


@dataclass(frozen=True, slots=True)
class Column:
    """The room of legends: its width, and the length of a reference pixel of the map, both in inches."""

    width: float
    pixel: float


def legends(ax: Axes, blocks: Sequence[Legend], column: Column, *, height: float) -> None:
    """Draw legends from the top of ``ax`` down, which is ``height`` inches high."""
    ax.set_xlim(0, column.width)
    ax.set_ylim(0, height)
    ax.axis("off")
    y = height
    for block in blocks:
        y = _block(ax, block, y=y, column=column) - _GAP_IN


def legend_height(blocks: Sequence[Legend], column: Column) -> float:
    """Return the height in inches that legends take."""
    return sum(_height(block, column) + _GAP_IN for block in blocks)


def _height(block: Legend, column: Column) -> float:
    """Return the height of one legend."""
    head = len(by_clause(block.heading, room(column.width, _HEAD_PT), bold=True)) * _HEAD_PT * _LINE + 0.04
    rows = sum(_row_height(key, column) for key in _rows(block)) + _square_height(block)
    note = len(broken(block.note, room(column.width, _NOTE_PT))) * _NOTE_PT * _LINE + 0.03
    return head + rows + note


def _block(ax: Axes, block: Legend, *, y: float, column: Column) -> float:
    """Draw one legend below ``y`` and return where it ends."""
    head = by_clause(block.heading, room(column.width, _HEAD_PT), bold=True)
    y = _text(ax, head, (0, y), size=_HEAD_PT, weight="bold", color=palette.TEXT) - 0.04
    y = _square(ax, block, y)
    for key in _rows(block):
        y = _row(ax, key, y=y, column=column)
    if block.note:
        note = broken(block.note, room(column.width, _NOTE_PT))
        y = _text(ax, note, (0, y - 0.03), size=_NOTE_PT, weight="normal", color=palette.TEXT_FAINT)
    return y


def _rows(block: Legend) -> tuple[Key, ...]:
    """Return the keys that are rows, after those that make up a square."""
    return block.keys if block.square is None else block.keys[block.square.side**2 :]


def _square_height(block: Legend) -> float:
    """Return the height of a square with its titles, 0 where there is none."""
    if block.square is None:
        return 0.0
    return block.square.side * _CELL_IN + 0.48 + (_DROP_IN if block.square.staggered else 0.0)


def _square(ax: Axes, block: Legend, y: float) -> float:
    """Draw the square of a legend below ``y``, if it has one, and return where it ends."""
    if block.square is None:
        return y
    axes, side = block.square, block.square.side
    top = y - 0.15
    low = top - side * _CELL_IN
    ax.text(0, y, f"\u2191 {axes.up}", size=_ROW_PT, va="top", color=palette.TEXT)
    for i, key in enumerate(block.keys[: side**2]):
        corner = (i % side * _CELL_IN, top - (i // side + 1) * _CELL_IN)
        ax.add_patch(
            Rectangle(corner, _CELL_IN, _CELL_IN, facecolor=key.fill, edgecolor="white", linewidth=0.6)
        )
        middle = (corner[0] + _CELL_IN / 2, corner[1] + _CELL_IN / 2)
        ink = palette.text_on(key.fill)
        ax.text(*middle, fixed(key.count or 0, 0), size=_NOTE_PT, ha="center", va="center", color=ink)
    drop = _DROP_IN if axes.staggered else 0.0
    small: dict[str, Any] = {"size": 5.4, "color": palette.TEXT_FAINT}
    for i, text in enumerate(axes.across_limits, start=1):
        ax.text(i * _CELL_IN, low - 0.02 - (i - 1) * drop, text, ha="center", va="top", **small)
    for i, text in enumerate(axes.up_limits, start=1):
        ax.text(side * _CELL_IN + 0.04, low + i * _CELL_IN, text, va="center", **small)
    ax.text(0, low - 0.14 - drop, f"{axes.across} \u2192", size=_ROW_PT, va="top", color=palette.TEXT)
    return y - _square_height(block)


def _row(ax: Axes, key: Key, *, y: float, column: Column) -> float:
    """Draw one key below ``y`` and return where it ends."""
    height = _row_height(key, column)
    middle = y - height / 2
    _SYMBOLS[key.symbol](ax, key, middle, pixel=column.pixel)
    lines = by_clause(key.label, room(_label_width(key, column), _ROW_PT))
    ax.text(
        _left(key), middle, "\n".join(lines), size=_ROW_PT, va="center", linespacing=1.15, color=palette.TEXT
    )
    if key.count is not None:
        ax.text(
            column.width,
            middle,
            fixed(key.count, 0),
            size=_ROW_PT,
            va="center",
            ha="right",
            color=palette.TEXT_FAINT,
        )
    return y - height


def _row_height(key: Key, column: Column) -> float:
    """Return the height of one row."""
    lines = len(by_clause(key.label, room(_label_width(key, column), _ROW_PT)))
    symbol = 2 * key.size * column.pixel if key.symbol == "circle" else _BOX_IN[1]
    return max(lines * _ROW_PT * 1.15 / 72, symbol) + 0.055


def _left(key: Key) -> float:
    """Return where the label begins."""
    return (_WIDE_IN if key.symbol == "arrow" else _BOX_IN[0]) + 0.08


def _label_width(key: Key, column: Column) -> float:
    """Return the room for the label."""
    count = 0.0 if key.count is None else 0.07 * len(fixed(key.count, 0)) + 0.05
    return column.width - _left(key) - count


def _text(
    ax: Axes, lines: Sequence[str], at: tuple[float, float], *, size: float, weight: str, color: str
) -> float:
    """Write lines below a point and return where they end."""
    ax.text(*at, "\n".join(lines), size=size, weight=weight, va="top", linespacing=1.2, color=color)
    return at[1] - len(lines) * size * _LINE


def _box(ax: Axes, key: Key, y: float, *, pixel: float) -> None:
    """Draw a filled box."""
    del pixel
    width, height = _BOX_IN
    line = "#999999" if key.pattern == "open" else palette.TEXT
    corner = (0, y - height / 2)
    ax.add_patch(Rectangle(corner, width, height, facecolor=key.fill, edgecolor=line, linewidth=0.4))
    marks = {"hatch": ("/////", palette.HATCH), "dots": ("....", palette.DOTS)}
    if key.pattern in marks:
        hatch, colour = marks[key.pattern]
        ax.add_patch(
            Rectangle(corner, width, height, facecolor="none", edgecolor=colour, linewidth=0, hatch=hatch)
        )


def _line(ax: Axes, key: Key, y: float, *, pixel: float) -> None:
    """Draw a short line."""
    del pixel
    ax.add_line(Line2D([0.01, _BOX_IN[0]], [y, y], color=key.fill, linewidth=key.size * LINE_PT))


def _arrow(ax: Axes, key: Key, y: float, *, pixel: float) -> None:
    """Draw an arrow in the size of the map's arrows."""
    ends = np.array([[0.0, y], [_WIDE_IN, y]]) / pixel
    ring = arrow(curve(ends[0], ends[1], 0.0), key.size, (0.0, 0.0))
    if ring is not None:
        ax.add_patch(Polygon(ring * pixel, facecolor=key.fill, linewidth=0))


def _circle(ax: Axes, key: Key, y: float, *, pixel: float) -> None:
    """Draw a circle."""
    centre = (_BOX_IN[0] / 2, y)
    ax.add_patch(
        Circle(
            centre,
            key.size * pixel,
            facecolor=key.fill,
            edgecolor=palette.TEXT,
            linewidth=0.8,
            clip_on=False,
        )
    )


_SYMBOLS = {"box": _box, "line": _line, "arrow": _arrow, "circle": _circle}
