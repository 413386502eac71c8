"""Balances of flows, and what size of both ends does not explain."""

from __future__ import annotations

import json
import shutil
import subprocess

import numpy as np
import pandas as pd
import pytest

import geoinno as gi
from geoinno.errors import FlowError

# Three towns: 100 stay in a, 30 go from a to b, ...
FLOWS = pd.DataFrame(
    [("a", "a", 100), ("a", "b", 30), ("a", "c", 10), ("b", "a", 20), ("b", "b", 50), ("c", "a", 5)],
    columns=["origin", "destination", "value"],
)


def test_balances_by_hand():
    table = gi.measure.balances(FLOWS)
    assert table.index.to_list() == ["a", "b", "c"]
    assert table["inflow"].to_list() == [25, 30, 10]
    assert table["outflow"].to_list() == [40, 20, 5]
    assert table["internal"].to_list()[:2] == [100, 50]
    assert table["net"].to_list() == [-15, 10, 5]
    assert table["effectiveness"].to_list() == pytest.approx([-15 / 65, 10 / 50, 5 / 15])
    assert table["self_containment"].to_list()[:2] == pytest.approx([100 / 140, 50 / 70])


def test_an_own_flow_that_is_not_in_the_table_is_unknown_unless_the_table_is_complete():
    assert gi.measure.balances(FLOWS).loc["c", ["internal", "self_containment"]].isna().all()
    complete = gi.measure.balances(FLOWS, complete=True)
    assert complete.loc["c", ["internal", "self_containment"]].to_list() == [0, 0]


def test_regions_without_flows_are_answered_for_in_the_order_asked():
    table = gi.measure.balances(FLOWS, ids=pd.Index(["d", "c", "b", "a"]))
    assert table.index.to_list() == ["d", "c", "b", "a"]
    assert table.loc["d", ["inflow", "outflow", "net"]].to_list() == [0, 0, 0]
    assert table.loc["d", ["internal", "effectiveness", "self_containment"]].isna().all()


def test_what_all_regions_gain_they_lose(austria):
    table = gi.measure.balances(austria.flows)
    assert table["net"].sum() == 0
    assert table["inflow"].sum() == table["outflow"].sum() == austria.flows["value"].sum()


def test_rows_shuffled_give_the_same_balances(austria):
    ids = pd.unique(austria.flows["origin"])
    shuffled = austria.flows.sample(frac=1, random_state=1)
    told = gi.measure.balances(austria.flows, ids=pd.Index(ids))
    pd.testing.assert_frame_equal(gi.measure.balances(shuffled, ids=pd.Index(ids)), told)


def test_flows_that_name_unknown_regions_are_refused():
    with pytest.raises(FlowError, match="'c'"):
        gi.measure.balances(FLOWS, ids=pd.Index(["a", "b"]))


@pytest.mark.parametrize(
    ("flaw", "words"),
    [
        (lambda f: f.assign(value=-1.0), "zero or more"),
        (lambda f: pd.concat([f, f]), "twice"),
        (lambda f: f.drop(columns="value"), "missing"),
        (lambda f: f.iloc[:0], "empty"),
    ],
)
def test_unsound_flows_are_refused(flaw, words):
    for measure in (gi.measure.balances, gi.measure.relative_acceptance):
        with pytest.raises(FlowError, match=words):
            measure(flaw(FLOWS))


def between(flows):
    return flows[flows["origin"] != flows["destination"]]


def test_indifferent_flows_have_the_sums_of_the_flows(austria):
    table = gi.measure.relative_acceptance(austria.flows)
    assert table[["origin", "destination"]].equals(austria.flows[["origin", "destination"]])
    for end in ("origin", "destination"):
        sums = table.groupby(end)[["value", "expected"]].sum()
        assert sums["expected"].to_numpy() == pytest.approx(sums["value"].to_numpy(), rel=1e-10)


def test_flows_that_are_products_are_accepted_as_expected():
    send, draw = {"a": 2.0, "b": 3.0, "c": 5.0, "d": 7.0}, {"a": 1.0, "b": 4.0, "c": 0.5, "d": 2.0}
    flows = pd.DataFrame(
        [(i, j, send[i] * draw[j]) for i in send for j in draw], columns=["origin", "destination", "value"]
    )
    table = gi.measure.relative_acceptance(flows)
    apart = flows["origin"] != flows["destination"]
    assert table.loc[apart, "relative_acceptance"].to_numpy() == pytest.approx(np.zeros(12), abs=1e-10)
    assert table.loc[~apart, ["expected", "relative_acceptance"]].isna().all(axis=None)


@pytest.mark.oracle
def test_expected_flows_are_those_of_r_loglin(austria):
    """Quasi-independence by iterative proportional fitting from a table with a diagonal of zeros."""
    if shutil.which("Rscript") is None:
        pytest.skip("There is no R on this machine")
    table = austria.flows.pivot_table(index="origin", columns="destination", values="value", fill_value=0)
    values = ",".join(map(str, table.to_numpy(float).ravel(order="F")))
    program = (
        f"x <- matrix(c({values}), {len(table)}); s <- 1 - diag({len(table)}); "
        "f <- loglin(x, list(1, 2), start = s, fit = TRUE, eps = 1e-10, iter = 1000, print = FALSE)$fit; "
        "cat(paste0('[', paste(sprintf('%.17g', f), collapse = ','), ']'))"
    )
    run = subprocess.run(["Rscript", "-e", program], capture_output=True, text=True, check=True)
    expected = np.array(json.loads(run.stdout)).reshape(table.shape, order="F")
    found = gi.measure.relative_acceptance(austria.flows).pivot_table(
        index="origin", columns="destination", values="expected", fill_value=0
    )
    assert found.to_numpy() == pytest.approx(expected, rel=1e-8)


def test_pairs_that_are_not_in_the_table_are_unknown_unless_it_is_complete():
    flows = pd.DataFrame(
        [("a", "b", 8), ("a", "c", 4), ("b", "a", 6), ("b", "c", 6), ("c", "a", 3)],
        columns=["origin", "destination", "value"],
    )
    assert len(gi.measure.relative_acceptance(flows)) == 5
    complete = gi.measure.relative_acceptance(
        pd.concat([flows, pd.DataFrame([("d", "a", 2), ("a", "d", 1)], columns=flows.columns)]), complete=True
    )
    added = complete.iloc[7:]
    assert len(complete) == 12
    assert (added["value"] == 0).all()
    assert (added["relative_acceptance"] == -1).all()


def test_flows_can_be_held_against_those_of_another_model():
    expected = between(FLOWS).assign(expected=10.0).sample(frac=1, random_state=0)
    table = gi.measure.relative_acceptance(FLOWS, expected=expected)
    assert table["relative_acceptance"].dropna().to_list() == pytest.approx([2, 0, 1, -0.5])
    with pytest.raises(FlowError, match="absent"):
        gi.measure.relative_acceptance(FLOWS, expected=expected.iloc[1:])
    with pytest.raises(FlowError, match="expected must be a table"):
        gi.measure.relative_acceptance(FLOWS, expected=FLOWS)


def test_sums_that_no_product_can_have_are_refused():
    flows = pd.DataFrame(
        # All of a goes to b, and b receives no more: nothing is left for c to send to b.
        [("a", "b", 5), ("c", "b", 0), ("c", "a", 3), ("b", "a", 4)],
        columns=["origin", "destination", "value"],
    )
    with pytest.raises(FlowError, match=r"nothing is left for \('c', 'b'\)"):
        gi.measure.relative_acceptance(flows)
    # Two groups that keep to themselves, and one pair from the first to the second: nothing comes back.
    inside = [(o, d, 2) for g in ("abc", "def") for o in g for d in g if o != d]
    parted = pd.DataFrame([*inside, ("a", "e", 0)], columns=["origin", "destination", "value"])
    with pytest.raises(FlowError, match=r"nothing is left for \('a', 'e'\)"):
        gi.measure.relative_acceptance(parted)
    # With a pair that leads back, flows can be moved around a cycle.
    back = parted.tail(1).assign(origin="d", destination="b")
    table = gi.measure.relative_acceptance(pd.concat([parted, back], ignore_index=True))
    assert (table["expected"] > 0).all()
    assert table.groupby("origin")["expected"].sum().to_list() == pytest.approx([4.0] * 6)


def test_regions_that_send_nothing_do_not_stand_in_the_way():
    flows = pd.DataFrame(
        [("a", "b", 5), ("b", "a", 4), ("c", "a", 0), ("c", "b", 0), ("a", "c", 2), ("b", "c", 3)],
        columns=["origin", "destination", "value"],
    )
    table = gi.measure.relative_acceptance(flows)
    assert table["expected"].sum() == pytest.approx(14)
    assert (table.loc[table["origin"] == "c", "expected"] == 0).all()


def test_sums_beyond_the_whole_numbers_of_a_machine_are_right():
    large = 2**62
    flows = pd.DataFrame(
        [(i, j, large) for i in "abcd" for j in "abcd"], columns=["origin", "destination", "value"]
    )
    table = gi.measure.balances(flows)
    # 3 x 2^62 exceeds 2^63 - 1.
    assert table["inflow"].to_list() == [3.0 * 2.0**62] * 4
    assert table["net"].to_list() == [0.0] * 4
    accepted = gi.measure.relative_acceptance(flows)
    assert accepted["relative_acceptance"].dropna().to_numpy() == pytest.approx(np.zeros(12), abs=1e-9)
