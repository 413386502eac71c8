"""The best links: brute force over all sets, complements that greedy search misses, bounds that hold."""

from __future__ import annotations

from itertools import combinations

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
from shapely.geometry import Point

import geoinno as gi
from geoinno.simulate import _link_welfare

DECAY = gi.weigh.exponential(60)


def setting(seed, regions=9, links=8):
    random = np.random.default_rng(seed)
    ids = [f"r{i}" for i in range(regions)]
    place = gpd.GeoDataFrame(
        {"mass": random.lognormal(2, 1, regions)},
        index=ids,
        geometry=[Point(*xy) for xy in random.uniform(0, 4, (regions, 2))],
        crs=4326,
    )
    costs = gi.weigh.travel_minutes(place, speed_kmh=60)
    pairs = list(combinations(ids, 2))
    chosen = [pairs[k] for k in random.choice(len(pairs), links, replace=False)]
    table = pd.DataFrame(chosen, columns=["origin", "destination"])
    lengths = [costs.loc[a, b] * random.uniform(0.05, 0.9) for a, b in chosen]
    return place, costs, table.assign(minutes=lengths, price=random.uniform(1, 3, links))


def total(place, costs, table):
    """All potential with these links, by Floyd and Warshall over links and ways."""
    ways = costs.to_numpy().copy()
    spot = {name: i for i, name in enumerate(place.index)}
    for a, b, m in table[["origin", "destination", "minutes"]].itertuples(index=False):
        i, j = spot[a], spot[b]
        ways[i, j] = ways[j, i] = min(ways[i, j], m)
    for k in range(len(ways)):
        ways = np.minimum(ways, ways[:, [k]] + ways[k])
    weights = DECAY(ways)
    np.fill_diagonal(weights, 1.0)
    return float((weights @ place["mass"].to_numpy()).sum())


@pytest.mark.parametrize("seed", range(8))
def test_the_exact_search_agrees_with_brute_force(seed):
    place, costs, table = setting(seed)
    budget = 5.0
    found = gi.simulate.best_links("mass", place, table, budget=budget, decay=DECAY, costs=costs)
    base = total(place, costs, table.iloc[:0])
    best = 0.0
    for size in range(1, len(table) + 1):
        for rows in combinations(range(len(table)), size):
            part = table.iloc[list(rows)]
            if part["price"].sum() <= budget:
                best = max(best, total(place, costs, part) - base)
    assert found.exact
    assert found.gap == 0
    assert found.gain == pytest.approx(best, rel=1e-9)
    assert found.spent <= budget
    assert found.change["total"].sum() == pytest.approx(found.gain, rel=1e-9)


@pytest.mark.parametrize("seed", range(6))
def test_beyond_twelve_links_the_bound_holds_and_the_gap_is_small(seed):
    place, costs, table = setting(seed, regions=10, links=14)
    table = table.assign(price=1.0)
    found = gi.simulate.best_links("mass", place, table, budget=3, decay=DECAY, costs=costs)
    base = total(place, costs, table.iloc[:0])
    best = max(total(place, costs, table.iloc[list(rows)]) - base for rows in combinations(range(14), 3))
    assert not found.exact
    assert found.bound >= best * (1 - 1e-9)
    assert found.gain >= 0.97 * best
    assert found.gap == pytest.approx(1 - found.gain / found.bound)
    assert "against a computed bound" in str(found)


def complements(extra):
    """Two towns far apart: one ferry to an islet and one from it, next to small links that gain a little."""
    x = [0, 6, 12, 0.2, 12.2, *np.linspace(20, 40, extra)]
    mass = [1e6, 1.0, 1e6, 5.0, 5.0, *[1.0] * extra]
    ids = ["west", "islet", "east", "village", "hamlet", *[f"far{k}" for k in range(extra)]]
    place = gpd.GeoDataFrame({"mass": mass}, index=ids, geometry=[Point(v, 50) for v in x], crs=4326)
    costs = gi.weigh.travel_minutes(place, speed_kmh=20)
    ends = [("west", "islet"), ("islet", "east"), ("west", "village"), ("east", "hamlet")]
    ends += [("far0", f"far{k}") for k in range(1, extra)]
    table = pd.DataFrame(ends, columns=["origin", "destination"]).assign(minutes=1.0)
    table.loc[:1, "minutes"] = 20.0
    return place, costs, table


@pytest.mark.parametrize("extra", [2, 14])
def test_links_that_are_worth_much_together_alone_are_found(extra):
    place, costs, table = complements(extra)
    found = gi.simulate.best_links(
        "mass", place, table, budget=2, decay=DECAY, costs=costs, objective="people"
    )
    pair = found.chosen
    assert set(zip(pair["origin"], pair["destination"], strict=True)) == {
        ("west", "islet"),
        ("islet", "east"),
    }
    assert found.gain > 100 * pair["alone"].max()
    assert (pair["within"] > 100 * pair["alone"]).any()
    assert "more than the" in str(found)
    assert found.exact == (extra == 2)


def test_people_count_where_they_live():
    place, costs, table = setting(1)
    found = gi.simulate.best_links(
        "mass", place, table, budget=3, decay=DECAY, costs=costs, objective="people"
    )
    gained = found.change["total"] @ place["mass"]
    assert found.gain == pytest.approx(gained, rel=1e-9)


def test_without_costs_links_are_in_km():
    place, _, table = setting(2)
    found = gi.simulate.best_links(
        "mass", place, table.rename(columns={"minutes": "km"}), budget=3, decay=DECAY
    )
    reach = gi.measure.market_potential("mass", place, decay=DECAY)
    assert found.before["total"].to_numpy() == pytest.approx(reach["total"].to_numpy(), rel=1e-6)


@pytest.mark.parametrize(
    ("change", "error", "words"),
    [
        (lambda t: t.drop(columns="minutes"), gi.FlowError, "columns origin, destination and minutes"),
        (lambda t: t.assign(minutes=0.0), gi.FlowError, "'minutes' of the links must be above zero"),
        (lambda t: t.assign(price=0.0), gi.FlowError, "'price' of the links must be above zero"),
        (lambda t: t.assign(price=9.0), gi.OptionError, "the cheapest costs 9"),
        (lambda t: t.assign(origin="x"), gi.FlowError, "'x'"),
        (lambda t: t.iloc[:1].assign(origin=t["destination"]), gi.FlowError, "from one region to another"),
        (lambda t: pd.concat([t, t]), gi.FlowError, "twice"),
        (lambda t: t.iloc[:0], gi.FlowError, "links are empty"),
    ],
)
def test_unsound_links_are_refused(change, error, words):
    place, costs, table = setting(3)
    with pytest.raises(error, match=words):
        gi.simulate.best_links("mass", place, change(table), budget=3, decay=DECAY, costs=costs)


def test_a_link_that_shortens_nothing_is_not_bought():
    place, costs, table = setting(4)
    found = gi.simulate.best_links(
        "mass", place, table.assign(minutes=1e6), budget=30, decay=DECAY, costs=costs
    )
    assert found.chosen.empty
    assert "No link within the budget" in str(found)


@pytest.mark.parametrize("seed", range(3))
def test_the_best_links_for_welfare_are_those_of_all_openings(seed):
    place, costs, table = setting(seed, regions=6, links=4)
    table = table.assign(price=1.0)
    random = np.random.default_rng(seed)
    size = len(place)
    trade = pd.DataFrame(random.lognormal(0, 1, (size, size)) + 20 * np.eye(size), place.index, place.index)
    found = gi.simulate.best_links(
        "mass", place, table, budget=2, decay=DECAY, costs=costs, objective="welfare", trade=trade
    )
    worth = {}
    for number in (0, 1, 2):
        for rows in combinations(range(4), number):
            ways = shortened(place, costs, table.iloc[list(rows)])
            change = np.log(DECAY(ways)) - np.log(DECAY(costs.to_numpy() + np.eye(size)))
            np.fill_diagonal(change, 0.0)
            change = pd.DataFrame(change, place.index, place.index)
            welfare = gi.simulate.opening(trade, change).table["welfare"]
            worth[rows] = float(trade.sum(axis=1) @ welfare)
    assert found.gain == pytest.approx(max(worth.values()), rel=1e-8)
    assert tuple(np.flatnonzero(found.table["chosen"])) == max(worth, key=worth.get)
    assert found.table["alone"].to_list() == pytest.approx([worth[k,] for k in range(4)], rel=1e-8)
    assert "in welfare" in str(found)


def shortened(place, costs, table):
    """Costs over these links, by Floyd and Warshall, with ones on the diagonal."""
    ways = costs.to_numpy().copy()
    spot = {name: i for i, name in enumerate(place.index)}
    for a, b, m in table[["origin", "destination", "minutes"]].itertuples(index=False):
        i, j = spot[a], spot[b]
        ways[i, j] = ways[j, i] = min(ways[i, j], m)
    for k in range(len(ways)):
        ways = np.minimum(ways, ways[:, [k]] + ways[k])
    return ways + np.eye(len(ways))


def test_welfare_needs_trade_of_the_regions():
    place, costs, table = setting(2, regions=10, links=14)
    case = {"budget": 3, "decay": DECAY, "costs": costs, "objective": "welfare"}
    with pytest.raises(gi.OptionError, match="needs trade"):
        gi.simulate.best_links("mass", place, table.iloc[:3], **case)
    trade = pd.DataFrame(np.ones((10, 10)), place.index, place.index)
    with pytest.raises(gi.AlignmentError, match="trade and the regions"):
        gi.simulate.best_links("mass", place, table.iloc[:3], trade=trade.iloc[1:, 1:], **case)


def worth(place, costs, table, trade):
    """The value of links in welfare, by `opening`."""
    change = np.log(DECAY(shortened(place, costs, table))) - np.log(
        DECAY(costs.to_numpy() + np.eye(len(place)))
    )
    np.fill_diagonal(change, 0.0)
    opened = gi.simulate.opening(trade, pd.DataFrame(change, place.index, place.index))
    return float(trade.sum(axis=1) @ opened.table["welfare"])


@pytest.mark.parametrize("balanced", [True, False])
@pytest.mark.parametrize("seed", range(2))
def test_no_set_of_many_links_gains_more_in_welfare_than_the_bound(seed, balanced, monkeypatch):
    place, costs, table = setting(seed, regions=7, links=15)
    table = table.assign(price=1.0)
    # As if even these sets were too many to solve them all.
    monkeypatch.setattr(_link_welfare, "_MOST_SETS", 100)
    flows = np.random.default_rng(seed).lognormal(0, 0.5, (7, 7)) + 20 * np.eye(7)
    trade = pd.DataFrame(flows + flows.T if balanced else flows, place.index, place.index)
    found = gi.simulate.best_links(
        "mass", place, table, budget=2, decay=DECAY, costs=costs, objective="welfare", trade=trade
    )
    sets = [rows for size in (1, 2) for rows in combinations(range(15), size)]
    best = max(worth(place, costs, table.iloc[list(rows)], trade) for rows in sets)
    assert not found.exact
    assert found.gain >= 0.97 * best
    assert best <= found.bound < np.inf
    assert 0 <= found.gap < 0.8
    assert found.gain == pytest.approx(worth(place, costs, found.chosen, trade), rel=1e-8)
    assert "against a computed bound" in str(found)


def test_few_sets_of_many_links_are_all_solved_for_welfare():
    place, costs, table = setting(0, regions=6, links=15)
    flows = np.random.default_rng(0).lognormal(0, 0.5, (6, 6)) + 20 * np.eye(6)
    trade = pd.DataFrame(flows, place.index, place.index)
    found = gi.simulate.best_links(
        "mass",
        place,
        table.assign(price=1.0),
        budget=1,
        decay=DECAY,
        costs=costs,
        objective="welfare",
        trade=trade,
    )
    best = max(worth(place, costs, table.iloc[[k]], trade) for k in range(15))
    assert (found.exact, found.gap) == (True, 0.0)
    assert found.gain == pytest.approx(best, rel=1e-9)


def test_links_that_hardly_shorten_have_a_close_bound():
    """Where all links are bought and welfare is balanced, the bound is near what they gain."""
    place, costs, table = setting(0, regions=8, links=13)
    lengths = [0.97 * costs.loc[pair] for pair in zip(table["origin"], table["destination"], strict=True)]
    flows = np.random.default_rng(0).lognormal(0, 0.5, (8, 8)) + 20 * np.eye(8)
    found = gi.simulate.best_links(
        "mass",
        place,
        table.assign(minutes=lengths, price=1.0),
        budget=13,
        decay=gi.weigh.exponential(300),
        costs=costs,
        objective="welfare",
        trade=pd.DataFrame(flows + flows.T, place.index, place.index),
    )
    assert 0 < found.gap < 0.05


def twins():
    """Two pairs of towns that mirror each other, a link within each, and two links that shorten nothing."""
    x = [0.0, 4.0, 60.0, 64.0]
    place = gpd.GeoDataFrame(
        {"mass": [5.0, 5.0, 5.0, 5.0]},
        index=["a", "b", "c", "d"],
        geometry=[Point(v, 0) for v in x],
        crs=4326,
    )
    costs = pd.DataFrame(np.abs(np.subtract.outer(x, x)) * 60 + np.eye(4), place.index, place.index)
    table = pd.DataFrame([("d", "c"), ("a", "b")], columns=["origin", "destination"])
    idle = pd.DataFrame([("a", "c"), ("b", "d")], columns=["origin", "destination"])
    return place, costs, pd.concat([table.assign(minutes=60.0), idle.assign(minutes=1e6)])


@pytest.mark.parametrize("objective", ["potential", "welfare"])
@pytest.mark.parametrize("reverse", [False, True])
def test_ties_go_to_the_first_by_name_and_are_said(objective, reverse):
    place, costs, table = twins()
    trade = pd.DataFrame(10 * np.eye(4) + 1, place.index, place.index)
    found = gi.simulate.best_links(
        "mass",
        place,
        table.iloc[::-1] if reverse else table,
        budget=1,
        decay=DECAY,
        costs=costs,
        objective=objective,
        trade=trade if objective == "welfare" else None,
    )
    assert found.chosen[["origin", "destination"]].to_numpy().tolist() == [["a", "b"]]
    assert found.ties == 1
    assert "One other set gains as much for the same price" in str(found)
    assert found.table["origin"].to_list() == table["origin"].to_list()[:: -1 if reverse else 1]


def test_idle_links_are_no_ties():
    place, costs, table = twins()
    found = gi.simulate.best_links("mass", place, table, budget=4, decay=DECAY, costs=costs)
    assert len(found.chosen) == 2
    assert (found.ties, found.spent) == (0, 2.0)
    assert "No other set within the budget gains more." in str(found)


@pytest.mark.parametrize("decay", [gi.weigh.tanner(-1, 0.01), gi.weigh.lognormal(0.3, scale_km=500)])
def test_a_decay_that_rises_is_refused(decay):
    place, costs, table = setting(2)
    with pytest.raises(gi.OptionError, match="rises with cost at first"):
        gi.simulate.best_links("mass", place, table, budget=3, decay=decay, costs=costs)


def test_masses_and_decays_are_checked():
    place, costs, table = setting(3)
    with pytest.raises(gi.ColumnError, match="negative in"):
        gi.simulate.best_links(-place["mass"], place, table, budget=3, decay=DECAY, costs=costs)
    with pytest.raises(gi.OptionError, match="decay must be a Decay"):
        gi.simulate.best_links("mass", place, table, budget=3, decay=None, costs=costs)


@pytest.mark.parametrize("column", ["price", "minutes"])
@pytest.mark.parametrize("bad", [np.nan, -1.0, 0.0, np.inf])
def test_prices_and_minutes_are_called_by_their_names(column, bad):
    place, costs, links = setting(0)
    spoilt = links.assign(price=1.0)
    spoilt.loc[spoilt.index[0], column] = bad
    with pytest.raises(gi.FlowError, match=f"Column '{column}' of the links must be above zero and finite"):
        gi.simulate.best_links("mass", place, spoilt, budget=1, decay=gi.weigh.exponential(60), costs=costs)
