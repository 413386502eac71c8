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
    parts, shape = shapely.get_parts(shapes, return_index=True)
    rings, part = _rings(parts)
    points, ring = shapely.get_coordinates(rings, return_index=True)
    grid = np.rint((points - corner) / quantum).astype(np.int64)
    moved = np.diff(ring, prepend=-1) > 0
    moved[1:] |= np.any(np.diff(grid, axis=0) != 0, axis=1)
    grid, ring = grid[moved], ring[moved]
    return _text(_stream(_steps(grid), ring, part, shape=shape, count=len(shapes)))


def _rings(parts: Shapes) -> tuple[Shapes, Ints]:
    """Return the rings of polygons, and lines as they are, in the order of their parts; and these."""
    rings, owner = shapely.get_rings(parts, return_index=True)
    lines = np.flatnonzero(shapely.get_type_id(parts) != shapely.GeometryType.POLYGON)
    part = np.concatenate([owner, lines])
    order = np.argsort(part, kind="stable")
    return np.concatenate([rings, parts[lines]])[order], part[order]


def _steps(grid: Ints) -> Ints:
    """Return the zig-zag coded steps from point to point, the first from the corner."""
    steps = np.diff(grid, axis=0, prepend=0)
    return (steps << 1) ^ (steps >> 63)


def _stream(steps: Ints, ring: Ints, part: Ints, *, shape: Ints, count: int) -> Ints:
    """Return the steps with the counts of parts, rings and points where a reader needs them.

    ``ring`` owns each step, ``part`` each ring, ``shape`` each part. A count stands right before the first of
    what it counts: after all that came before, and after the counts of those that hold it.
    """
    points = np.bincount(ring, minlength=len(part))
    before = np.cumsum(points) - points
    ring_of_part = np.searchsorted(part, np.arange(len(shape) + 1))
    part_of_shape = np.searchsorted(shape, np.arange(count + 1))
    behind = np.append(before, len(ring))
    at_ring = shape[part] + part + np.arange(len(part)) + 2 + 2 * before
    at_part = shape + np.arange(len(shape)) + 1 + ring_of_part[:-1] + 2 * behind[ring_of_part[:-1]]
    first = part_of_shape[:-1]
    at_shape = np.arange(count) + first + ring_of_part[first] + 2 * behind[ring_of_part[first]]
    at_point = at_ring[ring] + 1 + 2 * (np.arange(len(ring)) - before[ring])
    numbers = np.empty(count + len(shape) + len(part) + 2 * len(ring), dtype=np.int64)
    numbers[at_shape], numbers[at_part] = np.diff(part_of_shape), np.diff(ring_of_part)
    numbers[at_ring], numbers[at_point], numbers[at_point + 1] = points, steps[:, 0], steps[:, 1]
    return numbers


def _text(numbers: Ints) -> str:
    """Write whole numbers as letters, five bits each, lowest first."""
    if not len(numbers):
        return ""
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
