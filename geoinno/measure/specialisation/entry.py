"""Entry: whether regions take up the activities that are related to what they have."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from geoinno._display import Displayed
from geoinno.errors import ColumnError, OptionError
from geoinno.measure._inference.estimates import coefficients
from geoinno.measure.specialisation import _entries, _tables
from geoinno.measure.specialisation.complexity import Complexity, activity_values

if TYPE_CHECKING:
    import pandas as pd

    from geoinno._types import Bools, Floats, Ints
    from geoinno.measure._inference.estimates import Interval


@dataclass(frozen=True, slots=True)
class EntryModel(Displayed):
    """A logit of entry into activities, and how well it tells entries apart in time that it has not seen.

    ``auc`` is the chance that an entry has a higher score than a candidate that was not entered (0.5 where
    the score tells nothing); ``auc_size`` is that of diversity times ubiquity alone, on the same candidates.
    ``validation`` says what was scored: ``later`` entries, or ``density`` at the start, to which nothing
    was fitted.
    """

    coefficients: pd.DataFrame
    auc: Interval
    auc_size: float
    validation: str
    candidates: int
    entries: int

    def __str__(self) -> str:
        """Return the result in words."""
        per_tenth = self.coefficients.loc[["density"], ["estimate", "low", "high"]].to_numpy(float)[0] / 10
        odds, low, high = np.exp(per_tenth)
        scored = (
            "On the later entries, which the model has not seen, its score"
            if self.validation == "later"
            else "Density at the start, to which nothing was fitted,"
        )
        return (
            f"Regions entered {self.entries:,} of {self.candidates:,} activities that they lacked. A density "
            f"higher by 0.1 multiplies the odds of entry by {odds:.2f} (95% interval {low:.2f} to "
            f"{high:.2f}, errors clustered by region and by activity). {scored} ranks an entry above another "
            f"candidate in {self.auc.estimate:.0%} of pairs{self._interval()}; the size of the region and of "
            f"the activity alone does in {self.auc_size:.0%}."
        )

    def _interval(self) -> str:
        """Return the interval of the area in words, where it has one."""
        if np.isnan(self.auc.low):
            return ""
        return f" (95% interval {self.auc.low:.0%} to {self.auc.high:.0%})"


@dataclass(frozen=True, slots=True)
class Candidates:
    """Activities that regions lack: their terms, whether they were entered, and where they belong."""

    terms: Floats
    entered: Bools
    groups: tuple[Ints, Ints]
    size: Floats  # diversity of the region times ubiquity of the activity


def entry_model(
    start: pd.DataFrame,
    end: pd.DataFrame,
    density: pd.DataFrame,
    *,
    complexity: Complexity | pd.Series | None = None,
    later: pd.DataFrame | None = None,
    later_density: pd.DataFrame | None = None,
) -> EntryModel:
    """Test whether regions take up activities that are related to what they have, out of time.

    Candidates are the activities that a region lacks at the start; those that it has at the end are
    entries. With density w at the start, and complexity PCI if given,

        logit P(entry_ip) = a + b w_ip + c PCI_p.

    A high coefficient of density says that diversification is related; a high area under the curve, that
    density tells in advance which activities will come.

    Parameters
    ----------
    start, end
        Presence (0 or 1, or booleans) of regions (rows) by activities (columns) in two years.
    density
        Of the same regions and activities, from the presence and proximity at the start.
    complexity
        A result of `complexity` at the start, or a Series by activity; activities without one are no
        candidates.
    later, later_density
        Presence in a third year, and density at the end: the model, fitted from start to end, is then
        validated on entries from end to later.

    Returns
    -------
    EntryModel
        ``coefficients`` (rows constant, density, complexity; errors clustered by region and activity),
        ``auc`` with its interval, ``auc_size``, ``validation``, ``candidates`` and ``entries``.

    Raises
    ------
    ColumnError
        If a value is missing from a table of presence, no candidate or every one is entered, or the
        coefficients are not identified.
    AlignmentError
        If tables cover different regions or activities.
    OptionError
        If only one of ``later`` and ``later_density`` is given.

    Notes
    -----
    Without ``later`` the area is that of density alone, which is known at the start and to which nothing is
    fitted, so it is a forecast too. Regions with many activities have high densities throughout, and
    activities that are widespread come more often: ``auc_size`` (the product of diversity and ubiquity)
    says how far these alone go, and only what is above it is due to relatedness. Candidates whose density
    is missing are left out and not counted.

    References
    ----------
    Balland, P.-A., Boschma, R., Crespo, J. and Rigby, D. L. (2019). Smart specialization policy in the
    European Union. Regional Studies 53(9), 1252-1268. doi:10.1080/00343404.2018.1437900
    Cameron, A. C., Gelbach, J. B. and Miller, D. L. (2011). Robust inference with multiway clustering.
    Journal of Business and Economic Statistics 29(2), 238-249. doi:10.1198/jbes.2010.07136
    Obuchowski, N. A. (1997). Nonparametric analysis of clustered ROC curve data. Biometrics 53(2), 567-578.
    doi:10.2307/2533958

    Examples
    --------
    >>> import numpy as np, pandas as pd, geoinno as gi
    >>> ids, names, draw = list("abcdefgh"), list("pqrstu"), np.random.default_rng(1)
    >>> start, end = (pd.DataFrame(draw.random((8, 6)) < .5, ids, names) for _ in range(2))
    >>> density = gi.measure.relatedness_density(start, gi.measure.proximity(start))
    >>> gi.measure.entry_model(start, end, density).candidates
    27
    """
    if (later is None) != (later_density is None):
        message = "later and later_density go together: give both, or neither."
        raise OptionError(message)
    value = None if complexity is None else activity_values(complexity, start.columns)
    fitted = _candidates(start, end, density, value=value)
    terms = fitted.terms
    slopes = _entries.logit(terms, fitted.entered)
    spread = _entries.covariance(terms, fitted.entered, fitted.groups, slopes=slopes)
    if later is None or later_density is None:
        case, score, validation = fitted, fitted.terms[:, 1], "density"
    else:
        case = _candidates(end, later, later_density, value=value)
        score, validation = case.terms @ slopes, "later"
    names = ["constant", "density"] + ["complexity"] * (value is not None)
    return EntryModel(
        coefficients=coefficients(names, slopes, spread),
        auc=_entries.area(score, case.entered, case.groups),
        auc_size=_entries.area(case.size, case.entered, case.groups).estimate,
        validation=validation,
        candidates=len(fitted.entered),
        entries=int(fitted.entered.sum()),
    )


def _candidates(
    start: pd.DataFrame, end: pd.DataFrame, density: pd.DataFrame, *, value: pd.Series | None
) -> Candidates:
    """Return the candidates from one year to another."""
    first = _tables.zero_one(start, what="presence table at the start")
    last = _tables.zero_one(end, what="presence table at the end")
    after = _tables.like(last, first, what="presence table at the end", against="one at the start")
    near = _tables.like(density, first, what="density", against="presence table")
    columns = [np.ones(first.shape), near.to_numpy(np.float64, na_value=np.nan)]
    if value is not None:
        columns.append(np.broadcast_to(value.reindex(first.columns).to_numpy(), first.shape))
    known = np.logical_and.reduce([np.isfinite(column) for column in columns])
    region, activity = np.nonzero((first.to_numpy() == 0) & known)
    entered = after.to_numpy()[region, activity] == 1
    if entered.all() or not entered.any():
        many = "all" if len(entered) and entered.all() else "none"
        message = (
            f"Of {len(entered):,} candidates (activities that a region lacks, of known density) {many} were "
            "entered, so nothing tells entries from others. Give years further apart, or lower the cut."
        )
        raise ColumnError(message)
    size = np.outer(first.sum(axis=1), first.sum(axis=0))[region, activity]
    terms = np.column_stack([column[region, activity] for column in columns])
    return Candidates(terms, entered, (_numbered(region), _numbered(activity)), size)


def _numbered(group: Ints) -> Ints:
    """Return groups numbered without a gap, so that those without candidates do not count."""
    return np.unique(group, return_inverse=True)[1].astype(np.int64)
