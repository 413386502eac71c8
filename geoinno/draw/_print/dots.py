"""Dots with whiskers in matplotlib."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

import matplotlib as mpl
import numpy as np
from matplotlib.ticker import MaxNLocator

from geoinno.draw import palette
from geoinno.draw._layers.words import cut_short, number
from geoinno.draw._print.frame import MM, Plot, font

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from geoinno.draw._layers.dots import Dots

# Millimetres that a row takes, and the title, axis and key above and below.
_ROW, _ROUND = 4.2, 34.0
# Letters of a name that leave room for the dots.
_LETTERS = 30
# So many numbers of five digits have room below the dots.
_TICKS = 5
_BLUE, _ORANGE = "#2c6ea6", "#c8571b"


def dots_figure(dots: Dots, *, title: str, width_mm: float, ax: Axes | None) -> Figure:
    """Return the rows in a figure of their own, or in the axes given."""
    with mpl.rc_context(font()):
        place = _own_axes(len(dots.name), width_mm) if ax is None else ax
        _rows(place, dots)
        _dress(place, dots, title)
    return cast("Figure", place.get_figure(root=True))  # axes that are drawn in have one


def _own_axes(rows: int, width_mm: float) -> Axes:
    """Return the axes of a new figure that is as high as its rows need."""
    height = (_ROUND + _ROW * rows) / MM
    return Plot(figsize=(width_mm / MM, height), facecolor="white", layout="constrained").add_subplot()


def _rows(ax: Axes, dots: Dots) -> None:
    """Draw a whisker, a dot and a mark in each row."""
    rows = np.arange(len(dots.name))
    filled = np.array(dots.filled)
    dot, whisker, mark = dots.words
    ax.hlines(rows, dots.low, dots.high, color=_BLUE, linewidth=1.6, alpha=0.55, label=whisker)
    face = np.where(filled, _BLUE, "white")
    ax.scatter(dots.middle, rows, s=24, color=face, edgecolor=_BLUE, linewidth=0.9, zorder=3, label=dot)
    ax.scatter(dots.mark, rows, s=20, marker="D", facecolor="none", edgecolor=_ORANGE, zorder=4, label=mark)


def _dress(ax: Axes, dots: Dots, title: str) -> None:
    """Write names, axis, key and title."""
    ax.set_yticks(np.arange(len(dots.name)), [cut_short(name, _LETTERS) for name in dots.name], size=6.5)
    ax.set_ylim(len(dots.name) - 0.4, -0.6)
    if dots.reverse:
        ax.invert_xaxis()
    ax.set_xlabel(dots.xlabel, size=7.5)
    ax.tick_params(axis="x", labelsize=7)
    ax.xaxis.set_major_locator(MaxNLocator(_TICKS, steps=(1, 2, 2.5, 5, 10)))
    ax.xaxis.set_major_formatter(lambda v, _: number(v))
    ax.tick_params(axis="y", length=0)
    ax.grid(axis="x", color="#e3e3e3", linewidth=0.6)
    ax.set_axisbelow(True)
    for side in ("top", "right", "left"):
        ax.spines[side].set_visible(False)
    if title:
        ax.set_title(title, loc="left", size=9, weight="bold", color=palette.TEXT)
    # One above the other: side by side, three keys are wider than the dots that they stand under.
    ax.legend(fontsize=6.5, frameon=False, loc="upper left", bbox_to_anchor=(0, -0.06 - 1 / len(dots.name)))
