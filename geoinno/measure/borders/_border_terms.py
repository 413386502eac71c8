"""Gravity with a term for each of many pairs of countries, by Newton steps on sparse terms.

A dense term for each border would cost pairs of regions times the square of the number of borders; here a
pair of regions touches its slopes, one destination and at most one border. Effects of origins have a closed
form (each row is balanced to its sum), and are eliminated from the normal equations.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from scipy import linalg, sparse

from geoinno import _contract
from geoinno._kernels.threads import single_blas_thread
from geoinno.errors import FlowError

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from geoinno._types import Floats

    Ints = NDArray[np.intp]

_MOST_STEPS, _MOST_HALVINGS = 100, 40
# A step may change ln of a flow by this much: beyond it the quadratic model of the likelihood means nothing.
_LONGEST = 20.0
# Steps shrink quadratically: after one of this size, what is left is rounding.
_LAST = 1e-8
_COLLINEAR, _SHARE = 1e-9, 1e-3
_ROUNDING = 1e-13


@dataclass(frozen=True, slots=True)
class Model:
    """Flows by pair, the origin of each as a code, and their terms (pairs by parameters)."""

    flow: Floats
    origin: Ints
    outflow: Floats
    terms: sparse.csr_array


class State(NamedTuple):
    """Parameters, effects of origins, expected flows, and likelihood (with the size of its parts)."""

    parameters: Floats
    outward: Floats
    mean: Floats
    likelihood: float
    magnitude: float


def model(flow: Floats, origin: Ints, terms: sparse.csr_array) -> Model:
    """Return the model of these flows; every origin has a flow above zero."""
    return Model(flow, origin, np.bincount(origin, flow).astype(np.float64), terms)


def maximum(model: Model, parameters: Floats, names: list[str]) -> State:
    """Return the state of highest likelihood, from these parameters on.

    ``names`` are those of the last parameters, which must be identified beside all others.
    """
    state = _evaluate(model, parameters)
    with single_blas_thread():
        information, pull = _normal_equations(model, state)
        null = _null_space(information, names)
        for _ in range(_MOST_STEPS):
            step = _solve(information, pull, null)
            ahead = _improve(model, state, step)
            if np.abs(step).max(initial=0) < _LAST or ahead is state:
                break
            state = ahead
            information, pull = _normal_equations(model, state)
    _check_settled(step, names)
    return ahead


def _evaluate(model: Model, parameters: Floats) -> State:
    """Return the flows expected at these parameters, each origin's balanced to its sum."""
    predictor = model.terms @ parameters
    most = np.full(len(model.outflow), -np.inf)
    np.maximum.at(most, model.origin, predictor)
    weight = np.exp(predictor - most[model.origin])
    scale = model.outflow / np.bincount(model.origin, weight)
    outward = np.log(scale) - most
    # The expected flows add up to those observed whatever the parameters: that part is a constant.
    parts = np.array([model.flow @ predictor, model.outflow @ outward])
    return State(
        parameters, outward, scale[model.origin] * weight, float(parts.sum()), float(np.abs(parts).sum())
    )


def _normal_equations(model: Model, state: State) -> tuple[Floats, Floats]:
    """Return the information of the parameters, effects of origins eliminated, and the gradient."""
    weighted = sparse.diags_array(state.mean) @ model.terms
    count = len(model.flow)
    rows = sparse.csr_array((np.ones(count), (model.origin, np.arange(count))))
    by_row = (rows @ weighted).toarray()
    gram: Floats = (model.terms.T @ weighted).toarray() - (by_row / model.outflow[:, None]).T @ by_row
    return gram, np.asarray(model.terms.T @ (model.flow - state.mean))


def _null_space(information: Floats, names: list[str]) -> Floats:
    """Return the directions that leave all flows as they are, or raise where a named term has a share in one.

    One is always there: all effects of destinations up, all of origins down. Which they are does not depend
    on the flows expected.
    """
    root = _root(information)
    size, vectors = linalg.eigh(information / np.outer(root, root))
    null: Floats = vectors[:, size < _COLLINEAR * size[-1]]
    own = np.abs(null[len(root) - len(names) :]).max(axis=1, initial=0) > _SHARE
    if own.any():
        explained = [name for name, bad in zip(names, own, strict=True) if bad]
        message = (
            "Terms that other terms, or the effects of regions, explain in full: "
            f"{_contract.named(explained)}. The flows do not identify them: add flows within these "
            "countries, or leave their flows out."
        )
        raise FlowError(message)
    return null / root[:, None]


def _solve(information: Floats, pull: Floats, null: Floats) -> Floats:
    """Return the Newton step without a part along the null space."""
    root = _root(information)
    scaled = information / np.outer(root, root)
    basis = np.linalg.qr(null * root[:, None])[0]
    try:
        step = linalg.solve(scaled + basis @ basis.T, pull / root, assume_a="pos")
    except linalg.LinAlgError:  # expected flows that underflow leave parameters without any weight
        step = linalg.lstsq(scaled + basis @ basis.T, pull / root, cond=_ROUNDING)[0]
    answer: Floats = step / root
    return answer


def _root(information: Floats) -> Floats:
    """Return the roots of the diagonal, which bring all parameters to one scale."""
    diagonal = np.diagonal(information)
    return np.sqrt(np.where(diagonal > 0, diagonal, 1.0))


def _improve(model: Model, state: State, step: Floats) -> State:
    """Return the state after the step, halved until the likelihood does not fall, or the state itself."""
    share = min(1.0, _LONGEST / max(float(np.abs(model.terms @ step).max()), _LONGEST))
    for _ in range(_MOST_HALVINGS):
        there = _evaluate(model, state.parameters + share * step)
        if there.likelihood >= state.likelihood - _ROUNDING * state.magnitude:
            return there
        share /= 2
    return state


def _check_settled(step: Floats, names: list[str]) -> None:
    """Raise where the last step still moves a named term, as where zeros give it no estimate."""
    moves = np.abs(step[len(step) - len(names) :])
    if np.abs(step).max(initial=0) < np.sqrt(_LAST):
        return
    moving = [name for name, size in zip(names, moves, strict=True) if size > np.sqrt(_LAST)]
    message = (
        f"The estimates do not converge; no finite one may exist for {_contract.named(moving or names)}. "
        "Leave out these flows, or regions of which nearly all flows are zero."
    )
    raise FlowError(message)
