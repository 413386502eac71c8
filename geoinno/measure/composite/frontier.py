"""Benefit of the doubt: each region by the weights that suit it best, and the peers that set its limit."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar, TypeAlias

import numpy as np
import pandas as pd

from geoinno import _contract
from geoinno._display import Displayed
from geoinno._language.phrases import Phrase
from geoinno.errors import ColumnError
from geoinno.measure.composite import _benefit, _tables
from geoinno.scale import follow

if TYPE_CHECKING:
    from collections.abc import Mapping

    from libpysal.graph import Graph

    from geoinno._types import Floats, Ints
    from geoinno.measure.composite._benefit import Shares

Bounds: TypeAlias = "tuple[float, float] | Mapping[str, tuple[float, float]]"
# Intensities and slacks below this are rounding of the solver.
_ROUNDING = 1e-9


@dataclass(frozen=True, slots=True, eq=False)
class BestPractice(Displayed):
    """Who sets the limit of each region's score, and in which indicators it falls short of them.

    ``peers`` has a row for each region and peer: ``region``, ``peer`` and ``share``, the peer's part in the
    mean that the region is held against (1 for a region that is its own peer). ``slacks``, by region and
    indicator: what that mean has more than the region, in the unit of the indicator. ``shares``: each
    indicator's part in the score, by the weights that suit the region best.
    """

    displayed_tables: ClassVar[tuple[str, ...]] = ("peers",)

    scores: pd.Series
    peers: pd.DataFrame
    slacks: pd.DataFrame
    shares: pd.DataFrame

    def __str__(self) -> str:
        """Return the result in words."""
        own = self.scores.index[self.scores >= 1 - _ROUNDING]
        others = self.peers[self.peers["region"] != self.peers["peer"]]
        often = others["peer"].value_counts()
        named = (
            f" Most often the peer of others is {often.index[0]!r} ({often.iloc[0]:,})." if len(often) else ""
        )
        are = "is" if len(own) == 1 else "are"
        return (
            f"{len(own):,} of {len(self.scores):,} regions {are} on the frontier: with weights of their own "
            f"choice no region scores more. The mean score is {self.scores.mean():.2f}.{named}"
        )


def benefit_of_doubt(
    indicators: pd.DataFrame,
    *,
    bounds: Bounds | None = None,
    sample: int | None = None,
    weights: Graph | None = None,
    draws: int = 100,
    seed: int = 0,
) -> pd.Series:
    """Score each region by the weights that suit it best: 1 where no region does better under them.

    max sum_k w_k x_ik over w >= 0 subject to sum_k w_k x_jk <= 1 for every region j, with each share
    w_k x_ik / sum w x_i between its bounds. A low score says that even its own best weights leave the region
    behind others.

    Parameters
    ----------
    indicators
        Numbers of zero or more by region id and indicator, of all of which more is better.
    bounds
        Least and greatest share of an indicator in the score, as (low, high) for all or by column; free
        unless given. Without bounds a region may live by one indicator alone.
    sample
        Compare with so many regions drawn at random, with replacement, and average over draws (order-m): one
        extreme region then does not set the limit of all, and scores may be above 1.
    weights
        Compare with neighbours only, and the region itself; with ``sample`` in proportion to their weights.
    draws, seed
        Number of draws for ``sample``, and what makes them repeatable.

    Returns
    -------
    Series
        Score of each region, 0 to 1 (above 1 only with ``sample``).

    Raises
    ------
    ColumnError
        If a value is missing or negative, a column is zero everywhere, or, with ``sample`` or ``weights``, a
        value is zero or a region has no neighbours.
    OptionError
        If bounds leave no room.

    Notes
    -----
    Scores do not depend on the units of the indicators. Where a region has 0 in an indicator whose share has
    a lower bound above 0, its score is 0: bring such columns above zero, or leave the bound out. The linear
    programmes are solved by HiGHS.

    References
    ----------
    Cherchye, L., Moesen, W., Rogge, N. and Van Puyenbroeck, T. (2007). An introduction to 'benefit of the
    doubt' composite indicators. Social Indicators Research 82(1), 111-145. doi:10.1007/s11205-006-9029-7
    Daraio, C. and Simar, L. (2005). Introducing environmental variables in nonparametric frontier models.
    Journal of Productivity Analysis 24(1), 93-121. doi:10.1007/s11123-005-3042-8
    Fusco, E., Vidoli, F. and Sahoo, B. K. (2018). Spatial heterogeneity in composite indicator: a
    methodological proposal. Omega 77, 1-14. doi:10.1016/j.omega.2017.04.007

    Examples
    --------
    >>> import pandas as pd
    >>> import geoinno as gi
    >>> table = pd.DataFrame({"papers": [4.0, 1.0, 2.0], "patents": [1.0, 4.0, 2.0]}, index=["a", "b", "c"])
    >>> gi.measure.benefit_of_doubt(table).round(3).to_list()
    [1.0, 1.0, 0.8]
    """
    table = _sound(indicators, positive=sample is not None or weights is not None)
    shares = _benefit.shares_of(bounds, table.columns)
    cells = _tables.values(table)
    if sample is None and weights is None:
        score = _benefit.benefit(cells, shares).score
    else:
        score = _against_some(table, shares, sample=sample, weights=weights, draws=draws, seed=seed)
    return pd.Series(score, index=indicators.index, name="benefit_of_doubt")


def best_practice(indicators: pd.DataFrame, *, bounds: Bounds | None = None) -> BestPractice:
    """Name the peers that limit each region's benefit-of-the-doubt score, and where it falls short of them.

    Peers are the regions whose constraints bind (the dual of the programme of `benefit_of_doubt`): held
    against a mean of them, the region scores what it does. Large slacks say where there is most to learn.

    Parameters
    ----------
    indicators, bounds
        As for `benefit_of_doubt`.

    Returns
    -------
    BestPractice
        ``scores``, ``peers`` (region, peer, share), ``slacks`` and ``shares`` by region and indicator.

    Raises
    ------
    ColumnError
        If a value is missing or negative, or a column is zero everywhere.

    Notes
    -----
    A slack is negative where a region has more of an indicator than the mean of its peers. Where several sets
    of peers give the same score, one of them is named. A region that scores 0 has no peers.

    References
    ----------
    Cherchye, L., Moesen, W., Rogge, N. and Van Puyenbroeck, T. (2007). An introduction to 'benefit of the
    doubt' composite indicators. Social Indicators Research 82(1), 111-145. doi:10.1007/s11205-006-9029-7

    Examples
    --------
    >>> import pandas as pd
    >>> import geoinno as gi
    >>> table = pd.DataFrame({"papers": [4.0, 1.0, 2.0], "patents": [1.0, 4.0, 2.0]}, index=["a", "b", "c"])
    >>> gi.measure.best_practice(table).slacks.loc["c"].round(3).to_list()
    [0.5, 0.5]
    """
    table = _sound(indicators, positive=False)
    shares = _benefit.shares_of(bounds, table.columns)
    cells = _tables.values(table)
    found = _benefit.benefit(cells, shares)
    total = found.intensity.sum(axis=1, keepdims=True)
    part = np.divide(found.intensity, total, out=np.zeros_like(found.intensity), where=total > _ROUNDING)
    named = np.where(total > _ROUNDING, part @ cells[found.reference], np.nan)
    score = found.score[:, None]
    own = np.divide(found.weights * cells, score, out=np.full_like(cells, np.nan), where=score > _ROUNDING)
    return BestPractice(
        scores=pd.Series(found.score, index=indicators.index, name="benefit_of_doubt"),
        peers=_peers(part, table.index, found.reference),
        slacks=pd.DataFrame(named - cells, table.index, table.columns),
        shares=pd.DataFrame(own, table.index, table.columns),
    )


def _peers(part: Floats, ids: pd.Index, reference: Ints) -> pd.DataFrame:
    """Return a row for each region and peer, the largest share first."""
    row, column = np.nonzero(part > _ROUNDING)
    share = part[row, column]
    order = np.lexsort((-share, row))
    peers = ids[reference[column[order]]]
    return pd.DataFrame({"region": ids[row[order]], "peer": peers, "share": share[order]})


def _sound(indicators: pd.DataFrame, *, positive: bool) -> pd.DataFrame:
    """Return the table if every value is known and zero or more, or above zero where that is needed."""
    table = _tables.indicator_table(indicators, missing=False)
    cells = table.to_numpy()
    remedy = "Turn it so that more is better and bring it to zero or more, as by min-max to 0-100."
    _contract.refuse_cells(table, cells < 0, words="is negative in", remedy=remedy)
    if positive:
        remedy = (
            "Against some regions only, a score may then have no limit: bring it above zero, as to 1-100."
        )
        _contract.refuse_cells(table, cells == 0, words="is zero in", remedy=remedy)
    empty = table.columns[cells.max(axis=0) == 0]
    if len(empty):
        message = Phrase(
            "Columns are zero in every region: {columns}. Drop them.", columns=_contract.named(empty)
        )
        raise ColumnError(message)
    return table


def _against_some(
    table: pd.DataFrame,
    shares: Shares,
    *,
    sample: int | None,
    weights: Graph | None,
    draws: int,
    seed: int,
) -> Floats:
    """Return scores against neighbours, or means of scores against regions drawn at random.

    Regions are sorted first, so that draws do not depend on the order of rows.
    """
    placed = table.sort_index()
    cells = _tables.values(placed)
    chance = None if weights is None else _chances(weights, placed.index)
    if sample is None:
        score = _benefit.against(cells, shares, _neighbours(chance))
    else:
        _contract.whole(sample, name="sample")
        random = np.random.default_rng(seed)
        score = np.zeros(len(cells))
        for _ in follow(range(_contract.whole(draws, name="draws")), "Draw"):
            score += (
                _benefit.against(cells, shares, _drawn(random, len(cells), sample, chance=chance)) / draws
            )
    return score[placed.index.get_indexer(table.index)]


def _chances(weights: Graph, ids: pd.Index) -> Floats:
    """Return the chance of each region (column) to be drawn for each other: itself as a mean neighbour."""
    places = _contract.weight_ids(weights)
    _contract.aligned(pd.Series(0, index=places), ids, what="weights", against="indicators")
    matrix = weights.sparse.toarray()[np.ix_(places.get_indexer(ids), places.get_indexer(ids))]
    np.fill_diagonal(matrix, 0)
    alone = ids[matrix.sum(axis=1) == 0]
    if len(alone):
        message = (
            f"Regions have no neighbours to be compared with: {_contract.named(alone)}. Link them, as by "
            "gi.weigh.contiguity(..., islands='nearest')."
        )
        raise ColumnError(message)
    np.fill_diagonal(matrix, matrix.sum(axis=1) / (matrix > 0).sum(axis=1))
    return matrix / matrix.sum(axis=1, keepdims=True)


def _neighbours(chance: Floats | None) -> Ints:
    """Return the positions of each region's neighbours and its own, which also fills up shorter rows."""
    if chance is None:
        return np.empty((0, 0), dtype=np.int64)
    most = int((chance > 0).sum(axis=1).max())
    own = np.arange(len(chance))[:, None]
    order = np.argsort(chance == 0, axis=1, kind="stable")[:, :most]
    return np.where(np.take_along_axis(chance, order, axis=1) > 0, order, own)


def _drawn(random: np.random.Generator, count: int, sample: int, *, chance: Floats | None) -> Ints:
    """Return positions drawn for each region, with replacement."""
    if chance is None:
        return random.integers(count, size=(count, sample))
    upto = np.cumsum(chance, axis=1)
    upto[:, -1] = 1.0
    return np.array([np.searchsorted(row, random.random(sample), side="right") for row in upto])
