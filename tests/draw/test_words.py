"""Numbers as a reader meets them."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from geoinno.draw._layers.words import THIN, limits_in_words, number


@pytest.mark.parametrize(
    ("value", "text"),
    [(0.0, "0"), (12.0, "12"), (1234.5, f"1{THIN}234"), (0.000123456, "0.000123"), (-5.25, "\u22125.25")],
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
    assert limits_in_words([1.1, 57.49, 10_674.61]) == ["1", "57", f"10{THIN}670"]
