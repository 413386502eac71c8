"""Poisson pseudo-maximum likelihood by Newton steps, with the effects of regions profiled out.

Row effects have a closed form at every step (each row is balanced to its sum); column effects and
slopes follow from Newton steps, whose linear systems need no matrix of pairs by regions. A step costs
one exponential for each pair. The likelihood is concave in slopes and column effects, so bounded steps
that never lower it end at its maximum, where there is one.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from geoinno.measure.interaction import _effects, _loops, _poisson
from geoinno.measure.interaction._poisson import Sums
from geoinno.scale import follow

if TYPE_CHECKING:
    from geoinno._types import Floats
    from geoinno.measure.interaction._effects import Partial
    from geoinno.measure.interaction._poisson import Model, State


_MOST_HALVINGS = 40
# A step leaves an error of the order of its square.
_SMALL_STEP = 1e-4
_MARGIN = 1e-9
_LOOSE, _LAST = 0.003, 1e-7
# A step may change ln of a flow by this much: beyond it the quadratic model of the likelihood means nothing.
_LONGEST = 20.0
_ROUNDING = 1e-13
_NO_FLOW = -300.0
_LEAST_FACTOR = 0.1


@dataclass(frozen=True, slots=True)
class Step:
    """A Newton step."""

    slopes: Floats
    inward: Floats

    @property
    def length(self) -> float:
        """The largest change of a parameter."""
        return float(max(np.abs(self.slopes).max(initial=0), np.abs(self.inward).max(initial=0)))


@dataclass(frozen=True, slots=True)
class Fit:
    """Where the steps led: the state, its terms without the effects of regions, and the last step."""

    model: Model
    state: State
    partial: Partial
    step: Step
    converged: bool

    @property
    def system(self) -> _effects.System:
        """The normal equations of the effects at the state."""
        return _system(self.model, self.state)

    @property
    def information(self) -> Floats:
        """The information of the free slopes, the effects of regions profiled out."""
        return self.partial.information[self.model.free, self.model.free]


def start(model: Model) -> Fit:
    """Return the start: logarithms of flows, or flows by size alone where these are nearer the maximum."""
    logs = _ready(model, _least_squares(model), tolerance=_LOOSE)
    if model.pairs.constraint == "none" or _reach(model, logs.step) <= _LONGEST:
        return logs
    inward = np.zeros(len(model.inflow))
    if model.pairs.constraint == "both":
        inward = np.log(np.maximum(model.inflow, np.exp(_NO_FLOW)))
    slopes = np.zeros(len(model.terms))
    slopes[: model.fixed] = 1
    plain = _poisson.evaluate(model, slopes, inward)
    return _ready(model, plain, tolerance=_LOOSE) if plain.likelihood > logs.state.likelihood else logs


def climb(fit: Fit, *, steps: int) -> Fit:
    """Return the fit after at most so many further steps, converged where they shrink to nothing."""
    model, again = fit.model, False
    for _ in follow(range(steps), "Newton step"):
        state = _improve(model, fit.state, fit.step)
        small = fit.step.length < _SMALL_STEP
        done = small and _balanced(model, state)
        # Columns far smaller than others are balanced last: if a second small step has left them as they
        # were, only an exact solution helps, which costs as much as all else together.
        tolerance = 0.0 if small and again else _tolerance(fit.step)
        stuck, again = state is fit.state and again, small
        if done:
            tolerance = _LAST
        fit = replace(_ready(model, state, tolerance=tolerance, guess=fit.partial.gamma), converged=done)
        if done or stuck:
            break
    return fit


def _tolerance(step: Step) -> float:
    """Return how well to solve for the step after this one, whose error is of the order of its square."""
    return max(min(_LOOSE, step.length**2), _LAST)


def maximum(model: Model, *, near: State | None = None, steps: int = 60) -> Fit:
    """Return the fit from the start on, or from the parameters of a model ``near`` it if likelier."""
    fit = start(model)
    if near is not None:
        state = _poisson.evaluate(model, near.slopes, near.inward)
        if state.likelihood > fit.state.likelihood:
            fit = _ready(model, state, tolerance=_LOOSE)
    return climb(fit, steps=steps)


def _ready(model: Model, state: State, *, tolerance: float, guess: Floats | None = None) -> Fit:
    """Return the fit at a state, with the step that leads on from there."""
    gaps = np.zeros(len(model.inflow))
    if model.pairs.constraint == "both":
        gaps = model.inflow - state.sums.columns
    if guess is not None:
        guess = np.vstack([np.zeros(len(gaps)), guess])
    partial = _effects.partial_out(_system(model, state), gaps=gaps, tolerance=tolerance, guess=guess)
    pull = model.moments - state.sums.by_column.sum(axis=1) - partial.gamma @ gaps
    slopes = np.zeros(len(model.terms))
    free = model.free
    slopes[free] = np.linalg.lstsq(partial.information[free, free], pull[free], rcond=None)[0]
    step = Step(slopes, _compounded(partial.gap) - slopes @ partial.gamma)
    return Fit(model, state, partial, step, converged=False)


def _compounded(gap: Floats) -> Floats:
    """Return the change of the effects of columns for a change of their factors by so many times.

    Expected flows are linear in the factors exp(b), so that a step in these leaves a far smaller error than
    one in b. It leads upwards, too: S is the Laplacian of a graph, for which x S f(x) >= 0 of any f that
    increases, such as ln(1 + x), drawn on as a straight line where x is close to -1.
    """
    return np.log1p(np.maximum(gap, _LEAST_FACTOR - 1)) + np.minimum(gap - (_LEAST_FACTOR - 1), 0)


def _system(model: Model, state: State) -> _effects.System:
    return _effects.equations(model.pairs, state.mean, state.sums)


def _least_squares(model: Model) -> State:
    """Return the state after one weighted regression of ln flows, as generalised linear models start.

    Weights m lie halfway between the flows and what sizes alone make expected; ln m + (flow - m) / m stands
    for ln flow, so that zeros take part (McCullagh and Nelder 1989, ch. 2.5).
    """
    pairs, fixed = model.pairs, model.fixed
    loops = _loops.over(pairs.layout)
    weight, raw = loops.working_sums(pairs.layout, model.terms, pairs.flow, _sizes(model))
    sums = Sums(*raw)
    if pairs.profiled:
        # The level of the response is the effects' to explain; without it, less is lost to rounding.
        level = sums.by_row[-1].sum() / sums.rows.sum()
        sums.by_row[-1] -= level * sums.rows
        sums.by_column[-1] -= level * sums.columns
        sums.gram[:-1, -1] -= level * sums.by_row[:-1].sum(axis=1)
    # What is fixed is taken from the response, the last term.
    sums.by_row[-1] -= sums.by_row[:fixed].sum(axis=0)
    sums.by_column[-1] -= sums.by_column[:fixed].sum(axis=0)
    sums.gram[:-1, -1] -= sums.gram[:-1, :fixed].sum(axis=1)
    sums.gram[-1] = sums.gram[:, -1]
    partial = _effects.partial_out(
        _effects.equations(pairs, weight, sums), gaps=np.zeros(pairs.columns), tolerance=_LOOSE
    )
    slopes, free = np.zeros(len(model.terms) + 1), slice(fixed, -1)
    information = partial.information
    slopes[free] = np.linalg.lstsq(information[free, free], information[free, -1], rcond=None)[0]
    slopes[-1] = -1
    inward = -slopes @ partial.gamma
    slopes[:fixed] = 1
    return _poisson.evaluate(model, slopes[:-1], inward)


def _sizes(model: Model) -> tuple[Floats, Floats]:
    """Return numbers by row and by column whose products are the flows that sizes alone make expected."""
    pairs = model.pairs
    if pairs.constraint == "both":
        return model.outflow, model.inflow / model.inflow.sum()
    ones = np.ones(pairs.columns)
    if pairs.constraint == "none":
        return np.full(pairs.rows, pairs.flow.mean()), ones
    return model.outflow / np.maximum(np.bincount(pairs.row, minlength=pairs.rows), 1), ones


def _balanced(model: Model, state: State) -> bool:
    """Whether columns, and flows weighted by each term, sum to what they should (rows always do)."""
    sums = state.sums
    spread = np.sqrt(np.diagonal(sums.gram) * sums.columns.sum())
    left = np.abs(model.moments - sums.by_column.sum(axis=1))
    if (left > _MARGIN * spread)[model.free].any():
        return False
    if model.pairs.constraint != "both":
        return True
    gap = np.abs(sums.columns - model.inflow)
    return bool((gap <= _MARGIN * model.inflow + np.exp(_NO_FLOW)).all())


def _improve(model: Model, state: State, step: Step) -> State:
    """Return the state after the step, halved until the likelihood does not fall, or the state itself."""
    slack = _ROUNDING * state.magnitude
    share = min(1.0, _LONGEST / max(_reach(model, step), _LONGEST))
    for _ in range(_MOST_HALVINGS):
        there = _poisson.evaluate(
            model, state.slopes + share * step.slopes, state.inward + share * step.inward
        )
        if there.likelihood >= state.likelihood - slack:
            return there
        share /= 2
    return state


def _reach(model: Model, step: Step) -> float:
    """Return the most that the step changes ln of a flow, its row not yet balanced; at first by a bound."""
    bound = float(np.abs(step.slopes) @ model.largest + np.abs(step.inward).max(initial=0))
    if bound <= _LONGEST:
        return bound
    change = step.slopes @ model.terms + step.inward[model.pairs.column]
    return float(np.abs(change).max())
