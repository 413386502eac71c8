"""Displacement: arrows from where places lie to where they would lie if distance were cost."""

from __future__ import annotations

from typing import TYPE_CHECKING

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from geoinno._contract import aligned, named, positive, sound_regions
from geoinno.draw import palette
from geoinno.draw._layers.layer import Key, Layer, Legend
from geoinno.draw._layers.line_words import MOVED, arrows_in_words
from geoinno.draw._layers.names import lead_columns, ranks_in_words, values_in_words
from geoinno.draw._layers.phrases import Phrase
from geoinno.errors import ColumnError

if TYPE_CHECKING:
    from geopandas import GeoDataFrame

    from geoinno._types import Bools, Floats, Shapes

_NEEDED = ("lon", "lat", "lon_time", "lat_time", "moved_km")
_WIDTH = 1.5
_TONES = (palette.FLOW_DOMESTIC, palette.FLOW_CROSS_BORDER)
# The head of an arrow: its share of the length, and the angle that it opens by on either side.
_HEAD, _TURN = 0.3, np.radians(25)


def displacements(
    places: pd.DataFrame,
    regions: GeoDataFrame,
    *,
    least_km: float = 0.0,
    title: str = "",
    note: str = "",
) -> Layer:
    """Draw an arrow from each region to its place on a time-space map.

    Arrows that lead inwards belong to regions that are easy to reach for their distance, those that lead
    outwards to regions that are hard to reach.

    Parameters
    ----------
    places
        The ``places`` of `geoinno.simulate.time_space`, by region id.
    regions
        The same regions.
    least_km
        Arrows shorter than this are not drawn.
    title
        What the layer shows.
    note
        What stands under the legend, such as the stress of the map.

    Returns
    -------
    Layer
        Lines with heads, in two colours: towards the middle of the regions, and away from it.

    Raises
    ------
    ColumnError
        If places lack a column, or no arrow is long enough.
    AlignmentError
        If places and regions differ.

    Examples
    --------
    >>> import geoinno as gi
    >>> place = gi.read.sample("central_asia")
    >>> minutes = gi.weigh.travel_minutes(place.regions, speed_kmh=60, border_minutes=180)
    >>> gi.draw.displacements(gi.simulate.time_space(minutes, place.regions).places, place.regions).kind
    'lines'
    """
    placed = _sound_places(places, regions)
    moved = placed["moved_km"]
    drawn = (moved > positive(least_km, name="least_km", zero=True)).to_numpy()
    if not drawn.any():
        message = f"No region moves by more than least_km={least_km:g}: there is no arrow to draw."
        raise ColumnError(message)
    start, end = _ends(placed)
    middle = start.mean(axis=0)
    inwards = np.hypot(*(end - middle).T) < np.hypot(*(start - middle).T)
    arrows = gpd.GeoDataFrame(
        # No region has this id, so that no arrow is taken for a stretch of border.
        {"first": "", "second": "", "width": _WIDTH, "fill": np.where(inwards, *_TONES)},
        geometry=_arrows(start, end, placed),
        index=regions.index,
        crs=4326,
    )
    tips = lead_columns(regions).assign(
        **{MOVED: values_in_words(moved.round()), "Rank": ranks_in_words(moved)}
    )
    heading = title or Phrase("Displacement")
    return Layer(
        kind="lines",
        name=heading,
        shapes=arrows[drawn],
        legends=(Legend(heading, _keys(inwards[drawn]), note),),
        tips=tips[drawn],
        table=tips.rename(columns={"": "region"}).assign(**{MOVED: moved.round()}),
        described=arrows_in_words(moved[drawn]),
        whole=True,
    )


def _sound_places(places: pd.DataFrame, regions: GeoDataFrame) -> pd.DataFrame:
    """Return the places in the order of the regions, with all columns that arrows need."""
    sound_regions(regions)
    absent = [name for name in _NEEDED if not isinstance(places, pd.DataFrame) or name not in places]
    if absent:
        message = (
            f"places lack {named(absent)}; they come from gi.simulate.time_space(costs, regions).places."
        )
        raise ColumnError(message)
    return aligned(places, regions.index, what="places", against="regions")


def _keys(inwards: Bools) -> tuple[Key, ...]:
    """Return a key for each of the two directions."""
    words = (Phrase("towards the middle"), Phrase("away from it"))
    counts = (int(inwards.sum()), int((~inwards).sum()))
    return tuple(
        Key(label, tone, symbol="line", size=_WIDTH, count=count)
        for label, tone, count in zip(words, _TONES, counts, strict=True)
    )


def _ends(placed: pd.DataFrame) -> tuple[Floats, Floats]:
    """Return where arrows start and end, in degrees of latitude on a plane around the middle of the places.

    Angles of the heads need a plane; degrees of longitude shrink with the cosine of the latitude.
    """
    start, end = placed[["lon", "lat"]].to_numpy(), placed[["lon_time", "lat_time"]].to_numpy()
    east = np.radians(start[:, 0])
    middle = np.degrees(np.arctan2(np.sin(east).mean(), np.cos(east).mean()))
    # The short way around the globe from the middle, so that the date line cuts no arrow.
    around = [np.column_stack([(ends[:, 0] - middle + 180) % 360 - 180, ends[:, 1]]) for ends in (start, end)]
    return around[0] * _scale(placed), around[1] * _scale(placed)


def _scale(placed: pd.DataFrame) -> Floats:
    """Return what a degree of longitude and one of latitude measure, in degrees of latitude."""
    return np.array([np.cos(np.radians(placed["lat"].mean())), 1.0])


def _arrows(start: Floats, end: Floats, placed: pd.DataFrame) -> Shapes:
    """Return arrows of a shaft and two barbs each, in degrees."""
    back = _HEAD * (start - end)
    barbs = [end + back @ _turned(sign * _TURN) for sign in (1, -1)]
    # From the plane back to the globe: every point keeps its way from its own start.
    lon, lat = placed[["lon"]].to_numpy(), placed[["lat"]].to_numpy()
    here = np.hstack([lon, lat])
    points = [here + (point - start) / _scale(placed) for point in (start, end, *barbs)]
    strokes = [
        shapely.linestrings(np.stack([points[a], points[b]], axis=1)) for a, b in ((0, 1), (2, 1), (1, 3))
    ]
    arrows: Shapes = np.array(
        [shapely.multilinestrings(parts) for parts in zip(*strokes, strict=True)], object
    )
    return arrows


def _turned(angle: float) -> Floats:
    """Return the matrix that turns rows by an angle."""
    cos, sin = np.cos(angle), np.sin(angle)
    return np.array([[cos, sin], [-sin, cos]])
