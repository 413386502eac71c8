"""Regions that lie on each other: drawn in one order in print and on the web, and reported."""

from __future__ import annotations

import io
import json

import geopandas as gpd
import numpy as np
import pytest
from PIL import Image
from shapely.geometry import box

import geoinno as gi
from geoinno.draw._scene.stacking import stacked
from geoinno.draw._web.payload import payload


@pytest.fixture
def city():
    """A city (d) in an unpierced country (b), which has a neighbour (c) and a district without data (a)."""
    shapes = [box(13.2, 52.3, 13.7, 52.6), box(12, 51.5, 14.5, 53.2), box(10, 51.5, 12, 53.2)]
    shapes.append(box(12.4, 51.8, 12.8, 52.0))
    return gpd.GeoDataFrame({"v": [9.0, 1.0, 2.0, np.nan]}, geometry=shapes, index=list("dbca"), crs=4326)


def sheet(regions, values):
    fill = gi.draw.choropleth(regions, values, scheme="equal", count=3)
    return gi.draw.sheet(fill, title="t", source="s")


def test_audit_names_regions_that_overlap(city, lattice):
    found = sheet(city, city["v"]).audit()[-1]
    # Areas on the ellipsoid by geographiclib, of the boxes above: 1134.8 and 612.7 km2.
    assert found.startswith("Regions overlap, 1.75e+03 km2: ('d', 'b'), ('b', 'a') (2 in all).")
    rising = gi.draw.choropleth(lattice, lattice.index.to_series().astype(float))
    assert gi.draw.sheet(rising, title="t", source="s").audit() == []


@pytest.mark.parametrize("sign", [1.0, -1.0])
def test_what_lies_inside_is_on_top_in_print_whatever_its_class(city, sign):
    drawn = sheet(city, sign * city["v"])
    assert drawn.scene.stacks[0].tolist() == [1, 0, 3]
    figure = drawn.figure()
    picture = io.BytesIO()
    figure.savefig(picture, dpi=100)
    axes = figure.axes[0]
    spot = drawn.scene.projection.forward(np.array([13.45]), np.array([52.45]))[0]
    x, y = axes.transData.transform(spot) * 100 / figure.dpi
    image = Image.open(picture).convert("RGB")
    code = drawn.layers[0].shapes["code"].iloc[0]
    fill = drawn.layers[0].legends[0].keys[code].fill
    assert "#{:02x}{:02x}{:02x}".format(*image.getpixel((round(x), round(image.height - y)))) == fill


def test_the_browser_is_given_the_same_order(city):
    assert json.loads(payload(sheet(city, city["v"])))["sets"][0]["stack"] == [1, 0, 3]


def test_regions_that_only_touch_are_in_no_stack(north_america):
    drawn = gi.draw.sheet(gi.draw.choropleth(north_america.regions, "income"), source="s")
    assert len(drawn.scene.stacks[0]) == 0
    shapes = np.array([box(0, 0, 2, 2), box(2, 0.5, 4, 3), box(0, 2, 2, 4)])
    assert len(stacked(shapes, unit=0.01)) == 0
    assert stacked(np.array([box(0, 0, 2, 2), box(1.99, 0, 4, 2)]), unit=0.01).tolist() == [1, 0]
