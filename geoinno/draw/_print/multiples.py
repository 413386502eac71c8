"""Small multiples in print: one small map for each time, beside one legend."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np

from geoinno.draw import palette
from geoinno.draw._print.flows import pixel_points
from geoinno.draw._print.frame import EDGE_IN, SIDE_IN, titled_figure
from geoinno.draw._print.legend import Column, legend_height, legends
from geoinno.draw._print.line_breaks import labels_above
from geoinno.draw._print.map import draw_map
from geoinno.draw._print.views import views

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from geoinno.draw._layers.layer import Legend
    from geoinno.draw._scene.composition import Composition

_MOST_COLUMNS = 4
_LABEL_IN, _LABEL_PT = 0.17, 7.6


def moments(sheet: Composition) -> list[Composition]:
    """Return the sheet at each of its times; none if it has no times."""
    fills = sheet.fills
    if len(fills) < 2 or not all(layer.period for layer in fills):  # noqa: PLR2004 - one is no series
        return []
    return views(sheet)


@dataclass(frozen=True, slots=True)
class _Grid:
    """Cells of one size, row by row from the top left, in inches."""

    columns: int
    cell: float
    tall: float
    label: float

    def corner(self, i: int) -> tuple[float, float]:
        """Return how far right and how far down a cell begins."""
        return i % self.columns * (self.cell + EDGE_IN), i // self.columns * (self.tall + self.label)


def multiples(sheet: Composition, series: list[Composition], width: float) -> Figure:
    """Return all times on one figure, ``width`` inches wide."""
    blocks = _common_legends(series)
    room = width - SIDE_IN - 3 * EDGE_IN
    grid, names = _grid(sheet, [moment.layers[0].period for moment in series], room)
    rows = int(np.ceil(len(series) / grid.columns))
    column = Column(SIDE_IN, pixel_points(room * 72) / 72)
    body = max(rows * (grid.tall + grid.label), legend_height(blocks, column))
    figure, top, bottom = titled_figure(sheet, width, body)
    height = top + body + bottom
    for i, moment in enumerate(series):
        right, down = grid.corner(i)
        left, up = (EDGE_IN + right) / width, top + down + grid.label
        label: Any = {"size": _LABEL_PT, "weight": "bold", "color": palette.TEXT}
        figure.text(left, 1 - (up - _LABEL_IN / 4) / height, names[i], **label)
        low = 1 - (up + grid.tall) / height
        ax = figure.add_axes((left, low, grid.cell / width, grid.tall / height))
        draw_map(ax, moment, scaled=i == 0)
    ax = figure.add_axes(((room + 2 * EDGE_IN) / width, bottom / height, SIDE_IN / width, body / height))
    legends(ax, blocks, column, height=body)
    return figure


def _common_legends(series: list[Composition]) -> list[Legend]:
    """Return the legends that serve all times: without counts, notes and names of one of them."""
    first, *rest = series
    fills, *overlays = first.layers
    others = [moment.layers[0].legends[0] for moment in rest]
    blocks = []
    for legend in fills.legends:
        keys = tuple(replace(key, count=None) for key in legend.keys)
        note = legend.note if all(other.note == legend.note for other in others) else ""
        title = legend.title if all(other.title == legend.title for other in others) else ""
        blocks.append(replace(legend, keys=keys, note=note, title=title))
    return [*blocks, *(legend for layer in overlays for legend in layer.legends if legend.title)]


def _grid(sheet: Composition, periods: list[str], room: float) -> tuple[_Grid, list[str]]:
    """Return a grid of a map for each period, ``room`` inches wide, and the periods as they stand above.

    Each map has the shape of the sheet's frame.
    """
    x0, y0, x1, y1 = sheet.scene.frame
    columns = min(_MOST_COLUMNS, int(np.ceil(np.sqrt(len(periods)))))
    cell = (room - (columns - 1) * EDGE_IN) / columns
    names, label = labels_above(periods, cell, size=_LABEL_PT, line=_LABEL_IN)
    return _Grid(columns, cell, cell * float(np.clip((y1 - y0) / (x1 - x0), 0.45, 1.25)), label), names
