"""Numbers as a reader meets them."""

from __future__ import annotations

import matplotlib as mpl
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import ImageFont

from geoinno._language import translated
from geoinno.draw._layers.words import THIN, WORDS, limits_in_words, number


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0.0, "0"),
        (12.0, "12"),
        (1234.5, f"1{THIN}234"),
        (0.000123456, "0.0001235"),
        (-5.25, "\u22125.25"),
        (2.31e-7, "0.000000231"),
        (1.2344e-12, "0.000000000001234"),
        (3e-15, "0"),
        (999_999.9, f"1{THIN}million"),
        (12_345_678.0, f"12.35{THIN}million"),
        (-5.25e9, f"\u22125.25{THIN}billion"),
        (2e12, f"2{THIN}trillion"),
    ],
)
def test_a_number_is_short(value, text):
    assert number(value) == text


@given(st.lists(st.floats(-1e9, 1e9), min_size=2, max_size=8, unique=True))
def test_class_limits_stay_distinct(limits):
    ordered = sorted(limits)
    if min(np.diff(ordered)) > 1e-6 * max(1.0, *map(abs, ordered)):
        words = limits_in_words(ordered)
        assert len(set(words)) == len(ordered)


def test_large_limits_lose_digits_nobody_reads():
    assert limits_in_words([1.1, 57.49, 10_674.61]) == ["1", "57", f"10{THIN}700"]


def test_class_limits_are_rounded_to_what_keeps_classes_apart():
    assert limits_in_words([0.018, 3.471]) == ["0.02", "3.5"]
    assert limits_in_words([0.018, 0.0184, 3.471]) == ["0.018", "0.0184", "3.5"]
    assert limits_in_words([2e-9, 5e-9]) == ["0.000000002", "0.000000005"]
    assert limits_in_words([2.0, 2.0]) == ["2", "2"]


def test_numbers_do_not_break_over_lines():
    assert THIN == "\u202f"


@pytest.mark.parametrize("lang", WORDS)
def test_what_the_search_field_says_fits_it(lang):
    # The field is 226 pixels wide, its border and the room within 16 of them, its letters 12.5 high.
    font = ImageFont.truetype(f"{mpl.get_data_path()}/fonts/ttf/DejaVuSans.ttf", 1000)
    assert font.getlength(WORDS[lang]["find"]) * 12.5 / 1000 <= 226 - 16


@pytest.mark.parametrize("lang", WORDS)
@pytest.mark.parametrize(
    "label",
    [
        *("within a country", "crosses a national border", "between countries", "net gain", "net loss"),
        *("partner of another", "partner of none", "wide interval", "counted as neighbours", "same class"),
        *("rose by two classes or more", "towards the middle", "both poles pull equally", "border interface"),
        *("hinterland", "springboard", "cul-de-sac", "high road", "not significant", "uncertain"),
    ],
)
def test_no_word_of_a_label_is_cut_on_a_phone(label, lang):
    # Two columns of 366 pixels, each with a symbol of 32, a count of 16, and the room between.
    font = ImageFont.truetype(f"{mpl.get_data_path()}/fonts/ttf/DejaVuSans.ttf", 1000)
    longest = max(font.getlength(word) for word in translated(label, lang).split())
    assert longest * 12.5 / 1000 <= (366 - 14) / 2 - 32 - 16 - 2 * 5
