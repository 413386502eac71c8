"""Equal vertices and equal edges of many regions, and who holds them: plain where there are few of them.

From ``MANY`` vertices on compiled loops do the same work, with the same answers in the same order.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import pandas as pd

from geoinno._contract.vertices import MANY

if TYPE_CHECKING:
    from geoinno._types import Bools, Floats, Ints

    Pairs = tuple[Ints, Ints]


class Edges(NamedTuple):
    """Edges of regions: the lower and the higher vertex, and the region."""

    low: Ints
    high: Ints
    owner: Ints


class Shared(NamedTuple):
    """Edges of two regions: the lower and the higher vertex, and the regions in order."""

    low: Ints
    high: Ints
    first: Ints
    second: Ints


def vertices(xy: Floats) -> tuple[Ints, Floats]:
    """Return the number of each vertex, equal for equal coordinates, and the table of vertices."""
    if len(xy) < MANY:
        number, places = pd.factorize(np.ascontiguousarray(xy).view(np.complex128).ravel())
        return number, np.column_stack([places.real, places.imag])
    from geoinno._kernels.numbering import numbered

    # The sum gives the two zeros, which are one place, the same bits.
    number, rows = numbered((xy + 0.0).view(np.uint64))
    return number, xy[rows]


def edges(start: Ints, end: Ints, owner: Ints, *, ended: Ints | None = None) -> Edges:
    """Return the edges from ``start`` to ``end`` that have a length; at the rows ``ended`` there is none."""
    real = start != end
    if ended is not None:
        real[ended] = False
    return Edges(np.minimum(start, end)[real], np.maximum(start, end)[real], owner[real])


def matched(edges: Edges, *, vertices: int, regions: int) -> tuple[Bools, Shared]:
    """Return which edges stand alone, and those that two regions share."""
    number, low, high = _numbered(edges, vertices)
    count = np.bincount(number, minlength=1)
    if len(number) < MANY:
        several = count[number] > 1
        edge, first, second = _shared(number[several], edges.owner[several], regions)
    else:
        from geoinno._kernels.sharing import holders, shared

        edge, first, second = shared(*holders(number, edges.owner, len(low)))
    return count[number] == 1, Shared(low[edge], high[edge], first, second)


def _numbered(edges: Edges, vertices: int) -> tuple[Ints, Ints, Ints]:
    """Return the number of each edge, equal for equal ones, and the vertices of each number."""
    if len(edges.low) < MANY:
        number, keys = pd.factorize(edges.low * vertices + edges.high)
        return number, *np.divmod(keys, vertices)
    from geoinno._kernels.numbering import numbered_edges

    number, rows = numbered_edges(edges.low, edges.high, vertices)
    return number, edges.low[rows], edges.high[rows]


def touching(corner: Ints, owner: Ints, *, vertices: int, regions: int) -> Pairs:
    """Return the pairs of regions that hold a vertex or more together, each once and in order."""
    if len(corner) < MANY:
        _, first, second = _shared(corner, owner, regions)
        return np.divmod(distinct(first * regions + second), regions)
    from geoinno._kernels.sharing import holders, touching

    pairs: Pairs = touching(*holders(corner, owner, vertices), regions)
    return pairs


def _shared(key: Ints, owner: Ints, regions: int) -> tuple[Ints, Ints, Ints]:
    """Return every key that different regions hold, with each pair of its holders once."""
    bits = max(1, (regions - 1).bit_length())  # shifts take a fraction of the time of divisions
    held = distinct(key << bits | owner)
    key, owner = held >> bits, held & ((1 << bits) - 1)
    start, apart = np.flatnonzero(key[1:] == key[:-1]), 1
    found = [(key[start], owner[start], owner[start + apart])]
    while len(start):
        apart += 1
        start = start[start + apart < len(held)]
        start = start[key[start] == key[start + apart]]
        found.append((key[start], owner[start], owner[start + apart]))
    keys, first, second = (np.concatenate(column) for column in zip(*found, strict=True))
    return keys, first, second


def distinct(numbers: Ints) -> Ints:
    """Return the different numbers in order: sorting is many times faster here than ``np.unique``."""
    numbers = np.sort(numbers)
    return numbers[np.diff(numbers, prepend=-1) > 0]
