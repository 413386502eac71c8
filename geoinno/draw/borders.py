"""Edges: stretches of border, as wide as the contrast between their two sides."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from geoinno._contract import named, numbers, sound_regions
from geoinno.draw import palette
from geoinno.draw._layers.layer import Key, Layer, Legend
from geoinno.draw._layers.names import ranks_in_words, values_in_words
from geoinno.draw._layers.words import DASH, limits_in_words, number
from geoinno.errors import ColumnError, OptionError

if TYPE_CHECKING:
    from geopandas import GeoDataFrame
    from numpy.typing import NDArray

_WIDTHS = (0.8, 1.4, 2.4, 3.6)
_SHARES = (0.5, 0.75, 0.9)
_SIDE = 3
_NEEDED = ("first", "second", "kind", "length_km")


def border_lines(
    segments: GeoDataFrame,
    values: pd.Series,
    *,
    colour: pd.Series | None = None,
    midpoint: float | None = None,
    threshold: float = 0.75,
    title: str = "",
    legend: str = "",
    colour_legend: str = "",
) -> Layer:
    """Draw borders, the wider the more their two sides differ.

    All foreign segments are drawn, domestic ones only where the contrast is among the highest.

    Parameters
    ----------
    segments
        From `geoinno.measure.segments`.
    values
        The contrast of each segment (zero or more), as `geoinno.measure.contrast` gives it.
    colour
        A second number by segment, such as its permeability, in five classes of colour; domestic and
        foreign segments differ in colour unless given. Missing ones are grey.
    midpoint
        Of ``colour``: a meaningful middle (1 for permeability) from which colours diverge.
    threshold
        Domestic segments are drawn above this quantile (0..1) of all contrasts.
    title
        What the layer shows.
    legend, colour_legend
        Titles of the legends of width and colour, with units.

    Returns
    -------
    Layer
        Widths by the quantiles .5, .75 and .9 of all contrasts; the note tells what is not drawn.

    Raises
    ------
    ColumnError
        If segments lack a column, a contrast is missing or negative, or no border is to be drawn.
    AlignmentError
        If values speak of other segments.

    Examples
    --------
    >>> import geoinno as gi
    >>> place = gi.read.sample("central_asia")
    >>> edges = gi.measure.segments(place.regions)
    >>> layer = gi.draw.border_lines(edges, gi.measure.contrast(place.regions["primacy"], edges))
    >>> layer.kind
    'lines'
    """
    heading = legend or title or str(values.name or "contrast")
    level = _level(segments, values, threshold)
    foreign = (segments["kind"] == "foreign").to_numpy()
    drawn = foreign | (level > level.quantile(threshold)).to_numpy()
    if not drawn.any():
        message = "No segment is foreign, and none is above the threshold: there is no border to draw."
        raise ColumnError(message)
    limits = [level.min(), *level.quantile(_SHARES), level.max()]
    rank = np.searchsorted(limits[1:-1], level.to_numpy(), side="left")
    shown = segments[drawn]
    fill, keys = _coloured(colour, shown, midpoint)
    shapes = shown[["first", "second", segments.geometry.name]].assign(
        width=np.asarray(_WIDTHS)[rank[drawn]], fill=fill
    )
    tips = _tips(segments, level, heading)
    if colour is not None:
        second = numbers(colour, ids=segments.index, missing=True, what="colour", against="segments")
        told = colour_legend or str(colour.name or "colour")
        tips[told if told != heading else f"{told} (colour)"] = values_in_words(second, "unknown")
    return Layer(
        kind="lines",
        name=title or heading,
        shapes=shapes,
        legends=(
            Legend(heading, _width_keys(limits, rank[drawn]), _note(level, foreign, drawn)),
            Legend(colour_legend or ("Borders" if colour is None else str(colour.name or "colour")), keys),
        ),
        tips=tips[drawn],
        table=tips.rename(columns={"": "border"}).assign(**{heading: level}),
        described=_described(segments, level),
    )


def _level(segments: GeoDataFrame, values: pd.Series, threshold: float) -> pd.Series:
    """Return the contrast of each segment, once all that is asked for is known to make sense."""
    absent = [column for column in _NEEDED if column not in sound_regions(segments).columns]
    if absent:
        message = f"The segments have no column {named(absent)}; they come from gi.measure.segments."
        raise ColumnError(message)
    if not 0 <= threshold <= 1:
        message = f"threshold is a quantile from 0 to 1; {threshold!r} was given."
        raise OptionError(message)
    level = numbers(values, ids=segments.index, against="segments")
    below = level.index[level < 0]
    if len(below):
        message = f"A contrast is zero or more; column {values.name!r} is negative in {named(below)}."
        raise ColumnError(message)
    return level


def _tips(segments: GeoDataFrame, level: pd.Series, heading: str) -> pd.DataFrame:
    """Return what a reader learns of each segment."""
    sides = [segments.get(f"{side}_name", segments[side]) for side in ("first", "second")]
    return pd.DataFrame(
        {
            "": [f"{a} {DASH} {b}" for a, b in zip(*sides, strict=True)],
            "kind": segments["kind"].astype("object"),
            heading: values_in_words(level),
            "Rank": ranks_in_words(level),
            "length, km": values_in_words(segments["length_km"].round()),
        },
        index=segments.index,
    )


def _coloured(
    colour: pd.Series | None, shown: GeoDataFrame, midpoint: float | None
) -> tuple[NDArray[np.object_], tuple[Key, ...]]:
    """Return the colour of each drawn segment, and the keys of all."""
    if colour is None:
        foreign = (shown["kind"] == "foreign").to_numpy()
        kinds = {"within a country": (palette.FLOW_DOMESTIC, ~foreign)}
        kinds["between countries"] = (palette.FLOW_CROSS_BORDER, foreign)
        keys = [Key(w, c, symbol="line", size=3, count=int(m.sum())) for w, (c, m) in kinds.items()]
        return np.where(foreign, palette.FLOW_CROSS_BORDER, palette.FLOW_DOMESTIC).astype(object), tuple(keys)
    from geoinno.classify import limits

    known = numbers(colour.reindex(shown.index), missing=True)
    if known.isna().all():
        message = f"Column {colour.name!r} has no value for any of the {len(shown)} borders that are drawn."
        raise ColumnError(message)
    edges = [float(v) for v in limits(known.dropna(), scheme="quantiles", count=5)]
    tones = palette.ramp(palette.BORDERS, len(edges) - 1)
    if midpoint is not None:
        edges, tones = _parted(edges, midpoint)
    place = np.clip(np.searchsorted(edges[1:-1], known.to_numpy(), side="left"), 0, len(tones) - 1)
    fill = np.where(known.isna(), palette.UNKNOWN_LINE, np.asarray(tones, dtype=object)[place])
    spans = [f"{a} {DASH} {b}" for a, b in pairwise(limits_in_words(edges))]
    keys = [
        Key(span, tone, symbol="line", size=3, count=int((fill == tone).sum()))
        for span, tone in reversed(list(zip(spans, tones, strict=True)))
    ]
    if known.isna().any():
        unknown = int(known.isna().sum())
        keys.append(Key("unknown", palette.UNKNOWN_LINE, symbol="line", size=3, count=unknown))
    return fill, tuple(keys)


def _parted(edges: list[float], midpoint: float) -> tuple[list[float], tuple[str, ...]]:
    """Return limits with the midpoint among them, at most three classes on each side, and their colours."""
    below, above = [e for e in edges if e < midpoint], [e for e in edges if e > midpoint]
    below = below if len(below) <= _SIDE else [below[0], *below[1 - _SIDE :]]
    above = above if len(above) <= _SIDE else [*above[: _SIDE - 1], above[-1]]
    tones = palette.BORDERS_DIVERGING
    return [*below, midpoint, *above], tones[_SIDE - len(below) : _SIDE + len(above)]


def _width_keys(limits: list[float], rank: NDArray[np.intp]) -> tuple[Key, ...]:
    """Return a key for each width, the widest first."""
    spans = [f"{a} {DASH} {b}" for a, b in pairwise(limits_in_words(limits))]
    keys = [
        Key(span, palette.FLOW_DOMESTIC, symbol="line", size=width, count=int((rank == i).sum()))
        for i, (span, width) in enumerate(zip(spans, _WIDTHS, strict=True))
    ]
    return tuple(reversed(keys))


def _note(level: pd.Series, foreign: NDArray[np.bool_], drawn: NDArray[np.bool_]) -> str:
    """Return how many segments are drawn, and what share of all contrast lies between countries."""
    total = level.sum()
    share = level[foreign].sum() / total if total else 0.0
    return (
        f"{int(drawn.sum())} of {len(level)} borders drawn: all between countries, the sharpest within. "
        f"Between countries lies {share:.0%} of all contrast."
    )


def _described(segments: GeoDataFrame, level: pd.Series) -> str:
    """Return the sharpest borders in one sentence."""
    top = level.sort_values(ascending=False, kind="stable").head(2)
    told = [
        f"{segments.loc[i, 'first']} to {segments.loc[i, 'second']} ({number(v)})" for i, v in top.items()
    ]
    return f"sharpest {', '.join(told)}."
