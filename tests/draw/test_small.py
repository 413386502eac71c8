"""Small regions: rings for what no reader could see, also for regions that are many small islands."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely

import geoinno as gi
from geoinno.draw import palette
from geoinno.draw._scene.small import small_regions


def islands(count, *, side=0.03):
    """Return so many islets, far enough apart that their area is that of a region one can see."""
    return shapely.multipolygons(
        [shapely.box(12 + 0.1 * i, 40 + 0.1 * j, 12 + 0.1 * i + side, 40 + 0.1 * j + side)
         for i in range(count) for j in range(count)]
    )  # fmt: skip


@pytest.fixture(scope="module")
def regions():
    cells = [shapely.box(x, y, x + 1, y + 1) for x in range(4) for y in range(40, 44)]
    shapes = [*cells, islands(12), shapely.box(6, 40, 6.02, 40.02)]
    ids = [f"r{i}" for i in range(16)] + ["archipelago", "speck"]
    return gpd.GeoDataFrame(geometry=shapes, index=ids, crs=4326)


def test_an_archipelago_of_islets_is_as_small_as_the_largest_of_them(regions):
    plane = regions.to_crs(3035).geometry.to_numpy()
    unit = 3_000.0
    spots = small_regions(plane, unit)
    assert [regions.index[i] for i in spots.region] == ["archipelago", "speck"]
    # The area of all islets together would have been that of a region of its own.
    assert np.sqrt(shapely.area(plane[16])) > 9 * unit
    assert all(shapely.intersects_xy(plane[spots.region], *spots.places.T))


def test_regions_without_a_shape_in_the_frame_have_no_ring():
    shapes = np.array([shapely.box(0, 0, 100, 100), shapely.MultiPolygon(), shapely.box(0, 0, 1, 1)])
    assert small_regions(shapes, 1.0).region.tolist() == [2]


def drawn(regions, values):
    layer = gi.draw.choropleth(regions, pd.Series(values, regions.index, name="v"), scheme="equal")
    return gi.draw.sheet(layer, source="S", basemap="none")


def test_a_ring_without_data_is_hatched_in_print(regions):
    values = np.arange(18.0)
    assert not hatched_rings(drawn(regions, values))
    values[17] = np.nan
    assert hatched_rings(drawn(regions, values)) == 1


def hatched_rings(sheet):
    """Return how many circles are hatched."""
    circles = [c for c in sheet.figure().axes[0].collections if len(c.get_offsets()) and c.get_hatch()]
    return sum(len(circle.get_offsets()) for circle in circles if len(circle.get_sizes()))


@pytest.mark.parametrize("fill", [*palette.SEQUENTIAL, *palette.CATEGORIES, *palette.SPACES.values()])
def test_a_ring_stands_out_from_its_fill(fill):
    # Graphical objects need a contrast of three to one (WCAG 2.2, 1.4.11).
    light = [palette._luminance(tone) + 0.05 for tone in (fill, palette.ring_on(fill))]
    assert max(light) / min(light) >= 3
