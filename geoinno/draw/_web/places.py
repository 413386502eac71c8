"""Names by which a reader may look for a region that has another: of its large cities, and of countries."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import shapely

from geoinno._language import ENGLISH, territories

if TYPE_CHECKING:
    from geopandas import GeoDataFrame

    from geoinno._types import Shapes
    from geoinno.draw._layers.layer import Layer

# A harbour may lie off its coast as it is drawn; what lies farther off may be of a region not on the map.
_REACH_DEGREES = 0.02
# So many on average and on the whole, each under so many names: more would make a page longer by a twentieth.
_FOR_EACH, _MOST, _MOST_NAMES = 2, 300, 12
# Where regions are many, each has one, and a quarter of them a second: The Hague lies beside Rotterdam.
_FOR_MANY = 1.25


def cities_of(layer: Layer) -> list[list[Any]]:
    """Return the large cities of a set of regions: name, position of the region, other names.

    The largest of each region and capitals come first, then the most populous.
    """
    known = _cities()
    shapes: Shapes = layer.shapes.geometry.to_crs(4326).to_numpy()
    found = _placed(known.geometry.to_numpy(), shapes)
    # Cities come the most populous first, and so each region's largest does.
    first = ~found.duplicated().to_numpy() | known["capital"].to_numpy()[found.index]
    order = np.argsort(~first, kind="stable")[: _room(len(shapes))]
    names, others = known["name"].to_numpy(), known["other_names"].to_numpy()
    return [
        [str(names[i]), int(region), " ".join(others[i].split()[:_MOST_NAMES])]
        for i, region in found.iloc[order].items()
    ]


def _room(regions: int) -> int:
    """Return of how many cities a map of so many regions knows the names."""
    return min(_FOR_EACH * regions, max(_MOST, round(_FOR_MANY * regions)))


def _placed(points: Shapes, shapes: Shapes) -> pd.Series:
    """Return the position of the region that holds each point, in the order of the points that have one."""
    tree = shapely.STRtree(points)
    inside = tree.query(shapes, predicate="intersects")
    beside = tree.query(shapes, predicate="dwithin", distance=_REACH_DEGREES)
    region, point = np.concatenate([inside, beside], axis=1)
    found = pd.Series(region, index=point)
    return found[~found.index.duplicated()].sort_index()


def countries_of(layer: Layer, lang: str) -> list[list[Any]]:
    """Return what countries are called in English and in a language, where the regions are countries.

    They are where most of them have the code of a country (ISO 3166-1 alpha-3) for an id.
    """
    ids = [str(region) for region in layer.shapes.index]
    if 2 * sum(len(i) == len("ISO") and i.isupper() for i in ids) < len(ids):
        return []
    return [
        [names[code], i]
        for names in (territories(spoken) for spoken in dict.fromkeys((ENGLISH, lang)))
        for i, (code, name) in enumerate(zip(ids, layer.tips[""], strict=True))
        if names.get(code, name) != name
    ]


@cache
def _cities() -> GeoDataFrame:
    """Return the large cities of the world, read once."""
    from geoinno.read import cities

    return cities()
