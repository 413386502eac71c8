"""Which loops over pairs to run: those of NumPy where there are few, else compiled ones."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from geoinno._kernels import plain

if TYPE_CHECKING:
    from types import ModuleType

    from numpy.typing import NDArray

    from geoinno._types import Bools, Floats, Ints

    Unsigned = NDArray[np.uint64]
    Layout = plain.Ends | tuple[Unsigned, Unsigned, Unsigned, NDArray[np.uint32]]

# To load what is compiled takes longer than a fit of so few pairs, and to compile it takes seconds.
FEW_PAIRS, _FEW_COLUMNS = 3_000, 100
_LONG_RUN = 8  # pairs on average, from which on loops over runs are faster than over single pairs


def layout(row: Ints, column: Ints, *, rows: int, columns: int) -> Layout:
    """Return where the pairs of a table stand: their ends if they are few, else a layout for compiled loops.

    That is where each row starts, the first run of each row, and the first pair and column of each run. No
    runs where they are short, but the column of each pair. Numbers without a sign, so that the loops need not
    look for indices that count from the end.
    """
    if len(row) <= FEW_PAIRS and columns <= _FEW_COLUMNS:
        return plain.Ends(row, column, rows)
    from geoinno._kernels import lookup

    per_row, count = lookup.row_counts(row, column, rows)
    starts = np.append(0, np.cumsum(per_row)).astype(np.uint64)
    if len(row) < _LONG_RUN * count:
        none = np.empty(0, dtype=np.uint64)
        return starts, none, none, column.astype(np.uint32)
    return (starts, *lookup.runs_of(starts, column, count))


def few(where: Layout) -> bool:
    """Whether the loops over a layout are those of NumPy."""
    return isinstance(where, plain.Ends)


def over(where: Layout) -> ModuleType:
    """Return the module of sums over the pairs of a layout."""
    if few(where):
        return plain
    from geoinno._kernels import balancing

    return balancing


def closeness(where: Layout, flow: Floats, mean: Floats) -> tuple[float, float, float]:
    """Return the sums of min(flow, mean), and over flows y above zero those of y ln y - y and of ln y!."""
    if few(where):
        return plain.closeness(flow, mean)
    from geoinno._kernels import closeness as compiled

    sums: tuple[float, float, float] = compiled.closeness(flow, mean)
    return sums


def order(row: Ints, column: Ints, count: int) -> Ints | slice:
    """Return the order of pairs by row and column; a slice, which copies nothing, if they are in it."""
    if len(row) <= FEW_PAIRS:
        place = row * count + column
        return slice(None) if (place[1:] > place[:-1]).all() else place.argsort(kind="stable")
    from geoinno._kernels import lookup

    return slice(None) if lookup.strictly_ordered(row, column) else lookup.pair_order(row, column, count)


def present(positions: Ints, count: int) -> Bools:
    """Return which positions occur."""
    if len(positions) <= FEW_PAIRS:
        occurs = np.zeros(count, dtype=bool)
        occurs[positions] = True
        return occurs
    from geoinno._kernels import lookup

    found: Bools = lookup.marked(positions, count)
    return found
