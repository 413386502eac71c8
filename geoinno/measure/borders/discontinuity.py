"""Threshold: whether an indicator jumps where a border runs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from scipy import stats

from geoinno import _contract
from geoinno.errors import ColumnError, RegionError
from geoinno.measure._geodesy import near_lines
from geoinno.measure.borders import _local_linear
from geoinno.weigh import places, shared_borders

if TYPE_CHECKING:
    import geopandas as gpd
    from geopandas import GeoDataFrame
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

_LEAST = 20
_SHIFTS = (-1.0, -0.5, 0.5, 1.0)
_REACH = float(stats.norm.ppf(0.975))


@dataclass(frozen=True, slots=True, eq=False)
class Discontinuity:
    """The jump of an indicator at a border, as units come close to it from both sides.

    ``estimate`` is local linear; ``low``, ``high`` and ``p`` rest on the bias-corrected estimate and its
    robust error. ``placebo``: the same at borders shifted to either side, where nothing should jump.
    """

    estimate: float
    se: float
    low: float
    high: float
    p: float
    bandwidth_km: float
    counts: tuple[int, int]
    sides: tuple[str, str]
    placebo: pd.DataFrame

    def __str__(self) -> str:
        """Return the result in words."""
        wrong = int((self.placebo["p"] <= 1 - 0.95).sum())
        return (
            f"At the border the indicator is {self.estimate:.4g} higher on the side {self.sides[1]!r} "
            f"(robust 95% interval {self.low:.4g} to {self.high:.4g}, p {self.p:.4g}), from "
            f"{self.counts[0]} and {self.counts[1]} units within {self.bandwidth_km:.3g} km; {wrong} of "
            f"{len(self.placebo)} placebo borders jump as well."
        )


def discontinuity(
    values: pd.Series,
    regions: GeoDataFrame,
    *,
    side: pd.Series,
    bandwidth_km: float | None = None,
    border: gpd.GeoSeries | None = None,
    donut_km: float = 0.0,
) -> Discontinuity:
    """Estimate by how much an indicator jumps at a border.

    Spatial regression discontinuity: units are ordered by their signed geodesic distance to the border,
    and lines are fitted on both sides with triangular weights. The jump is what the border does,
    if nothing else changes right there and nobody sorts by side.

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

    Returns
    -------
    Discontinuity
        Estimate, robust interval and p, the bandwidth, units on each side, and placebo borders shifted by
        half and by the whole bandwidth, each with the units of one side alone (missing where
        they are too few).

    Raises
    ------
    RegionError
        If fewer than 20 units lie within the bandwidth on a side; the message says which would do.
    ColumnError
        If ``side`` does not hold two kinds, or a value is missing.

    Notes
    -----
    The interval is that of Calonico, Cattaneo and Titiunik with equal bandwidths for estimate and bias,
    which makes it the one of a local quadratic fit; errors are HC3. The reference implementation,
    rdrobust, is not used because its licence (GPL) would bind users; both agree (see the tests).

    References
    ----------
    Keele, L. J. and Titiunik, R. (2015). Geographic boundaries as regression discontinuities. Political
    Analysis 23(1), 127-155. doi:10.1093/pan/mpu014
    Calonico, S., Cattaneo, M. D. and Titiunik, R. (2014). Robust nonparametric confidence intervals for
    regression-discontinuity designs. Econometrica 82(6), 2295-2326. doi:10.3982/ECTA11757
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
    x = _signed(regions, second, border)
    kept = np.abs(x) >= _contract.positive(donut_km, name="donut_km", zero=True)
    x, y = x[kept], y[kept]
    if bandwidth_km is None:
        _enough(x, np.inf, words)
        width = _local_linear.bandwidth(x, y)
    else:
        width = _contract.positive(bandwidth_km, name="bandwidth_km")
    counts = _enough(x, width, words)
    row = _tested(x, y, width)
    return Discontinuity(**row, bandwidth_km=width, counts=counts, sides=words, placebo=_placebo(x, y, width))


def _sides(side: pd.Series, ids: pd.Index) -> tuple[tuple[str, str], NDArray[np.bool_]]:
    """Return the names of both sides, and which units lie on the second."""
    placed: pd.Series = _contract.aligned(side, ids, what="sides", against="regions")
    kinds = sorted(placed.dropna().unique())
    if len(kinds) != 2 or placed.isna().any():  # noqa: PLR2004 - a border has two sides
        absent = placed.index[placed.isna()]
        told = (
            f"missing in {_contract.named(absent)}" if len(absent) else f"it holds {_contract.named(kinds)}"
        )
        message = f"side must hold one of two words for every unit; {told}."
        raise ColumnError(message)
    return (str(kinds[0]), str(kinds[1])), (placed == kinds[1]).to_numpy()


def _signed(regions: GeoDataFrame, second: NDArray[np.bool_], border: gpd.GeoSeries | None) -> Floats:
    """Return the geodesic km of each unit to the border, below zero on the first side."""
    line = _meeting(regions, second) if border is None else border
    if line.crs is None or not len(line):
        message = "border must be a GeoSeries of lines with a CRS."
        raise RegionError(message)
    at = places(regions).to_numpy()
    km = near_lines.line_kilometres(at[:, 0], at[:, 1], line.to_crs(4326).to_numpy())
    return np.where(second, km, -km)


def _meeting(regions: GeoDataFrame, second: NDArray[np.bool_]) -> gpd.GeoSeries:
    """Return the lines along which polygons of both sides meet."""
    if not regions.geometry.geom_type.isin(["Polygon", "MultiPolygon"]).all():
        message = "Points have no boundaries to find the border by: give the line as border=."
        raise RegionError(message)
    shared = shared_borders(regions)
    ends = [second[regions.index.get_indexer(shared[end])] for end in ("first", "second")]
    line = shared.geometry[ends[0] != ends[1]]
    if not len(line):
        message = "The polygons of both sides nowhere meet: give the line as border=."
        raise RegionError(message)
    return line


def _enough(x: Floats, width: float, words: tuple[str, str]) -> tuple[int, int]:
    """Return how many units lie within reach on each side, or raise where they are too few."""
    counts = tuple(int((np.abs(x[on]) < width).sum()) for on in (x < 0, x >= 0))
    if min(counts) >= _LEAST:
        return counts[0], counts[1]
    there = [np.sort(np.abs(x[on])) for on in (x < 0, x >= 0)]
    short = [f"{w!r} has {len(t)} in all" for w, t in zip(words, there, strict=True) if len(t) < _LEAST]
    if short:
        remedy = f"; {' and '.join(short)}, so smaller units are needed"
    else:
        remedy = f"; bandwidth_km={np.ceil(max(t[_LEAST - 1] for t in there) + 1e-9):g} would hold them"
    message = (
        f"A jump needs at least {_LEAST} units within the bandwidth on each side; within {width:.4g} km "
        f"there are {counts[0]} on side {words[0]!r} and {counts[1]} on side {words[1]!r}{remedy}."
    )
    raise RegionError(message)


def _tested(x: Floats, y: Floats, width: float) -> dict[str, float]:
    """Return the local linear jump with the robust interval and p-value."""
    line = _local_linear.jump(x, y, width, degree=1)
    robust = _local_linear.jump(x, y, width, degree=2)
    reach = _REACH * robust.se
    p = (
        2 * float(stats.norm.sf(abs(robust.estimate) / robust.se))
        if robust.se
        else float(robust.estimate == 0)
    )
    ends = {"low": robust.estimate - reach, "high": robust.estimate + reach}
    return {"estimate": line.estimate, "se": line.se, **ends, "p": p}


def _placebo(x: Floats, y: Floats, width: float) -> pd.DataFrame:
    """Return the jumps at borders shifted into either side, from the units of that side alone."""
    rows = []
    for share in _SHIFTS:
        shift = share * width
        own = (x >= 0) if share > 0 else (x < 0)
        moved = x[own] - shift
        inside = [int(((np.abs(moved) < width) & on).sum()) for on in (moved < 0, moved >= 0)]
        found = _tested(moved, y[own], width) if min(inside) >= _LEAST else {}
        rows.append({"shift_km": shift, **found})
    return pd.DataFrame(rows, columns=["shift_km", "estimate", "se", "low", "high", "p"])
