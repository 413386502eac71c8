"""Standard errors of a gravity model: trusting Poisson, robust, or clustered one way or two ways."""

from __future__ import annotations

import warnings
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from geoinno.errors import DataWarning, OptionError
from geoinno.measure.interaction import _leverages

if TYPE_CHECKING:
    from collections.abc import Sequence

    from geoinno._types import Floats, Ints
    from geoinno.measure.interaction._newton import Fit
    from geoinno.measure.interaction._pairs import Pairs


ERRORS = ("hc3", "robust", "origin", "destination", "pair", "two-way", "poisson")
_WAYS = ("origin", "destination")
# The inverse for exact leverages takes half a second at this size, and eight times as long at twice the size.
_MOST_FOR_LEVERAGES = 1_000
_FEW_CLUSTERS = 10
# A pair that its region's effect fits whatever it is (a region with one flow) has no residual.
_FITTED_EXACTLY = 1e-8


@dataclass(frozen=True, slots=True)
class Covariance:
    """The covariance of the slopes of the free terms, the kind of errors, and what must be said of it."""

    matrix: Floats
    errors: str
    note: str = ""


def covariance(fit: Fit, errors: str) -> Covariance:
    """Return the covariance of the slopes of the free terms.

    Small-sample factors are those of fixest and pyfixest: N / (N - K) for robust errors; for clusters
    (N - 1) / (N - K) times G / (G - 1), where K leaves out effects nested in the clusters, and two-way
    clustering takes the smaller G. HC3 has none.
    """
    bread: Floats = np.linalg.inv(fit.information).astype(np.float64)
    if errors == "poisson":
        return Covariance(bread, errors)
    pairs = fit.model.pairs
    left = _leverages.residual_terms(fit)
    scores = left * (pairs.flow - fit.state.mean)
    if errors == "hc3":
        if max(pairs.rows, pairs.columns) <= _MOST_FOR_LEVERAGES:
            return Covariance(_sandwich(bread, _divided(scores, _leverages.leverages(fit, left))), errors)
        note = f"hc3 errors are for up to {_MOST_FOR_LEVERAGES:,} regions, so these are robust (HC1)"
        return Covariance(_robust(pairs, bread, scores), "robust", note)
    if errors == "robust":
        return Covariance(_robust(pairs, bread, scores), errors)
    if errors == "two-way":
        return _two_way(pairs, bread, scores)
    return Covariance(_clustered(pairs, bread, scores, way=errors), errors)


def _sandwich(bread: Floats, scores: Floats) -> Floats:
    """Return the covariance from the scores of independent units."""
    return bread @ (scores @ scores.T) @ bread


def _divided(scores: Floats, leverage: Floats) -> Floats:
    """Return the scores over 1 - h (MacKinnon and White 1985), zero where the fit leaves no residual."""
    rest = 1 - leverage
    return np.divide(scores, rest, out=np.zeros_like(scores), where=rest > _FITTED_EXACTLY)


def _robust(pairs: Pairs, bread: Floats, scores: Floats) -> Floats:
    """Return the covariance for flows that are independent."""
    count = len(pairs.flow)
    factor = count / (count - _parameters(pairs, len(scores), ()))
    return factor * _sandwich(bread, scores)


def _clustered(pairs: Pairs, bread: Floats, scores: Floats, *, way: str) -> Floats:
    """Return the covariance for flows that depend on each other within clusters."""
    sums = _cluster_sums(scores, _clusters(pairs, way))
    _enough_clusters(sums.shape[1], way)
    return _factor(pairs, len(scores), (way,), clusters=sums.shape[1]) * _sandwich(bread, sums)


def _two_way(pairs: Pairs, bread: Floats, scores: Floats) -> Covariance:
    """Return the covariance clustered by origin and by destination (Cameron, Gelbach and Miller 2011)."""
    sums = [_cluster_sums(scores, _clusters(pairs, way)) for way in _WAYS]
    fewest = min(s.shape[1] for s in sums)
    _enough_clusters(fewest, "two-way")
    factor = _factor(pairs, len(scores), _WAYS, clusters=fewest)
    ways = [_sandwich(bread, s) for s in sums]
    # A directed pair occurs once, so the intersection of the two clusterings is the single flow.
    both = factor * (ways[0] + ways[1] - _sandwich(bread, scores))
    negative = ~(np.diagonal(both) > 0)
    if not negative.any():
        return Covariance(both, "two-way")
    one_way = [_clustered(pairs, bread, scores, way=way) for way in _WAYS]
    largest = np.max([np.diagonal(matrix) for matrix in one_way], axis=0)
    note = "two-way clustering gave a variance that is not positive, replaced by the larger one-way variance"
    variances = np.where(negative, largest, np.diagonal(both))
    return Covariance(_rescaled(ways[0] + ways[1], variances), "two-way", note)


def _rescaled(matrix: Floats, variances: Floats) -> Floats:
    """Return the covariance with these variances and the correlations of a matrix."""
    size = np.sqrt(variances / np.diagonal(matrix))
    return matrix * np.outer(size, size)


def _enough_clusters(count: int, way: str) -> None:
    """Raise for a single cluster, and warn where clusters are few."""
    if count < 2:  # noqa: PLR2004
        message = (
            f"errors={way!r} needs two clusters or more; all flows are in one. Use errors='hc3', or "
            "cluster by another side."
        )
        raise OptionError(message)
    if count < _FEW_CLUSTERS:
        message = (
            f"errors={way!r} rests on {count} clusters; with fewer than {_FEW_CLUSTERS} its intervals are "
            "too narrow. Use errors='hc3', a wild cluster bootstrap, or gi.measure.border_placebo."
        )
        warnings.warn(message, DataWarning, stacklevel=6)


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
    rows, columns = ("destination", "origin") if pairs.swapped else ("origin", "destination")
    sizes = {rows: pairs.rows} if pairs.profiled else {}
    if pairs.constraint == "both":
        sizes[columns] = pairs.columns
    inside = [side for side in sizes if side in nested]
    levels = sum(sizes.values()) - max(len(sizes) - 1, 0)
    return terms + levels - sum(sizes[side] for side in inside) + len(inside)
