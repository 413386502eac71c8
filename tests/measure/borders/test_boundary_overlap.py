"""Boundaries: membership and overlap counted by hand, a planted border found, and no border in noise."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

import geoinno as gi


def test_membership_is_crisp_or_fuzzy():
    contrasts = pd.Series([1.0, 4.0, 2.0, 4.0], index=list("abcd"))
    assert gi.measure.boundary_membership(contrasts, rule="fuzzy").to_list() == [0.25, 1.0, 0.5, 1.0]
    assert gi.measure.boundary_membership(contrasts, top=0.5).to_list() == [0, 1, 0, 1]
    with pytest.raises(gi.errors.OptionError, match="top must be a share"):
        gi.measure.boundary_membership(contrasts, top=2)


def test_overlap_is_counted_by_hand(strip):
    values = pd.Series([0.0, 3.0, 3.5, 3.6], index=list("abcd"))
    found = gi.measure.boundary_overlap(values, gi.measure.segments(strip), top=0.3, permutations=9)
    # The one sharpest segment is a|b, a degree of longitude from the border b|c, at half a degree north.
    degree = 6371.0088 * np.pi / 180
    assert found.table.loc["shared", "value"] == 0
    assert found.table.loc[["to_border_km", "both_km"], "value"].to_list() == pytest.approx(
        [degree, degree], rel=1e-3
    )


def test_every_statistic_is_counted_by_hand(strip):
    # The sharpest segment is the border b|c itself: it is shared, and nothing lies between.
    values = pd.Series([0.0, 1.0, 9.0, 9.5], index=list("abcd"))
    found = gi.measure.boundary_overlap(values, gi.measure.segments(strip), top=0.3, permutations=9)
    assert found.table["value"].to_list() == pytest.approx([1, 0, 0, 0], abs=1e-9)
    assert (found.boundaries, found.borders) == (1, 1)
    assert str(found).startswith("Of the 1 sharpest contrasts, 1 lie on one of 1 foreign segments")
    assert "as if values did not depend on place" in str(found)


def test_a_planted_border_is_found(board):
    random = np.random.default_rng(5)
    step = pd.Series(random.normal(size=100) + 3 * (board["country"] == "B"), index=board.index)
    overlap = gi.measure.boundary_overlap(step, gi.measure.segments(board), top=0.1)
    assert overlap.table.loc["shared", "p"] < 0.01
    assert overlap.table.loc["to_border_km", "value"] < overlap.table.loc["to_border_km", "expected"]


def test_what_has_no_boundaries_is_refused(board):
    found = gi.measure.segments(board)
    flat = pd.Series(3.0, index=board.index, name="flat")
    with pytest.raises(gi.errors.ColumnError, match="same value in every region"):
        gi.measure.boundary_overlap(flat, found)
    values = pd.Series(range(100), index=board.index)
    with pytest.raises(gi.errors.OptionError, match="top must be a share"):
        gi.measure.boundary_overlap(values, found, top=1.5)
    with pytest.raises(gi.errors.ColumnError, match="no column 'geometry'"):
        gi.measure.boundary_overlap(values, pd.DataFrame(found.drop(columns="geometry")))
    with pytest.raises(gi.errors.ColumnError, match="segments are domestic"):
        gi.measure.boundary_overlap(values, found[found["kind"] == "domestic"])


@pytest.mark.slow
def test_chance_seldom_looks_like_a_border(board):
    # 400 maps of white noise: the share of p <= .05 has a standard error of .011.
    found = gi.measure.segments(board)
    random = np.random.default_rng(3)
    p = []
    for seed in range(400):
        noise = pd.Series(random.normal(size=100), index=board.index)
        overlap = gi.measure.boundary_overlap(noise, found, permutations=99, seed=seed)
        p.append(overlap.table.loc["to_border_km", "p"])
    assert 0.03 <= (np.array(p) <= 0.05).mean() <= 0.07, (np.array(p) <= 0.05).mean()
