"""The order in which points stand in a tree, and its nodes: countries first, then halves of their points."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from scipy.spatial import cKDTree

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]

_LEAF = 8
_GROUP = 48


def order(xyz: Floats, country: Ints) -> tuple[Ints, Ints]:
    """Return the points in an order that keeps countries together and near points near, and their ends.

    ``country`` counts from 0. The second answer is where each country begins, and where the last ends.
    """
    by_country = np.argsort(country, kind="stable")
    ends = np.append(0, np.cumsum(np.bincount(country)))
    runs = [by_country[a:b] for a, b in zip(ends[:-1], ends[1:], strict=True)]
    middle = np.add.reduceat(xyz[by_country], ends[:-1]) / np.diff(ends)[:, None]
    sequence = cKDTree(middle, leafsize=1).indices
    placed = [runs[c][_halves(xyz[runs[c]])] for c in sequence]
    return np.concatenate(placed), np.append(0, np.cumsum([len(run) for run in placed]))


def _halves(xyz: Floats) -> Ints:
    """Return the order of points in a tree of halves."""
    if len(xyz) <= _LEAF:
        return np.arange(len(xyz))
    indices: Ints = cKDTree(xyz, leafsize=_LEAF // 2).indices
    return indices


def branches(ends: Ints) -> tuple[Ints, Ints, Ints, Ints]:
    """Return start, end, first child (-1 for none), and first and last country of each node.

    Nodes of several countries part between countries, others in the middle of their points.
    """
    start, end = np.zeros(1, np.int64), ends[-1:]
    nations = np.array([[0, len(ends) - 2]])
    levels, known = [], 1
    while len(start):
        mixed = nations[:, 0] < nations[:, 1]
        parted = mixed | (end - start > _LEAF)
        child = np.full(len(start), -1)
        child[parted] = known + 2 * np.arange(parted.sum())
        levels.append((start, end, child, nations))
        known += 2 * int(parted.sum())
        start, end, nations = _children(start[parted], end[parted], nations[parted], ends)
    joined = [np.concatenate(parts) for parts in zip(*levels, strict=True)]
    return joined[0], joined[1], joined[2], joined[3]


def _children(start: Ints, end: Ints, nations: Ints, ends: Ints) -> tuple[Ints, Ints, Ints]:
    """Return the two halves of each node, side by side."""
    first, last = nations.T
    later = (first + last + 1) // 2
    mixed = first < last
    middle = np.where(mixed, ends[later], start + (end - start) // 2)
    below = np.column_stack([first, np.where(mixed, later - 1, last)])
    above = np.column_stack([np.where(mixed, later, first), last])
    return (
        np.column_stack([start, middle]).ravel(),
        np.column_stack([middle, end]).ravel(),
        np.column_stack([below, above]).reshape(-1, 2),
    )


def groups(start: Ints, end: Ints, child: Ints, nations: Ints) -> Ints:
    """Return the topmost nodes that are small and within one country; together they hold every point."""
    small = (end - start <= _GROUP) & (nations[:, 0] == nations[:, 1])
    parent = np.full(len(start), -1)
    inner = np.flatnonzero(child >= 0)
    parent[child[inner]] = parent[child[inner] + 1] = inner
    return np.flatnonzero(small & ((parent < 0) | ~small[parent]))
