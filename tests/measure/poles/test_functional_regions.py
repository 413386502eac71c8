"""Nodal regions against plain readings of the papers, step by step."""

from __future__ import annotations

import itertools

import numpy as np
import pandas as pd
import pytest

import geoinno as gi


def table(matrix):
    names = [chr(97 + i) for i in range(len(matrix))]
    rows = [
        (names[i], names[j], float(matrix[i][j])) for i, j in itertools.product(range(len(matrix)), repeat=2)
    ]
    return pd.DataFrame(rows, columns=["origin", "destination", "value"])


# A network in the manner of Nystuen and Dacey's figure: b receives most, then e, g and j.
CALLS = [
    [0, 75, 15, 20, 28, 2],
    [69, 0, 45, 50, 58, 12],
    [5, 51, 0, 12, 40, 0],
    [19, 67, 14, 0, 30, 7],
    [7, 40, 48, 26, 0, 7],
    [1, 6, 1, 1, 10, 0],
]


def test_regions_are_ordered_as_by_hand():
    # Sums received: a 101, b 239, c 123, d 109, e 166, f 28. Largest flows: a-b, b-a, c-b, d-b, e-c, f-e.
    # e's goes to c, which receives less: e is terminal; b's to a: b is terminal.
    nodal = gi.measure.dominant_flows(table(CALLS))
    assert nodal["inflow"].to_list() == [101, 239, 123, 109, 166, 28]
    assert nodal["level"].to_list() == [
        "dominated",
        "terminal",
        "dominated",
        "dominated",
        "terminal",
        "dominated",
    ]
    assert nodal["dominated_by"].fillna("-").to_list() == ["b", "-", "b", "b", "-", "e"]
    assert nodal["root"].to_list() == ["b", "b", "b", "b", "e", "e"]
    assert nodal["dominates"].to_list() == [0, 3, 0, 0, 1, 0]


def test_flights_follow_the_definition(north_america):
    flows = north_america.flows
    nodal = gi.measure.dominant_flows(flows)
    away = flows[flows["origin"] != flows["destination"]]
    size = away.groupby("destination")["value"].sum()
    for region, row in nodal.iterrows():
        mine = away[away["origin"] == region]
        largest = mine.loc[mine["value"].idxmax(), "destination"]
        if size[largest] > size.get(region, 0):
            assert row["dominated_by"] == largest
        else:
            assert row["level"] == "terminal"
    assert (nodal.loc[nodal["root"], "level"] == "terminal").all()


def test_neighbours_alone_can_dominate_if_asked(north_america):
    states = north_america.regions[north_america.regions["country"] == "USA"]
    near = gi.weigh.contiguity(states)
    nodal = gi.measure.dominant_flows(north_america.flows, weights=near)
    chosen = nodal["dominated_by"].dropna()
    assert all(other in near[region].index for region, other in chosen.items())


def plain_intramax(matrix, left):
    """Merge as Masser and Brown write it, everything recomputed at every step."""
    groups = [[i] for i in range(len(matrix))]
    flow, history = np.array(matrix, float), []
    while len(groups) > left:
        out, come = flow.sum(axis=1), flow.sum(axis=0)
        best = max(
            itertools.combinations(range(len(groups)), 2),
            key=lambda p: (
                flow[p] / (out[p[0]] * come[p[1]]) + flow[p[::-1]] / (out[p[1]] * come[p[0]]),
                -p[0],
                -p[1],
            ),
        )
        a, b = best
        history.append((min(groups[a]), min(groups[b])))
        groups[a] += groups[b]
        flow[a] += flow[b]
        flow[:, a] += flow[:, b]
        flow = np.delete(np.delete(flow, b, 0), b, 1)
        groups.pop(b)
    return groups, history, np.trace(flow) / flow.sum()


@pytest.mark.parametrize("seed", range(5))
def test_zones_merge_as_by_the_plain_algorithm(seed):
    random = np.random.default_rng(seed)
    matrix = random.gamma(0.7, 10, (14, 14)).round(3) + 0.001
    groups, history, inside = plain_intramax(matrix, 4)
    found = gi.measure.intramax(table(matrix), regions=4)
    merges = found.attrs["merges"]
    names = [chr(97 + i) for i in range(14)]
    assert [tuple(pair) for pair in merges[["first", "second"]].to_numpy()[:10]] == [
        (names[a], names[b]) for a, b in history
    ]
    assert merges["inside"].iloc[9] == pytest.approx(inside)
    ours = {frozenset(members) for members in found.groupby(found).groups.values()}
    assert ours == {frozenset(names[i] for i in group) for group in groups}


def test_merging_stops_where_asked_and_names_regions_by_their_hub():
    flows = table(CALLS)
    whole = gi.measure.intramax(flows, regions=1)
    assert whole.unique().tolist() == ["b"]
    half = gi.measure.intramax(flows, share=0.5)
    merges = half.attrs["merges"]
    steps = 6 - half.nunique()
    assert merges["inside"].iloc[steps - 1] >= 0.5
    assert steps == 1 or merges["inside"].iloc[steps - 2] < 0.5
    with pytest.raises(gi.errors.OptionError, match="at most 1"):
        gi.measure.intramax(flows, share=1.5)
    with pytest.raises(gi.errors.OptionError, match="not both"):
        gi.measure.intramax(flows, regions=2, share=0.5)


def test_merging_stops_at_the_step_that_reaches_the_share_exactly():
    # Of 10 trips 5 lie between a and b, and 5 between b and c: whichever pair merges first, half is inside.
    flows = table(np.array([[0.0, 5.0, 0.0], [0.0, 0.0, 2.0], [0.0, 3.0, 0.0]]))
    assert gi.measure.intramax(flows, share=0.5).nunique() == 2


def test_functional_regions_are_connected_if_asked(north_america):
    states = north_america.regions[north_america.regions["country"] == "USA"]
    near = gi.weigh.contiguity(states)
    found = gi.measure.intramax(north_america.flows, regions=8, weights=near)
    for _, members in found.groupby(found):
        ids = list(members.index)
        if len(ids) > 1:
            inside = near.adjacency.reset_index()
            inside = inside[inside["focal"].isin(ids) & inside["neighbor"].isin(ids) & (inside["weight"] > 0)]
            reached, frontier = {ids[0]}, [ids[0]]
            while frontier:
                step = inside.loc[inside["focal"] == frontier.pop(), "neighbor"]
                frontier += [n for n in step if n not in reached]
                reached |= set(step)
            assert reached == set(ids)


def test_a_thousand_zones_merge():
    random = np.random.default_rng(0)
    ids = np.array([f"z{i:04}" for i in range(1000)])
    here, there = np.divmod(random.choice(10**6, 60_000, replace=False), 1000)
    flows = pd.DataFrame(
        {"origin": ids[here], "destination": ids[there], "value": random.gamma(1, 5, 60_000)}
    )
    assert gi.measure.intramax(flows, regions=30).nunique() == 30


def test_inflows_beyond_64_bits_do_not_turn_negative():
    big = np.int64(5 * 10**18)  # two of them are more than the largest 64-bit integer, 9.2e18
    flows = pd.DataFrame(
        [("a", "hub", big), ("b", "hub", big), ("c", "hub", big), ("hub", "a", 7), ("b", "a", 9)],
        columns=["origin", "destination", "value"],
    )
    nodal = gi.measure.dominant_flows(flows)
    assert nodal.loc["hub", "inflow"] == pytest.approx(1.5e19)
    assert nodal.loc["hub", "level"] == "terminal"
    assert (nodal.loc[["a", "b", "c"], "dominated_by"] == "hub").all()
    assert gi.measure.polycentricity(flows) == pytest.approx(0)  # all but a trace goes to the hub


def centres(count, places=50):
    """Return flows of a complete network in which the first ``count`` places receive all but a trace."""
    ids = [f"z{i:02}" for i in range(places)]
    rows = [
        (here, there, (1.0 if j < count else 1e-12) / (places - 1))
        for i, here in enumerate(ids)
        for j, there in enumerate(ids)
        if i != j
    ]
    return pd.DataFrame(rows, columns=["origin", "destination", "value"])


@pytest.mark.parametrize(
    ("count", "expected"), [(1, 0), (2, 0.30), (5, 0.57), (25, 0.86), (49, 0.98), (50, 1)]
)
def test_polycentricity_of_equal_centres(count, expected):
    # k of 50 places receive alike: 1 - sqrt((50 / k - 1) / 49), all links present.
    found = gi.measure.polycentricity(centres(count))
    assert found == pytest.approx(1 - np.sqrt((50 / count - 1) / 49), abs=1e-9)
    assert found == pytest.approx(expected, abs=0.005)


def test_polycentricity_is_multiplied_by_the_density_of_links():
    ids = list("abcd")
    all_alike = pd.DataFrame(
        [(a, b, 1.0) for a in ids for b in ids if a != b], columns=["origin", "destination", "value"]
    )
    assert gi.measure.polycentricity(all_alike) == pytest.approx(1)
    assert gi.measure.polycentricity(all_alike[all_alike["destination"] == "a"]) == 0
    # A ring: each receives 1, and 4 of 12 links exist.
    ring = pd.DataFrame({"origin": ids, "destination": [*ids[1:], ids[0]], "value": 1.0})
    assert gi.measure.polycentricity(ring) == pytest.approx(4 / 12)


def test_no_flow_between_zones_is_refused():
    own = pd.DataFrame({"origin": ["a", "b"], "destination": ["a", "b"], "value": [1.0, 2.0]})
    for measure in (gi.measure.dominant_flows, gi.measure.intramax, gi.measure.polycentricity):
        with pytest.raises(gi.errors.FlowError, match="No flow goes between"):
            measure(own)
