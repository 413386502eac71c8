"""Points: poles as circles whose area is their mass."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import geopandas as gpd
import numpy as np
import pandas as pd

from geoinno._contract import aligned, column, named, numbers, pole_flags, sound_regions
from geoinno.draw import palette
from geoinno.draw._layers.layer import Key, Layer, Legend
from geoinno.draw._layers.names import names, ranks_in_words, values_in_words
from geoinno.draw._layers.words import DASH, number
from geoinno.errors import ColumnError

if TYPE_CHECKING:
    from geopandas import GeoDataFrame

_LARGEST, _SMALLEST = 15.0, 3.0
_SIDES = ("first", "second")


def pole_points(
    poles: pd.Series | pd.DataFrame,
    regions: GeoDataFrame,
    mass: pd.Series,
    *,
    labels: pd.Series | None = None,
    breaks: GeoDataFrame | None = None,
    title: str = "",
    legend: str = "",
) -> Layer:
    """Draw poles as circles whose area is their mass, with their names.

    Parameters
    ----------
    poles
        Which regions are poles: booleans by id, or the table of `geoinno.measure.growth_poles`.
    regions
        Regions or places by id.
    mass
        Mass by id, zero or more; that of poles must be known.
    labels
        What to call each pole, such as its largest city; the region's name where none is given.
    breaks
        Points between poles at which both pull alike, from `geoinno.measure.break_points`: all of them, or
        the first few.
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
        If no region is a pole, a pole's mass is missing or negative, or breaks lack a column.

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
    size = numbers(numbers(mass, regions=regions, missing=True, what="masses")[chosen])
    if (size < 0).any():
        message = (
            f"Mass must be zero or more; column {size.name!r} is negative in {named(size.index[size < 0])}."
        )
        raise ColumnError(message)
    heading = legend or title or f"Poles by {str(size.name or 'mass').replace('_', ' ')}"
    called: Any = names(regions)[chosen]
    if labels is not None:
        given = aligned(
            column(labels, regions, what="labels"), regions.index, what="labels", against="regions"
        )[chosen].astype("object")
        called = given.where(given.notna(), called).astype(str)
    inside = regions.loc[chosen.to_numpy(), [regions.geometry.name]].to_crs(4326)
    nodes = inside.set_geometry(inside.geometry.representative_point()).assign(
        radius=np.maximum(_SMALLEST, _radii(size, size.max())),
        fill=palette.POINT,
        name=called,
        label=called,
        gross=size,
    )
    tips = pd.DataFrame({"": called, heading: values_in_words(size), "Rank": ranks_in_words(size)})
    table = tips.rename(columns={"": "pole"}).assign(**{heading: size})
    keys = _keys(float(size.max()))
    if breaks is not None:
        nodes, tips = _joined(nodes, tips, breaks, called=names(regions))
        keys = (*keys, Key("both poles pull alike", palette.BREAK, symbol="circle", size=_SMALLEST))
    top = size.sort_values(ascending=False, kind="stable").head(2)
    return Layer(
        kind="points",
        name=title or heading,
        shapes=nodes,
        legends=(Legend(heading, keys),),
        tips=tips,
        table=table,
        nodes=nodes,
        described=f"largest {', '.join(f'{called[i]} ({number(v)})' for i, v in top.items())}.",
    )


def _joined(
    nodes: GeoDataFrame, tips: pd.DataFrame, breaks: GeoDataFrame, *, called: pd.Series
) -> tuple[GeoDataFrame, pd.DataFrame]:
    """Return nodes and their tooltips with those of the break points added."""
    absent = [column for column in (*_SIDES, "km_from_first") if column not in breaks.columns]
    if absent:
        message = f"The breaks have no column {named(absent)}; they come from gi.measure.break_points."
        raise ColumnError(message)
    ids = pd.Index([f"{a}|{b}" for a, b in zip(breaks["first"], breaks["second"], strict=True)])
    ends = [called.reindex(breaks[side]).fillna(breaks[side].set_axis(breaks[side])) for side in _SIDES]
    looks = {"radius": _SMALLEST, "fill": palette.BREAK, "name": "", "label": "", "gross": 0.0}
    place = breaks.geometry.to_crs(4326).set_axis(ids).rename(nodes.geometry.name)
    marks = gpd.GeoDataFrame(place).assign(**looks)
    told = pd.DataFrame(
        {
            "": [f"{a} {DASH} {b}" for a, b in zip(*ends, strict=True)],
            "both pull alike": [f"{number(float(km))} km from the first" for km in breaks["km_from_first"]],
        },
        index=ids,
    )
    return pd.concat([nodes, marks[nodes.columns]]), pd.concat([tips, told])


def _radii(size: pd.Series, largest: float) -> pd.Series:
    """Return radii whose circles have areas in proportion to the sizes."""
    return _LARGEST * np.sqrt(size / largest) if largest else size * 0.0


def _keys(largest: float) -> tuple[Key, ...]:
    """Return circles of round sizes, the largest first."""
    if not largest:
        return ()
    power = 10.0 ** np.floor(np.log10(largest))
    top = max(step * power for step in (1, 2, 5) if step * power <= largest)
    sizes = pd.Series([top, top / 5, top / 20])
    radii = np.maximum(_SMALLEST, _radii(sizes, largest))
    return tuple(
        Key(number(float(value)), palette.POINT, symbol="circle", size=round(float(radius), 2))
        for value, radius in zip(sizes, radii, strict=True)
    )
