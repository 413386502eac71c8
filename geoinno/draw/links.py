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

_WIDTH = 1.8
_NAMED = 3


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
        A straight line for each pair of linked regions without a common point of their boundaries; the
        note names the first of them.

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
            "All linked regions touch: there is no link to draw. gi.weigh.contiguity(islands=) adds some."
        )
        raise RegionError(message)
    called = names(placed)
    words = [f"{called[a]} {DASH} {called[b]}" for a, b in pairs.itertuples(index=False, name=None)]
    points = placed.geometry.to_crs(4326).representative_point()
    ends = [shapely.get_coordinates(points.loc[pairs[side]].to_numpy()) for side in ("first", "second")]
    heading = legend or title or Phrase("Links between regions that do not touch")
    key = Key(Phrase("counted as neighbours"), palette.LINK, symbol="line", size=_WIDTH, count=len(pairs))
    return Layer(
        kind="lines",
        name=title or heading,
        shapes=gpd.GeoDataFrame(
            pairs.assign(width=_WIDTH, fill=palette.LINK),
            geometry=shapely.linestrings(np.stack(ends, axis=1)),
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


def _listed(words: list[str]) -> str:
    """Return the first few links in words, and how many more there are."""
    rest, first = len(words) - _NAMED, "; ".join(words[:_NAMED])
    return Phrase("{first}; and {rest} more.", first=first, rest=rest) if rest > 0 else f"{first}."
