"""What lies beyond the map: countries that are not on it, but on whose border some of its regions lie."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import shapely

from geoinno.draw._layers.phrases import Country

if TYPE_CHECKING:
    import pandas as pd
    from geopandas import GeoDataFrame

# The countries of the basemap are drawn more coarsely than regions: this is how far their borders may differ.
_APART_DEGREES = 0.1
# So much of a region's outline must lie along a country: a touch in one point is no border.
_LEAST_DEGREES = 0.15


def beyond_the_map(regions: GeoDataFrame, chosen: pd.Series) -> dict[str, tuple[Country, ...]]:
    """Return the countries off the map on which each of the chosen regions borders, for those that do.

    A country is on the map if most of its land lies under the regions, or a region has its code; what regions
    alone can tell ends at the edge of the map, where the basemap still knows who lives on the other side.
    """
    from geoinno.read import land

    shapes = regions.geometry.to_crs(4326)
    outside = _off_the_map(land(), regions)
    edge = shapely.boundary(shapely.union_all(shapes.to_numpy()))
    found = {}
    for region, shape in shapes[chosen.to_numpy(bool)].items():
        own = shapely.intersection(shapely.buffer(shape, _APART_DEGREES / 100), edge)
        near = outside[shapely.dwithin(outside.geometry.to_numpy(), own, _APART_DEGREES)]
        along = [
            shapely.length(shapely.intersection(own, shapely.buffer(country, _APART_DEGREES)))
            for country in near.geometry
        ]
        names = near["name"][np.asarray(along, float) >= _LEAST_DEGREES]
        if len(names):
            found[str(region)] = tuple(sorted(Country(name, code=str(code)) for code, name in names.items()))
    return found


def _off_the_map(countries: GeoDataFrame, regions: GeoDataFrame) -> GeoDataFrame:
    """Return the countries of the basemap that no region belongs to."""
    points = regions.geometry.to_crs(4326).representative_point()
    under = shapely.STRtree(countries.geometry.to_numpy()).query(points.to_numpy(), predicate="intersects")[1]
    return countries.drop(countries.index[np.unique(under)])
