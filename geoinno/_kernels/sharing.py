"""Which regions hold the same things, vertices or edges: holders by thing, and pairs of holders."""

from __future__ import annotations

import numpy as np

from geoinno._kernels.compiling import compiled

# Numbers up to which sorting by insertion is faster.
_FEW = 32


@compiled(nogil=True)
def holders(key, owner, keys):
    """Return the different holders of each of so many keys, in order, and where those of each key begin."""
    begin = np.zeros(keys + 1, np.int64)
    for k in key:
        begin[k + 1] += 1
    begin = np.cumsum(begin)
    held, filled = np.empty(len(key), np.int32), begin[:-1].copy()
    for e in range(len(key)):
        k = key[e]
        held[filled[k]] = owner[e]
        filled[k] += 1
    return _distinct(begin, held)


@compiled(nogil=True)
def _distinct(begin, held):
    """Sort the holders of each key, each once, and close the gaps in place."""
    count, low = 0, 0
    for k in range(len(begin) - 1):
        high = begin[k + 1]
        # Holders come nearly in order: regions are read one after the other.
        for e in range(low + 1, high):
            if held[e] < held[e - 1]:
                held[low:high].sort()
                break
        begin[k] = count
        for e in range(low, high):
            if e == low or held[e] != held[e - 1]:
                # Reads are never behind writes, as count never passes e.
                held[count] = held[e]
                count += 1
        low = high
    begin[-1] = count
    return begin, held[:count].copy()


@compiled(nogil=True)
def shared(begin, held):
    """Return each key held by several, with each pair of its holders once: neighbours in its list first."""
    several, pairs = 0, 0
    left = np.empty(len(begin) - 1, np.int64)
    for k in range(len(begin) - 1):
        size = begin[k + 1] - begin[k]
        pairs += size * (size - 1) // 2
        left[several] = k
        several += size > 1
    key, first, second = np.empty(pairs, np.int64), np.empty(pairs, np.int64), np.empty(pairs, np.int64)
    found, apart = 0, 1
    while found < pairs:
        more = 0
        for k in left[:several]:
            for e in range(begin[k], begin[k + 1] - apart):
                key[found], first[found], second[found] = k, held[e], held[e + apart]
                found += 1
            left[more] = k
            more += begin[k + 1] - begin[k] > apart + 1
        several, apart = more, apart + 1
    return key, first, second


@compiled(nogil=True)
def _held_by(begin, held, regions):
    """Return the keys that each region holds, and where those of each region begin."""
    start = np.zeros(regions + 1, np.int64)
    for holder in held:
        start[holder + 1] += 1
    start = np.cumsum(start)
    keys, filled = np.empty(len(held), np.int64), start[:-1].copy()
    for k in range(len(begin) - 1):
        for e in range(begin[k], begin[k + 1]):
            keys[filled[held[e]]] = k
            filled[held[e]] += 1
    return start, keys


@compiled(nogil=True)
def _later(i, keys, begin, held, met, others):
    """Collect the later regions that hold one of the keys of region i, each once, and return how many."""
    count = 0
    for k in keys:
        for e in range(begin[k], begin[k + 1]):
            j = held[e]
            if j > i and met[j] != i:
                met[j] = i
                others[count] = j
                count += 1
    return count


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
def touching(begin, held, regions):
    """Return the pairs of regions that hold a key together, each once, the lower first, and in order."""
    start, keys = _held_by(begin, held, regions)
    others, met = np.empty(regions, np.int64), np.full(regions, -1, np.int64)
    first, second, found = np.empty(4 * regions, np.int64), np.empty(4 * regions, np.int64), 0
    for i in range(regions):
        count = _later(i, keys[start[i] : start[i + 1]], begin, held, met, others)
        if found + count > len(first):
            size = 2 * (found + count)
            first, second = _longer(first, found, size), _longer(second, found, size)
        _in_order(others, count)
        for e in range(count):
            first[found], second[found] = i, others[e]
            found += 1
    return first[:found].copy(), second[:found].copy()


@compiled(nogil=True)
def _longer(array, count, size):
    """Return the first numbers of an array at the start of a longer one."""
    longer = np.empty(size, array.dtype)
    longer[:count] = array[:count]
    return longer
