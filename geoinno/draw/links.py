"""Links between regions that do not touch, such as islands and the shore that they are joined to."""

from __future__ import annotations

from typing import TYPE_CHECKING

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from geoinno._contract import aligned, polygons, weight_ids
from geoinno.draw import palette
from geoinno.draw._layers.layer import Key, Layer, Legend
from geoinno.draw._layers.names import names
from geoinno.draw._layers.phrases import Phrase
from geoinno.draw._layers.words import DASH
from geoinno.errors import RegionError

if TYPE_CHECKING:
    from geopandas import GeoDataFrame
    from libpysal.graph import Graph

    from geoinno._types import Floats, Shapes

_WIDTH = 1.8
_NAMED = 3
# In degrees of latitude: parts as near to each other as the nearest, give or take.
_ALIKE = 1.0


def link_lines(regions: GeoDataFrame, weights: Graph, *, title: str = "", legend: str = "") -> Layer:
    """Draw the links of weights between regions that do not touch.

    They are what ``gi.weigh.contiguity(regions, islands=..., links=...)`` adds to common boundaries, and
    every statistic that looks at neighbours rests on them.

    Parameters
    ----------
    regions
        Polygons indexed by region id.
    weights
        Links between the same regions; how strong they are does not matter.
    title
        What the layer shows, for the table.
    legend
        Title of the legend.

    Returns
    -------
    Layer
        A straight line for each pair of linked regions without a common point of their boundaries, between
        the parts of both that lie nearest to each other; the note names the first of them.

    Raises
    ------
    AlignmentError
        If weights and regions cover different regions.
    RegionError
        If all linked regions touch, so that there is nothing to draw.

    Examples
    --------
    >>> import geoinno as gi
    >>> regions = gi.read.sample("north_america").regions
    >>> layer = gi.draw.link_lines(regions, gi.weigh.contiguity(regions, islands="nearest"))
    >>> layer.shapes.index.to_list()
    ['CAN-685|CAN-687', 'USA-3517|USA-3563']
    """
    placed = aligned(polygons(regions), weight_ids(weights), what="regions", against="weights")
    pairs = _added(placed, weights)
    if pairs.empty:
        message = (
            "All linked regions touch: there is no link to draw. Regions that touch no other are linked by "
            "gi.weigh.contiguity(regions, islands='nearest')."
        )
        raise RegionError(message)
    called = names(placed)
    words = [f"{called[a]} {DASH} {called[b]}" for a, b in pairs.itertuples(index=False, name=None)]
    degrees = placed.geometry.to_crs(4326)
    sides = zip(degrees.loc[pairs["first"]], degrees.loc[pairs["second"]], strict=True)
    ends = np.array([_nearest_parts(one, other) for one, other in sides])
    heading = legend or title or Phrase("Links between regions that do not touch")
    key = Key(Phrase("counted as neighbours"), palette.LINK, symbol="line", size=_WIDTH, count=len(pairs))
    return Layer(
        kind="lines",
        name=title or heading,
        shapes=gpd.GeoDataFrame(
            pairs.assign(width=_WIDTH, fill=palette.LINK),
            geometry=shapely.linestrings(ends),
            crs=4326,
        ),
        legends=(Legend(heading, (key,), _listed(words)),),
        tips=pd.DataFrame({"": words, "link": "counted as neighbours"}, index=pairs.index),
        table=pd.DataFrame({"link": words}, index=pairs.index),
        described=_listed(words),
        straight=True,
    )


def _added(regions: GeoDataFrame, weights: Graph) -> pd.DataFrame:
    """Return the pairs of linked regions whose boundaries do not meet, by id."""
    from geoinno.weigh import contiguity

    ids = regions.index
    linked, touching = (_pairs(graph) for graph in (weights, contiguity(regions)))
    pairs = sorted(linked - touching, key=lambda pair: sorted(str(ids[end]) for end in pair))
    table = pd.DataFrame([(ids[a], ids[b]) for a, b in pairs], columns=["first", "second"])
    return table.set_index(table["first"].astype(str) + "|" + table["second"].astype(str))


def _pairs(graph: Graph) -> set[tuple[int, int]]:
    """Return the pairs of different regions that a graph links, by position, the lower one first."""
    focal, neighbor = graph.sparse.tocoo().coords
    apart = focal != neighbor
    low, high = np.minimum(focal, neighbor)[apart], np.maximum(focal, neighbor)[apart]
    return set(zip(low.tolist(), high.tolist(), strict=True))


def _nearest_parts(one: shapely.Geometry, other: shapely.Geometry) -> Floats:
    """Return a point in each of the two parts (in degrees) at which regions lie nearest to each other.

    Dominica is linked to Martinique, not to the middle of France; islands beyond the date line are near.
    Of parts about as near the largest counts: an islet off the shore could not be seen.
    """
    first, second = shapely.get_parts(one), shapely.get_parts(other)
    east = float(np.cos(np.radians(shapely.get_y(shapely.centroid(one)))))
    flat = _flattened(first, east)[:, None]
    apart = [shapely.distance(flat, _flattened(second, east, turn)) for turn in (-360.0, 0.0, 360.0)]
    gaps = np.min(apart, axis=0)
    size = np.where(gaps <= 2 * gaps.min() + _ALIKE, np.outer(shapely.area(first), shapely.area(second)), -1)
    a, b = np.unravel_index(np.argmax(size), size.shape)
    return shapely.get_coordinates(shapely.point_on_surface(np.array([first[a], second[b]])))


def _flattened(parts: Shapes, east: float, turn: float = 0.0) -> Shapes:
    """Return parts, turned around the globe, where degrees of longitude are as long as those of latitude."""
    return shapely.transform(parts, lambda xy: np.column_stack([(xy[:, 0] + turn) * east, xy[:, 1]]))


def _listed(words: list[str]) -> str:
    """Return the first few links in words, and how many more there are."""
    rest, first = len(words) - _NAMED, "; ".join(words[:_NAMED])
    return Phrase("{first}; and {rest} more.", first=first, rest=rest) if rest > 0 else f"{first}."
