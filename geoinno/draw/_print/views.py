"""Several views in print: each a map of its own with its legends, two to a row."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np

from geoinno.draw import palette
from geoinno.draw._print.columns import GAP_IN, blocks_of, depth, draw_columns, legend_columns
from geoinno.draw._print.frame import EDGE_IN, titled_figure
from geoinno.draw._print.line_breaks import labels_above
from geoinno.draw._print.map import draw_map

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from geoinno.draw._layers.layer import Legend
    from geoinno.draw._print.legend import Column
    from geoinno.draw._scene.composition import Composition

_COLUMNS = 2
_LABEL_IN, _LABEL_PT = 0.22, 8.4


def views(sheet: Composition) -> list[Composition]:
    """Return the sheet with each of its views alone, under everything that lies above them all."""
    fills = [i for i, layer in enumerate(sheet.layers) if layer.kind == "fills"]
    rest = [i for i, layer in enumerate(sheet.layers) if layer.kind != "fills"]
    return [_only(sheet, [i, *rest]) for i in fills]


def _only(sheet: Composition, chosen: list[int]) -> Composition:
    """Return the sheet with some of its layers alone."""
    set_of = tuple(sheet.scene.set_of[i] for i in chosen)
    layers = tuple(sheet.layers[i] for i in chosen)
    return replace(sheet, layers=layers, scene=replace(sheet.scene, set_of=set_of))


def views_figure(sheet: Composition, width: float) -> Figure:
    """Return all views on one figure, ``width`` inches wide, row by row, each above its legends.

    The legends of a view that is alone in the last row stand beside it, where the row would be empty.
    """
    each = views(sheet)
    cell = (width - (_COLUMNS + 1) * EDGE_IN) / _COLUMNS
    x0, y0, x1, y1 = sheet.scene.frame
    tall = cell * float(np.clip((y1 - y0) / (x1 - x0), 0.45, 1.25))
    columns = [legend_columns(blocks_of(view.layers), cell) for view in each]
    rows = [columns[i : i + _COLUMNS] for i in range(0, len(each), _COLUMNS)]
    names, label = labels_above([v.layers[0].name for v in each], cell, size=_LABEL_PT, line=_LABEL_IN)
    heights = [label + _row_height(row, tall) + GAP_IN for row in rows]
    figure, top, bottom = titled_figure(sheet, width, sum(heights))
    page = width, top + sum(heights) + bottom
    for i, view in enumerate(each):
        row, column = divmod(i, _COLUMNS)
        left, up = EDGE_IN + column * (cell + EDGE_IN), top + sum(heights[:row]) + label
        _view(figure, view, names[i], box=(left, up, cell, tall), page=page)
        beside = left + cell + EDGE_IN, up
        corner = beside if len(rows[row]) == 1 else (left, up + tall + GAP_IN)
        draw_columns(figure, columns[i], corner=corner, page=page)
    return figure


def _row_height(row: list[list[tuple[Column, list[Legend]]]], tall: float) -> float:
    """Return the height of maps with their legends, which stand below, or beside the only one of a row."""
    deep = max(map(depth, row))
    return tall + GAP_IN + deep if len(row) > 1 else max(tall, deep)


def _view(
    figure: Figure,
    view: Composition,
    name: str,
    *,
    box: tuple[float, float, float, float],
    page: tuple[float, float],
) -> None:
    """Draw one view: its map, at a place in inches from the top left, and its name above it."""
    (left, up, cell, tall), (width, height) = box, page
    label: Any = {"size": _LABEL_PT, "weight": "bold", "color": palette.TEXT}
    # The last line of the name is anchored: others lie above it.
    figure.text(left / width, 1 - (up - _LABEL_IN / 4) / height, name, **label)
    low = up + tall
    draw_map(figure.add_axes((left / width, 1 - low / height, cell / width, tall / height)), view)
