"""Kinds: regions filled by what they are, not by how much."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from geoinno._contract import aligned, column, numbers, polygons
from geoinno.draw import palette
from geoinno.draw._layers.layer import Key, Layer, Legend
from geoinno.draw._layers.names import bare_shapes, labelled, lead_columns
from geoinno.errors import ColumnError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from geopandas import GeoDataFrame

_FIRM = 0.8
_SHOWN = 2
_SHARED = "{} areas are more than there are colours: some share one, but none that meet."
_KNOWN: tuple[Mapping[str, str], ...] = (palette.SPACES, palette.BORDER_TYPES)
_NONE: Mapping[str, str] = MappingProxyType({})


def categories(
    regions: GeoDataFrame,
    labels: pd.Series,
    *,
    colours: Mapping[str, str] = _NONE,
    uncertain: pd.Series | None = None,
    title: str = "",
    legend: str = "",
) -> Layer:
    """Fill regions by kind.

    Parameters
    ----------
    regions
        Polygons indexed by region id.
    labels
        The kind of each region; missing ones are hatched. More than twelve kinds share colours so that
        neighbouring areas always differ.
    colours
        A colour (``#rrggbb``) for each kind; types of spaces and of borders have theirs.
    uncertain
        Booleans by region id: dotted where true.
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
        If no label is given, or a kind has no colour among ``colours``.

    Examples
    --------
    >>> import geoinno as gi
    >>> place = gi.read.sample("austria")
    >>> len(gi.draw.categories(place.regions, place.regions["country"]).legends[0].keys)
    9
    """
    polygons(regions)
    words = aligned(
        column(labels, regions, what="labels"), regions.index, what="labels", against="regions"
    ).astype("object")
    words = words.where(words.isna(), words.astype(str))
    kinds = _kinds(labels, words)
    tones, listed = _toned(regions, words, kinds, colours=colours)
    heading = legend or title or str(labels.name or "kind")
    keys, codes = _keys(words, kinds, tones, listed=listed)
    dotted = pd.Series(data=False, index=regions.index)
    if uncertain is not None:
        dotted = (
            aligned(uncertain, regions.index, what="uncertain", against="regions")
            .fillna(value=False)
            .astype(bool)
        )
        dotted &= words.notna()
    more = [Key("uncertain", palette.NO_DATA, "dots", count=int(dotted.sum()))] if dotted.any() else []
    return Layer(
        kind="fills",
        name=title or heading,
        shapes=bare_shapes(regions).assign(code=codes, dotted=dotted),
        legends=(Legend(heading, (*keys, *more), "" if listed else _SHARED.format(len(kinds))),),
        tips=lead_columns(regions).assign(**{heading: words.where(words.notna(), "no data")}),
        table=lead_columns(regions).rename(columns={"": "region"}).assign(**{heading: words}),
        muted=tuple(palette.lightened(tones[kind]) for kind in reversed(kinds)) if listed else (),
        described=", ".join(f"{int((words == kind).sum())} {kind}" for kind in kinds[:12]) + ".",
    )


def roles(
    regions: GeoDataFrame,
    types: pd.DataFrame | pd.Series,
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
        The table of `geoinno.classify.space_types` (``type``, ``agreement``), or the types alone.
    firm
        Below this agreement (0..1) a region is dotted: its type hangs on details.
    title
        What the layer shows.
    legend
        Title of the legend.

    Returns
    -------
    Layer
        All types are in the legend, also the empty ones, so that colours never shift.

    Raises
    ------
    ColumnError
        If a type is none of the known ones.

    Examples
    --------
    >>> import geoinno as gi
    >>> regions = gi.read.sample("central_asia").regions
    >>> pole = regions["city_population"] > 1_000_000
    >>> layer = gi.draw.roles(regions, pole.map({True: "pole", False: "periphery"}))
    >>> layer.legends[0].keys[0].label
    'pole'
    """
    table = types.to_frame("type") if isinstance(types, pd.Series) else types
    if "type" not in table.columns:
        message = "types must be a Series of types or a table with a column 'type' (gi.classify.space_types)."
        raise ColumnError(message)
    words = labelled(table["type"], tuple(palette.SPACES))
    heading = legend or title or "Roles of regions"
    known = pd.Series(pd.Categorical(words, list(palette.SPACES)), index=table.index, name=heading)
    if "agreement" not in table.columns:
        return categories(regions, known, title=title, legend=heading)
    share = numbers(aligned(table["agreement"], regions.index, what="types", against="regions"), missing=True)
    layer = categories(regions, known, uncertain=share < firm, title=title, legend=heading)
    layer.tips["agreement"] = [None if np.isnan(s) else f"{s:.0%} of draws" for s in share]
    layer.table["agreement"] = share
    return layer


def _kinds(labels: pd.Series, words: pd.Series) -> list[str]:
    """Return the kinds in the order of the legend: that of a categorical, else by number of regions."""
    if isinstance(labels.dtype, pd.CategoricalDtype):
        return [str(kind) for kind in labels.cat.categories]
    for known in _KNOWN:
        if words.notna().any() and words.dropna().isin(list(known)).all():
            return list(known)
    counts = words.value_counts()
    if not len(counts):
        message = f"Column {labels.name!r} holds no label at all."
        raise ColumnError(message)
    return sorted(map(str, counts.index), key=lambda kind: (-int(counts[kind]), kind))


def _toned(
    regions: GeoDataFrame, words: pd.Series, kinds: list[str], *, colours: Mapping[str, str]
) -> tuple[dict[str, str], bool]:
    """Return a colour for each kind, and whether the legend can list the kinds by colour."""
    if colours:
        absent = [kind for kind in kinds if kind not in colours]
        if absent:
            message = (
                f"colours has none for the kinds {', '.join(map(repr, absent[:5]))} ({len(absent)} in all)."
            )
            raise ColumnError(message)
        return {kind: colours[kind] for kind in kinds}, True
    for known in _KNOWN:
        if set(kinds) <= set(known):
            return {kind: known[kind] for kind in kinds}, True
    if len(kinds) <= len(palette.CATEGORIES):
        return dict(zip(kinds, palette.CATEGORIES, strict=False)), True
    return _spread(regions, words, kinds), False


def _spread(regions: GeoDataFrame, words: pd.Series, kinds: list[str]) -> dict[str, str]:
    """Return colours such that areas that meet differ: for each the least used of those that are free."""
    from geoinno.weigh import contiguity

    links = contiguity(regions).adjacency.reset_index()
    ends = {end: words[links[end]].to_numpy() for end in ("focal", "neighbor")}
    meets: dict[str, set[str]] = {kind: set() for kind in kinds}
    for a, b in zip(ends["focal"], ends["neighbor"], strict=True):
        if isinstance(a, str) and isinstance(b, str) and a != b:
            meets[a].add(b)
    tones: dict[str, str] = {}
    used = dict.fromkeys(palette.CATEGORIES, 0)
    for kind in kinds:
        taken = {tones[other] for other in meets[kind] if other in tones}
        free = [tone for tone in palette.CATEGORIES if tone not in taken] or list(palette.CATEGORIES)
        tones[kind] = min(free, key=lambda tone: used[tone])
        used[tones[kind]] += 1
    return tones


def _listed(kinds: list[str]) -> str:
    """Return the largest of the kinds that share a colour, and how many more there are."""
    more = len(kinds) - _SHOWN
    return ", ".join(kinds[:_SHOWN]) + (f" and {more} more" if more > 0 else "")


def _keys(
    words: pd.Series, kinds: list[str], tones: dict[str, str], *, listed: bool
) -> tuple[list[Key], pd.Series]:
    """Return the keys, and the position of each region's key among them."""
    if listed:
        keys = [Key(kind, tones[kind], count=int((words == kind).sum())) for kind in kinds]
        place = {kind: i for i, kind in enumerate(kinds)}
    else:
        shades = list(dict.fromkeys(tones.values()))
        place = {kind: shades.index(tones[kind]) for kind in kinds}
        sharing = [[kind for kind in kinds if place[kind] == i] for i in range(len(shades))]
        keys = [
            Key(_listed(those), shade, count=int(words.isin(those).sum()))
            for those, shade in zip(sharing, shades, strict=True)
        ]
    codes = words.map(place).fillna(len(keys)).astype(int)
    if words.isna().any():
        keys.append(Key("no data", palette.NO_DATA, "hatch", count=int(words.isna().sum())))
    return keys, codes
