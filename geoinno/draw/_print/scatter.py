"""The Moran scatter in matplotlib."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import matplotlib as mpl
import numpy as np
from matplotlib.patheffects import withStroke

from geoinno.draw import palette
from geoinno.draw._layers.scatter import CLUSTER_KINDS
from geoinno.draw._layers.words import CLUSTER_WORDS, number
from geoinno.draw._print.frame import MM, Plot, font, plain_axes

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from geoinno.draw._layers.scatter import Scatter

_CORNERS = (("HH", 0.985, 0.985), ("LL", 0.015, 0.015), ("HL", 0.985, 0.015), ("LH", 0.015, 0.985))
_MIDDLE = 0.5
# Shares of the axes that a name takes, and where names turn to the left so that they stay on the plot.
_ROOM, _TURN = np.array([0.25, 0.055]), 0.6


def scatter_figure(scatter: Scatter, *, title: str, width_mm: float) -> Figure:
    """Return the scatter with its line, its quadrants and the names of chosen points."""
    width = width_mm / MM
    with mpl.rc_context(font()):
        figure = Plot(figsize=(width, 0.9 * width), facecolor="white", layout="constrained")
        ax = figure.add_subplot()
        _points(ax, scatter)
        _line(ax, scatter)
        _dress(ax, scatter, title)
        ax.legend(fontsize=6.5, frameon=False, loc="upper center", bbox_to_anchor=(0.5, -0.14), ncols=2)
    return figure


def _points(ax: Axes, scatter: Scatter) -> None:
    """Draw a point for each region in the colour of its cluster, and name some."""
    labels = np.asarray(scatter.label)
    for kind in ("not significant", *CLUSTER_KINDS):
        here = labels == kind
        ax.scatter(
            scatter.value[here],
            scatter.lag[here],
            s=22,
            facecolor=palette.CLUSTERS[kind],
            edgecolor="#595959",
            linewidth=0.4,
            label=f"{CLUSTER_WORDS[kind]} ({here.sum()})",
        )
    low, high = scatter.value.min(), scatter.value.max()
    for i in _apart(scatter):
        spot = (scatter.value[i], scatter.lag[i])
        right = spot[0] > low + _TURN * (high - low)
        place: Any = {"xytext": (-4 if right else 4, 3), "ha": "right" if right else "left"}
        place["path_effects"] = [withStroke(linewidth=2, foreground="white")]
        ax.annotate(scatter.name[i], spot, **place, textcoords="offset points", size=6.5)


def _apart(scatter: Scatter) -> list[int]:
    """Return the points to name, those with the largest statistics first, without names on each other."""
    spots = np.column_stack([scatter.value, scatter.lag])
    share = spots / np.ptp(spots, axis=0)
    chosen: list[int] = []
    for i in np.argsort(-np.abs(scatter.value * scatter.lag), kind="stable"):
        clear = all((np.abs(share[i] - share[j]) > _ROOM).any() for j in chosen)
        if scatter.name[i] and clear:
            chosen.append(int(i))
    return chosen


def _line(ax: Axes, scatter: Scatter) -> None:
    """Draw the line whose slope is Moran's I, and the axes that part the quadrants."""
    ends = np.array([scatter.value.min(), scatter.value.max()])
    words = f"slope {number(scatter.slope, 3)}"
    ax.plot(ends, scatter.slope * ends, color=palette.TEXT, linewidth=1, label=words)
    ax.axhline(0, color="#a6a6a6", linewidth=0.6, zorder=0)
    ax.axvline(0, color="#a6a6a6", linewidth=0.6, zorder=0)


def _dress(ax: Axes, scatter: Scatter, title: str) -> None:
    """Write axes, quadrants and title."""
    for quadrant, x, y in _CORNERS:
        ax.text(
            x,
            y,
            quadrant,
            transform=ax.transAxes,
            size=7,
            color=palette.TEXT_FAINT,
            ha="right" if x > _MIDDLE else "left",
            va="top" if y > _MIDDLE else "bottom",
            path_effects=[withStroke(linewidth=2, foreground="white")],
            zorder=5,
        )
    ax.set_xlabel(scatter.xlabel, size=7.5)
    ax.set_ylabel(scatter.ylabel, size=7.5)
    plain_axes(ax, title)
