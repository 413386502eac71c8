"""Weights of the members of a group: equal, given, or found in the data."""

from __future__ import annotations

from typing import TYPE_CHECKING, get_args

import numpy as np

from geoinno import _contract
from geoinno.errors import ColumnError, OptionError
from geoinno.measure.composite import _preparation, _structure
from geoinno.measure.composite._options import WeightRule

if TYPE_CHECKING:
    import pandas as pd

    from geoinno._types import Floats
    from geoinno.measure.composite._options import Recipe, Weights
    from geoinno.measure.composite._structure import Tree


def rule_of(weights: Weights | None, recipe: Recipe) -> str:
    """Return the rule that weights follow, if it goes with the recipe."""
    if weights is None:
        return "equal"
    if not isinstance(weights, str):
        return "given"
    rule = _contract.option(weights, get_args(WeightRule), name="weights")
    if rule == "entropy" and recipe.normalise == "z":
        message = "Entropy weights need values of zero or more, and z-scores are not. Use 'minmax'."
        raise OptionError(message)
    if rule == "benefit-of-doubt" and (recipe.aggregate != "arithmetic" or recipe.normalise == "z"):
        message = (
            "Weights by benefit of the doubt are those of a weighted sum of values of zero or more: take "
            "aggregate='arithmetic' and normalise='minmax', 'goalposts', 'rank' or 'frontier'."
        )
        raise OptionError(message)
    return rule


def fixed(weights: Weights | None, tree: Tree) -> dict[str, Floats]:
    """Return the weights that do not depend on values, by group."""
    if weights is None or isinstance(weights, str):
        return {group.name: _structure.equal(group) for group in tree.groups}
    return _structure.given_weights(weights, tree)


def found(members: pd.DataFrame, rule: str) -> Floats:
    """Return the weights of the members of a group that their values give, summing to one."""
    if members.shape[1] == 1:
        return np.ones(1)
    _preparation.refuse_constant(members)
    known = members.dropna()
    return _principal(known) if rule == "pca" else _entropy(known)


def _principal(members: pd.DataFrame) -> Floats:
    """Return squared loadings of the first principal component of the correlations: they sum to one."""
    if len(members) <= members.shape[1]:
        message = (
            f"{len(members):,} regions without missing values are too few for weights by principal "
            f"components of {members.shape[1]:,} members. Use weights='equal'."
        )
        raise ColumnError(message)
    loadings = np.linalg.eigh(np.corrcoef(members.to_numpy().T))[1][:, -1]
    against = members.columns[np.sign(loadings) != np.sign(loadings.sum())]
    if len(against):
        message = (
            f"In the first principal component {_contract.named(against)} count against the other members of "
            "the group, and a weight cannot. Turn them with direction={name: -1}, or use weights='equal'."
        )
        raise ColumnError(message)
    weights: Floats = loadings**2
    return weights


def _entropy(members: pd.DataFrame) -> Floats:
    """Return one less the entropy of each member's shares over regions, as a share of their sum."""
    cells = members.to_numpy()
    shares = cells / cells.sum(axis=0)
    logs = np.log(shares, out=np.zeros_like(shares), where=shares > 0)
    spread = 1 + (shares * logs).sum(axis=0) / np.log(len(cells))
    weights: Floats = spread / spread.sum()
    return weights
