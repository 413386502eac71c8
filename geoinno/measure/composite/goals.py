"""Goals against resources: what regions could reach, where goals contradict, and how a total is split."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from geoinno import _contract
from geoinno._language.phrases import Phrase
from geoinno.errors import ColumnError, OptionError
from geoinno.measure.composite import _attainment, _conflicts, _goal_tables, _tables
from geoinno.measure.composite._goal_results import Goals

if TYPE_CHECKING:
    from collections.abc import Mapping

    from libpysal.graph import Graph

    from geoinno._types import Floats
    from geoinno.measure.composite._attainment import Attainment

_FEWEST = 3


def attainable(
    goals: pd.Series | pd.DataFrame,
    outcomes: pd.DataFrame,
    resources: pd.DataFrame,
    *,
    growth: float = 0.0,
    bounds: Mapping[str, tuple[float, float]] | None = None,
    kinds: pd.DataFrame | None = None,
    weights: Graph | None = None,
    seed: int = 0,
) -> Goals:
    """Hold goals against what regions with no more resources reach, and say which goals contradict.

    The attainable value of an outcome is the most that means of regions give that use no more of any
    resource, corrected for the bias of such frontiers. A gap above zero says that comparable regions show no
    way to the goal; a contradiction, that goals which are attainable alone are not so together.

    Parameters
    ----------
    goals
        A Series named as a column of ``outcomes``, or a table of such columns, for some regions or all.
    outcomes
        What regions reach, zero or more, by region id; of all more is better.
    resources
        What they reach it with, zero or more, such as spending and staff. Costs are no goals.
    growth
        By what share resources will grow, above -1.
    bounds
        Column to the (least, greatest) value that the outcome can have at all, such as ``(0, 1)``.
    kinds
        Columns ``outcome``, ``level`` (final or intermediate) and ``form`` (integral, a state to be reached,
        or differential, a change): goals that mix them are refused, with the reason.
    weights
        Neighbours, whose mean resources then count among those of a region: spillovers. They do not grow.
    seed
        Makes the bootstrap draws repeatable.

    Returns
    -------
    Goals
        ``table`` (goal, attainable, probability, gap) by region, or by region and outcome for a table of
        goals; ``conflicts`` and ``frontier``.

    Raises
    ------
    ColumnError
        If a value is missing or negative, a goal is no outcome or is a resource, goals mix kinds, or there
        are fewer than three regions.
    AlignmentError
        If tables cover different regions.

    Notes
    -----
    The frontier has variable returns to scale: means of regions, not multiples. It is estimated for each
    outcome by itself; contradictions are looked for with all outcomes at once. Where ``growth`` is below zero
    and no region does with so little, the attainable value is missing. The bootstrap has 200 draws.

    References
    ----------
    Banker, R. D., Charnes, A. and Cooper, W. W. (1984). Some models for estimating technical and scale
    inefficiencies in data envelopment analysis. Management Science 30(9), 1078-1092.
    doi:10.1287/mnsc.30.9.1078
    Simar, L. and Wilson, P. W. (1998). Sensitivity analysis of efficiency scores: how to bootstrap in
    nonparametric frontier models. Management Science 44(1), 49-61. doi:10.1287/mnsc.44.1.49
    Chinneck, J. W. (2008). Feasibility and Infeasibility in Optimization. New York: Springer.
    doi:10.1007/978-0-387-74932-7

    Examples
    --------
    >>> import pandas as pd
    >>> import geoinno as gi
    >>> ids = list("abcd")
    >>> patents, staff = (pd.DataFrame({n: v}, index=ids) for n, v in (
    ...     ("patents", [1.0, 4.0, 6.0, 2.0]), ("staff", [1.0, 2.0, 4.0, 4.0])))
    >>> goal = pd.Series({"d": 3.0}, name="patents")
    >>> bool(gi.measure.attainable(goal, patents, staff).table.loc["d", "gap"] < -3)
    True
    """
    reached = _goal_tables.outcome_table(outcomes, "outcomes").sort_index()
    used = _contract.aligned(
        _goal_tables.outcome_table(resources, "resources"),
        reached.index,
        what="resources",
        against="outcomes",
    )
    wanted = _goal_tables.goal_table(goals, reached)
    _goal_tables.refuse_mixtures(wanted, kinds)
    _goal_tables.refuse_costs(wanted, reached, used)
    limits = _goal_tables.limits(bounds, wanted)
    means, available = _resources(used, growth, weights)
    columns = reached[wanted.columns]
    found = {
        name: _within(
            _attainment.attainment(columns[name].to_numpy(), means, available, seed=seed), limits[name]
        )
        for name in map(str, columns)
    }
    frontier = _frontier(columns, found)
    return Goals(
        table=_table(wanted, frontier, found, alone=isinstance(goals, pd.Series)),
        conflicts=_contradictions(wanted, columns, found, means=means, available=available),
        frontier=frontier.loc[[(i, name) for i in outcomes.index for name in wanted.columns]],
        growth=growth,
        draws=_attainment.DRAWS,
        seed=seed,
    )


def goal_split(total: float, goals: Goals, *, outcome: str) -> pd.Series:
    """Split a national goal over regions so that the sum holds and each share is attainable.

    Each region closes the same part s of the distance from its current value y to what is attainable, t:

        y_i + s (t_i - y_i), with s = (total - sum y) / (sum t - sum y).

    A high share beside the current value says that a region has far to go with the resources it has.

    Parameters
    ----------
    total
        The goal for all regions together, of an outcome that adds up, such as a count.
    goals
        A result of `attainable` with a goal for the outcome.
    outcome
        Its name.

    Returns
    -------
    Series
        The goal of each region, which sum to ``total``.

    Raises
    ------
    OptionError
        If the outcome has no frontier, or the total is below what there is or above what is attainable.

    References
    ----------
    Korhonen, P. and Syrjanen, M. (2004). Resource allocation based on efficiency analysis. Management
    Science 50(8), 1134-1144. doi:10.1287/mnsc.1040.0244

    Examples
    --------
    >>> import pandas as pd
    >>> import geoinno as gi
    >>> patents, staff = (pd.DataFrame({n: v}, index=list("abcd")) for n, v in (
    ...     ("patents", [1.0, 4.0, 6.0, 2.0]), ("staff", [1.0, 2.0, 4.0, 4.0])))
    >>> found = gi.measure.attainable(patents["patents"], patents, staff)
    >>> float(round(gi.measure.goal_split(15.0, found, outcome="patents").sum(), 6))
    15.0
    """
    _contract.result(goals, Goals, name="goals", source="gi.measure.attainable")
    names = goals.frontier.index.get_level_values("outcome")
    if outcome not in names:
        message = f"There is no frontier for {outcome!r}; there is for {_contract.named(names.unique())}."
        raise OptionError(message)
    table = goals.frontier.xs(outcome, level="outcome")
    unknown = table.index[table["attainable"].isna()]
    if len(unknown):
        message = f"Nothing is attainable with so few resources in {_contract.named(unknown)}."
        raise OptionError(message)
    current, most = table["current"], table["attainable"]
    _contract.positive(total, name="total", zero=True)
    if not current.sum() <= total <= most.sum():
        message = (
            f"A total of {total:,.6g} cannot be split: regions have {current.sum():,.6g} together, and "
            f"{most.sum():,.6g} are attainable with their resources. Choose a total in between."
        )
        raise OptionError(message)
    room = most.sum() - current.sum()
    part = (total - current.sum()) / room if room > 0 else 0.0
    return (current + part * (most - current)).rename(outcome)


def _resources(used: pd.DataFrame, growth: float, weights: Graph | None) -> tuple[Floats, Floats]:
    """Return what regions use and what will be available, with the mean of their neighbours if wanted."""
    if len(used) < _FEWEST:
        message = Phrase(
            "{n} regions are too few to see what comparable regions reach. Give at least three.",
            n=str(len(used)),
        )
        raise ColumnError(message)
    number = isinstance(growth, int | float | np.number) and not isinstance(growth, bool)
    if not number or not np.isfinite(growth) or growth <= -1:
        message = Phrase("growth must be a finite number above -1; {growth} was given.", growth=repr(growth))
        raise OptionError(message)
    own = _tables.values(used)
    if weights is None:
        return own, own * (1 + growth)
    near = _neighbours(used, weights)
    return np.hstack([own, near]), np.hstack([own * (1 + growth), near])


def _neighbours(used: pd.DataFrame, weights: Graph) -> Floats:
    """Return the mean resources of neighbours; every region has some."""
    places = _contract.weight_ids(weights)
    cells = _tables.values(_contract.aligned(used, places, what="resources", against="weights"))
    matrix = weights.sparse
    total = np.asarray(matrix.sum(axis=1)).ravel()
    alone = places[total == 0]
    if len(alone):
        message = Phrase(
            "Regions have no neighbours to have spillovers from: {regions}. Link them, as by "
            "gi.weigh.contiguity(..., islands='nearest'), or leave weights out.",
            regions=_contract.named(alone),
        )
        raise ColumnError(message)
    near: Floats = (matrix @ cells) / total[:, None]
    return near[places.get_indexer(used.index)]


def _within(found: Attainment, limits: tuple[float, float]) -> Attainment:
    """Return what is attainable within the values that the outcome can have."""
    low, high = limits
    cut = [np.clip(part, low, high) for part in (found.observed, found.corrected, found.draws)]
    return type(found)(*cut)


def _frontier(columns: pd.DataFrame, found: dict[str, Attainment]) -> pd.DataFrame:
    """Return current and attainable values with intervals by region and outcome."""
    parts = {}
    for name, column in columns.items():
        low, high = found[str(name)].interval()
        cells = {"current": column, "attainable": found[str(name)].corrected, "low": low, "high": high}
        parts[name] = pd.DataFrame(cells, index=columns.index)
    return pd.concat(parts, names=["outcome", columns.index.name]).swaplevel()


def _table(
    wanted: pd.DataFrame, frontier: pd.DataFrame, found: dict[str, Attainment], *, alone: bool
) -> pd.DataFrame:
    """Return goals beside what is attainable, in the order of the goals."""
    ids = frontier.index.get_level_values(0).unique()
    parts = {}
    for name, goal in wanted.items():
        chance = pd.Series(found[str(name)].probability(goal.reindex(ids).to_numpy()), index=ids)
        most = frontier.xs(name, level="outcome")["attainable"]
        cells = {"goal": goal, "attainable": most[goal.index], "probability": chance[goal.index]}
        parts[name] = pd.DataFrame(cells).assign(gap=goal - most[goal.index])
    if alone:
        return parts[wanted.columns[0]]
    table = pd.concat(parts, names=["outcome", wanted.index.name]).swaplevel()
    return table.loc[[(i, name) for i in wanted.index for name in wanted.columns]]


def _contradictions(
    wanted: pd.DataFrame,
    columns: pd.DataFrame,
    found: dict[str, Attainment],
    *,
    means: Floats,
    available: Floats,
) -> pd.DataFrame:
    """Return the goals that cannot hold, alone or together, by region."""
    place = columns.index.get_indexer(wanted.index)
    names = [str(name) for name in wanted.columns]
    most = np.column_stack([found[name].corrected[place] for name in names])
    seen = np.column_stack([found[name].observed[place] for name in names])
    raised = np.divide(most, seen, out=np.ones_like(most), where=seen > 0)
    case = _conflicts.Case(
        goals=wanted,
        outcomes=_tables.values(columns),
        used=means,
        available=available[place],
        raised=raised,
        attainable=most,
    )
    return _conflicts.conflicts(case)
