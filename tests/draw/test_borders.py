"""Borders: width by contrast, colour by a second number, along the regions that are drawn."""

from __future__ import annotations

import json

import numpy as np
import pandas as pd
import pytest
import shapely
from matplotlib.colors import to_hex

import geoinno as gi
from geoinno.draw import palette
from geoinno.draw._web.payload import payload


@pytest.fixture(scope="module")
def edges(central_asia):
    return gi.measure.segments(central_asia.regions)


@pytest.fixture(scope="module")
def contrast(central_asia, edges):
    return gi.measure.contrast(central_asia.regions["primacy"], edges)


def test_all_foreign_borders_are_drawn_and_the_sharpest_of_the_others(edges, contrast):
    layer = gi.draw.border_lines(edges, contrast)
    foreign = edges.index[edges["kind"] == "foreign"]
    assert set(foreign) <= set(layer.shapes.index)
    home = layer.shapes.index.difference(foreign)
    assert set(home) == set(
        contrast.index[(contrast > contrast.quantile(0.75)) & ~contrast.index.isin(foreign)]
    )
    assert sum(key.count for key in layer.legends[0].keys) == len(layer.shapes)
    widest = layer.shapes["width"] == layer.shapes["width"].max()
    assert contrast[layer.shapes.index[widest]].min() > contrast.quantile(0.9)


def test_colours_part_at_the_midpoint(edges, contrast):
    share = pd.Series(np.linspace(0.2, 3, len(edges)), index=edges.index, name="permeability")
    share.iloc[0] = np.nan
    layer = gi.draw.border_lines(edges, contrast, colour=share, midpoint=1, threshold=0)
    low = layer.shapes.index[share[layer.shapes.index] < 0.99]
    warm = set(palette.BORDERS_DIVERGING[:3])
    assert set(layer.shapes.loc[low, "fill"]) <= warm
    assert layer.legends[1].keys[-1].label == "unknown"
    assert "permeability" in layer.tips


def test_colours_of_lines_are_chosen_by_name_or_given(edges, contrast):
    share = pd.Series(np.linspace(0.2, 3, len(edges)), index=edges.index, name="permeability")
    case = {"colour": share, "threshold": 0}
    ramp = gi.draw.border_lines(edges, contrast, palette="viridis", **case)
    assert ramp.legends[1].keys[0].fill == palette.SEQUENTIALS["viridis"][-1]
    sides = gi.draw.border_lines(edges, contrast, palette="red-blue", midpoint=1, **case)
    ends = [sides.legends[1].keys[i].fill for i in (-1, 0)]
    assert set(ends) <= {*palette.DIVERGINGS["red-blue"], *sides.shapes["fill"]}
    assert ends[1] == palette.DIVERGINGS["red-blue"][-1]
    own = gi.draw.border_lines(edges, contrast, palette=["tan", "maroon"], **case)
    assert [own.legends[1].keys[i].fill for i in (-1, 0)] == ["#d2b48c", "#800000"]
    with pytest.raises(gi.OptionError, match="palette"):
        gi.draw.border_lines(edges, contrast, palette="red-blue", **case)


def test_lines_run_along_the_regions_that_are_drawn(central_asia, edges, contrast):
    regions = central_asia.regions
    fill = gi.draw.choropleth(regions, regions["primacy"])
    sheet = gi.draw.sheet(fill, gi.draw.border_lines(edges, contrast), source="tests")
    strokes = sheet.scene.strokes[0]
    outline = shapely.union_all(shapely.boundary(sheet.scene.fills[0]))
    assert max(shapely.hausdorff_distance(line, outline.intersection(line)) for line in strokes.lines) < 1e-3
    assert sheet.layers[0].legends[0].keys[0].fill == palette.SEQUENTIAL_MUTED[-1]


def test_segments_of_another_map_are_refused(edges, contrast):
    with pytest.raises(gi.errors.AlignmentError):
        gi.draw.border_lines(edges, contrast.head(5))
    with pytest.raises(gi.errors.ColumnError, match="'kind'"):
        gi.draw.border_lines(edges.drop(columns="kind"), contrast)


@pytest.mark.parametrize("midpoint", [0.05, 0.3, 1.0, 2.9, 3.5])
def test_classes_of_colour_reach_from_the_least_to_the_most(edges, contrast, midpoint):
    share = pd.Series(np.linspace(0.2, 3, len(edges)), index=edges.index, name="permeability")
    layer = gi.draw.border_lines(edges, contrast, colour=share, midpoint=midpoint, threshold=0)
    drawn = share[layer.shapes.index]
    keys = layer.legends[1].keys
    assert sum(key.count for key in keys) == len(drawn)
    bounds = [[float(v) for v in key.label.split(" \u2013 ")] for key in keys]
    for (low, high), key in zip(bounds, keys, strict=True):
        held = drawn[layer.shapes["fill"] == key.fill]
        assert held.between(low - 0.01, high + 0.01).all()
        assert (held <= midpoint).all() or (held >= midpoint).all()


def test_borders_that_cannot_be_drawn_are_refused_in_words(edges, contrast):
    home = edges[edges["kind"] == "domestic"]
    with pytest.raises(gi.ColumnError, match="no border to draw"):
        gi.draw.border_lines(home, contrast[home.index], threshold=1)
    with pytest.raises(gi.ColumnError, match="is negative in"):
        gi.draw.border_lines(edges, contrast - 1)
    with pytest.raises(gi.ColumnError, match="'share' has no value for any"):
        gi.draw.border_lines(edges, contrast, colour=(contrast * np.nan).rename("share"))
    with pytest.raises(gi.OptionError, match="0 to 1"):
        gi.draw.border_lines(edges, contrast, threshold=75)


def test_a_colour_of_the_same_name_has_a_line_of_its_own(edges, contrast):
    layer = gi.draw.border_lines(edges, contrast, colour=contrast)
    assert {"contrast", "contrast (colour)"} <= set(layer.tips)
    assert "colour" in gi.draw.border_lines(edges, contrast, colour=contrast.rename(None)).tips


def test_numbers_of_segments_come_from_columns_and_never_from_arrays(edges, contrast):
    known = edges.assign(contrast=contrast)
    layer = gi.draw.border_lines(known, "contrast", colour="length_km")
    assert layer.shapes["width"].equals(gi.draw.border_lines(edges, contrast).shapes["width"])
    assert layer.legends[1].title == "Length (km)"
    with pytest.raises(gi.ColumnError, match="values must be a Series indexed as the segments are"):
        gi.draw.border_lines(edges, contrast.to_numpy())
    with pytest.raises(gi.ColumnError, match="colour must be a Series indexed as the segments are"):
        gi.draw.border_lines(edges, contrast, colour=contrast.to_numpy())
    with pytest.raises(gi.ColumnError, match="segments have no column 'sharpness'"):
        gi.draw.border_lines(edges, "sharpness")


def test_the_note_speaks_of_countries_only_where_there_are_both_kinds(edges, contrast):
    foreign = edges["kind"] == "foreign"
    abroad, home, both = (
        gi.draw.border_lines(edges[chosen], contrast[chosen]).legends[0].note
        for chosen in (foreign, ~foreign, foreign | ~foreign)
    )
    assert abroad == f"{foreign.sum()} borders between countries, all of them drawn."
    assert home.endswith("borders drawn: the sharpest.")
    assert "Those between countries hold" in both


def test_borders_alone_lie_on_faint_outlines_of_all_others(central_asia, edges, contrast):
    lines = gi.draw.border_lines(edges, contrast)
    alone = gi.draw.sheet(lines, source="tests")
    others = edges.drop(index=lines.shapes.index).to_crs(alone.scene.projection.crs)
    assert len(others)
    faint = shapely.length(alone.scene.edges).sum()
    assert faint == pytest.approx(others.length.sum(), rel=0.03)
    assert json.loads(payload(alone))["edges"]
    fill = gi.draw.choropleth(central_asia.regions, central_asia.regions["primacy"])
    assert not len(gi.draw.sheet(fill, lines, source="tests").scene.edges)
    # The map opens to all borders, not to those alone that have a line.
    x0, y0, x1, y1 = alone.scene.frame
    low, high = np.split(others.total_bounds, 2)
    assert (low > (x0, y0)).all()
    assert (high < (x1, y1)).all()
    drawn = alone.figure().axes[0]
    tones = {tone for art in drawn.collections for tone in map(to_hex, art.get_edgecolor())}
    assert palette.COAST in tones


def test_borders_with_their_regions_lie_on_pale_ones_with_names(central_asia, edges, contrast):
    regions = central_asia.regions
    shown = gi.draw.sheet(gi.draw.border_lines(edges, contrast, regions=regions), source="tests")
    assert [key.fill for key in shown.layers[1].legends[0].keys] == [palette.OUTLINED]
    assert len(shown.scene.fills[0]) == len(regions)
    assert not len(shown.scene.edges)
    first = edges.loc[shown.scene.strokes[0].tips.index[0], "first"]
    assert regions.loc[first, "name"] in shown.scene.strokes[0].tips[""].iloc[0]
    sharpest = edges.loc[contrast.idxmax(), ["first", "second"]]
    assert all(name in shown.alt for name in regions.loc[sharpest, "name"])
    with pytest.raises(gi.RegionError):
        gi.draw.border_lines(edges, contrast, regions=regions.set_geometry(regions.representative_point()))


def test_lines_alone_are_as_fine_as_the_eye_and_no_finer(edges, contrast):
    dense = edges.set_geometry(edges.geometry.segmentize(0.001))
    sizes = [
        len(gi.draw.sheet(gi.draw.border_lines(each, contrast), source="tests").html())
        for each in (edges, dense)
    ]
    assert sizes[1] < 1.05 * sizes[0]


def test_legends_have_rows_of_what_is_drawn_alone(edges, contrast):
    foreign = edges["kind"] == "foreign"
    for chosen, words in ((foreign, "between countries"), (~foreign, "within a country")):
        widths, kinds = gi.draw.border_lines(edges[chosen], contrast[chosen]).legends
        assert [key.label for key in kinds.keys] == [words]
        assert all(key.count for key in widths.keys)
    # Of one country alone the calmer half is left out, and its widths with it.
    assert len(widths.keys) < 4
    assert sum(key.count for key in widths.keys) == kinds.keys[0].count
    assert all(key.count for key in gi.draw.border_lines(edges, contrast).legends[1].keys)


@pytest.mark.parametrize(("low", "high"), [(0.3, 0.9), (1.1, 4.0)])
def test_no_class_of_colour_is_empty_where_all_lie_on_one_side(edges, contrast, low, high):
    share = pd.Series(np.linspace(low, high, len(edges)), index=edges.index, name="permeability")
    keys = gi.draw.border_lines(edges, contrast, colour=share, midpoint=1, threshold=0).legends[1].keys
    assert all(key.count for key in keys)
    nearest = keys[0 if high < 1 else -1]
    assert "1.00" in nearest.label.split(" \u2013 ")
    assert sum(key.count for key in keys) == len(edges)
