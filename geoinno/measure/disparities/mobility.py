"""Mobility: how regions move between classes, quadrants and ranks over the years of a panel."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from geoinno import _contract
from geoinno.measure.disparities import _chains, _moves, _panel
from geoinno.measure.disparities._mobility_results import Markov, RankMobility, SpatialMarkov

if TYPE_CHECKING:
    from libpysal.graph import Graph


def markov(panel: pd.Series | pd.DataFrame, *, classes: int = 5, pooled: bool = False) -> Markov:
    """Measure how likely regions are to move between classes, and where that leads.

    p_kl = n_kl / n_k is the share of regions in class k that are in class l one step later. A high diagonal
    says that regions stay where they are.

    Parameters
    ----------
    panel
        Values by region and year: a Series or one column with this index, or a table with the columns
        region, year and one more. Every region needs a value in every year, and years must be equally far
        apart.
    classes
        How many classes, from the lowest (1) to the highest.
    pooled
        Cut at quantiles of all years together, so that a region may rise because all do; otherwise at
        those of each year, which show who overtakes whom.

    Returns
    -------
    Markov
        ``counts`` and ``probabilities`` (from rows to columns), ``steady`` (the distribution that moves lead
        to), ``first_passage`` (mean steps until a class is first reached; on the diagonal, reached again),
        ``mobility`` (Shorrocks' index), ``homogeneity_p`` (do the halves of the years share one chain?) and
        ``classes`` of regions by year.

    Raises
    ------
    ColumnError
        If a cell is missing (the message names region and year), or years are not equally far apart.
    OptionError
        If there are more classes than regions.

    Notes
    -----
    A class that no region was in has no probabilities, and then there is no steady state. The steady state
    is also missing where moves lead to more than one closed set of classes; passage times where some
    class cannot be reached. The test of homogeneity counts the degrees of freedom of cells that hold moves.

    References
    ----------
    Bickenbach, F. and Bode, E. (2003). Evaluating the Markov property in studies of economic convergence.
    International Regional Science Review 26(3), 363-392. doi:10.1177/0160017603253789
    Kemeny, J. G. and Snell, J. L. (1976). Finite Markov Chains. New York: Springer.
    Shorrocks, A. F. (1978). The measurement of mobility. Econometrica 46(5), 1013-1024. doi:10.2307/1911433

    Examples
    --------
    >>> import geoinno as gi
    >>> states = gi.read.sample("north_america").panel["income"].filter(like="USA")
    >>> gi.measure.markov(states).probabilities.round(2).loc[1].tolist()
    [0.91, 0.09, 0.0, 0.0, 0.0]
    """
    table = _panel.balanced(panel)
    step = _panel.step(table)
    found = _moves.classified(table, classes, pooled=pooled)
    counts = _chains.counted(found, classes)
    chain = _chains.probabilities(counts)
    half = (found.shape[1] + 1) // 2
    halves = [_chains.counted(part, classes) for part in (found[:, :half], found[:, half - 1 :])]
    test = _chains.homogeneity(np.array(halves))
    labels = pd.RangeIndex(1, classes + 1, name="class")
    return Markov(
        counts=pd.DataFrame(counts.astype(int), labels, labels),
        probabilities=pd.DataFrame(chain, labels, labels),
        steady=pd.Series(_chains.steady(chain), labels, name="steady"),
        first_passage=pd.DataFrame(_chains.first_passage(chain), labels, labels),
        mobility=float((classes - np.trace(chain)) / (classes - 1)),
        homogeneity_q=test.q,
        homogeneity_df=test.df,
        homogeneity_p=test.p,
        classes=pd.DataFrame(found + 1, table.index, table.columns).sort_index(),
        n=len(table),
        step=step,
    )


def spatial_markov(
    panel: pd.Series | pd.DataFrame, weights: Graph, *, classes: int = 5, pooled: bool = True
) -> SpatialMarkov:
    """Measure whether moves between classes depend on how rich the neighbours are.

    One chain for each class of the mean of neighbours at the start of a move. Where poor regions rise more
    often beside rich ones, the chains differ.

    Parameters
    ----------
    panel
        Values by region and year, as for `markov`; relative to the mean of each year, so that common
        growth does not count as rising.
    weights
        Of the same regions; rows are made to sum to one.
    classes
        How many classes of regions, and of their neighbours.
    pooled
        Cut at quantiles of all years together, or of each year. The means of neighbours are cut at their own
        quantiles.

    Returns
    -------
    SpatialMarkov
        ``counts`` and ``probabilities`` with rows (lag, class); the likelihood ratio ``q`` against one chain
        for all, its ``df`` and ``p``.

    Raises
    ------
    ColumnError, OptionError
        As for `markov`.
    AlignmentError
        If panel and weights cover different regions, or a region has no neighbour.

    Notes
    -----
    Degrees of freedom count the cells that hold moves. The test takes moves as independent.

    References
    ----------
    Rey, S. J. (2001). Spatial empirics for economic growth and convergence. Geographical Analysis 33(3),
    195-214. doi:10.1111/j.1538-4632.2001.tb00444.x
    Bickenbach, F. and Bode, E. (2003). Evaluating the Markov property in studies of economic convergence.
    International Regional Science Review 26(3), 363-392. doi:10.1177/0160017603253789

    Examples
    --------
    >>> import geoinno as gi
    >>> place = gi.read.sample("north_america")
    >>> states = place.panel["relative_income"].filter(like="USA")
    >>> near = gi.weigh.contiguity(place.regions.loc[states.index.unique("region")])
    >>> gi.measure.spatial_markov(states, near).df
    60
    """
    table = _panel.balanced(panel)
    _panel.step(table)
    lags = _moves.lagged(table, weights)
    own = _moves.classified(table, classes, pooled=pooled)
    around = _moves.classified(lags, classes, pooled=pooled)
    parts = _moves.conditional_counts(own, around, classes)
    test = _chains.homogeneity(parts)
    labels = pd.RangeIndex(1, classes + 1, name="class")
    rows = pd.MultiIndex.from_product([labels, labels], names=["lag", "class"])
    chains = _chains.probabilities(parts).reshape(-1, classes)
    counts = parts.reshape(-1, classes).astype(int)
    return SpatialMarkov(
        pd.DataFrame(counts, rows, labels), pd.DataFrame(chains, rows, labels), *test, len(table)
    )


def lisa_transitions(panel: pd.Series | pd.DataFrame, weights: Graph) -> pd.DataFrame:
    """Count how regions move between the quadrants of Moran's scatterplot.

    H and L say whether a region, and the mean of its neighbours, lie above the mean of the year: HH are high
    among high. High counts on the diagonal say that clusters last.

    Parameters
    ----------
    panel
        Values by region and year, as for `markov`.
    weights
        Of the same regions; rows are made to sum to one.

    Returns
    -------
    DataFrame
        Moves from the quadrant in the row to that in the column: HH, LL, LH, HL.

    Raises
    ------
    ColumnError, AlignmentError
        As for `spatial_markov`.

    References
    ----------
    Rey, S. J. (2001). Spatial empirics for economic growth and convergence. Geographical Analysis 33(3),
    195-214. doi:10.1111/j.1538-4632.2001.tb00444.x

    Examples
    --------
    >>> import geoinno as gi
    >>> place = gi.read.sample("north_america")
    >>> states = place.panel["income"].filter(like="USA")
    >>> near = gi.weigh.contiguity(place.regions.loc[states.index.unique("region")])
    >>> int(gi.measure.lisa_transitions(states, near).to_numpy().sum())
    3840
    """
    table = _panel.balanced(panel)
    _panel.step(table)
    deviations = table - table.mean()
    quadrants = _moves.quadrants(deviations, _moves.lagged(deviations, weights))
    counts = _chains.counted(quadrants, len(_moves.QUADRANTS)).astype(int)
    return pd.DataFrame(
        counts,
        pd.Index(_moves.QUADRANTS, name="from"),
        pd.Index(_moves.QUADRANTS, name="to"),
    )


def rank_mobility(
    panel: pd.Series | pd.DataFrame,
    *,
    weights: Graph | None = None,
    permutations: int = 999,
    seed: int = 0,
) -> RankMobility:
    """Measure how far regions keep their ranks, and whether neighbours change theirs together.

    Kendall's tau between one year and the next: 1 where all keep their order, 0 where the order of before
    says nothing. Among pairs of neighbours, tau is the share of pairs in the same order less that of pairs
    in the opposite one.

    Parameters
    ----------
    panel
        Values by region and year, as for `markov`; years need not be equally far apart.
    weights
        Of the same regions: who is a neighbour, in either direction.
    permutations, seed
        Shuffles of regions over the map behind ``p_near``, and their seed.

    Returns
    -------
    RankMobility
        ``table`` by year of arrival: ``tau``, and with weights ``near``, ``far`` and ``p_near`` (two-sided:
        do neighbours change their order more, or less, than regions in any places?); ``ranks`` by region
        and year (1 is the highest value, ties share the mean); ``tau`` from the first year to the last.

    Raises
    ------
    ColumnError
        If a cell is missing, or the panel has one year or one region.
    AlignmentError
        If panel and weights cover different regions, or nobody has a neighbour.

    References
    ----------
    Kendall, M. G. (1938). A new measure of rank correlation. Biometrika 30(1/2), 81-93.
    doi:10.1093/biomet/30.1-2.81
    Rey, S. J. (2004). Spatial dependence in the evolution of regional income distributions. In Getis, A.,
    Mur, J. and Zoller, H. G. (eds), Spatial Econometrics and Spatial Statistics. Basingstoke: Palgrave,
    194-213.

    Examples
    --------
    >>> import geoinno as gi
    >>> states = gi.read.sample("north_america").panel["income"].filter(like="USA")
    >>> round(gi.measure.rank_mobility(states).tau, 2)
    0.52
    """
    _contract.whole(permutations, name="permutations")
    table = _panel.balanced(panel).sort_index()
    _panel.several(table)
    years = pd.Index(table.columns[1:], name="year")
    rows = [_moves.tau(table[a], table[b]) for a, b in zip(table.columns[:-1], years, strict=True)]
    found = pd.DataFrame({"tau": rows}, index=years)
    if weights is not None:
        found = found.join(_moves.neighbour_tau(table, weights, permutations=permutations, seed=seed))
    ranks = table.rank(ascending=False)
    return RankMobility(found, ranks, _moves.tau(table.iloc[:, 0], table.iloc[:, -1]), len(table))
