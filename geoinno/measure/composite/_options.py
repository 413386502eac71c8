"""Settings of an index and of its rank intervals."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Literal, TypeAlias, get_args

from geoinno import _contract
from geoinno.errors import OptionError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    import pandas as pd

Normalise = Literal["minmax", "z", "rank", "goalposts", "frontier"]
Aggregate = Literal["arithmetic", "geometric", "ces", "mazziotta-pareto"]
WeightRule = Literal["equal", "pca", "entropy", "benefit-of-doubt"]
Impute = Literal["mean", "median", "country"]
Treat = Literal["winsorise", "log"]
Penalty = Literal["down", "up"]
Weights: TypeAlias = "Mapping[str, float] | WeightRule"
Progress: TypeAlias = "Callable[[Iterable[int]], Iterable[int]]"


@dataclass(frozen=True, slots=True)
class IndexOptions:
    """What may be done to indicators before they enter an index; nothing is unless given.

    Attributes
    ----------
    denominators
        Column to the column that it is divided by, such as ``{"patents": "population"}``. Columns that
        only divide are no part of the index.
    impute
        Fill missing values by the ``mean`` or ``median`` of the column, or by the median of the regions of
        the same ``country``.
    logs
        Columns, above zero, of which natural logarithms are taken; goalposts stay in the units of the data.
    treat
        Treat columns whose skewness is beyond 2 and kurtosis beyond 3.5: ``winsorise`` up to five of the
        outermost values, and take logs where that is not enough; or ``log`` at once.
    goalposts
        Column to its (low, high) goalposts, for ``normalise="goalposts"``.
    cut
        Whether values beyond a goalpost are cut to it. If not, the scale goes on: (0, m) for each column
        gives per cent of the values m, such as those of the whole country.
    aggregates
        Group to its own way to aggregate, where it differs from ``aggregate``: ``arithmetic``,
        ``geometric`` or ``ces``; the whole is the group ``index``.
    power
        Of the ``ces`` mean: 1 is the arithmetic mean, near 0 the geometric, below that ever less
        compensation for low values.
    bounds
        Least and greatest share of a member in the score of its group, for ``benefit-of-doubt`` weights.
    penalty
        Of the Mazziotta-Pareto index: ``down`` where high is good, ``up`` where high is bad.
    national
        Indicators known for whole countries, a row for each country: every region gets its country's value.
    national_se
        Their standard errors: values are then drawn towards the mean of the countries, the more so the
        larger the error beside the spread between countries (empirical Bayes).
    """

    denominators: Mapping[str, str] | None = None
    impute: Impute | None = None
    treat: Treat | None = None
    logs: Sequence[str] = ()
    goalposts: Mapping[str, tuple[float, float]] | None = None
    cut: bool = True
    aggregates: Mapping[str, Aggregate] | None = None
    power: float = 0.5
    bounds: tuple[float, float] | None = None
    penalty: Penalty = "down"
    national: pd.DataFrame | None = None
    national_se: pd.DataFrame | None = None

    def __post_init__(self) -> None:
        """Refuse words that are no options."""
        if self.impute is not None:
            _contract.option(self.impute, get_args(Impute), name="impute")
        if self.treat is not None:
            _contract.option(self.treat, get_args(Treat), name="treat")
        for group, rule in dict(self.aggregates or {}).items():
            _contract.option(rule, ("arithmetic", "geometric", "ces"), name=f"aggregates[{group!r}]")
        _contract.option(self.penalty, get_args(Penalty), name="penalty")
        if self.national is None and self.national_se is not None:
            message = "national_se are the errors of the national indicators: give national too."
            raise OptionError(message)


@dataclass(frozen=True, slots=True)
class Recipe:
    """How normalised indicators become an index: rules of weights and of aggregation."""

    normalise: str
    aggregate: str
    power: float
    penalty: str
    apart: Mapping[str, str] = field(default_factory=dict)

    def of(self, group: str) -> Recipe:
        """Return the recipe of a group, which may have its own way to aggregate."""
        return self if group not in self.apart else replace(self, aggregate=self.apart[group])

    def takes_logs(self) -> bool:
        """Return whether any mean is one of logarithms, which need values above zero."""
        rules = {self.aggregate, *self.apart.values()}
        return "geometric" in rules or ("ces" in rules and self.power <= 0)


def recipe(normalise: str, aggregate: str, options: IndexOptions) -> Recipe:
    """Return the rules if their words are options and go together."""
    _contract.option(normalise, get_args(Normalise), name="normalise")
    _contract.option(aggregate, get_args(Aggregate), name="aggregate")
    found = Recipe(normalise, aggregate, options.power, options.penalty, dict(options.aggregates or {}))
    for unsuited, message in _refusals(found, options):
        if unsuited:
            raise OptionError(message)
    return found


def _refusals(found: Recipe, options: IndexOptions) -> list[tuple[bool, str]]:
    """Return what does not go together, whether it is so here, and what to do instead."""
    scale, rules = found.normalise, {found.aggregate, *found.apart.values()}
    mpi = "mazziotta-pareto" in rules
    return [
        (scale == "z" and "geometric" in rules, _GEOMETRIC_OF_Z),
        (scale == "z" and "ces" in rules, _CES_OF_Z),
        (mpi and scale not in {"minmax", "z", "goalposts"}, _SCALE_OF_MPI.format(scale)),
        (mpi and bool(found.apart), _MPI_ALONE),
        (scale == "goalposts" and not options.goalposts, _POSTS_ABSENT),
        (scale == "goalposts" and options.treat is not None, _POSTS_TREATED),
    ]


_GEOMETRIC_OF_Z = (
    "A geometric mean needs values above zero, and z-scores are negative for half of the regions. Take "
    "normalise='minmax' (then on a scale of 1 to 100), 'rank' or 'goalposts'."
)
_CES_OF_Z = "A CES mean needs values of zero or more, and z-scores are not. Take normalise='minmax'."
_SCALE_OF_MPI = (
    "The Mazziotta-Pareto index standardises by itself (to mean 100 and standard deviation 10), or on "
    "goalposts (70 to 130); normalise={!r} does not go with it."
)
_MPI_ALONE = "The Mazziotta-Pareto index has a scale of its own: leave aggregates out beside it."
_POSTS_ABSENT = "normalise='goalposts' needs IndexOptions(goalposts={column: (low, high)})."
_POSTS_TREATED = (
    "Goalposts are in the units of the data, which treat may turn into logs, and cut outliers themselves. "
    "Leave treat out."
)


@dataclass(frozen=True, slots=True)
class RankOptions:
    """The options of each choice that ranks are drawn over; the first of each makes the baseline.

    Attributes
    ----------
    normalise
        ``minmax``, ``z``, ``rank``, ``frontier``, or ``goalposts``, which are given in ``index``.
    aggregate
        ``arithmetic``, ``geometric``, ``ces`` or ``mazziotta-pareto``.
    treat
        None, ``winsorise`` or ``log``; between goalposts, which cut outliers themselves, nothing is treated.
    impute
        ``mean``, ``median`` or ``country``, needed where values are missing.
    weight_spread
        Mean relative standard deviation of weights around those given; 0 keeps them.
    noise
        Standard deviation of noise as a share of each indicator's own; 0 for exact data.
    se
        Standard errors of the values, by region and indicator, instead of ``noise``.
    top
        Ranks that count as the top.
    sobol
        Base sample of the Sobol indices, a power of two; 0 leaves them out.
    index
        What is done in every draw: denominators, national indicators, goalposts, power and penalty.
    progress
        Wraps the iterable of blocks of draws to show progress, for example ``tqdm.tqdm``.
    """

    normalise: tuple[Normalise, ...] = ("minmax", "z", "rank")
    aggregate: tuple[Aggregate, ...] = ("arithmetic", "geometric")
    treat: tuple[Treat | None, ...] = (None, "winsorise")
    impute: tuple[Impute, ...] = ()
    weight_spread: float = 0.3
    noise: float = 0.1
    se: pd.DataFrame | None = None
    top: int = 10
    sobol: int = 64
    index: IndexOptions = IndexOptions()
    progress: Progress | None = None

    def __post_init__(self) -> None:
        """Refuse what are no options."""
        _each(self.normalise, get_args(Normalise), name="normalise")
        _each(self.aggregate, get_args(Aggregate), name="aggregate")
        _each(
            tuple(rule for rule in self.treat if rule), get_args(Treat), name="treat", none=None in self.treat
        )
        _each(self.impute, get_args(Impute), name="impute", none=True)
        _contract.positive(self.weight_spread, name="weight_spread", zero=True)
        _contract.positive(self.noise, name="noise", zero=True)
        _contract.whole(self.top, name="top")
        _contract.whole(self.sobol, name="sobol", least=0)
        if self.sobol & (self.sobol - 1):
            message = f"sobol must be a power of two, or 0 for no Sobol indices; {self.sobol} was given."
            raise OptionError(message)
        if self.index.impute or self.index.treat or self.index.bounds:
            message = (
                "Imputation and treatment are choices: give them to RankOptions, not to its IndexOptions, in "
                "which bounds have no place either."
            )
            raise OptionError(message)
        if ("goalposts" in self.normalise) != bool(self.index.goalposts):
            message = (
                "Goalposts are given in RankOptions(index=IndexOptions(goalposts={column: (low, high)})) "
                "where 'goalposts' is among the options of normalise, and only there."
            )
            raise OptionError(message)


def _each(given: tuple[str, ...], allowed: tuple[str, ...], *, name: str, none: bool = False) -> None:
    """Refuse words that are no options, the same word twice, and no word at all unless none will do."""
    if isinstance(given, str):
        message = f"{name} must be a tuple of options, such as ({given!r},); {given!r} was given."
        raise OptionError(message)
    for word in given:
        _contract.option(word, allowed, name=name)
    if len(set(given)) < len(given) or not (given or none):
        message = f"{name} must have at least one option, each once; {given!r} was given."
        raise OptionError(message)
