"""Balanced flows: margins held one by one, and margins that no flows can have."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from scipy.optimize import linprog

import geoinno as gi

IDS = pd.Index(list("abcd"))
KM = pd.DataFrame(np.array([[1.0, 5, 9, 7], [5, 1, 4, 8], [9, 4, 1, 3], [7, 8, 3, 1]]), IDS, IDS)


def feasible(outflow, inflow):
    """Whether some table without own pairs has these margins, by a linear program."""
    size = len(outflow)
    rows = np.kron(np.eye(size), np.ones(size))
    columns = np.kron(np.ones(size), np.eye(size))
    own = np.eye(size).ravel()
    bounds = [(0, 0) if o else (0, None) for o in own]
    equal = np.vstack([rows, columns])
    return linprog(np.zeros(size**2), A_eq=equal, b_eq=np.append(outflow, inflow), bounds=bounds).success


def test_small_margins_are_held_relative_to_themselves():
    out = pd.Series([1e9, 1e-3, 2e9, 5.0], IDS)
    into = pd.Series([5.0, 2e9, 1e-3, 1e9], IDS)
    trips = gi.measure.balanced_flows(out, into, KM, decay=gi.weigh.exponential(3)).flows
    np.testing.assert_allclose(trips.groupby("origin")["value"].sum(), out, rtol=1e-9)
    np.testing.assert_allclose(trips.groupby("destination")["value"].sum(), into, rtol=1e-9)


@pytest.mark.parametrize("share", [0.3, 0.49, 0.51, 0.7])
def test_margins_that_a_region_would_have_to_keep_are_refused_in_words(share):
    rest = (1 - share) / 3
    margin = pd.Series([share, rest, rest, rest], IDS) * 100
    if feasible(margin.to_numpy(), margin.to_numpy()):
        trips = gi.measure.balanced_flows(margin, margin, KM, decay=gi.weigh.exponential(3)).flows
        np.testing.assert_allclose(trips.groupby("origin")["value"].sum(), margin, rtol=1e-9)
        return
    with pytest.raises(gi.FlowError, match=r"'a' sends .* and receives .*own='keep'"):
        gi.measure.balanced_flows(margin, margin, KM, decay=gi.weigh.exponential(3))
    kept = gi.measure.balanced_flows(margin, margin, KM, decay=gi.weigh.exponential(3), own="keep")
    assert len(kept.flows) == 16


def test_a_set_of_regions_that_sends_more_than_it_can_place_is_named():
    far = KM.copy()
    far.loc[["a", "b"], ["c", "d"]] = 1e6  # a decay of zero: a and b can only send to each other
    out = pd.Series([50.0, 40, 5, 5], IDS)
    into = pd.Series([20.0, 20, 30, 30], IDS)
    with pytest.raises(gi.FlowError, match=r"'a', 'b' \(2 in all\) send 90"):
        gi.measure.balanced_flows(out, into, far, decay=gi.weigh.exponential(3))


def test_two_regions_can_exchange_all_they_have():
    two = KM.iloc[:2, :2]
    trips = gi.measure.balanced_flows(
        pd.Series([5.0, 3.0], IDS[:2]), pd.Series([3.0, 5.0], IDS[:2]), two, decay=gi.weigh.exponential(3)
    )
    assert trips.flows["value"].to_list() == pytest.approx([5, 3])


def test_regions_that_receive_nothing_are_not_named_among_those_that_receive_too_little():
    # "a" may send to "b" and "c" alone, by its decay, and "c" takes nothing.
    far = KM.copy()
    far.loc["a", "d"] = 5000.0
    out = pd.Series([60.0, 10, 20, 10], IDS)
    into = pd.Series([10.0, 30, 0, 60], IDS)
    with pytest.raises(gi.FlowError, match=r"'a'.*send 60, but.* lead to, 'b' \(1 in all\), receive 30"):
        gi.measure.balanced_flows(out, into, far, decay=gi.weigh.gaussian(3))
