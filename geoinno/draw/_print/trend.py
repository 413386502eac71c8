"""Lines over the years in matplotlib."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING

import matplotlib as mpl
import numpy as np

from geoinno.draw import palette
from geoinno.draw._layers.headings import in_words
from geoinno.draw._layers.words import number
from geoinno.draw._print.frame import MM, Plot, font, plain_axes
from geoinno.draw._print.line_breaks import balanced

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

_STYLES = ("-", "--", "-.", ":")
_BAND = 0.18
# What measures are called where their columns have short names.
_MEASURES = MappingProxyType(
    {
        "sd": "standard deviation",
        "cv": "coefficient of variation",
        "gini": "Gini index",
        "theil": "Theil index",
    }
)
# The room of a name, in sizes of its letters, and the height of its lines as a share of the plot.
_ROOM, _LINE = 10.0, 0.045


def trend_figure(
    table: pd.DataFrame,
    bands: tuple[pd.DataFrame, pd.DataFrame] | None,
    *,
    words: tuple[str, str],
    width_mm: float,
) -> Figure:
    """Return a line for each column, its name at its end, over bands where there are some."""
    title, unit = words
    width = width_mm / MM
    with mpl.rc_context(font()):
        figure = Plot(figsize=(width, 0.6 * width), facecolor="white", layout="constrained")
        ax = figure.add_subplot()
        for place, name in enumerate(table.columns):
            tone = palette.CATEGORIES[place % len(palette.CATEGORIES)]
            if bands is not None:
                low, high = (band[name].to_numpy(float) for band in bands)
                ax.fill_between(table.index, low, high, color=tone, alpha=_BAND, linewidth=0)
            style = _STYLES[place % len(_STYLES)]
            ax.plot(table.index, table[name], color=tone, linestyle=style, linewidth=1.6)
        _name(ax, table)
        _dress(ax, title, unit)
    return figure


def _name(ax: Axes, table: pd.DataFrame) -> None:
    """Write each name at the end of its line, spread out where lines end close together."""
    last = table.iloc[-1].astype(float).dropna().sort_values()
    low, high = ax.get_ylim()
    lines = [balanced(_MEASURES.get(str(name), in_words(name)), _ROOM) for name in last.index]
    tall = np.array([_LINE * len(words) + 0.01 for words in lines]) * (high - low)
    heights = last.to_numpy().copy()
    for i in range(1, len(heights)):
        heights[i] = max(heights[i], heights[i - 1] + (tall[i - 1] + tall[i]) / 2)
    heights -= max(0.0, float(heights.max() - high)) if len(heights) else 0.0
    for name, height, words in zip(last.index, heights, lines, strict=True):
        place = int(np.flatnonzero(table.columns == name)[0])
        tone = palette.CATEGORIES[place % len(palette.CATEGORIES)]
        ax.annotate(
            "\n".join(words), (1, height), xycoords=ax.get_yaxis_transform(), xytext=(4, 0),
            textcoords="offset points", color=tone, size=7, va="center", annotation_clip=False,
        )  # fmt: skip


def _dress(ax: Axes, title: str, unit: str) -> None:
    """Write axes and title."""
    ax.set_ylabel(unit, size=7.5)
    ax.yaxis.set_major_formatter(lambda v, _: number(v, 3))
    ax.margins(x=0)
    plain_axes(ax, title, grid=True)
