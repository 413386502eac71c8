"""Effects of regions partialled out of terms: weighted least squares on two sets of dummies, never formed.

With weights m_ij, row sums r and column sums c, the normal equations of the effects of columns, those of
rows eliminated, have the matrix S = diag(c) - M' diag(1/r) M: the Laplacian of a graph of columns that
share rows. It is singular in the direction of the constant (more such directions, if pairs fall apart into
groups), which is projected out. Few columns are solved for at once; many by conjugate gradients, and at
once where these stop gaining.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from scipy import linalg

from geoinno.measure.interaction import _loops

if TYPE_CHECKING:
    from geoinno._types import Floats
    from geoinno.measure.interaction._pairs import Pairs
    from geoinno.measure.interaction._poisson import Sums


_FEW = 60  # columns: up to here elimination takes no longer than gradients
_MANY = 4000  # columns: elimination needs too much memory
_MOST_GRADIENTS = 60
_MOST_GRADIENTS_OF_MANY = 3000
_NULL = 1e-13
_ROUNDING = 1e-13


@dataclass(frozen=True, slots=True)
class System:
    """Weights of pairs with their sums: the normal equations of the effects."""

    pairs: Pairs
    weight: Floats
    sums: Sums
    per_row: Floats  # one over the sum of each row that has an effect, else zero

    def crossed(self, shift: Floats, values: Floats) -> tuple[Floats, Floats]:
        """Return t = shift - (M values) / r by row, and M' t by column."""
        layout = self.pairs.layout
        found: tuple[Floats, Floats] = _loops.over(layout).crossed(
            layout, self.weight, self.per_row, shift, values
        )
        return found

    def table(self) -> Floats:
        """Return the weights as a table of rows and columns, zero where there is no pair."""
        table = np.zeros((len(self.sums.rows), len(self.sums.columns)))
        table[self.pairs.row, self.pairs.column] = self.weight
        return table


def equations(pairs: Pairs, weight: Floats, sums: Sums) -> System:
    """Return the normal equations of the effects for pairs of these weights."""
    per_row = _inverse(sums.rows) if pairs.profiled else np.zeros(len(sums.rows))
    return System(pairs, weight, sums, per_row)


@dataclass(frozen=True, slots=True)
class Partial:
    """Terms with the effects of regions partialled out."""

    gamma: Floats  # what the effects of columns explain of each term
    gap: Floats  # effects of columns that explain the gaps of columns
    information: Floats  # weighted products of what is left of the terms


def partial_out(system: System, *, gaps: Floats, tolerance: float, guess: Floats | None = None) -> Partial:
    """Return what the effects of regions explain of the terms, and of the gaps of the columns."""
    sums = system.sums
    shift = sums.by_row * system.per_row
    information = sums.gram - sums.by_row @ shift.T
    if system.pairs.constraint != "both":
        gamma = np.zeros_like(sums.by_column)
        return Partial(gamma, np.zeros_like(gaps), (information + information.T) / 2)
    aim = np.vstack([gaps, sums.by_column])
    aim[1:] -= system.crossed(shift, np.zeros_like(sums.by_column))[1]
    solution, left = solve(system, aim, tolerance=tolerance, guess=guess)
    # With x S x taken from both sides, an error of the solution enters by its square alone.
    explained = (aim + left)[1:] @ solution[1:].T
    information -= (explained + explained.T) / 2
    return Partial(solution[1:], solution[0], (information + information.T) / 2)


def explained_by_row(system: System, gamma: Floats) -> Floats:
    """Return what the effects of rows explain of the terms, beside those of columns (``gamma``)."""
    return system.crossed(system.sums.by_row * system.per_row, gamma)[0]


def solve(
    system: System, aim: Floats, *, tolerance: float, guess: Floats | None = None
) -> tuple[Floats, Floats]:
    """Return the solutions of S x = aim, to a relative ``tolerance``, and what they leave of the aim.

    Each is orthogonal to the constant.
    """
    size = aim.shape[1]
    if size <= _FEW or _loops.few(system.pairs.layout) or (tolerance == 0 and size <= _MANY):
        return _eliminate(system, aim), np.zeros_like(aim)
    found, left, solved = _descend(system, aim, tolerance=tolerance, guess=guess)
    if solved or size > _MANY:
        return found, left
    return _eliminate(system, aim), np.zeros_like(aim)


def _eliminate(system: System, aim: Floats) -> Floats:
    """Solve at once."""
    root, inverse = generalised_inverse(system)
    answer: Floats = (aim * root) @ inverse * root
    return answer


def generalised_inverse(system: System) -> tuple[Floats, Floats]:
    """Return d and G such that diag(d) G diag(d) is a symmetric generalised inverse of S; d = 1 / sqrt(c).

    Scaled by d, S has a diagonal of about 1 whatever the sizes of the columns, and the direction of the
    constant has the eigenvalue 0; it is moved to 1. Where other eigenvalues vanish too, they stay out.
    """
    root = np.sqrt(_inverse(system.sums.columns))
    half = system.table() * np.sqrt(system.per_row)[:, None] * root
    scaled = -half.T @ half
    scaled[np.diag_indices_from(scaled)] += 1
    null = np.sqrt(system.sums.columns)
    scaled += np.outer(null, null) / (null @ null)
    factor, fault = linalg.lapack.dpotrf(scaled, lower=1)
    if fault == 0 and np.diagonal(factor).min() > np.sqrt(_NULL * len(scaled)):
        inverse = linalg.lapack.dpotri(factor, lower=1)[0]
        return root, np.tril(inverse) + np.tril(inverse, -1).T
    size, vectors = np.linalg.eigh(scaled)
    known = size > _NULL * len(scaled)
    return root, (vectors[:, known] / size[known]) @ vectors[:, known].T


def _descend(
    system: System, aim: Floats, *, tolerance: float, guess: Floats | None
) -> tuple[Floats, Floats, bool]:
    """Solve by conjugate gradients, scaled by the diagonal; return also what is left, and if it is little."""
    from geoinno._kernels import gradients

    columns = system.sums.columns
    # What is left of a sum after rounding cannot be solved for.
    least = _ROUNDING**2 * columns.sum()
    scale = _inverse(columns)
    goal = np.maximum(tolerance**2 * (aim * scale * aim).sum(axis=1), least)
    most = _MOST_GRADIENTS if len(columns) <= _MANY else _MOST_GRADIENTS_OF_MANY
    loops = (system.pairs.layout, system.weight, system.per_row, columns)
    start = np.zeros_like(aim) if guess is None else guess
    values, left, solved = gradients.conjugate_gradients(loops, aim, start, goal, (scale, most))
    # The constant is what the system leaves open; rounding must not carry the answer along it.
    values -= (values @ columns / columns.sum())[:, None]
    return values, left, solved


def _inverse(sums: Floats) -> Floats:
    """Return 1 / sums, zero where there is nothing to divide by."""
    return np.divide(1.0, sums, out=np.zeros_like(sums), where=sums > 0)
