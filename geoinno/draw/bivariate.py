"""Crossings: two indicators on one map, each in a few classes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

import numpy as np

from geoinno._contract import numbers, polygons
from geoinno.draw import palette
from geoinno.draw._layers.layer import Key, Layer, Legend, Square
from geoinno.draw._layers.names import bare_shapes, lead_columns, values_in_words
from geoinno.draw._layers.words import limits_in_words
from geoinno.errors import ColumnError, OptionError

if TYPE_CHECKING:
    import pandas as pd
    from geopandas import GeoDataFrame
    from numpy.typing import NDArray

_WORDS = {2: ("low", "high"), 3: ("low", "middle", "high")}
_ALIKE = 0.8
_MOST_LETTERS = 24


def bivariate(
    regions: GeoDataFrame,
    first: pd.Series,
    second: pd.Series,
    *,
    count: Literal[2, 3] = 3,
    corners: tuple[str, str, str, str] | None = None,
    title: str = "",
    legend: str = "",
) -> Layer:
    """Fill regions by two indicators at once, each in classes of equally many regions.

    Parameters
    ----------
    regions
        Polygons indexed by region id.
    first, second
        Numbers by region id, with the names that the legend shows; the first runs across the legend, the
        second up. A region that lacks either is hatched.
    count
        Classes of each: 3, or 2. Readers cannot tell sixteen colours, so 4 is refused.
    corners
        What to call the corners of the legend: low in both, high in the first alone, high in the second
        alone, high in both.
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
        If ``count`` is neither 2 nor 3, ``corners`` are not four, or an indicator has fewer different values
        than classes.

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
    if count not in _WORDS:
        message = f"count must be 2 or 3: readers cannot tell more colours; {count!r} was given."
        raise OptionError(message)
    if corners is not None and len(corners) != 4:  # noqa: PLR2004 - a square has four
        message = f"corners names all four corners of the legend; {len(corners)} were given."
        raise OptionError(message)
    polygons(regions)
    both = [numbers(v, regions=regions, missing=True) for v in (first, second)]
    names = [str(v.name or word) for v, word in zip(both, ("first", "second"), strict=True)]
    names[1] += " (second)" if names[0] == names[1] else ""
    limits = [_limits(values, count) for values in both]
    place = [
        np.searchsorted(edges, values.to_numpy(), side="left")
        for values, edges in zip(both, limits, strict=True)
    ]
    missing = (both[0].isna() | both[1].isna()).to_numpy()
    cells = count**2
    codes = np.where(missing, cells, (count - 1 - place[1]) * count + place[0])
    keys = _keys(codes, names, corners, side=count)
    if missing.any():
        keys.append(Key("no data", palette.NO_DATA, "hatch", count=int(missing.sum())))
    words = [
        tuple(limits_in_words([v.min(), *edges, v.max()])[1:-1])
        for v, edges in zip(both, limits, strict=True)
    ]
    square = Square(_short(names[0]), _short(names[1]), *words)
    lead = lead_columns(regions)
    told = {name: values_in_words(values) for name, values in zip(names, both, strict=True)}
    heading = legend or title or f"{names[0]} and {names[1]}"
    return Layer(
        kind="fills",
        name=title or heading,
        shapes=bare_shapes(regions).assign(code=codes, dotted=False),
        legends=(Legend(heading, tuple(keys), _note(corners), square),),
        tips=lead.assign(**told, Class=[keys[code].label for code in codes]),
        table=lead.rename(columns={"": "region"}).assign(**dict(zip(names, both, strict=True))),
        described=f"{keys[count - 1].count} regions are high, {keys[cells - count].count} low in both.",
        concerns=_concerns(both, names),
    )


def _limits(values: pd.Series, count: int) -> NDArray[np.float64]:
    """Return the limits between classes of equally many regions."""
    known = values.dropna()
    edges = np.unique(np.quantile(known, np.arange(1, count) / count)) if len(known) else np.empty(0)
    if len(edges) < count - 1 or edges[0] >= known.max():
        message = f"Column {values.name!r} has too few different values for {count} classes."
        raise ColumnError(message)
    return np.asarray(edges, np.float64)


def _keys(
    codes: NDArray[np.intp], names: list[str], corners: tuple[str, str, str, str] | None, *, side: int
) -> list[Key]:
    """Return the cells of the square, row by row from the top."""
    picked = [0, 2] if side == 2 else [0, 1, 2]  # noqa: PLR2004
    words, last = _WORDS[side], side - 1
    called = dict(zip(((0, 0), (0, last), (last, 0), (last, last)), corners or (), strict=False))
    keys: list[Key] = []
    for row in reversed(range(side)):
        for column in range(side):
            usual = f"{words[column]} {names[0]}, {words[row]} {names[1]}"
            label = called.get((row, column), usual)
            fill = palette.BIVARIATE[picked[row]][picked[column]]
            keys.append(Key(label, fill, count=int(np.count_nonzero(codes == len(keys)))))
    return keys


def _note(corners: tuple[str, str, str, str] | None) -> str:
    """Return what the corners of the square are called."""
    if corners is None:
        return ""
    low, across, up, both = corners
    return f"Top left: {up}. Top right: {both}. Bottom left: {low}. Bottom right: {across}."


def _short(name: str) -> str:
    """Return a name that fits beside the square."""
    return name if len(name) <= _MOST_LETTERS else name[: _MOST_LETTERS - 1] + "\u2026"


def _concerns(both: list[pd.Series], names: list[str]) -> tuple[str, ...]:
    """Return a warning where two indicators say the same."""
    rho = float(both[0].rank().corr(both[1].rank()))
    if abs(rho) <= _ALIKE:
        return ()
    return (f"{names[0]!r} and {names[1]!r} go together (rank correlation {rho:.2f}): one map would do.",)
