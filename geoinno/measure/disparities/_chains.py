"""Markov chains: counts of moves between classes, and what follows from them."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from scipy import stats
from scipy.sparse import csgraph

if TYPE_CHECKING:
    from geoinno._types import Floats, Ints


class Homogeneity(NamedTuple):
    """A likelihood-ratio test of whether parts of the data share one chain."""

    q: float
    df: int
    p: float


def counted(classes: Ints, count: int) -> Floats:
    """Return how often regions (rows) move from one class to another between years (columns)."""
    pairs = classes[:, :-1].ravel() * count + classes[:, 1:].ravel()
    return np.bincount(pairs, minlength=count**2).reshape(count, count).astype(float)


def probabilities(counts: Floats) -> Floats:
    """Return the share of moves from each class; a class that nobody was in has none."""
    total = counts.sum(axis=-1, keepdims=True)
    return np.divide(counts, total, out=np.full_like(counts, np.nan), where=total > 0)


def steady(chain: Floats) -> Floats:
    """Return the distribution that the chain leaves unchanged; missing unless there is exactly one.

    It solves p (I - P) = 0 with the sum 1. It is unique where one set of classes is closed, and no class is
    without moves.
    """
    size = len(chain)
    if np.isnan(chain).any() or not _one_closed_set(chain):
        return np.full(size, np.nan)
    system = np.vstack([(np.eye(size) - chain).T, np.ones(size)])
    found = np.linalg.lstsq(system, np.append(np.zeros(size), 1.0), rcond=None)[0]
    return np.clip(found, 0, None)


def _one_closed_set(chain: Floats) -> bool:
    """Return whether moves lead, in the end, to one set of classes only."""
    count, label = csgraph.connected_components(chain > 0, directed=True, connection="strong")
    rows, columns = np.nonzero(chain > 0)
    left = {label[i] for i, j in zip(rows, columns, strict=True) if label[i] != label[j]}
    return count - len(left) == 1


def first_passage(chain: Floats) -> Floats:
    """Return the mean number of steps from each class (row) until another is first reached (column).

    m_ij = 1 + sum over k other than j of p_ik m_kj (Kemeny and Snell 1976, theorem 4.4.4); on the diagonal,
    until the class is reached again. Missing unless every class can be reached from every other.
    """
    size = len(chain)
    linked = not np.isnan(chain).any()
    if not linked or csgraph.connected_components(chain > 0, connection="strong")[0] > 1:
        return np.full((size, size), np.nan)
    steps = np.empty((size, size))
    for end in range(size):
        without = chain.copy()
        without[:, end] = 0.0
        steps[:, end] = np.linalg.solve(np.eye(size) - without, np.ones(size))
    return steps


def homogeneity(parts: Floats) -> Homogeneity:
    """Test whether tables of counts (one a part) come from one chain.

    Q = 2 sum n_ij|l ln(p_ij|l / p_ij) (Bickenbach and Bode 2003). A class adds (b - 1) (a - 1) degrees of
    freedom, with a parts in which it has moves and b classes that it moves to in any of them: cells that
    are empty in all parts hold nothing to test.
    """
    pooled, own = probabilities(parts.sum(axis=0)), probabilities(parts)
    moved = parts > 0
    q = 2 * float((parts[moved] * np.log(own[moved] / np.broadcast_to(pooled, own.shape)[moved])).sum())
    reached = (parts.sum(axis=0) > 0).sum(axis=1)
    present = (parts.sum(axis=2) > 0).sum(axis=0)
    df = int((np.maximum(reached - 1, 0) * np.maximum(present - 1, 0)).sum())
    return Homogeneity(max(q, 0.0), df, float(stats.chi2.sf(q, df)) if df else np.nan)
