"""Opening study: what changed near a border after it opened, beside regions farther off."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from geoinno import _contract
from geoinno._display import Displayed
from geoinno._types import ALPHA, LEVEL
from geoinno.measure._inference.noise import noise_p, simulate_noise
from geoinno.measure.borders import _event_study as event
from geoinno.measure.borders import _opening_panel as opening
from geoinno.measure.borders._placebo_lines import line_orders
from geoinno.scale import follow
from geoinno.weigh import places

if TYPE_CHECKING:
    from collections.abc import Sequence

    from geopandas import GeoDataFrame

    from geoinno._types import Floats

_ESTIMATOR = "Sun and Abraham (2021)"


@dataclass(frozen=True, slots=True, eq=False)
class OpeningStudy(Displayed):
    """An event study of a border's opening, by rings of distance.

    ``table`` by ring: ``regions``, ``effect`` (mean change after the opening beyond that of regions never
    reached), ``low`` and ``high``, ``p`` among placebo borders, ``p_noise`` among maps of noise, ``p_before``
    (whether the ring had moved apart before) and ``check``, the effect by Callaway and Sant'Anna. ``events``
    by ring and period since the opening: ``effect``, ``low``, ``high``. Without regions only effects are
    known.
    """

    table: pd.DataFrame
    events: pd.DataFrame
    estimator: str
    controls: int
    farthest_km: float
    draws: int
    seed: int

    def __str__(self) -> str:
        """Return the result in words, and what the design cannot rule out."""
        parts = "; ".join(self._part(ring) for ring in self.table.index)
        return (
            f"After the border opened, by the estimator of {self.estimator} and against {self.controls:,} "
            f"regions that it does not reach (beyond {self.farthest_km:,.0f} km or closed), outcomes "
            f"changed: {parts}.{self._before()} The design cannot rule out that the border opened where "
            "growth was expected anyway, that regions reacted before it opened, or that it changed the "
            "regions of the comparison too."
        )

    def _part(self, ring: str) -> str:
        """Return what happened in one ring."""
        row = self.table.loc[ring]
        if np.isnan(row["p"]):
            return f"{ring} {row['effect']:+.3g}"
        return (
            f"{ring} {row['effect']:+.3g} (95% interval {row['low']:+.3g} to {row['high']:+.3g}; "
            f"p = {row['p']:.2g} among {self.draws:,} placebo borders, {row['p_noise']:.2g} among maps of "
            "noise)"
        )

    def _before(self) -> str:
        """Return whether rings had moved apart before."""
        apart = self.table.index[self.table["p_before"] <= ALPHA]
        if self.table["p"].isna().all():
            return " Nothing was tested: give regions, so that placebo borders can be drawn."
        if self.table["p_before"].isna().all():
            return ""
        if len(apart):
            return f" Before the opening these rings had already moved apart: {', '.join(apart)}."
        return " Before the opening no ring had moved apart by more than placebo borders do."


def opening_study(
    panel: pd.Series | pd.DataFrame,
    distance_km: pd.Series | str,
    *,
    opened: float | pd.Series,
    regions: GeoDataFrame | None = None,
    edges_km: Sequence[float] = (50.0, 100.0, 200.0),
    outcome: str | None = None,
    draws: int = 499,
    seed: int = 0,
) -> OpeningStudy:
    """Compare regions near a border with regions far from it, before and after it opened.

    A positive effect says that a ring gained on the regions beyond the last ring after the opening. With
    rings r, openings e and the year t of outcome y, the model is that of Sun and Abraham,

        y_it = a_i + l_t + sum_{r, e, s != -1} d_{r,e,s} 1[ring r, opening e, t - e = s] + error,

    and the effect of a ring s periods after the opening is the mean of d over its cohorts, by their
    number of regions. Regions beyond the last edge are never reached.

    Parameters
    ----------
    panel
        Outcome by region and year (a MultiIndex), complete: logs where effects are relative.
    distance_km
        Of each region to the border that opened, in km, zero or more; or the name of a column of ``regions``.
    opened
        The first year in which the border is open, or that year by region (of its part of the border),
        missing where it stays closed.
    regions
        Polygons or points of the regions of the panel, for placebo borders and the noise placebo.
    edges_km
        Outer edges of the rings, rising; regions beyond the last are the comparison.
    outcome
        Which column of ``panel``, where it is a table of several.
    draws, seed
        Of placebo borders and maps of noise.

    Returns
    -------
    OpeningStudy
        ``table`` by ring and ``events`` by ring and period.

    Raises
    ------
    ColumnError
        If the panel is not complete, a ring has fewer than three regions or fewer than ten lie beyond the
        last, or a border opened before the second year or after the last.
    AlignmentError
        If panel, distances, openings and regions are of different regions.

    Notes
    -----
    Errors clustered by the few borders that open say nothing. Placebo borders are great circles at random
    across the map, with rings and openings of as many regions; ``p`` is two-sided, of the effect over its
    error, and intervals are as wide as 95% of placebos. ``p_noise`` takes the change of each region after the
    opening, the rings among the regressors (see `noise_placebo`); with several openings, regions far off
    count with the mean over these. ``check`` differs from ``effect`` only if borders open in several years.

    References
    ----------
    Redding, S. J. and Sturm, D. M. (2008). The costs of remoteness: evidence from German division and
    reunification. American Economic Review 98(5), 1766-1797. doi:10.1257/aer.98.5.1766
    Sun, L. and Abraham, S. (2021). Estimating dynamic treatment effects in event studies with heterogeneous
    treatment effects. Journal of Econometrics 225(2), 175-199. doi:10.1016/j.jeconom.2020.09.006
    Callaway, B. and Sant'Anna, P. H. C. (2021). Difference-in-differences with multiple time periods. Journal
    of Econometrics 225(2), 200-230. doi:10.1016/j.jeconom.2020.12.001

    Examples
    --------
    >>> import geoinno as gi
    >>> place = gi.read.sample("policies")
    >>> km = gi.weigh.distances(place.regions)["USA-3521"]
    >>> found = gi.measure.opening_study(
    ...     place.panel["fatalities"], km, opened=1995, regions=place.regions, edges_km=[1500], draws=99)
    >>> found.table.index.to_list()
    ['0-1,500 km']
    """
    _contract.whole(draws, name="draws", least=19)
    wide = opening.wide(panel, outcome)
    distances = _contract.column(distance_km, regions, what="distances")
    km = _contract.numbers(distances, ids=wide.index, what="distances", against="panel")
    edges = opening.edges(edges_km, km)
    case = opening.case(wide, km, edges, opened=opened)
    found = event.changes(case)
    average = event.means(event.averaged(found))
    labels = [f"{low:,.0f}-{high:,.0f} km" for low, high in zip([0.0, *edges[:-1]], edges, strict=True)]
    table = pd.DataFrame(
        {
            "regions": [int((case.ring == ring).sum()) for ring in range(len(edges))],
            "effect": average.effect[:, 0],
        },
        index=pd.Index(labels, name="ring"),
    )
    tests = _no_tests(found) if regions is None else _tests(found, km, regions, draws=draws, seed=seed)
    table = table.assign(
        low=table["effect"] - tests.reach * average.se[:, 0],
        high=table["effect"] + tests.reach * average.se[:, 0],
        p=tests.p,
        p_noise=tests.p_noise,
        p_before=tests.p_before,
        check=event.not_yet(case),
    )
    events = _events(found, tests, labels)
    return OpeningStudy(table, events, _ESTIMATOR, int(case.far.sum()), float(edges[-1]), draws, seed)


@dataclass(frozen=True, slots=True, eq=False)
class _Tests:
    """What placebos say: p-values by ring, and how many errors intervals reach (by ring and by event)."""

    p: Floats
    p_noise: Floats
    p_before: Floats
    reach: Floats
    event_reach: Floats


def _no_tests(found: event.Changes) -> _Tests:
    """Return unknown tests."""
    rings = np.full(int(found.panel.ring.max()) + 1, np.nan)
    return _Tests(rings, rings, rings, rings, np.full((len(rings), len(found.panel.times)), np.nan))


def _tests(found: event.Changes, km: pd.Series, regions: GeoDataFrame, *, draws: int, seed: int) -> _Tests:
    """Return the tests by placebo borders and by noise."""
    placed = _contract.aligned(regions, km.index, what="regions", against="panel")
    orders = line_orders(places(placed).to_numpy(), km.to_numpy(), draws=draws, seed=seed)
    drawn = [event.changes(found.panel.moved(order)) for order in follow(orders, "Placebo border")]
    average = np.array([event.means(event.averaged(change)).t[:, 0] for change in drawn])
    events = np.array([event.means(change).t for change in drawn])
    observed, by_event = event.means(event.averaged(found)).t[:, 0], event.means(found).t
    before = (found.panel.times < -1) & np.isfinite(by_event).any(axis=0)
    return _Tests(
        p=np.array([noise_p(float(t), average[:, k]) for k, t in enumerate(observed)]),
        p_noise=_noise_p(found, placed, observed, draws=draws, seed=seed),
        p_before=_largest_p(by_event[:, before], events[:, :, before]),
        reach=np.quantile(np.abs(average), LEVEL, axis=0),
        # Placebos have rings and openings of the same size, so that the same events are known; nan stays nan.
        event_reach=np.quantile(np.abs(events), LEVEL, axis=0),
    )


def _largest_p(observed: Floats, drawn: Floats) -> Floats:
    """Return how often the largest of several deviations is as large in placebos, by ring."""
    if observed.shape[1] == 0:
        return np.full(len(observed), np.nan)
    most = np.nan_to_num(np.abs(observed)).max(axis=1)
    placebos = np.nan_to_num(np.abs(drawn)).max(axis=2)
    return np.asarray(((placebos >= most).sum(axis=0) + 1) / (len(drawn) + 1))


def _noise_p(
    found: event.Changes, regions: GeoDataFrame, observed: Floats, *, draws: int, seed: int
) -> Floats:
    """Return the p-values of the effects among maps of noise as smooth as the changes of regions."""
    panel, one = found.panel, event.averaged(found)
    shares = np.array([[(panel.opening == e).sum() / (~panel.far).sum()] for e in one.by_opening])
    far = one.far(shares)[:, 0]
    change = np.where(panel.far, 0.0, one.own[:, 0] + far.mean())
    change[panel.far] = far
    rings = {str(ring): (panel.ring == ring).astype(float) for ring in range(len(observed))}
    terms = pd.DataFrame(rings, index=regions.index)
    values = pd.Series(change, regions.index, name="change")
    fields = simulate_noise(values, regions, regressors=terms, draws=draws, seed=seed).fields
    return np.array(
        [
            noise_p(float(t), _t(fields[panel.ring == ring], fields[panel.far]))
            for ring, t in enumerate(observed)
        ]
    )


def _t(near: Floats, far: Floats) -> Floats:
    """Return the difference of means over its error, for each field."""
    error = np.sqrt(near.var(axis=0, ddof=1) / len(near) + far.var(axis=0, ddof=1) / len(far))
    return np.asarray((near.mean(axis=0) - far.mean(axis=0)) / error)


def _events(found: event.Changes, tests: _Tests, labels: list[str]) -> pd.DataFrame:
    """Return effects by ring and period since the opening."""
    means = event.means(found)
    index = pd.MultiIndex.from_product([labels, found.panel.times.tolist()], names=["ring", "since"])
    reach = (tests.event_reach * means.se).ravel()
    effect = means.effect.ravel()
    return pd.DataFrame({"effect": effect, "low": effect - reach, "high": effect + reach}, index=index)
