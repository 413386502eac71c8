"""Categories and roles: the right class, the right legend, colours that do not shift."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

import geoinno as gi
from geoinno.draw import palette


def test_types_keep_their_colours_when_some_are_absent(central_asia):
    regions = central_asia.regions
    pole = regions["city_population"] > 1_000_000
    layer = gi.draw.roles(regions, pole.map({True: "pole", False: "corridor"}))
    keys = layer.legends[0].keys
    assert [key.label for key in keys] == list(palette.SPACES)
    assert [key.fill for key in keys] == list(palette.SPACES.values())
    assert (keys[0].count, keys[2].count) == (pole.sum(), (~pole).sum())
    assert (layer.shapes.loc[pole, "code"] == 0).all()


def test_uncertain_types_are_dotted(central_asia):
    regions = central_asia.regions
    types = pd.DataFrame({"type": "periphery", "agreement": np.linspace(0, 1, 48)}, index=regions.index)
    layer = gi.draw.roles(regions, types)
    assert layer.shapes["dotted"].sum() == (types["agreement"] < 0.8).sum()
    assert layer.legends[0].keys[-1].label == "uncertain"
    with pytest.raises(gi.errors.ColumnError, match="other labels"):
        gi.draw.roles(regions, types.assign(type="capital"))


def test_areas_that_meet_differ_where_kinds_are_many(austria):
    regions = austria.regions
    near = gi.weigh.contiguity(regions)
    layer = gi.draw.categories(regions, regions["name"] + regions.index)
    codes = layer.shapes["code"]
    links = near.adjacency.reset_index()
    links = links[links["weight"] > 0]
    assert (codes[links["focal"]].to_numpy() != codes[links["neighbor"]].to_numpy()).all()
    assert len(layer.legends[0].keys) <= len(palette.CATEGORIES)


def test_own_colours_must_cover_every_kind(austria):
    regions = austria.regions
    with pytest.raises(gi.errors.ColumnError, match="'CHE'"):
        gi.draw.categories(regions, regions["country"], colours={"AUT": "#ff0000"})


def test_many_areas_are_named_and_the_note_says_that_they_share_colours(austria):
    regions = austria.regions
    legend = gi.draw.categories(regions, regions["name"] + regions.index).legends[0]
    assert all(" more" in key.label for key in legend.keys)
    assert "There are more areas (92) than colours" in legend.note
    assert not gi.draw.categories(regions, regions["country"]).legends[0].note


def test_a_region_without_a_label_is_not_counted_as_uncertain(central_asia):
    regions = central_asia.regions
    labels = pd.Series("a", index=regions.index).where(regions.index != "KAZ-3195")
    layer = gi.draw.categories(regions, labels, uncertain=pd.Series(data=True, index=regions.index))
    assert layer.legends[0].keys[-1].count == layer.shapes["dotted"].sum() == 47


def test_kinds_under_arrows_are_light(austria):
    regions = austria.regions
    fill = gi.draw.categories(regions, regions["country"])
    sheet = gi.draw.sheet(fill, gi.draw.flow_lines(austria.flows, regions), source="tests")
    for plain, light in zip(fill.legends[0].keys, sheet.layers[0].legends[0].keys, strict=True):
        assert light.fill == palette.lightened(plain.fill)
        assert light.label == plain.label


def test_labels_come_from_a_column_and_never_from_an_array(central_asia):
    regions = central_asia.regions
    layer = gi.draw.categories(regions, "country")
    assert layer.legends == gi.draw.categories(regions, regions["country"]).legends
    for array in (regions["country"].to_numpy(), list(regions["country"])):
        with pytest.raises(gi.ColumnError, match="labels must be a Series indexed by region id"):
            gi.draw.categories(regions, array)
    with pytest.raises(gi.ColumnError, match="no column 'nation'"):
        gi.draw.categories(regions, "nation")


def test_types_come_from_a_column_and_never_from_an_array(central_asia):
    regions = central_asia.regions
    typed = regions.assign(role=["pole", *["periphery"] * 47])
    assert gi.draw.roles(typed, "role").legends[0].keys[0].count == 1
    with pytest.raises(gi.ColumnError, match="types must be a Series indexed by region id"):
        gi.draw.roles(typed, typed["role"].to_numpy())


def test_uncertain_is_a_column_of_booleans_and_never_text(central_asia):
    regions = central_asia.regions
    flagged = regions.assign(vague=[True, *[False] * 47], text="False")
    assert gi.draw.categories(flagged, "country", uncertain="vague").shapes["dotted"].sum() == 1
    with pytest.raises(gi.ColumnError, match="must be True or False"):
        gi.draw.categories(flagged, "country", uncertain="text")
    with pytest.raises(gi.ColumnError, match="uncertain must be a Series indexed by region id"):
        gi.draw.categories(flagged, "country", uncertain=flagged["vague"].to_numpy())
