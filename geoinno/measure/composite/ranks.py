"""Rank intervals: how far ranks depend on the choices that an index is made of."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

import numpy as np
import pandas as pd

from geoinno import _contract
from geoinno._display import Displayed
from geoinno._types import LEVEL
from geoinno.measure.composite import _diagnostics, _draws, _sensitivity, _settings
from geoinno.measure.composite._options import RankOptions

if TYPE_CHECKING:
    from collections.abc import Mapping

    from geoinno.measure.composite._draws import Ranks
    from geoinno.measure.composite._structure import Structure

# Beyond this many regions a table of every rank is too wide to be read.
_EVERY_RANK = 200
_DECILES = 10
# Regions whose quantiles are found at once, so that memory holds no second copy of all ranks.
_REGIONS = 1024


@dataclass(frozen=True, slots=True, eq=False)
class RankIntervals(Displayed):
    """Ranks over all draws of the choices, 1 the best.

    ``table`` by region: ``rank`` (the median over draws), ``low`` and ``high`` (the middle 95%), ``top``, the
    share of draws among the best ``top_count``, and ``baseline``, the rank by the first options.
    ``acceptability``: the share of draws at each rank, or in each decile above 200 regions. ``sobol``: first
    and total index of each choice for the mean shift of ranks. ``indicators``: weights, effective weights,
    correlations, and ``adds``, the mean shift of ranks without the indicator. ``choices``: how many draws
    took each option.
    """

    displayed_tables: ClassVar[tuple[str, ...]] = ("table",)

    table: pd.DataFrame
    acceptability: pd.DataFrame
    sobol: pd.DataFrame
    indicators: pd.DataFrame
    consistency: pd.Series
    choices: pd.DataFrame
    shift: float
    top_count: int
    draws: int
    seed: int

    def __str__(self) -> str:
        """Return the result in words."""
        width = self.table["high"] - self.table["low"] + 1
        first = self.table["rank"].idxmin()
        rank, low, high, top = self.table.loc[[first], ["rank", "low", "high", "top"]].to_numpy(float)[0]
        # Every region is among the best ten of fewer.
        best = ""
        if self.top_count < len(self.table):
            best = f" and is among the best {self.top_count} in {top:.0%} of draws"
        return (
            f"Over {self.draws:,} draws of the choices and of noise, the ranks of {len(self.table):,} "
            f"regions shift by {self.shift:.1f} places on average, and 95% intervals are {width.mean():.0f} "
            f"ranks wide on average. {first!r} leads with a median rank of {rank:.0f} ({low:.0f} to "
            f"{high:.0f}){best}.{self._drivers()}"
        )

    def _drivers(self) -> str:
        """Return in words which choice moves ranks most."""
        total = self.sobol["total"].dropna()
        if total.empty:
            return ""
        return f" Ranks depend most on {total.idxmax()!r} (total Sobol index {total.max():.2f})."


def rank_intervals(
    indicators: pd.DataFrame,
    *,
    structure: Structure | None = None,
    draws: int = 1000,
    seed: int = 0,
    direction: Mapping[str, int] | None = None,
    weights: Mapping[str, float] | None = None,
    country: pd.Series | None = None,
    options: RankOptions | None = None,
) -> RankIntervals:
    """Tell how sure each region's rank is, over all choices of an index and over noise in the data.

    Each draw takes one option of every choice at random (imputation, treatment of outliers, normalisation,
    aggregation), weights around those given, and new noise in the data, and ranks the regions anew. A narrow
    interval says that the rank holds whatever was chosen.

    Parameters
    ----------
    indicators
        Numbers by region id (rows) and indicator (columns).
    structure, direction, weights, country
        As for `composite_index`; weights are given by name, or equal.
    draws
        Number of draws.
    seed
        Makes the draws repeatable.
    options
        The options of each choice, the spread of weights and the size of noise: `RankOptions`.

    Returns
    -------
    RankIntervals
        ``table`` (rank, low, high, top, baseline) by region, ``acceptability``, ``sobol``, ``indicators``,
        ``consistency``, ``choices`` and ``shift``.

    Raises
    ------
    ColumnError
        If a value is missing and no imputation is among the options, or an indicator does not vary.
    OptionError
        If options do not go together.

    Notes
    -----
    Weights of a group's members are drawn from a Dirichlet distribution around those given, with a relative
    standard deviation of 0.3 on average unless options say otherwise. Noise is normal, with a tenth of each
    indicator's standard deviation unless standard errors are given. Sobol indices come from further runs,
    N (k + 2) for k choices and N = 64 unless options say otherwise, by Saltelli's and Jansen's estimators: a
    total index near 0 says that a choice hardly matters; total above first, that it matters together with
    others. Every draw counts, and none is left out.

    Of 10,000 regions and 50 indicators, 1,000 draws take a quarter to half a minute of one processor, the
    longer the more outliers are treated, and Sobol indices of six choices half of that again (512 runs).
    Memory holds the ranks, four bytes each, and a few copies of the table.

    References
    ----------
    Saisana, M., Saltelli, A. and Tarantola, S. (2005). Uncertainty and sensitivity analysis techniques as
    tools for the quality assessment of composite indicators. Journal of the Royal Statistical Society A
    168(2), 307-323. doi:10.1111/j.1467-985X.2005.00350.x
    Jansen, M. J. W. (1999). Analysis of variance designs for model output. Computer Physics Communications
    117(1-2), 35-43. doi:10.1016/S0010-4655(98)00154-4
    Saltelli, A. et al. (2010). Variance based sensitivity analysis of model output. Computer Physics
    Communications 181(2), 259-270. doi:10.1016/j.cpc.2009.09.018
    Lahdelma, R. and Salminen, P. (2001). SMAA-2: stochastic multicriteria acceptability analysis for group
    decision making. Operations Research 49(3), 444-454. doi:10.1287/opre.49.3.444.11220

    Examples
    --------
    >>> import geoinno as gi
    >>> regions = gi.read.sample("central_asia").regions
    >>> table = regions[["city_population", "cities", "airports"]]
    >>> found = gi.measure.rank_intervals(table, draws=100)
    >>> bool((found.table["low"] <= found.table["rank"]).all())
    True
    """
    _contract.whole(draws, name="draws", least=20)
    settings = options if options is not None else RankOptions()
    _contract.instance(settings, RankOptions, name="options", example="gi.measure.RankOptions()")
    case = _settings.case(
        indicators, settings, structure=structure, direction=direction, weights=weights, country=country
    )
    setting = _settings.setting(case, settings, draws=draws, seed=seed)
    choices = _settings.choices(setting, draws)
    drawn = _draws.ranks(setting, choices, settings.progress)
    baseline = _draws.rank(_draws.scores(setting, _draws.Choice()))
    order, ids = case.order, case.ids
    table = _table(drawn, baseline, settings.top)
    return RankIntervals(
        table=table.set_axis(ids).loc[order],
        acceptability=_acceptability(drawn).set_axis(ids).loc[order],
        sobol=_sensitivity.indices(setting, baseline, base=settings.sobol),
        indicators=_sensitivity.indicator_table(setting, baseline),
        consistency=_diagnostics.consistency(setting.tree, _sensitivity.members(setting)),
        choices=_settings.counted(setting, settings, choices),
        shift=float(np.abs(drawn - baseline).mean()),
        top_count=settings.top,
        draws=draws,
        seed=seed,
    )


def _table(drawn: Ranks, baseline: Ranks, top: int) -> pd.DataFrame:
    """Return the median rank of each region, its interval, and how often it is among the best."""
    tail = (1 - LEVEL) / 2
    blocks = (drawn[:, start : start + _REGIONS] for start in range(0, drawn.shape[1], _REGIONS))
    parts = [np.quantile(some, [tail, 0.5, 1 - tail], axis=0) for some in blocks]
    low, middle, high = np.concatenate(parts, axis=1)
    return pd.DataFrame(
        {
            "rank": middle,
            # An interval of ranks holds whole ranks: its ends are drawn outwards.
            "low": np.floor(low).astype(np.int64),
            "high": np.ceil(high).astype(np.int64),
            "top": (drawn <= top).mean(axis=0),
            "baseline": baseline.astype(np.int64),
        }
    )


def _acceptability(drawn: Ranks) -> pd.DataFrame:
    """Return the share of draws in which each region has each rank, or is in each decile of ranks."""
    count = drawn.shape[1]
    by_decile = count > _EVERY_RANK
    number = _DECILES if by_decile else count
    # The last rank of each class: the first decile of 205 regions holds 20 of them, the next 21.
    last = np.arange(number + 1) * count // number
    within = np.column_stack([(drawn <= rank).mean(axis=0) for rank in last])
    cells = np.diff(within, axis=1)
    name = "decile" if by_decile else "rank"
    return pd.DataFrame(cells, columns=pd.RangeIndex(1, number + 1, name=name))
