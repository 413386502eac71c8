"""Cluster maps: two levels of significance, each named, and what they refuse."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

import geoinno as gi
from geoinno.draw import palette


@pytest.fixture
def local(lattice):
    """A table of local statistics with known p and q: two strong, three pale, the rest neither."""
    count = len(lattice)
    p = np.linspace(0.2, 1, count)
    p[:5] = (0.001, 0.002, 0.03, 0.04, 0.05)
    q = np.full(count, 0.6)
    q[:2] = 0.02
    quadrant = np.array(["HH", "LL", "HL", "LH"] * (count // 4))
    return pd.DataFrame({"statistic": 1.0, "quadrant": quadrant, "p": p, "q": q}, index=lattice.index)


def counts(layer):
    return {key.label: key.count for key in layer.legends[0].keys if key.count}


def test_regions_significant_by_themselves_alone_are_paler_and_named(lattice, local):
    layer = gi.draw.cluster_map(lattice, local)
    pale = "p\u00a0\u2264\u00a00.05 alone"
    assert counts(layer) == {
        "high among high": 1,
        "low among low": 1,
        f"high among low, {pale}": 1,
        f"low among high, {pale}": 1,
        f"high among high, {pale}": 1,
        "not significant": 31,
    }
    key = layer.legends[0].keys[layer.shapes["code"].iloc[2]]
    assert key.fill == palette.CLUSTERS_PALE["HL"]
    assert "about 2 of 36 regions would reach by chance" in layer.legends[0].note
    assert layer.tips["Cluster"].iloc[4] == f"high among high, {pale}"
    assert layer.shapes["code"].value_counts().reindex(range(9)).fillna(0).to_list() == [
        k.count for k in layer.legends[0].keys
    ]


def test_the_paler_level_can_be_left_out(lattice, local):
    layer = gi.draw.cluster_map(lattice, local, max_p=0)
    assert counts(layer) == {"high among high": 1, "low among low": 1, "not significant": 34}
    assert not layer.legends[0].note
    with pytest.raises(gi.OptionError, match="max_p"):
        gi.draw.cluster_map(lattice, local, max_p=2)


def test_labels_alone_have_one_level(lattice, local):
    layer = gi.draw.cluster_map(lattice, gi.classify.clusters(local))
    assert [key.label for key in layer.legends[0].keys][-1] == "not significant"
    assert len(layer.legends[0].keys) == 5


def test_a_region_without_neighbours_is_in_neither_level(lattice, local):
    local.iloc[2:4, local.columns.get_indexer(["p", "q", "statistic"])] = np.nan
    layer = gi.draw.cluster_map(lattice, local)
    assert counts(layer)["no neighbour"] == 2
    assert "of 34 regions" in layer.legends[0].note


def test_likeness_and_hot_spots_have_two_levels_too(lattice, local):
    alike = local.drop(columns="quadrant").assign(likeness=["alike", "unlike"] * 18)
    assert counts(gi.draw.cluster_map(lattice, alike))["unlike"] == 1
    hot = gi.draw.cluster_map(lattice, local.drop(columns="quadrant"))
    assert [key.label for key in hot.legends[0].keys][:2] == ["hot spot", "cold spot"]
    assert sum(key.count for key in hot.legends[0].keys) == 36
