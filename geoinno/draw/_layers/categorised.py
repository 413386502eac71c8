"""Regions filled by category: colours, keys, tooltips and the table, whatever the categories are."""

from __future__ import annotations

from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING

import pandas as pd

from geoinno._contract import colour, named, polygons, titled
from geoinno.draw import palette
from geoinno.draw._layers.beyond import beyond_the_map
from geoinno.draw._layers.headings import heading_of
from geoinno.draw._layers.layer import Key, Layer, Legend
from geoinno.draw._layers.names import aliases, bare_shapes, counted, flags, lead_columns, placed
from geoinno.draw._layers.phrases import Phrase, joined, listed
from geoinno.errors import ColumnError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from geopandas import GeoDataFrame

_LISTED = 2
_DESCRIBED = 12
_KNOWN: tuple[Mapping[str, str], ...] = tuple(
    MappingProxyType({Phrase(kind): tone for kind, tone in known.items()})
    for known in (palette.SPACES, palette.BORDER_TYPES)
)
_INTERIOR = "interior"
NO_COLOURS: Mapping[str, str] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class _Tones:
    """The colour of each category; ``listed`` says whether each has one of its own."""

    colours: Mapping[str, str]
    listed: bool

    def label(self, category: str) -> str:
        """Return a category as the colours name it: as a phrase where it is a word of geoinno's own."""
        return next((name for name in self.colours if name == category), category)


def categorised(
    regions: GeoDataFrame,
    labels: pd.Series | str,
    *,
    colours: Mapping[str, str] = NO_COLOURS,
    uncertain: pd.Series | str | None = None,
    words: tuple[str, str] = ("", ""),
) -> Layer:
    """Return regions filled by their labels, in given colours, in known ones, or in colours of a set.

    ``words`` are the title and the title of the legend. Labels are written as they are keys of ``colours``: a
    phrase is translated, what the user wrote is not.
    """
    title, legend = words
    polygons(regions)
    given = placed(labels, regions, what="labels")
    text = _in_words(given)
    order = _categories(given, text)
    tones = _tones(regions, text, order, colours=colours)
    heading = heading_of(legend or title, given.name, Phrase("kind"))
    keys, codes = _keys(text, order, tones)
    dotted = pd.Series(data=False, index=regions.index)
    if uncertain is not None:
        dotted = flags(uncertain, regions, what="uncertain") & text.notna()
    more = (
        [Key(Phrase("uncertain"), palette.NO_DATA, "dots", count=int(dotted.sum()))] if dotted.any() else []
    )
    lead = lead_columns(regions)
    beyond = beyond_the_map(regions, text == _INTERIOR) if _INTERIOR in order else {}
    notes = ["" if tones.listed else _shared_in_words(len(order)), _beyond_in_words(beyond)]
    return Layer(
        aliases=aliases(regions),
        kind="fills",
        name=title or heading.words,
        shapes=bare_shapes(regions).assign(code=codes, dotted=dotted),
        legends=(Legend(heading.words, (*keys, *more), joined(notes)),),
        tips=lead.assign(**{heading.column: text.fillna("no data")}, **_beyond_cells(beyond, text)),
        table=lead.rename(columns={"": "region"}).assign(**{heading.column: text}),
        muted=_muted(order, tones),
        glossary=heading.glossary,
        described=counted([(tones.label(c), int((text == c).sum())) for c in order[:_DESCRIBED]]),
    )


def _shared_in_words(count: int) -> Phrase:
    """Return that there are too many areas for a colour each."""
    return Phrase(
        "There are more areas ({count}) than colours: some share a colour, but neighbours never do.",
        count=count,
    )


def _in_words(labels: pd.Series) -> pd.Series:
    """Return labels as words; codes that a gap among them has made decimal are whole numbers again."""
    words = labels.astype(str)
    if pd.api.types.is_float_dtype(labels):
        plain = labels.map(
            lambda code: str(int(code)) if float(code).is_integer() else f"{code:.6g}", na_action="ignore"
        )
        words = plain if plain.nunique() == labels.nunique() else words
    return words.astype("object").where(labels.notna(), labels.astype("object"))


def _beyond_in_words(beyond: Mapping[str, tuple[str, ...]]) -> str:
    """Return how many regions without a border on the map have one with a country that is not on it."""
    if not beyond:
        return ""
    countries = sorted({country for names in beyond.values() for country in names})
    return Phrase(
        "{n:region marked interior borders|regions marked interior border} on a country that is not on the "
        "map ({countries}).",
        n=len(beyond),
        countries=tuple(countries),
    )


def _beyond_cells(beyond: Mapping[str, tuple[str, ...]], words: pd.Series) -> dict[str, pd.Series]:
    """Return the line of the tooltip on countries that are not on the map, where a region borders on one."""
    written = {region: listed(countries) for region, countries in beyond.items()}
    cells = pd.Series(written, index=words.index, dtype="object")
    return {"borders off the map": cells.where(cells.notna(), None)} if beyond else {}


def _categories(labels: pd.Series, words: pd.Series) -> list[str]:
    """Return the categories in the order of the legend: that of a categorical, else by number of regions."""
    if isinstance(labels.dtype, pd.CategoricalDtype):
        return [str(category) for category in labels.cat.categories]
    counts = words.value_counts()
    if not len(counts):
        message = f"{titled(labels, 'labels')} holds no label in any region, so there is nothing to draw."
        raise ColumnError(message)
    for known in _KNOWN:
        if counts.index.isin(list(known)).all():
            return list(known)
    return sorted(map(str, counts.index), key=lambda category: (-int(counts[category]), category))


def _tones(
    regions: GeoDataFrame, words: pd.Series, order: list[str], *, colours: Mapping[str, str]
) -> _Tones:
    """Return a colour for each category: as given, as known, one of a set, or shared."""
    if colours:
        absent = [category for category in order if category not in colours]
        if absent:
            message = f"colours has no colour for {named(absent)}."
            raise ColumnError(message)
        checked = {
            category: colour(tone, name=f"colours[{category!r}]") for category, tone in colours.items()
        }
        return _Tones(checked, listed=True)
    known = next((known for known in _KNOWN if set(order) <= set(known)), None)
    if known is not None:
        return _Tones(known, listed=True)
    if len(order) <= len(palette.CATEGORIES):
        return _Tones(dict(zip(order, palette.CATEGORIES, strict=False)), listed=True)
    return _Tones(_spread(_meetings(regions, words), order), listed=False)


def _meetings(regions: GeoDataFrame, words: pd.Series) -> dict[str, set[str]]:
    """Return for each category the others whose areas meet its own."""
    from geoinno.weigh import contiguity

    links = contiguity(regions).adjacency.reset_index()
    ends = pd.DataFrame({end: words[links[end]].to_numpy() for end in ("focal", "neighbor")}).dropna()
    ends = ends[ends["focal"] != ends["neighbor"]]
    return {str(category): set(others) for category, others in ends.groupby("focal")["neighbor"]}


def _spread(meetings: Mapping[str, set[str]], order: list[str]) -> dict[str, str]:
    """Return colours such that areas that meet differ: for each the least used of those that are free.

    Greedy colouring, largest areas first, needs few colours on a map in the plane; taking the least
    used one spreads all of them evenly.
    """
    tones: dict[str, str] = {}
    used = dict.fromkeys(palette.CATEGORIES, 0)
    for category in order:
        taken = {tones.get(other) for other in meetings.get(category, ())}
        free = [tone for tone in palette.CATEGORIES if tone not in taken] or list(palette.CATEGORIES)
        tones[category] = min(free, key=lambda tone: used[tone])
        used[tones[category]] += 1
    return tones


def _muted(order: list[str], tones: _Tones) -> tuple[str, ...]:
    """Return the lighter colours for the ground of arrows, where each category has its own."""
    return tuple(palette.lightened(tones.colours[c]) for c in reversed(order)) if tones.listed else ()


def _shortened(categories: list[str]) -> str:
    """Return the largest of the categories that share a colour, and how many more there are."""
    more, first = len(categories) - _LISTED, ", ".join(categories[:_LISTED])
    return Phrase("{first} and {more} more", first=first, more=more) if more > 0 else first


def _keys(words: pd.Series, order: list[str], tones: _Tones) -> tuple[list[Key], pd.Series]:
    """Return the keys, and the position of each region's key among them."""
    if tones.listed:
        keys = [
            Key(tones.label(category), tones.colours[category], count=int((words == category).sum()))
            for category in order
        ]
        place = {category: i for i, category in enumerate(order)}
    else:
        shades = list(dict.fromkeys(tones.colours.values()))
        place = {category: shades.index(tones.colours[category]) for category in order}
        sharing = [[category for category in order if place[category] == i] for i in range(len(shades))]
        keys = [
            Key(_shortened(those), shade, count=int(words.isin(those).sum()))
            for those, shade in zip(sharing, shades, strict=True)
        ]
    codes = words.map(place).fillna(len(keys)).astype(int)
    if words.isna().any():
        keys.append(Key(Phrase("no data"), palette.NO_DATA, "hatch", count=int(words.isna().sum())))
    return keys, codes
