"""What a legend calls its classes: whole numbers and ties by themselves, all else from limit to limit."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest

import geoinno as gi
from geoinno.draw._layers.words import limits_in_words

# 36 regions; sums by hand.
FEW = [0.0] * 12 + [1.0] * 11 + [2.0] * 13
COUNTS = [0.0] * 9 + [1.0] * 6 + [2.0] * 4 + [3.0] * 4 + [4.0] * 6 + [5.0, 5, 6, 7, 8, 9, 12]
ZEROS = [0.0] * 20 + [0.25 + i for i in range(16)]


def keys(layer):
    return [(str(key.label), key.count) for key in layer.legends[0].keys]


@pytest.fixture
def on(lattice):
    return lambda data: pd.Series(data, index=lattice.index, name="patents").sample(frac=1, random_state=0)


def test_few_values_are_classes_of_their_own(lattice, on):
    assert keys(gi.draw.choropleth(lattice, on(FEW))) == [("2", 13), ("1", 11), ("0", 12)]


def test_classes_of_counts_run_from_whole_number_to_whole_number(lattice, on):
    drawn = keys(gi.draw.choropleth(lattice, on(COUNTS), count=4))
    assert drawn == [("5 \u2013 12", 7), ("3 \u2013 4", 10), ("1 \u2013 2", 10), ("0", 9)]
    assert keys(gi.draw.choropleth(lattice, on(COUNTS), scheme=[0, 2.5, 12]))[0] == ("2.5 \u2013 12.0", 17)


def test_own_limits_are_kept_but_for_classes_of_one_whole_number(lattice, on):
    drawn = keys(gi.draw.choropleth(lattice, on(FEW), scheme=[0, 1, 2, 4]))
    assert drawn == [("2 \u2013 4", 0), ("2", 13), ("0 \u2013 1", 23)]
    assert [words for words, _ in keys(gi.draw.choropleth(lattice, on(ZEROS), scheme=[0, 1, 2, 16]))] == [
        "2 \u2013 16",
        "1 \u2013 2",
        "0 \u2013 1",
    ]
    panel = pd.DataFrame({"1990": on(FEW), "2000": on(FEW) / 2})
    for layer in gi.draw.over_time(lattice, panel, scheme=[0, 1, 2, 4]):
        assert [words for words, _ in keys(layer)][1] == "1 \u2013 2"


@pytest.mark.filterwarnings("ignore:.*ties are not split")
def test_a_class_of_ties_is_called_by_its_value(lattice, on):
    drawn = keys(gi.draw.choropleth(lattice, on(ZEROS), count=4))
    assert drawn[-1] == ("0", 20)
    assert all("\u2013" in words for words, _ in drawn[:-1])


def test_numbers_of_many_sizes_have_the_decimals_that_each_needs(lattice, on):
    """Shares of flights at home: the same decimals for all would write 74.64075."""
    shares = (
        [0.0] * 8
        + [0.00043] * 2
        + [0.00366, 0.002] * 3
        + [3.47118, 1, 2] * 3
        + [6.56996, 5, 4] * 3
        + [74.64075, 30]
    )
    limits = np.array([0.0, 0.00043, 0.00366, 3.47118, 6.56996, 74.64075])
    assert limits_in_words(limits).words == ("0", "0.00043", "0.0037", "3.5", "6.6", "75")
    drawn = gi.draw.choropleth(lattice, on(shares), count=5)
    assert all(len(number) <= 8 for words, _ in keys(drawn) for number in words.split(" \u2013 "))
    assert limits_in_words([0.0, 8.62, 17.7, 34.7, 86.2, 15520.3]).words == (
        "0",
        "8.6",
        "17.7",
        "34.7",
        "86.2",
        "15\u202f520",
    )


@pytest.mark.parametrize(("data", "words"), [([32948.914858096825] * 36, "32\u202f950"), ([5] * 36, "5")])
def test_the_only_value_is_rounded_as_any_number(lattice, on, data, words):
    assert keys(gi.draw.choropleth(lattice, on(data))) == [(words, 36)]
    assert keys(gi.draw.over_time(lattice, pd.concat([on(data)] * 2, axis=1, keys=["a", "b"]))[0]) == [
        (words, 36)
    ]


def test_no_quantile_is_empty(lattice, on):
    # The median is 4 and the upper quartile, three quarters of the way from 26 to 27 of 0 to 35, is 4.25:
    # between them lies no value.
    data = np.repeat([0.0, 2, 4, 5], [12, 5, 10, 9])
    with pytest.warns(gi.errors.DataWarning, match="3 classes instead of 4"):
        drawn = keys(gi.draw.choropleth(lattice, on(data + np.arange(36) / 1e6 * (data == 5)), count=4))
    assert [count for _, count in drawn] == [9, 15, 12]


def test_several_times_share_their_words(lattice, on):
    early, late = gi.draw.over_time(lattice, pd.DataFrame({"1990": on(FEW), "2000": on(FEW) + 1}))
    assert keys(early) == [("3", 0), ("2", 13), ("1", 11), ("0", 12)]
    assert [words for words, _ in keys(late)] == ["3", "2", "1", "0"]


def test_borders_of_one_value_are_drawn(lattice, on):
    segments = gi.measure.segments(lattice)
    contrast = gi.measure.contrast(on(np.arange(36.0)), segments)
    same = pd.Series(0.7, index=segments.index, name="permeability")
    for midpoint in (None, 0.5, 1.0):
        layer = gi.draw.border_lines(segments, contrast, colour=same, midpoint=midpoint)
        assert [str(key.label) for key in layer.legends[1].keys] == ["0.7"]


@pytest.mark.parametrize("lang", ["en", "de", "es", "fr", "ru", "uz"])
def test_the_heading_says_what_small_numbers_are_multiples_of(lattice, on, lang, tmp_path):
    rates = on(np.linspace(1.2e-6, 8.4e-5, len(lattice)))
    layer = gi.draw.choropleth(lattice, rates, legend="Patents per person")
    drawn = gi.draw.sheet(layer, source="S", lang=lang)
    written = "Patents per person, \u00d710\u207b\u2076"
    assert f"{written}</" in drawn.html().replace("<wbr>", "")
    texts = [text.get_text() for axes in drawn.figure().axes for text in axes.texts]
    assert written in " ".join(texts).replace("\n", " ")
    classes = gpd.read_file(drawn.save(tmp_path / "map.gpkg"), layer="patents_per_person")["class"]
    assert all(words.endswith(") \u00d710\u207b\u2076") for words in classes)
    assert all("000" not in key.label for key in layer.legends[0].keys)
