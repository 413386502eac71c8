"""Noise as smooth over the map as what a model leaves: its covariance fitted, and fields drawn from it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from scipy import optimize, special

from geoinno._contract import aligned, numbers, sound_regions, varied
from geoinno._kernels.threads import single_blas_thread
from geoinno._language.phrases import Phrase
from geoinno.errors import ColumnError
from geoinno.measure._geodesy.ellipsoid import unit_vectors
from geoinno.measure._inference._gaussian import EXPONENTIAL, FAR_KM, SMOOTH, Covariance, dense, nearest
from geoinno.measure._inference.permutations import counted
from geoinno.measure._inference.significance import two_sided
from geoinno.weigh import places

if TYPE_CHECKING:
    import pandas as pd
    from geopandas import GeoDataFrame

    from geoinno._types import Floats
    from geoinno.measure._inference._gaussian import Dense, Nearest


# With fewer degrees of freedom than these, noise with a range cannot be told from noise without.
_LEAST = 10
# Up to here all pairs cost less than neighbours: in the fit, which tries many covariances, and in the fields.
_FITTED_DENSE, _DRAWN_DENSE = 300, 3_000
# Below this correlation two places count as independent.
_INDEPENDENT = 0.05
# Where the search starts: scales as shares of the map's extent, and nuggets.
_SCALES, _NUGGETS = (0.03, 0.1, 0.3), (0.05, 0.5)
# A little nugget keeps places at one point, and nearly flat correlations, from a singular matrix.
_LEAST_NUGGET = 1e-4
# Scales, as shares of the extent, between those that no two regions and that all regions have in common.
_SHORTEST, _LONGEST = 1e-4, 2.0
# The likelihood is flat at its top: more digits of the scale than these change no p-value.
_SEARCH = {"xatol": 0.02, "fatol": 0.005, "maxfev": 100}


@dataclass(frozen=True, slots=True, eq=False)
class Noise:
    """Fields (a row for each value, a column for each draw) and the covariance that they were drawn from.

    ``range_km`` is the distance at which their correlation falls to .05 (0 where no two places have
    more); ``nugget`` the share of variance that neighbours do not have in common.
    """

    fields: Floats
    range_km: float
    nugget: float
    family: str


def simulate_noise(
    values: pd.Series | str,
    regions: GeoDataFrame,
    *,
    regressors: pd.DataFrame | None = None,
    draws: int = 499,
    seed: int = 0,
) -> Noise:
    """Fit a spatial covariance to what a model leaves of the values, and draw fields from it.

    The covariance is exponential, or Matern with smoothness 3/2, with a nugget: whichever has the
    higher restricted likelihood, given the ``regressors`` and a constant. Fields have mean zero and
    the fitted standard deviation; which number a region gets follows its id, not its row.
    """
    ids = sound_regions(regions).index
    placed = varied(numbers(values, regions=regions))
    order = np.argsort(ids.to_numpy(object), kind="stable")
    basis = _basis(regressors, ids)[order]
    y, scale = _scaled(placed.to_numpy()[order], basis)
    xyz = unit_vectors(*places(regions).to_numpy()[order].T)
    noise = np.random.default_rng(seed).standard_normal((len(y), draws))
    with single_blas_thread():
        covariance, sd = _fit(y, basis, xyz)
        layout = dense(xyz) if len(xyz) <= _DRAWN_DENSE else nearest(xyz)
        fields = sd * scale * layout.coloured(noise, covariance)
    rows = ids[order].get_indexer(ids if isinstance(values, str) else values.index)
    family = "Matern (3/2)" if covariance.smoothness == SMOOTH else "exponential"
    return Noise(fields[rows], _range_km(covariance), covariance.nugget, family)


def noise_p(statistic: float, drawn: Floats) -> float:
    """Return the two-sided p-value of a statistic among those of simulated fields."""
    largest = max(abs(statistic), float(np.abs(drawn).max()))
    return float(two_sided(counted(drawn, statistic, largest), len(drawn)))


def _basis(regressors: pd.DataFrame | None, ids: pd.Index) -> Floats:
    """Return orthonormal columns that span a constant and the regressors."""
    columns = [np.ones(len(ids))]
    if regressors is not None:
        placed = aligned(regressors, ids, what="regressors", against="regions")
        columns += [varied(numbers(placed[name], what="regressors")).to_numpy() for name in placed]
    scaled = [column / np.abs(column).max() for column in columns]
    left, spread, _ = np.linalg.svd(np.column_stack(scaled), full_matrices=False)
    return left[:, spread > len(ids) * np.finfo(float).eps * spread[0]]


def _scaled(y: Floats, basis: Floats) -> tuple[Floats, float]:
    """Return values with residuals of unit size, and that size; enough of them must be left."""
    free = len(y) - basis.shape[1]
    if free < _LEAST:
        message = Phrase(
            "A covariance can be fitted with at least {least} regions more than terms; there are "
            "{n} regions and {terms} terms.",
            least=str(_LEAST),
            n=str(len(y)),
            terms=str(basis.shape[1]),
        )
        raise ColumnError(message)
    largest = np.abs(y).max()
    rest = y / largest
    for _ in range(2):  # once more, because rounding in the first product is of the size of the values
        rest = rest - basis @ (basis.T @ rest)
    size = float(np.sqrt(rest @ rest / free))
    if size <= np.sqrt(len(y)) * np.finfo(float).eps:
        message = Phrase(
            "The terms explain the values down to rounding: nothing is left to fit a covariance to."
        )
        raise ColumnError(message)
    return rest / size, float(size * largest)


@dataclass(frozen=True, slots=True, eq=False)
class _Search:
    """A family of covariances over a layout of places, and the columns whose likelihood they have.

    The last column holds the values, those before it the terms of their mean.
    """

    layout: Dense | Nearest
    columns: Floats
    extent_km: float
    smoothness: float

    def covariance(self, point: Floats) -> Covariance:
        """Return the covariance at a point: log of the scale over the extent, logit of the nugget."""
        scale = self.extent_km * float(np.exp(np.clip(point[0], np.log(_SHORTEST), np.log(_LONGEST))))
        nugget = np.clip(special.expit(point[1]), _LEAST_NUGGET, 1 - _LEAST_NUGGET)
        return Covariance(scale, float(nugget), self.smoothness)

    def loss(self, point: Floats) -> float:
        """Return minus the restricted log likelihood, mean and variance profiled out, less constants."""
        try:
            whitened, log_determinant = self.layout.whitened(self.columns, self.covariance(point))
        except np.linalg.LinAlgError:  # geodesic distances do not make every smooth covariance a sound one
            return np.inf
        terms, rest = _parted(whitened)
        free = len(whitened) - len(terms)
        information = 2 * float(np.log(np.abs(np.diagonal(terms))).sum())
        return 0.5 * (free * np.log(rest) + log_determinant + information)

    def deviation(self, point: Floats) -> float:
        """Return the standard deviation of the values about their mean."""
        terms, rest = _parted(self.layout.whitened(self.columns, self.covariance(point))[0])
        return float(np.sqrt(rest / (len(self.columns) - len(terms))))


def _parted(whitened: Floats) -> tuple[Floats, float]:
    """Return the triangle of the whitened terms, and the sum of squares of what they leave of the values."""
    triangle = np.asarray(np.linalg.qr(whitened, mode="r"))
    return triangle[:-1, :-1], float(triangle[-1, -1] ** 2)


def _fit(y: Floats, basis: Floats, xyz: Floats) -> tuple[Covariance, float]:
    """Return the covariance of the highest restricted likelihood, and its standard deviation."""
    layout = dense(xyz) if len(xyz) <= _FITTED_DENSE else nearest(xyz)
    extent = float(layout.km[layout.km < FAR_KM].max())
    if extent == 0:
        message = Phrase("All regions lie at one place: no covariance can be fitted over distance.")
        raise ColumnError(message)
    starts = [np.array([np.log(scale), special.logit(nugget)]) for scale in _SCALES for nugget in _NUGGETS]
    searches = [_Search(layout, np.column_stack([basis, y]), extent, s) for s in (EXPONENTIAL, SMOOTH)]
    found = []
    for search in searches:
        start = min(starts, key=search.loss)
        found.append(optimize.minimize(search.loss, start, method="Nelder-Mead", options=_SEARCH))
    best = int(np.argmin([answer.fun for answer in found]))
    return searches[best].covariance(found[best].x), searches[best].deviation(found[best].x)


def _range_km(covariance: Covariance) -> float:
    """Return the distance at which the correlation falls to .05; 0 where the nugget leaves less."""
    if 1 - covariance.nugget <= _INDEPENDENT:
        return 0.0
    most = 20 * covariance.scale_km  # there, either family is below e-7
    return float(
        optimize.brentq(lambda km: float(covariance.correlations(np.array(km))) - _INDEPENDENT, 0.0, most)
    )
