"""Legends below a map in print, in as many columns as there is room for."""

from __future__ import annotations

from typing import TYPE_CHECKING

from geoinno.draw._print.flows import pixel_points
from geoinno.draw._print.legend import Column, legend_height, legends

if TYPE_CHECKING:
    from collections.abc import Sequence

    from matplotlib.figure import Figure

    from geoinno.draw._layers.layer import Layer, Legend

# Below a map, and between columns, whose counts stand at their right.
GAP_IN, _BETWEEN_IN = 0.12, 0.26
# Wider, the number of regions would stand far from the class that it belongs to.
_LEGEND_IN, _WIDEST_IN = 1.55, 2.4


def blocks_of(layers: Sequence[Layer]) -> list[Legend]:
    """Return the legends of layers that have something to say."""
    return [legend for layer in layers for legend in layer.legends if legend.title]


def legend_columns(blocks: list[Legend], cell: float) -> list[tuple[Column, list[Legend]]]:
    """Return legends in columns below a map, each to the column that is the shortest so far."""
    count = max(1, min(len(blocks), int((cell + _BETWEEN_IN) / (_LEGEND_IN + _BETWEEN_IN))))
    share = (cell - (count - 1) * _BETWEEN_IN) / count
    column = Column(min(share, _WIDEST_IN), pixel_points(cell * 72) / 72)
    filled: list[tuple[Column, list[Legend]]] = [(column, []) for _ in range(count)]
    for block in blocks:
        min(filled, key=lambda one: legend_height(one[1], column))[1].append(block)
    return filled


def depth(columns: list[tuple[Column, list[Legend]]]) -> float:
    """Return the height of the deepest column of legends."""
    return max(legend_height(blocks, column) for column, blocks in columns)


def draw_columns(
    figure: Figure,
    columns: list[tuple[Column, list[Legend]]],
    *,
    corner: tuple[float, float],
    page: tuple[float, float],
) -> None:
    """Draw legends, column beside column, from a corner in inches from the top left."""
    (left, up), (width, height) = corner, page
    for i, (column, blocks) in enumerate(columns):
        tall = legend_height(blocks, column)
        low = (left + i * (column.width + _BETWEEN_IN)) / width, 1 - (up + tall) / height
        side = figure.add_axes((*low, column.width / width, tall / height))
        legends(side, blocks, column, height=tall)
