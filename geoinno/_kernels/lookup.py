"""Loops over tables of flows: where their strings stand among a few, and how their pairs are ordered."""

from __future__ import annotations

from typing import Any

import numpy as np

from geoinno._kernels.compiling import compiled
from geoinno._kernels.numbering import counting_sorted

# A string is read eight bytes at a time: ``words[k]`` are the bytes from k on, the first of them the lowest.
_EIGHT, _BITS, _ONE = np.uint64(8), np.uint64(64), np.uint64(1)
# Odd, with bits in no order (Knuth's multiplier, 64 bits): products mix all bits into the upper ones.
_MULTIPLIER, _FOLD = np.uint64(0x9E3779B97F4A7C15), np.uint64(32)
_NONE = -1


def words(text: bytes) -> Any:
    """Return the eight bytes from each byte of the text on, zeros after its end, as numbers."""
    padded = np.zeros(len(text) + 8, np.uint8)
    padded[: len(text)] = np.frombuffer(text, np.uint8)
    return np.lib.stride_tricks.as_strided(
        padded[:8].view(np.uint64), (len(text) + 1,), (1,), writeable=False
    )


@compiled(inline="always")
def _hashed(words, low, high):
    """Return a hash of a piece of text, of which the upper bits count."""
    value = high - low
    while low < high:
        word = words[low]
        if high - low < _EIGHT:
            word <<= _BITS - _EIGHT * (high - low)
        value = (value ^ (value >> _FOLD) ^ word) * _MULTIPLIER
        low += _EIGHT
    return value


@compiled(inline="always")
def _is(i, words, low, high, offsets, others):
    """Whether a piece of text is the known string i."""
    start = offsets[i]
    if offsets[i + _ONE] - start != high - low:
        return False
    while low + _EIGHT < high:
        if words[low] != others[start]:
            return False
        low += _EIGHT
        start += _EIGHT
    return low == high or (words[low] ^ others[start]) << (_BITS - _EIGHT * (high - low)) == 0


@compiled(nogil=True)
def _slots(offsets, words):
    """Return a hash table of strings, at most half full (-1 where there is none), and how to shift hashes."""
    size, shift = 16, np.uint64(60)
    while size < 2 * offsets.size:
        size, shift = size * 2, shift - _ONE
    slots, mask = np.full(size, _NONE), np.uint64(size - 1)
    for i in range(offsets.size - 1):
        place = _hashed(words, offsets[i], offsets[i + 1]) >> shift
        while slots[place] >= 0:
            place = (place + _ONE) & mask
        slots[place] = i
    return slots, shift


@compiled(nogil=True)
def positions(strings, known):
    """Return where each of many strings stands among the ``known``, unique ones; -1 where nowhere.

    Both are offsets and `words` of bytes. Flow tables repeat one order of regions again and again, so the
    string that last followed the one before is tried first: a comparison instead of a hash.
    """
    offsets, words = strings
    known_offsets, known_words = known
    slots, shift = _slots(known_offsets, known_words)
    count = known_offsets.size - 1
    answer, after, before = np.empty(offsets.size - 1, np.int64), np.full(count + 1, _NONE), count
    mask = np.uint64(slots.size - 1)
    for e in range(answer.size):
        low, high = offsets[e], offsets[e + 1]
        i = after[np.uint64(before)]
        if i < 0 or not _is(np.uint64(i), words, low, high, known_offsets, known_words):
            place = _hashed(words, low, high) >> shift
            i = slots[place]
            while i >= 0 and not _is(np.uint64(i), words, low, high, known_offsets, known_words):
                place = (place + _ONE) & mask
                i = slots[place]
            after[before] = i
        answer[e] = i
        before = i if i >= 0 else count
    return answer


@compiled(nogil=True)
def strictly_ordered(first, second):
    """Whether pairs of numbers stand in their order, each once."""
    for e in range(1, first.size):
        if first[e] < first[e - 1] or (first[e] == first[e - 1] and second[e] <= second[e - 1]):
            return False
    return True


@compiled(nogil=True)
def pair_order(first, second, count):
    """Return the order of pairs of numbers below ``count``: by the first, then by the second.

    Two stable counting sorts; the sort by the second is left out where the pairs stand in it.
    """
    for e in range(1, second.size):
        if second[e] < second[e - 1]:
            order = counting_sorted(second, count)[1]
            return order[counting_sorted(first[order], count)[1]]
    return counting_sorted(first, count)[1]


@compiled(nogil=True)
def picked(table, first, second):
    """Return the numbers of a table at pairs of positions."""
    answer = np.empty(first.size)
    for e in range(first.size):
        answer[e] = table[np.uint64(first[e]), np.uint64(second[e])]
    return answer


@compiled(nogil=True)
def marked(positions, count):
    """Return which of so many numbers occur among the positions."""
    answer = np.zeros(count, np.bool_)
    for e in range(positions.size):
        answer[np.uint64(positions[e])] = True
    return answer


@compiled(nogil=True)
def row_counts(row, column, rows):
    """Return how many pairs each row has, and in how many runs of neighbouring columns all of them stand."""
    by_row, runs, begun = np.zeros(rows, np.int64), 0, 0
    for e in range(1, row.size + 1):
        if e == row.size or row[e] != row[begun]:
            by_row[row[begun]] = e - begun
            begun = e
            runs += 1
        else:
            runs += column[e] != column[e - 1] + 1
    return by_row, runs


@compiled(nogil=True)
def runs_of(starts, column, runs):
    """Return the first run of each row, and the first pair and column of each run, of so many runs."""
    of_row, pairs = np.empty(starts.size, np.uint64), np.empty(runs + 1, np.uint64)
    columns, r = np.empty(runs, np.uint32), 0
    for i in range(starts.size - 1):
        of_row[i] = r
        for e in range(starts[i], starts[i + 1]):
            if e == starts[i] or column[e] != column[e - np.uint64(1)] + 1:
                pairs[r], columns[r] = e, column[e]
                r += 1
    of_row[starts.size - 1] = r
    pairs[r] = column.size
    return of_row, pairs, columns
