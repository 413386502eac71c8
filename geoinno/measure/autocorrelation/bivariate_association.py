"""Bivariate association: two indicators over neighbours, and local spatial heteroscedasticity."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from geoinno._contract import whole
from geoinno.measure._inference.lags import joined
from geoinno.measure._inference.significance import adjusted
from geoinno.measure.autocorrelation import _esda
from geoinno.measure.autocorrelation._results import BivariateMoran, Lee

if TYPE_CHECKING:
    import pandas as pd
    from libpysal.graph import Graph

    from geoinno.measure._inference.lags import Standardise


def bivariate_moran(
    x: pd.Series,
    y: pd.Series,
    weights: Graph,
    *,
    standardise: Standardise = "row",
    permutations: int = 999,
    seed: int = 0,
) -> BivariateMoran:
    """Measure whether regions high in one indicator lie beside regions high in another.

    I = sum_i x_i sum_j w_ij y_j / (n - 1), both in standard scores of divisor n - 1, as in esda. A high value
    says that high values of ``x`` have high values of ``y`` around them; a low one, that they have low ones.

    Parameters
    ----------
    x
        Indicator of the region itself, by region id, none missing.
    y
        Indicator of its neighbours, by region id, none missing.
    weights, standardise, seed
        As in `geoinno.measure.moran`; regions without neighbours take no part.
    permutations
        Shuffles of ``y`` over the map, ``x`` held.

    Returns
    -------
    Moran
        Statistic, expectation and variance under randomisation, z, two-sided p-values.

    Raises
    ------
    ColumnError, AlignmentError
        As in `geoinno.measure.moran`.

    Notes
    -----
    The null is that ``y`` has no pattern on the map. Where ``y`` is spatially correlated, 5% tests reject far
    more often than in 5% of maps even if ``x`` has nothing to do with it: use `noise_placebo` then.
    For changes over time, take ``y`` as the difference of two years, not the level of one.

    References
    ----------
    Wartenberg, D. (1985). Multivariate spatial correlation: a method for exploratory geographical
    analysis. Geographical Analysis 17(4), 263-283. doi:10.1111/j.1538-4632.1985.tb00849.x
    Lee, S.-I. (2001). Developing a bivariate spatial association measure: an integration of Pearson's r
    and Moran's I. Journal of Geographical Systems 3, 369-385. doi:10.1007/s101090100064

    Examples
    --------
    >>> import geoinno as gi
    >>> regions = gi.read.sample("central_asia").regions
    >>> near = gi.weigh.contiguity(regions)
    >>> gi.measure.bivariate_moran(regions["primacy"], regions["airports"], near).n
    48
    """
    whole(permutations, name="permutations")
    here, there = (joined(values, weights, standardise=standardise) for values in (x, y))
    drawn = _esda.bivariate_moran(here, there, permutations=permutations, seed=seed)
    return BivariateMoran(*drawn, here.n, here.isolates, permutations, seed)


def bivariate_local_moran(
    x: pd.Series,
    y: pd.Series,
    weights: Graph,
    *,
    standardise: Standardise = "row",
    permutations: int = 9999,
    seed: int = 0,
) -> pd.DataFrame:
    """Measure whether each region's value of one indicator goes with its neighbours' values of another.

    I_i = (n - 1) x_i sum_j w_ij y_j / sum_i x_i^2, both in standard scores, as in esda. A high value says
    that a region's ``x`` and the ``y`` around it lie on the same side of their means.

    Parameters
    ----------
    x, y, weights, standardise, seed
        As in `bivariate_moran`.
    permutations
        Conditional permutations: a region keeps its ``x``, the ``y`` of its neighbours are drawn from all
        other regions.

    Returns
    -------
    DataFrame
        By region, in the order of ``x``: ``statistic``; ``lag``, the neighbours' weighted ``y``; ``quadrant``
        (HH, LL, LH, HL: side of ``x``, then of the neighbours' ``y``); two-sided ``p``; ``q`` after Benjamini
        and Hochberg. Missing where a region has no neighbour.

    Raises
    ------
    ColumnError, AlignmentError
        As in `geoinno.measure.moran`.

    Notes
    -----
    As in `bivariate_moran`, p-values hold their level only where ``y`` is not spatially correlated.

    References
    ----------
    Anselin, L., Syabri, I. and Smirnov, O. (2002). Visualizing multivariate spatial correlation with
    dynamically linked windows. In: New Tools for Spatial Data Analysis. CSISS, Santa Barbara.
    Lee, S.-I. (2001). Developing a bivariate spatial association measure: an integration of Pearson's r
    and Moran's I. Journal of Geographical Systems 3, 369-385. doi:10.1007/s101090100064

    Examples
    --------
    >>> import geoinno as gi
    >>> regions = gi.read.sample("central_asia").regions
    >>> near = gi.weigh.contiguity(regions)
    >>> gi.measure.bivariate_local_moran(regions["primacy"], regions["airports"], near).columns.to_list()
    ['statistic', 'lag', 'quadrant', 'p', 'q']
    """
    whole(permutations, name="permutations")
    here, there = (joined(values, weights, standardise=standardise) for values in (x, y))
    table = _esda.bivariate_local_moran(here, there, permutations=permutations, seed=seed)
    return table.assign(q=adjusted(table["p"])).reindex(x.index)


def lee(x: pd.Series, y: pd.Series, weights: Graph, *, permutations: int = 999, seed: int = 0) -> Lee:
    """Measure whether two indicators go together once each is smoothed over neighbours (Lee's L).

    L = z_x' W'W z_y / 1' W'W 1 with standard scores z and weights W whose rows sum to one, the region itself
    not counted. A high value says that neighbourhoods high in one indicator are high in the other.

    Parameters
    ----------
    x, y
        Indicators by region id, none missing.
    weights
        As in `geoinno.measure.moran`; rows are standardised. Regions without neighbours take no part.
    permutations
        Shuffles of pairs of values over the map, so that the link between the two in one region stays.
    seed
        Of the shuffles.

    Returns
    -------
    Lee
        Statistic, expectation and variance over the shuffles, z, two-sided p-values, and Pearson's r.

    Raises
    ------
    ColumnError, AlignmentError
        As in `geoinno.measure.moran`.

    Notes
    -----
    The null is that pairs of values have no pattern on the map. Where both indicators are spatially
    correlated, 5% tests reject in more than 5% of maps even if they are unrelated: use `noise_placebo` then.

    References
    ----------
    Lee, S.-I. (2001). Developing a bivariate spatial association measure: an integration of Pearson's r
    and Moran's I. Journal of Geographical Systems 3, 369-385. doi:10.1007/s101090100064

    Examples
    --------
    >>> import geoinno as gi
    >>> regions = gi.read.sample("central_asia").regions
    >>> near = gi.weigh.contiguity(regions)
    >>> -1 < gi.measure.lee(regions["primacy"], regions["airports"], near).statistic < 1
    True
    """
    whole(permutations, name="permutations")
    here, there = (joined(values, weights, standardise="row") for values in (x, y))
    drawn = _esda.lee(here, there, permutations=permutations, seed=seed)
    pearson = float(np.corrcoef(here.x, there.x)[0, 1])
    return Lee(*drawn, here.n, here.isolates, permutations, seed, pearson)


def losh(values: pd.Series, weights: Graph, *, permutations: int = 999, seed: int = 0) -> pd.DataFrame:
    """Measure how much values vary around each region (local spatial heteroscedasticity).

    H_i = sum_j w_ij e_j^2 / (mean(e^2) sum_j w_ij) with e_j the difference of a region from the mean of its
    neighbours. A value above one says that values vary more around a region than elsewhere, as at a border
    between rich and poor; a value below one, that they vary less.

    Parameters
    ----------
    values
        Numbers by region id, none missing.
    weights
        As in `geoinno.measure.moran`, as given. Regions without neighbours take no part.
    permutations
        Conditional permutations: the squared differences of a region's neighbours are drawn from those
        of all other regions.
    seed
        Of the permutations.

    Returns
    -------
    DataFrame
        By region, in the order of ``values``: ``statistic``; ``variance``; ``evenness`` (even, uneven: below
        or above one); ``p_chi_square`` (one-sided, after Ord and Getis); two-sided ``p`` of the
        permutations; ``q``. Missing where a region has no neighbour.

    Raises
    ------
    ColumnError, AlignmentError
        As in `geoinno.measure.moran`.

    References
    ----------
    Ord, J. K. and Getis, A. (2012). Local spatial heteroscedasticity (LOSH). Annals of Regional Science
    48, 529-539. doi:10.1007/s00168-011-0492-y
    Xu, M., Mei, C.-L. and Yan, N. (2014). A note on the null distribution of the local spatial
    heteroscedasticity (LOSH) statistic. Annals of Regional Science 52, 697-710.
    doi:10.1007/s00168-014-0605-0

    Examples
    --------
    >>> import geoinno as gi
    >>> regions = gi.read.sample("central_asia").regions
    >>> found = gi.measure.losh(regions["primacy"], gi.weigh.contiguity(regions))
    >>> bool((found["statistic"] > 0).all())
    True
    """
    whole(permutations, name="permutations")
    together = joined(values, weights)
    table = _esda.losh(together, permutations=permutations, seed=seed)
    return table.assign(q=adjusted(table["p"])).reindex(values.index)
