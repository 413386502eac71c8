"""Which regions share vertices and edges: each vertex leads to those before it at the same place.

Rows are vertices of outlines, region by region. An edge goes by the row at which it starts.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from geoinno._kernels.compiling import compiled
from geoinno._kernels.threads import run_parts

if TYPE_CHECKING:
    from collections.abc import Callable

    from geoinno._types import Bools, Ints

    Pairs = tuple[Ints, Ints]

# Numbers up to which sorting by insertion is faster.
_FEW = 32
# Two numbers in one, to be sorted together.
_HALF, _LOWER = 32, 0xFFFFFFFF
# Ranges of regions that threads look at in one go.
_RANGES = 16


@compiled(nogil=True)
def _longer(array, count, size):
    """Return the first numbers of an array at the start of a longer one."""
    longer = np.empty(size, array.dtype)
    longer[:count] = array[:count]
    return longer


@compiled(nogil=True)
def _in_order(numbers, count):
    """Sort the first numbers of an array in place: by insertion where they are few, as they mostly are."""
    if count > _FEW:
        numbers[:count].sort()
        return
    for e in range(1, count):
        number, place = numbers[e], e
        while place > 0 and numbers[place - 1] > number:
            numbers[place] = numbers[place - 1]
            place -= 1
        numbers[place] = number


@compiled(nogil=True)
def _earlier(j, rows, before, owner, met, others):
    """Collect the earlier regions that hold one of the vertices of region j, each once; return how many."""
    # Its own vertices make it no neighbour of itself.
    met[j], count, latest = j, 0, j
    for r in range(rows[0], rows[1]):
        p = before[r]
        while p >= 0:
            i = owner[p]
            # Most vertices lie on the same border as the one before.
            if i != latest and met[i] != j:
                met[i] = j
                others[count] = i
                count += 1
            latest, p = i, before[p]
    return count


@compiled(nogil=True)
def _touching(regions, begin, before, owner):
    """Return the pairs of regions that hold a vertex together, the later ones in a range of regions."""
    first, second = np.empty(4 * len(begin), np.int32), np.empty(4 * len(begin), np.int32)
    others, met, found = np.empty(len(begin), np.int32), np.full(len(begin), -1, np.int32), 0
    for j in range(regions[0], regions[1]):
        # The last vertex of a region is the first of a ring of it.
        count = _earlier(j, (begin[j], begin[j + 1] - 1), before, owner, met, others)
        if found + count > len(first):
            size = 2 * (found + count)
            first, second = _longer(first, found, size), _longer(second, found, size)
        _in_order(others, count)
        for e in range(count):
            first[found], second[found] = others[e], j
            found += 1
    return first[:found].copy(), second[:found].copy()


@compiled(inline="always")
def _edge_before(r, first, before, ended):
    """Return the last edge before edge r between the same two vertices, or -1.

    Such an edge begins or ends where this one begins, at an earlier row, or right here. As a ring ends with
    the last row, nothing comes before the first.
    """
    end, p, found = first[r + 1], before[r], -1
    if first[r - 1] == end and not ended[r - 1]:
        return r - 1
    while found < 0 and p >= 0:
        if first[p + 1] == end and not ended[p]:
            found = p
        elif first[p - 1] == end and not ended[p - 1]:
            found = p - 1
        p = before[p]
    return found


@compiled(nogil=True)
def _link_edges(rows, first, before, ended, edges):
    """Link each edge of a range of rows to the last one before it between the same two vertices, and back."""
    earlier, later = edges
    for r in range(rows[0], rows[1]):
        earlier[r] = -1
        if not ended[r] and first[r] != first[r + 1]:
            found = _edge_before(r, first, before, ended)
            earlier[r] = found
            if found >= 0:
                # No other edge has this one as the last before it, so that no other thread writes here.
                later[found] = r


@compiled(inline="always")
def _first_edge(edge, earlier):
    """Return the first of all edges between the same two vertices."""
    while earlier[edge] >= 0:
        edge = earlier[edge]
    return edge


@compiled(nogil=True)
def _edges_onward(i, begin, owner, edges, found):
    """Collect the edges that region i shares with later ones, each edge once for each of these.

    For each the later region and its place in the list, and what it is sorted by among those of the same two:
    first the number of holders from the one to the other, which is 1 where no third one lies between them,
    then the first edge of all between the same vertices.
    """
    earlier, later = edges
    other, key = found
    count = 0
    for r in range(begin[i], begin[i + 1] - 1):
        edge, apart, latest, e = _first_edge(r, earlier), 0, i, later[r]
        # A region may hold an edge twice, as on both sides of a meridian: the first one stands for it.
        if earlier[r] >= 0 and owner[earlier[r]] == i:
            e = -1
        while e >= 0:
            if owner[e] != latest:
                latest = owner[e]
                apart += 1
                if count < len(other):
                    other[count], key[count] = np.int64(latest) << _HALF | count, apart << _HALF | edge
                count += 1
            e = later[e]
    return count


@compiled(nogil=True)
def _in_groups(other, key, count):
    """Sort edges by the later region and then by their keys; return the keys in that order."""
    _in_order(other, count)
    sorted_keys, begun, ordered = np.empty(count, np.int64), 0, True
    for e in range(count):
        sorted_keys[e] = key[other[e] & _LOWER]
        if e > begun:
            ordered = ordered and sorted_keys[e] > sorted_keys[e - 1]
        if e + 1 == count or other[e + 1] >> _HALF != other[e] >> _HALF:
            if not ordered:
                sorted_keys[begun : e + 1].sort()
            begun, ordered = e + 1, True
    return sorted_keys


@compiled(nogil=True)
def _bordering(regions, begin, owner, edges):
    """Return the pairs of regions that share edges, the first in a range, and their edges in order.

    An edge is a row at which it starts, with its pair.
    """
    size, most, pairs, found = begin[regions[1]] - begin[regions[0]], 64, 0, 0
    first, second = np.empty(size, np.int32), np.empty(size, np.int32)
    row, pair = np.empty(size, np.int32), np.empty(size, np.int32)
    other, key = np.empty(most, np.int64), np.empty(most, np.int64)
    for i in range(regions[0], regions[1]):
        count = _edges_onward(i, begin, owner, edges, (other, key))
        if count > most:
            most = 2 * count
            other, key = np.empty(most, np.int64), np.empty(most, np.int64)
            _edges_onward(i, begin, owner, edges, (other, key))
        if found + count > size:
            size = 2 * (found + count)
            first, second = _longer(first, pairs, size), _longer(second, pairs, size)
            row, pair = _longer(row, found, size), _longer(pair, found, size)
        keys = _in_groups(other, key, count)
        for e in range(count):
            if e == 0 or other[e] >> _HALF != other[e - 1] >> _HALF:
                first[pairs], second[pairs] = i, other[e] >> _HALF
                pairs += 1
            row[found], pair[found] = keys[e] & _LOWER, pairs - 1
            found += 1
    return first[:pairs].copy(), second[:pairs].copy(), row[:found].copy(), pair[:found].copy()


@compiled(nogil=True)
def _begins(numbers, count):
    """Return where each of so many numbers begins once they are sorted."""
    begin = np.zeros(count + 1, np.int64)
    for number in numbers:
        begin[number + 1] += 1
    return np.cumsum(begin)


@compiled(nogil=True)
def _sorted_pairs(first, second, regions):
    """Return pairs in order, of which those with the same first region are in order."""
    filled = _begins(first, regions)
    low, high = np.empty_like(first), np.empty_like(second)
    for e in range(len(first)):
        place = filled[first[e]]
        low[place], high[place] = first[e], second[e]
        filled[first[e]] += 1
    return low, high


def _in_ranges(begin: Ints, look: Callable[[tuple[int, int]], tuple[Ints, ...]]) -> list[tuple[Ints, ...]]:
    """Return what there is to be found in ranges of regions, of about as many vertices each, in order."""
    cuts = np.searchsorted(begin, np.linspace(0, begin[-1], _RANGES + 1))
    found: list[tuple[Ints, ...]] = [()] * _RANGES

    def work(part: int) -> None:
        found[part] = look((cuts[part], cuts[part + 1]))

    run_parts(work, _RANGES)
    return found


def touching(begin: Ints, before: Ints, owner: Ints) -> Pairs:
    """Return the pairs of regions that hold a vertex together, each once, the lower first, and in order."""
    found = _in_ranges(begin, lambda regions: _touching(regions, begin, before, owner))
    first, second = (np.concatenate([some[side] for some in found]) for side in range(2))
    pairs: Pairs = _sorted_pairs(first, second, len(begin) - 1)
    return pairs


def linked_edges(first: Ints, before: Ints, ended: Bools) -> Pairs:
    """Return for each edge the last one before it between the same two vertices, and the next, or -1.

    Vertices go by the ``first`` row of the same place, and know the last one ``before`` them there.
    """
    edges: Any = np.empty(len(first), np.int32), np.full(len(first), -1, np.int32)

    def link(part: int) -> None:
        rows = part * len(first) // _RANGES, (part + 1) * len(first) // _RANGES
        _link_edges(rows, first, before, ended, edges)

    run_parts(link, _RANGES)
    return edges


def bordering(begin: Ints, owner: Ints, edges: Pairs) -> tuple[Ints, Ints, Ints, Ints]:
    """Return the pairs of regions that share an edge, in order, and the edges with the pair of each."""
    found = _in_ranges(begin, lambda regions: _bordering(regions, begin, owner, edges))
    before = np.cumsum([0, *(len(some[0]) for some in found)])
    pair = np.concatenate([some[3] + pairs for some, pairs in zip(found, before, strict=False)])
    first, second, row = (np.concatenate([some[side] for some in found]) for side in range(3))
    return first, second, row, pair


@compiled(nogil=True)
def mirrored(first, second, weight, regions):
    """Return the links both ways, in order, of pairs in order.

    Regions without any have one of weight 0 to themselves.
    """
    upper, lower, alone = _begins(first, regions), _begins(second, regions), 0
    filled = np.empty(regions, np.int64)
    for i in range(regions):
        filled[i] = upper[i] + lower[i] + alone
        alone += upper[i] + lower[i] == upper[i + 1] + lower[i + 1]
    size = 2 * len(first) + alone
    focal, neighbor, weights = (
        np.empty(size, np.int32),
        np.empty(size, np.int32),
        np.empty(size, weight.dtype),
    )
    # As pairs are in order, so are the lower neighbours of a region; its higher ones follow in one run.
    for e in range(len(first)):
        place = filled[second[e]]
        neighbor[place], weights[place] = first[e], weight[e]
        filled[second[e]] += 1
    for i in range(regions):
        place = filled[i]
        for e in range(upper[i], upper[i + 1]):
            neighbor[place], weights[place] = second[e], weight[e]
            place += 1
        begun = filled[i] - (lower[i + 1] - lower[i])
        if place == begun:
            neighbor[place], weights[place] = i, 0
            place += 1
        focal[begun:place] = i
    return focal, neighbor, weights
