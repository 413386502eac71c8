"""Growth on the start: the regression behind the speed of convergence, and its twin on maps of noise."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from geoinno import _contract
from geoinno.errors import ColumnError
from geoinno.measure._inference import least_squares
from geoinno.measure._inference.noise import noise_p, simulate_noise
from geoinno.measure._inference.spatial_unit_root import AVERAGES, UnitRoot
from geoinno.measure._inference.spatial_unit_root import unit_root as unit_root_test
from geoinno.measure.disparities import _spatial_regressions
from geoinno.weigh.distance import distances

if TYPE_CHECKING:
    from geopandas import GeoDataFrame
    from libpysal.graph import Graph
    from scipy import sparse

    from geoinno._types import Floats
    from geoinno.measure.disparities._spatial_regressions import SpatialFit


_DRAWS = 499
_LEAST_FREE = 2
_FEWEST, _MOST = 2 * AVERAGES, 2_000
# A leverage this near to one: the region has a term to itself, and no residual.
_ALONE = 1e-9


@dataclass(frozen=True, slots=True, eq=False)
class Growth:
    """Annual growth by region, in the order of ids, and the terms of its mean without the constant."""

    growth: pd.Series
    terms: pd.DataFrame
    years: float

    @property
    def design(self) -> Floats:
        """The terms after a constant."""
        return np.column_stack([np.ones(len(self.terms)), self.terms.to_numpy()])


def case(start: pd.Series, end: pd.Series, *, years: float, controls: pd.DataFrame | None) -> Growth:
    """Return growth and terms, if every region has both levels and no term says what others say."""
    first = _log(start, what="start")
    last = _log(end, what="end", ids=first.index).sort_index()
    first = _contract.varied(first.sort_index())
    terms = pd.DataFrame({"start": first})
    if controls is not None:
        _contract.aligned(controls, first.index, what="controls", against="start")
        columns = {name: _contract.numbers(controls[name], ids=first.index) for name in controls}
        terms = terms.assign(**{str(name): _contract.varied(column) for name, column in columns.items()})
    found = Growth((last - first) / years, terms, years)
    _identified(found)
    return found


def _log(level: pd.Series, *, what: str, ids: pd.Index | None = None) -> pd.Series:
    """Return the logarithm of levels above zero."""
    placed = _contract.numbers(level, ids=ids, what=what, against="start")
    bad = placed.index[placed <= 0]
    if len(bad):
        message = (
            f"{_contract.titled(level)} ({what}) is zero or negative, and so without a logarithm, in "
            f"{_contract.named(bad)}. Pass levels above zero, not logs."
        )
        raise ColumnError(message)
    return np.log(placed)


def _identified(found: Growth) -> None:
    """Raise where regions are too few, terms repeat each other, or a term singles out one region."""
    design = found.design / np.abs(found.design).max(axis=0)
    n, k = design.shape
    if n < k + _LEAST_FREE:
        message = f"A regression with {k} terms needs at least {k + _LEAST_FREE} regions; there are {n}."
        raise ColumnError(message)
    left, spread, _ = np.linalg.svd(design, full_matrices=False)
    if spread[-1] <= n * np.finfo(float).eps * spread[0]:
        message = f"Start and controls {list(found.terms.columns[1:])} repeat each other: drop one of them."
        raise ColumnError(message)
    alone = found.terms.index[(left**2).sum(axis=1) >= 1 - _ALONE]
    if len(alone):
        message = (
            f"A control singles out {_contract.named(alone)}, so that no residual is left there. Drop the "
            "control or the regions."
        )
        raise ColumnError(message)


def neighbours(weights: Graph, found: Growth) -> sparse.csr_array:
    """Return the weights of the same regions, rows summing to one."""
    _contract.aligned(found.growth, _contract.weight_ids(weights), what="start", against="weights")
    return _spatial_regressions.row_standardised(weights, found.growth.index)


def fit(found: Growth, matrix: sparse.csr_array | None, *, model: str) -> SpatialFit:
    """Fit growth on its terms: least squares with HC3 errors, or a spatial model."""
    if matrix is None:
        with np.errstate(divide="ignore", invalid="ignore"):  # an exact fit has no error to divide by
            plain = least_squares.fitted(found.growth, found.terms, found.terms)
        return _spatial_regressions.SpatialFit(plain.coefficients, np.empty((0, 0)), np.nan)
    names = ["constant", *found.terms.columns, {"lag": "rho", "error": "lambda"}[model]]
    y = found.growth.to_numpy()
    return _spatial_regressions.fit(y, found.design, matrix, model=model, names=names)


def speed(slope: float, years: float) -> float:
    """Return -ln(1 + B T) / T (Barro and Sala-i-Martin 1992); missing for a slope of -1 / T or below."""
    reached = slope * years
    return float(-np.log1p(reached) / years) if reached > -1 else np.nan


def impacts(
    fitted: SpatialFit, found: Growth, matrix: sparse.csr_array | None, *, seed: int
) -> pd.DataFrame | None:
    """Return the impacts of the start in a spatial lag, each with the speed that it means."""
    if matrix is None:
        return None
    table = _spatial_regressions.impacts(fitted, matrix, place=1, seed=seed)
    speeds = {name: speed(float(table["estimate"].loc[name]), found.years) for name in ("direct", "total")}
    return table.assign(speed=pd.Series(speeds))


def p_noise(found: Growth, regions: GeoDataFrame, *, seed: int) -> float:
    """Return the two-sided p-value of the slope's t by least squares among those on maps of noise."""
    ids = _contract.sound_regions(regions).index
    _contract.aligned(found.growth, ids, what="start", against="regions")
    placed = regions.loc[found.growth.index]
    noise = simulate_noise(found.growth, placed, regressors=found.terms, draws=_DRAWS, seed=seed)
    fields = np.column_stack([found.growth.to_numpy(), noise.fields])
    scores = _t(fields, found.design)
    return noise_p(float(scores[0]), scores[1:])


def unit_root(found: Growth, regions: GeoDataFrame, *, seed: int) -> pd.DataFrame | None:
    """Return tests of a spatial unit root in growth, in the start and in what the terms leave of growth.

    None for regions so few that the averages over the map hold most of what there is, or so many that all
    pairs of them cost too much.
    """
    n, k = found.design.shape
    if not _FEWEST + k <= n <= _MOST:
        return None
    km = distances(regions.loc[found.growth.index]).to_numpy()
    constant = np.ones((n, 1))
    cases = {
        "growth": (found.growth, constant),
        "start": (found.terms["start"], constant),
        "residuals": (found.growth, found.design),
    }
    rows = {name: _root_test(y, design, km, seed=seed) for name, (y, design) in cases.items()}
    return pd.DataFrame(rows, index=UnitRoot._fields).T


def _root_test(y: pd.Series, design: Floats, km: Floats, *, seed: int) -> UnitRoot:
    """Return the tests on values and terms of the order of 1."""
    return unit_root_test(y.to_numpy() / y.abs().max(), design / np.abs(design).max(axis=0), km, seed=seed)


def _t(fields: Floats, design: Floats) -> Floats:
    """Return the t value of the start, with HC3 errors, for each column by least squares on one design."""
    unit = np.abs(design).max(axis=0)
    inverse = np.linalg.pinv(design / unit)
    leverage = np.einsum("ij,ji->i", design / unit, inverse)
    slopes = inverse @ fields
    rest = (fields - design / unit @ slopes) / (1 - leverage)[:, None]
    return slopes[1] / np.sqrt(inverse[1] ** 2 @ rest**2)
