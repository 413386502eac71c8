"""Whole-map statistics on aligned values and weights."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import pandas as pd

from geoinno._contract import aligned, named, region_ids, weight_ids
from geoinno.errors import ColumnError
from geoinno.measure._inference.lags import Links, weight_matrix
from geoinno.measure._inference.permutations import TIE, counted, permuted_products
from geoinno.measure._inference.significance import two_sided, two_sided_normal
from geoinno.measure.autocorrelation import _moments
from geoinno.measure.autocorrelation._results import Comparison, Geary, GetisOrd, JoinCounts, Moran

if TYPE_CHECKING:
    from libpysal.graph import Graph

    from geoinno._types import Floats
    from geoinno.measure._inference.lags import Joined
    from geoinno.measure._inference.permutations import Draws

_KINDS = 2
_ROUNDING = 1e-12


class _Moments(NamedTuple):
    """Expectation and variance under randomisation."""

    expected: float
    variance: float


class _Setting(NamedTuple):
    """The last fields of every result on a whole map, in their order."""

    n: int
    isolates: int
    permutations: int
    seed: int


def moran(together: Joined, draws: Draws) -> Moran:
    """Return Moran's I (Cliff and Ord 1981, equation 1.44)."""
    z, n = together.deviations, together.n
    sums = _moments.weight_sums(together.matrix, n)
    scale = n / sums.s0 / (z**2).sum()
    statistic = scale * (z * (together.matrix @ z)).sum()
    drawn = scale * permuted_products(z, together.matrix, draws)[0]
    moments = _Moments(-1 / (n - 1), _moments.moran_variance(sums, _moments.kurtosis(z)))
    test = _test(statistic, moments, drawn, tie=together.tie)
    return Moran(*test, *_setting(together, draws))


def geary(together: Joined, draws: Draws) -> Geary:
    """Return Geary's C (Cliff and Ord 1981, equation 1.48)."""
    z, n, matrix = together.deviations, together.n, together.matrix
    sums = _moments.weight_sums(matrix, n)
    scale = (n - 1) / (2 * sums.s0 * (z**2).sum())
    # sum w_ij (z_i - z_j)^2 = sum_i z_i^2 (w_i. + w_.i) - 2 z'Wz
    margins = _both_margins(together)
    statistic = scale * ((margins * z**2).sum() - 2 * (z * (matrix @ z)).sum())
    products, squares = permuted_products(z, matrix, draws, margins=margins)
    drawn = scale * (squares - 2 * products)
    moments = _Moments(1.0, _moments.geary_variance(sums, _moments.kurtosis(z)))
    test = _test(statistic, moments, drawn, tie=together.tie)
    # Similar neighbours make C low; z takes the opposite sign, so that it is positive where they are similar.
    return Geary(*test._replace(z=-test.z), *_setting(together, draws))


def getis_ord(together: Joined, draws: Draws) -> GetisOrd:
    """Return the general G of the regions that have neighbours (Getis and Ord 1992)."""
    x, n = together.x, together.n
    sums = _moments.weight_sums(together.matrix, n)
    pairs = x.sum() ** 2 - (x**2).sum()
    expected = sums.s0 / (n * (n - 1))
    if pairs <= 0:  # all the mass lies in one region, so no pair has any
        nothing = Comparison(*[math.nan] * 6)._replace(expected=expected)
        return GetisOrd(*nothing, *_setting(together, draws))
    statistic = (x * (together.matrix @ x)).sum() / pairs
    drawn = permuted_products(x, together.matrix, draws)[0] / pairs
    moments = _Moments(expected, _moments.getis_ord_variance(sums, x))
    return GetisOrd(*_test(statistic, moments, drawn, tie=TIE), *_setting(together, draws))


def join_counts(kinds: pd.Series, weights: Graph, draws: Draws) -> JoinCounts:
    """Return joins of the same and of different kinds."""
    ids = weight_ids(weights)
    black, names = _two_kinds(aligned(kinds, ids, what="kinds", against="weights"), ids)
    together = Links(black, weight_matrix(weights, "none")).joined()
    sums = _moments.weight_sums(together.matrix, together.n)
    rows = _joins(together, sums, draws)
    table = pd.DataFrame(rows, index=pd.Index(["BB", "BW", "WW"], name="joins"))
    return JoinCounts(table, names, *_setting(together, draws))


def _joins(together: Joined, sums: _moments.Sums, draws: Draws) -> list[dict[str, float]]:
    """Return count, moments and p-values of BB, BW and WW."""
    same, mixed = _counts(together, draws)
    counts = (same, mixed, sums.s0 / 2 - same - mixed)
    ones = float(together.x.sum())
    moments = (
        _moments.same_joins(sums, ones),
        _moments.mixed_joins(sums, ones, sums.n - ones),
        _moments.same_joins(sums, sums.n - ones),
    )
    rows = []
    for drawn, moment in zip(counts, moments, strict=True):
        count, *others = _test(drawn[-1], _Moments(*moment), drawn[:-1], tie=TIE)
        rows.append({"count": count, **dict(zip(Comparison._fields[1:], others, strict=True))})
    return rows


def _counts(together: Joined, draws: Draws) -> tuple[Floats, Floats]:
    """Return the joins BB and BW of the permutations, and of the map itself in the last place."""
    black, margins = together.x, _both_margins(together)
    products, squares = permuted_products(black, together.matrix, draws, margins=margins)
    same = np.append(products, (black * (together.matrix @ black)).sum()) / 2
    touching = np.append(squares, margins @ black)  # ones are their own squares
    # A join that touches B is BW unless it is BB, which touches it at both ends.
    return same, touching / 2 - 2 * same


def _two_kinds(kinds: pd.Series, ids: pd.Index) -> tuple[pd.Series, dict[str, str]]:
    """Return ones for the kind B, and the names of both kinds."""
    region_ids(kinds.index, what="values")
    absent = ids[kinds.isna()]
    if len(absent):
        message = f"Column {kinds.name!r} has no value in {named(absent)}."
        raise ColumnError(message)
    found = sorted(pd.unique(kinds.astype("object")))
    if len(found) != _KINDS:
        message = f"Column {kinds.name!r} must hold exactly two kinds; it holds {named(found)}."
        raise ColumnError(message)
    return (kinds == found[1]).astype("float64"), {"B": str(found[1]), "W": str(found[0])}


def _both_margins(together: Joined) -> Floats:
    """Return the weights that touch each region, in either direction."""
    return together.margins + np.asarray(together.matrix.sum(axis=0)).ravel()


def _test(statistic: float, moments: _Moments, drawn: Floats, *, tie: float) -> Comparison:
    """Return a test; z is missing where no shuffle changes the statistic."""
    expected, variance = (float(moment) for moment in moments)
    # Below this share of the squared statistic, the variance is zero up to rounding.
    fixed = variance <= _ROUNDING * max(expected, float(statistic), key=abs) ** 2
    z = math.nan if fixed else (float(statistic) - expected) / math.sqrt(variance)
    scale = max(abs(float(statistic)), float(np.abs(drawn).max()))
    p = two_sided(counted(drawn, statistic, scale, tie=tie), len(drawn))
    return Comparison(float(statistic), expected, max(variance, 0.0), z, two_sided_normal(z), float(p))


def _setting(together: Joined, draws: Draws) -> _Setting:
    """Return how a result was reached."""
    return _Setting(together.n, together.isolates, draws.count, draws.seed)
