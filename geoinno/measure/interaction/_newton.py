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

from geoinno.measure.interaction import _effects, _poisson
from geoinno.measure.interaction._poisson import Sums

if TYPE_CHECKING:
    from geoinno._types import Floats
    from geoinno.measure.interaction._effects import Partial
    from geoinno.measure.interaction._poisson import Model, State


_MOST_HALVINGS = 40
# A step leaves an error of the order of its square.
_SMALL_STEP = 1e-5
_MARGIN = 1e-9
_LOOSE, _LAST = 0.03, 1e-7
# A step may change ln of a flow by this much: beyond it the quadratic model of the likelihood means nothing.
_LONGEST = 20.0
_ROUNDING = 1e-13
_NO_FLOW = -300.0


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
    """Return the start: flows by size alone, or logarithms of flows where a step from there leads too far."""
    if model.pairs.constraint == "none":
        return _ready(model, _least_squares(model), tolerance=_LOOSE)
    inward = np.zeros(len(model.inflow))
    if model.pairs.constraint == "both":
        inward = np.log(np.maximum(model.inflow, np.exp(_NO_FLOW)))
    slopes = np.zeros(len(model.terms))
    slopes[: model.fixed] = 1
    plain = _ready(model, _poisson.evaluate(model, slopes, inward), tolerance=_LOOSE)
    if _reach(model, plain.step) <= _LONGEST:
        return plain
    logs = _least_squares(model)
    return _ready(model, logs, tolerance=_LOOSE) if logs.likelihood > plain.state.likelihood else plain


def climb(fit: Fit, *, steps: int) -> Fit:
    """Return the fit after at most so many further steps, converged where they shrink to nothing."""
    model, again = fit.model, False
    for _ in range(steps):
        state = _improve(model, fit.state, fit.step)
        small = fit.step.length < _SMALL_STEP
        done = small and _balanced(model, state)
        # Columns far smaller than others are balanced last: if a second small step has left them as they
        # were, only an exact solution helps, which costs as much as all else together.
        tolerance = _LAST if done else 0.0 if small and again else min(_LOOSE, fit.step.length)
        stuck, again = state is fit.state and again, small
        fit = replace(_ready(model, state, tolerance=tolerance, guess=fit.partial.gamma), converged=done)
        if done or stuck:
            break
    return fit


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
    step = Step(slopes, partial.gap - slopes @ partial.gamma)
    return Fit(model, state, partial, step, converged=False)


def _system(model: Model, state: State) -> _effects.System:
    return _effects.System(model.pairs, state.mean, state.sums)


def _least_squares(model: Model) -> State:
    """Return the state after one weighted regression of ln flows, as generalised linear models start.

    Weights m lie halfway between the flows and what sizes alone make expected; ln m + (flow - m) / m stands
    for ln flow, so that zeros take part (McCullagh and Nelder 1989, ch. 2.5).
    """
    from geoinno._kernels import balancing

    pairs = model.pairs
    middle = (pairs.flow + _by_size(model)) / 2
    known = middle > 0
    safe = np.where(known, middle, 1.0)
    response = np.where(known, np.log(safe) + (pairs.flow - middle) / safe, 0.0)
    response -= model.terms[: model.fixed].sum(axis=0)
    terms = np.vstack([model.terms, response - response.mean()])
    if not pairs.profiled:
        terms[-1] = response
    sums = Sums(*balancing.weighted_sums(pairs.layout, terms, middle, pairs.columns))
    partial = _effects.partial_out(
        _effects.System(pairs, middle, sums), gaps=np.zeros(pairs.columns), tolerance=_LOOSE
    )
    slopes, free = np.zeros(len(terms)), slice(model.fixed, -1)
    information = partial.information
    slopes[free] = np.linalg.lstsq(information[free, free], information[free, -1], rcond=None)[0]
    slopes[-1] = -1
    inward = -slopes @ partial.gamma
    slopes[: model.fixed] = 1
    return _poisson.evaluate(model, slopes[:-1], inward)


def _by_size(model: Model) -> Floats:
    """Return the flows that the sizes of their ends alone make expected."""
    pairs = model.pairs
    if pairs.constraint == "none":
        return np.full(len(pairs.flow), pairs.flow.mean())
    if pairs.constraint == "both":
        return model.outflow[pairs.row] * (model.inflow / model.inflow.sum())[pairs.column]
    share = model.outflow / np.maximum(np.bincount(pairs.row, minlength=pairs.rows), 1)
    return share[pairs.row]


def _balanced(model: Model, state: State) -> bool:
    """Whether columns sum to what they should (rows always do)."""
    if model.pairs.constraint != "both":
        return True
    gap = np.abs(state.sums.columns - model.inflow)
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
