"""Standard errors of a gravity model: from the likelihood, robust, and clustered by region or pair."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from geoinno.measure.interaction import _fit

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from geoinno.measure.interaction._fit import Model, State, Step
    from geoinno.measure.interaction._pairs import Pairs

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]

ERRORS = ("robust", "origin", "destination", "pair", "two-way", "poisson")


def covariance(made: Model, at: State, move: Step, *, errors: str) -> Floats:
    """Return the covariance matrix of the slopes of the free terms.

    Small-sample factors are those of fixest and pyfixest: N / (N - K) for robust errors; for clusters
    (N - 1) / (N - K) times G / (G - 1), where K leaves out effects nested in the clusters, and two-way
    clustering takes the smaller G.
    """
    bread: Floats = np.linalg.inv(move.information).astype(np.float64)
    if errors == "poisson":
        return bread
    scores = _fit.unexplained(made, at, move)
    pairs = made.pairs
    if errors == "robust":
        count = len(pairs.flow)
        factor = count / (count - _parameters(pairs, len(scores), ()))
        meat = factor * scores @ scores.T
    elif errors == "two-way":
        meat = _two_way(pairs, scores)
    else:
        sums = _cluster_sums(scores, _clusters(pairs, errors))
        meat = _factor(pairs, len(scores), (errors,), clusters=sums.shape[1]) * sums @ sums.T
    return _positive(bread @ meat @ bread)


def _two_way(pairs: Pairs, scores: Floats) -> Floats:
    """Return the meat clustered by origin and by destination."""
    ways = ("origin", "destination")
    sums = [_cluster_sums(scores, _clusters(pairs, way)) for way in ways]
    # A directed pair occurs once, so the intersection of the two clusterings is the single flow.
    meat = sum(s @ s.T for s in sums) - scores @ scores.T
    return _factor(pairs, len(scores), ways, clusters=min(s.shape[1] for s in sums)) * meat


def _positive(matrix: Floats) -> Floats:
    """Return the matrix, without what is negative where it gives a term a negative variance."""
    if (np.diagonal(matrix) > 0).all():
        return matrix
    size, vectors = np.linalg.eigh(matrix)
    return (vectors * np.maximum(size, 0)) @ vectors.T


def _clusters(pairs: Pairs, errors: str) -> Ints:
    """Return the cluster of each pair."""
    if errors == "pair":
        low, high = np.minimum(pairs.origin, pairs.destination), np.maximum(pairs.origin, pairs.destination)
        return low * len(pairs.ids) + high
    return pairs.origin if errors == "origin" else pairs.destination


def _cluster_sums(scores: Floats, clusters: Ints) -> Floats:
    """Return the sums of the scores by cluster."""
    codes, known = pd.factorize(clusters)
    return np.vstack([np.bincount(codes, score, len(known)) for score in scores])


def _factor(pairs: Pairs, terms: int, nested: Sequence[str], *, clusters: int) -> float:
    """Return the small-sample factor of clustered errors."""
    count = len(pairs.flow)
    return (count - 1) / (count - _parameters(pairs, terms, nested)) * clusters / (clusters - 1)


def _parameters(pairs: Pairs, terms: int, nested: Sequence[str]) -> int:
    """Return the number of terms and effects, but for the effects nested in clusters."""
    rows, columns = (
        ("destination", "origin") if pairs.constraint == "destination" else ("origin", "destination")
    )
    sizes = {rows: pairs.rows} if pairs.profiled else {}
    if pairs.constraint == "both":
        sizes[columns] = pairs.columns
    inside = [side for side in sizes if side in nested]
    levels = sum(sizes.values()) - max(len(sizes) - 1, 0)
    return terms + levels - sum(sizes[side] for side in inside) + len(inside)
