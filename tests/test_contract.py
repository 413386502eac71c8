"""What a sound input is: every promise kept is let through, every broken one named with its remedy."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
from libpysal.graph import Graph
from shapely.geometry import Point, Polygon, box

import geoinno as gi
from geoinno import _contract

SQUARES = gpd.GeoDataFrame(
    {"country": ["A", "B"]}, index=["x", "y"], geometry=[box(0, 0, 1, 1), box(1, 0, 2, 1)], crs=4326
)
FLOWS = pd.DataFrame({"origin": ["x", "y"], "destination": ["y", "x"], "value": [1.0, 0.0]})


def test_offending_ids_are_named_up_to_five_with_their_count():
    assert _contract.named(["a", "b"]) == "'a', 'b' (2 in all)"
    assert _contract.named(list("abcdefg")) == "'a', 'b', 'c', 'd', 'e' and 2 more (7 in all)"


def test_a_name_that_is_a_whole_file_is_cut_short():
    assert len(_contract.named(["x" * 60_000_000])) < 150


def test_an_option_is_one_of_its_words():
    assert _contract.option("queen", ("queen", "rook"), name="rule") == "queen"
    with pytest.raises(gi.OptionError, match="rule must be one of 'queen', 'rook'; 'king'"):
        _contract.option("king", ("queen", "rook"), name="rule")


@pytest.mark.parametrize("value", [0, -1, np.nan, np.inf, "1", None, True])
def test_what_is_not_positive_is_refused(value):
    with pytest.raises(gi.OptionError, match="max_km must be a finite number above zero"):
        _contract.positive(value, name="max_km")


def test_zero_is_let_through_where_it_makes_sense():
    assert _contract.positive(0, name="max_km", zero=True) == 0.0


@pytest.mark.parametrize("value", [0, -1, 1.5, "1", True])
def test_what_is_no_whole_number_is_refused(value):
    with pytest.raises(gi.OptionError, match="count must be a whole number of at least 1"):
        _contract.whole(value, name="count")


@pytest.mark.parametrize(
    ("index", "words"),
    [
        (pd.Index([]), "empty"),
        (pd.Index([1, 2]), "non-empty string ids"),
        (pd.Index(["a", None], dtype=object), "None"),
        (pd.Index(["a", ""]), "''"),
        (pd.Index(["a", "a", "b"]), r"repeat: 'a' \(1 in all\)"),
        (pd.MultiIndex.from_tuples([("a", 1)]), "MultiIndex"),
    ],
)
def test_unsound_ids_are_refused(index, words):
    with pytest.raises(gi.RegionError, match=words):
        _contract.region_ids(index)


def test_sound_regions_come_back_as_they_are():
    assert _contract.polygons(SQUARES) is SQUARES


@pytest.mark.parametrize(
    ("regions", "error", "words"),
    [
        (None, gi.RegionError, "NoneType"),
        (pd.DataFrame({"geometry": [1]}, index=["x"]), gi.RegionError, "must be a GeoDataFrame"),
        (SQUARES.geometry, gi.RegionError, "GeoSeries"),
        (SQUARES.set_crs(None, allow_override=True), gi.CrsError, r"set_crs\(4326\)"),
        (SQUARES.to_crs(3857).set_crs(4326, allow_override=True), gi.CrsError, "in degrees, but"),
        (SQUARES.set_geometry([None, box(0, 0, 1, 1)], crs=4326), gi.RegionError, "Empty geometry in 'x'"),
        (
            SQUARES.set_geometry([Polygon(), box(0, 0, 1, 1)], crs=4326),
            gi.RegionError,
            "Empty geometry in 'x'",
        ),
        (
            SQUARES.set_geometry([Point(0, 0), box(0, 0, 1, 1)], crs=4326),
            gi.RegionError,
            "must be polygons.*'x'",
        ),
        (
            SQUARES.set_geometry([Polygon([(0, 0), (1, 1), (1, 0), (0, 1)]), box(0, 0, 1, 1)], crs=4326),
            gi.RegionError,
            r"Invalid geometry.*'x'.*gi\.read\.repaired",
        ),
    ],
)
def test_unsound_regions_are_refused_with_the_remedy(regions, error, words):
    with pytest.raises(error, match=words):
        _contract.polygons(regions)


@pytest.mark.parametrize(
    ("values", "error", "words"),
    [
        (np.array([1.0]), gi.ColumnError, "must be a Series indexed by region id"),
        (pd.Series(["1"], index=["x"], name="v"), gi.ColumnError, "'v' must be numeric"),
        (pd.Series([True], index=["x"], name="v"), gi.ColumnError, "'v' must be numeric"),
        (pd.Series([np.inf], index=["x"], name="v"), gi.ColumnError, "'v' is infinite in 'x'"),
        (pd.Series([np.nan], index=["x"], name="v"), gi.ColumnError, "'v' has no value in 'x'"),
        (pd.Series([1.0]), gi.RegionError, "string ids"),
        (pd.Series([1.0], index=["z"]), gi.AlignmentError, "'x', 'y' .2 in all.*'z'"),
    ],
)
def test_unsound_values_are_refused(values, error, words):
    with pytest.raises(error, match=words):
        _contract.numbers(values, ids=SQUARES.index)


def test_values_are_aligned_by_id_and_missing_ones_kept_where_allowed():
    values = pd.Series([np.nan, 1], index=["y", "x"])
    assert _contract.numbers(values, missing=True, ids=SQUARES.index).index.to_list() == ["x", "y"]


def test_a_column_of_the_regions_will_do_for_a_series():
    regions = SQUARES.assign(income=[1, 2])
    assert _contract.numbers("income", regions=regions).to_dict() == {"x": 1.0, "y": 2.0}
    with pytest.raises(gi.ColumnError, match=r"no column 'incomes'; their columns are 'country'"):
        _contract.numbers("incomes", regions=regions)
    with pytest.raises(gi.ColumnError, match=r"name of a column.*ndarray was given.*regions.index"):
        _contract.numbers(np.ones(2), regions=regions, what="masses")


def test_the_two_that_disagree_are_named():
    mass = pd.Series([1.0, 2.0], index=["x", "z"])
    with pytest.raises(gi.AlignmentError, match=r"masses and the weights cover.*in the weights.*'y'.*'z'"):
        _contract.numbers(mass, ids=SQUARES.index, what="masses", against="weights")
    with pytest.raises(gi.RegionError, match="Ids of the masses repeat: 'x'"):
        _contract.aligned(mass.iloc[[0, 0]], pd.Index(["x"]), what="masses", against="weights")


@pytest.mark.parametrize(
    "poles",
    [
        pd.DataFrame({"pole": [False, True]}, index=["y", "x"]),
        pd.Series([True, False], index=["x", "y"]),
        pd.Series([True, False], index=["x", "y"], dtype=object),
        ["x"],
        pd.Index(["x"]),
    ],
)
def test_poles_are_a_table_booleans_or_ids(poles):
    assert _contract.pole_flags(poles, SQUARES.index).to_dict() == {"x": True, "y": False}


@pytest.mark.parametrize(
    ("poles", "error", "words"),
    [
        (pd.Series(["False", "False"], index=["x", "y"]), gi.ColumnError, "True or False.*'False'"),
        (pd.Series([1, 0], index=["x", "y"]), gi.ColumnError, "True or False"),
        (pd.Series([True, None], index=["x", "y"]), gi.ColumnError, "None"),
        (pd.Series([True], index=["x"]), gi.AlignmentError, "in the regions but not in the poles: 'y'"),
        (pd.DataFrame({"rank": [1, 2]}, index=["x", "y"]), gi.ColumnError, "no column 'pole'"),
        (pd.Series([False, False], index=["x", "y"]), gi.ColumnError, "None of the 2 regions is a pole"),
        ([], gi.ColumnError, "None of the 2 regions"),
        (["x", "z"], gi.AlignmentError, "not in the regions: 'z'"),
        ("x", gi.ColumnError, "list of ids; str was given"),
        (np.array([True, False]), gi.ColumnError, "ndarray was given"),
    ],
)
def test_what_says_no_pole_is_refused(poles, error, words):
    with pytest.raises(error, match=words):
        _contract.pole_flags(poles, SQUARES.index)


def test_values_all_equal_are_refused():
    with pytest.raises(gi.ColumnError, match="no variation"):
        _contract.varied(pd.Series([2.0, 2.0], index=["x", "y"]))


def test_weights_tell_their_ids_in_their_own_order():
    graph = Graph.from_arrays(["y", "x"], ["x", "y"], [1, 1])
    assert _contract.weight_ids(graph).to_list() == list(graph.unique_ids)
    with pytest.raises(gi.AlignmentError, match=r"gi.weigh"):
        _contract.weight_ids({"x": ["y"]})


def test_a_country_is_a_column_or_a_series_by_id():
    assert _contract.country_series("country", SQUARES).to_dict() == {"x": "A", "y": "B"}
    assert _contract.country_series(SQUARES["country"].iloc[::-1], SQUARES.index).index.to_list() == [
        "x",
        "y",
    ]


@pytest.mark.parametrize(
    ("country", "error", "words"),
    [
        ("land", gi.ColumnError, "no column 'land'"),
        (["A", "B"], gi.ColumnError, "list"),
        (pd.Series(["A", None], index=["x", "y"]), gi.ColumnError, "No country is given for 'y'"),
        (pd.Series(["A", ""], index=["x", "y"]), gi.ColumnError, "No country is given for 'y'"),
        (pd.Series(["A", " \t"], index=["x", "y"]), gi.ColumnError, "No country is given for 'y'"),
        (pd.Series(["A"], index=["x"]), gi.AlignmentError, "'y'"),
    ],
)
def test_an_unsound_country_is_refused(country, error, words):
    with pytest.raises(error, match=words):
        _contract.country_series(country, SQUARES)


def test_sound_flows_come_back_as_they_are():
    assert _contract.sound_flows(FLOWS, ids=SQUARES.index) is FLOWS


@pytest.mark.parametrize(
    ("flows", "words"),
    [
        (FLOWS.drop(columns="value"), "missing: .'value'"),
        (FLOWS.iloc[:0], "empty"),
        (pd.concat([FLOWS, FLOWS]), r"\('x', 'y'\).*groupby"),
        (FLOWS.assign(origin=[1, 2]), "string ids"),
        (FLOWS.assign(value=["1", "2"]), "must be numeric"),
        (FLOWS.assign(value=[-1, 2]), r"\('x', 'y'\) \(1 in all\)"),
        (FLOWS.assign(value=[np.nan, 2]), "Leave out a pair whose flow is unknown"),
        (FLOWS.assign(origin=["z", "y"]), "not in the regions: 'z'"),
    ],
)
def test_unsound_flows_are_refused(flows, words):
    with pytest.raises(gi.FlowError, match=words):
        _contract.sound_flows(flows, ids=SQUARES.index)


def test_a_table_that_has_lost_its_geometry_is_refused():
    lost = gpd.GeoDataFrame({"v": [1]}, index=["x"])
    with pytest.raises(gi.RegionError, match="must be a GeoDataFrame"):
        _contract.sound_regions(lost)


def test_a_column_without_a_name_and_scalars_of_numpy_are_written_plainly():
    with pytest.raises(gi.ColumnError, match=r"^The column of wages has no value in 'x' \(1 in all\)"):
        _contract.numbers(pd.Series([np.nan, 1.0], index=["x", "y"]), what="wages")
    with pytest.raises(gi.ColumnError, match=r"^The column of values has the same value"):
        _contract.varied(pd.Series([1.0, 1.0], index=["x", "y"]))
    assert _contract.named(np.array([2018, 2019])) == "2018, 2019 (2 in all)"
