"""Prominence by sinking water: regions come up from the highest down, and rising areas merge as they meet."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from geoinno._kernels.compiling import compiled

if TYPE_CHECKING:
    from geoinno._types import Ints


@compiled(nogil=True)
def _root(parent, i):
    """Return the root of ``i``, halving the way there."""
    while parent[i] != i:
        parent[i] = parent[parent[i]]
        i = parent[i]
    return i


@compiled(nogil=True)
def _plateaus(level, start, links):
    """Return for each region the first of the linked regions on the same level."""
    first = np.empty(len(level), np.int64)
    for i in range(len(level)):
        first[i] = i
    for i in range(len(level)):
        for k in range(start[i], start[i + 1]):
            if level[links[k]] == level[i]:
                a, b = _root(first, i), _root(first, links[k])
                first[max(a, b)] = min(a, b)
    for i in range(len(level)):
        first[i] = _root(first, i)
    return first


@compiled(nogil=True)
def _end(order, first, begin):
    """Return where in the order the plateau that begins here ends."""
    end = begin + 1
    while end < len(order) and first[order[end]] == first[order[begin]]:
        end += 1
    return end


@compiled(nogil=True)
def _highest(plateau, start, links, place, begin):
    """Return the highest neighbour of a plateau that has come up before it, or -1."""
    best, top = -1, begin
    for i in plateau:
        for k in range(start[i], start[i + 1]):
            if place[links[k]] < top:
                best, top = links[k], place[links[k]]
    return best


@compiled(nogil=True)
def _highest_summit(plateau, start, links, place, area, begin):
    """Return the highest summit of the areas that meet at a plateau.

    An area is known by its summit, the root of all its regions.
    """
    best, top = -1, begin
    for i in plateau:
        for k in range(start[i], start[i + 1]):
            if place[links[k]] < begin:
                summit = _root(area, links[k])
                if place[summit] < top:
                    best, top = summit, place[summit]
    return best


@compiled(nogil=True)
def _yield(plateau, start, links, place, area, winner, pass_at, yields_to):
    """Let the other summits whose areas meet at a plateau yield to the highest."""
    begin = place[plateau[0]]
    for i in plateau:
        for k in range(start[i], start[i + 1]):
            if place[links[k]] < begin:
                summit = _root(area, links[k])
                if summit != winner:
                    pass_at[summit], yields_to[summit], area[summit] = plateau[0], winner, winner


@compiled(nogil=True)
def _sunk(order, first, start, links):
    """Let regions come up in this order, and return what `summits` does.

    Plain loops: sorting, lists and indexing by arrays would take four times as long to compile.
    """
    count = len(order)
    place, area, rises_to = np.empty(count, np.int64), np.empty(count, np.int64), np.empty(count, np.int64)
    pass_at, yields_to = np.empty(count, np.int64), np.empty(count, np.int64)
    for k in range(count):
        place[order[k]] = k
        area[k], pass_at[k], yields_to[k] = k, -1, -1
    end = 0
    while end < count:
        begin, end = end, _end(order, first, end)
        plateau = order[begin:end]
        higher = _highest(plateau, start, links, place, begin)
        if higher < 0:
            winner = top = plateau[0]
            pass_at[winner] = winner
        else:
            winner, top = _highest_summit(plateau, start, links, place, area, begin), rises_to[higher]
            _yield(plateau, start, links, place, area, winner, pass_at, yields_to)
        for i in plateau:
            area[i], rises_to[i] = winner, top
    return pass_at, yields_to, rises_to


def summits(level: Ints, start: Ints, links: Ints) -> tuple[Ints, Ints, Ints]:
    """Return for each region the pass of its summit, the summit it yields to, and the one it rises to.

    ``level`` has the ranks of heights, 0 for the highest, equal where heights are; ``start`` and
    ``links`` are the pointers and neighbours of a symmetric sparse matrix. The pass is the region at
    which a summit meets a higher one: -1 for regions that are no summit, and the own number for
    the highest of each connected part. Ties go to the region that comes first.
    """
    first = _plateaus(level, start, links)
    order = np.argsort(level * len(level) + first, kind="stable")
    answer: tuple[Ints, Ints, Ints] = _sunk(order, first, start, links)
    return answer
