"""What an index is made of: effective weights, consistency, and indicators that count against their group."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

if TYPE_CHECKING:
    from collections.abc import Mapping

    from geoinno._types import Floats
    from geoinno.measure.composite._structure import Tree

_FEWEST = 3


def nominal(tree: Tree, weights: Mapping[str, Floats]) -> pd.DataFrame:
    """Return each indicator's group, its weight there, and its weight in the whole index."""
    within = {
        name: (group.name, float(weight))
        for group in tree.groups
        for name, weight in zip(group.members, weights[group.name], strict=True)
    }
    rows = {name: (*within[name], _path_product(name, within)) for name in tree.indicators}
    table = pd.DataFrame.from_dict(rows, orient="index", columns=["group", "weight", "in_index"])
    return table.rename_axis("indicator")


def _path_product(name: str, within: Mapping[str, tuple[str, float]]) -> float:
    """Return the product of weights from a member up to the whole."""
    product = 1.0
    while name in within:
        name, weight = within[name]
        product *= weight
    return product


def diagnosed(weights: pd.DataFrame, members: pd.DataFrame, top: str) -> pd.DataFrame:
    """Return the table of indicators with correlations and effective weights.

    ``members`` has all indicators, groups and the whole. The effective weight is the squared correlation with
    the whole over its sum (Paruolo, Saisana and Saltelli 2013, in the linear form): what an indicator
    contributes to how regions differ, beside the nominal weight.
    """
    correlations = correlated(members)
    cells = correlations.to_numpy()
    groups = correlations.index.get_indexer(pd.Index(weights["group"]))
    with_group = cells[correlations.index.get_indexer(weights.index), groups]
    with_whole = correlations[top].reindex(weights.index)
    return weights.assign(
        effective=with_whole**2 / (with_whole**2).sum(min_count=1),
        with_group=with_group,
        with_index=with_whole,
        against=with_group < 0,
    )


def correlated(members: pd.DataFrame) -> pd.DataFrame:
    """Return correlations; those with a column that does not vary are missing."""
    varying = members.columns[members.std(ddof=0) > 0]
    table = members[varying].corr(min_periods=_FEWEST)
    return table.reindex(index=members.columns, columns=members.columns)


def consistency(tree: Tree, members: pd.DataFrame) -> pd.Series:
    """Return Cronbach's alpha of each group of two or more members, from standardised values.

    k r / (1 + (k - 1) r), with r the mean correlation of the k members. Missing for groups of one.
    """
    correlations = correlated(members)
    alpha = {}
    for group in tree.groups:
        names, k = list(group.members), len(group.members)
        table = correlations.loc[names, names].to_numpy()
        mean = float(table[~np.eye(k, dtype=bool)].mean()) if k > 1 else np.nan
        alpha[group.name] = k * mean / (1 + (k - 1) * mean)
    return pd.Series(alpha, name="alpha").rename_axis("group")
