"""Intervals in print: ranks with their whiskers, and goals beside what is attainable."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import pandas as pd

from geoinno._contract import named, option, result, sound_regions, whole
from geoinno._language import ENGLISH, LANGUAGES, percent_mark, translated
from geoinno._types import LEVEL
from geoinno.draw._layers.dots import Dots
from geoinno.draw._layers.headings import begun
from geoinno.draw._layers.names import names
from geoinno.errors import ColumnError, OptionError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from geopandas import GeoDataFrame
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from geoinno.measure import Goals, RankIntervals

_SURE = 0.95
_EVEN = 0.5
#: What keys and axes say, in English; catalogues have other languages.
WORDS = (
    "median (full: best {count} in {level} of draws)",
    "middle {level} of draws",
    "baseline",
    "Rank of {count} regions",
    "attainable (full: goal likely within reach)",
    "{level} interval",
    "goal",
)


def rank_dots(
    ranks: RankIntervals,
    *,
    regions: GeoDataFrame | None = None,
    chosen: Sequence[str] | None = None,
    count: int = 30,
    title: str = "",
    width_mm: float = 110,
    ax: Axes | None = None,
    lang: str = ENGLISH,
) -> Figure:
    """Draw ranks with their whiskers, the best at the top.

    A dot is the median rank over all draws, its line the middle 95% of them: regions whose lines overlap
    cannot be ranked against each other. A diamond is the rank by the first option of every choice. Full dots
    are among the top ranks in at least 95% of draws.

    Parameters
    ----------
    ranks
        From `geoinno.measure.rank_intervals`.
    regions
        Regions whose ``name`` is written, instead of the id.
    chosen
        Ids of the regions to draw, instead of the best.
    count
        How many of the best are drawn.
    title
        Above the plot.
    width_mm
        Width in print.
    ax
        Axes of matplotlib to draw in, as beside a map; a new figure unless given.
    lang
        Language of axis and key, as of `sheet`.

    Returns
    -------
    Figure
        Of matplotlib; ``figure.savefig(path)`` writes it.

    Raises
    ------
    ColumnError
        If regions or chosen ids are not those of the ranks.

    Examples
    --------
    >>> import geoinno as gi
    >>> regions = gi.read.sample("central_asia").regions
    >>> options = gi.measure.RankOptions(sobol=0)
    >>> ranks = gi.measure.rank_intervals(regions[["cities", "airports"]], draws=50, options=options)
    >>> gi.draw.rank_dots(ranks, regions=regions).axes[0].get_xlabel()
    'Rank of 48 regions'
    """
    from geoinno.draw._print.dots import dots_figure
    from geoinno.measure import RankIntervals

    result(ranks, RankIntervals, name="ranks", source="gi.measure.rank_intervals")
    say = _Words(option(lang, LANGUAGES, name="lang"))
    table = ranks.table.sort_values(["rank", "baseline"])
    if chosen is not None:
        table = table.loc[table.index.isin(_known(list(chosen), table.index))]
    rows = table.head(whole(count, name="count")) if chosen is None else table
    top = ranks.top_count
    dots = Dots(
        name=_written(rows.index, regions),
        middle=rows["rank"].to_numpy(float),
        low=rows["low"].to_numpy(float),
        high=rows["high"].to_numpy(float),
        mark=rows["baseline"].to_numpy(float),
        filled=tuple(rows["top"] >= _SURE),
        words=(say(0, count=top), say(1), say(2)),
        xlabel=say(3, count=f"{len(ranks.table):,}"),
    )
    return dots_figure(dots, title=title, width_mm=width_mm, ax=ax)


def goal_dots(
    goals: Goals,
    *,
    outcome: str | None = None,
    regions: GeoDataFrame | None = None,
    count: int = 30,
    title: str = "",
    width_mm: float = 110,
    ax: Axes | None = None,
    lang: str = ENGLISH,
) -> Figure:
    """Draw goals beside what is attainable, the goals farthest out of reach at the top.

    A dot is what regions with no more resources reach, its line the 95% interval of the bootstrap, a diamond
    the goal. Full dots are of goals that are more likely than not within reach.

    Parameters
    ----------
    goals
        From `geoinno.measure.attainable`.
    outcome
        Which outcome, where there are goals for several.
    regions
        Regions whose ``name`` is written, instead of the id.
    count
        How many goals are drawn.
    title
        Above the plot.
    width_mm
        Width in print.
    ax
        Axes of matplotlib to draw in, as beside a map; a new figure unless given.
    lang
        Language of axis and key, as of `sheet`.

    Returns
    -------
    Figure
        Of matplotlib; ``figure.savefig(path)`` writes it.

    Raises
    ------
    OptionError
        If the outcome is not named, or has no goals.

    Examples
    --------
    >>> import geoinno as gi
    >>> regions = gi.read.sample("central_asia").regions
    >>> reached, means = regions[["city_population"]], regions[["cities"]]
    >>> goals = gi.measure.attainable(reached["city_population"] * 1.5, reached, means)
    >>> gi.draw.goal_dots(goals, regions=regions, count=10).axes[0].get_xlabel()
    'City population'
    """
    from geoinno.draw._print.dots import dots_figure
    from geoinno.measure import Goals

    result(goals, Goals, name="goals", source="gi.measure.attainable")
    say = _Words(option(lang, LANGUAGES, name="lang"))
    every = list(goals.frontier.index.get_level_values("outcome").unique())
    name = every[0] if outcome is None and len(every) == 1 else outcome
    if name not in every:
        message = f"outcome must be one that goals are set for: {named(every)}; {outcome!r} was given."
        raise OptionError(message)
    table = goals.table
    if isinstance(table.index, pd.MultiIndex):
        table = table[table.index.get_level_values("outcome") == name].droplevel("outcome")
    ends = goals.frontier.xs(name, level="outcome")[["low", "high"]]
    rows = table.join(ends).dropna().sort_values("gap", ascending=False).head(whole(count, name="count"))
    dots = Dots(
        name=_written(rows.index, regions),
        middle=rows["attainable"].to_numpy(float),
        low=rows["low"].to_numpy(float),
        high=rows["high"].to_numpy(float),
        mark=rows["goal"].to_numpy(float),
        filled=tuple(rows["probability"] >= _EVEN),
        words=(say(4), say(5), say(6)),
        xlabel=begun(name),
    )
    return dots_figure(dots, title=title, width_mm=width_mm, ax=ax)


@dataclass(frozen=True, slots=True)
class _Words:
    """What keys and axes say in a language."""

    lang: str

    def __call__(self, place: int, **numbers: object) -> str:
        """Return one of the words with its numbers."""
        return translated(WORDS[place], self.lang).format(level=self._level(), **numbers)

    def _level(self) -> str:
        """Return the level of intervals in per cent."""
        return f"{100 * LEVEL:.0f}{percent_mark(self.lang)}"


def _written(ids: pd.Index, regions: GeoDataFrame | None) -> tuple[str, ...]:
    """Return what to call each region."""
    if regions is None:
        return tuple(map(str, ids))
    _known(list(ids), sound_regions(regions).index)
    return tuple(map(str, names(regions)[ids]))


def _known(ids: list[str], among: pd.Index) -> list[str]:
    """Return ids that all are among others."""
    strangers = [i for i in ids if i not in among]
    if strangers:
        message = f"These regions are not known: {named(strangers)}. Give those that the result is of."
        raise ColumnError(message)
    return ids
