"""Options: what regions could do next, and with whom."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from geoinno import _contract
from geoinno._language.phrases import Phrase
from geoinno.errors import AlignmentError, ColumnError
from geoinno.measure.specialisation import _partners, _tables, relatedness
from geoinno.measure.specialisation.complexity import Complexity, activity_values
from geoinno.measure.specialisation.complexity import complexity as measured_complexity

if TYPE_CHECKING:
    from geopandas import GeoDataFrame

    from geoinno.weigh.decay import Decay

_DECLARED = ("region", "activity")
_MIDDLE = 0.5
_ORDER = [
    "region", "activity", "density", "home", "abroad", "priority",
    "home_support", "abroad_support", "complexity", "option",
]  # fmt: skip


def complements(
    presence: pd.DataFrame,
    proximity: pd.DataFrame,
    regions: GeoDataFrame,
    *,
    decay: Decay,
    country: pd.Series | str | None = None,
    border_factor: float = 1.0,
    complexity: Complexity | pd.Series | None = None,
    declared: pd.DataFrame | None = None,
) -> pd.DataFrame:
    """List the activities that each region lacks, with its own density and the best partners for them.

    An option has high priority if it is feasible (the region has what is related to it), supported (a near
    partner has related activities that the region lacks) and valuable (complex). With presence M,
    proximity phi, density w, decay f of the distance d and b = ``border_factor`` across a border, 1 at home,

        support_is,p = b f(d_is) sum_q phi_pq M_sq (1 - M_iq) / sum_q phi_pq,
        priority_ip = (w_ip + the greatest support) times the share of activities that are no more complex.

    Parameters
    ----------
    presence
        0 or 1 (or booleans) of regions (rows) by activities (columns).
    proximity
        Activities by activities, zero or more, as from `proximity`.
    regions
        Polygons or points in any CRS. Distances are geodesic km between their representative points.
    decay
        Of support with km. Take one that starts at 1, such as ``gi.weigh.exponential(200)``, so that
        density and support have one scale.
    country
        Country of each region, or the name of a column of ``regions``; None takes all as one.
    border_factor
        What a partner abroad counts against one at home at the same distance, zero or more.
    complexity
        A result of `complexity`, or a Series by activity; by eigenvector from ``presence`` unless given.
    declared
        Priorities that regions have declared: columns ``region`` and ``activity``, one row for each.

    Returns
    -------
    DataFrame
        A row for each region and lacking activity, in the order of ``presence``: ``region``, ``activity``,
        ``density``, ``home`` and ``abroad`` (ids of the best partners, missing where none adds anything),
        ``priority``, ``home_support``, ``abroad_support``, ``complexity`` and ``option``: high road, slow
        road (reachable, not complex), casino (complex, not reachable) or dead end. Reachable: density plus
        support is above zero and no less than the median of the region's options; complex: no less than the
        median activity. With ``declared``, a ``verdict`` too: "declared and supported", "declared, not
        supported", "supported, not declared" or "neither", supported meaning reachable; activities
        declared by a region that has them have rows of their own, "declared, already present".

    Raises
    ------
    ColumnError
        If a value is missing from a table, or not as described.
    AlignmentError
        If the tables cover different regions or activities, or a declared priority is of neither.

    Notes
    -----
    Complexity, priority and option are missing where complexity is unknown: for activities outside the
    core, and for all where ``presence`` identifies no order of complexity. Where two partners add the same,
    the first by id is named. Partners are those that add the most, not those that have the activity.

    References
    ----------
    Balland, P.-A. and Boschma, R. (2021). Complementary interregional linkages and Smart Specialisation.
    Regional Studies 55(6), 1059-1070. doi:10.1080/00343404.2020.1861240
    Balland, P.-A., Boschma, R., Crespo, J. and Rigby, D. L. (2019). Smart specialization policy in the
    European Union. Regional Studies 53(9), 1252-1268. doi:10.1080/00343404.2018.1437900

    Examples
    --------
    >>> import pandas as pd
    >>> import geoinno as gi
    >>> regions = gi.read.sample("austria").regions.head(3)
    >>> has = pd.DataFrame({"wood": [1, 1, 0], "ski": [1, 0, 1], "tech": [0, 1, 1]}, index=regions.index)
    >>> options = gi.measure.complements(
    ...     has, gi.measure.proximity(has), regions, decay=gi.weigh.exponential(200))
    >>> list(options["activity"])
    ['tech', 'ski', 'wood']
    """
    table = _tables.zero_one(presence)
    related = _tables.row_shares(proximity, table.columns)
    factor = _contract.positive(border_factor, name="border_factor", zero=True)
    land = _countries(country, regions)
    places = _contract.aligned(regions, table.index, what="regions", against="presence table")
    # One order of rows and columns, whatever was given: sums round alike, and ties go to the first id.
    rows, columns = np.argsort(table.index), np.argsort(table.columns.astype(str), kind="stable")
    sorted_has, sorted_land = table.iloc[rows, columns], land.reindex(table.index[rows])
    near = _partners.nearness(places.iloc[rows], decay)
    across = sorted_land.to_numpy()[:, None] != sorted_land.to_numpy()
    shares = np.nan_to_num(related[np.ix_(columns, columns)])
    options = _partners.table(
        sorted_has, shares, nearness=np.where(across, factor, 1.0) * near, country=sorted_land
    )
    if declared is not None:
        options = _with_declared(options, table, declared)
    density = relatedness.density(table, related)
    options["density"] = _looked_up(density, options)
    options = _valued(options, _values(complexity, table))
    answer = _ordered(options, table)
    return answer if declared is None else _judged(answer)


def _countries(country: pd.Series | str | None, regions: GeoDataFrame) -> pd.Series:
    """Return the country of each region; one where none is given."""
    _contract.sound_regions(regions)
    if country is None:
        return pd.Series("all regions", index=regions.index)
    return _contract.country_series(country, regions)


def _values(complexity: Complexity | pd.Series | None, table: pd.DataFrame) -> pd.Series:
    """Return the complexity of activities, missing where it is not identified."""
    if complexity is not None:
        return activity_values(complexity, table.columns)
    try:
        return measured_complexity(table).activities
    except ColumnError:
        return pd.Series(np.nan, index=table.columns)


def _looked_up(table: pd.DataFrame, options: pd.DataFrame) -> pd.Series:
    """Return the value of a table for the region and activity of each option."""
    row = table.index.get_indexer(pd.Index(options["region"]))
    column = table.columns.get_indexer(pd.Index(options["activity"]))
    return pd.Series(table.to_numpy()[row, column], index=options.index)


def _valued(options: pd.DataFrame, value: pd.Series) -> pd.DataFrame:
    """Return options with their complexity, priority and kind."""
    rank = value.rank(pct=True, method="max")
    reach = options["density"] + options[["home_support", "abroad_support"]].max(axis=1)
    worth = pd.Series(rank.reindex(options["activity"]).to_numpy(), index=options.index)
    median = reach.groupby(options["region"]).transform("median")
    # Sums that differ by rounding alone are equal.
    reachable = (reach > 0) & (reach >= median * (1 - _tables.ROUNDING))
    complex_ = worth >= _MIDDLE
    kind = np.select(
        [reachable & complex_, reachable, complex_], ["high road", "slow road", "casino"], "dead end"
    )
    known = worth.notna() & reach.notna()
    return options.assign(
        complexity=value.reindex(options["activity"]).to_numpy(),
        priority=reach * worth,
        option=pd.Series(kind, index=options.index).where(known),
        reachable=reachable,
    )


def _with_declared(options: pd.DataFrame, table: pd.DataFrame, declared: pd.DataFrame) -> pd.DataFrame:
    """Return options marked where declared, with rows for declared activities that are there already."""
    pairs = _declared_pairs(declared, table)
    marked = options.merge(pairs.assign(declared=True), how="outer", on=list(_DECLARED))
    return marked.assign(declared=marked["declared"].notna())


def _declared_pairs(declared: pd.DataFrame, table: pd.DataFrame) -> pd.DataFrame:
    """Return the declared pairs, each once, if they are of the regions and activities of the table."""
    if not isinstance(declared, pd.DataFrame) or not {*_DECLARED} <= {*declared.columns}:
        message = f"declared must be a table with the columns {_DECLARED}, one row for each priority."
        raise ColumnError(message)
    for column, names in zip(_DECLARED, (table.index, table.columns), strict=True):
        strangers = declared.loc[~declared[column].isin(names), column].unique()
        if len(strangers):
            message = Phrase(
                "Column {column} of the declared priorities has what is not in the presence table: {names}. "
                "Rename or drop these rows.",
                column=repr(column),
                names=_contract.named(strangers),
            )
            raise AlignmentError(message)
    return declared[list(_DECLARED)].drop_duplicates()


def _ordered(options: pd.DataFrame, table: pd.DataFrame) -> pd.DataFrame:
    """Return options in the order of the regions and activities of the table, columns in theirs."""
    row = table.index.get_indexer(pd.Index(options["region"]))
    column = table.columns.get_indexer(pd.Index(options["activity"]))
    ordered = options.iloc[np.lexsort((column, row))].reset_index(drop=True)
    return ordered[[*_ORDER, *(name for name in ("declared", "reachable") if "declared" in ordered)]]


def _judged(options: pd.DataFrame) -> pd.DataFrame:
    """Return options with a verdict on what was declared beside what is measured."""
    declared, supported = options["declared"], options["reachable"]
    present = options["home_support"].isna()  # only rows that were added for their declaration
    words = ["declared, already present", "declared and supported", "declared, not supported"]
    verdict = np.select(
        [present, declared & supported, declared, supported], [*words, "supported, not declared"], "neither"
    )
    kept = options.drop(columns=["declared", "reachable"])
    kept.loc[present, ["priority", "option"]] = None
    return kept.assign(verdict=verdict)
