"""Compression: space that shrinks because people, goods or information move faster."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from geoinno import _contract
from geoinno.classify import space_types
from geoinno.errors import ColumnError, OptionError
from geoinno.measure import gini, market_potential, pull, theil
from geoinno.simulate import _national_borders, _reach
from geoinno.simulate._compression_results import Compression
from geoinno.weigh import distances

if TYPE_CHECKING:
    from geopandas import GeoDataFrame

    from geoinno._types import Floats
    from geoinno.weigh import Decay


@dataclass(frozen=True, slots=True)
class CompressionOptions:
    """Further choices for a scenario of compression.

    Parameters
    ----------
    border_factor
        What foreign mass counts against domestic mass at the same cost, zero or more, before and after.
    border_minutes
        The wait at borders that the costs hold: one number, or a table of countries by countries. Speed does
        not shorten it; without it all cost but the minutes saved is taken as travel.
    poles
        A table of `geoinno.measure.growth_poles`, booleans by region id, or a list of ids: spaces are then
        typed before and after. The decay needs a half-distance.
    accuracy
        As for `geoinno.measure.market_potential`; without costs alone.
    """

    border_factor: float = 1.0
    border_minutes: float | pd.DataFrame = 0.0
    poles: pd.Series | pd.DataFrame | list[str] | None = None
    accuracy: float | None = None


_USUAL = CompressionOptions()


def compression(
    mass: pd.Series | str,
    regions: GeoDataFrame,
    *,
    decay: Decay,
    costs: pd.DataFrame | None = None,
    speed_gain: float | pd.DataFrame = 0.0,
    border_minutes_saved: float | pd.DataFrame = 0.0,
    country: pd.Series | str | None = None,
    options: CompressionOptions = _USUAL,
) -> Compression:
    """Work out what faster movement and shorter waits at borders do to the potential of regions.

    A region with a high gain gets much more mass within reach. Costs c of travel t and waits w become c' = t
    / (1 + g) + w - s, with the gain g of speed and the minutes s saved at the border; potential is taken over
    both. The compression of a region is 1 - sum_j M_j c'_ij / sum_j M_j c_ij. Distances within regions shrink
    too. People, goods and information each have costs and a speed of their own: one call for each.

    Parameters
    ----------
    mass
        What attracts, zero or more, by region id, or the name of a column of ``regions``.
    regions
        Polygons or points in any CRS; without costs up to 100,000.
    decay
        In the unit of the costs; km without costs.
    costs
        Square, minutes or km, above zero between different regions, such as `geoinno.weigh.travel_minutes`.
        On the diagonal the mean cost within each region, or zeros: it then follows from its area. Without
        costs, geodesic km.
    speed_gain
        g, the share by which speed grows, zero or more: 1 doubles it. A square table gives it by link.
    border_minutes_saved
        s, minutes saved at each border; a table of countries by countries names the border posts. Needs costs
        in minutes.
    country
        The country of each region, or the name of a column; None takes all as one, unless minutes are saved
        at borders: then the column ``country``.
    options
        Border factor, waits in the costs, poles, accuracy.

    Returns
    -------
    Compression
        ``before``, ``after`` (as `geoinno.measure.market_potential`) and ``change``, ``table`` with ``gain``
        and ``compression`` by region, and ``inequality``.

    Raises
    ------
    OptionError
        If minutes are saved without costs, or speed by link without costs.
    ColumnError
        If costs are not above zero, or more is saved than a way takes.

    Notes
    -----
    With exponential decay doubling all speeds is doubling the half-distance. With costs all pairs are held:
    two tables of n^2 numbers, about 5,000 regions. Without costs, 100,000 points take some 100 seconds of one
    processor, and 10 with an accuracy of 1e-3.

    References
    ----------
    Janelle, D. G. (1969). Spatial reorganization: a model and concept. Annals of the Association of American
    Geographers 59(2), 348-364. doi:10.1111/j.1467-8306.1969.tb00675.x
    Gutierrez, J. (2001). Location, economic potential and daily accessibility: an analysis of the
    accessibility impact of the high-speed line Madrid-Barcelona-French border. Journal of Transport
    Geography 9(4), 229-242. doi:10.1016/S0966-6923(01)00017-5
    Spiekermann, K. and Wegener, M. (1994). The shrinking continent: new time-space maps of Europe.
    Environment and Planning B 21(6), 653-673. doi:10.1068/b210653

    Examples
    --------
    >>> import geoinno as gi
    >>> place, near = gi.read.sample("central_asia"), gi.weigh.exponential(200)
    >>> faster = gi.simulate.compression("city_population", place.regions, decay=near, speed_gain=0.5)
    >>> faster.table["gain"].idxmax(), round(faster.table["compression"].mean(), 3)
    ('KAZ-3195', np.float64(0.333))
    """
    _contract.sound_regions(regions)
    _contract.instance(
        options, CompressionOptions, name="options", example="gi.simulate.CompressionOptions()"
    )
    people = _reach.sound_mass(mass, regions)
    scenario = _Scenario(
        people, regions, _reach.sound_decay(decay), speed_gain, border_minutes_saved, country, options
    )
    answer = _of_distances(scenario) if costs is None else _of_costs(scenario, costs)
    before, after, table, assumed = answer
    levels = {"before": before["total"], "after": after["total"]}
    inequality = pd.DataFrame({n: {"gini": gini(v), "theil": theil(v)["total"]} for n, v in levels.items()})
    gain = (after["total"] / before["total"].where(before["total"] > 0) - 1).rename("gain")
    order = regions.index if isinstance(mass, str) else mass.index
    return Compression(
        before=before.loc[order],
        after=after.loc[order],
        change=(after - before).loc[order],
        table=pd.concat([gain, table], axis=1).loc[order],
        inequality=inequality,
        assumed=assumed,
    )


@dataclass(frozen=True, slots=True)
class _Scenario:
    """What compression was called with, the masses checked."""

    mass: pd.Series
    regions: GeoDataFrame
    decay: Decay
    gain: float | pd.DataFrame
    saved: float | pd.DataFrame
    country: pd.Series | str | None
    options: CompressionOptions


_Answer = tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame, str]


def _of_distances(scenario: _Scenario) -> _Answer:
    """Return potential before and after over geodesic distances, which all shrink alike."""
    if not np.isscalar(scenario.saved) or scenario.saved != 0:
        message = (
            "border_minutes_saved needs costs in minutes, which distances in km do not give. Pass "
            "costs=gi.weigh.travel_minutes(regions, speed_kmh=..., border_minutes=...), and a decay in "
            "minutes."
        )
        raise OptionError(message)
    if isinstance(scenario.gain, pd.DataFrame):
        message = "speed_gain by link needs costs: pass costs=gi.weigh.distances(regions), or minutes."
        raise OptionError(message)
    gain = _contract.positive(scenario.gain, name="speed_gain", zero=True)
    before = _potential(scenario, scenario.decay)
    longer, multiple = _reach.stretched(scenario.decay, 1 + gain)
    after = _potential(scenario, longer)
    parts = list(_reach.PARTS[:-1])
    after[parts] = multiple * after[parts]
    table = pd.DataFrame({"compression": 1 - 1 / (1 + gain)}, index=before.index)
    if scenario.options.poles is not None:
        km = distances(scenario.regions)
        table = table.join(_types(scenario, km, km / (1 + gain)))
    return before, after, table, f"every distance shrinks by {100 * (1 - 1 / (1 + gain)):.3g}%"


def _potential(scenario: _Scenario, decay: Decay) -> pd.DataFrame:
    """Return potential over geodesic distances."""
    return market_potential(
        scenario.mass,
        scenario.regions,
        decay=decay,
        country=scenario.country,
        border_factor=scenario.options.border_factor,
        accuracy=scenario.options.accuracy,
    )


def _of_costs(scenario: _Scenario, costs: pd.DataFrame) -> _Answer:
    """Return potential before and after over a table of costs."""
    ids, choices = scenario.regions.index, scenario.options
    cost = _reach.sound_costs(costs, ids)
    borders = _national_borders.borders(
        scenario.country, scenario.regions, waits=(scenario.saved, choices.border_minutes)
    )
    shorter, within = _shortened(scenario, cost, borders)
    abroad = borders.country[:, None] != borders.country
    radius = _reach.cost_radii(scenario.regions, cost, abroad)
    openness = borders.table(choices.border_factor, name="border_factor")
    people = scenario.mass.to_numpy()
    near, far = (_reach.Places(ids, people, size, abroad) for size in (radius * within, radius))
    before = _reach.potential(far, cost, scenario.decay, openness=openness)
    after = _reach.potential(near, shorter, scenario.decay, openness=openness)
    table = pd.DataFrame({"compression": _rate(people, cost, shorter)}, index=ids)
    if choices.poles is not None:
        tables = (pd.DataFrame(c, index=ids, columns=ids) for c in (cost, shorter))
        table = table.join(_types(scenario, *tables))
    return before, after, table, "speed and waits at borders change as given"


def _shortened(
    scenario: _Scenario, cost: Floats, borders: _national_borders.Borders
) -> tuple[Floats, Floats]:
    """Return the costs after, and what is left of each region's radius."""
    saved = borders.table(scenario.saved, name="border_minutes_saved")
    # At least what is saved was a wait; the rest of the cost is travel.
    wait = np.maximum(borders.table(scenario.options.border_minutes, name="border_minutes"), saved)
    ids = scenario.regions.index
    short = (cost <= wait) & ~np.eye(len(ids), dtype=bool)
    if short.any():
        pairs = zip(*(ids[side] for side in np.nonzero(short)), strict=True)
        message = f"Waits at borders take as long as the whole way, or longer, for {_contract.named(pairs)}."
        raise ColumnError(message)
    if isinstance(scenario.gain, pd.DataFrame):
        gain = _contract.square(scenario.gain, name="speed_gain", ids=ids)
        if not (np.isfinite(gain) & (gain >= 0)).all():
            message = "speed_gain must be finite and zero or more for every link."
            raise ColumnError(message)
    else:
        gain = np.full(cost.shape, _contract.positive(scenario.gain, name="speed_gain", zero=True))
    # Written as a difference, so that a cost that stays is the same to the last bit.
    return cost - saved - (cost - wait) * (gain / (1 + gain)), 1 / (1 + np.diagonal(gain))


def _rate(mass: Floats, cost: Floats, shorter: Floats) -> Floats:
    """Return by what share the mean cost of reaching the mass of other regions falls."""
    off = np.where(np.eye(len(mass), dtype=bool), 0.0, mass)
    reached = (off * cost).sum(axis=1)
    saved = (off * (cost - shorter)).sum(axis=1)
    return np.divide(saved, reached, out=np.full_like(saved, np.nan), where=reached > 0)


def _types(scenario: _Scenario, costs: pd.DataFrame, shorter: pd.DataFrame) -> pd.DataFrame:
    """Return the kind of space that each region is before and after."""
    poles = scenario.options.poles
    assert poles is not None
    tables = {"type_before": costs, "type_after": shorter}
    return pd.DataFrame(
        {
            name: space_types(pull(scenario.mass, table, poles, decay=scenario.decay), poles)["type"]
            for name, table in tables.items()
        }
    )
