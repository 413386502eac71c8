"""Equal vertices and equal edges of many regions, and who holds them: plain where there are few of them.

From ``MANY`` vertices on compiled loops do the same work, with the same answers in the same order.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple, TypeAlias

import numpy as np
import pandas as pd

from geoinno._contract.vertices import MANY

if TYPE_CHECKING:
    from geoinno._contract.vertices import Outlines
    from geoinno._types import Bools, Floats, Ints

    Pairs = tuple[Ints, Ints]


class Edges(NamedTuple):
    """Edges of regions: the lower and the higher vertex, and the region."""

    low: Ints
    high: Ints
    owner: Ints


class Shared(NamedTuple):
    """Edges of two regions: the lower and the higher vertex, and the number of the pair of regions.

    The pairs, ``first`` and ``second``, are in order, each once.
    """

    low: Ints
    high: Ints
    pair: Ints
    first: Ints
    second: Ints


@dataclass(frozen=True, slots=True)
class PlainCorners:
    """The vertices of outlines, each by the number of its place, and the table of places.

    Numbers are in the order in which places first appear.
    """

    outlines: Outlines
    number: Ints
    places: Floats

    def touching(self) -> Pairs:
        """Return the pairs of regions that hold a vertex or more together, each once and in order."""
        return touching(self.number, self.outlines.owner, regions=len(self.outlines.begin) - 1)

    def matched(self) -> PlainEdges:
        """Return the edges, equal ones matched."""
        read = self.outlines
        found = edges(self.number[:-1], self.number[1:], owner=read.owner[:-1], ended=read.ended[:-1])
        return matched(found, vertices=len(self.places), regions=len(read.begin) - 1)

    def distinct(self) -> slice:
        """Return the rows of ``places`` in which each place stands once."""
        return slice(None)


@dataclass(frozen=True, slots=True)
class LinkedCorners:
    """The same of many vertices: each goes by the first row of its place, and knows the last one ``before``.

    Numbers are of 32 bits, and the table of places is that of vertices.
    """

    outlines: Outlines
    number: Ints
    before: Ints

    @property
    def places(self) -> Floats:
        """The table of places."""
        return self.outlines.xy

    def touching(self) -> Pairs:
        """Return the pairs of regions that hold a vertex or more together, each once and in order."""
        from geoinno._kernels import sharing

        return sharing.touching(self.outlines.begin, self.before, self.outlines.owner)

    def matched(self) -> LinkedEdges:
        """Return the edges, equal ones linked."""
        from geoinno._kernels.sharing import linked_edges

        return LinkedEdges(self, *linked_edges(self.number, self.before, self.outlines.ended))

    def distinct(self) -> Bools:
        """Return the rows of ``places`` in which each place stands once."""
        return self.before < 0


@dataclass(frozen=True, slots=True)
class PlainEdges:
    """Edges, each with a ``number``, equal for equal ones; the table of ``keys`` has their vertices."""

    edges: Edges
    number: Ints
    keys: Ints
    vertices: int
    regions: int

    def alone(self) -> Edges:
        """Return the edges that stand alone."""
        single = np.bincount(self.number, minlength=1)[self.number] == 1
        return Edges(*(column[single] for column in self.edges))

    def shared(self) -> Shared:
        """Return the edges that two regions share."""
        several = np.bincount(self.number, minlength=1)[self.number] > 1
        edge, first, second = _held(self.number[several], self.edges.owner[several], self.regions)
        pairs, pair = np.unique(first * self.regions + second, return_inverse=True)
        return Shared(*np.divmod(self.keys[edge], self.vertices), pair, *np.divmod(pairs, self.regions))


@dataclass(frozen=True, slots=True)
class LinkedEdges:
    """Edges by the rows at which they start: each with the last equal one before it and the next, or -1."""

    corners: LinkedCorners
    earlier: Ints
    later: Ints

    def alone(self) -> Edges:
        """Return the edges that stand alone."""
        number, read = self.corners.number, self.corners.outlines
        row = np.flatnonzero((self.earlier & self.later) == -1)  # all bits are set in -1 alone
        row = row[~read.ended[row]]
        row = row[number[row] != number[row + 1]]
        columns = (*self._ends(row), read.owner[row])
        return Edges(*(column.astype(np.int64) for column in columns))

    def shared(self) -> Shared:
        """Return the edges that two regions share."""
        from geoinno._kernels.sharing import bordering

        read = self.corners.outlines
        first, second, row, pair = bordering(read.begin, read.owner, (self.earlier, self.later))
        return Shared(*self._ends(row), pair, first, second)

    def _ends(self, row: Ints) -> Pairs:
        """Return the lower and the higher vertex of edges that start at these rows."""
        here, there = self.corners.number[row], self.corners.number[row + 1]
        return np.minimum(here, there), np.maximum(here, there)


Corners: TypeAlias = PlainCorners | LinkedCorners
Matched: TypeAlias = PlainEdges | LinkedEdges


def corners(outlines: Outlines) -> Corners:
    """Return the vertices of outlines, equal ones with equal numbers."""
    if len(outlines.xy) < MANY:
        number, places = pd.factorize(np.ascontiguousarray(outlines.xy).view(np.complex128).ravel())
        return PlainCorners(outlines, number, np.column_stack([places.real, places.imag]))
    from geoinno._kernels.numbering import linked

    return LinkedCorners(outlines, *linked(outlines.xy))


def edges(start: Ints, end: Ints, *, owner: Ints, ended: Bools | None = None) -> Edges:
    """Return the edges from ``start`` to ``end`` that have a length; where a ring ``ended`` is none."""
    real = start != end
    if ended is not None:
        real &= ~ended
    return Edges(np.minimum(start, end)[real], np.maximum(start, end)[real], owner[real])


def matched(edges: Edges, *, vertices: int, regions: int) -> PlainEdges:
    """Return edges, equal ones matched."""
    number, keys = pd.factorize(edges.low * vertices + edges.high)
    return PlainEdges(edges, number, keys, vertices, regions)


def together(whole: Shared, pieces: Shared, *, regions: int) -> Shared:
    """Return edges and then others, with the pairs of both."""
    if not len(pieces.pair):
        return whole
    keys = np.concatenate([_keys(both.first, both.second, regions) for both in (whole, pieces)])
    pairs, number = np.unique(keys, return_inverse=True)
    pair = np.concatenate([number[whole.pair], number[len(whole.first) :][pieces.pair]])
    low, high = (np.concatenate(both) for both in zip(whole[:2], pieces[:2], strict=True))
    return Shared(low, high, pair, *np.divmod(pairs, regions))


def all_pairs(some: Pairs, others: Pairs, *, regions: int) -> Pairs:
    """Return the pairs of both, each once and in order."""
    return np.divmod(distinct(np.concatenate([_keys(*pairs, regions) for pairs in (some, others)])), regions)


def _keys(first: Ints, second: Ints, regions: int) -> Ints:
    """Return a number for each pair, in their order."""
    return first.astype(np.int64) * regions + second


def touching(number: Ints, owner: Ints, *, regions: int) -> Pairs:
    """Return the pairs of regions that hold a vertex or more together, each once and in order."""
    _, first, second = _held(number, owner, regions)
    return np.divmod(distinct(first * regions + second), regions)


def _held(key: Ints, owner: Ints, regions: int) -> tuple[Ints, Ints, Ints]:
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
