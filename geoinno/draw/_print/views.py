"""Several views in print: each a map of its own with its legends, two to a row."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np

from geoinno.draw import palette
from geoinno.draw._print.flows import pixel_points
from geoinno.draw._print.frame import EDGE_IN, titled_figure
from geoinno.draw._print.legend import Column, legend_height, legends
from geoinno.draw._print.map import draw_map

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from geoinno.draw._layers.layer import Legend
    from geoinno.draw._scene.composition import Composition

_COLUMNS = 2
_LABEL_IN, _LABEL_PT = 0.22, 8.4
# Below a map its legends stand in as many columns as there is room for.
# Wider, the number of regions would stand far from the class that it belongs to.
_LEGEND_IN, _WIDEST_IN, _GAP_IN = 1.6, 2.4, 0.12


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
    columns = [_columns(_blocks(view), cell) for view in each]
    rows = [columns[i : i + _COLUMNS] for i in range(0, len(each), _COLUMNS)]
    heights = [_LABEL_IN + _row_height(row, tall) + _GAP_IN for row in rows]
    figure, top, bottom = titled_figure(sheet, width, sum(heights))
    page = width, top + sum(heights) + bottom
    for i, view in enumerate(each):
        row, column = divmod(i, _COLUMNS)
        left, up = EDGE_IN + column * (cell + EDGE_IN), top + sum(heights[:row])
        _view(figure, view, box=(left, up, cell, tall), page=page)
        beside = left + cell + EDGE_IN, up + _LABEL_IN
        corner = beside if len(rows[row]) == 1 else (left, up + _LABEL_IN + tall + _GAP_IN)
        _legends(figure, columns[i], corner=corner, page=page)
    return figure


def _row_height(row: list[list[tuple[Column, list[Legend]]]], tall: float) -> float:
    """Return the height of maps with their legends, which stand below, or beside the only one of a row."""
    deep = max(map(_depth, row))
    return tall + _GAP_IN + deep if len(row) > 1 else max(tall, deep)


def _view(
    figure: Figure, view: Composition, *, box: tuple[float, float, float, float], page: tuple[float, float]
) -> None:
    """Draw one view: its name and its map, at a place in inches from the top left."""
    (left, up, cell, tall), (width, height) = box, page
    label: Any = {"size": _LABEL_PT, "weight": "bold", "color": palette.TEXT}
    figure.text(left / width, 1 - (up + _LABEL_IN * 0.75) / height, view.layers[0].name, **label)
    low = up + _LABEL_IN + tall
    draw_map(figure.add_axes((left / width, 1 - low / height, cell / width, tall / height)), view)


def _legends(
    figure: Figure,
    columns: list[tuple[Column, list[Legend]]],
    *,
    corner: tuple[float, float],
    page: tuple[float, float],
) -> None:
    """Draw the legends of a view, column beside column, from a corner in inches from the top left."""
    (left, up), (width, height) = corner, page
    for i, (column, blocks) in enumerate(columns):
        depth = legend_height(blocks, column)
        low = (left + i * (column.width + _GAP_IN)) / width, 1 - (up + depth) / height
        side = figure.add_axes((*low, column.width / width, depth / height))
        legends(side, blocks, column, height=depth)


def _blocks(view: Composition) -> list[Legend]:
    """Return the legends of one view and of what lies above it."""
    return [legend for layer in view.layers for legend in layer.legends if legend.title]


def _columns(blocks: list[Legend], cell: float) -> list[tuple[Column, list[Legend]]]:
    """Return legends in columns below a map, each to the column that is the shortest so far."""
    count = max(1, min(len(blocks), int((cell + _GAP_IN) / (_LEGEND_IN + _GAP_IN))))
    share = (cell - (count - 1) * _GAP_IN) / count
    column = Column(min(share, _WIDEST_IN), pixel_points(cell * 72) / 72)
    filled: list[tuple[Column, list[Legend]]] = [(column, []) for _ in range(count)]
    for block in blocks:
        min(filled, key=lambda one: legend_height(one[1], column))[1].append(block)
    return filled


def _depth(columns: list[tuple[Column, list[Legend]]]) -> float:
    """Return the height of the deepest column of legends."""
    return max(legend_height(blocks, column) for column, blocks in columns)
