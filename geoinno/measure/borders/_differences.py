"""The arithmetic of differences between neighbours, and how chance would place them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from scipy import optimize
from scipy.spatial import cKDTree

from geoinno import _contract
from geoinno.errors import ColumnError
from geoinno.measure._inference.permutations import counted
from geoinno.measure._inference.significance import two_sided
from geoinno.measure.borders import _placebo_countries, _sides
from geoinno.scale import follow

if TYPE_CHECKING:
    from collections.abc import Iterable

    from numpy.typing import NDArray

    from geoinno._types import Bools, Floats
    from geoinno.measure.borders._sides import Sides

    Ints = NDArray[np.intp]

_STRATA, _LEAST = 4, 12


@dataclass(frozen=True, slots=True)
class Case:
    """The level of each region (rows) in each variable, the sides of segments, and the km between them."""

    level: Floats
    sides: Sides
    km: Floats

    def differences(self, values: Floats) -> Floats:
        """Return how much both sides of each segment differ."""
        return lengths(values[self.sides.first] - values[self.sides.second])

    def adjusted(self, values: Floats) -> Floats:
        """Return the differences over what neighbours at home differ by at each segment's distance.

        The slope of distance is that of the same values: one that was fitted to other values would make
        the statistic of a draw vary more than the observed one, and its test too cautious.
        """
        here, differences = ~self.sides.foreign, self.differences(values)
        log_km = np.log(self.km)
        slope = distance_slope(differences[here], log_km[here])
        level = np.exp(slope * (log_km - log_km.mean()))
        return np.asarray(differences / (level / level[here].mean()), np.float64)

    def part(self, values: Floats) -> float:
        """Return the adjusted differences abroad as a share of those abroad and at home."""
        return foreign_part(self.adjusted(values), self.sides.foreign)

    def groups(self) -> Ints:
        """Return regions by how far their neighbours are: within a group values may change places."""
        ends = np.concatenate([self.sides.first, self.sides.second])
        count = np.bincount(ends, minlength=len(self.level))
        total = np.bincount(ends, np.tile(self.km, 2), len(self.level))
        groups = np.full(len(self.level), -1, np.intp)
        linked = count > 0
        groups[linked] = _sides.strata(total[linked] / count[linked], most=_STRATA, least=_LEAST)
        return groups


def columns_and_sides(values: pd.Series | pd.DataFrame, segments: pd.DataFrame) -> tuple[Floats, Sides]:
    """Return values as columns (z-scores where there are several) and the sides of the segments.

    A constant map is refused: its neighbours do not differ anywhere.
    """
    columns = values.to_frame() if isinstance(values, pd.Series) else values
    if not isinstance(columns, pd.DataFrame) or not columns.shape[1]:
        message = "values must be a Series, or a DataFrame with at least a column, indexed by region id."
        raise ColumnError(message)
    numbers = [_contract.varied(_contract.numbers(columns[name])) for name in columns]
    if len(numbers) > 1:
        numbers = [(y - y.mean()) / y.std(ddof=0) for y in numbers]
    return np.column_stack(numbers), _sides.sides(segments, columns.index)


def lengths(gaps: Floats) -> Floats:
    """Return the length of each row."""
    return np.asarray(np.sqrt((gaps**2).sum(axis=1)), np.float64)


def distance_slope(differences: Floats, log_km: Floats) -> float:
    """Return the elasticity of differences to distance, by Poisson pseudo-likelihood; 0 if none is seen."""
    log_km = log_km - log_km.mean()
    if not differences.any() or np.ptp(log_km) <= 1e-9:  # noqa: PLR2004 - lattices have one distance
        return 0.0

    def score(slope: float) -> float:
        weight = np.exp(slope * log_km)
        return float(differences @ log_km / differences.sum() - weight @ log_km / weight.sum())

    edge = 20.0
    if score(-edge) * score(edge) > 0:
        return 0.0
    return float(optimize.brentq(score, -edge, edge, xtol=1e-10))


def foreign_part(differences: Floats, foreign: Bools) -> float:
    """Return the mean difference abroad as a share of the means abroad and at home; a half where equal."""
    if foreign.all() or not foreign.any():
        return 0.5
    abroad, home = differences[foreign].mean(), differences[~foreign].mean()
    return float(abroad / (abroad + home)) if abroad + home > 0 else 0.5


def p_of(drawn: Iterable[float], observed: float, permutations: int) -> float:
    """Return the two-sided p-value of an observed number among draws."""
    sample = np.fromiter(drawn, np.float64, permutations)
    return float(two_sided(counted(sample, observed, max(1.0, abs(observed))), permutations))


def reshuffled_values(case: Case, permutations: int, seed: int) -> Iterable[Floats]:
    """Yield values that have changed places among regions whose neighbours are as far."""
    groups, rng = case.groups(), np.random.default_rng([seed, 1])
    for _ in follow(range(permutations), "Permutation"):
        yield case.level[_sides.reshuffled(rng, groups)]


def placebo_borders(case: Case, countries: int, permutations: int, *, seed: int) -> Iterable[Bools]:
    """Yield which segments would be foreign if the map were parted at random."""
    first, second = case.sides.first, case.sides.second
    network = _placebo_countries.network(first, second, case.km, count=len(case.level))
    linked = np.unique(np.concatenate([first, second]))
    network = network[linked][:, linked]
    place = np.zeros(len(case.level), np.intp)
    place[linked] = np.arange(len(linked))
    rng = np.random.default_rng([seed, 2])
    for _ in follow(range(permutations), "Placebo border"):
        land = _placebo_countries.by_links(network, min(countries, len(linked)), rng)
        yield land[place[first]] != land[place[second]]


def studentised(part: float, foreign: Bools) -> float:
    """Return the part abroad less a half, as a multiple of how much it varies with so few segments."""
    if foreign.all() or not foreign.any():
        return 0.0
    return (part - 0.5) / float(np.sqrt(1 / foreign.sum() + 1 / (~foreign).sum()))


def overlap(chosen: Bools, foreign: Bools, middles: Floats) -> Floats:
    """Return the four statistics of boundary overlap: shared, and mean distances there, back and both."""
    to_border = _nearest(middles[chosen], middles[foreign])
    to_boundary = _nearest(middles[foreign], middles[chosen])
    both = (to_border.sum() + to_boundary.sum()) / (len(to_border) + len(to_boundary))
    return np.array([float((chosen & foreign).sum()), to_border.mean(), to_boundary.mean(), both])


def _nearest(here: Floats, there: Floats) -> Floats:
    """Return the km from each point to the nearest of the others, from chords of the unit sphere."""
    chord = cKDTree(there).query(here)[0]
    return np.asarray(2 * 6371.0088 * np.arcsin(np.minimum(chord / 2, 1)), np.float64)


def highest(differences: Floats, top: float) -> Bools:
    """Return the segments of the largest differences; of ties, those that come first."""
    count = max(1, int(np.ceil(top * len(differences) - 1e-9)))
    chosen = np.zeros(len(differences), bool)
    chosen[np.argsort(-differences, kind="stable")[:count]] = True
    return chosen
