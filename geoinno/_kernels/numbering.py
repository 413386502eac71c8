"""Numbers for pairs of values, equal for equal pairs, in the order in which they first appear."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from geoinno._kernels.compiling import compiled
from geoinno._kernels.threads import run_parts, thread_count

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from geoinno._types import Ints

# Odd, with bits in no order (Knuth's multiplier, 64 bits): products mix all bits into the upper ones.
_MULTIPLIER, _HALF = np.uint64(0x9E3779B97F4A7C15), np.uint64(32)
_LOWER, _NONE, _ONE = np.uint64(0xFFFFFFFF), np.uint64(0), np.uint64(1)
# Rows that are looked up together, and the bits of the smallest table.
_BLOCK, _LEAST_BITS = 64, 12


@compiled(nogil=True)
def _hashed(one, two):
    """Return a hash of a pair of values."""
    value = (one ^ (one >> _HALF)) * _MULTIPLIER
    value = (value ^ (value >> _HALF) ^ two) * _MULTIPLIER
    value = (value ^ (value >> _HALF)) * _MULTIPLIER
    return value ^ (value >> _HALF)


@compiled(nogil=True)
def _grown(slots, bits):
    """Return a table of 2**bits slots with what the smaller one holds.

    A slot is the upper half of a hash, whose first bits are its place, and below it the row plus one.
    """
    more = np.zeros(1 << bits, np.uint64)
    shift, mask = np.uint64(64 - bits), np.uint64((1 << bits) - 1)
    for slot in slots:
        if slot != _NONE:
            place = slot >> shift
            while more[place] != _NONE:
                place = (place + _ONE) & mask
            more[place] = slot
    return more


@compiled(nogil=True)
def _gathered(low, part, parts, pairs, block):
    """Collect the rows of a part among a block of rows, with their hashes; return how many there are."""
    rows, hashes = block
    count = 0
    for row in range(low, min(low + _BLOCK, len(pairs))):
        hashed = _hashed(pairs[row, 0], pairs[row, 1])
        rows[count], hashes[count] = row, hashed
        # The upper bits choose the slot and the lower ones the part, so that neither crowds the other.
        count += ((hashed & _LOWER) * parts) >> _HALF == part
    return count


@compiled(nogil=True)
def _fetched(count, hashes, slots, shift, pairs):
    """Read what a block of rows will need, so that waits for memory overlap instead of adding up.

    The sum has no use but to keep the reads.
    """
    total = _NONE
    for k in range(count):
        row = slots[hashes[k] >> shift] & _LOWER
        total += pairs[row - (row != _NONE), 0]
    return total


@compiled(nogil=True)
def _placed(count, block, slots, shift, pairs, first):
    """Write the first row with the pair of each row of a block; return how many are first themselves."""
    rows, hashes = block
    mask, before = np.uint64(slots.size - 1), 0
    for k in range(count):
        row, hashed = rows[k], hashes[k]
        place = hashed >> shift
        slot = slots[place]
        while slot != _NONE:
            known = np.int64(slot & _LOWER) - 1
            same = slot >> _HALF == hashed >> _HALF
            if same and pairs[known, 0] == pairs[row, 0] and pairs[known, 1] == pairs[row, 1]:
                break
            place = (place + _ONE) & mask
            slot = slots[place]
        if slot == _NONE:
            slots[place] = (hashed & ~_LOWER) | np.uint64(row + 1)
            first[row] = row
            before += 1
        else:
            first[row] = np.int64(slot & _LOWER) - 1
    return before


@compiled(nogil=True)
def _first_rows(part, parts, pairs, first):
    """Write for each row of a part the row in which its pair first appears."""
    bits, held, kept = _LEAST_BITS, 0, _NONE
    slots = np.zeros(1 << bits, np.uint64)
    block = (np.empty(_BLOCK, np.int64), np.empty(_BLOCK, np.uint64))
    for low in range(0, len(pairs), _BLOCK):
        if 2 * (held + _BLOCK) > slots.size:
            bits += 1
            slots = _grown(slots, bits)
        shift = np.uint64(64 - bits)
        count = _gathered(low, np.uint64(part), np.uint64(parts), pairs, block)
        kept += _fetched(count, block[1], slots, shift, pairs)
        held += _placed(count, block, slots, shift, pairs, first)
    return kept


@compiled(nogil=True)
def _counted(first):
    """Turn first rows into numbers from 0 on, in place, and return the first row of each number."""
    rows, count = np.empty(len(first), np.int64), 0
    for row in range(len(first)):
        if first[row] == row:
            rows[count] = row
            first[row] = count
            count += 1
        else:
            # The first row lies before this one, so that it has its number already.
            first[row] = first[first[row]]
    return rows[:count].copy()


def numbered(pairs: NDArray[np.uint64]) -> tuple[Ints, Ints]:
    """Return the number of each row of two values, equal for equal rows, and the first row of each number.

    Each thread reads all rows but looks after its own part of the pairs, in a table of its own; the answer
    is the same whatever the number of parts.
    """
    parts, first = thread_count(), np.empty(len(pairs), np.int64)
    run_parts(_first_rows, parts, parts, pairs, first)
    return first, _counted(first)


@compiled(nogil=True)
def counting_sorted(keys, count):
    """Return where each of ``count`` keys begins among the sorted ones, and the rows of keys in that order.

    Rows of equal keys stay as they are.
    """
    begin = np.zeros(count + 1, np.int64)
    for key in keys:
        begin[key + 1] += 1
    begin = np.cumsum(begin)
    rows, filled = np.empty(len(keys), np.int64), begin[:-1].copy()
    for row in range(len(keys)):
        rows[filled[keys[row]]] = row
        filled[keys[row]] += 1
    return begin, rows


@compiled(nogil=True)
def numbered_edges(low, high, vertices):
    """Return the number of each edge between so many vertices, and the first row of each number.

    Edges from one vertex are looked at together, so that no hash is needed.
    """
    begin, rows = counting_sorted(low, vertices)
    # For each upper vertex: the lower one from which it was last reached, and the first row in which it was.
    reached, begun = np.full(vertices, -1, np.int64), np.empty(vertices, np.int64)
    first = np.empty(len(low), np.int64)
    for vertex in range(vertices):
        for row in rows[begin[vertex] : begin[vertex + 1]]:
            end = high[row]
            if reached[end] != vertex:
                reached[end], begun[end] = vertex, row
            first[row] = begun[end]
    return first, _counted(first)
