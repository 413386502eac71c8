"""Bivariate maps: two indicators on one map, each in a few classes."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Literal

import numpy as np

from geoinno._contract import colour, numbers, option, polygons
from geoinno.draw import palette as tones
from geoinno.draw._layers.headings import begun, in_words
from geoinno.draw._layers.layer import Key, Layer, Legend, Square
from geoinno.draw._layers.names import aliases, bare_shapes, lead_columns, values_in_words
from geoinno.draw._layers.phrases import Phrase
from geoinno.draw._layers.words import cut_short, limits_in_words
from geoinno.errors import ColumnError, OptionError

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pandas as pd
    from geopandas import GeoDataFrame

    from geoinno._types import Floats, Ints
    from geoinno.draw._layers.notation import Numerals

    Corners = tuple[str, str, str, str]

_WORDS = {2: ("low", "high"), 3: ("low", "middle", "high")}
_ALIKE = 0.8
_MOST_LETTERS, _CELLS = 24, 3


def bivariate(
    regions: GeoDataFrame,
    first: pd.Series | str,
    second: pd.Series | str,
    *,
    count: Literal[2, 3] = 3,
    corners: Corners | None = None,
    palette: str | Sequence[Sequence[str]] = tones.BIVARIATE_DEFAULT,
    title: str = "",
    legend: str = "",
) -> Layer:
    """Fill regions by two indicators at once, each in quantile classes.

    Parameters
    ----------
    regions
        Polygons indexed by region id.
    first, second
        Numbers by region id, or the names of columns of the regions; the legend shows their names. The first
        runs across the legend, the second up. A region without a value of either is hatched.
    count
        Number of classes of each: 3 or 2. Readers cannot tell sixteen colours apart, so 4 is refused.
    corners
        Labels of the corners of the legend: low in both, high only in the first, high only in the second,
        high in both.
    palette
        ``blue-orange``, ``purple-gold`` or ``green-pink``, safe for colour-blind readers; or three
        rows of three colours: within a row from low to high of the first indicator, by row of the second.
    title
        What the layer shows.
    legend
        Title of the legend.

    Returns
    -------
    Layer
        Its legend is a square with the number of regions in each cell.

    Raises
    ------
    ColumnError
        If an indicator has fewer different values than classes. Ties are never split, so that classes may be
        uneven.
    OptionError
        If ``count`` is neither 2 nor 3, ``corners`` are not four, or ``palette`` is none.

    References
    ----------
    Brewer, C. A. (1994). Color use guidelines for mapping and visualization. In: MacEachren, A. M. and
    Taylor, D. R. F. (eds.), Visualization in Modern Cartography. Oxford: Pergamon, 123-147.

    Examples
    --------
    >>> import geoinno as gi
    >>> place = gi.read.sample("central_asia")
    >>> both = gi.draw.bivariate(place.regions, place.regions["primacy"], place.regions["city_population"])
    >>> both.legends[0].square.side
    3
    """
    _checked(count, corners)
    across, up = _indicators(polygons(regions), (first, second), count)
    missing = (across.level.isna() | up.level.isna()).to_numpy()
    # Cells are counted row by row from the top left; what lacks a value comes after the last.
    codes = np.where(missing, count**2, (count - 1 - up.place) * count + across.place)
    keys = _keys(codes, (across.words, up.words), corners, square=_square(palette, count))
    if missing.any():
        keys.append(Key(Phrase("no data"), tones.NO_DATA, "hatch", count=int(missing.sum())))
    sides = (across.limits_in_words, up.limits_in_words)
    titles = (_titled(across.heading, sides[0].factor), _titled(up.heading, sides[1].factor))
    square = Square(*titles, *(limits.words for limits in sides))
    lead = lead_columns(regions)
    cells = {one.name: values_in_words(one.level) for one in (across, up)}
    heading = legend or title or Phrase("{first} and {second}", first=across.heading, second=up.words)
    return Layer(
        kind="fills",
        name=title or heading,
        aliases=aliases(regions),
        shapes=bare_shapes(regions).assign(code=codes, dotted=False),
        legends=(Legend(heading, tuple(keys), _note(corners), square),),
        tips=lead.assign(**cells, Class=[keys[code].label for code in codes]),
        table=lead.rename(columns={"": "region"}).assign(**{one.name: one.level for one in (across, up)}),
        described=_described(keys, count),
        glossary={one.name: one.heading for one in (across, up) if one.name != one.heading},
        concerns=_concerns(across, up),
    )


@dataclass(frozen=True, slots=True, eq=False)
class _Indicator:
    """One of the two: its name, its words on the map, its level, and the limits between its classes."""

    name: str
    words: str
    heading: str
    level: pd.Series
    limits: Floats

    @property
    def place(self) -> Ints:
        """The class of each region, from the lowest."""
        return np.searchsorted(self.limits, self.level.to_numpy(), side="left")

    @property
    def limits_in_words(self) -> Numerals:
        """The limits between classes, rounded as far as all stay distinct."""
        every = limits_in_words([self.level.min(), *self.limits, self.level.max()])
        return replace(every, words=every.words[1:-1])


def _checked(count: int, corners: Corners | None) -> None:
    """Raise where the legend could not be drawn."""
    if count not in _WORDS:
        message = f"count must be 2 or 3: readers cannot tell more colours apart; {count!r} was given."
        raise OptionError(message)
    if corners is not None and len(corners) != 4:  # noqa: PLR2004 - a square has four
        message = f"corners must name all four corners of the legend; {len(corners)} were given."
        raise OptionError(message)


def _indicators(
    regions: GeoDataFrame, given: tuple[pd.Series | str, pd.Series | str], count: int
) -> tuple[_Indicator, _Indicator]:
    """Return both indicators, under names that differ."""
    first, second = (numbers(values, regions=regions, missing=True) for values in given)
    names = str(first.name or "first"), str(second.name or "second")
    twin = " (second)" if in_words(names[0]) == in_words(names[1]) else ""
    return (
        _Indicator(names[0], in_words(names[0]), begun(names[0]), level=first, limits=_limits(first, count)),
        _Indicator(
            names[1] + twin,
            in_words(names[1]) + twin,
            begun(names[1]) + twin,
            level=second,
            limits=_limits(second, count),
        ),
    )


def _limits(values: pd.Series, count: int) -> Floats:
    """Return the limits between classes of equally many regions, or as nearly as ties allow."""
    known = values.dropna().to_numpy(np.float64)
    distinct = len(np.unique(known))
    if distinct < count:
        remedy = "use count=2" if distinct == 2 else "draw the other indicator alone"  # noqa: PLR2004 - classes
        message = (
            f"Column {values.name!r} has too few different values for {count} classes "
            f"({distinct} of them): {remedy}."
        )
        raise ColumnError(message)
    edges = np.quantile(known, np.arange(1, count) / count)
    filled = np.diff(np.searchsorted(np.sort(known), edges, side="right"), prepend=0, append=len(known)) > 0
    return edges if filled.all() else _between_ties(known, count)


def _between_ties(known: Floats, count: int) -> Floats:
    """Return limits that leave no class empty: each halves, or thirds, what lies above the one before.

    Half of all regions may have no patent: they are one class, and the others are parted among themselves.
    """
    edges = []
    for left in range(count, 1, -1):
        edges.append(min(np.quantile(known, 1 / left), np.unique(known)[-left]))
        known = known[known > edges[-1]]
    return np.asarray(edges)


def _square(palette: str | Sequence[Sequence[str]], side: int) -> list[list[str]]:
    """Return the colours of the cells, by row from low to high; two classes take the corners of nine."""
    if isinstance(palette, str):
        rows = tones.BIVARIATES[option(palette, tuple(tones.BIVARIATES), name="palette")]
    elif len(palette) != _CELLS or any(isinstance(row, str) or len(row) != _CELLS for row in palette):
        message = "palette needs a name or three rows of three colours, from low to high of the second."
        raise OptionError(message)
    else:
        rows = tuple(tuple(colour(one, name="Every entry of the palette") for one in row) for row in palette)
    picked = [0, 2] if side == 2 else [0, 1, 2]  # noqa: PLR2004
    return [[rows[row][column] for column in picked] for row in picked]


def _keys(
    codes: Ints, names: tuple[str, str], corners: Corners | None, *, square: list[list[str]]
) -> list[Key]:
    """Return the cells of the square, row by row from the top."""
    side = len(square)
    words, last = _WORDS[side], side - 1
    corner = dict(zip(((0, 0), (0, last), (last, 0), (last, last)), corners or (), strict=False))
    keys: list[Key] = []
    for row in reversed(range(side)):
        for column in range(side):
            usual = Phrase(
                "{low} {first}, {high} {second}",
                low=Phrase(words[column]),
                first=names[0],
                high=Phrase(words[row]),
                second=names[1],
            )
            label = corner.get((row, column), usual)
            count = int(np.count_nonzero(codes == len(keys)))
            keys.append(Key(label, square[row][column], count=count))
    return keys


def _described(keys: list[Key], side: int) -> Phrase:
    """Return how many regions are high in both, and low in both."""
    high, low = keys[side - 1].count or 0, keys[side * (side - 1)].count or 0
    return Phrase("{high:region is|regions are} high in both, {low} low in both.", high=high, low=low)


def _note(corners: Corners | None) -> str:
    """Return what the corners of the square are called."""
    if corners is None:
        return ""
    low, across, up, both = corners
    return Phrase(
        "Top left: {up}. Top right: {both}. Bottom left: {low}. Bottom right: {across}.",
        up=up,
        both=both,
        low=low,
        across=across,
    )


def _titled(name: str, factor: str) -> str:
    """Return a name that fits beside the square, with what its limits are multiples of."""
    if not factor:
        return cut_short(name, _MOST_LETTERS)
    return f"{cut_short(name, _MOST_LETTERS - len(factor) - 1)} {factor}"


def _concerns(across: _Indicator, up: _Indicator) -> tuple[str, ...]:
    """Return a warning where two indicators say the same."""
    rho = float(across.level.rank().corr(up.level.rank()))
    if abs(rho) <= _ALIKE:
        return ()
    return (
        f"{across.name!r} and {up.name!r} are related (rank correlation {rho:.2f}): one of them would do.",
    )
