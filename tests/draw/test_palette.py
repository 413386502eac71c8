"""Colours can be told apart, also by colour-blind readers, and text can be read on them."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from colorspacious import cspace_convert, deltaE

import geoinno as gi
from geoinno.draw import palette
from geoinno.draw._layers import line_colours
from geoinno.draw._layers.line_colours import line_ramp, line_sides

# MAPS rules: at least 12 between any two categories, at least 7 between neighbours of a ramp,
# in CAM02-UCS, for normal sight and the three dichromacies simulated by Machado et al. (2009).
CATEGORIES, NEIGHBOURS = 12, 7
SIGHTS = {
    "normal": None,
    "deutan": {"name": "sRGB1+CVD", "cvd_type": "deuteranomaly", "severity": 100},
    "protan": {"name": "sRGB1+CVD", "cvd_type": "protanomaly", "severity": 100},
    "tritan": {"name": "sRGB1+CVD", "cvd_type": "tritanomaly", "severity": 100},
}


def seen(colour, sight):
    rgb = np.array([int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)])
    return rgb if sight is None else np.clip(cspace_convert(rgb, sight, "sRGB1"), 0, 1)


def apart(a, b, sight):
    return deltaE(seen(a, sight), seen(b, sight), input_space="sRGB1")


@pytest.mark.parametrize("sight", SIGHTS.values(), ids=SIGHTS)
@pytest.mark.parametrize(
    "ramp", [palette.SEQUENTIAL_MUTED, *palette.SEQUENTIALS.values(), *palette.DIVERGINGS.values()], ids=str
)
def test_neighbours_on_a_ramp_differ(ramp, sight):
    assert min(apart(a, b, sight) for a, b in itertools.pairwise(ramp)) >= NEIGHBOURS


@pytest.mark.parametrize("sight", SIGHTS.values(), ids=SIGHTS)
def test_kinds_of_cluster_differ(sight):
    kinds = [palette.CLUSTERS[k] for k in ("HH", "LL", "HL", "LH", "not significant")]
    assert min(apart(a, b, sight) for a, b in itertools.combinations(kinds, 2)) >= CATEGORIES


@pytest.mark.parametrize("sight", SIGHTS.values(), ids=SIGHTS)
def test_the_paler_kinds_of_cluster_differ_from_each_other_and_from_the_strong(sight):
    four = ("HH", "LL", "HL", "LH")
    pale = [palette.CLUSTERS_PALE[k] for k in four]
    strong = [palette.CLUSTERS[k] for k in (*four, "not significant")]
    # Each pale colour beside its own strong one is the nearest pair: 9 as between neighbours of a good ramp.
    pairs = [*itertools.combinations(pale, 2), *itertools.product(pale, strong)]
    assert min(apart(a, b, sight) for a, b in pairs) >= 9


@pytest.mark.parametrize("ramp", palette.SEQUENTIALS.values(), ids=palette.SEQUENTIALS)
def test_ramps_under_arrows_stay_light_and_apart(ramp):
    lighter = palette.muted(ramp)
    for sight in SIGHTS.values():
        assert min(apart(a, b, sight) for a, b in itertools.pairwise(lighter)) >= 6
    # Arrows have a white casing; without it 2.5 to 1 is what the default ramp has.
    assert all((luminance(c) + 0.05) / (luminance(palette.FLOW_DOMESTIC) + 0.05) >= 2.5 for c in lighter)


KINDS = [*palette.CATEGORIES, *palette.SPACES.values(), *palette.BORDER_TYPES.values()]


@pytest.mark.parametrize("colour", KINDS)
def test_kinds_are_neither_grey_nor_white_nor_like_the_land_around_them(colour):
    lightness, a, b = cspace_convert(seen(colour, None), "sRGB1", "CIELab")
    assert np.hypot(a, b) >= 15
    assert lightness <= 92
    # The palest yellows come near grey land where blue and yellow look alike, never nearer.
    assert min(apart(colour, palette.LAND, sight) for sight in SIGHTS.values()) >= 7.5
    assert min(apart(colour, palette.NO_DATA, sight) for sight in SIGHTS.values()) >= 7.5


@pytest.mark.parametrize("sight", SIGHTS.values(), ids=SIGHTS)
def test_domestic_and_cross_border_flows_differ(sight):
    assert apart(palette.FLOW_DOMESTIC, palette.FLOW_CROSS_BORDER, sight) >= CATEGORIES


def luminance(colour):
    channels = seen(colour, None)
    linear = np.where(channels <= 0.04045, channels / 12.92, ((channels + 0.055) / 1.055) ** 2.4)
    return linear @ [0.2126, 0.7152, 0.0722]


@pytest.mark.parametrize("colour", [palette.TEXT, palette.TEXT_SOFT, palette.TEXT_FAINT])
def test_text_reads_on_white(colour):
    # WCAG 2.2, success criterion 1.4.6: contrast of at least 7 to 1.
    assert (1.05) / (luminance(colour) + 0.05) >= 7


def test_a_ramp_of_any_length_keeps_its_ends():
    for count in range(2, 8):
        colours = palette.ramp(palette.SEQUENTIAL, count)
        assert len(set(colours)) == count
        assert (colours[0], colours[-1]) == (palette.SEQUENTIAL[0], palette.SEQUENTIAL[-1])


GROUPS = {
    "spaces": list(palette.SPACES.values()),
    "border types": list(palette.BORDER_TYPES.values()),
    "categories": list(palette.CATEGORIES),
    **{name: [colour for row in rows for colour in row] for name, rows in palette.BIVARIATES.items()},
}


@pytest.mark.parametrize("sight", SIGHTS.values(), ids=SIGHTS)
@pytest.mark.parametrize("group", GROUPS.values(), ids=GROUPS)
def test_kinds_can_be_told_apart(group, sight):
    assert min(apart(a, b, sight) for a, b in itertools.combinations(group, 2)) >= CATEGORIES


@pytest.mark.parametrize("sight", SIGHTS.values(), ids=SIGHTS)
@pytest.mark.parametrize(
    "ramp",
    [
        *map(line_ramp, (line_colours.DEFAULT, *palette.SEQUENTIALS)),
        *map(line_sides, (line_colours.DEFAULT, *palette.DIVERGINGS)),
    ],
    ids=str,
)
def test_neighbours_on_the_ramps_of_borders_differ(ramp, sight):
    assert min(apart(a, b, sight) for a, b in itertools.pairwise(ramp)) >= NEIGHBOURS


@pytest.mark.parametrize("fill", [c for rows in palette.BIVARIATES.values() for row in rows for c in row])
def test_counts_read_on_their_cells(fill):
    # WCAG 2.2, 1.4.3: 4.5 to 1; the middle cells of the square come near it with either ink.
    light, dark = sorted([luminance(fill), luminance(palette.text_on(fill))], reverse=True)
    assert (light + 0.05) / (dark + 0.05) >= 4.5


@pytest.mark.parametrize("name", [line_colours.DEFAULT, *palette.SEQUENTIALS, *palette.DIVERGINGS])
def test_no_line_is_too_pale_for_its_white_casing(name):
    colours = line_sides(name) if name in palette.DIVERGINGS else line_ramp(name)
    assert min(1.05 / (luminance(colour) + 0.05) for colour in colours) >= 1.55


def test_lines_keep_given_colours_and_diverge_without_the_middle_one():
    assert line_ramp(["#ffffcc", "red"]) == ("#ffffcc", "#ff0000")
    below, above = line_sides(["red", "white", "blue"])[:3], line_sides(["red", "white", "blue"])[3:]
    assert (set(below), set(above)) == ({"#ff0000"}, {"#0000ff"})


def test_a_palette_is_a_name_or_colours():
    assert palette.sequential("magma") == palette.SEQUENTIALS["magma"]
    assert palette.sequential(["white", "#f00"]) == ("#ffffff", "#ff0000")
    assert palette.diverging(palette.DEFAULT) == palette.DIVERGING
    for wrong in ("rainbow", ["red"], ["red", "no colour"]):
        with pytest.raises(gi.OptionError, match="palette"):
            palette.sequential(wrong)
    with pytest.raises(gi.OptionError, match="odd"):
        palette.diverging(["red", "white", "blue", "black"])
