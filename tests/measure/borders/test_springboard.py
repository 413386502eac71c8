"""Springboards: every shortest way walked one by one, and parts of the index by hand."""

from __future__ import annotations

import geopandas
import numpy as np
import pandas as pd
import pytest
from scipy.sparse.csgraph import dijkstra
from shapely.geometry import box

import geoinno as gi
from geoinno.measure.borders import _ranks


@pytest.fixture(scope="module")
def board(central_asia):
    regions = central_asia.regions
    decay = gi.weigh.exponential(200)
    return gi.measure.springboard(regions["city_population"], regions, decay=decay, border_factor=0.2)


def crossings(before, land, a, b):
    """Return the regions at which the shortest way from a to b crosses a border."""
    edges, at = set(), b
    while at != a:
        last = before[a, at]
        if land[last] != land[at]:
            edges |= {last, at}
        at = last
    return edges


def test_betweenness_is_what_shortest_ways_pass(central_asia, board):
    regions = central_asia.regions
    mass, land = regions["city_population"].to_numpy(float), regions["country"].to_numpy()
    km = gi.weigh.distances(regions, at="city").to_numpy()
    links = gi.weigh.contiguity(regions, rule="rook").sparse.toarray() > 0
    length, before = dijkstra(np.where(links, km, 0), return_predecessors=True)
    weight = np.outer(mass, mass) * gi.weigh.exponential(200)(length)
    passed, total = np.zeros(len(regions)), 0.0
    for a, b in zip(*np.nonzero(land[:, None] != land), strict=True):
        total += weight[a, b]
        for region in crossings(before, land, a, b):
            passed[region] += weight[a, b]
    on = board["on_border"].to_numpy()
    np.testing.assert_allclose(board["betweenness"][on], (passed / total)[on], rtol=1e-9)


def test_the_gain_is_the_latent_potential(central_asia, board):
    regions = central_asia.regions
    latent = gi.measure.latent_potential(
        regions["city_population"],
        regions,
        decay=gi.weigh.exponential(200),
        country="country",
        border_factor=0.2,
    )
    on = board["on_border"]
    pd.testing.assert_series_equal(board.loc[on, "gain"], latent.loc[on, "gain"], rtol=1e-12)
    assert board.loc[~on, ["gain", "index", "rank"]].isna().all(axis=None)


def test_parts_of_the_potential_are_those_of_market_potential(austria):
    regions, decay = austria.regions, gi.weigh.exponential(60)
    people = regions["city_population"]
    parts = gi.measure.latent_potential(people, regions, decay=decay, country="country", border_factor=0.25)
    today, closed, opened = (
        gi.measure.market_potential(people, regions, decay=decay, country="country", border_factor=factor)
        for factor in (0.25, 0, 1)
    )
    np.testing.assert_allclose(parts["endogenous"], closed["total"], rtol=1e-12)
    np.testing.assert_allclose(parts["exogenous_share"], today["exogenous_share"], rtol=1e-12)
    np.testing.assert_allclose(parts["latent"], opened["total"] - today["total"], rtol=1e-9, atol=1e-6)
    with pytest.raises(gi.errors.OptionError, match="at most 1"):
        gi.measure.latent_potential(people, regions, decay=decay, country="country", border_factor=2)


def test_a_strip_has_the_index_that_follows_by_hand():
    # Four cells in a row, A A B B, equal masses: both border cells are passed by every pair abroad.
    strip = geopandas.GeoDataFrame(
        {"country": list("AABB")},
        geometry=[box(i, 0, i + 1, 1) for i in range(4)],
        index=list("abcd"),
        crs=4326,
    )
    mass = pd.Series([2.0, 1.0, 1.0, 2.0], index=strip.index)
    board = gi.measure.springboard(mass, strip, decay=gi.weigh.exponential(100), border_factor=0.5)
    assert board["on_border"].to_list() == [False, True, True, False]
    assert board.loc[["b", "c"], "betweenness"].to_list() == pytest.approx([1, 1])
    assert board.loc["b", "pole_km"] == pytest.approx(gi.weigh.distances(strip).loc["a", "b"])
    np.testing.assert_allclose(board.loc[["b", "c"], "index"], 0, atol=1e-6)


def test_ways_and_distances_to_poles_lead_to_cities():
    strip = geopandas.GeoDataFrame(
        {"country": list("AABB"), "city_lon": [0.1, 1.9, 2.1, 3.9], "city_lat": 0.5},
        geometry=[box(i, 0, i + 1, 1) for i in range(4)],
        index=list("abcd"),
        crs=4326,
    )
    mass = pd.Series([2.0, 1.0, 1.0, 2.0], index=strip.index)
    board = gi.measure.springboard(mass, strip, decay=gi.weigh.exponential(100), border_factor=0.5)
    # 1.8 degrees of longitude half a degree north of the equator, by Karney's geodesics (PROJ): 200.36 km.
    assert board.loc[["b", "c"], "pole_km"].to_list() == pytest.approx([200.367] * 2, abs=0.01)


def test_border_types_name_every_kind(board):
    kinds = gi.classify.border_types(board)
    assert (kinds[~board["on_border"]] == "interior").all()
    both = (board["gain_ratio"] > 1) & (board["betweenness"] > board["betweenness"].median())
    assert both.any()
    assert (kinds[both] == "springboard").all()
    assert list(kinds.cat.categories) == ["springboard", "latent", "transit", "cul-de-sac", "interior"]
    with pytest.raises(gi.errors.ColumnError, match="'gain_ratio'"):
        gi.classify.border_types(board.drop(columns="gain_ratio"))


def test_what_has_no_border_or_pole_is_refused(central_asia):
    regions = central_asia.regions
    one = regions[regions["country"] == "KAZ"]
    ask = {"decay": gi.weigh.exponential(200), "border_factor": 0.2}
    with pytest.raises(gi.errors.ColumnError, match="No region borders"):
        gi.measure.springboard(one["city_population"], one, **ask)
    with pytest.raises(gi.errors.ColumnError, match=r"no pole in .*'KGZ'"):
        gi.measure.springboard(regions["city_population"], regions, poles=regions["country"] == "KAZ", **ask)


def test_ranks_lie_in_their_intervals(board):
    known = board[board["on_border"]]
    assert (known["rank_low"] <= known["rank_high"]).all()
    assert ((known["rank_low"] <= known["rank"]) & (known["rank"] <= known["rank_high"])).mean() > 0.9


def test_scores_are_the_benefit_of_the_doubt():
    # By hand: the second row is half the first in every part, so that its best score is a half. The
    # third leads in one part alone: without a least share it would score 1.
    parts = np.array([[2.0, 4.0, 1.0], [1.0, 2.0, 0.5], [0.0, 8.0, 0.0]])
    np.testing.assert_allclose(_ranks.benefit_of_doubt(parts), [1, 0.5, 0], atol=1e-9)
    np.testing.assert_allclose(_ranks.benefit_of_doubt(parts * [1, 10, 100]), [1, 0.5, 0], atol=1e-9)


def test_parts_are_in_natural_units_and_regions_are_ranked_by_their_score(central_asia, board):
    known = board[board["on_border"]]
    gain = gi.measure.latent_potential(
        central_asia.regions["city_population"],
        central_asia.regions,
        decay=gi.weigh.exponential(200),
        country="country",
        border_factor=0.2,
    )["gain"]
    median = gain.groupby(central_asia.regions["country"]).transform("median")
    np.testing.assert_allclose(known["gain_ratio"], (gain / median)[known.index], rtol=1e-9)
    assert known["score"].between(0, 1).all()
    assert known["score"].max() == pytest.approx(1)
    assert known["rank"].to_list() == known["score"].round(9).rank(ascending=False, method="min").to_list()
    assert known.loc[known["rank_additive"] == 1, "index"].item() == known["index"].max()


def test_two_largest_regions_are_one_plateau():
    strip = geopandas.GeoDataFrame(
        {"country": list("AAABB")},
        geometry=[box(i, 0, i + 1, 1) for i in range(5)],
        index=list("abcde"),
        crs=4326,
    )
    mass = pd.Series([2.0, 2.0, 1.0, 1.0, 2.0], index=strip.index)
    board = gi.measure.springboard(mass, strip, decay=gi.weigh.exponential(100), border_factor=0.5)
    assert board.loc["c", "pole_km"] == pytest.approx(gi.weigh.distances(strip).loc["b", "c"])
