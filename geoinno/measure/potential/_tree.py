"""The order in which points stand in a tree, and its nodes: countries first, then halves of their points."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np
from scipy.spatial import cKDTree

if TYPE_CHECKING:
    from geoinno._types import Floats, Ints


# Leaves of a few points cost less to sum than to open. Groups are done one after the other, each from the
# root of the tree down to its own smallest nodes.
_LEAF = 15
_GROUP = 1024


def order(xyz: Floats, country: Ints) -> tuple[Ints, Ints]:
    """Return the points in an order that keeps countries together and near points near, and their ends.

    ``country`` counts from 0. The second answer is where each country begins, and where the last ends.
    """
    by_country = np.argsort(country, kind="stable")
    ends = np.append(0, np.cumsum(np.bincount(country)))
    runs = [by_country[a:b] for a, b in pairwise(ends)]
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


def nodes(ends: Ints) -> Ints:
    """Return for each node its start and end, first child (-1 for none), and first and last country.

    Nodes of several countries part between countries, others in the middle of their points.
    """
    level = np.array([[0, ends[-1], -1, 0, len(ends) - 2]])
    levels, known = [], 1
    while len(level):
        parted = (level[:, 3] < level[:, 4]) | (level[:, 1] - level[:, 0] > _LEAF)
        level[parted, 2] = known + 2 * np.arange(parted.sum())
        levels.append(level)
        known += 2 * int(parted.sum())
        level = _children(level[parted], ends)
    return np.concatenate(levels)


def _children(parents: Ints, ends: Ints) -> Ints:
    """Return the two halves of each node, side by side."""
    start, end, _, first, last = parents.T
    later = (first + last + 1) // 2
    middle = np.where(first < last, ends[later], start + (end - start) // 2)
    none = np.full(len(parents), -1)
    below = np.column_stack([start, middle, none, first, np.maximum(later - 1, first)])
    above = np.column_stack([middle, end, none, later, last])
    return np.column_stack([below, above]).reshape(-1, 5)


def groups(nodes: Ints) -> Ints:
    """Return the topmost nodes that are small and within one country, in the order of their points.

    Together they hold every point.
    """
    start, end, child, first, last = nodes.T
    # Topmost: small enough itself, while its parent (-1 for the root) is not.
    small = (end - start <= _GROUP) & (first == last)
    parent = np.full(len(nodes), -1)
    inner = np.flatnonzero(child >= 0)
    parent[child[inner]] = parent[child[inner] + 1] = inner
    topmost = np.flatnonzero(small & ((parent < 0) | ~small[parent]))
    return topmost[np.argsort(start[topmost])]
