"""Equal places in a table of places: where each came first, and where it came last before."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from geoinno._kernels.compiling import compiled
from geoinno._kernels.threads import run_parts, thread_count

if TYPE_CHECKING:
    from geoinno._types import Floats, Ints

# Odd, with bits in no order (Knuth's multiplier, 64 bits): products mix all bits into the upper ones.
_MULTIPLIER, _HALF = np.uint64(0x9E3779B97F4A7C15), np.uint64(32)
_LOWER, _NONE, _ONE = np.uint64(0xFFFFFFFF), np.uint64(0), np.uint64(1)
# The bits of the negative zero, which is one number with the other.
_MINUS_ZERO = np.uint64(1 << 63)
# Rows that are looked up together, and the bits of the smallest table.
_BLOCK, _LEAST_BITS = 64, 12
# Rows of the sample by which the map is cut into strips.
_SAMPLE = 4096


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
def _gathered(low, strip, xy, bits, block):
    """Collect the rows of a strip among a block of rows, with their hashes; return how many there are."""
    rows, hashes = block
    left, right = strip
    count = 0
    for row in range(low, min(low + _BLOCK, len(xy))):
        rows[count] = row
        count += left <= xy[row, 0] < right
    for k in range(count):
        one, two = bits[rows[k], 0], bits[rows[k], 1]
        one, two = (_NONE if one == _MINUS_ZERO else one), (_NONE if two == _MINUS_ZERO else two)
        hashes[k] = _hashed(one, two)
    return count


@compiled(nogil=True)
def _fetched(count, hashes, slots, shift, xy):
    """Read what a block of rows will need, so that waits for memory overlap instead of adding up.

    The sum has no use but to keep the reads.
    """
    total = 0.0
    for k in range(count):
        row = slots[hashes[k] >> shift] & _LOWER
        total += xy[row - (row != _NONE), 0]
    return total


@compiled(inline="always")
def _same(xy, one, other):
    """Whether two rows are one place."""
    return xy[one, 0] == xy[other, 0] and xy[one, 1] == xy[other, 1]


@compiled(nogil=True)
def _found(row, hashed, slots, shift, xy):
    """Return the first row of the same place, which is the row itself where there is none before."""
    mask, place = np.uint64(slots.size - 1), hashed >> shift
    while slots[place] != _NONE:
        known = np.int64(slots[place] & _LOWER) - 1
        if slots[place] >> _HALF == hashed >> _HALF and _same(xy, known, row):
            return known
        place = (place + _ONE) & mask
    slots[place] = (hashed & ~_LOWER) | np.uint64(row + 1)
    return row


@compiled(nogil=True)
def _placed(count, block, slots, shift, xy, links):
    """Link each row of a block to those of the same place; return how many are first.

    Where two boundaries run along each other, the next vertex of the one is the next or the last but one of
    the other: most vertices that come again are found without a look into the table.
    """
    rows, hashes = block
    first, before, latest = links
    news = 0
    for k in range(count):
        row = rows[k]
        beside = before[row - 1] if k > 0 and rows[k - 1] == row - 1 else -1
        if beside > 0 and _same(xy, beside - 1, row):
            known = np.int64(first[beside - 1])
        elif beside >= 0 and _same(xy, beside + 1, row):
            known = np.int64(first[beside + 1])
        else:
            known = _found(row, hashes[k], slots, shift, xy)
        news += known == row
        before[row] = -1 if known == row else latest[known]
        first[row], latest[known] = known, row
    return news


@compiled(nogil=True)
def _link_strip(part, cuts, xy, bits, links):
    """Link each row of a strip of the map, between two longitudes or eastings, to those of the same place."""
    strip = (cuts[part], cuts[part + 1])
    # Enough slots if each place comes three or four times, as it does where regions fill the plane.
    size, held, kept = _LEAST_BITS, 0, 0.0
    while (2 << size) * (len(cuts) - 1) < len(xy):
        size += 1
    slots = np.zeros(1 << size, np.uint64)
    block = (np.empty(_BLOCK, np.int64), np.empty(_BLOCK, np.uint64))
    for low in range(0, len(xy), _BLOCK):
        if 2 * (held + _BLOCK) > slots.size:
            size += 1
            slots = _grown(slots, size)
        shift = np.uint64(64 - size)
        count = _gathered(low, strip, xy, bits, block)
        kept += _fetched(count, block[1], slots, shift, xy)
        held += _placed(count, block, slots, shift, xy, links)
    return kept


def linked(xy: Floats) -> tuple[Ints, Ints]:
    """Return for each row the first one of the same place, and the last one before it, or -1.

    Each thread looks after a strip of the map, in a table of its own; the answer is the same whatever
    the number of strips. Rows are numbers of 32 bits: more of them would be places of 34 gigabytes.
    """
    parts = thread_count()
    # A sample tells where to cut so that strips are about equal.
    sample = np.sort(xy[:: max(1, len(xy) // _SAMPLE), 0])
    cuts = np.concatenate([[-np.inf], sample[len(sample) * np.arange(1, parts) // parts], [np.inf]])
    links: Any = tuple(np.empty(len(xy), np.int32) for _ in range(3))
    run_parts(_link_strip, parts, cuts, xy, xy.view(np.uint64), links)
    return links[0], links[1]


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
