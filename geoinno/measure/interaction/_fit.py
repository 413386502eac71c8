"""Poisson pseudo-maximum likelihood with the effects of origins and destinations profiled out.

Row effects have a closed form at every step (each row is balanced to its sum); column effects and
slopes follow from Newton steps, whose linear systems conjugate gradients solve without ever forming
a matrix of regions by regions. A step costs one exponential for each pair.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from geoinno.errors import FlowError

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from geoinno.measure.interaction._pairs import Pairs

    Floats = NDArray[np.float64]
    Crossed = Callable[[Floats, Floats], tuple[Floats, Floats]]

_MOST_STEPS = 60
_MOST_HALVINGS = 40
_MOST_GRADIENTS = 5000
_SMALL_STEP = 1e-6
_MARGIN = 1e-9
_FIRST_TOLERANCE = 1e-5
_LAST_TOLERANCE = 1e-7
_LOOSE = 0.03
_ROUNDING = 1e-13
# Newton steps shrink quadratically towards a maximum; where there is none they stay as long as they were.
_REGULAR_STEPS = 15
_NO_FLOW = -300.0


@dataclass(frozen=True, slots=True)
class Model:
    """What is fitted: the pairs, and their terms, of which the first ``fixed`` have the slope 1."""

    pairs: Pairs
    terms: Floats
    fixed: int
    outflow: Floats  # empty where rows have no effects
    inflow: Floats
    moments: Floats  # sums of the terms weighted by the flows


@dataclass(frozen=True, slots=True)
class State:
    """Parameters, the flows expected under them, and their sums."""

    slopes: Floats
    outward: Floats
    inward: Floats
    mean: Floats
    columns: Floats
    by_row: Floats  # terms weighted by mean, summed by row
    by_column: Floats
    gram: Floats  # products of terms, weighted by mean
    likelihood: float  # but for what does not depend on parameters


@dataclass(frozen=True, slots=True)
class Step:
    """A Newton step, and what the effects of columns explain of the terms there."""

    slopes: Floats
    inward: Floats
    gamma: Floats
    information: Floats  # products of what the effects leave of the terms, weighted by mean

    @property
    def length(self) -> float:
        """The largest change of a parameter."""
        return float(max(np.abs(self.slopes).max(initial=0), np.abs(self.inward).max()))


def model(pairs: Pairs, terms: Floats, *, fixed: int = 0) -> Model:
    """Return the model of these pairs and terms."""
    outflow = pairs.outflow if pairs.profiled else np.empty(0)
    terms = np.ascontiguousarray(terms)
    return Model(pairs, terms, fixed, outflow, pairs.inflow, terms @ pairs.flow)


def first(made: Model) -> tuple[State, Step]:
    """Return the state without slopes, with columns as large as their sums, and the step from there."""
    inward = np.zeros(len(made.inflow))
    if made.pairs.constraint == "both":
        inward = np.log(np.maximum(made.inflow, np.exp(_NO_FLOW)))
    slopes = np.zeros(len(made.terms))
    slopes[: made.fixed] = 1
    at = _state(made, slopes, inward)
    return at, _step(made, at, _FIRST_TOLERANCE)


def fitted(
    made: Model, at: State, move: Step, *, doubt: Callable[[], None] | None = None
) -> tuple[State, Step]:
    """Return the maximum and the Newton step there; ``doubt`` is called where steps do not shrink."""
    for count in range(_MOST_STEPS):
        at = _climbed(made, at, move)
        if move.length < _SMALL_STEP and _balanced(made, at):
            return at, _step(made, at, _LAST_TOLERANCE)
        if count == _REGULAR_STEPS and doubt is not None:
            doubt()
        move = _step(made, at, min(_LOOSE, move.length))
    if doubt is None:
        return at, move
    message = (
        f"The estimates do not converge: after {_MOST_STEPS} steps they still move by {move.length:.2g}. "
        "Look for terms that are nearly collinear, or for costs of very different size."
    )
    raise FlowError(message)


def _balanced(made: Model, at: State) -> bool:
    """Whether columns sum to what they should (rows always do)."""
    if made.pairs.constraint != "both":
        return True
    return bool((np.abs(at.columns - made.inflow) <= _MARGIN * made.inflow + np.exp(_NO_FLOW)).all())


def _climbed(made: Model, at: State, move: Step) -> State:
    """Return the state after the step, halved until the likelihood does not fall."""
    slack = 1e-11 * abs(at.likelihood)
    share = 1.0
    for _ in range(_MOST_HALVINGS):
        there = _state(made, at.slopes + share * move.slopes, at.inward + share * move.inward)
        if there.likelihood >= at.likelihood - slack:
            return there
        share /= 2
    return at


def _state(made: Model, slopes: Floats, inward: Floats) -> State:
    """Return the flows expected at these slopes and column effects, rows balanced, and their sums."""
    from geoinno._kernels import balancing

    pairs = made.pairs
    parameters = (slopes, inward, made.outflow)
    mean, outward, columns, by_row, by_column, gram = balancing.balanced(pairs.layout, made.terms, parameters)
    likelihood = made.moments @ slopes - columns.sum()
    if pairs.profiled:
        sends = made.outflow > 0
        likelihood += made.outflow[sends] @ outward[sends]
    if pairs.constraint == "both":
        likelihood += made.inflow @ inward
    gram = np.tril(gram) + np.tril(gram, -1).T
    return State(slopes, outward, inward, mean, columns, by_row, by_column, gram, float(likelihood))


def _step(made: Model, at: State, tolerance: float) -> Step:
    """Return the Newton step, its linear systems solved to a relative ``tolerance``."""
    both = made.pairs.constraint == "both"
    gap = made.inflow - at.columns if both else np.zeros(len(made.inflow))
    shift, crossed = _crossing(made, at)
    gamma = np.zeros((len(made.terms) + 1, len(gap)))
    aim = np.vstack([gap, at.by_column])
    if both:
        aim[1:] -= crossed(shift, gamma[1:])[1]
        gamma = _solution(lambda v: _laplacian(crossed, at, v), aim, at.columns, tolerance=tolerance)
    free = slice(made.fixed, None)
    information = at.gram - at.by_row @ shift.T - aim[1:] @ gamma[1:].T
    information = (information + information.T)[free, free] / 2
    pull = made.moments - at.by_column.sum(axis=1) - gamma[1:] @ gap
    slopes = np.zeros(len(made.terms))
    slopes[free] = np.linalg.lstsq(information, pull[free], rcond=None)[0]
    return Step(slopes, gamma[0] - slopes @ gamma[1:], gamma[1:], information)


def explained_by_row(made: Model, at: State, move: Step) -> Floats:
    """Return what the effects of rows explain of the terms, beside those of columns (``move.gamma``)."""
    shift, crossed = _crossing(made, at)
    return crossed(shift, move.gamma)[0]


def unexplained(made: Model, at: State, move: Step) -> Floats:
    """Return what the effects leave of the free terms, times what the fit leaves of the flow, by pair."""
    from geoinno._kernels import balancing

    pairs = made.pairs
    alpha = explained_by_row(made, at, move)
    gaps = pairs.flow - at.mean
    every: Floats = balancing.scores(pairs.layout, made.terms, alpha, move.gamma, gaps)
    return every[made.fixed :]


def _crossing(made: Model, at: State) -> tuple[Floats, Crossed]:
    """Return the mean terms by row, and the product with the matrix of expected flows."""
    from geoinno._kernels import balancing

    pairs = made.pairs
    inverse = np.zeros(len(at.outward))
    if pairs.profiled:
        np.divide(1.0, made.outflow, out=inverse, where=made.outflow > 0)

    def crossed(shift: Floats, values: Floats) -> tuple[Floats, Floats]:
        return balancing.crossed(pairs.layout, at.mean, inverse, shift, values)

    return at.by_row * inverse, crossed


def _laplacian(crossed: Crossed, at: State, values: Floats) -> Floats:
    """Return the product with the information matrix of the column effects, rows profiled out."""
    still = np.zeros((len(values), len(at.outward)))
    return at.columns * values + crossed(still, values)[1]


def _solution(
    times: Callable[[Floats], Floats], aim: Floats, diagonal: Floats, *, tolerance: float
) -> Floats:
    """Solve several systems of one matrix at once by conjugate gradients, scaled by its diagonal."""
    scale = np.zeros_like(diagonal)
    np.divide(1.0, diagonal, out=scale, where=diagonal > 0)
    # What is left of a sum after rounding cannot be solved for.
    goal = np.maximum(tolerance**2 * (aim * scale * aim).sum(axis=1), _ROUNDING**2 * diagonal.sum())
    values, rest = np.zeros_like(aim), aim
    way = rest * scale
    length = (rest * way).sum(axis=1)
    for _ in range(_MOST_GRADIENTS):
        if (length <= goal).all():
            break
        ahead = times(way)
        stride = _ratio(length, (way * ahead).sum(axis=1))[:, None]
        values, rest = values + stride * way, rest - stride * ahead
        before, length = length, (rest * scale * rest).sum(axis=1)
        way = rest * scale + _ratio(length, before)[:, None] * way
    return values


def _ratio(above: Floats, below: Floats) -> Floats:
    """Return above / below, zero where nothing is left to divide by."""
    return np.divide(above, below, out=np.zeros_like(above), where=below > 0)
