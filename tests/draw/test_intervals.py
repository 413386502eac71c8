"""Dots with whiskers: what is drawn is what was measured."""

from __future__ import annotations

import itertools

import numpy as np
import pandas as pd
import pytest
from matplotlib.backends.backend_agg import FigureCanvasAgg

import geoinno as gi
from geoinno.draw._layers.words import number


@pytest.fixture(scope="module")
def table(lattice):
    return pd.DataFrame(np.random.default_rng(0).gamma(2, size=(36, 3)), lattice.index, list("abc"))


@pytest.fixture(scope="module")
def ranks(table):
    return gi.measure.rank_intervals(table, draws=50, options=gi.measure.RankOptions(sobol=0))


def rows(axes):
    return [label.get_text() for label in axes.get_yticklabels()]


def test_whiskers_are_the_intervals_of_the_best(ranks, lattice):
    axes = gi.draw.rank_dots(ranks, regions=lattice, count=5, title="T").axes[0]
    best = ranks.table.sort_values(["rank", "baseline"]).head(5)
    assert rows(axes) == lattice["name"][best.index].tolist()
    whiskers, dots, marks = axes.collections
    np.testing.assert_allclose([line[:, 0] for line in whiskers.get_segments()], best[["low", "high"]])
    np.testing.assert_allclose(dots.get_offsets()[:, 0], best["rank"])
    np.testing.assert_allclose(marks.get_offsets()[:, 0], best["baseline"])
    assert axes.get_title(loc="left") == "T"
    bottom, top = axes.get_ylim()
    assert bottom > top


def test_chosen_regions_are_drawn_in_the_order_of_ranks(ranks):
    chosen = ["33", "00", "21"]
    axes = gi.draw.rank_dots(ranks, chosen=chosen).axes[0]
    assert rows(axes) == list(ranks.table.loc[chosen].sort_values(["rank", "baseline"]).index)
    with pytest.raises(gi.errors.ColumnError, match="'zz'"):
        gi.draw.rank_dots(ranks, chosen=["zz"])


def test_dots_are_drawn_beside_a_map(ranks, lattice):
    from matplotlib.figure import Figure

    left, right = Figure(figsize=(8, 4)).subplots(1, 2)
    layer = gi.draw.choropleth(lattice, ranks.table["rank"], legend="Rank")
    gi.draw.sheet(layer, title="Ranks", source="Own").figure(ax=left)
    figure = gi.draw.rank_dots(ranks, count=3, ax=right)
    assert figure is right.figure
    assert rows(right)


def test_goals_stand_beside_what_is_attainable(table):
    goals = gi.measure.attainable(table[["a", "b"]] * [1, 3], table[["a", "b"]], table[["c"]])
    axes = gi.draw.goal_dots(goals, outcome="b", count=4).axes[0]
    part = goals.table.xs("b", level="outcome").nlargest(4, "gap")
    assert rows(axes) == list(part.index)
    np.testing.assert_allclose(axes.collections[2].get_offsets()[:, 0], part["goal"])
    np.testing.assert_allclose(axes.collections[1].get_offsets()[:, 0], part["attainable"])
    with pytest.raises(gi.errors.OptionError, match="'a', 'b'"):
        gi.draw.goal_dots(goals)


@pytest.mark.parametrize("unit", [1, 20_000, 3e6])
def test_numbers_below_the_dots_stand_apart_and_read_as_on_maps(table, unit):
    large = (30 + table) * unit
    goals = gi.measure.attainable(large[["a"]] * 1.1, large[["a"]], table[["c"]])
    figure = gi.draw.goal_dots(goals)
    renderer = FigureCanvasAgg(figure).get_renderer()
    figure.draw(renderer)
    axes = figure.axes[0]
    seen = [label for label in axes.get_xticklabels() if label.get_text()]
    boxes = [label.get_window_extent(renderer) for label in seen]
    assert len(seen) > 2
    assert all(left.x1 < right.x0 for left, right in itertools.pairwise(boxes))
    assert [label.get_text() for label in seen] == [number(label.get_position()[0]) for label in seen]
