"""Diffusion hazard: whether innovations spread to neighbours, from larger regions, and across borders."""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING, Literal, get_args

import numpy as np
import pandas as pd

from geoinno import _contract
from geoinno._language.phrases import Phrase
from geoinno.errors import ColumnError
from geoinno.measure._inference.estimates import coefficients
from geoinno.measure._inference.lags import weight_matrix
from geoinno.measure.diffusion import _forecasts, _histories, _partition
from geoinno.measure.diffusion import _partial_likelihood as partial
from geoinno.measure.diffusion._design import Design, design, part_of
from geoinno.measure.diffusion._exposures import Landscape
from geoinno.measure.diffusion._hazard_results import Counts, Hazard, HazardOptions
from geoinno.measure.diffusion._leaders import leaders
from geoinno.measure.diffusion._process import Process
from geoinno.measure.diffusion._relabelled import relabelled_p
from geoinno.measure.diffusion._terms import plain

if TYPE_CHECKING:
    from libpysal.graph import Graph
    from scipy import sparse

    from geoinno._types import Floats

Ties = Literal["efron", "breslow"]
DEFAULTS = HazardOptions()
# Adoptions for each term, below which estimates of a window are no more than noise.
_FEWEST = 10


def diffusion_hazard(
    adoptions: pd.DataFrame,
    weights: Graph,
    *,
    size: pd.Series | None = None,
    country: pd.Series | None = None,
    ties: Ties = "efron",
    permutations: int = 199,
    seed: int = 0,
    options: HazardOptions = DEFAULTS,
) -> Hazard:
    """Estimate how adoption by neighbours, by larger regions and across borders speeds up adoption.

    A high coefficient says that exposed regions adopt earlier than others that could adopt the same
    innovation in the same period. With weights w (rows sum to one), sizes S, countries c, and A_j = 1 where
    region j had the innovation at the end of the period before, the hazard of region i is

        h_i = h_0(innovation, period) exp(b1 contagious + b2 hierarchical + b3 border + b4 size),
        contagious = sum_j w_ij A_j,    border = sum_{c(j) != c(i)} w_ij A_j,
        hierarchical = the share of regions with S_j > S_i for which A_j = 1,    size = ln S_i.

    The baseline h_0 drops out of the partial likelihood, a stratum for each innovation and period, so that
    innovations may be as fast or as slow as they are.

    Parameters
    ----------
    adoptions
        One row for each adoption: ``region``, ``innovation``, ``period`` (a number, such as a year). Where
        innovations are given up, column ``ended`` holds the period (missing where kept). Regions without
        a row for an innovation never adopted it.
    weights
        Neighbours, as from ``gi.weigh.contiguity``, of all regions that could adopt.
    size
        Size of each region, above zero; adds the terms ``hierarchical`` and ``size``.
    country
        Country of each region; adds the term ``border``, what neighbours abroad add to (or, negative, take
        from) the effect that neighbours have at home.
    ties
        ``efron`` or ``breslow``, for regions that adopt in the same period. Where many do, Breslow's
        estimates are biased towards zero.
    permutations, seed
        Of the relabelled maps.
    options
        Unit effects, clustered errors, windows of periods, the share of adoptions held out.

    Returns
    -------
    Hazard
        ``coefficients`` (rows contagious, hierarchical, border, size: log hazard ratios), ``p_relabelled``,
        ``shares`` of the deviance explained, ``leaders`` (index as the weights), ``forecast``,
        ``next_adopters``, ``windows`` and ``unit_effects``.

    Raises
    ------
    ColumnError
        If the adoptions are not as described, a term never differs within a risk set, terms cannot be told
        apart, or the likelihood has no maximum.
    AlignmentError
        If adoptions, sizes or countries are of other regions than the weights.

    Notes
    -----
    Regions without neighbours leave the risk sets, but count among the larger regions. The largest region
    has hierarchical exposure 0. A region that has given an innovation up no longer exposes others, and may
    adopt it again. Some regions adopt everything early, so errors of the model are too small: rely on
    ``p_relabelled``, which holds its level then too. It exchanges the places of regions for ``contagious``
    and ``border`` (sizes stay with the adoptions), and the sizes for ``hierarchical`` and ``size``.
    Time and memory grow with the number of risk sets times regions (10 million take about 2 GB).

    References
    ----------
    Allison, P. D. (1982). Discrete-time methods for the analysis of event histories. Sociological
    Methodology 13, 61-98. doi:10.2307/270718
    Efron, B. (1977). The efficiency of Cox's likelihood function for censored data. Journal of the American
    Statistical Association 72(359), 557-565. doi:10.1080/01621459.1977.10480613
    Lin, D. Y. and Wei, L. J. (1989). The robust inference for the Cox proportional hazards model. Journal of
    the American Statistical Association 84(408), 1074-1078. doi:10.1080/01621459.1989.10478874
    Boehmke, F. J. and Skinner, P. (2012). State policy innovativeness revisited. State Politics and Policy
    Quarterly 12(3), 303-329. doi:10.1177/1532440012438890

    Examples
    --------
    >>> import geoinno as gi
    >>> place = gi.read.sample("policies")
    >>> near = gi.weigh.contiguity(place.regions)
    >>> found = gi.measure.diffusion_hazard(place.adoptions, near, permutations=99)
    >>> round(float(found.coefficients.loc["contagious", "estimate"]), 2)
    1.04
    """
    _contract.option(ties, get_args(Ties), name="ties")
    _check(options, permutations)
    table = _histories.sound_adoptions(adoptions, _contract.weight_ids(weights))
    landscape, ids = _landscape(weights, size=size, country=country)
    history = _histories.histories(table, ids)
    case = design(history, landscape, ties=ties, unit_effects=options.unit_effects)
    fitted = partial.fit(case.case, case.full(), names=case.labels)
    covariance = pd.DataFrame(_covariance(case, fitted, options), case.labels, case.labels)
    effects = _effects(case, fitted.slopes)
    present, slopes = _histories.present(table, ids), _slopes(case, fitted)
    process = Process(table, present, landscape, slopes, covariance, effects)
    shares, deviance = _partition.deviance_shares(case)
    return Hazard(
        coefficients=_table(case, fitted, covariance),
        p_relabelled=relabelled_p(case, permutations=permutations, seed=seed),
        shares=shares,
        deviance=deviance,
        log_likelihood=fitted.log_likelihood,
        leaders=leaders(history).reindex(weights.unique_ids),
        unit_effects=effects.replace(-np.inf, np.nan).reindex(weights.unique_ids),
        windows=_windows(case, options),
        forecast=_forecasts.forecast(case, holdout=options.holdout),
        next_adopters=_forecasts.next_adopters(process),
        counts=_counts(case),
        ties=ties,
        errors=options.errors,
        permutations=permutations,
        seed=seed,
        process=process,
    )


def _check(options: HazardOptions, permutations: int) -> None:
    """Raise where these are no options, or no number of permutations."""
    _contract.instance(options, HazardOptions, name="options", example="gi.measure.HazardOptions()")
    _contract.whole(permutations, name="permutations")


def _landscape(
    weights: Graph, *, size: pd.Series | None, country: pd.Series | None
) -> tuple[Landscape, pd.Index]:
    """Return weights, borders and sizes in the order of the ids, so that relabelled maps are the same."""
    ids = _contract.weight_ids(weights)
    order = np.argsort(ids.to_numpy(object), kind="stable")
    matrix = weight_matrix(weights, "row")[order][:, order]
    ordered = ids[order]
    foreign = None if country is None else _foreign(matrix, country, ordered)
    return Landscape(matrix, foreign, None if size is None else _log_size(size, ordered)), ordered


def _foreign(matrix: sparse.csr_array, country: pd.Series, ids: pd.Index) -> sparse.csr_array:
    """Return the weights that cross a border; at least one does."""
    land = _contract.country_series(country, ids, against="weights").to_numpy()
    crossing = matrix.tocoo()
    first, second = crossing.coords
    crossing.data = np.where(land[first] != land[second], crossing.data, 0.0)
    foreign = crossing.tocsr()
    foreign.eliminate_zeros()
    if foreign.nnz == 0:
        message = Phrase(
            "No two neighbours lie in different countries: leave country out, or link regions across borders."
        )
        raise ColumnError(message)
    return foreign


def _log_size(size: pd.Series, ids: pd.Index) -> Floats:
    """Return the log of sizes, which must be above zero and differ."""
    placed = _contract.varied(_contract.numbers(size, ids=ids, what="sizes", against="weights"))
    low = placed.index[placed <= 0]
    if len(low):
        message = (
            f"{_contract.titled(size)} must be above zero to be a size; it is not in {_contract.named(low)}."
        )
        raise ColumnError(message)
    return np.log(placed.to_numpy())


def _covariance(case: Design, fitted: partial.Fitted, options: HazardOptions) -> Floats:
    """Return the covariance of the coefficients, of the model or clustered by region."""
    if options.errors == "region":
        return partial.clustered(case.case, case.full(), fitted)
    return np.asarray(np.linalg.inv(fitted.information))


def _table(case: Design, fitted: partial.Fitted, covariance: pd.DataFrame) -> pd.DataFrame:
    """Return the coefficients of the terms, unit effects left out."""
    names = list(case.names)
    own = covariance.loc[names, names].to_numpy()
    return coefficients(names, fitted.slopes[: len(names)], own)


def _slopes(case: Design, fitted: partial.Fitted) -> pd.Series:
    """Return the coefficient of each term."""
    return pd.Series(fitted.slopes[: len(case.names)], pd.Index(case.names, name="term"))


def _counts(case: Design) -> Counts:
    """Return how much the model was fitted to."""
    return Counts(
        adoptions=len(case.case.owner),
        innovations=len(np.unique(case.histories.innovation)),
        risk_sets=len(case.case.first),
        regions=len(np.unique(case.case.region)),
    )


def _effects(case: Design, slopes: Floats) -> pd.Series:
    """Return the effect of each region about their mean; minus infinity where it never adopts.

    Where no effects are estimated, all are 0.
    """
    if not len(case.units):
        return pd.Series(0.0, case.histories.ids, name="unit_effect")
    own = np.append(0.0, slopes[len(case.names) :])
    return pd.Series(own - own.mean(), case.histories.ids[case.units], name="unit_effect").reindex(
        case.histories.ids, fill_value=-np.inf
    )


def _windows(case: Design, options: HazardOptions) -> pd.DataFrame:
    """Return coefficients by window of periods and term; missing where a window does not identify them.

    Strata are independent given the history before them, so a window's own strata are all that it needs.
    """
    if options.window is None:
        return pd.DataFrame()
    start = np.floor(case.histories.period / options.window) * options.window
    tables = {value: _window(part_of(case, start == value)) for value in np.unique(start).tolist()}
    return pd.concat(tables, names=["window", "term"])


def _window(part: Design) -> pd.DataFrame:
    """Return the coefficients of one window, and the number of its adoptions."""
    count = len(part.case.owner)
    fitted = None
    if count >= _FEWEST * len(part.names):
        with contextlib.suppress(ColumnError):
            fitted = partial.fit(part.case, plain(part.terms), names=part.names)
    slopes = np.full(len(part.names), np.nan) if fitted is None else fitted.slopes
    spread = np.diag(slopes) if fitted is None else np.asarray(np.linalg.inv(fitted.information), np.float64)
    return coefficients(part.names, slopes, spread).assign(adoptions=count)
