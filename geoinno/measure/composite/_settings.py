"""What the draws of an index choose from: checked tables, weights around those given, and choices."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from geoinno import _contract
from geoinno.errors import OptionError
from geoinno.measure.composite import (
    _normalisation,
    _options,
    _preparation,
    _structure,
    _tables,
)
from geoinno.measure.composite._draws import Choice, Setting
from geoinno.measure.composite._scales import Ends

if TYPE_CHECKING:
    from collections.abc import Mapping

    from geoinno._types import Floats
    from geoinno.measure.composite._options import RankOptions
    from geoinno.measure.composite._structure import Structure, Tree


@dataclass(frozen=True, slots=True)
class Case:
    """Indicators of sorted regions, one table for each rule of imputation, all of which more is better.

    ``ends`` is what the scales rest on beside the values.

    ``ids`` are the regions sorted, ``order`` as they came. Sorted, so that noise does not depend on the order
    of rows.
    """

    tables: tuple[pd.DataFrame, ...]
    ends: Ends
    tree: Tree
    weights: dict[str, Floats]
    ids: pd.Index
    order: pd.Index


def case(
    indicators: pd.DataFrame,
    options: RankOptions,
    *,
    structure: Structure | None,
    direction: Mapping[str, int] | None,
    weights: Mapping[str, float] | None,
    country: pd.Series | None,
) -> Case:
    """Return the checked case of a table of indicators."""
    given = _tables.indicator_table(indicators)
    place = None if country is None else _contract.country_series(country, given.index).sort_index()
    log = _tables.Log()
    ready = _preparation.prepared(given.sort_index(), options.index, country=place, log=log)
    tree = _structure.tree(structure, ready.columns)
    _structure.refuse_strange_groups(options.index.aggregates or {}, tree)
    ready = ready[list(tree.indicators)]
    sign = _normalisation.signs(direction, ready.columns)
    tables = _imputed(ready, options, country=place)
    if set(options.normalise) - {"goalposts", "frontier"}:
        for table in tables:
            _preparation.refuse_constant(table)
    shares = (
        {group.name: _structure.equal(group) for group in tree.groups}
        if weights is None
        else _structure.given_weights(weights, tree)
    )
    turned = tuple(table * sign for table in tables)
    return Case(turned, _ends(ready, options, sign), tree, shares, ready.index, given.index)


def _ends(ready: pd.DataFrame, options: RankOptions, sign: Floats) -> Ends:
    """Return the goalposts of indicators that are turned so that more is better."""
    if "goalposts" not in options.normalise:
        none = np.full(len(sign), np.nan)
        return Ends(sign, none, none)
    low, high = _normalisation.goalposts(options.index, ready.columns)
    return Ends(sign, np.where(sign > 0, low, -high), np.where(sign > 0, high, -low), options.index.cut)


def _imputed(ready: pd.DataFrame, options: RankOptions, *, country: pd.Series | None) -> list[pd.DataFrame]:
    """Return the table filled by each rule of imputation, or as it is where nothing is missing."""
    missing = ready.isna().to_numpy()
    if not missing.any():
        return [ready]
    if not options.impute:
        remedy = (
            "Ranks compare every region: drop these, or fill them by RankOptions(impute=('mean', 'median')), "
            "whose options then are among the choices."
        )
        _contract.refuse_cells(ready, missing, words="has no value in", remedy=remedy)
    log = _tables.Log()
    return [_preparation.imputed(ready, rule, country=country, log=log) for rule in options.impute]


def setting(found: Case, options: RankOptions, *, draws: int, seed: int) -> Setting:
    """Return what the draws choose from."""
    fixed = options.index
    cells = tuple(np.ascontiguousarray(_tables.values(table).T) for table in found.tables)
    return Setting(
        cells=cells,
        se=_errors(found, options),
        ends=found.ends,
        tree=found.tree,
        weights=_drawn_weights(found, options.weight_spread, draws=draws, seed=seed),
        treat=options.treat,
        normalise=options.normalise,
        aggregate=tuple(
            _options.Recipe("minmax", rule, fixed.power, fixed.penalty, dict(fixed.aggregates or {}))
            for rule in options.aggregate
        ),
        seed=seed,
    )


def _errors(found: Case, options: RankOptions) -> Floats:
    """Return the standard deviation of noise in each cell, indicators by regions."""
    table = found.tables[0]
    if options.se is None:
        spread = options.noise * _tables.values(table).std(axis=0)
        return np.broadcast_to(spread[:, None], table.T.shape)
    errors = _contract.aligned(
        _tables.indicator_table(options.se, what="standard errors", missing=False),
        table.index,
        what="standard errors",
        against="indicators",
    )
    absent = [name for name in table.columns if name not in errors.columns]
    if absent:
        message = f"se has no column for {_contract.named(absent)}: give 0 where a value is exact."
        raise OptionError(message)
    chosen = errors[table.columns]
    _contract.refuse_cells(
        chosen, chosen.to_numpy() < 0, words="is negative in", remedy="Errors are zero or more."
    )
    return np.ascontiguousarray(_tables.values(chosen).T)


def _drawn_weights(found: Case, spread: float, *, draws: int, seed: int) -> dict[str, Floats]:
    """Return weights around those given, a row for each draw, those given in the first.

    A Dirichlet distribution of concentration a has relative variances (1 - w) / (w (a + 1)); a is such that
    their mean over the members is the square of the spread. Members of weight 0 stay at 0.
    """
    random = np.random.default_rng([seed, 0])
    rows = {}
    for group in found.tree.groups:
        given = found.weights[group.name]
        kept = given > 0
        rows[group.name] = np.tile(given, (draws + 1, 1))
        relative = ((1 - given[kept]) / given[kept]).mean()
        if spread > 0 and relative > 0:
            concentration = max(relative / spread**2 - 1, _LEAST)
            drawn = random.dirichlet(concentration * given[kept], size=draws)
            rows[group.name][1:, kept] = drawn
    return rows


# A distribution that puts nearly all weight on one member at a time.
_LEAST = 1e-2


def choices(found: Setting, draws: int) -> list[Choice]:
    """Return one choice for each draw: options at random, and weights and noise of its own."""
    random = np.random.default_rng([found.seed, 0, 1])
    names = ("impute", "treat", "normalise", "aggregate")
    options = [random.integers(found.options(name), size=draws) for name in names]
    own = np.arange(1, draws + 1)
    weights = own if found.options("weights") > 1 else np.zeros_like(own)
    noise = own if found.options("noise") > 1 else np.zeros_like(own)
    return [Choice(*map(int, row)) for row in zip(*options, weights, noise, strict=True)]


def counted(found: Setting, options: RankOptions, taken: list[Choice]) -> pd.DataFrame:
    """Return how many draws took each option of each choice."""
    words: dict[str, list[str]] = {
        "impute": list(options.impute) if len(found.cells) > 1 else [],
        "treat": ["none" if rule is None else rule for rule in found.treat],
        "normalise": list(found.normalise),
        "aggregate": [recipe.aggregate for recipe in found.aggregate],
    }
    rows = [
        (name, word, sum(getattr(choice, name) == k for choice in taken))
        for name, options_ in words.items()
        for k, word in enumerate(options_)
    ]
    rows += [
        ("weights", f"relative spread {options.weight_spread:g}", sum(c.weights > 0 for c in taken)),
        ("noise", _noise_words(options), sum(c.noise > 0 for c in taken)),
    ]
    return pd.DataFrame(rows, columns=["choice", "option", "draws"])


def _noise_words(options: RankOptions) -> str:
    """Return in words what noise is drawn."""
    if options.se is not None:
        return "standard errors given"
    return f"{options.noise:g} of each indicator's standard deviation"
