"""Partition: what share of the explained deviance is due to each term (Shapley 1953)."""

from __future__ import annotations

from itertools import combinations
from math import factorial
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from geoinno.measure.diffusion import _partial_likelihood as partial

if TYPE_CHECKING:
    from geoinno.measure.diffusion._design import Design


def deviance_shares(design: Design) -> tuple[pd.Series, float]:
    """Return the share of each term in the deviance that all of them explain, and that deviance.

    A term's share is what it adds to each set of other terms, averaged over all orders in which
    terms can enter: no order is better than another where exposures are correlated.
    """
    count, index = len(design.names), pd.Index(design.names, name="term")
    sets = [frozenset(s) for size in range(count + 1) for s in combinations(range(count), size)]
    value = {s: 2 * _log_likelihood(design, sorted(s)) for s in sets}
    gains = np.zeros(count)
    for s in sets:
        weight = factorial(len(s)) * factorial(count - len(s) - 1) / factorial(count) if len(s) < count else 0
        for k in set(range(count)) - s:
            gains[k] += weight * (value[s | {k}] - value[s])
    total = float(gains.sum())
    return pd.Series(gains / total if total > 0 else np.nan, index, name="share"), total


def _log_likelihood(design: Design, chosen: list[int]) -> float:
    """Return the highest log likelihood with some of the terms, unit effects kept."""
    terms = design.with_units(design.terms[:, chosen])
    labels = [design.names[k] for k in chosen] + design.labels[len(design.names) :]
    if not labels:
        return partial.log_likelihood(design.case, np.zeros(len(design.terms)))
    return partial.fit(design.case, terms, names=labels).log_likelihood
