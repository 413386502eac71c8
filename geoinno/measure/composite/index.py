"""Composite index: indicators in pillars, pillars in one number, every step on the record."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

import numpy as np

from geoinno import _contract
from geoinno._display import Displayed
from geoinno.measure.composite import (
    _aggregation,
    _benefit,
    _diagnostics,
    _normalisation,
    _options,
    _preparation,
    _structure,
    _tables,
    _weighting,
)
from geoinno.measure.composite._options import IndexOptions

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pandas as pd

    from geoinno._types import Floats
    from geoinno.measure.composite._options import Aggregate, Normalise, Recipe, Weights
    from geoinno.measure.composite._structure import Structure, Tree

_LISTED = 3


@dataclass(frozen=True, slots=True, eq=False)
class Index(Displayed):
    """A composite index: scores of regions, and the record of how they came about.

    ``changes`` has a row for each value that was imputed, treated, shrunk or cut; ``steps`` one for each
    step on a whole column. ``table`` has a row for each indicator: its group, its weight there and
    ``in_index``, its ``effective`` weight, its correlations and whether it counts ``against`` its group.
    """

    displayed_tables: ClassVar[tuple[str, ...]] = ("scores",)

    scores: pd.DataFrame
    rank: pd.Series
    indicators: pd.DataFrame
    table: pd.DataFrame
    consistency: pd.Series
    changes: pd.DataFrame
    steps: pd.DataFrame
    weights: str

    def __str__(self) -> str:
        """Return the result in words."""
        known = self.scores[_structure.TOP].dropna()
        every = "" if len(known) == len(self.scores) else f" of {len(self.scores):,}"
        best = ", ".join(f"{name} ({known[name]:.1f})" for name in self.rank.nsmallest(_LISTED).index)
        return (
            f"The index of {len(known):,}{every} regions from {len(self.table):,} "
            f"indicator{'' if len(self.table) == 1 else 's'} ({self.weights} weights) is highest in {best}. "
            f"{self._changed()} {self._against()} Ranks shift with the choices that an index is made of: see "
            "rank_intervals."
        )

    def _changed(self) -> str:
        """Return in words what was done to the values."""
        if self.changes.empty:
            return "No value was imputed or treated."
        counts = self.changes["step"].value_counts()
        parts = ", ".join(f"{count:,} {step}" for step, count in counts.items())
        return f"Values changed on the way: {parts}."

    def _against(self) -> str:
        """Return in words which indicators count against their group."""
        against = self.table.index[self.table["against"]]
        if not len(against):
            return "No indicator counts against its group."
        verb = "correlates" if len(against) == 1 else "correlate"
        return f"{_contract.named(against)} {verb} negatively with the group."


def composite_index(
    indicators: pd.DataFrame,
    *,
    structure: Structure | None = None,
    weights: Weights | None = None,
    normalise: Normalise = "minmax",
    aggregate: Aggregate = "arithmetic",
    direction: Mapping[str, int] | None = None,
    country: pd.Series | None = None,
    options: IndexOptions | None = None,
) -> Index:
    """Build one index of innovation potential, or of anything, from many indicators.

    Indicators are brought to one scale and averaged within pillars, pillars within the index, to any depth:
    high scores are good. Nothing is imputed or treated unless options say so, and then it is on record.

    Parameters
    ----------
    indicators
        Numbers by region id (rows) and indicator (columns).
    structure
        Pillar to its columns, such as ``{"science": ["papers", "staff"], "markets": ["exports"]}``; values
        may be mappings again, to any depth. Without one all columns are averaged at once.
    weights
        Column or pillar to its weight within its group (groups without any are equal), or a rule: ``equal``;
        ``pca``, squared loadings of the first principal component; ``entropy``, more for what differs more
        between regions; ``benefit-of-doubt``, the best for each region (see `benefit_of_doubt`).
    normalise
        ``minmax``, 0 to 100; ``z``, mean 0 and standard deviation 1; ``rank``, 1 the lowest; ``goalposts``,
        0 to 100 between given ends; ``frontier``, per cent of the best value.
    aggregate
        ``arithmetic``; ``geometric``, which low values pull down more; ``ces``, with a power in the options;
        ``mazziotta-pareto``, M - S^2 / M of z-scores with mean 100 and standard deviation 10, which punishes
        imbalance.
    direction
        Column to -1 where less is better; 1 otherwise.
    country
        Country of each region, for national indicators and imputation by country.
    options
        Denominators, imputation, outliers, goalposts, national indicators and more: `IndexOptions`.

    Returns
    -------
    Index
        ``scores`` by region: ``index`` and a column for each pillar; ``rank`` (1 the best), ``indicators``
        on the common scale, ``table`` of weights and correlations, ``consistency`` (Cronbach's alpha of each
        group), ``changes`` and ``steps``.

    Raises
    ------
    ColumnError
        If an indicator is not numeric or does not vary, structure and columns differ, or a mean does not
        exist for negative values.
    OptionError
        If options do not go together, such as z-scores and a geometric mean.

    Notes
    -----
    Standard deviations are those of the population (divided by n). For a geometric mean ``minmax`` goes from
    1 to 100, as the mean of any region with a 0 would be 0. Where a region has no value, its pillar and index
    are missing. A Mazziotta-Pareto index standardises by itself, or between 70 and 130 on goalposts, whose
    meaning stays over time. Treated columns follow the rule of the OECD and JRC: skewness beyond 2 and
    kurtosis beyond 3.5.

    References
    ----------
    OECD and JRC (2008). Handbook on Constructing Composite Indicators. Paris: OECD.
    doi:10.1787/9789264043466-en
    Mazziotta, M. and Pareto, A. (2016). On a generalized non-compensatory composite index for measuring
    socio-economic phenomena. Social Indicators Research 127(3), 983-1003. doi:10.1007/s11205-015-0998-2
    Paruolo, P., Saisana, M. and Saltelli, A. (2013). Ratings and rankings: voodoo or science? Journal of the
    Royal Statistical Society A 176(3), 609-634. doi:10.1111/j.1467-985X.2012.01059.x
    Efron, B. and Morris, C. (1975). Data analysis using Stein's estimator and its generalizations. Journal
    of the American Statistical Association 70(350), 311-319. doi:10.1080/01621459.1975.10479864

    Examples
    --------
    >>> import pandas as pd
    >>> import geoinno as gi
    >>> table = pd.DataFrame({"papers": [1.0, 3.0, 2.0], "fees": [5.0, 1.0, 4.0]}, index=["a", "b", "c"])
    >>> gi.measure.composite_index(table, direction={"fees": -1}).scores["index"].to_list()
    [0.0, 100.0, 37.5]
    """
    settings = options if options is not None else IndexOptions()
    _contract.instance(settings, IndexOptions, name="options", example="gi.measure.IndexOptions()")
    recipe = _options.recipe(normalise, aggregate, settings)
    rule = _weighting.rule_of(weights, recipe)
    table = _tables.indicator_table(indicators)
    countries = None if country is None else _contract.country_series(country, table.index)
    log = _tables.Log()
    ready = _preparation.prepared(table, settings, country=countries, log=log)
    tree = _structure.tree(structure, ready.columns)
    _structure.refuse_strange_groups(settings.aggregates or {}, tree)
    ready = ready[list(tree.indicators)]
    sign = _normalisation.signs(direction, ready.columns)
    scaled = _normalisation.normalised(ready, recipe, settings, sign=sign, log=log)
    shares = _weighting.fixed(weights, tree)
    members = _scored(scaled, tree, shares, rule=rule, recipe=recipe, bounds=settings.bounds)
    return _answer(members, tree, shares, log=log, rule=rule)


def _scored(
    scaled: pd.DataFrame,
    tree: Tree,
    shares: dict[str, Floats],
    *,
    rule: str,
    recipe: Recipe,
    bounds: tuple[float, float] | None,
) -> pd.DataFrame:
    """Return the indicators with the score of each group; weights that the data give enter ``shares``."""
    members = scaled.copy()
    for group in tree.groups:
        inside = members[list(group.members)]
        own = recipe.of(group.name)
        _aggregation.refuse_unsuited(inside, own)
        if rule in {"pca", "entropy"}:
            shares[group.name] = _weighting.found(inside, rule)
        if rule == "benefit-of-doubt":
            members[group.name] = 100 * _benefit.scores(inside, bounds)
        else:
            members[group.name] = _aggregation.aggregated([*inside.to_numpy().T], shares[group.name], own)
    return members


def _answer(
    members: pd.DataFrame, tree: Tree, shares: dict[str, Floats], *, log: _tables.Log, rule: str
) -> Index:
    """Return scores with their record."""
    scores = members[[_structure.TOP, *tree.pillars()]]
    weights = _diagnostics.nominal(tree, shares)
    if rule == "benefit-of-doubt":  # each region has its own
        weights = weights.assign(weight=np.nan, in_index=np.nan)
    return Index(
        scores=scores,
        rank=scores[_structure.TOP].rank(ascending=False, method="min").rename("rank"),
        indicators=members[list(tree.indicators)],
        table=_diagnostics.diagnosed(weights, members, _structure.TOP),
        consistency=_diagnostics.consistency(tree, members),
        changes=log.changes(),
        steps=log.steps(),
        weights=rule,
    )
