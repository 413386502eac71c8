"""Prominence by sinking water: regions come up from the highest down, and rising areas merge as they meet."""

from __future__ import annotations

import numpy as np

from geoinno._kernels.compiling import compiled


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
    first = np.arange(len(level))
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
def _meeting(plateau, start, links, place, area, begin):
    """Return the summits of the areas that meet at a plateau, once for each link to them.

    An area is known by its summit, the root of all its regions.
    """
    met = []
    for i in plateau:
        for k in range(start[i], start[i + 1]):
            if place[links[k]] < begin:
                met.append(_root(area, links[k]))  # noqa: PERF401 - numba
    return met


@compiled(nogil=True)
def summits(level, start, links):
    """Return for each region the pass of its summit, the summit it yields to, and the one it rises to.

    ``level`` has the ranks of heights, 0 for the highest, equal where heights are; ``start`` and
    ``links`` are the pointers and neighbours of a symmetric sparse matrix. The pass is the region at
    which a summit meets a higher one: -1 for regions that are no summit, and the own number for
    the highest of each connected part. Ties go to the region that comes first.
    """
    count = len(level)
    first = _plateaus(level, start, links)
    order = np.argsort(level * count + first, kind="mergesort")
    place = np.empty(count, np.int64)
    place[order] = np.arange(count)
    area = np.arange(count)
    pass_at, yields_to = np.full(count, -1), np.full(count, -1)
    rises_to = np.empty(count, np.int64)
    end = 0
    while end < count:
        begin, end = end, _end(order, first, end)
        plateau = order[begin:end]
        higher = _highest(plateau, start, links, place, begin)
        if higher < 0:
            pass_at[plateau[0]] = plateau[0]
            area[plateau], rises_to[plateau] = plateau[0], plateau[0]
        else:
            met = _meeting(plateau, start, links, place, area, begin)
            winner = met[np.argmin(place[np.array(met)])]
            for summit in met:
                if summit != winner:
                    pass_at[summit], yields_to[summit], area[summit] = plateau[0], winner, winner
            area[plateau] = winner
            rises_to[plateau] = rises_to[higher]
    return pass_at, yields_to, rises_to
