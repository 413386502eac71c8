"""Loops over tables of flows: where their strings stand among a few, and how their pairs are ordered."""

from __future__ import annotations

from typing import Any

import numpy as np

from geoinno._kernels.compiling import compiled
from geoinno._kernels.numbering import counting_sorted
from geoinno._kernels.threads import run_parts

# A string is read eight bytes at a time: ``words[k]`` are the bytes from k on, the first of them the lowest.
_EIGHT, _BITS, _ONE, _ZERO, _SHORT = (np.uint64(number) for number in (8, 64, 1, 0, 16))
# Odd, with bits in no order (Knuth's multiplier, 64 bits): products mix all bits into the upper ones.
_MULTIPLIER, _FOLD = np.uint64(0x9E3779B97F4A7C15), np.uint64(32)
# The column of a slot that has the number of its string.
_NUMBER = 3
# Strings, from which on threads save more than they take to meet.
_MANY = 250_000


def words(text: bytes) -> Any:
    """Return the eight bytes from each byte of the text on, zeros after its end, as numbers."""
    padded = np.zeros(len(text) + 8, np.uint8)
    padded[: len(text)] = np.frombuffer(text, np.uint8)
    return np.lib.stride_tricks.as_strided(
        padded[:8].view(np.uint64), (len(text) + 1,), (1,), writeable=False
    )


@compiled(inline="always")
def _ends(words, low, high):
    """Return the first and the last eight bytes of a string; of a shorter one all its bytes, and zero."""
    size = high - low
    if size >= _EIGHT:
        return words[low], words[high - _EIGHT]
    if size == _ZERO:
        return _ZERO, _ZERO
    return words[low] << (_BITS - _EIGHT * size), _ZERO


@compiled(inline="always")
def _hashed(first, last, size):
    """Return a hash of the ends and the size of a string, of which the upper bits count."""
    value = (first ^ size) * _MULTIPLIER
    return (value ^ (value >> _FOLD) ^ last) * _MULTIPLIER


@compiled(nogil=True)
def _slots(offsets, words):
    """Return a hash table of strings, at most half full, and how to shift hashes.

    A slot has the ends of a string, its size, and its number plus one: zero where there is no string.
    """
    size, shift = 16, np.uint64(60)
    while size < 2 * offsets.size:
        size, shift = size * 2, shift - _ONE
    slots, mask = np.zeros((size, 4), np.uint64), np.uint64(size - 1)
    for i in range(offsets.size - 1):
        low, high = offsets[i], offsets[i + 1]
        first, last = _ends(words, low, high)
        place = _hashed(first, last, high - low) >> shift
        while slots[place, _NUMBER] != _ZERO:
            place = (place + _ONE) & mask
        slots[place, 0], slots[place, 1], slots[place, 2] = first, last, high - low
        slots[place, _NUMBER] = np.uint64(i + 1)
    return slots, shift


@compiled(inline="always")
def _holds(slots, place, first, last, size):
    """Whether the string in a slot has these ends and this size."""
    return slots[place, 0] == first and slots[place, 1] == last and slots[place, 2] == size


@compiled(nogil=True)
def _same_middle(words, low, size, known, number):
    """Whether a long string is the known one of this number (plus one) between their ends."""
    offsets, others = known
    start, place = offsets[number - _ONE], _EIGHT
    while place + _EIGHT < size:
        if words[low + place] != others[start + place]:
            return False
        place += _EIGHT
    return True


@compiled(nogil=True)
def positions(strings, known):
    """Return where each of many strings stands among the ``known``, unique ones; -1 where nowhere.

    Both are offsets and `words` of bytes. Ids are mostly short: up to sixteen bytes, ends and size are all of
    a string, and they stand in the slot, so that one read decides and no branch is hard to predict.
    """
    offsets, words = strings
    slots, shift = _slots(*known)
    answer, mask = np.empty(offsets.size - 1, np.int64), np.uint64(len(slots) - 1)
    for e in range(answer.size):
        low, high = offsets[e], offsets[e + 1]
        size = high - low
        first, last = _ends(words, low, high)
        place = _hashed(first, last, size) >> shift
        while slots[place, _NUMBER] != _ZERO:
            if _holds(slots, place, first, last, size) and (
                size <= _SHORT or _same_middle(words, low, size, known, slots[place, _NUMBER])
            ):
                break
            place = (place + _ONE) & mask
        answer[e] = np.int64(slots[place, _NUMBER]) - 1
    return answer


def all_positions(columns: Any, known: Any) -> Any:
    """Return the `positions` of several columns of strings (offsets, and bytes), shared out to threads."""
    found = [None] * len(columns)

    def look_up(part):
        offsets, text = columns[part]
        found[part] = positions((offsets, words(text)), known)

    if len(columns[0][0]) > _MANY:
        run_parts(look_up, len(columns))
    else:
        for part in range(len(columns)):
            look_up(part)
    return found


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
