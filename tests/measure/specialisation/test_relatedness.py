"""Presence, proximity and density by brute force, independent software and their bounds."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis.extra.numpy import arrays

import geoinno as gi

ROWS = ["110100110", "101110010", "011001000", "000111100"]
ROWS += ["110010001", "001001110", "100100000", "111111011"]
CELLS = arrays(bool, (6, 5))


def table(cells):
    cells = np.asarray(cells).astype(int)
    rows, columns = cells.shape
    return pd.DataFrame(cells, [f"r{i}" for i in range(rows)], [f"a{j}" for j in range(columns)])


HAS = table([list(map(int, row)) for row in ROWS])


def test_presence_is_a_quotient_of_at_least_the_cut():
    jobs = table([[9, 3, 0, 1], [2, 8, 5, 4], [0, 0, 7, 2], [1, 1, 1, 30]])
    # econcomplex 1.0.1: mcp(jobs).
    expected = [[1, 1, 0, 0], [0, 1, 1, 0], [0, 0, 1, 0], [0, 0, 0, 1]]
    assert gi.measure.presence(jobs).to_numpy().tolist() == expected
    assert gi.measure.presence(jobs, cut=2).to_numpy().sum() == 3
    with pytest.raises(gi.errors.OptionError, match="cut must be a finite number above zero"):
        gi.measure.presence(jobs, cut=0)


def test_proximity_is_the_smaller_conditional_probability():
    phi = gi.measure.proximity(HAS)
    for p in HAS:
        for q in HAS:
            both = (HAS[p] & HAS[q]).sum()
            expected = 0 if p == q else min(both / HAS[p].sum(), both / HAS[q].sum())
            assert phi.loc[p, q] == pytest.approx(expected, rel=1e-12)


def test_the_probability_measure_counts_pairs_of_different_activities():
    # The formula of EconGeo's relatedness(method = "prob"), cell by cell.
    phi = gi.measure.proximity(HAS, method="probability")
    together = (HAS.T @ HAS).to_numpy() * (1.0 - np.eye(9))
    sums, total = together.sum(axis=0), together.sum()
    for p in range(9):
        for q in range(9):
            first = sums[p] / total * sums[q] / (total - sums[p])
            second = sums[q] / total * sums[p] / (total - sums[q])
            expected = together[p, q] / ((first + second) * total / 2)
            assert phi.iloc[p, q] == pytest.approx(expected, rel=1e-12)
    # econcomplex 1.0.1 puts the number of regions for T and ubiquities for S, and returns 0.514 here.
    assert phi.loc["a0", "a1"] == pytest.approx(1.2087003222341568, rel=1e-12)
    # Two activities that only meet each other meet as often as they must.
    pair = gi.measure.proximity(table([[1, 1], [1, 1], [0, 1]]), method="probability")
    assert pair.loc["a0", "a1"] == pytest.approx(1)


def test_density_is_that_of_econcomplex():
    # econcomplex 1.0.1: relatedness_density(HAS, use_rca=False, threshold=.5) / 100.
    expected = [6 / 19, 4 / 15, 25 / 76, 6 / 19, 30 / 79, 25 / 72, 20 / 47, 5 / 12, 20 / 47]
    density = gi.measure.relatedness_density(HAS, gi.measure.proximity(HAS))
    np.testing.assert_allclose(density.loc["r2"], expected, rtol=1e-12)


@given(CELLS)
def test_proximity_and_density_keep_their_bounds(cells):
    has = table(cells)
    phi = gi.measure.proximity(has)
    assert ((phi >= 0) & (phi <= 1)).all(axis=None)
    assert (np.diagonal(phi) == 0).all()
    pd.testing.assert_frame_equal(phi, phi.T)
    density = gi.measure.relatedness_density(has, phi)
    lonely = phi.sum() == 0
    assert density.loc[:, lonely].isna().all(axis=None)
    assert ((density >= 0) & (density <= 1)).loc[:, ~lonely].all(axis=None)
    assert (gi.measure.proximity(has, method="probability") >= 0).all(axis=None)


@given(CELLS)
def test_more_activities_never_lower_density(cells):
    has = table(cells)
    phi = gi.measure.proximity(has)
    more = has.copy()
    more.loc["r0", "a0"] = 1
    gained = gi.measure.relatedness_density(more, phi) - gi.measure.relatedness_density(has, phi)
    assert (gained.fillna(0) >= -1e-15).all(axis=None)


def test_regions_with_everything_or_nothing():
    has = table([[1, 1, 1], [0, 0, 0], [1, 1, 0]])
    density = gi.measure.relatedness_density(has, gi.measure.proximity(has))
    assert density.loc["r0"].tolist() == [1, 1, 1]
    assert density.loc["r1"].tolist() == [0, 0, 0]
    alone = gi.measure.proximity(table([[1], [0]]))
    assert alone.to_numpy().tolist() == [[0]]
    assert gi.measure.relatedness_density(table([[1], [0]]), alone).isna().all(axis=None)


def test_booleans_and_another_order_of_activities_will_do():
    phi = gi.measure.proximity(HAS)
    expected = gi.measure.relatedness_density(HAS, phi)
    given_otherwise = gi.measure.relatedness_density(HAS.astype(bool), phi.iloc[::-1, ::-1])
    pd.testing.assert_frame_equal(given_otherwise, expected)


def test_unsound_tables_are_refused_in_words():
    phi = gi.measure.proximity(HAS)
    with pytest.raises(gi.errors.ColumnError, match=r"'a0' is neither 0 nor 1 in 'r0'.*7 more columns.*gi"):
        gi.measure.proximity(HAS + 2 * np.eye(8, 9, dtype=int))
    with pytest.raises(gi.errors.ColumnError, match="'a3' has no value in 'r1'"):
        gi.measure.proximity(HAS.astype(float).mask((HAS.index == "r1")[:, None] & (HAS.columns == "a3")))
    with pytest.raises(gi.errors.AlignmentError, match="different activities: 'a8'"):
        gi.measure.relatedness_density(HAS.drop(columns="a8"), phi)
    with pytest.raises(gi.errors.ColumnError, match="'a0' is negative in 'a0'"):
        gi.measure.relatedness_density(HAS, phi - np.eye(9))
    with pytest.raises(gi.errors.ColumnError, match=r"square DataFrame.*ndarray was given"):
        gi.measure.relatedness_density(HAS, phi.to_numpy())
    with pytest.raises(gi.errors.OptionError, match="method must be one of"):
        gi.measure.proximity(HAS, method="cosine")
