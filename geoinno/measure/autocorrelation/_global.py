"""Whole-map statistics on aligned values and weights."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from geoinno._contract import aligned, named, region_ids, weight_ids
from geoinno.errors import ColumnError
from geoinno.measure._inference.lags import Links, weight_matrix
from geoinno.measure._inference.permutations import TIE, counted, permuted_products
from geoinno.measure._inference.significance import two_sided, two_sided_normal
from geoinno.measure.autocorrelation import _moments
from geoinno.measure.autocorrelation._results import Geary, GetisOrd, JoinCounts, Moran

if TYPE_CHECKING:
    from libpysal.graph import Graph
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

_KINDS = 2


def moran(together: Links, permutations: int, seed: int) -> Moran:
    """Return Moran's I."""
    z, n = together.deviations, together.n
    sums = _moments.weight_sums(together.matrix, n)
    scale = n / sums.s0 / (z**2).sum()
    statistic = scale * (z * (together.matrix @ z)).sum()
    drawn = scale * _products(together, z, permutations=permutations, seed=seed)
    expected = -1 / (n - 1)
    variance = _moments.moran_variance(sums, _moments.kurtosis(z))
    z_score = (statistic - expected) / math.sqrt(variance)
    tests = _tests(z_score, drawn, statistic, tie=together.tie)
    return Moran(**_told(statistic, (expected, variance), tests), **_setting(together, permutations, seed))


def geary(together: Links, permutations: int, seed: int) -> Geary:
    """Return Geary's C."""
    z, n, matrix = together.deviations, together.n, together.matrix
    sums = _moments.weight_sums(matrix, n)
    scale = (n - 1) / (2 * sums.s0 * (z**2).sum())
    margins = np.asarray(matrix.sum(axis=1)).ravel() + np.asarray(matrix.sum(axis=0)).ravel()
    statistic = scale * ((margins * z**2).sum() - 2 * (z * (matrix @ z)).sum())
    drawn = scale * _permuted_squares(together, z, margins, permutations=permutations, seed=seed)
    variance = _moments.geary_variance(sums, _moments.kurtosis(z))
    tests = _tests((1 - statistic) / math.sqrt(variance), drawn, statistic, tie=together.tie)
    return Geary(**_told(statistic, (1.0, variance), tests), **_setting(together, permutations, seed))


def getis_ord(everywhere: Links, permutations: int, seed: int) -> GetisOrd:
    """Return the general G of the regions that have neighbours."""
    negative = everywhere.ids[everywhere.x < 0]
    if len(negative):
        message = f"The general G needs values of zero or more; negative ones in {named(negative)}."
        raise ColumnError(message)
    together = everywhere.joined()
    x, n = together.x, len(together.x)
    sums = _moments.weight_sums(together.matrix, n)
    scale = 1 / (x.sum() ** 2 - (x**2).sum())
    statistic = scale * (x * (together.matrix @ x)).sum()
    drawn = scale * _products(together, x, permutations=permutations, seed=seed)
    expected = sums.s0 / (n * (n - 1))
    variance = _moments.getis_ord_variance(sums, x)
    tests = _tests((statistic - expected) / math.sqrt(variance), drawn, statistic, tie=TIE)
    return GetisOrd(
        **_told(statistic, (expected, variance), tests), **_setting(everywhere, permutations, seed)
    )


def join_counts(kinds: pd.Series, weights: Graph, *, permutations: int, seed: int) -> JoinCounts:
    """Return joins of the same and of different kinds."""
    ids = weight_ids(weights)
    black, names = _two_kinds(aligned(kinds, ids, what="kinds", against="weights"), ids)
    everywhere = Links(ids, black, weight_matrix(weights, "none"))
    together = everywhere.joined()
    sums = _moments.weight_sums(together.matrix, len(together.x))
    rows = _joins(together, sums, permutations=permutations, seed=seed)
    table = pd.DataFrame(rows, index=pd.Index(["BB", "BW", "WW"], name="joins"))
    return JoinCounts(table, names, **_setting(everywhere, permutations, seed))


def _joins(together: Links, sums: _moments.Sums, *, permutations: int, seed: int) -> list[dict[str, float]]:
    """Return count, moments and p-values of BB, BW and WW."""
    black, matrix = together.x, together.matrix
    margins = np.asarray(matrix.sum(axis=1)).ravel() + np.asarray(matrix.sum(axis=0)).ravel()
    same = (
        np.append(
            _products(together, black, permutations=permutations, seed=seed), (black * (matrix @ black)).sum()
        )
        / 2
    )
    touching = np.append(
        _permuted_margins(black, margins, permutations=permutations, seed=seed), margins @ black
    )
    mixed = touching / 2 - 2 * same
    counts = {"BB": same, "BW": mixed, "WW": sums.s0 / 2 - same - mixed}
    ones = float(black.sum())
    moments = (
        _moments.same_joins(sums, ones),
        _moments.mixed_joins(sums, ones, sums.n - ones),
        _moments.same_joins(sums, sums.n - ones),
    )
    rows = []
    for drawn, (expected, variance) in zip(counts.values(), moments, strict=True):
        z = (drawn[-1] - expected) / math.sqrt(variance) if variance > 0 else math.nan
        told = _told(drawn[-1], (expected, variance), _tests(z, drawn[:-1], drawn[-1], tie=TIE))
        rows.append({"count": told.pop("statistic"), **told})
    return rows


def _two_kinds(kinds: pd.Series, ids: pd.Index) -> tuple[Floats, dict[str, str]]:
    """Return ones for the kind B, and the names of both kinds."""
    region_ids(kinds.index, what="values")
    absent = ids[kinds.isna()]
    if len(absent):
        message = f"Column {kinds.name!r} has no kind in {named(absent)}."
        raise ColumnError(message)
    found = sorted(pd.unique(kinds.astype("object")))
    if len(found) != _KINDS:
        message = f"Column {kinds.name!r} must hold two kinds; it holds {named(found)}."
        raise ColumnError(message)
    return (kinds == found[1]).to_numpy("float64"), {"B": str(found[1]), "W": str(found[0])}


def _products(together: Links, x: Floats, *, permutations: int, seed: int) -> Floats:
    """Return x'Wx of permuted values."""
    return permuted_products(x, lambda drawn: together.matrix @ drawn, count=permutations, seed=seed)


def _permuted_squares(together: Links, z: Floats, margins: Floats, *, permutations: int, seed: int) -> Floats:
    """Return the sum of weighted squared differences of permuted values."""

    def half(drawn: Floats) -> Floats:
        return margins[:, None] * drawn - 2 * (together.matrix @ drawn)

    return permuted_products(z, half, count=permutations, seed=seed)


def _permuted_margins(black: Floats, margins: Floats, *, permutations: int, seed: int) -> Floats:
    """Return the summed weights that touch the kind B, for the same permutations."""
    return permuted_products(black, lambda drawn: margins[:, None] * drawn, count=permutations, seed=seed)


def _tests(z: float, drawn: Floats, statistic: float, *, tie: float) -> dict[str, float]:
    """Return z and both p-values."""
    scale = max(abs(float(statistic)), float(np.abs(drawn).max()))
    p = two_sided(counted(drawn, statistic, scale, tie=tie), len(drawn))
    return {"z": float(z), "p_normal": two_sided_normal(z), "p": float(p)}


def _told(statistic: float, moments: tuple[float, float], tests: dict[str, float]) -> dict[str, Any]:
    """Return what every whole-map result tells."""
    told = {"statistic": float(statistic), "expected": float(moments[0]), "variance": float(moments[1])}
    return told | tests


def _setting(together: Links, permutations: int, seed: int) -> dict[str, Any]:
    """Return how a result was reached."""
    n = together.n
    return {"n": n, "isolates": len(together.ids) - n, "permutations": permutations, "seed": seed}
