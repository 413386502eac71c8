"""Wombling: contrasts by hand, tests of the right size, and planted borders found."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

import geopandas
import numpy as np
import pandas as pd
import pytest
from shapely.geometry import box

import geoinno as gi


def test_contrast_is_the_difference_of_neighbours(strip):
    values = pd.Series([1.0, 3.0, 8.0, 8.5], index=list("abcd"))
    found = gi.measure.segments(strip)
    assert gi.measure.contrast(values[::-1], found).to_list() == [2.0, 5.0, 0.5]


def test_contrast_of_several_indicators_is_their_distance_in_standard_deviations(strip):
    x = pd.Series([1.0, 3.0, 8.0, 8.0], index=list("abcd"))
    both = pd.DataFrame({"x": x, "y": [0.0, 4.0, 4.0, 0.0]})
    found = gi.measure.contrast(both, gi.measure.segments(strip))
    # By hand: standard deviations (divisor n) are sqrt(9.5) and 2.
    expected = [np.sqrt(4 / 9.5 + 16 / 4), np.sqrt(25 / 9.5), 2.0]
    np.testing.assert_allclose(found, expected, rtol=1e-12)


def test_the_ratio_is_that_of_mean_contrasts(strip):
    values = pd.Series([1.0, 3.0, 8.0, 8.5], index=list("abcd"))
    found = gi.measure.dissimilarity(values, gi.measure.segments(strip), permutations=9)
    assert found.ratio == pytest.approx(5 / 1.25)
    assert "too few for clustered standard errors" in str(found)
    assert str(found).startswith("At equal distance, neighbours across a border differ 4.00 times as much")


def test_words_follow_the_ratio_that_is_tested():
    """Where distance turns the ratio round, the words must be of the adjusted one."""
    found = gi.measure.Dissimilarity(0.9, 1.5, 0.01, 0.01, 0.01, 0.9, 1.0, (10, 20), 3, 999, 0)
    assert "differ 1.50 times as much" in str(found)
    assert "more than chance would explain" in str(found)
    assert "less than chance" in str(replace(found, adjusted_ratio=0.7))


def test_distance_explains_what_grows_with_it():
    # Cells twice as wide abroad: contrasts proportional to distance make the adjusted ratio 1.
    edges = np.cumsum([0, *[1, 2] * 6, 6, *[1, 2] * 6]) / 10
    cells = geopandas.GeoDataFrame(
        {"country": ["A"] * 12 + ["B"] * 13},
        geometry=[box(a, 0, b, 0.1) for a, b in pairwise(edges)],
        index=[f"c{i:02}" for i in range(25)],
        crs=4326,
    )
    x = pd.Series((edges[1:] + edges[:-1]) / 2, index=cells.index)
    found = gi.measure.dissimilarity(x, gi.measure.segments(cells), permutations=9)
    assert found.ratio > 1.2
    assert found.adjusted_ratio == pytest.approx(1, abs=0.02)


def test_a_planted_border_is_found(board):
    random = np.random.default_rng(5)
    step = pd.Series(random.normal(size=100) + 3 * (board["country"] == "B"), index=board.index)
    found = gi.measure.dissimilarity(step, gi.measure.segments(board))
    assert found.p == pytest.approx(2 / 1000)
    assert found.ratio > 2


def test_a_constant_map_is_refused(board):
    flat = pd.Series(3.0, index=board.index, name="flat")
    found = gi.measure.segments(board)
    for measure in (gi.measure.contrast, gi.measure.dissimilarity):
        with pytest.raises(gi.errors.ColumnError, match="same value in every region"):
            measure(flat, found)


def test_a_region_without_a_country_is_refused(board):
    found = gi.measure.segments(board)
    found.loc[found["first"] == "00", "first_country"] = None
    values = pd.Series(range(100), index=board.index)
    with pytest.raises(gi.errors.ColumnError, match="no country for '00'"):
        gi.measure.dissimilarity(values, found)


def test_smooth_noise_is_judged_by_its_placebo(board):
    found = gi.measure.segments(board)
    random = np.random.default_rng(7)
    step = pd.Series(random.normal(size=100) + 3 * (board["country"] == "B"), index=board.index)
    planted = gi.measure.dissimilarity(step, found, permutations=99)
    assert planted.p_noise < 0.02
    assert "more than chance would explain" in str(planted)
    noise = pd.Series(np.random.default_rng(8).normal(size=100), board.index)
    nothing = gi.measure.dissimilarity(noise, found, permutations=99)
    assert nothing.p_noise > 0.05
    assert "which chance could explain" in str(nothing)
    # Without lines there are no places.
    assert np.isnan(gi.measure.dissimilarity(step, pd.DataFrame(found), permutations=9).p_noise)


@pytest.mark.slow
def test_noise_placebo_has_its_size_on_smooth_noise(board):
    # 60 maps whose noise reaches over a quarter of the map: standard error .03 at a share of .05.
    found, km = gi.measure.segments(board), gi.weigh.distances(board).to_numpy()
    reach = np.linalg.cholesky(np.exp(-3 * km / (km.max() / 4)))
    random = np.random.default_rng(4)
    noise = (pd.Series(reach @ random.normal(size=100), board.index) for _ in range(60))
    p = np.array([gi.measure.dissimilarity(y, found, permutations=9).p_noise for y in noise])
    assert (p <= 0.05).mean() <= 0.12, (p <= 0.05).mean()


@pytest.mark.slow
def test_chance_seldom_looks_like_a_border(board):
    # 400 maps of white noise: the share of p <= .05 has a standard error of .011.
    found = gi.measure.segments(board)
    random = np.random.default_rng(3)
    drawn = []
    for seed in range(400):
        noise = pd.Series(random.normal(size=100), index=board.index)
        tested = gi.measure.dissimilarity(noise, found, permutations=99, seed=seed)
        drawn.append((tested.p, tested.p_placebo))
    rejected = (np.array(drawn) <= 0.05).mean(axis=0)
    assert 0.03 <= rejected[0] <= 0.07, rejected
    # Placebo borders of a hundred cells often all but coincide with the true one: cautious, not exact.
    assert 0.01 <= rejected[1] <= 0.07, rejected


def test_segments_and_values_must_speak_of_the_same_regions(strip):
    found = gi.measure.segments(strip)
    with pytest.raises(gi.errors.AlignmentError, match="'d'"):
        gi.measure.contrast(pd.Series([1.0, 2.0, 3.0], index=list("abc")), found)
    with pytest.raises(gi.errors.ColumnError, match="no value in 'a'"):
        gi.measure.contrast(pd.Series([np.nan, 2.0, 3.0, 1.0], index=list("abcd")), found)
    with pytest.raises(gi.errors.ColumnError, match="All 1 segments are domestic"):
        gi.measure.dissimilarity(pd.Series([1.0, 2.0, 3.0, 1.0], index=list("abcd")), found.head(1))
