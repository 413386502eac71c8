"""Global spatial autocorrelation: whether neighbours are alike over the whole map."""

from __future__ import annotations

from typing import TYPE_CHECKING

from geoinno._contract import named, whole
from geoinno.errors import ColumnError
from geoinno.measure._inference.lags import joined
from geoinno.measure._inference.permutations import Draws
from geoinno.measure.autocorrelation import _global
from geoinno.scale import engine

if TYPE_CHECKING:
    from pathlib import Path

    import pandas as pd
    from libpysal.graph import Graph

    from geoinno.measure._inference.lags import Standardise
    from geoinno.measure.autocorrelation._results import Geary, GetisOrd, JoinCounts, Moran
    from geoinno.scale import Executor


def moran(
    values: pd.Series,
    weights: Graph,
    *,
    standardise: Standardise = "row",
    permutations: int = 999,
    seed: int = 0,
    executor: Executor | None = None,
    store: str | Path | None = None,
) -> Moran:
    """Measure whether neighbouring regions are alike (Moran's I).

    I = (n / S0) z'Wz / z'z with z the deviations from the mean. A value above -1/(n - 1) says
    that high regions lie beside high ones and low beside low; one below, that they alternate.

    Parameters
    ----------
    values
        Numbers by region id, none missing.
    weights
        Of the same regions, in any order. Regions without neighbours take no part: neither in the mean nor
        in the moments and shuffles (R's spdep keeps them in the mean).
    standardise
        ``row``: each region's weights sum to one. ``none``: weights as given.
    permutations
        Shuffles of the values over the map.
    seed
        Of the shuffles.
    executor
        Who runs blocks of shuffles: anything with ``submit(function, *arguments)``, such as a
        ``ThreadPoolExecutor`` or a Dask ``Client``. None runs them here; the answer is the same bit by bit.
    store
        Folder in which finished blocks are kept, so that the same call goes on after an interruption.

    Returns
    -------
    Moran
        Statistic, expectation, variance under randomisation, z, two-sided p-values.

    Raises
    ------
    ColumnError
        If a value is missing or infinite, or if those of the regions with neighbours are all equal, or
        differ by rounding alone.
    AlignmentError
        If values and weights cover different regions, or fewer than four regions have neighbours.
    OptionError
        If the executor has no ``submit``, or the store is not a folder.

    Notes
    -----
    ``z`` and ``p_normal`` are missing where no shuffle changes the statistic.

    References
    ----------
    Moran, P. A. P. (1950). Notes on continuous stochastic phenomena. Biometrika 37, 17-23.
    doi:10.1093/biomet/37.1-2.17
    Cliff, A. D. and Ord, J. K. (1981). Spatial Processes. Pion, London.

    Examples
    --------
    >>> import geoinno as gi
    >>> place = gi.read.sample("central_asia")
    >>> near = gi.weigh.contiguity(place.regions)
    >>> gi.measure.moran(place.regions["primacy"], near).n
    48
    """
    whole(permutations, name="permutations")
    draws = Draws(permutations, seed, engine(executor, store))
    return _global.moran(joined(values, weights, standardise=standardise), draws)


def geary(
    values: pd.Series,
    weights: Graph,
    *,
    standardise: Standardise = "row",
    permutations: int = 999,
    seed: int = 0,
    executor: Executor | None = None,
    store: str | Path | None = None,
) -> Geary:
    """Measure how much neighbouring regions differ (Geary's C).

    C = (n - 1) sum_ij w_ij (x_i - x_j)^2 / (2 S0 z'z). Below one, neighbours differ less than
    chance would explain; ``z`` is positive there.

    Parameters
    ----------
    values, weights, standardise, permutations, seed, executor, store
        As in `moran`.

    Returns
    -------
    Geary
        Statistic, expectation, variance under randomisation, z, two-sided p-values.

    Raises
    ------
    ColumnError, AlignmentError, OptionError
        As in `moran`.

    References
    ----------
    Geary, R. C. (1954). The contiguity ratio and statistical mapping. The Incorporated
    Statistician 5, 115-145. doi:10.2307/2986645

    Examples
    --------
    >>> import geoinno as gi
    >>> place = gi.read.sample("central_asia")
    >>> near = gi.weigh.contiguity(place.regions)
    >>> gi.measure.geary(place.regions["primacy"], near).expected
    1.0
    """
    whole(permutations, name="permutations")
    draws = Draws(permutations, seed, engine(executor, store))
    return _global.geary(joined(values, weights, standardise=standardise), draws)


def getis_ord(
    values: pd.Series,
    weights: Graph,
    *,
    permutations: int = 999,
    seed: int = 0,
    executor: Executor | None = None,
    store: str | Path | None = None,
) -> GetisOrd:
    """Measure whether high or low values lie together (Getis and Ord's general G).

    G = sum_ij w_ij x_i x_j / sum_{i != j} x_i x_j, weights as given (binary in the original): a
    high value says that large values lie beside large ones.

    Parameters
    ----------
    values
        Numbers of zero or more by region id.
    weights, permutations, seed, executor, store
        As in `moran`.

    Returns
    -------
    GetisOrd
        Statistic, expectation, variance under randomisation, z, two-sided p-values.

    Raises
    ------
    ColumnError
        If a value is negative, missing or infinite, or all are equal.
    AlignmentError
        As in `moran`.

    Notes
    -----
    Where one region holds everything, no pair of regions has any: statistic and p-values are missing.

    References
    ----------
    Getis, A. and Ord, J. K. (1992). The analysis of spatial association by use of distance
    statistics. Geographical Analysis 24, 189-206. doi:10.1111/j.1538-4632.1992.tb00261.x

    Examples
    --------
    >>> import geoinno as gi
    >>> place = gi.read.sample("central_asia")
    >>> near = gi.weigh.contiguity(place.regions)
    >>> gi.measure.getis_ord(place.regions["city_population"], near).isolates
    0
    """
    whole(permutations, name="permutations")
    together = joined(values, weights)
    negative = values.index[values < 0]
    if len(negative):
        message = f"The general G needs values of zero or more; negative ones in {named(negative)}."
        raise ColumnError(message)
    return _global.getis_ord(together, Draws(permutations, seed, engine(executor, store)))


def join_counts(
    kinds: pd.Series,
    weights: Graph,
    *,
    permutations: int = 999,
    seed: int = 0,
    executor: Executor | None = None,
    store: str | Path | None = None,
) -> JoinCounts:
    """Count the joins between neighbouring regions of the same and of different kinds.

    BB = sum_ij w_ij b_i b_j / 2, WW alike, BW the rest: many BB joins say that regions with a
    property lie together.

    Parameters
    ----------
    kinds
        Two kinds by region id: booleans, 0 and 1, or two words (the later in the alphabet is B).
    weights, permutations, seed, executor, store
        As in `moran`; weights as given.

    Returns
    -------
    JoinCounts
        A table with rows BB, BW, WW.

    Raises
    ------
    ColumnError
        If there are not exactly two kinds, or one is missing.
    AlignmentError
        As in `moran`.

    References
    ----------
    Cliff, A. D. and Ord, J. K. (1981). Spatial Processes. Pion, London.

    Examples
    --------
    >>> import geoinno as gi
    >>> place = gi.read.sample("central_asia")
    >>> near = gi.weigh.contiguity(place.regions)
    >>> gi.measure.join_counts(place.regions["country"] == "KAZ", near).table.index.to_list()
    ['BB', 'BW', 'WW']
    """
    whole(permutations, name="permutations")
    return _global.join_counts(kinds, weights, Draws(permutations, seed, engine(executor, store)))
