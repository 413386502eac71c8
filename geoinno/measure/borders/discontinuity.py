"""Discontinuity: whether an indicator jumps at a border."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import geopandas as gpd
import numpy as np
import pandas as pd
from scipy import stats

from geoinno import _contract
from geoinno._display import Displayed
from geoinno._types import ALPHA
from geoinno.errors import ColumnError, RegionError
from geoinno.measure._geodesy import near_lines
from geoinno.measure._inference.noise import noise_p, simulate_noise
from geoinno.measure.borders import _border_points, _local_linear
from geoinno.measure.borders._border_units import LEAST, Sample, enough
from geoinno.weigh import places, shared_borders

if TYPE_CHECKING:
    from geopandas import GeoDataFrame

    from geoinno._types import Bools, Floats


_DRAWS = 499
_SHIFTS = (-1.0, -0.5, 0.5, 1.0)
_REACH = float(stats.norm.ppf(0.975))
_ROUNDING = 1e-9


@dataclass(frozen=True, slots=True, eq=False)
class Discontinuity(Displayed):
    """The jump of an indicator at a border, as units come close to it from both sides.

    ``estimate`` is local linear; ``low``, ``high`` and ``p`` rest on the bias-corrected estimate and its
    robust error. ``p_noise``: how often maps of pure noise, as smooth as the residuals, jump as much.
    ``placebo``: the same at borders shifted to either side, where nothing should jump. ``along``: the
    jump at points of the line with a uniform 95% band. With ``kink`` it is the slope (per km) that jumps.
    """

    estimate: float
    se: float
    low: float
    high: float
    p: float
    p_noise: float
    bandwidth_km: float
    counts: tuple[int, int]
    sides: tuple[str, str]
    placebo: pd.DataFrame
    along: pd.DataFrame
    kink: bool

    def __str__(self) -> str:
        """Return the result in words."""
        what = "slope of the indicator per km" if self.kink else "indicator"
        where = "higher" if self.estimate >= 0 else "lower"
        low, high = (self.low, self.high) if self.estimate >= 0 else (-self.high, -self.low)
        return (
            f"At the border the {what} is {abs(self.estimate):.4g} {where} on side {self.sides[1]!r} than on "
            f"side {self.sides[0]!r} (robust 95% interval {low:.4g} to {high:.4g}, p = {self.p:.2g}; "
            f"p = {self.p_noise:.2g} against noise as smooth as the residuals), from {self.counts[0]} and "
            f"{self.counts[1]} units within {self.bandwidth_km:.3g} km. {self._placebos()}"
        )

    def _placebos(self) -> str:
        """Return in words what happens at shifted borders."""
        known = self.placebo["p"].dropna()
        if known.empty:
            return "No placebo border has enough units on both sides to be fitted."
        jumps = int((known <= ALPHA).sum())
        return f"At {jumps} of {len(known)} placebo borders that could be fitted, it jumps as well."


def discontinuity(
    values: pd.Series,
    regions: GeoDataFrame,
    *,
    side: pd.Series,
    bandwidth_km: float | None = None,
    border: gpd.GeoSeries | None = None,
    donut_km: float = 0.0,
    kink: bool = False,
    seed: int = 0,
) -> Discontinuity:
    """Estimate by how much an indicator jumps at a border.

    Spatial regression discontinuity: units are ordered by their signed geodesic distance to the border,
    and lines are fitted on both sides with triangular weights. The jump is the effect of the border
    if nothing else changes exactly there and no unit chooses its side.

    Parameters
    ----------
    values
        The indicator by id; none may be missing.
    regions
        Many small regions, or points (firms, towns), in any CRS; a unit is where its representative
        point is.
    side
        The side of each unit: two different words or booleans. The jump is that of the second in
        alphabetical order (True) over the first.
    bandwidth_km
        How far from the border units count. By the rule of Imbens and Kalyanaraman unless given.
    border
        The line. Found where polygons of both sides meet unless given; needed for points.
    donut_km
        Units nearer than this are left out.
    kink
        Estimate by how much the slope of the indicator (per km away from the first side) changes at the
        border, instead of its level: local quadratic, with a cubic for the interval.
    seed
        Of the simulated noise and of the uniform band.

    Returns
    -------
    Discontinuity
        Estimate, robust interval and p, ``p_noise``, the bandwidth, units on each side, ``placebo`` borders
        shifted by half and by the whole bandwidth, each with the units of one side alone (missing where
        they are too few), and ``along``: ``lon``, ``lat``, ``bandwidth_km``, ``estimate``, ``low`` and
        ``high`` at 20 points of the border, the band holding all of them with 95% probability (missing
        where the units around a point do not identify it; empty with ``kink``).

    Raises
    ------
    RegionError
        If fewer than 20 units lie within the bandwidth on a side (the message says which bandwidth
        would do), or the distances of a side do not identify a local quadratic.
    ColumnError
        If ``side`` does not hold two kinds, or a value is missing.

    Notes
    -----
    A unit on the line belongs to the side that ``side`` gives it. A side needs units at three different
    distances at least (four with ``kink``), not too much alike. ``p`` assumes that residuals are
    independent. At 5%, on 160 simulated towns, it found a jump in 4 to 6% of maps of noise, independent or
    with a range of a quarter of the map; smoother noise can bring it above, and ``p_noise`` (3 to 4%) is
    the one to trust. Where a point of the line has fewer than 20 units of a side within the
    bandwidth, ``along`` widens it there.
    The interval is that of Calonico, Cattaneo and Titiunik with equal bandwidths for estimate and bias,
    which makes it the one of a local quadratic fit; errors are HC3. The reference implementation,
    rdrobust, is not used because its licence (GPL) would bind users; both agree (see the tests).

    References
    ----------
    Keele, L. J. and Titiunik, R. (2015). Geographic boundaries as regression discontinuities. Political
    Analysis 23(1), 127-155. doi:10.1093/pan/mpu014
    Calonico, S., Cattaneo, M. D. and Titiunik, R. (2014). Robust nonparametric confidence intervals for
    regression-discontinuity designs. Econometrica 82(6), 2295-2326. doi:10.3982/ECTA11757
    Cattaneo, M. D., Titiunik, R. and Yu, R. R. (2025). Estimation and inference in boundary discontinuity
    designs. arXiv:2505.05670.
    Kelly, M. (2019). The standard errors of persistence. CEPR Discussion Paper 13783.
    Imbens, G. and Kalyanaraman, K. (2012). Optimal bandwidth choice for the regression discontinuity
    estimator. Review of Economic Studies 79(3), 933-959. doi:10.1093/restud/rdr043

    Examples
    --------
    >>> import geoinno as gi
    >>> place = gi.read.sample("austria")
    >>> alpine = place.regions["country"].isin(["AUT", "CHE", "ITA", "LIE", "DEU"])
    >>> size = place.regions["city_population"].add(1)
    >>> gi.measure.discontinuity(size, place.regions, side=alpine, bandwidth_km=350).counts
    (53, 22)
    """
    y = _contract.numbers(values, regions=_contract.sound_regions(regions)).to_numpy()
    words, second = _sides(side, regions.index)
    line = _line(regions, second, border)
    x = _signed(regions, second, line)
    kept = np.abs(x) >= _contract.positive(donut_km, name="donut_km", zero=True)
    sample = Sample(x[kept], y[kept], second[kept], degree=2 if kink else 1)
    width = _bandwidth(sample, bandwidth_km, words)
    counts = enough(sample, width, words)
    units = _border_points.Units(places(regions).to_numpy()[kept], sample.y, sample.second)
    at = np.empty((0, 2)) if kink else _border_points.points(line)
    return Discontinuity(
        **_tested(sample, width),
        p_noise=_p_noise(sample, regions[kept], width, seed=seed),
        bandwidth_km=width,
        counts=counts,
        sides=words,
        placebo=_placebo(sample, width),
        along=_border_points.along(units, at, width, least=LEAST, seed=seed),
        kink=kink,
    )


def _bandwidth(sample: Sample, given: float | None, words: tuple[str, str]) -> float:
    """Return the bandwidth as given, or by rule."""
    if given is not None:
        return _contract.positive(given, name="bandwidth_km")
    enough(sample, np.inf, words)
    return _local_linear.bandwidth(sample.x, sample.y, above=sample.second)


def _sides(side: pd.Series, ids: pd.Index) -> tuple[tuple[str, str], Bools]:
    """Return the names of both sides, and which units lie on the second."""
    placed: pd.Series = _contract.aligned(side, ids, what="sides", against="regions")
    kinds = sorted(placed.dropna().unique())
    if len(kinds) != 2 or placed.isna().any():  # noqa: PLR2004 - a border has two sides
        absent = placed.index[placed.isna()]
        found = (
            f"missing in {_contract.named(absent)}" if len(absent) else f"it holds {_contract.named(kinds)}"
        )
        message = f"side must hold one of two words for every unit; {found}."
        raise ColumnError(message)
    return (str(kinds[0]), str(kinds[1])), (placed == kinds[1]).to_numpy()


def _line(regions: GeoDataFrame, second: Bools, border: gpd.GeoSeries | None) -> gpd.GeoSeries:
    """Return the border as given, or where polygons of both sides meet."""
    line = _meeting(regions, second) if border is None else border
    if not isinstance(line, gpd.GeoSeries) or line.crs is None or not len(line):
        message = (
            "border must be a GeoSeries of lines with a CRS, such as geopandas.read_file(path).geometry."
        )
        raise RegionError(message)
    return line


def _signed(regions: GeoDataFrame, second: Bools, line: gpd.GeoSeries) -> Floats:
    """Return the geodesic km of each unit to the border, below zero on the first side."""
    at = places(regions).to_numpy()
    km = near_lines.line_kilometres(at[:, 0], at[:, 1], line.to_crs(4326).to_numpy())
    return np.where(second, km, -km)


def _meeting(regions: GeoDataFrame, second: Bools) -> gpd.GeoSeries:
    """Return the lines along which polygons of both sides meet."""
    if not regions.geometry.geom_type.isin(["Polygon", "MultiPolygon"]).all():
        message = "Points have no boundaries from which to find the border. Pass the line as border=."
        raise RegionError(message)
    shared = shared_borders(regions)
    ends = [second[regions.index.get_indexer(shared[end])] for end in ("first", "second")]
    line = shared.geometry[ends[0] != ends[1]]
    if not len(line):
        message = "The polygons of the two sides do not meet anywhere. Pass the line as border=."
        raise RegionError(message)
    return line


def _tested(sample: Sample, width: float) -> dict[str, float]:
    """Return the jump with the robust interval and p-value."""
    fit, corrected = sample.fits(width)
    (estimate, se), (middle, robust) = (
        map(float, _local_linear.jumps(f, sample.y)) for f in (fit, corrected)
    )
    reach = _REACH * robust
    # Without residuals there is nothing to hold the jump against.
    p = 2 * float(stats.norm.sf(abs(middle) / robust)) if _noisy(sample, robust) else float("nan")
    return {"estimate": estimate, "se": se, "low": middle - reach, "high": middle + reach, "p": p}


def _noisy(sample: Sample, error: float) -> bool:
    """Return whether an error is more than rounding."""
    return error > _ROUNDING * float(np.ptp(sample.y))


def _p_noise(sample: Sample, regions: GeoDataFrame, width: float, *, seed: int) -> float:
    """Return the p-value of the robust t among those of noise as smooth as what the fit leaves."""
    inside = np.abs(sample.x) < width
    near, units = sample.part(inside), regions[inside]
    corrected = near.fits(width)[1]
    estimate, se = _local_linear.jumps(corrected, near.y)
    if not _noisy(near, float(se)):
        return float("nan")
    powers = {f"x{k}": (near.x / width) ** k for k in range(1, near.degree + 2)}
    across = {f"{name} beyond": column * near.second for name, column in powers.items()}
    terms = pd.DataFrame({"second": near.second.astype(float), **powers, **across}, index=units.index)
    values = pd.Series(near.y, index=units.index, name="values")
    fields = simulate_noise(values, units, regressors=terms, draws=_DRAWS, seed=seed).fields
    drawn, errors = _local_linear.jumps(corrected, fields)
    return noise_p(float(estimate / se), drawn / errors)


def _placebo(sample: Sample, width: float) -> pd.DataFrame:
    """Return the jumps at borders shifted into either side, from the units of that side alone."""
    rows = []
    for share in _SHIFTS:
        own = sample.second if share > 0 else ~sample.second
        x = sample.x[own] - share * width
        moved = Sample(x, sample.y[own], x >= 0, sample.degree)
        inside = [int((np.abs(x[on]) < width).sum()) for on in (x < 0, x >= 0)]
        fitted = min(inside) >= LEAST and not moved.weakness(width, ("", ""))
        rows.append({"shift_km": share * width, **(_tested(moved, width) if fitted else {})})
    return pd.DataFrame(rows, columns=["shift_km", "estimate", "se", "low", "high", "p"])
