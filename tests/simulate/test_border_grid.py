"""A border that opens by degrees: each degree is an opening, and the notes say who wins."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

import geoinno as gi


@pytest.fixture(scope="module")
def trade():
    table = np.random.default_rng(3).lognormal(0, 1, (6, 6)) + 40 * np.eye(6)
    ids = [f"r{i}" for i in range(6)]
    return pd.DataFrame(table, index=ids, columns=ids)


@pytest.fixture(scope="module")
def change(trade):
    table = trade * 0
    table.loc["r0", "r1"] = table.loc["r1", "r0"] = 1.2
    return table


@pytest.mark.parametrize("deficits", ["additive", "multiplicative"])
def test_each_degree_is_an_opening(trade, change, deficits):
    grid = gi.simulate.opening_grid(trade, change, steps=5, deficits=deficits)
    assert grid.shares.to_list() == [0, 0.25, 0.5, 0.75, 1]
    for label, share in grid.shares.items():
        alone = gi.simulate.opening(trade, share * change, deficits=deficits)
        part = grid.table.loc[label]
        assert part["welfare"].to_numpy() == pytest.approx(alone.table["welfare"].to_numpy(), abs=1e-10)
        assert part["exports"].to_numpy() == pytest.approx(alone.table["full"].to_numpy(), abs=1e-10)
        assert part["income"].to_numpy() == pytest.approx(alone.change["wages"].to_numpy(), abs=1e-10)


def test_notes_name_winners_and_outsiders(trade, change):
    names = pd.Series({f"r{i}": f"Region {i}" for i in range(6)})
    grid = gi.simulate.opening_grid(trade, change, names=names)
    assert grid.notes["0% open"] == "The border is as it was: nothing changes."
    assert grid.notes["100% open"].startswith("Winners: Region ")
    lose = int((grid.table.loc["100% open", "welfare"].iloc[2:] < 0).sum())
    assert f"Outsiders: {lose} of 4 lose" in grid.notes["100% open"]
    assert grid.table.loc["0% open", "role"].to_list() == ["at the border"] * 2 + ["outsider"] * 4
    assert (grid.table.loc["0% open", ["welfare", "income", "exports"]] == 0).all(axis=None)
    assert "At 100% open" in str(grid)


def test_unsound_grids_are_refused(trade, change):
    with pytest.raises(gi.OptionError, match="steps must be a whole number of at least 2"):
        gi.simulate.opening_grid(trade, change, steps=1)
    with pytest.raises(gi.AlignmentError, match="names and the trade"):
        gi.simulate.opening_grid(trade, change, names=pd.Series({"r0": "x"}))


def test_losers_are_no_winners_and_regions_may_share_a_name():
    ids = ["a", "b", "c"]
    trade = pd.DataFrame(np.eye(3) * 90 + 10, index=ids, columns=ids)
    change = pd.DataFrame([[0, 1, 0], [1, 0, 0], [0, 0, 0]], index=ids, columns=ids)
    note = gi.simulate.opening_grid(trade, change, steps=2).notes.iloc[-1]
    assert note.startswith(
        "Winners: a (+3.53%) and b (+3.53%); 1 of 3 regions loses. Outsider: c (\u22120.269%)."
    )
    alike = pd.Series({"a": "Twin", "b": "Twin", "c": "Other"})
    assert "(Twin)" in gi.simulate.opening_grid(trade, change, steps=2, names=alike).notes.iloc[-1]
    assert (
        "No region wins; 3 of 3 regions lose" in gi.simulate.opening_grid(trade, -trade / 50).notes.iloc[-1]
    )
