"""Numbers as a reader meets them."""

from __future__ import annotations

import re

import matplotlib as mpl
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import ImageFont

from geoinno._language import translated
from geoinno.draw._layers.class_words import class_words
from geoinno.draw._layers.notation import Numerals
from geoinno.draw._layers.words import THIN, WORDS, limits_in_words, number, values_of_keys

PLAIN = str.maketrans("\u207b\u2070\u00b9\u00b2\u00b3\u2074\u2075\u2076\u2077\u2078\u2079", "-0123456789")


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
def test_class_limits_stay_distinct_in_one_number_of_decimals(limits):
    ordered = sorted(limits)
    if min(np.diff(ordered)) > 1e-6 * max(1.0, *map(abs, ordered)):
        words = limits_in_words(ordered).words
        assert len(set(words)) == len(ordered)
        assert len({_decimals(word) for word in words}) == 1


def _decimals(word):
    """Return how many digits follow the decimal mark of a number."""
    return len(re.sub(r"[^\d.]", "", word).partition(".")[2])


def _read(numerals):
    """Return numbers in words as numbers."""
    mantissa, _, power = numerals.factor.partition("10")
    unit = 10.0 ** float(power.translate(PLAIN)) if mantissa else 1.0
    scales = {"": 1.0, "million": 1e6, "billion": 1e9, "trillion": 1e12}
    for word in numerals.words:
        found = re.fullmatch(r"(.*?)([a-z]*)", word)
        number = found[1].replace(THIN, "").replace("\u2212", "-")
        yield float(number) * scales[found[2]] * unit


@pytest.mark.parametrize("power", [-9, -5, -3, 0, 3, 5, 8, 13])
@given(mantissas=st.lists(st.floats(1, 999), min_size=2, max_size=6, unique=True))
def test_class_limits_are_true_to_a_fiftieth_of_the_class_beside(power, mantissas):
    limits = [mantissa * 10.0**power for mantissa in sorted(mantissas)]
    widths = np.diff(limits)
    if widths.min() > 1e-4 * limits[-1]:
        off = np.abs(np.array([*_read(limits_in_words(limits))]) - limits)
        assert (off[1:] <= widths / 50 * 1.000001).all()
        assert (off[:-1] <= widths / 50 * 1.000001).all()


@pytest.mark.parametrize(
    ("limits", "expected"),
    [
        ([1.1, 57.49, 10_674.61], f"1|57|10{THIN}675"),
        ([0.018, 3.471], "0.02|3.47"),
        ([0.0018, 3.471], "0.0|3.5"),
        ([0.018, 0.0184, 3.471], "0.0180|0.0184|3.4710"),
        ([2.0, 2.0], "2|2"),
        ([0.0, 0.0], "0|0"),
        ([51_234.0, 460_321.0, 12_345_678.0], f"50{THIN}000|460{THIN}000|12{THIN}350{THIN}000"),
        ([460_321.0, 1_200_000.0, 12_345_678.0], f"0.46{THIN}million|1.20{THIN}million|12.35{THIN}million"),
        ([-5.2, -0.04, 3.1], "\u22125.20|\u22120.04|3.10"),
        ([3.2e9, 4.5e9, 7e9], f"3.2{THIN}billion|4.5{THIN}billion|7.0{THIN}billion"),
    ],
)
def test_limits_of_one_legend_have_one_number_of_decimals(limits, expected):
    assert limits_in_words(limits) == Numerals(tuple(expected.split("|")))


def test_the_limits_of_a_reader_are_written_in_full():
    assert limits_in_words([1.5, 2, 10.25], own=True).words == ("1.50", "2.00", "10.25")
    assert limits_in_words([0, 1 / 3, 2 / 3, 1], own=True).words == ("0.00", "0.33", "0.67", "1.00")


@pytest.mark.parametrize(
    ("limits", "words", "factor"),
    [
        ([1.2e-6, 3.45e-5], ("1", "34"), "\u00d710\u207b\u2076"),
        ([2e-9, 5e-9], ("2", "5"), "\u00d710\u207b\u2079"),
        ([0.0, 1.2e-5, 2.5e-4], ("0", "12", "250"), "\u00d710\u207b\u2076"),
        ([0.0012, 0.0345], ("0.001", "0.035"), ""),
    ],
)
def test_small_limits_are_multiples_of_a_power_of_ten(limits, words, factor):
    assert limits_in_words(limits) == Numerals(words, factor)


def test_sizes_of_symbols_have_one_number_of_decimals():
    assert values_of_keys([1, 0.25, 0.05]).words == ("1.00", "0.25", "0.05")
    assert values_of_keys([2e-6, 1e-7]) == Numerals(("2.0", "0.1"), "\u00d710\u207b\u2076")


def test_classes_of_one_value_have_as_many_decimals_as_the_others():
    values = np.array([1.5, 2.0, 2.0, 10.25])
    assert class_words([1.5, 1.75, 6.0, 10.25], values, np.array([0, 1, 1, 2])).words == (
        "1.50",
        "2.00",
        "10.25",
    )


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
