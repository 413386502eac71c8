"""Local spatial association: around which regions neighbours are alike, unlike, high or low."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from geoinno._contract import country_series, weight_ids, whole
from geoinno.measure._inference.lags import joined
from geoinno.measure._inference.permutations import Draws
from geoinno.measure.autocorrelation import _cross_border, _local
from geoinno.measure.autocorrelation._results import CrossBorderMoran
from geoinno.scale import engine

if TYPE_CHECKING:
    from pathlib import Path

    from libpysal.graph import Graph

    from geoinno.measure._inference.lags import Standardise
    from geoinno.scale import Executor


def local_moran(
    values: pd.Series,
    weights: Graph,
    *,
    standardise: Standardise = "row",
    permutations: int = 9999,
    seed: int = 0,
    executor: Executor | None = None,
    store: str | Path | None = None,
) -> pd.DataFrame:
    """Measure whether each region resembles its neighbours (local Moran).

    I_i = (z_i / m2) sum_j w_ij z_j with m2 = sum z^2 / n, as in R's spdep; esda's is smaller by
    (n - 1) / n. A high value says that a region and its neighbours lie on the same side of the
    mean, a low one that they lie on opposite sides.

    Parameters
    ----------
    values, weights, standardise, seed
        As in `geoinno.measure.moran`.
    permutations
        Conditional permutations: a region keeps its value, its neighbours are drawn.
    executor
        Who runs blocks of permutations: anything with ``submit(function, *arguments)``, such as a
        ``ThreadPoolExecutor`` or a Dask ``Client``. None runs them here.
    store
        Folder in which finished blocks are kept, so that the same call goes on after an interruption.

    Returns
    -------
    DataFrame
        By region, in the order of ``values``: ``statistic``; ``lag``, the neighbours' weighted
        value; ``quadrant`` (HH, LL, LH, HL: own side of the mean, then the neighbours', on the
        mean is low); two-sided ``p``; ``q`` after Benjamini and Hochberg. Missing where a region
        has no neighbour.

    Raises
    ------
    ColumnError, AlignmentError
        As in `geoinno.measure.moran`.

    References
    ----------
    Anselin, L. (1995). Local indicators of spatial association - LISA. Geographical Analysis 27,
    93-115. doi:10.1111/j.1538-4632.1995.tb00338.x

    Examples
    --------
    >>> import geoinno as gi
    >>> place = gi.read.sample("central_asia")
    >>> near = gi.weigh.contiguity(place.regions)
    >>> gi.measure.local_moran(place.regions["primacy"], near).columns.to_list()
    ['statistic', 'lag', 'quadrant', 'p', 'q']
    """
    whole(permutations, name="permutations")
    together = joined(values, weights, standardise=standardise)
    return _local.moran(together, Draws(permutations, seed, engine(executor, store))).reindex(values.index)


def local_getis_ord(
    values: pd.Series,
    weights: Graph,
    *,
    star: bool = True,
    permutations: int = 9999,
    seed: int = 0,
    executor: Executor | None = None,
    store: str | Path | None = None,
) -> pd.DataFrame:
    """Find the regions around which high or low values gather (Getis and Ord's local G).

    G*_i = (sum_j w_ij x_j - mean sum_j w_ij) / (s sqrt((n sum_j w_ij^2 - (sum_j w_ij)^2) / (n - 1))),
    j including i: a standard deviate, high at hot spots and low at cold ones.

    Parameters
    ----------
    values, weights, seed
        As in `geoinno.measure.moran`; weights as given.
    star
        Count a region among its own neighbours, with the largest weight of its row (one where
        weights are binary). Otherwise mean and deviation are those of the other regions.
    permutations, executor, store
        As in `local_moran`.

    Returns
    -------
    DataFrame
        By region, in the order of ``values``: ``statistic``, two-sided ``p``, ``q``. Missing
        where a region has no neighbour.

    Raises
    ------
    ColumnError, AlignmentError
        As in `geoinno.measure.moran`.

    References
    ----------
    Ord, J. K. and Getis, A. (1995). Local spatial autocorrelation statistics: distributional
    issues and an application. Geographical Analysis 27, 286-306.
    doi:10.1111/j.1538-4632.1995.tb00912.x

    Examples
    --------
    >>> import geoinno as gi
    >>> place = gi.read.sample("central_asia")
    >>> near = gi.weigh.contiguity(place.regions)
    >>> gi.measure.local_getis_ord(place.regions["primacy"], near).columns.to_list()
    ['statistic', 'p', 'q']
    """
    whole(permutations, name="permutations")
    together = joined(values, weights, standardise="none")
    draws = Draws(permutations, seed, engine(executor, store))
    return _local.getis_ord(together, draws, star=star).reindex(values.index)


def local_geary(
    values: pd.Series,
    weights: Graph,
    *,
    standardise: Standardise = "row",
    permutations: int = 9999,
    seed: int = 0,
    executor: Executor | None = None,
    store: str | Path | None = None,
) -> pd.DataFrame:
    """Measure how much each region differs from its neighbours (local Geary).

    c_i = sum_j w_ij (z_i - z_j)^2 with z the standard scores (divisor n - 1). A low value says
    that a region is like its neighbours, high or low, a high one that it stands out.

    Parameters
    ----------
    values, weights, standardise, permutations, seed, executor, store
        As in `local_moran`.

    Returns
    -------
    DataFrame
        By region, in the order of ``values``: ``statistic``; ``likeness`` (alike or unlike:
        below or above what drawn neighbours would give); two-sided ``p``; ``q``. Missing where a
        region has no neighbour.

    Raises
    ------
    ColumnError, AlignmentError
        As in `geoinno.measure.moran`.

    References
    ----------
    Anselin, L. (2019). A local indicator of multivariate spatial association: extending Geary's
    c. Geographical Analysis 51, 133-150. doi:10.1111/gean.12164

    Examples
    --------
    >>> import geoinno as gi
    >>> place = gi.read.sample("central_asia")
    >>> near = gi.weigh.contiguity(place.regions)
    >>> bool((gi.measure.local_geary(place.regions["primacy"], near)["statistic"] >= 0).all())
    True
    """
    whole(permutations, name="permutations")
    together = joined(values, weights, standardise=standardise)
    return _local.geary(together, Draws(permutations, seed, engine(executor, store))).reindex(values.index)


def cross_border_moran(
    values: pd.Series,
    weights: Graph,
    country: pd.Series,
    *,
    standardise: Standardise = "row",
    max_q: float = 0.05,
    permutations: int = 9999,
    seed: int = 0,
) -> CrossBorderMoran:
    """Split the local Moran into the contributions of neighbours at home and abroad.

    I_i = domestic_i + foreign_i, each (z_i / m2) sum_j w_ij z_j over its own neighbours, weights
    standardised once. A high foreign part says that a region resembles its neighbours across the border.

    Parameters
    ----------
    values, weights, standardise, permutations, seed
        As in `local_moran`.
    country
        Country of each region.
    max_q
        Greatest q-value at which a part counts as significant in the labels.

    Returns
    -------
    CrossBorderMoran
        ``table`` by region: ``statistic``, ``domestic``, ``foreign``; two-sided ``p_domestic`` and
        ``p_foreign`` (neighbours drawn from the whole map), ``p_domestic_within`` and
        ``p_foreign_within`` (values shuffled within each country: similarity beyond national means),
        missing without such neighbours; their q-values; ``label``. And ``foreign_share``.

    Raises
    ------
    ColumnError, AlignmentError
        As in `geoinno.measure.moran`, or if a region has no country.

    References
    ----------
    Anselin, L. (1995). Local indicators of spatial association - LISA. Geographical Analysis 27,
    93-115. doi:10.1111/j.1538-4632.1995.tb00338.x

    Examples
    --------
    >>> import geoinno as gi
    >>> place = gi.read.sample("central_asia")
    >>> near, cities = gi.weigh.contiguity(place.regions), place.regions["primacy"]
    >>> parted = gi.measure.cross_border_moran(cities, near, place.regions["country"], permutations=999)
    >>> abs(parted.domestic + parted.foreign - parted.statistic) < 1e-12
    True
    """
    whole(permutations, name="permutations")
    together = joined(values, weights, standardise=standardise)
    home = country_series(country, weight_ids(weights), against="weights")
    codes = pd.factorize(home[together.ids], sort=True)[0]
    table = _cross_border.parts(together, codes, permutations=permutations, seed=seed, max_q=max_q)
    sums = table[["statistic", "domestic", "foreign"]].sum() / together.margins.sum()
    share = float(sums["foreign"] / sums["statistic"]) if sums["statistic"] else float("nan")
    statistic, at_home, abroad = (float(sum_) for sum_ in sums)
    return CrossBorderMoran(
        table=table.reindex(values.index).fillna({"label": _cross_border.ALONE}),
        statistic=statistic,
        domestic=at_home,
        foreign=abroad,
        foreign_share=share,
        n=together.n,
        isolates=together.isolates,
        permutations=permutations,
        seed=seed,
    )
