"""Categories: regions filled by category."""

from __future__ import annotations

from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from geoinno._contract import aligned, colour, column, named, numbers, polygons
from geoinno.draw import palette
from geoinno.draw._layers.beyond import beyond_the_map
from geoinno.draw._layers.layer import Key, Layer, Legend
from geoinno.draw._layers.names import bare_shapes, flags, labelled, lead_columns, own_column, placed
from geoinno.errors import ColumnError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from geopandas import GeoDataFrame

_FIRM = 0.8
_LISTED = 2
_DESCRIBED = 12
_SHARED = "There are more areas ({}) than colours: some share a colour, but neighbours never do."
_KNOWN: tuple[Mapping[str, str], ...] = (palette.SPACES, palette.BORDER_TYPES)
_INTERIOR = "interior"
_NONE: Mapping[str, str] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class _Tones:
    """The colour of each category; ``listed`` says whether each has one of its own."""

    colours: Mapping[str, str]
    listed: bool


def categories(
    regions: GeoDataFrame,
    labels: pd.Series | str,
    *,
    colours: Mapping[str, str] = _NONE,
    uncertain: pd.Series | str | None = None,
    title: str = "",
    legend: str = "",
) -> Layer:
    """Fill regions by category.

    Parameters
    ----------
    regions
        Polygons indexed by region id.
    labels
        The category of each region, or the name of a column of the regions; missing ones are hatched. More
        than twelve categories share colours in such a way that neighbouring areas always differ.
    colours
        A colour for each category, as a hex code (``#rrggbb``) or a name of CSS (``teal``); types of
        spaces and of borders have theirs.
    uncertain
        Booleans by region id, or the name of such a column: dotted where true.
    title
        What the layer shows.
    legend
        Title of the legend.

    Returns
    -------
    Layer
        To be composed with `geoinno.draw.sheet`.

    Raises
    ------
    ColumnError
        If there is no label at all, or a category has no colour among ``colours``.
    OptionError
        If one of ``colours`` is no colour.

    Examples
    --------
    >>> import geoinno as gi
    >>> place = gi.read.sample("austria")
    >>> len(gi.draw.categories(place.regions, place.regions["country"]).legends[0].keys)
    9
    """
    polygons(regions)
    given = placed(labels, regions, what="labels")
    words = given.astype("object").where(given.isna(), given.astype(str))
    order = _categories(given, words)
    tones = _tones(regions, words, order, colours=colours)
    heading = legend or title or str(given.name or "kind")
    keys, codes = _keys(words, order, tones)
    dotted = pd.Series(data=False, index=regions.index)
    if uncertain is not None:
        dotted = flags(uncertain, regions, what="uncertain") & words.notna()
    more = [Key("uncertain", palette.NO_DATA, "dots", count=int(dotted.sum()))] if dotted.any() else []
    column_name, lead = own_column(heading), lead_columns(regions)
    beyond = beyond_the_map(regions, words == _INTERIOR) if _INTERIOR in order else {}
    notes = ["" if tones.listed else _SHARED.format(len(order)), _beyond_in_words(beyond)]
    return Layer(
        kind="fills",
        name=title or heading,
        shapes=bare_shapes(regions).assign(code=codes, dotted=dotted),
        legends=(Legend(heading, (*keys, *more), " ".join(filter(None, notes))),),
        tips=lead.assign(
            **{column_name: words.where(words.notna(), "no data")}, **_beyond_cells(beyond, words)
        ),
        table=lead.rename(columns={"": "region"}).assign(**{column_name: words}),
        muted=_muted(order, tones),
        described=", ".join(f"{int((words == c).sum())} {c}" for c in order[:_DESCRIBED]) + ".",
    )


def roles(
    regions: GeoDataFrame,
    types: pd.DataFrame | pd.Series | str,
    *,
    firm: float = _FIRM,
    title: str = "",
    legend: str = "",
) -> Layer:
    """Fill regions by their role: growth poles, and the kinds of space between them.

    Parameters
    ----------
    regions
        Polygons indexed by region id.
    types
        The table of `geoinno.classify.space_types` (``type``, ``agreement``), the types alone, or the name
        of a column of the regions that holds them.
    firm
        Below this agreement (0..1) a region is dotted: its type is uncertain.
    title
        What the layer shows.
    legend
        Title of the legend.

    Returns
    -------
    Layer
        The legend shows all types, even empty ones, so that colours never shift.

    Raises
    ------
    ColumnError
        If a type is not one of the known ones.

    Examples
    --------
    >>> import geoinno as gi
    >>> regions = gi.read.sample("central_asia").regions
    >>> pole = regions["city_population"] > 1_000_000
    >>> layer = gi.draw.roles(regions, pole.map({True: "pole", False: "periphery"}))
    >>> layer.legends[0].keys[0].label
    'pole'
    """
    table = _typed(regions, types)
    words = labelled(table["type"], tuple(palette.SPACES))
    heading = legend or title or "Roles of regions"
    known = pd.Series(pd.Categorical(words, list(palette.SPACES)), index=table.index, name=heading)
    if "agreement" not in table.columns:
        return categories(regions, known, title=title, legend=heading)
    share = numbers(table["agreement"], missing=True)
    layer = categories(regions, known, uncertain=share < firm, title=title, legend=heading)
    layer.tips["agreement"] = [None if np.isnan(s) else f"{s:.0%} of draws" for s in share]
    layer.table["agreement"] = share
    return layer


def _beyond_in_words(beyond: Mapping[str, str]) -> str:
    """Return how many regions without a border on the map have one with a country that is not on it."""
    if not beyond:
        return ""
    one = len(beyond) == 1
    countries = sorted({name for names in beyond.values() for name in names.split(", ")})
    return (
        f"{len(beyond)} region{'' if one else 's'} marked interior border{'s' if one else ''} on a country "
        f"that is not on the map ({', '.join(countries)})."
    )


def _beyond_cells(beyond: Mapping[str, str], words: pd.Series) -> dict[str, pd.Series]:
    """Return the line of the tooltip on countries that are not on the map, where a region borders on one."""
    cells = pd.Series(beyond, index=words.index, dtype="object")
    return {"borders off the map": cells.where(cells.notna(), None)} if beyond else {}


def _typed(regions: GeoDataFrame, types: pd.DataFrame | pd.Series | str) -> pd.DataFrame:
    """Return the types of the regions as a table in their order."""
    table = (
        types if isinstance(types, pd.DataFrame) else column(types, regions, what="types").to_frame("type")
    )
    if "type" not in table.columns:
        message = "types must be a Series of types or a table with a column 'type' (gi.classify.space_types)."
        raise ColumnError(message)
    return aligned(table, polygons(regions).index, what="types", against="regions")


def _categories(labels: pd.Series, words: pd.Series) -> list[str]:
    """Return the categories in the order of the legend: that of a categorical, else by number of regions."""
    if isinstance(labels.dtype, pd.CategoricalDtype):
        return [str(category) for category in labels.cat.categories]
    counts = words.value_counts()
    if not len(counts):
        message = f"Column {labels.name!r} holds no label."
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
            message = f"colours lacks a colour for {named(absent)}."
            raise ColumnError(message)
        checked = {
            category: colour(tone, name=f"The colour of {category!r}") for category, tone in colours.items()
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
    more = len(categories) - _LISTED
    return ", ".join(categories[:_LISTED]) + (f" and {more} more" if more > 0 else "")


def _keys(words: pd.Series, order: list[str], tones: _Tones) -> tuple[list[Key], pd.Series]:
    """Return the keys, and the position of each region's key among them."""
    if tones.listed:
        keys = [
            Key(category, tones.colours[category], count=int((words == category).sum())) for category in order
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
        keys.append(Key("no data", palette.NO_DATA, "hatch", count=int(words.isna().sum())))
    return keys, codes
