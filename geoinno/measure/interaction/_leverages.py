"""Leverages of pairs in a fit with effects of regions, without a matrix of dummies."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from geoinno.measure.interaction import _effects, _loops

if TYPE_CHECKING:
    from geoinno._types import Floats
    from geoinno.measure.interaction._newton import Fit


def residual_terms(fit: Fit) -> Floats:
    """Return what the effects of regions leave of the free terms, by pair."""
    alpha = _effects.explained_by_row(fit.system, fit.partial.gamma)
    ones = np.ones(len(fit.state.mean))
    layout = fit.model.pairs.layout
    every: Floats = _loops.over(layout).scores(layout, fit.model.terms, alpha, fit.partial.gamma, ones)
    return every[fit.model.free]


def leverages(fit: Fit, left: Floats) -> Floats:
    """Return h = m x' (X'WX)^-1 x of each pair, for slopes and effects of regions together.

    By the theorem of Frisch, Waugh and Lovell the two add up: the leverage among the effects alone, and that
    of the terms without what the effects explain of them (``left``).
    """
    own = np.einsum("kp,kl,lp->p", left, np.linalg.inv(fit.information), left, optimize=True)
    values: Floats = fit.state.mean * (own + _variance_of_effects(fit))
    return values


def _variance_of_effects(fit: Fit) -> Floats:
    """Return the variance of a_i + b_j of each pair in a Poisson model of effects alone.

    With r the row sums, M the expected flows and G a generalised inverse of the Laplacian of columns, the
    inverse of the normal equations has the blocks 1/r + P M'/r, -P and G, where P = (M / r) G.
    """
    pairs, system = fit.model.pairs, fit.system
    if pairs.constraint == "none":
        return np.zeros(len(pairs.flow))
    rows = system.per_row
    if pairs.constraint != "both":
        return rows[pairs.row]
    root, inverse = _effects.generalised_inverse(system)
    shares = system.table() * rows[:, None]
    products = (shares * root) @ inverse * root
    of_rows = rows + np.einsum("ij,ij->i", products, shares)
    of_columns = np.diagonal(inverse) * root**2
    variance: Floats = of_rows[pairs.row] + of_columns[pairs.column] - 2 * products[pairs.row, pairs.column]
    return variance
