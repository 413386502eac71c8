"""Bivariate maps: each region in its cell, the square the same on the web and in print."""

from __future__ import annotations

import re

import numpy as np
import pandas as pd
import pytest
from matplotlib.backends.backend_agg import FigureCanvasAgg

import geoinno as gi
from geoinno.draw import palette

EVIL = "<script>alert('x')</script>"


def shown(layer, **words):
    return gi.draw.sheet(layer, source="tests", **words)


def test_cells_of_the_square_hold_their_regions(central_asia):
    regions = central_asia.regions
    first, second = regions["primacy"], regions["city_population"]
    layer = gi.draw.bivariate(regions, first, second)
    # Terciles by rank, done without quantiles: 16 of 48 regions in each third.
    column = ((first.rank(method="first") - 1) // 16).astype(int)
    row = ((second.rank(method="first") - 1) // 16).astype(int)
    counts = np.zeros((3, 3), int)
    np.add.at(counts, (2 - row.to_numpy(), column.to_numpy()), 1)
    assert [key.count for key in layer.legends[0].keys[:9]] == counts.ravel().tolist()
    assert layer.legends[0].keys[2].label == "high primacy, high city population"
    assert layer.legends[0].keys[2].fill == palette.BIVARIATES["blue-orange"][2][2]
    with pytest.raises(gi.errors.OptionError, match="count must be 2 or 3"):
        gi.draw.bivariate(regions, first, second, count=4)


def test_a_region_that_lacks_either_is_hatched_and_twins_are_told(central_asia):
    regions = central_asia.regions
    first = regions["primacy"].where(regions.index != "KAZ-3195")
    layer = gi.draw.bivariate(regions, first, regions["primacy"].rename("again"), count=2)
    assert layer.shapes.loc["KAZ-3195", "code"] == 4
    assert layer.legends[0].keys[4].pattern == "hatch"
    assert "one of them would do" in layer.concerns[0]


def test_a_long_heading_stays_on_the_sheet_in_print(central_asia):
    # Bold letters are wider than others: a heading broken as if they were not ran off the sheet.
    regions = central_asia.regions
    across, up = regions["primacy"].rename("income_per_head"), regions["city_population"].rename("area_km2")
    figure = shown(gi.draw.bivariate(regions, across, up)).figure()
    renderer = FigureCanvasAgg(figure).get_renderer()
    figure.draw(renderer)
    texts = [text for axes in figure.axes for text in axes.texts if text.get_weight() == "bold"]
    assert any("Income per head" in text.get_text() for text in texts)
    assert all(text.get_window_extent(renderer).x1 <= figure.bbox.x1 for text in texts)


def test_the_square_is_the_same_in_print(central_asia):
    regions = central_asia.regions
    sheet = shown(gi.draw.bivariate(regions, regions["primacy"], regions["city_population"].rename(EVIL)))
    html = sheet.html()
    assert EVIL not in html
    printed = {text.get_text() for axes in sheet.figure().axes for text in axes.texts}
    square = sheet.layers[0].legends[0].square
    assert {*square.across_limits, *square.up_limits, f"{square.across} \u2192"} <= printed
    for text in square.across_limits:
        assert f">{text}</text>" in html


def test_what_lacks_a_value_has_a_key_below_the_square_on_the_web_too(central_asia):
    regions = central_asia.regions
    layer = gi.draw.bivariate(
        regions, regions["primacy"].where(regions.index != "KAZ-4830"), "city_population"
    )
    html = shown(layer).html()
    # The tenth key, and the only one that is a row: the others are the cells of the square.
    rows = re.findall(r'class="gi-key"[^>]*data-code="(\d+)"[^>]*>.*?</svg><span>([^<]*)</span>', html)
    assert rows == [("9", "no data")]


def test_limits_too_long_to_stand_side_by_side_are_staggered(central_asia):
    regions = central_asia.regions
    long = shown(gi.draw.bivariate(regions, regions["city_population"], "primacy"))
    short = shown(gi.draw.bivariate(regions, "primacy", regions["city_population"]))
    for sheet, apart in ((long, True), (short, False)):
        square = sheet.layers[0].legends[0].square
        heights = [
            re.search(rf'y="(\d+)"[^>]*>{text}</text>', sheet.html())[1] for text in square.across_limits
        ]
        assert (len(set(heights)) == 2) is apart
        figure = sheet.figure()
        renderer = FigureCanvasAgg(figure).get_renderer()
        texts = [t for ax in figure.axes for t in ax.texts if t.get_text() in square.across_limits]
        first, second = (t.get_window_extent(renderer) for t in texts)
        assert not first.overlaps(second)


def test_corners_have_names_and_twins_of_one_name_stay_apart(central_asia):
    regions = central_asia.regions
    first = regions["primacy"]
    layer = gi.draw.bivariate(regions, first, -first, corners=("calm", "right", "top", "both"))
    labels = [key.label for key in layer.legends[0].keys]
    assert [labels[i] for i in (6, 8, 0, 2)] == ["calm", "right", "top", "both"]
    assert layer.legends[0].note.startswith("Top left: top.")
    assert {"primacy", "primacy (second)", "Class"} <= set(layer.tips)


def test_corners_must_be_four(central_asia):
    regions = central_asia.regions
    with pytest.raises(gi.OptionError, match="all four corners"):
        gi.draw.bivariate(regions, "primacy", "city_population", corners=("a", "b"))


def test_indicators_come_from_columns_and_never_from_arrays(central_asia):
    regions = central_asia.regions
    layer = gi.draw.bivariate(regions, "primacy", "city_population")
    series = gi.draw.bivariate(regions, regions["primacy"], regions["city_population"])
    assert layer.legends == series.legends
    with pytest.raises(gi.ColumnError, match="must be a Series indexed by region id"):
        gi.draw.bivariate(regions, "primacy", regions["city_population"].to_numpy())


def test_colours_are_a_name_or_three_rows_of_three(central_asia):
    regions = central_asia.regions
    case = (regions, "primacy", "city_population")
    for count, far in ((3, 8), (2, 3)):
        square = gi.draw.bivariate(*case, count=count, palette="purple-gold").legends[0].keys
        rows = palette.BIVARIATES["purple-gold"]
        # The legend is read from the top: high of the second comes first.
        assert (square[0].fill, square[far].fill) == (rows[2][0], rows[0][2])
    own = [["white", "pink", "red"], ["silver", "gray", "maroon"], ["blue", "navy", "black"]]
    assert gi.draw.bivariate(*case, palette=own).legends[0].keys[2].fill == "#000000"
    for wrong in ("rainbow", own[:2], [row[:2] for row in own], [["no colour"] * 3] * 3):
        with pytest.raises(gi.OptionError, match="palette"):
            gi.draw.bivariate(*case, palette=wrong)


@pytest.mark.parametrize(
    ("zeros", "count", "parts"),
    [(25, 3, [25, 6, 5]), (25, 2, [25, 11]), (3, 2, [18, 18]), (11, 3, [12, 12, 12])],
)
def test_ties_are_one_class_and_the_others_are_parted_among_themselves(lattice, zeros, count, parts):
    tied = pd.Series(np.maximum(np.arange(36.0) - zeros + 1, 0), index=lattice.index, name="patents")
    layer = gi.draw.bivariate(
        lattice, tied, pd.Series(np.arange(36.0)[::-1], lattice.index, name="people"), count=count
    )
    column = layer.shapes["code"] % count
    assert column.value_counts().sort_index().to_list() == parts


def test_most_at_the_highest_value_leave_two_classes(lattice):
    tied = pd.Series(np.minimum(np.arange(36.0), 4), index=lattice.index, name="years of schooling")
    layer = gi.draw.bivariate(
        lattice, tied, pd.Series(np.arange(36.0), lattice.index, name="people"), count=2
    )
    assert (layer.shapes["code"] % 2).sum() == 32


def test_fewer_values_than_classes_are_refused_with_a_remedy_that_works(lattice):
    few = pd.Series(np.arange(36) % 2, index=lattice.index, name="coast")
    people = pd.Series(np.arange(36.0), lattice.index, name="people")
    with pytest.raises(gi.ColumnError, match=r"'coast' has too few .* 3 classes \(2 of them\): use count=2"):
        gi.draw.bivariate(lattice, few, people)
    assert len(gi.draw.bivariate(lattice, few, people, count=2).legends[0].keys) == 4
