"""Linear programmes, many small ones solved as one."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from scipy import optimize, sparse

from geoinno.errors import ColumnError
from geoinno.scale import follow

if TYPE_CHECKING:
    from geoinno._types import Floats, Ints

# Cells of the constraints of one joint programme: enough to spread the cost of a call over many.
_CELLS = 100_000
_SOLVED, _INFEASIBLE = 0, 2


@dataclass(frozen=True, slots=True)
class Programmes:
    """Programmes: maximise gain_i x subject to shared x <= limit and own_i x <= own_limit_i, x >= 0.

    ``gain`` is count x width, ``shared`` rows x width, ``own`` count x rows x width.
    """

    gain: Floats
    shared: Floats
    limit: Floats
    own: Floats
    own_limit: Floats

    def some(self, chosen: slice) -> Programmes:
        """Return some of the programmes."""
        return Programmes(
            self.gain[chosen], self.shared, self.limit, self.own[chosen], self.own_limit[chosen]
        )


@dataclass(frozen=True, slots=True)
class Optimum:
    """Value of each programme (missing where nothing is feasible), its solution, and the duals of its rows.

    Rows are the shared ones, then the own ones.
    """

    value: Floats
    solution: Floats
    duals: Floats


def maxima(programmes: Programmes) -> Optimum:
    """Solve programmes by HiGHS.

    They share no variables, so one programme with their rows along the diagonal has all their solutions; a
    call to the solver costs as much as many small programmes.
    """
    count, width = programmes.gain.shape
    height = len(programmes.shared) + programmes.own.shape[1]
    size = max(1, _CELLS // (height * width))
    starts = follow(range(0, count, size), "Block of programmes")
    return _joined([_solved(programmes.some(slice(i, i + size))) for i in starts])


def _joined(parts: list[Optimum]) -> Optimum:
    """Return the optima of parts as those of the whole."""
    return Optimum(
        np.concatenate([part.value for part in parts]),
        np.concatenate([part.solution for part in parts]),
        np.concatenate([part.duals for part in parts]),
    )


def _solved(programmes: Programmes) -> Optimum:
    """Solve some programmes as one; where that is infeasible, each by itself."""
    count, width = programmes.gain.shape
    rows = np.concatenate(
        [np.broadcast_to(programmes.shared, (count, *programmes.shared.shape)), programmes.own], axis=1
    )
    limits = np.concatenate(
        [np.broadcast_to(programmes.limit, (count, len(programmes.limit))), programmes.own_limit], axis=1
    )
    answer = optimize.linprog(
        -programmes.gain.ravel(), A_ub=_diagonal(rows), b_ub=limits.ravel(), bounds=(0, None), method="highs"
    )
    if answer.status == _SOLVED:
        solution = answer.x.reshape(count, width)
        duals = -answer.ineqlin.marginals.reshape(limits.shape)
        return Optimum((programmes.gain * solution).sum(axis=1), solution, duals)
    if count > 1:
        return _joined([_solved(programmes.some(slice(i, i + 1))) for i in range(count)])
    if answer.status == _INFEASIBLE:
        return Optimum(*(np.full(shape, np.nan) for shape in ((1,), (1, width), limits.shape)))
    message = f"A linear programme was not solved: {answer.message} Check the scale of the columns."
    raise ColumnError(message)


def _diagonal(rows: Floats) -> sparse.csr_array:
    """Return blocks of rows along the diagonal of one sparse matrix."""
    count, height, width = rows.shape
    row = np.repeat(np.arange(count * height), width)
    place = np.arange(width) + width * np.arange(count)[:, None, None]
    column = np.broadcast_to(place, rows.shape).ravel()
    cells = rows.ravel()
    held = cells != 0
    shape = (count * height, count * width)
    return sparse.csr_array((cells[held], (row[held], column[held])), shape=shape)


def undominated(cells: Floats) -> Ints:
    """Return the rows that no other row matches or betters in every column; equal rows count once."""
    kept: list[int] = []
    # A row can be bettered only by one with a larger sum, which comes before it.
    for i in np.argsort(-cells.sum(axis=1), kind="stable"):
        if not (cells[kept] >= cells[i]).all(axis=1).any():
            kept.append(int(i))
    return np.array(sorted(kept), dtype=np.int64)
