"""The scale bar stands where it covers least of what the map is about."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
from shapely import box

import geoinno as gi
from geoinno.draw._scene.corners import scale_corner

SQUARES = {"southwest": box(8, 46, 9, 47), "southeast": box(14, 46, 15, 47), "north": box(8, 50, 15, 51)}


@pytest.mark.parametrize(
    ("places", "corner"),
    [
        (["southwest", "north"], "right"),
        (["southeast", "north"], "left"),
        (["southwest", "southeast", "north"], "left"),
    ],
)
def test_the_bar_leaves_a_corner_that_is_taken_for_one_that_is_free(places, corner):
    index = pd.Index(places, name="region")
    regions = gpd.GeoDataFrame({"name": places}, geometry=[SQUARES[p] for p in places], index=index, crs=4326)
    values = pd.Series(np.arange(float(len(places))), index, name="share")
    drawn = gi.draw.sheet(gi.draw.choropleth(regions, values), source="tests")
    assert scale_corner(drawn.scene) == corner
    assert f'"bar":"{corner}"' in drawn.html()
    axes = drawn.figure().axes[0]
    bar = next(line for line in axes.lines if len(line.get_xdata()) == 4)
    middle = np.mean(axes.get_xlim())
    assert (np.mean(bar.get_xdata()) > middle) == (corner == "right")
