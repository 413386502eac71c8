"""Complexity: what it takes to do an activity, what a region can do, and where it could lead."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np
import pandas as pd

from geoinno import _contract
from geoinno._display import Displayed
from geoinno.errors import OptionError
from geoinno.measure.specialisation import _core, _scores, _tables, relatedness

if TYPE_CHECKING:
    from geoinno._types import Floats

_METHODS = ("eigenvector", "fitness", "reflections")
_SETTLED = 1e-6


@dataclass(frozen=True, slots=True)
class Complexity(Displayed):
    """Complexity of regions and of activities; missing for those outside the core.

    ``diversity`` and ``ubiquity`` are counted within the core, and ``diversity_correlation`` is that of the
    regions' complexity with their diversity: the sign of both scores is chosen so that it is positive.
    ``change`` is the greatest relative change of fitness in the last step, 0 for the other methods.
    """

    regions: pd.Series
    activities: pd.Series
    diversity: pd.Series
    ubiquity: pd.Series
    diversity_correlation: float
    change: float
    method: str

    def __str__(self) -> str:
        """Return the result in words."""
        known = self.regions.dropna()
        return (
            f"By the {self.method} method, {known.idxmax()} is the most complex of the {len(known):,} "
            f"regions in the core and {known.idxmin()} the least; {self.activities.idxmax()} is the most "
            f"complex of {self.activities.count():,} activities and {self.activities.idxmin()} the least. "
            f"{self._left_out()}{self._sign()}{self._stability()}"
        )

    def _left_out(self) -> str:
        """Return in words what lies outside the core."""
        regions, activities = self.regions.isna().sum(), self.activities.isna().sum()
        if regions + activities == 0:
            return ""
        several = f"{regions:,} region{'s' if regions != 1 else ''}"
        others = f"{activities:,} activit{'ies' if activities != 1 else 'y'}"
        return f"Outside the core, without a score: {several} and {others}. "

    def _sign(self) -> str:
        """Return the rule of the sign in words."""
        if self.method == "fitness":
            return f"Fitness and diversity have a correlation of {self.diversity_correlation:.2f}."
        return (
            "The sign is chosen so that regions with more activities score higher (correlation "
            f"{self.diversity_correlation:.2f})."
        )

    def _stability(self) -> str:
        """Return a warning where fitness still changes."""
        if self.change <= _SETTLED:
            return ""
        return (
            f" Fitness still changes by {self.change:.1g} of its value at each step, because some values "
            "fall towards zero without end: read the ranks, not the values."
        )


def complexity(
    presence: pd.DataFrame,
    *,
    method: Literal["eigenvector", "fitness", "reflections"] = "eigenvector",
    least_diversity: int = 1,
    least_ubiquity: int = 1,
    steps: int = 20,
) -> Complexity:
    """Measure the complexity of regions and activities from who does what.

    A region scores high if it has activities that few regions have, and those that have many others; an
    activity, if few such regions have it. With presence M, diversity k_i and ubiquity k_p,

        eigenvector:  second eigenvector of sum_p M_ip M_jp / (k_i k_p), and of its twin of activities,
        reflections:  k_i,n = sum_p M_ip k_p,n-1 / k_i and k_p,n = sum_i M_ip k_i,n-1 / k_p,
        fitness:      F_i = sum_p M_ip Q_p and Q_p = 1 / sum_i (M_ip / F_i).

    Parameters
    ----------
    presence
        0 or 1 (or booleans) of regions (rows) by activities (columns), as from `presence`.
    method
        Eigenvector and reflections give z-scores, fitness positive numbers of mean 1.
    least_diversity, least_ubiquity
        The core: regions with fewer activities, and activities in fewer regions, are left out one after
        the other until none is left that has fewer. 2 and 2 make a well-connected core of sparse data.
    steps
        The even number of reflections of regions; activities have one fewer.

    Returns
    -------
    Complexity
        ``regions`` and ``activities``, Series in the order of ``presence``; missing outside the core.

    Raises
    ------
    ColumnError
        If the core is empty or falls into parts that share no activity, or if its order is not identified:
        all regions alike, an eigenvalue that occurs twice, or no correlation to choose the sign by.

    Notes
    -----
    The sign of an eigenvector is arbitrary. Here complexity and diversity of regions have a positive
    correlation; activities take the sign of the regions that have them. If the sign of activities is chosen
    apart, by their ubiquity, the two scores may point in opposite directions. Standard deviations are
    those of the population, of regions and activities each. Fitness stops after 1,000 steps: where some
    values fall towards zero without end (Pugliese et al. 2016), ``change`` and the words say so.

    References
    ----------
    Hidalgo, C. A. and Hausmann, R. (2009). The building blocks of economic complexity. Proceedings of the
    National Academy of Sciences 106(26), 10570-10575. doi:10.1073/pnas.0900943106
    Tacchella, A., Cristelli, M., Caldarelli, G., Gabrielli, A. and Pietronero, L. (2012). A new metrics for
    countries' fitness and products' complexity. Scientific Reports 2, 723. doi:10.1038/srep00723
    Pugliese, E., Zaccaria, A. and Pietronero, L. (2016). On the convergence of the Fitness-Complexity
    algorithm. European Physical Journal Special Topics 225, 1893-1911. doi:10.1140/epjst/e2015-50118-1

    Examples
    --------
    >>> import pandas as pd
    >>> import geoinno as gi
    >>> has = pd.DataFrame({"farms": [1, 1, 1], "cars": [1, 1, 0], "chips": [1, 0, 0]}, index=list("abc"))
    >>> gi.measure.complexity(has).regions.round(2).to_dict()
    {'a': 1.22, 'b': 0.0, 'c': -1.22}
    """
    _contract.option(method, _METHODS, name="method")
    _contract.whole(steps, name="steps", least=2)
    if steps % 2:
        message = f"steps must be even, so that regions are compared by what is theirs; {steps} was given."
        raise OptionError(message)
    table = _tables.zero_one(presence)
    rows, columns = _core.core(
        table,
        least_diversity=_contract.whole(least_diversity, name="least_diversity"),
        least_ubiquity=_contract.whole(least_ubiquity, name="least_ubiquity"),
    )
    inside = table.loc[rows, columns]
    scores = _scores.scored(inside.to_numpy(), method=method, steps=steps)
    scores, correlation = _scores.signed(scores, inside.to_numpy().sum(axis=1), method=method)
    return Complexity(
        regions=_series(scores.regions, inside.index, table.index),
        activities=_series(scores.activities, inside.columns, table.columns),
        diversity=inside.sum(axis=1).reindex(table.index).rename("diversity"),
        ubiquity=inside.sum(axis=0).reindex(table.columns).rename("ubiquity"),
        diversity_correlation=correlation,
        change=scores.change,
        method=method,
    )


def _series(values: Floats, names: pd.Index, all_names: pd.Index) -> pd.Series:
    """Return scores for all names, missing for those outside the core."""
    return pd.Series(values, index=names, name="complexity").reindex(all_names)


@dataclass(frozen=True, slots=True)
class Outlook(Displayed):
    """What is within reach of each region: an index, and what each further activity would add to it."""

    index: pd.Series
    gain: pd.DataFrame

    def __str__(self) -> str:
        """Return the result in words."""
        return (
            f"The complexity outlook is best in {self.index.idxmax()} ({self.index.max():.3g}) and worst in "
            f"{self.index.idxmin()} ({self.index.min():.3g}; median {self.index.median():.3g})."
            f"{self._gain()}"
        )

    def _gain(self) -> str:
        """Return the largest gain in words, where any is known."""
        if self.gain.isna().all(axis=None):
            return ""
        best = self.gain.max(axis=1)
        region = str(best.idxmax())
        activity = self.gain.T[region].idxmax()
        return (
            f" The largest gain from one more activity is that of {region} from {activity} "
            f"({best.max():+.3g}), with proximities and complexities held as they are."
        )


def outlook(presence: pd.DataFrame, proximity: pd.DataFrame, complexity: Complexity | pd.Series) -> Outlook:
    """Measure how much complexity is within reach of each region, and what each activity would open.

    The index is high where complex activities that a region lacks are close to those that it has; the
    gain is the change of the index if the region took up one more activity. With presence M, density w,
    complexity PCI and shares of proximity r_qp = phi_qp / sum_r phi_qr,

        index_i = sum_p w_ip (1 - M_ip) PCI_p,
        gain_ip = sum_{q != p} r_qp (1 - M_iq) PCI_q - w_ip PCI_p.

    Parameters
    ----------
    presence
        0 or 1 (or booleans) of regions (rows) by activities (columns).
    proximity
        Activities by activities, zero or more, as from `proximity`.
    complexity
        A result of `complexity`, or the complexity of activities, a Series by activity.

    Returns
    -------
    Outlook
        ``index`` by region; ``gain``, of regions by activities: 0 for activities that a region has already,
        missing for activities of unknown complexity or without any related activity.

    Raises
    ------
    ColumnError
        If a value is missing from the tables, or no activity has a known complexity.
    AlignmentError
        If the tables have different activities.

    Notes
    -----
    The gain is the exact change of the index: it counts that the activity is no longer an option once the
    region has it. A widespread form without the last term, - w_ip PCI_p, is too large for activities that
    are near. Activities of unknown complexity add nothing to the index.

    References
    ----------
    Hausmann, R., Hidalgo, C. A., Bustos, S., Coscia, M., Simoes, A. and Yildirim, M. A. (2014). The Atlas of
    Economic Complexity. Cambridge, MA: MIT Press. doi:10.7551/mitpress/9647.001.0001

    Examples
    --------
    >>> import pandas as pd
    >>> import geoinno as gi
    >>> has = pd.DataFrame({"farms": [1, 1, 1], "cars": [1, 1, 0], "chips": [1, 0, 0]}, index=list("abc"))
    >>> within = gi.measure.outlook(has, gi.measure.proximity(has), gi.measure.complexity(has))
    >>> within.gain.loc["c"].idxmax()
    'cars'
    """
    table = _tables.zero_one(presence)
    value = activity_values(complexity, table.columns).to_numpy()
    related = _tables.row_shares(proximity, table.columns)
    has, known = table.to_numpy(), ~np.isnan(value)
    # A lacking activity without related ones, or of unknown complexity, adds nothing to the index.
    reach = np.nan_to_num(relatedness.density(table, related).to_numpy())
    worth = np.where(known, value, 0.0)
    lacking = (1 - has) * worth
    opened = np.nan_to_num(related)
    # What p opens among the others: r_qp worth_q over lacking q, without p itself.
    others = lacking @ opened - lacking * np.diagonal(opened)
    gain = np.where(has == 1, 0.0, others - reach * worth)
    gain[:, ~known | np.isnan(related).any(axis=1)] = np.nan
    return Outlook(
        index=pd.Series((reach * lacking).sum(axis=1), index=table.index, name="outlook"),
        gain=pd.DataFrame(gain, index=table.index, columns=table.columns),
    )


def activity_values(complexity: Complexity | pd.Series, activities: pd.Index) -> pd.Series:
    """Return the complexity of activities in the order given; some may be missing, not all."""
    given = complexity.activities if isinstance(complexity, Complexity) else complexity
    return _core.by_activity(given, activities)
