"""Contrast: where neighbours differ most, and whether they differ more across the borders of countries."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from geoinno import _contract
from geoinno._display import Displayed
from geoinno._types import ALPHA
from geoinno.measure.borders import _differences, _noise, _sides

_MANY = 30


@dataclass(frozen=True, slots=True)
class Dissimilarity(Displayed):
    """How much more neighbours differ across borders than at home, tested by randomisation alone.

    ``ratio`` of the mean differences ``foreign`` and ``domestic``; ``adjusted_ratio`` at equal distance.
    ``p`` lets values change places among regions whose neighbours are about as far away, ``p_placebo``
    divides the map anew into as many countries, ``p_noise`` draws maps of noise as smooth as what the
    means of countries leave (missing without lines of the segments, or for several indicators).
    """

    ratio: float
    adjusted_ratio: float
    p: float
    p_placebo: float
    p_noise: float
    foreign: float
    domestic: float
    segments: tuple[int, int]
    countries: int
    permutations: int
    seed: int

    def __str__(self) -> str:
        """Return the result in words."""
        sure = max(p for p in (self.p, self.p_placebo, self.p_noise) if not np.isnan(p)) <= ALPHA
        # The tests are of the adjusted ratio: the raw one may lie on the other side of one.
        more = self.adjusted_ratio > 1
        finding = "more than chance would explain" if more else "less than chance would produce"
        noise = "" if np.isnan(self.p_noise) else f", {self.p_noise:.2g} against equally smooth maps of noise"
        few = f" {self.countries} countries are too few for clustered standard errors."
        return (
            f"At equal distance, neighbours across a border differ {self.adjusted_ratio:.2f} times as much "
            f"as neighbours within a country ({self.ratio:.2f} times without allowing for distance), "
            f"{finding if sure else 'which chance could explain'} (p = {self.p:.2g} with values reshuffled, "
            f"{self.p_placebo:.2g} with borders drawn at random, a cautious test{noise})."
            f"{few if self.countries < _MANY else ''}"
        )


def contrast(values: pd.Series | pd.DataFrame, segments: pd.DataFrame) -> pd.Series:
    """Measure how much the regions on both sides of each segment differ.

    The boundary likelihood value |y_i - y_j|; of several indicators the Euclidean distance of their
    z-scores. A high value marks a sharp boundary, wherever countries end.

    Parameters
    ----------
    values
        An indicator, or several (columns), by region id; none may be missing. A smooth gradient looks
        like a boundary everywhere: take the residuals of `detrended` then.
    segments
        From `segments`.

    Returns
    -------
    Series
        ``contrast``, indexed as ``segments``.

    Raises
    ------
    ColumnError, AlignmentError
        If a value is missing, or a segment names a region without a value.

    References
    ----------
    Womble, W. H. (1951). Differential systematics. Science 114, 315-322. doi:10.1126/science.114.2961.315
    Lu, H. and Carlin, B. P. (2005). Bayesian areal wombling for geographical boundary analysis.
    Geographical Analysis 37(3), 265-285. doi:10.1111/j.1538-4632.2005.00624.x

    Examples
    --------
    >>> import geoinno as gi
    >>> place = gi.read.sample("central_asia")
    >>> edges = gi.measure.segments(place.regions)
    >>> gi.measure.contrast(place.regions["primacy"], edges).idxmax()
    'TJK-368|TJK-5491'
    """
    table, found = _differences.columns_and_sides(values, segments)
    gaps = table[found.first] - table[found.second]
    return pd.Series(_differences.lengths(gaps), index=segments.index, name="contrast")


def dissimilarity(
    values: pd.Series | pd.DataFrame, segments: pd.DataFrame, *, permutations: int = 999, seed: int = 0
) -> Dissimilarity:
    """Compare how much neighbours differ across borders and within countries.

    The ratio of the mean contrasts on foreign and on domestic segments: above 1, borders separate
    regions that differ. The adjusted ratio first divides each contrast by the difference expected of
    domestic neighbours at the same distance (contrast proportional to
    distance to a power, fitted by Poisson likelihood).

    Parameters
    ----------
    values
        An indicator, or several (columns), by region id; none may be missing.
    segments
        From `segments`, with domestic and foreign ones.
    permutations
        Draws of each test: values reshuffled within strata of regions whose neighbours are as far, and
        placebo borders, where the map is parted anew around as many random capitals as it has countries.
    seed
        Of the draws.

    Returns
    -------
    Dissimilarity
        ``ratio``, ``adjusted_ratio``, and ``p``, ``p_placebo`` and ``p_noise`` of the adjusted ratio,
        two-sided.

    Raises
    ------
    ColumnError
        If all values are the same, a region has no country, or all segments are of one kind.

    Notes
    -----
    ``p`` is exact where values depend on place through the border alone: the slope of distance is fitted
    anew in each draw. At 5% it found a difference in 4% of simulated maps of independent noise, in 6% of
    noise with a range of a quarter of the map, and smoother maps may bring it above; ``p_noise`` (4 to 6%)
    is the one to trust. ``p_placebo`` is cautious (2 to 3%), because on small maps few placebo borders differ
    from the true ones. For ``p_noise`` a region stands at
    the mean of the middles of its segments.

    References
    ----------
    Engel, C. and Rogers, J. H. (1996). How wide is the border? American Economic Review 86(5), 1112-1125.
    Kelly, M. (2019). The standard errors of persistence. CEPR Discussion Paper 13783.
    Bertrand, M., Duflo, E. and Mullainathan, S. (2004). How much should we trust
    differences-in-differences estimates? Quarterly Journal of Economics 119(1), 249-275.
    doi:10.1162/003355304772839588

    Examples
    --------
    >>> import geoinno as gi
    >>> place = gi.read.sample("central_asia")
    >>> found = gi.measure.dissimilarity(place.regions["primacy"], gi.measure.segments(place.regions))
    >>> found.p > 0.05
    True
    """
    _contract.whole(permutations, name="permutations")
    _sides.require(segments, ("first_country", "second_country", "distance_km"))
    _sides.countries_known(segments)
    table, found = _differences.columns_and_sides(values, segments)
    _sides.both_kinds(found)
    case = _differences.Case(table, found, segments["distance_km"].to_numpy(float))
    raw, adjusted, foreign = case.differences(table), case.adjusted(table), found.foreign
    part = _differences.foreign_part(adjusted, foreign)
    parts = (case.part(drawn) for drawn in _differences.reshuffled_values(case, permutations, seed))
    countries = pd.unique(segments[["first_country", "second_country"]].to_numpy(object).ravel())
    borders = _differences.placebo_borders(case, len(countries), permutations, seed=seed)
    placebo = (_differences.studentised(_differences.foreign_part(adjusted, b), b) for b in borders)
    abroad, home = float(raw[foreign].mean()), float(raw[~foreign].mean())
    return Dissimilarity(
        ratio=abroad / home if home else float("inf"),
        adjusted_ratio=part / (1 - part) if part < 1 else float("inf"),
        p=_differences.p_of(parts, part, permutations),
        p_placebo=_differences.p_of(placebo, _differences.studentised(part, foreign), permutations),
        p_noise=_noise.p_noise(case, segments, part, seed=seed),
        foreign=abroad,
        domestic=home,
        segments=(int(foreign.sum()), int((~foreign).sum())),
        countries=len(countries),
        permutations=permutations,
        seed=seed,
    )
