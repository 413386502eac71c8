"""Border lines, drawn wider the more their two sides differ."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from geoinno._contract import finite_number, named, not_negative, numbers, polygons, sound_regions, table_of
from geoinno.draw import palette as tones
from geoinno.draw._layers.class_words import class_words, spans
from geoinno.draw._layers.classed import class_limits
from geoinno.draw._layers.diverging import two_sided
from geoinno.draw._layers.headings import Heading, heading_of
from geoinno.draw._layers.layer import Key, Layer, Legend
from geoinno.draw._layers.line_colours import DEFAULT, limits_around, line_ramp, line_sides
from geoinno.draw._layers.line_words import sharpest_in_words
from geoinno.draw._layers.names import bare_shapes, ranks_in_words, values_in_words
from geoinno.draw._layers.phrases import Phrase
from geoinno.draw._layers.words import DASH
from geoinno.errors import ColumnError, OptionError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from geopandas import GeoDataFrame

    from geoinno._types import Bools, Ints, Shapes

_WIDTHS = (0.8, 1.4, 2.4, 3.6)
_SHARES = (0.5, 0.75, 0.9)
_NEEDED = ("first", "second", "kind", "length_km")


def border_lines(  # noqa: PLR0913 - two numbers at once, each with its words
    segments: GeoDataFrame,
    values: pd.Series | str,
    *,
    colour: pd.Series | str | None = None,
    midpoint: float | None = None,
    threshold: float = 0.75,
    palette: str | Sequence[str] = DEFAULT,
    regions: GeoDataFrame | None = None,
    title: str = "",
    legend: str = "",
    colour_legend: str = "",
) -> Layer:
    """Draw borders as lines, wider the more their two sides differ.

    All foreign segments are drawn, domestic ones only where the contrast is among the highest.

    Parameters
    ----------
    segments
        From `geoinno.measure.segments`.
    values
        The contrast of each segment (zero or more), as `geoinno.measure.contrast` gives it, or the name of
        a column of the segments.
    colour
        A second number by segment (or the name of a column), such as its permeability, in five classes of
        colour; missing ones are grey. Without it domestic and foreign segments differ in colour.
    midpoint
        Of ``colour``: a meaningful middle (1 for permeability) from which colours diverge.
    threshold
        Domestic segments are drawn above this quantile (0..1) of all contrasts.
    palette
        Of ``colour``: ``pink``, or a ramp of `choropleth` by name, without its lightest part, which would be
        lost in a thin line; or colours of your own, low to high. With a midpoint a ramp that diverges.
    regions
        The polygons that the segments part, drawn pale below the lines, with their names, on a map without
        fills. Without them such a map shows the other borders as faint lines.
    title
        What the layer shows.
    legend, colour_legend
        Titles of the legends of width and colour, with units.

    Returns
    -------
    Layer
        Widths by the quantiles .5, .75 and .9 of all contrasts; the note says what is not drawn.

    Raises
    ------
    ColumnError
        If segments lack a column, a contrast is missing or negative, or no border is to be drawn.
    AlignmentError
        If values cover other segments.
    OptionError
        If ``palette`` is neither a name nor colours.

    Examples
    --------
    >>> import geoinno as gi
    >>> place = gi.read.sample("central_asia")
    >>> edges = gi.measure.segments(place.regions)
    >>> layer = gi.draw.border_lines(edges, gi.measure.contrast(place.regions["primacy"], edges))
    >>> layer.kind
    'lines'
    """
    level = _level(segments, values, threshold)
    heading = heading_of(legend or title, level.name, Phrase("contrast"))
    foreign, drawn = _drawn(segments, level, threshold)
    limits = [level.min(), *level.quantile(_SHARES), level.max()]
    rank = np.searchsorted(limits[1:-1], level.to_numpy(), side="left")
    ramp = _Ramp(palette, midpoint)
    shade = _shade(segments, drawn, colour=colour, ramp=ramp, title=colour_legend)
    tips = _tips(segments, level, heading.name)
    own = shade.heading.apart_from(heading)
    if shade.cells is not None:
        tips[own.column] = shade.cells
    return Layer(
        kind="lines",
        name=title or heading.words,
        shapes=segments.loc[drawn, ["first", "second", segments.geometry.name]].assign(
            width=np.asarray(_WIDTHS)[rank[drawn]], fill=shade.fill
        ),
        legends=(
            _width_legend(heading.words, limits, rank[drawn], note=_note(level, foreign, drawn)),
            Legend(shade.heading.words, shade.keys, factor=shade.factor),
        ),
        tips=tips[drawn],
        table=tips.rename(columns={"": "border"}).assign(**{heading.name: level}),
        regions=None if regions is None else bare_shapes(polygons(regions)),
        edges=segments.loc[~drawn, [segments.geometry.name]],
        glossary=own.glossary | heading.glossary,
        described=sharpest_in_words(*_ends(segments), level),
    )


@dataclass(frozen=True, slots=True)
class _Ramp:
    """The colours of a number, and the middle from which they diverge, if any."""

    palette: str | Sequence[str]
    midpoint: float | None


@dataclass(frozen=True, slots=True, eq=False)
class _Shade:
    """The colour of each drawn segment, its legend, and the cells of the tooltip if it is a number."""

    fill: Shapes
    keys: tuple[Key, ...]
    heading: Heading
    cells: pd.Series | None = None
    factor: str = ""


def _drawn(segments: GeoDataFrame, level: pd.Series, threshold: float) -> tuple[Bools, Bools]:
    """Return which segments are foreign, and which are drawn: these, and the sharpest of the others."""
    foreign = (segments["kind"] == "foreign").to_numpy()
    drawn = foreign | (level > level.quantile(threshold)).to_numpy()
    if not drawn.any():
        message = "No segment is foreign, and none is above the threshold: there is no border to draw."
        raise ColumnError(message)
    return foreign, drawn


def _by_segment(
    values: pd.Series | str, segments: GeoDataFrame, *, what: str, missing: bool = False
) -> pd.Series:
    """Return numbers in the order of the segments, from a Series or a column of theirs."""
    if isinstance(values, str):
        if values not in segments.columns:
            message = f"The segments have no column {values!r}; their columns are {named(segments.columns)}."
            raise ColumnError(message)
        values = segments[values]
    if not isinstance(values, pd.Series):
        message = (
            f"{what} must be a Series indexed as the segments are, or the name of one of their columns; "
            f"{type(values).__name__} was given."
        )
        raise ColumnError(message)
    return numbers(values, ids=segments.index, missing=missing, what=what, against="segments")


def _level(segments: GeoDataFrame, values: pd.Series | str, threshold: float) -> pd.Series:
    """Return the contrast of each segment, once segments and threshold are known to make sense."""
    table_of(segments, _NEEDED, name="segments", source="gi.measure.segments")
    sound_regions(segments)
    if not 0 <= threshold <= 1:
        message = f"threshold must be a quantile from 0 to 1; {threshold!r} was given."
        raise OptionError(message)
    return not_negative(_by_segment(values, segments, what="values"))


def _tips(segments: GeoDataFrame, level: pd.Series, heading: str) -> pd.DataFrame:
    """Return what a reader learns of each segment."""
    return pd.DataFrame(
        {
            "": [f"{a} {DASH} {b}" for a, b in zip(*_ends(segments), strict=True)],
            "kind": segments["kind"].astype("object"),
            heading: values_in_words(level),
            "Rank": ranks_in_words(level),
            "length, km": values_in_words(segments["length_km"].round()),
        },
        index=segments.index,
    )


def _ends(segments: GeoDataFrame) -> tuple[pd.Series, pd.Series]:
    """Return what to call the regions on both sides of each segment: by name where the segments know them."""
    first, second = (segments.get(f"{side}_name", segments[side]) for side in ("first", "second"))
    return first, second


def _shade(
    segments: GeoDataFrame,
    drawn: Bools,
    *,
    colour: pd.Series | str | None,
    ramp: _Ramp,
    title: str,
) -> _Shade:
    """Return colours by a second number, or else for domestic and foreign segments."""
    if colour is None:
        kinds = _by_kind((segments["kind"] == "foreign").to_numpy()[drawn])
        return _Shade(*kinds, heading_of(title, None, Phrase("Borders")))
    second = _by_segment(colour, segments, what="colour", missing=True)
    fill, keys, factor = _by_class(second[drawn], ramp)
    heading = heading_of(title, second.name, Phrase("colour"))
    return _Shade(fill, keys, heading, values_in_words(second, "unknown"), factor)


def _by_kind(foreign: Bools) -> tuple[Shapes, tuple[Key, ...]]:
    """Return a colour for domestic and one for foreign segments, and the keys of those that are drawn."""
    fill = np.where(foreign, tones.FLOW_CROSS_BORDER, tones.FLOW_DOMESTIC).astype(object)
    rows = (
        (Phrase("within a country"), tones.FLOW_DOMESTIC, ~foreign),
        (Phrase("between countries"), tones.FLOW_CROSS_BORDER, foreign),
    )
    counted = ((label, tone, int(own.sum())) for label, tone, own in rows)
    keys = tuple(
        Key(label, tone, symbol="line", size=3, count=count) for label, tone, count in counted if count
    )
    return fill, keys


def _by_class(known: pd.Series, ramp: _Ramp) -> tuple[Shapes, tuple[Key, ...], str]:
    """Return the colour of each drawn segment by class, the keys, the highest first, and their factor."""
    if known.isna().all():
        message = f"Column {known.name!r} has no value for any of the {len(known)} borders that are drawn."
        raise ColumnError(message)
    edges = [*class_limits(known.dropna(), "quantiles", 5)]
    edges, colours = _coloured(edges, ramp)
    place = np.clip(np.searchsorted(edges[1:-1], known.to_numpy(), side="left"), 0, len(colours) - 1)
    fill = np.where(known.isna(), tones.UNKNOWN_LINE, np.asarray(colours, dtype=object)[place])
    there = known.notna().to_numpy()
    words = class_words(edges, known.to_numpy()[there], place[there], counted=ramp.midpoint is None)
    keys = [
        Key(label, tone, symbol="line", size=3, count=int((fill == tone).sum()))
        for label, tone in reversed(list(zip(words.words, colours, strict=True)))
    ]
    if known.isna().any():
        unknown = int(known.isna().sum())
        keys.append(Key(Phrase("unknown"), tones.UNKNOWN_LINE, symbol="line", size=3, count=unknown))
    return fill, tuple(keys), words.factor


def _coloured(edges: list[float], ramp: _Ramp) -> tuple[list[float], tuple[str, ...]]:
    """Return limits and a colour for each class, which diverge from a midpoint if there is one."""
    if ramp.midpoint is None:
        return edges, tones.ramp(line_ramp(ramp.palette), len(edges) - 1)
    midpoint = finite_number(ramp.midpoint, name="midpoint")
    # One value is a class of its own.
    limits = edges if edges[0] == edges[-1] else limits_around(edges, midpoint)
    return limits, two_sided(limits, midpoint, line_sides(ramp.palette))


def _width_legend(title: str, limits: list[float], rank: Ints, *, note: str) -> Legend:
    """Return a key for each width that is drawn, the widest first, and a note below."""
    counts = np.bincount(rank, minlength=len(_WIDTHS)).tolist()
    words = spans(limits)
    rows = reversed(list(zip(words.words, _WIDTHS, counts, strict=True)))
    keys = tuple(
        Key(span, tones.FLOW_DOMESTIC, symbol="line", size=width, count=count)
        for span, width, count in rows
        if count
    )
    return Legend(title, keys, note, factor=words.factor)


def _note(level: pd.Series, foreign: Bools, drawn: Bools) -> str:
    """Return how many segments are drawn, and what share of all contrast lies between countries."""
    count = {"drawn": int(drawn.sum()), "every": len(level)}
    if not foreign.any():
        return Phrase("{drawn} of {every:border|borders} drawn: the sharpest.", **count)
    if foreign.all():
        return Phrase("{every:border|borders} between countries, all of them drawn.", every=len(level))
    total = level.sum()
    share = level[foreign].sum() / total if total else 0.0
    return Phrase(
        "{drawn} of {every:border|borders} drawn: all those between countries, and the sharpest within them. "
        "Those between countries hold {share:.0%} of all contrast.",
        **count,
        share=float(share),
    )
