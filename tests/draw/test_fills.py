"""Choropleths and cluster maps: classes, legends and what they refuse."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

import geoinno as gi
from geoinno.draw import palette


@pytest.fixture
def values(lattice):
    return pd.Series(np.arange(len(lattice), dtype=float), index=lattice.index, name="share")


def test_every_region_has_a_class_and_the_counts_add_up(lattice, values):
    layer = gi.draw.choropleth(lattice, values)
    keys = layer.legends[0].keys
    assert [key.count for key in keys] == layer.shapes["code"].value_counts().sort_index().to_list()
    assert sum(key.count for key in keys) == len(lattice)


def test_the_highest_class_stands_at_the_top_and_is_the_darkest(lattice, values):
    layer = gi.draw.choropleth(lattice, values)
    top = layer.legends[0].keys[0]
    assert top.fill == palette.SEQUENTIAL[-1]
    assert layer.shapes.loc[values.idxmax(), "code"] == 0


def test_missing_values_are_hatched_and_counted(lattice, values):
    layer = gi.draw.choropleth(lattice, values.where(values > 3))
    last = layer.legends[0].keys[-1]
    assert (last.label, last.pattern, last.count) == ("no data", "hatch", 4)
    assert (layer.shapes["code"].iloc[:4] == len(layer.legends[0].keys) - 1).all()
    assert layer.tips.iloc[0]["share"] == "no data"


def test_rows_in_another_order_are_placed_by_id(lattice, values):
    shuffled = values.sample(frac=1, random_state=1)
    pd.testing.assert_frame_equal(
        gi.draw.choropleth(lattice, shuffled).shapes, gi.draw.choropleth(lattice, values).shapes
    )


def test_other_regions_are_refused(lattice, values):
    with pytest.raises(gi.AlignmentError, match="'99'"):
        gi.draw.choropleth(lattice, values.rename({"00": "99"}))


def test_limits_of_the_user_are_kept_beside_the_midpoint(lattice, values):
    layer = gi.draw.choropleth(lattice, values - 18, midpoint=0, scheme=[-20, -1, 20])
    assert len(layer.legends[0].keys) == 3


def test_a_midpoint_becomes_a_limit_and_colours_diverge(lattice, values):
    layer = gi.draw.choropleth(lattice, values - 18, midpoint=0, count=4)
    fills = [key.fill for key in layer.legends[0].keys]
    # Quartiles of -18..17 are -9.25, -0.5, 8.25: the midpoint stands for the nearest.
    assert [key.label for key in layer.legends[0].keys][1:3] == ["0.0 \u2013 8.2", "\u22129.2 \u2013 0.0"]
    assert fills[0] in palette.DIVERGING[3:]
    assert fills[-1] in palette.DIVERGING[:3]


def test_limits_of_ones_own_are_kept(lattice, values):
    layer = gi.draw.choropleth(lattice, values, scheme=[0, 10, 20, 35])
    assert [key.count for key in layer.legends[0].keys] == [15, 10, 11]


def test_an_uncertain_estimate_is_dotted(lattice, values):
    interval = pd.DataFrame({"low": values - 1, "high": values + 1})
    layer = gi.draw.choropleth(lattice, values, uncertain=interval)
    assert layer.shapes["dotted"].to_list() == [0.75 * v < 2 for v in values]
    assert layer.legends[0].keys[-1].pattern == "dots"


def test_more_than_seven_classes_are_refused(lattice, values):
    with pytest.raises(gi.OptionError, match="at most 7"):
        gi.draw.choropleth(lattice, values, count=8)


def test_a_count_drawn_as_a_choropleth_is_a_concern(lattice, values):
    assert "count" in gi.draw.choropleth(lattice, (values * 1000).rename("people")).concerns[0]
    assert not gi.draw.choropleth(lattice, values / 7).concerns


def test_all_kinds_of_cluster_are_listed_though_some_are_empty(lattice):
    labels = pd.Series("not significant", index=lattice.index)
    labels.iloc[:3] = "LL"
    keys = gi.draw.cluster_map(lattice, labels).legends[0].keys
    assert [(key.fill, key.count) for key in keys] == [
        (palette.CLUSTERS["HH"], 0),
        (palette.CLUSTERS["LL"], 3),
        (palette.CLUSTERS["HL"], 0),
        (palette.CLUSTERS["LH"], 0),
        (palette.CLUSTERS["not significant"], 33),
    ]


def test_a_table_of_a_local_statistic_puts_its_numbers_in_the_tooltip(lattice, values):
    local = gi.measure.local_moran(values, gi.weigh.contiguity(lattice), permutations=999)
    layer = gi.draw.cluster_map(lattice, local)
    assert {"Cluster", "statistic", "p", "q"} <= set(layer.tips.columns)


def test_an_unknown_label_is_refused(lattice):
    labels = pd.Series("warm", index=lattice.index)
    with pytest.raises(gi.ColumnError, match="'warm'"):
        gi.draw.cluster_map(lattice, labels)


def test_values_come_from_a_column_and_never_from_an_array(central_asia):
    regions = central_asia.regions
    assert (
        gi.draw.choropleth(regions, "primacy").legends
        == gi.draw.choropleth(regions, regions["primacy"]).legends
    )
    for array in (regions["primacy"].to_numpy(), list(regions["primacy"])):
        with pytest.raises(gi.ColumnError, match="must be a Series indexed by region id"):
            gi.draw.choropleth(regions, array)


def test_uncertain_values_come_from_a_column_or_an_interval(central_asia):
    regions = central_asia.regions
    flagged = regions.assign(vague=[True, *[False] * 47])
    assert gi.draw.choropleth(flagged, "primacy", uncertain="vague").shapes["dotted"].sum() == 1
    interval = pd.DataFrame({"low": regions["primacy"] * 0.5, "high": regions["primacy"] * 1.5})
    assert gi.draw.choropleth(regions, "primacy", uncertain=interval).shapes["dotted"].all()
    with pytest.raises(gi.ColumnError, match="no column 'high'"):
        gi.draw.choropleth(regions, "primacy", uncertain=interval[["low"]])
    with pytest.raises(gi.ColumnError, match="uncertain must be a Series indexed by region id"):
        gi.draw.choropleth(regions, "primacy", uncertain=flagged["vague"].to_numpy())


def test_clusters_come_from_a_column_and_never_from_an_array(central_asia):
    regions = central_asia.regions.assign(group="not significant")
    assert gi.draw.cluster_map(regions, "group").legends[0].keys[4].count == 48
    with pytest.raises(gi.ColumnError, match="clusters must be a Series indexed by region id"):
        gi.draw.cluster_map(regions, regions["group"].to_numpy())


@pytest.mark.parametrize("name", ["Rank", "region", "country"])
def test_a_column_named_as_the_page_names_its_own_survives(name, lattice):
    values = pd.Series(range(len(lattice)), index=lattice.index, name=name, dtype=float)
    layer = gi.draw.choropleth(lattice, values)
    assert layer.table[f"{name} (values)"].tolist() == values.tolist()
    assert {"country", f"{name} (values)", "Rank"} <= set(layer.tips.columns)
    assert layer.tips["country"].tolist() == lattice["country"].tolist()


def test_a_midpoint_works_with_the_usual_classes(lattice):
    # All on one side, and four classes of five on one: more than three shades on a side.
    for low, high in ((1.0, 36.0), (-36.0, -1.0), (-5.0, 200.0)):
        values = pd.Series(np.linspace(low, high, 36), lattice.index, name="change")
        layer = gi.draw.choropleth(lattice, values, midpoint=0)
        keys = layer.legends[0].keys
        assert len({key.fill for key in keys}) == len(keys) >= 5


def test_a_palette_fills_classes_and_their_muted_twins(lattice, values):
    layer = gi.draw.choropleth(lattice, values, palette="viridis")
    fills = [key.fill for key in layer.legends[0].keys]
    assert fills == list(reversed(palette.SEQUENTIALS["viridis"]))
    around = gi.draw.choropleth(lattice, values - 18, midpoint=0, palette="red-blue").legends[0].keys
    assert {key.fill for key in around} <= set(palette.DIVERGINGS["red-blue"])
    with pytest.raises(gi.OptionError, match="palette"):
        gi.draw.choropleth(lattice, values, palette="red-blue")
    pair = gi.draw.over_time(lattice, pd.DataFrame({"a": values, "b": values + 1}), palette="greens")
    assert pair[0].legends[0].keys[0].fill == palette.SEQUENTIALS["greens"][-1]


def test_one_value_is_one_class(lattice):
    seven = pd.Series(7.0, lattice.index, name="v")
    for values in (seven, seven.where(seven.index == "03")):
        layer = gi.draw.choropleth(lattice, values)
        first = layer.legends[0].keys[0]
        assert (first.label, first.count) == ("7", values.notna().sum())
        assert (layer.shapes["code"] == values.isna()).all()
    one = gi.draw.choropleth(lattice.iloc[:1], seven.iloc[:1], midpoint=0)
    assert [key.label for key in one.legends[0].keys] == ["7"]
    sheet = gi.draw.sheet(one, title="t", source="s")
    assert len(sheet.scene.fills[0]) == 1


def strength(layer, row):
    """The place of a colour on its side of the ramp: 0 beside the middle, 2 at the end."""
    place = palette.DIVERGING.index(layer.legends[0].keys[row].fill)
    return abs(place - len(palette.DIVERGING) // 2) - 1


@pytest.mark.parametrize(
    ("limits", "midpoint", "strengths"),
    [
        # High to low, as in the legend. As far from the midpoint is as strong on both sides.
        ([-71, -35, -13, 0, 36, 92], 0, [2, 1, 0, 1, 2]),
        ([-90, -75, -60, 0, 780, 1860], 0, [2, 1, 0, 1, 2]),
        ([0.4, 0.6, 0.8, 1, 1.2, 1.4, 1.87], 1, [2, 1, 0, 0, 1, 2]),
        ([-20, -1, 20], 0, [2, 0, 2]),
        ([10, 20, 30], 0, [2, 1]),
        ([-3, -2, -1, 1, 2], (-1, 1), [1, -1, 1, 2]),
    ],
)
def test_what_is_farther_from_the_midpoint_is_stronger_on_either_side(lattice, limits, midpoint, strengths):
    values = pd.Series(np.linspace(limits[0], limits[-1], 36), lattice.index)
    layer = gi.draw.choropleth(lattice, values, scheme=limits, midpoint=midpoint)
    assert [strength(layer, row) for row in range(len(strengths))] == strengths


def test_a_region_that_is_a_country_is_named_once(lattice):
    values = pd.Series(np.arange(36.0), lattice.index, name="v")
    countries = lattice.assign(country=lattice["name"])
    assert "country" not in gi.draw.choropleth(countries, values).tips
    assert "country" in gi.draw.choropleth(lattice, values).tips
    shown = gi.draw.sheet(gi.draw.choropleth(countries, values), title="T", source="S")
    assert shown.alt.startswith("Map of 36 regions: T.")


def test_names_have_no_blanks_around_them_and_are_ids_where_there_is_none(lattice, values):
    names = [" Martinique ", "  ", None, *lattice["name"][3:]]
    layer = gi.draw.choropleth(lattice.assign(name=names), values)
    assert layer.tips[""].to_list()[:3] == ["Martinique", *lattice.index[1:3]]
