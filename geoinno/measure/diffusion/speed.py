"""Diffusion speed: kilometres a period over an arrival surface, and the delay at borders."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from scipy import stats

from geoinno import _contract
from geoinno._display import Displayed
from geoinno._types import LEVEL
from geoinno.errors import ColumnError
from geoinno.measure._inference.estimates import Interval
from geoinno.measure.diffusion._arrival_surface import Surface, layout, surface
from geoinno.weigh import contiguity, places

if TYPE_CHECKING:
    from geopandas import GeoDataFrame

    from geoinno._types import Floats

_FEWEST, _FEWEST_ABROAD = 15, 5
_DRAWS = 999
_UNKNOWN = Interval(np.nan, np.nan, np.nan)


@dataclass(frozen=True, slots=True, eq=False)
class Speed(Displayed):
    """How fast an innovation moved over the map, and how many periods later it arrived across borders.

    ``table``: for each region ``arrival`` on the surface, local ``km_per_period``, the ``bearing`` in degrees
    from north in which it moved on, and ``residual``. ``delay_at_border`` is missing without borders.
    """

    km_per_period: Interval
    delay_at_border: Interval
    table: pd.DataFrame
    adopters: int
    borders: int
    deviation: float

    def __str__(self) -> str:
        """Return the result in words."""
        fast, low, high = self.km_per_period
        bounds = f"{low:,.0f} to {high:,.0f}" if np.isfinite(high) else f"at least {low:,.0f}"
        later = missing = ""
        if self.adopters < len(self.table):
            missing = " Regions that have not adopted are left out, so the true speed may be lower."
        if np.isfinite(self.delay_at_border.estimate):
            middle, *ends = (f"{value:.2g}" for value in self.delay_at_border)
            later = (
                f" Across {self.borders:,} pairs of neighbours in different countries it arrived {middle} "
                f"periods ({' to '.join(ends)}) later than distance explains."
            )
        return (
            f"Over {self.adopters:,} of {len(self.table):,} regions, the innovation moved {fast:,.0f} km a "
            f"period (95% interval {bounds}); arrivals differ from the surface by {self.deviation:.2g} "
            f"periods (standard deviation).{later}{missing}"
        )


def diffusion_speed(
    adoption: pd.Series,
    regions: GeoDataFrame,
    *,
    country: pd.Series | str | None = "country",
    seed: int = 0,
) -> Speed:
    """Measure how many km a period an innovation moved, from the period in which each region adopted it.

    A smooth surface T of arrivals is fitted over the map; where it rises slowly, the innovation moved
    fast. With the slowness |grad T| in periods a km on the ground,

        km a period = 1 / sqrt(mean |grad T|^2 less what noise adds to it).

    Where there are borders, each country has a level of its own, and the delay is the mean jump between
    neighbours in different countries, from the country that adopted first to the one that did later.

    Parameters
    ----------
    adoption
        Period of adoption by region; missing where a region has not adopted.
    regions
        Polygons in any CRS; distances are geodesic km between representative points.
    country
        Country of each region, or the name of a column; None, or no such column, for no borders.
    seed
        Of the draws for the interval of the speed.

    Returns
    -------
    Speed
        ``km_per_period`` and ``delay_at_border`` (Interval), and ``table`` (index as ``regions``): missing
        where ``adoption`` is.

    Raises
    ------
    ColumnError
        If fewer than fifteen regions adopted, all did in one period, or arrival rises in no direction
        by more than noise does: then there is no front that could have a speed.

    Notes
    -----
    Thin-plate spline, its smoothness by restricted likelihood. The interval of the speed is the middle 95% of
    999 draws from the surface and its noise; that of the delay is by Student's t, given the smoothness and
    which country came first. Countries with fewer than five adopters have no border to be measured.
    Memory grows with the square of the adopters (2,000 take some seconds).

    References
    ----------
    Ammerman, A. J. and Cavalli-Sforza, L. L. (1971). Measuring the rate of spread of early farming in Europe.
    Man 6(4), 674-688. doi:10.2307/2799190
    Wahba, G. (1990). Spline Models for Observational Data. Philadelphia: SIAM. doi:10.1137/1.9781611970128

    Examples
    --------
    >>> import geoinno as gi
    >>> regions = gi.read.sample("policies").regions
    >>> west = gi.weigh.places(regions)["lon"].min()
    >>> front = 1950 + (gi.weigh.places(regions)["lon"] - west) / 2
    >>> round(gi.measure.diffusion_speed(front, regions).km_per_period.estimate, -1)
    170.0
    """
    _contract.sound_regions(regions)
    arrival = _contract.numbers(adoption, regions=regions, missing=True, what="periods of adoption")
    order = np.argsort(regions.index.to_numpy(object), kind="stable")
    known = order[arrival.notna().to_numpy()[order]]
    _refuse_few(arrival.iloc[known])
    land = _countries(country, regions).iloc[known]
    members, codes = _members(land)
    place = layout(*places(regions).to_numpy()[known].T)
    periods = arrival.to_numpy()[known]
    found = surface(place, periods, members)
    jump, borders = _delay(regions.iloc[known], codes, found, arrival=periods)
    return Speed(
        km_per_period=_speed(found, periods, seed=seed),
        delay_at_border=jump,
        table=_table(found, periods, regions.index[known]).reindex(regions.index),
        adopters=len(known),
        borders=borders,
        deviation=found.sd,
    )


def _refuse_few(arrival: pd.Series) -> None:
    """Raise where too few regions adopted, or all in one period."""
    if len(arrival) < _FEWEST:
        message = (
            f"A speed needs at least {_FEWEST} regions that adopted; there are {len(arrival)}. Use smaller "
            "regions."
        )
        raise ColumnError(message)
    _contract.varied(arrival, among="every region that adopted")


def _countries(country: pd.Series | str | None, regions: GeoDataFrame) -> pd.Series:
    """Return the country of each region; one where none is known."""
    default = isinstance(country, str) and country == "country"
    if country is None or (default and "country" not in regions.columns):
        return pd.Series("", index=regions.index)
    return _contract.country_series(country, regions)


def _members(land: pd.Series) -> tuple[Floats, Floats]:
    """Return a column for each country with enough adopters but the largest, and the column of each region.

    Regions of the other countries share the level of the largest, and have no column (-1, as it has 0).
    """
    counts = land.value_counts()
    counts = counts[counts >= _FEWEST_ABROAD]
    names = sorted(counts.index, key=lambda name: (-counts[name], name))
    codes = pd.Index(names).get_indexer(pd.Index(land)) if names else np.full(len(land), -1)
    return (codes[:, None] == np.arange(1, len(names))).astype(np.float64), codes


def _speed(found: Surface, arrival: Floats, *, seed: int) -> Interval:
    """Return the speed with the middle 95% of draws; slowness that noise alone explains makes it infinite."""
    noise = found.sd**2 * float(((found.east**2).sum() + (found.north**2).sum()) / len(arrival))

    def slowness(periods: Floats) -> Floats:
        squares = (found.east @ periods) ** 2 + (found.north @ periods) ** 2
        return np.sqrt(np.maximum(squares.mean(axis=0) - noise, 0.0))

    estimate = float(slowness(arrival))
    drawn = np.random.default_rng(seed).standard_normal((len(arrival), _DRAWS)) * found.sd
    tail = (1 - LEVEL) / 2
    low, high = np.quantile(slowness(found.fitted[:, None] + drawn), [tail, 1 - tail])
    if low <= 0:
        message = (
            "Arrival rises in no direction by more than its noise does: there is no front that could have a "
            "speed. Look at diffusion_hazard for other ways of spread."
        )
        raise ColumnError(message)
    return Interval(estimate, high, low).mapped(lambda value: 1 / value)


def _delay(regions: GeoDataFrame, codes: Floats, found: Surface, *, arrival: Floats) -> tuple[Interval, int]:
    """Return the mean jump between neighbours in different countries, and the number of such pairs."""
    if codes.max() < 1:
        return _UNKNOWN, 0
    first, second = contiguity(regions).sparse.nonzero()
    level = np.array([arrival[codes == code].min() for code in range(int(codes.max()) + 1)])
    here, there = codes[first], codes[second]
    ahead = (np.minimum(here, there) >= 0) & (level[here] < level[there])
    if not ahead.any():
        return _UNKNOWN, 0
    # The jump of a pair is the level of the later country less that of the earlier; the first has level zero.
    change = np.zeros(int(codes.max()) + 1)
    np.add.at(change, there[ahead], 1 / ahead.sum())
    np.add.at(change, here[ahead], -1 / ahead.sum())
    weights = change[1:] @ found.jumps
    reach = float(stats.t.ppf((1 + LEVEL) / 2, found.free)) * found.sd * float(np.linalg.norm(weights))
    value = float(weights @ arrival)
    return Interval(value, value - reach, value + reach), int(ahead.sum())


def _table(found: Surface, arrival: Floats, ids: pd.Index) -> pd.DataFrame:
    """Return arrival on the surface, local speed, the bearing of the spread and residuals by region."""
    east, north = found.east @ arrival, found.north @ arrival
    with np.errstate(divide="ignore"):
        columns = {
            "arrival": found.fitted,
            "km_per_period": 1 / np.hypot(east, north),
            "bearing": np.degrees(np.arctan2(east, north)) % 360,
            "residual": found.residual,
        }
    return pd.DataFrame(columns, index=ids)
