"""Travel: minutes by hand on points of known distance, and shortest ways over small networks."""

from __future__ import annotations

import geopandas as gpd
import networkx as nx
import numpy as np
import pandas as pd
import pytest
from pyproj import Geod
from scipy.sparse import csgraph

import geoinno as gi
from geoinno.weigh import _travel


@pytest.fixture
def towns():
    points = gpd.points_from_xy([16.37, 17.11, 19.04], [48.21, 48.14, 47.50])
    data = {"country": ["AUT", "SVK", "HUN"], "realm": ["k", "h", "h"]}
    return gpd.GeoDataFrame(data, index=["vienna", "bratislava", "budapest"], geometry=points, crs=4326)


def test_minutes_are_km_times_detour_by_speed_and_the_wait(towns):
    minutes = gi.weigh.travel_minutes(towns, speed_kmh=80, detour=1.25, border_minutes=20)
    km = Geod(ellps="WGS84").inv(16.37, 48.21, 19.04, 47.50)[2] / 1000
    assert minutes.loc["vienna", "budapest"] == pytest.approx(km * 1.25 / 80 * 60 + 20, rel=1e-12)
    assert (np.diag(minutes) == 0).all()
    assert list(minutes.index) == list(minutes.columns) == list(towns.index)


def test_another_column_or_series_may_tell_the_country(towns):
    plain = gi.weigh.travel_minutes(towns, speed_kmh=80)
    realm = gi.weigh.travel_minutes(towns, speed_kmh=80, border_minutes=15, country="realm")
    wait = realm - plain
    assert wait.loc["bratislava", "budapest"] == pytest.approx(0)
    assert wait.loc["vienna", "budapest"] == pytest.approx(15)
    series = gi.weigh.travel_minutes(towns, speed_kmh=80, border_minutes=15, country=towns["realm"][::-1])
    pd.testing.assert_frame_equal(series, realm)


def test_a_wait_needs_countries(towns):
    bare = towns.drop(columns="country")
    gi.weigh.travel_minutes(bare, speed_kmh=80)
    with pytest.raises(gi.errors.ColumnError, match="no column 'country'"):
        gi.weigh.travel_minutes(bare, speed_kmh=80, border_minutes=5)


@pytest.mark.parametrize(
    ("setting", "message"),
    [
        ({"speed_kmh": 0}, "speed_kmh must be"),
        ({"speed_kmh": 50, "detour": 0.9}, "detour must be 1 or more"),
        ({"speed_kmh": 50, "border_minutes": -1}, "border_minutes must be"),
    ],
)
def test_speeds_detours_and_waits_are_checked(towns, setting, message):
    with pytest.raises(gi.errors.OptionError, match=message):
        gi.weigh.travel_minutes(towns, **setting)


@pytest.fixture
def links():
    return pd.DataFrame(
        {
            "origin": ["a", "b", "b", "c", "junction"],
            "destination": ["b", "a", "junction", "a", "c"],
            "minutes": [10, 25, 5, 7.5, 5],
        }
    )


def test_one_way_links_give_other_times_there_and_back(links):
    minutes = gi.weigh.network_minutes(pd.Index(["a", "b", "c"]), links)
    # By hand: a-b 10, a-c by b and the junction 20; b-a by c 17.5, not the direct 25.
    expected = [[0, 10, 20], [17.5, 0, 10], [7.5, 17.5, 0]]
    np.testing.assert_allclose(minutes, expected)


def test_links_may_lead_both_ways(links):
    minutes = gi.weigh.network_minutes(pd.Index(["c", "a"]), links, directed=False)
    np.testing.assert_allclose(minutes, [[0, 7.5], [7.5, 0]])


@pytest.mark.oracle
@pytest.mark.parametrize("directed", [True, False])
def test_ways_are_those_of_networkx(directed):
    random = np.random.default_rng(2)
    ends = pd.DataFrame(random.integers(0, 40, (300, 2)).astype(str), columns=["origin", "destination"])
    ends = ends[ends["origin"] != ends["destination"]].drop_duplicates()
    links = ends.assign(minutes=random.uniform(1, 50, len(ends)))
    kind = nx.DiGraph if directed else nx.MultiGraph
    graph = nx.from_pandas_edgelist(links, "origin", "destination", "minutes", create_using=kind)
    theirs = dict(nx.all_pairs_dijkstra_path_length(graph, weight="minutes"))
    places = pd.Index(sorted(graph)[:12])
    ours = gi.weigh.network_minutes(places, links, directed=directed)
    for origin in places:
        assert ours.loc[origin].to_dict() == pytest.approx({d: theirs[origin][d] for d in places})


def test_what_cannot_be_reached_raises_by_name_or_is_missing(links):
    places = pd.Index(["a", "island"])
    with pytest.raises(gi.errors.FlowError, match=r"\('a', 'island'\), \('island', 'a'\) \(2 in all\)"):
        gi.weigh.network_minutes(places, links)
    minutes = gi.weigh.network_minutes(places, links, unreachable="missing")
    assert minutes.isna().sum().sum() == 2


@pytest.mark.parametrize("minutes", [0, -1, np.nan])
def test_links_without_sound_minutes_raise(links, minutes):
    links.loc[2, "minutes"] = minutes
    with pytest.raises(gi.errors.FlowError, match="'b', 'junction'"):
        gi.weigh.network_minutes(pd.Index(["a", "b"]), links)


def test_links_without_their_columns_or_twice_raise(links):
    with pytest.raises(gi.errors.FlowError, match="columns origin, destination and minutes"):
        gi.weigh.network_minutes(pd.Index(["a"]), links.drop(columns="minutes"))
    with pytest.raises(gi.errors.FlowError, match="occur twice"):
        gi.weigh.network_minutes(pd.Index(["a"]), pd.concat([links, links]))


@pytest.mark.parametrize("cells", [1, 700])
def test_origins_in_blocks_have_the_same_ways(cells, monkeypatch):
    """One origin at a time, and a few, against all at once by Floyd and Warshall."""
    random = np.random.default_rng(6)
    pairs = pd.DataFrame(random.integers(0, 90, (400, 2)).astype(str), columns=["origin", "destination"])
    links = pairs[pairs["origin"] != pairs["destination"]].drop_duplicates()
    links = links.assign(minutes=random.uniform(1, 9, len(links)))
    table = np.full((90, 90), np.inf)
    table[links["origin"].astype(int), links["destination"].astype(int)] = links["minutes"]
    expected = csgraph.floyd_warshall(table)[:40, :40]
    monkeypatch.setattr(_travel, "_CELLS", cells)
    found = gi.weigh.network_minutes(pd.Index([str(i) for i in range(40)]), links, unreachable="missing")
    np.testing.assert_allclose(found.fillna(np.inf), expected, rtol=1e-12)
