"""Options of an atlas: what columns are called, and the chapters that need more than mass and indicator."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal, TypeAlias, get_args

from geoinno import _contract
from geoinno._language import ENGLISH
from geoinno.draw.web import in_words
from geoinno.errors import OptionError

Scale = Literal["minmax", "z", "rank", "goalposts", "frontier"]
Mean = Literal["arithmetic", "geometric", "ces", "mazziotta-pareto"]
Outliers = Literal["none", "winsorise", "log"]
Missing = Literal["mean", "median", "country"]

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pandas as pd

    from geoinno.report._atlas.scenarios import TradeOptions

    Pillars: TypeAlias = "Mapping[str, Pillars | Sequence[str]]"


@dataclass(frozen=True, slots=True)
class IndexChapter:
    """A chapter on an index of many indicators: its map, and ranks with their whiskers.

    Of several options of a choice, the first builds the index, and all of them are drawn from for the
    intervals of ranks. The rules are those of `geoinno.measure.composite_index` and of
    `geoinno.measure.rank_intervals`.

    Attributes
    ----------
    pillars
        Pillar to its columns, such as ``{"science": ["papers", "staff"]}``, to any depth; or a list of
        columns for an index without pillars.
    name
        What the index is called; the index of innovation potential unless given.
    less_is_better
        Columns of which less is better.
    weights
        Column or pillar to its weight in its group; equal unless given.
    denominators
        Column to the column that it is divided by.
    goalposts
        Column to its low and high goalpost, for ``goalposts`` among the scales.
    scales
        Options of ``normalise``.
    means
        Options of ``aggregate``.
    outliers
        Options of ``treat``, ``none`` among them.
    missing
        Options of ``impute``; without any, regions with a missing value are left out.
    power, penalty
        As in `geoinno.measure.IndexOptions`.
    weight_spread, noise
        As in `geoinno.measure.RankOptions`.
    draws
        Number of draws.
    """

    pillars: Pillars | Sequence[str]
    name: str = ""
    less_is_better: Sequence[str] = ()
    weights: Mapping[str, float] = field(default_factory=dict)
    denominators: Mapping[str, str] = field(default_factory=dict)
    goalposts: Mapping[str, tuple[float, float]] = field(default_factory=dict)
    scales: Sequence[Scale] = ("minmax", "z", "rank")
    means: Sequence[Mean] = ("arithmetic", "geometric")
    outliers: Sequence[Outliers] = ("none", "winsorise")
    missing: Sequence[Missing] = ()
    power: float = 0.5
    penalty: Literal["down", "up"] = "down"
    weight_spread: float = 0.3
    noise: float = 0.1
    draws: int = 1000

    def __post_init__(self) -> None:
        """Refuse words that are no options."""
        words = {"scales": Scale, "means": Mean, "outliers": Outliers, "missing": Missing}
        for name, allowed in words.items():
            given = getattr(self, name)
            for word in given:
                _contract.option(word, get_args(allowed), name=name)
            if name != "missing" and not given:
                message = f"{name} must have at least one option, of {', '.join(get_args(allowed))}."
                raise OptionError(message)
        strangers = {*self.less_is_better, *self.goalposts} - {*_leaves(self.pillars)}
        if strangers:
            message = f"These are not among the columns of pillars: {_contract.named(sorted(strangers))}."
            raise OptionError(message)

    def columns(self) -> list[str]:
        """Return the columns of regions that the chapter needs."""
        return list(dict.fromkeys([*_leaves(self.pillars), *self.denominators.values()]))


@dataclass(frozen=True, slots=True, eq=False)
class SpecialisationChapter:
    """A chapter on what regions are specialised in, and on what each could do next, with whom.

    Attributes
    ----------
    activity
        Amounts, such as jobs, firms or patents, by region (rows) and activity (columns), zero or more.
    cut
        Least location quotient at which a region is specialised.
    declared
        Priorities that regions have declared: columns ``region`` and ``activity``.
    """

    activity: pd.DataFrame
    cut: float = 1.0
    declared: pd.DataFrame | None = None


@dataclass(frozen=True, slots=True)
class GoalsChapter:
    """A chapter on goals: whether regions with no more resources reach them, and which contradict.

    Attributes
    ----------
    resources
        Columns of what regions reach their outcomes with.
    targets
        Outcome, a column, to the column that holds the goal of each region.
    factors
        Outcome, a column, to what its current value is multiplied by: 1.1 for a tenth more.
    growth
        By what share resources will grow.
    bounds
        Outcome to the least and greatest value that it can have.
    kinds
        Outcome to its level and form, such as ``("final", "integral")``; see `geoinno.measure.attainable`.
    spillovers
        Whether the resources of neighbours count too.
    """

    resources: Sequence[str]
    targets: Mapping[str, str] = field(default_factory=dict)
    factors: Mapping[str, float] = field(default_factory=dict)
    growth: float = 0.0
    bounds: Mapping[str, tuple[float, float]] = field(default_factory=dict)
    kinds: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    spillovers: bool = False

    def __post_init__(self) -> None:
        """Refuse goals that are no goals, or that are stated twice."""
        if not (self.targets or self.factors) or not self.resources:
            message = "The chapter on goals needs resources, and goals as targets or factors by outcome."
            raise OptionError(message)
        twice = sorted({*self.targets} & {*self.factors})
        if twice:
            message = f"Goals are stated twice, as targets and as factors: {_contract.named(twice)}."
            raise OptionError(message)

    def outcomes(self) -> list[str]:
        """Return the outcomes that goals are set for."""
        return [*self.targets, *self.factors]

    def columns(self) -> list[str]:
        """Return the columns of regions that the chapter needs."""
        return list(dict.fromkeys([*self.outcomes(), *self.targets.values(), *self.resources]))


@dataclass(frozen=True, slots=True)
class AtlasOptions:
    """Further options of an atlas.

    Attributes
    ----------
    labels
        What columns are called in words and legends, by column.
    units
        Their units, by column, such as ``million euros`` or ``people``, in words, tables and legends; that of
        the flows under ``value``, their column.
    islands
        Whether regions that touch no other have neighbours: ``isolate``, ``nearest`` or ``bridge``, as in
        ``gi.weigh.contiguity``. Such links are drawn and named.
    lang
        Language of the words: ``en`` or ``ru``. Of maps, those that `geoinno.draw.sheet` knows.
    flows
        ``origin``, ``destination`` and ``value``, beside regions that are no sample.
    trade
        What makes the flows trade between the regions, for the chapter on open borders: see `TradeOptions`.
    adoptions
        ``region``, ``innovation`` and ``period``, for the chapter on diffusion; those of the sample unless
        given.
    index, specialisation, goals
        Chapters that an atlas has if they are given: `IndexChapter`, `SpecialisationChapter` and
        `GoalsChapter`.
    """

    labels: Mapping[str, str] = field(default_factory=dict)
    units: Mapping[str, str] = field(default_factory=dict)
    islands: Literal["isolate", "nearest", "bridge"] = "isolate"
    lang: str = ENGLISH
    flows: pd.DataFrame | None = None
    trade: TradeOptions | None = None
    adoptions: pd.DataFrame | None = None
    index: IndexChapter | None = None
    specialisation: SpecialisationChapter | None = None
    goals: GoalsChapter | None = None

    def __post_init__(self) -> None:
        """Refuse a chapter that is none."""
        kinds = (IndexChapter, SpecialisationChapter, GoalsChapter)
        for name, kind in zip(("index", "specialisation", "goals"), kinds, strict=True):
            given = getattr(self, name)
            if given is not None:
                _contract.instance(given, kind, name=name, example=f"gi.report.{kind.__name__}(...)")

    def named(self, values: pd.Series) -> pd.Series:
        """Return values under their label."""
        return values.rename(self.label(str(values.name)))

    def label(self, column: str) -> str:
        """Return what a column is called in a sentence."""
        return self.labels[column].replace("_", " ") if column in self.labels else in_words(column)

    def unit(self, column: str) -> str:
        """Return the unit of a column; nothing where it is not known."""
        return self.units.get(column, "").strip()

    def refuse_strangers(self, regions: pd.DataFrame) -> None:
        """Raise where a chapter names columns, or regions, that are not there."""
        needed = {} if self.index is None else {"index": self.index.columns()}
        if self.goals is not None:
            needed["goals"] = self.goals.columns()
        for chapter, columns in needed.items():
            remedy = f"The chapter {chapter!r} needs it: correct its name, or join the table that has it."
            _contract.with_columns(regions, columns, name="the regions", remedy=remedy)
        if self.specialisation is not None:
            rows = self.specialisation.activity.index
            _contract.refuse_strangers(rows, regions.index, what="activities", against="regions of the atlas")


def _leaves(structure: Pillars | Sequence[str]) -> list[str]:
    """Return the columns of a structure."""
    if isinstance(structure, Mapping):
        return [leaf for inside in structure.values() for leaf in _leaves(inside)]
    return list(structure)
