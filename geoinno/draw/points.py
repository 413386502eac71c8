"""Points: poles as circles whose area is their mass."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import geopandas as gpd
import numpy as np
import pandas as pd

from geoinno._contract import (
    not_negative,
    numbers,
    pole_flags,
    pole_place,
    result,
    sound_regions,
    table_of,
)
from geoinno.draw import palette
from geoinno.draw._layers.headings import in_words
from geoinno.draw._layers.layer import Key, Layer, Legend
from geoinno.draw._layers.names import names, placed, ranks_in_words, valued, values_in_words
from geoinno.draw._layers.phrases import Phrase
from geoinno.draw._layers.words import DASH, values_of_keys

if TYPE_CHECKING:
    from collections.abc import Iterable

    from geopandas import GeoDataFrame

_LARGEST, _SMALLEST = 15.0, 3.0
_SIDES = ("first", "second")


def pole_points(
    poles: pd.Series | pd.DataFrame | Iterable[str],
    regions: GeoDataFrame,
    mass: pd.Series | str,
    *,
    labels: pd.Series | str | None = None,
    breaks: GeoDataFrame | None = None,
    title: str = "",
    legend: str = "",
) -> Layer:
    """Draw poles as circles whose area is their mass, with their names.

    Parameters
    ----------
    poles
        Which regions are poles: the table of `geoinno.measure.growth_poles`, booleans by region id, or a
        list of ids.
    regions
        Regions or places by id. A pole lies where its city does, if they have columns ``city_lon`` and
        ``city_lat`` (degrees WGS84), else at a point inside its region.
    mass
        Mass by region id, or the name of a column of the regions, zero or more; that of poles must be known.
    labels
        What to call each pole, such as its largest city, by region id or as the name of a column; the
        region's name where none is given.
    breaks
        Points between two poles at which both pull equally, from `geoinno.measure.break_points`: all or
        some of its rows.
    title
        What the layer shows.
    legend
        Title of the legend, with the unit.

    Returns
    -------
    Layer
        Names that would overlap are left out, those of the smaller poles first.

    Raises
    ------
    ColumnError
        If no region is a pole, a pole's mass is missing or negative, a city has no sound place, or breaks
        lack a column.

    References
    ----------
    Flannery, J. J. (1971). The relative effectiveness of some common graduated point symbols in the
    presentation of quantitative data. Cartographica 8(2), 96-109. doi:10.3138/J647-1776-745H-3667

    Examples
    --------
    >>> import geoinno as gi
    >>> regions = gi.read.sample("central_asia").regions
    >>> people = regions["city_population"]
    >>> gi.draw.pole_points(people > 1_000_000, regions, people).kind
    'points'
    """
    sound_regions(regions)
    chosen = pole_flags(poles, regions.index)
    size = _size(mass, regions, chosen)
    by = in_words(size.name) if size.name else Phrase("mass")
    heading = legend or title or Phrase("Poles by {mass}", mass=by)
    name: Any = _names(labels, regions, chosen)
    nodes = _circles(regions.loc[chosen.to_numpy()], size, name)
    tips = pd.DataFrame({"": name, heading: values_in_words(size), "Rank": ranks_in_words(size)})
    table = tips.rename(columns={"": "pole"}).assign(**{heading: size})
    keys, factor = _keys(float(size.max()))
    if breaks is not None:
        marks, words = _breaks(breaks, names(regions), geometry=nodes.geometry.name)
        nodes = pd.concat([nodes, marks[nodes.columns]])
        tips = pd.concat([tips, words])
        keys = (*keys, Key(Phrase("both poles pull equally"), palette.BREAK, symbol="circle", size=_SMALLEST))
    top = size.sort_values(ascending=False, kind="stable").head(2)
    return Layer(
        kind="points",
        name=title or heading,
        shapes=nodes,
        legends=(Legend(heading, keys, factor=factor),),
        tips=tips,
        table=table,
        nodes=nodes,
        described=Phrase("largest {top}.", top=tuple(valued(name[i], v) for i, v in top.items())),
    )


def _size(mass: pd.Series | str, regions: GeoDataFrame, chosen: pd.Series) -> pd.Series:
    """Return the mass of the poles; that of other regions may be missing."""
    return not_negative(numbers(numbers(mass, regions=regions, missing=True, what="masses")[chosen]))


def _names(labels: pd.Series | str | None, regions: GeoDataFrame, chosen: pd.Series) -> pd.Series:
    """Return what to call each pole: its label, or else the name of its region."""
    usual = names(regions)[chosen]
    if labels is None:
        return usual
    given = placed(labels, regions, what="labels")[chosen].astype("object")
    return given.where(given.notna(), usual).astype(str)


def _circles(poles: GeoDataFrame, size: pd.Series, name: pd.Series) -> GeoDataFrame:
    """Return a circle for each pole, in degrees, where its city lies if that is known."""
    from geoinno.weigh import places

    at = places(poles, at=pole_place(poles))
    here = gpd.points_from_xy(at["lon"], at["lat"], crs=4326)
    return (
        poles[[poles.geometry.name]]
        .set_geometry(here)
        .assign(
            radius=np.maximum(_SMALLEST, _radii(size, size.max())),
            fill=palette.POINT,
            name=name,
            label=name,
            gross=size,
        )
    )


def _breaks(breaks: GeoDataFrame, name: pd.Series, *, geometry: str) -> tuple[GeoDataFrame, pd.DataFrame]:
    """Return the break points as small dark circles, and their tooltips."""
    table_of(breaks, (*_SIDES, "km_from_first"), name="breaks", source="gi.measure.break_points")
    result(breaks, gpd.GeoDataFrame, name="breaks", source="gi.measure.break_points")
    ids = pd.Index([f"{a}|{b}" for a, b in zip(breaks["first"], breaks["second"], strict=True)])
    ends = [name.reindex(breaks[side]).fillna(breaks[side].set_axis(breaks[side])) for side in _SIDES]
    style = {"radius": _SMALLEST, "fill": palette.BREAK, "name": "", "label": "", "gross": 0.0}
    words = pd.DataFrame(
        {
            "": [f"{a} {DASH} {b}" for a, b in zip(*ends, strict=True)],
            "both pull equally": pd.Series(
                [Phrase("{km} km from the first", km=float(km)) for km in breaks["km_from_first"]],
                ids,
                dtype="object",
            ),
        },
        index=ids,
    )
    points = breaks.geometry.to_crs(4326).set_axis(ids).rename(geometry)
    return gpd.GeoDataFrame(points).assign(**style), words


def _radii(size: pd.Series, largest: float) -> pd.Series:
    """Return radii whose circles have areas in proportion to the sizes."""
    return _LARGEST * np.sqrt(size / largest) if largest else size * 0.0


def _keys(largest: float) -> tuple[tuple[Key, ...], str]:
    """Return circles of round sizes, the largest first, and the power of ten that they are multiples of."""
    if not largest:
        return (), ""
    power = 10.0 ** np.floor(np.log10(largest))
    top = max(step * power for step in (1, 2, 5) if step * power <= largest)
    sizes = pd.Series([top, top / 5, top / 20])
    radii = np.maximum(_SMALLEST, _radii(sizes, largest))
    written = values_of_keys(sizes.to_list())
    keys = tuple(
        Key(words, palette.POINT, symbol="circle", size=round(float(radius), 2))
        for words, radius in zip(written.words, radii, strict=True)
    )
    return keys, written.factor
