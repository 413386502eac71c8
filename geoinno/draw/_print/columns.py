"""Legends below a map in print, in as many columns as there is room for."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from geoinno.draw._layers.layer import Legend
from geoinno.draw._print.flows import pixel_points
from geoinno.draw._print.legend import Column, legend_height, legends

if TYPE_CHECKING:
    from collections.abc import Sequence

    from matplotlib.figure import Figure

    from geoinno.draw._layers.layer import Layer

# Below a map, and between columns, whose counts stand at their right.
GAP_IN, _BETWEEN_IN = 0.12, 0.26
# Wider, the number of regions would stand far from the class that it belongs to.
_LEGEND_IN, _WIDEST_IN = 1.55, 2.4
# A legend is split where its pieces keep so many rows.
_FEWEST_KEYS = 4


def blocks_of(layers: Sequence[Layer]) -> list[Legend]:
    """Return the legends of layers that have something to say."""
    return [legend for layer in layers for legend in layer.legends if legend.title]


def legend_columns(blocks: list[Legend], cell: float) -> list[tuple[Column, list[Legend]]]:
    """Return legends in columns below a map, each to the column that is the shortest so far."""
    room = int((cell + _BETWEEN_IN) / (_LEGEND_IN + _BETWEEN_IN))
    blocks = _split(blocks, room - len(blocks) + 1)
    count = max(1, min(len(blocks), room))
    share = (cell - (count - 1) * _BETWEEN_IN) / count
    column = Column(min(share, _WIDEST_IN), pixel_points(cell * 72) / 72)
    filled: list[tuple[Column, list[Legend]]] = [(column, []) for _ in range(count)]
    for block in blocks:
        min(filled, key=lambda one: legend_height(one[1], column))[1].append(block)
    return filled


def _split(blocks: list[Legend], most: int) -> list[Legend]:
    """Return legends with the longest in up to so many pieces, where there are more columns than legends."""
    longest = max(blocks, key=lambda block: len(block.keys), default=None)
    if longest is None or longest.square is not None:
        return blocks
    pieces = min(most, len(longest.keys) // _FEWEST_KEYS)
    if pieces < 2:  # noqa: PLR2004 - one piece is the legend itself
        return blocks
    size = -(-len(longest.keys) // pieces)
    parts = [longest.keys[i : i + size] for i in range(0, len(longest.keys), size)]
    # A blank title keeps the rows of all pieces level.
    heads = [longest.title, *["\u00a0"] * (len(parts) - 1)]
    notes = [*[""] * (len(parts) - 1), longest.note]
    split = [Legend(*piece) for piece in zip(heads, parts, notes, strict=True)]
    split[0] = replace(split[0], factor=longest.factor)
    at = blocks.index(longest)
    return [*blocks[:at], *split, *blocks[at + 1 :]]


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
