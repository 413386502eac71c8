"""Chains as matrices, and who rose or fell as a map."""

from __future__ import annotations

import dataclasses

import numpy as np
import pandas as pd
import pytest

import geoinno as gi


@pytest.fixture(scope="module")
def panel(lattice):
    """Return three years in which some regions overtake others."""
    rank = np.arange(36.0)
    years = {2000: rank, 2001: np.roll(rank, 1), 2002: np.roll(rank, 15)}
    table = pd.DataFrame(years, index=lattice.index).rename_axis("region").reset_index()
    return table.melt("region", var_name="year").set_index(["region", "year"])["value"]


def test_cells_hold_probabilities_and_counts(panel):
    chain = gi.measure.markov(panel, classes=3)
    matrix, bars = gi.draw.transition_matrix(chain, title="Classes").axes
    written = {
        (int(t.get_position()[1]) + 1, int(t.get_position()[0]) + 1): t.get_text().split("\n")
        for t in matrix.texts
    }
    for (row, column), (share, count) in written.items():
        assert share == f"{chain.probabilities.loc[row, column]:.2f}"
        assert count == str(chain.counts.loc[row, column])
    assert len(written) == 9
    assert [b.get_height() for b in bars.patches] == pytest.approx(chain.steady.to_list())


def test_counts_of_thousands_are_written_as_on_maps(panel):
    chain = gi.measure.markov(panel, classes=3)
    many = dataclasses.replace(chain, counts=1000 * chain.counts)
    written = {text.get_text() for text in gi.draw.transition_matrix(many).axes[0].texts}
    first = chain.counts.iloc[0, 0]
    assert f"{chain.probabilities.iloc[0, 0]:.2f}\n{first}\u202f000" in written


def test_a_matrix_for_each_class_of_neighbours_and_none_for_empty_ones(panel, lattice):
    chain = gi.measure.spatial_markov(panel, gi.weigh.contiguity(lattice), classes=2)
    axes = [ax for ax in gi.draw.transition_matrix(chain).axes if ax.get_title()]
    assert [ax.get_title() for ax in axes] == ["neighbours in class 1", "neighbours in class 2"]
    assert sum(len(ax.texts) for ax in axes) == int(chain.probabilities.notna().to_numpy().sum())


def test_no_bars_without_a_steady_state():
    table = pd.DataFrame({y: [1.0, 2.0, 3.0, 4.0] for y in (2000, 2010)}, list("abcd"))
    tidy = table.rename_axis("region").reset_index().melt("region", var_name="year")
    chain = gi.measure.markov(tidy, classes=2)
    assert chain.steady.isna().all()
    assert len(gi.draw.transition_matrix(chain).axes) == 1


def test_a_matrix_shows_itself_in_a_notebook(panel):
    assert gi.draw.transition_matrix(gi.measure.markov(panel, classes=3))._repr_png_().startswith(b"\x89PNG")


def test_the_map_counts_who_rose_and_who_fell(panel, lattice):
    chain = gi.measure.markov(panel, classes=3)
    layer = gi.draw.mobility_map(lattice, chain)
    change = chain.classes[2002] - chain.classes[2000]
    counts = [key.count for key in layer.legends[0].keys]
    assert counts == [int((np.clip(change, -2, 2) == step).sum()) for step in (2, 1, 0, -1, -2)]
    assert counts[0] > 0
    assert layer.table["class in 2002"].to_list() == chain.classes.loc[lattice.index, 2002].to_list()


def test_other_results_are_refused(lattice, panel):
    with pytest.raises(gi.errors.ColumnError, match="markov"):
        gi.draw.transition_matrix(pd.DataFrame())
    with pytest.raises(gi.errors.ColumnError, match="markov"):
        gi.draw.mobility_map(lattice, "chain")
    with pytest.raises(gi.errors.AlignmentError, match="classes and the regions"):
        gi.draw.mobility_map(lattice.iloc[:9], gi.measure.markov(panel))
