"""Boundary overlap: whether the sharpest contrasts of a map lie on the borders of countries."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np
import pandas as pd
import shapely

from geoinno import _contract
from geoinno._display import Displayed
from geoinno.errors import OptionError
from geoinno.measure._geodesy.ellipsoid import unit_vectors
from geoinno.measure.borders import _differences, _sides

if TYPE_CHECKING:
    from geopandas import GeoDataFrame


@dataclass(frozen=True, slots=True, eq=False)
class BoundaryOverlap(Displayed):
    """Whether the sharpest contrasts lie on borders. ``table``: value, expected, p, by statistic."""

    table: pd.DataFrame
    boundaries: int
    borders: int
    permutations: int
    seed: int

    def __str__(self) -> str:
        """Return the result in words."""
        shared, near = self.table.loc["shared"], self.table.loc["to_border_km"]
        return (
            f"Of the {self.boundaries} sharpest contrasts, {shared['value']:.0f} lie on one of "
            f"{self.borders} foreign segments ({shared['expected']:.1f} expected, p {shared['p']:.4g}, a "
            f"cautious test); on average they are "
            f"{near['value']:.0f} km from a border ({near['expected']:.0f} expected, p {near['p']:.4g}); "
            "p is as if values did not depend on place."
        )


def boundary_membership(
    contrasts: pd.Series, *, rule: Literal["crisp", "fuzzy"] = "crisp", top: float = 0.2
) -> pd.Series:
    """Measure to what degree each segment belongs to the sharp boundaries of the map.

    Crisp: 1 for the share ``top`` of the largest contrasts, else 0. Fuzzy: the contrast over its maximum.

    Parameters
    ----------
    contrasts
        From `contrast`.
    rule
        ``"crisp"`` or ``"fuzzy"``.
    top
        The share (0..1) of crisp boundaries.

    Returns
    -------
    Series
        ``membership``, 0..1, indexed as ``contrasts``.

    References
    ----------
    Jacquez, G. M., Maruca, S. and Fortin, M.-J. (2000). From fields to objects: a review of geographic
    boundary analysis. Journal of Geographical Systems 2, 221-241. doi:10.1007/PL00011456

    Examples
    --------
    >>> import pandas as pd
    >>> import geoinno as gi
    >>> gi.measure.boundary_membership(pd.Series([1.0, 4.0], ["a|b", "b|c"]), rule="fuzzy").to_list()
    [0.25, 1.0]
    """
    _contract.option(rule, ("crisp", "fuzzy"), name="rule")
    known = _contract.numbers(contrasts)
    if rule == "fuzzy":
        return (known / known.max()).rename("membership")
    chosen = _differences.highest(known.to_numpy(), _share(top))
    return pd.Series(chosen.astype(float), index=known.index, name="membership")


def _share(top: float) -> float:
    """Return ``top`` if it is a share."""
    if not 0 < top < 1:
        message = f"top must be a share between 0 and 1, such as 0.2; {top!r} was given."
        raise OptionError(message)
    return float(top)


def boundary_overlap(
    values: pd.Series | pd.DataFrame,
    segments: GeoDataFrame,
    *,
    top: float = 0.2,
    permutations: int = 999,
    seed: int = 0,
) -> BoundaryOverlap:
    """Test whether the sharpest contrasts lie on or near the borders of countries.

    With G the share ``top`` of the largest contrasts and H the foreign segments: ``shared`` = |G and H|;
    ``to_border_km``, the mean distance of G to the nearest of H; ``to_boundary_km``, of H to the nearest of
    G; ``both_km``, of all together. Many shared segments and short distances say that sharp
    boundaries follow the borders of countries.

    Parameters
    ----------
    values
        An indicator, or several (columns), by region id; none may be missing.
    segments
        From `segments`, with their lines.
    top
        The share of segments that count as boundaries, 0.1 to 0.2 as a rule.
    permutations, seed
        Values change places among regions whose neighbours are about as far away.

    Returns
    -------
    BoundaryOverlap
        ``table``: value, expected and two-sided p of the four statistics.

    Notes
    -----
    p assumes that values do not depend on place. At 5% the distances found something in 4 to 6% of simulated
    maps of noise, independent or with a range of a quarter of the map. ``shared`` is a small number, and
    ties count against a finding: its p is cautious (2 to 3%) and misses some of what is there. Smoother
    maps may bring all of them above: take the residuals of `detrended`, and read them beside ``p_noise`` of
    `dissimilarity`.

    References
    ----------
    Jacquez, G. M. (1995). The map comparison problem: tests for the overlap of geographic boundaries.
    Statistics in Medicine 14, 2343-2361. doi:10.1002/sim.4780142107

    Examples
    --------
    >>> import geoinno as gi
    >>> place = gi.read.sample("central_asia")
    >>> edges = gi.measure.segments(place.regions)
    >>> gi.measure.boundary_overlap(place.regions["primacy"], edges, permutations=99).borders
    42
    """
    _contract.whole(permutations, name="permutations")
    _sides.require(segments, ("distance_km", "geometry"))
    table, found = _differences.columns_and_sides(values, segments)
    _sides.both_kinds(found)
    case = _differences.Case(table, found, segments["distance_km"].to_numpy(float))
    lines = segments.geometry.to_crs(4326).to_numpy()
    middle = shapely.line_interpolate_point(lines, 0.5, normalized=True)
    middles, share = unit_vectors(shapely.get_x(middle), shapely.get_y(middle)), _share(top)
    seen = _differences.highest(case.differences(table), share)
    observed = _differences.overlap(seen, found.foreign, middles)
    draws = np.array(
        [
            _differences.overlap(_differences.highest(case.differences(drawn), share), found.foreign, middles)
            for drawn in _differences.reshuffled_values(case, permutations, seed)
        ]
    )
    p = [
        _differences.p_of(column, value, permutations)
        for column, value in zip(draws.T, observed, strict=True)
    ]
    names = pd.Index(["shared", "to_border_km", "to_boundary_km", "both_km"], name="statistic")
    result = pd.DataFrame({"value": observed, "expected": draws.mean(axis=0), "p": p}, index=names)
    return BoundaryOverlap(result, int(seen.sum()), int(found.foreign.sum()), permutations, seed)
