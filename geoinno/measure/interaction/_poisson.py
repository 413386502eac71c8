"""The Poisson model of flows, its rows balanced in closed form: parameters, expected flows and their sums."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from geoinno.measure.interaction import _loops

if TYPE_CHECKING:
    from geoinno._types import Floats
    from geoinno.measure.interaction._pairs import Pairs


@dataclass(frozen=True, slots=True)
class Model:
    """What is fitted: the pairs, and their terms, of which the first ``fixed`` have the slope 1."""

    pairs: Pairs
    terms: Floats
    fixed: int
    outflow: Floats  # empty where rows have no effects
    inflow: Floats
    moments: Floats  # sums of the terms weighted by the flows
    largest: Floats  # the largest size of each term

    @property
    def free(self) -> slice:
        """The terms whose slopes are estimated."""
        return slice(self.fixed, None)


class Sums(NamedTuple):
    """Sums of weights over pairs, as the loops return them."""

    rows: Floats
    columns: Floats
    by_row: Floats  # terms weighted and summed by row
    by_column: Floats
    gram: Floats  # weighted products of terms


@dataclass(frozen=True, slots=True)
class State:
    """Parameters, the flows expected under them, and their sums."""

    slopes: Floats
    outward: Floats
    inward: Floats
    mean: Floats
    sums: Sums
    likelihood: float  # but for what does not depend on parameters
    magnitude: float  # of the parts that the likelihood is the sum of, for rounding


def model(pairs: Pairs, terms: Floats, *, fixed: int = 0) -> Model:
    """Return the model of these pairs and terms."""
    outflow = pairs.outflow if pairs.profiled else np.empty(0)
    terms = np.ascontiguousarray(terms)
    largest = np.maximum(terms.max(axis=1, initial=0), -terms.min(axis=1, initial=0))
    return Model(pairs, terms, fixed, outflow, pairs.inflow, terms @ pairs.flow, largest)


def evaluate(model: Model, slopes: Floats, inward: Floats) -> State:
    """Return the flows expected at these slopes and column effects, rows balanced, and their sums.

    The likelihood is taken from the parameters, not from logarithms of expected flows, so that a flow that
    underflows costs what it should; one that overflows makes it minus infinity.
    """
    pairs = model.pairs
    parameters = (slopes, inward, model.outflow)
    mean, outward, sums = _loops.over(pairs.layout).balanced(pairs.layout, model.terms, parameters)
    parts = [*(model.moments * slopes), -float(sums[1].sum())]
    if pairs.profiled:
        sends = model.outflow > 0
        parts.append(model.outflow[sends] @ outward[sends])
    if pairs.constraint == "both":
        parts.append(model.inflow @ inward)
    return State(slopes, outward, inward, mean, Sums(*sums), float(sum(parts)), float(np.abs(parts).sum()))
