"""Geometry as short text: integer steps from vertex to vertex in a 64-letter alphabet.

A stream of whole numbers: for each shape the number of parts, for each part the number of
rings, for each ring the number of vertices, then for each vertex its step from the one before
(x, then y), over the whole stream. Steps are zig-zag coded, so that small steps of either sign
are small numbers; a number is written five bits a letter, the lowest first, and the sixth bit
says that more letters follow. The alphabet is safe in HTML, in JSON and in a script element.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import shapely

if TYPE_CHECKING:
    from geoinno._types import Ints, Shapes

ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
_LETTERS = np.frombuffer(ALPHABET.encode(), dtype=np.uint8)


def encoded(shapes: Shapes, *, corner: tuple[float, float], quantum: float) -> str:
    """Return polygons or lines as text, on a grid of ``quantum`` metres from ``corner``."""
    numbers: list[Ints] = []
    pen = np.zeros(2, dtype=np.int64)
    for shape in shapes:
        parts = shapely.get_parts(shape)
        numbers.append(np.array([len(parts)]))
        for part in parts:
            rings = shapely.get_rings(part) if part.geom_type == "Polygon" else np.array([part])
            numbers.append(np.array([len(rings)]))
            for ring in rings:
                grid = np.rint((shapely.get_coordinates(ring) - corner) / quantum).astype(np.int64)
                grid = grid[np.r_[True, np.any(np.diff(grid, axis=0) != 0, axis=1)]]
                numbers += [np.array([len(grid)]), _steps(grid, pen)]
                pen = grid[-1]
    return _text(np.concatenate(numbers)) if numbers else ""


def _steps(grid: Ints, pen: Ints) -> Ints:
    """Return the zig-zag coded steps along a ring, the first from where the pen stands."""
    steps = np.diff(grid, axis=0, prepend=pen[None, :]).ravel()
    return (steps << 1) ^ (steps >> 63)


def _text(numbers: Ints) -> str:
    """Write whole numbers as letters, five bits each, lowest first."""
    columns = []
    rest = numbers
    open_ = np.ones(len(numbers), dtype=bool)
    while open_.any():
        more = rest > 31  # noqa: PLR2004 - five bits
        letter = _LETTERS[(rest & 31) | (more << 5)]
        columns.append(np.where(open_, letter, 0))
        open_ = open_ & more
        rest = rest >> 5
    letters = np.stack(columns, axis=1).astype(np.uint8).ravel()
    return letters[letters != 0].tobytes().decode()
