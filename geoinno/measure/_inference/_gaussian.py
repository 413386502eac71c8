"""Gaussian fields over places: whitening, likelihood and simulation, dense or by nearest neighbours.

Dense factors are exact and cost the cube of the number of places. Vecchia's (1988) approximation lets
each place depend on its nearest predecessors alone; in a random order these lie at all distances, which
keeps the fit and the fields close to the exact ones (Guinness 2018).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from scipy import linalg, sparse
from scipy.sparse.linalg import splu
from scipy.spatial import cKDTree

from geoinno.measure._geodesy.ellipsoid import kilometres, paired_kilometres
from geoinno.scale import follow

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from geoinno._types import Floats

    Singles = NDArray[np.float32]
    Ints = NDArray[np.intp]

_NEIGHBOURS = 20
# Places whose neighbours' covariances are held at a time.
_PLACES = 20_000
# Numbers held at a time in simulated fields.
_CELLS = 20_000_000
# Where absent predecessors lie: uncorrelated with every place.
FAR_KM = 1e12
EXPONENTIAL, SMOOTH = 0.5, 1.5


class Covariance(NamedTuple):
    """A Matern correlation of smoothness 1/2 (exponential) or 3/2, and the share without any (nugget)."""

    scale_km: float
    nugget: float
    smoothness: float = EXPONENTIAL

    def correlations(self, km: Floats | Singles) -> Floats:
        """Return the correlations between places so many km apart."""
        ratio = np.asarray(km, np.float64) / self.scale_km
        fallen = np.exp(-ratio)
        if self.smoothness == SMOOTH:
            fallen *= 1 + ratio
        fallen *= 1 - self.nugget
        return fallen


@dataclass(frozen=True, slots=True, eq=False)
class Dense:
    """All distances between places."""

    km: Floats

    def factor(self, covariance: Covariance) -> Floats:
        """Return the lower Cholesky factor of the correlations."""
        matrix = covariance.correlations(self.km)
        np.fill_diagonal(matrix, 1.0)
        return linalg.cholesky(matrix, lower=True, overwrite_a=True, check_finite=False)

    def whitened(self, columns: Floats, covariance: Covariance) -> tuple[Floats, float]:
        """Return columns freed of correlation, and the log determinant of the correlations."""
        lower = self.factor(covariance)
        freed = linalg.solve_triangular(lower, columns, lower=True, check_finite=False)
        return freed, 2 * float(np.log(np.diagonal(lower)).sum())

    def coloured(self, noise: Floats, covariance: Covariance) -> Floats:
        """Return columns of independent noise turned into correlated fields."""
        return self.factor(covariance) @ noise


@dataclass(frozen=True, slots=True, eq=False)
class Nearest:
    """Places in a random order, the nearest predecessors of each, and the distances among them."""

    order: Ints  # row of each place in the order
    before: Ints  # positions of predecessors, then the place itself; the number of places where none is left
    km: Singles

    def conditionals(self, covariance: Covariance) -> Floats:
        """Return rows of coefficients that turn values into independent standard deviates.

        The last row of a block's inverse, over the root of its last element, is the standardised
        prediction error of the last place given the others.
        """
        rows = np.empty(self.before.shape)
        last = np.zeros((self.before.shape[1], 1))
        last[-1] = 1.0
        for start in follow(range(0, len(rows), _PLACES), "Block of places"):
            part = slice(start, start + _PLACES)
            blocks = covariance.correlations(self.km[part])
            diagonal = np.einsum("ijj->ij", blocks)
            diagonal[:] = 1.0
            solved = np.linalg.solve(blocks, np.broadcast_to(last, (len(blocks), *last.shape)))[..., 0]
            rows[part] = solved / np.sqrt(_positive(solved[:, -1:]))
        return rows

    def whitened(self, columns: Floats, covariance: Covariance) -> tuple[Floats, float]:
        """Return columns freed of correlation, and the log determinant of the correlations."""
        rows = self.conditionals(covariance)
        placed = np.vstack([columns[self.order], np.zeros(columns.shape[1])])
        freed = np.einsum("ij,ijk->ik", rows, placed[self.before])
        return freed, -2 * float(np.log(rows[:, -1]).sum())

    def coloured(self, noise: Floats, covariance: Covariance) -> Floats:
        """Return columns of independent noise turned into correlated fields."""
        rows, count = self.conditionals(covariance), len(self.order)
        known = self.before < count
        place = np.repeat(np.arange(count), known.sum(axis=1))
        triangle = sparse.csc_array((rows[known], (place, self.before[known])), shape=(count, count))
        # The natural order and the diagonal as pivots keep the triangle as it is: solving only substitutes.
        solver = splu(triangle, permc_spec="NATURAL", diag_pivot_thresh=0.0)
        fields, step = np.empty_like(noise), max(1, _CELLS // count)
        for start in follow(range(0, noise.shape[1], step), "Block of simulated maps"):
            part = slice(start, start + step)
            fields[self.order, part] = solver.solve(np.ascontiguousarray(noise[:, part]))
        return fields


def _positive(variances: NDArray[np.floating]) -> NDArray[np.floating]:
    """Return inverse conditional variances if they are such; a matrix that is no covariance has others."""
    if not (variances > 0).all():
        message = "The correlations of some places are not positive definite."
        raise np.linalg.LinAlgError(message)
    return variances


def dense(xyz: Floats) -> Dense:
    """Return all distances between places (unit vectors)."""
    step = 200
    return Dense(np.concatenate([kilometres(xyz[i : i + step], xyz) for i in range(0, len(xyz), step)]))


def nearest(xyz: Floats, *, seed: int = 0, count: int = _NEIGHBOURS) -> Nearest:
    """Return places (unit vectors) in a random order with their nearest predecessors."""
    order = np.random.default_rng(seed).permutation(len(xyz))
    placed = xyz[order]
    before = np.column_stack([_predecessors(placed, count), np.arange(len(xyz))])
    padded = np.vstack([placed, np.full(3, np.nan)])
    km = np.empty((*before.shape, before.shape[1]), np.float32)
    for start in range(0, len(km), _PLACES // 10):
        block = padded[before[start : start + _PLACES // 10]]
        km[start : start + _PLACES // 10] = paired_kilometres(block[:, :, None], block[:, None])
    return Nearest(order, before, np.nan_to_num(km, copy=False, nan=FAR_KM))


def _predecessors(placed: Floats, count: int) -> Ints:
    """Return the nearest predecessors of each place, as many as there are up to ``count``.

    In a random order at least half of the first 2k places precede those from k to 2k: three times as many
    candidates as needed leave enough.
    """
    found = np.full((len(placed), count), len(placed), np.intp)
    first = 1
    while first < len(placed):
        last = min(2 * first, len(placed))
        wanted = min(last, 3 * count + 1)
        near = cKDTree(placed[:last]).query(placed[first:last], k=wanted)[1].reshape(last - first, wanted)
        later = near >= np.arange(first, last)[:, None]
        near = np.take_along_axis(near, np.argsort(later, axis=1, kind="stable"), axis=1)[:, :count]
        kept = near < np.arange(first, last)[:, None]
        found[first:last, : near.shape[1]] = np.where(kept, near, len(placed))
        first = last
    return found
