"""Classes: limits, ties, gaps."""

from __future__ import annotations

import mapclassify
import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

import geoinno as gi


def series(values):
    return pd.Series(np.asarray(values, float), index=[f"r{i}" for i in range(len(values))], name="v")


@pytest.mark.parametrize("scheme", ["quantiles", "equal", "jenks", "std", "headtail", "maximum"])
def test_counts_are_those_of_mapclassify(scheme):
    values = series(np.random.default_rng(0).gamma(2, size=200))
    names = {"quantiles": "Quantiles", "equal": "EqualInterval", "jenks": "FisherJenks", "std": "StdMean",
             "headtail": "HeadTailBreaks", "maximum": "MaximumBreaks"}  # fmt: skip
    theirs = getattr(mapclassify, names[scheme])(values.to_numpy())
    ours = gi.classify.classes(values, scheme=scheme).value_counts(sort=False)
    assert [c for c in theirs.counts if c] == [c for c in ours if c]


def test_missing_values_have_no_class_and_order_is_kept():
    values = series([1, np.nan, 3, 4, 5, 6, 7])
    found = gi.classify.classes(values, count=3)
    assert found.index.equals(values.index)
    assert found.isna().to_list() == values.isna().to_list()
    assert found.cat.ordered


def test_ties_are_not_parted_and_merging_warns():
    with pytest.warns(gi.DataWarning, match="instead of 5"):
        found = gi.classify.classes(series([0] * 30 + list(range(1, 11))), count=5)
    assert len(set(found.iloc[:30])) == 1


def test_a_lowest_value_that_fills_classes_has_a_class_half_way_to_the_next():
    with pytest.warns(gi.DataWarning):
        found = gi.classify.limits(series([0] * 30 + list(range(1, 11))), count=5)
    assert found[:2] == (0, 0.5)


def test_round_limits_may_be_fewer_without_a_word_of_ties():
    found = gi.classify.limits(series(np.linspace(0.3, 9.7, 50)), scheme="pretty", count=7)
    assert all(limit == round(limit, 1) for limit in found)


def test_few_distinct_values_have_a_class_each():
    found = gi.classify.classes(series([1, 1, 2, 2, 3]), count=5)
    assert found.nunique() == 3


def test_own_limits_must_rise_and_hold_all():
    values = series([1, 2, 3])
    assert gi.classify.limits(values, scheme=[0, 2, 5]) == (0, 2, 5)
    with pytest.raises(gi.OptionError, match="rise"):
        gi.classify.limits(values, scheme=[0, 0, 5])
    with pytest.raises(gi.ColumnError, match="'r2'"):
        gi.classify.limits(values, scheme=[0, 1, 2])


def test_nothing_to_classify_is_refused():
    with pytest.raises(gi.ColumnError, match="no value"):
        gi.classify.classes(series([np.nan, np.nan]))
    with pytest.raises(gi.ColumnError, match="same value"):
        gi.classify.classes(series([2, 2, 2]))
    with pytest.raises(gi.OptionError, match="scheme"):
        gi.classify.classes(series([1, 2]), scheme="magic")


@given(st.lists(st.integers(-50, 50), min_size=8, max_size=60).filter(lambda v: len(set(v)) > 5))
@pytest.mark.filterwarnings("ignore::geoinno.DataWarning")
def test_every_value_has_one_class_and_equal_values_the_same(values):
    found = gi.classify.classes(series(values), count=4)
    assert found.notna().all()
    assert (found.groupby(series(values)).nunique() < 2).all()
    assert all(v in i or v == min(values) for v, i in zip(values, found, strict=True))


SCHEMES = ["quantiles", "equal", "jenks", "std", "headtail", "maximum", "pretty"]


def named_values(*values):
    return pd.Series(values, index=[f"r{i}" for i in range(len(values))], dtype=float, name="x")


@pytest.mark.parametrize("scheme", SCHEMES)
@pytest.mark.parametrize("size", [1e-310, 1e-200, 1.0, 1e200, 1.5e307])
def test_classes_do_not_depend_on_the_size_of_numbers(scheme, size):
    plain = named_values(-6, -3, -1, 0, 2, 5, 9, 10)
    # Powers of two scale without rounding.
    factor = 2.0 ** np.round(np.log2(size))
    here = gi.classify.classes(plain, scheme=scheme).cat.codes
    there = gi.classify.classes(plain * factor, scheme=scheme).cat.codes
    if scheme != "pretty" or size == 1:
        assert there.to_list() == here.to_list()
    assert (there >= 0).all()
    assert there.is_monotonic_increasing


@pytest.mark.parametrize("scheme", SCHEMES)
@pytest.mark.parametrize(
    "values",
    [(1, 2), (1, 2, 3), (-5, -5, -5, 7), (*[0] * 50, 1, 1, 1, 2, 3), (np.nan, 1, 2, 3, 4, 5, 6, 7)],
    ids=["two", "three", "mostly one", "mostly zero", "one missing"],
)
@pytest.mark.filterwarnings("ignore::geoinno.errors.DataWarning")
def test_few_tied_and_missing_values_have_classes(scheme, values):
    found = gi.classify.classes(named_values(*values), scheme=scheme)
    assert found.isna().to_list() == [bool(np.isnan(v)) for v in values]
    limits = gi.classify.limits(named_values(*values), scheme=scheme)
    assert list(limits) == sorted(set(limits))
    assert (limits[0], limits[-1]) == (np.nanmin(values), np.nanmax(values))


@pytest.mark.parametrize("scheme", [5, None, ["a", "b"], [0, np.nan, 9], [9, 0], "kmeans"], ids=repr)
def test_what_is_no_scheme_is_refused(scheme):
    with pytest.raises(gi.OptionError, match=r"scheme must be one of|must rise"):
        gi.classify.classes(named_values(1, 2, 3, 4, 5, 6), scheme=scheme)
