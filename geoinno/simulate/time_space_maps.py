"""Time-space maps: places drawn as far from each other as the way takes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

import numpy as np
import pandas as pd
from pyproj import Transformer

from geoinno import _contract
from geoinno._display import Displayed
from geoinno.errors import RegionError
from geoinno.simulate import _reach, _smacof
from geoinno.weigh import places

if TYPE_CHECKING:
    from geopandas import GeoDataFrame

    from geoinno._types import Floats

_FEWEST = 3


@dataclass(frozen=True, slots=True, eq=False)
class TimeSpace(Displayed):
    """Where regions would lie if distance on the map were cost.

    ``places`` by region: ``lon`` and ``lat`` in geography, ``lon_time`` and ``lat_time`` on the time-space
    map, and ``moved_km`` between the two. ``before`` and ``after``: ``x_km`` and ``y_km`` in the plane;
    ``change`` their differences. ``stress`` of the time-space map and ``geographic_stress`` of geography
    itself, both against costs (Kruskal's stress-1: 0 fits perfectly, 0.2 is poor). ``km_per_cost``: the scale
    of the map.
    """

    displayed_tables: ClassVar[tuple[str, ...]] = ("places",)

    places: pd.DataFrame
    before: pd.DataFrame
    after: pd.DataFrame
    change: pd.DataFrame
    stress: float
    geographic_stress: float
    km_per_cost: float
    iterations: int

    def __str__(self) -> str:
        """Return the result, its assumptions and its uncertainty in words."""
        moved = self.places["moved_km"]
        return (
            f"On the time-space map of {len(moved):,} regions one unit of cost is {self.km_per_cost:.3g} km. "
            f"Places move by {moved.mean():,.0f} km on average, {moved.idxmax()} most ({moved.max():,.0f} "
            f"km). Costs are drawn with a stress of {self.stress:.3f}, where geography itself has "
            f"{self.geographic_stress:.3f}. Assumed: the way there and back costs the same (the mean of "
            "both). The map is the nearest fit to geography that was found; no plane holds all costs, so "
            "read it with its stress."
        )


def time_space(costs: pd.DataFrame, regions: GeoDataFrame, *, iterations: int = 1_000) -> TimeSpace:
    """Draw regions as far from each other as the way between them takes.

    A place that moves towards the middle is easy to reach for its distance; one that moves out is hard to
    reach. Multidimensional scaling by majorisation (SMACOF) starts from geography and lowers sum (cost_ij -
    d_ij)^2; the result is moved, turned and scaled onto geography (Procrustes).

    Parameters
    ----------
    costs
        Square, minutes or km, above zero between different regions, such as `geoinno.weigh.travel_minutes`.
    regions
        Polygons or points in any CRS, three or more, up to about 2,000.
    iterations
        The most steps.

    Returns
    -------
    TimeSpace
        ``places``, ``stress`` and ``geographic_stress``; `geoinno.draw.displacements` draws the arrows.

    Raises
    ------
    RegionError
        If there are fewer than three regions, or all lie at one point.
    ColumnError
        If costs are not finite and above zero.

    References
    ----------
    Spiekermann, K. and Wegener, M. (1994). The shrinking continent: new time-space maps of Europe.
    Environment and Planning B 21(6), 653-673. doi:10.1068/b210653
    de Leeuw, J. and Heiser, W. J. (1980). Multidimensional scaling with restrictions on the configuration.
    Multivariate Analysis V, 501-522. Amsterdam: North-Holland.

    Examples
    --------
    >>> import geoinno as gi
    >>> place = gi.read.sample("central_asia")
    >>> minutes = gi.weigh.travel_minutes(place.regions, speed_kmh=60, border_minutes=180)
    >>> gi.simulate.time_space(minutes, place.regions).places["moved_km"].idxmax()
    'KAZ-3236'
    """
    _contract.sound_regions(regions)
    most = _contract.whole(iterations, name="iterations")
    cost = _symmetric(costs, regions.index)
    located = places(regions)
    plane = _plane(located)
    home = np.column_stack(plane.transform(located["lon"].to_numpy(), located["lat"].to_numpy())) / 1e3
    if not np.ptp(home, axis=0).any():
        message = "All regions lie at one point, so that there is no geography to start from."
        raise RegionError(message)
    # Costs in km, so that geography and costs are of one size at the start.
    unit = _unit(cost, home)
    found, steps = _smacof.scaled(unit * cost, home, most=most)
    moved, scale = _smacof.aligned_to(home, found)
    lon, lat = plane.transform(1e3 * moved[:, 0], 1e3 * moved[:, 1], direction="INVERSE")
    before, after = (
        pd.DataFrame(table, index=regions.index, columns=["x_km", "y_km"]) for table in (home, moved)
    )
    return TimeSpace(
        places=located.assign(lon_time=lon, lat_time=lat, moved_km=np.hypot(*(moved - home).T)),
        before=before,
        after=after,
        change=after - before,
        stress=_smacof.stress(cost, moved),
        geographic_stress=_smacof.stress(cost, home),
        km_per_cost=unit * scale,
        iterations=steps,
    )


def _symmetric(costs: pd.DataFrame, ids: pd.Index) -> Floats:
    """Return the mean of the costs there and back, zero within regions."""
    if len(ids) < _FEWEST:
        message = f"A time-space map needs three regions or more; there are {len(ids):,}."
        raise RegionError(message)
    cost = _reach.sound_costs(costs, ids)
    both: Floats = (cost + cost.T) / 2
    np.fill_diagonal(both, 0.0)
    return both


def _plane(located: pd.DataFrame) -> Transformer:
    """Return the projection onto a plane in which distances from the middle of the regions are true."""
    lon, lat = np.radians(located.to_numpy()).T
    # The mean of unit vectors, so that regions on both sides of the date line have their middle between them.
    x, y, z = (np.cos(lat) * np.cos(lon)).mean(), (np.cos(lat) * np.sin(lon)).mean(), np.sin(lat).mean()
    middle = np.degrees([np.arctan2(y, x), np.arctan2(z, np.hypot(x, y))])
    return Transformer.from_crs(
        4326, f"+proj=aeqd +lon_0={middle[0]:.6f} +lat_0={middle[1]:.6f} +datum=WGS84", always_xy=True
    )


def _unit(costs: Floats, home: Floats) -> float:
    """Return the km that a unit of cost stands for in geography, by least squares."""
    apart = np.hypot(*(home[:, None] - home).transpose(2, 0, 1))
    return float((apart * costs).sum() / (costs**2).sum())
