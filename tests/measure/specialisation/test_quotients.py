"""Quotients by closed forms, independent software and the laws of shares."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

import geoinno as gi

AMOUNTS = arrays(float, (5, 4), elements=st.integers(0, 1000).map(float))


def table(cells):
    rows, columns = np.shape(cells)
    return pd.DataFrame(cells, [f"r{i}" for i in range(rows)], [f"a{j}" for j in range(columns)])


JOBS = table([[9, 3, 0, 1], [2, 8, 5, 4], [0, 0, 7, 2], [1, 1, 1, 30]])


def test_quotients_are_those_of_econcomplex():
    # econcomplex 1.0.1: rca(JOBS), krugman_index(JOBS) and hachman_index(JOBS).
    quotient = gi.measure.location_quotient(JOBS)
    expected = [4.269230769230769, 1.4230769230769231, 0.0, 0.15384615384615385]
    np.testing.assert_allclose(quotient.loc["r0"], expected, rtol=1e-12)
    expected = [1.1975051975051976, 0.6927453769559032, 1.2042042042042043, 0.8181818181818181]
    np.testing.assert_allclose(gi.measure.krugman(JOBS, against="all"), expected, rtol=1e-12)
    expected = [0.303411131059246, 0.6081116102280582, 0.28230563002680964, 0.5990014526888848]
    np.testing.assert_allclose(gi.measure.hachman(JOBS), expected, rtol=1e-12)


@given(AMOUNTS, st.floats(1e-3, 1e3))
def test_quotients_keep_their_bounds_and_need_no_unit(cells, factor):
    cells[0] += 1
    here, there = table(cells), table(cells * factor)
    for measure in (gi.measure.krugman, gi.measure.hachman, gi.measure.location_quotient):
        np.testing.assert_allclose(measure(there), measure(here), rtol=1e-9, atol=1e-9)
    pd.testing.assert_frame_equal(gi.measure.presence(there), gi.measure.presence(here))
    empty = here.sum(axis=1) == 0
    special = gi.measure.krugman(here, against="all")
    assert special[~empty].between(0, 2).all()
    assert special[empty].isna().all()
    mirrored = gi.measure.hachman(here)
    assert (mirrored[~empty] > 0).all()
    assert (mirrored[~empty] <= 1).all()
    symmetric = gi.measure.location_quotient(here, symmetric=True).to_numpy()
    assert (np.abs(symmetric[~np.isnan(symmetric)]) <= 1).all()


def test_the_mean_quotient_weighted_by_size_is_one():
    quotient = gi.measure.location_quotient(JOBS)
    weight = JOBS.sum(axis=1) / JOBS.to_numpy().sum()
    np.testing.assert_allclose(quotient.mul(weight, axis=0).sum(), 1)


def test_krugman_says_whom_it_compares_with():
    share = JOBS.sum(axis=1) / JOBS.to_numpy().sum()
    others, everyone = gi.measure.krugman(JOBS), gi.measure.krugman(JOBS, against="all")
    np.testing.assert_allclose(everyone, others * (1 - share), rtol=1e-12)
    # Nothing in common with the others: 2. The mix of all: 0.
    assert gi.measure.krugman(table([[5, 0], [0, 3], [0, 4]]))["r0"] == 2
    np.testing.assert_allclose(gi.measure.krugman(table([[1, 2], [3, 6]])), 0, atol=1e-15)


def test_equal_regions_are_average_in_everything():
    same = table(np.full((10, 3), 0.1))
    np.testing.assert_allclose(gi.measure.location_quotient(same), 1)
    # Sums of tenths miss one by rounding, which must not decide about presence.
    assert (gi.measure.presence(same) == 1).all(axis=None)
    np.testing.assert_allclose(gi.measure.hachman(same), 1)


def test_what_has_no_activity_has_no_quotient():
    odd = table([[0, 0, 0], [3, 0, 1], [1, 0, 3]])
    quotient = gi.measure.location_quotient(odd)
    assert quotient.loc["r0"].isna().all()
    assert quotient["a1"].isna().all()
    assert quotient.loc["r1", "a0"] == 1.5
    assert np.isnan(gi.measure.krugman(odd)["r0"])
    assert np.isnan(gi.measure.hachman(odd)["r0"])
    assert gi.measure.hachman(odd)["r1"] == pytest.approx(0.8)
    assert gi.measure.presence(odd).loc["r0"].sum() == 0


def test_sizes_of_numbers_do_not_matter():
    for scale in (1e-300, 1e300):
        np.testing.assert_allclose(
            gi.measure.location_quotient(scale * JOBS), gi.measure.location_quotient(JOBS)
        )
        np.testing.assert_allclose(gi.measure.hachman(scale * JOBS), gi.measure.hachman(JOBS))


def test_one_region_and_one_activity():
    with pytest.raises(gi.errors.ColumnError, match="no region beside 'r0'"):
        gi.measure.krugman(table([[1, 2]]))
    assert gi.measure.krugman(table([[1, 2]]), against="all")["r0"] == 0
    assert gi.measure.hachman(table([[1, 2]]))["r0"] == 1
    assert (gi.measure.location_quotient(table([[1], [5]])) == 1).all(axis=None)


def test_unsound_tables_are_refused_in_words():
    with pytest.raises(gi.errors.ColumnError, match=r"'a1' is negative in 'r1' \(1 in all\)"):
        gi.measure.location_quotient(table([[1, 2], [3, -1]]))
    with pytest.raises(gi.errors.ColumnError, match=r"'a0' has no value in 'r0', 'r1' .*fill in 0"):
        gi.measure.hachman(table([[np.nan, 2], [np.nan, 1]]))
    with pytest.raises(gi.errors.ColumnError, match="zero everywhere"):
        gi.measure.krugman(table([[0, 0], [0, 0]]))
    with pytest.raises(gi.errors.ColumnError, match="ndarray was given"):
        gi.measure.krugman(np.ones((2, 2)))
    with pytest.raises(gi.errors.ColumnError, match=r"repeated: 'a' \(1 in all\)"):
        gi.measure.hachman(table([[1, 2]]).set_axis(["a", "a"], axis=1))
    with pytest.raises(gi.errors.ColumnError, match="must hold numbers"):
        gi.measure.hachman(table([[1, 2]]).astype(str))
    with pytest.raises(gi.errors.ColumnError, match="no column"):
        gi.measure.hachman(pd.DataFrame(index=["a"]))
    with pytest.raises(gi.errors.RegionError, match="string ids"):
        gi.measure.hachman(pd.DataFrame({"a": [1.0]}))
    with pytest.raises(gi.errors.OptionError, match="against must be one of"):
        gi.measure.krugman(JOBS, against="mean")


def test_shift_share_by_hand():
    # 80 jobs become 96 (g = 0.2); steel 40 to 32 (-0.2), tourism 40 to 64 (+0.6).
    start, end = table([[30, 10], [10, 30]]), table([[24, 18], [8, 46]])
    parts = gi.measure.shift_share(start, end)
    assert list(parts.columns) == ["national", "mix", "regional"]
    np.testing.assert_allclose(parts.loc["r0"], [8, -8, 2])
    np.testing.assert_allclose(parts.loc["r1"], [8, 8, -2])


@given(AMOUNTS, AMOUNTS)
def test_shift_share_adds_up_to_the_change(first, last):
    first[0, 0] += 1
    start, end = table(first), table(last)
    parts = gi.measure.shift_share(start, end.iloc[::-1, ::-1])
    np.testing.assert_allclose(parts.sum(axis=1), end.sum(axis=1) - start.sum(axis=1), atol=1e-8)
    # Over all regions, mix adds up to nothing, and of the regional part only new activities are left.
    assert parts["mix"].sum() == pytest.approx(0, abs=1e-8)
    new = end.loc[:, start.sum() == 0].to_numpy().sum()
    old = end.to_numpy().sum() - start.to_numpy().sum() - parts["national"].sum()
    assert parts["regional"].sum() == pytest.approx(old, abs=1e-8)
    if new == 0:
        assert parts["regional"].sum() == pytest.approx(0, abs=1e-8)


def test_a_new_activity_is_regional():
    parts = gi.measure.shift_share(table([[2, 0], [2, 0]]), table([[2, 4], [2, 0]]))
    assert parts.sum(axis=1).to_dict() == {"r0": 4, "r1": 0}
    assert parts.loc["r0", "regional"] == 4


def test_shift_share_needs_the_same_regions_and_activities():
    start = table([[2, 1], [2, 3]])
    with pytest.raises(gi.errors.AlignmentError, match="different activities: 'a9'"):
        gi.measure.shift_share(start, start.rename(columns={"a1": "a9"}))
    with pytest.raises(gi.errors.AlignmentError, match="in the start table but not in the end table: 'r1'"):
        gi.measure.shift_share(start, start.iloc[:1])
